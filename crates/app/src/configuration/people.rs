//! People of the hall as rows. They have no versions: what changes holds at once, and is written down with its reason.

use super::books::{Books, CellError, Cells, yes};
use super::hall::knows_office;
use super::table::{Row, Table};
use domain::ids::Username;
use domain::people::Role;
use std::collections::{HashMap, HashSet};
use store::PersonRecord;

const TABLE: Table = Table::People;

pub(super) fn rows(books: &Books) -> Vec<Row> {
    let row = |person: &PersonRecord| {
        // Membership of an enterprise is no role of the hall.
        let roles: Vec<&str> = person.roles.iter().map(String::as_str).filter(|role| *role != "applicant").collect();
        vec![
            person.username.to_string(),
            person.name.clone(),
            person.office.as_ref().map(ToString::to_string).unwrap_or_default(),
            person.post.clone().unwrap_or_default(),
            person.phone.clone().unwrap_or_default(),
            roles.join("、"),
            yes(person.qualified),
            yes(person.active),
            person.language.clone().unwrap_or_default(),
        ]
    };
    books.people.iter().map(row).collect()
}

pub(super) fn write(books: &mut Books, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let old = std::mem::take(&mut books.people);
    let known: HashMap<&str, &PersonRecord> = old.iter().map(|one| (one.username.as_str(), one)).collect();
    let cells = rows.iter().map(|row| Cells { table: TABLE, row });
    books.people = cells.map(|row| person(&row, known.get(row.text("username")).copied())).collect();
    let stay: HashSet<&str> = books.people.iter().map(|person| person.username.as_str()).collect();
    let gone = old.iter().filter(|old| !stay.contains(old.username.as_str()));
    // Whoever signed something stays known.
    let wrong: Vec<_> =
        gone.map(|old| CellError::new(TABLE, old.username.as_str(), "active", "config_stays")).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn person(row: &Cells<'_>, old: Option<&PersonRecord>) -> PersonRecord {
    let mut roles: Vec<String> = row.list::<&str>("roles").into_iter().map(str::to_owned).collect();
    if old.is_some_and(|old| old.roles.iter().any(|role| role == "applicant")) {
        roles.push("applicant".to_owned());
    }
    // The order of roles says nothing.
    if let Some(old) = old.filter(|old| same(&old.roles, &roles)) {
        roles.clone_from(&old.roles);
    }
    PersonRecord {
        username: Username(row.owned("username")),
        name: row.owned("name"),
        office: Some(row.text("office").into()),
        post: row.given("post").or_else(|| old.and_then(|old| old.post.clone()).filter(String::is_empty)),
        phone: row.given("phone").or_else(|| old.and_then(|old| old.phone.clone()).filter(String::is_empty)),
        qualified: row.is("qualified"),
        active: row.is("active"),
        language: row.given("language"),
        roles,
        enterprises: old.map(|old| old.enterprises.clone()).unwrap_or_default(),
        password_hash: old.and_then(|old| old.password_hash.clone()),
        created_at: old.map_or_else(Default::default, |old| old.created_at),
        updated_at: old.map_or_else(Default::default, |old| old.updated_at),
    }
}

fn same(some: &[String], others: &[String]) -> bool {
    some.len() == others.len() && some.iter().all(|role| others.contains(role))
}

/// People at work whose office nobody has: it was removed, or never was.
pub(super) fn check_offices(books: &Books) -> Vec<CellError> {
    let at_work = books.people.iter().filter(|person| person.active);
    let lost = at_work.filter_map(|person| {
        let office = person.office.as_ref().filter(|office| !knows_office(books, office))?;
        let error = CellError::new(TABLE, person.username.as_str(), "office", "config_office");
        Some(error.with("code", office.as_str()))
    });
    lost.collect()
}

/// User names, and that somebody can still administer.
pub(super) fn check(books: &Books) -> Vec<CellError> {
    let mut wrong = Vec::new();
    for person in &books.people {
        let key = person.username.as_str();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        if key.len() > 64 || !key.chars().all(is_plain) || key == "bangban" {
            wrong.push(CellError::new(TABLE, key, "username", "username_form"));
        }
    }
    let administers =
        |person: &PersonRecord| person.active && person.roles.iter().any(|role| role == Role::Administrator.name());
    // A hall without people is being set up; one with people must not lock everybody out.
    if !books.people.is_empty() && !books.people.iter().any(administers) {
        wrong.push(CellError::new(TABLE, "", "roles", "config_last_administrator"));
    }
    wrong
}
