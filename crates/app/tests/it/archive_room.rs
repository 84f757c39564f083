//! The archive room: the register of sealed files, lending, disposal, inspection sheets.

use crate::hand::{Hand, begin};
use app::{AppError, ArchiveQuery, FileState, OpenFilesQuery};
use domain::archive::{ArchiveCommand, Sampling, Verdict};
use domain::ids::CaseId;
use serde_json::json;
use testkit::{TestApp, TestDb};

/// A case that was withdrawn before it began, so that it has ended; sealed if asked for.
async fn ended<'a>(app: &'a TestApp, is_sealed: bool) -> Hand<'a> {
    let hand = begin(app, &["YY-16"]).await;
    hand.give("clerk", json!({ "type": "withdraw" })).await;
    if is_sealed {
        hand.give("archivist", json!({ "type": "archive" })).await;
    }
    hand
}

async fn found(app: &TestApp, who: &str, state: Option<FileState>) -> Vec<CaseId> {
    let query = ArchiveQuery { state, ..ArchiveQuery::default() };
    let page = app.sealed_files(&app.user(who), &query, None, 50).await.unwrap();
    page.items.into_iter().map(|view| view.file.case).collect()
}

#[testkit::db_test]
async fn s6_5_an_ended_case_waits_for_sealing_and_then_stands_in_the_register(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (open, sealed) = (ended(&app, false).await, ended(&app, true).await);
    let archivist = app.user("archivist");
    let waiting = app.open_files(&archivist, &OpenFilesQuery::default()).await.unwrap();
    let ids: Vec<&CaseId> = waiting.rows.iter().map(|row| &row.head.id).collect();
    assert_eq!((ids, waiting.complete), (vec![&open.id], 1));
    let lacking = OpenFilesQuery { complete: Some(false), ..OpenFilesQuery::default() };
    assert_eq!(app.open_files(&archivist, &lacking).await.unwrap().rows, []);
    for who in ["archivist", "supervisor", "head"] {
        assert_eq!(found(&app, who, None).await, std::slice::from_ref(&sealed.id), "{who}");
    }
    for who in ["agent", "enterprise"] {
        let query = ArchiveQuery::default();
        let refused = app.sealed_files(&app.user(who), &query, None, 50).await;
        assert!(matches!(refused, Err(AppError::Forbidden)), "{who}");
    }
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s6_5_a_file_is_put_on_its_shelf_lent_and_given_back(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = ended(&app, true).await;
    let (archivist, agent) = (app.user("archivist"), app.user("agent"));
    let command = |value| serde_json::from_value::<ArchiveCommand>(value).unwrap();
    let place = json!({ "type": "shelve", "place": { "shelf": "3", "box": "12", "folder": "7" } });
    assert_eq!(found(&app, "archivist", Some(FileState::Unshelved)).await, std::slice::from_ref(&hand.id));
    let other = app.keep_file(&agent, &hand.id, command(place.clone())).await;
    assert!(matches!(other, Err(AppError::NotFound)), "{other:?}");
    app.keep_file(&archivist, &hand.id, command(place)).await.unwrap();
    assert_eq!(found(&app, "archivist", Some(FileState::Unshelved)).await, []);
    let until = domain::calendar::today(app.now());
    let lend = json!({ "type": "lend", "to": "agent", "purpose": "复核", "until": until });
    app.keep_file(&archivist, &hand.id, command(lend.clone())).await.unwrap();
    let twice = app.keep_file(&archivist, &hand.id, command(lend)).await;
    assert!(matches!(&twice, Err(AppError::Invalid(errors)) if errors[0].code == "archive_lent"), "{twice:?}");
    assert_eq!(found(&app, "archivist", Some(FileState::Lent)).await, std::slice::from_ref(&hand.id));
    assert_eq!(found(&app, "archivist", Some(FileState::Overdue)).await, []);
    app.keep_file(&archivist, &hand.id, command(json!({ "type": "give_back" }))).await.unwrap();
    assert_eq!(found(&app, "archivist", Some(FileState::Lent)).await, []);
    let early =
        app.keep_file(&archivist, &hand.id, command(json!({ "type": "propose_disposal", "reason": "清理" }))).await;
    assert!(matches!(&early, Err(AppError::Invalid(errors)) if errors[0].code == "archive_not_due"), "{early:?}");
    let (_, lines) = app.sealed_file(&archivist, &hand.id).await.unwrap();
    assert_eq!(lines.len(), 4, "registered, shelved, lent, given back; what was refused leaves nothing");
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s8_4_supervision_draws_a_sample_and_writes_down_what_it_finds(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let supervisor = app.user("supervisor");
    let today = domain::calendar::today(app.now());
    let sampling = Sampling { from: today, to: today, per_office: 1 };
    let nothing = app.draw_inspection(&supervisor, sampling.clone()).await;
    assert!(matches!(&nothing, Err(AppError::Invalid(errors)) if errors[0].code == "archive_nothing_to_draw"));
    ended(&app, true).await;
    ended(&app, true).await;
    let other = app.draw_inspection(&app.user("archivist"), sampling.clone()).await;
    assert!(matches!(other, Err(AppError::Forbidden)), "who keeps the files does not inspect them");
    let id = app.draw_inspection(&supervisor, sampling).await.unwrap();
    let sheet = app.inspection(&supervisor, &id).await.unwrap();
    assert_eq!((sheet.population, sheet.files.len(), sheet.open(), sheet.seed.len()), (2, 1, 1, 32));
    assert_eq!(sheet.files[0].percent, 100);
    let case = sheet.files[0].case.clone();
    let silent = app.judge_file(&supervisor, &id, &case, Verdict::Deficient, "").await;
    assert!(matches!(silent, Err(AppError::Invalid(_))));
    app.judge_file(&supervisor, &id, &case, Verdict::Deficient, "目录缺一页").await.unwrap();
    let sheet = app.inspection(&app.user("archivist"), &id).await.unwrap();
    assert_eq!((sheet.open(), sheet.deficient()), (0, 1));
    assert_eq!(app.inspections(&supervisor, None, 10).await.unwrap().total, Some(1));
    app.run_jobs().await;
}
