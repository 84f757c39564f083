//! Plan and forecast of a project (S5.3): dates, what is likely, what if, and how good forecasts have been.

mod history;

pub(crate) use history::{HistoryCache, Settled};

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::reading::OpenCase;
use crate::reference::Reference;
use chrono::{Days, NaiveDate};
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::ids::{CaseId, MatterCode, TemplateCode};
use domain::plan::{
    Blocker, Forecast, History, Kept, PlanItem, Play, Quality, Scenario, Schedule, blockers, forecast, how_good,
    items_of, items_of_list, schedule,
};
use std::sync::Arc;

/// So far back forecasts are judged: two years.
const JUDGED: Days = Days::new(730);
/// So many forecasts are judged at most, the newest.
const MOST_JUDGED: u64 = 10_000;

/// A milestone and the day on which it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The milestone's code in the catalogue.
    pub milestone: String,
    /// The day.
    pub on: NaiveDate,
}

/// The plan of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPlan {
    /// Dates, critical path, milestones, what may start today.
    pub schedule: Schedule,
    /// Who holds up whom. The enterprise sees offices, and no person but its agent.
    pub blockers: Vec<Blocker>,
    /// What latest dates count backwards from, if anything.
    pub goal: Option<Wanted>,
}

/// What is likely for a case, and what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectForecast {
    /// As it is; none if every matter is finished.
    pub usual: Option<Forecast>,
    /// As it would be; none if nothing is supposed.
    pub supposed: Option<Supposed>,
    /// How many finished matters of this hall it could draw from.
    pub history: u64,
}

/// A what-if beside what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supposed {
    /// The forecast as it would be.
    pub forecast: Option<Forecast>,
    /// The dates as they would be.
    pub schedule: Schedule,
    /// By how many working days the planned end comes earlier; negative: later.
    pub plan_gains: i64,
    /// By how many working days the middle of the forecast comes earlier; negative: later.
    pub gains: i64,
}

/// How good forecasts have been.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastQuality {
    /// The judgement; none while no project with a forecast is finished.
    pub quality: Option<Quality>,
    /// Of so many projects.
    pub projects: usize,
    /// Finished since.
    pub since: NaiveDate,
}

impl OpenCase {
    /// The matters as the plan sees them, with the green channel's limits where it is open.
    #[must_use]
    pub fn plan_items(&self) -> Vec<PlanItem> {
        let items = items_of(&self.case, &self.reference.calendar, self.now);
        let green = Scenario { green: self.case.green.is_some(), ..Scenario::default() };
        green.apply(&items, self.reference.policy.green_percent)
    }

    /// The plan of the case as of today.
    #[must_use]
    pub fn plan(&self) -> ProjectPlan {
        let items = self.plan_items();
        let goal = self.case.goal.as_ref().map(|goal| Wanted { milestone: goal.milestone.clone(), on: goal.date });
        let mut blockers = blockers(&items);
        if self.is_own_enterprise() {
            for blocker in &mut blockers {
                blocker.person.take_if(|person| Some(&*person) != self.case.agent.as_ref());
            }
        }
        let schedule = dated(&items, &self.reference, today(self.now), goal.as_ref());
        ProjectPlan { schedule, blockers, goal }
    }
}

fn dated(items: &[PlanItem], reference: &Reference, from: NaiveDate, goal: Option<&Wanted>) -> Schedule {
    let goal = goal.map(|goal| (goal.milestone.as_str(), goal.on));
    schedule(items, reference.catalogue.milestones(), &reference.calendar, from, goal)
}

fn played(items: &[PlanItem], history: &History, reference: &Reference, from: NaiveDate) -> Option<Forecast> {
    forecast(items, reference.catalogue.milestones(), history, &reference.calendar, from, Play::default())
}

impl App {
    /// The plan of a case, for those who may see the case.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also where the person may not know of it.
    pub async fn plan_of(&self, user: &User, id: &CaseId) -> Result<ProjectPlan, AppError> {
        Ok(self.open_case(user, id).await?.plan())
    }

