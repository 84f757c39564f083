//! 台账: the matters of every open project, by the day on which they have to be finished, with who holds them; the same as Excel
//! and as a notice (S5.3). What the columns mean stands at the foot of each.

use super::ledger_outside;
use super::list::{Choice, again};
use super::names::light_class;
use super::plan::Tab;
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, download, html, pdf, see};
use crate::routes::{Access, Area, Route};
use crate::say::Say;
use app::sheet::{Sheet, XLSX, workbook};
use app::{Cut, Ledger, LedgerOrder, LedgerQuery, LedgerRow, NoticeWords};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::OutsideRecord;
use domain::clock::Light;
use domain::ids::{CaseId, OfficeCode, Username};
use domain::ledger::{Hold, Holder, LedgerState, Level, Side};

/// Rows of a page.
const ROWS: usize = 100;
/// Rows of a printed ledger at most: a longer one is narrowed first.
const MOST_PRINTED: usize = 1_000;
const ORDERS: [(&str, LedgerOrder); 3] =
    [("project", LedgerOrder::Project), ("planned", LedgerOrder::Planned), ("days", LedgerOrder::Days)];
/// The columns of the file, in order; each has a heading and a definition.
const COLUMNS: [&str; 19] = [
    "number",
    "green",
    "enterprise",
    "project",
    "investment",
    "matter",
    "level",
    "office",
    "planned",
    "state",
    "submitted",
    "due",
    "finished",
    "holder",
    "since",
    "days",
    "holds_up",
    "person",
    "remark",
];
/// What is defined beyond headings that say it themselves.
const DEFINED: [&str; 9] = ["scope", "level", "planned", "state", "due", "holder", "days", "holds_up", "behind"];

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/ledger", page),
        Route::get(area, access, "/ledger.xlsx", sheet),
        Route::get(area, access, "/ledger.pdf", notice),
        Route::get(area, access, "/ledger/outside", ledger_outside::page),
        Route::get(area, access, "/ledger/outside.xlsx", ledger_outside::sheet),
    ]
}

/// A line as it is shown.
pub(super) struct Row {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) project: String,
    pub(super) enterprise: String,
    pub(super) green: bool,
    pub(super) investment: String,
    pub(super) goal: String,
    pub(super) matter: String,
    pub(super) level: String,
    pub(super) office: String,
    pub(super) planned: String,
    pub(super) behind: bool,
    pub(super) class: &'static str,
    pub(super) state: String,
    pub(super) dates: String,
    pub(super) holder: String,
    pub(super) held: String,
    pub(super) holds_up: String,
    pub(super) person: String,
    pub(super) remark: String,
    /// The file of a body's receipt; empty if there is none.
    pub(super) receipt: String,
}

#[derive(Template)]
#[template(path = "staff/ledger.html")]
struct LedgerPage {
    page: Page,
    l: Lang,
    headline: String,
    second: String,
    cut: String,
    tabs: Vec<Tab>,
    sums: Vec<Sum>,
    q: String,
    levels: Vec<Choice>,
    states: Vec<Choice>,
    sides: Vec<Choice>,
    offices: Vec<Choice>,
    holders: Vec<Choice>,
    agents: Vec<Choice>,
    orders: Vec<Choice>,
    blocked: bool,
    behind: bool,
    rows: Vec<Row>,
    narrowed: bool,
    definitions: Vec<String>,
    carried: Vec<(String, String)>,
    xlsx: String,
    first: String,
    next: String,
}

/// A figure that leads to its lines.
struct Sum {
    href: String,
    label: String,
    count: usize,
    chosen: bool,
}

