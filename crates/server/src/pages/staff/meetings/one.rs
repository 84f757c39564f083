//! One meeting: what is to be settled, the minutes, and each decision until it is done.

use super::{offices, status_class, status_word};
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::pages::staff::leads::{Filled, day, told};
use crate::pages::staff::list::Choice;
use crate::pages::staff::typed::Typed;
use crate::routes::{Access, Area, Route};
use app::{Answered, AppError, CancelMeeting, DecisionDone, LineView, Once, Outcome, Reference};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Action, On, may};
use domain::ids::{MeetingId, OfficeCode, Username};
use domain::meeting::{Attendance, Item, Meeting, MeetingLine, MeetingStatus, Minutes, NewDecision, Subject};
use std::collections::BTreeMap;

/// Lines for decisions in the form before more are asked for, and how many come with each asking.
const LINES: usize = 3;
/// More lines than this cannot be asked for.
const MOST_LINES: usize = 60;

pub(super) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/meetings/{id}", page),
        Route::post(area, access, "/meetings/{id}/minutes", hold),
        Route::post(area, access, "/meetings/{id}/decisions/{number}/done", carry_out),
        Route::post(area, access, "/meetings/{id}/cancel", cancel),
    ]
}

/// What is to be settled.
struct Matter {
    href: String,
    title: String,
    question: String,
    by: String,
}

/// An office that came, or not.
struct Came {
    code: String,
    office: String,
    who: String,
    absent: String,
    who_wrong: String,
}

/// A decision.
struct Decided {
    number: usize,
    what: String,
    owner: String,
    due: String,
    late: bool,
    outcome: String,
    done: String,
    can_do: bool,
    wrong: String,
}

/// A line of the form for a decision.
struct Line {
    at: usize,
    what: String,
    due: String,
    offices: Vec<Choice>,
    people: Vec<Choice>,
    wrong: String,
}

#[derive(Template)]
#[template(path = "staff/meeting.html")]
struct MeetingPage {
    page: Page,
    l: Lang,
    id: String,
    topic: String,
    headline: String,
    status: &'static str,
    word: String,
    place: String,
    called_by: String,
    matters: Vec<Matter>,
    offices: Vec<String>,
    came: Vec<Came>,
    minutes: Vec<String>,
    decisions: Vec<Decided>,
    history: Vec<(String, String)>,
    is_held: bool,
    can_hold: bool,
    can_cancel: bool,
    lines: Vec<Line>,
    once: String,
    form: Filled,
}

async fn page(visit: Signed, Path(id): Path<MeetingId>) -> Result<Response, Fault> {
    html(&view(&visit, &id, Filled::new(Typed::default())).await?)
}

async fn view(visit: &Signed, id: &MeetingId, form: Filled) -> Result<MeetingPage, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let meeting = app.meeting(&visit.user, id).await?;
    let lines = app.meeting_lines(&visit.user, id).await?;
    let reference = app.reference();
    let now = app.now();
    let is_planned = meeting.status == MeetingStatus::Planned;
    let runs = is_planned && may(&visit.user.actor, Action::RunMeeting, On::Meeting(&meeting, None)).is_ok();
    let mut matters = Vec::with_capacity(meeting.items.len());
    for item in &meeting.items {
        matters.push(matter(visit, &reference, item).await);
    }
    let name = |code: &OfficeCode| reference.directory.office_name(code).to_owned();
    let mut history: Vec<_> = lines.iter().map(|line| line_of(visit, line)).collect();
    history.reverse();
    let can_hold = runs && now >= meeting.at;
    Ok(MeetingPage {
        page: crate::pages::staff::desk(visit, "meetings.title").titled(meeting.topic.clone()),
        l,
        id: meeting.id.to_string(),
        topic: meeting.topic.clone(),
        headline: headline(visit, &meeting),
        status: status_class(&meeting.status),
        word: status_word(l, meeting.status.name()),
        place: meeting.place.clone(),
        called_by: reference.directory.person_name(&meeting.called_by).to_owned(),
        matters,
        offices: meeting.offices.iter().map(name).collect(),
        came: came(&reference, &meeting, &form),
        minutes: meeting.minutes.iter().flat_map(|text| text.lines()).map(str::to_owned).collect(),
        decisions: decisions(visit, &reference, &meeting, &form),
        history,
        is_held: meeting.status == MeetingStatus::Held,
        can_hold,
        can_cancel: runs,
        lines: if can_hold { form_lines(&reference, &form) } else { Vec::new() },
        once: form.typed.given("once").unwrap_or_else(fresh_key),
        form,
    })
}

