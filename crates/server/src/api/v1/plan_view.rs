//! Plan and forecast as they go out.

use app::{ForecastQuality, ProjectForecast, Supposed, Wanted};
use chrono::NaiveDate;
use domain::calendar::Due;
use domain::catalogue::Catalogue;
use domain::ids::MatterCode;
use domain::plan::{Basis, Blocker, Forecast, ItemState, MatterForecast, MilestoneDate, Schedule, Scheduled, Spread};
use serde::Serialize;
use utoipa::ToSchema;

/// A day. It is provisional if it rests on a year whose holidays are not published yet.
#[derive(Debug, Serialize, ToSchema)]
struct DayJson {
    on: NaiveDate,
    provisional: bool,
}

impl From<Due> for DayJson {
    fn from(due: Due) -> Self {
        Self { on: due.date, provisional: due.provisional }
    }
}

/// The plan of a project.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanJson {
    /// When the whole is finished at the earliest, or was.
    end: DayJson,
    /// Working days until then.
    days: u32,
    /// A date rests on a year whose holidays are not published yet.
    provisional: bool,
    /// What latest dates count backwards from.
    #[schema(required)]
    goal: Option<WantedJson>,
    /// The longest path to the goal, or without one to the end.
    critical: Vec<String>,
    can_start_today: Vec<String>,
    milestones: Vec<MilestoneJson>,
    matters: Vec<ScheduledJson>,
    /// Who holds up whom, what moves the end most first.
    blockers: Vec<BlockerJson>,
}

/// A milestone and the day on which it is wanted.
#[derive(Debug, Serialize, ToSchema)]
struct WantedJson {
    milestone: String,
    on: NaiveDate,
}

/// A milestone with its date.
#[derive(Debug, Serialize, ToSchema)]
struct MilestoneJson {
    code: String,
    name: String,
    /// When it can be reached at the earliest, or was.
    at: DayJson,
    reached: bool,
    waits_for: Vec<String>,
}

impl From<&MilestoneDate> for MilestoneJson {
    fn from(milestone: &MilestoneDate) -> Self {
        Self {
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            at: milestone.on.into(),
            reached: milestone.reached,
            waits_for: codes(&milestone.waits_for),
        }
    }
}

/// A matter with its dates.
#[derive(Debug, Serialize, ToSchema)]
struct ScheduledJson {
    code: String,
    name: String,
    office: String,
    outside: bool,
    /// `done`, `refused` (to be done again), `running`, `overdue`, `stopped`, `ready`, `waiting`.
    state: String,
    /// When it began, or can begin at the earliest.
    start: DayJson,
    /// When it was finished, or can be at the earliest.
    finish: DayJson,
    latest_start: NaiveDate,
    latest_finish: NaiveDate,
    /// Working days that it may slip; negative if it is too late for the goal.
    slack: i64,
    critical: bool,
    waits_for: Vec<String>,
    holds_up: Vec<String>,
    can_start_today: bool,
    /// Only the usual order is in its way.
    can_start_early: bool,
}

/// A matter that others wait for.
#[derive(Debug, Serialize, ToSchema)]
struct BlockerJson {
    matter: String,
    name: String,
    office: String,
    /// Who works on it; the enterprise sees only its agent.
    #[schema(required)]
    person: Option<String>,
    /// By how many working days the end would come earlier if it were finished today.
    days: u32,
    /// How many matters wait for it.
    holds_up: usize,
}

