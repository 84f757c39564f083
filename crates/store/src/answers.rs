//! Answers to requests that may be repeated: the second time they get the first answer.

use crate::page::at_most_one;
use crate::rows::answer;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::Username;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// What was answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The hash of the request: the same key with another request is a mistake of the caller.
    pub body_hash: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The headers worth repeating.
    pub headers_json: String,
    /// When it was answered.
    pub at: DateTime<Utc>,
}

impl View {
    /// The answer that this person got to the request with this key.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn answered(&self, key: &str, who: &Username) -> Result<Option<Answer>, StoreError> {
        let row = answer::Entity::find_by_id((self.h(), who.0.clone(), key.to_owned()))
            .all(&self.c())
            .await
            .map(at_most_one)
            .map_err(self.fail("answer", "read"))?;
        Ok(row.map(|row| Answer {
            body_hash: row.body_hash,
            status: u16::try_from(row.status).unwrap_or_default(),
            body: row.body,
            headers_json: row.headers_json,
            at: row.at,
        }))
    }
}

impl Tx {
    /// Remembers the answer, in the transaction that did the work. If the same request ran at the same time and was first, this
    /// fails and must undo the work: then read [`View::answered`] and give that.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `answer` when there is an answer already.
    pub async fn remember(&mut self, key: &str, who: &Username, answer: &Answer) -> Result<(), StoreError> {
        let row = answer::Model {
            hall: self.h(),
            who: who.0.clone(),
            key: key.to_owned(),
            body_hash: answer.body_hash.clone(),
            status: i32::from(answer.status),
            body: answer.body.clone(),
            headers_json: answer.headers_json.clone(),
            at: micros(answer.at),
        };
        answer::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("answer", "remember"))?;
        Ok(())
    }

    /// Forgets the answers from before; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_answers(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = answer::Entity::delete_many()
            .filter(answer::Column::Hall.eq(self.h()))
            .filter(answer::Column::At.lt(micros(before)))
            .exec(&self.c())
            .await
            .map_err(self.fail("answer", "prune"))?;
        Ok(done.rows_affected)
    }
}
