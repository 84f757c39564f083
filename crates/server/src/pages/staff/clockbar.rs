//! The bar of a matter's clock: whose time the working days were, and what is left.

use super::names::Names;
use domain::calendar::Calendar;
use domain::case::CaseMatter;

/// The longest stretch that the theme has a class for.
const LONGEST: u32 = 60;

/// A stretch of the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Whose time: empty for the office, `ent`, `halt`, `rest`, `over`.
    pub(crate) class: &'static str,
    /// Its length, 1 to 60.
    pub(crate) days: u32,
}

/// The bar with its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) parts: Vec<Part>,
    pub(crate) words: String,
}

/// The bar of a matter; one that has not begun shows what was promised.
pub(crate) fn bar(names: &Names<'_>, matter: &CaseMatter, calendar: &Calendar) -> Bar {
    let Some(clock) = &matter.clock else {
        let days = matter.scope.limit.as_ref().map_or(1, |limit| limit.as_working_days());
        let limit = names.limit(matter.scope.limit.as_ref());
        let key = if matter.scope.limit.is_some() { "staff.bar.promised" } else { "staff.bar.unlimited" };
        let parts = vec![Part { class: "rest", days: days.clamp(1, LONGEST) }];
        return Bar { parts, words: names.tr(key, &[("limit", &limit)]) };
    };
    let split = matter.split(names.case, calendar, names.now);
    let remaining = clock.remaining(calendar, names.now);
    let over = u32::try_from(remaining.saturating_neg()).unwrap_or(0);
    let rest = if clock.finished.is_some() { 0 } else { u32::try_from(remaining).unwrap_or(0) };
    // The split knows closed days only; a day that is still open counts as late already.
    let moment = clock.finished.map_or(names.now, |finished| finished.min(names.now));
    let day = domain::calendar::today(moment);
    let is_open = calendar.day(day).working && calendar.closes_at(day) > moment;
    let late_and_closed = over.saturating_sub(u32::from(is_open));
    let stretches = [
        ("", split.office.saturating_sub(late_and_closed), "staff.bar.office"),
        ("out", split.outside.saturating_sub(late_and_closed), "staff.bar.outside"),
        ("over", over, "staff.bar.over"),
        ("ent", split.enterprise, "staff.bar.enterprise"),
        ("halt", split.special, "staff.bar.special"),
        ("halt", split.suspended, "staff.bar.suspended"),
        ("rest", rest, "staff.bar.rest"),
    ];
    let shown: Vec<_> = stretches.into_iter().filter(|(_, days, _)| *days > 0).collect();
    let longest = shown.iter().map(|(_, days, _)| *days).max().unwrap_or(1).max(LONGEST);
    let parts = shown.iter().map(|(class, days, _)| Part { class, days: scaled(*days, longest) }).collect();
    let words: Vec<String> = shown.iter().map(|(_, days, key)| names.tr(key, &[("days", &days.to_string())])).collect();
    if words.is_empty() {
        let parts = vec![Part { class: if clock.finished.is_some() { "" } else { "rest" }, days: 1 }];
        let key = if clock.finished.is_some() { "staff.bar.same_day" } else { "staff.bar.due_today" };
        return Bar { parts, words: names.t(key) };
    }
    Bar { parts, words: names.l.list(&words) }
}

/// A stretch as a class of the theme, longer bars drawn to scale.
fn scaled(days: u32, longest: u32) -> u32 {
    (days.saturating_mul(LONGEST).div_ceil(longest)).clamp(1, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_bars_are_drawn_to_scale() {
        assert_eq!(scaled(7, 60), 7);
        assert_eq!(scaled(120, 120), 60);
        assert_eq!(scaled(1, 600), 1);
    }
}
