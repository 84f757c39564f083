//! Whose time it was: for a matter, a case, its offices and its people (S8.2). Everything here is computed from what
//! happened, never stored, so that a new calendar moves it by itself.

use super::state::{Case, CaseMatter, MatterStatus};
use crate::calendar::{Calendar, Due, today};
use crate::catalogue::Limit;
use crate::clock::{Clock, TimeSplit};
use crate::ids::{MatterCode, OfficeCode, Username};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// The two days on which a matter is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// By the limit that its clock runs against: promised, and shortened on the green channel.
    pub promised: Option<Due>,
    /// By law; none where no law sets a limit.
    pub statutory: Option<Due>,
}

/// What a person used of a case, in working days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonTime {
    /// As the agent: from the day on which a matter could be submitted until it was.
    pub agent: u32,
    /// As the one who claimed a matter: the office's days on it.
    pub office: u32,
}

/// Whose time a case took. Matters that ran in parallel each count, so the sum may be longer than the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseTimes {
    /// All matters together.
    pub total: TimeSplit,
    /// Of each office, over the matters that it holds.
    pub offices: BTreeMap<OfficeCode, TimeSplit>,
    /// Of each person.
    pub people: BTreeMap<Username, PersonTime>,
}

impl CaseMatter {
    /// When it is due, by promise and by law; nothing before its submission.
    #[must_use]
    pub fn dues(&self, calendar: &Calendar, now: DateTime<Utc>) -> Dues {
        let Some(clock) = &self.clock else { return Dues::default() };
        let by_law = |limit: Limit| {
            // An extension moves the day that the law sets only as far as the law lets it.
            let more = clock.extended_days.min(self.scope.extension_days.unwrap_or(0));
            clock.due_within(limit.unit, limit.days.saturating_add(more), calendar, now)
        };
        Dues { promised: clock.due(calendar, now), statutory: self.scope.statutory.and_then(by_law) }
    }

    /// Whether the day that the law sets is over.
    #[must_use]
    pub fn is_over_by_law(&self, calendar: &Calendar, now: DateTime<Utc>) -> bool {
        let until = self.clock.as_ref().map_or(now, |clock| clock.known_until(now));
        self.dues(calendar, now).statutory.is_some_and(|due| calendar.closes_at(due.date) < until)
    }

    /// Whose the working days since its submission were. A body outside the banner uses its own time, never the office's.
    #[must_use]
    pub fn split(&self, case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> TimeSplit {
        let split = match &self.clock {
            Some(clock) => clock.split(calendar, now),
            None => self.unlimited(case).map(|clock| clock.split(calendar, now)).unwrap_or_default(),
        };
        if self.is_outside_time() { TimeSplit { outside: split.office, office: 0, ..split } } else { split }
    }

    /// The clock of a matter that no limit binds: its time is told all the same.
    fn unlimited(&self, case: &Case) -> Option<Clock> {
        let mut clock = Clock::start(Limit::working_days(0), self.submitted_at?);
        for pause in &case.pauses {
            // A pause before the submission is none of this clock's.
            let _ = clock.suspend(None, pause.from);
            let _ = pause.to.map(|to| clock.resume(to));
        }
        if let Some(at) = self.finished_at.or_else(|| case.leaving.as_ref().map(|leaving| leaving.at)) {
            let _ = clock.finish(at);
        }
        Some(clock)
    }
}

impl Case {
    /// When a matter of the case is due, by promise and by law.
    #[must_use]
    pub fn dues(&self, matter: &MatterCode, calendar: &Calendar, now: DateTime<Utc>) -> Dues {
        self.matter(matter).map(|matter| matter.dues(calendar, now)).unwrap_or_default()
    }

    /// Whose time the case took so far.
    #[must_use]
    pub fn times(&self, calendar: &Calendar, now: DateTime<Utc>) -> CaseTimes {
        let mut times = CaseTimes::default();
        for matter in &self.matters {
            let split = matter.split(self, calendar, now);
            times.total += split;
            if matter.submitted_at.is_some() {
                *times.offices.entry(matter.office.clone()).or_default() += split;
            }
            if let Some(person) = &matter.claimed_by {
                times.people.entry(person.clone()).or_default().office += split.office;
            }
            self.add_agent_days(matter, calendar, now, &mut times.people);
        }
        times
    }

    /// Days on which the matter waited for nobody but the agent: its office had it, nothing before it was open, it was not
    /// submitted, and the case did not rest. Each day is that person's who was the agent at the close of it.
    fn add_agent_days(
        &self,
        matter: &CaseMatter,
        calendar: &Calendar,
        now: DateTime<Utc>,
        people: &mut BTreeMap<Username, PersonTime>,
    ) {
        let Some(from) = self.could_be_submitted(matter) else { return };
        let ends = [matter.submitted_at, matter.finished_at, self.leaving.as_ref().map(|leaving| leaving.at)];
        let until = ends.into_iter().flatten().min().unwrap_or(now).min(now);
        let days = today(from).iter_days().skip(1).take_while(|date| calendar.closes_at(*date) <= until);
        for close in days.filter(|date| calendar.day(*date).working).map(|date| calendar.closes_at(date)) {
            let rests = self.pauses.iter().any(|pause| pause.from <= close && pause.to.is_none_or(|to| close < to));
            if let Some(agent) = self.agent_at(close).filter(|_| !rests) {
                people.entry(agent.clone()).or_default().agent += 1;
            }
        }
    }

    /// Since when nothing but the agent stands before a submission.
    fn could_be_submitted(&self, matter: &CaseMatter) -> Option<DateTime<Utc>> {
        let is_with_agent = matter.submitted_at.is_some() || matter.status == MatterStatus::Claimed;
        if !is_with_agent || matter.accepted_at_window.is_some() || !self.open_prerequisites(matter).is_empty() {
            return None;
        }
        let before = matter.scope.prerequisites.iter().filter_map(|code| self.matter(code)?.finished_at).max();
        matter.claimed_at.or(matter.offered_at).max(before)
    }

    fn agent_at(&self, at: DateTime<Utc>) -> Option<&Username> {
        let next = self.agent_changes.iter().find(|change| change.at > at);
        next.map(|change| &change.from).or(self.agent.as_ref())
    }
}
