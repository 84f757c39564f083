//! Whether to try again.

use std::time::Duration;

/// The longest reason that is kept, in characters.
const MAX_REASON: usize = 300;

/// Why a message did not go.
///
/// The reason is for the administrator: it may repeat what the other side said and so must not be shown to anybody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// Try again later: the other side is away, busy, or wants to be set up differently.
    #[error("{code}, to be tried again: {reason}")]
    Retry {
        /// What went wrong: `unreachable`, `timed_out`, `tls_failed`, `refused_for_now`, `not_authorised`, `storage`.
        code: &'static str,
        /// What the other side or the system said.
        reason: String,
        /// How long the other side asked to wait, if it did.
        after: Option<Duration>,
    },
    /// Give up: the same message would be refused again.
    #[error("{code}, given up: {reason}")]
    Fail {
        /// What went wrong: `bad_address`, `bad_message`, `bad_setting`, `refused`.
        code: &'static str,
        /// What the other side or the system said.
        reason: String,
    },
}

impl NotifyError {
    pub(crate) fn retry(code: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Retry { code, reason: short(&reason), after: None }
    }

    pub(crate) fn fail(code: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Fail { code, reason: short(&reason) }
    }

    /// Whether trying again later may help.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Retry { .. })
    }

    /// What went wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Retry { code, .. } | Self::Fail { code, .. } => code,
        }
    }
}

/// One line of bounded length: what the other side says goes into logs and tables.
fn short(reason: &impl std::fmt::Display) -> String {
    let line = reason.to_string();
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_REASON).collect()
}
