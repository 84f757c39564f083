//! The people of the hall: who is away (S5.3), office, post, telephone, whether they can be named agent (S7).

use super::absences::{Away, Form, away, form};
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use askama::Template;
use axum::response::Response;
use domain::access::{Action, On, may};
use domain::people::{Directory, Person, Role};
use std::collections::BTreeMap;

/// A person in the list.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) roles: String,
    pub(crate) phone: String,
    pub(crate) qualified: bool,
    pub(crate) serves: bool,
    pub(crate) absent: String,
}

/// An office with its people.
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) people: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/people.html")]
pub(super) struct PeoplePage {
    page: Page,
    l: Lang,
    units: Vec<Unit>,
    headline: String,
    second: String,
    away: Vec<Away>,
    form: Form,
}

/// The page.
pub(crate) async fn page(visit: Signed) -> Result<Response, Fault> {
    html(&view(&visit, &Typed::default(), BTreeMap::new()).await?)
}

/// The page with what was typed into its form.
pub(super) async fn view(visit: &Signed, typed: &Typed, errors: BTreeMap<String, String>) -> Result<PeoplePage, Fault> {
    may(&visit.user.actor, Action::SeePeople, On::Hall).map_err(|_| Fault::forbidden())?;
    let l = visit.l;
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    let units = units(&reference.directory, l, today);
    let people = units.iter().map(|unit| unit.people.len()).sum::<usize>().to_string();
    let able = reference.directory.people.values().filter(|person| person.can_be_agent()).count().to_string();
    let away = away(visit, &reference, today).await?;
    let second = match away.iter().filter(|row| row.now).count() {
        0 => String::new(),
        count => l.tr("staff.people.away_today", &[("count", &count.to_string())]),
    };
    Ok(PeoplePage {
        page: super::desk(visit, "staff.people.title"),
        l,
        units,
        headline: l.tr("staff.people.headline", &[("people", &people), ("able", &able)]),
        second,
        away,
        form: form(visit, &reference, typed, errors),
    })
}

fn units(directory: &Directory, l: Lang, today: chrono::NaiveDate) -> Vec<Unit> {
    let of = |office: &domain::people::Office| {
        let people = directory.people.values().filter(|p| p.active && p.office.as_ref() == Some(&office.code));
        Unit {
            name: office.name.clone(),
            phone: office.phone.clone(),
            people: people.map(|person| row(person, l, today)).collect(),
        }
    };
    // The bureau's own offices come first: they lead (S9.1).
    let (own, others): (Vec<_>, Vec<_>) =
        directory.offices.values().partition(|office| office.kind == domain::people::OfficeKind::Bureau);
    own.into_iter().chain(others).map(of).filter(|unit| !unit.people.is_empty()).collect()
}

fn row(person: &Person, l: Lang, today: chrono::NaiveDate) -> Row {
    let roles: Vec<String> =
        person.roles.iter().map(|role| l.t(&format!("staff.role.{}", role.name())).into_owned()).collect();
    let away = person.absences.iter().find(|absence| absence.covers(today));
    Row {
        name: person.name.clone(),
        post: person.post.clone(),
        roles: l.list(&roles),
        phone: person.phone.clone(),
        qualified: person.qualified,
        serves: person.roles.contains(&Role::ServiceStaff),
        absent: away.map(|absence| l.tr("staff.people.away", &[("date", &l.day(absence.to))])).unwrap_or_default(),
    }
}
