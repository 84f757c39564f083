//! Parties, persons, sessions, tokens, drafts.

use crate::samples::at;
use domain::ids::{OfficeCode, PartyId, Username};
use store::{DraftRecord, PartyRecord, PersonRecord, SessionRecord, StoreError, TokenRecord, micros};
use testkit::{TestDb, db_test};

fn party(id: &str, uscc: Option<&str>) -> PartyRecord {
    PartyRecord {
        id: PartyId::from(id),
        kind: "enterprise".to_owned(),
        name: format!("绵阳{id}餐饮有限公司"),
        uscc: uscc.map(str::to_owned),
        working_name: None,
        contact_name: Some("阿拉坦·其其格".to_owned()),
        phone_enc: Some("v1:AAAA".to_owned()),
        phone_tail: Some("1234".to_owned()),
        founder_name: None,
        founder_id_enc: None,
        founder_id_tail: Some("567X".to_owned()),
        address_enc: None,
        created_at: micros(at(0)),
        updated_at: micros(at(0)),
    }
}

fn person(name: &str, roles: &[&str]) -> PersonRecord {
    PersonRecord {
        username: Username::from(name),
        name: "王芳".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        office: Some(OfficeCode::from("D15")),
        enterprises: vec![PartyId::from("p1")],
        phone: None,
        post: Some("帮办员".to_owned()),
        qualified: true,
        active: true,
        password_hash: None,
        language: Some("zh".to_owned()),
        created_at: micros(at(0)),
        updated_at: micros(at(0)),
    }
}

async fn add_person(db: &TestDb, record: PersonRecord) -> Result<(), StoreError> {
    db.store.write(move |tx| Box::pin(async move { tx.insert_person(&record).await })).await
}

