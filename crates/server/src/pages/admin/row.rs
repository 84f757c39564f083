//! The form of one row: with its day of effect and its reason, and what is wrong at the field.

use super::{EffectForm, choice, column_name, desk, effect, elsewhere, guard, row_name, table_name, table_of, today};
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::staff::typed::Typed;
use app::configuration::{Book, CellError, Column, Input, NotTaken, Row, RowChange, Table, choices};
use app::{AppError, FieldError};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::MatterCode;
use domain::plan::{Edges, Plan};
use std::collections::BTreeMap;

/// A field of the form.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    /// `text`, `area`, `number`, `date`, `time`, `select`, `checks`, `fixed`.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    /// Value, word, chosen.
    pub(crate) options: Vec<(String, String, bool)>,
    pub(crate) required: bool,
    pub(crate) error: String,
}

#[derive(Template)]
#[template(path = "admin/row.html")]
struct RowPage {
    page: Page,
    l: Lang,
    table: &'static str,
    heading: String,
    list: String,
    list_name: String,
    fields: Vec<Field>,
    /// The row as it was when the form was opened.
    seen: String,
    effect: EffectForm,
    /// What stands in the way beside the fields.
    troubles: Vec<String>,
    /// What the change would do, to be confirmed.
    confirm: String,
    /// Address, name: what belongs to this row.
    parts: Vec<(String, String)>,
    /// Lengths of the plan of a template.
    lengths: Vec<String>,
    removable: bool,
    username: String,
}

/// The form as it stands: the row that was there, what is typed, and what is wrong with it.
struct State {
    table: Table,
    before: Option<Row>,
    row: Row,
    errors: BTreeMap<String, String>,
    troubles: Vec<String>,
    confirm: String,
}

pub(super) async fn page(
    visit: Signed,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    guard(&visit)?;
    let table = table_of(&name)?;
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let before = match typed.has("key") {
        true => Some(stored(&visit, table, typed.get("key")).await?),
        false if table.is_fixed() => return Err(Fault::not_found()),
        false => None,
    };
    let blank = || table.columns().iter().map(|column| typed.get(column.name).to_owned()).collect();
    let row = before.clone().unwrap_or_else(blank);
    let state = State { table, before, row, errors: BTreeMap::new(), troubles: Vec::new(), confirm: String::new() };
    html(&view(&visit, state, &typed))
}

async fn stored(visit: &Signed, table: Table, key: &str) -> Result<Row, Fault> {
    let rows = visit.state.app.configuration(&visit.user, table, today(visit)).await?;
    rows.into_iter().find(|row| table.key_of(row) == key).ok_or_else(Fault::not_found)
}

fn view(visit: &Signed, state: State, typed: &Typed) -> RowPage {
    let l = visit.l;
    let State { table, before, row, errors, troubles, confirm } = state;
    let reference = visit.state.app.reference();
    let name = before.as_ref().map(|row| row_name(l, &reference, table, row));
    let heading = name.clone().unwrap_or_else(|| l.tr("admin.new", &[("table", &table_name(l, table))]));
    let fields = table.columns().iter().zip(&row).map(|(column, value)| {
        let error = errors.get(column.name).cloned().unwrap_or_default();
        field(visit, table, column, value, before.is_some(), error)
    });
    let mut effect = EffectForm::new(visit, typed, table == Table::People);
    effect.errors = errors
        .iter()
        .filter(|(name, _)| ["effective_on", "reason"].contains(&name.as_str()))
        .map(|(a, b)| (a.clone(), b.clone()))
        .collect();
    RowPage {
        page: desk(visit, heading.clone()),
        l,
        table: table.name(),
        heading,
        list: format!("/admin/t/{}", table.name()),
        list_name: table_name(l, table),
        fields: fields.collect(),
        seen: serde_json::to_string(&before).unwrap_or_default(),
        effect,
        troubles,
        confirm,
        parts: if before.is_some() { parts(l, table, &row) } else { Vec::new() },
        lengths: lengths(visit, table, &row),
        removable: before.is_some() && !table.is_fixed() && table != Table::People,
        username: if table == Table::People && before.is_some() { row[0].clone() } else { String::new() },
    }
}

