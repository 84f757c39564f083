//! Consultations, files, reference data, private reads, findings.

use crate::samples::{at, by_hand, case, insert, reference};
use domain::ids::{CaseId, ConsultationId, FileId, Username};
use store::{
    AuditFilter, AuditRecord, ConsultationFilter, ConsultationRecord, FileRecord, FindingFilter, FindingRecord,
    StoreError, micros,
};
use testkit::{TestDb, db_test};

fn consultation(n: i64) -> ConsultationRecord {
    ConsultationRecord {
        id: ConsultationId(format!("k{n}")),
        at: micros(at(n)),
        channel: "window".to_owned(),
        owner: Username::from(if n % 2 == 0 { "wang" } else { "li" }),
        applicant_json: r#"{"name":"张喆堃"}"#.to_owned(),
        question: format!("第{n}个问题：办餐饮要什么材料？"),
        answer: None,
        case: None,
        state_json: "{}".to_owned(),
    }
}

#[db_test]
async fn consultations_are_listed_and_found(db: TestDb) {
    for n in 0..7 {
        let record = consultation(n);
        db.store.write(move |tx| Box::pin(async move { tx.insert_consultation(&record).await })).await.unwrap();
    }
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = db.store.list_consultations(&ConsultationFilter::default(), cursor.as_deref(), 3).await.unwrap();
        ids.extend(page.items.into_iter().map(|row| row.id.0));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(ids, ["k6", "k5", "k4", "k3", "k2", "k1", "k0"]);

    let mut answered = consultation(3);
    answered.answer = Some("营业执照与食品经营许可".to_owned());
    let id = answered.id.clone();
    db.store
        .write(move |tx| {
            Box::pin(async move {
                tx.update_consultation(&answered).await?;
                tx.set_consultation_case(&answered.id, &CaseId::from("c1")).await
            })
        })
        .await
        .unwrap();
    let taken = id.clone();
    let second =
        db.store.write(move |tx| Box::pin(async move { tx.set_consultation_case(&taken, &CaseId::from("c2")).await }));
    assert!(second.await.unwrap_err().is_unique("consultation"), "one case comes of a consultation");
    let nobody = db.store.write(|tx| {
        Box::pin(async move { tx.set_consultation_case(&ConsultationId::from("none"), &CaseId::from("c2")).await })
    });
    assert!(matches!(nobody.await, Err(StoreError::Missing { table: "consultation", .. })));
    let found = db.store.consultation(&id).await.unwrap().unwrap();
    assert_eq!((found.case, found.answer.is_some()), (Some(CaseId::from("c1")), true));
    let none = ConsultationFilter::default;
    for filter in [
        ConsultationFilter { answered: Some(true), ..none() },
        ConsultationFilter { case: Some(CaseId::from("c1")), ..none() },
        ConsultationFilter { q: Some("食品经营".to_owned()), ..none() },
        ConsultationFilter { from: Some(at(3)), before: Some(at(4)), ..none() },
    ] {
        let page = db.store.list_consultations(&filter, None, 10).await.unwrap();
        assert_eq!((page.total, page.items.len()), (Some(1), 1), "{filter:?}");
        assert_eq!(page.items[0].id, id);
    }
    let mine = ConsultationFilter { owner: Some(Username::from("wang")), ..none() };
    assert_eq!(db.store.list_consultations(&mine, None, 10).await.unwrap().total, Some(4));
}

#[db_test]
async fn files_are_known_by_id_case_and_hash(db: TestDb) {
    let file = FileRecord {
        id: FileId::from("f1"),
        hash: "ab".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 5_000_000_000,
        name: "租赁合同.pdf".to_owned(),
        owner: Username::from("wang"),
        case: None,
        at: micros(at(1)),
    };
    let new = file.clone();
    db.store.write(move |tx| Box::pin(async move { tx.insert_file(&new).await })).await.unwrap();
    assert_eq!(db.store.file(&file.id).await.unwrap(), Some(file.clone()));
    let loose = async || db.store.loose_files(None, 10).await.unwrap().len();
    assert_eq!(loose().await, 1);
    let link = |id: &'static str, case: &'static str| {
        db.store
            .write(move |tx| Box::pin(async move { tx.set_file_case(&FileId::from(id), &CaseId::from(case)).await }))
    };
    link("f1", "c1").await.unwrap();
    link("f1", "c1").await.unwrap();
    assert!(link("f1", "c2").await.unwrap_err().is_unique("stored_file"), "a file belongs to one case");
    assert!(matches!(link("none", "c1").await, Err(StoreError::Missing { table: "stored_file", .. })));
    assert_eq!(loose().await, 1, "its case is not there");
    insert(&db, case("c1")).await.unwrap();
    assert_eq!(loose().await, 0);
    assert_eq!(db.store.loose_files(Some(&FileId::from("f1")), 10).await.unwrap(), []);
    assert_eq!(db.store.files_of_case(&CaseId::from("c1")).await.unwrap().len(), 1);
    assert_eq!(db.store.files_with_hash("ab").await.unwrap(), 1);
    assert_eq!(db.store.files_with_hash("cd").await.unwrap(), 0);
}

