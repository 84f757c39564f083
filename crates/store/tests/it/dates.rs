//! Days of effect of reference data, and dates of many cases at once.

use crate::samples::{at, by_hand, case, insert, part, reference};
use chrono::NaiveDate;
use domain::ids::CaseId;
use store::{MovedDates, NewReference, OutboxRecord};
use testkit::{TestDb, db_test};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn put(db: &TestDb, body: &str, from: &str) {
    let new = NewReference { effective_on: day(from), reason: format!("why {body}"), ..reference("calendar", body, 1) };
    db.store.write(move |tx| Box::pin(async move { tx.put_reference(&new).await })).await.unwrap();
}

async fn holds(db: &TestDb, on: &str) -> (i64, String) {
    let version = db.store.reference_on("calendar", day(on)).await.unwrap().unwrap();
    assert_eq!(version.reason, format!("why {}", version.body_json));
    (version.version, version.body_json)
}

#[db_test]
async fn the_newest_version_whose_day_has_come_holds(db: TestDb) {
    assert_eq!(db.store.reference_on("calendar", day("2026-12-01")).await.unwrap(), None);
    put(&db, "first", "2026-11-01").await;
    put(&db, "planned", "2027-01-01").await;
    put(&db, "between", "2026-12-01").await;
    put(&db, "again", "2026-12-01").await;
    assert_eq!(holds(&db, "2026-10-01").await, (1, "first".to_owned()), "there was no other before");
    assert_eq!(holds(&db, "2026-11-30").await, (1, "first".to_owned()));
    assert_eq!(holds(&db, "2026-12-01").await, (4, "again".to_owned()), "of one day the last");
    assert_eq!(holds(&db, "2026-12-31").await, (4, "again".to_owned()));
    assert_eq!(holds(&db, "2027-01-01").await, (2, "planned".to_owned()), "though it was stored earlier");
    assert_eq!(db.store.reference_version("calendar", 3).await.unwrap().unwrap().body_json, "between");
    for statement in ["UPDATE reference SET reason = ''", "DELETE FROM reference"] {
        let refused = by_hand(&db, statement).await.unwrap_err().to_string();
        assert!(refused.contains("reference is append-only"), "{refused}");
    }
}

/// A database of the version before: what was stored holds from the day on which it was stored.
#[db_test]
async fn versions_of_before_hold_since_they_were_stored(db: TestDb) {
    put(&db, "first", "2026-11-01").await;
    let undo = match db.store.backend() {
        store::Backend::Sqlite => ["DROP TRIGGER reference_no_update", "DROP TRIGGER reference_no_delete"],
        store::Backend::Postgres => {
            ["DROP TRIGGER reference_no_change ON reference", "DROP TRIGGER reference_no_truncate ON reference"]
        }
    };
    let columns = ["ALTER TABLE reference DROP COLUMN effective_on", "ALTER TABLE reference DROP COLUMN reason"];
    let forget = ["DELETE FROM seaql_migrations WHERE version = 'm0008_effective'"];
    for statement in undo.into_iter().chain(columns).chain(forget) {
        by_hand(&db, statement).await.unwrap();
    }
    db.store.migrate().await.unwrap();
    let taken = db.store.reference_on("calendar", day("2026-12-01")).await.unwrap().unwrap();
    assert_eq!(taken.effective_on, domain::calendar::today(at(1)));
    assert_eq!((taken.body_json.as_str(), taken.reason.as_str()), ("first", ""));
}

#[db_test]
async fn dates_of_many_cases_move_at_once(db: TestDb) {
    for id in ["c1", "c2", "c3"] {
        insert(&db, case(id)).await.unwrap();
    }
    let mut ended = case("c4");
    ended.head.ended_at = Some(at(9));
    insert(&db, ended).await.unwrap();
    let open = db.store.open_case_dates(None, 10).await.unwrap();
    assert_eq!(open.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c1", "c2", "c3"], "c4 has ended");
    assert_eq!((open[0].version, open[0].offices.len()), (1, 2));
    let after = db.store.open_case_dates(Some(&open[1].id), 10).await.unwrap();
    assert_eq!(after.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c3"]);

    let mut office = part("QY-02", "D15");
    office.due_on = Some(day("2026-12-03"));
    office.colour = "red".to_owned();
    let moved = |id: &str, version: i64| MovedDates {
        id: CaseId::from(id),
        version,
        due_on: Some(day("2026-12-03")),
        colour: "red".to_owned(),
        offices: vec![office.clone()],
    };
    // Somebody has worked on c2 meanwhile: what was computed from version 0 does not count.
    let list = vec![moved("c1", 1), moved("c2", 0)];
    let job = |id: &str| OutboxRecord {
        id: id.to_owned(),
        kind: "told".to_owned(),
        payload_json: "{}".to_owned(),
        not_before: at(0),
        dedup: Some("calendar/2/c1".to_owned()),
    };
    let jobs = vec![job("j1"), job("j2")];
    db.store
        .write(move |tx| {
            Box::pin(async move {
                tx.move_dates(&list).await?;
                tx.enqueue_all(&jobs).await?;
                tx.move_dates(&[]).await
            })
        })
        .await
        .unwrap();
    assert_eq!(db.store.pending_count().await.unwrap(), 1, "one message for one case");
    let c1 = db.store.load_case(&CaseId::from("c1")).await.unwrap().unwrap();
    assert_eq!((c1.due_on, c1.colour.as_str()), (Some(day("2026-12-03")), "red"));
    let lights: Vec<_> = c1.offices.iter().map(|one| (one.matter.as_str(), one.colour.as_str(), one.due_on)).collect();
    assert_eq!(lights, [("QY-02", "red", Some(day("2026-12-03"))), ("XF-01", "green", None)]);
    for untouched in ["c2", "c3"] {
        let row = db.store.load_case(&CaseId::from(untouched)).await.unwrap().unwrap();
        assert_eq!((row.due_on, row.colour.as_str()), (None, "green"));
        assert!(row.offices.iter().all(|one| one.due_on.is_none()), "{untouched}");
    }
    let none = MovedDates { due_on: None, offices: Vec::new(), ..moved("c1", 1) };
    db.store.write(move |tx| Box::pin(async move { tx.move_dates(&[none]).await })).await.unwrap();
    assert_eq!(db.store.load_case(&CaseId::from("c1")).await.unwrap().unwrap().due_on, None);
}

#[db_test]
async fn what_is_to_come_never_falls_out_of_the_history(db: TestDb) {
    for (body, from) in [("1", "2026-01-01"), ("2", "2026-09-01"), ("3", "2026-01-01"), ("4", "2026-02-01")] {
        put(&db, body, from).await;
    }
    let versions = async |newest, after| {
        let history = db.store.reference_history("calendar", newest, day(after)).await.unwrap();
        history.iter().map(|one| one.version).collect::<Vec<_>>()
    };
    assert_eq!(versions(1, "2026-05-01").await, [4, 2], "the newest, and what begins later");
    assert_eq!(versions(1, "2026-09-01").await, [4]);
    let replaced = async |version| {
        let version = db.store.reference_version("calendar", version).await.unwrap().unwrap();
        db.store.reference_before(&version).await.unwrap().map(|before| before.version)
    };
    assert_eq!(replaced(1).await, None);
    assert_eq!(replaced(2).await, Some(1));
    assert_eq!(replaced(4).await, Some(3), "what holds from September on is later");
}
