//! The register of the archive (S6.5, S8.4): where a sealed file stands, who has borrowed it, for how long it is kept, that it was
//! disposed of; and the sheets by which supervision inspects a sample.
//!
//! None of this is part of a case, whose chain ends with the sealing. Every method answers the line that is to be appended to the
//! file's history: lines are never changed.

mod error;
mod inspection;

pub use error::ArchiveError;
pub use inspection::{Candidate, Inspected, Inspection, Judgement, Sampling, Verdict, draw};

use crate::access::Action;
use crate::calendar::{is_near, today};
use crate::catalogue::Mode;
use crate::identity::read_text;
use crate::ids::{CaseId, OfficeCode, Username};
use crate::people::{Directory, Role};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The longest reason or purpose, in characters.
const LONGEST_REASON: usize = 1000;
/// The longest number of a box, shelf or folder, in characters.
const LONGEST_MARK: usize = 40;

/// How long a file is kept (保管期限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Retention {
    /// For ever.
    #[serde(rename = "permanent")]
    Permanent,
    /// 30 years.
    #[serde(rename = "30_years")]
    ThirtyYears,
    /// 10 years.
    #[serde(rename = "10_years")]
    TenYears,
}

impl Retention {
    /// Every period, the longest first.
    pub const ALL: [Self; 3] = [Self::Permanent, Self::ThirtyYears, Self::TenYears];

    /// The period of a case's file by rule: an agency case is one of a project, assistance is help at a window. The plan names
    /// the periods but not which file has which, nor the day they begin: both are assumptions, written down in `docs/archive.md`.
    #[must_use]
    pub fn of(mode: Mode) -> Self {
        match mode {
            Mode::Agency => Self::ThirtyYears,
            Mode::Assistance => Self::TenYears,
        }
    }

    /// The name on the wire and in message files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::ThirtyYears => "30_years",
            Self::TenYears => "10_years",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name() == name)
    }

    /// The last day on which the file has to be kept; none if for ever. The period begins on 1 January after the year in which
    /// the case ended.
    #[must_use]
    pub fn until(self, ended_on: NaiveDate) -> Option<NaiveDate> {
        let years = match self {
            Self::Permanent => return None,
            Self::ThirtyYears => 30,
            Self::TenYears => 10,
        };
        NaiveDate::from_ymd_opt(ended_on.year() + years, 12, 31)
    }
}

/// Where a paper file stands (盒号、架号、件号).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfPlace {
    /// 架号.
    pub shelf: String,
    /// 盒号.
    #[serde(rename = "box")]
    pub container: String,
    /// 件号.
    pub folder: String,
}

/// That a file is lent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// To whom.
    pub to: Username,
    /// What for.
    pub purpose: String,
    /// The day by which it has to be back, itself included.
    pub until: NaiveDate,
    /// Who gave it out.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// Somebody decided something of a file, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far the disposal of a file (销毁) has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposal {
    /// The archivist proposes it.
    Proposed(Ruling),
    /// Somebody else approved it. This record is kept for ever; the bytes are deleted by hand, never by the program.
    Disposed {
        /// The proposal.
        proposal: Ruling,
        /// Who approved it.
        approved_by: Username,
        /// When.
        at: DateTime<Utc>,
    },
}

/// A sealed file in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedFile {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// How it was worked on.
    pub mode: Mode,
    /// The office that led it.
    #[serde(default)]
    pub office: Option<OfficeCode>,
    /// The day on which the case ended.
    pub ended_on: NaiveDate,
    /// The day on which the first volume was sealed.
    pub sealed_on: NaiveDate,
    /// Sealed volumes.
    pub volumes: u32,
    /// For how long it is kept.
    pub retention: Retention,
    /// Why it is kept for ever.
    #[serde(default)]
    pub permanent: Option<Ruling>,
    /// Where the paper stands.
    #[serde(default)]
    pub place: Option<ShelfPlace>,
    /// Who has it.
    #[serde(default)]
    pub loan: Option<Loan>,
    /// Why it may not be disposed of for now: a complaint or a suit.
    #[serde(default)]
    pub hold: Option<Ruling>,
    /// Its disposal.
    #[serde(default)]
    pub disposal: Option<Disposal>,
}

