//! The case as a pure state machine: [`decide`] turns a command into events or a [`Refusal`], [`Case::apply`] turns events
//! into the state, [`actions`] tells what can be done now and what is in the way.

mod agreement;
mod application;
mod apply;
mod apply_matter;
mod assignment;
mod clocks;
mod command;
mod delivery;
mod ending;
mod event;
mod file;
mod later;
mod materials;
mod matters;
mod moment;
mod order;
mod outside;
mod paper;
mod papers;
mod policy;
mod query;
mod record;
mod refusal;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod times;
mod trips;
mod values;

pub use application::{Application, lapse, submit};
pub use command::*;
pub use event::*;
pub use file::{Completeness, Gap, OwedBy, Part, completeness, gaps};
pub use later::{Deferral, LateDocument, LostParcel, PaperRequest};
pub use order::{Goal, Lifted, set_goal};
pub use outside::{OutsideRecord, OutsideState};
pub use paper::*;
pub use papers::{DocumentDue, DocumentMade, authority_until};
pub use policy::{Ladder, OutOfBounds, Policy};
pub use query::MaterialStatus;
pub use refusal::{Code, Refusal};
pub use state::*;
pub use times::{CaseTimes, Dues, PersonTime};
pub use trips::Trips;

use crate::access::{Action, Actor, Grant, On, may};
use crate::calendar::Calendar;
use crate::catalogue::Catalogue;
use crate::chain::Envelope;
use crate::custody::FileRef;
use crate::ids::{FileId, MatterCode, Username};
use crate::people::Directory;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What a rule needs from outside the case.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The moment.
    pub now: DateTime<Utc>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Matters and materials.
    pub catalogue: &'a Catalogue,
    /// Offices and people.
    pub directory: &'a Directory,
    /// Limits set by the hall.
    pub policy: &'a Policy,
    /// The files that the command names, those of them that exist and are the actor's to use.
    pub files: &'a BTreeMap<FileId, FileRef>,
    /// The hash of the case's last event, for the sealing.
    pub head: Option<&'a str>,
}

impl Facts<'_> {
    /// Today in the hall.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        crate::calendar::today(self.now)
    }
}

/// Longest text that any field of a command may carry, in characters.
pub const LONGEST_TEXT: usize = 2000;

/// Turns a command into what then happens, or a refusal. Pure: the same case, command and facts give the same answer.
///
/// # Errors
/// A [`Refusal`] that names what stands in the way.
pub fn decide(case: &Case, command: &Command, grant: &Grant, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    texts_are_sound(&serde_json::to_value(command).unwrap_or_default())?;
    guard(case, command.kind())?;
    // What is decided is decided at a moment that the case has reached; a machine's clock that shows less is told at the end.
    let asked_at = facts.now;
    let facts = &Facts { now: asked_at.max(case.changed_at), ..*facts };
    let mut events = match command {
        Command::Application(command) => application::decide(case, command, facts),
        Command::Assignment(command) => assignment::decide(case, command, facts),
        Command::Materials(command) => materials::decide(case, command, grant, facts),
        Command::Agreement(command) => agreement::decide(case, command, grant, facts),
        Command::Matters(command) => matters::decide(case, command, grant, facts),
        Command::Record(command) => record::decide(case, command, facts),
        Command::Delivery(command) => delivery::decide(case, command, grant, facts),
        Command::Ending(command) => ending::decide(case, command, facts),
    }?;
    moment::not_set_back(case, asked_at)?;
    follow_up(case, &mut events, grant.actor(), facts.now);
    Ok(events)
}

