//! When a project is likely to be finished: its course, played many times with durations as they have been (S5.3).
//!
//! Where a duration comes from:
//! - From history: one of the finished matters of this kind at this office, or at all offices while this one has fewer than
//!   [`super::ENOUGH`], each as likely as the others, with the days that it lay before it was submitted. A matter that has run for
//!   so many days draws only from those that took at least as long.
//! - From the limit: anything from half of it to the whole, all equally likely, and beyond it anything from none to all of the days
//!   that special procedures may take. What is overdue, or has taken longer than every one before, may take as many days
//!   again as half of those that it has taken.
//! - Little history does not count as much: the limit weighs as much as [`LIMIT_WEIGHT`] finished matters, so a single quick one
//!   moves a forecast little and a hundred decide it.

use super::chance::Chance;
use super::days::{DayTable, FURTHEST};
use super::graph::{Earliest, Graph};
use super::history::{Basis, History, Taken};
use super::items::{ItemState, PlanItem, open_graph};
use crate::calendar::{Calendar, Due};
use crate::catalogue::Milestone;
use crate::ids::MatterCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The limit weighs as much as so many finished matters.
pub const LIMIT_WEIGHT: u32 = 3;

/// The most bars of a histogram.
const BARS: usize = 24;

/// How often a project is played, and with which luck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Play {
    /// The same seed gives the same forecast.
    pub seed: u64,
    /// How often; at least once.
    pub runs: u32,
}

impl Default for Play {
    fn default() -> Self {
        Self { seed: 2026, runs: 10_000 }
    }
}

/// A day by which a share of the runs was finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likely {
    /// Working days from today.
    pub days: u32,
    /// That day.
    pub on: Due,
}

/// A day, with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// One run in ten was finished by then.
    pub p10: Likely,
    /// Half of them.
    pub p50: Likely,
    /// Eight in ten.
    pub p80: Likely,
    /// Nine in ten.
    pub p90: Likely,
}

/// When a milestone is likely to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneForecast {
    /// Its code in the catalogue.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When.
    pub spread: Spread,
}

/// A bar of the histogram: the runs that were finished within these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// From so many working days from today, included.
    pub from: u32,
    /// To so many, included.
    pub to: u32,
    /// How many runs.
    pub runs: u32,
}

/// A matter in a forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterForecast {
    /// The matter.
    pub code: MatterCode,
    /// In how many runs it was on the longest path.
    pub critical_runs: u32,
    /// On what its durations rest.
    pub basis: Basis,
}

/// When a project is likely to be finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// The whole.
    pub end: Spread,
    /// Milestones that are not reached.
    pub milestones: Vec<MilestoneForecast>,
    /// How the runs ended.
    pub histogram: Vec<Bar>,
    /// The matters that are not finished, in list order.
    pub matters: Vec<MatterForecast>,
    /// How often the project was played.
    pub runs: u32,
}

impl Forecast {
    /// How many of the matters that are not finished rest on history.
    #[must_use]
    pub fn on_history(&self) -> usize {
        self.matters.iter().filter(|matter| matter.basis.is_history()).count()
    }
}

/// Plays a project; none if everything is finished.
#[must_use]
pub fn forecast(
    items: &[PlanItem],
    milestones: &[Milestone],
    history: &History,
    calendar: &Calendar,
    today: NaiveDate,
    play: Play,
) -> Option<Forecast> {
    let open: Vec<usize> = (0..items.len()).filter(|at| !items[*at].state.is_done()).collect();
    if open.is_empty() {
        return None;
    }
    let draws: Vec<Draw<'_>> = open.iter().map(|at| Draw::of(&items[*at], history, calendar, today)).collect();
    let asked = |milestone: &Milestone| -> Vec<usize> {
        open.iter().copied().filter(|at| milestone.requires.contains(&items[*at].code)).collect()
    };
    let goals: Vec<(&Milestone, Vec<usize>)> =
        milestones.iter().map(|milestone| (milestone, asked(milestone))).filter(|(_, at)| !at.is_empty()).collect();
    let graph = open_graph(items);
    let mut tallies = Tallies::new(items.len(), goals.len());
    for run in 0..play.runs.max(1) {
        tallies.days.fill(0);
        for (at, draw) in open.iter().zip(&draws) {
            tallies.days[*at] = draw.days(&mut Chance::of(play.seed, run, *at));
        }
        tallies.count(&graph, &goals);
    }
    let furthest = tallies.furthest();
    let table = DayTable::new(calendar, today, furthest);
    let named = |((milestone, _), tally): (&(&Milestone, Vec<usize>), &Tally)| MilestoneForecast {
        code: milestone.code.clone(),
        name: milestone.name.clone(),
        spread: tally.spread(&table),
    };
    let matter = |(at, draw): (&usize, &Draw<'_>)| MatterForecast {
        code: items[*at].code.clone(),
        critical_runs: tallies.critical[*at],
        basis: draw.basis,
    };
    Some(Forecast {
        end: tallies.end.spread(&table),
        milestones: goals.iter().zip(&tallies.goals).map(named).collect(),
        histogram: tallies.end.bars(),
        matters: open.iter().zip(&draws).map(matter).collect(),
        runs: play.runs.max(1),
    })
}

/// How a matter's duration is drawn.
struct Draw<'a> {
    taken: &'a [Taken],
    /// How many finished matters these stand for.
    n: u32,
    basis: Basis,
    /// Days that it has run; none while it is not submitted.
    elapsed: Option<u32>,
    low: u32,
    high: u32,
    special: u32,
    /// It cannot be finished earlier: a stop lasts until then.
    floor: u32,
    item: &'a PlanItem,
}

