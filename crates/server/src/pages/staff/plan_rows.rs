//! What the page of a plan says in words: where the project stands, what may start, who waits for whom, every matter.

use super::plan::Seen;
use crate::pages::enterprise::course::ACCEPTANCE_STAGE;
use crate::pages::picture::of_plan::look;
use crate::pages::words;
use app::ForecastQuality;
use domain::calendar::today;
use domain::case::Status;
use domain::ids::{MatterCode, OfficeCode};
use domain::plan::{MilestoneDate, Schedule, Scheduled};

/// A matter that may start today, or with a preliminary look.
pub(crate) struct Startable {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) office: String,
    pub(crate) note: String,
    pub(crate) early: bool,
}

/// A matter that others wait for.
pub(crate) struct Hold {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) office: String,
    pub(crate) person: String,
    pub(crate) days: String,
    pub(crate) waiting: String,
}

/// A milestone.
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) date: String,
    pub(crate) likely: String,
    pub(crate) reached: bool,
    /// What it still waits for, with the place in the table.
    pub(crate) waits: Vec<(String, String)>,
}

/// A matter in the table.
pub(crate) struct MatterRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) office: String,
    pub(crate) class: &'static str,
    pub(crate) word: String,
    pub(crate) start: String,
    pub(crate) finish: String,
    pub(crate) latest_start: String,
    pub(crate) latest_finish: String,
    pub(crate) slack: String,
    pub(crate) late: bool,
    pub(crate) critical: bool,
    pub(crate) waits: String,
    pub(crate) provisional: bool,
}

impl Seen<'_> {
    fn name(&self, code: &MatterCode) -> String {
        let matter = self.open.reference.catalogue.matter(code);
        matter.map_or_else(|| code.to_string(), |matter| matter.name.clone())
    }

    fn office(&self, code: &OfficeCode) -> String {
        self.open.reference.directory.office_name(code).to_owned()
    }

    /// Where the matter itself is shown.
    fn href(&self, code: &MatterCode) -> String {
        match self.desk {
            true => format!("/cases/{}?all=1#{code}", self.open.case.id),
            false => format!("/matters/{code}"),
        }
    }

    /// Names of matters, the first ones.
    fn names(&self, codes: &[MatterCode]) -> String {
        let names: Vec<String> = codes.iter().take(3).map(|code| self.name(code)).collect();
        let list = self.l.list(&names);
        match codes.len() {
            0..=3 => list,
            count => self.l.tr("plan.and_more", &[("list", &list), ("count", &count.to_string())]),
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.open.case.status, Status::Withdrawn | Status::Terminated)
    }

    /// The building work lies between the matters that are left.
    fn is_built(&self) -> bool {
        let is_acceptance = |item: &Scheduled| {
            let stage = self.open.reference.catalogue.matter(&item.code).map(|matter| matter.stage.as_str());
            !item.state.is_done() && stage == Some(ACCEPTANCE_STAGE)
        };
        let opening = self.open.reference.catalogue.milestones().first();
        let is_before =
            |mark: &MilestoneDate| !mark.reached && opening.is_some_and(|opening| opening.code == mark.code);
        self.schedule().milestones.iter().any(is_before) && self.schedule().items.iter().any(is_acceptance)
    }

    fn schedule(&self) -> &Schedule {
        &self.plan.schedule
    }
}

/// When building can begin and when all is finished, if every limit is kept.
pub(super) fn headline(seen: &Seen<'_>) -> String {
    let l = seen.l;
    let schedule = seen.schedule();
    let end = seen.day(schedule.end.date);
    if seen.is_over() {
        return l.t("plan.head.over").into_owned();
    }
    if schedule.items.iter().all(|item| item.state.is_done()) {
        return l.tr("plan.head.finished", &[("date", &end)]);
    }
    match schedule.milestones.iter().find(|mark| !mark.reached) {
        Some(mark) => {
            // How long the building work takes is nobody's limit.
            let key = if seen.is_built() { "plan.head.works" } else { "plan.head.both" };
            l.tr(key, &[("milestone", &mark.name), ("on", &seen.day(mark.on.date)), ("end", &end)])
        }
        None => l.tr("plan.head.end", &[("end", &end)]),
    }
}

