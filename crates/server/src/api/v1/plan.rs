//! Plan and forecast of a project (S5.3): dates, critical path, who holds up whom, what is likely, what if.

use super::body::ApiUser;
use super::cases::{pairs, wrong_query};
use super::plan_view::{ForecastJson, PlanJson, QualityJson, plan_json};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::Wanted;
use axum::Json;
use axum::extract::{Path, RawQuery};
use chrono::NaiveDate;
use domain::ids::{CaseId, OfficeCode, TemplateCode};
use domain::plan::Scenario;

/// No what-if supposes more days or per cent than this.
const MOST: u32 = 1000;
/// No plan begins or is wanted further from today: ten years of days.
const FURTHEST: i64 = 3653;

/// The plan of a case: earliest and latest dates, slack, critical path, milestones, what may start today, who holds up whom.
#[utoipa::path(get, path = "/api/v1/cases/{id}/plan", tag = "plan",
    params(("id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The plan as of today", body = PlanJson),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn of_case(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
) -> Result<Json<PlanJson>, Fault> {
    let app = &caller.state.app;
    let plan = app.plan_of(&user, &id).await?;
    Ok(Json(plan_json(&plan.schedule, &plan.blockers, plan.goal.as_ref(), &app.reference().catalogue)))
}

/// What is likely for a case, and what would be if something were otherwise.
#[utoipa::path(get, path = "/api/v1/cases/{id}/forecast", tag = "plan",
    params(
        ("id" = String, Path, description = "The case"),
        ("green" = Option<bool>, Query, description = "What if it were on the green channel"),
        ("stand_in" = Option<bool>, Query, description = "What if nothing waited for the agent"),
        ("early" = Option<String>, Query, description = "Matters for which the usual order is lifted, by comma"),
        ("late" = Option<String>, Query, description = "Offices that are late, by comma: `D05:10` is ten working days with each matter"),
        ("staff" = Option<String>, Query, description = "Offices with more staff, by comma: `D05:50` is half as many more"),
    ),
    responses(
        (status = 200, description = "The forecast as of today", body = ForecastJson),
        (status = 400, description = "A supposition that is not known or not right", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn forecast(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Json<ForecastJson>, Fault> {
    let scenario = scenario(query.as_deref().unwrap_or_default())?;
    let app = &caller.state.app;
    let forecast = app.forecast_of(&user, &id, scenario).await?;
    Ok(Json(ForecastJson::of(&forecast, &app.reference().catalogue)))
}

/// How good forecasts have been, held against what happened.
#[utoipa::path(get, path = "/api/v1/forecasts/quality", tag = "plan", responses(
    (status = 200, description = "The judgement", body = QualityJson),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn quality(ApiUser { user, caller }: ApiUser) -> Result<Json<QualityJson>, Fault> {
    Ok(Json(caller.state.app.forecast_quality(&user).await?.into()))
}

/// The plan of a project template as if it began on a day.
#[utoipa::path(get, path = "/api/v1/templates/{code}/plan", tag = "plan",
    params(
        ("code" = String, Path, description = "The template"),
        ("start" = Option<String>, Query, format = Date, description = "The day on which it begins, usually today"),
        ("goal" = Option<String>, Query, format = Date, description = "The day on which the milestone is wanted"),
        ("milestone" = Option<String>, Query, description = "The milestone's code, usually the first: the start of building"),
    ),
    responses(
        (status = 200, description = "The plan", body = PlanJson),
        (status = 400, description = "A day or a milestone that is not right", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such template", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn of_template(
    ApiUser { user, caller }: ApiUser,
    Path(code): Path<TemplateCode>,
    RawQuery(query): RawQuery,
) -> Result<Json<PlanJson>, Fault> {
    let app = &caller.state.app;
    let reference = app.reference();
    let today = domain::calendar::today(app.now());
    let (mut start, mut on, mut milestone) = (None, None, None);
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "start" | "goal" | "milestone" if value.is_empty() => {}
            "start" => start = Some(near(&name, &value, today)?),
            "goal" => on = Some(near(&name, &value, today)?),
            "milestone" => milestone = Some(value),
            _ => return Err(Fault::bad_request("unknown_field").with("name", name)),
        }
    }
    let known = reference.catalogue.milestones();
    let asked = known.iter().find(|known| milestone.as_ref().is_none_or(|code| known.code == *code));
    if asked.is_none() && milestone.is_some() {
        return Err(wrong_query("milestone"));
    }
    let goal = asked.zip(on).map(|(milestone, on)| Wanted { milestone: milestone.code.clone(), on });
    let schedule = app.template_plan(&user, &code, start, goal.as_ref())?;
    Ok(Json(plan_json(&schedule, &[], goal.as_ref(), &reference.catalogue)))
}

/// A day that is not further from today than plans reach.
fn near(name: &str, value: &str, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let day: NaiveDate = value.parse().map_err(|_| wrong_query(name))?;
    if (day - today).num_days().abs() > FURTHEST { Err(wrong_query(name)) } else { Ok(day) }
}

fn scenario(query: &str) -> Result<Scenario, Fault> {
    let mut scenario = Scenario::default();
    for (name, value) in pairs(query) {
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "green" => scenario.green = value.parse().map_err(|_| wrong_query("green"))?,
            "stand_in" => scenario.stand_in = value.parse().map_err(|_| wrong_query("stand_in"))?,
            "early" => scenario.early_start = value.split(',').map(|code| code.trim().into()).collect(),
            "late" => scenario.late = by_office("late", &value)?,
            "staff" => scenario.more_staff = by_office("staff", &value)?,
            _ => return Err(Fault::bad_request("unknown_field").with("name", name)),
        }
    }
    Ok(scenario)
}

/// `D05:10,D09:3`
fn by_office(name: &str, value: &str) -> Result<Vec<(OfficeCode, u32)>, Fault> {
    let one = |part: &str| {
        let (office, number) = part.split_once(':')?;
        let number: u32 = number.trim().parse().ok().filter(|number| *number <= MOST)?;
        Some((office.trim().into(), number))
    };
    value.split(',').map(|part| one(part).ok_or_else(|| wrong_query(name))).collect()
}
