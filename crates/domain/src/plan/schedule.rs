//! Dates for a project: when each matter begins and ends, what must not slip, what may start today, who holds up whom (S5.3).

use super::days::{DayTable, FURTHEST};
use super::graph::{Earliest, Graph};
use super::items::{ItemState, PlanItem, open_graph};
use super::milestones::{MilestoneDate, milestone_dates};
use crate::calendar::{Calendar, Due};
use crate::catalogue::Milestone;
use crate::ids::{MatterCode, OfficeCode, Username};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A latest finish that nothing asks for.
const NEVER: i64 = i64::MAX / 2;

/// A matter with its dates. A finished one has those that it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The matter.
    pub code: MatterCode,
    /// The office that holds it.
    pub office: OfficeCode,
    /// That office is outside the hall.
    pub outside: bool,
    /// Where it stands.
    pub state: ItemState,
    /// When it began, or can begin at the earliest.
    pub start: Due,
    /// When it was finished, or can be at the earliest.
    pub finish: Due,
    /// When it has to begin at the latest.
    pub latest_start: NaiveDate,
    /// When it has to be finished at the latest: for the goal if it leads to it, else for the end.
    pub latest_finish: NaiveDate,
    /// Working days that it may slip; negative if it is too late for the goal already.
    pub slack: i64,
    /// If it slips by a day, so does the goal, or without one the end.
    pub critical: bool,
    /// Matters that it waits for, directly.
    pub waits_for: Vec<MatterCode>,
    /// Matters that wait for it, directly.
    pub holds_up: Vec<MatterCode>,
    /// It is not submitted, and neither law nor usual order is in its way.
    pub can_start_today: bool,
    /// It is not submitted, and only the usual order is in its way: a preliminary look (预审) could let it begin.
    pub can_start_early: bool,
}

/// A project with dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Every matter, in list order.
    pub items: Vec<Scheduled>,
    /// When the whole is finished at the earliest, or was.
    pub end: Due,
    /// Working days from today to the end.
    pub days: u32,
    /// The longest path from today to the goal, or without one to the end. Of equal ones the first in list order.
    pub critical: Vec<MatterCode>,
    /// The milestones that the project has matters for.
    pub milestones: Vec<MilestoneDate>,
    /// Matters that may start today.
    pub can_start_today: Vec<MatterCode>,
    /// A date rests on a year whose arrangement is not published yet.
    pub provisional: bool,
}

impl Schedule {
    /// A matter of the schedule.
    #[must_use]
    pub fn item(&self, code: &MatterCode) -> Option<&Scheduled> {
        self.items.iter().find(|item| item.code == *code)
    }
}

/// Puts dates to a project. What is not submitted begins as soon as all before it is finished, today at the earliest, and takes
/// what is promised; what is under way takes what remains of its clock.
///
/// With a goal, a milestone and the day on which it is wanted, latest dates count backwards from that day for all that leads to
/// it (倒排工期); for the rest they count from the end as it then is. A goal that is reached or that nothing in the list leads to
/// changes nothing.
#[must_use]
pub fn schedule(
    items: &[PlanItem],
    milestones: &[Milestone],
    calendar: &Calendar,
    today: NaiveDate,
    goal: Option<(&str, NaiveDate)>,
) -> Schedule {
    let course = Course::of(items);
    let target = goal.and_then(|(code, date)| course.target(items, milestones, code, calendar, today, date));
    let latest = course.latest(target.as_ref());
    let furthest = latest.iter().copied().filter(|day| *day < NEVER).max().unwrap_or(0);
    let table = DayTable::new(calendar, today, u32::try_from(furthest).unwrap_or(0).max(course.days()));
    let scheduled = |at: usize| course.scheduled(items, at, latest[at], target.as_ref(), &table);
    let scheduled: Vec<Scheduled> = (0..items.len()).map(scheduled).collect();
    let last = target.as_ref().map_or_else(|| course.last(), |target| Some(target.last));
    let critical = last.filter(|_| course.has_open(items)).map_or_else(Vec::new, |last| course.earliest.path_to(last));
    let critical = critical.into_iter().filter(|at| !items[*at].state.is_done());
    let end = course.end(items, &table);
    Schedule {
        critical: critical.map(|at| items[at].code.clone()).collect(),
        milestones: milestone_dates(&scheduled, milestones),
        can_start_today: scheduled.iter().filter(|item| item.can_start_today).map(|item| item.code.clone()).collect(),
        days: course.days(),
        provisional: end.provisional || scheduled.iter().any(|item| item.finish.provisional),
        end,
        items: scheduled,
    }
}

/// The course of what is left, in working days from today.
struct Course {
    graph: Graph,
    days: Vec<u32>,
    earliest: Earliest,
}

/// A goal in working days from today.
struct Target {
    /// The wanted day.
    on: i64,
    /// The day on which it can be reached.
    reach: i64,
    /// The matter that is finished last of those that the goal asks for.
    last: usize,
    /// The latest finish of all that leads to it; [`NEVER`] for the rest.
    latest: Vec<i64>,
}

impl Course {
    fn of(items: &[PlanItem]) -> Self {
        let graph = open_graph(items);
        let days: Vec<u32> = items.iter().map(days_of).collect();
        let earliest = graph.earliest(&days);
        Self { graph, days, earliest }
    }

    fn days(&self) -> u32 {
        self.earliest.finish.iter().copied().max().unwrap_or(0).min(FURTHEST)
    }

    /// The first matter in list order that is finished last.
    fn last(&self) -> Option<usize> {
        let total = self.earliest.finish.iter().max()?;
        self.earliest.finish.iter().position(|finish| finish == total)
    }

    fn has_open(&self, items: &[PlanItem]) -> bool {
        items.iter().any(|item| !item.state.is_done())
    }

