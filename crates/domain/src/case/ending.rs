//! Pausing, leaving, closing, evaluating, sealing (S2.1, S3.1, S6.5).

use super::clocks::clock_refusal;
use super::command::{CommandKind, EndingCommand};
use super::event::{EndedBy, EndingEvent, Event};
use super::file::gaps;
use super::refusal::{Code, Refusal};
use super::state::{Case, Status};
use super::{Facts, file, in_status, reason_given, still_open};
use crate::catalogue::Mode;
use crate::chain::GENESIS;

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::Suspend => in_status(case, &[Status::Preparing, Status::Running, Status::Delivering]),
        CommandKind::Resume => in_status(case, &[Status::Suspended]),
        CommandKind::Withdraw | CommandKind::Terminate => {
            still_open(case)?;
            // S2.1: before delivery. What is left after it is the return of originals.
            if case.delivered.is_some() {
                return Err(Refusal::new(Code::WrongStatus).with("status", case.status.name()));
            }
            Ok(())
        }
        CommandKind::CloseAssistance => {
            in_status(case, &[Status::Preparing])?;
            if case.mode != Mode::Assistance {
                return Err(Code::ModeIsAgency.into());
            }
            let open = case.matters.iter().filter(|matter| matter.accepted_at_window.is_none());
            let open: Vec<&str> = open.map(|matter| matter.scope.code.as_str()).collect();
            if open.is_empty() { Ok(()) } else { Err(Refusal::new(Code::WindowsOpen).naming("matters", open)) }
        }
        CommandKind::Evaluate => {
            if case.ended.is_none() {
                return Err(Code::NotEnded.into());
            }
            if case.evaluation.is_some() { Err(Code::AlreadyEvaluated.into()) } else { Ok(()) }
        }
        CommandKind::AddLateDocument if case.status == Status::Archived => Ok(()),
        CommandKind::AddLateDocument => Err(Code::NotArchived.into()),
        _ => can_archive(case),
    }
}

fn can_archive(case: &Case) -> Result<(), Refusal> {
    if case.status == Status::Archived {
        let is_late = case.late_documents.iter().any(|late| late.volume.is_none());
        return if is_late { Ok(()) } else { Err(Code::AlreadyArchived.into()) };
    }
    if case.ended.is_none() {
        return Err(Code::NotEnded.into());
    }
    let gaps = gaps(case);
    if gaps.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Code::FileIncomplete).naming("gaps", gaps.iter().map(|gap| gap.name())))
}

pub(super) fn decide(case: &Case, command: &EndingCommand, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    clocks_allow(case, command, facts)?;
    let event = match command {
        EndingCommand::Suspend { reason_code, reason } => {
            reason_given(reason)?;
            EndingEvent::CaseSuspended { reason_code: *reason_code, reason: reason.clone() }
        }
        EndingCommand::Resume {} => EndingEvent::CaseResumed {},
        EndingCommand::Withdraw { reason_code, reason } => {
            EndingEvent::CaseWithdrawn { reason_code: reason_code.clone(), reason: reason.clone() }
        }
        EndingCommand::Terminate { reason_code, reason } => {
            reason_given(reason)?;
            EndingEvent::CaseTerminated { reason_code: *reason_code, reason: reason.clone() }
        }
        EndingCommand::CloseAssistance {} => EndingEvent::CaseEnded { how: EndedBy::LastWindowAccepted },
        EndingCommand::Evaluate { grade, text } => {
            if !(1..=5).contains(grade) {
                return Err(Refusal::new(Code::GradeInvalid).with("grade", grade.to_string()));
            }
            EndingEvent::CaseEvaluated { grade: *grade, text: text.clone().filter(|text| !text.trim().is_empty()) }
        }
        EndingCommand::AddLateDocument { title, file: id, reason } => {
            reason_given(title)?;
            reason_given(reason)?;
            let file = file(facts, id)?;
            EndingEvent::LateDocumentAdded { title: title.clone(), file, reason: reason.clone() }
        }
        EndingCommand::Archive {} => {
            let head = facts.head.unwrap_or(GENESIS).to_owned();
            EndingEvent::CaseArchived { head }
        }
    };
    Ok(vec![event.into()])
}

/// Pausing and leaving change every clock under way; what a clock would refuse is refused as a whole.
fn clocks_allow(case: &Case, command: &EndingCommand, facts: &Facts<'_>) -> Result<(), Refusal> {
    let now = facts.now;
    let mut changed = case.clone();
    let all = match command {
        EndingCommand::Suspend { .. } => changed.change_running_clocks(|clock| clock.suspend(None, now)),
        EndingCommand::Resume {} => changed.change_running_clocks(|clock| clock.resume(now)),
        EndingCommand::Withdraw { .. } | EndingCommand::Terminate { .. } => changed.finish_clocks(now),
        _ => Ok(()),
    };
    all.map_err(clock_refusal)
}
