//! Milestones of a project (开工、竣工、投产): when each can be reached, and what it still waits for.

use super::schedule::Scheduled;
use crate::calendar::Due;
use crate::catalogue::Milestone;
use crate::ids::MatterCode;
use serde::{Deserialize, Serialize};

/// A milestone with its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneDate {
    /// Its code in the catalogue.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When it can be reached at the earliest, or was.
    pub on: Due,
    /// All that it asks for is finished.
    pub reached: bool,
    /// What it asks for and is not finished, in list order.
    pub waits_for: Vec<MatterCode>,
}

/// The milestones that a project has matters for: each is reached when the last of them is finished.
pub(super) fn milestone_dates(items: &[Scheduled], milestones: &[Milestone]) -> Vec<MilestoneDate> {
    let date = |milestone: &Milestone| {
        let asked = || items.iter().filter(|item| milestone.requires.contains(&item.code));
        let open = || asked().filter(|item| !item.state.is_done());
        Some(MilestoneDate {
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            on: open().map(|item| item.finish).max().or_else(|| asked().map(|item| item.finish).max())?,
            reached: open().next().is_none(),
            waits_for: open().map(|item| item.code.clone()).collect(),
        })
    };
    milestones.iter().filter_map(date).collect()
}
