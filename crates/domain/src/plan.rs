//! The project map: when each matter can begin and end, what must not slip, how long the whole takes (S5.3).
//!
//! Days are working days from the start of the project. An edge counts only if both matters are in the list.

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
        let graph = Graph::new(catalogue, codes, edges);
        let days: Vec<u32> = graph.matters.iter().map(|matter| days(matter)).collect();
        let order = graph.topological_order();
        let (finish, came_from) = graph.earliest(&order, &days);
        let total = finish.iter().copied().max().unwrap_or(0);
        let latest = graph.latest(&order, &days, total);
        let planned = |at: usize| PlannedMatter {
            code: graph.matters[at].code.clone(),
            days: days[at],
            earliest_start: finish[at] - days[at],
            earliest_finish: finish[at],
            latest_start: latest[at] - days[at],
            latest_finish: latest[at],
            slack: latest[at] - finish[at],
        };
        let mut critical = Vec::new();
        let mut at = finish.iter().position(|end| *end == total);
        while let Some(here) = at {
            critical.push(graph.matters[here].code.clone());
            at = came_from[here];
        }
        critical.reverse();
        Self { days: total, critical, matters: (0..graph.matters.len()).map(planned).collect() }
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

/// The matters of a list and their edges, as positions in the list.
struct Graph<'a> {
    matters: Vec<&'a Matter>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new(catalogue: &'a Catalogue, codes: &[MatterCode], edges: Edges) -> Self {
        let mut seen = HashSet::new();
        let matters: Vec<&Matter> =
            codes.iter().filter(|c| seen.insert(*c)).filter_map(|c| catalogue.matter(c)).collect();
        let places: HashMap<&MatterCode, usize> = matters.iter().enumerate().map(|(at, m)| (&m.code, at)).collect();
        let mut after = vec![Vec::new(); matters.len()];
        let mut before = Vec::with_capacity(matters.len());
        for (at, matter) in matters.iter().enumerate() {
            let hard = matter.depends_on.len();
            let taken = if edges == Edges::Hard { hard } else { usize::MAX };
            let firsts: Vec<usize> = matter.before().take(taken).filter_map(|code| places.get(code).copied()).collect();
            for first in &firsts {
                after[*first].push(at);
            }
            before.push(firsts);
        }
        Self { matters, before, after }
    }

    /// Every matter after all that comes before it. The catalogue has no circles, so none is left out.
    fn topological_order(&self) -> Vec<usize> {
        let mut open: Vec<usize> = self.before.iter().map(Vec::len).collect();
        let mut order: Vec<usize> = (0..open.len()).filter(|at| open[*at] == 0).collect();
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            for later in &self.after[at] {
                open[*later] -= 1;
                if open[*later] == 0 {
                    order.push(*later);
                }
            }
            next += 1;
        }
        order
    }

    /// The earliest finish of every matter, and the prerequisite that decides it.
    fn earliest(&self, order: &[usize], days: &[u32]) -> (Vec<u32>, Vec<Option<usize>>) {
        let mut finish = days.to_vec();
        let mut came_from = vec![None; days.len()];
        for at in order {
            let mut start = 0;
            for first in &self.before[*at] {
                if came_from[*at].is_none() || finish[*first] > start {
                    start = finish[*first];
                    came_from[*at] = Some(*first);
                }
            }
            finish[*at] = start + days[*at];
        }
        (finish, came_from)
    }

    /// The latest finish of every matter that keeps the whole within `total`.
    fn latest(&self, order: &[usize], days: &[u32], total: u32) -> Vec<u32> {
        let mut latest = vec![total; days.len()];
        for at in order.iter().rev() {
            for later in &self.after[*at] {
                latest[*at] = latest[*at].min(latest[*later] - days[*later]);
            }
        }
        latest
    }
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
        let listed: HashSet<&MatterCode> = codes.iter().collect();
        let mut seen = HashSet::new();
        let matters: Vec<&Matter> =
            codes.iter().filter(|c| seen.insert(*c)).filter_map(|c| catalogue.matter(c)).collect();
        let materials = || matters.iter().flat_map(|m| &m.materials);
        Self {
            matters: matters.len(),
            materials: materials().count(),
            materials_reusable_in_project: materials()
                .filter(|x| x.from_matters.iter().any(|from| listed.contains(from)))
                .count(),
            departments: matters.iter().map(|m| &m.department).collect::<HashSet<_>>().len(),
            serial_promised_days: matters.iter().map(|m| promised_days(m, false)).sum(),
        }
    }
}

#[cfg(test)]
mod tests;
