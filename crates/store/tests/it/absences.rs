//! Absences: recorded, ended early, never taken away; and where they stood before.

use crate::samples::{at, by_hand, reference};
use chrono::NaiveDate;
use domain::ids::Username;
use store::{AbsenceEnd, AbsenceRecord, PersonRecord, micros};
use testkit::{TestDb, db_test};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(username: &str) -> PersonRecord {
    PersonRecord {
        username: Username::from(username),
        name: username.to_owned(),
        roles: vec!["service_staff".to_owned()],
        office: Some("B01".into()),
        enterprises: Vec::new(),
        phone: None,
        post: None,
        qualified: true,
        active: true,
        password_hash: None,
        language: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn absence(id: &str, username: &str, from: &str, to: &str) -> AbsenceRecord {
    AbsenceRecord {
        id: id.to_owned(),
        username: Username::from(username),
        from: day(from),
        to: day(to),
        reason: "training".to_owned(),
        recorded_by: Username::from("head"),
        recorded_at: micros(at(1)),
        end: None,
    }
}

async fn add_person(db: &TestDb, username: &'static str) {
    db.store.write(move |tx| Box::pin(async move { tx.insert_person(&person(username)).await })).await.unwrap();
}

async fn add(db: &TestDb, record: AbsenceRecord) -> Result<(), store::StoreError> {
    db.store.write(move |tx| Box::pin(async move { tx.insert_absence(&record).await })).await
}

async fn end(db: &TestDb, id: &'static str, back_on: &str) -> Result<AbsenceEnd, store::StoreError> {
    let end = AbsenceEnd { back_on: day(back_on), ended_by: Username::from("wang"), ended_at: micros(at(2)) };
    let written = end.clone();
    db.store.write(move |tx| Box::pin(async move { tx.end_absence(id, &written).await })).await?;
    Ok(end)
}

#[db_test]
async fn s5_3_an_absence_is_ended_but_never_taken_away(db: TestDb) {
    add_person(&db, "wang").await;
    add_person(&db, "li").await;
    let (first, second) =
        (absence("a1", "wang", "2026-11-24", "2026-11-30"), absence("a2", "li", "2026-11-20", "2026-11-23"));
    add(&db, first.clone()).await.unwrap();
    add(&db, second.clone()).await.unwrap();
    assert_eq!(db.store.absences(day("2026-11-23")).await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(db.store.absences(day("2026-11-24")).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(db.store.absences_of(&Username::from("li")).await.unwrap(), [second]);
    assert_eq!(db.store.absence("a3").await.unwrap(), None);

    let ended = end(&db, "a1", "2026-11-26").await.unwrap();
    assert_eq!(db.store.absence("a1").await.unwrap(), Some(AbsenceRecord { end: Some(ended), ..first }));
    assert!(end(&db, "a1", "2026-11-25").await.unwrap_err().is_unique("absence_end"), "once only");
    assert!(end(&db, "a9", "2026-11-25").await.is_err(), "no such absence");
    assert!(add(&db, absence("a3", "zhao", "2026-11-24", "2026-11-24")).await.is_err(), "no such person");
    for table in ["absence", "absence_end"] {
        for statement in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET hall = 'x'")] {
            let refused = by_hand(&db, &statement).await.unwrap_err().to_string();
            assert!(refused.contains(&format!("{table} is append-only")), "{refused}");
        }
    }
}

#[db_test]
async fn s5_3_who_holds_a_person_makes_others_wait(db: TestDb) {
    add_person(&db, "wang").await;
    let hold = |id: &'static str| {
        let store = db.store.clone();
        async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let is_there = tx.hold_person(&Username::from("wang")).await?;
                        let known = tx.absences_of(&Username::from("wang")).await?.len();
                        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                        tx.insert_absence(&absence(id, "wang", "2026-11-24", "2026-11-24")).await?;
                        Ok::<_, store::StoreError>((is_there, known))
                    })
                })
                .await
                .unwrap()
        }
    };
    let (one, two, three) = tokio::join!(hold("a1"), hold("a2"), hold("a3"));
    let mut seen = [one, two, three];
    seen.sort_unstable();
    assert_eq!(seen, [(true, 0), (true, 1), (true, 2)], "each saw what the one before wrote");
    let nobody = db.store.write(|tx| Box::pin(async move { tx.hold_person(&Username::from("zhao")).await })).await;
    assert!(!nobody.unwrap());
}

/// A database of the version before, whose hall's facts hold absences.
#[db_test]
async fn s5_3_absences_in_the_halls_facts_are_taken_over(db: TestDb) {
    add_person(&db, "wang").await;
    for statement in [
        "DROP TABLE absence_end",
        "DROP TABLE absence",
        "DELETE FROM seaql_migrations WHERE version = 'm0005_absences'",
    ] {
        by_hand(&db, statement).await.unwrap();
    }
    let older = r#"{"absences":{"wang":[{"from":"2020-01-01","to":"2020-01-02"}]}}"#;
    let facts = r#"{"bureau":"b","absences":{"gone":[{"from":"2026-11-01","to":"2026-11-02"}],
        "wang":[{"from":"2026-11-24","to":"2026-11-30"},{"from":"2026-12-07","to":"2026-12-07"}]}}"#;
    for body in [older, facts] {
        let new = reference("hall", body, 5);
        db.store.write(move |tx| Box::pin(async move { tx.put_reference(&new).await })).await.unwrap();
    }
    assert_eq!(db.store.pending_migrations().await.unwrap(), 1);
    db.store.migrate().await.unwrap();
    let taken = db.store.absences(day("2000-01-01")).await.unwrap();
    let days: Vec<_> = taken.iter().map(|one| (one.username.as_str(), one.from, one.to)).collect();
    assert_eq!(
        days,
        [("wang", day("2026-11-24"), day("2026-11-30")), ("wang", day("2026-12-07"), day("2026-12-07"))],
        "the newest facts, of people that there are"
    );
    assert_eq!((taken[0].reason.as_str(), taken[0].recorded_at), ("other", micros(at(5))));
    assert!(by_hand(&db, "DELETE FROM absence").await.is_err());
}
