//! Matters and what comes before them, as places in a list: the longest way through, forwards and backwards.

/// What comes before what.
pub(super) struct Graph {
    /// For each place, the places that come before it, in the order in which they are named.
    pub(super) before: Vec<Vec<usize>>,
    /// For each place, the places that come after it, in list order.
    pub(super) after: Vec<Vec<usize>>,
    order: Vec<usize>,
}

/// The earliest finish of every place, and the place before that decides it.
pub(super) struct Earliest {
    pub(super) finish: Vec<u32>,
    pub(super) came_from: Vec<Option<usize>>,
}

impl Graph {
    pub(super) fn new(before: Vec<Vec<usize>>) -> Self {
        let mut after = vec![Vec::new(); before.len()];
        for (at, firsts) in before.iter().enumerate() {
            for first in firsts {
                after[*first].push(at);
            }
        }
        let order = order(&before, &after);
        Self { before, after, order }
    }

    /// Whether nothing goes in a circle.
    pub(super) fn is_ordered(&self) -> bool {
        self.order.len() == self.before.len()
    }

    /// The places that go in a circle or come after one.
    pub(super) fn out_of_order(&self) -> Vec<usize> {
        (0..self.before.len()).filter(|at| !self.order.contains(at)).collect()
    }

    /// The earliest finish of every place.
    pub(super) fn earliest(&self, days: &[u32]) -> Earliest {
        let mut earliest = Earliest { finish: Vec::new(), came_from: Vec::new() };
        self.earliest_into(days, &mut earliest);
        earliest
    }

    /// As [`Graph::earliest`], into what was there before: a forecast asks ten thousand times.
    pub(super) fn earliest_into(&self, days: &[u32], earliest: &mut Earliest) {
        let Earliest { finish, came_from } = earliest;
        finish.clear();
        finish.extend_from_slice(days);
        came_from.clear();
        came_from.resize(days.len(), None);
        for at in &self.order {
            let (mut start, mut from) = (0, None);
            for first in &self.before[*at] {
                if from.is_none() || finish[*first] > start {
                    start = finish[*first];
                    from = Some(*first);
                }
            }
            finish[*at] = start.saturating_add(days[*at]);
            came_from[*at] = from;
        }
    }

    /// The latest finish of every place: its own end, and early enough for all that comes after it.
    pub(super) fn latest(&self, days: &[u32], ends: &[i64]) -> Vec<i64> {
        let mut latest = ends.to_vec();
        for at in self.order.iter().rev() {
            for later in &self.after[*at] {
                latest[*at] = latest[*at].min(latest[*later] - i64::from(days[*later]));
            }
        }
        latest
    }

    /// How many places come after this one, directly or through others.
    pub(super) fn count_after(&self, at: usize) -> usize {
        let mut seen = vec![false; self.after.len()];
        let mut open = vec![at];
        let mut count = 0;
        while let Some(here) = open.pop() {
            for later in &self.after[here] {
                if !std::mem::replace(&mut seen[*later], true) {
                    count += 1;
                    open.push(*later);
                }
            }
        }
        count
    }
}

impl Earliest {
    /// The longest path to a place, in the order of work.
    pub(super) fn path_to(&self, end: usize) -> Vec<usize> {
        let mut path: Vec<usize> = std::iter::successors(Some(end), |at| self.came_from[*at]).collect();
        path.reverse();
        path
    }
}

/// Every place after all that comes before it; places in a circle are left out.
fn order(before: &[Vec<usize>], after: &[Vec<usize>]) -> Vec<usize> {
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..open.len()).filter(|at| open[*at] == 0).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        for later in &after[at] {
            open[*later] -= 1;
            if open[*later] == 0 {
                order.push(*later);
            }
        }
        next += 1;
    }
    order
}
