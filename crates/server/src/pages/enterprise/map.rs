//! The project map as a model: what is done, what is under way, what comes next, and when work can open.
//!
//! The thick line is the longest path of [`domain::plan`]; what runs beside it are threads. Drawing is in [`super::map_draw`].

use super::matter_state::{MatterState, Standing, stands};
use crate::i18n::Lang;
use crate::pages::words;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{Calendar, today};
use domain::case::{Case, CaseMatter, Status};
use domain::catalogue::{Catalogue, Matter};
use domain::clock::IntervalKind;
use domain::ids::MatterCode;
use domain::people::Directory;
use domain::plan::{Edges, Plan, promised_days};
use std::collections::HashSet;

/// The stage whose matters follow the building work; what depends on them comes after it as well.
const ACCEPTANCE_STAGE: &str = "竣工验收";
/// Groups of finished matters on the picture; earlier ones are drawn together.
const MOST_DONE: usize = 3;
/// Threads beside the longest path; more are counted.
const MOST_THREADS: usize = 5;
/// Coming matters of the longest path; more are counted.
const MOST_NEXT: usize = 3;

/// What the map is made from.
#[derive(Clone, Copy)]
pub(crate) struct MapFacts<'a> {
    pub(crate) case: &'a Case,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) calendar: &'a Calendar,
    pub(crate) directory: &'a Directory,
    pub(crate) now: DateTime<Utc>,
    pub(crate) l: Lang,
}

/// A point on the longest path, or a thread beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Name, short enough for the picture.
    pub(crate) label: String,
    /// The name in full.
    pub(crate) name: String,
    /// Office, dates.
    pub(crate) note: String,
    /// The state in one word; empty where there is none.
    pub(crate) word: String,
    /// Class of the shape: `done`, `now`, `wait`, `halt`, `over`, `key` or nothing.
    pub(crate) class: &'static str,
    /// A date in short; empty where there is none.
    pub(crate) date: String,
    /// A thread that the opening of the work does not wait for.
    pub(crate) late: bool,
}

/// A goal: opening of the work, or the end of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Goal {
    pub(crate) label: String,
    pub(crate) date: String,
    pub(crate) note: String,
}

/// The map without coordinates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProjectMap {
    pub(crate) done: Vec<Stop>,
    pub(crate) here: Option<Stop>,
    pub(crate) threads: Vec<Stop>,
    pub(crate) more_threads: usize,
    pub(crate) next: Vec<Stop>,
    /// How many matters of the path lie before the last of `next` without being drawn.
    pub(crate) more_next: usize,
    pub(crate) opening: Option<Goal>,
    pub(crate) works: Option<Stop>,
    pub(crate) after: Option<Stop>,
    pub(crate) end: Goal,
    pub(crate) counts: Counts,
    /// Some date rests on a year whose holidays are not announced yet.
    pub(crate) provisional: bool,
}

/// How many matters are done, under way, to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) done: usize,
    pub(crate) now: usize,
    pub(crate) next: usize,
}

impl Counts {
    /// All of them.
    pub(crate) fn all(self) -> usize {
        self.done + self.now + self.next
    }
}

/// Makes the map of a case.
pub(crate) fn project_map(facts: MapFacts<'_>) -> ProjectMap {
    let states: Vec<(&CaseMatter, MatterState)> = facts
        .case
        .matters
        .iter()
        .map(|matter| (matter, stands(facts, matter)))
        .collect();
    let counts = count(&states);
    if matches!(facts.case.status, Status::Withdrawn | Status::Terminated) {
        let label = facts
            .l
            .t(&format!("enterprise.status.{}", facts.case.status.name()))
            .into_owned();
        let end = Goal {
            label,
            ..Goal::default()
        };
        return ProjectMap {
            done: done_groups(facts, &states),
            counts,
            end,
            ..ProjectMap::default()
        };
    }
    let course = Course::plan(facts, &states);
    let (here, threads) = under_way(facts, &states, &course);
    let more_threads = threads.len().saturating_sub(MOST_THREADS);
    let (next, more_next) = coming(facts, &states, &course);
    let (opening, works, after) = course.goals(facts);
    ProjectMap {
        done: done_groups(facts, &states),
        here,
        threads: threads.into_iter().take(MOST_THREADS).collect(),
        more_threads,
        next,
        more_next,
        opening,
        works,
        after,
        end: course.end(facts, counts),
        counts,
        provisional: course.provisional,
    }
}

/// The matters of the longest path that are not done, in the order of work.
pub(crate) fn longest_path(facts: MapFacts<'_>) -> Vec<MatterCode> {
    let states: Vec<(&CaseMatter, MatterState)> = facts
        .case
        .matters
        .iter()
        .map(|matter| (matter, stands(facts, matter)))
        .collect();
    Course::plan(facts, &states).path
}

fn count(states: &[(&CaseMatter, MatterState)]) -> Counts {
    let of = |standing| states.iter().filter(|(_, state)| state.standing == standing).count();
    Counts {
        done: of(Standing::Done),
        now: of(Standing::Now),
        next: of(Standing::Next),
    }
}

