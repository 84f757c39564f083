//! The work of the offices: claim, submit, clocks, results (S5.3, S8.2).

use super::clocks::{Stop, clock_allows, extend, stop};
use super::command::{CommandKind, KeptInput, MattersCommand, Outcome, ResultInput};
use super::event::{Event, MatterEvent};
use super::moment::entry;
use super::refusal::{Code, Refusal};
use super::state::{Case, CaseMatter, MatterStatus, ResultItem};
use super::status::Status;
use super::{Facts, file, in_status, order, outside, reason_given};
use crate::access::{Grant, Relation};
use crate::custody::{Item, Place};
use crate::ids::{ItemId, MatterCode, OfficeCode, ResultId};
use crate::people::OfficeKind;
use chrono::{DateTime, Utc};

/// The reason under which a piece that the client did not want back stays with the authority.
const AGREED: &str = "交接清单约定不退还";

pub(super) fn guard(case: &Case, _kind: CommandKind) -> Result<(), Refusal> {
    if matches!(case.status, Status::Submitted | Status::Accepted | Status::Preparing) {
        return Err(Code::NotStarted.into());
    }
    in_status(case, &[Status::Running])
}

/// What stands in the way of a command on this matter, whatever else it carries.
pub(super) fn guard_matter(case: &Case, code: &MatterCode, kind: CommandKind, grant: &Grant) -> Result<(), Refusal> {
    let matter = find(case, code)?;
    if matter.status == MatterStatus::Finished {
        return Err(Refusal::new(Code::AlreadyFinished).with("matter", code.as_str()));
    }
    let by_agent = matches!(grant.relation(), Relation::Agent | Relation::ActingStandIn);
    match kind {
        CommandKind::ClaimMatter => can_claim(matter),
        CommandKind::DeclineMatter if matter.decided => Err(Code::DecidedByLead.into()),
        CommandKind::DeclineMatter | CommandKind::ForwardMatter => not_submitted(matter),
        CommandKind::SubmitMatter => can_submit(case, matter),
        // The agent keeps only the part of bodies outside the hall; an office answers for its own matters.
        CommandKind::FinishMatter | CommandKind::StopClock | CommandKind::ResumeClock
            if by_agent && !matter.outside =>
        {
            Err(Code::NotYours.into())
        }
        CommandKind::FinishMatter => Ok(()),
        CommandKind::StopClock => match matter.status {
            MatterStatus::Submitted => Ok(()),
            MatterStatus::Stopped => Err(Code::ClockStopped.into()),
            _ => Err(Code::NotSubmitted.into()),
        },
        CommandKind::ResumeClock => match matter.status {
            MatterStatus::Stopped => Ok(()),
            _ => Err(Code::ClockNotStopped.into()),
        },
        CommandKind::CheckOutside => outside::guard(matter),
        CommandKind::LiftOrder => {
            not_submitted(matter)?;
            if case.open_order(matter).is_empty() { Err(Code::OrderSettled.into()) } else { Ok(()) }
        }
        _ => match matter.status {
            MatterStatus::Submitted | MatterStatus::Stopped => Ok(()),
            _ => Err(Code::NotSubmitted.into()),
        },
    }
}

pub(super) fn find<'a>(case: &'a Case, code: &MatterCode) -> Result<&'a CaseMatter, Refusal> {
    case.matter(code).ok_or_else(|| Refusal::new(Code::MatterNotInCase).with("matter", code.as_str()))
}

fn not_submitted(matter: &CaseMatter) -> Result<(), Refusal> {
    match matter.status {
        MatterStatus::Submitted | MatterStatus::Stopped => Err(Code::AlreadySubmitted.into()),
        _ => Ok(()),
    }
}

fn can_claim(matter: &CaseMatter) -> Result<(), Refusal> {
    if matter.outside {
        return Err(Code::OutsideNeverClaims.into());
    }
    match matter.status {
        MatterStatus::Offered | MatterStatus::Declined => Ok(()),
        _ => Err(Code::AlreadyClaimed.into()),
    }
}

/// Claimed, prerequisites finished, every material there and handed over against signature (S3.2, S5.3).
fn can_submit(case: &Case, matter: &CaseMatter) -> Result<(), Refusal> {
    not_submitted(matter)?;
    let open = case.open_prerequisites(matter);
    if !open.is_empty() {
        return Err(Refusal::new(Code::PrerequisiteOpen).naming("matters", open.iter().map(|code| code.as_str())));
    }
    if matter.status != MatterStatus::Claimed {
        return Err(Refusal::new(Code::MatterNotClaimed).with("office", matter.office.as_str()));
    }
    let lacking: Vec<_> = case.lacking_for_submission(&matter.scope.code).collect();
    if lacking.is_empty() {
        return is_commissioned(case, matter);
    }
    let all_listed = lacking.iter().all(|material| {
        case.items_for(&material.spec.id).next().is_some()
            && !case.lacking(&matter.scope.code).any(|m| m.spec.id == material.spec.id)
    });
    let code = if all_listed { Code::HandoverNotSigned } else { Code::MaterialsIncomplete };
    Err(Refusal::new(code).naming("materials", lacking.iter().map(|m| m.spec.name.as_str())))
}

