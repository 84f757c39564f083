//! What a picture shows, without coordinates: matters in groups, an axis of days, milestones.

/// How a matter looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Done,
    Running,
    Late,
    Stopped,
    /// Nothing is in its way.
    Ready,
    Planned,
    /// Refused: it has to be done again.
    Again,
}

impl Look {
    /// Its class in the theme.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Running => "now",
            Self::Late => "over",
            Self::Stopped => "halt",
            Self::Ready => "key",
            Self::Planned => "plan",
            Self::Again => "again",
        }
    }
}

/// A matter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) href: String,
    pub(crate) look: Look,
    /// Its state in a word.
    pub(crate) word: String,
    /// Its date or dates in words.
    pub(crate) dates: String,
    /// Word and one date, for a small box.
    pub(crate) brief: String,
    /// Begin and end on the axis.
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Up to here it has been worked on.
    pub(crate) worked: Option<f64>,
    /// It has to be finished by here, where that is another place than its end.
    pub(crate) latest: Option<f64>,
    pub(crate) critical: bool,
    /// Places of the matters that it waits for in the list of all, and whether the law orders it.
    pub(crate) after: Vec<(usize, bool)>,
}

impl Row {
    /// Word and dates.
    pub(crate) fn facts(&self) -> String {
        if self.dates.is_empty() { self.word.clone() } else { format!("{} {}", self.word, self.dates) }
    }
}

/// Matters under a heading, as places in the list of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) rows: Vec<usize>,
}

/// A stretch of days that are not like others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shade {
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// `off` for days without work, `extra` for make-up days.
    pub(crate) class: &'static str,
}

/// A day with its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// The axis of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Axis {
    pub(crate) len: f64,
    pub(crate) shades: Vec<Shade>,
    pub(crate) ticks: Vec<Tick>,
    /// From here on working days are guessed, in words: the years are not announced.
    pub(crate) guess: Option<Tick>,
    /// Today, with its name; none where there is no calendar.
    pub(crate) now: Option<Tick>,
}

/// A milestone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) dates: String,
    pub(crate) at: f64,
    pub(crate) reached: bool,
    /// The wanted day, with its words.
    pub(crate) wanted: Option<Tick>,
    /// Places of the matters that it waits for.
    pub(crate) after: Vec<usize>,
}

/// Words that drawings need and no matter has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) critical: String,
    pub(crate) milestones: String,
    pub(crate) waits: String,
    /// `第 %{n} 步`.
    pub(crate) step: String,
    /// `已办结 %{n} 项`.
    pub(crate) done: String,
    /// Between two names.
    pub(crate) and: String,
}

/// Everything that a picture shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chart {
    pub(crate) title: String,
    pub(crate) desc: String,
    pub(crate) axis: Axis,
    pub(crate) rows: Vec<Row>,
    pub(crate) groups: Vec<Group>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) words: Words,
}

impl Chart {
    /// A word with a number in it.
    pub(super) fn counted(&self, word: &str, number: usize) -> String {
        word.replace("%{n}", &number.to_string())
    }

    /// Word, dates and whether it is critical, for those who read.
    pub(super) fn told(&self, row: &Row) -> String {
        if row.critical { format!("{} · {}", row.facts(), self.words.critical) } else { row.facts() }
    }
}
