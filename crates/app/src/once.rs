//! Requests that may be repeated: the same key and body get the first answer again, and the work is done once.
//!
//! The answer of what was done is kept in the transaction that did it, so either both are there or neither is, also after a
//! crash. Of two equal requests at the same moment the second cannot keep its answer: its work is undone, and it gets the
//! answer of the first. A refusal is not kept: it left nothing behind, and the same request is decided anew, which may succeed
//! once the reason is gone (a later version in `If-Match`, a material that has come). Answers are kept for [`KEPT_DAYS`] days.

use crate::absences::RecordedAbsence;
use crate::app::App;
use crate::cases::{CreatedCase, Performed};
use crate::uploads::Uploaded;
use crate::warnings::Chased;
use crate::{Answer, AppError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{ConsultationId, LeadId, MeetingId, Username};
use std::sync::Arc;

/// How many days an answer is kept: longer than any program goes on repeating a request.
pub const KEPT_DAYS: i64 = 7;

/// What came of a request that is answered only once.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A command.
    Performed(Performed),
    /// A new case.
    Created(CreatedCase),
    /// A new consultation.
    Consultation(ConsultationId),
    /// A lead that was written down or changed.
    Lead(LeadId),
    /// A meeting that was called or changed.
    Meeting(MeetingId),
    /// A file that was taken in.
    Uploaded(Uploaded),
    /// An absence that was recorded.
    Absence(RecordedAbsence),
    /// A chase that was sent.
    Chased(Chased),
}

/// How to make the answer of a request.
type MakeAnswer = Arc<dyn Fn(&Outcome) -> Answer + Send + Sync>;

/// A request that carries an idempotency key: its answer is kept in the same transaction.
#[derive(Clone)]
pub struct Once {
    /// The key.
    pub key: String,
    /// Who asks.
    pub who: String,
    /// The hash of the body.
    pub body_hash: String,
    /// How the answer is made.
    pub answer: MakeAnswer,
}

impl Once {
    /// The answer to be kept: key, who, row.
    pub(crate) fn answered(&self, outcome: &Outcome, at: DateTime<Utc>) -> (String, Username, store::Answer) {
        let answer = (self.answer)(outcome);
        let row = store::Answer {
            body_hash: self.body_hash.clone(),
            status: answer.status,
            body: answer.body,
            headers_json: serde_json::to_string(&answer.headers).unwrap_or_else(|_| "[]".to_owned()),
            at,
        };
        (self.key.clone(), Username(self.who.clone()), row)
    }
}

/// What a request that may be repeated is answered.
#[derive(Clone, Debug)]
pub enum Answered<T> {
    /// It was carried out just now.
    Now(T),
    /// It was carried out before, or by its twin at the same moment; this is what was answered then.
    Before(Answer),
}

impl App {
    /// Carries out a request once. The first answer is looked for before anything else; `work` has to hand `once` on to the use
    /// case. Whatever keeps the work from being done, the twin of the request may have caused it, so the answer is looked for
    /// again.
    ///
    /// # Errors
    /// [`AppError::KeyReused`] if the key was used for another body, else what `work` says.
    pub async fn once<T, E: From<AppError>>(
        &self,
        once: Option<&Once>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Answered<T>, E> {
        if let Some(first) = self.answer_of(once).await? {
            return Ok(Answered::Before(first));
        }
        match work.await {
            Ok(done) => Ok(Answered::Now(done)),
            Err(error) => self.answer_of(once).await?.map(Answered::Before).ok_or(error),
        }
    }

    async fn answer_of(&self, once: Option<&Once>) -> Result<Option<Answer>, AppError> {
        match once {
            Some(once) => self.first_answer(&once.who, &once.key, &once.body_hash).await,
            None => Ok(None),
        }
    }

    /// Whether the twin of a request was carried out meanwhile, so that trying it again is of no use.
    pub(crate) async fn is_answered(&self, once: Option<&Once>) -> Result<bool, AppError> {
        Ok(self.answer_of(once).await?.is_some())
    }

    /// The first answer to a request with this key, if there was one.
    ///
    /// # Errors
    /// [`AppError::KeyReused`] if the key was used for another body.
    pub async fn first_answer(&self, who: &str, key: &str, body_hash: &str) -> Result<Option<Answer>, AppError> {
        let Some(row) = self.inner.store.answered(key, &Username::from(who)).await? else {
            return Ok(None);
        };
        if row.body_hash != body_hash {
            return Err(AppError::KeyReused);
        }
        let headers = serde_json::from_str(&row.headers_json)?;
        Ok(Some(Answer { status: row.status, headers, body: row.body }))
    }

    /// Forgets the answers that are older than [`KEPT_DAYS`] days and answers how many those were.
    ///
    /// # Errors
    /// What the store says.
    pub async fn forget_old_answers(&self) -> Result<u64, AppError> {
        let before = self.now() - TimeDelta::days(KEPT_DAYS);
        Ok(self.inner.store.write(move |tx| Box::pin(async move { tx.prune_answers(before).await })).await?)
    }
}
