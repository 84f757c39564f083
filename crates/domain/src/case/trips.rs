//! Trips made and trips saved (少跑腿, S9.1).
//!
//! The rule, as pages show it:
//! - *Made by the client*: every day on which it had to come, however much it did on that day: it applied at the window,
//!   brought pieces on paper, went to a window with an escort, collected its results or took its papers back.
//! - *Made by staff*: every submission that the agent made in the client's stead, and every escort.
//! - *Saved for the client*: every matter that the agent submitted in its stead; every matter whose result on paper the agent
//!   fetched from the office; the sending of results by courier or electronically; every remote session in place of a visit.

use super::event::EndedBy;
use super::state::{Case, CaseMatter};
use crate::catalogue::Mode;
use crate::custody::PieceForm;
use serde::{Deserialize, Serialize};

/// Trips of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trips {
    /// By the client: days on which it came.
    pub made: u32,
    /// By staff, on its behalf.
    pub by_staff: u32,
    /// That the client did not have to make.
    pub saved: u32,
}

impl Case {
    /// Trips made and saved so far.
    #[must_use]
    pub fn trips(&self) -> Trips {
        let by_agent = |matter: &&CaseMatter| {
            self.mode == Mode::Agency && matter.submitted_at.is_some() && matter.accepted_at_window.is_none()
        };
        let submitted = count(self.matters.iter().filter(by_agent).count());
        let has_paper = |matter: &&CaseMatter| {
            let mut own = self.results.iter().filter(|result| result.matter == matter.scope.code);
            own.any(|result| result.form != PieceForm::Electronic)
        };
        let is_agency = self.mode == Mode::Agency;
        let fetched = count(self.matters.iter().filter(|matter| is_agency && has_paper(matter)).count());
        let sent = u32::from(matches!(self.delivered, Some(EndedBy::SignedFor | EndedBy::Confirmed)));
        Trips {
            made: count(self.records.visits.len()),
            by_staff: submitted + self.records.escorts,
            saved: submitted + fetched + sent + self.records.remote_sessions,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
