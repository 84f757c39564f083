//! 外部事项, the second part of the ledger: what is decided above the banner, by bodies outside the hall or in systems outside,
//! with when it was looked at and when it has to be asked for again (S5.3).

use super::ledger::{choice, cut, outside_words, receipt, tabs, word};
use super::list::{Choice, again};
use super::plan::Tab;
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use crate::say::Say;
use app::sheet::{Sheet, XLSX, workbook};
use app::{OutsideLedger, OutsideOrder, OutsideQuery, OutsideRow};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::OutsideState;
use domain::ids::{OfficeCode, Username};

/// Rows of a page.
const ROWS: usize = 100;
const ORDERS: [(&str, OutsideOrder); 3] =
    [("reminder", OutsideOrder::Reminder), ("checked", OutsideOrder::Checked), ("case", OutsideOrder::Case)];
/// The columns of the file, in order.
const COLUMNS: [&str; 14] = [
    "number",
    "green",
    "case",
    "matter",
    "level",
    "body",
    "state",
    "outside_number",
    "checked_at",
    "checked_by",
    "late_entry",
    "receipt",
    "ask_by",
    "agent",
];

/// A line as it is shown.
struct Row {
    href: String,
    number: String,
    title: String,
    green: bool,
    matter: String,
    level: String,
    body: String,
    class: &'static str,
    state: String,
    outside_number: String,
    /// When and by whom it was looked at, with the mark of an entry made late.
    checked: String,
    receipt: String,
    ask_by: String,
    ask_late: bool,
    agent: String,
}

#[derive(Template)]
#[template(path = "staff/ledger_outside.html")]
struct OutsidePage {
    page: Page,
    l: Lang,
    headline: String,
    cut: String,
    tabs: Vec<Tab>,
    late: usize,
    late_href: String,
    q: String,
    states: Vec<Choice>,
    bodies: Vec<Choice>,
    agents: Vec<Choice>,
    orders: Vec<Choice>,
    only_late: bool,
    finished: bool,
    rows: Vec<Row>,
    narrowed: bool,
    xlsx: String,
    first: String,
    next: String,
}

/// What a query string asks for; words that are none of ours narrow nothing.
fn asked(typed: &Typed) -> OutsideQuery {
    OutsideQuery {
        state: OutsideState::ALL.into_iter().find(|state| state.name() == typed.get("state")),
        body: typed.given("body").map(OfficeCode),
        agent: typed.given("agent").map(Username),
        late: typed.get("late") == "1",
        finished: typed.get("finished") == "1",
        q: typed.given("q"),
        order: ORDERS.iter().find(|(name, _)| *name == typed.get("order")).map(|(_, order)| *order).unwrap_or_default(),
        most: None,
    }
}

pub(super) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let ledger = app.outside_ledger(&visit.user, &asked(&typed)).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let skip: usize = typed.get("skip").parse().unwrap_or(0);
    let narrowed = typed.carried().iter().any(|(name, _)| name != "order" && name != "skip");
    let state = |one: &OutsideState| choice(&typed, "state", one.name(), state_word(l, *one));
    let late = typed.get("late") == "1";
    let with_late: &[(&str, &str)] = if late { &[] } else { &[("late", "1")] };
    html(&OutsidePage {
        page: super::desk(&visit, "ledger.outside.title"),
        l,
        headline: headline(l, &ledger, narrowed),
        cut: cut(l, ledger.cut),
        tabs: tabs(l, true),
        late: ledger.late,
        late_href: format!("/ledger/outside?{}", again(&typed, &["late", "skip"], with_late)),
        q: typed.get("q").to_owned(),
        states: OutsideState::ALL.iter().map(state).collect(),
        bodies: ledger.bodies.iter().map(|code| choice(&typed, "body", code.as_str(), say.office(code))).collect(),
        agents: ledger.agents.iter().map(|name| choice(&typed, "agent", name.as_str(), say.person(name))).collect(),
        orders: ORDERS.iter().map(|(name, _)| choice(&typed, "order", name, word(l, "outside_order", name))).collect(),
        only_late: late,
        finished: typed.get("finished") == "1",
        rows: ledger.rows.iter().skip(skip).take(ROWS).map(|row| shown(&say, row, on)).collect(),
        narrowed,
        xlsx: format!("/ledger/outside.xlsx?{}", again(&typed, &["skip"], &[])),
        first: if skip > 0 { format!("/ledger/outside?{}", again(&typed, &["skip"], &[])) } else { String::new() },
        next: match ledger.rows.len() > skip.saturating_add(ROWS) {
            true => format!("/ledger/outside?{}", again(&typed, &["skip"], &[("skip", &(skip + ROWS).to_string())])),
            false => String::new(),
        },
    })
}

