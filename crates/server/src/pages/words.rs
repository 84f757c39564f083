//! Dates of papers, marks and short names, for the public, enterprise and paper pages.

use crate::i18n::Lang;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::calendar::local;

/// `12月3日`, with its year where that is not the year of `base`.
pub(crate) fn day_of(l: Lang, date: NaiveDate, base: NaiveDate) -> String {
    let day = l.day(date);
    match l {
        _ if date.year() == base.year() => day,
        Lang::Zh => format!("{}年{day}", date.year()),
        Lang::En => format!("{day} {}", date.year()),
    }
}

/// `2026年11月24日`, as papers write it in every language.
pub(crate) fn paper_day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026年11月24日 9:52`, as papers write it in every language.
pub(crate) fn paper_moment(at: DateTime<Utc>) -> String {
    let at = local(at);
    format!("{} {}:{:02}", paper_day(at.date()), at.hour(), at.minute())
}

/// ① to ⑳, then plain numbers in brackets.
pub(crate) fn mark(number: usize) -> String {
    let circled = match number {
        1..=20 => u32::try_from(0x245f + number).ok().and_then(char::from_u32),
        21..=35 => u32::try_from(0x3251 + number - 21).ok().and_then(char::from_u32),
        36..=50 => u32::try_from(0x32b1 + number - 36).ok().and_then(char::from_u32),
        _ => None,
    };
    circled.map_or_else(|| format!("({number})"), String::from)
}

/// A name cut for a picture: without what stands in brackets, without the words that every such name begins or ends with,
/// and at most `most` letters.
pub(crate) fn short_name(name: &str, most: usize) -> String {
    const BEGINNINGS: [&str; 7] =
        ["生产建设项目", "工程建设项目", "建设工程", "建设项目", "建筑工程", "国有", "企业投资"];
    const ENDINGS: [&str; 4] = ["核发", "审批", "许可", "管理"];
    // What is left of “市、自治区能源主管部门” or “旗商务（投资促进）部门” would tell nothing.
    let bare = name.split(['（', '(', '、']).next().filter(|bare| count(bare) > 3).unwrap_or(name);
    let mut short = bare;
    if count(short) > most {
        short = BEGINNINGS.iter().find_map(|start| short.strip_prefix(start)).filter(|s| count(s) > 2).unwrap_or(short);
    }
    if count(short) > most {
        short = ENDINGS.iter().find_map(|end| short.strip_suffix(end)).filter(|s| count(s) > 2).unwrap_or(short);
    }
    if count(short) <= most {
        return short.to_owned();
    }
    let mut cut: String = short.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

fn count(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_what_tells_them_apart() {
        assert_eq!(short_name("建设工程设计方案审查", 7), "设计方案审查");
        assert_eq!(short_name("建设工程规划许可证核发", 7), "规划许可证核发");
        assert_eq!(short_name("高压用电报装（10千伏及以上）", 7), "高压用电报装");
        assert_eq!(short_name("食品经营许可", 7), "食品经营许可");
        assert_eq!(short_name("旗商务（投资促进）部门", 9), "旗商务（投资促进…");
        assert_eq!(short_name("市、自治区能源主管部门", 9), "市、自治区能源主…");
        assert_eq!(short_name("修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批", 7).chars().count(), 7);
    }

    #[test]
    fn marks_run_on() {
        assert_eq!([mark(1), mark(20), mark(21), mark(51)], ["①", "⑳", "㉑", "(51)"]);
    }
}
