//! One lead: its visits and steps, who follows it, what is likely to come; and the way to the application.

use super::super::apply::{self, Origin};
use super::{Filled, agents, day, field_of, next_step, status_class, status_word, told, worded};
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::pages::picture::of_plan::chart_of_list;
use crate::pages::picture::{bars, sheets};
use crate::pages::staff::list::Choice;
use crate::pages::staff::typed::Typed;
use crate::routes::{Access, Area, Route};
use app::{Answered, AppError, AssignLead, CloseLead, LeadView, LineView, Once, Outcome};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Action, On, may};
use domain::ids::{LeadId, MatterCode, Username};
use domain::lead::{LeadLine, LeadStatus, Visit};
use std::collections::BTreeMap;

pub(super) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/leads/{id}", page),
        Route::post(area, access, "/leads/{id}/visits", visited),
        Route::post(area, access, "/leads/{id}/assign", assign),
        Route::post(area, access, "/leads/{id}/close", close),
        Route::get(area, access, "/leads/{id}/apply", carried_over),
        Route::post(area, access, "/leads/{id}/apply", send),
    ]
}

/// A planned step.
struct Step {
    number: usize,
    what: String,
    due: String,
    late: bool,
    done: String,
    ticked: bool,
}

/// A visit.
struct Met {
    on: String,
    who: String,
    place: String,
    said: String,
}

/// What the likely matters amount to.
struct Likely {
    sentence: String,
    building: String,
    critical: Vec<String>,
    matters: Vec<String>,
    wide: Vec<String>,
    tall: String,
}

#[derive(Template)]
#[template(path = "staff/lead.html")]
struct LeadPage {
    page: Page,
    l: Lang,
    id: String,
    name: String,
    headline: String,
    status: &'static str,
    word: String,
    case: String,
    facts: Vec<(String, String)>,
    steps: Vec<Step>,
    met: Vec<Met>,
    history: Vec<(String, String)>,
    likely: Option<Likely>,
    can_follow: bool,
    can_assign: bool,
    can_turn: bool,
    agents: Vec<Choice>,
    /// The day in the form of a visit: today until another is typed.
    on: String,
    once: String,
    form: Filled,
}

impl LeadPage {
    /// Steps that are still to be done.
    fn open_steps(&self) -> Vec<&Step> {
        self.steps.iter().filter(|step| step.done.is_empty()).collect()
    }
}

async fn page(visit: Signed, Path(id): Path<LeadId>) -> Result<Response, Fault> {
    html(&view(&visit, &id, Filled::new(Typed::default())).await?)
}

async fn view(visit: &Signed, id: &LeadId, form: Filled) -> Result<LeadPage, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let view = app.lead(&visit.user, id).await?;
    let lines = app.lead_lines(&visit.user, id).await?;
    let reference = app.reference();
    let lead = &view.lead;
    let today = domain::calendar::today(app.now());
    let allowed = |action| lead.only_open().is_ok() && may(&visit.user.actor, action, On::Lead(lead)).is_ok();
    let ticked = form.typed.all("done");
    let steps = lead.steps.iter().zip(1..).map(|(step, number)| Step {
        number,
        what: step.what.clone(),
        due: l.date_seen(step.due, today),
        late: step.done_on.is_none() && step.due < today && lead.status == LeadStatus::Open,
        done: step.done_on.map(|on| l.date_seen(on, today)).unwrap_or_default(),
        ticked: ticked.contains(&number.to_string().as_str()),
    });
    let met = lead.visits.iter().rev().map(|visit| Met {
        on: l.date_seen(visit.on, today),
        who: visit.who.clone(),
        place: visit.place.clone(),
        said: visit.said.clone(),
    });
    let mut history: Vec<_> = lines.iter().map(|line| line_of(visit, line)).collect();
    history.reverse();
    Ok(LeadPage {
        page: super::super::desk(visit, "leads.title").titled(lead.name.as_str()),
        l,
        id: lead.id.to_string(),
        name: lead.name.to_string(),
        headline: headline(visit, &view),
        status: status_class(&lead.status),
        word: status_word(l, lead.status.name()),
        case: match &lead.status {
            LeadStatus::Applied { case } => format!("/cases/{case}"),
            LeadStatus::Open | LeadStatus::Closed { .. } => String::new(),
        },
        facts: facts(visit, &view),
        steps: steps.collect(),
        met: met.collect(),
        history,
        likely: likely(visit, &view),
        can_follow: allowed(Action::FollowLead),
        can_assign: allowed(Action::AssignLead),
        can_turn: app.may_turn_lead(&visit.user, lead),
        agents: agents(&reference, lead.agent.as_ref().map(Username::as_str).unwrap_or_default()),
        on: form.typed.given("on").unwrap_or_else(|| today.to_string()),
        once: form.typed.given("once").unwrap_or_else(fresh_key),
        form,
    })
}

