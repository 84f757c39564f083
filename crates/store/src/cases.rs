//! The case row: what pages and lists read. The events beside it are the truth; both are written in one transaction.

use crate::backend;
use crate::custody::CustodyItem;
use crate::error::AppendError;
use crate::events::EventRecord;
use crate::page::at_most_one;
use crate::rows::{case_office, cases};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CaseId, MatterCode, OfficeCode, PartyId, Username};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, QuerySelect, Value,
};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

/// The columns of a case that lists show and filter by. Projections of its state: they can be rebuilt from the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseHead {
    /// The case.
    pub id: CaseId,
    /// Its number as printed; nothing before it has one. Unique in the hall.
    pub number: Option<String>,
    /// Rises with every append.
    pub version: i64,
    /// Where the case stands, as the domain spells it.
    pub status: String,
    /// How it is worked on, as the domain spells it; `agency` is the one that S3.2 binds.
    pub mode: String,
    /// The party who applies.
    pub applicant: PartyId,
    /// The 统一社会信用代码 of the enterprise, if it has one yet: decides which enterprise users see the case.
    pub enterprise: Option<String>,
    /// What lists call it.
    pub title: String,
    /// The office that leads.
    pub lead_office: Option<OfficeCode>,
    /// The agent (帮办员).
    pub agent: Option<Username>,
    /// Who stands in for the absent agent.
    pub stand_in: Option<Username>,
    /// Whether it is on the green channel: first in the work list.
    pub green: bool,
    /// The day it is due, in Asia/Shanghai.
    pub due_on: Option<NaiveDate>,
    /// The light, as the domain spells it.
    pub colour: String,
    /// When both had signed the handover of the materials.
    pub handover_signed_at: Option<DateTime<Utc>>,
    /// When both had signed the agreement.
    pub agreement_signed_at: Option<DateTime<Utc>>,
    /// When the case began.
    pub created_at: DateTime<Utc>,
    /// When its last event happened.
    pub updated_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its matters and the offices that work on them, in the order of matter and office.
    pub offices: Vec<CaseOffice>,
}

/// One matter of a case in the hands of one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOffice {
    /// The office.
    pub office: OfficeCode,
    /// The matter.
    pub matter: MatterCode,
    /// Where the matter stands, as the domain spells it.
    pub status: String,
    /// The day it is due.
    pub due_on: Option<NaiveDate>,
    /// Its light.
    pub colour: String,
}

/// A whole case: derefs to its [`CaseHead`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRecord {
    /// What lists show.
    pub head: CaseHead,
    /// The text under which the case is found: number, title, names, anything. Never a phone or an identity number.
    pub search_text: String,
    /// The state, as the domain writes it.
    pub state_json: String,
    /// Where its pieces are, in the order of their ids.
    pub custody: Vec<CustodyItem>,
}

impl Deref for CaseRecord {
    type Target = CaseHead;

    fn deref(&self) -> &CaseHead {
        &self.head
    }
}

impl DerefMut for CaseRecord {
    fn deref_mut(&mut self) -> &mut CaseHead {
        &mut self.head
    }
}

/// The name of cases in the search index.
pub(crate) const KIND: &str = "case";
/// What the work list sorts a case by that has no due date.
pub(crate) const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The columns of a head, without the long texts.
#[derive(FromQueryResult)]
pub(crate) struct HeadRow {
    pub(crate) id: String,
    number: Option<String>,
    version: i64,
    status: String,
    mode: String,
    applicant: String,
    enterprise: Option<String>,
    title: String,
    lead_office: Option<String>,
    agent: Option<String>,
    stand_in: Option<String>,
    green: bool,
    pub(crate) urgency: i16,
    due_on: Option<NaiveDate>,
    pub(crate) due_key: NaiveDate,
    colour: String,
    handover_signed_at: Option<DateTime<Utc>>,
    agreement_signed_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl HeadRow {
    pub(crate) fn columns() -> impl Iterator<Item = cases::Column> {
        use cases::Column::{Hall, SearchText, StateJson};
        cases::Column::iter().filter(|column| !matches!(column, Hall | SearchText | StateJson))
    }

    pub(crate) fn into_head(self, offices: Vec<CaseOffice>) -> CaseHead {
        CaseHead {
            id: CaseId(self.id),
            number: self.number,
            version: self.version,
            status: self.status,
            mode: self.mode,
            applicant: PartyId(self.applicant),
            enterprise: self.enterprise,
            title: self.title,
            lead_office: self.lead_office.map(OfficeCode),
            agent: self.agent.map(Username),
            stand_in: self.stand_in.map(Username),
            green: self.green,
            due_on: self.due_on,
            colour: self.colour,
            handover_signed_at: self.handover_signed_at,
            agreement_signed_at: self.agreement_signed_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
            ended_at: self.ended_at,
            offices,
        }
    }
}

/// Green channel cases come first in the work list (S6.4); what has ended comes last, whatever it was.
fn urgency(head: &CaseHead) -> i16 {
    match (head.ended_at, head.green) {
        (Some(_), _) => 2,
        (None, true) => 0,
        (None, false) => 1,
    }
}

fn row(hall: String, record: &CaseRecord) -> cases::Model {
    let head = record.head.clone();
    let urgency = urgency(&head);
    cases::Model {
        hall,
        id: head.id.0,
        number: head.number,
        version: head.version,
        status: head.status,
        mode: head.mode,
        applicant: head.applicant.0,
        enterprise: head.enterprise,
        title: head.title,
        lead_office: head.lead_office.map(|office| office.0),
        agent: head.agent.map(|person| person.0),
        stand_in: head.stand_in.map(|person| person.0),
        green: head.green,
        urgency,
        due_on: head.due_on,
        due_key: head.due_on.unwrap_or(NEVER),
        colour: head.colour,
        handover_signed_at: head.handover_signed_at.map(micros),
        agreement_signed_at: head.agreement_signed_at.map(micros),
        created_at: micros(head.created_at),
        updated_at: micros(head.updated_at),
        ended_at: head.ended_at.map(micros),
        search_text: record.search_text.clone(),
        state_json: record.state_json.clone(),
    }
}

impl View {
    /// The case with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn load_case(&self, id: &CaseId) -> Result<Option<CaseRecord>, StoreError> {
        self.load_where(cases::Column::Id.eq(id.as_str()), "load by id").await
    }