/// What a query string asks for; words that are none of ours narrow nothing.
pub(crate) fn asked(typed: &Typed) -> LedgerQuery {
    LedgerQuery {
        level: Level::ALL.into_iter().find(|level| level.name() == typed.get("level")),
        office: typed.given("office").map(OfficeCode),
        at: typed.given("at").map(OfficeCode),
        state: LedgerState::ALL.into_iter().find(|state| state.name() == typed.get("state")),
        side: Side::ALL.into_iter().find(|side| side.name() == typed.get("side")),
        blocked: typed.get("blocked") == "1",
        behind: typed.get("behind") == "1",
        agent: typed.given("agent").map(Username),
        q: typed.given("q"),
        order: ORDERS.iter().find(|(name, _)| *name == typed.get("order")).map(|(_, order)| *order).unwrap_or_default(),
        most: None,
    }
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let ledger = app.ledger(&visit.user, &asked(&typed)).await?;
    let reference = app.reference();
    let say = visit.say(&reference);
    let on = today(app.now());
    let skip: usize = typed.get("skip").parse().unwrap_or(0);
    let narrowed = typed.carried().iter().any(|(name, _)| name != "order" && name != "skip");
    let rows = ledger.rows.iter().skip(skip).take(ROWS).map(|row| shown(&say, row, on)).collect();
    let carried = typed.carried().into_iter().filter(|(name, _)| name != "skip").collect();
    html(&LedgerPage {
        page: super::desk(&visit, "ledger.title"),
        l,
        headline: headline(l, &ledger, narrowed),
        second: second(l, &ledger),
        cut: cut(l, ledger.cut),
        tabs: tabs(l, false),
        sums: sums(l, &typed, &ledger),
        q: typed.get("q").to_owned(),
        levels: Level::ALL
            .iter()
            .map(|one| choice(&typed, "level", one.name(), word(l, "level", one.name())))
            .collect(),
        states: LedgerState::ALL
            .iter()
            .map(|one| choice(&typed, "state", one.name(), word(l, "state", one.name())))
            .collect(),
        sides: Side::ALL.iter().map(|one| choice(&typed, "side", one.name(), word(l, "side", one.name()))).collect(),
        offices: ledger.offices.iter().map(|code| choice(&typed, "office", code.as_str(), say.office(code))).collect(),
        holders: ledger.holders.iter().map(|code| choice(&typed, "at", code.as_str(), say.office(code))).collect(),
        agents: ledger.agents.iter().map(|name| choice(&typed, "agent", name.as_str(), say.person(name))).collect(),
        orders: ORDERS.iter().map(|(name, _)| choice(&typed, "order", name, word(l, "order", name))).collect(),
        blocked: typed.get("blocked") == "1",
        behind: typed.get("behind") == "1",
        rows,
        narrowed,
        definitions: definitions(l),
        carried,
        xlsx: format!("/ledger.xlsx?{}", again(&typed, &["skip"], &[])),
        first: if skip > 0 { format!("/ledger?{}", again(&typed, &["skip"], &[])) } else { String::new() },
        next: match ledger.rows.len() > skip.saturating_add(ROWS) {
            true => format!("/ledger?{}", again(&typed, &["skip"], &[("skip", &(skip + ROWS).to_string())])),
            false => String::new(),
        },
    })
}

/// The two parts of the ledger as links.
pub(super) fn tabs(l: Lang, outside: bool) -> Vec<Tab> {
    let tab = |key: &str, href: &str, on| Tab { label: l.t(key).into_owned(), href: href.to_owned(), on };
    vec![tab("ledger.projects", "/ledger", !outside), tab("ledger.outside.title", "/ledger/outside", outside)]
}

/// That not all cases were looked through, with both numbers; empty if all were.
pub(super) fn cut(l: Lang, cut: Option<Cut>) -> String {
    let told = |cut: Cut| l.tr("ledger.cut", &[("seen", cut.seen.to_string()), ("all", cut.all.to_string())]);
    cut.map(told).unwrap_or_default()
}

pub(super) fn word(l: Lang, table: &str, name: &str) -> String {
    l.t(&format!("ledger.{table}.{name}")).into_owned()
}

pub(super) fn choice(typed: &Typed, field: &str, value: &str, label: String) -> Choice {
    Choice { value: value.to_owned(), label, chosen: typed.get(field) == value }
}

fn headline(l: Lang, ledger: &Ledger, narrowed: bool) -> String {
    let (projects, matters) = (ledger.totals.projects.to_string(), ledger.totals.matters.to_string());
    match (ledger.totals.matters, narrowed) {
        (0, true) => l.t("ledger.none_found").into_owned(),
        (0, false) => l.t("ledger.none").into_owned(),
        _ => l.tr("ledger.some", &[("projects", projects.as_str()), ("matters", matters.as_str())]),
    }
}

fn second(l: Lang, ledger: &Ledger) -> String {
    if ledger.totals.matters == 0 {
        return String::new();
    }
    let figures = [
        ("done", ledger.totals.done),
        ("under_way", ledger.totals.under_way),
        ("overdue", ledger.totals.overdue),
        ("blockers", ledger.totals.blockers),
    ];
    let figures: Vec<(&str, String)> = figures.iter().map(|(name, count)| (*name, count.to_string())).collect();
    let figures: Vec<(&str, &str)> = figures.iter().map(|(name, count)| (*name, count.as_str())).collect();
    l.tr("ledger.second", &figures[..])
}

/// Blockers, overdue matters and projects that are behind, each a link to its lines.
fn sums(l: Lang, typed: &Typed, ledger: &Ledger) -> Vec<Sum> {
    let totals = &ledger.totals;
    let figures =
        [("blocked", "1", totals.blockers), ("state", "overdue", totals.overdue), ("behind", "1", totals.behind)];
    let figures = figures.into_iter().filter(|(field, value, count)| *count > 0 || typed.get(field) == *value);
    let sum = |(field, value, count): (&str, &str, usize)| {
        let chosen = typed.get(field) == value;
        let with: &[(&str, &str)] = if chosen { &[] } else { &[(field, value)] };
        let href = format!("/ledger?{}", again(typed, &[field, "skip"], with));
        Sum { href, label: word(l, "sum", if field == "state" { value } else { field }), count, chosen }
    };
    figures.map(sum).collect()
}

