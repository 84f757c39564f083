//! How good forecasts have been, held against what happened.

use crate::calendar::Calendar;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A forecast that was made, and what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// One in ten was expected by then.
    pub p10: NaiveDate,
    /// Half.
    pub p50: NaiveDate,
    /// Eight in ten.
    pub p80: NaiveDate,
    /// Nine in ten.
    pub p90: NaiveDate,
    /// The day on which the last matter was finished.
    pub actual: NaiveDate,
}

/// How good forecasts have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Forecasts whose project is finished.
    pub n: usize,
    /// Share of them that were finished by the day that eight in ten were promised for: 0.8 would be right, less is too hopeful.
    pub covered_80: f64,
    /// Share that were finished between the early and the late day (p10 and p90): 0.8 would be right, less is too sure.
    pub within_10_90: f64,
    /// How far the middle day (p50) was off, in working days: half of them less, half of them more.
    pub median_error_days: f64,
    /// How far it was off on average, in working days; more than none: projects were finished later than said.
    pub bias_days: f64,
}

/// Judges forecasts; none if there is nothing to judge.
#[must_use]
pub fn how_good(kept: &[Kept], calendar: &Calendar) -> Option<Quality> {
    if kept.is_empty() {
        return None;
    }
    let off: Vec<i64> = kept.iter().map(|one| calendar.working_days_between(one.p50, one.actual)).collect();
    let mut size: Vec<i64> = off.iter().map(|days| days.abs()).collect();
    size.sort_unstable();
    let middle = (size[(size.len() - 1) / 2] + size[size.len() / 2]) as f64 / 2.0;
    let n = kept.len() as f64;
    let share = |is: fn(&&Kept) -> bool| kept.iter().filter(is).count() as f64 / n;
    Some(Quality {
        n: kept.len(),
        covered_80: share(|one| one.actual <= one.p80),
        within_10_90: share(|one| one.p10 <= one.actual && one.actual <= one.p90),
        median_error_days: middle,
        bias_days: off.iter().sum::<i64>() as f64 / n,
    })
}
