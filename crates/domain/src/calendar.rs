//! The hall's calendar: working days, holidays, make-up days, local closures, office hours.
//!
//! A date is a working day if it is a make-up day, or if it is Monday to Friday and not a holiday, and if the hall is not closed by
//! a local document. A year whose arrangement is not published yet is computed from weekends alone and marked provisional.

use crate::ids::OfficeCode;
use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

mod file;

pub use file::{CalendarFile, Closure, HallDays, Session, YearFile};

/// The offset of the whole service: Asia/Shanghai, which knows no summer time.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// So many days away from today a day can be named at most: ten years.
const FURTHEST: u64 = 3653;
/// So many days are counted one by one at most: a century.
const LONGEST_WALK: usize = 36_525;

/// The years that a hall can mean. A calendar is walked day by day.
const YEARS: RangeInclusive<i32> = 2000..=2099;

/// What kind of day a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Whether the hall works.
    pub working: bool,
    /// Whether the arrangement of that year is still unknown (未公布，按周末推算).
    pub provisional: bool,
}

/// The day on which something is due; the hour is the close of office hours of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// The day.
    pub date: NaiveDate,
    /// Whether it rests on a year whose arrangement is not published yet.
    pub provisional: bool,
}

/// A span of office hours within a day, local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// From this time.
    pub from: NaiveTime,
    /// Up to this time.
    pub to: NaiveTime,
}

/// Other office hours in a part of the year, such as summer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Season {
    /// First day, as (month, day).
    pub from: (u32, u32),
    /// Last day, as (month, day); may lie before `from`, over the turn of the year.
    pub to: (u32, u32),
    /// The hours, in order.
    pub periods: Vec<Period>,
}

/// The hall's office hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    /// The hours, in order.
    pub periods: Vec<Period>,
    /// Seasons with other hours; the first that fits a date holds.
    #[serde(default)]
    pub seasons: Vec<Season>,
}

impl Default for OfficeHours {
    fn default() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let periods = vec![Period { from: at(8, 30), to: at(12, 0) }, Period { from: at(14, 30), to: at(17, 30) }];
        Self { periods, seasons: Vec::new() }
    }
}

impl OfficeHours {
    /// The hours of a date.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &[Period] {
        let day = (date.month(), date.day());
        let fits = |season: &&Season| {
            if season.from <= season.to {
                season.from <= day && day <= season.to
            } else {
                day >= season.from || day <= season.to
            }
        };
        self.seasons.iter().find(fits).map_or(&self.periods, |season| &season.periods)
    }

    fn check(&self) -> Result<(), CalendarError> {
        let all = std::iter::once(&self.periods).chain(self.seasons.iter().map(|s| &s.periods));
        for periods in all {
            let ordered = periods.iter().all(|p| p.from < p.to) && periods.windows(2).all(|w| w[0].to <= w[1].from);
            if periods.is_empty() || !ordered {
                return Err(CalendarError::Hours);
            }
        }
        let dates = self.seasons.iter().flat_map(|s| [s.from, s.to]);
        // 2024 is a leap year, so that the 29th of February may bound a season.
        match dates.into_iter().find(|(month, day)| NaiveDate::from_ymd_opt(2024, *month, *day).is_none()) {
            Some(_) => Err(CalendarError::Hours),
            None => Ok(()),
        }
    }
}

