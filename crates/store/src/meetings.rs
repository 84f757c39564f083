//! Meetings of offices, and what they decided (S9.1).

use crate::follow::DueBy;
use crate::page::{NewestBy, Page};
use crate::rows::{meeting, meeting_decision, meeting_office};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{MeetingId, OfficeCode, Username};
use sea_orm::sea_query::{Expr, OnConflict, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRecord {
    /// The meeting.
    pub id: MeetingId,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Where it stands, as the domain spells it.
    pub status: String,
    /// Its state, as the domain writes it.
    pub state_json: String,
}

/// A decision of a meeting in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its number in the meeting, from 1.
    pub number: i32,
    /// What the meeting was about.
    pub topic: String,
    /// What is to be done.
    pub what: String,
    /// By which office.
    pub office: OfficeCode,
    /// By whom in it.
    pub person: Option<Username>,
    /// By when.
    pub due: NaiveDate,
    /// When it was noted as done.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<String>,
    /// How far the owner was reminded: 0 not yet, 1 before the day, 2 after it.
    pub reminded: i16,
}

/// What a list of meetings is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingFilter {
    /// In this status.
    pub status: Option<String>,
    /// That concern this office.
    pub concerns: Option<OfficeCode>,
    /// Found by this text in topic, minutes, decisions; blank narrows nothing.
    pub q: Option<String>,
}

/// What a list of decisions is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// Done, or not.
    pub done: Option<bool>,
    /// Of this office.
    pub office: Option<OfficeCode>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// Of meetings that concern this office.
    pub concerns: Option<OfficeCode>,
}

const KIND: &str = "meeting";

impl From<meeting::Model> for MeetingRecord {
    fn from(row: meeting::Model) -> Self {
        Self { id: MeetingId(row.id), at: row.at, status: row.status, state_json: row.state_json }
    }
}

impl From<meeting_decision::Model> for DecisionRecord {
    fn from(row: meeting_decision::Model) -> Self {
        Self {
            meeting: MeetingId(row.meeting),
            number: row.number,
            topic: row.topic,
            what: row.what,
            office: OfficeCode(row.office),
            person: row.person.map(Username),
            due: row.due_on,
            done_at: row.done_at,
            outcome: row.outcome,
            reminded: row.reminded,
        }
    }
}

/// The key of a decision; sorts by number within a meeting.
fn key(meeting: &MeetingId, number: i32) -> String {
    format!("{meeting}-{number:04}")
}

fn row(hall: String, record: &MeetingRecord) -> meeting::Model {
    let record = record.clone();
    meeting::Model {
        hall,
        id: record.id.0,
        at: micros(record.at),
        status: record.status,
        state_json: record.state_json,
    }
}

fn decision_row(hall: String, record: &DecisionRecord) -> meeting_decision::Model {
    let record = record.clone();
    meeting_decision::Model {
        hall,
        id: key(&record.meeting, record.number),
        meeting: record.meeting.0,
        number: record.number,
        topic: record.topic,
        what: record.what,
        office: record.office.0,
        person: record.person.map(|person| person.0),
        due_on: record.due,
        settled: i16::from(record.done_at.is_some()),
        done_at: record.done_at.map(micros),
        outcome: record.outcome,
        reminded: record.reminded,
    }
}

