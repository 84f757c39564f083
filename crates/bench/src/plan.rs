//! What a plan and a forecast cost, and how it grows with matters and runs. Neither needs a database: the matters are those of
//! the catalogue, the history is made up.

use crate::{Fault, say};
use chrono::NaiveDate;
use domain::calendar::Calendar;
use domain::catalogue::Catalogue;
use domain::ids::MatterCode;
use domain::plan::{History, HistoryLine, ItemState, PlanItem, Play, blockers, forecast, items_of_list, schedule};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

const CATALOGUE: &str = include_str!("../../../reference/matters.json");
const CALENDAR: &str = include_str!("../../../reference/holidays.json");
/// The matters of a project.
const MATTERS: [usize; 3] = [20, 60, 200];
/// How often it is played.
const RUNS: [u32; 3] = [1_000, 10_000, 100_000];
/// Each is measured so often; the middle counts.
const TIMES: usize = 9;
/// What a project of 60 matters may take for its plan.
const PLAN_LIMIT: Duration = Duration::from_millis(1);
/// What 10,000 runs of a forecast of 60 matters may take on one core.
const FORECAST_LIMIT: Duration = Duration::from_millis(50);

/// Prints the table.
///
/// # Errors
/// If the reference data cannot be read, or what took longer than its limit.
pub fn print() -> Result<(), Fault> {
    let catalogue = Catalogue::parse(CATALOGUE)?;
    let calendar = Calendar::parse(CALENDAR)?;
    let today = NaiveDate::from_ymd_opt(2026, 3, 11).ok_or("no such day")?;
    let history = history(&catalogue);
    let milestones = catalogue.milestones();
    let mut slow = Vec::new();
    let mut text = "| what | matters | runs | ms |\n|---|--:|--:|--:|\n".to_owned();
    let mut line = |what: &str, matters: usize, runs: &str, took: Duration| {
        let _ = writeln!(text, "| {what} | {matters} | {runs} | {:.3} |", took.as_secs_f64() * 1000.0);
    };
    for count in MATTERS {
        let items = project(&catalogue, count);
        let plan = middle(|| schedule(&items, milestones, &calendar, today, Some(("MS-KG", today))).days);
        line("plan with critical path, from a goal", count, "–", plan);
        if count == 60 && plan > PLAN_LIMIT {
            slow.push(format!("plan: {plan:?} for 60 matters"));
        }
        line("who holds up whom", count, "–", middle(|| blockers(&items).len()));
        for runs in RUNS {
            let play = Play { seed: 1, runs };
            let played = middle(|| forecast(&items, milestones, &history, &calendar, today, play));
            line("forecast with milestones", count, &runs.to_string(), played);
            if (count, runs) == (60, 10_000) && played > FORECAST_LIMIT {
                slow.push(format!("forecast: {played:?} for 60 matters and 10,000 runs"));
            }
        }
    }
    say(&text);
    if slow.is_empty() { Ok(()) } else { Err(slow.join("; ").into()) }
}

/// A project of so many matters: the catalogue's in list order, as often as needed, each time after the last of the time before.
/// Every fifth is under way.
fn project(catalogue: &Catalogue, count: usize) -> Vec<PlanItem> {
    let codes: Vec<MatterCode> = catalogue.matters().iter().map(|matter| matter.code.clone()).collect();
    let once = items_of_list(catalogue, &codes);
    let mut items: Vec<PlanItem> = Vec::with_capacity(count);
    for nth in 0..count {
        let (round, at) = (nth / once.len(), nth % once.len());
        let mut item = once[at].clone();
        if round > 0 {
            let named = |code: &MatterCode| MatterCode(format!("{code}/{round}"));
            item.hard = item.hard.iter().map(named).chain([items[nth - once.len()].code.clone()]).collect();
            item.soft = item.soft.iter().map(named).collect();
            item.code = named(&item.code);
        } else if nth % 5 == 0 {
            let since = NaiveDate::from_ymd_opt(2026, 3, 6).unwrap_or_default();
            item.state = ItemState::Running { since, due: None, overdue: false };
        }
        items.push(item);
    }
    items
}

/// Forty different durations of every matter, between a quarter and the whole of its limit.
fn history(catalogue: &Catalogue) -> History {
    let lines = catalogue.matters().iter().flat_map(|matter| {
        let most = matter.promised.map_or(8, |limit| limit.as_working_days().max(8));
        (0..40).map(move |nth| HistoryLine {
            matter: matter.code.clone(),
            office: matter.department.clone(),
            lag: nth % 4,
            days: most / 4 + nth * most * 3 / 160,
            count: 5,
        })
    });
    History::of(lines)
}

fn middle<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut took: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[TIMES / 2]
}
