//! When something happened, and when it was entered. An entry made long after the fact is marked and says why.

use super::Facts;
use super::refusal::{Code, Refusal};
use super::state::Case;
use chrono::{DateTime, Utc};

/// The moment of a fact as it goes into an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// When it happened; none where it happened as it was entered.
    pub(super) happened_at: Option<DateTime<Utc>>,
    /// It was entered more than the hall's working days after the fact.
    pub(super) late: bool,
    /// Why it was.
    pub(super) reason: Option<String>,
}

/// Judges the moment that a command names: not in the future, not before `earliest`, and late only with its reason.
pub(super) fn entry(
    at: Option<DateTime<Utc>>,
    late_reason: Option<&str>,
    earliest: DateTime<Utc>,
    facts: &Facts<'_>,
) -> Result<Entry, Refusal> {
    let Some(at) = at else {
        return Ok(Entry { happened_at: None, late: false, reason: None });
    };
    if at > facts.now || !is_from(at, earliest) {
        return Err(Code::TimeInvalid.into());
    }
    let late = is_late(at, facts);
    let reason = late_reason.map(str::trim).filter(|reason| !reason.is_empty());
    if late && reason.is_none() {
        return Err(Refusal::new(Code::LateReasonNeeded).with("days", facts.policy.late_days.to_string()));
    }
    // Whoever enters a fact in whole minutes may name the very minute of what came before it.
    Ok(Entry { happened_at: Some(at.max(earliest)), late, reason: reason.filter(|_| late).map(str::to_owned) })
}

/// Whether what happened at a moment is entered more than the hall's working days after it.
pub(super) fn is_late(at: DateTime<Utc>, facts: &Facts<'_>) -> bool {
    let passed = facts.calendar.working_days_between(crate::calendar::today(at), facts.today());
    passed > i64::from(facts.policy.late_days)
}

/// Whether a moment that may be given in whole minutes lies at or after another.
fn is_from(at: DateTime<Utc>, earliest: DateTime<Utc>) -> bool {
    at + chrono::TimeDelta::minutes(1) > earliest
}

/// A machine's clock may lag behind another's by so many seconds; more is a clock that was set back.
const LAG: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

/// Refuses where the machine's clock shows less than what happened last, by more than two machines may differ.
pub(super) fn not_set_back(case: &Case, now: DateTime<Utc>) -> Result<(), Refusal> {
    if now + LAG < case.changed_at { Err(Code::ClockSetBack.into()) } else { Ok(()) }
}
