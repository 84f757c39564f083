//! How the green channel is used (S6.4): which cases, who opened it and why, what is done, by office and month.

use super::list::Choice;
use super::names::{light_class, light_of, light_word};
use super::typed::Typed;
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use crate::routes::{Access, Area, Route};
use app::{GreenCase, Reference};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::collections::BTreeMap;

/// The media type of an Excel file.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![Route::get(area, access, "/green", page), Route::get(area, access, "/green.xlsx", sheet)]
}

/// A case on the green channel.
struct Row {
    href: String,
    number: String,
    title: String,
    office: String,
    reason: String,
    person: String,
    approver: String,
    measures: String,
    since: String,
    due: String,
    light_class: &'static str,
    light: String,
}

#[derive(Template)]
#[template(path = "staff/green.html")]
struct GreenPage {
    page: Page,
    l: Lang,
    headline: String,
    second: String,
    offices: Vec<Choice>,
    months: Vec<Choice>,
    q: String,
    by_office: Vec<(String, usize)>,
    rows: Vec<Row>,
    narrowed: bool,
    xlsx: String,
}

/// The month of a moment in the hall, such as `2026-11`.
fn month(at: DateTime<Utc>) -> String {
    let day = domain::calendar::today(at);
    format!("{}-{:02}", day.year(), day.month())
}

fn office(found: &GreenCase) -> &str {
    found.head.lead_office.as_ref().map(domain::ids::OfficeCode::as_str).unwrap_or_default()
}

/// The cases that the query asks for.
fn narrow<'a>(all: &'a [GreenCase], typed: &Typed) -> Vec<&'a GreenCase> {
    let q = typed.get("q");
    let fits = |found: &&GreenCase| {
        (typed.get("office").is_empty() || office(found) == typed.get("office"))
            && (typed.get("month").is_empty() || month(found.green.at) == typed.get("month"))
            && (q.is_empty()
                || found.head.title.contains(q)
                || found.green.reason.contains(q)
                || found.head.number.as_deref().is_some_and(|number| number.contains(q)))
    };
    all.iter().filter(fits).collect()
}

fn row(l: Lang, reference: &Reference, found: &GreenCase, today: NaiveDate) -> Row {
    let (head, green) = (&found.head, &found.green);
    let light = light_of(&head.colour);
    let left = head.due_on.map(|due| reference.calendar.working_days_between(today, due));
    let measures: Vec<String> =
        green.measures.iter().map(|measure| crate::say::word_of(l, "staff.measure", measure)).collect();
    Row {
        href: format!("/cases/{}", head.id),
        number: head.number.clone().unwrap_or_default(),
        title: head.title.clone(),
        office: head.lead_office.as_ref().map(|o| reference.directory.office_name(o).to_owned()).unwrap_or_default(),
        reason: green.reason.clone(),
        person: reference.directory.person_name(&green.person).to_owned(),
        approver: reference.directory.person_name(&green.approver).to_owned(),
        measures: l.list(&measures),
        since: l.date_seen(domain::calendar::today(green.at), today),
        due: head.due_on.map(|due| l.date_seen(due, today)).unwrap_or_default(),
        light_class: light_class(light),
        light: light_word(l, light, left),
    }
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let today = domain::calendar::today(app.now());
    let all = app.green_cases(&visit.user).await?;
    let shown = narrow(&all, &typed);
    let late = shown.iter().filter(|found| found.head.colour == "red").count();
    let open = shown.iter().filter(|found| found.head.ended_at.is_none()).count();
    let narrowed = !typed.carried().is_empty();
    let name = |code: &str| match reference.directory.office(&code.into()) {
        Some(office) => office.name.clone(),
        None => l.t("green.no_office").into_owned(),
    };
    let mut by_office: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &shown {
        *by_office.entry(office(found)).or_default() += 1;
    }
    let chosen = |field: &str, value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        chosen: typed.get(field) == value,
    };
    let offices: BTreeMap<&str, ()> = all.iter().map(|found| (office(found), ())).collect();
    let months: BTreeMap<String, ()> = all.iter().map(|found| (month(found.green.at), ())).collect();
    let pairs: Vec<String> =
        typed.carried().iter().map(|(name, value)| format!("{}={}", urlencoded(name), urlencoded(value))).collect();
    html(&GreenPage {
        page: super::desk(&visit, "green.title"),
        l,
        headline: match shown.len() {
            0 if narrowed => l.t("green.none_found").into_owned(),
            0 => l.t("green.none").into_owned(),
            count => l.tr("green.some", &[("count", &count.to_string())]),
        },
        second: match shown.len() {
            0 => String::new(),
            _ => l.tr("green.second", &[("open", &open.to_string()), ("late", &late.to_string())]),
        },
        offices: offices
            .keys()
            .filter(|code| !code.is_empty())
            .map(|code| chosen("office", code, name(code)))
            .collect(),
        months: months.keys().rev().map(|month| chosen("month", month, month.clone())).collect(),
        q: typed.get("q").to_owned(),
        by_office: by_office.into_iter().map(|(code, count)| (name(code), count)).collect(),
        rows: shown.iter().map(|found| row(l, &reference, found, today)).collect(),
        narrowed,
        xlsx: format!("/green.xlsx?{}", pairs.join("&")),
    })
}

/// The same as an Excel file.
async fn sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let today = domain::calendar::today(app.now());
    let all = app.green_cases(&visit.user).await?;
    let names = ["number", "title", "office", "approver", "person", "reason", "measures", "since", "due", "light"];
    let heads = names.map(|name| l.t(&format!("green.column.{name}")).into_owned());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let line = |found: &&GreenCase| {
        let due = found.head.due_on.map(|due| due.to_string()).unwrap_or_default();
        let since = domain::calendar::today(found.green.at).to_string();
        let row = row(l, &reference, found, today);
        vec![
            row.number,
            row.title,
            row.office,
            row.approver,
            row.person,
            row.reason,
            row.measures,
            since,
            due,
            row.light,
        ]
    };
    let rows: Vec<Vec<String>> = narrow(&all, &typed).iter().map(line).collect();
    let bytes = app::sheet::table(&l.t("green.title"), &heads, &rows)?;
    Ok(download(&l.tr("green.file", &[("date", &today.to_string())]), XLSX, bytes))
}