pub(super) fn plan_json(
    schedule: &Schedule,
    blockers: &[Blocker],
    goal: Option<&Wanted>,
    catalogue: &Catalogue,
) -> PlanJson {
    let blocker = |blocker: &Blocker| BlockerJson {
        matter: blocker.matter.0.clone(),
        name: name_of(catalogue, &blocker.matter),
        office: blocker.office.0.clone(),
        person: blocker.person.as_ref().map(|person| person.0.clone()),
        days: blocker.days,
        holds_up: blocker.holds_up,
    };
    PlanJson {
        end: schedule.end.into(),
        days: schedule.days,
        provisional: schedule.provisional,
        goal: goal.map(|goal| WantedJson { milestone: goal.milestone.clone(), on: goal.on }),
        critical: codes(&schedule.critical),
        can_start_today: codes(&schedule.can_start_today),
        milestones: schedule.milestones.iter().map(MilestoneJson::from).collect(),
        matters: schedule.items.iter().map(|item| scheduled(item, catalogue)).collect(),
        blockers: blockers.iter().map(blocker).collect(),
    }
}

fn scheduled(item: &Scheduled, catalogue: &Catalogue) -> ScheduledJson {
    ScheduledJson {
        code: item.code.0.clone(),
        name: name_of(catalogue, &item.code),
        office: item.office.0.clone(),
        outside: item.outside,
        state: state(&item.state).to_owned(),
        start: item.start.into(),
        finish: item.finish.into(),
        latest_start: item.latest_start,
        latest_finish: item.latest_finish,
        slack: item.slack,
        critical: item.critical,
        waits_for: codes(&item.waits_for),
        holds_up: codes(&item.holds_up),
        can_start_today: item.can_start_today,
        can_start_early: item.can_start_early,
    }
}

fn state(state: &ItemState) -> &'static str {
    match state {
        ItemState::Done { .. } => "done",
        ItemState::Refused { .. } => "refused",
        ItemState::Running { overdue: true, .. } => "overdue",
        ItemState::Running { .. } => "running",
        ItemState::Stopped { .. } => "stopped",
        ItemState::Ready => "ready",
        ItemState::Waiting => "waiting",
    }
}

fn codes(codes: &[MatterCode]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

/// A matter that the catalogue has no more goes by its code.
fn name_of(catalogue: &Catalogue, code: &MatterCode) -> String {
    catalogue.matter(code).map_or_else(|| code.0.clone(), |matter| matter.name.clone())
}

/// What is likely for a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForecastJson {
    /// As it is; none if every matter is finished.
    #[schema(required)]
    forecast: Option<LikelyJson>,
    /// As it would be; none if nothing was supposed.
    #[schema(required)]
    what_if: Option<SupposedJson>,
    /// How many finished matters of this hall it could draw from.
    history: u64,
}

/// What is likely.
#[derive(Debug, Serialize, ToSchema)]
struct LikelyJson {
    end: SpreadJson,
    milestones: Vec<MilestoneSpreadJson>,
    histogram: Vec<BarJson>,
    matters: Vec<MatterLikelyJson>,
    /// How often the project was played.
    runs: u32,
    /// How many of the open matters rest on history, the others on their limits.
    on_history: usize,
}

/// Days by which one run in ten, half, eight and nine in ten were finished.
#[derive(Debug, Serialize, ToSchema)]
struct SpreadJson {
    p10: AtJson,
    p50: AtJson,
    p80: AtJson,
    p90: AtJson,
}

/// A day, and how many working days it is away.
#[derive(Debug, Serialize, ToSchema)]
struct AtJson {
    days: u32,
    on: NaiveDate,
    provisional: bool,
}

impl From<&Spread> for SpreadJson {
    fn from(spread: &Spread) -> Self {
        let at = |likely: domain::plan::Likely| AtJson {
            days: likely.days,
            on: likely.on.date,
            provisional: likely.on.provisional,
        };
        Self { p10: at(spread.p10), p50: at(spread.p50), p80: at(spread.p80), p90: at(spread.p90) }
    }
}

/// When a milestone is likely to be reached.
#[derive(Debug, Serialize, ToSchema)]
struct MilestoneSpreadJson {
    code: String,
    name: String,
    reached: SpreadJson,
}

/// The runs that ended within these working days.
#[derive(Debug, Serialize, ToSchema)]
struct BarJson {
    from: u32,
    to: u32,
    runs: u32,
}

