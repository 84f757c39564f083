//! Due dates and lights of many cases at once: they move with the days and with the calendar, without an event.

use crate::backend;
use crate::cases::CaseOffice;
use crate::outbox::OutboxRecord;
use crate::rows::{cases, outbox};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::NaiveDate;
use domain::ids::CaseId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Value,
};
use serde_json::json;

/// The dates of an open case as they stand in its row, with the state that they follow from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCaseDates {
    /// The case.
    pub id: CaseId,
    /// Its version.
    pub version: i64,
    /// The day on which it is due.
    pub due_on: Option<NaiveDate>,
    /// Its light.
    pub colour: String,
    /// The same of its matters.
    pub offices: Vec<CaseOffice>,
    /// The state, as the domain writes it.
    pub state_json: String,
}

/// What a case's dates are to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedDates {
    /// The case.
    pub id: CaseId,
    /// The version that they were computed from.
    pub version: i64,
    /// The day on which it is due.
    pub due_on: Option<NaiveDate>,
    /// Its light.
    pub colour: String,
    /// Those of its matters that change.
    pub offices: Vec<CaseOffice>,
}

#[derive(FromQueryResult)]
struct StateRow {
    id: String,
    version: i64,
    due_on: Option<NaiveDate>,
    colour: String,
    state_json: String,
}

impl View {
    /// Cases that have not ended, after this one in the order of ids, with their dates and states.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_case_dates(&self, last: Option<&CaseId>, limit: u64) -> Result<Vec<OpenCaseDates>, StoreError> {
        use cases::Column as C;
        let mut query = cases::Entity::find()
            .select_only()
            .columns([C::Id, C::Version, C::DueOn, C::Colour, C::StateJson])
            .filter(C::Hall.eq(self.h()))
            .filter(C::EndedAt.is_null())
            .order_by_asc(C::Id)
            .limit(limit);
        if let Some(last) = last {
            query = query.filter(C::Id.gt(last.as_str()));
        }
        let rows = query.into_model::<StateRow>().all(&self.c()).await.map_err(self.fail("cases", "read dates"))?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut offices = if ids.is_empty() { Default::default() } else { self.offices_of(&ids).await? };
        let dates = rows.into_iter().map(|row| OpenCaseDates {
            offices: offices.remove(&row.id).unwrap_or_default(),
            id: CaseId(row.id),
            version: row.version,
            due_on: row.due_on,
            colour: row.colour,
            state_json: row.state_json,
        });
        Ok(dates.collect())
    }
}

impl Tx {
    /// Writes the dates of many cases in two statements. A case that has moved on meanwhile keeps what its command wrote.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn move_dates(&mut self, moved: &[MovedDates]) -> Result<(), StoreError> {
        let case = |one: &MovedDates| {
            let key = one.due_on.unwrap_or(crate::cases::NEVER);
            json!({ "id": one.id, "version": one.version, "due": one.due_on, "key": key, "colour": one.colour })
        };
        let office = |one: &MovedDates, office: &CaseOffice| {
            json!({ "id": one.id, "version": one.version, "matter": office.matter, "office": office.office,
                    "due": office.due_on, "colour": office.colour })
        };
        let offices = moved.iter().flat_map(|one| one.offices.iter().map(move |part| office(one, part)));
        // The matters first: their statement looks at the version of the case as well.
        let lists = [offices.collect::<Vec<_>>(), moved.iter().map(case).collect()];
        for (statement, list) in backend::move_dates(self.backend()).into_iter().zip(lists) {
            if !list.is_empty() {
                let values = [Value::from(self.h()), Value::from(serde_json::Value::from(list).to_string())];
                self.c().execute_raw(self.sql(statement, values)).await.map_err(self.fail("cases", "move dates"))?;
            }
        }
        Ok(())
    }

    /// Enqueues many jobs at once; those whose `dedup` is remembered are passed over.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `outbox` when an id is taken.
    pub async fn enqueue_all(&mut self, records: &[OutboxRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let rows = records.iter().map(|record| {
            outbox::Model {
                hall: self.h(),
                id: record.id.clone(),
                kind: record.kind.clone(),
                payload_json: record.payload_json.clone(),
                not_before: micros(record.not_before),
                dedup: record.dedup.clone(),
                state: crate::outbox::WAITING.to_owned(),
                attempts: 0,
                lease_until: None,
                last_error: None,
                finished_at: None,
            }
            .into_active_model()
        });
        outbox::Entity::insert_many(rows)
            .on_conflict_do_nothing_on([outbox::Column::Hall, outbox::Column::Dedup])
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("outbox", "enqueue many"))?;
        Ok(())
    }
}
