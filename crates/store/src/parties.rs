//! Parties: enterprises and founders, the one place where their private data stand. What is private comes in encrypted and stays an
//! opaque text here; of a phone or an identity number only the last four digits can be searched.

use crate::case_filter::nothing;
use crate::page::bounded;
use crate::rows::party;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::PartyId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

/// An enterprise or a founder. Fields ending in `_enc` are encrypted by the caller, `_tail` are the last four digits (or their keyed
/// hash), as the caller decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRecord {
    /// The party.
    pub id: PartyId,
    /// What it is, as the domain spells it.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its 统一社会信用代码; unique in the hall.
    pub uscc: Option<String>,
    /// What an enterprise is called before it is registered.
    pub working_name: Option<String>,
    /// Whom to talk to.
    pub contact_name: Option<String>,
    /// The phone, encrypted.
    pub phone_enc: Option<String>,
    /// The index of the phone's last four digits.
    pub phone_tail: Option<String>,
    /// The founder's name.
    pub founder_name: Option<String>,
    /// The founder's identity number, encrypted.
    pub founder_id_enc: Option<String>,
    /// The index of its last four digits.
    pub founder_id_tail: Option<String>,
    /// The address, encrypted.
    pub address_enc: Option<String>,
    /// When it was first written down.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<party::Model> for PartyRecord {
    fn from(row: party::Model) -> Self {
        Self {
            id: PartyId(row.id),
            kind: row.kind,
            name: row.name,
            uscc: row.uscc,
            working_name: row.working_name,
            contact_name: row.contact_name,
            phone_enc: row.phone_enc,
            phone_tail: row.phone_tail,
            founder_name: row.founder_name,
            founder_id_enc: row.founder_id_enc,
            founder_id_tail: row.founder_id_tail,
            address_enc: row.address_enc,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

const KIND: &str = "party";

fn row(hall: String, record: &PartyRecord) -> party::Model {
    let record = record.clone();
    party::Model {
        hall,
        id: record.id.0,
        kind: record.kind,
        name: record.name,
        uscc: record.uscc,
        working_name: record.working_name,
        contact_name: record.contact_name,
        phone_enc: record.phone_enc,
        phone_tail: record.phone_tail,
        founder_name: record.founder_name,
        founder_id_enc: record.founder_id_enc,
        founder_id_tail: record.founder_id_tail,
        address_enc: record.address_enc,
        created_at: micros(record.created_at),
        updated_at: micros(record.updated_at),
    }
}

impl View {
    /// The party with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn party(&self, id: &PartyId) -> Result<Option<PartyRecord>, StoreError> {
        Ok(self.parties_where(party::Column::Id.eq(id.as_str()).into(), None).await?.pop())
    }

    /// These parties, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn parties(&self, ids: &[PartyId]) -> Result<Vec<PartyRecord>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let which = party::Column::Id.is_in(ids.iter().map(PartyId::as_str));
        self.parties_where(which.into(), None).await
    }

    /// The party with this 统一社会信用代码.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn party_by_uscc(&self, uscc: &str) -> Result<Option<PartyRecord>, StoreError> {
        Ok(self.parties_where(party::Column::Uscc.eq(uscc).into(), None).await?.pop())
    }

    /// Parties whose phone or founder's identity number ends like this (as the caller indexed it).
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn parties_by_tail(&self, tail: &str, limit: u64) -> Result<Vec<PartyRecord>, StoreError> {
        let which = Condition::any().add(party::Column::PhoneTail.eq(tail)).add(party::Column::FounderIdTail.eq(tail));
        self.parties_where(which, Some(bounded(limit))).await
    }

    /// Parties found by name, working name, contact, founder or code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn search_parties(&self, q: &str, limit: u64) -> Result<Vec<PartyRecord>, StoreError> {
        let which = if q.trim().is_empty() { nothing() } else { self.found("party.id", KIND, q) };
        self.parties_where(which, Some(bounded(limit))).await
    }

    async fn parties_where(&self, which: Condition, limit: Option<u64>) -> Result<Vec<PartyRecord>, StoreError> {
        let rows = party::Entity::find()
            .filter(party::Column::Hall.eq(self.h()))
            .filter(which)
            .order_by_asc(party::Column::Id)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("party", "read"))?;
        Ok(rows.into_iter().map(PartyRecord::from).collect())
    }
}

impl Tx {
    /// Writes a new party.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `party` when the code or id is taken.
    pub async fn insert_party(&mut self, record: &PartyRecord) -> Result<(), StoreError> {
        party::Entity::insert(row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("party", "insert"))?;
        self.index_party(record).await
    }

    /// Writes a party anew (all fields but the id).
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party, [`StoreError::Unique`] when the code is taken.
    pub async fn update_party(&mut self, record: &PartyRecord) -> Result<(), StoreError> {
        let change = row(self.h(), record).into_active_model().reset_all();
        let done = party::Entity::update_many()
            .set(change)
            .filter(party::Column::Hall.eq(self.h()))
            .filter(party::Column::Id.eq(record.id.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("party", "update"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "party", operation: "update" });
        }
        self.index_party(record).await
    }

    async fn index_party(&mut self, record: &PartyRecord) -> Result<(), StoreError> {
        let parts = [
            Some(&record.name),
            record.uscc.as_ref(),
            record.working_name.as_ref(),
            record.contact_name.as_ref(),
            record.founder_name.as_ref(),
        ];
        let text: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
        self.index(KIND, record.id.as_str(), &text.join("\n")).await
    }
}