    /// The case with this number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn case_by_number(&self, number: &str) -> Result<Option<CaseRecord>, StoreError> {
        self.load_where(cases::Column::Number.eq(number), "load by number").await
    }

    async fn load_where(&self, which: Expr, operation: &'static str) -> Result<Option<CaseRecord>, StoreError> {
        let found = cases::Entity::find()
            .filter(cases::Column::Hall.eq(self.h()))
            .filter(which)
            .into_model::<WholeRow>()
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("cases", operation))?;
        let Some(WholeRow { head, search_text, state_json }) = found else {
            return Ok(None);
        };
        let offices = self.offices_of(std::slice::from_ref(&head.id)).await?.remove(&head.id).unwrap_or_default();
        let head = head.into_head(offices);
        let custody = self.custody_of(&head.id).await?;
        Ok(Some(CaseRecord { head, search_text, state_json, custody }))
    }

    /// The offices of these cases, by case.
    pub(crate) async fn offices_of(&self, ids: &[String]) -> Result<HashMap<String, Vec<CaseOffice>>, StoreError> {
        let rows = case_office::Entity::find()
            .filter(case_office::Column::Hall.eq(self.h()))
            .filter(case_office::Column::CaseId.is_in(ids.iter().cloned()))
            .order_by_asc(case_office::Column::CaseId)
            .order_by_asc(case_office::Column::Matter)
            .order_by_asc(case_office::Column::Office)
            .all(&self.c())
            .await
            .map_err(self.fail("case_office", "list"))?;
        let mut offices: HashMap<String, Vec<CaseOffice>> = HashMap::new();
        for row in rows {
            offices.entry(row.case_id).or_default().push(CaseOffice {
                office: OfficeCode(row.office),
                matter: MatterCode(row.matter),
                status: row.status,
                due_on: row.due_on,
                colour: row.colour,
            });
        }
        Ok(offices)
    }

    /// Version and state of the case with this id: all that its rules need.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn case_state(&self, id: &CaseId) -> Result<Option<(i64, String)>, StoreError> {
        cases::Entity::find_by_id((self.h(), id.0.clone()))
            .select_only()
            .columns([cases::Column::Version, cases::Column::StateJson])
            .into_tuple()
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("cases", "read state"))
    }

    /// The states of these cases, in no order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn case_states(&self, ids: &[CaseId]) -> Result<Vec<String>, StoreError> {
        cases::Entity::find()
            .select_only()
            .column(cases::Column::StateJson)
            .filter(cases::Column::Hall.eq(self.h()))
            .filter(cases::Column::Id.is_in(ids.iter().map(CaseId::as_str)))
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("cases", "read states"))
    }

    /// The version of a case, if there is such a case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn case_version(&self, id: &CaseId) -> Result<Option<i64>, StoreError> {
        cases::Entity::find_by_id((self.h(), id.0.clone()))
            .select_only()
            .column(cases::Column::Version)
            .into_tuple()
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("cases", "read version"))
    }
}

/// Whether these are the same, in whatever order.
fn same_offices(some: &[CaseOffice], others: &[CaseOffice]) -> bool {
    some.len() == others.len() && some.iter().all(|office| others.contains(office))
}

/// A whole row.
#[derive(FromQueryResult)]
struct WholeRow {
    #[sea_orm(nested)]
    head: HeadRow,
    search_text: String,
    state_json: String,
}

