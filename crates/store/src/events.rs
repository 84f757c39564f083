//! The events of a case: appended, never changed. The table refuses `UPDATE` and `DELETE`.

use crate::page::at_most_one;
use crate::rows::{case_event, cases};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{CaseId, Username};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::VecDeque;

/// One event as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Its number within the case, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Username,
    /// Its kind, for people who read the table.
    pub kind: String,
    /// The exact bytes that were hashed.
    pub body: Vec<u8>,
    /// The hash of the event before it.
    pub prev_hash: String,
    /// Its own hash.
    pub hash: String,
}

impl From<case_event::Model> for EventRecord {
    fn from(row: case_event::Model) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            actor: Username(row.actor),
            kind: row.kind,
            body: row.body,
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

/// How many cases [`EventChains`] asks for at once.
const CHAINS_AT_ONCE: u64 = 200;

/// All cases with their whole chains, one after the other, for `bangban check`: holds one chain in memory, not all.
pub struct EventChains<'v> {
    view: &'v View,
    waiting: VecDeque<CaseId>,
    last: Option<CaseId>,
}

impl EventChains<'_> {
    /// The next case and its events from the first; nothing after the last case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next(&mut self) -> Result<Option<(CaseId, Vec<EventRecord>)>, StoreError> {
        if self.waiting.is_empty() {
            self.waiting = self.view.case_ids_after(self.last.as_ref(), CHAINS_AT_ONCE).await?.into();
        }
        let Some(id) = self.waiting.pop_front() else {
            return Ok(None);
        };
        self.last = Some(id.clone());
        let events = self.view.events(&id, 0).await?;
        Ok(Some((id, events)))
    }
}

impl View {
    /// The events of a case that come after number `after_seq`; 0 for all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events(&self, case: &CaseId, after_seq: i64) -> Result<Vec<EventRecord>, StoreError> {
        let rows = case_event::Entity::find()
            .filter(case_event::Column::Hall.eq(self.h()))
            .filter(case_event::Column::CaseId.eq(case.as_str()))
            .filter(case_event::Column::Seq.gt(after_seq))
            .order_by_asc(case_event::Column::Seq)
            .all(&self.c())
            .await
            .map_err(self.fail("case_event", "list"))?;
        Ok(rows.into_iter().map(EventRecord::from).collect())
    }

    /// One event of a case, by its number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn event(&self, case: &CaseId, seq: i64) -> Result<Option<EventRecord>, StoreError> {
        let row = case_event::Entity::find_by_id((self.h(), case.0.clone(), seq))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("case_event", "read"))?;
        Ok(row.map(EventRecord::from))
    }

    /// The number and hash of the last event of a case: what the next one follows.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_event(&self, case: &CaseId) -> Result<Option<(i64, String)>, StoreError> {
        // The limit is written out, see [`at_most_one`].
        const LAST: &str =
            "SELECT seq, hash FROM case_event WHERE hall = $1 AND case_id = $2 ORDER BY seq DESC LIMIT 1";
        let values = [self.h().into(), case.as_str().into()];
        let fail = self.fail("case_event", "read last");
        let row = self.c().query_one_raw(self.sql(LAST, values)).await.map_err(&fail)?;
        row.map(|row| Ok((row.try_get("", "seq")?, row.try_get("", "hash")?))).transpose().map_err(fail)
    }

    /// All cases with their whole chains, in the order of their ids.
    #[must_use]
    pub fn event_chains(&self) -> EventChains<'_> {
        EventChains { view: self, waiting: VecDeque::new(), last: None }
    }

    /// The ids of cases after this one, in order: for work on all cases in batches (a new calendar, `check`).
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn case_ids_after(&self, last: Option<&CaseId>, limit: u64) -> Result<Vec<CaseId>, StoreError> {
        self.ids_after(last, limit, Condition::all()).await
    }

    /// As [`View::case_ids_after`], of cases that have not ended: only their lights and due dates move with the days.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unended_case_ids_after(&self, last: Option<&CaseId>, limit: u64) -> Result<Vec<CaseId>, StoreError> {
        self.ids_after(last, limit, Condition::all().add(cases::Column::EndedAt.is_null())).await
    }

    async fn ids_after(&self, last: Option<&CaseId>, limit: u64, which: Condition) -> Result<Vec<CaseId>, StoreError> {
        let mut query = cases::Entity::find()
            .select_only()
            .column(cases::Column::Id)
            .filter(cases::Column::Hall.eq(self.h()))
            .filter(which)
            .order_by_asc(cases::Column::Id)
            .limit(limit);
        if let Some(last) = last {
            query = query.filter(cases::Column::Id.gt(last.as_str()));
        }
        let ids: Vec<String> = query.into_tuple().all(&self.c()).await.map_err(self.fail("cases", "list ids"))?;
        Ok(ids.into_iter().map(CaseId).collect())
    }
}

impl Tx {
    pub(crate) async fn write_events(&mut self, case: &CaseId, events: &[EventRecord]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = events
            .iter()
            .map(|event| {
                case_event::Model {
                    hall: self.h(),
                    case_id: case.0.clone(),
                    seq: event.seq,
                    at: micros(event.at),
                    actor: event.actor.0.clone(),
                    kind: event.kind.clone(),
                    body: event.body.clone(),
                    prev_hash: event.prev_hash.clone(),
                    hash: event.hash.clone(),
                }
                .into_active_model()
            })
            .collect();
        case_event::Entity::insert_many(rows)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("case_event", "append"))?;
        Ok(())
    }
}
