//! Reference data (catalogue, calendar, hall, fees): small, versioned, swapped whole, each version with its day of effect.

use crate::backend;
use crate::rows::reference;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::Username;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

/// One version of one kind of reference data. Of the versions whose day has come, the one with the latest day holds, and
/// of those of one day the one that was stored last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceVersion {
    /// The kind.
    pub kind: String,
    /// Counts from 1.
    pub version: i64,
    /// The data.
    pub body_json: String,
    /// When it was stored.
    pub at: DateTime<Utc>,
    /// Who changed it.
    pub actor: Username,
    /// From which day on it holds.
    pub effective_on: NaiveDate,
    /// Why it was changed; empty where nobody was asked.
    pub reason: String,
}

impl From<reference::Model> for ReferenceVersion {
    fn from(row: reference::Model) -> Self {
        Self {
            kind: row.kind,
            version: row.version,
            body_json: row.body_json,
            at: row.at,
            actor: Username(row.actor),
            effective_on: row.effective_on,
            reason: row.reason,
        }
    }
}

/// A version to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReference {
    /// The kind.
    pub kind: String,
    /// The data.
    pub body_json: String,
    /// When it is stored.
    pub at: DateTime<Utc>,
    /// Who changes it.
    pub actor: Username,
    /// From which day on it holds.
    pub effective_on: NaiveDate,
    /// Why.
    pub reason: String,
}

impl View {
    /// The version of this kind that was stored last, and its data, whatever its day.
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

    /// The version of this kind that holds on a day. The first holds before its day too: there was no other.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_on(&self, kind: &str, day: NaiveDate) -> Result<Option<ReferenceVersion>, StoreError> {
        use reference::Column as C;
        let of_kind =
            || reference::Entity::find().filter(C::Hall.eq(self.h())).filter(C::Kind.eq(kind.to_owned())).limit(1);
        let come = of_kind().filter(C::EffectiveOn.lte(day));
        let newest = come.order_by_desc(C::EffectiveOn).order_by_desc(C::Version);
        if let Some(row) = newest.one(&self.c()).await.map_err(self.fail("reference", "read by day"))? {
            return Ok(Some(row.into()));
        }
        let first = of_kind().order_by_asc(C::EffectiveOn).order_by_asc(C::Version);
        let row = first.one(&self.c()).await.map_err(self.fail("reference", "read first"))?;
        Ok(row.map(ReferenceVersion::from))
    }

    /// A version by its number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_version(&self, kind: &str, version: i64) -> Result<Option<ReferenceVersion>, StoreError> {
        let row = reference::Entity::find_by_id((self.h(), kind.to_owned(), version)).one(&self.c()).await;
        Ok(row.map_err(self.fail("reference", "read version"))?.map(ReferenceVersion::from))
    }

    /// The days after this one from which on some version holds, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_days_after(&self, day: NaiveDate) -> Result<Vec<NaiveDate>, StoreError> {
        reference::Entity::find()
            .select_only()
            .column(reference::Column::EffectiveOn)
            .filter(reference::Column::Hall.eq(self.h()))
            .filter(reference::Column::EffectiveOn.gt(day))
            .distinct()
            .order_by_asc(reference::Column::EffectiveOn)
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("reference", "list days"))
    }

    /// The versions that were stored last, by kind: a cheap question whether anything has changed.
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

    /// The newest versions of this kind, so many of them, and every one whose day lies after this one: what is to come is
    /// never left out. The newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_history(
        &self,
        kind: &str,
        newest: i64,
        day: NaiveDate,
    ) -> Result<Vec<ReferenceVersion>, StoreError> {
        use reference::Column as C;
        let last = self.reference(kind).await?.map_or(0, |(version, _)| version);
        let rows = reference::Entity::find()
            .filter(C::Hall.eq(self.h()))
            .filter(C::Kind.eq(kind))
            .filter(Condition::any().add(C::Version.gt(last - newest)).add(C::EffectiveOn.gt(day)))
            .order_by_desc(C::Version)
            .all(&self.c())
            .await
            .map_err(self.fail("reference", "list history"))?;
        Ok(rows.into_iter().map(ReferenceVersion::from).collect())
    }

    /// The version that this one replaced: of those stored before it, the one that held on its day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reference_before(&self, version: &ReferenceVersion) -> Result<Option<ReferenceVersion>, StoreError> {
        use reference::Column as C;
        let row = reference::Entity::find()
            .filter(C::Hall.eq(self.h()))
            .filter(C::Kind.eq(version.kind.as_str()))
            .filter(C::Version.lt(version.version))
            .filter(C::EffectiveOn.lte(version.effective_on))
            .order_by_desc(C::EffectiveOn)
            .order_by_desc(C::Version)
            .limit(1)
            .one(&self.c())
            .await
            .map_err(self.fail("reference", "read replaced"))?;
        Ok(row.map(ReferenceVersion::from))
    }
}

impl Tx {
    /// Lets one change of the hall's configuration, its people included, go after the other until this transaction ends. Take
    /// it before reading what the change builds upon.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_configuration(&mut self) -> Result<(), StoreError> {
        if let Some(lock) = backend::configuration_lock(self.backend()) {
            let lock = self.sql(lock, [self.h().into()]);
            self.c().execute_raw(lock).await.map_err(self.fail("reference", "lock"))?;
        }
        Ok(())
    }

    /// Writes the next version of this kind and answers its number; the earlier ones are kept.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `reference` when somebody else wrote one at the same time.
    pub async fn put_reference(&mut self, new: &NewReference) -> Result<i64, StoreError> {
        let version = self.reference(&new.kind).await?.map_or(1, |(version, _)| version + 1);
        let row = reference::Model {
            hall: self.h(),
            kind: new.kind.clone(),
            version,
            body_json: new.body_json.clone(),
            at: micros(new.at),
            actor: new.actor.0.clone(),
            effective_on: new.effective_on,
            reason: new.reason.clone(),
        };
        reference::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("reference", "put"))?;
        Ok(version)
    }
}
