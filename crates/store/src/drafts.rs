//! Half-filled forms, kept for their owner.

use crate::rows::draft;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::Username;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// What somebody typed into a form and has not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRecord {
    /// Whose.
    pub owner: Username,
    /// Which form, with what it is about.
    pub form: String,
    /// What was typed.
    pub body_json: String,
    /// When it was last kept.
    pub updated_at: DateTime<Utc>,
}

impl From<draft::Model> for DraftRecord {
    fn from(row: draft::Model) -> Self {
        Self { owner: Username(row.owner), form: row.form, body_json: row.body_json, updated_at: row.updated_at }
    }
}

impl View {
    /// The draft of this form.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn draft(&self, owner: &Username, form: &str) -> Result<Option<DraftRecord>, StoreError> {
        let row = draft::Entity::find_by_id((self.h(), owner.0.clone(), form.to_owned()))
            .one(&self.c())
            .await
            .map_err(self.fail("draft", "read"))?;
        Ok(row.map(DraftRecord::from))
    }

    /// All drafts of a person, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drafts(&self, owner: &Username) -> Result<Vec<DraftRecord>, StoreError> {
        let rows = draft::Entity::find()
            .filter(draft::Column::Hall.eq(self.h()))
            .filter(draft::Column::Owner.eq(owner.as_str()))
            .order_by_desc(draft::Column::UpdatedAt)
            .all(&self.c())
            .await
            .map_err(self.fail("draft", "list"))?;
        Ok(rows.into_iter().map(DraftRecord::from).collect())
    }
}

impl Tx {
    /// Keeps a draft in place of the earlier one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_draft(&mut self, record: &DraftRecord) -> Result<(), StoreError> {
        let row = draft::Model {
            hall: self.h(),
            owner: record.owner.0.clone(),
            form: record.form.clone(),
            body_json: record.body_json.clone(),
            updated_at: micros(record.updated_at),
        };
        let replace = OnConflict::columns([draft::Column::Hall, draft::Column::Owner, draft::Column::Form])
            .update_columns([draft::Column::BodyJson, draft::Column::UpdatedAt])
            .to_owned();
        draft::Entity::insert(row.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("draft", "put"))?;
        Ok(())
    }

    /// Forgets a draft; does nothing when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_draft(&mut self, owner: &Username, form: &str) -> Result<(), StoreError> {
        draft::Entity::delete_by_id((self.h(), owner.0.clone(), form.to_owned()))
            .exec(&self.c())
            .await
            .map_err(self.fail("draft", "delete"))?;
        Ok(())
    }

    /// Forgets the drafts untouched since; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_drafts(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = draft::Entity::delete_many()
            .filter(draft::Column::Hall.eq(self.h()))
            .filter(draft::Column::UpdatedAt.lt(micros(before)))
            .exec(&self.c())
            .await
            .map_err(self.fail("draft", "prune"))?;
        Ok(done.rows_affected)
    }
}
