//! What a case knows of time, over the API and on the desk: goal, green channel, outside ledger, usual order, late entries,
//! caps, trips (S5.3, S6.4, S8.2, S9.1).
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::{Answer, Hall, PNG};
use crate::schema::faults;
use domain::ids::CaseId;
use serde_json::{Value, json};

async fn send(hall: &Hall, id: &CaseId, who: &str, body: Value) -> Answer {
    hall.api(who, "POST", &format!("/cases/{id}/commands"), &[], &body.to_string()).await
}

async fn done(hall: &Hall, id: &CaseId, who: &str, body: Value) -> Value {
    let what = body.to_string();
    let answer = send(hall, id, who, body).await;
    assert_eq!(answer.status, 200, "{who} {what}: {}", answer.text());
    answer.json()
}

async fn refused(hall: &Hall, id: &CaseId, who: &str, body: Value) -> (String, String, String) {
    let answer = send(hall, id, who, body).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let problem = answer.json();
    let field = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (field("code"), field("clause"), field("detail"))
}

/// The case as the API shows it, held against its description.
async fn shown(hall: &Hall, id: &CaseId) -> Value {
    let case = hall.api("agent", "GET", &format!("/cases/{id}"), &[], "").await.json();
    let document = hall.api("", "GET", "/openapi.json", &[], "").await.json();
    let schema =
        &document["paths"]["/api/v1/cases/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(faults(&document, schema, &case), Vec::<String>::new());
    case
}

fn matter<'a>(case: &'a Value, code: &str) -> &'a Value {
    case["matters"].as_array().unwrap().iter().find(|matter| matter["code"] == code).unwrap()
}

/// A running case: a record of the project, the enterprise's own declaration outside, a food licence.
async fn running(hall: &Hall) -> CaseId {
    running_by(hall, "clerk").await
}

