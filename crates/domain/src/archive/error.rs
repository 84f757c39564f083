//! Why something is not done to a file in the archive, and what is said of it.

use crate::identity::{TextError, Told};
use crate::ids::Username;
use chrono::NaiveDate;

/// Why something is not done to a file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveError {
    /// A text is empty, too long, or has a character that cannot be shown.
    Text {
        /// Which field, as a pointer.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// It is lent to this person.
    Lent(Username),
    /// It is not lent.
    NotLent,
    /// Only staff of the hall can borrow.
    Borrower,
    /// It would have to be back before today.
    UntilPast,
    /// It would have to be back in more than ten years.
    UntilTooFar,
    /// It is kept for ever.
    Permanent,
    /// It has to be kept until this day, itself included.
    NotDue(NaiveDate),
    /// It is kept from disposal.
    Held,
    /// Nothing keeps it from disposal.
    NotHeld,
    /// Its disposal is proposed already.
    Proposed,
    /// Its disposal is not proposed.
    NotProposed,
    /// Whoever proposes a disposal cannot approve it.
    SamePerson,
    /// It was disposed of.
    Disposed,
    /// A sample is of at least one file and of at most a hundred of each office.
    SampleSize,
    /// The period ends before it begins.
    PeriodTurned,
    /// There is no file of the period to draw from.
    NothingToDraw,
    /// The file is not on the sheet.
    NotOnSheet,
}

impl ArchiveError {
    /// The field, as a pointer.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Text { field, .. } => field,
            Self::Borrower => "/to",
            Self::UntilPast | Self::UntilTooFar => "/until",
            Self::SampleSize => "/per_office",
            Self::PeriodTurned | Self::NothingToDraw => "/to",
            Self::NotOnSheet => "/case",
            _ => "",
        }
    }

    /// What a face says of it.
    #[must_use]
    pub fn told(&self) -> Told {
        let plain = |code| (code, Vec::new());
        match self {
            Self::Text { error: TextError::Empty, .. } => plain("required"),
            Self::Text { error, .. } => error.told(),
            Self::Lent(to) => ("archive_lent", vec![("person", to.to_string())]),
            Self::NotLent => plain("archive_not_lent"),
            Self::Borrower => plain("archive_borrower"),
            Self::UntilPast => plain("archive_until_past"),
            Self::UntilTooFar => plain("date_too_far"),
            Self::Permanent => plain("archive_permanent"),
            Self::NotDue(last) => ("archive_not_due", vec![("date", last.to_string())]),
            Self::Held => plain("archive_held"),
            Self::NotHeld => plain("archive_not_held"),
            Self::Proposed => plain("archive_proposed"),
            Self::NotProposed => plain("archive_not_proposed"),
            Self::SamePerson => plain("archive_same_person"),
            Self::Disposed => plain("archive_disposed"),
            Self::SampleSize => plain("archive_sample_size"),
            Self::PeriodTurned => plain("archive_period_turned"),
            Self::NothingToDraw => plain("archive_nothing_to_draw"),
            Self::NotOnSheet => plain("archive_not_on_sheet"),
        }
    }
}