/// What stands in the way of a kind of command in the case's present state, whatever it carries.
///
/// # Errors
/// A [`Refusal`] that names it.
pub fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    use CommandKind as K;
    match kind {
        K::ChooseMode | K::ChangeMatters | K::AttachUscc | K::SetGoal => application::guard(case, kind),
        K::AssignLeadOffice | K::Accept | K::AssignAgent | K::SetStandIn | K::OpenGreenChannel => {
            assignment::guard(case, kind)
        }
        K::CheckMaterials
        | K::IssueNotice
        | K::ReceiveMaterials
        | K::MoveMaterial
        | K::TakeMaterial
        | K::DeferMaterial => materials::guard(case, kind),
        K::SignHandover | K::SignAgreement | K::SignTakeover | K::SignPaper | K::IssuePaper | K::Start => {
            agreement::guard(case, kind)
        }
        K::ClaimMatter
        | K::DeclineMatter
        | K::ForwardMatter
        | K::SubmitMatter
        | K::FinishMatter
        | K::StopClock
        | K::ResumeClock
        | K::ExtendLimit
        | K::CheckOutside
        | K::LiftOrder => matters::guard(case, kind),
        K::RecordEscort | K::RecordRemoteSession | K::NoteFee => record::guard(case, kind),
        K::HandOverResult | K::SendResult | K::ConfirmReceipt | K::ReturnMaterials | K::RecordParcel => {
            delivery::guard(case, kind)
        }
        K::Suspend
        | K::Resume
        | K::Withdraw
        | K::Terminate
        | K::CloseAssistance
        | K::Evaluate
        | K::AddLateDocument
        | K::Archive => ending::guard(case, kind),
    }
}

/// Numbers events and puts them into envelopes, applying each to the case. Time never runs backwards in a case: where the
/// machine's clock lags behind, an event has the moment of the one before it.
pub fn record(
    case: &mut Case,
    events: impl IntoIterator<Item = Event>,
    actor: &Username,
    on_behalf_of: Option<&Username>,
    at: DateTime<Utc>,
) -> Vec<Envelope> {
    let mut envelopes = Vec::new();
    let at = at.max(case.changed_at);
    for event in events {
        let envelope = Envelope {
            case: case.id.clone(),
            seq: case.version + 1,
            at,
            actor: actor.clone(),
            on_behalf_of: on_behalf_of.cloned(),
            event,
        };
        case.apply(&envelope);
        envelopes.push(envelope);
    }
    envelopes
}

/// What happens by itself after a command: matters go to their offices, delivery falls due, the case ends (S6.3).
fn follow_up(case: &Case, events: &mut Vec<Event>, actor: &Username, at: DateTime<Utc>) {
    let mut next = case.clone();
    record(&mut next, events.iter().cloned(), actor, None, at);
    while let Some(event) = next_by_itself(&next) {
        record(&mut next, [event.clone()], actor, None, at);
        events.push(event);
    }
}

fn next_by_itself(case: &Case) -> Option<Event> {
    match case.status {
        Status::Running => {
            let mut planned = case.matters.iter().filter(|matter| matter.status == MatterStatus::Planned);
            let accepted = planned.find_map(|matter| matter.accepted_at_window.map(|at| (matter, at)));
            if let Some((CaseMatter { scope, .. }, accepted_at)) = accepted {
                let (matter, limit) = (scope.code.clone(), scope.limit);
                return Some(MatterEvent::MatterTakenOver { matter, accepted_at, limit }.into());
            }
            let planned: Vec<MatterCode> = case
                .matters
                .iter()
                .filter(|matter| matter.status == MatterStatus::Planned)
                .map(|matter| matter.scope.code.clone())
                .collect();
            if !planned.is_empty() {
                return Some(MatterEvent::MattersOffered { matters: planned }.into());
            }
            case.all_finished().then(|| DeliveryEvent::DeliveryDue {}.into())
        }
        Status::Delivering if case.outstanding_items().is_empty() => {
            case.delivered.map(|how| EndingEvent::CaseEnded { how }.into())
        }
        Status::Withdrawn if case.is_leaving() && case.is_settled() => {
            Some(EndingEvent::CaseEnded { how: EndedBy::Withdrawn }.into())
        }
        Status::Terminated if case.is_leaving() && case.is_settled() => {
            Some(EndingEvent::CaseEnded { how: EndedBy::Terminated }.into())
        }
        _ => None,
    }
}

/// A command with whether it can be given now, and if not, why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionState {
    /// The command.
    pub kind: CommandKind,
    /// What is in the way; none if it is allowed.
    pub refusal: Option<Refusal>,
}