/// Why a calendar, a closure or office hours were not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// The file cannot be read.
    Unreadable {
        /// Where.
        line: usize,
        /// The reader's own words.
        what: String,
    },
    /// A key that is no year from 2000 to 2099.
    Year(String),
    /// A day of the hall's own that no hall can mean.
    Far(NaiveDate),
    /// A date that lies outside the year under which it stands, and not at its edge either.
    Outside {
        /// The year.
        year: i32,
        /// The date.
        date: NaiveDate,
    },
    /// A date that is both a holiday and a make-up day.
    Both(NaiveDate),
    /// A closure without the number of the document that orders it.
    NoDocument(NaiveDate),
    /// Office hours that are empty, out of order or bounded by a date that does not exist.
    Hours,
    /// A session after hours that ends before it begins.
    Session(NaiveDate),
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { line, what } => write!(f, "日历文件第{line}行读不懂（{what}）。请改正后重新导入。"),
            Self::Year(key) => write!(f, "“{key}”不是 2000 至 2099 年之间的年份。请用四位数字的年份作为键。"),
            Self::Far(date) => write!(f, "{date}不在 2000 至 2099 年之间。请核对年份。"),
            Self::Outside { year, date } => write!(f, "{date}不属于{year}年的放假安排。请改到相应的年份下。"),
            Self::Both(date) => write!(f, "{date}既写为放假又写为调休上班。请只留一处。"),
            Self::NoDocument(date) => write!(f, "{date}停办没有写文件号。请填写决定停办的文件号。"),
            Self::Hours => write!(f, "办公时间为空、顺序颠倒或日期不存在。请按先后填写每天的办公时段。"),
            Self::Session(date) => write!(f, "{date}的延时服务结束时间不晚于开始时间。请改正。"),
        }
    }
}

impl std::error::Error for CalendarError {}

/// Working days, closures and office hours of the hall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i32>,
    off: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
    closures: BTreeMap<NaiveDate, String>,
    hours: OfficeHours,
    sessions: Vec<Session>,
}

