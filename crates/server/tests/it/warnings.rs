//! Chasing and the list of what presses, through API and pages (S5.3, S8.2).

use crate::hall::Hall;
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn s5_3_the_enterprise_chases_its_agent_and_the_record_shows_it() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/chase", hall.case);
    let body = json!({ "matter": "QY-01", "text": "等着开业" }).to_string();
    let key = [("Idempotency-Key", "k1")];
    let first = hall.api("enterprise", "POST", &path, &key, &body).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.json()["to"], json!(["agent"]));
    let same = hall.api("enterprise", "POST", &path, &key, &body).await;
    assert_eq!((same.status, same.json()), (first.status, first.json()), "the same request again");
    let again = hall.api("enterprise", "POST", &path, &[], &body).await;
    assert_eq!(again.status, 422, "{}", again.text());
    let error = &again.json()["errors"][0];
    assert_eq!(error["code"], "chase_again");
    assert!(error["detail"].as_str().unwrap().contains("11-24 10:00"), "{error}");
    let unread = hall.api("enterprise", "POST", &path, &[], r#"{"matter":"QY-01","x":1}"#).await;
    assert_eq!(unread.status, 400);
    let gone = hall.api("agent", "GET", &format!("/cases/{}/warnings", hall.case), &[], "").await.json();
    assert_eq!(gone["items"][0]["cause"], "chased");
    assert_eq!(gone["items"][0]["text"], "等着开业");
    assert_eq!(gone["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn s5_3_the_form_keeps_what_was_typed_and_says_what_is_in_the_way() {
    let hall = Hall::open().await;
    let path = format!("/my/{}/chase", hall.case);
    let page = hall.visit("enterprise", &path).await;
    assert!(page.status == 200 && page.text().contains("name=\"matter\""), "{}", page.text());
    assert!(hall.visit("enterprise", &format!("/my/{}", hall.case)).await.text().contains(&path));
    let sent = hall.post("enterprise", "POST", &path, "matter=QY-02&text=hello").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let again = hall.post("enterprise", "POST", &path, "matter=QY-02&text=hello").await;
    assert_eq!(again.status, 422);
    assert!(again.text().contains(">hello</textarea>") && again.text().contains("已经催过"), "{}", again.text());
    let long = format!("matter=QY-01&text={}", "a".repeat(201));
    assert_eq!(hall.post("enterprise", "POST", &path, &long).await.status, 422);
    // The case has not started: for staff nobody holds anything yet, and the page says so.
    let desk = hall.visit("head", &format!("/cases/{}/chase", hall.case)).await;
    assert!(desk.status == 200 && desk.text().contains("现在没有要催的事项"), "{}", desk.text());
}

#[tokio::test]
async fn s8_2_what_presses_is_listed_for_those_who_may_see_it() {
    let hall = Hall::open().await;
    let id = crate::absence::ready_to_submit(&hall).await;
    hall.command(&id, "agent", r#"{"type":"submit_matter","matter":"QY-02"}"#).await;
    let empty = hall.visit("archivist", "/warnings").await;
    assert!(empty.status == 200 && empty.text().contains("现在没有超期"), "{}", empty.text());
    hall.later_days(30);
    hall.app.refresh_projections().await.unwrap();
    // Thirty days later it is a Thursday at ten: the hall is open.
    let given = hall.app.give_warnings().await.unwrap();
    assert!(given > 0);
    let list = hall.visit("supervisor", "/warnings?kind=red").await;
    assert!(list.status == 200 && list.text().contains("超期 1"), "{}", list.text());
    let text = hall.visit("head", "/warnings?person=office").await.text();
    assert!(text.contains(&format!("/cases/{id}/chase?matter=QY-02")), "{text}");
    assert!(hall.visit("supervisor", "/warnings?person=agent2").await.text().contains("没有符合条件的事项"));
    let findings = hall.visit("supervisor", "/findings").await.text();
    assert!(findings.contains("超期") && findings.contains("已用工作日"), "{findings}");
    let english = hall.visit("supervisor", "/warnings?q=nothing%20like%20it&skip=x").await;
    assert_eq!(english.status, 200);
    hall.app.clock().advance(TimeDelta::minutes(1));
    hall.app.run_jobs().await.unwrap();
    let chase = hall.visit("head", &format!("/cases/{id}/chase?matter=QY-02")).await.text();
    assert!(chase.contains("超期提醒"), "{chase}");
    let told = hall.api("head", "GET", &format!("/cases/{id}/warnings"), &[], "").await.json();
    assert!(!told["items"].as_array().unwrap().is_empty());
}