/// Finished matters by stage, oldest stage first; what is more than the picture holds is drawn as one.
fn done_groups(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)]) -> Vec<Stop> {
    let mut groups: Vec<(String, usize, Option<NaiveDate>)> = Vec::new();
    for stage in facts.catalogue.stages() {
        let of_stage = states.iter().filter(|(matter, state)| {
            state.standing == Standing::Done && entry(facts, matter).is_some_and(|m| m.stage == *stage)
        });
        let last = of_stage
            .clone()
            .filter_map(|(matter, _)| matter.finished_at)
            .max()
            .map(today);
        let number = of_stage.count();
        if number > 0 {
            groups.push((stage.clone(), number, last));
        }
    }
    let merged = groups.len().saturating_sub(MOST_DONE);
    if let (true, Some(first)) = (merged > 0, groups.first().cloned()) {
        let rest = groups.drain(1..=merged).collect::<Vec<_>>();
        let number = rest.iter().map(|group| group.1).sum::<usize>() + first.1;
        let last = rest.iter().filter_map(|group| group.2).chain(first.2).max();
        let name = facts.l.tr(
            "enterprise.map.stages",
            &[("name", &first.0), ("count", &(merged + 1).to_string())],
        );
        groups[0] = (name, number, last);
    }
    if groups.is_empty() {
        // A map begins somewhere: with the application.
        let name = facts.l.t("enterprise.map.applied").to_string();
        let date = facts.l.day(today(facts.case.created_at));
        return vec![Stop {
            label: name.clone(),
            name,
            note: date.clone(),
            class: "done",
            date,
            ..Stop::default()
        }];
    }
    groups.into_iter().map(|group| done_stop(facts.l, group)).collect()
}

fn done_stop(l: Lang, (name, number, last): (String, usize, Option<NaiveDate>)) -> Stop {
    let count = l.tr("enterprise.matters", &[("count", &number.to_string())]);
    let note = match last {
        Some(date) => l.tr("enterprise.map.done_note", &[("count", &count), ("date", &l.day(date))]),
        None => count.clone(),
    };
    // Stages drawn as one carry their number, which must stay in sight.
    let most = if name.contains(|letter: char| letter.is_ascii_digit()) {
        10
    } else {
        6
    };
    Stop {
        label: words::short_name(&name, most),
        name,
        note,
        class: "done",
        date: count,
        ..Stop::default()
    }
}

/// Where the longest path stands now, and what goes on beside it.
fn under_way(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)], course: &Course) -> (Option<Stop>, Vec<Stop>) {
    if let Some(step) = before_start(facts) {
        return (Some(step), Vec::new());
    }
    let mut here = None;
    let mut threads = Vec::new();
    let on_path = course.path.iter().find(|code| {
        states
            .iter()
            .any(|(m, s)| m.scope.code == **code && s.standing == Standing::Now)
    });
    for (matter, state) in states.iter().filter(|(_, state)| state.standing == Standing::Now) {
        let stop = Stop {
            late: course.plan.matter(&matter.scope.code).is_none(),
            ..stop_of(facts, matter, state)
        };
        if Some(&matter.scope.code) == on_path {
            here = Some(stop)
        } else {
            threads.push(stop)
        }
    }
    if here.is_none() && !threads.is_empty() {
        here = Some(threads.remove(0));
    }
    (here, threads)
}

/// Before the agent acts, the map stands at the step of the preparation.
fn before_start(facts: MapFacts<'_>) -> Option<Stop> {
    let key = match facts.case.status {
        Status::Submitted => "enterprise.map.step_submitted",
        Status::Accepted => "enterprise.map.step_accepted",
        Status::Preparing if !facts.case.lacking_to_start().is_empty() => "enterprise.map.step_materials",
        Status::Preparing => "enterprise.map.step_signing",
        _ => return None,
    };
    let name = facts.l.t(key).to_string();
    Some(Stop {
        label: name.clone(),
        name,
        class: "now",
        ..Stop::default()
    })
}

fn stop_of(facts: MapFacts<'_>, matter: &CaseMatter, state: &MatterState) -> Stop {
    let name = matter_name(facts, matter);
    let office = words::short_name(facts.directory.office_name(&matter.office), 8);
    let l = facts.l;
    let date = state
        .due
        .map(|due| l.tr("enterprise.map.before", &[("date", &l.day(due))]))
        .unwrap_or_default();
    let note = if date.is_empty() {
        office
    } else {
        l.tr("enterprise.map.note", &[("office", &office), ("date", &date)])
    };
    Stop {
        label: words::short_name(&name, 7),
        name,
        note,
        word: state.word.clone(),
        class: state.class,
        date,
        late: false,
    }
}

