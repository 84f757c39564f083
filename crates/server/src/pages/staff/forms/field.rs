//! Fields of a form as a template draws them: what was typed stays, what is wrong stands at the field.

use super::Ctx;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Area,
    Number,
    Date,
    Moment,
    File,
    Select,
    Radio,
    Checks,
}

/// A choice of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opt {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) note: String,
    pub(crate) chosen: bool,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) kind: Kind,
    pub(crate) value: String,
    pub(crate) options: Vec<Opt>,
    pub(crate) required: bool,
    /// The last day that a date takes; empty for any.
    pub(crate) last: String,
    pub(crate) error: String,
}

impl Field {
    /// A field of this name, labelled by `staff.field.<name>`.
    pub(crate) fn new(ctx: &Ctx<'_>, name: &str, kind: Kind) -> Self {
        let hint = format!("staff.field_hint.{name}");
        Self {
            name: name.to_owned(),
            label: ctx.l.t(&format!("staff.field.{name}")).into_owned(),
            hint: if ctx.l.has(&hint) { ctx.l.t(&hint).into_owned() } else { String::new() },
            kind,
            value: ctx.typed.get(name).to_owned(),
            options: Vec::new(),
            required: false,
            last: String::new(),
            error: ctx.error(name),
        }
    }

    /// A field of a row of a table: its name carries the row, its label serves those who do not see the table.
    pub(crate) fn cell(ctx: &Ctx<'_>, base: &str, row: &str, kind: Kind) -> Self {
        let name = format!("{base}.{row}");
        Self {
            value: ctx.typed.get(&name).to_owned(),
            error: ctx.error(&name),
            name,
            label: ctx.l.t(&format!("staff.field.{base}")).into_owned(),
            hint: String::new(),
            kind,
            options: Vec::new(),
            required: false,
            last: String::new(),
        }
    }

    pub(crate) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The last day that may be chosen.
    pub(crate) fn until(self, last: NaiveDate) -> Self {
        Self { last: last.to_string(), ..self }
    }

    /// What stands in the field while nothing was typed.
    pub(crate) fn or(self, value: impl Into<String>) -> Self {
        if self.value.is_empty() { Self { value: value.into(), ..self } } else { self }
    }

    /// The choices; what was typed, or `or`, is chosen.
    pub(crate) fn options(mut self, ctx: &Ctx<'_>, options: Vec<(String, String)>) -> Self {
        let typed = ctx.typed.all(&self.name);
        self.options = options
            .into_iter()
            .map(|(value, label)| {
                let chosen = if typed.is_empty() { self.value == value } else { typed.contains(&value.as_str()) };
                Opt { value, label, note: String::new(), chosen }
            })
            .collect();
        // A single choice is chosen already.
        if self.required && self.options.len() == 1 && self.kind != Kind::Checks {
            self.options[0].chosen = true;
        }
        self
    }

    /// Ticks every choice while nothing was typed yet.
    pub(crate) fn all_chosen(mut self, ctx: &Ctx<'_>) -> Self {
        if !ctx.posted {
            for option in &mut self.options {
                option.chosen = true;
            }
        }
        self
    }

    /// What is wrong, or what the field is for: the id of its describing text.
    pub(crate) fn is_wrong(&self) -> bool {
        !self.error.is_empty()
    }

    /// The id of a choice's input.
    pub(crate) fn option_id(&self, index: &usize) -> String {
        format!("{}-{index}", self.name)
    }
}

/// A cell of a table: words, a field, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) note: String,
    pub(crate) field: Option<Field>,
}

impl Cell {
    pub(crate) fn words(text: impl Into<String>, note: impl Into<String>) -> Self {
        Self { text: text.into(), note: note.into(), field: None }
    }

    pub(crate) fn field(field: Field) -> Self {
        Self { field: Some(field), ..Self::default() }
    }

    /// The name that a phone shows before the field; choices carry their own words.
    pub(crate) fn name(&self) -> &str {
        let named = self.field.as_ref().filter(|field| !matches!(field.kind, Kind::Radio | Kind::Checks));
        named.map_or("", |field| field.label.as_str())
    }

    /// Whether a phone needs such a name.
    pub(crate) fn is_named(&self) -> bool {
        !self.name().is_empty()
    }
}

/// A table of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A form without its frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) intro: Vec<String>,
    pub(crate) fields: Vec<Field>,
    pub(crate) tables: Vec<Table>,
    /// Fields after the tables.
    pub(crate) tail: Vec<Field>,
    /// A second button that answers for everything else: its name, value, words.
    pub(crate) quick: Option<(String, String, String)>,
    pub(crate) has_files: bool,
}

/// `2026-12-03` as a day.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// `2026-12-03T14:30` on the hall's clock as a moment.
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
    local.ok().map(domain::calendar::utc)
}

/// A moment as such a field shows it.
pub(crate) fn moment_text(at: DateTime<Utc>) -> String {
    domain::calendar::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

/// Yuan as typed (`1,234.50`) in fen.
pub(crate) fn fen(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '元' | '¥' | '￥')).collect();
    let (whole, rest) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    if rest.len() > 2 || whole.is_empty() || !plain.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_yuan() {
        assert_eq!(fen("1,234.5"), Some(123_450));
        assert_eq!(fen("80 元"), Some(8_000));
        assert_eq!(fen("0.05"), Some(5));
        for wrong in ["", "-1", "1.234", "八十", ".5", "1.2.3"] {
            assert_eq!(fen(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_the_halls_own_time() {
        let at = moment("2026-11-24T14:30").map(|at| at.to_rfc3339());
        assert_eq!(at.as_deref(), Some("2026-11-24T06:30:00+00:00"));
        assert_eq!(moment("2026-11-24T14:30").map(moment_text).as_deref(), Some("2026-11-24T14:30"));
    }
}
