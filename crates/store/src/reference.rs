//! Reference data (catalogue, calendar, phrases, settings): small, versioned, swapped whole.

use crate::rows::reference;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::Username;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

/// One version of one kind of reference data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceVersion {
    /// The kind.
    pub kind: String,
    /// Counts from 1.
    pub version: i64,
    /// The data.
    pub body_json: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who changed it.
    pub actor: Username,
}

impl From<reference::Model> for ReferenceVersion {
    fn from(row: reference::Model) -> Self {
        Self { kind: row.kind, version: row.version, body_json: row.body_json, at: row.at, actor: Username(row.actor) }
    }
}

impl View {
    /// The version of this kind that holds, and its data.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference(&self, kind: &str) -> Result<Option<(i64, String)>, StoreError> {
        reference::Entity::find()
            .select_only()
            .columns([reference::Column::Version, reference::Column::BodyJson])
            .filter(reference::Column::Hall.eq(self.h()))
            .filter(reference::Column::Kind.eq(kind))
            .order_by_desc(reference::Column::Version)
            .limit(1)
            .into_tuple()
            .one(&self.c())
            .await
            .map_err(self.fail("reference", "read"))
    }

    /// The versions that hold, by kind: a cheap question whether anything has changed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_versions(&self) -> Result<Vec<(String, i64)>, StoreError> {
        reference::Entity::find()
            .select_only()
            .column(reference::Column::Kind)
            .column_as(reference::Column::Version.max(), "version")
            .filter(reference::Column::Hall.eq(self.h()))
            .group_by(reference::Column::Kind)
            .order_by_asc(reference::Column::Kind)
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("reference", "list versions"))
    }

    /// All versions of this kind, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_history(&self, kind: &str, limit: u64) -> Result<Vec<ReferenceVersion>, StoreError> {
        let rows = reference::Entity::find()
            .filter(reference::Column::Hall.eq(self.h()))
            .filter(reference::Column::Kind.eq(kind))
            .order_by_desc(reference::Column::Version)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("reference", "list history"))?;
        Ok(rows.into_iter().map(ReferenceVersion::from).collect())
    }
}

impl Tx {
    /// Writes the next version of this kind and answers its number; the earlier ones are kept.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `reference` when somebody else wrote one at the same time.
    pub async fn put_reference(
        &mut self,
        kind: &str,
        body_json: &str,
        at: DateTime<Utc>,
        actor: &Username,
    ) -> Result<i64, StoreError> {
        let version = self.reference(kind).await?.map_or(1, |(version, _)| version + 1);
        let row = reference::Model {
            hall: self.h(),
            kind: kind.to_owned(),
            version,
            body_json: body_json.to_owned(),
            at: micros(at),
            actor: actor.0.clone(),
        };
        reference::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("reference", "put"))?;
        Ok(version)
    }
}
