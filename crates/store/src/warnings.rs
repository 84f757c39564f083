//! Warnings and chases that went out (S5.3, S8.2), and the matters that press. The table refuses `UPDATE` and `DELETE`, and
//! holds each warning once: whoever inserts it sends it.

use crate::rows::{case_office, cases, warning};
use crate::store::micros;
use crate::{CaseFilter, StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CaseId, MatterCode, OfficeCode, Username};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, TryInsertResult,
};

/// A warning or a chase that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRecord {
    /// The warning: a UUID v7.
    pub id: String,
    /// In which case.
    pub case: CaseId,
    /// Of which matter.
    pub matter: MatterCode,
    /// Why, as the domain spells it; `chased` for a chase.
    pub cause: String,
    /// Which step of the ladder, as the domain spells it; of a chase: who chased.
    pub step: String,
    /// Which run of the clock; of a chase: which working day.
    pub run: String,
    /// When it went out.
    pub at: DateTime<Utc>,
    /// The day that counts.
    pub due_on: NaiveDate,
    /// Who was told.
    pub to: Vec<Username>,
    /// Who chased; nobody for a warning of the program.
    pub sender: Option<Username>,
    /// What was said with a chase.
    pub words: Option<String>,
}

/// What tells warnings of the hall apart: case, matter, cause, step, run.
pub type WarningKey = (CaseId, MatterCode, String, String, String);

/// A matter whose light is red or yellow, or that waits to be claimed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PressingRow {
    /// The case.
    pub case_id: String,
    /// The matter.
    pub matter: String,
    /// The office that holds it.
    pub office: String,
    /// Its light.
    pub colour: String,
    /// The day on which it is due.
    pub due_on: Option<NaiveDate>,
}

/// How many matters of an office have a light.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PressingCount {
    /// The office.
    pub office: String,
    /// The light.
    pub colour: String,
    /// How many.
    pub count: i64,
}

/// Which of the matters that press.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressingFilter {
    /// Of these cases.
    pub cases: CaseFilter,
    /// Held by this office.
    pub office: Option<OfficeCode>,
    /// Red or yellow ones, or `offered` ones; else all three.
    pub kind: Option<String>,
}

/// The lights that press, as the domain spells them.
const PRESSING: [&str; 2] = ["red", "yellow"];
/// A case that runs, and the states of a matter in which somebody may have to be warned, as the domain spells them.
const RUNNING: &str = "running";
const OFFERED: &str = "offered";
const WATCHED: [&str; 3] = [OFFERED, "submitted", "stopped"];

fn record(row: warning::Model) -> WarningRecord {
    WarningRecord {
        id: row.id,
        case: CaseId(row.case_id),
        matter: MatterCode(row.matter),
        cause: row.cause,
        step: row.step,
        run: row.run,
        at: row.at,
        due_on: row.due_on,
        to: serde_json::from_str(&row.to_json).unwrap_or_default(),
        sender: row.sender.map(Username),
        words: row.words,
    }
}

