//! Where one matter stands, as the enterprise reads it: a word, a class for the shape, a date.

use super::map::MapFacts;
use crate::pages::words;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::{Case, CaseMatter, MaterialStatus, MatterStatus, Outcome, Status};
use domain::catalogue::{MaterialSource, Mode};
use domain::clock::{Clock, IntervalKind};

/// Done, under way, or to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Done,
    Now,
    Next,
}

/// Where a matter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MatterState {
    pub(crate) standing: Standing,
    /// Class of the shape and the word: `done`, `now`, `wait`, `halt`, `over`, `key`, or nothing.
    pub(crate) class: &'static str,
    pub(crate) word: String,
    /// When it is due; none before it is submitted and after it is finished.
    pub(crate) due: Option<NaiveDate>,
    /// Working days left until then, below zero when overdue.
    pub(crate) left: i64,
}

/// Tells where a matter stands.
pub(crate) fn stands(facts: MapFacts<'_>, matter: &CaseMatter) -> MatterState {
    let state = |standing, class, word: String| MatterState { standing, class, word, due: None, left: 0 };
    let say = |key: &str| facts.l.t(key).to_string();
    if let Some(outcome) = matter.outcome {
        return state(Standing::Done, "done", say(outcome_key(outcome)));
    }
    if matter.accepted_at_window.is_some() && matter.submitted_at.is_none() {
        return state(Standing::Done, "done", say("enterprise.state.window"));
    }
    if matches!(facts.case.status, Status::Withdrawn | Status::Terminated) {
        return state(Standing::Next, "", say("enterprise.state.dropped"));
    }
    if let Some(clock) = &matter.clock {
        return on_the_clock(facts, matter, clock);
    }
    let is_live = matches!(facts.case.status, Status::Running | Status::Suspended);
    let assisted = facts.case.mode == Mode::Assistance && facts.case.status == Status::Preparing;
    if assisted || (is_live && facts.case.open_prerequisites(matter).is_empty()) {
        let (class, key) = waiting_for(facts.case, matter);
        return state(Standing::Now, class, say(key));
    }
    state(Standing::Next, "", say("enterprise.state.next"))
}

fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "enterprise.state.granted",
        Outcome::Refused => "enterprise.state.refused",
        Outcome::NotNeeded => "enterprise.state.not_needed",
    }
}

fn on_the_clock(facts: MapFacts<'_>, matter: &CaseMatter, clock: &Clock) -> MatterState {
    let due = clock.due(facts.calendar, facts.now).map(|due| due.date);
    let left = due.map_or(0, |due| facts.calendar.working_days_between(today(facts.now), due));
    let last = clock.intervals.last();
    let (class, word) = match clock.state() {
        _ if clock.is_overdue(facts.calendar, facts.now) => ("over", facts.l.t("enterprise.state.overdue").to_string()),
        Some(IntervalKind::Correction) => ("wait", facts.l.t("enterprise.state.correction").to_string()),
        Some(IntervalKind::Special) => {
            let name = last.and_then(|i| i.name.as_deref()).map(|name| words::short_name(name, 6)).unwrap_or_default();
            ("halt", facts.l.tr("enterprise.state.special", &[("name", &name)]))
        }
        Some(IntervalKind::Suspended) => ("halt", facts.l.t("enterprise.state.suspended").to_string()),
        Some(IntervalKind::Running) | None => ("now", facts.l.t("enterprise.state.running").to_string()),
    };
    debug_assert!(
        matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped),
        "only submitted matters have clocks"
    );
    MatterState { standing: Standing::Now, class, word, due, left }
}

/// What a matter that may begin waits for: the client, its office, or the agent.
fn waiting_for(case: &Case, matter: &CaseMatter) -> (&'static str, &'static str) {
    let code = &matter.scope.code;
    let owes = |material: &&domain::case::CaseMaterial| {
        material.spec.source == MaterialSource::Applicant
            && !matches!(case.material_status(material), MaterialStatus::Received | MaterialStatus::HandedOver)
    };
    if case.mode == Mode::Assistance {
        return ("key", "enterprise.state.escort");
    }
    if case.lacking(code).any(|material| owes(&material)) {
        return ("wait", "enterprise.state.your_materials");
    }
    if case.lacking_for_submission(code).any(|m| case.material_status(m) == MaterialStatus::Received) {
        return ("wait", "enterprise.state.your_signature");
    }
    match matter.status {
        MatterStatus::Offered | MatterStatus::Declined => ("key", "enterprise.state.offered"),
        _ => ("key", "enterprise.state.ready"),
    }
}

/// The due day with the rest beside it, in words; empty where nothing is due.
pub(crate) fn due_words(facts: MapFacts<'_>, state: &MatterState) -> String {
    let Some(due) = state.due else { return String::new() };
    let date = facts.l.date(due);
    let rest = facts.l.working_days_left(state.left);
    facts.l.tr("enterprise.due_with_rest", &[("date", &date), ("rest", &rest)])
}