/// The tables in which a matter has rows of its own.
fn parts(l: Lang, table: Table, row: &Row) -> Vec<(String, String)> {
    if table != Table::Matters {
        return Vec::new();
    }
    let of = [Table::Materials, Table::Prerequisites, Table::Special, Table::Fees];
    of.map(|table| (format!("/admin/t/{}?matter={}", table.name(), urlencoded(&row[0])), table_name(l, table))).to_vec()
}

/// How long the plan of a template is, in working days.
fn lengths(visit: &Signed, table: Table, row: &Row) -> Vec<String> {
    let Some(at) = table.column("matters").filter(|_| table == Table::Templates) else { return Vec::new() };
    let codes: Vec<MatterCode> = row[at]
        .split(['、', '\n', ' ', ','])
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(MatterCode::from)
        .collect();
    if codes.is_empty() {
        return Vec::new();
    }
    let reference = visit.state.app.reference();
    let days = |edges, special| Plan::compute(&reference.catalogue, &codes, edges, special).days.to_string();
    [
        ("admin.length.hard", days(Edges::Hard, false)),
        ("admin.length.all", days(Edges::All, false)),
        ("admin.length.special", days(Edges::All, true)),
    ]
    .map(|(key, days)| visit.l.tr(key, &[("days", &days)]))
    .to_vec()
}

fn field(visit: &Signed, table: Table, column: &'static Column, value: &str, is_old: bool, error: String) -> Field {
    let (l, reference) = (visit.l, visit.state.app.reference());
    let chosen: Vec<&str> = value.split('、').collect();
    let option = |value: &str, word: String| (value.to_owned(), word, chosen.contains(&value));
    let options: Vec<(String, String, bool)> = match column.input {
        Input::Matter => reference
            .catalogue
            .matters()
            .iter()
            .map(|one| option(one.code.as_str(), format!("{} {}", one.code, one.name)))
            .collect(),
        Input::Office => reference
            .directory
            .offices
            .values()
            .map(|one| option(one.code.as_str(), format!("{} {}", one.code, one.name)))
            .collect(),
        Input::Stage => reference.catalogue.stages().iter().map(|one| option(one, one.clone())).collect(),
        _ => choices(column.input).iter().map(|(value, word)| option(value, choice(l, value, word))).collect(),
    };
    let kind = match column.input {
        // What a row is known by stays: another one is another row.
        _ if is_old && column.key => "fixed",
        Input::Area | Input::Matters => "area",
        Input::Number(..) => "number",
        Input::Date => "date",
        Input::Time => "time",
        Input::YesNo | Input::Choice(_) | Input::Matter | Input::Office | Input::Stage => "select",
        Input::Choices(_) => "checks",
        Input::Text | Input::MonthDay | Input::Periods | Input::Offices => "text",
    };
    let hint = format!("admin.hint.{}_{}", table.name(), column.name);
    let general = match column.input {
        Input::Matters => "admin.hint.matters",
        Input::Offices => "admin.hint.offices",
        Input::MonthDay => "admin.hint.month_day",
        Input::Periods => "admin.hint.periods",
        _ => "",
    };
    let hint = if l.has(&hint) { hint } else { general.to_owned() };
    Field {
        name: column.name,
        label: column_name(l, table, column),
        hint: if hint.is_empty() { String::new() } else { l.t(&hint).into_owned() },
        kind,
        value: if kind == "fixed" { super::seen(l, &reference, column, value) } else { value.to_owned() },
        options,
        required: column.required,
        error,
    }
}

/// The row as typed: what it is known by is taken from the row that was there.
fn typed_row(table: Table, before: Option<&Row>, typed: &Typed) -> Vec<String> {
    let cell = |(at, column): (usize, &Column)| match before.and_then(|row| row.get(at)).filter(|_| column.key) {
        Some(old) => old.clone(),
        None => typed.all(column.name).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("、"),
    };
    table.columns().iter().enumerate().map(cell).collect()
}

fn read_before(table: Table, typed: &Typed) -> Result<Option<Row>, Fault> {
    let before: Option<Row> = serde_json::from_str(typed.get("seen")).map_err(|_| Fault::bad_request("unreadable"))?;
    let fits = before.as_ref().is_none_or(|row| row.len() == table.columns().len());
    if fits { Ok(before) } else { Err(Fault::bad_request("unreadable")) }
}

