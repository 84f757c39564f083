//! The register of sealed files and inspection sheets.

use crate::samples::at;
use domain::ids::CaseId;
use store::{ArchiveFileRecord, ArchiveFilter, ArchiveOrder, InspectionRecord, StoreError, micros};
use testkit::{TestDb, db_test};

fn file(n: i64, keep_until: Option<&str>) -> ArchiveFileRecord {
    ArchiveFileRecord {
        case: CaseId(format!("c{n}")),
        sealed_at: micros(at(n)),
        title: format!("草原云仓 2026-{n:04}"),
        office: Some(if n % 2 == 0 { "B01" } else { "D02" }.into()),
        keep_until: keep_until.map(|day| day.parse().unwrap()),
        lent_until: None,
        shelved: false,
        disposal: String::new(),
        gone: false,
        state_json: format!("{{\"n\":{n}}}"),
    }
}

async fn put(db: &TestDb, record: ArchiveFileRecord) -> Result<(), StoreError> {
    db.store.write(move |tx| Box::pin(async move { tx.insert_archive_file(&record, &record.title).await })).await
}

async fn pages(db: &TestDb, order: ArchiveOrder) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let page = db.store.list_archive_files(&ArchiveFilter::default(), order, cursor.as_deref(), 2).await.unwrap();
        ids.extend(page.items.into_iter().map(|row| row.case.0));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return ids;
        }
    }
}

#[db_test]
async fn s6_5_sealed_files_are_listed_in_two_orders_and_narrowed(db: TestDb) {
    let days = [Some("2036-12-31"), None, Some("2056-12-31"), Some("2026-12-31"), Some("2026-12-31")];
    for (n, day) in (0..).zip(days) {
        let mut record = file(n, day);
        if n == 2 {
            (record.lent_until, record.shelved) = (Some("2026-11-20".parse().unwrap()), true);
        }
        if n == 3 {
            (record.gone, record.disposal) = (true, "disposed".to_owned());
        }
        put(&db, record).await.unwrap();
    }
    assert_eq!(pages(&db, ArchiveOrder::Newest).await, ["c4", "c3", "c2", "c1", "c0"]);
    assert_eq!(pages(&db, ArchiveOrder::Due).await, ["c4", "c0", "c2", "c1", "c3"], "for ever late, disposed of last");
    let none = ArchiveFilter::default;
    let day = |text: &str| Some(text.parse().unwrap());
    for (filter, found) in [
        (none(), 5),
        (ArchiveFilter { office: Some("D02".into()), ..none() }, 2),
        (ArchiveFilter { lent: true, ..none() }, 1),
        (ArchiveFilter { lent_before: day("2026-11-20"), ..none() }, 0),
        (ArchiveFilter { lent_before: day("2026-11-21"), ..none() }, 1),
        (ArchiveFilter { unshelved: true, ..none() }, 4),
        (ArchiveFilter { kept_before: day("2027-01-01"), ..none() }, 1),
        (ArchiveFilter { disposal: Some("disposed".to_owned()), ..none() }, 1),
        (ArchiveFilter { there: true, ..none() }, 4),
        (ArchiveFilter { sealed_from: Some(at(1)), sealed_before: Some(at(3)), ..none() }, 2),
        (ArchiveFilter { q: Some("云仓".to_owned()), ..none() }, 5),
        (ArchiveFilter { q: Some("2026-0003".to_owned()), ..none() }, 1),
        (ArchiveFilter { q: Some("牧场".to_owned()), ..none() }, 0),
    ] {
        let page = db.store.list_archive_files(&filter, ArchiveOrder::Newest, None, 10).await.unwrap();
        assert_eq!((page.total, page.items.len()), (Some(found), usize::try_from(found).unwrap()), "{filter:?}");
    }
}

#[db_test]
async fn s6_5_a_file_is_in_the_register_once_and_changes_as_a_whole(db: TestDb) {
    put(&db, file(1, None)).await.unwrap();
    assert!(put(&db, file(1, None)).await.unwrap_err().is_unique("archive_file"));
    let mut changed = file(1, None);
    (changed.shelved, changed.state_json) = (true, "{}".to_owned());
    let written = changed.clone();
    db.store
        .write(move |tx| {
            Box::pin(async move {
                assert_eq!(tx.hold_archive_file(&written.case).await?.map(|row| row.shelved), Some(false));
                tx.update_archive_file(&written).await
            })
        })
        .await
        .unwrap();
    assert_eq!(db.store.archive_file(&changed.case).await.unwrap(), Some(changed));
    let unknown = file(9, None);
    let missing =
        db.store.write(move |tx| Box::pin(async move { tx.update_archive_file(&unknown).await })).await.unwrap_err();
    assert!(matches!(missing, StoreError::Missing { table: "archive_file", .. }));
}

#[db_test]
async fn s8_4_inspection_sheets_are_kept_the_newest_first(db: TestDb) {
    for n in 0..3 {
        let sheet = InspectionRecord { id: format!("i{n}"), at: micros(at(n)), state_json: "{}".to_owned() };
        db.store.write(move |tx| Box::pin(async move { tx.insert_inspection(&sheet).await })).await.unwrap();
    }
    let first = db.store.list_inspections(None, 2).await.unwrap();
    assert_eq!(first.total, Some(3));
    let rest = db.store.list_inspections(first.next_cursor.as_deref(), 2).await.unwrap();
    let ids: Vec<String> = first.items.into_iter().chain(rest.items).map(|sheet| sheet.id).collect();
    assert_eq!(ids, ["i2", "i1", "i0"]);
    let changed = InspectionRecord { id: "i1".to_owned(), at: micros(at(1)), state_json: "[1]".to_owned() };
    let written = changed.clone();
    db.store
        .write(move |tx| {
            Box::pin(async move {
                tx.hold_inspection("i1").await?;
                tx.update_inspection(&written).await
            })
        })
        .await
        .unwrap();
    assert_eq!(db.store.inspection("i1").await.unwrap(), Some(changed));
}
