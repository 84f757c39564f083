//! Why dates moved: every stop of a clock and every extension, with the day before and after.

use super::map::{MapFacts, matter_name};
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::CaseMatter;
use domain::clock::{Clock, Interval, IntervalKind};

/// One change of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) name: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) why: String,
}

/// Every change of a due day of the case, newest first.
pub(crate) fn moved(facts: MapFacts<'_>) -> Vec<Moved> {
    let mut moved: Vec<(NaiveDate, Moved)> =
        facts.case.matters.iter().flat_map(|matter| of_matter(facts, matter)).collect();
    moved.sort_by_key(|entry| std::cmp::Reverse(entry.0));
    moved.into_iter().map(|(_, moved)| moved).collect()
}

fn of_matter(facts: MapFacts<'_>, matter: &CaseMatter) -> Vec<(NaiveDate, Moved)> {
    let Some(clock) = &matter.clock else { return Vec::new() };
    let mut found = Vec::new();
    for (at, stop) in clock.intervals.iter().enumerate() {
        if stop.kind == IntervalKind::Running {
            continue;
        }
        let before = due_as_of(facts, clock, at, 0);
        let after = due_as_of(facts, clock, at + 1, 0);
        found.extend(change(facts, matter, before, after, why(facts, stop)).map(|moved| (today(stop.from), moved)));
    }
    if clock.extended_days > 0 {
        let end = clock.intervals.len();
        let days = clock.extended_days.to_string();
        let why = facts.l.tr("enterprise.moved.extended", &[("days", &days)]);
        let last = clock.intervals.last().map(|i| today(i.from)).unwrap_or_default();
        let before = due_as_of(facts, clock, end, 0);
        let after = due_as_of(facts, clock, end, clock.extended_days);
        found.extend(change(facts, matter, before, after, why).map(|moved| (last, moved)));
    }
    found
}

/// The due day as it was known with the first `count` intervals only.
fn due_as_of(facts: MapFacts<'_>, clock: &Clock, count: usize, extended_days: u32) -> Option<NaiveDate> {
    let mut known =
        Clock { limit: clock.limit, intervals: clock.intervals.get(..count)?.to_vec(), extended_days, finished: None };
    let next = clock.intervals.get(count);
    let now = next.map_or(facts.now, |interval| interval.from);
    if let Some(last) = known.intervals.last_mut() {
        match next {
            // A stop that is over counts with its real length.
            Some(next) if last.kind != IntervalKind::Running => {
                known.intervals.push(Interval { to: None, ..next.clone() })
            }
            _ => last.to = None,
        }
    }
    known.due(facts.calendar, now).map(|due| due.date)
}

fn change(
    facts: MapFacts<'_>,
    matter: &CaseMatter,
    before: Option<NaiveDate>,
    after: Option<NaiveDate>,
    why: String,
) -> Option<Moved> {
    let (before, after) = (before?, after?);
    let name = crate::pages::words::short_name(&matter_name(facts, matter), 14);
    (after > before).then(|| Moved { name, from: facts.l.day(before), to: facts.l.day(after), why })
}

fn why(facts: MapFacts<'_>, stop: &Interval) -> String {
    let l = facts.l;
    let from = l.day(today(stop.from));
    let to = stop.to.map(today).or(stop.until).map(|date| l.day(date)).unwrap_or_default();
    let name = stop.name.clone().unwrap_or_default();
    let key = match stop.kind {
        IntervalKind::Correction => "enterprise.moved.correction",
        IntervalKind::Special => "enterprise.moved.special",
        IntervalKind::Suspended | IntervalKind::Running => "enterprise.moved.suspended",
    };
    l.tr(key, &[("name", &name), ("from", &from), ("to", &to)])
}
