//! Two people press at the same moment: one is heard, the other is told, and nothing is half written.

use crate::hand::{Hand, application, begin};
use app::{AppError, NewConsultation, Performed};
use domain::case::{Command, DocumentKind};
use domain::ids::ConsultationId;
use serde_json::{Value, json};
use testkit::{TestApp, TestDb};

const ROUNDS: usize = 4;

/// Somebody, and what they press.
type Press<'a> = (&'a str, Value);

/// Both at once, on threads of their own; `version` is what both have seen.
async fn at_once(hand: &Hand<'_>, presses: [Press<'_>; 2], version: Option<u64>) -> Vec<Result<Performed, AppError>> {
    let tasks = presses.map(|(who, command)| {
        let (app, user, id) = ((**hand.app).clone(), hand.app.user(who), hand.id.clone());
        let command: Command = serde_json::from_value(command).unwrap();
        tokio::spawn(async move { app.perform(&user, &id, command, version, None).await })
    });
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// Exactly one was heard; the other was told by a rule, a conflict or a version, and left no trace.
async fn one_is_heard(hand: &Hand<'_>, presses: [Press<'_>; 2], with_version: bool) -> AppError {
    let before = hand.case().await;
    let what = format!("{presses:?}");
    let results = at_once(hand, presses, with_version.then_some(before.version)).await;
    let (heard, told): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(heard.len(), 1, "{what}: {told:?}");
    let heard = heard.into_iter().next().unwrap().unwrap();
    let told = told.into_iter().next().unwrap().unwrap_err();
    let is_told = matches!(told, AppError::Refused(_) | AppError::Conflict(_) | AppError::Stale { .. });
    assert!(is_told, "{what}: {told:?}");
    let written = hand.app.events(&hand.app.user("director"), &hand.id, before.version).await.unwrap();
    assert_eq!(written, heard.events, "{what}: the events of the one who was heard, and no others");
    assert_eq!(hand.case().await.version, heard.version, "{what}");
    told
}

async fn nothing_is_half_written(app: &TestApp) {
    app.run_jobs().await;
    let report = app.check().await.unwrap();
    assert_eq!(report.findings, []);
}

#[testkit::db_test]
async fn two_heads_name_an_agent(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    for round in 0..ROUNDS {
        let hand = begin(&app, &["YY-16"]).await;
        hand.give("head", json!({ "type": "assign_lead_office", "office": "B01" })).await;
        hand.give("head", json!({ "type": "accept" })).await;
        let name = |person: &str| ("head", json!({ "type": "assign_agent", "person": person }));
        one_is_heard(&hand, [name("agent"), name("agent2")], round % 2 == 0).await;
    }
    nothing_is_half_written(&app).await;
}

