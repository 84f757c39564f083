//! Versions, conflicts, requests that come twice.

use crate::hand::{Hand, application, begin};
use app::{Answer, AppError, Once, Outcome};
use domain::case::{Code, Command};
use serde_json::json;
use std::sync::Arc;
use testkit::{TestApp, TestDb};

fn once(key: &str, body_hash: &str) -> Once {
    Once {
        key: key.to_owned(),
        who: "head".to_owned(),
        body_hash: body_hash.to_owned(),
        answer: Arc::new(|outcome| {
            let body = match outcome {
                Outcome::Performed(performed) => format!("version {}", performed.version),
                Outcome::Created(created) => created.number.clone(),
                other => format!("{other:?}"),
            };
            Answer { status: 200, headers: vec![("etag".to_owned(), "1".to_owned())], body: body.into_bytes() }
        }),
    }
}

#[testkit::db_test]
async fn the_answer_of_a_command_is_kept_with_it(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    assert!(app.first_answer("head", "k1", "h1").await.unwrap().is_none());
    let command: Command = serde_json::from_value(json!({ "type": "assign_lead_office", "office": "B01" })).unwrap();
    let head = app.user("head");
    app.perform(&head, &hand.id, command.clone(), None, Some(once("k1", "h1"))).await.unwrap();

    let kept = app.first_answer("head", "k1", "h1").await.unwrap().unwrap();
    assert_eq!((kept.status, kept.body.as_slice()), (200, b"version 2".as_slice()));
    assert_eq!(kept.headers, [("etag".to_owned(), "1".to_owned())]);
    assert!(matches!(app.first_answer("head", "k1", "other").await, Err(AppError::KeyReused)));
    assert!(app.first_answer("agent", "k1", "h1").await.unwrap().is_none());

    // The same naming again changes nothing, and says so.
    let again = app.perform(&head, &hand.id, command, None, Some(once("k2", "h1"))).await.unwrap();
    assert_eq!((again.version, again.events.len()), (2, 0));
}

#[testkit::db_test]
async fn a_refused_command_keeps_no_answer(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    let command: Command = serde_json::from_value(json!({ "type": "accept" })).unwrap();
    // No lead office yet, so the business office's head is not the head of the lead office.
    let refused = app.perform(&app.user("head"), &hand.id, command, None, Some(once("k1", "h1"))).await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    assert!(app.first_answer("head", "k1", "h1").await.unwrap().is_none());
    assert_eq!(hand.case().await.version, 1);
}

#[testkit::db_test]
async fn versions_are_demanded_where_something_is_signed(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    let withdraw = || json!({ "type": "withdraw" });
    assert!(matches!(hand.try_with("clerk", withdraw(), None).await, Err(AppError::VersionNeeded)));
    let stale = hand.try_with("clerk", withdraw(), Some(7)).await;
    assert!(matches!(stale, Err(AppError::Stale { current: 1 })), "{stale:?}");
    // Others may name one, and then it counts.
    let lead = || json!({ "type": "assign_lead_office", "office": "B01" });
    assert!(matches!(hand.try_with("head", lead(), Some(2)).await, Err(AppError::Stale { current: 1 })));
    assert_eq!(hand.try_with("head", lead(), None).await.unwrap().version, 2);
    let withdrawn = hand.try_with("clerk", withdraw(), Some(2)).await.unwrap();
    let seqs: Vec<u64> = withdrawn.events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (3..=withdrawn.version).collect::<Vec<u64>>(), "the version is the number of the last event");
    app.run_jobs().await;
}

#[testkit::db_test]
async fn of_two_who_claim_at_once_one_wins_and_the_other_hears_of_a_conflict(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16", "YY-07"]).await;
    hand.start().await;
    let claim = |matter: &str| json!({ "type": "claim_matter", "matter": matter });
    let (one, other) = tokio::join!(claim_by(&hand, claim("YY-16")), claim_by(&hand, claim("YY-16")));
    let won = [&one, &other].into_iter().filter(|result| result.is_ok()).count();
    assert_eq!(won, 1, "{one:?} {other:?}");
    let lost = [one, other].into_iter().find_map(Result::err).unwrap();
    // Who reads the case after the other was saved is simply too late; who reads it before learns of the conflict.
    match lost {
        AppError::Conflict(Some(refusal)) | AppError::Refused(refusal) => {
            assert_eq!(refusal.code, Code::AlreadyClaimed)
        }
        other => panic!("{other:?}"),
    }
    app.run_jobs().await;
}

async fn claim_by(hand: &Hand<'_>, command: serde_json::Value) -> Result<app::Performed, AppError> {
    hand.try_with("office-d12", command, None).await
}

#[testkit::db_test]
async fn two_matters_can_be_claimed_at_once(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16", "YY-07"]).await;
    hand.start().await;
    let (one, other) = tokio::join!(
        hand.try_with("office-d12", json!({ "type": "claim_matter", "matter": "YY-16" }), None),
        hand.try_with("office-d10", json!({ "type": "claim_matter", "matter": "YY-07" }), None),
    );
    let mut versions = [one.unwrap().version, other.unwrap().version];
    versions.sort_unstable();
    assert_eq!(versions[1], versions[0] + 1);
    app.run_jobs().await;
}

#[testkit::db_test]
async fn a_case_is_made_once_for_one_key(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let clerk = app.user("clerk");
    let created = app.create_case(&clerk, application(&["YY-16"]), Some(once("k", "h"))).await.unwrap();
    assert_eq!(created.number, "2026-0001");
    let kept = app.first_answer("head", "k", "h").await.unwrap().unwrap();
    assert_eq!(kept.body, b"2026-0001");
}