/// Where the lead stands: who follows it, what comes next and by when.
fn headline(visit: &Signed, view: &LeadView) -> String {
    let (l, lead) = (visit.l, &view.lead);
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    let owner = reference.directory.person_name(lead.owner());
    let due = lead.next_step().map(|step| l.date_seen(step.due, today)).unwrap_or_default();
    let what = lead.next_step().map(|step| step.what.as_str()).unwrap_or_default();
    let reason = match &lead.status {
        LeadStatus::Closed { reason } => reason.as_str(),
        LeadStatus::Open | LeadStatus::Applied { .. } => "",
    };
    let key = match (&lead.status, lead.next_step()) {
        (LeadStatus::Applied { .. }, _) => "leads.one.applied",
        (LeadStatus::Closed { .. }, _) => "leads.one.closed",
        (LeadStatus::Open, Some(step)) if step.due < today => "leads.one.late",
        (LeadStatus::Open, Some(_)) => "leads.one.next",
        (LeadStatus::Open, None) => "leads.one.nothing_planned",
    };
    l.tr(key, &[("owner", owner), ("what", what), ("due", &due), ("reason", reason)])
}

fn facts(visit: &Signed, view: &LeadView) -> Vec<(String, String)> {
    let (l, lead, applicant) = (visit.l, &view.lead, &view.applicant);
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    let project = &lead.project;
    let agent = lead.agent.as_ref().map(|agent| reference.directory.person_name(agent).to_owned());
    let template = lead.template.as_ref().and_then(|code| reference.catalogue.template(code));
    let all = [
        ("agent", Some(agent.unwrap_or_else(|| l.t("leads.one.no_agent").into_owned()))),
        ("uscc", lead.uscc.as_ref().map(ToString::to_string)),
        ("founder", applicant.founder.as_ref().map(|founder| founder.name.clone())),
        ("contact", Some(format!("{}　{}", applicant.contact.name, applicant.contact.phone))),
        ("project", Some(project.name.clone())),
        ("project_kind", project.kind.clone()),
        ("investment", project.investment_fen.map(|fen| l.money(fen))),
        ("site", project.site.clone()),
        ("wanted_start", project.wanted_start.map(|date| l.date_seen(date, today))),
        ("template", template.map(|template| template.name.clone())),
        ("source", Some(l.t(&format!("leads.source.{}", lead.source.name())).into_owned())),
        (
            "recorded",
            Some(format!(
                "{}　{}",
                reference.directory.person_name(&lead.recorded_by),
                l.time(lead.at, visit.state.app.now())
            )),
        ),
    ];
    let named =
        |(name, value): (&str, Option<String>)| Some((l.t(&format!("leads.field.{name}")).into_owned(), value?));
    all.into_iter().filter_map(named).collect()
}

