//! Meetings of offices (联席会议): the list, the decisions that are open, calling one, putting a case on one.

mod one;

use super::leads::{Filled, day, told};
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
    Answered, AppError, DecisionQuery, DecisionRecord, LeadQuery, MeetingQuery, NewItem, NewMeeting, Outcome,
    ReferCase, Reference,
};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::access::{Action, On, may};
use domain::ids::{CaseId, LeadId, MeetingId, OfficeCode};
use domain::meeting::{Meeting, MeetingStatus};
use domain::people::OfficeKind;
use std::collections::BTreeMap;

/// Rows of a page of a list.
const ROWS: u32 = 50;
/// Open decisions shown beside the list of meetings.
const FIRST: u32 = 10;
/// Rows of a CSV file at most.
const MOST_ROWS: usize = 5000;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    let mut routes = vec![
        Route::get(area, access, "/meetings", page),
        Route::get(area, access, "/meetings/new", fresh),
        Route::post(area, access, "/meetings", call),
        Route::get(area, access, "/decisions", decisions),
        Route::get(area, access, "/decisions.csv", csv),
        Route::get(area, access, "/cases/{id}/refer", refer_form),
        Route::post(area, access, "/cases/{id}/refer", refer),
    ];
    routes.extend(one::routes());
    routes
}

/// A meeting in the list.
struct Row {
    href: String,
    topic: String,
    at: String,
    place: String,
    offices: String,
    open: usize,
    status: &'static str,
    word: String,
}

/// A decision in a list.
pub(super) struct Decided {
    pub(super) href: String,
    pub(super) topic: String,
    pub(super) what: String,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) late: bool,
    /// What came of it; empty while it is open.
    pub(super) outcome: String,
    pub(super) done: String,
}

fn status_class(status: &MeetingStatus) -> &'static str {
    match status {
        MeetingStatus::Planned => "wait",
        MeetingStatus::Held => "ok",
        MeetingStatus::Cancelled { .. } => "idle",
    }
}

fn status_word(l: Lang, status: &str) -> String {
    crate::say::word(l, "meetings.status", status)
}

#[derive(Template)]
#[template(path = "staff/meetings.html")]
struct MeetingsPage {
    page: Page,
    l: Lang,
    headline: String,
    q: String,
    statuses: Vec<Choice>,
    rows: Vec<Row>,
    narrowed: bool,
    open: Vec<Decided>,
    open_count: String,
    can_call: bool,
    next: String,
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let asked = MeetingQuery {
        status: typed.given("status").filter(|status| MeetingStatus::NAMES.contains(&status.as_str())),
        q: typed.given("q"),
    };
    let cursor = typed.given("cursor");
    let listed = app.meetings(&visit.user, &asked, cursor.as_deref(), ROWS).await?;
    let still = DecisionQuery { done: Some(false), ..DecisionQuery::default() };
    let open = app.decisions(&visit.user, &still, None, FIRST).await?;
    let now = app.now();
    let total = listed.total.unwrap_or_default();
    let narrowed = typed.carried().iter().any(|(name, _)| name != "cursor");
    let headline = match total {
        0 if cursor.is_none() && narrowed => l.t("meetings.list.none_found").into_owned(),
        0 if cursor.is_none() => l.t("meetings.list.none").into_owned(),
        0 => l.t("meetings.title").into_owned(),
        _ => l.tr("meetings.list.all", &[("count", &total.to_string())]),
    };
    html(&MeetingsPage {
        page: super::desk(&visit, "meetings.title"),
        l,
        headline,
        q: typed.get("q").to_owned(),
        statuses: MeetingStatus::NAMES
            .map(|status| Choice {
                value: status.to_owned(),
                label: status_word(l, status),
                chosen: typed.get("status") == status,
            })
            .into(),
        rows: listed.items.iter().map(|meeting| row(l, &reference, meeting, now)).collect(),
        narrowed,
        open_count: l.tr("meetings.list.open", &[("count", &open.total.unwrap_or_default().to_string())]),
        open: open.items.iter().map(|decision| decided(l, &reference, decision, now)).collect(),
        can_call: may(&visit.user.actor, Action::CallMeeting, On::Hall).is_ok(),
        next: listed
            .next_cursor
            .map(|cursor| format!("/meetings?{}", again(&typed, &["cursor"], &[("cursor", &cursor)])))
            .unwrap_or_default(),
    })
}

