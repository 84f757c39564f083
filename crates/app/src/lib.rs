//! Use cases: load, may, decide, save and outbox in one transaction. Pages and API are two faces of what stands here.
//!
//! [`App`] is the whole program without HTTP. Every use case that touches a case asks [`domain::access::may`] first: the
//! grant that it answers is needed to go on. Time, keys and randomness enter here and nowhere below.

mod absences;
mod accounts;
mod app;
mod archive;
mod cases;
mod check;
mod clock;
mod consultations;
mod demo;
mod drafts;
mod error;
mod findings;
mod intake;
mod jobs;
mod lapse;
mod lists;
mod making;
mod news;
mod once;
mod papers;
mod parties;
mod projection;
mod reading;
mod reference;
mod secrets;
mod uploads;

pub use absences::{AbsenceView, NewAbsence, RecordedAbsence, UncoveredCase};
pub use accounts::{ApiToken, NewPerson, NewSession, Session, User};
pub use app::{App, AppConfig, NotReady};
pub use cases::{CreatedCase, Performed};
pub use check::{CheckFinding, CheckReport};
pub use clock::Clock;
pub use consultations::{ConsultationApplicant, ConsultationView, NewConsultation};
pub use demo::{DEMO_PASSWORD, DemoSummary};
pub use error::{AppError, FieldError};
pub use findings::FindingView;
pub use intake::{Contact, Founder, NewApplicant, NewCase};
pub use lists::CaseQuery;
pub use making::Papers;
pub use once::{Answered, KEPT_DAYS, Once, Outcome};
pub use parties::{PartyFull, PartyView, PrivateField};
pub use reading::{NotedFee, OpenCase};
pub use reference::{HallFile, Reference};
pub use store::{CaseHead, CaseOrder, Page};
pub use uploads::{CodeCheck, FileContent, Uploaded};

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