fn likely(visit: &Signed, view: &LeadView) -> Option<Likely> {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    let plan = view.lead.plan(&reference.catalogue)?;
    let name = |code: &MatterCode| {
        reference.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone())
    };
    let on = |days: u32| reference.calendar.add_working_days(today, days).date;
    let (days, count) = (plan.plan.days.to_string(), plan.plan.matters.len().to_string());
    let until = l.date_seen(on(plan.plan.days), today);
    let building = plan.days_to_building.map(|days| {
        let from = on(days);
        let date = l.date_seen(from, today);
        match view.lead.project.wanted_start {
            Some(wanted) if wanted < from => {
                let over = reference.calendar.working_days_between(wanted, from).unsigned_abs().to_string();
                l.tr("leads.plan.building_late", &[("date", &date), ("days", &over)])
            }
            Some(_) => l.tr("leads.plan.building_in_time", &[("date", &date)]),
            None => l.tr("leads.plan.building", &[("date", &date)]),
        }
    });
    let codes: Vec<MatterCode> = plan.plan.matters.iter().map(|matter| matter.code.clone()).collect();
    let chart = chart_of_list(l, &reference.catalogue, &reference.directory, &codes);
    Some(Likely {
        sentence: l.tr("leads.plan.whole", &[("count", &count), ("days", &days), ("date", &until)]),
        building: building.unwrap_or_default(),
        critical: plan.plan.critical.iter().map(name).collect(),
        matters: plan.plan.matters.iter().map(|matter| name(&matter.code)).collect(),
        wide: sheets(&chart, "gantt"),
        tall: bars(&chart, "bars"),
    })
}

/// A line of the history: when and by whom, and what.
fn line_of(visit: &Signed, line: &LineView<LeadLine>) -> (String, String) {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let name = |person: &Username| reference.directory.person_name(person).to_owned();
    let when = format!("{}　{}", l.time(line.at, visit.state.app.now()), name(&line.actor));
    let what = match &line.line {
        LeadLine::Recorded { .. } => l.t("leads.line.recorded").into_owned(),
        LeadLine::Assigned { agent, was } => {
            let was = was.as_ref().map(name).unwrap_or_default();
            l.tr("leads.line.assigned", &[("agent", name(agent)), ("was", was)])
        }
        LeadLine::Visited { visit } => l.tr("leads.line.visited", &[("place", visit.place.as_str())]),
        LeadLine::Applied { .. } => l.t("leads.line.applied").into_owned(),
        LeadLine::Closed { reason } => l.tr("leads.line.closed", &[("reason", reason.as_str())]),
    };
    (when, what)
}

async fn visited(visit: Signed, Path(id): Path<LeadId>, typed: Typed) -> Result<Response, Fault> {
    let mut wrong = BTreeMap::new();
    let on = day(&typed, "on");
    if on.is_none() {
        wrong.insert("on".to_owned(), if typed.get("on").is_empty() { "field.required" } else { "field.date" });
    }
    let next = next_step(&typed, &mut wrong);
    let Some(on) = on.filter(|_| wrong.is_empty()) else {
        let errors = worded(visit.l, wrong);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&visit, &id, Filled { typed, errors }).await?);
    };
    let met = Visit {
        on,
        who: typed.get("who").to_owned(),
        place: typed.get("place").to_owned(),
        said: typed.get("said").to_owned(),
        done: typed.all("done").into_iter().filter_map(|number| number.parse().ok()).collect(),
        next,
    };
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let work = app.visit_lead(&visit.user, &id, met, once.clone());
    ended(&visit, &id, typed, app.once(once.as_ref(), work).await, "leads.one.visited").await
}

async fn assign(visit: Signed, Path(id): Path<LeadId>, typed: Typed) -> Result<Response, Fault> {
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let to = AssignLead { agent: Username(typed.get("agent").to_owned()) };
    let work = app.assign_lead(&visit.user, &id, to, once.clone());
    ended(&visit, &id, typed, app.once(once.as_ref(), work).await, "leads.one.assigned").await
}

