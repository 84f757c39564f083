//! The other ways a case can go, through the use cases: dates that pass, another agent, pauses, leaving.

use crate::hand::{Hand, begin};
use chrono::TimeDelta;
use domain::case::{DocumentKind, MaterialStatus, Status};
use domain::catalogue::Mode;
use domain::custody::Place;
use serde_json::json;
use testkit::{TestApp, TestDb};

async fn preparing(app: &TestApp) -> Hand<'_> {
    let hand = begin(app, &["YY-16"]).await;
    hand.take_on().await;
    hand
}

#[testkit::db_test]
async fn s6_2_the_day_after_the_notices_date_agency_turns_into_assistance_by_itself(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = preparing(&app).await;
    let case = hand.case().await;
    let checks: Vec<_> = case
        .materials
        .iter()
        .filter(|material| case.material_status(material) == MaterialStatus::Unchecked)
        .map(|material| json!({ "material": material.spec.id, "result": "missing" }))
        .collect();
    hand.give("agent", json!({ "type": "check_materials", "checks": checks })).await;
    hand.give("agent", json!({ "type": "issue_notice", "matters": ["YY-16"] })).await;
    assert_eq!(app.lapse_notices().await.unwrap(), 0, "the date has not passed");
    app.clock().advance(TimeDelta::days(30));
    app.refresh_projections().await.unwrap();
    assert_eq!(app.lapse_notices().await.unwrap(), 1);
    let case = hand.case().await;
    assert_eq!((case.mode, case.status), (Mode::Assistance, Status::Preparing));
    assert_eq!(app.lapse_notices().await.unwrap(), 0, "once");
    app.run_jobs().await;
    assert!(app.check().await.unwrap().findings.is_empty());
}

#[testkit::db_test]
async fn s5_3_another_agent_takes_over_against_signature_and_each_decision_has_its_paper(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.start().await;
    hand.give("head", json!({ "type": "assign_agent", "person": "agent2", "reason": "岗位调整" })).await;
    for (who, side) in [("agent", "giver"), ("agent2", "taker")] {
        let mut command = hand.signature(who, DocumentKind::TakeoverList, side).await;
        command["type"] = "sign_takeover".into();
        hand.give(who, command).await;
    }
    let case = hand.case().await;
    assert!(case.items.iter().all(|item| item.place == Place::Person("agent2".into())), "{:?}", case.items);
    hand.give("agent2", json!({ "type": "suspend", "reason_code": "client_request", "reason": "等资金" })).await;
    hand.give("agent2", json!({ "type": "resume" })).await;
    let reason = json!({ "type": "terminate", "reason_code": "project_abandoned", "reason": "停建" });
    hand.give("head", reason).await;
    let mut back = hand.signature("agent2", DocumentKind::ReturnList, "client").await;
    back["type"] = "return_materials".into();
    back["items"] = json!(hand.case().await.outstanding_items());
    hand.give("agent2", back).await;
    let case = hand.case().await;
    assert!(case.ended.is_some());
    let kinds = [
        DocumentKind::AgentChange,
        DocumentKind::TakeoverList,
        DocumentKind::Suspension,
        DocumentKind::Resumption,
        DocumentKind::Termination,
        DocumentKind::ReturnList,
    ];
    for kind in kinds {
        let paper = case.newest(kind).unwrap_or_else(|| panic!("no {}", kind.name()));
        let pdf = app.document_pdf(&app.user("agent2"), &case.id, &paper.id).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"), "{}", kind.name());
    }
    hand.give("archivist", json!({ "type": "archive" })).await;
    app.run_jobs().await;
    assert!(app.check().await.unwrap().findings.is_empty());
}
