//! Leads on projects before any application (提前介入、靠前服务, S5.3): the list, and writing one down.

mod one;

use super::apply::{Stage, stages, wan_in_fen};
use super::list::{Choice, again, push_line};
use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, download, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::routes::{Access, Area, Route};
use app::{
    Answered, AppError, Contact, FieldError, Founder, LeadQuery, LeadView, NewApplicant, NewLead, Outcome, Reference,
};
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::ids::{MatterCode, TemplateCode, Username};
use domain::lead::{LeadProject, LeadSource, LeadStatus, NextStep};
use std::collections::BTreeMap;

/// Rows of a page of the list.
const ROWS: u32 = 50;
/// Rows of a CSV file at most.
const MOST_ROWS: usize = 5000;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    let mut routes = vec![
        Route::get(area, access, "/leads", page),
        Route::get(area, access, "/leads.csv", csv),
        Route::get(area, access, "/leads/new", fresh),
        Route::post(area, access, "/leads", record),
    ];
    routes.extend(one::routes());
    routes
}

/// What was typed into a form, and what is wrong with each field; the empty name stands for the whole.
pub(super) struct Filled {
    pub(super) typed: Typed,
    pub(super) errors: BTreeMap<String, String>,
}

impl Filled {
    pub(super) fn new(typed: Typed) -> Self {
        Self { typed, errors: BTreeMap::new() }
    }

    pub(super) fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    pub(super) fn e(&self, name: &str) -> &str {
        self.errors.get(name).map_or("", String::as_str)
    }
}

/// What is wrong with each field, in the reader's language; `name` says which field a pointer means.
pub(super) fn told(visit: &Signed, errors: &[FieldError], name: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    let reference = visit.state.app.reference();
    let say = visit.say(&reference);
    errors.iter().map(|error| (name(&error.pointer), say.field_error(error))).collect()
}

/// The field of a form that a pointer of a use case means.
fn field_of(pointer: &str) -> String {
    let name = match pointer {
        "/applicant/name" => "enterprise",
        "/applicant/founder/name" => "founder",
        "/project/name" => "project",
        "/project/investment_fen" => "investment",
        "/project/kind" => "project_kind",
        "/steps" | "/next" => "next",
        other => other.rsplit('/').next().unwrap_or_default(),
    };
    name.to_owned()
}

/// A day that was typed, if it is one.
pub(super) fn day(typed: &Typed, name: &str) -> Option<NaiveDate> {
    typed.get(name).parse().ok()
}

/// A line of the list.
struct Row {
    href: String,
    name: String,
    project: String,
    agent: String,
    next: String,
    due: String,
    late: bool,
    visited: String,
    status: &'static str,
    word: String,
}

