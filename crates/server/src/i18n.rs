//! The two languages: messages by key, dates, amounts and lists as people write them.
//!
//! Messages stand in `locales/<area>.<zh|en>.toml`, in tables that begin with the area's own name (`[common.when]`), so that
//! the key of a message is `area.group.name`. `%{name}` in a message is filled in by [`Lang::tr`]; a part in square brackets
//! is left out when one of the names in it is empty: `没找到材料[“%{name}”]。`

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use std::borrow::Cow;

/// A language of the faces. Chinese comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English.
    En,
}

const WEEKDAYS_ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NUMERALS: [&str; 11] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The code in message files, in accounts and on the wire: `zh` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The value of the `lang` attribute.
    #[must_use]
    pub fn html(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// Reads a language code; anything that does not begin with `en` is Chinese.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        if code.trim().to_ascii_lowercase().starts_with("en") { Self::En } else { Self::Zh }
    }

    /// The first language of an `Accept-Language` header that we have, in the order of its weights; none if it names none.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("zh") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }

    /// Whether there is a message with this key.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        lookup(self, key).is_some()
    }

    /// The message with this key, without parameters. A missing one shows its key: a test keeps that from happening.
    #[must_use]
    pub fn t(self, key: &str) -> Cow<'static, str> {
        lookup(self, key).unwrap_or_else(|| {
            tracing::warn!(key, lang = self.code(), "no such message");
            Cow::Owned(key.to_owned())
        })
    }

    /// The message with this key and its parameters filled in. The values are plain text: templates escape the whole.
    #[must_use]
    pub fn tr<P: Params + ?Sized>(self, key: &str, params: &P) -> String {
        fill(&self.t(key), |name| params.value(name).map(str::to_owned))
    }

    /// `12月3日（周四）`, `3 Dec (Thu)`.
    #[must_use]
    pub fn date(self, date: NaiveDate) -> String {
        let day = self.day(date);
        match self {
            Self::Zh => format!("{day}（周{}）", weekday(&WEEKDAYS_ZH, date)),
            Self::En => format!("{day} ({})", weekday(&WEEKDAYS_EN, date)),
        }
    }

    /// `12月3日`, `3 Dec`.
    #[must_use]
    pub fn day(self, date: NaiveDate) -> String {
        match self {
            Self::Zh => format!("{}月{}日", date.month(), date.day()),
            Self::En => format!("{} {}", date.day(), month_en(date)),
        }
    }

    /// `2026年12月3日（周四）`, `3 Dec 2026 (Thu)`.
    #[must_use]
    pub fn date_long(self, date: NaiveDate) -> String {
        match self {
            Self::Zh => format!("{}年{}", date.year(), self.date(date)),
            Self::En => format!("{} {} ({})", self.day(date), date.year(), weekday(&WEEKDAYS_EN, date)),
        }
    }

    /// A date as people say it today: without the year when it is this year's.
    #[must_use]
    pub fn date_seen(self, date: NaiveDate, today: NaiveDate) -> String {
        if date.year() == today.year() { self.date(date) } else { self.date_long(date) }
    }

    /// A moment as people say it today: `今天 9:40`, `11月23日 15:12`, `2025年11月23日 15:12`; in the hall's own time.
    #[must_use]
    pub fn time(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (local, today) = (domain::calendar::local(at), domain::calendar::today(now));
        let clock = self.clock(at);
        let date = local.date();
        if date == today {
            return self.tr("common.when.today", &[("time", &clock)]);
        }
        if date.year() == today.year() {
            return format!("{} {clock}", self.day(date));
        }
        match self {
            Self::Zh => format!("{}年{} {clock}", date.year(), self.day(date)),
            Self::En => format!("{} {} {clock}", self.day(date), date.year()),
        }
    }

    /// `9:40`, in the hall's own time.
    #[must_use]
    pub fn clock(self, at: DateTime<Utc>) -> String {
        let local = domain::calendar::local(at);
        format!("{}:{:02}", local.hour(), local.minute())
    }

    /// `还剩 4 个工作日`, `今天到期`, `已超 2 个工作日`.
    #[must_use]
    pub fn working_days_left(self, days: i64) -> String {
        let key = match days {
            0 => "common.when.due_today",
            1 => "common.when.one_left",
            2.. => "common.when.left",
            -1 => "common.when.one_over",
            _ => "common.when.over",
        };
        self.tr(key, &[("days", &days.unsigned_abs().to_string())])
    }

    /// An amount in fen as yuan: `1,234.50 元`.
    #[must_use]
    pub fn money(self, fen: i64) -> String {
        let yuan = grouped(fen.unsigned_abs() / 100);
        let rest = fen.unsigned_abs() % 100;
        let sign = if fen < 0 { "-" } else { "" };
        let amount = if rest == 0 { format!("{sign}{yuan}") } else { format!("{sign}{yuan}.{rest:02}") };
        self.tr("common.money", &[("amount", &amount)])
    }

    /// A file's size: `78 KB`, `1.2 MB`.
    #[must_use]
    pub fn size(self, bytes: u64) -> String {
        if bytes < 1_000_000 {
            return format!("{} KB", bytes.div_ceil(1000).max(1));
        }
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }

    /// Joins a list: with 、 in Chinese, with commas in English.
    #[must_use]
    pub fn list<T: AsRef<str>>(self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(match self {
            Self::Zh => "、",
            Self::En => ", ",
        })
    }

    /// The clause of the plan as it is cited: `S3.2` is 方案三.2.
    #[must_use]
    pub fn clause(self, clause: &str) -> String {
        let bare = clause.strip_prefix('S').unwrap_or(clause);
        let (chapter, rest) = bare.split_once('.').unwrap_or((bare, ""));
        let rest = if rest.is_empty() || !rest.starts_with(|c: char| c.is_ascii_digit()) {
            String::new()
        } else {
            format!(".{rest}")
        };
        match self {
            Self::Zh => {
                let numeral = chapter.parse::<usize>().ok().and_then(|n| NUMERALS.get(n)).copied().unwrap_or(chapter);
                format!("方案{numeral}{rest}")
            }
            Self::En => format!("Plan {chapter}{rest}"),
        }
    }
}

