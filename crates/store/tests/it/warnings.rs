//! Warnings: each once, whoever writes it, and never taken away; and the lists of what presses.

use crate::samples::{at, by_hand, case, insert, part};
use domain::ids::{CaseId, Username};
use store::{CaseFilter, CaseOffice, CaseRecord, PressingFilter, Store, Visibility, WarningRecord, micros};
use testkit::{TestDb, db_test};

fn warning(id: &str, step: &str, run: &str) -> WarningRecord {
    WarningRecord {
        id: id.to_owned(),
        case: CaseId::from("c1"),
        matter: "QY-02".into(),
        cause: "overdue".to_owned(),
        step: step.to_owned(),
        run: run.to_owned(),
        at: micros(at(5)),
        due_on: "2026-11-24".parse().unwrap(),
        to: vec![Username::from("wang"), Username::from("li")],
        sender: None,
        words: None,
    }
}

async fn put(store: &Store, record: WarningRecord) -> bool {
    store.write(move |tx| Box::pin(async move { tx.insert_warning(&record).await })).await.unwrap()
}

#[db_test]
async fn s8_2_a_warning_is_written_once_and_never_taken_away(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let first = warning("w1", "person", "1+0");
    assert!(put(&db.store, first.clone()).await);
    assert!(!put(&db.store, WarningRecord { id: "w2".to_owned(), ..first.clone() }).await, "the same again");
    assert!(put(&db.store, warning("w3", "office_head", "1+0")).await, "another step");
    let chase = WarningRecord {
        sender: Some("wang".into()),
        words: Some("请快一点𬭚".to_owned()),
        ..warning("w4", "person", "2+0")
    };
    assert!(put(&db.store, chase.clone()).await, "another run");
    assert_eq!(db.store.warning("w4").await.unwrap(), Some(chase.clone()));
    assert_eq!(db.store.warning("w2").await.unwrap(), None);
    let all = db.store.warnings_of(&"c1".into()).await.unwrap();
    assert_eq!(all, [chase, warning("w3", "office_head", "1+0"), first]);
    let keys = db.store.warning_keys(&["c1".into(), "c2".into()]).await.unwrap();
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| key.0 == CaseId::from("c1") && key.2 == "overdue"));
    for verb in ["UPDATE warning SET words = 'x'", "DELETE FROM warning"] {
        let refused = by_hand(&db, verb).await.unwrap_err().to_string();
        assert!(refused.contains("warning is append-only"), "{refused}");
    }
    let nowhere = WarningRecord { case: "none".into(), ..warning("w9", "person", "1+0") };
    let refused = db.store.write(move |tx| Box::pin(async move { tx.insert_warning(&nowhere).await })).await;
    assert!(refused.is_err(), "of no case");
}

#[db_test]
async fn s8_2_of_two_programs_that_warn_at_once_one_does(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let other = db.reopen().await;
    for round in 0..10 {
        let run = format!("{round}");
        let (one, two) = tokio::join!(
            put(&db.store, warning(&format!("a{round}"), "person", &run)),
            put(&other, warning(&format!("b{round}"), "person", &run)),
        );
        assert!(one ^ two, "round {round}: {one} {two}");
    }
    assert_eq!(db.store.warnings_of(&"c1".into()).await.unwrap().len(), 10);
    other.close().await;
}

fn lit(matter: &str, office: &str, status: &str, colour: &str, due: &str) -> CaseOffice {
    CaseOffice {
        status: status.to_owned(),
        colour: colour.to_owned(),
        due_on: due.parse().ok(),
        ..part(matter, office)
    }
}

fn running(id: &str, status: &str, offices: Vec<CaseOffice>) -> CaseRecord {
    let mut record = case(id);
    record.status = status.to_owned();
    record.mode = "assistance".to_owned();
    record.head.offices = offices;
    record
}

#[db_test]
async fn s8_2_what_presses_is_listed_and_counted(db: TestDb) {
    let cases = [
        running(
            "c1",
            "running",
            vec![
                lit("QY-02", "D15", "submitted", "red", "2026-11-20"),
                lit("XF-01", "D09", "submitted", "yellow", "2026-11-26"),
                lit("XF-02", "D09", "submitted", "green", "2026-12-20"),
            ],
        ),
        running(
            "c2",
            "running",
            vec![lit("QY-02", "D15", "submitted", "yellow", "2026-11-19"), lit("QY-03", "D15", "offered", "grey", "")],
        ),
        running("c3", "suspended", vec![lit("QY-02", "D15", "stopped", "red", "2026-11-01")]),
        running("c4", "running", vec![lit("QY-02", "D15", "finished", "grey", "")]),
    ];
    for case in cases {
        insert(&db, case).await.unwrap();
    }
    let list = async |filter: PressingFilter| -> Vec<String> {
        let rows = db.store.pressing_matters(&filter, 0, 10).await.unwrap();
        rows.into_iter()
            .filter(|row| row.colour != "grey")
            .map(|row| format!("{} {}", row.case_id, row.matter))
            .collect()
    };
    let all = PressingFilter::default();
    assert_eq!(list(all.clone()).await, ["c2 QY-02", "c1 QY-02", "c1 XF-01"], "by due date; what rests is not in it");
    let mut green = running("c5", "running", vec![lit("XF-01", "D77", "submitted", "yellow", "2026-11-28")]);
    green.head.green = true;
    insert(&db, green).await.unwrap();
    assert_eq!(list(all.clone()).await[0], "c5 XF-01", "S6.4: the green channel first, though others are overdue");
    let office = PressingFilter { office: Some("D15".into()), kind: Some("red".to_owned()), ..all.clone() };
    assert_eq!(list(office).await, ["c1 QY-02"]);
    let nobody = CaseFilter { visible_to: Visibility::Nothing, ..CaseFilter::default() };
    assert_eq!(list(PressingFilter { cases: nobody, ..all.clone() }).await, Vec::<String>::new());
    let offered = PressingFilter { kind: Some("offered".to_owned()), ..all.clone() };
    assert_eq!(db.store.pressing_matters(&offered, 0, 10).await.unwrap()[0].matter, "QY-03");
    assert_eq!(db.store.pressing_matters(&all, 1, 2).await.unwrap().len(), 2);
    let counts = db.store.pressing_counts(&all).await.unwrap();
    let mut counts: Vec<_> = counts.iter().map(|c| (c.office.as_str(), c.colour.as_str(), c.count)).collect();
    counts.sort_unstable();
    assert_eq!(
        counts,
        [("D09", "yellow", 1), ("D15", "grey", 1), ("D15", "red", 1), ("D15", "yellow", 1), ("D77", "yellow", 1)]
    );
    let mut watched = db.store.cases_to_watch().await.unwrap();
    watched.sort();
    assert_eq!(watched, [("c1".into(), 1), ("c2".into(), 1), ("c5".into(), 1)]);
}
