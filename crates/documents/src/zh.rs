//! Dates, lists and numbers as a Chinese paper writes them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};

/// 2026年11月24日
pub(crate) fn date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 2026-11-24, for narrow columns
pub(crate) fn date_short(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// 2026年11月24日（周二）
pub(crate) fn date_with_weekday(day: NaiveDate) -> String {
    const NAMES: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let name = NAMES.get(day.weekday().num_days_from_monday() as usize).unwrap_or(&"");
    format!("{}（周{name}）", date(day))
}

/// 2026年11月24日 9:52, in China's time
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    let at = local(at);
    format!("{} {}:{:02}", date(at.date_naive()), at.hour(), at.minute())
}

/// 2026年11月24日 09:52:07（北京时间）, for evidence
pub(crate) fn moment_exact(at: DateTime<Utc>) -> String {
    let at = local(at);
    format!("{} {}（北京时间）", date(at.date_naive()), at.format("%H:%M:%S"))
}

fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    const EAST_8: i32 = 8 * 3600;
    match FixedOffset::east_opt(EAST_8) {
        Some(zone) => at.with_timezone(&zone),
        None => at.fixed_offset(),
    }
}

/// 甲、乙、丙
pub(crate) fn list<S: AsRef<str>>(parts: &[S]) -> String {
    parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("、")
}

/// ① to ㊿, then (51): there are no circled numbers above fifty.
pub(crate) fn mark(number: usize) -> String {
    let circled = match number {
        1..=20 => Some(0x2460 + number - 1),
        21..=35 => Some(0x3251 + number - 21),
        36..=50 => Some(0x32b1 + number - 36),
        _ => None,
    };
    circled
        .and_then(|code| u32::try_from(code).ok())
        .and_then(char::from_u32)
        .map_or_else(|| format!("({number})"), String::from)
}

/// Each text with its mark before it.
pub(crate) fn numbered(texts: &[String]) -> Vec<serde_json::Value> {
    (1..).zip(texts).map(|(n, text)| serde_json::json!({"mark": mark(n), "text": text})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_run_on_past_fifty() {
        let marks: Vec<String> = [1, 20, 21, 35, 36, 50, 51, 300].into_iter().map(mark).collect();
        assert_eq!(marks, ["①", "⑳", "㉑", "㉟", "㊱", "㊿", "(51)", "(300)"]);
    }

    #[test]
    fn times_are_shown_in_chinas_time() {
        let late = "2026-11-23T16:05:07Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(moment(late), "2026年11月24日 0:05");
        assert_eq!(moment_exact(late), "2026年11月24日 00:05:07（北京时间）");
        assert_eq!(date_with_weekday(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()), "2026年11月24日（周二）");
    }
}