impl Tx {
    /// The version of a case, if there is such a case; others who want to change it wait until the transaction is over. SQLite has
    /// one writer at a time and knows no row locks.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_case_version(&mut self, id: &CaseId) -> Result<Option<i64>, StoreError> {
        cases::Entity::find_by_id((self.h(), id.0.clone()))
            .select_only()
            .column(cases::Column::Version)
            .lock_exclusive()
            .into_tuple()
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("cases", "hold version"))
    }

    /// Writes a new case with its first events.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `cases` when id or number are taken, [`StoreError::Refused`] when S3.2 is broken.
    pub async fn insert_case(&mut self, case: &CaseRecord, events: &[EventRecord]) -> Result<(), StoreError> {
        cases::Entity::insert(row(self.h(), case).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("cases", "insert"))?;
        self.write_offices(case).await?;
        self.write_custody(case).await?;
        self.write_events(&case.id, events).await?;
        self.index(KIND, case.id.as_str(), &case.search_text).await
    }

    /// Appends events and brings the row to what they lead to, if the case still has `expected_version`.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when the version has moved, and nothing is written; else as [`Tx::insert_case`].
    pub async fn append(
        &mut self,
        case: &CaseRecord,
        expected_version: i64,
        events: &[EventRecord],
    ) -> Result<(), AppendError> {
        if case.version <= expected_version {
            let text = format!("the version of a case must rise: {} after {expected_version}", case.version);
            return Err(StoreError::Invalid(text).into());
        }
        if !self.update_row(case, expected_version).await? {
            let found = self.case_version(&case.id).await?;
            return Err(AppendError::Conflict { expected: expected_version, found });
        }
        self.write_events(&case.id, events).await?;
        Ok(())
    }

    /// Writes the columns of a case anew without an event, when only projections changed (a new calendar moved the due dates).
    /// Does nothing and answers `false` if the case has moved on from `case.version` meanwhile.
    ///
    /// # Errors
    /// As [`Tx::insert_case`].
    pub async fn reproject_case(&mut self, case: &CaseRecord) -> Result<bool, StoreError> {
        self.update_row(case, case.version).await
    }

    /// The guard of every change: the row is only written while its version is the one that was seen. What most changes leave
    /// as it is, the text that is searched and the offices at work, is compared and not written again.
    async fn update_row(&mut self, case: &CaseRecord, seen: i64) -> Result<bool, StoreError> {
        let indexed = self.search_text(&case.id).await?;
        let new = row(self.h(), case);
        let mut change = new.into_active_model().reset_all();
        // The key stays, and so does the beginning.
        change.hall = sea_orm::ActiveValue::NotSet;
        change.id = sea_orm::ActiveValue::NotSet;
        change.created_at = sea_orm::ActiveValue::NotSet;
        change.version = Set(case.version);
        let done = cases::Entity::update_many()
            .set(change)
            .filter(cases::Column::Hall.eq(self.h()))
            .filter(cases::Column::Id.eq(case.id.as_str()))
            .filter(cases::Column::Version.eq(seen))
            .exec(&self.c())
            .await
            .map_err(self.fail("cases", "update"))?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        let listed = self.offices_of(std::slice::from_ref(&case.id.0)).await?.remove(&case.id.0).unwrap_or_default();
        if !same_offices(&listed, &case.offices) {
            self.write_offices(case).await?;
        }
        self.write_custody(case).await?;
        if indexed.as_ref() != Some(&case.search_text) {
            self.index(KIND, case.id.as_str(), &case.search_text).await?;
        }
        Ok(true)
    }

    async fn search_text(&self, id: &CaseId) -> Result<Option<String>, StoreError> {
        cases::Entity::find_by_id((self.h(), id.0.clone()))
            .select_only()
            .column(cases::Column::SearchText)
            .into_tuple()
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("cases", "read search text"))
    }

    async fn write_offices(&mut self, case: &CaseRecord) -> Result<(), StoreError> {
        case_office::Entity::delete_many()
            .filter(case_office::Column::Hall.eq(self.h()))
            .filter(case_office::Column::CaseId.eq(case.id.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("case_office", "delete"))?;
        if case.offices.is_empty() {
            return Ok(());
        }
        let rows = case.offices.iter().map(|office| {
            case_office::Model {
                hall: self.h(),
                case_id: case.id.0.clone(),
                matter: office.matter.0.clone(),
                office: office.office.0.clone(),
                status: office.status.clone(),
                due_on: office.due_on,
                colour: office.colour.clone(),
            }
            .into_active_model()
        });
        let rows: Vec<_> = rows.collect();
        case_office::Entity::insert_many(rows)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("case_office", "insert"))?;
        Ok(())
    }

    /// Puts a document into the search index in place of what it had there.
    pub(crate) async fn index(&mut self, kind: &str, id: &str, text: &str) -> Result<(), StoreError> {
        let values = [self.h(), kind.to_owned(), id.to_owned(), backend::index_value(self.backend(), text)];
        for (statement, takes) in backend::index_document(self.backend()) {
            let values = values.iter().take(*takes).cloned().map(Value::from);
            self.c().execute_raw(self.sql(statement, values)).await.map_err(self.fail("search_doc", "index"))?;
        }
        Ok(())
    }
}
