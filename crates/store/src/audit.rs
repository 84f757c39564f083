//! Who read private data, and why. The table refuses `UPDATE` and `DELETE`.

use crate::page::{NewestBy, Page};
use crate::rows::audit;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::Username;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};

/// One look at something private, or one refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The entry: a UUID v7.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Username,
    /// What was done.
    pub action: String,
    /// With what: kind and id.
    pub resource: String,
    /// The reason given.
    pub reason: Option<String>,
    /// On what ground it was allowed.
    pub grant_json: String,
}

/// What a list of private reads is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By this person.
    pub actor: Option<Username>,
    /// Of this action.
    pub action: Option<String>,
    /// Of this resource.
    pub resource: Option<String>,
    /// At or after.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub before: Option<DateTime<Utc>>,
}

impl From<audit::Model> for AuditRecord {
    fn from(row: audit::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: Username(row.actor),
            action: row.action,
            resource: row.resource,
            reason: row.reason,
            grant_json: row.grant_json,
        }
    }
}

impl View {
    /// One page of private reads, the newest first; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_audit(
        &self,
        filter: &AuditFilter,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<AuditRecord>, StoreError> {
        use audit::Column as C;
        let wanted = Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.actor.as_ref().map(|actor| C::Actor.eq(actor.as_str())))
            .add_option(filter.action.as_ref().map(|action| C::Action.eq(action.as_str())))
            .add_option(filter.resource.as_ref().map(|resource| C::Resource.eq(resource.as_str())))
            .add_option(filter.from.map(|at| C::At.gte(micros(at))))
            .add_option(filter.before.map(|at| C::At.lt(micros(at))));
        let query = audit::Entity::find().filter(wanted);
        let by = NewestBy { table: "audit", at: C::At, id: C::Id, key: |row: &AuditRecord| (row.at, row.id.clone()) };
        self.newest_page(query, by, cursor, limit).await
    }
}

impl Tx {
    /// Writes down a private read.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `audit` when the id is taken.
    pub async fn insert_audit(&mut self, record: &AuditRecord) -> Result<(), StoreError> {
        let new = record.clone();
        let row = audit::Model {
            hall: self.h(),
            id: new.id,
            at: micros(new.at),
            actor: new.actor.0,
            action: new.action,
            resource: new.resource,
            reason: new.reason,
            grant_json: new.grant_json,
        };
        audit::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("audit", "insert"))?;
        Ok(())
    }
}