fn headline(visit: &Signed, meeting: &Meeting) -> String {
    let l = visit.l;
    let at = l.time(meeting.at, visit.state.app.now());
    let today = domain::calendar::today(visit.state.app.now());
    let open: Vec<_> = meeting.decisions.iter().filter(|decision| decision.done.is_none()).collect();
    let late = open.iter().filter(|decision| decision.decided.due < today).count();
    let (count, late_count) = (open.len().to_string(), late.to_string());
    let reason = match &meeting.status {
        MeetingStatus::Cancelled { reason } => reason.as_str(),
        MeetingStatus::Planned | MeetingStatus::Held => "",
    };
    let key = match &meeting.status {
        MeetingStatus::Planned if visit.state.app.now() >= meeting.at => "meetings.one.to_write",
        MeetingStatus::Planned => "meetings.one.planned",
        MeetingStatus::Cancelled { .. } => "meetings.one.cancelled",
        MeetingStatus::Held if late > 0 => "meetings.one.late",
        MeetingStatus::Held if !open.is_empty() => "meetings.one.open",
        MeetingStatus::Held => "meetings.one.all_done",
    };
    l.tr(key, &[("at", at.as_str()), ("count", &count), ("late", &late_count), ("reason", reason)])
}

/// An item; its case or lead is a link for those who may open it.
async fn matter(visit: &Signed, reference: &Reference, item: &Item) -> Matter {
    let app = &visit.state.app;
    let (href, title) = match &item.about {
        Subject::Case(case) => match app.open_case(&visit.user, case).await {
            Ok(open) => (format!("/cases/{case}"), format!("{}　{}", open.case.number, open.party.name)),
            Err(_) => (String::new(), visit.l.t("meetings.one.a_case").into_owned()),
        },
        Subject::Lead(lead) => match app.lead(&visit.user, lead).await {
            Ok(view) => (format!("/leads/{lead}"), view.lead.name.to_string()),
            Err(_) => (String::new(), visit.l.t("meetings.one.a_lead").into_owned()),
        },
    };
    let by = reference.directory.person_name(&item.by).to_owned();
    Matter { href, title, question: item.question.clone(), by }
}

/// Who came; before it was held, the offices that are asked, with what was typed.
fn came(reference: &Reference, meeting: &Meeting, form: &Filled) -> Vec<Came> {
    let office = |code: &OfficeCode| reference.directory.office_name(code).to_owned();
    if meeting.status == MeetingStatus::Held {
        let attended = |one: &Attendance| Came {
            code: one.office.to_string(),
            office: office(&one.office),
            who: one.who.clone(),
            absent: one.absent.clone().unwrap_or_default(),
            who_wrong: String::new(),
        };
        return meeting.attendance.iter().map(attended).collect();
    }
    let asked = |code: &OfficeCode| Came {
        code: code.to_string(),
        office: office(code),
        who: form.v(&format!("who.{code}")).to_owned(),
        absent: form.v(&format!("absent.{code}")).to_owned(),
        who_wrong: form.e(&format!("who.{code}")).to_owned(),
    };
    meeting.offices.iter().map(asked).collect()
}