/// A signed agreement covers the matter, and the agent itself holds what goes to the office with it.
fn is_commissioned(case: &Case, matter: &CaseMatter) -> Result<(), Refusal> {
    if !case.is_commissioned(&matter.scope.code) {
        return Err(Code::AgreementNotSigned.into());
    }
    let is_needed = |id: &ItemId| {
        let item = case.item(id);
        item.is_some_and(|item| case.needed(&matter.scope.code).any(|material| material.spec.id == item.material))
    };
    match case.takeover() {
        Some((from, items)) if items.iter().any(is_needed) => {
            Err(Refusal::new(Code::TakeoverNotSigned).with("person", from.as_str()))
        }
        _ => Ok(()),
    }
}

pub(super) fn decide(
    case: &Case,
    command: &MattersCommand,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard_matter(case, command.matter(), command.kind(), grant)?;
    let event = match command {
        MattersCommand::ClaimMatter { matter } => {
            let office = find(case, matter)?.office.clone();
            MatterEvent::MatterClaimed { matter: matter.clone(), office }
        }
        MattersCommand::DeclineMatter { matter, reason } => {
            reason_given(reason)?;
            let office = find(case, matter)?.office.clone();
            MatterEvent::MatterDeclined { matter: matter.clone(), office, reason: reason.clone() }
        }
        MattersCommand::ForwardMatter { matter, office, reason } => {
            let decided = grant.relation() == Relation::LeadHead;
            forward(case, matter, office, reason, decided, facts)?
        }
        MattersCommand::SubmitMatter { matter, number } => submit(case, matter, number.clone(), facts)?,
        MattersCommand::FinishMatter { matter, outcome, results, kept, at, late_reason } => {
            let moment = (*at, late_reason.as_deref());
            finish(case, matter, *outcome, (results.as_slice(), kept.as_slice()), moment, facts)?
        }
        MattersCommand::StopClock { matter, kind, name, reason, until, beyond_cap } => {
            let (name, beyond_cap) = (name.as_deref(), beyond_cap.as_deref());
            stop(case, matter, &Stop { kind: *kind, name, reason, until: *until, beyond_cap }, facts)?
        }
        MattersCommand::ResumeClock { matter } => {
            clock_allows(case, matter, |clock| clock.resume(facts.now))?;
            MatterEvent::ClockResumed { matter: matter.clone() }
        }
        MattersCommand::ExtendLimit { matter, days, reason, approver } => {
            extend(case, matter, *days, reason, approver, facts)?
        }
        MattersCommand::CheckOutside { .. } => return outside::check(case, command, facts),
        MattersCommand::LiftOrder { matter, before, opinion } => {
            return order::lift(case, find(case, matter)?, before, opinion);
        }
    };
    Ok(vec![event.into()])
}

impl MattersCommand {
    /// The matter that the command is about.
    #[must_use]
    pub fn matter(&self) -> &MatterCode {
        match self {
            Self::ClaimMatter { matter }
            | Self::DeclineMatter { matter, .. }
            | Self::ForwardMatter { matter, .. }
            | Self::SubmitMatter { matter, .. }
            | Self::FinishMatter { matter, .. }
            | Self::StopClock { matter, .. }
            | Self::ResumeClock { matter }
            | Self::ExtendLimit { matter, .. }
            | Self::CheckOutside { matter, .. }
            | Self::LiftOrder { matter, .. } => matter,
        }
    }
}

fn forward(
    case: &Case,
    code: &MatterCode,
    to: &OfficeCode,
    reason: &str,
    decided: bool,
    facts: &Facts<'_>,
) -> Result<MatterEvent, Refusal> {
    reason_given(reason)?;
    let matter = find(case, code)?;
    let office =
        facts.directory.office(to).ok_or_else(|| Refusal::new(Code::UnknownOffice).with("office", to.as_str()))?;
    if matter.office == *to {
        return Err(Refusal::new(Code::SameOffice).with("office", to.as_str()));
    }
    Ok(MatterEvent::MatterForwarded {
        matter: code.clone(),
        from: matter.office.clone(),
        to: to.clone(),
        outside: office.kind == OfficeKind::Outside,
        reason: reason.to_owned(),
        decided,
    })
}

