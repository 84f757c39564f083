//! 档案室 (S6.5): cases that have ended and are not sealed, with what their files lack and who owes it; sealed files, with where
//! they stand, who has them and for how long they are kept. Both narrowed, ordered, and as Excel.

mod inspections;
mod one;

use super::list::{Choice, again};
use super::plan::Tab;
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use crate::routes::{Access, Area, Route};
use crate::say::Say;
use app::sheet::{XLSX, table};
use app::{
    ArchiveQuery, ArchivedView, FileState, OpenFile, OpenFiles, OpenFilesOrder, OpenFilesQuery, Reference,
    SEALED_ORDERS,
};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::archive::{ArchivedFile, Disposal};
use domain::calendar::today;
use domain::case::{Completeness, Gap, OwedBy};
use domain::ids::OfficeCode;

/// Rows of a page.
const ROWS: usize = 50;
/// Rows of an Excel file at most.
const MOST_ROWS: usize = 5_000;
const OPEN_ORDERS: [(&str, OpenFilesOrder); 2] =
    [("oldest", OpenFilesOrder::Oldest), ("lacking", OpenFilesOrder::Lacking)];
const OPEN_COLUMNS: [&str; 6] = ["number", "title", "office", "ended", "percent", "lacking"];
const SEALED_COLUMNS: [&str; 9] =
    ["number", "title", "office", "sealed", "volumes", "place", "retention", "keep_until", "lent"];

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    let mut routes = vec![
        Route::get(area, access, "/archive", open_page),
        Route::get(area, access, "/archive.xlsx", open_sheet),
        Route::get(area, access, "/archive/sealed", sealed_page),
        Route::get(area, access, "/archive/sealed.xlsx", sealed_sheet),
    ];
    routes.extend(one::routes());
    routes.extend(inspections::routes());
    routes
}

/// How complete a file is, in words.
pub(super) struct FileWords {
    /// One sentence with the percentage.
    pub(super) sentence: String,
    /// What is missing, and who owes it.
    pub(super) lacking: Vec<(String, String)>,
    /// What is there.
    pub(super) there: Vec<String>,
}

impl FileWords {
    pub(super) fn of(l: Lang, completeness: &Completeness) -> Self {
        let lacking: Vec<_> =
            completeness.lacking().map(|part| (part_word(l, part.gap), owed_word(l, part.owed_by))).collect();
        let there = completeness.parts.iter().filter(|part| part.done).map(|part| part_word(l, part.gap));
        let (percent, count) = (completeness.percent.to_string(), lacking.len().to_string());
        let key = if lacking.is_empty() { "archive.complete.full" } else { "archive.complete.lacking" };
        let sentence = l.tr(key, &[("percent", percent.as_str()), ("count", count.as_str())]);
        Self { sentence, there: there.collect(), lacking }
    }
}

/// What belongs into a file, as a noun.
fn part_word(l: Lang, gap: Gap) -> String {
    crate::say::word(l, "archive.part", gap.name())
}

fn owed_word(l: Lang, who: OwedBy) -> String {
    crate::say::word(l, "archive.owed", who.name())
}

/// What is missing and who owes it, in one line.
fn lacking_line<'a>(l: Lang, parts: impl Iterator<Item = (Gap, OwedBy)> + 'a) -> String {
    let of =
        |(gap, who): (Gap, OwedBy)| l.tr("archive.lacks", &[("part", part_word(l, gap)), ("who", owed_word(l, who))]);
    l.list(&parts.map(of).collect::<Vec<_>>())
}

fn choice(typed: &Typed, field: &str, value: &str, label: String) -> Choice {
    Choice { value: value.to_owned(), label, chosen: typed.get(field) == value }
}

fn offices(reference: &Reference, typed: &Typed) -> Vec<Choice> {
    let offices = reference.directory.offices.values();
    offices.map(|office| choice(typed, "office", office.code.as_str(), office.name.clone())).collect()
}

