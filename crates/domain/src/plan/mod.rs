//! The project map: when each matter can begin and end, what must not slip, how long the whole takes (S5.3).
//!
//! [`Plan`] counts in working days from a start and knows no calendar: what a template promises. [`schedule`] puts dates to a
//! project from what is finished, what runs and what remains. [`forecast`] says what is likely, from how long such matters have
//! taken. [`Scenario`] changes the matters for a what-if; both can then be asked again.

mod chance;
mod days;
mod forecast;
mod graph;
mod history;
mod items;
mod milestones;
mod quality;
mod scenario;
mod schedule;
mod template;
#[cfg(test)]
mod tests;

pub use forecast::{Bar, Forecast, LIMIT_WEIGHT, Likely, MatterForecast, MilestoneForecast, Play, Spread, forecast};
pub use history::{Basis, ENOUGH, History, HistoryLine, MatterRun, runs_of};
pub use items::{ItemState, PlanItem, in_circle, items_of, items_of_list};
pub use milestones::MilestoneDate;
pub use quality::{Kept, Quality, how_good};
pub use scenario::Scenario;
pub use schedule::{Blocker, Schedule, Scheduled, blockers, schedule};
pub use template::{Edges, Plan, PlanCounts, PlannedMatter, promised_days};