fn decisions(visit: &Signed, reference: &Reference, meeting: &Meeting, form: &Filled) -> Vec<Decided> {
    let (l, now) = (visit.l, visit.state.app.now());
    let today = domain::calendar::today(now);
    let decision = |(decision, number): (&domain::meeting::Decision, usize)| {
        let decided = &decision.decided;
        let office = reference.directory.office_name(&decided.office).to_owned();
        let person = decided.person.as_ref().map(|person| reference.directory.person_name(person));
        let may = may(&visit.user.actor, Action::CarryOutDecision, On::Meeting(meeting, Some(number))).is_ok();
        let is_this = form.v("number") == number.to_string();
        Decided {
            number,
            what: decided.what.clone(),
            owner: person.map_or(office.clone(), |person| format!("{office}　{person}")),
            due: l.date_seen(decided.due, today),
            late: decision.done.is_none() && decided.due < today,
            outcome: decision.done.as_ref().map(|done| done.outcome.clone()).unwrap_or_default(),
            done: decision.done.as_ref().map(|done| l.time(done.at, now)).unwrap_or_default(),
            can_do: may && decision.done.is_none(),
            wrong: if is_this { form.e("outcome").to_owned() } else { String::new() },
        }
    };
    meeting.decisions.iter().zip(1..).map(decision).collect()
}

/// Lines for decisions: those that were typed, and empty ones.
fn form_lines(reference: &Reference, form: &Filled) -> Vec<Line> {
    let asked: usize = form.v("lines").parse().unwrap_or(LINES);
    let line = |at: usize| {
        let v = |name: &str| form.v(&format!("{name}.{at}")).to_owned();
        let person = v("person");
        let people = reference.directory.people.values().filter(|person| person.active);
        let people = people.filter_map(|found| {
            let office = found.office.as_ref()?;
            Some(Choice {
                value: found.username.to_string(),
                label: format!("{}（{}）", found.name, reference.directory.office_name(office)),
                chosen: found.username.as_str() == person,
            })
        });
        let wrong = ["what", "office", "person", "due"].map(|name| form.e(&format!("{name}.{at}")).to_owned());
        Line {
            at,
            what: v("what"),
            due: v("due"),
            offices: offices(reference, &[v("office").as_str()]),
            people: people.collect(),
            wrong: wrong.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        }
    };
    (0..asked.clamp(LINES, MOST_LINES)).map(line).collect()
}

/// A line of the history: when and by whom, and what.
fn line_of(visit: &Signed, line: &LineView<MeetingLine>) -> (String, String) {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let actor = reference.directory.person_name(&line.actor);
    let when = format!("{}　{actor}", l.time(line.at, visit.state.app.now()));
    let what = match &line.line {
        MeetingLine::Called { .. } => l.t("meetings.line.called").into_owned(),
        MeetingLine::Referred { item } => l.tr("meetings.line.referred", &[("question", item.question.as_str())]),
        MeetingLine::Held { minutes } => l.tr("meetings.line.held", &[("count", minutes.decisions.len().to_string())]),
        MeetingLine::Done { decision, outcome } => {
            l.tr("meetings.line.done", &[("number", decision.to_string()), ("outcome", outcome.clone())])
        }
        MeetingLine::Cancelled { reason } => l.tr("meetings.line.cancelled", &[("reason", reason.as_str())]),
    };
    (when, what)
}