/// The parts of the archive room as links.
fn tabs(visit: &Signed, here: &str) -> Vec<Tab> {
    let mut parts = vec![("open", "/archive"), ("sealed", "/archive/sealed")];
    if may(&visit.user.actor, Action::SeeInspections, On::Hall).is_ok() {
        parts.push(("inspections", "/archive/inspections"));
    }
    let tab = |(name, href): (&str, &str)| Tab {
        label: visit.l.t(&format!("archive.tab.{name}")).into_owned(),
        href: href.to_owned(),
        on: name == here,
    };
    parts.into_iter().map(tab).collect()
}

/// A file that is not sealed, as it is shown.
struct OpenRow {
    href: String,
    number: String,
    title: String,
    office: String,
    ended: String,
    percent: u8,
    lacking: String,
}

#[derive(Template)]
#[template(path = "staff/archive_open.html")]
struct OpenPage {
    page: Page,
    l: Lang,
    headline: String,
    second: String,
    cut: String,
    tabs: Vec<Tab>,
    q: String,
    offices: Vec<Choice>,
    complete: Vec<Choice>,
    orders: Vec<Choice>,
    rows: Vec<OpenRow>,
    narrowed: bool,
    xlsx: String,
    first: String,
    next: String,
}

fn open_asked(typed: &Typed) -> OpenFilesQuery {
    OpenFilesQuery {
        office: typed.given("office").map(OfficeCode),
        complete: match typed.get("complete") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        q: typed.given("q"),
        order: OPEN_ORDERS.iter().find(|(name, _)| *name == typed.get("order")).map(|one| one.1).unwrap_or_default(),
    }
}

fn open_row(say: &Say<'_>, file: &OpenFile, on: NaiveDate) -> OpenRow {
    let (l, head) = (say.l, &file.head);
    OpenRow {
        href: format!("/cases/{}", head.id),
        number: head.number.clone().unwrap_or_default(),
        title: head.title.clone(),
        office: head.lead_office.as_ref().map(|office| say.office(office)).unwrap_or_default(),
        ended: head.ended_at.map(|at| l.date_seen(today(at), on)).unwrap_or_default(),
        percent: file.completeness.percent,
        lacking: lacking_line(l, file.completeness.lacking().map(|part| (part.gap, part.owed_by))),
    }
}

fn narrowed(typed: &Typed) -> bool {
    typed.carried().iter().any(|(name, _)| !matches!(name.as_str(), "order" | "skip" | "cursor"))
}

fn open_words(l: Lang, files: &OpenFiles, narrowed: bool) -> (String, String) {
    let (count, complete) = (files.rows.len().to_string(), files.complete.to_string());
    match (files.rows.len(), narrowed) {
        (0, true) => (l.t("archive.none_found").into_owned(), String::new()),
        (0, false) => (l.t("archive.open.none").into_owned(), String::new()),
        _ => (
            l.tr("archive.open.some", &[("count", count.as_str())]),
            l.tr("archive.open.second", &[("complete", complete.as_str())]),
        ),
    }
}

async fn open_page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let files = app.open_files(&visit.user, &open_asked(&typed)).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let narrowed = narrowed(&typed);
    let skip: usize = typed.get("skip").parse().unwrap_or(0);
    let (headline, second) = open_words(l, &files, narrowed);
    let to = |with: &[(&str, &str)]| format!("/archive?{}", again(&typed, &["skip"], with));
    let more = files.rows.len() > skip.saturating_add(ROWS);
    let label = |group: &str, name: &str| l.t(&format!("archive.{group}.{name}")).into_owned();
    html(&OpenPage {
        page: super::desk(&visit, "archive.title"),
        l,
        headline,
        second,
        cut: super::ledger::cut(l, files.cut),
        tabs: tabs(&visit, "open"),
        q: typed.get("q").to_owned(),
        offices: offices(&reference, &typed),
        complete: ["yes", "no"].map(|name| choice(&typed, "complete", name, label("is_complete", name))).into(),
        orders: OPEN_ORDERS.map(|(name, _)| choice(&typed, "order", name, label("order", name))).into(),
        rows: files.rows.iter().skip(skip).take(ROWS).map(|file| open_row(&say, file, on)).collect(),
        narrowed,
        xlsx: format!("/archive.xlsx?{}", again(&typed, &["skip"], &[])),
        first: if skip > 0 { to(&[]) } else { String::new() },
        next: if more { to(&[("skip", &(skip + ROWS).to_string())]) } else { String::new() },
    })
}

