//! What is written down beside the matters: escorts, remote sessions, statutory fees (S2.2, S3.1, S5.2).

use super::command::{CommandKind, EscortOutcome, RecordCommand};
use super::event::{Event, RecordEvent};
use super::moment::{entry, is_late};
use super::refusal::{Code, Refusal};
use super::state::{Case, Status};
use super::{Facts, in_status, reason_given};
use crate::catalogue::Mode;
use crate::ids::MatterCode;

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::NoteFee => in_status(case, &[Status::Preparing, Status::Running, Status::Delivering]),
        _ => in_status(case, &[Status::Preparing, Status::Running]),
    }
}

pub(super) fn decide(case: &Case, command: &RecordCommand, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        RecordCommand::RecordEscort { matter, window, ticket, outcome, at, late_reason } => {
            in_case(case, matter)?;
            reason_given(window)?;
            if case.mode == Mode::Assistance && *outcome == EscortOutcome::Accepted {
                can_be_accepted(case, matter)?;
            }
            let entry = entry(*at, late_reason.as_deref(), case.created_at, facts)?;
            RecordEvent::EscortRecorded {
                matter: matter.clone(),
                window: window.clone(),
                ticket: ticket.clone(),
                outcome: *outcome,
                happened_at: entry.happened_at,
                late: entry.late,
                late_reason: entry.reason,
            }
        }
        RecordCommand::RecordRemoteSession { channel, topic, started_at, minutes, outcome } => {
            reason_given(topic)?;
            reason_given(outcome)?;
            // A session of this case, written down within the year, that did not last longer than a day.
            let is_recent = facts.now - chrono::TimeDelta::days(366) <= *started_at && *started_at <= facts.now;
            if !is_recent || *minutes > 24 * 60 {
                return Err(Code::SessionTimeInvalid.into());
            }
            RecordEvent::RemoteSessionRecorded {
                channel: *channel,
                topic: topic.clone(),
                started_at: *started_at,
                minutes: *minutes,
                outcome: outcome.clone(),
                late: is_late(*started_at, facts),
            }
        }
        RecordCommand::NoteFee { matter, fee, amount_fen, receipt } => {
            in_case(case, matter)?;
            let listed = facts.catalogue.fees().iter().find(|entry| entry.matter == *matter && entry.name == *fee);
            let listed = listed.ok_or_else(|| {
                Refusal::new(Code::FeeNotListed).with("fee", fee.as_str()).with("matter", matter.as_str())
            })?;
            if *amount_fen <= 0 {
                return Err(Code::AmountInvalid.into());
            }
            reason_given(receipt)?;
            RecordEvent::FeeNoted {
                matter: matter.clone(),
                fee: fee.clone(),
                legal_basis: listed.legal_basis.clone(),
                payee: listed.payee.clone(),
                amount_fen: *amount_fen,
                receipt: receipt.clone(),
            }
        }
    };
    Ok(vec![event.into()])
}

/// A window accepts a matter once, after what must come before it, and only with its materials complete (S3.1): what the
/// check found lacking has to be found right first. What nobody checked the window has judged by accepting.
fn can_be_accepted(case: &Case, code: &MatterCode) -> Result<(), Refusal> {
    let Some(matter) = case.matter(code) else { return Ok(()) };
    if matter.accepted_at_window.is_some() {
        return Err(Refusal::new(Code::AlreadySubmitted).with("matter", code.as_str()));
    }
    let is_open = |code: &&MatterCode| case.matter(code).is_some_and(|before| before.accepted_at_window.is_none());
    let open: Vec<&str> = matter.scope.prerequisites.iter().filter(is_open).map(MatterCode::as_str).collect();
    if !open.is_empty() {
        return Err(Refusal::new(Code::PrerequisiteOpen).naming("matters", open));
    }
    let lacking: Vec<&str> = case.lacking_at_window(code).map(|material| material.spec.name.as_str()).collect();
    if lacking.is_empty() { Ok(()) } else { Err(Refusal::new(Code::MaterialsIncomplete).naming("materials", lacking)) }
}

fn in_case(case: &Case, code: &MatterCode) -> Result<(), Refusal> {
    match case.matter(code) {
        Some(_) => Ok(()),
        None => Err(Refusal::new(Code::MatterNotInCase).with("matter", code.as_str())),
    }
}