#[db_test]
async fn reference_data_keep_their_history(db: TestDb) {
    assert_eq!(db.store.reference("calendar").await.unwrap(), None);
    for (kind, body) in [("calendar", "1"), ("calendar", "2"), ("phrases", "x")] {
        let new = reference(kind, body, 1);
        db.store.write(move |tx| Box::pin(async move { tx.put_reference(&new).await })).await.unwrap();
    }
    assert_eq!(db.store.reference("calendar").await.unwrap(), Some((2, "2".to_owned())));
    assert_eq!(db.store.reference_versions().await.unwrap(), [("calendar".to_owned(), 2), ("phrases".to_owned(), 1)]);
    let history = db.store.reference_history("calendar", 10, "2026-01-01".parse().unwrap()).await.unwrap();
    assert_eq!(
        history.iter().map(|old| (old.version, old.body_json.as_str())).collect::<Vec<_>>(),
        [(2, "2"), (1, "1")]
    );
}

#[db_test]
async fn a_private_read_is_written_down_for_good(db: TestDb) {
    for n in 0..3 {
        let record = AuditRecord {
            id: format!("a{n}"),
            at: at(n),
            actor: Username::from("wang"),
            action: "reveal_phone".to_owned(),
            resource: format!("party:p{n}"),
            reason: Some("called back".to_owned()),
            grant_json: "{}".to_owned(),
        };
        db.store.write(move |tx| Box::pin(async move { tx.insert_audit(&record).await })).await.unwrap();
    }
    let page = db.store.list_audit(&AuditFilter::default(), None, 2).await.unwrap();
    assert_eq!((page.total, page.items[0].id.as_str()), (Some(3), "a2"));
    let rest = db.store.list_audit(&AuditFilter::default(), page.next_cursor.as_deref(), 2).await.unwrap();
    assert_eq!((rest.items.len(), rest.items[0].id.as_str()), (1, "a0"));
    let one = AuditFilter { resource: Some("party:p1".to_owned()), ..AuditFilter::default() };
    assert_eq!(db.store.list_audit(&one, None, 2).await.unwrap().total, Some(1));
    for statement in ["UPDATE audit SET actor = 'li'", "DELETE FROM audit"] {
        let refused = by_hand(&db, statement).await.unwrap_err().to_string();
        assert!(refused.contains("audit is append-only"), "{refused}");
    }
}

#[db_test]
async fn findings_are_listed_and_handled(db: TestDb) {
    for n in 0..3 {
        let record = FindingRecord {
            id: format!("f{n}"),
            at: at(n),
            kind: "overdue".to_owned(),
            case: Some(CaseId(format!("c{n}"))),
            clause: "S8.2".to_owned(),
            subject: "D15".to_owned(),
            evidence_json: "{}".to_owned(),
            status: "new".to_owned(),
        };
        db.store.write(move |tx| Box::pin(async move { tx.insert_finding(&record).await })).await.unwrap();
    }
    db.store.write(|tx| Box::pin(tx.set_finding_status("f1", "closed"))).await.unwrap();
    assert_eq!(db.store.finding("f1").await.unwrap().unwrap().status, "closed");
    let open = FindingFilter { status: Some("new".to_owned()), ..FindingFilter::default() };
    let page = db.store.list_findings(&open, None, 1).await.unwrap();
    assert_eq!((page.total, page.items[0].id.as_str()), (Some(2), "f2"));
    let rest = db.store.list_findings(&open, page.next_cursor.as_deref(), 1).await.unwrap();
    assert_eq!((rest.items[0].id.as_str(), rest.next_cursor), ("f0", None));
}
