//! Consultations (咨询接待登记).

use crate::page::{NewestBy, Page, at_most_one};
use crate::rows::consultation;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{CaseId, ConsultationId, Username};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};

/// One consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationRecord {
    /// The consultation.
    pub id: ConsultationId,
    /// When somebody asked.
    pub at: DateTime<Utc>,
    /// How: window, phone, web, as the domain spells it.
    pub channel: String,
    /// Who answers for it (首问负责).
    pub owner: Username,
    /// Who asked; private parts encrypted by the caller.
    pub applicant_json: String,
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: Option<String>,
    /// The case that came of it.
    pub case: Option<CaseId>,
    /// The rest of its state, as the domain writes it.
    pub state_json: String,
}

impl From<consultation::Model> for ConsultationRecord {
    fn from(row: consultation::Model) -> Self {
        Self {
            id: ConsultationId(row.id),
            at: row.at,
            channel: row.channel,
            owner: Username(row.owner),
            applicant_json: row.applicant_json,
            question: row.question,
            answer: row.answer,
            case: row.case_id.map(CaseId),
            state_json: row.state_json,
        }
    }
}

/// What a list of consultations is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationFilter {
    /// Answered for by this person.
    pub owner: Option<Username>,
    /// Come in this way.
    pub channel: Option<String>,
    /// That led to this case.
    pub case: Option<CaseId>,
    /// With an answer, or without.
    pub answered: Option<bool>,
    /// At or after.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub before: Option<DateTime<Utc>>,
    /// Found by this text in question or answer; blank narrows nothing.
    pub q: Option<String>,
}

const KIND: &str = "consultation";

fn row(hall: String, record: &ConsultationRecord) -> consultation::Model {
    let record = record.clone();
    consultation::Model {
        hall,
        id: record.id.0,
        at: micros(record.at),
        channel: record.channel,
        owner: record.owner.0,
        applicant_json: record.applicant_json,
        question: record.question,
        answer: record.answer,
        case_id: record.case.map(|case| case.0),
        state_json: record.state_json,
    }
}

impl View {
    /// The consultation with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consultation(&self, id: &ConsultationId) -> Result<Option<ConsultationRecord>, StoreError> {
        let row = consultation::Entity::find_by_id((self.h(), id.0.clone()))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("consultation", "read"))?;
        Ok(row.map(ConsultationRecord::from))
    }

    /// One page of consultations, the newest first; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_consultations(
        &self,
        filter: &ConsultationFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<ConsultationRecord>, StoreError> {
        use consultation::Column as C;
        let query = consultation::Entity::find().filter(self.consultation_condition(filter));
        let by = NewestBy {
            table: "consultation",
            at: C::At,
            id: C::Id,
            key: |row: &ConsultationRecord| (row.at, row.id.0.clone()),
        };
        self.newest_page(query, by, cursor, limit).await
    }

    fn consultation_condition(&self, filter: &ConsultationFilter) -> Condition {
        use consultation::Column as C;
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        let answered = |yes| {
            if yes { C::Answer.is_not_null() } else { C::Answer.is_null() }
        };
        Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.owner.as_ref().map(|owner| C::Owner.eq(owner.as_str())))
            .add_option(filter.channel.as_ref().map(|channel| C::Channel.eq(channel.as_str())))
            .add_option(filter.case.as_ref().map(|case| C::CaseId.eq(case.as_str())))
            .add_option(filter.answered.map(answered))
            .add_option(filter.from.map(|at| C::At.gte(micros(at))))
            .add_option(filter.before.map(|at| C::At.lt(micros(at))))
            .add_option(q.map(|q| self.found("consultation.id", KIND, q)))
    }
}

impl Tx {
    /// Writes a new consultation.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `consultation` when the id is taken.
    pub async fn insert_consultation(&mut self, record: &ConsultationRecord) -> Result<(), StoreError> {
        consultation::Entity::insert(row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("consultation", "insert"))?;
        self.index_consultation(record).await
    }

    /// Writes a consultation anew (an answer came, the owner changed).
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such consultation.
    pub async fn update_consultation(&mut self, record: &ConsultationRecord) -> Result<(), StoreError> {
        let change = row(self.h(), record).into_active_model().reset_all();
        if self.change_consultation(Self::this(&record.id), change).await? == 0 {
            return Err(StoreError::Missing { table: "consultation", operation: "update" });
        }
        self.index_consultation(record).await
    }

    /// Notes the case that came of a consultation: one, and the first.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `consultation` when a case came of it already, [`StoreError::Missing`] when there is no such
    /// consultation.
    pub async fn set_consultation_case(&mut self, id: &ConsultationId, case: &CaseId) -> Result<(), StoreError> {
        const SET: &str = "set case";
        let change = consultation::ActiveModel {
            case_id: sea_orm::ActiveValue::Set(Some(case.0.clone())),
            ..Default::default()
        };
        let which = Self::this(id).add(consultation::Column::CaseId.is_null());
        if self.change_consultation(which, change).await? == 1 {
            return Ok(());
        }
        Err(match self.consultation(id).await? {
            Some(taken) => {
                let detail = taken.case.map_or_else(String::new, |case| case.0);
                StoreError::Unique { table: "consultation", operation: SET, detail }
            }
            None => StoreError::Missing { table: "consultation", operation: SET },
        })
    }

    fn this(id: &ConsultationId) -> Condition {
        Condition::all().add(consultation::Column::Id.eq(id.as_str()))
    }

    async fn change_consultation(
        &mut self,
        which: Condition,
        change: consultation::ActiveModel,
    ) -> Result<u64, StoreError> {
        let done = consultation::Entity::update_many()
            .set(change)
            .filter(consultation::Column::Hall.eq(self.h()))
            .filter(which)
            .exec(&self.c())
            .await
            .map_err(self.fail("consultation", "update"))?;
        Ok(done.rows_affected)
    }

    async fn index_consultation(&mut self, record: &ConsultationRecord) -> Result<(), StoreError> {
        let text = format!("{}\n{}", record.question, record.answer.as_deref().unwrap_or_default());
        self.index(KIND, record.id.as_str(), &text).await
    }
}