/// How likely that is.
pub(super) fn second(seen: &Seen<'_>) -> String {
    let Some(forecast) = seen.forecast.usual.as_ref().filter(|_| !seen.is_over()) else { return String::new() };
    let what = seen.l.t("plan.head.all");
    let whole = (&forecast.end, &*what);
    let (spread, what) = forecast.milestones.first().map_or(whole, |mark| (&mark.spread, mark.name.as_str()));
    let (early, late) = (seen.day(spread.p10.on.date), seen.day(spread.p90.on.date));
    if early == late {
        return seen.l.tr("plan.head.sure", &[("date", early.as_str()), ("what", what)]);
    }
    seen.l.tr("plan.head.spread", &[("early", early.as_str()), ("late", &late), ("what", what)])
}

/// On what it rests.
pub(super) fn basis(seen: &Seen<'_>) -> String {
    let Some(forecast) = seen.forecast.usual.as_ref().filter(|_| !seen.is_over()) else { return String::new() };
    let (known, all) = (forecast.on_history(), forecast.matters.len());
    let counts = [
        ("known", known.to_string()),
        ("all", all.to_string()),
        ("history", seen.forecast.history.to_string()),
        ("rest", (all - known).to_string()),
    ];
    let key = match known {
        0 => "plan.basis.limits",
        known if known == all => "plan.basis.history",
        _ => "plan.basis.both",
    };
    seen.l.tr(key, &counts)
}

pub(super) fn startable(seen: &Seen<'_>) -> Vec<Startable> {
    let one = |item: &Scheduled| {
        let note = match item.can_start_today {
            true if item.holds_up.is_empty() => String::new(),
            true => seen.l.tr("plan.start.opens", &[("names", &seen.names(&item.holds_up))]),
            false => seen.l.tr("plan.start.lift", &[("names", &seen.names(&item.waits_for))]),
        };
        Startable {
            name: seen.name(&item.code),
            href: seen.href(&item.code),
            office: seen.office(&item.office),
            note,
            early: !item.can_start_today,
        }
    };
    let items = || seen.schedule().items.iter().filter(|_| !seen.is_over());
    let today = items().filter(|item| item.can_start_today);
    today.chain(items().filter(|item| item.can_start_early)).map(one).collect()
}

pub(super) fn holds(seen: &Seen<'_>) -> Vec<Hold> {
    let l = seen.l;
    let directory = &seen.open.reference.directory;
    let holds = seen.plan.blockers.iter().filter(|_| !seen.is_over()).map(|blocker| Hold {
        name: seen.name(&blocker.matter),
        href: format!("#m-{}", blocker.matter),
        office: seen.office(&blocker.office),
        person: blocker.person.as_ref().map(|name| directory.person_name(name).to_owned()).unwrap_or_default(),
        days: match blocker.days {
            0 => l.t("plan.hold.none").into_owned(),
            days => l.tr("plan.hold.days", &[("days", &days.to_string())]),
        },
        waiting: l.tr("plan.hold.waiting", &[("count", &blocker.holds_up.to_string())]),
    });
    holds.collect()
}

pub(super) fn marks(seen: &Seen<'_>) -> Vec<Mark> {
    let forecasts = seen.forecast.usual.as_ref().map(|forecast| forecast.milestones.as_slice()).unwrap_or_default();
    let likely = |code: &str| {
        let spread = &forecasts.iter().find(|known| known.code == code)?.spread;
        let (early, late) = (seen.day(spread.p10.on.date), seen.day(spread.p90.on.date));
        Some(seen.l.tr("plan.mark.likely", &[("early", &early), ("late", &late)]))
    };
    let marks = seen.schedule().milestones.iter().map(|mark| Mark {
        name: mark.name.clone(),
        date: seen.day(mark.on.date),
        likely: likely(&mark.code).filter(|_| !mark.reached && !seen.is_over()).unwrap_or_default(),
        reached: mark.reached,
        waits: mark.waits_for.iter().map(|code| (seen.name(code), format!("#m-{code}"))).collect(),
    });
    marks.collect()
}

