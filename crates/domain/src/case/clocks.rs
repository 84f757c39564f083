//! Stopping and extending the clocks of matters (S8.2).

use super::command::StopKind;
use super::event::MatterEvent;
use super::matters::find;
use super::refusal::{Code, Refusal};
use super::state::{Case, CaseMatter};
use super::{Facts, reason_given};
use crate::calendar::{is_near, today};
use crate::catalogue::{DayUnit, Limit};
use crate::clock::{Clock, ClockError, IntervalKind};
use crate::ids::{MatterCode, Username};
use crate::people::{Directory, Person, Role};
use chrono::NaiveDate;

/// So many working days a special procedure of a matter that lists none may last together without a reason.
const UNLISTED_DAYS: u32 = 30;

/// What the matter's clock would say to a change: [`Case::apply`] passes over a clock's refusal, so it is asked here. A clock
/// refuses above all when the machine's own clock was set back.
pub(super) fn clock_allows(
    case: &Case,
    code: &MatterCode,
    change: impl FnOnce(&mut Clock) -> Result<(), ClockError>,
) -> Result<(), Refusal> {
    match find(case, code)?.clock.clone() {
        Some(mut clock) => change(&mut clock).map_err(clock_refusal),
        None => Ok(()),
    }
}

/// The refusal for what a clock refuses.
pub(super) fn clock_refusal(error: ClockError) -> Refusal {
    let code = match error {
        ClockError::Earlier => Code::TimeInvalid,
        ClockError::AlreadyStopped | ClockError::NotAStop => Code::ClockStopped,
        ClockError::NotStopped => Code::ClockNotStopped,
        ClockError::Finished => Code::AlreadyFinished,
        ClockError::SpecialWithoutName => Code::ProcedureNameNeeded,
        ClockError::EndsBeforeStop => Code::DateInPast,
    };
    code.into()
}

/// A stop as a command asks for it.
pub(super) struct Stop<'a> {
    pub(super) kind: StopKind,
    pub(super) name: Option<&'a str>,
    pub(super) reason: &'a str,
    pub(super) until: NaiveDate,
    pub(super) beyond_cap: Option<&'a str>,
}

pub(super) fn stop(
    case: &Case,
    matter: &MatterCode,
    asked: &Stop<'_>,
    facts: &Facts<'_>,
) -> Result<MatterEvent, Refusal> {
    let Stop { kind, until, .. } = *asked;
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    reason_given(asked.reason)?;
    let name = given(asked.name);
    if kind == StopKind::Special && name.is_none() {
        return Err(Code::ProcedureNameNeeded.into());
    }
    if until < facts.today() {
        return Err(Code::DateInPast.into());
    }
    if !is_near(until, facts.today()) {
        return Err(Code::DateTooFar.into());
    }
    clock_allows(case, matter, |clock| clock.stop(kind.interval(), name.clone(), Some(until), facts.now))?;
    let beyond_cap = given(asked.beyond_cap);
    let over = name.as_deref().filter(|_| kind == StopKind::Special);
    let over = over.and_then(|name| over_cap(find(case, matter).ok()?, name, until, facts));
    if let Some(refusal) = over.as_ref().filter(|_| beyond_cap.is_none()) {
        return Err(refusal.clone());
    }
    Ok(MatterEvent::ClockStopped {
        matter: matter.clone(),
        kind,
        name,
        reason: asked.reason.to_owned(),
        until,
        beyond_cap: beyond_cap.filter(|_| over.is_some()),
    })
}

/// What is told of a special procedure that would last beyond its cap. What earlier stops of the same procedure took counts.
/// Procedures that the matter does not list have one cap together, the longest of those that it lists: a new name is no new time.
/// Where it lists none, they have [`UNLISTED_DAYS`] together.
fn over_cap(matter: &CaseMatter, name: &str, until: NaiveDate, facts: &Facts<'_>) -> Option<Refusal> {
    let listed_as = |name: &str| matter.scope.special.iter().find(|procedure| procedure.name == name);
    let listed = listed_as(name);
    let cap = listed.or_else(|| matter.scope.special.iter().max_by_key(|p| p.limit().as_working_days()));
    let (capped, cap) = cap.map_or((name, Limit::working_days(UNLISTED_DAYS)), |cap| (cap.name.as_str(), cap.limit()));
    let days = |from: NaiveDate, to: NaiveDate| match cap.unit {
        DayUnit::WorkingDay => facts.calendar.working_days_between(from, to),
        DayUnit::NaturalDay => (to - from).num_days(),
    };
    let stops = matter.clock.iter().flat_map(|clock| &clock.intervals);
    let is_same = |other: &str| if listed.is_some() { other == name } else { listed_as(other).is_none() };
    let same = stops.filter(|i| i.kind == IntervalKind::Special && i.name.as_deref().is_some_and(is_same));
    let used: i64 = same.filter_map(|i| Some(days(today(i.from), today(i.to?)))).sum();
    let left = cap.days.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
    let last = match cap.unit {
        DayUnit::WorkingDay => facts.calendar.add_working_days(facts.today(), left),
        DayUnit::NaturalDay => facts.calendar.add_natural_days(facts.today(), left),
    };
    let unit = if cap.unit == DayUnit::WorkingDay { "working_day" } else { "natural_day" };
    (until > last.date).then(|| {
        Refusal::new(Code::BeyondCap)
            .with("name", capped)
            .with("cap", cap.days.to_string())
            .with("unit", unit)
            .with("date", last.date.to_string())
    })
}

impl Case {
    /// Who may approve that the limit of a matter is extended: the heads of the office that holds it and of the lead office
    /// (行政许可法 art. 42), never the agent.
    pub fn may_extend<'a>(&self, matter: &CaseMatter, directory: &'a Directory) -> impl Iterator<Item = &'a Person> {
        let offices = [Some(matter.office.clone()), self.lead_office.clone()];
        let agent = self.agent.clone();
        directory.people.values().filter(move |person| {
            let is_head = person.active && person.roles.contains(&Role::OfficeHead);
            is_head
                && person.office.is_some()
                && offices.contains(&person.office)
                && agent.as_ref() != Some(&person.username)
        })
    }
}

pub(super) fn extend(
    case: &Case,
    code: &MatterCode,
    days: u32,
    reason: &str,
    approver: &Username,
    facts: &Facts<'_>,
) -> Result<MatterEvent, Refusal> {
    reason_given(reason)?;
    if days == 0 || days > 365 {
        return Err(Code::DaysInvalid.into());
    }
    let matter = find(case, code)?;
    if !case.may_extend(matter, facts.directory).any(|person| person.username == *approver) {
        let refusal = Refusal::new(Code::ApproverInvalid).with("person", facts.directory.person_name(approver));
        let heads = case.may_extend(matter, facts.directory).map(|person| person.name.as_str());
        return Err(refusal.naming("people", heads));
    }
    clock_allows(case, code, |clock| clock.extend(days))?;
    Ok(MatterEvent::LimitExtended { matter: code.clone(), days, reason: reason.to_owned(), approver: approver.clone() })
}