pub(super) async fn save(visit: Signed, Path(name): Path<String>, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let table = table_of(&name)?;
    let before = read_before(table, &typed)?;
    if before.is_none() && table.is_fixed() {
        return Err(Fault::not_found());
    }
    let cells = typed_row(table, before.as_ref(), &typed);
    let again = |row: Row| State {
        table,
        before: before.clone(),
        row,
        errors: BTreeMap::new(),
        troubles: Vec::new(),
        confirm: String::new(),
    };
    let row = match table.row(&cells) {
        Ok(row) => row,
        Err(fields) => {
            let mut state = again(cells);
            state.errors = told(&visit, &fields);
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&visit, state, &typed));
        }
    };
    let change = RowChange { table, key: table.key_of(&row), before: before.clone(), after: Some(row.clone()) };
    if before.as_ref() == Some(&row) {
        return Ok(see(&format!("/admin/t/{}", table.name()), &Flash::good(visit.l.t("admin.nothing_changed"))));
    }
    let result = put(&visit, table, vec![change], &typed).await;
    finished(&visit, table, again(row), &typed, result)
}

pub(super) async fn remove(visit: Signed, Path(name): Path<String>, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let table = table_of(&name)?;
    let Some(before) = read_before(table, &typed)?.filter(|_| !table.is_fixed()) else {
        return Err(Fault::not_found());
    };
    let change = RowChange { table, key: table.key_of(&before), before: Some(before.clone()), after: None };
    let state = State {
        table,
        row: before.clone(),
        before: Some(before),
        errors: BTreeMap::new(),
        troubles: Vec::new(),
        confirm: String::new(),
    };
    let result = put(&visit, table, vec![change], &typed).await;
    finished(&visit, table, state, &typed, result)
}

/// Takes a change, or answers what it would do to due dates if nobody has confirmed that yet.
async fn put(visit: &Signed, table: Table, changes: Vec<RowChange>, typed: &Typed) -> Result<Option<String>, NotTaken> {
    let app = &visit.state.app;
    let effect = effect(visit, typed)?;
    app.check_effect(&changes, &effect)?;
    if table.book() == Book::Calendar && typed.get("confirmed").is_empty() && !effect.reason.is_empty() {
        let dates = app.preview_dates(&visit.user, &changes, effect.on).await?;
        let (open, moved) = (dates.open.to_string(), dates.moved.to_string());
        return Ok(Some(visit.l.tr("admin.moves", &[("open", &open), ("moved", &moved)])));
    }
    app.configure(&visit.user, changes, effect).await.map(|()| None)
}

fn told(visit: &Signed, fields: &[FieldError]) -> BTreeMap<String, String> {
    let reference = visit.state.app.reference();
    let say = visit.say(&reference);
    fields.iter().map(|error| (error.pointer.trim_start_matches('/').to_owned(), say.field_error(error))).collect()
}

fn finished(
    visit: &Signed,
    table: Table,
    mut state: State,
    typed: &Typed,
    result: Result<Option<String>, NotTaken>,
) -> Result<Response, Fault> {
    match result {
        Ok(None) => {
            let text = match effect(visit, typed)?.on {
                on if on > today(visit) => {
                    visit.l.tr("admin.planned", &[("date", &visit.l.date_seen(on, today(visit)))])
                }
                _ => visit.l.t("admin.done").into_owned(),
            };
            return Ok(see(&format!("/admin/t/{}", table.name()), &Flash::good(text)));
        }
        Ok(Some(confirm)) => {
            state.confirm = confirm;
            return html(&view(visit, state, typed));
        }
        Err(NotTaken::Other(AppError::Invalid(fields))) => state.errors = told(visit, &fields),
        Err(NotTaken::Other(error)) => return Err(error.into()),
        Err(NotTaken::Cells(cells)) => place(visit, &mut state, &cells),
    }
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(visit, state, typed))
}

/// Puts what is wrong to its field, or to the top where the field is not in this form.
fn place(visit: &Signed, state: &mut State, cells: &[CellError]) {
    let key = state.table.key_of(&state.row);
    for cell in cells {
        let column = cell.error.pointer.trim_start_matches('/');
        if cell.table == state.table && cell.key == key && state.table.column(column).is_some() {
            state.errors.extend(told(visit, std::slice::from_ref(&cell.error)));
        } else {
            state.troubles.push(elsewhere(visit, cell));
        }
    }
}
