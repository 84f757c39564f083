//! Cases and their events.

use crate::samples::{at, by_hand, case, event, insert, part};
use domain::ids::CaseId;
use store::{AppendError, StoreError, micros};
use testkit::{TestDb, db_test};

#[db_test]
async fn a_case_comes_back_as_it_went_in(db: TestDb) {
    let mut written = case("c1");
    written.due_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
    written.green = true;
    insert(&db, written.clone()).await.unwrap();
    // All that is lost are the nanoseconds, on both databases alike.
    written.created_at = micros(written.created_at);
    written.updated_at = micros(written.updated_at);
    assert_ne!(written.created_at, at(0));
    assert_eq!(db.store.load_case(&written.id).await.unwrap(), Some(written.clone()));
    assert_eq!(db.store.case_by_number("绵帮办〔2026〕c1号").await.unwrap(), Some(written.clone()));
    let mut kept = event(1);
    kept.at = micros(kept.at);
    assert_eq!(db.store.events(&written.id, 0).await.unwrap(), [kept]);
    assert_eq!(db.store.events(&written.id, 1).await.unwrap(), []);
    assert_eq!(db.store.load_case(&CaseId::from("nobody")).await.unwrap(), None);
}

#[db_test]
async fn an_append_moves_the_row_and_the_events_together(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let mut next = case("c1");
    next.version = 3;
    next.status = "signed".to_owned();
    next.offices = vec![part("QY-02", "D16")];
    next.created_at = at(999);
    let id = next.id.clone();
    db.store.write(move |tx| Box::pin(async move { tx.append(&next, 1, &[event(2), event(3)]).await })).await.unwrap();
    let found = db.store.load_case(&id).await.unwrap().unwrap();
    assert_eq!((found.version, found.status.as_str()), (3, "signed"));
    assert_eq!(found.offices, [part("QY-02", "D16")]);
    assert_eq!(found.created_at, micros(at(0)), "the beginning of a case does not change");
    assert_eq!(db.store.last_event(&id).await.unwrap(), Some((3, event(3).hash)));
}

#[db_test]
async fn an_append_on_an_old_version_conflicts_and_writes_nothing(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let mut next = case("c1");
    next.version = 2;
    let (first, mut second) = (next.clone(), next.clone());
    second.title = "late".to_owned();
    db.store.write(move |tx| Box::pin(async move { tx.append(&first, 1, &[event(2)]).await })).await.unwrap();
    let late = db.store.write(move |tx| Box::pin(async move { tx.append(&second, 1, &[event(2)]).await })).await;
    assert!(matches!(late, Err(AppendError::Conflict { expected: 1, found: Some(2) })), "{late:?}");
    assert_eq!(db.store.load_case(&next.id).await.unwrap().unwrap().title, "开办餐饮店");
    assert_eq!(db.store.events(&next.id, 0).await.unwrap().len(), 2);

    let missing = case("nobody");
    let late = db
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut missing = missing;
                missing.version = 2;
                tx.append(&missing, 1, &[]).await
            })
        })
        .await;
    assert!(matches!(late, Err(AppendError::Conflict { found: None, .. })), "{late:?}");
}