fn headings(l: Lang, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|name| l.t(&format!("archive.column.{name}")).into_owned()).collect()
}

/// A table as an Excel file.
fn excel(l: Lang, name: &str, on: NaiveDate, columns: &[&str], rows: &[Vec<String>]) -> Result<Response, Fault> {
    let heads = headings(l, columns);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let title = l.t(&format!("archive.tab.{name}")).into_owned();
    let file = l.tr("archive.file", &[("name", title.as_str()), ("date", on.to_string().as_str())]);
    Ok(download(&file, XLSX, table(&title, &heads, rows)?))
}

async fn open_sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let app = &visit.state.app;
    let files = app.open_files(&visit.user, &open_asked(&typed)).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let cells = |file: &OpenFile| {
        let row = open_row(&say, file, on);
        let ended = file.head.ended_at.map(|at| today(at).to_string()).unwrap_or_default();
        vec![row.number, row.title, row.office, ended, format!("{}%", row.percent), row.lacking]
    };
    let rows: Vec<Vec<String>> = files.rows.iter().map(cells).collect();
    excel(visit.l, "open", on, &OPEN_COLUMNS, &rows)
}

/// A sealed file as it is shown.
struct SealedRow {
    href: String,
    number: String,
    title: String,
    office: String,
    sealed: String,
    volumes: u32,
    place: String,
    retention: String,
    keep_until: String,
    lent: String,
    late: bool,
    class: &'static str,
    word: String,
}

#[derive(Template)]
#[template(path = "staff/archive_sealed.html")]
struct SealedPage {
    page: Page,
    l: Lang,
    headline: String,
    tabs: Vec<Tab>,
    q: String,
    offices: Vec<Choice>,
    states: Vec<Choice>,
    orders: Vec<Choice>,
    rows: Vec<SealedRow>,
    narrowed: bool,
    xlsx: String,
    first: String,
    next: String,
}

fn sealed_asked(typed: &Typed) -> ArchiveQuery {
    ArchiveQuery {
        office: typed.given("office").map(OfficeCode),
        state: FileState::parse(typed.get("state")),
        q: typed.given("q"),
        order: SEALED_ORDERS.iter().find(|(name, _)| *name == typed.get("order")).map(|one| one.1).unwrap_or_default(),
    }
}

/// Where the paper stands, in words; empty if that is not known.
fn place_words(l: Lang, file: &ArchivedFile) -> String {
    let words = |place: &domain::archive::ShelfPlace| {
        let params = [("shelf", &*place.shelf), ("box", &*place.container), ("folder", &*place.folder)];
        l.tr("archive.place", &params)
    };
    file.place.as_ref().map(words).unwrap_or_default()
}

fn retention_word(l: Lang, file: &ArchivedFile) -> String {
    crate::say::word(l, "archive.retention", file.retention.name())
}

/// Who has the file and until when; empty if it is there.
fn lent_words(say: &Say<'_>, file: &ArchivedFile, on: NaiveDate) -> String {
    let words = |loan: &domain::archive::Loan| {
        let (who, until) = (say.person(&loan.to), say.l.date_seen(loan.until, on));
        say.l.tr("archive.lent_to", &[("who", who.as_str()), ("until", until.as_str())])
    };
    file.loan.as_ref().map(words).unwrap_or_default()
}

