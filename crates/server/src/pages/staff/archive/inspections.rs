//! Inspection sheets (S8.4): drawing a sample, writing down what was found, and the sheet as Excel.

use super::{excel, lacking_line, tabs};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, see};
use crate::pages::staff::list::{Choice, again};
use crate::pages::staff::plan::Tab;
use crate::pages::staff::typed::Typed;
use crate::routes::{Access, Area, Route};
use crate::say::Say;
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use domain::access::{Action, On, may};
use domain::archive::{Inspected, Inspection, Sampling, Verdict};
use domain::calendar::today;
use domain::ids::CaseId;

/// Rows of a page of the list.
const ROWS: u32 = 50;
const COLUMNS: [&str; 8] = ["number", "office", "percent", "lacking", "verdict", "remark", "inspector", "inspected"];

pub(super) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/archive/inspections", list),
        Route::post(area, access, "/archive/inspections", draw),
        Route::get(area, access, "/archive/inspections/{id}", page),
        Route::post(area, access, "/archive/inspections/{id}", judge),
        Route::get(area, access, "/archive/inspections/{id}/sheet.xlsx", sheet),
    ]
}

/// A sheet in the list.
struct Row {
    href: String,
    at: String,
    by: String,
    period: String,
    drawn: String,
    class: &'static str,
    word: String,
}

#[derive(Template)]
#[template(path = "staff/inspections.html")]
struct ListPage {
    page: Page,
    l: Lang,
    headline: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    can_draw: bool,
    from: String,
    to: String,
    first: String,
    next: String,
}

fn inspects(visit: &Signed) -> bool {
    may(&visit.user.actor, Action::InspectArchive, On::Hall).is_ok()
}

async fn list(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let cursor = typed.given("cursor");
    let listed = app.inspections(&visit.user, cursor.as_deref(), ROWS).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let headline = match listed.total {
        Some(0) => l.t("archive.inspection.none").into_owned(),
        Some(count) => l.tr("archive.inspection.some", &[("count", count.to_string())]),
        None => l.t("archive.inspection.more").into_owned(),
    };
    html(&ListPage {
        page: super::super::desk(&visit, "archive.title"),
        l,
        headline,
        tabs: tabs(&visit, "inspections"),
        rows: listed.items.iter().map(|sheet| row(&say, sheet, on)).collect(),
        can_draw: inspects(&visit),
        from: NaiveDate::from_ymd_opt(on.year(), 1, 1).unwrap_or(on).to_string(),
        to: on.to_string(),
        first: if cursor.is_some() { "/archive/inspections".to_owned() } else { String::new() },
        next: listed
            .next_cursor
            .map(|cursor| format!("/archive/inspections?{}", again(&typed, &["cursor"], &[("cursor", &cursor)])))
            .unwrap_or_default(),
    })
}

fn period(l: Lang, sheet: &Inspection, on: NaiveDate) -> String {
    let (from, to) = (l.date_seen(sheet.sampling.from, on), l.date_seen(sheet.sampling.to, on));
    l.tr("archive.inspection.period", &[("from", from.as_str()), ("to", to.as_str())])
}

fn drawn(l: Lang, sheet: &Inspection) -> String {
    let (drawn, all) = (sheet.files.len().to_string(), sheet.population.to_string());
    l.tr("archive.inspection.drawn", &[("drawn", drawn.as_str()), ("all", all.as_str())])
}

fn standing(l: Lang, sheet: &Inspection) -> (&'static str, String) {
    match (sheet.open(), sheet.deficient()) {
        (0, 0) => ("ok", l.t("archive.inspection.sound").into_owned()),
        (0, bad) => ("over", l.tr("archive.inspection.deficient", &[("count", bad.to_string())])),
        (open, _) => ("now", l.tr("archive.inspection.open", &[("count", open.to_string())])),
    }
}

fn row(say: &Say<'_>, sheet: &Inspection, on: NaiveDate) -> Row {
    let (class, word) = standing(say.l, sheet);
    Row {
        href: format!("/archive/inspections/{}", sheet.id),
        at: say.l.date_seen(today(sheet.at), on),
        by: say.person(&sheet.by),
        period: period(say.l, sheet, on),
        drawn: drawn(say.l, sheet),
        class,
        word,
    }
}

async fn draw(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    may(&visit.user.actor, Action::InspectArchive, On::Hall).map_err(|_| Fault::forbidden())?;
    let back = "/archive/inspections";
    let number = |name: &str| typed.get(name).parse::<u32>().ok();
    let day = |name: &str| typed.get(name).parse::<NaiveDate>().ok();
    let (Some(from), Some(to), Some(per_office)) = (day("from"), day("to"), number("per_office")) else {
        return Ok(see(back, &Flash::bad(visit.l.t("archive.inspection.unread"))));
    };
    match visit.state.app.draw_inspection(&visit.user, Sampling { from, to, per_office }).await {
        Ok(id) => Ok(visit.done(&format!("/archive/inspections/{id}"), "archive.inspection.done")),
        Err(error) => visit.refused(back, error),
    }
}