#[db_test]
async fn of_many_who_append_at_once_exactly_one_wins(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let mut next = case("c1");
                next.version = 2;
                next.title = format!("by {n}");
                store.write(move |tx| Box::pin(async move { tx.append(&next, 1, &[event(2)]).await })).await
            })
        })
        .collect();
    let mut won = 0;
    for done in tries {
        match done.await.unwrap() {
            Ok(()) => won += 1,
            Err(error) => assert!(matches!(error, AppendError::Conflict { expected: 1, found: Some(2) }), "{error}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(db.store.events(&CaseId::from("c1"), 0).await.unwrap().len(), 2);
}

#[db_test]
async fn an_event_number_is_used_once(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let mut next = case("c1");
    next.version = 2;
    let again = db.store.write(move |tx| Box::pin(async move { tx.append(&next, 1, &[event(1)]).await })).await;
    assert!(matches!(&again, Err(AppendError::Store(error)) if error.is_unique("case_event")), "{again:?}");
    assert_eq!(db.store.load_case(&CaseId::from("c1")).await.unwrap().unwrap().version, 1, "the row was undone too");
}

#[db_test]
async fn no_event_is_ever_changed_or_removed(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    for statement in ["UPDATE case_event SET actor = 'li'", "DELETE FROM case_event"] {
        let refused = by_hand(&db, statement).await.unwrap_err().to_string();
        assert!(refused.contains("case_event is append-only"), "{refused}");
    }
    // The case cannot go and take its events with it.
    assert!(by_hand(&db, "DELETE FROM cases").await.is_err());
    assert_eq!(db.store.events(&CaseId::from("c1"), 0).await.unwrap().len(), 1);
}

#[db_test]
async fn s3_2_database_refuses_an_agency_case_that_runs_unsigned(db: TestDb) {
    for (n, status) in ["running", "delivering"].into_iter().enumerate() {
        for (handover, agreement) in [(false, false), (true, false), (false, true)] {
            let mut unsigned = case(&format!("c{n}{handover}{agreement}"));
            unsigned.status = status.to_owned();
            unsigned.handover_signed_at = handover.then(|| at(1));
            unsigned.agreement_signed_at = agreement.then(|| at(2));
            let refused = insert(&db, unsigned).await;
            assert!(
                matches!(&refused, Err(StoreError::Refused { table: "cases", detail, .. }) if detail.contains("s3_2_signed_before_running")),
                "{refused:?}"
            );
        }
        let mut signed = case(&format!("s{n}"));
        signed.status = status.to_owned();
        signed.handover_signed_at = Some(at(1));
        signed.agreement_signed_at = Some(at(2));
        insert(&db, signed).await.unwrap();
        let mut guided = case(&format!("g{n}"));
        guided.status = status.to_owned();
        guided.mode = "guidance".to_owned();
        insert(&db, guided).await.unwrap();
    }
    insert(&db, case("open")).await.unwrap();
    let refused = by_hand(&db, "UPDATE cases SET status = 'running' WHERE id = 'open'").await;
    assert!(refused.is_err(), "not by a change either");
}

#[db_test]
async fn a_taken_number_is_refused_and_said_so(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let mut twin = case("c2");
    twin.number = case("c1").number.clone();
    let refused = insert(&db, twin).await.unwrap_err();
    assert!(refused.is_unique("cases"), "{refused:?}");
    for id in ["c3", "c4"] {
        let mut unnumbered = case(id);
        unnumbered.number = None;
        insert(&db, unnumbered).await.unwrap();
    }
}

#[db_test]
async fn a_new_calendar_moves_due_dates_without_an_event(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let mut moved = case("c1");
    moved.due_on = chrono::NaiveDate::from_ymd_opt(2026, 5, 6);
    let mut old = moved.clone();
    old.version = 7;
    let (first, second) = db
        .store
        .write(move |tx| {
            Box::pin(
                async move { Ok::<_, StoreError>((tx.reproject_case(&moved).await?, tx.reproject_case(&old).await?)) },
            )
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
    let found = db.store.load_case(&CaseId::from("c1")).await.unwrap().unwrap();
    assert_eq!((found.version, found.due_on), (1, chrono::NaiveDate::from_ymd_opt(2026, 5, 6)));
}

#[db_test]
async fn the_chains_of_all_cases_come_one_by_one(db: TestDb) {
    for n in 0..5 {
        insert(&db, case(&format!("c{n}"))).await.unwrap();
    }
    let mut chains = db.store.event_chains();
    let mut ids = Vec::new();
    while let Some((id, events)) = chains.next().await.unwrap() {
        assert_eq!(events.len(), 1);
        ids.push(id.0);
    }
    assert_eq!(ids, ["c0", "c1", "c2", "c3", "c4"]);
}
