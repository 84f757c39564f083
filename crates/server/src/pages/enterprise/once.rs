//! Forms that are sent once however often one clicks: the hidden `once` key of a form is its idempotency key.

use crate::auth::Signed;
use crate::fault::Fault;
use app::{Answer, Once, Outcome};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// Where a form leads once it is carried out.
type Target = Arc<dyn Fn(&Outcome) -> String + Send + Sync>;

/// To where the first sending of a form led.
pub(crate) fn led(answer: Answer) -> Response {
    let to = answer.headers.into_iter().find(|(name, _)| name == "location");
    Redirect::to(to.as_ref().map_or("/", |(_, to)| to)).into_response()
}

/// A form with its key.
pub(crate) struct Form {
    key: String,
    who: String,
    hash: String,
    to: Target,
}

impl Form {
    /// A form that leads to `to`. `what` is everything that was typed: the same key with something else is refused.
    pub(crate) fn new(
        visit: &Signed,
        key: &str,
        what: &impl Serialize,
        to: impl Fn(&Outcome) -> String + Send + Sync + 'static,
    ) -> Self {
        let body = serde_json::to_vec(what).unwrap_or_default();
        let hash = Sha256::digest(&body).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Self { key: key.to_owned(), who: visit.user.actor.username.to_string(), hash, to: Arc::new(to) }
    }

    /// Where the first sending of this form led, if there was one.
    ///
    /// # Errors
    /// The key was used for another form.
    pub(crate) async fn first(&self, visit: &Signed) -> Result<Option<Response>, Fault> {
        if self.key.is_empty() {
            return Ok(None);
        }
        let answer = visit.state.app.first_answer(&self.who, &self.name(), &self.hash).await?;
        Ok(answer.map(led))
    }

    /// The key for the use case; none for a form without one.
    pub(crate) fn once(&self) -> Option<Once> {
        let to = Arc::clone(&self.to);
        let answer = move |outcome: &Outcome| Answer {
            status: 303,
            headers: vec![("location".to_owned(), to(outcome))],
            body: Vec::new(),
        };
        (!self.key.is_empty()).then(|| Once {
            key: self.name(),
            who: self.who.clone(),
            body_hash: self.hash.clone(),
            answer: Arc::new(answer),
        })
    }

    fn name(&self) -> String {
        format!("page:{}", self.key)
    }
}
