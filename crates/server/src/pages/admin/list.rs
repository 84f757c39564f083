//! The rows of a table: searched, sorted, page by page.

use super::{choice, column_name, desk, guard, row_name, seen, table_name, table_of, today};
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::staff::typed::Typed;
use app::configuration::{Column, Input, Row, Table, choices};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;

const A_PAGE: usize = 50;

/// A row of the list.
pub(crate) struct Line {
    pub(crate) href: String,
    pub(crate) name: String,
    /// Heading, text, and whether it is a number.
    pub(crate) cells: Vec<(String, String, bool)>,
}

/// A column that can be filtered by: its name, label and choices (value, word, chosen).
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) options: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "admin/list.html")]
struct List {
    page: Page,
    l: Lang,
    table: &'static str,
    heading: String,
    note: String,
    headline: String,
    q: String,
    filters: Vec<Filter>,
    /// Name, label, chosen.
    sorts: Vec<(&'static str, String, bool)>,
    /// Heading, and whether numbers stand below it.
    headings: Vec<(String, bool)>,
    lines: Vec<Line>,
    narrowed: bool,
    add: String,
    export: &'static str,
    previous: String,
    next: String,
}

/// The columns that a list shows beside what a row is known by.
fn listed(table: Table) -> Vec<&'static Column> {
    let names: &[&str] = match table {
        Table::Matters => &["office", "stage", "statutory_days", "promised_days"],
        Table::Materials => &["form", "copies", "required", "source"],
        Table::People => &["office", "post", "roles", "qualified", "active"],
        Table::Templates => &["description"],
        _ => return table.columns().iter().filter(|column| !column.key && column.name != "name").take(6).collect(),
    };
    table.columns().iter().filter(|column| names.contains(&column.name)).collect()
}

/// The columns that a list can be narrowed by.
fn filtered(table: Table) -> impl Iterator<Item = (usize, &'static Column)> {
    let by = |column: &Column| match column.input {
        Input::Matter => column.key && column.name == "matter",
        Input::Choice(_) | Input::YesNo | Input::Stage => true,
        Input::Office => !column.key,
        _ => column.name == "year",
    };
    table.columns().iter().enumerate().filter(move |(_, column)| by(column)).take(5)
}

fn options(visit: &Signed, column: &Column, at: usize, rows: &[Row], chosen: &str) -> Vec<(String, String, bool)> {
    let reference = visit.state.app.reference();
    let known = choices(column.input);
    let mut values: Vec<String> = match known.is_empty() {
        false => known.iter().map(|(value, _)| (*value).to_owned()).collect(),
        true => rows.iter().filter_map(|row| row.get(at).cloned()).collect(),
    };
    values.retain(|value| !value.is_empty());
    if known.is_empty() {
        values.sort();
        values.dedup();
    }
    let word = |value: String| {
        let found = known.iter().find(|(known, _)| *known == value);
        let word = match found {
            Some((value, word)) => choice(visit.l, value, word),
            None => seen(visit.l, &reference, column, &value),
        };
        let is = value == chosen;
        (value, word, is)
    };
    values.into_iter().map(word).collect()
}

pub(super) async fn page(
    visit: Signed,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    guard(&visit)?;
    let table = table_of(&name)?;
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let l = visit.l;
    let all = visit.state.app.configuration(&visit.user, table, today(&visit)).await?;
    let filters: Vec<Filter> = filtered(table)
        .map(|(at, column)| Filter {
            name: column.name,
            label: column_name(l, table, column),
            options: options(&visit, column, at, &all, typed.get(column.name)),
        })
        .collect();
    let found = found(&visit, table, &all, &typed);
    let count = found.len();
    let at = typed.get("page").parse::<usize>().unwrap_or(1).clamp(1, count.div_ceil(A_PAGE).max(1));
    let lines = found.iter().skip((at - 1) * A_PAGE).take(A_PAGE).map(|row| line(&visit, table, row)).collect();
    let narrowed = typed.given("q").is_some() || filters.iter().any(|one| typed.given(one.name).is_some());
    let to_page = |number: usize| {
        let mut kept = typed.carried();
        kept.retain(|(name, _)| name != "page");
        let kept: String = kept.iter().map(|(name, value)| format!("{name}={}&", urlencoded(value))).collect();
        format!("/admin/t/{}?{kept}page={number}", table.name())
    };
    let sort = typed.get("sort");
    let matter = typed.given("matter").map(|code| format!("?matter={}", urlencoded(&code))).unwrap_or_default();
    html(&List {
        page: desk(&visit, table_name(l, table)),
        l,
        table: table.name(),
        heading: table_name(l, table),
        note: l.t(&format!("admin.note.{}", table.name())).into_owned(),
        headline: l.tr("admin.count", &[("table", &table_name(l, table)), ("count", &count.to_string())]),
        q: typed.get("q").to_owned(),
        filters,
        sorts: listed(table).into_iter().map(|c| (c.name, column_name(l, table, c), c.name == sort)).collect(),
        headings: listed(table).into_iter().map(|c| (column_name(l, table, c), is_number(c))).collect(),
        lines,
        narrowed,
        add: if table.is_fixed() { String::new() } else { format!("/admin/t/{}/row{matter}", table.name()) },
        export: table.book().name(),
        previous: if at > 1 { to_page(at - 1) } else { String::new() },
        next: if at * A_PAGE < count { to_page(at + 1) } else { String::new() },
    })
}

/// The rows that were asked for, in the order that was asked for.
fn found(visit: &Signed, table: Table, all: &[Row], typed: &Typed) -> Vec<Row> {
    let reference = visit.state.app.reference();
    let q = typed.get("q").to_lowercase();
    let has = |row: &Row| {
        let mut cells = table.columns().iter().zip(row);
        cells.any(|(column, cell)| seen(visit.l, &reference, column, cell).to_lowercase().contains(&q))
    };
    let fits = |row: &&Row| {
        filtered(table).all(|(at, column)| {
            let wanted = typed.get(column.name);
            wanted.is_empty() || row.get(at).is_some_and(|cell| cell == wanted)
        })
    };
    let mut rows: Vec<Row> = all.iter().filter(fits).filter(|row| q.is_empty() || has(row)).cloned().collect();
    if let Some(at) = table.column(typed.get("sort")) {
        // Numbers by their size, everything else as text.
        let key = |row: &Row| {
            let cell = row.get(at).cloned().unwrap_or_default();
            (cell.parse::<u64>().unwrap_or(u64::MAX), cell)
        };
        rows.sort_by_key(key);
    }
    rows
}

fn is_number(column: &Column) -> bool {
    matches!(column.input, Input::Number(..))
}

fn line(visit: &Signed, table: Table, row: &Row) -> Line {
    let (l, reference) = (visit.l, visit.state.app.reference());
    let cell = |column: &&'static Column| {
        let text = table.column(column.name).and_then(|at| row.get(at)).map_or("", String::as_str);
        (column_name(l, table, column), seen(l, &reference, column, text), is_number(column))
    };
    Line {
        href: format!("/admin/t/{}/row?key={}", table.name(), urlencoded(&table.key_of(row))),
        name: row_name(l, &reference, table, row),
        cells: listed(table).iter().map(cell).collect(),
    }
}
