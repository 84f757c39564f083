//! The configuration of the hall, for its administrator: lists, forms, Excel, what was changed. No case is shown here.

mod changes;
mod home;
mod list;
mod password;
mod row;
mod upload;
mod year;

use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::Page;
use crate::routes::{Access, Area, Route};
use app::configuration::{CellError, Column, Effect, Input, RowChange, Table, shown};
use app::{AppError, FieldError, Reference};
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use std::collections::BTreeMap;

use super::staff::typed::Typed;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/admin", home::page),
        Route::get(area, access, "/admin/t/{table}", list::page),
        Route::get(area, access, "/admin/t/{table}/row", row::page),
        Route::post(area, access, "/admin/t/{table}/row", row::save),
        Route::post(area, access, "/admin/t/{table}/remove", row::remove),
        Route::get(area, access, "/admin/export/{book}", upload::export),
        Route::get(area, access, "/admin/import", upload::page),
        Route::post(area, access, "/admin/import", upload::read),
        Route::post(area, access, "/admin/import/take", upload::take),
        Route::get(area, access, "/admin/year", year::page),
        Route::post(area, access, "/admin/year", year::read),
        Route::get(area, access, "/admin/changes", changes::page),
        Route::post(area, access, "/admin/changes/withdraw", changes::withdraw),
        Route::post(area, access, "/admin/people/{username}/password", password::reset),
    ]
}

/// Only an administrator comes further.
fn guard(visit: &Signed) -> Result<(), Fault> {
    may(&visit.user.actor, Action::Configure, On::Hall).map(drop).map_err(|_| Fault::forbidden())
}

fn desk(visit: &Signed, title: String) -> Page {
    super::staff::desk(visit, "admin.title").titled(title)
}

fn table_of(name: &str) -> Result<Table, Fault> {
    Table::parse(name).ok_or_else(Fault::not_found)
}

fn today(visit: &Signed) -> NaiveDate {
    domain::calendar::today(visit.state.app.now())
}

fn table_name(l: Lang, table: Table) -> String {
    l.t(&format!("admin.table.{}", table.name())).into_owned()
}

fn column_name(l: Lang, table: Table, column: &Column) -> String {
    l.t(&format!("admin.{}.{}", table.name(), column.name)).into_owned()
}

/// The word of a choice in the reader's language.
fn choice(l: Lang, value: &str, word: &str) -> String {
    let key = format!("admin.choice.{value}");
    if l.has(&key) { l.t(&key).into_owned() } else { word.to_owned() }
}

/// A cell as people read it: names beside codes, words for choices.
fn seen(l: Lang, reference: &Reference, column: &Column, cell: &str) -> String {
    let matter = |code: &str| match reference.catalogue.matter(&code.into()) {
        Some(matter) => format!("{code} {}", matter.name),
        None => code.to_owned(),
    };
    let office = |code: &str| match reference.directory.office(&code.into()) {
        Some(office) => format!("{code} {}", office.name),
        None => code.to_owned(),
    };
    let each = |name: &dyn Fn(&str) -> String| {
        let names: Vec<String> = cell.split('、').filter(|part| !part.is_empty()).map(name).collect();
        l.list(&names)
    };
    match column.input {
        Input::Matter => matter(cell),
        Input::Matters => each(&matter),
        Input::Office if !cell.is_empty() => office(cell),
        Input::Offices => each(&office),
        Input::Choice(_) | Input::YesNo if !cell.is_empty() => choice(l, cell, &shown(column.input, cell)),
        Input::Choices(_) => each(&|value| choice(l, value, &shown(column.input, value))),
        _ if column.name == "name" && l.has(&format!("admin.policy_name.{}", cell.replace('.', "_"))) => {
            l.t(&format!("admin.policy_name.{}", cell.replace('.', "_"))).into_owned()
        }
        _ => cell.to_owned(),
    }
}

/// What a row is called: its key with names.
fn row_name(l: Lang, reference: &Reference, table: Table, row: &[String]) -> String {
    // A code says little without its name.
    let cells = table.columns().iter().zip(row).filter(|(column, _)| column.key || column.name == "name");
    let names: Vec<String> = cells.map(|(column, cell)| seen(l, reference, column, cell)).collect();
    let name = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · ");
    if name.is_empty() { l.t("admin.whole").into_owned() } else { name }
}

/// A change as a list shows it.
pub(crate) struct ChangeLine {
    pub(crate) table: String,
    pub(crate) row: String,
    /// `added`, `changed`, `removed`, and its word.
    pub(crate) kind: &'static str,
    pub(crate) word: String,
    /// Column, old, new.
    pub(crate) cells: Vec<(String, String, String)>,
}

fn change_line(l: Lang, reference: &Reference, change: &RowChange) -> ChangeLine {
    let kind = match (&change.before, &change.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let row = change.after.as_ref().or(change.before.as_ref());
    let cell = |(column, old, new): (&'static Column, &str, &str)| {
        let (old, new) = (seen(l, reference, column, old), seen(l, reference, column, new));
        (column_name(l, change.table, column), old, new)
    };
    // What was added or removed is told by its name and its cells; the key would be said twice.
    let cells =
        change.cells().into_iter().filter(|(column, ..)| kind == "changed" || !(column.key || column.name == "name"));
    ChangeLine {
        table: table_name(l, change.table),
        row: row.map(|row| row_name(l, reference, change.table, row)).unwrap_or_default(),
        kind,
        word: l.t(&format!("admin.change.{kind}")).into_owned(),
        cells: cells.map(cell).collect(),
    }
}

/// From when on, and why: the end of every form.
#[derive(Default)]
pub(crate) struct EffectForm {
    pub(crate) on: String,
    pub(crate) reason: String,
    pub(crate) errors: BTreeMap<String, String>,
    /// People change at once.
    pub(crate) at_once: bool,
}

impl EffectForm {
    fn new(visit: &Signed, typed: &Typed, at_once: bool) -> Self {
        let on = typed.given("effective_on").unwrap_or_else(|| today(visit).to_string());
        Self { on, reason: typed.get("reason").to_owned(), errors: BTreeMap::new(), at_once }
    }

    pub(crate) fn wrong(&self, name: &str) -> &str {
        self.errors.get(name).map_or("", String::as_str)
    }
}

/// Day and reason as typed.
fn effect(visit: &Signed, typed: &Typed) -> Result<Effect, AppError> {
    let on = match typed.get("effective_on") {
        "" => Ok(today(visit)),
        text => text.parse().map_err(|_| FieldError::new("/effective_on", "date")),
    };
    Ok(Effect { on: on?, reason: typed.get("reason").to_owned() })
}

/// What is wrong somewhere else than in the field before the reader: table, row, sentence.
fn elsewhere(visit: &Signed, error: &CellError) -> String {
    let reference = visit.state.app.reference();
    let sentence = visit.say(&reference).field_error(&error.error);
    let place = table_name(visit.l, error.table);
    let row = error.key.replace('|', " · ");
    visit.l.tr("admin.elsewhere", &[("table", &place), ("row", &row), ("sentence", &sentence)])
}