/// A status with how many leads stand in it.
struct Count {
    href: String,
    label: String,
    count: u64,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/leads.html")]
struct LeadsPage {
    page: Page,
    l: Lang,
    headline: String,
    counts: Vec<Count>,
    q: String,
    whose: Vec<Choice>,
    rows: Vec<Row>,
    narrowed: bool,
    can_record: bool,
    next: String,
    csv: String,
}

fn asked(typed: &Typed) -> LeadQuery {
    LeadQuery {
        status: typed.given("status").filter(|status| LeadStatus::NAMES.contains(&status.as_str())),
        mine: typed.get("whose") == "mine",
        unassigned: typed.get("whose") == "nobody",
        overdue: typed.get("whose") == "late",
        q: typed.given("q"),
    }
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let asked = asked(&typed);
    let listed = app.leads(&visit.user, &asked, typed.given("cursor").as_deref(), ROWS).await?;
    let by_status = app.count_leads(&visit.user, &LeadQuery { status: None, ..asked.clone() }).await?;
    let total: u64 = match &asked.status {
        Some(status) => by_status.get(status).copied().unwrap_or(0),
        None => by_status.values().sum(),
    };
    let today = domain::calendar::today(app.now());
    let narrowed = typed.carried().iter().any(|(name, _)| name != "cursor");
    let headline = match (total, narrowed) {
        (0, true) => l.t("leads.list.none_found").into_owned(),
        (0, false) => l.t("leads.list.none").into_owned(),
        (_, true) => l.tr("leads.list.found", &[("count", &total.to_string())]),
        (_, false) => l.tr("leads.list.all", &[("count", &total.to_string())]),
    };
    let counts = LeadStatus::NAMES.iter().filter_map(|status| {
        let count = by_status.get(*status).copied().unwrap_or(0);
        let chosen = asked.status.as_deref() == Some(*status);
        let with: &[(&str, &str)] = if chosen { &[] } else { &[("status", status)] };
        let href = format!("/leads?{}", again(&typed, &["status", "cursor"], with));
        (count > 0).then(|| Count { href, label: status_word(l, status), count, chosen })
    });
    let whose = ["mine", "nobody", "late"].map(|value| Choice {
        value: value.to_owned(),
        label: l.t(&format!("leads.whose.{value}")).into_owned(),
        chosen: typed.get("whose") == value,
    });
    html(&LeadsPage {
        page: super::desk(&visit, "leads.title"),
        l,
        headline,
        counts: counts.collect(),
        q: typed.get("q").to_owned(),
        whose: whose.into(),
        rows: listed.items.iter().map(|view| row(l, &reference, view, today)).collect(),
        narrowed,
        can_record: may(&visit.user.actor, Action::RecordLead, On::Hall).is_ok(),
        next: listed
            .next_cursor
            .map(|cursor| format!("/leads?{}", again(&typed, &["cursor"], &[("cursor", &cursor)])))
            .unwrap_or_default(),
        csv: format!("/leads.csv?{}", again(&typed, &["cursor"], &[])),
    })
}

fn status_word(l: Lang, status: &str) -> String {
    crate::say::word(l, "leads.status", status)
}

fn row(l: Lang, reference: &Reference, view: &LeadView, today: NaiveDate) -> Row {
    let lead = &view.lead;
    let next = lead.next_step();
    let agent = lead.agent.as_ref().map(|agent| reference.directory.person_name(agent).to_owned());
    Row {
        href: format!("/leads/{}", lead.id),
        name: lead.name.to_string(),
        project: lead.project.name.clone(),
        agent: agent.unwrap_or_default(),
        next: next.map(|step| step.what.clone()).unwrap_or_default(),
        due: next.map(|step| l.date_seen(step.due, today)).unwrap_or_default(),
        late: next.is_some_and(|step| step.due < today),
        visited: lead.visits.iter().map(|visit| visit.on).max().map(|on| l.date_seen(on, today)).unwrap_or_default(),
        status: status_class(&lead.status),
        word: status_word(l, lead.status.name()),
    }
}

fn status_class(status: &LeadStatus) -> &'static str {
    match status {
        LeadStatus::Open => "now",
        LeadStatus::Applied { .. } => "ok",
        LeadStatus::Closed { .. } => "idle",
    }
}

/// The list as a file for a table program.
async fn csv(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let today = domain::calendar::today(app.now());
    let heads = ["enterprise", "project", "agent", "next", "due", "visited", "status"];
    let heads = heads.map(|name| l.t(&format!("leads.column.{name}")).into_owned());
    let mut text = String::from("\u{feff}");
    push_line(&mut text, &heads);
    let (mut cursor, mut written) = (None, 0);
    loop {
        let listed = app.leads(&visit.user, &asked(&typed), cursor.as_deref(), 500).await?;
        for view in &listed.items {
            let row = row(l, &reference, view, today);
            let due = view.lead.next_step().map(|step| step.due.to_string()).unwrap_or_default();
            push_line(&mut text, &[row.name, row.project, row.agent, row.next, due, row.visited, row.word]);
        }
        written += listed.items.len();
        cursor = listed.next_cursor;
        if cursor.is_none() || written >= MOST_ROWS {
            break;
        }
    }
    let name = l.tr("leads.list.file", &[("date", &today.to_string())]);
    Ok(download(&name, "text/csv; charset=utf-8", text.into_bytes()))
}

#[derive(Template)]
#[template(path = "staff/lead_new.html")]
struct NewPage {
    page: Page,
    l: Lang,
    form: Filled,
    once: String,
    sources: Vec<Choice>,
    templates: Vec<Choice>,
    agents: Vec<Choice>,
    can_assign: bool,
    stages: Vec<Stage>,
}

async fn fresh(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    may(&visit.user.actor, Action::RecordLead, On::Hall).map_err(|_| Fault::forbidden())?;
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&form(&visit, Filled::new(typed)))
}