/// What is done to a file. The JSON form is the body of `POST /archive/{case}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ArchiveCommand {
    /// Puts the paper somewhere, or somewhere else.
    Shelve {
        /// Where.
        place: ShelfPlace,
    },
    /// Lends it.
    Lend {
        /// To whom.
        to: Username,
        /// What for.
        purpose: String,
        /// Until when.
        until: NaiveDate,
    },
    /// Takes it back.
    GiveBack {},
    /// Keeps it for ever.
    KeepForever {
        /// Why.
        reason: String,
    },
    /// Keeps it from disposal for now.
    Hold {
        /// Why.
        reason: String,
    },
    /// Lets it be disposed of again.
    Release {
        /// Why.
        reason: String,
    },
    /// Proposes to dispose of it.
    ProposeDisposal {
        /// Why.
        reason: String,
    },
    /// Turns the proposal down.
    RejectDisposal {
        /// Why.
        reason: String,
    },
    /// Disposes of it.
    ApproveDisposal {},
}

impl ArchiveCommand {
    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Shelve { .. } => "shelve",
            Self::Lend { .. } => "lend",
            Self::GiveBack {} => "give_back",
            Self::KeepForever { .. } => "keep_forever",
            Self::Hold { .. } => "hold",
            Self::Release { .. } => "release",
            Self::ProposeDisposal { .. } => "propose_disposal",
            Self::RejectDisposal { .. } => "reject_disposal",
            Self::ApproveDisposal {} => "approve_disposal",
        }
    }

    /// What one has to be allowed for it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Shelve { .. }
            | Self::Lend { .. }
            | Self::GiveBack {}
            | Self::KeepForever { .. }
            | Self::ProposeDisposal { .. } => Action::KeepArchive,
            Self::Hold { .. } | Self::Release { .. } => Action::WatchArchive,
            Self::RejectDisposal { .. } | Self::ApproveDisposal {} => Action::DecideDisposal,
        }
    }
}

/// A line of a file's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveLine {
    /// It came into the archive.
    Registered(Box<ArchivedFile>),
    /// A further volume was sealed, from 2.
    VolumeAdded(u32),
    /// Something was done to it.
    Done(ArchiveCommand),
}

impl ArchivedFile {
    /// The last day on which it has to be kept; none if for ever.
    #[must_use]
    pub fn keep_until(&self) -> Option<NaiveDate> {
        self.retention.until(self.ended_on)
    }

    /// Whether its period is over, so that it may be proposed for disposal.
    #[must_use]
    pub fn is_due(&self, today: NaiveDate) -> bool {
        !self.is_disposed() && self.keep_until().is_some_and(|last| last < today)
    }

    /// Whether it was disposed of.
    #[must_use]
    pub fn is_disposed(&self) -> bool {
        matches!(self.disposal, Some(Disposal::Disposed { .. }))
    }