/// A matter that is not finished.
#[derive(Debug, Serialize, ToSchema)]
struct MatterLikelyJson {
    code: String,
    name: String,
    /// In which share of the runs it decided the end.
    critical: f64,
    /// On what its durations rest: `office` or `matter` (finished ones at this office, or at all), `limit`, `nothing`.
    basis: String,
    /// How many finished ones.
    n: u32,
}

/// A what-if.
#[derive(Debug, Serialize, ToSchema)]
struct SupposedJson {
    #[schema(required)]
    forecast: Option<LikelyJson>,
    plan: PlanJson,
    /// By how many working days the planned end comes earlier; negative: later.
    plan_gains: i64,
    /// By how many working days the middle of the forecast comes earlier; negative: later.
    gains: i64,
}

impl ForecastJson {
    pub(super) fn of(forecast: &ProjectForecast, catalogue: &Catalogue) -> Self {
        let what_if = |supposed: &Supposed| SupposedJson {
            forecast: supposed.forecast.as_ref().map(|forecast| likely(forecast, catalogue)),
            plan: plan_json(&supposed.schedule, &[], None, catalogue),
            plan_gains: supposed.plan_gains,
            gains: supposed.gains,
        };
        Self {
            forecast: forecast.usual.as_ref().map(|forecast| likely(forecast, catalogue)),
            what_if: forecast.supposed.as_ref().map(what_if),
            history: forecast.history,
        }
    }
}

fn likely(forecast: &Forecast, catalogue: &Catalogue) -> LikelyJson {
    let matter = |matter: &MatterForecast| {
        let (basis, n) = match matter.basis {
            Basis::Office { n } => ("office", n),
            Basis::Matter { n } => ("matter", n),
            Basis::Limit => ("limit", 0),
            Basis::Nothing => ("nothing", 0),
        };
        MatterLikelyJson {
            code: matter.code.0.clone(),
            name: name_of(catalogue, &matter.code),
            critical: f64::from(matter.critical_runs) / f64::from(forecast.runs),
            basis: basis.to_owned(),
            n,
        }
    };
    let milestones = forecast.milestones.iter().map(|milestone| MilestoneSpreadJson {
        code: milestone.code.clone(),
        name: milestone.name.clone(),
        reached: SpreadJson::from(&milestone.spread),
    });
    let histogram = forecast.histogram.iter().map(|bar| BarJson { from: bar.from, to: bar.to, runs: bar.runs });
    LikelyJson {
        end: SpreadJson::from(&forecast.end),
        milestones: milestones.collect(),
        histogram: histogram.collect(),
        matters: forecast.matters.iter().map(matter).collect(),
        runs: forecast.runs,
        on_history: forecast.on_history(),
    }
}

/// How good forecasts have been.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QualityJson {
    /// The judgement; none while no project with a forecast is finished.
    #[schema(required)]
    quality: Option<JudgedJson>,
    /// Of so many projects.
    projects: usize,
    /// Finished since.
    since: NaiveDate,
}

/// Forecasts held against what happened.
#[derive(Debug, Serialize, ToSchema)]
struct JudgedJson {
    /// How many forecasts.
    n: usize,
    /// Share finished by the day that eight in ten were promised for: 0.8 would be right, less is too hopeful.
    covered_80: f64,
    /// Share finished between p10 and p90: 0.8 would be right, less is too sure.
    within_10_90: f64,
    /// How far the middle day was off, in working days: half of them less, half of them more.
    median_error_days: f64,
    /// How far it was off on average; more than none: finished later than said.
    bias_days: f64,
}

impl From<ForecastQuality> for QualityJson {
    fn from(known: ForecastQuality) -> Self {
        let judged = known.quality.map(|quality| JudgedJson {
            n: quality.n,
            covered_80: quality.covered_80,
            within_10_90: quality.within_10_90,
            median_error_days: quality.median_error_days,
            bias_days: quality.bias_days,
        });
        Self { quality: judged, projects: known.projects, since: known.since }
    }
}
