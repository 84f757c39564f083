//! Sessions of people and tokens of other systems. Only hashes of the secrets are kept.

use crate::page::at_most_one;
use crate::rows::{api_token, session};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::Username;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// Somebody is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The hash of the session's secret.
    pub id_hash: String,
    /// Who.
    pub username: Username,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When last active.
    pub last_seen: DateTime<Utc>,
    /// Until when at most.
    pub expires_at: DateTime<Utc>,
    /// The token that forms carry.
    pub csrf: String,
}

/// A key for another system that acts in a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// The hash of the token.
    pub hash: String,
    /// In whose name.
    pub username: Username,
    /// What it is for.
    pub label: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when; nothing: until it is deleted.
    pub expires_at: Option<DateTime<Utc>>,
}

impl From<session::Model> for SessionRecord {
    fn from(row: session::Model) -> Self {
        Self {
            id_hash: row.id_hash,
            username: Username(row.username),
            created_at: row.created_at,
            last_seen: row.last_seen,
            expires_at: row.expires_at,
            csrf: row.csrf,
        }
    }
}

impl From<api_token::Model> for TokenRecord {
    fn from(row: api_token::Model) -> Self {
        Self {
            hash: row.hash,
            username: Username(row.username),
            label: row.label,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

impl View {
    /// The session with this hash, if it has not expired at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn session(&self, id_hash: &str, now: DateTime<Utc>) -> Result<Option<SessionRecord>, StoreError> {
        let row = session::Entity::find_by_id((self.h(), id_hash.to_owned()))
            .filter(session::Column::ExpiresAt.gt(micros(now)))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("session", "read"))?;
        Ok(row.map(SessionRecord::from))
    }

    /// The token with this hash, if it has not expired at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn token(&self, hash: &str, now: DateTime<Utc>) -> Result<Option<TokenRecord>, StoreError> {
        let row = api_token::Entity::find_by_id((self.h(), hash.to_owned()))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("api_token", "read"))?;
        let row = row.filter(|row| row.expires_at.is_none_or(|expires| expires > now));
        Ok(row.map(TokenRecord::from))
    }

    /// All tokens of a person, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tokens(&self, username: &Username) -> Result<Vec<TokenRecord>, StoreError> {
        let rows = api_token::Entity::find()
            .filter(api_token::Column::Hall.eq(self.h()))
            .filter(api_token::Column::Username.eq(username.as_str()))
            .order_by_asc(api_token::Column::CreatedAt)
            .all(&self.c())
            .await
            .map_err(self.fail("api_token", "list"))?;
        Ok(rows.into_iter().map(TokenRecord::from).collect())
    }
}

impl Tx {
    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such person.
    pub async fn insert_session(&mut self, record: &SessionRecord) -> Result<(), StoreError> {
        let row = session::Model {
            hall: self.h(),
            id_hash: record.id_hash.clone(),
            username: record.username.0.clone(),
            created_at: micros(record.created_at),
            last_seen: micros(record.last_seen),
            expires_at: micros(record.expires_at),
            csrf: record.csrf.clone(),
        };
        session::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("session", "insert"))?;
        Ok(())
    }

    /// Notes that a session is active, and until when it now lasts.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn touch_session(
        &mut self,
        id_hash: &str,
        seen: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        session::Entity::update_many()
            .col_expr(session::Column::LastSeen, Expr::val(micros(seen)))
            .col_expr(session::Column::ExpiresAt, Expr::val(micros(expires_at)))
            .filter(session::Column::Hall.eq(self.h()))
            .filter(session::Column::IdHash.eq(id_hash))
            .exec(&self.c())
            .await
            .map_err(self.fail("session", "touch"))?;
        Ok(())
    }

    /// Ends a session; does nothing when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_session(&mut self, id_hash: &str) -> Result<(), StoreError> {
        self.delete_sessions_where(session::Column::IdHash.eq(id_hash)).await.map(drop)
    }

    /// Ends all sessions of a person; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_sessions_of(&mut self, username: &Username) -> Result<u64, StoreError> {
        self.delete_sessions_where(session::Column::Username.eq(username.as_str())).await
    }

    /// Forgets the sessions that had expired at `now`; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_sessions(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.delete_sessions_where(session::Column::ExpiresAt.lte(micros(now))).await
    }

    async fn delete_sessions_where(&mut self, which: Expr) -> Result<u64, StoreError> {
        let done = session::Entity::delete_many()
            .filter(session::Column::Hall.eq(self.h()))
            .filter(which)
            .exec(&self.c())
            .await
            .map_err(self.fail("session", "delete"))?;
        Ok(done.rows_affected)
    }

    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such person.
    pub async fn insert_token(&mut self, record: &TokenRecord) -> Result<(), StoreError> {
        let row = api_token::Model {
            hall: self.h(),
            hash: record.hash.clone(),
            username: record.username.0.clone(),
            label: record.label.clone(),
            created_at: micros(record.created_at),
            expires_at: record.expires_at.map(micros),
        };
        api_token::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("api_token", "insert"))?;
        Ok(())
    }

    /// Takes a token away; does nothing when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_token(&mut self, hash: &str) -> Result<(), StoreError> {
        api_token::Entity::delete_by_id((self.h(), hash.to_owned()))
            .exec(&self.c())
            .await
            .map_err(self.fail("api_token", "delete"))?;
        Ok(())
    }

    /// Takes all tokens of a person away; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_tokens_of(&mut self, username: &Username) -> Result<u64, StoreError> {
        let done = api_token::Entity::delete_many()
            .filter(api_token::Column::Hall.eq(self.h()))
            .filter(api_token::Column::Username.eq(username.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("api_token", "delete"))?;
        Ok(done.rows_affected)
    }
}