fn row(l: Lang, reference: &Reference, meeting: &Meeting, now: DateTime<Utc>) -> Row {
    let offices: Vec<&str> = meeting.offices.iter().map(|code| reference.directory.office_name(code)).collect();
    Row {
        href: format!("/meetings/{}", meeting.id),
        topic: meeting.topic.clone(),
        at: l.time(meeting.at, now),
        place: meeting.place.clone(),
        offices: l.list(&offices),
        open: meeting.decisions.iter().filter(|decision| decision.done.is_none()).count(),
        status: status_class(&meeting.status),
        word: status_word(l, meeting.status.name()),
    }
}

fn decided(l: Lang, reference: &Reference, row: &DecisionRecord, now: DateTime<Utc>) -> Decided {
    let today = domain::calendar::today(now);
    let office = reference.directory.office_name(&row.office).to_owned();
    let owner = match &row.person {
        Some(person) => format!("{office}　{}", reference.directory.person_name(person)),
        None => office,
    };
    Decided {
        href: format!("/meetings/{}", row.meeting),
        topic: row.topic.clone(),
        what: row.what.clone(),
        owner,
        due: l.date_seen(row.due, today),
        late: row.done_at.is_none() && row.due < today,
        outcome: row.outcome.clone().unwrap_or_default(),
        done: row.done_at.map(|at| l.time(at, now)).unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "staff/decisions.html")]
struct DecisionsPage {
    page: Page,
    l: Lang,
    headline: String,
    offices: Vec<Choice>,
    which: Vec<Choice>,
    rows: Vec<Decided>,
    narrowed: bool,
    next: String,
    csv: String,
}

fn asked(typed: &Typed) -> DecisionQuery {
    DecisionQuery {
        done: match typed.get("which") {
            "all" => None,
            "done" => Some(true),
            _ => Some(false),
        },
        office: typed.given("office").map(OfficeCode),
        overdue: typed.get("which") == "late",
    }
}

async fn decisions(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let cursor = typed.given("cursor");
    let listed = app.decisions(&visit.user, &asked(&typed), cursor.as_deref(), ROWS).await?;
    let headline = match listed.total {
        Some(0) => l.t("meetings.decisions.none").into_owned(),
        Some(total) => l.tr("meetings.decisions.some", &[("count", &total.to_string())]),
        None => l.t("meetings.decisions.title").into_owned(),
    };
    let which = ["late", "done", "all"].map(|value| Choice {
        value: value.to_owned(),
        label: l.t(&format!("meetings.which.{value}")).into_owned(),
        chosen: typed.get("which") == value,
    });
    html(&DecisionsPage {
        page: super::desk(&visit, "meetings.decisions.title"),
        l,
        headline,
        offices: offices(&reference, &typed.all("office")),
        which: which.into(),
        rows: listed.items.iter().map(|row| decided(l, &reference, row, app.now())).collect(),
        narrowed: typed.carried().iter().any(|(name, _)| name != "cursor"),
        next: listed
            .next_cursor
            .map(|cursor| format!("/decisions?{}", again(&typed, &["cursor"], &[("cursor", &cursor)])))
            .unwrap_or_default(),
        csv: format!("/decisions.csv?{}", again(&typed, &["cursor"], &[])),
    })
}

