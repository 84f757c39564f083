//! Transactions: all or nothing, alone or together.

use crate::samples::{at, case, event, insert, insert_into};
use domain::ids::{CaseId, Username};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Answer, CaseFilter, Store, StoreError};
use testkit::{TestDb, db_test};

async fn total(store: &Store) -> u64 {
    store.count_cases(&CaseFilter::default()).await.unwrap().values().sum()
}

#[db_test]
async fn a_failed_closure_leaves_nothing(db: TestDb) {
    let failed: Result<(), StoreError> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                tx.insert_case(&case("c1"), &[event(1)]).await?;
                tx.next_number("case", 2026).await?;
                Err(StoreError::Invalid("changed my mind".to_owned()))
            })
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Invalid(_))));
    assert_eq!(db.store.load_case(&CaseId::from("c1")).await.unwrap(), None);
    let number = db.store.write(|tx| Box::pin(tx.next_number("case", 2026))).await.unwrap();
    assert_eq!(number, 1, "the number was given back");
}

#[db_test]
async fn one_that_fails_among_many_is_undone_alone(db: TestDb) {
    // Holds the writer until all the others wait, so that on SQLite they share commits.
    let (open, gate) = tokio::sync::oneshot::channel::<()>();
    let store = db.store.clone();
    let holder = tokio::spawn(async move {
        store
            .write(move |tx| {
                Box::pin(async move {
                    gate.await.unwrap();
                    tx.insert_case(&case("holder"), &[]).await
                })
            })
            .await
    });
    let others: Vec<_> = (0..100)
        .map(|n| {
            let store = db.store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            tx.insert_case(&case(&format!("c{n}")), &[event(1)]).await?;
                            match n % 10 {
                                3 => Err(StoreError::Invalid("no".to_owned())),
                                7 => panic!("a closure that panics must not take the writer with it"),
                                _ => Ok(n),
                            }
                        })
                    })
                    .await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    open.send(()).unwrap();
    holder.await.unwrap().unwrap();
    for (n, other) in others.into_iter().enumerate() {
        let answer = other.await.unwrap();
        let there = db.store.load_case(&CaseId(format!("c{n}"))).await.unwrap().is_some();
        match n % 10 {
            3 => assert!(matches!(answer, Err(StoreError::Invalid(_))) && !there, "{n}"),
            7 => assert!(matches!(answer, Err(StoreError::Panicked)) && !there, "{n}"),
            _ => assert!(answer.is_ok() && there, "{n}: {answer:?}"),
        }
    }
    assert_eq!(total(&db.store).await, 81);
}

/// Hands the writer a closure that inserts a case and then waits for the gate.
fn hold(store: &Store, id: &'static str, gate: Gate) -> tokio::task::JoinHandle<Result<(), StoreError>> {
    let store = store.clone();
    tokio::spawn(async move {
        store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_case(&case(id), &[]).await?;
                    gate.await.unwrap();
                    Ok(())
                })
            })
            .await
    })
}

