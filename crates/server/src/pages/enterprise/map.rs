//! The project map as a model: what is done, what is under way, what comes next, and when work can open.
//!
//! The thick line is the longest path of [`domain::plan`]; what runs beside it are threads. Drawing is in [`super::map_draw`].

use super::course::Course;
use super::matter_state::{MatterState, Standing, stands};
use crate::i18n::Lang;
use crate::pages::words;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{Calendar, today};
use domain::case::{Case, CaseMatter, Status};
use domain::catalogue::{Catalogue, Matter};
use domain::ids::MatterCode;
use domain::people::Directory;

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
    let states: Vec<(&CaseMatter, MatterState)> =
        facts.case.matters.iter().map(|matter| (matter, stands(facts, matter))).collect();
    let counts = count(&states);
    if matches!(facts.case.status, Status::Withdrawn | Status::Terminated) {
        let label = facts.l.t(&format!("enterprise.status.{}", facts.case.status.name())).into_owned();
        let end = Goal { label, ..Goal::default() };
        return ProjectMap { done: done_groups(facts, &states), counts, end, ..ProjectMap::default() };
    }
    let course = Course::plan(facts);
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
    Course::plan(facts).path
}

fn count(states: &[(&CaseMatter, MatterState)]) -> Counts {
    let of = |standing| states.iter().filter(|(_, state)| state.standing == standing).count();
    Counts { done: of(Standing::Done), now: of(Standing::Now), next: of(Standing::Next) }
}

/// Finished matters by stage, oldest stage first; what is more than the picture holds is drawn as one.
fn done_groups(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)]) -> Vec<Stop> {
    let mut groups: Vec<(String, usize, Option<NaiveDate>)> = Vec::new();
    for stage in facts.catalogue.stages() {
        let of_stage = states.iter().filter(|(matter, state)| {
            state.standing == Standing::Done && entry(facts, matter).is_some_and(|m| m.stage == *stage)
        });
        let last = of_stage.clone().filter_map(|(matter, _)| matter.finished_at).max().map(today);
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
        let name = facts.l.tr("enterprise.map.stages", &[("name", &first.0), ("count", &(merged + 1).to_string())]);
        groups[0] = (name, number, last);
    }
    if groups.is_empty() {
        // A map begins somewhere: with the application.
        let name = facts.l.t("enterprise.map.applied").to_string();
        let date = facts.l.day(today(facts.case.created_at));
        return vec![Stop { label: name.clone(), name, note: date.clone(), class: "done", date, ..Stop::default() }];
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
    let most = if name.contains(|letter: char| letter.is_ascii_digit()) { 10 } else { 6 };
    Stop { label: words::short_name(&name, most), name, note, class: "done", date: count, ..Stop::default() }
}

/// Where the longest path stands now, and what goes on beside it.
fn under_way(facts: MapFacts<'_>, states: &[(&CaseMatter, MatterState)], course: &Course) -> (Option<Stop>, Vec<Stop>) {
    if let Some(step) = before_start(facts) {
        return (Some(step), Vec::new());
    }
    let mut here = None;
    let mut threads = Vec::new();
    let on_path = course
        .path
        .iter()
        .find(|code| states.iter().any(|(m, s)| m.scope.code == **code && s.standing == Standing::Now));
    for (matter, state) in states.iter().filter(|(_, state)| state.standing == Standing::Now) {
        let stop = Stop { late: !course.leads(&matter.scope.code), ..stop_of(facts, matter, state) };
        if Some(&matter.scope.code) == on_path { here = Some(stop) } else { threads.push(stop) }
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
    Some(Stop { label: name.clone(), name, class: "now", ..Stop::default() })
}

fn stop_of(facts: MapFacts<'_>, matter: &CaseMatter, state: &MatterState) -> Stop {
    let name = matter_name(facts, matter);
    let office = words::short_name(facts.directory.office_name(&matter.office), 8);
    let l = facts.l;
    let date = state.due.map(|due| l.tr("enterprise.map.before", &[("date", &l.day(due))])).unwrap_or_default();
    let note =
        if date.is_empty() { office } else { l.tr("enterprise.map.note", &[("office", &office), ("date", &date)]) };
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
    let is_next =
        |code: &&MatterCode| states.iter().any(|(m, s)| m.scope.code == **code && s.standing == Standing::Next);
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
            let date = course.finish(&matter.scope.code).map(|d| facts.l.day(d)).unwrap_or_default();
            Stop { label: words::short_name(&name, 7), name, class: "key", date, ..Stop::default() }
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