impl View {
    /// The warning with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn warning(&self, id: &str) -> Result<Option<WarningRecord>, StoreError> {
        let row = warning::Entity::find_by_id((self.h(), id.to_owned()))
            .one(&self.c())
            .await
            .map_err(self.fail("warning", "read"))?;
        Ok(row.map(record))
    }

    /// What went out in a case, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn warnings_of(&self, case: &CaseId) -> Result<Vec<WarningRecord>, StoreError> {
        let rows = warning::Entity::find()
            .filter(warning::Column::Hall.eq(self.h()))
            .filter(warning::Column::CaseId.eq(case.as_str()))
            .order_by_desc(warning::Column::At)
            .order_by_desc(warning::Column::Id)
            .all(&self.c())
            .await
            .map_err(self.fail("warning", "list"))?;
        Ok(rows.into_iter().map(record).collect())
    }

    /// The keys of what went out in these cases.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn warning_keys(&self, cases: &[CaseId]) -> Result<Vec<WarningKey>, StoreError> {
        use warning::Column as C;
        let rows: Vec<(String, String, String, String, String)> = warning::Entity::find()
            .select_only()
            .columns([C::CaseId, C::Matter, C::Cause, C::Step, C::Run])
            .filter(C::Hall.eq(self.h()))
            .filter(C::CaseId.is_in(cases.iter().map(CaseId::as_str)))
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("warning", "list keys"))?;
        let key = |(case, matter, cause, step, run)| (CaseId(case), MatterCode(matter), cause, step, run);
        Ok(rows.into_iter().map(key).collect())
    }

    /// The running cases in which somebody may have to be warned, with their versions: some matter waits to be claimed, runs
    /// or is stopped.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cases_to_watch(&self) -> Result<Vec<(CaseId, i64)>, StoreError> {
        let watched = case_office::Entity::find()
            .select_only()
            .expr(Expr::val(1))
            .filter(case_office::Column::Hall.eq(self.h()))
            .filter(case_office::Column::Status.is_in(WATCHED))
            .filter(
                Expr::col((case_office::Entity, case_office::Column::CaseId))
                    .equals((cases::Entity, cases::Column::Id)),
            )
            .into_query();
        let rows: Vec<(String, i64)> = cases::Entity::find()
            .select_only()
            .columns([cases::Column::Id, cases::Column::Version])
            .filter(cases::Column::Hall.eq(self.h()))
            .filter(cases::Column::Status.eq(RUNNING))
            .filter(Expr::exists(watched))
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("cases", "list to watch"))?;
        Ok(rows.into_iter().map(|(id, version)| (CaseId(id), version)).collect())
    }

    fn pressing(&self, filter: &PressingFilter) -> sea_orm::Select<case_office::Entity> {
        use case_office::Column as O;
        let chosen = cases::Entity::find()
            .select_only()
            .column(cases::Column::Id)
            .filter(self.case_condition(&filter.cases))
            .filter(cases::Column::Status.eq(RUNNING))
            .into_query();
        let lights = match filter.kind.as_deref() {
            Some(OFFERED) => O::Status.eq(OFFERED),
            Some(colour) => O::Colour.eq(colour),
            None => O::Colour.is_in(PRESSING).or(O::Status.eq(OFFERED)),
        };
        case_office::Entity::find()
            .filter(O::Hall.eq(self.h()))
            .filter(lights)
            .filter(O::CaseId.in_subquery(chosen))
            .filter(Condition::all().add_option(filter.office.as_ref().map(|office| O::Office.eq(office.as_str()))))
    }

    /// Matters that press, so many from a place on: those of green channel cases first (S6.4), and among equals the longest
    /// overdue.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pressing_matters(
        &self,
        filter: &PressingFilter,
        skip: u64,
        most: u64,
    ) -> Result<Vec<PressingRow>, StoreError> {
        use case_office::Column as O;
        self.pressing(filter)
            .select_only()
            .columns([O::CaseId, O::Matter, O::Office, O::Colour, O::DueOn])
            .join(
                JoinType::InnerJoin,
                case_office::Entity::belongs_to(cases::Entity)
                    .from((O::Hall, O::CaseId))
                    .to((cases::Column::Hall, cases::Column::Id))
                    .into(),
            )
            .order_by_asc(cases::Column::Urgency)
            // What has no due day comes last on either database.
            .order_by_asc(O::DueOn.is_null())
            .order_by_asc(O::DueOn)
            .order_by_asc(O::CaseId)
            .order_by_asc(O::Matter)
            .offset(skip)
            .limit(most)
            .into_model()
            .all(&self.c())
            .await
            .map_err(self.fail("case_office", "list pressing"))
    }

    /// How many matters press, by office and light.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pressing_counts(&self, filter: &PressingFilter) -> Result<Vec<PressingCount>, StoreError> {
        use case_office::Column as O;
        self.pressing(filter)
            .select_only()
            .columns([O::Office, O::Colour])
            .column_as(O::Matter.count(), "count")
            .group_by(O::Office)
            .group_by(O::Colour)
            .order_by_asc(O::Office)
            .into_model()
            .all(&self.c())
            .await
            .map_err(self.fail("case_office", "count pressing"))
    }
}

impl Tx {
    /// Writes down a warning or a chase; answers whether it is new. Of two who do so at once, one is told that it is not.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such case.
    pub async fn insert_warning(&mut self, new: &WarningRecord) -> Result<bool, StoreError> {
        use warning::Column as C;
        let to_json = serde_json::to_string(&new.to).map_err(|error| StoreError::Invalid(error.to_string()))?;
        let row = warning::Model {
            hall: self.h(),
            id: new.id.clone(),
            case_id: new.case.0.clone(),
            matter: new.matter.0.clone(),
            cause: new.cause.clone(),
            step: new.step.clone(),
            run: new.run.clone(),
            at: micros(new.at),
            due_on: new.due_on,
            to_json,
            sender: new.sender.as_ref().map(|sender| sender.0.clone()),
            words: new.words.clone(),
        };
        let done = warning::Entity::insert(row.into_active_model())
            .on_conflict_do_nothing_on([C::Hall, C::CaseId, C::Matter, C::Cause, C::Step, C::Run])
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("warning", "insert"))?;
        Ok(matches!(done, TryInsertResult::Inserted(n) if n > 0))
    }
}