    /// What is likely for a case and what would be, for those who may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also where the person may not know of it.
    pub async fn forecast_of(&self, user: &User, id: &CaseId, scenario: Scenario) -> Result<ProjectForecast, AppError> {
        let open = self.open_case(user, id).await?;
        let history = self.history().await?;
        // Ten thousand runs are work for a core, not for the loop that serves; and no more at once than there are cores.
        let core = self.inner.foreseeing.acquire().await.map_err(|error| AppError::internal("forecast", &error))?;
        let foreseen = tokio::task::spawn_blocking(move || foreseen(&open, &history, scenario)).await;
        drop(core);
        foreseen.map_err(|error| AppError::internal("forecast", &error))
    }

    /// The plan of a template or of any list of matters as if it began on a day (today unless said otherwise).
    ///
    /// # Errors
    /// Forbidden; [`AppError::NotFound`] if there is no such template.
    pub fn template_plan(
        &self,
        user: &User,
        code: &TemplateCode,
        start: Option<NaiveDate>,
        goal: Option<&Wanted>,
    ) -> Result<Schedule, AppError> {
        let reference = self.reference();
        let template = reference.catalogue.template(code).ok_or(AppError::NotFound)?;
        self.list_plan(user, &template.matters, start, goal)
    }

    /// As [`App::template_plan`], of any list of matters; unknown and repeated ones are passed over.
    ///
    /// # Errors
    /// Forbidden.
    pub fn list_plan(
        &self,
        user: &User,
        matters: &[MatterCode],
        start: Option<NaiveDate>,
        goal: Option<&Wanted>,
    ) -> Result<Schedule, AppError> {
        may(&user.actor, Action::SeeReference, On::Hall)?;
        let reference = self.reference();
        let items = items_of_list(&reference.catalogue, matters);
        Ok(dated(&items, &reference, start.unwrap_or_else(|| today(self.now())), goal))
    }

    /// How good the forecasts of projects have been that were finished in the last two years. Judged once a day.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn forecast_quality(&self, user: &User) -> Result<ForecastQuality, AppError> {
        may(&user.actor, Action::SeeReference, On::Hall)?;
        let today = today(self.now());
        let mut judged = self.inner.history.judged.lock().await;
        if let Some((_, quality)) = judged.as_ref().filter(|(day, _)| *day == today) {
            return Ok(quality.clone());
        }
        let since = today.checked_sub_days(JUDGED).unwrap_or(today);
        let made = self.inner.store.forecasts_kept(since, MOST_JUDGED).await?;
        let mut projects: Vec<&CaseId> = made.iter().map(|one| &one.case).collect();
        projects.sort_unstable();
        projects.dedup();
        let kept = made.iter().filter_map(|one| {
            Some(Kept { p10: one.p10, p50: one.p50, p80: one.p80, p90: one.p90, actual: one.actual_on? })
        });
        let kept: Vec<Kept> = kept.collect();
        let quality =
            ForecastQuality { quality: how_good(&kept, &self.reference().calendar), projects: projects.len(), since };
        *judged = Some((today, quality.clone()));
        Ok(quality)
    }
}

fn foreseen(open: &OpenCase, history: &Arc<History>, mut scenario: Scenario) -> ProjectForecast {
    let (items, from) = (open.plan_items(), today(open.now));
    let reference = &open.reference;
    let usual = played(&items, history, reference, from);
    // What has come true already cannot be supposed: the green channel does not halve a limit twice.
    scenario.green &= open.case.green.is_none();
    let supposed = (!scenario.is_empty()).then(|| {
        let changed = scenario.apply(&items, reference.policy.green_percent);
        let goal = open.case.goal.as_ref().map(|goal| Wanted { milestone: goal.milestone.clone(), on: goal.date });
        let before = dated(&items, reference, from, goal.as_ref());
        let schedule = dated(&changed, reference, from, goal.as_ref());
        let forecast = played(&changed, history, reference, from);
        let middle = |forecast: &Option<Forecast>| forecast.as_ref().map_or(0, |one| i64::from(one.end.p50.days));
        Supposed {
            plan_gains: i64::from(before.days) - i64::from(schedule.days),
            gains: middle(&usual) - middle(&forecast),
            forecast,
            schedule,
        }
    });
    ProjectForecast { usual, supposed, history: history.runs() }
}
