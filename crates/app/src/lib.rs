//! Use cases: load, may, decide, save and outbox in one transaction. Pages and API are two faces of what stands here.
//!
//! [`App`] is the whole program without HTTP. Every use case that touches a case asks [`domain::access::may`] first: the
//! grant that it answers is needed to go on. Time, keys and randomness enter here and nowhere below.

mod absences;
mod accounts;
mod app;
mod archive;
mod archive_room;
mod board;
mod cases;
mod check;
mod clock;
pub mod configuration;
mod consultations;
mod custody;
mod dates;
mod demo;
mod drafts;
mod error;
mod findings;
mod green;
mod intake;
mod jobs;
mod labels;
mod lapse;
mod leads;
mod ledger;
mod lists;
mod making;
mod meetings;
mod news;
mod once;
mod papers;
mod parties;
mod plan;
mod projection;
mod reading;
mod reference;
mod secrets;
pub mod sheet;
mod signing;
mod uploads;
mod warnings;

pub use absences::{AbsenceView, NewAbsence, RecordedAbsence, UncoveredCase};
pub use accounts::{ApiToken, NewPerson, NewSession, Session, User};
pub use app::{App, AppConfig, NotReady};
pub use archive_room::{
    ArchiveQuery, ArchivedView, FileState, OpenFile, OpenFiles, OpenFilesOrder, OpenFilesQuery, SEALED_ORDERS,
};
pub use board::{Board, Desk, OfficeDays, SideBlockers};
pub use cases::{CreatedCase, Performed};
pub use check::{CheckFinding, CheckReport};
pub use clock::Clock;
pub use consultations::{ConsultationApplicant, ConsultationView, NewConsultation};
pub use custody::{CustodyList, CustodyQuery, CustodyView};
pub use dates::Refreshed;
pub use demo::{DEMO_PASSWORD, DemoSummary};
pub use documents::{Form as PaperForm, Outline as PaperOutline};
pub use error::{AppError, FieldError};
pub use findings::FindingView;
pub use green::GreenCase;
pub use intake::{Contact, Founder, NewApplicant, NewCase};
pub use leads::{AssignLead, CloseLead, LeadQuery, LeadView, LineView, NewLead};
pub use ledger::{
    Ledger, LedgerOrder, LedgerQuery, LedgerRow, NoticeWords, OutsideLedger, OutsideOrder, OutsideQuery, OutsideRow,
};
pub use lists::{CaseQuery, Cut};
pub use making::Papers;
pub use meetings::{CancelMeeting, DecisionDone, DecisionQuery, MeetingQuery, NewItem, NewMeeting, ReferCase};
pub use once::{Answered, KEPT_DAYS, Once, Outcome};
pub use parties::{PartyFull, PartyView, PrivateField};
pub use plan::{ForecastQuality, ProjectForecast, ProjectPlan, Supposed, Wanted};
pub use reading::{NotedFee, OpenCase};
pub use reference::{HallFile, Reference, Window};
pub use secrets::{PublicSeal, public_seals, renew_seal};
pub use signing::{Ink, LinkPaper, LinkSigned, LinkSigning, LinkStage, MadeLink, SignerForm, Signing, signing_command};
pub use store::{CaseHead, CaseOrder, CustodyOrder, DecisionRecord, Page};
pub use uploads::{CodeCheck, FileContent, Uploaded};
pub use warnings::{Chased, NewChase, OfficeCount, Pressing, PressingMatter, PressingQuery, WarningView};

/// An answer that was given to a request, kept to be given again to the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers worth repeating.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
