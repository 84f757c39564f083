//! Where the time comes from: the machine, or a test that holds it still.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// A source of the present moment. Cheap to clone; clones of a frozen clock move together.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved.
    Frozen(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands still at `at`.
    #[must_use]
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(Mutex::new(at)))
    }

    /// The present moment, cut to microseconds: all that both databases keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        store::micros(match self {
            Self::System => system_now(),
            Self::Frozen(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        })
    }

    /// Moves a frozen clock; the machine's clock cannot be moved and stays.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Frozen(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// Sets a frozen clock.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Self::Frozen(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
