//! Links by which a client signs one document on its own device. Only hashes of their secrets are kept.

use crate::page::at_most_one;
use crate::rows::sign_link;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DocumentId, Username};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// A link for one signature of the client under one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignLinkRecord {
    /// The hash of the secret in its address.
    pub hash: String,
    /// The case.
    pub case: CaseId,
    /// The document.
    pub document: DocumentId,
    /// The hash of the document as it was when the link was made.
    pub document_hash: String,
    /// In whose name it is signed: who made the link.
    pub made_by: Username,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it opens.
    pub expires_at: DateTime<Utc>,
    /// The hash of secret and code.
    pub code_hash: String,
    /// Wrong codes so far, and those that are being looked at.
    pub tries: i32,
    /// The hash of the secret of the device that gave the right code last.
    pub opened_hash: Option<String>,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
}

impl From<sign_link::Model> for SignLinkRecord {
    fn from(row: sign_link::Model) -> Self {
        Self {
            hash: row.hash,
            case: CaseId(row.case_id),
            document: DocumentId(row.document),
            document_hash: row.document_hash,
            made_by: Username(row.made_by),
            made_at: row.made_at,
            expires_at: row.expires_at,
            code_hash: row.code_hash,
            tries: row.tries,
            opened_hash: row.opened_hash,
            signed_at: row.signed_at,
        }
    }
}

impl View {
    /// The link with this hash, if it has not expired at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_link(&self, hash: &str, now: DateTime<Utc>) -> Result<Option<SignLinkRecord>, StoreError> {
        let row = sign_link::Entity::find_by_id((self.h(), hash.to_owned()))
            .filter(sign_link::Column::ExpiresAt.gt(micros(now)))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("sign_link", "read"))?;
        Ok(row.map(SignLinkRecord::from))
    }
}

impl Tx {
    /// Makes a link. Earlier ones for the same document that were not signed by are forgotten: only the newest holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_sign_link(&mut self, record: &SignLinkRecord) -> Result<(), StoreError> {
        let same = sign_link::Column::CaseId
            .eq(record.case.as_str())
            .and(sign_link::Column::Document.eq(record.document.as_str()))
            .and(sign_link::Column::SignedAt.is_null());
        self.delete_sign_links_where(same).await?;
        let row = sign_link::Model {
            hall: self.h(),
            hash: record.hash.clone(),
            case_id: record.case.0.clone(),
            document: record.document.0.clone(),
            document_hash: record.document_hash.clone(),
            made_by: record.made_by.0.clone(),
            made_at: micros(record.made_at),
            expires_at: micros(record.expires_at),
            code_hash: record.code_hash.clone(),
            tries: record.tries,
            opened_hash: record.opened_hash.clone(),
            signed_at: record.signed_at.map(micros),
        };
        sign_link::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("sign_link", "insert"))?;
        Ok(())
    }

    /// Takes one of `most` tries, before the code is looked at, so that guesses at the same moment are counted too. Answers
    /// whether there was one left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_sign_try(&mut self, hash: &str, most: i32) -> Result<bool, StoreError> {
        let done = sign_link::Entity::update_many()
            .col_expr(sign_link::Column::Tries, Expr::col(sign_link::Column::Tries).add(1))
            .filter(sign_link::Column::Hall.eq(self.h()))
            .filter(sign_link::Column::Hash.eq(hash))
            .filter(sign_link::Column::Tries.lt(most))
            .exec(&self.c())
            .await
            .map_err(self.fail("sign_link", "try"))?;
        Ok(done.rows_affected == 1)
    }

    /// The code was right: gives the try back and notes the device.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_sign_link(&mut self, hash: &str, opened_hash: &str) -> Result<(), StoreError> {
        sign_link::Entity::update_many()
            .col_expr(sign_link::Column::Tries, Expr::col(sign_link::Column::Tries).sub(1))
            .col_expr(sign_link::Column::OpenedHash, Expr::val(opened_hash))
            .filter(sign_link::Column::Hall.eq(self.h()))
            .filter(sign_link::Column::Hash.eq(hash))
            .exec(&self.c())
            .await
            .map_err(self.fail("sign_link", "open"))?;
        Ok(())
    }

    /// Notes that a link has done its work; until `expires_at` what was signed can be fetched by it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finish_sign_link(
        &mut self,
        hash: &str,
        signed_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sign_link::Entity::update_many()
            .col_expr(sign_link::Column::SignedAt, Expr::val(micros(signed_at)))
            .col_expr(sign_link::Column::ExpiresAt, Expr::val(micros(expires_at)))
            .filter(sign_link::Column::Hall.eq(self.h()))
            .filter(sign_link::Column::Hash.eq(hash))
            .filter(sign_link::Column::SignedAt.is_null())
            .exec(&self.c())
            .await
            .map_err(self.fail("sign_link", "finish"))?;
        Ok(())
    }

    /// Forgets the links that had expired at `now`; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_sign_links(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.delete_sign_links_where(sign_link::Column::ExpiresAt.lte(micros(now))).await
    }

    async fn delete_sign_links_where(&mut self, which: Expr) -> Result<u64, StoreError> {
        let done = sign_link::Entity::delete_many()
            .filter(sign_link::Column::Hall.eq(self.h()))
            .filter(which)
            .exec(&self.c())
            .await
            .map_err(self.fail("sign_link", "delete"))?;
        Ok(done.rows_affected)
    }
}
