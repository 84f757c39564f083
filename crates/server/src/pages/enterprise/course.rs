//! What is left of a project as a course: the longest path to the opening of the work, and what follows it.

use super::map::{Counts, Goal, MapFacts, Stop, entry};
use crate::pages::words;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::ids::MatterCode;
use domain::plan::{PlanItem, Schedule, items_of, schedule};
use std::collections::HashSet;

/// The stage whose matters follow the building work; what depends on them comes after it as well.
pub(crate) const ACCEPTANCE_STAGE: &str = "竣工验收";

/// The plan of what is left: up to the opening of the work, and after it.
pub(super) struct Course {
    plan: Schedule,
    /// The same with every special procedure at its longest.
    slow: Schedule,
    pub(super) path: Vec<MatterCode>,
    /// Matters after the building work; empty where nothing is built.
    after: Vec<MatterCode>,
    after_days: u32,
    pub(super) provisional: bool,
}

impl Course {
    pub(super) fn plan(facts: MapFacts<'_>) -> Self {
        let items = items_of(facts.case, facts.calendar, facts.now);
        let after = after_works(facts, &items);
        let all = || items.iter().map(|item| item.code.clone());
        let before = leading_to_opening(facts, &items, all().filter(|code| !after.contains(code)).collect());
        let is_done = |code: &MatterCode| items.iter().any(|item| item.code == *code && item.state.is_done());
        // Once the work may open, what is left is one course to the end.
        let is_open = after.is_empty() || before.iter().all(is_done);
        let (before, after) = if is_open { (all().collect(), Vec::new()) } else { (before, after) };
        let plan = scheduled(facts, &items, &before);
        let slow: Vec<PlanItem> =
            items.iter().map(|item| PlanItem { days: item.days + item.special, ..item.clone() }).collect();
        Self {
            slow: scheduled(facts, &slow, &before),
            path: plan.critical.clone(),
            after_days: scheduled(facts, &items, &after).days,
            after,
            provisional: plan.end.provisional,
            plan,
        }
    }

    /// Whether the opening waits for a matter, or the end where nothing is built.
    pub(super) fn leads(&self, code: &MatterCode) -> bool {
        self.plan.item(code).is_some()
    }

    /// The day on which a matter should be finished.
    pub(super) fn finish(&self, code: &MatterCode) -> Option<NaiveDate> {
        Some(self.plan.item(code)?.finish.date)
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
        let (early, late) = (self.plan.end.date, self.slow.end.date);
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

/// The dates of these matters alone.
fn scheduled(facts: MapFacts<'_>, items: &[PlanItem], codes: &[MatterCode]) -> Schedule {
    let items: Vec<PlanItem> = items.iter().filter(|item| codes.contains(&item.code)).cloned().collect();
    schedule(&items, &[], facts.calendar, today(facts.now), None)
}

fn before(item: &PlanItem) -> impl Iterator<Item = &MatterCode> {
    item.hard.iter().chain(&item.soft)
}

/// Matters of the acceptance, and all that depends on them, where the case has a building to accept.
fn after_works(facts: MapFacts<'_>, items: &[PlanItem]) -> Vec<MatterCode> {
    let is_acceptance = |item: &&PlanItem| {
        let matter = facts.case.matter(&item.code);
        matter.and_then(|matter| entry(facts, matter)).is_some_and(|entry| entry.stage == ACCEPTANCE_STAGE)
    };
    let mut after: HashSet<&MatterCode> = items.iter().filter(is_acceptance).map(|item| &item.code).collect();
    loop {
        let more: Vec<&MatterCode> = items
            .iter()
            .filter(|item| !after.contains(&item.code) && before(item).any(|code| after.contains(code)))
            .map(|item| &item.code)
            .collect();
        if more.is_empty() {
            break;
        }
        after.extend(more);
    }
    items.iter().map(|item| &item.code).filter(|code| after.contains(code)).cloned().collect()
}

/// Of these matters, those that the opening of the work waits for, directly or through others.
fn leading_to_opening(facts: MapFacts<'_>, items: &[PlanItem], codes: Vec<MatterCode>) -> Vec<MatterCode> {
    let Some(opening) = facts.catalogue.milestones().first() else {
        return codes;
    };
    let mut wanted: HashSet<&MatterCode> = opening.requires.iter().filter(|code| codes.contains(code)).collect();
    if wanted.is_empty() {
        return codes;
    }
    let mut open: Vec<&MatterCode> = wanted.iter().copied().collect();
    while let Some(code) = open.pop() {
        let firsts = items.iter().filter(|item| item.code == *code).flat_map(before);
        open.extend(firsts.filter(|code| codes.contains(code)).filter(|code| wanted.insert(code)));
    }
    let wanted: HashSet<MatterCode> = wanted.into_iter().cloned().collect();
    codes.into_iter().filter(|code| wanted.contains(code)).collect()
}