impl View {
    /// The meeting with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn meeting(&self, id: &MeetingId) -> Result<Option<MeetingRecord>, StoreError> {
        let row = meeting::Entity::find_by_id((self.h(), id.0.clone())).one(&self.c()).await;
        Ok(row.map_err(self.fail("meeting", "read"))?.map(MeetingRecord::from))
    }

    /// One page of meetings, the latest first; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_meetings(
        &self,
        filter: &MeetingFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<MeetingRecord>, StoreError> {
        use meeting::Column as C;
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        let condition = Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.status.as_ref().map(|status| C::Status.eq(status.as_str())))
            .add_option(filter.concerns.as_ref().map(|office| C::Id.in_subquery(self.concerning(office))))
            .add_option(q.map(|q| self.found("meeting.id", KIND, q)));
        let by =
            NewestBy { table: "meeting", at: C::At, id: C::Id, key: |row: &MeetingRecord| (row.at, row.id.0.clone()) };
        self.newest_page(meeting::Entity::find().filter(condition), by, cursor, limit).await
    }

    /// One page of decisions: the open ones first, by the day on which they are due; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_decisions(
        &self,
        filter: &DecisionFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<DecisionRecord>, StoreError> {
        use meeting_decision::Column as C;
        let condition = Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.done.map(|done| C::Settled.eq(i16::from(done))))
            .add_option(filter.office.as_ref().map(|office| C::Office.eq(office.as_str())))
            .add_option(filter.due_before.map(|day| C::DueOn.lt(day)))
            .add_option(filter.concerns.as_ref().map(|office| C::Meeting.in_subquery(self.concerning(office))));
        let by = DueBy {
            table: "meeting_decision",
            urgency: C::Settled,
            due: C::DueOn,
            id: C::Id,
            key: |row: &DecisionRecord| (i16::from(row.done_at.is_some()), row.due, key(&row.meeting, row.number)),
        };
        self.due_page(meeting_decision::Entity::find().filter(condition), by, cursor, limit).await
    }

    /// Open decisions due before a day of which the owner was not reminded for the last time, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn decisions_to_remind(&self, before: NaiveDate, limit: u64) -> Result<Vec<DecisionRecord>, StoreError> {
        use meeting_decision::Column as C;
        let rows = meeting_decision::Entity::find()
            .filter(C::Hall.eq(self.h()))
            .filter(C::Settled.eq(0_i16))
            .filter(C::DueOn.lt(before))
            .filter(C::Reminded.lt(2_i16))
            .order_by_asc(C::DueOn)
            .order_by_asc(C::Id)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("meeting_decision", "list"))?;
        Ok(rows.into_iter().map(DecisionRecord::from).collect())
    }

    /// Ids of meetings that concern an office.
    fn concerning(&self, office: &OfficeCode) -> SelectStatement {
        meeting_office::Entity::find()
            .select_only()
            .column(meeting_office::Column::Meeting)
            .filter(meeting_office::Column::Hall.eq(self.h()))
            .filter(meeting_office::Column::Office.eq(office.as_str()))
            .into_query()
    }
}

impl Tx {
    /// The meeting with this id; others who want to change it wait until the transaction is over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_meeting(&mut self, id: &MeetingId) -> Result<Option<MeetingRecord>, StoreError> {
        let row = meeting::Entity::find_by_id((self.h(), id.0.clone())).lock_exclusive().one(&self.c()).await;
        Ok(row.map_err(self.fail("meeting", "hold"))?.map(MeetingRecord::from))
    }

    /// Writes a meeting, new or anew: with the offices that it concerns, with its decisions, found by `words`. How far the owner
    /// of a decision was reminded stays.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn save_meeting(
        &mut self,
        record: &MeetingRecord,
        offices: &[OfficeCode],
        decisions: &[DecisionRecord],
        words: &str,
    ) -> Result<(), StoreError> {
        use meeting_decision::Column as D;
        let replace = OnConflict::columns([meeting::Column::Hall, meeting::Column::Id])
            .update_columns([meeting::Column::At, meeting::Column::Status, meeting::Column::StateJson])
            .to_owned();
        meeting::Entity::insert(row(self.h(), record).into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("meeting", "save"))?;
        for office in offices {
            let row = meeting_office::Model { hall: self.h(), meeting: record.id.0.clone(), office: office.0.clone() };
            meeting_office::Entity::insert(row.into_active_model())
                .on_conflict_do_nothing_on([
                    meeting_office::Column::Hall,
                    meeting_office::Column::Meeting,
                    meeting_office::Column::Office,
                ])
                .exec_without_returning(&self.c())
                .await
                .map_err(self.fail("meeting_office", "save"))?;
        }
        for decision in decisions {
            let replace =
                OnConflict::columns([D::Hall, D::Id]).update_columns([D::Settled, D::DoneAt, D::Outcome]).to_owned();
            meeting_decision::Entity::insert(decision_row(self.h(), decision).into_active_model())
                .on_conflict(replace)
                .exec_without_returning(&self.c())
                .await
                .map_err(self.fail("meeting_decision", "save"))?;
        }
        self.index(KIND, record.id.as_str(), words).await
    }

    /// Notes how far the owner of an open decision was reminded; answers whether that is new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_reminded(&mut self, meeting: &MeetingId, number: i32, step: i16) -> Result<bool, StoreError> {
        use meeting_decision::Column as C;
        let done = meeting_decision::Entity::update_many()
            .col_expr(C::Reminded, Expr::val(step))
            .filter(C::Hall.eq(self.h()))
            .filter(C::Id.eq(key(meeting, number)))
            .filter(C::Settled.eq(0_i16))
            .filter(C::Reminded.lt(step))
            .exec(&self.c())
            .await
            .map_err(self.fail("meeting_decision", "remind"))?;
        Ok(done.rows_affected > 0)
    }
}