/// The decisions as a file for a table program.
async fn csv(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let heads = ["what", "owner", "due", "done", "outcome", "topic"];
    let heads = heads.map(|name| l.t(&format!("meetings.column.{name}")).into_owned());
    let mut text = String::from("\u{feff}");
    push_line(&mut text, &heads);
    let (mut cursor, mut written) = (None, 0);
    loop {
        let listed = app.decisions(&visit.user, &asked(&typed), cursor.as_deref(), 500).await?;
        for record in &listed.items {
            let row = decided(l, &reference, record, app.now());
            push_line(&mut text, &[row.what, row.owner, record.due.to_string(), row.done, row.outcome, row.topic]);
        }
        written += listed.items.len();
        cursor = listed.next_cursor;
        if cursor.is_none() || written >= MOST_ROWS {
            break;
        }
    }
    let today = domain::calendar::today(app.now()).to_string();
    let name = l.tr("meetings.decisions.file", &[("date", &today)]);
    Ok(download(&name, "text/csv; charset=utf-8", text.into_bytes()))
}

/// The offices of the hall to choose from.
fn offices(reference: &Reference, chosen: &[&str]) -> Vec<Choice> {
    let here = reference.directory.offices.values().filter(|office| office.kind != OfficeKind::Outside);
    here.map(|office| Choice {
        value: office.code.to_string(),
        label: office.name.clone(),
        chosen: chosen.contains(&office.code.as_str()),
    })
    .collect()
}

#[derive(Template)]
#[template(path = "staff/meeting_new.html")]
struct NewPage {
    page: Page,
    l: Lang,
    form: Filled,
    once: String,
    offices: Vec<Choice>,
    leads: Vec<Choice>,
}

async fn fresh(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&form(&visit, Filled::new(typed)).await?)
}

async fn form(visit: &Signed, form: Filled) -> Result<NewPage, Fault> {
    may(&visit.user.actor, Action::CallMeeting, On::Hall).map_err(|_| Fault::forbidden())?;
    let reference = visit.state.app.reference();
    let open = LeadQuery { status: Some("open".to_owned()), ..LeadQuery::default() };
    let leads = visit.state.app.leads(&visit.user, &open, None, 100).await?;
    let lead = |view: &app::LeadView| Choice {
        value: view.lead.id.to_string(),
        label: format!("{}　{}", view.lead.name, view.lead.project.name),
        chosen: form.v("lead") == view.lead.id.as_str(),
    };
    Ok(NewPage {
        page: super::desk(visit, "meetings.new.title"),
        l: visit.l,
        once: form.typed.given("once").unwrap_or_else(fresh_key),
        offices: offices(&reference, &form.typed.all("offices")),
        leads: leads.items.iter().map(lead).collect(),
        form,
    })
}

/// The field of the form that a pointer of the use case means.
fn field_of(pointer: &str) -> String {
    let name = match pointer {
        "/at" => "on",
        pointer if pointer.starts_with("/items") && pointer.ends_with("/lead") => "lead",
        pointer if pointer.starts_with("/items") => "cases",
        other => other.rsplit('/').next().unwrap_or_default(),
    };
    name.to_owned()
}

