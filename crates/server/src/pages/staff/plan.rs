//! The plan of a case (S5.3): when it opens, what may start today, who waits for whom, what would be. One page for staff at
//! `/cases/{id}/plan` and for the enterprise at `/my/{id}/plan`.

use super::plan_rows::{self, Hold, Mark, MatterRow, Startable};
use super::plan_supposed::{self, Compared, Supposing};
use super::typed::Typed;
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::picture::of_plan::{By, Source, chart};
use crate::pages::picture::{bars, map, sheets, steps};
use crate::pages::words;
use crate::routes::{Access, Area, Route};
use app::{ForecastQuality, OpenCase, ProjectForecast, ProjectPlan};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::calendar::today;
use domain::case::CommandKind;
use domain::ids::CaseId;
use domain::plan::PlanItem;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(Area::Staff, Access::Staff, "/cases/{id}/plan", of_case),
        Route::get(Area::Enterprise, Access::Applicant, "/my/{id}/plan", of_own),
    ]
}

/// A choice as a link.
pub(crate) struct Tab {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) on: bool,
}

#[derive(Template)]
#[template(path = "staff/plan.html")]
struct PlanPage {
    page: Page,
    l: Lang,
    desk: bool,
    back: String,
    here: String,
    number: String,
    project: String,
    headline: String,
    second: String,
    basis: String,
    provisional: bool,
    tabs: Vec<Tab>,
    groupings: Vec<Tab>,
    wide: Vec<String>,
    tall: String,
    startable: Vec<Startable>,
    early: usize,
    holds: Vec<Hold>,
    marks: Vec<Mark>,
    supposing: Supposing,
    compared: Option<Compared>,
    goal: String,
    can_set_goal: bool,
    id: String,
    shown: Vec<Tab>,
    orders: Vec<Tab>,
    matters: Vec<MatterRow>,
    quality: String,
}

async fn of_case(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    show(&visit, &CaseId(id), query.as_deref().unwrap_or_default(), true).await
}

async fn of_own(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    show(&visit, &CaseId(id), query.as_deref().unwrap_or_default(), false).await
}

/// Everything that the page is made from.
pub(super) struct Seen<'a> {
    pub(super) l: Lang,
    pub(super) open: &'a OpenCase,
    pub(super) plan: &'a ProjectPlan,
    pub(super) items: &'a [PlanItem],
    pub(super) forecast: &'a ProjectForecast,
    pub(super) typed: &'a Typed,
    pub(super) desk: bool,
    /// The page's own address.
    pub(super) here: String,
}

impl Seen<'_> {
    pub(super) fn day(&self, date: chrono::NaiveDate) -> String {
        words::day_of(self.l, date, today(self.open.now))
    }

    /// This page with one choice made otherwise; what is supposed stays.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let kept = self.typed.carried().into_iter().filter(|(known, _)| known != name);
        let pairs: Vec<String> = kept
            .chain([(name.to_owned(), value.to_owned())].into_iter().filter(|_| !value.is_empty()))
            .map(|(name, value)| format!("{}={}", urlencoded(&name), urlencoded(&value)))
            .collect();
        if pairs.is_empty() { self.here.clone() } else { format!("{}?{}", self.here, pairs.join("&")) }
    }

    /// Choices of one name as links; the first is the usual one.
    pub(super) fn tabs(&self, name: &str, values: &[&str], place: &str) -> Vec<Tab> {
        let chosen = self.typed.get(name);
        let usual = !values.contains(&chosen);
        let tab = |(at, value): (usize, &&str)| Tab {
            label: self.l.t(&format!("plan.{name}.{value}")).into_owned(),
            href: format!("{}#{place}", self.with(name, if at == 0 { "" } else { value })),
            on: chosen == *value || (usual && at == 0),
        };
        values.iter().enumerate().map(tab).collect()
    }
}

async fn show(visit: &Signed, id: &CaseId, query: &str, desk: bool) -> Result<Response, Fault> {
    let typed = Typed::read(query);
    let app = &visit.state.app;
    let open = app.open_case(&visit.user, id).await?;
    let (plan, items) = (open.plan(), open.plan_items());
    let (scenario, supposing) = plan_supposed::read(visit.l, &open, &plan, &typed, desk);
    let forecast = app.forecast_of(&visit.user, id, scenario).await?;
    let quality = app.forecast_quality(&visit.user).await?;
    let here = if desk { format!("/cases/{id}/plan") } else { format!("/my/{id}/plan") };
    let (open, plan, items, forecast, typed) = (&open, &plan, items.as_slice(), &forecast, &typed);
    let seen = Seen { l: visit.l, open, plan, items, forecast, typed, desk, here };
    html(&view(visit, &seen, supposing, &quality))
}

fn view(visit: &Signed, seen: &Seen<'_>, supposing: Supposing, quality: &ForecastQuality) -> PlanPage {
    let (l, open) = (seen.l, seen.open);
    let (wide, tall) = pictures(seen);
    let startable = plan_rows::startable(seen);
    let can = |kind| open.actions().iter().any(|action| action.kind == kind && action.refusal.is_none());
    let title = l.tr("plan.title_of", &[("number", &open.case.number)]);
    let page = if seen.desk { super::desk(visit, "plan.title") } else { visit.page("plan.title") };
    PlanPage {
        page: page.titled(title),
        l,
        desk: seen.desk,
        back: if seen.desk { format!("/cases/{}", open.case.id) } else { format!("/my/{}", open.case.id) },
        here: seen.here.clone(),
        number: open.case.number.clone(),
        project: open.case.project.as_ref().map_or_else(|| open.party.name.clone(), |project| project.name.clone()),
        headline: plan_rows::headline(seen),
        second: plan_rows::second(seen),
        basis: plan_rows::basis(seen),
        provisional: seen.plan.schedule.provisional,
        tabs: seen.tabs("view", &["bars", "map"], "picture"),
        groupings: if is_map(seen) { Vec::new() } else { seen.tabs("by", &["stage", "office"], "picture") },
        wide,
        tall,
        early: startable.iter().filter(|one| one.early).count(),
        startable,
        holds: plan_rows::holds(seen),
        marks: plan_rows::marks(seen),
        compared: plan_supposed::compared(seen),
        supposing,
        goal: plan_rows::goal(seen),
        can_set_goal: seen.desk && can(CommandKind::SetGoal),
        id: open.case.id.to_string(),
        shown: seen.tabs("show", &["all", "open", "ready", "critical", "done"], "all"),
        orders: seen.tabs("sort", &["list", "start", "finish", "slack"], "all"),
        matters: plan_rows::matters(seen),
        quality: plan_rows::quality(seen, quality),
    }
}

fn is_map(seen: &Seen<'_>) -> bool {
    seen.typed.get("view") == "map"
}

/// The pictures of a wide screen and of a phone.
fn pictures(seen: &Seen<'_>) -> (Vec<String>, String) {
    let reference = &seen.open.reference;
    let chart = chart(Source {
        l: seen.l,
        items: seen.items,
        schedule: &seen.plan.schedule,
        goal: seen.plan.goal.as_ref(),
        catalogue: &reference.catalogue,
        directory: &reference.directory,
        calendar: &reference.calendar,
        today: today(seen.open.now),
        by: if seen.typed.get("by") == "office" { By::Office } else { By::Stage },
    });
    match is_map(seen) {
        true => (vec![map(&chart, "map")], steps(&chart, "steps")),
        false => (sheets(&chart, "gantt"), bars(&chart, "bars")),
    }
}
