//! What ties an actor to a member of staff, to a lead, to a meeting and to a sealed file: what is kept beside the cases.

use super::{Action, Actor, Denied, Relation};
use crate::archive::ArchivedFile;
use crate::lead::Lead;
use crate::meeting::Meeting;
use crate::people::{Person, Role};

/// The closest tie to a lead by which the action is allowed.
pub(super) fn lead_relation(actor: &Actor, action: Action, lead: &Lead) -> Result<Relation, Denied> {
    let serves = actor.has(Role::ServiceStaff) || actor.is_reception() || actor.is_business_head();
    let ties = [
        (Relation::Agent, actor.has(Role::ServiceStaff) && lead.agent.as_ref() == Some(&actor.username)),
        (Relation::Recorder, serves && lead.agent.is_none() && lead.recorded_by == actor.username),
        (Relation::BusinessHead, actor.is_business_head()),
        (Relation::Reception, actor.is_reception()),
        (Relation::Role, actor.has(Role::Supervisor) || actor.has(Role::Director)),
    ];
    let closest = |allowed: &[Relation]| {
        ties.into_iter().find(|(relation, holds)| *holds && allowed.contains(relation)).map(|(relation, _)| relation)
    };
    let sees = ties.into_iter().find(|(_, holds)| *holds).map(|(relation, _)| relation);
    let sees = sees.ok_or(Denied::Unknown)?;
    let allowed = match action {
        Action::SeeLead => Some(sees),
        Action::FollowLead => closest(&[Relation::Agent, Relation::Recorder, Relation::BusinessHead]),
        Action::AssignLead => closest(&[Relation::BusinessHead]),
        Action::TurnLead => {
            closest(&[Relation::Agent, Relation::Recorder, Relation::BusinessHead, Relation::Reception])
        }
        _ => None,
    };
    allowed.ok_or(Denied::Forbidden)
}

/// The closest tie to a meeting, or to one of its decisions, by which the action is allowed.
pub(super) fn meeting_relation(
    actor: &Actor,
    action: Action,
    meeting: &Meeting,
    decision: Option<usize>,
) -> Result<Relation, Denied> {
    let is_reader = actor.has(Role::Supervisor) || actor.has(Role::Director);
    let is_concerned =
        actor.sees_meetings() && actor.office.as_ref().is_some_and(|office| meeting.concerned().contains(office));
    let head = actor.is_business_head().then_some(Relation::BusinessHead);
    let concerned = is_concerned.then_some(Relation::Concerned);
    let sees = head.or(concerned).or(is_reader.then_some(Relation::Role)).ok_or(Denied::Unknown)?;
    let acts = [Role::WindowClerk, Role::ServiceStaff, Role::OfficeHead].into_iter().any(|role| actor.has(role));
    let owner = decision.and_then(|number| meeting.decision(number)).map(|decision| &decision.decided.office);
    let owns = acts && owner.is_some() && owner == actor.office.as_ref();
    let allowed = match action {
        Action::SeeMeeting => Some(sees),
        Action::RunMeeting => head,
        Action::CarryOutDecision => owns.then_some(Relation::Concerned).or(head),
        _ => None,
    };
    allowed.ok_or(Denied::Forbidden)
}

/// The closest tie to a sealed file by which the action is allowed. Its disposal is for a head to decide: of the office that led
/// the case, or of the business office.
pub(super) fn file_relation(actor: &Actor, action: Action, file: &ArchivedFile) -> Result<Relation, Denied> {
    let led = actor.has(Role::OfficeHead) && actor.office.is_some() && actor.office == file.office;
    let head = led.then_some(Relation::LeadHead).or(actor.is_business_head().then_some(Relation::BusinessHead));
    let by = |role| actor.has(role).then_some(Relation::Role);
    let (keeper, supervisor) = (by(Role::Archivist), by(Role::Supervisor));
    let sees = keeper.or(supervisor).or(by(Role::Director)).or(head).ok_or(Denied::Unknown)?;
    let allowed = match action {
        Action::SeeArchiveRoom => Some(sees),
        Action::KeepArchive => keeper,
        Action::WatchArchive => supervisor,
        Action::DecideDisposal => head,
        _ => None,
    };
    allowed.ok_or(Denied::Forbidden)
}

/// What ties an actor to a member of staff, best first.
pub(super) fn person_relation(actor: &Actor, action: Action, person: &Person) -> Option<Relation> {
    let is_head = actor.has(Role::OfficeHead);
    let ties = [
        (Relation::Oneself, actor.username == person.username),
        (Relation::OfficeHead, is_head && actor.office == person.office),
        (Relation::BusinessHead, is_head && actor.of_business_office),
        (Relation::Role, actor.has(Role::Administrator)),
    ];
    let is_asked = action == Action::RecordAbsence && person.office.is_some();
    ties.into_iter().find(|(_, holds)| is_asked && *holds).map(|(relation, _)| relation)
}
