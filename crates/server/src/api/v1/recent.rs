//! First answers that are kept in memory for a quarter of an hour: tokens, which must not be written down, and uploads,
//! which another upload of the same bytes would only repeat.

use super::once::Keyed;
use crate::fault::Fault;
use app::{Answer, AppError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

struct Kept {
    body_hash: String,
    answer: Answer,
    at: DateTime<Utc>,
}

/// First answers by who and key.
#[derive(Default)]
pub(crate) struct RecentAnswers(Mutex<HashMap<(String, String), Kept>>);

impl RecentAnswers {
    /// The first answer to the same request.
    ///
    /// # Errors
    /// 409 if the key was used for another one.
    pub(super) fn answer(&self, keyed: &Keyed, now: DateTime<Utc>) -> Result<Option<Answer>, Fault> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| now - kept.at < TimeDelta::minutes(15));
        match kept.get(&keyed.name()) {
            Some(kept) if kept.body_hash == keyed.body_hash => Ok(Some(kept.answer.clone())),
            Some(_) => Err(AppError::KeyReused.into()),
            None => Ok(None),
        }
    }

    /// Keeps a first answer.
    pub(super) fn keep(&self, keyed: &Keyed, answer: &Answer, now: DateTime<Utc>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = Kept { body_hash: keyed.body_hash.clone(), answer: answer.clone(), at: now };
        kept.entry(keyed.name()).or_insert(new);
    }
}
