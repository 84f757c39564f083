//! Matters as the plan sees them, whether they come from a case, a template or a lead.

use super::graph::Graph;
use super::template::{listed, promised_days};
use crate::calendar::{Calendar, today};
use crate::case::{Case, CaseMatter, MatterStatus, Outcome};
use crate::catalogue::{Catalogue, Limit, Matter};
use crate::clock::{Clock, IntervalKind};
use crate::ids::{MatterCode, OfficeCode, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Where a matter stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemState {
    /// Finished, and what comes after it may begin.
    Done {
        /// When it was submitted; none if it was not needed.
        since: Option<NaiveDate>,
        /// When it was finished.
        on: NaiveDate,
    },
    /// Refused: it has to be done again before anything after it may begin.
    Refused {
        /// When it was refused.
        on: NaiveDate,
    },
    /// Submitted, its clock runs.
    Running {
        /// When it was submitted.
        since: NaiveDate,
        /// When it is due; none without a limit.
        due: Option<NaiveDate>,
        /// The due day is over.
        overdue: bool,
    },
    /// Submitted, its clock is stopped.
    Stopped {
        /// When it was submitted.
        since: NaiveDate,
        /// The planned end of the stop.
        until: Option<NaiveDate>,
    },
    /// Not submitted; by law nothing comes before it any more.
    Ready,
    /// Not submitted; something has to be finished first.
    Waiting,
}

impl ItemState {
    /// Whether it has been submitted and is not finished.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Running { .. } | Self::Stopped { .. })
    }

    /// Whether it is finished, so that what comes after it may begin.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// When it was submitted, if it was and has not to be done again.
    #[must_use]
    pub const fn since(&self) -> Option<NaiveDate> {
        match self {
            Self::Done { since, .. } => *since,
            Self::Running { since, .. } | Self::Stopped { since, .. } => Some(*since),
            Self::Refused { .. } | Self::Ready | Self::Waiting => None,
        }
    }
}

/// A matter as the plan sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// The matter.
    pub code: MatterCode,
    /// The office that holds it.
    pub office: OfficeCode,
    /// That office is outside the hall.
    pub outside: bool,
    /// Who works on it: the one who claimed it, else the agent.
    pub person: Option<Username>,
    /// Where it stands.
    pub state: ItemState,
    /// Working days that remain, or are promised while it is not submitted. None without a limit: such time cannot be planned.
    pub days: u32,
    /// Working days that its special procedures may take at the longest, beyond those that it has had.
    pub special: u32,
    /// Matters that must be finished first.
    pub hard: Vec<MatterCode>,
    /// Matters that usually come first and that no preliminary look has lifted.
    pub soft: Vec<MatterCode>,
    /// How long it takes compared with what is usual, in per cent. A what-if changes it.
    pub pace: u32,
    /// Working days by which its office is late. A what-if sets it.
    pub late: u32,
    /// Nobody lets it lie before it is submitted. A what-if sets it.
    pub prompt: bool,
}