impl<'a> Draw<'a> {
    fn of(item: &'a PlanItem, history: &'a History, calendar: &Calendar, today: NaiveDate) -> Self {
        let between = |from, to| u32::try_from(calendar.working_days_between(from, to)).unwrap_or(0);
        let under_way = item.state.is_under_way();
        let elapsed = item.state.since().filter(|_| under_way).map(|since| between(since, today));
        let (mut taken, mut n, mut basis) = (&[][..], 0, Basis::Limit);
        if let Some((sample, of)) = history.sample(&item.code, &item.office) {
            let first = sample.taken.partition_point(|taken| elapsed.is_some_and(|elapsed| taken.days < elapsed));
            taken = &sample.taken[first..];
            let (left, all) = (taken.len() as u64, sample.taken.len().max(1) as u64);
            n = u32::try_from(u64::from(sample.n) * left / all).unwrap_or(u32::MAX);
            basis = of;
        }
        let is_unheard_of = basis.is_history() && taken.is_empty();
        let is_overdue = matches!(item.state, ItemState::Running { overdue: true, .. });
        let again = elapsed.filter(|_| is_overdue || is_unheard_of).map_or(0, |elapsed| elapsed.div_ceil(2));
        let high = item.days.max(again);
        let passed = elapsed.unwrap_or(0);
        if basis == Basis::Limit && high == 0 && item.special == 0 {
            basis = Basis::Nothing;
        }
        let floor = match item.state {
            ItemState::Stopped { until: Some(until), .. } => between(today, until),
            _ => 0,
        };
        let low = passed.saturating_add(high).div_ceil(2).saturating_sub(passed);
        Self { taken, n, basis, elapsed, low, high, special: item.special, floor, item }
    }

    /// Working days that it takes from now on, or from when it may begin.
    fn days(&self, chance: &mut Chance) -> u32 {
        let from_history = !self.taken.is_empty() && chance.below(self.n.saturating_add(LIMIT_WEIGHT)) < self.n;
        let days = if from_history {
            let nth = chance.below(u32::try_from(self.taken.len()).unwrap_or(u32::MAX));
            let taken = self.taken[nth as usize];
            let left = taken.days - self.elapsed.unwrap_or(0).min(taken.days);
            let lag = if self.elapsed.is_some() || self.item.prompt { 0 } else { taken.lag };
            lag + left.saturating_mul(self.item.pace).div_ceil(100)
        } else {
            chance.between(self.low, self.high) + chance.between(0, self.special)
        };
        days.max(self.floor).saturating_add(self.item.late).min(FURTHEST)
    }
}

/// What the runs have shown so far.
struct Tallies {
    days: Vec<u32>,
    earliest: Earliest,
    critical: Vec<u32>,
    end: Tally,
    goals: Vec<Tally>,
}

impl Tallies {
    fn new(items: usize, goals: usize) -> Self {
        Self {
            days: vec![0; items],
            earliest: Earliest { finish: Vec::new(), came_from: Vec::new() },
            critical: vec![0; items],
            end: Tally::default(),
            goals: (0..goals).map(|_| Tally::default()).collect(),
        }
    }

    /// Counts the run whose durations stand in `days`.
    fn count(&mut self, graph: &Graph, goals: &[(&Milestone, Vec<usize>)]) {
        graph.earliest_into(&self.days, &mut self.earliest);
        let finish = &self.earliest.finish;
        let (mut end, mut last) = (0, None);
        for (at, day) in finish.iter().enumerate() {
            if last.is_none() || *day > end {
                (end, last) = (*day, Some(at));
            }
        }
        self.end.add(end);
        while let Some(at) = last {
            self.critical[at] += 1;
            last = self.earliest.came_from[at];
        }
        for ((_, asked), tally) in goals.iter().zip(&mut self.goals) {
            tally.add(asked.iter().map(|at| finish[*at]).max().unwrap_or(0));
        }
    }

    fn furthest(&self) -> u32 {
        self.goals.iter().chain([&self.end]).map(|tally| tally.counts.len()).max().map_or(0, count)
    }
}

/// How many runs reached something on which day.
#[derive(Default)]
struct Tally {
    counts: Vec<u32>,
    runs: u32,
}

impl Tally {
    fn add(&mut self, day: u32) {
        let day = day.min(FURTHEST) as usize;
        if self.counts.len() <= day {
            self.counts.resize(day + 1, 0);
        }
        self.counts[day] += 1;
        self.runs += 1;
    }

    /// The first day by which so many runs in a hundred had reached it.
    fn percentile(&self, percent: u32) -> u32 {
        let wanted = (u64::from(self.runs) * u64::from(percent)).div_ceil(100);
        let mut reached = 0;
        let is_reached = |runs: &u32| {
            reached += u64::from(*runs);
            reached >= wanted
        };
        self.counts.iter().position(is_reached).map_or(0, count)
    }

    fn spread(&self, table: &DayTable<'_>) -> Spread {
        let likely = |percent| {
            let days = self.percentile(percent);
            Likely { days, on: table.due(i64::from(days)) }
        };
        Spread { p10: likely(10), p50: likely(50), p80: likely(80), p90: likely(90) }
    }

    /// Bars of equal width from the earliest run to the latest.
    fn bars(&self) -> Vec<Bar> {
        let first = self.counts.iter().position(|runs| *runs > 0).unwrap_or(0);
        let width = (self.counts.len() - first).div_ceil(BARS).max(1);
        let bar = |(nth, runs): (usize, &[u32])| {
            let from = first + nth * width;
            Bar { from: count(from), to: count(from + width - 1), runs: runs.iter().sum() }
        };
        self.counts[first..].chunks(width).enumerate().map(bar).collect()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
