//! Jobs.

use crate::samples::{at, minutes};
use std::collections::BTreeSet;
use store::{OutboxRecord, StoreError};
use testkit::{TestDb, db_test};

fn job(id: &str) -> OutboxRecord {
    OutboxRecord {
        id: id.to_owned(),
        kind: "mail".to_owned(),
        payload_json: r#"{"a":1}"#.to_owned(),
        not_before: at(0),
        dedup: None,
    }
}

async fn enqueue(db: &TestDb, record: OutboxRecord) -> Result<bool, StoreError> {
    db.store.write(move |tx| Box::pin(async move { tx.enqueue(&record).await })).await
}

async fn claim_at(db: &TestDb, seconds: i64) -> Vec<String> {
    db.store.claim(at(seconds), 10, minutes(5)).await.unwrap().into_iter().map(|job| job.id).collect()
}

#[db_test]
async fn no_job_is_claimed_twice(db: TestDb) {
    db.store
        .write(|tx| {
            Box::pin(async move {
                for n in 0..60 {
                    tx.enqueue(&job(&format!("j{n:02}"))).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let other = db.reopen().await;
    let workers: Vec<_> = (0..12)
        .map(|n| {
            let store = if n % 2 == 0 { db.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let jobs = store.claim(at(1), 3, minutes(5)).await.unwrap();
                    if jobs.is_empty() {
                        return mine;
                    }
                    mine.extend(jobs.into_iter().map(|job| job.id));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    assert_eq!(all.len(), 60);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 60);
    assert_eq!(db.store.pending_count().await.unwrap(), 60, "claimed is not done");
    other.close().await;
}

#[db_test]
async fn a_job_waits_for_its_time_and_comes_back_after_its_lease(db: TestDb) {
    let mut later = job("later");
    later.not_before = at(60);
    enqueue(&db, later).await.unwrap();
    enqueue(&db, job("now")).await.unwrap();
    assert_eq!(db.store.next_job_at().await.unwrap(), Some(store::micros(at(0))));
    assert_eq!(claim_at(&db, 0).await, ["now"]);
    assert_eq!(claim_at(&db, 59).await, [""; 0]);
    assert_eq!(claim_at(&db, 60).await, ["later"]);
    assert_eq!(claim_at(&db, 299).await, [""; 0], "leased until 300");
    assert_eq!(claim_at(&db, 300).await, ["now"]);
    db.store.write(|tx| Box::pin(tx.job_done("now", at(301)))).await.unwrap();
    assert_eq!(claim_at(&db, 9999).await, ["later"]);
    assert_eq!(db.store.pending_count().await.unwrap(), 1);
    let missing = db.store.write(|tx| Box::pin(tx.job_done("nobody", at(1)))).await;
    assert!(matches!(missing, Err(StoreError::Missing { table: "outbox", .. })));
}

#[db_test]
async fn a_job_that_keeps_failing_is_given_up(db: TestDb) {
    enqueue(&db, job("j")).await.unwrap();
    for attempt in 1..=3 {
        let claimed = db.store.claim(at(attempt * 1000), 10, minutes(5)).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(i64::from(claimed[0].attempts), attempt);
        let again = db
            .store
            .write(move |tx| Box::pin(tx.retry_job("j", "no route", at(attempt * 1000 + 10), 3)))
            .await
            .unwrap();
        assert_eq!(again, attempt < 3);
        assert_eq!(claim_at(&db, attempt * 1000 + 9).await, [""; 0]);
    }
    assert_eq!(claim_at(&db, 99_999).await, [""; 0]);
    assert_eq!(db.store.pending_count().await.unwrap(), 0);
    let dead = db.store.dead_jobs(10).await.unwrap();
    assert_eq!((dead[0].id.as_str(), dead[0].last_error.as_deref()), ("j", Some("no route")));
    db.store.write(|tx| Box::pin(tx.revive_job("j", at(0)))).await.unwrap();
    assert_eq!(claim_at(&db, 1).await, ["j"]);
}

#[db_test]
async fn the_same_job_is_enqueued_once(db: TestDb) {
    let once = |id: &str| OutboxRecord { dedup: Some("due-2026-03-01".to_owned()), ..job(id) };
    assert!(enqueue(&db, once("a")).await.unwrap());
    assert!(!enqueue(&db, once("b")).await.unwrap());
    assert!(
        enqueue(&db, job("c")).await.unwrap() && enqueue(&db, job("d")).await.unwrap(),
        "only where it is asked for"
    );
    let twice = enqueue(&db, job("c")).await.unwrap_err();
    assert!(twice.is_unique("outbox"), "{twice:?}");
    db.store.write(|tx| Box::pin(tx.job_done("a", at(1)))).await.unwrap();
    assert!(!enqueue(&db, once("b")).await.unwrap(), "remembered when done");
    assert_eq!(db.store.write(|tx| Box::pin(tx.prune_jobs(at(2)))).await.unwrap(), 1);
    assert!(enqueue(&db, once("b")).await.unwrap());
}