/// What the columns mean, a sentence for each.
fn definitions(l: Lang) -> Vec<String> {
    DEFINED.iter().map(|name| l.t(&format!("ledger.define.{name}")).into_owned()).collect()
}

pub(super) fn shown(say: &Say<'_>, row: &LedgerRow, on: NaiveDate) -> Row {
    let (l, line) = (say.l, &row.line);
    let day = |date: NaiveDate| l.date_seen(date, on);
    let dates = [("submitted", line.submitted), ("due", line.due), ("finished", line.finished)];
    let dates = dates
        .iter()
        .filter_map(|(name, date)| Some(l.tr(&format!("ledger.{name}_on"), &[("date", day((*date)?).as_str())])));
    let milestone = |code: &str| {
        let known = say.reference.catalogue.milestones().iter().find(|one| one.code == code);
        known.map_or_else(|| code.to_owned(), |one| one.name.clone())
    };
    let goal = row.goal.as_ref().map(|(code, date)| {
        l.tr("ledger.wanted", &[("milestone", milestone(code).as_str()), ("date", day(*date).as_str())])
    });
    let held = line.hold.as_ref().map(|hold| {
        let since = day(today(hold.since));
        l.tr("ledger.held", &[("since", since.as_str()), ("days", hold.days.to_string().as_str())])
    });
    Row {
        href: format!("/cases/{}", row.case),
        number: row.number.clone(),
        project: row.project.clone(),
        enterprise: row.enterprise.clone(),
        green: row.green,
        investment: row.investment_fen.map(|fen| l.money(fen)).unwrap_or_default(),
        goal: goal.unwrap_or_default(),
        matter: say.matter(&line.matter),
        level: word(l, "level", line.level.name()),
        office: say.office(&line.office),
        planned: line.planned.map(|date| planned(l, day(date), line.provisional)).unwrap_or_default(),
        behind: line.behind,
        class: class(line.state),
        state: word(l, "state", line.state.name()),
        dates: l.list(&dates.collect::<Vec<_>>()),
        holder: line.hold.as_ref().map(|hold| holder(say, hold, row)).unwrap_or_default(),
        held: held.unwrap_or_default(),
        holds_up: l.list(&line.holds_up.iter().map(|code| say.matter(code)).collect::<Vec<_>>()),
        person: line.person.as_ref().map(|person| say.person(person)).unwrap_or_default(),
        remark: remark(say, row, on),
        receipt: line.outside.as_ref().map(|record| receipt(&row.case, record)).unwrap_or_default(),
    }
}

fn planned(l: Lang, day: String, provisional: bool) -> String {
    if provisional { l.tr("ledger.provisional", &[("date", day.as_str())]) } else { day }
}

fn class(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Waiting => "idle",
        LedgerState::Ready => "now",
        LedgerState::Offered => "wait",
        LedgerState::Running | LedgerState::Done => light_class(Light::Green),
        LedgerState::Overdue | LedgerState::Refused => light_class(Light::Red),
        LedgerState::Stopped => light_class(Light::Purple),
    }
}

fn holder(say: &Say<'_>, hold: &Hold, row: &LedgerRow) -> String {
    let office = hold.office.as_ref().map(|office| say.office(office)).unwrap_or_default();
    match (hold.by, &row.agent) {
        (Holder::Client, _) => say.l.tr("ledger.holder.client", &[("name", row.enterprise.as_str())]),
        (Holder::Agent, Some(agent)) => say.l.tr("ledger.holder.agent", &[("name", say.person(agent).as_str())]),
        _ => office,
    }
}

/// What is known outside, in words: state, number, when it was looked at and by whom.
fn remark(say: &Say<'_>, row: &LedgerRow, on: NaiveDate) -> String {
    let l = say.l;
    let Some(outside) = &row.line.outside else { return String::new() };
    let mut parts = vec![crate::say::word(l, "staff.outside_state", outside.state.name())];
    if let Some(number) = &outside.number {
        parts.push(l.tr("ledger.outside_number", &[("number", number.as_str())]));
    }
    parts.extend(outside_words(say, outside, on));
    l.list(&parts)
}

