//! `check`: files and rows agree, what a crash leaves is told, and the program may serve meanwhile.

use crate::hand::{DOT, begin};
use app::{Answer, AppError, Once, Outcome};
use domain::ids::{CaseId, FileId};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use testkit::{TestApp, TestDb};

fn path_of(app: &TestApp, hash: &str) -> PathBuf {
    app.data().join("files").join(&hash[..2]).join(hash)
}

fn once(key: &str) -> Once {
    let answer = |_: &Outcome| Answer { status: 201, headers: Vec::new(), body: Vec::new() };
    Once { key: key.to_owned(), who: "agent".to_owned(), body_hash: key.to_owned(), answer: Arc::new(answer) }
}

#[testkit::db_test]
async fn bytes_without_a_row_are_told_once_they_are_old_and_harm_nothing(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let agent = app.user("agent");
    app.upload_once(&agent, "点.png", DOT.to_vec(), Some(once("k"))).await.unwrap();
    // The bytes are stored, then the transaction fails, as it does when the program is killed between the two.
    let text = "写了一半的说明".as_bytes().to_vec();
    let failed = app.upload_once(&agent, "说明.txt", text.clone(), Some(once("k"))).await;
    assert!(matches!(failed, Err(AppError::Conflict(None))), "{failed:?}");
    let report = app.check().await.unwrap();
    assert_eq!((report.files, report.findings, report.unreferenced), (1, vec![], vec![]), "it may be on its way");

    let stored = app.data().join("files");
    let folders =
        std::fs::read_dir(stored).unwrap().flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    let orphan = folders.map(|file| file.unwrap().path()).find(|path| std::fs::read(path).unwrap() == text).unwrap();
    let file = std::fs::File::open(&orphan).unwrap();
    let stored_at = file.metadata().unwrap().modified().unwrap();
    file.set_modified(stored_at - Duration::from_secs(48 * 3600)).unwrap();
    let report = app.check().await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.unreferenced, [orphan.file_name().unwrap().to_str().unwrap()]);

    // The same upload again needs the bytes that lie there, and has them.
    app.upload_once(&agent, "说明.txt", text, Some(once("k2"))).await.unwrap();
    let report = app.check().await.unwrap();
    assert_eq!((report.files, report.findings, report.unreferenced), (2, vec![], vec![]));
}

#[testkit::db_test]
async fn a_row_without_its_bytes_or_without_its_case_is_found(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let file = app.upload(&app.user("agent"), "点.png", DOT.to_vec()).await.unwrap();
    let id = file.id.clone();
    let to = CaseId::from("nowhere");
    db.store.write(move |tx| Box::pin(async move { tx.set_file_case(&id, &to).await })).await.unwrap();
    std::fs::remove_file(path_of(&app, &file.hash)).unwrap();
    let report = app.check().await.unwrap();
    let whats: Vec<&str> = report.findings.iter().map(|finding| finding.what.as_str()).collect();
    assert!(report.findings.iter().all(|finding| FileId::from(finding.about.as_str()) == file.id));
    assert_eq!(whats.len(), 2, "{whats:?}");
    assert!(whats[0].contains("nowhere") && whats[1].contains(&file.hash), "{whats:?}");
}

#[testkit::db_test]
async fn the_program_may_serve_while_it_is_checked(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.take_on().await;
    let (working, user, id) = ((*app).clone(), app.user("agent"), hand.id.clone());
    let work = tokio::spawn(async move {
        for n in 0..60 {
            let call = json!({
                "type": "record_remote_session", "channel": "phone", "topic": format!("第 {n} 次"),
                "started_at": "2026-11-24T00:30:00Z", "minutes": 5, "outcome": "说清楚了",
            });
            working.perform(&user, &id, serde_json::from_value(call).unwrap(), None, None).await.unwrap();
        }
    });
    let mut checked = 0;
    while !work.is_finished() {
        assert_eq!(app.check().await.unwrap().findings, []);
        checked += 1;
    }
    work.await.unwrap();
    assert!(checked > 1, "it was checked while it worked");
    app.run_jobs().await;
}