/// The same, by whoever applies.
async fn running_by(hall: &Hall, who: &str) -> CaseId {
    let mut body = new_case();
    body["matters"] = json!(["LX-02", "HP-03", "YY-02"]);
    body["mode"] = json!("agency");
    let made = hall.api(who, "POST", "/cases", &[], &body.to_string()).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    for command in [
        r#"{"type":"assign_lead_office","office":"B01"}"#,
        r#"{"type":"accept"}"#,
        r#"{"type":"assign_agent","person":"agent"}"#,
    ] {
        hall.command(&id, "head", command).await;
    }
    hall.sign_and_start(&id).await;
    hall.command(&id, "office", r#"{"type":"claim_matter","matter":"YY-02"}"#).await;
    id
}

#[tokio::test]
async fn s5_3_the_outside_ledger_the_order_and_the_goal_go_over_the_api() {
    let hall = Hall::open().await;
    let id = running_by(&hall, "enterprise").await;
    done(&hall, &id, "head", json!({ "type": "set_goal", "milestone": "MS-KG", "date": "2027-05-01" })).await;
    let (code, _, detail) =
        refused(&hall, &id, "head", json!({ "type": "set_goal", "milestone": "MS-JG", "date": "2027-05-01" })).await;
    assert!(code == "milestone_not_in_case" && detail.contains("竣工验收完成"), "{detail}");
    let green = json!({ "type": "open_green_channel", "reason": "重点项目", "person": "agent" });
    done(&hall, &id, "head", green).await;
    let approver = async |who: &str| {
        let path = format!("/cases/{id}");
        hall.api(who, "GET", &path, &[], "").await.json()["green"]["approver"].clone()
    };
    assert_eq!((approver("agent").await, approver("enterprise").await), (json!("head"), Value::Null));
    let (code, clause, _) =
        refused(&hall, &id, "agent", json!({ "type": "set_goal", "milestone": "MS-XX", "date": "2027-05-01" })).await;
    assert_eq!((code.as_str(), clause.as_str()), ("unknown_milestone", "S5.3"));
    let lift = |before: &str| json!({ "type": "lift_order", "matter": "HP-03", "before": before, "opinion": "已预审" });
    assert_eq!(refused(&hall, &id, "head", lift("YY-02")).await.0, "not_in_order");
    assert_eq!(send(&hall, &id, "agent", lift("LX-02")).await.status, 403);
    let told = done(&hall, &id, "head", lift("LX-02")).await;
    assert_eq!(told["events"][0]["event"]["type"], "order_lifted");

    let check = |state: &str, more: Value| {
        let mut body = json!({ "type": "check_outside", "matter": "HP-03", "state": state });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(refused(&hall, &id, "agent", check("filed", json!({}))).await.0, "not_submitted");
    done(&hall, &id, "agent", json!({ "type": "submit_matter", "matter": "HP-03" })).await;
    hall.later_days(6);
    let looked = json!({ "checked_at": "2026-11-25T02:00:00Z" });
    let (code, clause, detail) = refused(&hall, &id, "agent", check("filed", looked.clone())).await;
    assert_eq!((code.as_str(), clause.as_str()), ("late_reason_needed", "S8.2"));
    assert!(detail.contains("补录原因"), "{detail}");
    let receipt = hall.upload("agent", &[], "回执.png", PNG).await.json()["id"].clone();
    let more = json!({ "checked_at": "2026-11-25T02:00:00Z", "late_reason": "下乡", "number": "备2026-7", "receipt": receipt });
    let told = done(&hall, &id, "agent", check("accepted", more)).await;
    let event = &told["events"][0]["event"];
    assert_eq!((event["late"].as_bool(), event["happened_at"].as_str()), (Some(true), Some("2026-11-25T02:00:00Z")));

    let case = shown(&hall, &id).await;
    assert_eq!(case["goal"]["date"], "2027-05-01");
    let outside = matter(&case, "HP-03");
    assert_eq!(outside["lifted"][0]["before"], "LX-02");
    let record = &outside["outside_record"];
    assert_eq!((record["state"].as_str(), record["late"].as_bool()), (Some("accepted"), Some(true)));
    assert_eq!((record["number"].as_str(), record["receipt"].as_str()), (Some("备2026-7"), receipt.as_str()));
    assert!(matter(&case, "HP-03")["time"]["outside"].as_u64() >= Some(1), "{outside}");
    assert_eq!(matter(&case, "HP-03")["time"]["office"], 0);

    // The enterprise sees the same, and nobody of the offices by name; its agent it knows.
    let own = hall.api("enterprise", "GET", &format!("/cases/{id}"), &[], "").await.json();
    assert_eq!((own["times"]["people"].as_array().map(Vec::len), own["agent"].as_str()), (Some(0), Some("agent")));
    let (mine, food) = (matter(&own, "HP-03"), matter(&own, "YY-02"));
    for (theirs, told) in [
        (&own["goal"]["by"], &case["goal"]["by"]),
        (&mine["outside_record"]["checked_by"], &outside["outside_record"]["checked_by"]),
        (&mine["lifted"][0]["by"], &outside["lifted"][0]["by"]),
        (&food["claimed_by"], &matter(&case, "YY-02")["claimed_by"]),
    ] {
        assert!(theirs.is_null() && told.is_string(), "{theirs} {told}");
    }

    let page = hall.visit("agent", &format!("/cases/{id}")).await.text();
    for words in ["外部：已受理，编号 备2026-7", "补录", "省下", "2027年5月1日", "预审“"] {
        assert!(page.contains(words), "no {words}: {page}");
    }
    let english = hall
        .api(
            "agent",
            "POST",
            &format!("/cases/{id}/commands"),
            &[("Accept-Language", "en")],
            &check("filed", looked).to_string(),
        )
        .await;
    assert!(english.json()["detail"].as_str().unwrap().contains("Say why it is late"), "{}", english.text());
}

#[tokio::test]
async fn s6_4_a_green_case_has_measures_and_shorter_limits_and_s8_2_a_cap_is_named() {
    let hall = Hall::open().await;
    let id = running(&hall).await;
    let open = json!({ "type": "open_green_channel", "reason": "重点项目", "person": "clerk", "measures": ["accompanied", "after_hours"] });
    done(&hall, &id, "head", open).await;
    done(&hall, &id, "agent", json!({ "type": "submit_matter", "matter": "YY-02" })).await;
    let page = hall.visit("agent", &format!("/cases/{id}")).await.text();
    for words in ["绿色通道 2 个工作日，原承诺 3 个工作日", "法定最迟"] {
        assert!(page.contains(words), "no {words}: {page}");
    }
    let stop = |until: &str, more: Value| {
        let mut body = json!({ "type": "stop_clock", "matter": "YY-02", "kind": "special", "name": "现场核查整改",
            "reason": "核查", "until": until });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let (code, clause, detail) = refused(&hall, &id, "office", stop("2026-12-31", json!({}))).await;
    assert_eq!((code.as_str(), clause.as_str()), ("beyond_cap", "S8.2"));
    assert!(detail.contains("10 个工作日") && detail.contains("2026-12-08"), "{detail}");
    done(&hall, &id, "office", stop("2026-12-31", json!({ "beyond_cap": "整改工程量大" }))).await;
    let case = shown(&hall, &id).await;
    assert_eq!(case["green"]["measures"], json!(["after_hours", "accompanied"]));
    let food = matter(&case, "YY-02");
    assert_eq!((food["limit"]["days"].as_u64(), food["clock_limit"]["days"].as_u64()), (Some(3), Some(2)));
    assert_eq!(food["statutory_limit"]["days"], 10);
    assert!(food["statutory_due_on"].is_string(), "{food}");
    // The application at the window and the papers came on one day; one matter was submitted in the client's stead.
    assert_eq!(case["trips"], json!({ "made": 1, "by_staff": 1, "saved": 1 }));
    let page = hall.visit("agent", &format!("/cases/{id}")).await.text();
    for words in ["措施：延时服务、专人陪办", "超过规定时间的理由：整改工程量大", "省下 1 次"]
    {
        assert!(page.contains(words), "no {words}: {page}");
    }
}

#[tokio::test]
async fn s5_3_the_forms_of_the_desk_say_what_is_wrong_at_the_field_and_keep_what_was_typed() {
    let hall = Hall::open().await;
    let id = running(&hall).await;
    hall.command(&id, "agent", r#"{"type":"submit_matter","matter":"HP-03"}"#).await;
    let form = |kind: &str| format!("/cases/{id}/do/{kind}");
    for (who, kind, fields) in [
        ("agent", "set_goal", &["milestone", "date"][..]),
        ("agent", "check_outside", &["matter", "state", "number", "receipt", "checked_at", "late_reason"]),
        ("head", "open_green_channel", &["reason", "person", "measures"]),
        ("office", "stop_clock", &[]),
        ("agent", "record_escort", &["at", "late_reason"]),
        ("agent", "finish_matter", &["at", "late_reason"]),
    ] {
        let page = hall.visit(who, &form(kind)).await;
        assert_eq!(page.status, 200, "{kind}");
        for field in fields {
            assert!(page.text().contains(&format!("name=\"{field}\"")), "{kind} has no {field}: {}", page.text());
        }
    }
    let wrong = hall
        .post("agent", "POST", &form("check_outside"), "matter=HP-03&state=filed&number=N7&checked_at=gestern")
        .await;
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    assert!(text.contains("id=\"checked_at-w\"") && text.contains("value=\"N7\""), "{text}");
    let good = hall.post("agent", "POST", &form("check_outside"), "matter=HP-03&state=filed&number=N7").await;
    assert_eq!(good.status, 303, "{}", good.text());
    let wrong = hall.post("agent", "POST", &form("set_goal"), "milestone=MS-KG&date=2020-01-01").await;
    assert!(wrong.status == 422 && wrong.text().contains("value=\"2020-01-01\""), "{}", wrong.text());
    let good = hall.post("agent", "POST", &form("set_goal"), "milestone=MS-KG&date=2027-05-01").await;
    assert_eq!(good.status, 303, "{}", good.text());
}
