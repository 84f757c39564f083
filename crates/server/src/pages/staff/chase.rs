//! Chasing (催办, S5.3): the form, for staff and for the enterprise, and what went out in the case before.

use super::case::names;
use super::list::Choice;
use super::names::Names;
use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use app::{Answered, AppError, NewChase, OpenCase, Outcome, WarningView};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::{CaseId, MatterCode};
use std::collections::BTreeMap;

/// A warning or a chase that went out.
#[derive(PartialEq)]
struct Gone {
    at: String,
    matter: String,
    what: String,
    to: String,
    words: String,
}

#[derive(Template)]
#[template(path = "staff/chase.html")]
struct ChasePage {
    page: Page,
    l: Lang,
    action: String,
    back: String,
    number: String,
    enterprise: String,
    matters: Vec<Choice>,
    text: String,
    once: String,
    closed: String,
    wrong: BTreeMap<String, String>,
    gone: Vec<Gone>,
}

impl ChasePage {
    /// What is wrong with a field.
    fn wrong(&self, name: &str) -> &str {
        self.wrong.get(name).map_or("", String::as_str)
    }
}

/// The form for staff.
pub(crate) async fn page(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&view(&visit, "/cases", &id, &typed, BTreeMap::new()).await?)
}

/// The form for the enterprise.
pub(crate) async fn own_page(
    visit: Signed,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&view(&visit, "/my", &id, &typed, BTreeMap::new()).await?)
}

/// A chase by staff.
pub(crate) async fn chase(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    send(&visit, "/cases", &id, &typed).await
}

/// A chase by the enterprise.
pub(crate) async fn own_chase(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    send(&visit, "/my", &id, &typed).await
}

async fn send(visit: &Signed, root: &'static str, id: &str, typed: &Typed) -> Result<Response, Fault> {
    if let Some(again) = super::first_answer(visit, typed).await? {
        return Ok(again);
    }
    let to = format!("{root}/{id}");
    let target = to.clone();
    let answer = super::once(visit, typed, move |_: &Outcome| target.clone());
    let new = NewChase { matter: MatterCode(typed.get("matter").to_owned()), text: typed.given("text") };
    let (app, case) = (&visit.state.app, CaseId(id.to_owned()));
    let work = app.chase(&visit.user, &case, new, answer.clone());
    match app.once(answer.as_ref(), work).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(chased)) => {
            let (l, reference) = (visit.l, visit.state.app.reference());
            let people: Vec<&str> = chased.to.iter().map(|name| reference.directory.person_name(name)).collect();
            let now = visit.state.app.now();
            let key = if chased.leaves_at > now { "staff.chase.done_later" } else { "staff.chase.done" };
            let time = l.time(chased.leaves_at, now);
            Ok(see(&to, &Flash::good(l.tr(key, &[("people", &l.list(&people)), ("time", &time)]))))
        }
        Err(AppError::Invalid(errors)) => {
            let reference = visit.state.app.reference();
            let say = visit.say(&reference);
            let told = errors.iter().map(|e| (e.pointer.trim_start_matches('/').to_owned(), say.field_error(e)));
            let page = view(visit, root, id, typed, told.collect()).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

async fn view(
    visit: &Signed,
    root: &'static str,
    id: &str,
    typed: &Typed,
    wrong: BTreeMap<String, String>,
) -> Result<ChasePage, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let open = app.open_case(&visit.user, &CaseId(id.to_owned())).await?;
    let names = names(l, &open);
    let went = app.warnings_of(&visit.user, &open.case.id).await?;
    let page = match root {
        "/my" => visit.page("staff.chase.title"),
        _ => super::desk(visit, "staff.chase.title"),
    };
    let calendar = &open.reference.calendar;
    let opening = calendar.add_working_minutes(open.now, 0);
    // Who stands on two steps of the ladder gets one message, and reads of one.
    let mut lines: Vec<Gone> = Vec::with_capacity(went.len());
    for line in went.iter().map(|line| gone(&names, line)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Ok(ChasePage {
        page,
        l,
        action: format!("{root}/{id}/chase"),
        back: format!("{root}/{id}"),
        number: open.case.number.clone(),
        enterprise: open.party.name.clone(),
        matters: choices(&names, &open, typed),
        text: typed.get("text").to_owned(),
        once: fresh_key(),
        closed: if opening > open.now { l.time(opening, open.now) } else { String::new() },
        wrong,
        gone: lines,
    })
}

/// Every matter for which there is somebody to chase, with who that is.
fn choices(names: &Names<'_>, open: &OpenCase, typed: &Typed) -> Vec<Choice> {
    let choice = |code: &MatterCode| {
        let people: Vec<String> = open.chased(code).iter().map(|person| names.person(person)).collect();
        (!people.is_empty()).then(|| Choice {
            value: code.to_string(),
            label: names
                .tr("staff.chase.choice", &[("matter", &names.matter(code)), ("people", &names.l.list(&people))]),
            chosen: typed.get("matter") == code.as_str(),
        })
    };
    open.case.matters.iter().filter_map(|matter| choice(&matter.scope.code)).collect()
}

fn gone(names: &Names<'_>, line: &WarningView) -> Gone {
    let people: Vec<String> = line.to.iter().map(|person| names.person(person)).collect();
    let due = names.date(line.due);
    let what = match &line.sender {
        Some(sender) => names.tr("staff.chase.by", &[("person", &names.person(sender))]),
        None => names.tr(&format!("staff.warning.{}", line.cause), &[("date", &due)]),
    };
    Gone {
        at: names.l.time(line.at, names.now),
        matter: names.matter(&line.matter),
        what,
        to: names.l.list(&people),
        words: line.words.clone().unwrap_or_default(),
    }
}