async fn call(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    may(&visit.user.actor, Action::CallMeeting, On::Hall).map_err(|_| Fault::forbidden())?;
    let new = match read(&visit, &typed).await {
        Ok(new) => new,
        Err(errors) => {
            let page = form(&visit, Filled { typed, errors }).await?;
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let answer = super::once(&visit, &typed, |outcome| match outcome {
        Outcome::Meeting(id) => format!("/meetings/{id}"),
        _ => "/meetings".to_owned(),
    });
    let app = &visit.state.app;
    match app.once(answer.as_ref(), app.call_meeting(&visit.user, new, answer.clone())).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(id)) => Ok(see(&format!("/meetings/{id}"), &Flash::good(visit.l.t("meetings.new.done")))),
        Err(AppError::Invalid(errors)) => {
            let errors = told(&visit, &errors, field_of);
            let page = form(&visit, Filled { typed, errors }).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as a meeting: the numbers of cases are looked up, the clock is the hall's.
async fn read(visit: &Signed, typed: &Typed) -> Result<NewMeeting, BTreeMap<String, String>> {
    let l = visit.l;
    let mut errors = BTreeMap::new();
    let time = NaiveTime::parse_from_str(typed.get("time"), "%H:%M").ok();
    let at = day(typed, "on").zip(time).map(|(on, time): (NaiveDate, _)| domain::calendar::utc(on.and_time(time)));
    if at.is_none() {
        errors.insert("on".to_owned(), l.t("field.moment").into_owned());
    }
    let question = typed.given("question").unwrap_or_else(|| typed.get("topic").to_owned());
    let mut items = Vec::new();
    let numbers = typed.get("cases").split(|c: char| c.is_whitespace() || ",，、;；".contains(c));
    for number in numbers.filter(|number| !number.is_empty()) {
        match visit.state.app.case_by_number(&visit.user, number).await {
            Ok(case) => items.push(NewItem { case: Some(case), lead: None, question: question.clone() }),
            Err(_) => {
                errors.insert("cases".to_owned(), l.tr("meetings.new.no_case", &[("number", number)]));
            }
        }
    }
    let lead = typed.given("lead").map(LeadId);
    items.extend(lead.map(|lead| NewItem { case: None, lead: Some(lead), question }));
    let Some(at) = at.filter(|_| errors.is_empty()) else {
        return Err(errors);
    };
    Ok(NewMeeting {
        topic: typed.get("topic").to_owned(),
        at,
        place: typed.get("place").to_owned(),
        offices: typed.all("offices").into_iter().map(OfficeCode::from).collect(),
        items,
    })
}

#[derive(Template)]
#[template(path = "staff/refer.html")]
struct ReferPage {
    page: Page,
    l: Lang,
    case: String,
    number: String,
    enterprise: String,
    form: Filled,
    once: String,
    meetings: Vec<Choice>,
    can_call: bool,
}

async fn refer_form(visit: Signed, Path(id): Path<CaseId>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&refer_view(&visit, &id, Filled::new(typed)).await?)
}

async fn refer_view(visit: &Signed, id: &CaseId, form: Filled) -> Result<ReferPage, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let meetings = app.meetings_to_come(&visit.user, id).await?;
    let open = app.open_case(&visit.user, id).await?;
    let chosen = form.v("meeting").to_owned();
    let is_only = meetings.len() == 1;
    let choice = |meeting: &Meeting| Choice {
        value: meeting.id.to_string(),
        label: format!("{}　{}　{}", l.time(meeting.at, app.now()), meeting.topic, meeting.place),
        chosen: is_only || chosen == meeting.id.as_str(),
    };
    Ok(ReferPage {
        page: super::desk(visit, "meetings.refer.title"),
        l,
        case: id.to_string(),
        number: open.case.number.clone(),
        enterprise: open.party.name.clone(),
        once: form.typed.given("once").unwrap_or_else(fresh_key),
        meetings: meetings.iter().map(choice).collect(),
        can_call: may(&visit.user.actor, Action::CallMeeting, On::Hall).is_ok(),
        form,
    })
}

async fn refer(visit: Signed, Path(id): Path<CaseId>, typed: Typed) -> Result<Response, Fault> {
    let to = format!("/cases/{id}");
    let answer = {
        let to = to.clone();
        super::once(&visit, &typed, move |_: &Outcome| to.clone())
    };
    let app = &visit.state.app;
    let meeting = MeetingId(typed.get("meeting").to_owned());
    if meeting.as_str().is_empty() {
        let errors = BTreeMap::from([("meeting".to_owned(), visit.l.t("field.required").into_owned())]);
        let page = refer_view(&visit, &id, Filled { typed, errors }).await?;
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let new = ReferCase { case: id.clone(), question: typed.get("question").to_owned() };
    match app.once(answer.as_ref(), app.refer_case(&visit.user, &meeting, new, answer.clone())).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(_)) => Ok(see(&to, &Flash::good(visit.l.t("meetings.refer.done")))),
        Err(AppError::Invalid(errors)) => {
            let errors = told(&visit, &errors, |pointer| pointer.rsplit('/').next().unwrap_or_default().to_owned());
            let page = refer_view(&visit, &id, Filled { typed, errors }).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}
