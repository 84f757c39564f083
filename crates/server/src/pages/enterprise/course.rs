//! What is left of a project as a course: the longest path to the opening of the work, and what follows it.

use super::map::{Counts, Goal, MapFacts, Stop, entry};
use super::matter_state::{MatterState, Standing};
use crate::pages::words;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::CaseMatter;
use domain::catalogue::Matter;
use domain::clock::IntervalKind;
use domain::ids::MatterCode;
use domain::plan::{Edges, Plan, promised_days};
use std::collections::HashSet;

/// The stage whose matters follow the building work; what depends on them comes after it as well.
const ACCEPTANCE_STAGE: &str = "竣工验收";

/// The plan of what is left: up to the opening of the work, and after it.
pub(super) struct Course {
    pub(super) plan: Plan,
    slow: Plan,
    pub(super) path: Vec<MatterCode>,
    /// Matters after the building work; empty where nothing is built.
    after: Vec<MatterCode>,
    after_days: u32,
    pub(super) provisional: bool,
}

impl Course {
    pub(super) fn plan(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)]) -> Self {
        let after = after_works(facts);
        let all = || facts.case.matters.iter().map(|m| m.scope.code.clone());
        let before = leading_to_opening(facts, all().filter(|code| !after.contains(code)).collect());
        let is_done =
            |code: &MatterCode| states.iter().any(|(m, s)| m.scope.code == *code && s.standing == Standing::Done);
        // Once the work may open, what is left is one course to the end.
        let is_open = after.is_empty() || before.iter().all(is_done);
        let (before, after) = if is_open { (all().collect(), Vec::new()) } else { (before, after) };
        let days = |with_special: bool| move |matter: &Matter| days_left(facts, states, matter, with_special);
        let plan = Plan::compute_with(facts.catalogue, &before, Edges::All, days(false));
        let slow = Plan::compute_with(facts.catalogue, &before, Edges::All, days(true));
        let after_days = Plan::compute_with(facts.catalogue, &after, Edges::All, days(false)).days;
        let provisional = facts.calendar.add_working_days(today(facts.now), plan.days).provisional;
        let path = plan.critical.clone();
        Self { plan, slow, path, after, after_days, provisional }
    }

    /// The day on which a matter should be finished.
    pub(super) fn finish(&self, facts: MapFacts<'_>, code: &MatterCode) -> Option<NaiveDate> {
        let days = self.plan.matter(code)?.earliest_finish;
        Some(facts.calendar.add_working_days(today(facts.now), days).date)
    }

    pub(super) fn goals(&self, facts: MapFacts<'_>) -> (Option<Goal>, Option<Stop>, Option<Stop>) {
        if self.after.is_empty() {
            return (None, None, None);
        }
        let l = facts.l;
        let label = facts.catalogue.milestones().first().map_or_else(String::new, |m| m.name.clone());
        let opening = self.goal(facts, label);
        let works = Stop {
            label: l.t("enterprise.map.works").to_string(),
            name: l.t("enterprise.map.works").to_string(),
            note: l.t("enterprise.map.works_note").to_string(),
            ..Stop::default()
        };
        let left =
            self.after.iter().filter(|code| facts.case.matter(code).is_some_and(|m| m.outcome.is_none())).count();
        let count = l.tr("enterprise.matters", &[("count", &left.to_string())]);
        let after = Stop {
            label: l.t("enterprise.map.after").to_string(),
            name: l.t("enterprise.map.after").to_string(),
            class: "key",
            date: count,
            ..Stop::default()
        };
        (Some(opening), Some(works), Some(after))
    }

    /// A goal at the end of the plan, with its spread.
    fn goal(&self, facts: MapFacts<'_>, label: String) -> Goal {
        let l = facts.l;
        let start = today(facts.now);
        let early = facts.calendar.add_working_days(start, self.plan.days).date;
        let late = facts.calendar.add_working_days(start, self.slow.days).date;
        let note = if late > early {
            l.tr("enterprise.map.latest", &[("date", &words::day_of(l, late, start))])
        } else {
            String::new()
        };
        Goal { label, date: l.date_seen(early, start), note }
    }

    pub(super) fn end(&self, facts: MapFacts<'_>, counts: Counts) -> Goal {
        let l = facts.l;
        let label = l.t("enterprise.map.end").to_string();
        if counts.next + counts.now == 0 && counts.done > 0 {
            return Goal { label, date: l.t("enterprise.map.reached").to_string(), note: String::new() };
        }
        if self.after.is_empty() {
            return self.goal(facts, label);
        }
        let days = self.after_days.to_string();
        Goal { label, date: l.tr("enterprise.map.after_days", &[("days", &days)]), note: String::new() }
    }
}

/// Matters of the acceptance, and all that depends on them, where the case has a building to accept.
fn after_works(facts: MapFacts<'_>) -> Vec<MatterCode> {
    let mut after: HashSet<MatterCode> = HashSet::new();
    loop {
        let more: Vec<MatterCode> = facts
            .case
            .matters
            .iter()
            .filter(|m| !after.contains(&m.scope.code))
            .filter(|m| {
                entry(facts, m)
                    .is_some_and(|e| e.stage == ACCEPTANCE_STAGE || e.before().any(|code| after.contains(code)))
            })
            .map(|m| m.scope.code.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        after.extend(more);
    }
    facts.case.matters.iter().map(|m| m.scope.code.clone()).filter(|code| after.contains(code)).collect()
}

/// Of these matters, those that the opening of the work waits for, directly or through others.
fn leading_to_opening(facts: MapFacts<'_>, codes: Vec<MatterCode>) -> Vec<MatterCode> {
    let Some(opening) = facts.catalogue.milestones().first() else {
        return codes;
    };
    let mut wanted: HashSet<&MatterCode> = opening.requires.iter().filter(|code| codes.contains(code)).collect();
    if wanted.is_empty() {
        return codes;
    }
    let mut open: Vec<&MatterCode> = wanted.iter().copied().collect();
    while let Some(code) = open.pop() {
        let before = facts.catalogue.matter(code).into_iter().flat_map(Matter::before);
        open.extend(before.filter(|code| codes.contains(code)).filter(|code| wanted.insert(code)));
    }
    let wanted: HashSet<MatterCode> = wanted.into_iter().cloned().collect();
    codes.into_iter().filter(|code| wanted.contains(code)).collect()
}

/// Working days that a matter still takes: none when done, the rest of its clock when it runs, else what is promised. Even a
/// matter of no days takes its turn, so that the path goes through it.
fn days_left(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)], matter: &Matter, with_special: bool) -> u32 {
    let Some((case_matter, state)) = states.iter().find(|(m, _)| m.scope.code == matter.code) else {
        return 0;
    };
    if state.standing == Standing::Done {
        return 0;
    }
    let promised = promised_days(matter, with_special).max(1);
    match &case_matter.clock {
        Some(clock) => {
            let left = u32::try_from(clock.remaining(facts.calendar, facts.now)).unwrap_or(0).max(1);
            let had_special = clock.intervals.iter().any(|i| i.kind == IntervalKind::Special);
            if with_special && !had_special {
                left + promised_days(matter, true) - promised_days(matter, false)
            } else {
                left
            }
        }
        None => promised,
    }
}
