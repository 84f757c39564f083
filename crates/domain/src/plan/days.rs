//! Working days from today as dates, computed once for a whole plan.

use crate::calendar::{Calendar, Due};
use chrono::NaiveDate;

/// No plan looks further: forty years of working days. What lies beyond is shown as the last day.
pub(super) const FURTHEST: u32 = 10_000;

/// The dates of so many working days from today.
pub(super) struct DayTable<'a> {
    calendar: &'a Calendar,
    today: NaiveDate,
    ahead: Vec<NaiveDate>,
}

impl<'a> DayTable<'a> {
    /// A table of `most` working days.
    pub(super) fn new(calendar: &'a Calendar, today: NaiveDate, most: u32) -> Self {
        let most = most.min(FURTHEST) as usize;
        let mut ahead = Vec::with_capacity(most + 1);
        ahead.push(calendar.working_day_from(today));
        let mut last = today;
        for _ in 0..most {
            last = calendar.working_day_from(last.succ_opt().unwrap_or(last));
            ahead.push(last);
        }
        Self { calendar, today, ahead }
    }

    /// The day after so many working days, as [`Calendar::add_working_days`] counts; days before today are counted back.
    pub(super) fn date(&self, days: i64) -> NaiveDate {
        match usize::try_from(days) {
            Ok(days) => self.ahead.get(days).or(self.ahead.last()).copied().unwrap_or(self.today),
            Err(_) => {
                let back = usize::try_from(-days).unwrap_or(usize::MAX).min(FURTHEST as usize);
                let earlier = std::iter::successors(Some(self.today), NaiveDate::pred_opt);
                let mut working = earlier.filter(|date| self.calendar.day(*date).working);
                working.nth(back).unwrap_or(self.today)
            }
        }
    }

    pub(super) fn due(&self, days: i64) -> Due {
        self.calendar.due(self.today, self.date(days))
    }
}