/// The pieces that the matter needs and the agent holds go to the office with it.
fn submit(case: &Case, code: &MatterCode, number: Option<String>, facts: &Facts<'_>) -> Result<MatterEvent, Refusal> {
    let matter = find(case, code)?;
    let is_needed = |item: &Item| case.needed(code).any(|material| material.spec.id == item.material);
    let items = case
        .items
        .iter()
        .filter(|item| matches!(item.place, Place::Person(_)) && is_needed(item))
        .map(|item| item.id.clone())
        .collect();
    let share = facts.policy.green_percent;
    let limit = matter.scope.limit.map(|limit| if case.green.is_some() { limit.shortened(share) } else { limit });
    Ok(MatterEvent::MatterSubmitted { matter: code.clone(), number, limit, items })
}

fn finish(
    case: &Case,
    code: &MatterCode,
    outcome: Outcome,
    (results, kept): (&[ResultInput], &[KeptInput]),
    (at, late_reason): (Option<DateTime<Utc>>, Option<&str>),
    facts: &Facts<'_>,
) -> Result<MatterEvent, Refusal> {
    let matter = find(case, code)?;
    if at.is_some() && !matter.outside {
        return Err(Code::MomentOnlyOutside.into());
    }
    if outcome != Outcome::NotNeeded && matter.submitted_at.is_none() {
        return Err(Code::NotSubmitted.into());
    }
    if outcome == Outcome::Granted && results.is_empty() {
        return Err(Code::ResultNeeded.into());
    }
    let mut items = Vec::with_capacity(results.len());
    for (index, result) in results.iter().enumerate() {
        if result.name.trim().is_empty() {
            return Err(Code::ResultNeeded.into());
        }
        items.push(ResultItem {
            id: ResultId(format!("R{}", case.results.len() + index + 1)),
            matter: code.clone(),
            name: result.name.trim().to_owned(),
            form: result.form,
            file: result.file.as_ref().map(|id| file(facts, id)).transpose()?,
            delivered_at: None,
        });
    }
    let entry = entry(at, late_reason, matter.submitted_at.unwrap_or(case.created_at), facts)?;
    clock_allows(case, code, |clock| clock.finish(entry.happened_at.unwrap_or(facts.now)))?;
    let moves = moves_at_finish(case, matter, kept)?;
    Ok(MatterEvent::MatterFinished {
        matter: code.clone(),
        outcome,
        results: items,
        moves,
        happened_at: entry.happened_at,
        late: entry.late,
        late_reason: entry.reason,
    })
}

/// Where the pieces that the office holds go when it is done: kept for good with a legal reason, or back to the agent. A
/// piece that the client did not want back stays with the last office that needed it, as the handover list says.
fn moves_at_finish(case: &Case, matter: &CaseMatter, kept: &[KeptInput]) -> Result<Vec<(ItemId, Place)>, Refusal> {
    let at_office = Place::Office(matter.office.clone());
    for line in kept {
        reason_given(&line.reason)?;
        let is_here = case.item(&line.item).is_some_and(|item| item.place == at_office);
        if !is_here {
            return Err(Refusal::new(Code::UnknownItem).with("item", line.item.as_str()));
        }
    }
    let agent = case.agent.clone().ok_or(Code::NoAgent)?;
    let is_needed_later = |item: &Item| {
        case.matters.iter().any(|other| {
            other.scope.code != matter.scope.code
                && other.status != MatterStatus::Finished
                && case.needed(&other.scope.code).any(|material| material.spec.id == item.material)
        })
    };
    let is_needed_here = |item: &Item| {
        case.matters.iter().any(|other| {
            other.scope.code != matter.scope.code
                && matches!(other.status, MatterStatus::Submitted | MatterStatus::Stopped)
                && other.office == matter.office
                && case.needed(&other.scope.code).any(|material| material.spec.id == item.material)
        })
    };
    let place_of = |item: &Item| {
        let keep = |reason: &str| Place::Kept { office: matter.office.clone(), reason: reason.to_owned() };
        if let Some(line) = kept.iter().find(|line| line.item == item.id) {
            Some(keep(&line.reason))
        } else if is_needed_here(item) {
            None
        } else if !item.to_return && !is_needed_later(item) {
            Some(keep(AGREED))
        } else {
            Some(Place::Person(agent.clone()))
        }
    };
    let held = case.items.iter().filter(|item| item.place == at_office);
    Ok(held.filter_map(|item| place_of(item).map(|place| (item.id.clone(), place))).collect())
}
