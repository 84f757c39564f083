//! S2.2: the service is free; a statutory fee can be noted only from the curated list.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::Hall;
use app::OpenCase;
use domain::ids::CaseId;
use serde_json::{Value, json};

/// A case of the registration of land and buildings, being prepared by `agent`.
async fn registration(hall: &Hall) -> CaseId {
    let mut body = new_case();
    body["matters"] = json!(["YS-08", "QY-03"]);
    let made = hall.api("clerk", "POST", "/cases", &[], &body.to_string()).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    for command in [
        r#"{"type":"assign_lead_office","office":"B01"}"#,
        r#"{"type":"accept"}"#,
        r#"{"type":"assign_agent","person":"agent"}"#,
    ] {
        hall.command(&id, "head", command).await;
    }
    id
}

#[tokio::test]
async fn s2_2_a_listed_fee_is_noted_with_its_law_and_payee() {
    let hall = Hall::open().await;
    let listed = hall.api("agent", "GET", "/fees", &[], "").await.json();
    let fees = listed["items"].as_array().unwrap();
    let fee = fees.iter().find(|fee| fee["matter"] == "YS-08").unwrap();
    assert!(fee["standard"].as_str().unwrap().contains("550元") && fee["verified"] == false, "{fee}");
    assert!(fees.iter().all(|fee| fee["legal_basis"] != "" && fee["payee"] != ""), "{listed}");

    let id = registration(&hall).await;
    let path = format!("/cases/{id}/commands");
    let note = |matter: &str, name: &str, amount: i64, receipt: &str| {
        json!({ "type": "note_fee", "matter": matter, "fee": name, "amount_fen": amount, "receipt": receipt })
            .to_string()
    };
    let done = hall.api("agent", "POST", &path, &[], &note("YS-08", "不动产登记费", 55_000, "0042")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let event = &done.json()["events"][0]["event"];
    assert_eq!(event["type"], "fee_noted");
    for field in ["legal_basis", "payee"] {
        assert_eq!(event[field], fee[field]);
    }
    let events = hall.app.events(&hall.user("head"), &id, 0).await.unwrap();
    let statement = OpenCase::fees(&events);
    assert_eq!(statement.len(), 1);
    assert_eq!((statement[0].amount_fen, statement[0].receipt.as_str()), (55_000, "0042"));
    assert_eq!((statement[0].name.as_str(), statement[0].by.as_str()), ("不动产登记费", "agent"));

    for (matter, name) in [("YS-08", "代办服务费"), ("QY-03", "不动产登记费")] {
        let refused = hall.api("agent", "POST", &path, &[], &note(matter, name, 100, "1")).await;
        let problem = refused.json();
        assert_eq!((refused.status.as_u16(), problem["code"].as_str()), (422, Some("fee_not_listed")));
        assert_eq!(problem["clause"], "S2.2");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(name) && detail.contains("请对照收费清单"), "{detail}");
    }
    let without_receipt = hall.api("agent", "POST", &path, &[], &note("YS-08", "不动产登记费", 1, " ")).await;
    assert_eq!(without_receipt.status, 422);
}

#[tokio::test]
async fn s2_2_everybody_can_read_what_the_law_charges_and_that_the_service_is_free() {
    let hall = Hall::open().await;
    let guide = hall.visit("", "/matters/YD-12").await.text();
    for part in ["不动产登记费", "交给旗不动产登记中心", "发改价格规〔2016〕2559号", "待核对", "href=\"/fees\""]
    {
        assert!(guide.contains(part), "{part}: {guide}");
    }
    assert!(hall.visit("", "/matters/QY-01").await.text().contains("<dd>不收费</dd>"));
    let list = hall.visit("", "/fees").await.text();
    assert!(list.contains("代办帮办不收一分钱") && list.contains("href=\"/matters/SL-01\""), "{list}");
    assert!(hall.visit("", "/about").await.text().contains("从头到尾不收费"));
}

/// A list is taken whole or not at all, and a new one holds at once.
#[tokio::test]
async fn s2_2_the_list_is_imported_whole_or_refused() {
    let hall = Hall::open().await;
    let before = hall.app.reference().catalogue.fees().len();
    let fee = |matter: &str, basis: &str, payee: &str| json!({ "matter": matter, "name": "登记费", "legal_basis": basis, "payee": payee, "verified": true });
    let good = fee("YS-08", "《某法》", "某局");
    for (bad, says) in [
        (fee("XX-01", "《某法》", "某局"), "XX-01"),
        (fee("QY-01", " ", "某局"), "法律依据"),
        (fee("QY-01", "《某法》", ""), "收费单位"),
        (good.clone(), "不止一次"),
        (json!({ "matter": "QY-01", "name": "费", "legal_basis": "法", "payee": "局", "price": 1 }), "price"),
        (json!({ "matter": "QY-01", "name": "费", "payee": "局" }), "legal_basis"),
    ] {
        let refused = hall.app.import(&json!({ "fees": [good, bad] }).to_string()).await.unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
        assert_eq!(hall.app.reference().catalogue.fees().len(), before);
    }
    assert_eq!(hall.app.import(&json!({ "meta": {}, "fees": [good] }).to_string()).await.unwrap(), "fees");
    let listed = hall.api("agent", "GET", "/fees", &[], "").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["name"], Value::from("登记费"));
    assert!(!hall.visit("", "/fees").await.text().contains("待核对"));
}