/// The wanted day, and whether it can be kept; empty if nothing is wanted.
pub(super) fn goal(seen: &Seen<'_>) -> String {
    let Some(goal) = &seen.plan.goal else { return String::new() };
    let mark = seen.schedule().milestones.iter().find(|mark| mark.code == goal.milestone);
    let name = mark.map_or(goal.milestone.as_str(), |mark| mark.name.as_str());
    let wanted = seen.day(goal.on);
    let Some(mark) = mark.filter(|mark| !mark.reached) else {
        return seen.l.tr("plan.goal.set", &[("name", name), ("date", &wanted)]);
    };
    let spare = seen.open.reference.calendar.working_days_between(mark.on.date, goal.on);
    let days = spare.unsigned_abs().to_string();
    let key = match spare {
        0 => "plan.goal.just",
        1.. => "plan.goal.spare",
        _ => "plan.goal.late",
    };
    let on = seen.day(mark.on.date);
    seen.l.tr(key, &[("name", name), ("date", wanted.as_str()), ("on", &on), ("days", &days)])
}

/// Every matter that is asked for, in the order that is asked for.
pub(super) fn matters(seen: &Seen<'_>) -> Vec<MatterRow> {
    let show = seen.typed.get("show");
    let is_wanted = |item: &&Scheduled| match show {
        "open" => !item.state.is_done(),
        "ready" => item.can_start_today,
        "critical" => item.critical,
        "done" => item.state.is_done(),
        _ => true,
    };
    let mut items: Vec<&Scheduled> = seen.schedule().items.iter().filter(is_wanted).collect();
    match seen.typed.get("sort") {
        "start" => items.sort_by_key(|item| item.start.date),
        "finish" => items.sort_by_key(|item| item.finish.date),
        "slack" => items.sort_by_key(|item| (item.state.is_done(), item.slack)),
        _ => {}
    }
    items.into_iter().map(|item| row(seen, item)).collect()
}

fn row(seen: &Seen<'_>, item: &Scheduled) -> MatterRow {
    let l = seen.l;
    let (shape, word) = look(l, item);
    let is_done = item.state.is_done();
    let latest = |date| if is_done { String::new() } else { seen.day(date) };
    let class = match shape.class() {
        "done" => "ok",
        "key" => "wait",
        "plan" => "idle",
        "again" => "over",
        class => class,
    };
    let outside = if item.outside { l.t("plan.outside").into_owned() } else { String::new() };
    MatterRow {
        code: item.code.to_string(),
        name: seen.name(&item.code),
        href: seen.href(&item.code),
        office: format!("{}{outside}", seen.office(&item.office)),
        class,
        word,
        start: seen.day(item.start.date),
        finish: seen.day(item.finish.date),
        latest_start: if item.state.is_under_way() { String::new() } else { latest(item.latest_start) },
        latest_finish: latest(item.latest_finish),
        slack: match item.slack {
            _ if is_done => String::new(),
            slack if slack < 0 => l.tr("plan.table.short", &[("days", &slack.unsigned_abs().to_string())]),
            slack => l.tr("plan.table.days", &[("days", &slack.to_string())]),
        },
        late: item.slack < 0,
        critical: item.critical,
        waits: seen.names(&item.waits_for),
        provisional: !is_done && item.finish.provisional,
    }
}

/// How good forecasts have been.
pub(super) fn quality(seen: &Seen<'_>, known: &ForecastQuality) -> String {
    let l = seen.l;
    let since = words::day_of(l, known.since, today(seen.open.now));
    let Some(quality) = &known.quality else { return l.tr("plan.quality.none", &[("since", &since)]) };
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let facts = [
        ("since", since),
        ("projects", known.projects.to_string()),
        ("n", quality.n.to_string()),
        ("within", percent(quality.within_10_90)),
        ("covered", percent(quality.covered_80)),
        ("off", format!("{:.0}", quality.median_error_days)),
    ];
    l.tr("plan.quality.some", &facts)
}