/// When a body outside was looked at and by whom, and that the entry was made late.
pub(super) fn outside_words(say: &Say<'_>, outside: &OutsideRecord, on: NaiveDate) -> Vec<String> {
    let (at, person) = (say.l.date_seen(today(outside.checked_at), on), say.person(&outside.checked_by));
    let looked = say.l.tr("ledger.outside_checked", &[("date", at.as_str()), ("person", person.as_str())]);
    let late = outside.late.then(|| say.l.t("staff.late_entry").into_owned());
    [Some(looked), late].into_iter().flatten().collect()
}

/// The file of a body's receipt; empty if there is none.
pub(super) fn receipt(case: &CaseId, outside: &OutsideRecord) -> String {
    outside.receipt.as_ref().map(|file| format!("/cases/{case}/files/{}", file.id)).unwrap_or_default()
}

/// A line as texts for a table program: days as `2026-11-25`, so that they sort.
fn cells(say: &Say<'_>, row: &LedgerRow, on: NaiveDate) -> Vec<String> {
    let line = &row.line;
    let iso = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let seen = shown(say, row, on);
    let (since, days) =
        line.hold.as_ref().map_or_else(Default::default, |hold| (today(hold.since).to_string(), hold.days.to_string()));
    let green = if seen.green { say.l.t("staff.yes").into_owned() } else { String::new() };
    vec![
        seen.number,
        green,
        seen.enterprise,
        seen.project,
        seen.investment,
        seen.matter,
        seen.level,
        seen.office,
        iso(line.planned),
        seen.state,
        iso(line.submitted),
        iso(line.due),
        iso(line.finished),
        seen.holder,
        since,
        days,
        seen.holds_up,
        seen.person,
        seen.remark,
    ]
}

/// The same lines as an Excel file, its second sheet what the columns mean.
async fn sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let ledger = app.ledger(&visit.user, &asked(&typed)).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let headings = COLUMNS.iter().map(|name| word(l, "column", name)).collect();
    let first = Sheet {
        name: l.t("ledger.title").into_owned(),
        headings,
        rows: ledger.rows.iter().map(|row| cells(&say, row, on)).collect(),
    };
    let mut meanings: Vec<Vec<String>> = vec![vec![headline(l, &ledger, false)], vec![second(l, &ledger)]];
    meanings.extend(definitions(l).into_iter().map(|line| vec![line]));
    let second = Sheet {
        name: l.t("ledger.definitions").into_owned(),
        headings: vec![l.tr("ledger.as_of", &[("date", l.date(on).as_str())])],
        rows: meanings,
    };
    let bytes = workbook(&[first, second])?;
    Ok(download(&l.tr("ledger.file", &[("date", on.to_string().as_str())]), XLSX, bytes))
}

/// The same lines as a notice. It is an official paper, and so in Chinese whatever language the reader has chosen.
async fn notice(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let app = &visit.state.app;
    let ledger = app.ledger(&visit.user, &asked(&typed)).await?;
    if ledger.rows.len() > MOST_PRINTED {
        let told = visit.l.tr("ledger.too_long", &[("most", MOST_PRINTED.to_string())]);
        return Ok(see(&format!("/ledger?{}", again(&typed, &[], &[])), &Flash::bad(told)));
    }
    let reference = app.reference();
    let (say, on) = (Say::new(Lang::Zh, &reference), today(app.now()));
    let columns = [
        ("project", 16),
        ("matter", 14),
        ("level", 6),
        ("office", 10),
        ("planned", 9),
        ("state", 8),
        ("holder", 18),
        ("holds_up", 14),
        ("person", 7),
        ("remark", 12),
    ];
    let given = |name: &str| typed.get(name).trim().chars().take(60).collect::<String>();
    let words = NoticeWords {
        number: given("notice_number"),
        to: given("notice_to"),
        columns: columns.iter().map(|(name, width)| (word(Lang::Zh, "column", name), *width)).collect(),
        rows: ledger.rows.iter().map(|row| printed(&say, row, on)).collect(),
        definitions: definitions(Lang::Zh),
    };
    let bytes = app.ledger_notice(&visit.user, &ledger, words).await?;
    Ok(pdf(&Lang::Zh.tr("ledger.notice_file", &[("date", on.to_string().as_str())]), bytes))
}

/// A line of the printed table, in few columns.
fn printed(say: &Say<'_>, row: &LedgerRow, on: NaiveDate) -> Vec<String> {
    let seen = shown(say, row, on);
    let two = |first: String, second: String| match second.is_empty() {
        true => first,
        false => format!("{first}，{second}"),
    };
    let planned = row.line.planned.map(|date| date.to_string()).unwrap_or_default();
    let state = two(seen.state, row.line.finished.map(|date| date.to_string()).unwrap_or_default());
    vec![
        two(two(seen.project, seen.enterprise), seen.investment),
        seen.matter,
        seen.level,
        seen.office,
        planned,
        state,
        two(seen.holder, seen.held),
        seen.holds_up,
        seen.person,
        seen.remark,
    ]
}