async fn close(visit: Signed, Path(id): Path<LeadId>, typed: Typed) -> Result<Response, Fault> {
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let why = CloseLead { reason: typed.get("reason").to_owned() };
    let work = app.close_lead(&visit.user, &id, why, once.clone());
    ended(&visit, &id, typed, app.once(once.as_ref(), work).await, "leads.one.done_closed").await
}

fn answer(visit: &Signed, typed: &Typed, id: &LeadId) -> Option<Once> {
    let to = format!("/leads/{id}");
    super::super::once(visit, typed, move |_: &Outcome| to.clone())
}

/// Back to the lead with what was done, or the form again with what is wrong.
async fn ended(
    visit: &Signed,
    id: &LeadId,
    typed: Typed,
    result: Result<Answered<LeadId>, AppError>,
    said: &str,
) -> Result<Response, Fault> {
    match result {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(_)) => Ok(see(&format!("/leads/{id}"), &Flash::good(visit.l.t(said)))),
        Err(AppError::Invalid(errors)) => {
            let errors = told(visit, &errors, field_of);
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(visit, id, Filled { typed, errors }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the lead knows is in the form already; private numbers stay masked and are filled in behind it.
async fn carried_over(visit: Signed, Path(id): Path<LeadId>) -> Result<Response, Fault> {
    let view = match turnable(&visit, &id).await? {
        Ok(view) => view,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (lead, applicant) = (&view.lead, &view.applicant);
    let mut typed = Typed::default();
    typed.set("enterprise", applicant.name.clone());
    typed.set("uscc", applicant.uscc.clone().unwrap_or_default());
    typed.set("contact", applicant.contact.name.clone());
    typed.set("phone", applicant.contact.phone.clone());
    if applicant.uscc.is_none() {
        typed.set("kind", "founding");
    }
    if let Some(founder) = &applicant.founder {
        typed.set("founder", founder.name.clone());
        typed.set("id_number", founder.id_number.clone());
    }
    typed.set("project", lead.project.name.clone());
    typed.set("investment", lead.project.investment_fen.map(fen_in_wan).unwrap_or_default());
    typed.set("site", lead.project.site.clone().unwrap_or_default());
    typed.set("template", lead.template.as_ref().map(ToString::to_string).unwrap_or_default());
    for matter in &lead.matters {
        typed.push("matters", matter.as_str());
    }
    let from = visit.l.tr("leads.apply.from", &[("name", lead.name.as_str())]);
    html(&apply::form(&visit, &Origin::Lead(id), typed, BTreeMap::new(), from))
}

async fn send(visit: Signed, Path(id): Path<LeadId>, typed: Typed) -> Result<Response, Fault> {
    // The same form sent again is led where the first was, though the lead is a case by now.
    if let Some(again) = super::super::first_answer(&visit, &typed).await? {
        return Ok(again);
    }
    match turnable(&visit, &id).await? {
        Ok(_) => apply::send(visit, Origin::Lead(id), typed).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The lead if an application can be made of it; otherwise the way to the case that it became, or back.
async fn turnable(visit: &Signed, id: &LeadId) -> Result<Result<LeadView, Response>, Fault> {
    let view = visit.state.app.lead(&visit.user, id).await?;
    if let LeadStatus::Applied { case } = &view.lead.status {
        return Ok(Err(Redirect::to(&format!("/cases/{case}")).into_response()));
    }
    if view.lead.only_open().is_err() {
        return Ok(Err(Redirect::to(&format!("/leads/{id}")).into_response()));
    }
    if !visit.state.app.may_turn_lead(&visit.user, &view.lead) {
        return Err(Fault::forbidden());
    }
    Ok(Ok(view))
}

/// An amount in fen as it is typed: in 万元.
fn fen_in_wan(fen: i64) -> String {
    let text = format!("{}.{:04}", fen / 1_000_000, fen % 1_000_000 / 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_investment_stands_in_the_form_as_it_was_typed() {
        for text in ["1800", "0.5", "12.3456", "0"] {
            assert_eq!(apply::wan_in_fen(text).map(fen_in_wan).as_deref(), Some(text));
        }
    }
}