/// Every command with allowed or not, and why not. Pages and API show that and never think for themselves.
#[must_use]
pub fn actions(case: &Case, actor: &Actor, facts: &Facts<'_>) -> Vec<ActionState> {
    CommandKind::ALL
        .iter()
        .map(|kind| ActionState { kind: *kind, refusal: refusal_now(case, actor, *kind, facts) })
        .collect()
}

fn refusal_now(case: &Case, actor: &Actor, kind: CommandKind, facts: &Facts<'_>) -> Option<Refusal> {
    let on = On::Case { case, matter: None, directory: facts.directory, today: facts.today() };
    if may(actor, Action::Command(kind), on).is_err() {
        return Some(Code::NotYours.into());
    }
    let goal = || if kind == CommandKind::SetGoal { order::guard_goal(case, facts) } else { Ok(()) };
    guard(case, kind).and_then(|()| goal()).err()
}

/// What can be done with one matter now, and what is in the way.
#[must_use]
pub fn matter_actions(case: &Case, matter: &MatterCode, actor: &Actor, facts: &Facts<'_>) -> Vec<ActionState> {
    let on = On::Case { case, matter: Some(matter), directory: facts.directory, today: facts.today() };
    MattersCommand::KINDS
        .iter()
        .map(|kind| {
            let refusal = match may(actor, Action::Command(*kind), on) {
                Err(_) => Some(Code::NotYours.into()),
                Ok(grant) => guard(case, *kind).and_then(|()| matters::guard_matter(case, matter, *kind, &grant)).err(),
            };
            ActionState { kind: *kind, refusal }
        })
        .collect()
}

/// Refuses texts that are too long or carry control characters, wherever they stand in a command.
fn texts_are_sound(value: &serde_json::Value) -> Result<(), Refusal> {
    fn check(name: &str, value: &serde_json::Value) -> Result<(), Refusal> {
        match value {
            serde_json::Value::String(text) => {
                let is_sound = text.chars().count() <= LONGEST_TEXT && text.chars().all(crate::identity::is_printable);
                if is_sound { Ok(()) } else { Err(Refusal::new(Code::TextInvalid).with("field", name)) }
            }
            serde_json::Value::Array(values) => values.iter().try_for_each(|value| check(name, value)),
            serde_json::Value::Object(fields) => fields.iter().try_for_each(|(name, value)| check(name, value)),
            _ => Ok(()),
        }
    }
    check("", value)
}

/// Refuses an empty reason.
fn reason_given(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Code::ReasonNeeded.into()) } else { Ok(()) }
}

/// Refuses unless the case stands in one of these states, naming the one it stands in.
fn in_status(case: &Case, allowed: &[Status]) -> Result<(), Refusal> {
    if allowed.contains(&case.status) {
        return Ok(());
    }
    let code = match case.status {
        Status::Suspended => Code::CaseSuspended,
        Status::Ended | Status::Withdrawn | Status::Terminated | Status::Archived => Code::CaseEnded,
        _ => Code::WrongStatus,
    };
    Err(Refusal::new(code).with("status", case.status.name()))
}

/// Refuses where the client can hand nothing in: before the preparation, and after the work. What it promised for later comes
/// even when the results are ready, since they wait for it.
fn receiving(case: &Case) -> Result<(), Refusal> {
    if case.status == Status::Delivering && case.open_deferrals().next().is_some() {
        return Ok(());
    }
    in_status(case, &[Status::Preparing, Status::Running])
}

/// Refuses once work on the case has come to its end.
fn still_open(case: &Case) -> Result<(), Refusal> {
    let open: Vec<Status> = Status::ALL.into_iter().filter(|status| status.is_open()).collect();
    in_status(case, &open)
}

/// The file that a command names.
fn file(facts: &Facts<'_>, id: &FileId) -> Result<FileRef, Refusal> {
    facts.files.get(id).cloned().ok_or_else(|| Refusal::new(Code::UnknownFile).with("file", id.as_str()))
}
