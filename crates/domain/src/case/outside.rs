//! The outside ledger: matters that are decided above the banner, by a body outside the hall, or in a system outside, are
//! followed by the agent (S5.3). Their time is not counted against the banner.

use super::command::MattersCommand;
use super::event::{Event, MatterEvent};
use super::moment::entry;
use super::refusal::{Code, Refusal};
use super::state::{Case, CaseMatter, MatterStatus, ScopedMatter};
use super::{Facts, file};
use crate::custody::FileRef;
use crate::ids::Username;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a body outside is with a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideState {
    /// 未报送
    NotFiled,
    /// 已报送
    Filed,
    /// 已受理
    Accepted,
    /// 补正中
    Correcting,
    /// 审查中
    InReview,
    /// 已作决定
    Decided,
}

impl OutsideState {
    /// Every state, in the order of a matter's way.
    pub const ALL: [Self; 6] =
        [Self::NotFiled, Self::Filed, Self::Accepted, Self::Correcting, Self::InReview, Self::Decided];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFiled => "not_filed",
            Self::Filed => "filed",
            Self::Accepted => "accepted",
            Self::Correcting => "correcting",
            Self::InReview => "in_review",
            Self::Decided => "decided",
        }
    }
}

/// What is known of a matter that is followed outside: the line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideRecord {
    /// How far the body is.
    pub state: OutsideState,
    /// The body's own number; the last one known.
    pub number: Option<String>,
    /// Its receipt; the last one known.
    pub receipt: Option<FileRef>,
    /// Who looked.
    pub checked_by: Username,
    /// When that person looked.
    pub checked_at: DateTime<Utc>,
    /// When it was entered.
    pub noted_at: DateTime<Utc>,
    /// Entered long after the fact.
    pub late: bool,
}

impl OutsideRecord {
    /// This look after the one before: number and receipt stay known where this one brought none.
    pub(super) fn after(self, matter: &CaseMatter) -> Self {
        let before = matter.outside_record.as_ref();
        let number = self.number.or_else(|| before.and_then(|record| record.number.clone()));
        let receipt = self.receipt.or_else(|| before.and_then(|record| record.receipt.clone()));
        Self { number, receipt, ..self }
    }
}

impl ScopedMatter {
    /// Whether the matter is decided above the banner. Where the banner only receives, examines first or puts the file
    /// together, it is; where the level depends on the project, it is taken as the banner's.
    #[must_use]
    pub fn is_above_banner(&self) -> bool {
        let starts = |words: &[&str]| words.iter().any(|word| self.level.starts_with(word));
        !self.level.is_empty() && (!starts(&["旗", "苏木"]) || starts(&["旗受理", "旗初审", "旗组卷"]))
    }
}

impl CaseMatter {
    /// Whether its time is not the banner's: a body outside holds it, or it is decided above the banner.
    #[must_use]
    pub fn is_outside_time(&self) -> bool {
        self.outside || self.scope.is_above_banner()
    }

    /// Whether it stands in the outside ledger: outside time, or filed in a system outside.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.is_outside_time() || self.scope.outside_system
    }
}

/// Only what is followed outside, and only while it is not finished.
pub(super) fn guard(matter: &CaseMatter) -> Result<(), Refusal> {
    if matter.is_followed() { Ok(()) } else { Err(Code::NotFollowedOutside.into()) }
}

/// Notes what a look at the body's own state found. Before the agent has submitted the matter nothing can be filed there
/// (S3.2): the ledger is no way around the order.
pub(super) fn check(case: &Case, command: &MattersCommand, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let MattersCommand::CheckOutside { matter, state, number, receipt, checked_at, late_reason } = command else {
        return Ok(Vec::new());
    };
    let known =
        case.matter(matter).ok_or_else(|| Refusal::new(Code::MatterNotInCase).with("matter", matter.as_str()))?;
    let is_submitted = matches!(known.status, MatterStatus::Submitted | MatterStatus::Stopped);
    if *state != OutsideState::NotFiled && !is_submitted {
        return Err(Code::NotSubmitted.into());
    }
    let earliest = known.submitted_at.unwrap_or(case.created_at);
    let entry = entry(*checked_at, late_reason.as_deref(), earliest, facts)?;
    let number = number.as_deref().map(str::trim).filter(|number| !number.is_empty()).map(str::to_owned);
    let event = MatterEvent::OutsideChecked {
        matter: matter.clone(),
        state: *state,
        number,
        receipt: receipt.as_ref().map(|id| file(facts, id)).transpose()?,
        happened_at: entry.happened_at,
        late: entry.late,
        late_reason: entry.reason,
    };
    Ok(vec![event.into()])
}
