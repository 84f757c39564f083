//! The hall's own names, offices, windows and numbers as rows.

use super::books::{Books, CellError, Cells};
use super::table::{Row, Table};
use crate::reference::Window;
use domain::ids::OfficeCode;
use domain::people::{Office, OfficeKind};
use serde_json::Value;

pub(super) fn rows(books: &Books, table: Table) -> Vec<Row> {
    let hall = &books.hall;
    match table {
        Table::Hall => vec![vec![hall.bureau.clone(), hall.hall.clone(), hall.business_office.to_string()]],
        Table::Offices => {
            hall.offices.iter().map(|one| vec![one.code.to_string(), one.name.clone(), one.phone.clone()]).collect()
        }
        Table::Windows => {
            let row = |one: &Window| {
                let matters: Vec<&str> = one.matters.iter().map(domain::ids::MatterCode::as_str).collect();
                vec![one.number.clone(), one.name.clone(), one.office.to_string(), matters.join("、")]
            };
            hall.windows.iter().map(row).collect()
        }
        _ => {
            let mut rows = Vec::new();
            flatten("", &serde_json::to_value(&hall.policy).unwrap_or_default(), &mut rows);
            rows
        }
    }
}

/// Every number of the policy by its path: `ladder.lead_head_after`.
fn flatten(path: &str, value: &Value, rows: &mut Vec<Row>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, rows);
            }
        }
        Value::Array(list) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            rows.push(vec![path.to_owned(), texts.join("、")]);
        }
        Value::String(text) => rows.push(vec![path.to_owned(), text.clone()]),
        other => rows.push(vec![path.to_owned(), other.to_string()]),
    }
}

/// The value of a cell, of the kind that stood there before.
fn typed(old: &Value, text: &str) -> Option<Value> {
    match old {
        Value::Array(_) => {
            Some(text.split('、').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect())
        }
        Value::Number(_) => text.parse::<u32>().ok().map(Value::from),
        Value::Bool(_) => text.parse::<bool>().ok().map(Value::from),
        _ => Some(Value::from(text)),
    }
}

pub(super) fn write(books: &mut Books, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let cells = || rows.iter().map(|row| Cells { table, row });
    let hall = &mut books.hall;
    match table {
        Table::Hall => {
            if let Some(row) = cells().next() {
                hall.bureau = row.owned("bureau");
                hall.hall = row.owned("hall");
                hall.business_office = row.text("business_office").into();
            }
        }
        Table::Offices => {
            let office = |row: Cells<'_>| Office {
                code: row.text("code").into(),
                name: row.owned("name"),
                kind: OfficeKind::Bureau,
                phone: row.owned("phone"),
            };
            hall.offices = cells().map(office).collect();
        }
        Table::Windows => {
            let window = |row: Cells<'_>| Window {
                number: row.owned("number"),
                name: row.owned("name"),
                office: row.text("office").into(),
                matters: row.list("matters"),
            };
            hall.windows = cells().map(window).collect();
        }
        _ => return write_policy(books, rows),
    }
    Ok(())
}

fn write_policy(books: &mut Books, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let mut policy = serde_json::to_value(&books.hall.policy).unwrap_or_default();
    let mut wrong = Vec::new();
    for row in rows.iter().map(|row| Cells { table: Table::Policy, row }) {
        let place = format!("/{}", row.text("name").replace('.', "/"));
        let Some(old) = policy.pointer_mut(&place) else {
            wrong.push(row.wrong("name", "config_policy_name"));
            continue;
        };
        match typed(old, row.text("value")) {
            Some(new) => *old = new,
            None => wrong.push(row.wrong("value", "config_number").with("value", row.text("value"))),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    match serde_json::from_value(policy) {
        Ok(policy) => books.hall.policy = policy,
        Err(_) => return Err(vec![CellError::new(Table::Policy, "", "value", "config_number")]),
    }
    Ok(())
}

/// Numbers that cannot be meant.
fn check_policy(books: &Books) -> impl Iterator<Item = CellError> {
    books.hall.policy.check().into_iter().map(|wrong| {
        let error = CellError::new(Table::Policy, wrong.name, "value", "config_bounds");
        let (from, to) = (wrong.bounds.start().to_string(), wrong.bounds.end().to_string());
        error.with("value", wrong.value.to_string()).with("from", from).with("to", to)
    })
}

/// Numbers out of their bounds, and offices that a row names and nobody has.
pub(super) fn check(books: &Books) -> Vec<CellError> {
    let hall = &books.hall;
    let known = |code: &OfficeCode| knows_office(books, code);
    let mut wrong: Vec<CellError> = check_policy(books).collect();
    if !hall.offices.iter().any(|office| office.code == hall.business_office) {
        let code = hall.business_office.as_str();
        wrong.push(CellError::new(Table::Hall, "", "business_office", "config_own_office").with("code", code));
    }
    for office in &hall.offices {
        if books.catalogue.departments.iter().any(|department| department.code == office.code) {
            wrong.push(CellError::new(Table::Offices, office.code.as_str(), "code", "config_code_taken"));
        }
    }
    for window in &hall.windows {
        if !known(&window.office) {
            let error = CellError::new(Table::Windows, &window.number, "office", "config_office");
            wrong.push(error.with("code", window.office.as_str()));
        }
        for code in &window.matters {
            if !books.catalogue.matters.iter().any(|matter| matter.code == *code) {
                let error = CellError::new(Table::Windows, &window.number, "matters", "unknown_matter");
                wrong.push(error.with("matter", code.as_str()));
            }
        }
    }
    let days = books.calendar.hall.iter().flat_map(|hall| &hall.sessions);
    for session in days.filter(|session| session.office.as_ref().is_some_and(|office| !known(office))) {
        let code = session.office.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = format!("{}|{}|{code}", session.date, session.from.format("%H:%M"));
        wrong.push(CellError::new(Table::Sessions, &key, "office", "config_office").with("code", code));
    }
    wrong
}

/// Whether an office is the bureau's own or a department.
pub(super) fn knows_office(books: &Books, code: &OfficeCode) -> bool {
    books.hall.offices.iter().any(|office| office.code == *code)
        || books.catalogue.departments.iter().any(|department| department.code == *code)
}
