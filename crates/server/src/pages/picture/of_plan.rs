//! Charts of what there is to plan: a case with its dates, a template with days from its start.

use super::chart::{Axis, Chart, Group, Look, Mark, Row, Shade, Tick, Words};
use crate::i18n::Lang;
use crate::pages::words;
use app::Wanted;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::calendar::Calendar;
use domain::catalogue::{Catalogue, Matter};
use domain::ids::MatterCode;
use domain::people::Directory;
use domain::plan::{Edges, ItemState, MilestoneDate, Plan, PlanItem, PlannedMatter, Schedule, Scheduled};

/// Finished matters are drawn from so many days ago on.
const PAST: Days = Days::new(120);
/// Up to so many days each week has a name, beyond each month.
const WEEKS: i64 = 49;
/// From so many days on, single weekends are too narrow to be seen.
const NARROW: i64 = 550;

/// How matters are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Stage,
    Office,
}

/// What the chart of a case is made from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) l: Lang,
    pub(crate) items: &'a [PlanItem],
    pub(crate) schedule: &'a Schedule,
    pub(crate) goal: Option<&'a Wanted>,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) directory: &'a Directory,
    pub(crate) calendar: &'a Calendar,
    pub(crate) today: NaiveDate,
    pub(crate) by: By,
}

/// How a matter of a schedule looks, and its state in a word.
pub(crate) fn look(l: Lang, item: &Scheduled) -> (Look, String) {
    let (look, key) = match item.state {
        ItemState::Done { .. } => (Look::Done, "done"),
        ItemState::Running { overdue: true, .. } => (Look::Late, "late"),
        ItemState::Running { .. } => (Look::Running, "running"),
        ItemState::Stopped { .. } => (Look::Stopped, "stopped"),
        ItemState::Refused { .. } => (Look::Again, "again"),
        _ if item.can_start_today => (Look::Ready, "ready"),
        _ if item.can_start_early => (Look::Planned, "early"),
        ItemState::Ready | ItemState::Waiting => (Look::Planned, "waiting"),
    };
    (look, l.t(&format!("plan.state.{key}")).into_owned())
}

fn drawing_words(l: Lang) -> Words {
    let word = |key: &str| l.t(&format!("plan.draw.{key}")).into_owned();
    Words {
        critical: word("critical"),
        milestones: word("milestones"),
        waits: word("waits"),
        step: l.tr("plan.draw.step", &[("n", "%{n}")]),
        done: l.tr("plan.draw.done", &[("n", "%{n}")]),
        and: word("and"),
    }
}

/// The chart of a case.
pub(crate) fn chart(source: Source<'_>) -> Chart {
    let l = source.l;
    let days = DayAxis::of(source);
    let rows: Vec<Row> = source.schedule.items.iter().map(|item| row(source, &days, item)).collect();
    let stage = |item: &Scheduled| source.catalogue.matter(&item.code).map(|m| m.stage.clone()).unwrap_or_default();
    let group = |item: &Scheduled| match source.by {
        By::Stage => stage(item),
        By::Office => source.directory.office_name(&item.office).to_owned(),
    };
    let names: Vec<String> = source.schedule.items.iter().map(group).collect();
    let count = |of: fn(&ItemState) -> bool| source.schedule.items.iter().filter(|item| of(&item.state)).count();
    let (done, now) = (count(ItemState::is_done), count(ItemState::is_under_way));
    let end = words::day_of(l, source.schedule.end.date, source.today);
    let facts = [
        ("all", rows.len().to_string()),
        ("done", done.to_string()),
        ("now", now.to_string()),
        ("next", (rows.len() - done - now).to_string()),
        ("date", end),
    ];
    Chart {
        title: l.t("plan.draw.title").into_owned(),
        desc: l.tr("plan.draw.desc", &facts),
        axis: days.axis(source),
        groups: grouped(source.catalogue, &rows, &names),
        marks: source.schedule.milestones.iter().map(|mark| milestone(source, &days, mark)).collect(),
        rows,
        words: drawing_words(l),
    }
}

