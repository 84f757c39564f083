//! Leads on projects before any application (S5.3).

use crate::follow::DueBy;
use crate::page::Page;
use crate::rows::lead;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CaseId, LeadId, Username};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// One lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadRecord {
    /// The lead.
    pub id: LeadId,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// Where it stands, as the domain spells it.
    pub status: String,
    /// Whether it is followed no more: listed behind those that are.
    pub over: bool,
    /// The day of its next step.
    pub due: Option<NaiveDate>,
    /// The named agent.
    pub agent: Option<Username>,
    /// Who wrote it down.
    pub recorded_by: Username,
    /// The case that came of it.
    pub case: Option<CaseId>,
    /// Whom to talk to; encrypted by the caller.
    pub applicant_json: String,
    /// The rest of its state, as the domain writes it.
    pub state_json: String,
}

/// What a list of leads is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// In this status.
    pub status: Option<String>,
    /// Answered for by this person: its agent, or its writer while none is named.
    pub owner: Option<Username>,
    /// Of which no agent is named.
    pub unassigned: bool,
    /// With a next step due before this day.
    pub due_before: Option<NaiveDate>,
    /// Found by this text in names, project, site; blank narrows nothing.
    pub q: Option<String>,
}

const KIND: &str = "lead";

impl From<lead::Model> for LeadRecord {
    fn from(row: lead::Model) -> Self {
        Self {
            id: LeadId(row.id),
            at: row.at,
            status: row.status,
            over: row.urgency != 0,
            due: Some(row.due_key).filter(|due| *due != far()),
            agent: row.agent.map(Username),
            recorded_by: Username(row.recorded_by),
            case: row.case_id.map(CaseId),
            applicant_json: row.applicant_json,
            state_json: row.state_json,
        }
    }
}

/// Where nothing is due: behind every day.
fn far() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

fn row(hall: String, record: &LeadRecord) -> lead::Model {
    let record = record.clone();
    lead::Model {
        hall,
        id: record.id.0,
        at: micros(record.at),
        status: record.status,
        urgency: i16::from(record.over),
        due_key: record.due.unwrap_or_else(far),
        agent: record.agent.map(|agent| agent.0),
        recorded_by: record.recorded_by.0,
        case_id: record.case.map(|case| case.0),
        applicant_json: record.applicant_json,
        state_json: record.state_json,
    }
}

impl View {
    /// The lead with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lead(&self, id: &LeadId) -> Result<Option<LeadRecord>, StoreError> {
        let row = lead::Entity::find_by_id((self.h(), id.0.clone())).one(&self.c()).await;
        Ok(row.map_err(self.fail("lead", "read"))?.map(LeadRecord::from))
    }

    /// The lead that became this case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lead_of_case(&self, case: &CaseId) -> Result<Option<LeadRecord>, StoreError> {
        let row = lead::Entity::find()
            .filter(lead::Column::Hall.eq(self.h()))
            .filter(lead::Column::CaseId.eq(case.as_str()))
            .one(&self.c())
            .await
            .map_err(self.fail("lead", "read"))?;
        Ok(row.map(LeadRecord::from))
    }

    /// One page of leads: those that are followed first, by the day of their next step; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_leads(
        &self,
        filter: &LeadFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<LeadRecord>, StoreError> {
        use lead::Column as C;
        let query = lead::Entity::find().filter(self.lead_condition(filter));
        let by = DueBy {
            table: "lead",
            urgency: C::Urgency,
            due: C::DueKey,
            id: C::Id,
            key: |row: &LeadRecord| (i16::from(row.over), row.due.unwrap_or_else(far), row.id.0.clone()),
        };
        self.due_page(query, by, cursor, limit).await
    }

    /// How many leads the filter finds, by status.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_leads(&self, filter: &LeadFilter) -> Result<BTreeMap<String, u64>, StoreError> {
        let counts: Vec<(String, i64)> = lead::Entity::find()
            .filter(self.lead_condition(filter))
            .select_only()
            .column(lead::Column::Status)
            .column_as(lead::Column::Id.count(), "n")
            .group_by(lead::Column::Status)
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("lead", "count"))?;
        Ok(counts.into_iter().map(|(status, n)| (status, u64::try_from(n).unwrap_or(0))).collect())
    }

    fn lead_condition(&self, filter: &LeadFilter) -> Condition {
        use lead::Column as C;
        let owned = |owner: &Username| {
            let recorded = Condition::all().add(C::Agent.is_null()).add(C::RecordedBy.eq(owner.as_str()));
            Condition::any().add(C::Agent.eq(owner.as_str())).add(recorded)
        };
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.status.as_ref().map(|status| C::Status.eq(status.as_str())))
            .add_option(filter.owner.as_ref().map(owned))
            .add_option(filter.unassigned.then(|| C::Agent.is_null()))
            .add_option(filter.due_before.map(|day| C::DueKey.lt(day)))
            .add_option(q.map(|q| self.found("lead.id", KIND, q)))
    }
}

impl Tx {
    /// The lead with this id; others who want to change it wait until the transaction is over. SQLite has one writer at a time
    /// and knows no row locks.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_lead(&mut self, id: &LeadId) -> Result<Option<LeadRecord>, StoreError> {
        let row = lead::Entity::find_by_id((self.h(), id.0.clone())).lock_exclusive().one(&self.c()).await;
        Ok(row.map_err(self.fail("lead", "hold"))?.map(LeadRecord::from))
    }

    /// Writes a new lead, found by `words`.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `lead` when the id is taken.
    pub async fn insert_lead(&mut self, record: &LeadRecord, words: &str) -> Result<(), StoreError> {
        lead::Entity::insert(row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("lead", "insert"))?;
        self.index(KIND, record.id.as_str(), words).await
    }

    /// Writes a lead anew.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such lead.
    pub async fn update_lead(&mut self, record: &LeadRecord) -> Result<(), StoreError> {
        use sea_orm::ActiveModelTrait;
        let done = lead::Entity::update_many()
            .set(row(self.h(), record).into_active_model().reset_all())
            .filter(lead::Column::Hall.eq(self.h()))
            .filter(lead::Column::Id.eq(record.id.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("lead", "update"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "lead", operation: "update" });
        }
        Ok(())
    }
}