#[testkit::db_test]
async fn s3_2_two_sign_for_the_same_side(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.take_on().await;
    hand.receive_all().await;
    for (command, kind) in [("sign_handover", DocumentKind::HandoverList), ("sign_agreement", DocumentKind::Agreement)]
    {
        for side in ["client", "agent"] {
            let mut signatures = Vec::new();
            for _ in 0..2 {
                let mut signature = hand.signature("agent", kind, side).await;
                signature["type"] = command.into();
                signatures.push(("agent", signature));
            }
            let [one, other] = <[Press<'_>; 2]>::try_from(signatures).unwrap();
            let told = one_is_heard(&hand, [one, other], true).await;
            assert!(matches!(told, AppError::Stale { .. }), "{told:?}");
            let case = hand.case().await;
            let document = case.newest(kind).unwrap();
            let signed =
                document.signatures.iter().map(|signature| signature.side).collect::<std::collections::BTreeSet<_>>();
            assert_eq!(signed.len(), document.signatures.len(), "each side signs once");
        }
    }
    nothing_is_half_written(&app).await;
}

#[testkit::db_test]
async fn a_matter_is_submitted_while_it_is_taken_out(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    for round in 0..ROUNDS {
        let hand = begin(&app, &["YY-16", "YY-07"]).await;
        hand.start().await;
        hand.give("office-d12", json!({ "type": "claim_matter", "matter": "YY-16" })).await;
        let submit = json!({ "type": "submit_matter", "matter": "YY-16" });
        let take_out = json!({ "type": "change_matters", "remove": ["YY-16"], "reason": "企业不办了" });
        one_is_heard(&hand, [("agent", submit), ("agent", take_out)], round % 2 == 0).await;
    }
    nothing_is_half_written(&app).await;
}

#[testkit::db_test]
async fn one_office_claims_what_it_declines_at_the_other_desk(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    for _ in 0..ROUNDS {
        let hand = begin(&app, &["YY-16"]).await;
        hand.start().await;
        let claim = json!({ "type": "claim_matter", "matter": "YY-16" });
        let decline = json!({ "type": "decline_matter", "matter": "YY-16", "reason": "不归我们管" });
        one_is_heard(&hand, [("office-d12", claim), ("office-d12", decline)], true).await;
    }
    nothing_is_half_written(&app).await;
}

#[testkit::db_test]
async fn s2_1_one_withdraws_and_the_other_terminates(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.take_on().await;
    let terminate = json!({ "type": "terminate", "reason_code": "project_abandoned", "reason": "不办了" });
    one_is_heard(&hand, [("clerk", json!({ "type": "withdraw" })), ("head", terminate)], true).await;
    nothing_is_half_written(&app).await;
}

/// The letters and forms of a new consultation.
async fn asked(app: &TestApp) -> ConsultationId {
    let new: NewConsultation = serde_json::from_value(json!({
        "applicant": { "name": "张三", "phone": "13800000000" }, "channel": "phone", "question": "怎么开店？", "answer": "先核名。",
    }))
    .unwrap();
    app.register_consultation(&app.user("clerk"), new, None).await.unwrap()
}

#[testkit::db_test]
async fn s6_1_of_two_applications_from_one_consultation_one_is_made(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    for _ in 0..ROUNDS {
        let consultation = asked(&app).await;
        let tasks = [0, 1].map(|n| {
            let (app, user) = ((*app).clone(), app.user("clerk"));
            let mut new = application(&["YY-16"]);
            new.consultation = Some(consultation.clone());
            let applicant = new.applicant.as_mut().unwrap();
            applicant.uscc = None;
            applicant.name = format!("㛃河牧业第{n}分号（筹）");
            applicant.founder = Some(app::Founder {
                name: "阿拉坦·其其格".to_owned(),
                id_number: "11010519491231002X".to_owned(),
            });
            tokio::spawn(async move { app.create_case(&user, new, None).await })
        });
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.unwrap());
        }
        let (made, told): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1, "{told:?}");
        match &told[0] {
            Err(AppError::Invalid(errors)) => assert_eq!(errors[0].code, "consultation_used"),
            other => panic!("{other:?}"),
        }
        let view = app.consultation(&app.user("clerk"), &consultation).await.unwrap();
        assert_eq!(view.consultation.turned_into, Some(made.into_iter().next().unwrap().unwrap().id));
    }
    nothing_is_half_written(&app).await;
}

#[testkit::db_test]
async fn one_upload_for_two_cases_belongs_to_one_of_them(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    for _ in 0..ROUNDS {
        let hands = [begin(&app, &["YY-16"]).await, begin(&app, &["YY-16"]).await];
        let file = hands[0].picture("agent").await;
        let mut tasks = Vec::new();
        for hand in &hands {
            hand.take_on().await;
            let material = hand.case().await.materials[0].spec.id.clone();
            let item = json!({ "material": material, "form": "original", "pages": 1, "copies": 1, "return": true, "file": file });
            let command: Command =
                serde_json::from_value(json!({ "type": "receive_materials", "items": [item] })).unwrap();
            let (app, user, id) = ((*app).clone(), app.user("agent"), hand.id.clone());
            tasks.push(async move { app.perform(&user, &id, command, None, None).await });
        }
        let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
        let mut heard = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => heard += 1,
                Err(AppError::Refused(_) | AppError::Conflict(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(heard, 1);
    }
    nothing_is_half_written(&app).await;
}