/// Groups in the order of stages, else as they come; within one in the order of begin.
fn grouped(catalogue: &Catalogue, rows: &[Row], names: &[String]) -> Vec<Group> {
    let mut groups: Vec<Group> =
        catalogue.stages().iter().map(|stage| Group { name: stage.clone(), rows: Vec::new() }).collect();
    for (at, name) in names.iter().enumerate() {
        match groups.iter_mut().find(|group| group.name == *name) {
            Some(group) => group.rows.push(at),
            None => groups.push(Group { name: name.clone(), rows: vec![at] }),
        }
    }
    for group in &mut groups {
        group.rows.sort_by(|a, b| rows[*a].from.total_cmp(&rows[*b].from));
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

/// Days as places on the axis.
struct DayAxis {
    first: NaiveDate,
    days: i64,
}

impl DayAxis {
    fn of(source: Source<'_>) -> Self {
        let items = &source.schedule.items;
        let begun = items.iter().map(|item| item.start.date).chain([source.today]).min().unwrap_or(source.today);
        let oldest = source.today.checked_sub_days(PAST).unwrap_or(source.today);
        let first = begun.max(oldest);
        let ends = items.iter().flat_map(|item| [item.finish.date, item.latest_finish]);
        let wanted = source.goal.map(|goal| goal.on);
        let last = ends.chain(wanted).chain([source.today]).max().unwrap_or(source.today);
        Self { first, days: (last - first).num_days().max(14) + 3 }
    }

    /// The morning of a day.
    fn morning(&self, date: NaiveDate) -> f64 {
        (date - self.first).num_days() as f64
    }

    /// Its evening.
    fn evening(&self, date: NaiveDate) -> f64 {
        self.morning(date) + 1.0
    }

    fn axis(&self, source: Source<'_>) -> Axis {
        let dates = || self.first.iter_days().take(usize::try_from(self.days).unwrap_or(0));
        let is_weekend = |date: NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let kind = |date: NaiveDate| match (source.calendar.day(date).working, is_weekend(date)) {
            (false, _) => Some("off"),
            (true, true) => Some("extra"),
            (true, false) => None,
        };
        let mut shades: Vec<Shade> = Vec::new();
        for date in dates() {
            let Some(class) = kind(date) else { continue };
            let (from, to) = (self.morning(date), self.evening(date));
            match shades.last_mut() {
                Some(last) if last.class == class && last.to >= from => last.to = to,
                _ => shades.push(Shade { from, to, class }),
            }
        }
        shades.retain(|shade| self.days < NARROW || shade.to - shade.from > 2.0);
        let is_named = |date: &NaiveDate| match self.days <= WEEKS {
            true => date.weekday() == Weekday::Mon,
            false => date.day() == 1,
        };
        let tick = |date: NaiveDate| Tick { at: self.morning(date), label: self.named(source.l, date) };
        let l = source.l;
        let guessed = |date: NaiveDate| Tick { at: self.morning(date), label: l.t("plan.guess").into_owned() };
        let now = l.tr("plan.draw.today", &[("date", &l.day(source.today))]);
        Axis {
            len: self.days as f64,
            shades,
            ticks: dates().filter(is_named).map(tick).collect(),
            guess: dates().find(|date| source.calendar.day(*date).provisional).map(guessed),
            now: Some(Tick { at: self.morning(source.today) + 0.5, label: now }),
        }
    }

    fn named(&self, l: Lang, date: NaiveDate) -> String {
        match l {
            _ if self.days <= WEEKS => l.day(date),
            Lang::Zh if date.month() == 1 => format!("{}年1月", date.year()),
            Lang::Zh => format!("{}月", date.month()),
            Lang::En if date.month() == 1 => format!("Jan {}", date.year()),
            Lang::En => l.day(date).trim_start_matches("1 ").to_owned(),
        }
    }
}

fn row(source: Source<'_>, days: &DayAxis, item: &Scheduled) -> Row {
    let l = source.l;
    let (look, word) = look(l, item);
    let day = |date: NaiveDate| words::day_of(l, date, source.today);
    let (start, finish) = (day(item.start.date), day(item.finish.date));
    // A small box has no room for more than a date with its year.
    let has_year = item.finish.date.year() != source.today.year();
    let brief = |date: &str, more: String| if has_year { date.to_owned() } else { more };
    let (dates, brief) = match item.state {
        ItemState::Done { .. } => (finish.clone(), finish),
        ItemState::Running { due: Some(due), .. } => {
            let before = l.tr("plan.dates.before", &[("date", &day(due))]);
            (before.clone(), brief(&before, format!("{word} {before}")))
        }
        ItemState::Running { .. } | ItemState::Stopped { .. } => {
            (l.tr("plan.dates.likely", &[("date", &finish)]), brief(&finish, format!("{word} {finish}")))
        }
        _ if start == finish => (finish.clone(), finish),
        _ => {
            let span = l.tr("plan.dates.span", &[("from", &start), ("to", &finish)]);
            (span, brief(&finish, l.tr("plan.dates.until", &[("date", &finish)])))
        }
    };
    let is_done = item.state.is_done();
    let known = source.items.iter().find(|known| known.code == item.code);
    let place = |code: &MatterCode| source.schedule.items.iter().position(|other| other.code == *code);
    let by_law = |code: &MatterCode| known.is_some_and(|known| known.hard.contains(code));
    Row {
        name: source.catalogue.matter(&item.code).map_or_else(|| item.code.to_string(), |matter| matter.name.clone()),
        office: words::short_name(source.directory.office_name(&item.office), 9),
        href: format!("#m-{}", item.code),
        look,
        word,
        dates,
        brief,
        from: days.morning(item.start.date),
        to: days.evening(item.finish.date),
        worked: item.state.is_under_way().then(|| days.morning(source.today) + 0.5),
        latest: (!is_done && item.slack != 0).then(|| days.evening(item.latest_finish)),
        critical: item.critical,
        after: item.waits_for.iter().filter_map(|code| Some((place(code)?, by_law(code)))).collect(),
    }
}

fn milestone(source: Source<'_>, days: &DayAxis, mark: &MilestoneDate) -> Mark {
    let l = source.l;
    let on = words::day_of(l, mark.on.date, source.today);
    let key = if mark.reached { "plan.dates.reached" } else { "plan.dates.earliest" };
    let wanted = source.goal.filter(|goal| goal.milestone == mark.code).map(|goal| Tick {
        at: days.evening(goal.on),
        label: l.tr("plan.dates.wanted", &[("date", &words::day_of(l, goal.on, source.today))]),
    });
    let place = |code: &MatterCode| source.schedule.items.iter().position(|other| other.code == *code);
    Mark {
        name: mark.name.clone(),
        dates: l.tr(key, &[("date", &on)]),
        at: days.evening(mark.on.date),
        reached: mark.reached,
        wanted,
        after: mark.waits_for.iter().filter_map(place).collect(),
    }
}

/// The chart of a list of matters in working days from its start, without a calendar: what a template promises.
pub(crate) fn chart_of_list(l: Lang, catalogue: &Catalogue, directory: &Directory, codes: &[MatterCode]) -> Chart {
    let plan = Plan::compute(catalogue, codes, Edges::All, false);
    let known = |planned: &PlannedMatter| catalogue.matter(&planned.code);
    let rows: Vec<Row> =
        plan.matters.iter().filter_map(|one| Some(promised(l, directory, &plan, one, known(one)?))).collect();
    let stages: Vec<String> = plan.matters.iter().filter_map(known).map(|matter| matter.stage.clone()).collect();
    let place = |code: &MatterCode| plan.matters.iter().position(|other| other.code == *code);
    let marks = catalogue.milestones().iter().filter_map(|milestone| {
        let after: Vec<usize> = milestone.requires.iter().filter_map(place).collect();
        let day = after.iter().map(|at| plan.matters[*at].earliest_finish).max()?;
        let dates = l.tr("plan.list.day", &[("day", &day.to_string())]);
        let at = f64::from(day);
        Some(Mark { name: milestone.name.clone(), dates, at, reached: false, wanted: None, after })
    });
    let facts = [("all", rows.len().to_string()), ("days", plan.days.to_string())];
    Chart {
        title: l.t("plan.list.title").into_owned(),
        desc: l.tr("plan.list.desc", &facts),
        axis: day_numbers(l, plan.days),
        marks: marks.collect(),
        groups: grouped(catalogue, &rows, &stages),
        rows,
        words: drawing_words(l),
    }
}

/// Every tenth day, or less often where there are many.
fn day_numbers(l: Lang, days: u32) -> Axis {
    let step = [10, 20, 50, 100, 500].into_iter().find(|step| days / step <= 14).unwrap_or(1000);
    let numbers = (0..=days).step_by(step as usize).filter(|day| *day > 0);
    let tick = |day: u32| Tick { at: f64::from(day), label: l.tr("plan.list.tick", &[("day", &day.to_string())]) };
    Axis {
        len: f64::from(days.max(10)) * 1.01,
        shades: Vec::new(),
        ticks: numbers.map(tick).collect(),
        ..Axis::default()
    }
}

fn promised(l: Lang, directory: &Directory, plan: &Plan, one: &PlannedMatter, matter: &Matter) -> Row {
    let place = |code: &MatterCode| plan.matters.iter().position(|other| other.code == *code);
    let hard = matter.depends_on.iter().map(|code| (code, true));
    let soft = matter.soft_after.iter().map(|code| (code, false));
    let after: Vec<(usize, bool)> =
        hard.chain(soft).filter_map(|(code, by_law)| Some((place(code)?, by_law))).collect();
    let word = match one.days {
        0 => l.t("plan.list.same_day").into_owned(),
        days => l.tr("plan.list.days", &[("days", &days.to_string())]),
    };
    let finish = one.earliest_finish.max(1).to_string();
    let until = l.tr("plan.list.until", &[("day", &finish)]);
    let dates = match one.days {
        0 | 1 => l.tr("plan.list.day", &[("day", &finish)]),
        _ => l.tr("plan.list.span", &[("from", &(one.earliest_start + 1).to_string()), ("to", &finish)]),
    };
    Row {
        name: matter.name.clone(),
        office: words::short_name(directory.office_name(&matter.department), 9),
        href: format!("/matters/{}", one.code),
        look: if after.is_empty() { Look::Ready } else { Look::Planned },
        word,
        dates,
        brief: until,
        from: f64::from(one.earliest_start),
        to: f64::from(one.earliest_finish),
        worked: None,
        latest: (one.slack > 0).then(|| f64::from(one.latest_finish)),
        critical: plan.critical.contains(&one.code),
        after,
    }
}
