//! First answers that are kept in memory, for a quarter of an hour: those that give out a token.
//!
//! A token must not be written down, nor may the fast hash of a body that holds a password, so these answers do not stand in
//! the database with the others. After a restart, or at another process, the same request gets a new token; nothing but that
//! token came of the first one, and it ends by itself.

use super::once::{Keyed, again, given};
use crate::fault::Fault;
use app::{Answer, AppError};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::minutes(15);

/// A request: its answer, or the place where those wait that came at the same moment.
struct Kept {
    body_hash: String,
    first: Arc<OnceCell<Answer>>,
    at: DateTime<Utc>,
}

/// First answers by who and key.
#[derive(Default)]
pub(crate) struct RecentAnswers(Mutex<HashMap<(String, String), Kept>>);

impl RecentAnswers {
    /// The first answer to the same request, or that of `work`, which is then kept. Of several equal requests at the same moment
    /// one works and the others wait for its answer. An error is not kept.
    ///
    /// # Errors
    /// 409 if the key was used for another request, else what `work` says.
    pub(super) async fn once(
        &self,
        keyed: &Keyed,
        now: DateTime<Utc>,
        work: impl Future<Output = Result<Answer, Fault>>,
    ) -> Result<Response, Fault> {
        let first = self.place(keyed, now)?;
        let mut is_first = false;
        let answer = first
            .get_or_try_init(|| {
                is_first = true;
                work
            })
            .await;
        match answer {
            Ok(answer) if is_first => Ok(given(answer.clone())),
            Ok(answer) => Ok(again(answer.clone())),
            Err(fault) => {
                drop(first);
                self.free(keyed);
                Err(fault)
            }
        }
    }

    fn place(&self, keyed: &Keyed, now: DateTime<Utc>) -> Result<Arc<OnceCell<Answer>>, Fault> {
        let mut kept = self.locked();
        kept.retain(|_, kept| now - kept.at < KEPT);
        let new = || Kept { body_hash: keyed.body_hash.clone(), first: Arc::default(), at: now };
        let place = kept.entry(keyed.name()).or_insert_with(new);
        match place.body_hash == keyed.body_hash {
            true => Ok(Arc::clone(&place.first)),
            false => Err(AppError::KeyReused.into()),
        }
    }

    /// Gives a key free that has no answer and for which nobody waits.
    fn free(&self, keyed: &Keyed) {
        let mut kept = self.locked();
        let name = keyed.name();
        if kept.get(&name).is_some_and(|kept| kept.first.get().is_none() && Arc::strong_count(&kept.first) == 1) {
            kept.remove(&name);
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<(String, String), Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
