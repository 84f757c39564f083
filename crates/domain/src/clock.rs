//! The clock of a matter: when it is due, what is left of it, and whose time was used (限时办结, S5.3 and S8.2).
//!
//! A clock is a list of intervals. A day counts as used when the clock was running at the close of office hours of that day; the day on
//! which it started never counts. So a clock that is stopped on Monday and resumed on Wednesday has not used Monday and Tuesday.
//! Nothing here is stored but the intervals: due dates are computed, so that a new calendar moves them by itself.

use crate::calendar::{Calendar, Due, today};
use crate::catalogue::{DayUnit, Limit};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whose time an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// 计时: the office's time.
    Running,
    /// 补正: the enterprise's time, while it owes something that is not deferred.
    Correction,
    /// 特别程序: a named procedure that the limit does not count.
    Special,
    /// 中止.
    Suspended,
}

/// A stretch of a clock's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Whose time it is.
    pub kind: IntervalKind,
    /// From this moment, included.
    pub from: DateTime<Utc>,
    /// To this moment, not included; none while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// The name of a special procedure, or the reason in short.
    pub name: Option<String>,
    /// The planned end, as told to the applicant.
    pub until: Option<NaiveDate>,
}

/// The clock of one matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The limit that it runs against.
    pub limit: Limit,
    /// What happened so far, each interval beginning where the one before ended.
    pub intervals: Vec<Interval>,
    /// By how many days of the limit's unit it was extended.
    #[serde(default)]
    pub extended_days: u32,
    /// When the matter was finished.
    #[serde(default)]
    pub finished: Option<DateTime<Utc>>,
}

/// Why a clock refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockError {
    /// It is stopped already; resume it first.
    AlreadyStopped,
    /// It is running; there is nothing to resume.
    NotStopped,
    /// The moment lies before the last thing that happened to it.
    Earlier,
    /// The matter is finished.
    Finished,
    /// A clock cannot be stopped by running; name another kind.
    NotAStop,
    /// A special procedure needs its name, which the notice to the applicant shows.
    SpecialWithoutName,
    /// The planned end lies before the day of the stop.
    EndsBeforeStop,
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyStopped => "计时已经停止，请先恢复计时。",
            Self::NotStopped => "计时没有停止，不需要恢复。",
            Self::Earlier => "时间早于上一次计时变动，请核对时间。",
            Self::Finished => "事项已经办结，计时不能再变动。",
            Self::NotAStop => "请选择停止计时的原因：补正、特别程序或中止。",
            Self::SpecialWithoutName => "请填写特别程序的名称。",
            Self::EndsBeforeStop => "预计结束日期早于停止计时的日期，请核对日期。",
        })
    }
}

impl std::error::Error for ClockError {}

/// When a light turns yellow (红绿灯预警).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Yellow when no more than this share of the limit is left, in per cent.
    pub percent_left: u32,
    /// Yellow when no more than so many working days are left.
    pub days_left: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { percent_left: 50, days_left: 2 }
    }
}

/// The light of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Not started, or finished.
    Grey,
    /// In time.
    Green,
    /// Little time is left.
    Yellow,
    /// Overdue.
    Red,
    /// Stopped in time.
    Purple,
}

/// Whose time the working days of a clock's life were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSplit {
    /// The office's working days.
    pub office: u32,
    /// The enterprise's (补正).
    pub enterprise: u32,
    /// Those of special procedures.
    pub special: u32,
    /// Those of suspension.
    pub suspended: u32,
    /// Those of a body outside the banner, which are never counted against the banner.
    #[serde(default)]
    pub outside: u32,
}

impl TimeSplit {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.office + self.enterprise + self.special + self.suspended + self.outside
    }
}

impl std::ops::AddAssign for TimeSplit {
    fn add_assign(&mut self, other: Self) {
        self.office += other.office;
        self.enterprise += other.enterprise;
        self.special += other.special;
        self.suspended += other.suspended;
        self.outside += other.outside;
    }
}

impl Clock {
    /// A clock that begins to run.
    #[must_use]
    pub fn start(limit: Limit, at: DateTime<Utc>) -> Self {
        let first = Interval { kind: IntervalKind::Running, from: at, to: None, name: None, until: None };
        Self { limit, intervals: vec![first], extended_days: 0, finished: None }
    }

    /// What the clock is doing; none before its start and after its end.
    #[must_use]
    pub fn state(&self) -> Option<IntervalKind> {
        if self.finished.is_some() { None } else { self.intervals.last().map(|last| last.kind) }
    }

