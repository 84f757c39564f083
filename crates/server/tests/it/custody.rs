//! Custody on pages and in the API: moves with both hands, what may come later, parcels, late documents (S2.1, S3.2, S6.3).
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::{Hall, PNG};
use domain::custody::Place;
use domain::ids::CaseId;
use serde_json::{Value, json};

/// A form is shown with these words, and what is sent through it is taken.
async fn sent(hall: &Hall, who: &str, id: &CaseId, kind: &str, words: &[&str], fields: &str) {
    let path = format!("/cases/{id}/do/{kind}");
    let shown = hall.visit(who, &path).await;
    assert_eq!(shown.status, 200, "{kind}: {}", shown.text());
    for word in words {
        assert!(shown.text().contains(word), "{kind} without {word}: {}", shown.text());
    }
    let answer = hall.post(who, "POST", &path, fields).await;
    assert_eq!(answer.status, 303, "{kind}: {}", answer.text());
    let case = hall.visit(who, &format!("/cases/{id}")).await;
    assert_eq!(case.status, 200, "{}", case.text());
}

async fn file(hall: &Hall, who: &str) -> String {
    hall.upload(who, &[], "扫描.png", PNG).await.json()["id"].as_str().unwrap().to_owned()
}

/// A case of one shop that runs in the hands of `agent`.
pub async fn running(hall: &Hall, delivery: &str) -> CaseId {
    let mut body = new_case();
    body["matters"] = json!(["QY-03"]);
    body["delivery"] = json!(delivery);
    let made = hall.api("clerk", "POST", "/cases", &[], &body.to_string()).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    for command in [
        r#"{"type":"assign_lead_office","office":"B01"}"#,
        r#"{"type":"accept"}"#,
        r#"{"type":"assign_agent","person":"agent"}"#,
    ] {
        hall.command(&id, "head", command).await;
    }
    hall.sign_and_start(&id).await;
    id
}

