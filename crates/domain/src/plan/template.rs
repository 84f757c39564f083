//! A list of matters as working days from its start, without a calendar: what a template promises.

use super::graph::Graph;
use crate::catalogue::{Catalogue, Limit, Matter, SpecialProcedure};
use crate::ids::MatterCode;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Which prerequisites a plan follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edges {
    /// Only `depends_on`: what the law orders.
    Hard,
    /// `depends_on` and `soft_after`: the usual order.
    All,
}

/// One matter in a plan; all times are working days from the start of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMatter {
    /// The matter.
    pub code: MatterCode,
    /// How long it takes.
    pub days: u32,
    /// The earliest day on which it can begin.
    pub earliest_start: u32,
    /// The earliest day on which it can be finished.
    pub earliest_finish: u32,
    /// The latest day on which it may begin without delaying the whole.
    pub latest_start: u32,
    /// The latest day on which it may be finished without delaying the whole.
    pub latest_finish: u32,
    /// How many days it may slip without delaying the whole.
    pub slack: u32,
}

/// The plan of a list of matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Length of the whole in working days.
    pub days: u32,
    /// A longest path, in the order of work. Of equal ones: the end first in the list of matters, and going back from it the
    /// prerequisite that the matter names first (`depends_on` before `soft_after`).
    pub critical: Vec<MatterCode>,
    /// Every matter, in list order.
    pub matters: Vec<PlannedMatter>,
}

impl Plan {
    /// Plans with promised days (none counts as nothing), on demand with every special procedure at its longest.
    #[must_use]
    pub fn compute(catalogue: &Catalogue, codes: &[MatterCode], edges: Edges, with_special: bool) -> Self {
        Self::compute_with(catalogue, codes, edges, |matter| promised_days(matter, with_special))
    }

    /// Plans with other durations, such as what clocks and history say. Unknown and repeated codes are passed over.
    #[must_use]
    pub fn compute_with(
        catalogue: &Catalogue,
        codes: &[MatterCode],
        edges: Edges,
        days: impl Fn(&Matter) -> u32,
    ) -> Self {
        let matters = listed(catalogue, codes);
        let graph = graph(&matters, edges);
        let days: Vec<u32> = matters.iter().map(|matter| days(matter)).collect();
        let earliest = graph.earliest(&days);
        let total = earliest.finish.iter().copied().max().unwrap_or(0);
        let latest = graph.latest(&days, &vec![i64::from(total); days.len()]);
        let planned = |at: usize| {
            let (days, finish) = (days[at], earliest.finish[at]);
            let latest = u32::try_from(latest[at]).unwrap_or(0);
            PlannedMatter {
                code: matters[at].code.clone(),
                days,
                earliest_start: finish - days,
                earliest_finish: finish,
                latest_start: latest - days,
                latest_finish: latest,
                slack: latest - finish,
            }
        };
        let end = earliest.finish.iter().position(|finish| *finish == total);
        let critical = end.map_or_else(Vec::new, |end| earliest.path_to(end));
        Self {
            days: total,
            critical: critical.into_iter().map(|at| matters[at].code.clone()).collect(),
            matters: (0..matters.len()).map(planned).collect(),
        }
    }

    /// A matter of the plan.
    #[must_use]
    pub fn matter(&self, code: &MatterCode) -> Option<&PlannedMatter> {
        self.matters.iter().find(|planned| planned.code == *code)
    }
}

/// The promised days of a matter in working days, on demand with its special procedures at their longest.
#[must_use]
pub fn promised_days(matter: &Matter, with_special: bool) -> u32 {
    let promised = matter.promised.map_or(0, Limit::as_working_days);
    let special: u32 = matter.special_procedures.iter().map(|p| SpecialProcedure::limit(p).as_working_days()).sum();
    if with_special { promised + special } else { promised }
}

/// The matters of a list, each once; unknown codes are passed over.
pub(super) fn listed<'a>(catalogue: &'a Catalogue, codes: &[MatterCode]) -> Vec<&'a Matter> {
    let mut seen = HashSet::new();
    codes.iter().filter(|code| seen.insert(*code)).filter_map(|code| catalogue.matter(code)).collect()
}

/// The order among these matters.
fn graph(matters: &[&Matter], edges: Edges) -> Graph {
    let places: HashMap<&MatterCode, usize> = matters.iter().enumerate().map(|(at, m)| (&m.code, at)).collect();
    let before = |matter: &&Matter| {
        let taken = if edges == Edges::Hard { matter.depends_on.len() } else { usize::MAX };
        matter.before().take(taken).filter_map(|code| places.get(code).copied()).collect()
    };
    Graph::new(matters.iter().map(before).collect())
}

/// What a list of matters amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Number of matters.
    pub matters: usize,
    /// Number of materials, each matter's counted on its own.
    pub materials: usize,
    /// How many of them are the result of another matter of the list.
    pub materials_reusable_in_project: usize,
    /// Number of offices that handle them.
    pub departments: usize,
    /// Working days if everything ran one after the other.
    pub serial_promised_days: u32,
}

impl PlanCounts {
    /// Counts a list of matters; unknown and repeated codes are passed over.
    #[must_use]
    pub fn of(catalogue: &Catalogue, codes: &[MatterCode]) -> Self {
        let codes_listed: HashSet<&MatterCode> = codes.iter().collect();
        let matters = listed(catalogue, codes);
        let materials = || matters.iter().flat_map(|m| &m.materials);
        Self {
            matters: matters.len(),
            materials: materials().count(),
            materials_reusable_in_project: materials()
                .filter(|x| x.from_matters.iter().any(|from| codes_listed.contains(from)))
                .count(),
            departments: matters.iter().map(|m| &m.department).collect::<HashSet<_>>().len(),
            serial_promised_days: matters.iter().map(|m| promised_days(m, false)).sum(),
        }
    }
}
