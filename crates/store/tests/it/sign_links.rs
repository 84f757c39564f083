//! Links for signing: found by hash until they expire, tries counted, only the newest for a document.

use crate::samples::at;
use chrono::TimeDelta;
use domain::ids::{CaseId, DocumentId, Username};
use store::{SignLinkRecord, micros};
use testkit::{TestDb, db_test};

fn link(hash: &str, document: &str) -> SignLinkRecord {
    SignLinkRecord {
        hash: hash.to_owned(),
        case: CaseId::from("c1"),
        document: DocumentId::from(document),
        document_hash: "ab".repeat(32),
        made_by: Username::from("agent"),
        made_at: micros(at(0)),
        expires_at: micros(at(0) + TimeDelta::minutes(30)),
        code_hash: "cd".repeat(32),
        tries: 0,
        opened_hash: None,
        signed_at: None,
    }
}

async fn insert(db: &TestDb, record: SignLinkRecord) {
    db.store.write(move |tx| Box::pin(async move { tx.insert_sign_link(&record).await })).await.unwrap();
}

async fn try_code(db: &TestDb, hash: &'static str) -> bool {
    db.store.write(move |tx| Box::pin(async move { tx.take_sign_try(hash, 5).await })).await.unwrap()
}

#[db_test]
async fn a_link_is_there_until_it_expires_and_only_the_newest_for_a_document(db: TestDb) {
    let (first, other) = (link("h1", "D1"), link("h2", "D2"));
    insert(&db, first.clone()).await;
    insert(&db, other.clone()).await;
    assert_eq!(db.store.sign_link("h1", at(0)).await.unwrap(), Some(first.clone()));
    assert_eq!(db.store.sign_link("h1", first.expires_at).await.unwrap(), None);
    assert_eq!(db.store.sign_link("h3", at(0)).await.unwrap(), None);

    insert(&db, link("h3", "D1")).await;
    assert_eq!(db.store.sign_link("h1", at(0)).await.unwrap(), None, "a newer one has taken its place");
    assert_eq!(db.store.sign_link("h2", at(0)).await.unwrap(), Some(other), "that of another document stays");

    let (signed, until) = (at(0) + TimeDelta::minutes(3), at(0) + TimeDelta::hours(24));
    db.store.write(move |tx| Box::pin(async move { tx.finish_sign_link("h3", signed, until).await })).await.unwrap();
    insert(&db, link("h4", "D1")).await;
    let kept = db.store.sign_link("h3", at(0) + TimeDelta::hours(23)).await.unwrap().unwrap();
    assert_eq!((kept.signed_at, kept.expires_at), (Some(micros(signed)), micros(until)), "a signed one stays");

    let gone = at(0) + TimeDelta::hours(1);
    let pruned = db.store.write(move |tx| Box::pin(async move { tx.prune_sign_links(gone).await })).await.unwrap();
    assert_eq!(pruned, 2, "h2 and h4");
    assert!(db.store.sign_link("h3", gone).await.unwrap().is_some());
}

#[db_test]
async fn five_tries_and_no_more_also_at_the_same_moment(db: TestDb) {
    insert(&db, link("h1", "D1")).await;
    assert!(try_code(&db, "h1").await);
    db.store.write(|tx| Box::pin(async move { tx.open_sign_link("h1", "o1").await })).await.unwrap();
    let opened = db.store.sign_link("h1", at(0)).await.unwrap().unwrap();
    assert_eq!((opened.tries, opened.opened_hash.as_deref()), (0, Some("o1")), "a right code costs nothing");

    let guesses = (0..20).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move {
            store.write(|tx| Box::pin(async move { tx.take_sign_try("h1", 5).await })).await.unwrap()
        })
    });
    let guesses: Vec<_> = guesses.collect();
    let mut passed = 0;
    for guess in guesses {
        passed += usize::from(guess.await.unwrap());
    }
    assert_eq!(passed, 5);
    assert!(!try_code(&db, "h1").await);
    assert!(!try_code(&db, "h9").await, "a link that is not there has no tries");
}
