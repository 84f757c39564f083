//! Who is away and who stands in (S5.3): the part of the people page that records it.

use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, html_with, see};
use crate::routes::{Access, Area, Route};
use app::{AbsenceView, AppError, NewAbsence, Outcome, RecordedAbsence, Reference, UncoveredCase};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use domain::ids::Username;
use domain::people::{Absence, AbsenceReason, Person, Role};
use std::collections::BTreeMap;

const HOME: &str = "/people";

pub(super) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::post(area, access, "/people/absences", record),
        Route::post(area, access, "/people/absences/{id}/end", end),
    ]
}

/// An absence of today or to come.
pub(crate) struct Away {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) days: String,
    /// Away today, not only later.
    pub(crate) now: bool,
    pub(crate) word: String,
    /// Why; empty for those who may not know.
    pub(crate) reason: String,
    /// The reader may end it.
    pub(crate) may_end: bool,
    pub(crate) end: String,
    pub(crate) confirm: String,
    /// Of an agent, to those who may record its absence: how many cases nobody stands in for, or that there is none.
    pub(crate) covered: String,
    pub(crate) uncovered: String,
    /// Address and number; the address is empty where the reader may not open the case.
    pub(crate) cases: Vec<(String, String)>,
}

/// A choice with its heading: the people of an office.
pub(crate) struct Group {
    pub(crate) office: String,
    /// User name, name, chosen.
    pub(crate) people: Vec<(String, String, bool)>,
}

/// The form, with what was typed and what is wrong with it.
pub(crate) struct Form {
    pub(crate) groups: Vec<Group>,
    /// There are several to choose from, and none is chosen yet.
    pub(crate) open: bool,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Code, word, chosen.
    pub(crate) reasons: Vec<(&'static str, String, bool)>,
    pub(crate) errors: BTreeMap<String, String>,
    pub(crate) once: String,
}

impl Form {
    /// What is wrong with a field.
    pub(crate) fn wrong(&self, name: &str) -> &str {
        self.errors.get(name).map_or("", String::as_str)
    }
}

/// Everybody who is away today or will be, by first day.
pub(super) async fn away(visit: &Signed, reference: &Reference, today: NaiveDate) -> Result<Vec<Away>, AppError> {
    let mut rows = Vec::new();
    for absence in reference.absences.iter().filter(|absence| absence.lasts_beyond(today)) {
        let (Some(person), Some(days)) = (reference.directory.person(&absence.person), absence.days()) else {
            continue;
        };
        if !person.active {
            continue;
        }
        let may = visit.state.app.may_record_absence(&visit.user, person);
        let rest = Absence { from: days.from.max(today), ..days };
        let cases = match may {
            true => visit.state.app.cases_without_stand_in(&visit.user, &person.username, rest).await?,
            false => Vec::new(),
        };
        rows.push(row(visit.l, reference, absence, person, days, &cases, may, today));
    }
    Ok(rows)
}

#[expect(clippy::too_many_arguments, reason = "the facts of one row")]
fn row(
    l: Lang,
    reference: &Reference,
    absence: &AbsenceView,
    person: &Person,
    days: Absence,
    cases: &[UncoveredCase],
    may: bool,
    today: NaiveDate,
) -> Away {
    let now = days.covers(today);
    let office = person.office.as_ref().map(|code| reference.directory.office_name(code)).unwrap_or_default();
    let name = [("name", person.name.as_str())];
    let serves = may && person.roles.contains(&Role::ServiceStaff);
    let (covered, uncovered) = match cases.len() {
        0 if serves => (l.t("staff.absence.covered").into_owned(), String::new()),
        0 => (String::new(), String::new()),
        count => (String::new(), l.tr("staff.absence.uncovered", &[("count", &count.to_string())])),
    };
    let case = |case: &UncoveredCase| {
        let href = if case.visible { format!("/cases/{}", case.id) } else { String::new() };
        (href, case.number.clone())
    };
    Away {
        id: absence.id.clone(),
        person: person.username.to_string(),
        name: person.name.clone(),
        office: office.to_owned(),
        days: span(l, days, today),
        now,
        word: l.t(if now { "staff.absence.now" } else { "staff.absence.later" }).into_owned(),
        reason: if may { l.t(reason_key(absence.reason)).into_owned() } else { String::new() },
        may_end: may,
        end: l.t(if now { "staff.absence.back" } else { "staff.absence.call_off" }).into_owned(),
        confirm: l.tr(if now { "staff.absence.back_sure" } else { "staff.absence.call_off_sure" }, &name),
        covered,
        uncovered,
        cases: cases.iter().map(case).collect(),
    }
}

fn reason_key(reason: AbsenceReason) -> &'static str {
    match reason {
        AbsenceReason::AnnualLeave => "staff.absence_reason.annual_leave",
        AbsenceReason::Sick => "staff.absence_reason.sick",
        AbsenceReason::Training => "staff.absence_reason.training",
        AbsenceReason::BusinessTrip => "staff.absence_reason.business_trip",
        AbsenceReason::Other => "staff.absence_reason.other",
    }
}

