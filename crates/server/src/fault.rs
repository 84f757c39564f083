//! What goes wrong, once for pages and API: a status, a code, and a sentence that says what to do next.
//!
//! A handler answers `Result<_, Fault>`; the fault travels in the response's extensions to [`crate::middleware::faults`],
//! which knows the reader's language and draws a page or problem details.

use crate::say::Say;
use app::{AppError, FieldError};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::case::Refusal;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

/// What went wrong. Boxed, for every handler returns it beside its answer.
#[derive(Clone, Debug)]
pub struct Fault(Box<Trouble>);

/// The parts of a [`Fault`].
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The HTTP status.
    pub status: StatusCode,
    /// The code on the wire; its sentence is `error.<code>`.
    pub code: Cow<'static, str>,
    /// What the sentence names.
    pub params: BTreeMap<String, String>,
    /// The rule that said no.
    pub refusal: Option<Refusal>,
    /// Fields that are not right.
    pub errors: Vec<FieldError>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
}

impl Deref for Fault {
    type Target = Trouble;

    fn deref(&self) -> &Trouble {
        &self.0
    }
}

impl Fault {
    /// A fault with this status and code.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self(Box::new(Trouble {
            status,
            code: Cow::Borrowed(code),
            params: BTreeMap::new(),
            refusal: None,
            errors: Vec::new(),
            retry_after: None,
        }))
    }

    /// Says after how many seconds it can be tried again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Adds a parameter of the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.params.insert(name.to_owned(), value.into());
        self
    }

    /// Names the fields that are not right.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// 404: not there, or not to be known of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// 403: known, but not allowed.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 401: nobody is logged in.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// 400: it cannot be read.
    #[must_use]
    pub fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 500, with what happened in the log and not in the answer.
    #[must_use]
    pub fn internal(what: &dyn std::fmt::Display) -> Self {
        tracing::error!(%what, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// The sentence for the reader.
    #[must_use]
    pub fn sentence(&self, say: &Say<'_>) -> String {
        if let Some(refusal) = &self.refusal {
            return say.refusal(refusal);
        }
        say.message(&format!("error.{}", self.code), &self.params)
    }
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => refused(StatusCode::UNPROCESSABLE_ENTITY, refusal),
            AppError::Invalid(errors) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").errors(errors),
            AppError::NotFound => Self::not_found(),
            AppError::Forbidden => Self::forbidden(),
            AppError::NotLoggedIn => Self::unauthorized(),
            AppError::WrongPassword => Self::new(StatusCode::UNAUTHORIZED, "wrong_password"),
            AppError::Locked { until } => {
                let time = domain::calendar::local(until).format("%H:%M").to_string();
                Self::new(StatusCode::TOO_MANY_REQUESTS, "locked").with("time", time)
            }
            AppError::KeyReused => Self::new(StatusCode::CONFLICT, "key_reused"),
            AppError::Conflict(None) => Self::new(StatusCode::CONFLICT, "conflict"),
            AppError::Conflict(Some(refusal)) => refused(StatusCode::CONFLICT, refusal),
            AppError::Stale { current } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "stale").with("current", current.to_string())
            }
            AppError::VersionNeeded => Self::new(StatusCode::PRECONDITION_REQUIRED, "version_needed"),
            AppError::FileRefused(error) => {
                let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                if status.is_server_error() {
                    tracing::error!(%error, "file storage");
                }
                Self::new(status, error.code())
            }
            AppError::Unavailable(what) => {
                tracing::error!(what, "unavailable");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry_after(5)
            }
            AppError::Internal(what) => Self::internal(&what),
        }
    }
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refused(StatusCode::UNPROCESSABLE_ENTITY, refusal)
    }
}

fn refused(status: StatusCode, refusal: Refusal) -> Fault {
    let mut fault = Fault::new(status, refusal.code.name());
    fault.0.refusal = Some(refusal);
    fault
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// The answer where no route is.
pub async fn nowhere() -> Fault {
    Fault::not_found()
}

/// The answer where the route takes another method.
pub async fn wrong_method() -> Fault {
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
}