/// The next matters of the longest path, and how many of it are not drawn.
fn coming(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)], course: &Course) -> (Vec<Stop>, usize) {
    let is_next = |code: &&MatterCode| {
        states
            .iter()
            .any(|(m, s)| m.scope.code == **code && s.standing == Standing::Next)
    };
    let path: Vec<&MatterCode> = course.path.iter().filter(is_next).collect();
    // Of a long path the next ones are drawn, and the last one, which decides the goal.
    let hidden = path.len().saturating_sub(MOST_NEXT);
    let is_drawn = |at: usize| at + 1 < MOST_NEXT || at + 1 == path.len() || hidden == 0;
    let stops: Vec<Stop> = path
        .iter()
        .enumerate()
        .filter_map(|(at, code)| is_drawn(at).then_some(*code))
        .filter_map(|code| facts.case.matter(code))
        .map(|matter| {
            let name = matter_name(facts, matter);
            let date = course
                .finish(facts, &matter.scope.code)
                .map(|d| facts.l.day(d))
                .unwrap_or_default();
            Stop {
                label: words::short_name(&name, 7),
                name,
                class: "key",
                date,
                ..Stop::default()
            }
        })
        .collect();
    (stops, hidden)
}

pub(crate) fn entry<'a>(facts: MapFacts<'a>, matter: &CaseMatter) -> Option<&'a Matter> {
    facts.catalogue.matter(&matter.scope.code)
}

/// The name of a matter, or its code where the catalogue no longer has it.
pub(crate) fn matter_name(facts: MapFacts<'_>, matter: &CaseMatter) -> String {
    entry(facts, matter).map_or_else(|| matter.scope.code.to_string(), |m| m.name.clone())
}

/// The plan of what is left: up to the opening of the work, and after it.
struct Course {
    plan: Plan,
    slow: Plan,
    path: Vec<MatterCode>,
    /// Matters after the building work; empty where nothing is built.
    after: Vec<MatterCode>,
    after_days: u32,
    provisional: bool,
}

impl Course {
    fn plan(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)]) -> Self {
        let after = after_works(facts);
        let all = || facts.case.matters.iter().map(|m| m.scope.code.clone());
        let before = leading_to_opening(facts, all().filter(|code| !after.contains(code)).collect());
        let is_done = |code: &MatterCode| {
            states
                .iter()
                .any(|(m, s)| m.scope.code == *code && s.standing == Standing::Done)
        };
        // Once the work may open, what is left is one course to the end.
        let is_open = after.is_empty() || before.iter().all(is_done);
        let (before, after) = if is_open {
            (all().collect(), Vec::new())
        } else {
            (before, after)
        };
        let days = |with_special: bool| move |matter: &Matter| days_left(facts, states, matter, with_special);
        let plan = Plan::compute_with(facts.catalogue, &before, Edges::All, days(false));
        let slow = Plan::compute_with(facts.catalogue, &before, Edges::All, days(true));
        let after_days = Plan::compute_with(facts.catalogue, &after, Edges::All, days(false)).days;
        let provisional = facts.calendar.add_working_days(today(facts.now), plan.days).provisional;
        let path = plan.critical.clone();
        Self {
            plan,
            slow,
            path,
            after,
            after_days,
            provisional,
        }
    }

    /// The day on which a matter should be finished.
    fn finish(&self, facts: MapFacts<'_>, code: &MatterCode) -> Option<NaiveDate> {
        let days = self.plan.matter(code)?.earliest_finish;
        Some(facts.calendar.add_working_days(today(facts.now), days).date)
    }

    fn goals(&self, facts: MapFacts<'_>) -> (Option<Goal>, Option<Stop>, Option<Stop>) {
        if self.after.is_empty() {
            return (None, None, None);
        }
        let l = facts.l;
        let label = facts
            .catalogue
            .milestones()
            .first()
            .map_or_else(String::new, |m| m.name.clone());
        let opening = self.goal(facts, label);
        let works = Stop {
            label: l.t("enterprise.map.works").to_string(),
            name: l.t("enterprise.map.works").to_string(),
            note: l.t("enterprise.map.works_note").to_string(),
            ..Stop::default()
        };
        let left = self
            .after
            .iter()
            .filter(|code| facts.case.matter(code).is_some_and(|m| m.outcome.is_none()))
            .count();
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
        Goal {
            label,
            date: l.date_seen(early, start),
            note,
        }
    }

    fn end(&self, facts: MapFacts<'_>, counts: Counts) -> Goal {
        let l = facts.l;
        let label = l.t("enterprise.map.end").to_string();
        if counts.next + counts.now == 0 && counts.done > 0 {
            return Goal {
                label,
                date: l.t("enterprise.map.reached").to_string(),
                note: String::new(),
            };
        }
        if self.after.is_empty() {
            return self.goal(facts, label);
        }
        let days = self.after_days.to_string();
        Goal {
            label,
            date: l.tr("enterprise.map.after_days", &[("days", &days)]),
            note: String::new(),
        }
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
    facts
        .case
        .matters
        .iter()
        .map(|m| m.scope.code.clone())
        .filter(|code| after.contains(code))
        .collect()
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
        open.extend(
            before
                .filter(|code| codes.contains(code))
                .filter(|code| wanted.insert(code)),
        );
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
            let left = u32::try_from(clock.remaining(facts.calendar, facts.now))
                .unwrap_or(0)
                .max(1);
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