#[db_test]
async fn a_party_is_kept_once_and_found(db: TestDb) {
    let (first, mut second) = (party("p1", Some("U1")), party("p2", None));
    for record in [first.clone(), second.clone(), party("p3", None)] {
        db.store.write(move |tx| Box::pin(async move { tx.insert_party(&record).await })).await.unwrap();
    }
    assert_eq!(db.store.party(&first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(db.store.party_by_uscc("U1").await.unwrap(), Some(first.clone()));
    assert_eq!(db.store.parties_by_tail("1234", 10).await.unwrap().len(), 3);
    assert_eq!(db.store.parties_by_tail("567X", 2).await.unwrap().len(), 2);
    let by_name = db.store.search_parties("p1餐饮", 10).await.unwrap();
    assert_eq!(by_name, std::slice::from_ref(&first));
    assert_eq!(
        db.store.parties(&[second.id.clone(), first.id.clone()]).await.unwrap(),
        [first.clone(), second.clone()]
    );

    second.uscc = Some("U1".to_owned());
    let taken = second.clone();
    let refused = db.store.write(move |tx| Box::pin(async move { tx.update_party(&taken).await })).await.unwrap_err();
    assert!(refused.is_unique("party"), "{refused:?}");
    second.uscc = Some("U2".to_owned());
    second.name = "三台县面馆".to_owned();
    let change = second.clone();
    db.store.write(move |tx| Box::pin(async move { tx.update_party(&change).await })).await.unwrap();
    assert_eq!(db.store.search_parties("三台", 10).await.unwrap(), [second]);
    let missing = db.store.write(|tx| Box::pin(async move { tx.update_party(&party("p9", None)).await })).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
}

#[db_test]
async fn persons_are_found_by_role_office_and_enterprise(db: TestDb) {
    add_person(&db, person("wang", &["agent", "clerk"])).await.unwrap();
    let mut li = person("li", &["director"]);
    li.office = None;
    li.enterprises.clear();
    add_person(&db, li.clone()).await.unwrap();
    let names = |found: Vec<PersonRecord>| found.into_iter().map(|person| person.username.0).collect::<Vec<_>>();
    assert_eq!(db.store.person(&li.username).await.unwrap(), Some(li.clone()));
    assert_eq!(names(db.store.persons().await.unwrap()), ["li", "wang"]);
    assert_eq!(names(db.store.persons_by_role("clerk").await.unwrap()), ["wang"]);
    assert_eq!(names(db.store.persons_by_office(&OfficeCode::from("D15")).await.unwrap()), ["wang"]);
    assert_eq!(names(db.store.persons_by_enterprise(&PartyId::from("p1")).await.unwrap()), ["wang"]);
    li.roles = vec!["clerk".to_owned(), "clerk".to_owned()];
    let change = li.clone();
    db.store.write(move |tx| Box::pin(async move { tx.update_person(&change).await })).await.unwrap();
    assert_eq!(names(db.store.persons_by_role("clerk").await.unwrap()), ["li", "wang"]);
    assert_eq!(names(db.store.persons_by_role("director").await.unwrap()), [""; 0]);
    assert!(add_person(&db, person("li", &[])).await.unwrap_err().is_unique("person"));
}

#[db_test]
async fn sessions_and_tokens_end(db: TestDb) {
    add_person(&db, person("wang", &[])).await.unwrap();
    let session = SessionRecord {
        id_hash: "s1".to_owned(),
        username: Username::from("wang"),
        created_at: micros(at(0)),
        last_seen: micros(at(0)),
        expires_at: micros(at(100)),
        csrf: "c".to_owned(),
    };
    let token = TokenRecord {
        hash: "t1".to_owned(),
        username: Username::from("wang"),
        label: "hall screen".to_owned(),
        created_at: micros(at(0)),
        expires_at: Some(micros(at(100))),
    };
    let (new_session, new_token) = (session.clone(), token.clone());
    db.store
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_session(&new_session).await?;
                tx.insert_token(&new_token).await
            })
        })
        .await
        .unwrap();
    assert_eq!(db.store.session("s1", at(99)).await.unwrap(), Some(session.clone()));
    assert_eq!(db.store.session("s1", at(100)).await.unwrap(), None);
    assert_eq!(db.store.token("t1", at(99)).await.unwrap(), Some(token.clone()));
    assert_eq!(db.store.token("t1", at(101)).await.unwrap(), None);
    db.store.write(|tx| Box::pin(tx.touch_session("s1", at(50), at(150)))).await.unwrap();
    assert_eq!(db.store.session("s1", at(149)).await.unwrap().unwrap().last_seen, micros(at(50)));
    assert_eq!(db.store.write(|tx| Box::pin(tx.prune_sessions(at(150)))).await.unwrap(), 1);
    assert_eq!(db.store.session("s1", at(0)).await.unwrap(), None);
    assert_eq!(db.store.tokens(&Username::from("wang")).await.unwrap(), std::slice::from_ref(&token));
    db.store.write(|tx| Box::pin(tx.delete_token("t1"))).await.unwrap();
    assert_eq!(db.store.token("t1", at(0)).await.unwrap(), None);
    let token = TokenRecord { hash: "t2".to_owned(), ..token };
    db.store.write(move |tx| Box::pin(async move { tx.insert_token(&token).await })).await.unwrap();
    let wang = Username::from("wang");
    assert_eq!(db.store.write(move |tx| Box::pin(async move { tx.delete_tokens_of(&wang).await })).await.unwrap(), 1);
    assert_eq!(db.store.tokens(&Username::from("wang")).await.unwrap(), []);
    let stranger = SessionRecord { username: Username::from("nobody"), ..session };
    let refused = db.store.write(move |tx| Box::pin(async move { tx.insert_session(&stranger).await })).await;
    assert!(matches!(refused, Err(StoreError::Refused { table: "session", .. })), "{refused:?}");
}

#[db_test]
async fn a_draft_is_kept_for_its_owner(db: TestDb) {
    let owner = Username::from("wang");
    for (n, body) in ["{}", r#"{"name":"面馆"}"#].into_iter().enumerate() {
        let draft = DraftRecord {
            owner: owner.clone(),
            form: "application".to_owned(),
            body_json: body.to_owned(),
            updated_at: at(i64::try_from(n).unwrap()),
        };
        db.store.write(move |tx| Box::pin(async move { tx.put_draft(&draft).await })).await.unwrap();
    }
    assert_eq!(db.store.draft(&owner, "application").await.unwrap().unwrap().body_json, r#"{"name":"面馆"}"#);
    assert_eq!(db.store.drafts(&owner).await.unwrap().len(), 1);
    assert_eq!(db.store.draft(&Username::from("li"), "application").await.unwrap(), None);
    let mine = owner.clone();
    db.store.write(move |tx| Box::pin(async move { tx.delete_draft(&mine, "application").await })).await.unwrap();
    assert_eq!(db.store.draft(&owner, "application").await.unwrap(), None);
}
