//! Who is answerable: lead office, agent, stand-in, green channel (S2.3, S5.3, S6.4).

use super::command::{AssignmentCommand, CommandKind, GreenMeasure};
use super::event::{AssignmentEvent, Event};
use super::refusal::{Code, Refusal};
use super::state::{Case, Status};
use super::{Facts, in_status, reason_given};
use crate::ids::{OfficeCode, Username};
use crate::people::{OfficeKind, Role};

/// While work goes on or rests. Who answers for a case can change at any time.
const OPEN: [Status; 6] =
    [Status::Submitted, Status::Accepted, Status::Preparing, Status::Running, Status::Suspended, Status::Delivering];

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::Accept => {
            in_status(case, &[Status::Submitted])?;
            if case.lead_office.is_none() { Err(Code::NoLeadOffice.into()) } else { Ok(()) }
        }
        CommandKind::AssignAgent | CommandKind::SetStandIn => {
            // What is to be given back needs an agent as well.
            if case.is_leaving() && case.agent.is_some() {
                return Ok(());
            }
            in_status(case, &OPEN[1..])?;
            if kind == CommandKind::SetStandIn && case.agent.is_none() { Err(Code::NoAgent.into()) } else { Ok(()) }
        }
        CommandKind::OpenGreenChannel => {
            in_status(case, &OPEN)?;
            if case.green.is_some() { Err(Code::AlreadyGreen.into()) } else { Ok(()) }
        }
        _ => in_status(case, &OPEN),
    }
}

pub(super) fn decide(case: &Case, command: &AssignmentCommand, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        AssignmentCommand::AssignLeadOffice { office, reason } => assign_lead(case, office, reason.as_deref(), facts)?,
        AssignmentCommand::Accept {} => Some(AssignmentEvent::CaseAccepted {}),
        AssignmentCommand::AssignAgent { person, reason } => assign_agent(case, person, reason.as_deref(), facts)?,
        AssignmentCommand::SetStandIn { person, reason } => set_stand_in(case, person, reason.as_ref(), facts)?,
        AssignmentCommand::OpenGreenChannel { reason, person, measures } => {
            reason_given(reason)?;
            of_the_hall(facts, person)?;
            let measures = GreenMeasure::ALL.into_iter().filter(|measure| measures.contains(measure)).collect();
            Some(AssignmentEvent::GreenChannelOpened { reason: reason.clone(), person: person.clone(), measures })
        }
    };
    Ok(event.into_iter().map(Event::from).collect())
}

/// The first naming needs no reason, a change does (S2.3). An outside body can't lead.
fn assign_lead(
    case: &Case,
    office: &OfficeCode,
    reason: Option<&str>,
    facts: &Facts<'_>,
) -> Result<Option<AssignmentEvent>, Refusal> {
    let is_in_hall = facts.directory.office(office).is_some_and(|o| o.kind != OfficeKind::Outside);
    if !is_in_hall {
        return Err(Refusal::new(Code::UnknownOffice).with("office", office.as_str()));
    }
    if case.lead_office.as_ref() == Some(office) {
        return Ok(None);
    }
    if case.lead_office.is_some() {
        reason_given(reason.unwrap_or_default())?;
    }
    Ok(Some(AssignmentEvent::LeadOfficeAssigned {
        office: office.clone(),
        was: case.lead_office.clone(),
        reason: reason.map(str::to_owned),
    }))
}

/// Exactly one agent at any time (S5.3): naming another replaces the first, with a reason.
fn assign_agent(
    case: &Case,
    person: &Username,
    reason: Option<&str>,
    facts: &Facts<'_>,
) -> Result<Option<AssignmentEvent>, Refusal> {
    qualified(facts, person)?;
    if case.agent.as_ref() == Some(person) {
        return Ok(None);
    }
    if case.stand_in.as_ref() == Some(person) {
        return Err(Refusal::new(Code::SamePerson).with("person", facts.directory.person_name(person)));
    }
    if case.agent.is_some() {
        reason_given(reason.unwrap_or_default())?;
    }
    Ok(Some(AssignmentEvent::AgentAssigned {
        person: person.clone(),
        was: case.agent.clone(),
        reason: reason.map(str::to_owned),
    }))
}

fn set_stand_in(
    case: &Case,
    person: &Username,
    reason: Option<&String>,
    facts: &Facts<'_>,
) -> Result<Option<AssignmentEvent>, Refusal> {
    qualified(facts, person)?;
    if case.agent.as_ref() == Some(person) {
        return Err(Refusal::new(Code::SamePerson).with("person", facts.directory.person_name(person)));
    }
    if case.stand_in.as_ref() == Some(person) {
        return Ok(None);
    }
    let was = case.stand_in.clone();
    Ok(Some(AssignmentEvent::StandInSet { person: person.clone(), was, reason: reason.cloned() }))
}

fn known(facts: &Facts<'_>, person: &Username) -> Result<(), Refusal> {
    match facts.directory.person(person) {
        Some(found) if found.active => Ok(()),
        _ => Err(Refusal::new(Code::UnknownPerson).with("person", person.as_str())),
    }
}

/// The named person of a green channel is a member of staff (S6.4).
fn of_the_hall(facts: &Facts<'_>, person: &Username) -> Result<(), Refusal> {
    known(facts, person)?;
    match facts.directory.person(person) {
        // An administrator sees no case, so it cannot answer for one.
        Some(found) if found.office.is_some() && found.roles.iter().any(|role| *role != Role::Administrator) => Ok(()),
        _ => Err(Refusal::new(Code::UnknownPerson).with("person", person.as_str())),
    }
}

/// Only qualified service staff can be named (S7).
fn qualified(facts: &Facts<'_>, person: &Username) -> Result<(), Refusal> {
    known(facts, person)?;
    match facts.directory.person(person) {
        Some(found) if found.can_be_agent() => Ok(()),
        _ => Err(Refusal::new(Code::NotQualified).with("person", facts.directory.person_name(person))),
    }
}
