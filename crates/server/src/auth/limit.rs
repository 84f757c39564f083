//! How often one address may try to log in.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Attempts a minute that pass from one address: a whole hall may stand behind one.
pub const PER_MINUTE: usize = 60;

/// Counts attempts of the last minute by address, in this process.
#[derive(Debug, Default)]
pub struct LoginLimit(Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>);

impl LoginLimit {
    /// Counts an attempt; an error tells the seconds to wait.
    ///
    /// # Errors
    /// Seconds until the next attempt passes.
    pub fn attempt(&self, address: &str, now: DateTime<Utc>) -> Result<(), u64> {
        let minute = TimeDelta::seconds(60);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > 10_000 {
            seen.retain(|_, times| times.back().is_some_and(|last| now - *last < minute));
        }
        let times = seen.entry(address.to_owned()).or_default();
        while times.front().is_some_and(|first| now - *first >= minute) {
            times.pop_front();
        }
        if times.len() >= PER_MINUTE {
            let wait = times.front().map_or(60, |first| (*first + minute - now).num_seconds().max(0) + 1);
            return Err(u64::try_from(wait).unwrap_or(60));
        }
        times.push_back(now);
        Ok(())
    }
}
