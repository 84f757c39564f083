//! The main job from beginning to end, through the use cases alone.

use crate::hand::{Hand, applicant, application, begin};
use app::{AppError, ConsultationApplicant, NewConsultation};
use domain::archive::ArchiveLine;
use domain::case::{DocumentKind, Status};
use domain::consultation::ConsultationChannel;
use files::package::{Bound, verify};
use serde_json::json;
use std::io::Cursor;
use testkit::{TestApp, TestDb};

/// From the consultation to a case in the hands of an office.
async fn running(app: &TestApp) -> Hand<'_> {
    let clerk = app.user("clerk");
    let who = applicant("㛃河牧业有限公司");
    let asked = NewConsultation {
        applicant: ConsultationApplicant {
            name: who.name.clone(),
            uscc: who.uscc.clone(),
            founder: None,
            contact: Some(who.contact.clone()),
            phone: None,
        },
        channel: ConsultationChannel::WalkIn,
        question: "货运车辆要办什么手续？".to_owned(),
        answer: Some("办道路货物运输经营许可。".to_owned()),
        matters: vec!["YY-16".into()],
        told: Vec::new(),
    };
    let consultation = app.register_consultation(&clerk, asked, None).await.unwrap();
    let mut new = application(&["YY-16"]);
    // Nothing is typed twice: the consultation knows who it is.
    (new.consultation, new.applicant) = (Some(consultation.clone()), None);
    let created = app.create_case(&clerk, new, None).await.unwrap();
    let view = app.consultation(&clerk, &consultation).await.unwrap();
    assert_eq!(view.consultation.turned_into, Some(created.id.clone()));
    let hand = Hand { app, id: created.id };
    hand.start().await;
    hand
}

async fn deliver(hand: &Hand<'_>) {
    let case = hand.case().await;
    assert_eq!(case.status, Status::Delivering);
    let mut command = hand.signature("agent", DocumentKind::DeliveryNotice, "client").await;
    command["type"] = "hand_over_result".into();
    command["collector"] = "欧阳𬭚".into();
    command["results"] = json!(case.undelivered_results());
    command["items"] = json!(case.outstanding_items());
    hand.give("agent", command).await;
}

#[testkit::db_test]
async fn s6_5_the_whole_job_ends_in_a_package_that_anybody_can_verify(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = running(&app).await;
    hand.give("office-d12", json!({ "type": "claim_matter", "matter": "YY-16" })).await;
    hand.give("agent", json!({ "type": "submit_matter", "matter": "YY-16", "number": "左交许 2026-31" })).await;
    let results = json!([{ "name": "道路运输经营许可证", "form": "original" }]);
    let finish = json!({ "type": "finish_matter", "matter": "YY-16", "outcome": "granted", "results": results });
    hand.give("office-d12", finish).await;
    deliver(&hand).await;
    assert_eq!(hand.case().await.status, Status::Ended);
    assert_eq!(hand.case().await.outstanding_items(), []);

    let archivist = app.user("archivist");
    assert!(matches!(app.archive_zip(&archivist, &hand.id, 1).await, Err(AppError::NotFound)));
    hand.give("archivist", json!({ "type": "archive" })).await;
    let (_, package) = app.archive_zip(&archivist, &hand.id, 1).await.unwrap();
    let case = hand.case().await;
    let head = case.archived_head.clone().unwrap();
    let verified = verify(&mut Cursor::new(&package), Some(&head)).unwrap();
    assert_eq!(verified.bound, Bound::Head);
    assert_eq!(verified.number, case.number);
    // The sealing itself is the one event that the package cannot hold.
    assert_eq!(verified.events, case.version - 1);
    assert_eq!(verified.unnamed, [] as [&str; 0]);

    let mut changed = package.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert!(verify(&mut Cursor::new(&changed), None).is_err());
    volumes(&hand, &package).await;

    app.run_jobs().await;
    assert_eq!(app.check().await.unwrap().findings, []);
}

/// A late document goes into a package of its own, and the first stays as it was byte for byte (S6.5).
async fn volumes(hand: &Hand<'_>, first: &[u8]) {
    let (app, archivist) = (hand.app, hand.app.user("archivist"));
    assert!(matches!(app.archive_zip(&archivist, &hand.id, 2).await, Err(AppError::NotFound)));
    let file = hand.picture("archivist").await;
    let late = json!({ "type": "add_late_document", "title": "补寄的回执", "file": file, "reason": "邮局后来补寄" });
    hand.give("archivist", late).await;
    hand.give("archivist", json!({ "type": "archive" })).await;
    let (name, second) = app.archive_zip(&archivist, &hand.id, 2).await.unwrap();
    let case = hand.case().await;
    assert_eq!(name, format!("{}-2.zip", case.number));
    let verified = verify(&mut Cursor::new(&second), None).unwrap();
    assert_eq!((verified.documents, verified.events), (1, case.version - 1), "what is new, with the whole chain");
    let (_, again) = app.archive_zip(&archivist, &hand.id, 1).await.unwrap();
    assert!(again == first, "a sealed volume is never written again");
    let (view, lines) = app.sealed_file(&archivist, &hand.id).await.unwrap();
    assert_eq!((view.file.volumes, lines.len()), (2, 2), "registered once, and the further volume noted");
    assert!(matches!(lines[1].line, ArchiveLine::VolumeAdded(2)), "{:?}", lines[1]);
}

#[testkit::db_test]
async fn s6_5_nothing_is_sealed_before_the_service_has_ended(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.start().await;
    let version = hand.case().await.version;
    // An archivist does not know of a case that goes on.
    let early = hand.try_with("archivist", json!({ "type": "archive" }), Some(version)).await;
    assert!(matches!(early, Err(AppError::NotFound)), "{early:?}");
    app.run_jobs().await;
}

#[testkit::db_test]
async fn check_finds_a_document_that_was_changed_on_the_disk(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.start().await;
    app.run_jobs().await;
    assert_eq!(app.check().await.unwrap().findings, []);

    let hash = hand.case().await.newest(DocumentKind::Agreement).unwrap().hash.clone();
    let path = walk(&app.data().join("files")).into_iter().find(|path| path.to_string_lossy().contains(&hash)).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    let mut rights = std::fs::metadata(&path).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "a file of this test alone")]
    rights.set_readonly(false);
    std::fs::set_permissions(&path, rights).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let findings = app.check().await.unwrap().findings;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].what.contains(&hash), "{findings:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