/// What is most worth knowing of a file: its class and its word.
fn state_of(file: &ArchivedFile, on: NaiveDate) -> (&'static str, &'static str) {
    match &file.disposal {
        Some(Disposal::Disposed { .. }) => ("idle", "disposed"),
        Some(Disposal::Proposed(_)) => ("wait", "proposed"),
        None if file.is_overdue(on) => ("over", "overdue"),
        None if file.loan.is_some() => ("now", "lent"),
        None if file.hold.is_some() => ("halt", "held"),
        None if file.is_due(on) => ("wait", "due"),
        None if file.place.is_none() => ("wait", "unshelved"),
        None => ("ok", "there"),
    }
}

fn sealed_row(say: &Say<'_>, view: &ArchivedView, on: NaiveDate) -> SealedRow {
    let (l, file) = (say.l, &view.file);
    let (class, word) = state_of(file, on);
    SealedRow {
        href: format!("/archive/files/{}", file.case),
        number: file.number.clone(),
        title: view.title.clone(),
        office: file.office.as_ref().map(|office| say.office(office)).unwrap_or_default(),
        sealed: l.date_seen(file.sealed_on, on),
        volumes: file.volumes,
        place: place_words(l, file),
        retention: retention_word(l, file),
        keep_until: file.keep_until().map(|day| l.date_seen(day, on)).unwrap_or_default(),
        lent: lent_words(say, file, on),
        late: file.is_overdue(on),
        class,
        word: l.t(&format!("archive.state.{word}")).into_owned(),
    }
}

async fn sealed_page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let (cursor, rows) = (typed.given("cursor"), u32::try_from(ROWS).unwrap_or(50));
    let listed = app.sealed_files(&visit.user, &sealed_asked(&typed), cursor.as_deref(), rows).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let narrowed = narrowed(&typed);
    let to = |with: &[(&str, &str)]| format!("/archive/sealed?{}", again(&typed, &["cursor"], with));
    let headline = match (listed.total, narrowed) {
        (Some(0), true) => l.t("archive.none_found").into_owned(),
        (Some(0), false) => l.t("archive.sealed.none").into_owned(),
        (Some(count), _) => l.tr("archive.sealed.some", &[("count", count.to_string())]),
        (None, _) => l.t("archive.sealed.more").into_owned(),
    };
    let label = |group: &str, name: &str| l.t(&format!("archive.{group}.{name}")).into_owned();
    html(&SealedPage {
        page: super::desk(&visit, "archive.title"),
        l,
        headline,
        tabs: tabs(&visit, "sealed"),
        q: typed.get("q").to_owned(),
        offices: offices(&reference, &typed),
        states: FileState::ALL.map(|one| choice(&typed, "state", one.name(), label("state", one.name()))).into(),
        orders: SEALED_ORDERS.map(|(name, _)| choice(&typed, "order", name, label("order", name))).into(),
        rows: listed.items.iter().map(|view| sealed_row(&say, view, on)).collect(),
        narrowed,
        xlsx: format!("/archive/sealed.xlsx?{}", again(&typed, &["cursor"], &[])),
        first: if cursor.is_some() { to(&[]) } else { String::new() },
        next: listed.next_cursor.map(|cursor| to(&[("cursor", cursor.as_str())])).unwrap_or_default(),
    })
}

async fn sealed_sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let app = &visit.state.app;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let listed = app.sealed_files(&visit.user, &sealed_asked(&typed), cursor.as_deref(), 500).await?;
        rows.extend(listed.items.iter().map(|view| {
            let (row, file) = (sealed_row(&say, view, on), &view.file);
            let keep_until = file.keep_until().map(|day| day.to_string()).unwrap_or_default();
            let (sealed, volumes) = (file.sealed_on.to_string(), row.volumes.to_string());
            vec![row.number, row.title, row.office, sealed, volumes, row.place, row.retention, keep_until, row.lent]
        }));
        cursor = listed.next_cursor;
        if cursor.is_none() || rows.len() >= MOST_ROWS {
            break;
        }
    }
    excel(visit.l, "sealed", on, &SEALED_COLUMNS, &rows)
}
