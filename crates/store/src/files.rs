//! What is known about stored files; their bytes are elsewhere, by hash.

use crate::rows::{cases, stored_file};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{CaseId, FileId, Username};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// One file that somebody uploaded or the program made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The file.
    pub id: FileId,
    /// SHA-256 of the bytes, lower-case hex: where they are found.
    pub hash: String,
    /// The media type, found from the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// The name to show.
    pub name: String,
    /// Who brought it in.
    pub owner: Username,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<stored_file::Model> for FileRecord {
    fn from(row: stored_file::Model) -> Self {
        Self {
            id: FileId(row.id),
            hash: row.hash,
            media_type: row.media_type,
            size: row.size,
            name: row.name,
            owner: Username(row.owner),
            case: row.case_id.map(CaseId),
            at: row.at,
        }
    }
}

impl View {
    /// The file with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn file(&self, id: &FileId) -> Result<Option<FileRecord>, StoreError> {
        Ok(self.files_where(stored_file::Column::Id.eq(id.as_str())).await?.pop())
    }

    /// The files of a case, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn files_of_case(&self, case: &CaseId) -> Result<Vec<FileRecord>, StoreError> {
        self.files_where(stored_file::Column::CaseId.eq(case.as_str())).await
    }

    /// Files after this one, in the order of their ids, that belong to no case, or to one that is not there: what
    /// [`View::files_of_case`] answers for no case. For `check`, in batches.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn loose_files(&self, last: Option<&FileId>, limit: u64) -> Result<Vec<FileRecord>, StoreError> {
        let case = Query::select()
            .column(cases::Column::Id)
            .from(cases::Entity)
            .and_where(cases::Column::Hall.eq(self.h()))
            .take();
        let without = stored_file::Column::CaseId.is_null().or(stored_file::Column::CaseId.not_in_subquery(case));
        let rows = stored_file::Entity::find()
            .filter(stored_file::Column::Hall.eq(self.h()))
            .filter(without)
            .filter(stored_file::Column::Id.gt(last.map_or("", FileId::as_str)))
            .order_by_asc(stored_file::Column::Id)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("stored_file", "list without case"))?;
        Ok(rows.into_iter().map(FileRecord::from).collect())
    }

    /// How many files have these bytes; when none has, they may be deleted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn files_with_hash(&self, hash: &str) -> Result<u64, StoreError> {
        stored_file::Entity::find()
            .filter(stored_file::Column::Hall.eq(self.h()))
            .filter(stored_file::Column::Hash.eq(hash))
            .count(&self.c())
            .await
            .map_err(self.fail("stored_file", "count"))
    }

    async fn files_where(&self, which: Expr) -> Result<Vec<FileRecord>, StoreError> {
        let rows = stored_file::Entity::find()
            .filter(stored_file::Column::Hall.eq(self.h()))
            .filter(which)
            .order_by_asc(stored_file::Column::At)
            .order_by_asc(stored_file::Column::Id)
            .all(&self.c())
            .await
            .map_err(self.fail("stored_file", "read"))?;
        Ok(rows.into_iter().map(FileRecord::from).collect())
    }
}

impl Tx {
    /// Writes down a file.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `stored_file` when the id is taken.
    pub async fn insert_file(&mut self, record: &FileRecord) -> Result<(), StoreError> {
        let new = record.clone();
        let row = stored_file::Model {
            hall: self.h(),
            id: new.id.0,
            hash: new.hash,
            media_type: new.media_type,
            size: new.size,
            name: new.name,
            owner: new.owner.0,
            case_id: new.case.map(|case| case.0),
            at: micros(new.at),
        };
        stored_file::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("stored_file", "insert"))?;
        Ok(())
    }

    /// Notes the case that a file belongs to: one, and the first.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `stored_file` when it belongs to another case, [`StoreError::Missing`] when there is no such
    /// file.
    pub async fn set_file_case(&mut self, id: &FileId, case: &CaseId) -> Result<(), StoreError> {
        const SET: &str = "set case";
        let is_free = stored_file::Column::CaseId.is_null().or(stored_file::Column::CaseId.eq(case.as_str()));
        let done = stored_file::Entity::update_many()
            .col_expr(stored_file::Column::CaseId, Expr::val(case.as_str()))
            .filter(stored_file::Column::Hall.eq(self.h()))
            .filter(stored_file::Column::Id.eq(id.as_str()))
            .filter(is_free)
            .exec(&self.c())
            .await
            .map_err(self.fail("stored_file", SET))?;
        if done.rows_affected == 1 {
            return Ok(());
        }
        Err(match self.file(id).await? {
            Some(taken) => {
                let detail = taken.case.map_or_else(String::new, |case| case.0);
                StoreError::Unique { table: "stored_file", operation: SET, detail }
            }
            None => StoreError::Missing { table: "stored_file", operation: SET },
        })
    }
}