type Gate = tokio::sync::oneshot::Receiver<()>;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_those_who_wait_share_one_commit_and_hear_of_it_after() {
    let db = TestDb::sqlite().await;
    let (open_first, first_gate) = tokio::sync::oneshot::channel();
    let (open_last, last_gate) = tokio::sync::oneshot::channel();
    let first = hold(&db.store, "first", first_gate);
    let others: Vec<_> = (0..10)
        .map(|n| {
            let store = db.store.clone();
            tokio::spawn(async move { insert_into(&store, case(&format!("c{n}"))).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let last = hold(&db.store, "last", last_gate);
    tokio::time::sleep(Duration::from_millis(100)).await;
    open_first.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    // All but the last have run, but the one commit has not come: nobody has been told, nothing can be seen.
    assert!(!first.is_finished() && others.iter().all(|other| !other.is_finished()));
    assert_eq!(total(&db.store).await, 0);
    open_last.send(()).unwrap();
    first.await.unwrap().unwrap();
    last.await.unwrap().unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(total(&db.store).await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_work_whose_caller_left_the_queue_is_not_begun() {
    let db = TestDb::sqlite().await;
    let (open, gate) = tokio::sync::oneshot::channel();
    let first = hold(&db.store, "first", gate);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let store = db.store.clone();
    let gone = tokio::spawn(async move { insert_into(&store, case("gone")).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    open.send(()).unwrap();
    first.await.unwrap().unwrap();
    insert_into(&db.store, case("after")).await.unwrap();
    assert_eq!(total(&db.store).await, 2);
}

#[db_test]
async fn work_that_goes_on_after_an_error_is_not_committed(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    let swallowed = db
        .store
        .write(|tx| {
            Box::pin(async move {
                tx.next_number("before", 2026).await?;
                let _ = tx.insert_case(&case("c1"), &[]).await;
                Ok::<_, StoreError>(())
            })
        })
        .await;
    assert!(matches!(swallowed, Err(StoreError::Spoiled)), "{swallowed:?}");
    let number = db.store.write(|tx| Box::pin(tx.next_number("before", 2026))).await.unwrap();
    assert_eq!(number, 1);
}

#[db_test]
async fn two_hundred_writes_at_once_all_arrive(db: TestDb) {
    let writes: Vec<_> = (0..200)
        .map(|n| {
            let store = db.store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            let number = tx.next_number("case", 2026).await?;
                            tx.insert_case(&case(&format!("c{n:03}")), &[event(1)]).await?;
                            Ok::<_, StoreError>(number)
                        })
                    })
                    .await
            })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for write in writes {
        numbers.insert(write.await.unwrap().unwrap());
    }
    assert_eq!(numbers, (1..=200).collect(), "no gap and no number twice");
    assert_eq!(total(&db.store).await, 200);
    let reopened = db.reopen().await;
    assert_eq!(total(&reopened).await, 200);
}

#[db_test]
async fn a_series_of_numbers_is_its_own(db: TestDb) {
    let numbers = db
        .store
        .write(|tx| {
            Box::pin(async move {
                let mut numbers = Vec::new();
                for (kind, year) in [("case", 2026), ("case", 2026), ("case", 2027), ("receipt", 2026), ("case", 2026)]
                {
                    numbers.push(tx.next_number(kind, year).await?);
                }
                Ok::<_, StoreError>(numbers)
            })
        })
        .await
        .unwrap();
    assert_eq!(numbers, [1, 2, 1, 1, 3]);
}

fn answer(status: u16) -> Answer {
    Answer {
        body_hash: "h".to_owned(),
        status,
        body: vec![1, 2, 255],
        headers_json: "{}".to_owned(),
        at: store::micros(at(1)),
    }
}

#[db_test]
async fn of_two_equal_requests_one_does_the_work(db: TestDb) {
    let who = Username::from("wang");
    let requests: Vec<_> = (0..16)
        .map(|n| {
            let (store, who) = (db.store.clone(), who.clone());
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            tx.insert_case(&case(&format!("c{n}")), &[]).await?;
                            tx.remember("key-1", &who, &answer(200 + n)).await
                        })
                    })
                    .await
            })
        })
        .collect();
    let mut worked = Vec::new();
    for (n, request) in requests.into_iter().enumerate() {
        match request.await.unwrap() {
            Ok(()) => worked.push(u16::try_from(n).unwrap()),
            Err(error) => assert!(error.is_unique("answer"), "{error:?}"),
        }
    }
    assert_eq!(worked.len(), 1);
    assert_eq!(total(&db.store).await, 1);
    assert_eq!(db.store.answered("key-1", &who).await.unwrap(), Some(answer(200 + worked[0])));
    assert_eq!(db.store.answered("key-1", &Username::from("li")).await.unwrap(), None, "a key is its owner's");

    let pruned = db.store.write(|tx| Box::pin(tx.prune_answers(at(2)))).await.unwrap();
    assert_eq!(pruned, 1);
}

#[db_test]
async fn a_closed_store_says_so(db: TestDb) {
    let store = db.reopen().await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(store.ping().await.is_err());
    assert!(store.write(|tx| Box::pin(tx.next_number("case", 2026))).await.is_err());
}

#[db_test]
async fn migrating_twice_changes_nothing(db: TestDb) {
    insert(&db, case("c1")).await.unwrap();
    assert_eq!(db.store.pending_migrations().await.unwrap(), 0);
    db.store.migrate().await.unwrap();
    assert_eq!(total(&db.store).await, 1);
}

#[tokio::test]
async fn a_url_of_neither_database_is_refused() {
    for url in ["mysql://x", "sqlite:", "sqlite::memory:", ""] {
        let refused = Store::open(url, domain::ids::HallId::from("h")).await;
        assert!(matches!(refused, Err(StoreError::Url(_))), "{url}");
    }
}
