//! What supervision has found: breaches that the program noted by itself or a person reported.

use crate::page::{NewestBy, Page};
use crate::rows::finding;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};

/// One breach, and the record of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRecord {
    /// The finding: a UUID v7.
    pub id: String,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// Of what kind, as the domain spells it.
    pub kind: String,
    /// In which case.
    pub case: Option<CaseId>,
    /// The clause that was broken (`S3.2`).
    pub clause: String,
    /// Whom or what it concerns.
    pub subject: String,
    /// What shows it.
    pub evidence_json: String,
    /// Where its handling stands, as the domain spells it.
    pub status: String,
}

/// What a list of findings is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this case.
    pub case: Option<CaseId>,
    /// Of this clause.
    pub clause: Option<String>,
    /// Concerning this.
    pub subject: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// At or after.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub before: Option<DateTime<Utc>>,
}

impl From<finding::Model> for FindingRecord {
    fn from(row: finding::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            kind: row.kind,
            case: row.case_id.map(CaseId),
            clause: row.clause,
            subject: row.subject,
            evidence_json: row.evidence_json,
            status: row.status,
        }
    }
}

impl View {
    /// The finding with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finding(&self, id: &str) -> Result<Option<FindingRecord>, StoreError> {
        let row = finding::Entity::find_by_id((self.h(), id.to_owned()))
            .one(&self.c())
            .await
            .map_err(self.fail("finding", "read"))?;
        Ok(row.map(FindingRecord::from))
    }

    /// One page of findings, the newest first; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_findings(
        &self,
        filter: &FindingFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<FindingRecord>, StoreError> {
        use finding::Column as C;
        let text = |column: C, value: &Option<String>| value.as_ref().map(|value| column.eq(value.as_str()));
        let wanted = Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(text(C::Kind, &filter.kind))
            .add_option(filter.case.as_ref().map(|case| C::CaseId.eq(case.as_str())))
            .add_option(text(C::Clause, &filter.clause))
            .add_option(text(C::Subject, &filter.subject))
            .add_option(text(C::Status, &filter.status))
            .add_option(filter.from.map(|at| C::At.gte(micros(at))))
            .add_option(filter.before.map(|at| C::At.lt(micros(at))));
        let query = finding::Entity::find().filter(wanted);
        let by =
            NewestBy { table: "finding", at: C::At, id: C::Id, key: |row: &FindingRecord| (row.at, row.id.clone()) };
        self.newest_page(query, by, cursor, limit).await
    }
}

impl Tx {
    /// Writes down a finding.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `finding` when the id is taken.
    pub async fn insert_finding(&mut self, record: &FindingRecord) -> Result<(), StoreError> {
        let new = record.clone();
        let row = finding::Model {
            hall: self.h(),
            id: new.id,
            at: micros(new.at),
            kind: new.kind,
            case_id: new.case.map(|case| case.0),
            clause: new.clause,
            subject: new.subject,
            evidence_json: new.evidence_json,
            status: new.status,
        };
        finding::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("finding", "insert"))?;
        Ok(())
    }

    /// Moves the handling of a finding on.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such finding.
    pub async fn set_finding_status(&mut self, id: &str, status: &str) -> Result<(), StoreError> {
        let done = finding::Entity::update_many()
            .col_expr(finding::Column::Status, Expr::val(status))
            .filter(finding::Column::Hall.eq(self.h()))
            .filter(finding::Column::Id.eq(id))
            .exec(&self.c())
            .await
            .map_err(self.fail("finding", "set status"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "finding", operation: "set status" });
        }
        Ok(())
    }
}
