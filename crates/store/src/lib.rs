//! Rows and queries on SQLite and PostgreSQL; row types never leave it.
//!
//! # How to use it
//!
//! [`Store::open`] takes `sqlite:PATH` or `postgres://…`; [`Store::migrate`] brings the tables up to date. Everything that only
//! reads is a method of [`View`], which [`Store`] and [`Tx`] both deref to: called on the store it sees what is committed, called
//! inside a transaction it sees the transaction's own writes too. Everything that writes is a method of [`Tx`], which exists only
//! inside [`Store::write`]:
//!
//! ```ignore
//! let number = store
//!     .write(move |tx| Box::pin(async move {
//!         let number = tx.next_number("case", 2026).await?;
//!         tx.insert_case(&record, &events).await?;
//!         tx.enqueue(&[job]).await?;
//!         Ok::<_, StoreError>(number)
//!     }))
//!     .await?;
//! ```
//!
//! Write the closure into the call itself: bound to a variable first, the compiler does not see that its future borrows `tx`.
//!
//! The closure is atomic: `Err` or a panic undoes all of it, `Ok` is answered only after the commit. On SQLite one task owns the
//! only writing connection and commits the waiting closures together, each in its own savepoint; so a closure must not wait for
//! anything but the database, and must never call [`Store::write`] itself. On PostgreSQL each closure is an ordinary transaction.
//!
//! A closure that met a [`StoreError`] cannot commit any more, even if it swallows the error (PostgreSQL has given the
//! transaction up by then, SQLite would not have; the store treats both alike): it is rolled back and [`StoreError::Spoiled`] is
//! answered. [`AppendError::Conflict`] does not spoil: nothing was written.
//!
//! Times are cut to microseconds on the way in, so that both databases give back the same.

mod absences;
mod answers;
mod archive;
mod audit;
mod backend;
mod case_filter;
mod case_list;
mod cases;
mod consultations;
mod custody;
mod dates;
mod drafts;
mod error;
mod events;
mod files;
mod findings;
mod follow;
mod forecasts;
mod leads;
mod meetings;
mod migrations;
mod numbers;
mod outbox;
mod page;
mod parties;
mod persons;
mod reference;
mod rows;
mod runs;
mod search;
mod sessions;
mod sign_links;
mod store;
mod warnings;
mod writer;

pub use absences::{AbsenceEnd, AbsenceRecord};
pub use answers::Answer;
pub use archive::{ArchiveFileRecord, ArchiveFilter, ArchiveOrder, InspectionRecord};
pub use audit::{AuditFilter, AuditRecord};
pub use backend::Backend;
pub use case_filter::{CaseFilter, CaseOrder, Visibility};
pub use case_list::CountBy;
pub use cases::{CaseHead, CaseOffice, CaseRecord};
pub use consultations::{ConsultationFilter, ConsultationRecord};
pub use custody::{CustodyCount, CustodyFilter, CustodyItem, CustodyOrder, CustodyRow};
pub use dates::{MovedDates, OpenCaseDates};
pub use drafts::DraftRecord;
pub use error::{AppendError, StoreError};
pub use events::{EventChains, EventRecord};
pub use files::FileRecord;
pub use findings::{FindingFilter, FindingRecord};
pub use follow::LineRecord;
pub use forecasts::ForecastRecord;
pub use leads::{LeadFilter, LeadRecord};
pub use meetings::{DecisionFilter, DecisionRecord, MeetingFilter, MeetingRecord};
pub use outbox::{OutboxJob, OutboxRecord};
pub use page::Page;
pub use parties::PartyRecord;
pub use persons::PersonRecord;
pub use reference::{NewReference, ReferenceVersion};
pub use sessions::{SessionRecord, TokenRecord};
pub use sign_links::SignLinkRecord;
pub use store::{Store, View, micros};
pub use warnings::{PressingCount, PressingFilter, PressingRow, WarningKey, WarningRecord};
pub use writer::{BoxFuture, Tx};
