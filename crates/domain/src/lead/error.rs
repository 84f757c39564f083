//! Why something is not done to a lead, and what is said of it.

use super::MOST;
use crate::identity::{TextError, Told};
use crate::ids::{CaseId, MatterCode};

/// Why something is not done to a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadError {
    /// A text is empty, too long, or has a character that cannot be shown.
    Text {
        /// Which field, as a pointer: `/visit/said`.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// The catalogue has no such matter.
    UnknownMatter(MatterCode),
    /// The catalogue has no such template.
    UnknownTemplate,
    /// Only qualified service staff can be named (S7).
    NotQualified,
    /// A visit lies in the future.
    VisitToCome,
    /// A step would be due before today.
    StepInThePast {
        /// Which field, as a pointer.
        field: &'static str,
    },
    /// A day lies more than ten years from today.
    DateTooFar {
        /// Which field, as a pointer.
        field: &'static str,
    },
    /// There is no such open step.
    UnknownStep(usize),
    /// There are too many visits or steps.
    TooMany,
    /// It has become a case already: go on there.
    Applied(CaseId),
    /// It is closed.
    Closed,
}

impl LeadError {
    /// The field, as a pointer.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Text { field, .. } | Self::StepInThePast { field } | Self::DateTooFar { field } => field,
            Self::UnknownMatter(_) => "/matters",
            Self::UnknownTemplate => "/template",
            Self::NotQualified => "/agent",
            Self::VisitToCome => "/on",
            Self::UnknownStep(_) => "/done",
            Self::TooMany | Self::Applied(_) | Self::Closed => "",
        }
    }

    /// What a face says of it.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Text { error: TextError::Empty, .. } => ("required", Vec::new()),
            Self::Text { error, .. } => error.told(),
            Self::UnknownMatter(code) => ("unknown_matter", vec![("matter", code.to_string())]),
            Self::UnknownTemplate => ("unknown_template", Vec::new()),
            Self::NotQualified => ("lead_agent", Vec::new()),
            Self::VisitToCome => ("lead_visit_to_come", Vec::new()),
            Self::StepInThePast { .. } => ("lead_step_past", Vec::new()),
            Self::DateTooFar { .. } => ("date_too_far", Vec::new()),
            Self::UnknownStep(number) => ("lead_step_unknown", vec![("number", number.to_string())]),
            Self::TooMany => ("lead_too_many", vec![("most", MOST.to_string())]),
            Self::Applied(_) => ("lead_used", Vec::new()),
            Self::Closed => ("lead_closed", Vec::new()),
        }
    }
}
