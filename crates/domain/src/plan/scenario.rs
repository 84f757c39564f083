//! What if: a project with something changed, to be scheduled and forecast beside itself.

use super::items::{ItemState, PlanItem};
use crate::ids::{MatterCode, OfficeCode};
use serde::{Deserialize, Serialize};

/// What is supposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// The project is on the green channel (S6.4): what is not submitted yet has its shortened limit.
    pub green: bool,
    /// Somebody stands in whenever the agent is away: nothing lies between the day on which it could be submitted and the day on
    /// which it is. The most that a stand-in can gain.
    pub stand_in: bool,
    /// Matters for which a preliminary look lifts the usual order; what the law orders stays.
    pub early_start: Vec<MatterCode>,
    /// Offices that are late, by so many working days with each of their matters.
    pub late: Vec<(OfficeCode, u32)>,
    /// Offices with so many per cent more staff: they need less time in the same measure. The most that staff can gain.
    pub more_staff: Vec<(OfficeCode, u32)>,
}

impl Scenario {
    /// Whether nothing is supposed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The matters as they would be; finished ones stay. `green_percent` is the share of a limit on the green channel.
    #[must_use]
    pub fn apply(&self, items: &[PlanItem], green_percent: u32) -> Vec<PlanItem> {
        items.iter().map(|item| self.changed(item.clone(), green_percent)).collect()
    }

    fn changed(&self, mut item: PlanItem, green_percent: u32) -> PlanItem {
        if item.state.is_done() {
            return item;
        }
        let is_open = matches!(item.state, ItemState::Ready | ItemState::Waiting | ItemState::Refused { .. });
        if self.green && is_open {
            // The shortened limit is promised for all; a body outside does not work faster for it.
            let pace = item.pace;
            quicken(&mut item, green_percent.min(100), 100);
            item.pace = if item.outside { pace } else { item.pace };
        }
        for (office, percent) in &self.more_staff {
            if *office == item.office {
                quicken(&mut item, 100, percent.saturating_add(100));
            }
        }
        let late = self.late.iter().filter(|(office, _)| *office == item.office);
        item.late = late.fold(item.late, |late, (_, days)| late.saturating_add(*days));
        if self.early_start.contains(&item.code) {
            item.soft.clear();
        }
        item.prompt |= self.stand_in;
        item
    }
}

/// The matter takes `part` of `whole` of its time; what takes any time takes a day.
fn quicken(item: &mut PlanItem, part: u32, whole: u32) {
    let share = |number: u32| u32::try_from((u64::from(number) * u64::from(part)).div_ceil(u64::from(whole)));
    item.days = share(item.days).unwrap_or(item.days).max(item.days.min(1));
    item.pace = share(item.pace).unwrap_or(item.pace);
}