/// The clause of the plan as it is cited: `S3.2` is 方案三.2.
#[must_use]
pub fn clause_name(clause: &str, l: Lang) -> String {
    l.clause(clause)
}

/// Names with their values, as [`Lang::tr`] takes them: `&[("name", "value")]`, in code and in templates; the values of one
/// call are of one type (`&str` where they are not: `.as_str()`, `.as_ref()`).
pub trait Params {
    /// The value of a name.
    fn value(&self, name: &str) -> Option<&str>;
}

impl<V: AsRef<str>> Params for [(&str, V)] {
    fn value(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }
}

impl<V: AsRef<str>, const N: usize> Params for [(&str, V); N] {
    fn value(&self, name: &str) -> Option<&str> {
        self.as_slice().value(name)
    }
}

impl<V: AsRef<str>> Params for Vec<(&str, V)> {
    fn value(&self, name: &str) -> Option<&str> {
        self.as_slice().value(name)
    }
}

impl<P: Params + ?Sized> Params for &P {
    fn value(&self, name: &str) -> Option<&str> {
        (**self).value(name)
    }
}

/// Every message of a language, for tests.
#[must_use]
pub fn messages(l: Lang) -> Vec<(String, String)> {
    let found = crate::_rust_i18n_backend().messages_for_locale(l.code()).unwrap_or_default();
    found.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

fn lookup(l: Lang, key: &str) -> Option<Cow<'static, str>> {
    crate::_rust_i18n_backend().translate(l.code(), key)
}

fn weekday<'a>(names: &'a [&'a str; 7], date: NaiveDate) -> &'a str {
    names.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default()
}

fn month_en(date: NaiveDate) -> &'static str {
    MONTHS_EN.get(date.month0() as usize).copied().unwrap_or_default()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fills `%{name}` in a message, and drops a part in square brackets in which a name has no value.
pub(crate) fn fill(message: &str, value: impl Fn(&str) -> Option<String> + Copy) -> String {
    let mut text = String::with_capacity(message.len() + 32);
    let mut rest = message;
    while let Some(at) = [rest.find("%{"), rest.find('[')].into_iter().flatten().min() {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let (open, close) = if from.starts_with('[') { (1, ']') } else { (2, '}') };
        let Some(end) = from.find(close) else {
            rest = from;
            break;
        };
        let inner = &from[open..end];
        if close == '}' {
            text.push_str(&value(inner).unwrap_or_default());
        } else if names(inner).all(|name| value(name).is_some_and(|v| !v.is_empty())) {
            text.push_str(&fill(inner, value));
        }
        rest = &from[end + 1..];
    }
    text.push_str(rest);
    text
}

/// The names in a message.
pub(crate) fn names(message: &str) -> impl Iterator<Item = &str> {
    message.split("%{").skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests;