    /// When it started.
    #[must_use]
    pub fn started(&self) -> Option<DateTime<Utc>> {
        self.intervals.first().map(|first| first.from)
    }

    /// Stops the clock for a correction, a special procedure or a suspension.
    ///
    /// # Errors
    /// [`ClockError`]: already stopped, finished, earlier than the last change, a special procedure without a name, an end before now.
    pub fn stop(
        &mut self,
        kind: IntervalKind,
        name: Option<String>,
        until: Option<NaiveDate>,
        at: DateTime<Utc>,
    ) -> Result<(), ClockError> {
        let running = self.may_change(at)? == IntervalKind::Running;
        let suspending = kind == IntervalKind::Suspended && self.state() != Some(IntervalKind::Suspended);
        if kind == IntervalKind::Running {
            return Err(ClockError::NotAStop);
        }
        if !running && !suspending {
            return Err(ClockError::AlreadyStopped);
        }
        if kind == IntervalKind::Special && name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            return Err(ClockError::SpecialWithoutName);
        }
        if until.is_some_and(|until| until < today(at)) {
            return Err(ClockError::EndsBeforeStop);
        }
        self.turn(Interval { kind, from: at, to: None, name, until });
        Ok(())
    }

    /// Suspends the clock (中止); a clock that is stopped for another reason may be suspended too.
    ///
    /// # Errors
    /// [`ClockError`]: already suspended, finished, earlier than the last change, an end before now.
    pub fn suspend(&mut self, until: Option<NaiveDate>, at: DateTime<Utc>) -> Result<(), ClockError> {
        self.stop(IntervalKind::Suspended, None, until, at)
    }

    /// Resumes the clock. What a suspension interrupted is taken up again: a clock never runs while a correction is still owed.
    ///
    /// # Errors
    /// [`ClockError`]: not stopped, finished, earlier than the stop.
    pub fn resume(&mut self, at: DateTime<Utc>) -> Result<(), ClockError> {
        if self.may_change(at)? == IntervalKind::Running {
            return Err(ClockError::NotStopped);
        }
        let next = self
            .interrupted()
            .map_or(Interval { kind: IntervalKind::Running, from: at, to: None, name: None, until: None }, |before| {
                Interval { from: at, to: None, ..before.clone() }
            });
        self.turn(next);
        Ok(())
    }

    /// Ends the clock: the matter is finished, whatever the clock was doing.
    ///
    /// # Errors
    /// [`ClockError`]: finished already, earlier than the last change.
    pub fn finish(&mut self, at: DateTime<Utc>) -> Result<(), ClockError> {
        self.may_change(at)?;
        self.close_last(at);
        self.finished = Some(at);
        Ok(())
    }

    /// Extends the limit by so many days of its unit; who may approve that is not the clock's business.
    ///
    /// # Errors
    /// [`ClockError::Finished`].
    pub fn extend(&mut self, days: u32) -> Result<(), ClockError> {
        if self.finished.is_some() {
            return Err(ClockError::Finished);
        }
        self.extended_days = self.extended_days.saturating_add(days);
        Ok(())
    }

    /// What the clock is doing, if it may be changed at that moment.
    fn may_change(&self, at: DateTime<Utc>) -> Result<IntervalKind, ClockError> {
        if self.finished.is_some() {
            return Err(ClockError::Finished);
        }
        let last = self.intervals.last().ok_or(ClockError::NotStopped)?;
        if at < last.from { Err(ClockError::Earlier) } else { Ok(last.kind) }
    }

    /// The stop that the present suspension interrupted.
    fn interrupted(&self) -> Option<&Interval> {
        let [.., before, last] = self.intervals.as_slice() else {
            return None;
        };
        (last.kind == IntervalKind::Suspended && before.kind != IntervalKind::Running).then_some(before)
    }

    fn turn(&mut self, next: Interval) {
        self.close_last(next.from);
        self.intervals.push(next);
    }

    fn close_last(&mut self, at: DateTime<Utc>) {
        if let Some(last) = self.intervals.last_mut() {
            last.to = Some(at);
        }
    }

    /// All days that the clock may use, in the unit of the limit.
    fn allowed(&self) -> u32 {
        self.limit.days.saturating_add(self.extended_days)
    }

    /// What the clock was doing at a moment that lies in its life.
    fn kind_at(&self, at: DateTime<Utc>) -> Option<IntervalKind> {
        let holds = |i: &&Interval| i.from <= at && i.to.is_none_or(|to| at < to);
        self.intervals.iter().rev().find(holds).map(|interval| interval.kind)
    }

    /// Up to when the record goes: now, or the end of the clock.
    pub(crate) fn known_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.finished.map_or(now, |finished| finished.min(now))
    }

    /// Whether the clock uses up a day: as recorded for the past, and for what is to come as if a stop ended as planned, or now.
    fn uses(&self, date: NaiveDate, calendar: &Calendar, now: DateTime<Utc>) -> bool {
        let close = calendar.closes_at(date);
        if close <= now {
            return self.kind_at(close) == Some(IntervalKind::Running);
        }
        match self.intervals.last() {
            Some(last) if last.kind != IntervalKind::Running => last.until.is_none_or(|until| until <= date),
            _ => true,
        }
    }

    /// The day on which the matter is due; none before the start.
    ///
    /// While the clock is stopped, the day is computed as if it were resumed on the planned end of the stop, or now. After the matter is
    /// finished, it is the day that held when it was.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, now: DateTime<Utc>) -> Option<Due> {
        self.due_within(self.limit.unit, self.allowed(), calendar, now)
    }

    /// The day on which the same course of the clock would be due under another limit, such as the statutory one.
    #[must_use]
    pub fn due_within(&self, unit: DayUnit, days: u32, calendar: &Calendar, now: DateTime<Utc>) -> Option<Due> {
        let start = today(self.started()?);
        let now = self.known_until(now);
        let natural = unit == DayUnit::NaturalDay;
        let mut left = days;
        let mut date = start;
        // No days at all: due on the first day from the start itself on which the clock runs.
        let counts = |date: NaiveDate| (natural || calendar.day(date).working) && self.uses(date, calendar, now);
        if left == 0 {
            while !counts(date) {
                date = date.succ_opt()?;
            }
        }
        while left > 0 {
            date = date.succ_opt()?;
            if counts(date) {
                left -= 1;
            }
        }
        Some(calendar.due(start, calendar.working_day_from(date)))
    }

    /// The working days left until the due day: none on the due day itself, fewer than none after it, none before the start.
    #[must_use]
    pub fn remaining(&self, calendar: &Calendar, now: DateTime<Utc>) -> i64 {
        let day = today(self.known_until(now));
        self.due(calendar, now).map_or(0, |due| calendar.working_days_between(day, due.date))
    }

    /// Whether the due day's office hours are over (of a finished matter: whether they were when it was finished).
    #[must_use]
    pub fn is_overdue(&self, calendar: &Calendar, now: DateTime<Utc>) -> bool {
        self.due(calendar, now).is_some_and(|due| calendar.closes_at(due.date) < self.known_until(now))
    }

    /// The light. A clock that was overdue before it was stopped stays red: a stop hides nothing (S8.2).
    #[must_use]
    pub fn light(&self, calendar: &Calendar, now: DateTime<Utc>, thresholds: &Thresholds) -> Light {
        let (Some(state), Some(due)) = (self.state(), self.due(calendar, now)) else {
            return Light::Grey;
        };
        if calendar.closes_at(due.date) < now {
            return Light::Red;
        }
        if state != IntervalKind::Running {
            return Light::Purple;
        }
        let day = today(now);
        let working = calendar.working_days_between(day, due.date);
        let left = match self.limit.unit {
            DayUnit::WorkingDay => working,
            DayUnit::NaturalDay => (due.date - day).num_days(),
        };
        let little = left * 100 <= i64::from(thresholds.percent_left) * i64::from(self.allowed());
        if little || working <= i64::from(thresholds.days_left) { Light::Yellow } else { Light::Green }
    }

    /// Whose time the working days since the start were; the parts add up to the working days of the clock's life.
    #[must_use]
    pub fn split(&self, calendar: &Calendar, now: DateTime<Utc>) -> TimeSplit {
        let mut split = TimeSplit::default();
        let Some(started) = self.started() else { return split };
        let now = self.known_until(now);
        let days = today(started).iter_days().skip(1).take_while(|date| calendar.closes_at(*date) <= now);
        for date in days.filter(|date| calendar.day(*date).working) {
            match self.kind_in_life(calendar.closes_at(date)) {
                IntervalKind::Running => split.office += 1,
                IntervalKind::Correction => split.enterprise += 1,
                IntervalKind::Special => split.special += 1,
                IntervalKind::Suspended => split.suspended += 1,
            }
        }
        split
    }

    /// What the clock was doing; the very moment of its end belongs to its last interval.
    fn kind_in_life(&self, at: DateTime<Utc>) -> IntervalKind {
        let last = || self.intervals.last().map_or(IntervalKind::Running, |last| last.kind);
        self.kind_at(at).unwrap_or_else(last)
    }
}

#[cfg(test)]
mod tests;