fn headline(l: Lang, ledger: &OutsideLedger, narrowed: bool) -> String {
    let (matters, cases) = (ledger.rows.len().to_string(), ledger.cases.to_string());
    match (ledger.rows.len(), narrowed) {
        (0, true) => l.t("ledger.none_found").into_owned(),
        (0, false) => l.t("ledger.outside.none").into_owned(),
        _ => l.tr("ledger.outside.some", &[("matters", matters.as_str()), ("cases", cases.as_str())]),
    }
}

fn state_word(l: Lang, state: OutsideState) -> String {
    crate::say::word(l, "staff.outside_state", state.name())
}

fn shown(say: &Say<'_>, row: &OutsideRow, on: NaiveDate) -> Row {
    let (l, line) = (say.l, &row.line);
    let record = line.record.as_ref();
    Row {
        href: format!("/cases/{}#{}", row.case, line.matter),
        number: row.number.clone(),
        title: row.title.clone(),
        green: row.green,
        matter: say.matter(&line.matter),
        level: line.level_words.clone(),
        body: say.office(&line.body),
        class: match line.state {
            OutsideState::NotFiled => "idle",
            OutsideState::Correcting => "wait",
            OutsideState::Decided => "ok",
            OutsideState::Filed | OutsideState::Accepted | OutsideState::InReview => "now",
        },
        state: if line.done { l.t("ledger.state.done").into_owned() } else { state_word(l, line.state) },
        outside_number: record.and_then(|record| record.number.clone()).unwrap_or_default(),
        checked: record.map(|record| l.list(&outside_words(say, record, on))).unwrap_or_default(),
        receipt: record.map(|record| receipt(&row.case, record)).unwrap_or_default(),
        ask_by: line.ask_by.map(|day| l.date_seen(day, on)).unwrap_or_default(),
        ask_late: line.ask_late,
        agent: row.agent.as_ref().map(|agent| say.person(agent)).unwrap_or_default(),
    }
}

/// A line as texts for a table program: days as `2026-11-25`, so that they sort.
fn cells(say: &Say<'_>, row: &OutsideRow, on: NaiveDate) -> Vec<String> {
    let record = row.line.record.as_ref();
    let yes = |is: bool| if is { say.l.t("staff.yes").into_owned() } else { String::new() };
    let seen = shown(say, row, on);
    vec![
        seen.number,
        yes(seen.green),
        seen.title,
        seen.matter,
        seen.level,
        seen.body,
        seen.state,
        seen.outside_number,
        record.map(|record| today(record.checked_at).to_string()).unwrap_or_default(),
        record.map(|record| say.person(&record.checked_by)).unwrap_or_default(),
        yes(record.is_some_and(|record| record.late)),
        yes(record.is_some_and(|record| record.receipt.is_some())),
        row.line.ask_by.map(|day| day.to_string()).unwrap_or_default(),
        seen.agent,
    ]
}

/// The same lines as an Excel file.
pub(super) async fn sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let ledger = app.outside_ledger(&visit.user, &asked(&typed)).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let sheet = Sheet {
        name: l.t("ledger.outside.title").into_owned(),
        headings: COLUMNS.iter().map(|name| word(l, "column", name)).collect(),
        rows: ledger.rows.iter().map(|row| cells(&say, row, on)).collect(),
    };
    let bytes = workbook(&[sheet])?;
    Ok(download(&l.tr("ledger.outside.file", &[("date", on.to_string().as_str())]), XLSX, bytes))
}
