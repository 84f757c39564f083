//! Why something is not done to a meeting, and what is said of it.

use super::MOST;
use crate::identity::{TextError, Told};
use crate::ids::OfficeCode;

/// Why something is not done to a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingError {
    /// A text is empty, too long, or has a character that cannot be shown.
    Text {
        /// Which field, as a pointer.
        field: String,
        /// What is wrong with it.
        error: TextError,
    },
    /// There is no such office in the hall.
    UnknownOffice {
        /// Which field, as a pointer.
        field: String,
    },
    /// The person is nobody of that office.
    NotOfOffice {
        /// Which field, as a pointer.
        field: String,
    },
    /// A meeting needs at least one office besides the one that calls it.
    NoOffice,
    /// It would begin in the past.
    InThePast,
    /// It has not begun yet.
    NotBegun,
    /// A decision would be due before the meeting.
    DueTooEarly {
        /// Which field, as a pointer.
        field: String,
    },
    /// A day lies more than ten years from today.
    DateTooFar {
        /// Which field, as a pointer.
        field: String,
    },
    /// It does not say of an office whether somebody came.
    AttendanceMissing(OfficeCode),
    /// The same case or lead is on it already.
    ItemTwice,
    /// There is no such decision, or it is done.
    UnknownDecision,
    /// There are too many items, offices or decisions.
    TooMany,
    /// It is planned no more.
    NotPlanned,
}

impl MeetingError {
    /// The field, as a pointer.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Text { field, .. }
            | Self::UnknownOffice { field }
            | Self::NotOfOffice { field }
            | Self::DueTooEarly { field }
            | Self::DateTooFar { field } => field,
            Self::NoOffice => "/offices",
            Self::InThePast => "/at",
            Self::AttendanceMissing(_) => "/attendance",
            Self::ItemTwice => "/items",
            Self::NotBegun | Self::UnknownDecision | Self::TooMany | Self::NotPlanned => "",
        }
    }

    /// What a face says of it.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Text { error: TextError::Empty, .. } => ("required", Vec::new()),
            Self::Text { error, .. } => error.told(),
            Self::UnknownOffice { .. } => ("meeting_office", Vec::new()),
            Self::NotOfOffice { .. } => ("meeting_person", Vec::new()),
            Self::NoOffice => ("meeting_no_office", Vec::new()),
            Self::InThePast => ("meeting_past", Vec::new()),
            Self::NotBegun => ("meeting_not_begun", Vec::new()),
            Self::DueTooEarly { .. } => ("meeting_due", Vec::new()),
            Self::DateTooFar { .. } => ("date_too_far", Vec::new()),
            Self::AttendanceMissing(office) => ("meeting_attendance", vec![("office", office.to_string())]),
            Self::ItemTwice => ("meeting_item_twice", Vec::new()),
            Self::UnknownDecision => ("meeting_decision", Vec::new()),
            Self::TooMany => ("meeting_too_many", vec![("most", MOST.to_string())]),
            Self::NotPlanned => ("meeting_not_planned", Vec::new()),
        }
    }
}