    /// Whether it should have been given back before today.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.loan.as_ref().is_some_and(|loan| loan.until < today)
    }

    /// Does something to the file, or says what is in the way.
    ///
    /// # Errors
    /// [`ArchiveError`]: a text or day, lent or not lent, a period that is not over, a hold, the same person twice.
    pub fn act(
        &mut self,
        command: ArchiveCommand,
        by: &Username,
        now: DateTime<Utc>,
        directory: &Directory,
    ) -> Result<ArchiveLine, ArchiveError> {
        use ArchiveCommand as C;
        if self.is_disposed() {
            return Err(ArchiveError::Disposed);
        }
        let ruling = |reason: String| Ruling { reason, by: by.clone(), at: now };
        let command = match command {
            C::Shelve { place } => {
                self.not_lent()?;
                let place = checked(&place)?;
                self.place = Some(place.clone());
                C::Shelve { place }
            }
            C::Lend { to, purpose, until } => {
                self.lend(Loan { to, purpose, until, by: by.clone(), at: now }, directory)?
            }
            C::GiveBack {} => {
                self.loan.take().ok_or(ArchiveError::NotLent)?;
                C::GiveBack {}
            }
            C::KeepForever { reason } => {
                if self.retention == Retention::Permanent {
                    return Err(ArchiveError::Permanent);
                }
                let reason = text("/reason", &reason)?;
                (self.retention, self.permanent) = (Retention::Permanent, Some(ruling(reason.clone())));
                self.disposal = None;
                C::KeepForever { reason }
            }
            C::Hold { reason } => {
                if self.hold.is_some() {
                    return Err(ArchiveError::Held);
                }
                let reason = text("/reason", &reason)?;
                self.hold = Some(ruling(reason.clone()));
                C::Hold { reason }
            }
            C::Release { reason } => {
                let reason = text("/reason", &reason)?;
                self.hold.take().ok_or(ArchiveError::NotHeld)?;
                C::Release { reason }
            }
            C::ProposeDisposal { reason } => {
                self.disposable(today(now))?;
                if self.disposal.is_some() {
                    return Err(ArchiveError::Proposed);
                }
                let reason = text("/reason", &reason)?;
                self.disposal = Some(Disposal::Proposed(ruling(reason.clone())));
                C::ProposeDisposal { reason }
            }
            C::RejectDisposal { reason } => {
                self.proposal()?;
                let reason = text("/reason", &reason)?;
                self.disposal = None;
                C::RejectDisposal { reason }
            }
            C::ApproveDisposal {} => {
                let proposal = self.proposal()?.clone();
                if proposal.by == *by {
                    return Err(ArchiveError::SamePerson);
                }
                self.disposable(today(now))?;
                self.disposal = Some(Disposal::Disposed { proposal, approved_by: by.clone(), at: now });
                C::ApproveDisposal {}
            }
        };
        Ok(ArchiveLine::Done(command))
    }

    /// Gives it out: to a member of staff, for a purpose, until a day, and to one at a time.
    fn lend(&mut self, loan: Loan, directory: &Directory) -> Result<ArchiveCommand, ArchiveError> {
        self.not_lent()?;
        if matches!(self.disposal, Some(Disposal::Proposed(_))) {
            return Err(ArchiveError::Proposed);
        }
        let is_staff = directory
            .person(&loan.to)
            .is_some_and(|person| person.active && person.roles.iter().any(|role| *role != Role::Applicant));
        if !is_staff {
            return Err(ArchiveError::Borrower);
        }
        let purpose = text("/purpose", &loan.purpose)?;
        let on = today(loan.at);
        if loan.until < on {
            return Err(ArchiveError::UntilPast);
        }
        if !is_near(loan.until, on) {
            return Err(ArchiveError::UntilTooFar);
        }
        let (to, until) = (loan.to.clone(), loan.until);
        self.loan = Some(Loan { purpose: purpose.clone(), ..loan });
        Ok(ArchiveCommand::Lend { to, purpose, until })
    }

    /// Notes a further volume; no line where it is known already.
    pub fn add_volume(&mut self, volumes: u32) -> Option<ArchiveLine> {
        if volumes <= self.volumes {
            return None;
        }
        self.volumes = volumes;
        Some(ArchiveLine::VolumeAdded(volumes))
    }

    fn not_lent(&self) -> Result<(), ArchiveError> {
        match &self.loan {
            Some(loan) => Err(ArchiveError::Lent(loan.to.clone())),
            None => Ok(()),
        }
    }

    fn proposal(&self) -> Result<&Ruling, ArchiveError> {
        match &self.disposal {
            Some(Disposal::Proposed(ruling)) => Ok(ruling),
            _ => Err(ArchiveError::NotProposed),
        }
    }

    /// Only after its period, never while it is lent or held.
    fn disposable(&self, today: NaiveDate) -> Result<(), ArchiveError> {
        self.not_lent()?;
        if self.hold.is_some() {
            return Err(ArchiveError::Held);
        }
        match self.keep_until() {
            None => Err(ArchiveError::Permanent),
            Some(last) if last >= today => Err(ArchiveError::NotDue(last)),
            Some(_) => Ok(()),
        }
    }
}

fn text(field: &'static str, text: &str) -> Result<String, ArchiveError> {
    read_text(text, LONGEST_REASON).map_err(|error| ArchiveError::Text { field, error })
}

fn checked(place: &ShelfPlace) -> Result<ShelfPlace, ArchiveError> {
    let mark = |field, text: &str| read_text(text, LONGEST_MARK).map_err(|error| ArchiveError::Text { field, error });
    Ok(ShelfPlace {
        shelf: mark("/place/shelf", &place.shelf)?,
        container: mark("/place/box", &place.container)?,
        folder: mark("/place/folder", &place.folder)?,
    })
}

#[cfg(test)]
mod tests;