/// The matters of a case, in list order, with the rules that applied when they entered it.
#[must_use]
pub fn items_of(case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> Vec<PlanItem> {
    case.matters.iter().map(|matter| item_of(case, matter, calendar, now)).collect()
}

fn item_of(case: &Case, matter: &CaseMatter, calendar: &Calendar, now: DateTime<Utc>) -> PlanItem {
    let state = state_of(case, matter, calendar, now);
    let promised = matter.scope.limit.map_or(0, Limit::as_working_days);
    let days = match (&state, &matter.clock) {
        (ItemState::Done { .. }, _) => 0,
        (ItemState::Running { .. } | ItemState::Stopped { .. }, clock) => {
            clock.as_ref().map_or(0, |clock| days_left(clock, calendar, now))
        }
        _ => promised,
    };
    let had_special = |clock: &Clock| clock.intervals.iter().any(|interval| interval.kind == IntervalKind::Special);
    let is_past_special = state.is_done() || matter.clock.as_ref().is_some_and(had_special);
    let special = matter.scope.special.iter().filter(|_| !is_past_special);
    let is_lifted = |code: &&MatterCode| matter.lifted.iter().any(|lifted| lifted.before == **code);
    PlanItem {
        code: matter.scope.code.clone(),
        office: matter.office.clone(),
        outside: matter.outside,
        person: matter.claimed_by.clone().or_else(|| case.agent.clone()),
        days,
        special: special.map(|procedure| procedure.limit().as_working_days()).sum(),
        hard: matter.scope.prerequisites.clone(),
        soft: matter.scope.after.iter().filter(|code| !is_lifted(code)).cloned().collect(),
        state,
        pace: 100,
        late: 0,
        prompt: false,
    }
}

fn state_of(case: &Case, matter: &CaseMatter, calendar: &Calendar, now: DateTime<Utc>) -> ItemState {
    let since = today(matter.submitted_at.unwrap_or(now));
    match matter.status {
        MatterStatus::Finished => {
            let on = today(matter.finished_at.unwrap_or(now));
            match matter.outcome {
                Some(Outcome::Refused) => ItemState::Refused { on },
                _ => ItemState::Done { since: matter.submitted_at.map(today), on },
            }
        }
        MatterStatus::Submitted => {
            let clock = matter.clock.as_ref();
            let due = clock.and_then(|clock| clock.due(calendar, now)).map(|due| due.date);
            ItemState::Running { since, due, overdue: clock.is_some_and(|clock| clock.is_overdue(calendar, now)) }
        }
        MatterStatus::Stopped => {
            let last = matter.clock.as_ref().and_then(|clock| clock.intervals.last());
            ItemState::Stopped { since, until: last.and_then(|interval| interval.until) }
        }
        _ if case.open_prerequisites(matter).is_empty() => ItemState::Ready,
        _ => ItemState::Waiting,
    }
}

/// Working days until a clock is due. What is overdue is not expected before the next working day.
fn days_left(clock: &Clock, calendar: &Calendar, now: DateTime<Utc>) -> u32 {
    if clock.is_overdue(calendar, now) {
        return 1;
    }
    u32::try_from(clock.remaining(calendar, now)).unwrap_or(0)
}

/// The matters of a list that is not a case yet: a template, a lead, a selection. Unknown and repeated codes are passed over.
#[must_use]
pub fn items_of_list(catalogue: &Catalogue, codes: &[MatterCode]) -> Vec<PlanItem> {
    let matters = listed(catalogue, codes);
    let known: HashSet<&MatterCode> = matters.iter().map(|matter| &matter.code).collect();
    let is_outside = |office: &OfficeCode| catalogue.office(office).is_some_and(|office| !office.enters_hall);
    let item = |matter: &&Matter| PlanItem {
        code: matter.code.clone(),
        office: matter.department.clone(),
        outside: is_outside(&matter.department),
        person: None,
        state: match matter.depends_on.iter().any(|code| known.contains(code)) {
            true => ItemState::Waiting,
            false => ItemState::Ready,
        },
        days: promised_days(matter, false),
        special: promised_days(matter, true) - promised_days(matter, false),
        hard: matter.depends_on.clone(),
        soft: matter.soft_after.clone(),
        pace: 100,
        late: 0,
        prompt: false,
    };
    matters.iter().map(item).collect()
}

/// What still decides when a matter begins: edges from what is not done to what is not submitted. An edge counts only if both
/// matters are in the list, and once.
///
/// The catalogue has no circle. Matters that entered a case under different versions of it could make one; then only what the
/// law orders counts, and what goes in a circle even so is planned as if nothing came before it.
pub(super) fn open_graph(items: &[PlanItem]) -> Graph {
    let places: HashMap<&MatterCode, usize> = items.iter().enumerate().map(|(at, item)| (&item.code, at)).collect();
    let edges = |with_soft: bool| {
        let before = |item: &PlanItem| {
            let mut firsts = Vec::new();
            if !item.state.is_done() && !item.state.is_under_way() {
                let soft = item.soft.iter().filter(|_| with_soft);
                for at in item.hard.iter().chain(soft).filter_map(|code| places.get(code).copied()) {
                    if !items[at].state.is_done() && !firsts.contains(&at) {
                        firsts.push(at);
                    }
                }
            }
            firsts
        };
        Graph::new(items.iter().map(before).collect())
    };
    let all = edges(true);
    if all.is_ordered() { all } else { edges(false) }
}

/// Matters whose order goes in a circle, or that come after one; empty if every matter can have its turn.
#[must_use]
pub fn in_circle(order: &[(&MatterCode, Vec<&MatterCode>)]) -> Vec<MatterCode> {
    let places: HashMap<&MatterCode, usize> = order.iter().enumerate().map(|(at, (code, _))| (*code, at)).collect();
    let before = order.iter().map(|(_, before)| before.iter().filter_map(|code| places.get(code).copied()).collect());
    let graph = Graph::new(before.collect());
    graph.out_of_order().into_iter().map(|at| order[at].0.clone()).collect()
}