/// A file of the sample.
struct FileRow {
    case: String,
    number: String,
    href: String,
    office: String,
    percent: u8,
    lacking: String,
    class: &'static str,
    verdict: String,
    remark: String,
    judged: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "staff/inspection.html")]
struct SheetPage {
    page: Page,
    l: Lang,
    id: String,
    headline: String,
    class: &'static str,
    word: String,
    tabs: Vec<Tab>,
    facts: Vec<(String, String)>,
    rows: Vec<FileRow>,
    can_judge: bool,
}

fn file_row(say: &Say<'_>, file: &Inspected, on: NaiveDate) -> FileRow {
    let (l, judgement) = (say.l, file.judgement.as_ref());
    let word = |verdict: Verdict| l.t(&format!("archive.verdict.{}", verdict.name())).into_owned();
    let choice = |verdict: Verdict| Choice {
        value: verdict.name().to_owned(),
        label: word(verdict),
        chosen: judgement.is_some_and(|judgement| judgement.verdict == verdict),
    };
    FileRow {
        case: file.case.to_string(),
        number: file.number.clone(),
        href: format!("/archive/files/{}", file.case),
        office: file.office.as_ref().map(|office| say.office(office)).unwrap_or_default(),
        percent: file.percent,
        lacking: lacking_line(l, file.lacking.iter().copied()),
        class: match judgement.map(|judgement| judgement.verdict) {
            None => "idle",
            Some(Verdict::Sound) => "ok",
            Some(Verdict::Deficient) => "over",
        },
        verdict: judgement.map_or_else(|| l.t("archive.verdict.open").into_owned(), |one| word(one.verdict)),
        remark: judgement.and_then(|judgement| judgement.remark.clone()).unwrap_or_default(),
        judged: judgement
            .map(|one| format!("{}　{}", say.person(&one.by), l.date_seen(today(one.at), on)))
            .unwrap_or_default(),
        choices: Verdict::ALL.map(choice).into(),
    }
}

async fn page(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let sheet = app.inspection(&visit.user, &id).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let (class, word) = standing(l, &sheet);
    let fact = |name: &str, value: String| (l.t(&format!("archive.inspection.fact_{name}")).into_owned(), value);
    html(&SheetPage {
        page: super::super::desk(&visit, "archive.title"),
        l,
        id: sheet.id.clone(),
        headline: drawn(l, &sheet),
        class,
        word,
        tabs: tabs(&visit, "inspections"),
        facts: vec![
            fact("period", period(l, &sheet, on)),
            fact("per_office", sheet.sampling.per_office.to_string()),
            fact("by", format!("{}　{}", say.person(&sheet.by), l.date_seen(today(sheet.at), on))),
            fact("seed", sheet.seed.clone()),
        ],
        rows: sheet.files.iter().map(|file| file_row(&say, file, on)).collect(),
        can_judge: inspects(&visit),
    })
}

async fn judge(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    let (app, to) = (&visit.state.app, format!("/archive/inspections/{id}"));
    may(&visit.user.actor, Action::InspectArchive, On::Hall).map_err(|_| Fault::forbidden())?;
    let case = CaseId::from(typed.get("case"));
    let Some(verdict) = Verdict::parse(typed.get("verdict")) else {
        app.inspection(&visit.user, &id).await?;
        return Ok(see(&to, &Flash::bad(visit.l.t("archive.inspection.no_verdict"))));
    };
    match app.judge_file(&visit.user, &id, &case, verdict, typed.get("remark")).await {
        Ok(()) => Ok(visit.done(&to, "archive.inspection.judged")),
        Err(error) => visit.refused(&to, error),
    }
}

async fn sheet(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let app = &visit.state.app;
    let sheet = app.inspection(&visit.user, &id).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let cells = |file: &Inspected| {
        let row = file_row(&say, file, on);
        let judgement = file.judgement.as_ref();
        let by = judgement.map(|one| say.person(&one.by)).unwrap_or_default();
        let at = judgement.map(|one| today(one.at).to_string()).unwrap_or_default();
        vec![row.number, row.office, format!("{}%", row.percent), row.lacking, row.verdict, row.remark, by, at]
    };
    let rows: Vec<Vec<String>> = sheet.files.iter().map(cells).collect();
    excel(visit.l, "inspections", today(sheet.at), &COLUMNS, &rows)
}