    fn finish(&self, at: usize) -> i64 {
        i64::from(self.earliest.finish[at])
    }

    fn end(&self, items: &[PlanItem], table: &DayTable<'_>) -> Due {
        if self.has_open(items) || items.is_empty() {
            return table.due(i64::from(self.days()));
        }
        let on = items.iter().filter_map(done_on).max();
        Due { date: on.unwrap_or_else(|| table.date(0)), provisional: false }
    }

    fn target(
        &self,
        items: &[PlanItem],
        milestones: &[Milestone],
        code: &str,
        calendar: &Calendar,
        today: NaiveDate,
        date: NaiveDate,
    ) -> Option<Target> {
        let milestone = milestones.iter().find(|milestone| milestone.code == code)?;
        let is_asked = |at: &usize| milestone.requires.contains(&items[*at].code) && !items[*at].state.is_done();
        let asked: Vec<usize> = (0..items.len()).filter(is_asked).collect();
        let reach = asked.iter().map(|at| self.finish(*at)).max()?;
        let last = asked.iter().copied().find(|at| self.finish(*at) == reach)?;
        let span = chrono::TimeDelta::days(i64::from(FURTHEST));
        let date = date.clamp(today - span, today + span);
        let on = calendar.working_days_between(today, date);
        let mut ends = vec![NEVER; items.len()];
        asked.iter().for_each(|at| ends[*at] = on);
        let latest = self.graph.latest(&self.days, &ends);
        Some(Target { on, reach, last, latest })
    }

    /// The latest finish of every matter.
    fn latest(&self, target: Option<&Target>) -> Vec<i64> {
        let end = i64::from(self.days());
        let Some(target) = target else {
            return self.graph.latest(&self.days, &vec![end; self.days.len()]);
        };
        // When the goal is wanted later than it can be reached, all that follows it moves as well.
        let end = end + (target.on - target.reach).max(0);
        let rest = self.graph.latest(&self.days, &vec![end; self.days.len()]);
        let of = |(latest, rest): (&i64, i64)| if *latest < NEVER / 2 { *latest } else { rest };
        target.latest.iter().zip(rest).map(of).collect()
    }

    fn scheduled(
        &self,
        items: &[PlanItem],
        at: usize,
        latest: i64,
        target: Option<&Target>,
        table: &DayTable<'_>,
    ) -> Scheduled {
        let item = &items[at];
        let (days, finish) = (i64::from(self.days[at]), self.finish(at));
        let (start_day, finish_day) = match item.state {
            ItemState::Done { since, on } => (past(since.unwrap_or(on)), past(on)),
            _ => (item.state.since().map_or_else(|| table.due(finish - days), past), table.due(finish)),
        };
        let is_done = item.state.is_done();
        let slack = if is_done { 0 } else { latest - finish };
        let leads = target.is_none_or(|target| target.latest[at] < NEVER / 2);
        let spare = target.map_or(0, |target| target.on - target.reach);
        let codes = |places: &[usize]| places.iter().map(|at| items[*at].code.clone()).collect::<Vec<_>>();
        let is_open = !is_done && !item.state.is_under_way();
        let waits_for = codes(&self.graph.before[at]);
        let is_free = waits_for.is_empty();
        let by_law = waits_for.iter().any(|code| item.hard.contains(code));
        Scheduled {
            code: item.code.clone(),
            office: item.office.clone(),
            outside: item.outside,
            state: item.state,
            latest_start: if is_done { start_day.date } else { table.date(latest - days) },
            latest_finish: if is_done { finish_day.date } else { table.date(latest) },
            start: start_day,
            finish: finish_day,
            slack,
            critical: !is_done && leads && slack == spare,
            waits_for,
            holds_up: codes(&self.graph.after[at]),
            can_start_today: is_open && is_free,
            can_start_early: is_open && !is_free && !by_law,
        }
    }
}

/// A day that has been.
fn past(date: NaiveDate) -> Due {
    Due { date, provisional: false }
}

fn done_on(item: &PlanItem) -> Option<NaiveDate> {
    match item.state {
        ItemState::Done { on, .. } => Some(on),
        _ => None,
    }
}

fn days_of(item: &PlanItem) -> u32 {
    if item.state.is_done() { 0 } else { item.days.saturating_add(item.late) }
}

/// A matter that others wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// The matter.
    pub matter: MatterCode,
    /// The office that holds it.
    pub office: OfficeCode,
    /// Who works on it.
    pub person: Option<Username>,
    /// By how many working days the end would come earlier if it were finished today.
    pub days: u32,
    /// How many matters wait for it, directly or through others.
    pub holds_up: usize,
}

/// Who holds up whom: matters that are under way or could be, and that others wait for; those that move the end most come
/// first, then those for which most wait, then list order.
#[must_use]
pub fn blockers(items: &[PlanItem]) -> Vec<Blocker> {
    let course = Course::of(items);
    let total = course.days();
    let blocker = |at: usize| {
        let item = &items[at];
        let holds_up = course.graph.count_after(at);
        if item.state.is_done() || !course.graph.before[at].is_empty() || holds_up == 0 {
            return None;
        }
        let mut days = course.days.clone();
        days[at] = 0;
        let without = course.graph.earliest(&days).finish.iter().copied().max().unwrap_or(0);
        let (matter, office, person) = (item.code.clone(), item.office.clone(), item.person.clone());
        Some(Blocker { matter, office, person, days: total.saturating_sub(without), holds_up })
    };
    let mut blockers: Vec<Blocker> = (0..items.len()).filter_map(blocker).collect();
    blockers.sort_by_key(|blocker| (std::cmp::Reverse(blocker.days), std::cmp::Reverse(blocker.holds_up)));
    blockers
}
