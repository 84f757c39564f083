//! What if: the form of suppositions, and what they would change.

use super::list::Choice;
use super::plan::Seen;
use super::typed::Typed;
use crate::i18n::Lang;
use app::{OpenCase, ProjectPlan};
use domain::ids::OfficeCode;
use domain::plan::{Scenario, Scheduled};

/// No supposition is about more days or per cent.
const MOST: u32 = 1000;
/// Fields of the form; all else in the address is carried.
const FIELDS: [&str; 7] = ["green", "stand_in", "early", "late_office", "late_days", "staff_office", "staff_percent"];

/// The form as it was filled in.
pub(crate) struct Supposing {
    pub(crate) carried: Vec<(String, String)>,
    pub(crate) green: bool,
    /// It is on the green channel already.
    pub(crate) is_green: bool,
    pub(crate) stand_in: bool,
    pub(crate) early: Vec<Choice>,
    pub(crate) late: Vec<Choice>,
    pub(crate) late_days: String,
    pub(crate) late_error: String,
    pub(crate) staff: Vec<Choice>,
    pub(crate) staff_percent: String,
    pub(crate) staff_error: String,
    pub(crate) open: bool,
}

/// A line of before and after.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) change: String,
}

/// Before and after.
pub(crate) struct Compared {
    pub(crate) sentence: String,
    pub(crate) lines: Vec<Line>,
}

/// Reads what is supposed. What is not right is said at its field and not supposed.
pub(super) fn read(l: Lang, open: &OpenCase, plan: &ProjectPlan, typed: &Typed, desk: bool) -> (Scenario, Supposing) {
    let left = |item: &&Scheduled| !item.state.is_done();
    let mut offices: Vec<&OfficeCode> = Vec::new();
    for item in plan.schedule.items.iter().filter(left) {
        if !offices.contains(&&item.office) {
            offices.push(&item.office);
        }
    }
    let choice = |name: &str, code: &str, label: String| Choice {
        value: code.to_owned(),
        label,
        chosen: typed.all(name).contains(&code),
    };
    let directory = &open.reference.directory;
    let office_choices = |name: &str| {
        offices.iter().map(|code| choice(name, code.as_str(), directory.office_name(code).to_owned())).collect()
    };
    let early = plan.schedule.items.iter().filter(|item| item.can_start_early).map(|item| {
        let matter = open.reference.catalogue.matter(&item.code);
        choice("early", item.code.as_str(), matter.map_or_else(|| item.code.to_string(), |m| m.name.clone()))
    });
    let early: Vec<Choice> = early.collect();
    let (late, late_error) = by_office(l, typed, &offices, "late_office", "late_days");
    let (more_staff, staff_error) = by_office(l, typed, &offices, "staff_office", "staff_percent");
    let scenario = Scenario {
        green: typed.has("green") && open.case.green.is_none(),
        stand_in: typed.has("stand_in"),
        early_start: early.iter().filter(|one| one.chosen).map(|one| one.value.as_str().into()).collect(),
        late,
        more_staff: if desk { more_staff } else { Vec::new() },
    };
    let is_asked = FIELDS.iter().any(|name| !typed.get(name).is_empty());
    let supposing = Supposing {
        carried: typed.carried().into_iter().filter(|(name, _)| !FIELDS.contains(&name.as_str())).collect(),
        green: typed.has("green"),
        is_green: open.case.green.is_some(),
        stand_in: typed.has("stand_in"),
        early,
        late: office_choices("late_office"),
        late_days: typed.get("late_days").to_owned(),
        late_error,
        staff: office_choices("staff_office"),
        staff_percent: typed.get("staff_percent").to_owned(),
        staff_error,
        open: is_asked,
    };
    (scenario, supposing)
}

/// An office with a number, and what is wrong with them.
fn by_office(
    l: Lang,
    typed: &Typed,
    offices: &[&OfficeCode],
    office: &str,
    number: &str,
) -> (Vec<(OfficeCode, u32)>, String) {
    let wrong = |key: &str| (Vec::new(), l.t(&format!("plan.if.{key}")).into_owned());
    let code = OfficeCode::from(typed.get(office));
    match (typed.get(office), typed.get(number)) {
        ("", "") => (Vec::new(), String::new()),
        ("", _) => wrong("no_office"),
        _ if !offices.contains(&&code) => wrong("no_office"),
        (_, text) => match text.parse::<u32>().ok().filter(|number| (1..=MOST).contains(number)) {
            Some(number) => (vec![(code, number)], String::new()),
            None => wrong("no_number"),
        },
    }
}

/// What would be beside what is; none if nothing is supposed.
pub(super) fn compared(seen: &Seen<'_>) -> Option<Compared> {
    let supposed = seen.forecast.supposed.as_ref()?;
    let l = seen.l;
    let (before, after) = (&seen.plan.schedule, &supposed.schedule);
    let line = |name: String, was: chrono::NaiveDate, would: chrono::NaiveDate| Line {
        name,
        before: seen.day(was),
        after: seen.day(would),
        change: moved(seen, seen.open.reference.calendar.working_days_between(would, was)),
    };
    let mut lines: Vec<Line> = Vec::new();
    for mark in before.milestones.iter().filter(|mark| !mark.reached) {
        if let Some(other) = after.milestones.iter().find(|other| other.code == mark.code) {
            lines.push(line(mark.name.clone(), mark.on.date, other.on.date));
        }
    }
    lines.push(line(l.t("plan.if.end").into_owned(), before.end.date, after.end.date));
    if let (Some(usual), Some(would)) = (&seen.forecast.usual, &supposed.forecast) {
        lines.push(line(l.t("plan.if.p50").into_owned(), usual.end.p50.on.date, would.end.p50.on.date));
        lines.push(line(l.t("plan.if.p90").into_owned(), usual.end.p90.on.date, would.end.p90.on.date));
    }
    Some(Compared { sentence: sentence(seen, supposed.plan_gains, supposed.gains), lines })
}

fn moved(seen: &Seen<'_>, days: i64) -> String {
    let count = days.unsigned_abs().to_string();
    match days {
        0 => seen.l.t("plan.if.same").into_owned(),
        1.. => seen.l.tr("plan.if.earlier", &[("days", &count)]),
        _ => seen.l.tr("plan.if.later", &[("days", &count)]),
    }
}

fn sentence(seen: &Seen<'_>, plan: i64, likely: i64) -> String {
    seen.l.tr("plan.if.sentence", &[("plan", &moved(seen, plan)), ("likely", &moved(seen, likely))])
}