impl Calendar {
    /// Reads a calendar file: an object from year to `{off, work}`; keys that begin with `_` are passed over.
    ///
    /// # Errors
    /// The first thing that is wrong with the file.
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        calendar.import(json)?;
        Ok(calendar)
    }

    /// Takes the years of another file into this calendar; a year that was known is replaced. So are closures, office hours and
    /// sessions, if the file has any.
    ///
    /// # Errors
    /// The first thing that is wrong with the file; the calendar is then unchanged.
    pub fn import(&mut self, json: &str) -> Result<(), CalendarError> {
        self.take(CalendarFile::parse(json)?)
    }

    /// A calendar from an edited file.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn build(file: CalendarFile) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        calendar.take(file)?;
        Ok(calendar)
    }

    fn take(&mut self, file: CalendarFile) -> Result<(), CalendarError> {
        let mut next = self.clone();
        for (year, days) in file.years {
            next.replace_year(year, days)?;
        }
        if let Some(hall) = file.hall {
            next.closures.clear();
            for closure in &hall.closures {
                next.close(closure.date, &closure.document)?;
            }
            next.set_hours(hall.hours)?;
            next.set_sessions(hall.sessions)?;
        }
        *self = next;
        Ok(())
    }

    fn replace_year(&mut self, year: i32, days: YearFile) -> Result<(), CalendarError> {
        if !YEARS.contains(&year) {
            return Err(CalendarError::Year(year.to_string()));
        }
        self.off.retain(|date| date.year() != year);
        self.work.retain(|date| date.year() != year);
        for date in days.off.iter().chain(&days.work) {
            // A New Year's holiday may reach into the neighbouring year.
            let edge =
                (date.year() == year - 1 && date.month() == 12) || (date.year() == year + 1 && date.month() == 1);
            if date.year() != year && !edge {
                return Err(CalendarError::Outside { year, date: *date });
            }
        }
        self.off.extend(days.off);
        self.work.extend(days.work);
        if let Some(date) = self.off.intersection(&self.work).next() {
            return Err(CalendarError::Both(*date));
        }
        self.years.insert(year);
        Ok(())
    }

    /// The years whose arrangement is known.
    #[must_use]
    pub fn years(&self) -> &BTreeSet<i32> {
        &self.years
    }

    /// Closes the hall on a day, by a local document (weather, 那达慕, anniversaries).
    ///
    /// # Errors
    /// [`CalendarError::NoDocument`] if the document number is empty, [`CalendarError::Far`] if nobody can mean the day.
    pub fn close(&mut self, date: NaiveDate, document: &str) -> Result<(), CalendarError> {
        let document = document.trim();
        if document.is_empty() {
            return Err(CalendarError::NoDocument(date));
        }
        if !is_meant(date) {
            return Err(CalendarError::Far(date));
        }
        self.closures.insert(date, document.to_owned());
        Ok(())
    }

    /// Takes a local closure back; returns its document number if there was one.
    pub fn reopen(&mut self, date: NaiveDate) -> Option<String> {
        self.closures.remove(&date)
    }

    /// The local closures with their document numbers.
    #[must_use]
    pub fn closures(&self) -> &BTreeMap<NaiveDate, String> {
        &self.closures
    }

    /// The office hours.
    #[must_use]
    pub fn hours(&self) -> &OfficeHours {
        &self.hours
    }

    /// Sets other office hours.
    ///
    /// # Errors
    /// [`CalendarError::Hours`] if a day would have none or they are out of order.
    pub fn set_hours(&mut self, hours: OfficeHours) -> Result<(), CalendarError> {
        hours.check()?;
        self.hours = hours;
        Ok(())
    }

    /// Sets the sessions after hours.
    ///
    /// # Errors
    /// [`CalendarError::Session`] if one ends before it begins, [`CalendarError::Far`] if nobody can mean its day.
    pub fn set_sessions(&mut self, mut sessions: Vec<Session>) -> Result<(), CalendarError> {
        if let Some(wrong) = sessions.iter().find(|session| session.to <= session.from) {
            return Err(CalendarError::Session(wrong.date));
        }
        if let Some(far) = sessions.iter().find(|session| !is_meant(session.date)) {
            return Err(CalendarError::Far(far.date));
        }
        sessions.sort_by_key(|session| (session.date, session.from));
        self.sessions = sessions;
        Ok(())
    }

    /// The sessions after hours, by day.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The session after hours (延时服务, S6.4) in which an office is there at a moment.
    #[must_use]
    pub fn session_at(&self, at: DateTime<Utc>, office: &OfficeCode) -> Option<&Session> {
        let now = local(at);
        let of_office = |session: &&Session| session.office.as_ref().is_none_or(|one| one == office);
        self.sessions.iter().filter(of_office).find(|session| session.covers(now))
    }

    /// What kind of day a date is.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day {
        Day { working: self.is_working(date), provisional: !self.years.contains(&date.year()) }
    }

    fn is_working(&self, date: NaiveDate) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let listed = self.work.contains(&date) || (!weekend && !self.off.contains(&date));
        listed && !self.closures.contains_key(&date)
    }

    /// The date itself if it is a working day, else the next one.
    #[must_use]
    pub fn working_day_from(&self, date: NaiveDate) -> NaiveDate {
        let mut date = date;
        while !self.is_working(date) && date < NaiveDate::MAX {
            date = next_day(date);
        }
        date
    }

    /// The day after `n` working days; the start day is not counted. No days at all: the start day, or the next working day.
    #[must_use]
    pub fn add_working_days(&self, start: NaiveDate, n: u32) -> Due {
        let mut date = if n == 0 { self.working_day_from(start) } else { start };
        for _ in 0..n {
            date = self.working_day_from(next_day(date));
            if date == NaiveDate::MAX {
                break;
            }
        }
        self.due(start, date)
    }

    /// The day after `n` natural days; the start day is not counted, and an end on a holiday moves to the next working day.
    #[must_use]
    pub fn add_natural_days(&self, start: NaiveDate, n: u32) -> Due {
        let end = start.checked_add_days(Days::new(u64::from(n))).unwrap_or(NaiveDate::MAX);
        self.due(start, self.working_day_from(end))
    }

    /// A due date that was counted from a start: provisional if any year on the way is unknown.
    #[must_use]
    pub fn due(&self, start: NaiveDate, date: NaiveDate) -> Due {
        let provisional = (start.year()..=date.year()).any(|year| !self.years.contains(&year));
        Due { date, provisional }
    }

    /// The working days after `from` up to and including `to`; negative if `to` lies before `from`. Days are counted one by one,
    /// so of a span longer than a century only the first century counts.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = first.iter_days().skip(1).take(LONGEST_WALK).take_while(|date| *date <= last);
        let days = days.filter(|date| self.is_working(*date));
        days.map(|_| sign).sum()
    }

    /// When the office hours of a date begin, whether or not it is a working day.
    #[must_use]
    pub fn opens_at(&self, date: NaiveDate) -> DateTime<Utc> {
        let time = self.hours.on(date).first().map_or(NaiveTime::MIN, |period| period.from);
        utc(date.and_time(time))
    }

    /// When the office hours of a date end, whether or not it is a working day.
    #[must_use]
    pub fn closes_at(&self, date: NaiveDate) -> DateTime<Utc> {
        let time = self.hours.on(date).last().map_or(NaiveTime::MIN, |period| period.to);
        utc(date.and_time(time))
    }

    /// Whether the hall is open at a moment: in its office hours, or in a session after hours of all offices.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let now = local(at);
        let in_session = self.sessions.iter().any(|session| session.office.is_none() && session.covers(now));
        self.is_office_hour(at) || in_session
    }

    /// Whether a moment lies in the office hours of a working day; if not, work is after-hours work (延时服务, S6.4). Clocks know
    /// these hours only: a session after hours makes no limit end earlier.
    #[must_use]
    pub fn is_office_hour(&self, at: DateTime<Utc>) -> bool {
        let local = local(at);
        let within = self.hours.on(local.date()).iter().any(|p| p.from <= local.time() && local.time() < p.to);
        within && self.is_working(local.date())
    }

    /// The moment after so much office time, such as four working hours for claiming a matter (S5.3).
    #[must_use]
    pub fn add_working_minutes(&self, start: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
        let mut left = TimeDelta::minutes(i64::from(minutes));
        let first = local(start);
        let mut date = self.working_day_from(first.date());
        loop {
            for period in self.hours.on(date) {
                let from = if date == first.date() { period.from.max(first.time()) } else { period.from };
                let span = period.to - from;
                if span > TimeDelta::zero() {
                    if left <= span {
                        return utc(date.and_time(from) + left);
                    }
                    left -= span;
                }
            }
            if date == NaiveDate::MAX {
                return utc(date.and_time(NaiveTime::MIN));
            }
            date = self.working_day_from(next_day(date));
        }
    }
}

/// Whether a date is one that a hall can mean: it lies from 2000 to 2099.
#[must_use]
pub fn is_meant(date: NaiveDate) -> bool {
    YEARS.contains(&date.year())
}

/// Whether a day that a person names lies within ten years of today, either way: what lies further off is a wrong year, and
/// nothing is planned for it.
#[must_use]
pub fn is_near(date: NaiveDate, today: NaiveDate) -> bool {
    (date - today).num_days().unsigned_abs() <= FURTHEST
}

/// The date in Asia/Shanghai at a moment.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    local(now).date()
}

/// The time on the clock of Asia/Shanghai at a moment.
#[must_use]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().checked_add_signed(TimeDelta::seconds(i64::from(SHANGHAI_SECONDS))).unwrap_or(NaiveDateTime::MAX)
}

/// The moment at which the clock of Asia/Shanghai shows a time.
#[must_use]
pub fn utc(local: NaiveDateTime) -> DateTime<Utc> {
    let shifted = FixedOffset::east_opt(SHANGHAI_SECONDS).and_then(|zone| zone.from_local_datetime(&local).single());
    shifted.map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The day after, or the last day that dates can name.
fn next_day(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
