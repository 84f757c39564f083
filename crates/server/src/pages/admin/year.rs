//! A year's holidays as the State Council publishes them: two lists of days, compared, then switched at once.

use super::{desk, guard, today};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html, html_with};
use crate::pages::staff::typed::Typed;
use app::configuration::{Row, Table, differences};
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};

#[derive(Template)]
#[template(path = "admin/year.html")]
struct Year {
    page: Page,
    l: Lang,
    year: String,
    off: String,
    work: String,
    known: String,
    year_error: String,
    off_error: String,
    work_error: String,
}

pub(super) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    guard(&visit)?;
    let mut typed = Typed::read(query.as_deref().unwrap_or_default());
    let next = today(&visit).year() + 1;
    let year = typed.given("year").and_then(|year| year.parse::<i32>().ok()).unwrap_or(next);
    let rows = visit.state.app.configuration(&visit.user, Table::Holidays, today(&visit)).await?;
    for (field, day) in [("off", "off"), ("work", "work")] {
        let days = rows.iter().filter(|row| row[2] == year.to_string() && row[1] == day);
        typed.set(field, days.map(|row| row[0].as_str()).collect::<Vec<_>>().join("\n"));
    }
    typed.set("year", year.to_string());
    html(&view(&visit, &typed, Wrong::default()))
}

#[derive(Default)]
struct Wrong {
    year: String,
    off: String,
    work: String,
}

fn view(visit: &Signed, typed: &Typed, wrong: Wrong) -> Year {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let years: Vec<String> = reference.calendar.years().iter().map(ToString::to_string).collect();
    Year {
        page: desk(visit, l.t("admin.year.title").into_owned()),
        l,
        year: typed.get("year").to_owned(),
        off: typed.get("off").to_owned(),
        work: typed.get("work").to_owned(),
        known: l.tr("admin.years", &[("years", &l.list(&years))]),
        year_error: wrong.year,
        off_error: wrong.off,
        work_error: wrong.work,
    }
}

/// Days and spans of days (`2027-02-05 至 2027-02-11`), one a line or divided by 、.
fn days(text: &str, year: i32) -> Result<Vec<NaiveDate>, String> {
    let mut days = Vec::new();
    for part in text.split(['\n', '、', ',', '，', ';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = ["至", "~", "—", " - "].iter().find_map(|mark| part.split_once(mark)).unwrap_or((part, part));
        let read = |text: &str| text.trim().parse::<NaiveDate>().map_err(|_| part.to_owned());
        let (from, to) = (read(from)?, read(to)?);
        let span = (to - from).num_days();
        if !(0..=31).contains(&span) || (from.year() - year).abs() > 1 {
            return Err(part.to_owned());
        }
        days.extend(from.iter_days().take_while(|date| *date <= to));
    }
    days.sort();
    days.dedup();
    Ok(days)
}

pub(super) async fn read(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let l = visit.l;
    let year = typed.get("year").parse::<i32>().ok().filter(|year| (2000..2100).contains(year));
    let told = |part: String| l.tr("admin.year.day", &[("text", &part)]);
    let (off, work) = (days(typed.get("off"), year.unwrap_or(0)), days(typed.get("work"), year.unwrap_or(0)));
    let (Some(year), Ok(off), Ok(work)) = (year, &off, &work) else {
        let wrong = Wrong {
            year: if year.is_none() { l.t("admin.year.wrong").into_owned() } else { String::new() },
            off: off.err().filter(|_| year.is_some()).map(told).unwrap_or_default(),
            work: work.err().filter(|_| year.is_some()).map(told).unwrap_or_default(),
        };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&visit, &typed, wrong));
    };
    let both = off.iter().find(|date| work.contains(date));
    if off.is_empty() || both.is_some() {
        let text = match both {
            Some(date) => l.tr("admin.year.both", &[("date", &date.to_string())]),
            None => l.t("field.required").into_owned(),
        };
        let wrong = Wrong { off: text, ..Wrong::default() };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&visit, &typed, wrong));
    }
    let old = visit.state.app.configuration(&visit.user, Table::Holidays, today(&visit)).await?;
    let row = |day: &'static str| move |date: &NaiveDate| vec![date.to_string(), day.to_owned(), year.to_string()];
    let own: Vec<Row> = off.iter().map(row("off")).chain(work.iter().map(row("work"))).collect();
    // A day at the turn of the year may stand under its neighbour already: the newer file says so now.
    let kept = old.iter().filter(|row| row[2] != year.to_string() && !own.iter().any(|own| own[0] == row[0]));
    let new: Vec<Row> = kept.cloned().chain(own.iter().cloned()).collect();
    let changes = differences(Table::Holidays, &old, &new);
    if changes.is_empty() {
        return Ok(visit.done("/admin/year", "admin.import.same"));
    }
    super::upload::offer(&visit, &Typed::default(), &changes).await
}