/// Everything of such a case is decided and sent by courier.
async fn posted(hall: &Hall) -> CaseId {
    let id = running(hall, "courier").await;
    hall.command(&id, "office", r#"{"type":"claim_matter","matter":"QY-03"}"#).await;
    hall.command(&id, "agent", r#"{"type":"submit_matter","matter":"QY-03"}"#).await;
    let results = json!([{ "name": "营业执照", "form": "original" }]);
    let finish = json!({ "type": "finish_matter", "matter": "QY-03", "outcome": "granted", "results": results });
    hall.command(&id, "office", &finish.to_string()).await;
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    let send = json!({ "type": "send_result", "results": case.undelivered_results(), "items": case.outstanding_items(),
        "carrier": "邮政速递", "number": "EMS1", "address": "天山镇" });
    hall.command(&id, "agent", &send.to_string()).await;
    id
}

#[tokio::test]
async fn s3_2_the_taker_confirms_a_piece_on_the_page() {
    let hall = Hall::open().await;
    let id = running(&hall, "in_person").await;
    hall.command(&id, "agent", r#"{"type":"move_material","item":"I1","to":{"office":"D15"}}"#).await;
    let refused = hall.post("agent", "POST", &format!("/cases/{id}/do/take_material"), "items=I1").await;
    assert_eq!(refused.status, 422, "the giver cannot say so");
    assert!(refused.text().contains("name=\"slip\""), "{}", refused.text());
    let words = ["name=\"items\" value=\"I1\" checked", "由您负责保管"];
    sent(&hall, "office", &id, "take_material", &words, "items=I1").await;
    let window = r#"{"type":"move_material","item":"I1","to":{"window":"市场监管3号窗口"}}"#;
    hall.command(&id, "agent", window).await;
    let slip = format!("items=I1&slip.id={}", file(&hall, "agent").await);
    sent(&hall, "agent", &id, "take_material", &["市场监管3号窗口", "接收单"], &slip).await;
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    let last = case.custody.last().unwrap();
    assert!(last.taken.as_ref().unwrap().slip.is_some() && matches!(last.to, Place::Window(_)));
}

#[tokio::test]
async fn s6_2_a_material_that_may_come_later_is_chosen_on_the_page() {
    let hall = Hall::open().await;
    let id = hall.case.clone();
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    let (matter, material) = case.deferrable().next().unwrap();
    let (matter, material) = (matter.scope.code.clone(), material.spec.id.clone());
    let today = domain::calendar::today(hall.app.now());
    let late = format!("deferred={matter}|{material}&due={}", today + chrono::Days::new(400));
    let refused = hall.post("agent", "POST", &format!("/cases/{id}/do/defer_material"), &late).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let option = format!("value=\"{matter}|{material}\"");
    let due = format!("deferred={matter}|{material}&due={today}");
    sent(&hall, "agent", &id, "defer_material", &[&option, "type=\"date\" name=\"due\" value=\"\" max=\""], &due).await;
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    assert!(case.deferrals[0].consequence.contains("不发放办理结果"));
}

#[tokio::test]
async fn s8_1_a_paper_is_asked_for_once() {
    let hall = Hall::open().await;
    let id = running(&hall, "in_person").await;
    sent(
        &hall,
        "agent",
        &id,
        "issue_paper",
        &["value=\"power-of-attorney\"", "授权委托书"],
        "paper=task-slip&matter=QY-03",
    )
    .await;
    let again =
        hall.post("agent", "POST", &format!("/cases/{id}/do/issue_paper"), "paper=task-slip&matter=QY-03").await;
    assert_eq!(again.status, 422);
    let unknown = hall.post("agent", "POST", &format!("/cases/{id}/do/issue_paper"), "paper=gift").await;
    assert_eq!(unknown.status, 422);
}

#[tokio::test]
async fn s2_1_a_piece_is_listed_with_its_label_and_condition() {
    let hall = Hall::open().await;
    let id = hall.case.clone();
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    let m = case.materials[0].spec.id.clone();
    let piece = |label: &str| {
        format!(
            "take.{m}=1&form.{m}=original&pages.{m}=2&copies.{m}=1&label.{m}={label}&condition.{m}=边角破损&back.{m}=1"
        )
    };
    let label = format!("name=\"label.{m}\"");
    sent(&hall, "agent", &id, "receive_materials", &[&label, "状况"], &piece("股东甲")).await;
    sent(&hall, "agent", &id, "receive_materials", &[&label, "再收一份"], &piece("股东乙")).await;
    let case = hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case;
    let labels: Vec<_> = case.items.iter().map(|item| item.label.as_deref().unwrap()).collect();
    assert_eq!(labels, ["股东甲", "股东乙"]);
    assert_eq!(case.items[0].condition.as_deref(), Some("边角破损"));
}

#[tokio::test]
async fn s6_3_a_parcel_is_followed_and_a_late_document_is_added() {
    let hall = Hall::open().await;
    let id = posted(&hall).await;
    let words = ["邮政速递 EMS1", "value=\"lost\""];
    sent(&hall, "agent", &id, "record_parcel", &words, "parcel_state=not_delivered&note=无人").await;
    let lost = hall.post("agent", "POST", &format!("/cases/{id}/do/record_parcel"), "parcel_state=lost").await;
    assert_eq!(lost.status, 422, "a lost parcel needs a word");
    let confirm = json!({ "type": "confirm_receipt", "signed_by": "王", "at": hall.app.now() });
    hall.command(&id, "agent", &confirm.to_string()).await;
    hall.command(&id, "archivist", r#"{"type":"archive"}"#).await;
    let without =
        hall.post("archivist", "POST", &format!("/cases/{id}/do/add_late_document"), "title=回执&reason=晚到").await;
    assert_eq!(without.status, 422, "without its file");
    let fields = format!("title=回执&reason=晚到&file.id={}", file(&hall, "archivist").await);
    sent(&hall, "archivist", &id, "add_late_document", &["续卷"], &fields).await;
    let events: Value = hall.api("archivist", "GET", &format!("/cases/{id}/events"), &[], "").await.json();
    assert!(events.to_string().contains("late_document"), "{events}");
}

#[tokio::test]
async fn s2_1_one_list_says_who_holds_what_and_the_piece_says_through_whose_hands_it_went() {
    let hall = Hall::open().await;
    let empty = hall.visit("agent", "/custody").await.text();
    assert!(empty.contains("没有在外的材料"), "{empty}");
    let id = running(&hall, "in_person").await;
    hall.command(&id, "agent", r#"{"type":"move_material","item":"I1","to":{"office":"D15"}}"#).await;
    let list = hall.visit("office", "/custody?untaken=1").await.text();
    assert!(list.contains(&format!("/cases/{id}/items/I1")) && list.contains("接收人还没确认"), "{list}");
    assert!(!list.contains(&format!("/cases/{id}/items/I2")), "{list}");
    let piece = format!("/cases/{id}/items/I1");
    let shown = hall.visit("office", &piece).await.text();
    assert!(shown.contains("我已收到") && shown.contains("双方已签清单"), "{shown}");
    assert!(!hall.visit("agent", &piece).await.text().contains("我已收到"), "the giver cannot say so");
    assert_eq!(hall.visit("agent", &format!("/cases/{id}/items/I99")).await.status, 404);
    let version = hall.app.open_case(&hall.user("office"), &id).await.unwrap().case.version;
    let (take, fields) = (format!("/cases/{id}/do/take_material"), format!("version={version}&items=I1"));
    assert_eq!(hall.post("office", "POST", &take, &fields).await.status, 303);
    assert!(hall.visit("office", &piece).await.text().contains("确认收到"));

    let json = hall.api("agent", "GET", "/custody?place=office", &[], "").await.json();
    assert_eq!((json["total"].as_u64(), json["items"][0]["key"].as_str()), (Some(1), Some("D15")), "{json}");
    assert_eq!((json["untaken"].as_u64(), json["overdue"].as_u64()), (Some(0), Some(0)));
    let found = |q: &str| format!("/custody?q={q}");
    let total = async |path: String| hall.api("agent", "GET", &path, &[], "").await.json()["total"].as_u64();
    let everything = total("/custody".to_owned()).await;
    assert_eq!(total(found("%E4%BA%91%E6%A2%AF")).await, everything, "by the enterprise");
    assert_eq!(total(found("%E6%B2%A1%E6%9C%89")).await, Some(0));
    assert_eq!(hall.api("agent", "GET", "/custody?place=moon", &[], "").await.status, 400);
    assert_eq!(hall.api("agent2", "GET", "/custody", &[], "").await.json()["total"], 0, "not of his cases");
    let book = hall.visit("agent", "/custody.xlsx").await;
    assert!(book.status == 200 && book.body.starts_with(b"PK"));
    hall.later_days(60);
    let late = hall.api("agent", "GET", "/custody?overdue=true", &[], "").await.json();
    assert!(late["total"].as_u64() > Some(0) && late["items"][0]["overdue"] == true, "{late}");
    assert_eq!(hall.app.check().await.unwrap().findings, []);
}