async fn hold(visit: Signed, Path(id): Path<MeetingId>, mut typed: Typed) -> Result<Response, Fault> {
    let lines: usize = typed.get("lines").parse().unwrap_or(LINES);
    let lines = lines.clamp(LINES, MOST_LINES);
    if typed.get("step") == "more" {
        typed.set("lines", (lines + LINES).to_string());
        return html(&view(&visit, &id, Filled::new(typed)).await?);
    }
    let meeting = visit.state.app.meeting(&visit.user, &id).await?;
    let mut errors = BTreeMap::new();
    let (mut places, mut decisions) = (Vec::new(), Vec::new());
    for at in 0..lines {
        let v = |name: &str| typed.given(&format!("{name}.{at}"));
        if v("what").is_none() && v("office").is_none() && v("due").is_none() {
            continue;
        }
        let Some(due) = day(&typed, &format!("due.{at}")) else {
            errors.insert(format!("due.{at}"), visit.l.t("field.date").into_owned());
            continue;
        };
        places.push(at);
        decisions.push(NewDecision {
            what: v("what").unwrap_or_default(),
            office: OfficeCode(v("office").unwrap_or_default()),
            person: v("person").map(Username),
            due,
        });
    }
    if !errors.is_empty() {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&visit, &id, Filled { typed, errors }).await?);
    }
    let attended = |code: &OfficeCode| Attendance {
        office: code.clone(),
        who: typed.get(&format!("who.{code}")).to_owned(),
        absent: typed.given(&format!("absent.{code}")),
    };
    let minutes = Minutes {
        attendance: meeting.offices.iter().map(attended).collect(),
        text: typed.get("text").to_owned(),
        decisions,
    };
    // A pointer counts what was sent; the form counts its own lines and names offices.
    let field = move |pointer: &str| {
        let parts: Vec<&str> = pointer.split('/').skip(1).collect();
        let number = |list: &str| parts.get(1).filter(|_| parts[0] == list).and_then(|at| at.parse::<usize>().ok());
        let name = parts.last().copied().unwrap_or_default();
        if let Some(at) = number("decisions").and_then(|at| places.get(at)) {
            return format!("{name}.{at}");
        }
        match number("attendance").and_then(|at| meeting.offices.get(at)) {
            Some(office) => format!("who.{office}"),
            None => name.to_owned(),
        }
    };
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let work = app.hold_meeting(&visit.user, &id, minutes, once.clone());
    ended(&visit, &id, typed, app.once(once.as_ref(), work).await, field, "meetings.one.done_held").await
}

async fn carry_out(
    visit: Signed,
    Path((id, number)): Path<(MeetingId, usize)>,
    mut typed: Typed,
) -> Result<Response, Fault> {
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let done = DecisionDone { outcome: typed.get("outcome").to_owned() };
    let work = app.carry_out_decision(&visit.user, &id, number, done, once.clone());
    let result = app.once(once.as_ref(), work).await;
    typed.set("number", number.to_string());
    ended(&visit, &id, typed, result, last_part, "meetings.one.done_decision").await
}

async fn cancel(visit: Signed, Path(id): Path<MeetingId>, typed: Typed) -> Result<Response, Fault> {
    let once = answer(&visit, &typed, &id);
    let app = &visit.state.app;
    let why = CancelMeeting { reason: typed.get("reason").to_owned() };
    let work = app.cancel_meeting(&visit.user, &id, why, once.clone());
    ended(&visit, &id, typed, app.once(once.as_ref(), work).await, last_part, "meetings.one.done_cancelled").await
}

fn last_part(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().to_owned()
}

fn answer(visit: &Signed, typed: &Typed, id: &MeetingId) -> Option<Once> {
    let to = format!("/meetings/{id}");
    crate::pages::staff::once(visit, typed, move |_: &Outcome| to.clone())
}

/// Back to the meeting with what was done, or the form again with what is wrong.
async fn ended(
    visit: &Signed,
    id: &MeetingId,
    typed: Typed,
    result: Result<Answered<MeetingId>, AppError>,
    field: impl Fn(&str) -> String,
    said: &str,
) -> Result<Response, Fault> {
    match result {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(_)) => Ok(see(&format!("/meetings/{id}"), &Flash::good(visit.l.t(said)))),
        Err(AppError::Invalid(errors)) => {
            let errors = told(visit, &errors, field);
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(visit, id, Filled { typed, errors }).await?)
        }
        Err(error) => Err(error.into()),
    }
}
