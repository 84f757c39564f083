//! Who may do what: role × action × relation. The answer is a [`Grant`]: the use cases need it to go on, and it is what
//! the audit records, so a missing check does not compile.

mod follow;
mod grant;

pub use grant::{Grant, Relation};

use crate::archive::ArchivedFile;
use crate::case::{Case, CommandKind, MatterStatus, Status};
use crate::custody::Place;
use crate::ids::{MatterCode, OfficeCode, PartyId, Username};
use crate::lead::Lead;
use crate::meeting::Meeting;
use crate::people::{Directory, OfficeKind, Person, Role};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeSet;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user name.
    pub username: Username,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// The office.
    pub office: Option<OfficeCode>,
    /// The office is one of the bureau's own.
    pub of_bureau: bool,
    /// The office is the business office, which leads (S9.1).
    pub of_business_office: bool,
    /// Enterprises that it is a member of.
    pub enterprises: Vec<PartyId>,
}

impl Actor {
    /// The actor that a person is in this hall.
    #[must_use]
    pub fn of(person: &Person, directory: &Directory) -> Self {
        let office = person.office.as_ref().and_then(|code| directory.office(code));
        Self {
            username: person.username.clone(),
            roles: person.roles.clone(),
            office: person.office.clone(),
            of_bureau: office.is_some_and(|office| office.kind == OfficeKind::Bureau),
            of_business_office: person.office.is_some() && person.office == directory.business_office,
            enterprises: person.enterprises.clone(),
        }
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Supervises or directs: reads everything.
    fn watches(&self) -> bool {
        self.has(Role::Supervisor) || self.has(Role::Director)
    }

    /// A window clerk of the bureau: receives every visitor.
    fn is_reception(&self) -> bool {
        self.has(Role::WindowClerk) && self.of_bureau
    }

    /// Meetings are for staff; an administrator configures and sees no content, unless it has another role of staff beside.
    fn sees_meetings(&self) -> bool {
        self.roles.iter().any(|role| !matches!(role, Role::Administrator | Role::Applicant))
    }

    /// The head of the business office, which leads (S9.1).
    fn is_business_head(&self) -> bool {
        self.has(Role::OfficeHead) && self.of_business_office
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A command on a case.
    Command(CommandKind),
    /// See a case with its documents and time line.
    SeeCase,
    /// See the client's telephone or identity number in full.
    SeePrivate,
    /// See lists of cases; the list shows only what [`Action::SeeCase`] allows.
    ListCases,
    /// Make an application.
    CreateCase,
    /// Write down a consultation.
    CreateConsultation,
    /// See consultations.
    SeeConsultations,
    /// See the catalogue, templates and offices.
    SeeReference,
    /// See the people of the hall.
    SeePeople,
    /// Record that a person is away, or back early (S5.3), and see why.
    RecordAbsence,
    /// Upload a file.
    Upload,
    /// See what supervision found.
    SeeFindings,
    /// Configure the hall.
    Configure,
    /// Download the sealed package.
    SeeArchive,
    /// Write down a lead on a project (S5.3).
    RecordLead,
    /// See lists of leads; the list shows only what [`Action::SeeLead`] allows.
    ListLeads,
    /// See a lead.
    SeeLead,
    /// Write down a visit, or close a lead.
    FollowLead,
    /// Name the agent of a lead.
    AssignLead,
    /// Make an application of a lead.
    TurnLead,
    /// See lists of meetings and of what they decided; the list shows only what [`Action::SeeMeeting`] allows.
    ListMeetings,
    /// Call a meeting of offices.
    CallMeeting,
    /// See a meeting.
    SeeMeeting,
    /// Write the minutes of a meeting, or call it off.
    RunMeeting,
    /// Note what came of a decision.
    CarryOutDecision,
    /// Chase whoever holds a matter that one waits for (催办, S5.3).
    Chase,
    /// Put a case on a meeting that is to come.
    ReferToMeeting,
    /// See how the green channel is used (S6.4).
    SeeGreenChannel,
    /// See the ledger of projects; it holds only what [`Action::SeeCase`] allows.
    SeeLedger,
    /// See the director's board.
    SeeBoard,
    /// See the archive room (S6.5); the list of sealed files shows only what the same action on the file allows.
    SeeArchiveRoom,
    /// Put a sealed file on its shelf, lend it, keep it for ever, propose to dispose of it.
    KeepArchive,
    /// Keep a sealed file from disposal, and let it go again.
    WatchArchive,
    /// Approve or turn down that a sealed file is disposed of.
    DecideDisposal,
    /// See the sheets of inspected files (S8.4).
    SeeInspections,
    /// Draw a sample of files and judge them (S8.4).
    InspectArchive,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The actor may not even know of it: answered as if it were not there.
    Unknown,
    /// The actor may know of it, but not do this.
    Forbidden,
}

/// What an action is done on.
#[derive(Clone, Copy, Debug)]
pub enum On<'a> {
    /// The hall as a whole.
    Hall,
    /// A member of staff.
    Person(&'a Person),
    /// A lead.
    Lead(&'a Lead),
    /// A meeting, and the number of the decision that is meant.
    Meeting(&'a Meeting, Option<usize>),
    /// A sealed file in the archive.
    File(&'a ArchivedFile),
    /// A case, and the matter in it that the command names.
    Case {
        /// The case.
        case: &'a Case,
        /// The matter, where the command names one.
        matter: Option<&'a MatterCode>,
        /// Who is absent today matters for the stand-in.
        directory: &'a Directory,
        /// Today in the hall.
        today: NaiveDate,
    },
}

/// Whether `actor` may do `action` on `on`.
///
/// # Errors
/// [`Denied::Unknown`] where the actor may not know of the case, [`Denied::Forbidden`] otherwise.
pub fn may(actor: &Actor, action: Action, on: On<'_>) -> Result<Grant, Denied> {
    let relation = match on {
        On::Hall => hall_relation(actor, action).ok_or(Denied::Forbidden)?,
        On::Person(person) => follow::person_relation(actor, action, person).ok_or(Denied::Forbidden)?,
        On::Lead(lead) => follow::lead_relation(actor, action, lead)?,
        On::Meeting(meeting, decision) => follow::meeting_relation(actor, action, meeting, decision)?,
        On::File(file) => follow::file_relation(actor, action, file)?,
        On::Case { case, matter, directory, today } => {
            let tie = Tie { actor, case, matter, directory, today };
            if !tie.sees() {
                return Err(Denied::Unknown);
            }
            tie.relation(action).ok_or(Denied::Forbidden)?
        }
    };
    let on_behalf_of = match (relation, on) {
        (Relation::ActingStandIn, On::Case { case, .. }) => case.agent.clone(),
        _ => None,
    };
    Ok(Grant { actor: actor.username.clone(), action, relation, on_behalf_of })
}

fn hall_relation(actor: &Actor, action: Action) -> Option<Relation> {
    let is_staff = actor.roles.iter().any(|role| *role != Role::Applicant);
    // An administrator configures and sees no content, unless it has another role beside.
    let sees_content = actor.roles.iter().any(|role| *role != Role::Administrator);
    let allowed = match action {
        Action::ListCases => sees_content,
        Action::CreateCase => actor.has(Role::Applicant) || actor.is_reception(),
        Action::CreateConsultation => actor.is_reception() || actor.has(Role::ServiceStaff),
        Action::SeeConsultations => {
            actor.is_reception()
                || actor.has(Role::ServiceStaff)
                || (actor.of_business_office && sees_content)
                || actor.watches()
        }
        Action::SeeReference => true,
        Action::SeePeople => is_staff,
        Action::Upload => !actor.has(Role::Director) && !actor.has(Role::Administrator),
        Action::SeeFindings => actor.watches(),
        Action::Configure => actor.has(Role::Administrator),
        Action::RecordLead => actor.is_reception() || actor.has(Role::ServiceStaff) || actor.is_business_head(),
        Action::ListLeads => {
            actor.is_reception() || actor.has(Role::ServiceStaff) || actor.is_business_head() || actor.watches()
        }
        Action::ListMeetings => actor.sees_meetings(),
        Action::CallMeeting | Action::AssignLead => actor.is_business_head(),
        Action::SeeGreenChannel | Action::SeeBoard => actor.is_business_head() || actor.watches(),
        Action::SeeLedger => actor.has(Role::ServiceStaff) || actor.has(Role::OfficeHead) || actor.watches(),
        Action::SeeArchiveRoom => actor.has(Role::Archivist) || actor.has(Role::OfficeHead) || actor.watches(),
        Action::SeeInspections => actor.has(Role::Archivist) || actor.watches(),
        Action::InspectArchive => actor.has(Role::Supervisor),
        Action::Command(_)
        | Action::KeepArchive
        | Action::WatchArchive
        | Action::DecideDisposal
        | Action::SeeCase
        | Action::SeePrivate
        | Action::SeeArchive
        | Action::RecordAbsence
        | Action::SeeLead
        | Action::FollowLead
        | Action::TurnLead
        | Action::SeeMeeting
        | Action::RunMeeting
        | Action::CarryOutDecision
        | Action::Chase
        | Action::ReferToMeeting => false,
    };
    allowed.then_some(Relation::Role)
}

/// Which ties may give a command, best first.
const fn ties_for(kind: CommandKind) -> &'static [Relation] {
    use CommandKind as K;
    use Relation as R;
    match kind {
        K::SetGoal => &[R::Agent, R::ActingStandIn, R::LeadHead],
        K::ChooseMode | K::ChangeMatters => &[R::OwnEnterprise, R::Agent, R::ActingStandIn, R::LeadHead, R::Reception],
        K::AttachUscc | K::Withdraw => &[R::OwnEnterprise, R::Agent, R::ActingStandIn, R::Reception],
        K::AssignLeadOffice => &[R::BusinessHead],
        K::Accept | K::AssignAgent | K::SetStandIn | K::OpenGreenChannel | K::Terminate => &[R::LeadHead],
        K::CheckMaterials
        | K::IssueNotice
        | K::ReceiveMaterials
        | K::MoveMaterial
        | K::Start
        | K::SubmitMatter
        | K::RecordEscort
        | K::RecordRemoteSession
        | K::NoteFee
        | K::HandOverResult
        | K::SendResult
        | K::ReturnMaterials
        | K::CheckOutside
        | K::RecordParcel
        | K::CloseAssistance => &[R::Agent, R::ActingStandIn],
        K::TakeMaterial => &[R::Agent, R::ActingStandIn, R::Holder, R::MatterOffice],
        K::DeferMaterial => &[R::Agent, R::ActingStandIn, R::MatterOffice, R::LeadHead],
        K::IssuePaper => &[R::Agent, R::ActingStandIn, R::LeadHead, R::Reception],
        K::SignPaper => &[R::OwnEnterprise, R::Agent, R::ActingStandIn, R::Reception],
        K::SignTakeover => &[R::Agent, R::ActingStandIn, R::FormerAgent, R::LeadHead],
        K::SignHandover | K::SignAgreement | K::ConfirmReceipt => &[R::OwnEnterprise, R::Agent, R::ActingStandIn],
        K::ClaimMatter | K::DeclineMatter | K::ExtendLimit => &[R::MatterOffice],
        K::LiftOrder => &[R::MatterOffice, R::LeadHead],
        K::ForwardMatter => &[R::MatterOffice, R::LeadHead, R::Agent, R::ActingStandIn],
        K::FinishMatter | K::StopClock | K::ResumeClock => &[R::MatterOffice, R::Agent, R::ActingStandIn],
        K::Suspend | K::Resume => &[R::Agent, R::ActingStandIn, R::LeadHead],
        K::Evaluate => &[R::OwnEnterprise],
        K::Archive | K::AddLateDocument => &[R::Role],
    }
}

/// Everything that ties an actor to a case.
struct Tie<'a> {
    actor: &'a Actor,
    case: &'a Case,
    matter: Option<&'a MatterCode>,
    directory: &'a Directory,
    today: NaiveDate,
}

impl Tie<'_> {
    fn sees(&self) -> bool {
        let is_after_end = self.case.ended.is_some() || self.case.status == Status::Archived;
        const TIES: [Relation; 8] = [
            Relation::OwnEnterprise,
            Relation::Agent,
            Relation::StandIn,
            Relation::FormerAgent,
            Relation::Holder,
            Relation::LeadHead,
            Relation::BusinessHead,
            Relation::Reception,
        ];
        TIES.into_iter().any(|relation| self.holds(relation))
            || self.of_some_matter()
            || self.actor.has(Role::Supervisor)
            || self.actor.has(Role::Director)
            || (self.actor.has(Role::Archivist) && is_after_end)
    }

    /// The first of these ties that the actor has.
    fn first_of(&self, ties: &[Relation]) -> Option<Relation> {
        ties.iter().copied().find(|relation| self.holds(*relation))
    }

    fn relation(&self, action: Action) -> Option<Relation> {
        match action {
            Action::Command(CommandKind::Archive | CommandKind::AddLateDocument) => {
                self.actor.has(Role::Archivist).then_some(Relation::Role)
            }
            Action::Command(kind) => self.first_of(ties_for(kind)),
            Action::SeeCase => Some(self.closest()),
            Action::SeePrivate => self.first_of(&[
                Relation::OwnEnterprise,
                Relation::Agent,
                Relation::StandIn,
                Relation::LeadHead,
                Relation::Reception,
            ]),
            // Whoever waits: the client, who serves it, who leads, and the offices, which wait for each other.
            Action::Chase if self.holds(Relation::OwnEnterprise) => Some(Relation::OwnEnterprise),
            Action::Chase | Action::ReferToMeeting => self.first_of(&[
                Relation::Agent,
                Relation::ActingStandIn,
                Relation::LeadHead,
                Relation::BusinessHead,
                Relation::MatterOffice,
            ]),
            Action::SeeArchive => {
                let by_role = self.actor.has(Role::Archivist) || self.actor.has(Role::Supervisor);
                let own = self.holds(Relation::OwnEnterprise).then_some(Relation::OwnEnterprise);
                own.or(by_role.then_some(Relation::Role))
            }
            _ => None,
        }
    }

    fn closest(&self) -> Relation {
        const TIES: [Relation; 9] = [
            Relation::OwnEnterprise,
            Relation::Agent,
            Relation::StandIn,
            Relation::FormerAgent,
            Relation::LeadHead,
            Relation::BusinessHead,
            Relation::MatterOffice,
            Relation::Holder,
            Relation::Reception,
        ];
        TIES.into_iter().find(|relation| self.holds(*relation)).unwrap_or(Relation::Role)
    }

    fn holds(&self, relation: Relation) -> bool {
        let me = Some(&self.actor.username);
        let office = self.actor.office.as_ref();
        match relation {
            Relation::OwnEnterprise => {
                self.actor.has(Role::Applicant) && self.actor.enterprises.contains(&self.case.applicant)
            }
            Relation::Agent => self.case.agent.as_ref() == me,
            Relation::StandIn => self.case.stand_in.as_ref() == me,
            Relation::FormerAgent => self.case.takeover().is_some_and(|(from, _)| Some(from) == me),
            Relation::ActingStandIn => self.holds(Relation::StandIn) && self.agent_is_absent(),
            Relation::Holder => self.case.items.iter().any(|item| match &item.place {
                Place::Person(person) => Some(person) == me,
                Place::Office(code) => self.is_handler() && Some(code) == office,
                _ => false,
            }),
            Relation::LeadHead => {
                self.actor.has(Role::OfficeHead) && office.is_some() && self.case.lead_office.as_ref() == office
            }
            Relation::BusinessHead => self.actor.has(Role::OfficeHead) && self.actor.of_business_office,
            Relation::MatterOffice => match self.matter {
                Some(code) => self.is_handler() && self.case.matter(code).is_some_and(|m| Some(&m.office) == office),
                None => self.of_some_matter(),
            },
            Relation::Reception => self.actor.is_reception(),
            Relation::Oneself
            | Relation::OfficeHead
            | Relation::Recorder
            | Relation::Concerned
            | Relation::Role
            | Relation::Program => false,
        }
    }

    fn is_handler(&self) -> bool {
        self.actor.has(Role::WindowClerk) || self.actor.has(Role::OfficeHead)
    }

    /// Offices see the case once their matter has been sent to them.
    fn of_some_matter(&self) -> bool {
        let office = self.actor.office.as_ref();
        self.is_handler()
            && office.is_some()
            && self.case.matters.iter().any(|m| Some(&m.office) == office && m.status != MatterStatus::Planned)
    }

    fn agent_is_absent(&self) -> bool {
        let agent = self.case.agent.as_ref().and_then(|agent| self.directory.person(agent));
        agent.is_some_and(|person| person.is_absent(self.today))
    }
}