/// `11月24日（周二）`, `11月24日（周二）至 11月30日（周一）`.
fn span(l: Lang, days: Absence, today: NaiveDate) -> String {
    let (from, to) = (l.date_seen(days.from, today), l.date_seen(days.to, today));
    if days.from == days.to { from } else { l.tr("staff.absence.span", &[("from", &from), ("to", &to)]) }
}

/// The form for those people whose absences the reader may record. Where it is only oneself, there is nothing to choose.
pub(super) fn form(visit: &Signed, reference: &Reference, typed: &Typed, errors: BTreeMap<String, String>) -> Form {
    let chosen = typed.given("person").map(Username);
    let directory = &reference.directory;
    let mut groups: Vec<Group> = Vec::new();
    for office in directory.offices.values() {
        let people = directory.people.values().filter(|person| {
            let is_here = person.active && person.office.as_ref() == Some(&office.code);
            is_here && visit.state.app.may_record_absence(&visit.user, person)
        });
        let people: Vec<_> =
            people.map(|p| (p.username.to_string(), p.name.clone(), Some(&p.username) == chosen.as_ref())).collect();
        if !people.is_empty() {
            groups.push(Group { office: office.name.clone(), people });
        }
    }
    let reason = |reason: AbsenceReason| {
        (reason.name(), visit.l.t(reason_key(reason)).into_owned(), typed.get("reason") == reason.name())
    };
    Form {
        open: chosen.is_none() && groups.iter().map(|group| group.people.len()).sum::<usize>() > 1,
        groups,
        from: typed.get("from").to_owned(),
        to: typed.get("to").to_owned(),
        reasons: AbsenceReason::ALL.map(reason).to_vec(),
        errors,
        once: crate::chance::fresh_key(),
    }
}

/// What was typed, or which fields are not right.
fn read(typed: &Typed) -> Result<(Username, NewAbsence), BTreeMap<String, &'static str>> {
    let mut wrong = BTreeMap::new();
    let mut day = |name: &str| {
        let read = typed.get(name).parse::<NaiveDate>().ok();
        if read.is_none() {
            let code = if typed.get(name).is_empty() { "field.required" } else { "field.invalid" };
            wrong.insert(name.to_owned(), code);
        }
        read
    };
    let (from, to) = (day("from"), day("to"));
    let reason = AbsenceReason::parse(typed.get("reason"));
    let person = typed.given("person").map(Username);
    for (name, is_there) in [("reason", reason.is_some()), ("person", person.is_some())] {
        if !is_there {
            wrong.insert(name.to_owned(), "field.required");
        }
    }
    match (person, from, to, reason) {
        (Some(person), Some(from), Some(to), Some(reason)) => Ok((person, NewAbsence { from, to, reason })),
        _ => Err(wrong),
    }
}

async fn record(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    if let Some(again) = super::first_answer(&visit, &typed).await? {
        return Ok(again);
    }
    let (person, new) = match read(&typed) {
        Ok(read) => read,
        Err(wrong) => {
            let told = wrong.into_iter().map(|(name, key)| (name, visit.l.t(key).into_owned()));
            return shown_again(&visit, &typed, told.collect()).await;
        }
    };
    let once = super::once(&visit, &typed, |_: &Outcome| HOME.to_owned());
    match visit.state.app.record_absence(&visit.user, &person, new, once).await {
        Ok(recorded) => Ok(see(HOME, &Flash::good(said(&visit, &recorded)))),
        Err(AppError::Invalid(errors)) => {
            let reference = visit.state.app.reference();
            let say = visit.say(&reference);
            let told =
                errors.iter().map(|error| (error.pointer.trim_start_matches('/').to_owned(), say.field_error(error)));
            shown_again(&visit, &typed, told.collect()).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown_again(visit: &Signed, typed: &Typed, errors: BTreeMap<String, String>) -> Result<Response, Fault> {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &super::people::view(visit, typed, errors).await?)
}

/// What was recorded, and which cases nobody stands in for.
fn said(visit: &Signed, recorded: &RecordedAbsence) -> String {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    let absence = &recorded.absence;
    let days = span(l, Absence { from: absence.from, to: absence.to }, today);
    let name = reference.directory.person_name(&absence.person);
    let mut said = l.tr("staff.absence.done", &[("name", name), ("days", &days)]);
    let uncovered = recorded.cases_without_stand_in.len();
    if uncovered > 0 {
        said.push(' ');
        said.push_str(&l.tr("staff.absence.done_uncovered", &[("count", &uncovered.to_string())]));
    }
    said
}

async fn end(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    let person = Username(typed.get("person").to_owned());
    match visit.state.app.end_absence(&visit.user, &person, &id).await {
        Ok(_) => {
            let reference = visit.state.app.reference();
            let name = reference.directory.person_name(&person);
            Ok(see(HOME, &Flash::good(visit.l.tr("staff.absence.ended", &[("name", name)]))))
        }
        Err(error) => visit.refused(HOME, error),
    }
}
