//! Small records to build tests from.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{CaseId, MatterCode, OfficeCode, PartyId, Username};
use sea_orm::{ConnectionTrait, Database};
use store::{CaseHead, CaseOffice, CaseRecord, EventRecord, NewReference, Store, StoreError};
use testkit::TestDb;

/// A time with nanoseconds that no database keeps.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + seconds, 123_456_789).unwrap()
}

pub fn case(id: &str) -> CaseRecord {
    CaseRecord {
        head: CaseHead {
            id: CaseId::from(id),
            number: Some(format!("绵帮办〔2026〕{id}号")),
            version: 1,
            status: "open".to_owned(),
            mode: "agency".to_owned(),
            applicant: PartyId::from("party-1"),
            enterprise: None,
            title: "开办餐饮店".to_owned(),
            lead_office: Some(OfficeCode::from("D15")),
            agent: Some(Username::from("wang")),
            stand_in: None,
            green: false,
            due_on: None,
            colour: "green".to_owned(),
            handover_signed_at: None,
            agreement_signed_at: None,
            created_at: at(0),
            updated_at: at(0),
            ended_at: None,
            offices: vec![part("QY-02", "D15"), part("XF-01", "B01")],
        },
        search_text: format!("绵帮办〔2026〕{id}号 开办餐饮店"),
        state_json: r#"{"what":"ever"}"#.to_owned(),
        custody: Vec::new(),
    }
}

pub fn part(matter: &str, office: &str) -> CaseOffice {
    CaseOffice {
        office: OfficeCode::from(office),
        matter: MatterCode::from(matter),
        status: "waiting".to_owned(),
        due_on: None,
        colour: "green".to_owned(),
    }
}

pub fn event(seq: i64) -> EventRecord {
    EventRecord {
        seq,
        at: at(seq),
        actor: Username::from("wang"),
        kind: "registered".to_owned(),
        body: vec![0, 159, 146, 150, u8::try_from(seq).unwrap()],
        prev_hash: format!("{:064x}", seq - 1),
        hash: format!("{seq:064x}"),
    }
}

/// A version of reference data that holds from 2026-01-01 on.
pub fn reference(kind: &str, body: &str, seconds: i64) -> NewReference {
    NewReference {
        kind: kind.to_owned(),
        body_json: body.to_owned(),
        at: at(seconds),
        actor: Username::from("admin"),
        effective_on: "2026-01-01".parse().unwrap(),
        reason: String::new(),
    }
}

pub async fn insert(db: &TestDb, case: CaseRecord) -> Result<(), StoreError> {
    insert_into(&db.store, case).await
}

pub async fn insert_into(store: &Store, case: CaseRecord) -> Result<(), StoreError> {
    store.write(move |tx| Box::pin(async move { tx.insert_case(&case, &[event(1)]).await })).await
}

/// Runs a statement past the store, as somebody with a database client would.
pub async fn by_hand(db: &TestDb, statement: &str) -> Result<u64, sea_orm::DbErr> {
    let connection = Database::connect(&db.url).await.unwrap();
    let done = connection.execute_unprepared(statement).await.map(|done| done.rows_affected());
    connection.close().await.unwrap();
    done
}

pub fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
