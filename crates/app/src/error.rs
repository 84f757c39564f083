//! What a use case may answer instead of what was asked. The sentences are messages of the faces.

use chrono::{DateTime, Utc};
use domain::access::Denied;
use domain::case::{Code, Refusal};
use domain::identity::Told;
use std::collections::BTreeMap;
use store::{AppendError, StoreError};

/// A field that is not right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where, as a JSON pointer: `/applicant/uscc`.
    pub pointer: String,
    /// What, as in message files: `uscc_check`.
    pub code: String,
    /// What the sentence names.
    pub params: BTreeMap<String, String>,
}

impl FieldError {
    /// A field error without parameters.
    #[must_use]
    pub fn new(pointer: &str, code: &str) -> Self {
        Self { pointer: pointer.to_owned(), code: code.to_owned(), params: BTreeMap::new() }
    }

    /// What is wrong with the form of a value.
    #[must_use]
    pub fn told(pointer: &str, (code, params): Told) -> Self {
        params.into_iter().fold(Self::new(pointer, code), |error, (name, value)| error.with(name, value))
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule says no.
    #[error("refused: {}", .0.code.name())]
    Refused(Refusal),
    /// Fields are wrong.
    #[error("{} fields are not right", .0.len())]
    Invalid(Vec<FieldError>),
    /// Not there, or not to be known of.
    #[error("not found")]
    NotFound,
    /// Known, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// Nobody is logged in.
    #[error("not logged in")]
    NotLoggedIn,
    /// User name or password is wrong.
    #[error("wrong user name or password")]
    WrongPassword,
    /// Too many wrong passwords.
    #[error("locked until {until}")]
    Locked {
        /// When it can be tried again.
        until: DateTime<Utc>,
    },
    /// The key was used for another request.
    #[error("the idempotency key was used with another body")]
    KeyReused,
    /// The same matter or piece was changed meanwhile; what the rule says now.
    #[error("changed meanwhile")]
    Conflict(Option<Refusal>),
    /// Another version than the one that was seen.
    #[error("stale: the case is at version {current}")]
    Stale {
        /// The version now.
        current: u64,
    },
    /// The version that was seen must be named.
    #[error("the version must be named")]
    VersionNeeded,
    /// An upload was refused.
    #[error(transparent)]
    FileRefused(#[from] files::FilesError),
    /// Something that is needed is not there just now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of the program or the machine.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// A fault, saying what failed.
    pub(crate) fn internal(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self::Internal(format!("{what}: {error}"))
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<FieldError> for AppError {
    fn from(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }
}

/// A cursor of another list, or none at all.
pub(crate) fn wrong_cursor(error: StoreError) -> AppError {
    match error {
        StoreError::Invalid(_) => FieldError::new("/cursor", "cursor").into(),
        other => other.into(),
    }
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Self::NotFound,
            Denied::Forbidden => Self::Forbidden,
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unreachable(_) | StoreError::Closed => Self::Unavailable(error.to_string()),
            // The same request, enterprise or version of reference data was written by somebody else at the same moment.
            StoreError::Unique { table: "answer" | "party" | "reference", .. } => Self::Conflict(None),
            _ => Self::Internal(error.to_string()),
        }
    }
}

impl From<AppendError> for AppError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Conflict(None),
            AppendError::Store(error) => error.into(),
        }
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("stored JSON: {error}"))
    }
}