fn form(visit: &Signed, form: Filled) -> NewPage {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let choice = |field: &str, value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        chosen: form.v(field) == value,
    };
    let source = |s: LeadSource| choice("source", s.name(), l.t(&format!("leads.source.{}", s.name())).into_owned());
    let templates = reference.catalogue.templates().iter();
    NewPage {
        page: super::desk(visit, "leads.new.title"),
        l,
        once: form.typed.given("once").unwrap_or_else(fresh_key),
        sources: LeadSource::ALL.map(source).into(),
        templates: templates.map(|t| choice("template", t.code.as_str(), t.name.clone())).collect(),
        agents: agents(&reference, form.v("agent")),
        can_assign: may(&visit.user.actor, Action::AssignLead, On::Hall).is_ok(),
        stages: stages(&reference, &form.typed),
        form,
    }
}

/// Those who can be named.
fn agents(reference: &Reference, chosen: &str) -> Vec<Choice> {
    let able = reference.directory.people.values().filter(|person| person.can_be_agent());
    able.map(|person| Choice {
        value: person.username.to_string(),
        label: person.name.clone(),
        chosen: person.username.as_str() == chosen,
    })
    .collect()
}

/// The form as a lead, or which fields cannot be read.
fn read(typed: &Typed) -> Result<NewLead, BTreeMap<String, &'static str>> {
    let mut wrong = BTreeMap::new();
    let investment = typed.given("investment").map(|text| wan_in_fen(&text));
    if investment == Some(None) {
        wrong.insert("investment".to_owned(), "field.amount");
    }
    for name in ["wanted_start", "next_due"] {
        if typed.given(name).is_some() && day(typed, name).is_none() {
            wrong.insert(name.to_owned(), "field.date");
        }
    }
    let Some(source) = LeadSource::parse(typed.get("source")) else {
        wrong.insert("source".to_owned(), "field.required");
        return Err(wrong);
    };
    let next = next_step(typed, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let founder = typed.given("founder").or_else(|| typed.given("id_number")).is_some();
    let founder = founder
        .then(|| Founder { name: typed.get("founder").to_owned(), id_number: typed.get("id_number").to_owned() });
    Ok(NewLead {
        applicant: NewApplicant {
            name: typed.get("enterprise").to_owned(),
            uscc: typed.given("uscc"),
            founder,
            contact: Contact { name: typed.get("contact").to_owned(), phone: typed.get("phone").to_owned() },
        },
        project: LeadProject {
            name: typed.get("project").to_owned(),
            investment_fen: investment.flatten(),
            site: typed.given("site"),
            kind: typed.given("project_kind"),
            wanted_start: day(typed, "wanted_start"),
        },
        source,
        template: typed.given("template").map(TemplateCode),
        matters: typed.all("matters").into_iter().map(MatterCode::from).collect(),
        agent: typed.given("agent").map(Username),
        steps: next.into_iter().collect(),
    })
}

/// What comes next: both what and by when, or neither.
fn next_step(typed: &Typed, wrong: &mut BTreeMap<String, &'static str>) -> Option<NextStep> {
    match (typed.given("next"), day(typed, "next_due")) {
        (Some(what), Some(due)) => return Some(NextStep { what, due }),
        (Some(_), None) => drop(wrong.entry("next_due".to_owned()).or_insert("field.required")),
        (None, Some(_)) => drop(wrong.insert("next".to_owned(), "field.required")),
        (None, None) => {}
    }
    None
}

async fn record(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    may(&visit.user.actor, Action::RecordLead, On::Hall).map_err(|_| Fault::forbidden())?;
    if typed.get("step") == "find" {
        return html(&form(&visit, Filled::new(typed)));
    }
    let shown =
        |errors| html_with(StatusCode::UNPROCESSABLE_ENTITY, &form(&visit, Filled { typed: typed.clone(), errors }));
    let new = match read(&typed) {
        Ok(new) => new,
        Err(wrong) => return shown(worded(visit.l, wrong)),
    };
    let answer = super::once(&visit, &typed, |outcome| match outcome {
        Outcome::Lead(id) => format!("/leads/{id}"),
        _ => "/leads".to_owned(),
    });
    let app = &visit.state.app;
    match app.once(answer.as_ref(), app.record_lead(&visit.user, new, answer.clone())).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(id)) => Ok(see(&format!("/leads/{id}"), &Flash::good(visit.l.t("leads.new.done")))),
        Err(AppError::Invalid(errors)) => shown(told(&visit, &errors, field_of)),
        Err(error) => Err(error.into()),
    }
}

/// Keys of messages as the messages.
fn worded(l: Lang, wrong: BTreeMap<String, &'static str>) -> BTreeMap<String, String> {
    wrong.into_iter().map(|(name, key)| (name, l.t(key).into_owned())).collect()
}
