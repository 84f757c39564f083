//! Dates: forwards from today, backwards from a goal, who holds up whom.

use super::{calendar, catalogue, codes, day, item, today};
use crate::calendar::Calendar;
use crate::catalogue::{CatalogueError, Milestone, Problem};
use crate::ids::MatterCode;
use crate::plan::*;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

fn plan(items: &[PlanItem]) -> Schedule {
    schedule(items, &[], calendar(), today(), None)
}

fn opening(requires: &[&str]) -> Vec<Milestone> {
    let requires = requires.iter().map(|code| MatterCode::from(*code)).collect();
    let (code, name, rule, legal_basis) = ("MS-KG".to_owned(), "开工".to_owned(), String::new(), String::new());
    vec![Milestone { code, name, rule, requires, legal_basis }]
}

fn of<'a>(schedule: &'a Schedule, code: &str) -> &'a Scheduled {
    schedule.item(&code.into()).unwrap()
}

#[test]
fn s5_3_the_templates_have_the_reference_lengths_as_dates() {
    for template in catalogue().templates() {
        let items = items_of_list(catalogue(), &template.matters);
        let schedule = schedule(&items, catalogue().milestones(), calendar(), today(), None);
        let plan = Plan::compute(catalogue(), &template.matters, Edges::All, false);
        let code = template.code.as_str();
        assert_eq!((schedule.days, &schedule.critical), (plan.days, &plan.critical), "{code}");
        assert_eq!(schedule.end, calendar().add_working_days(today(), plan.days), "{code}");
        for planned in &plan.matters {
            let item = schedule.item(&planned.code).unwrap();
            assert_eq!(item.start, calendar().add_working_days(today(), planned.earliest_start), "{}", planned.code);
            assert_eq!(item.finish, calendar().add_working_days(today(), planned.earliest_finish), "{}", planned.code);
            assert_eq!(item.latest_finish, calendar().add_working_days(today(), planned.latest_finish).date);
            assert_eq!((item.slack, item.critical), (i64::from(planned.slack), planned.slack == 0), "{}", planned.code);
        }
    }
}

#[test]
fn s5_3_the_milestones_of_a_factory_have_dates_and_say_what_they_wait_for() {
    let template = catalogue().template(&"T1".into()).unwrap();
    let mut items = items_of_list(catalogue(), &template.matters);
    let plan = schedule(&items, catalogue().milestones(), calendar(), today(), None);
    let names: Vec<&str> = plan.milestones.iter().map(|milestone| milestone.code.as_str()).collect();
    assert_eq!(names, ["MS-KG", "MS-JG", "MS-TC"]);
    let opening = &plan.milestones[0];
    let last = opening.waits_for.iter().map(|code| plan.item(code).unwrap().finish).max();
    assert_eq!((Some(opening.on), opening.reached), (last, false));
    for item in items.iter_mut().filter(|item| opening.waits_for.contains(&item.code)) {
        (item.days, item.state) = (0, ItemState::Done { since: None, on: day("2026-03-05") });
    }
    let reached = schedule(&items, catalogue().milestones(), calendar(), today(), None);
    let opening = &reached.milestones[0];
    assert_eq!((opening.reached, opening.on.date, opening.waits_for.len()), (true, day("2026-03-05"), 0));
}

#[test]
fn s5_3_what_runs_takes_what_remains_and_what_is_done_nothing() {
    let mut items = vec![item("A", 5, &[]), item("B", 3, &["A"]), item("C", 20, &["B"]), item("D", 9, &[])];
    items[0].state = ItemState::Done { since: Some(day("2026-03-02")), on: day("2026-03-09") };
    items[1].state = ItemState::Running { since: day("2026-03-09"), due: Some(day("2026-03-16")), overdue: false };
    let plan = plan(&items);
    let (done, runs, waits, free) = (of(&plan, "A"), of(&plan, "B"), of(&plan, "C"), of(&plan, "D"));
    assert_eq!((done.start.date, done.finish.date, done.critical), (day("2026-03-02"), day("2026-03-09"), false));
    assert_eq!((runs.start.date, runs.finish.date), (day("2026-03-09"), day("2026-03-16")));
    assert_eq!((waits.start.date, codes(&waits.waits_for)), (day("2026-03-16"), vec!["B"]));
    assert_eq!((plan.days, codes(&plan.critical)), (23, vec!["B", "C"]));
    assert_eq!((free.slack, codes(&plan.can_start_today)), (14, vec!["D"]));
    assert!(!runs.can_start_today && !waits.can_start_today && codes(&runs.holds_up) == ["C"]);
    for item in &mut items {
        item.state = ItemState::Done { since: None, on: day("2026-03-10") };
    }
    let over = super::schedule::plan(&items);
    assert_eq!((over.end.date, over.days, over.critical.len()), (day("2026-03-10"), 0, 0));
}

#[test]
fn s5_3_a_refused_matter_is_done_again_before_anything_goes_on() {
    let mut items = vec![item("A", 5, &[]), item("B", 3, &["A"])];
    items[0].state = ItemState::Refused { on: day("2026-03-10") };
    let plan = plan(&items);
    assert_eq!((plan.days, codes(&plan.critical)), (8, vec!["A", "B"]));
}

#[test]
fn s5_3_only_a_lifted_order_lets_a_matter_begin_early() {
    let mut items = vec![item("A", 5, &[]), item("B", 3, &[])];
    items[1].soft = vec!["A".into()];
    let usual = plan(&items);
    assert_eq!((usual.days, of(&usual, "B").can_start_today, of(&usual, "B").can_start_early), (8, false, true));
    let lifted = Scenario { early_start: vec!["B".into()], ..Scenario::default() }.apply(&items, 50);
    assert_eq!((plan(&lifted).days, of(&plan(&lifted), "B").can_start_today), (5, true));
    items[1].hard = vec!["A".into()];
    let by_law = Scenario { early_start: vec!["B".into()], ..Scenario::default() }.apply(&items, 50);
    assert_eq!((plan(&by_law).days, of(&plan(&by_law), "B").can_start_early), (8, false));
}

#[test]
fn s5_3_latest_dates_count_backwards_from_the_wanted_start_of_building() {
    let items = [item("A", 5, &[]), item("B", 3, &["A"]), item("C", 1, &[]), item("D", 9, &["B"])];
    let opening = opening(&["B", "C"]);
    let on = |goal| schedule(&items, &opening, calendar(), today(), Some(("MS-KG", day(goal))));
    // Eight working days from 11 March are 23 March; the goal is two later.
    let late = on("2026-03-25");
    assert_eq!((of(&late, "A").latest_start, of(&late, "A").slack), (day("2026-03-13"), 2));
    assert_eq!((of(&late, "C").latest_finish, of(&late, "C").slack), (day("2026-03-25"), 9));
    assert_eq!(codes(&late.critical), ["A", "B"]);
    assert!(of(&late, "B").critical && !of(&late, "C").critical && !of(&late, "D").critical);
    assert_eq!((of(&late, "D").slack, late.days), (2, 17));
    let early = on("2026-03-20");
    assert_eq!((of(&early, "A").slack, of(&early, "A").latest_start), (-1, day("2026-03-10")));
    assert_eq!((of(&early, "D").slack, of(&early, "C").slack), (0, 6));
    // A goal that nothing leads to, or that is not in the catalogue, changes nothing.
    let none = schedule(&items, &opening, calendar(), today(), Some(("MS-XX", day("2026-03-25"))));
    assert_eq!(none, schedule(&items, &opening, calendar(), today(), None));
    // Nor does a day beyond all calendars break anything.
    assert!(of(&on("9999-12-31"), "A").slack > 1000);
    assert!(of(&on("1970-01-01"), "A").slack < -1000);
}

#[test]
fn s5_3_blockers_say_by_how_many_days_they_hold_up_the_end() {
    let mut items =
        vec![item("A", 5, &[]), item("B", 12, &[]), item("C", 3, &["A", "B"]), item("D", 1, &["A"]), item("E", 2, &[])];
    items[1].person = Some("li".into());
    items[1].office = "D09".into();
    let found = blockers(&items);
    let lines: Vec<_> = found.iter().map(|b| (b.matter.as_str(), b.days, b.holds_up)).collect();
    assert_eq!(lines, [("B", 7, 1), ("A", 0, 2)]);
    assert_eq!((found[0].office.as_str(), found[0].person.as_ref().map(|who| who.as_str())), ("D09", Some("li")));
}

#[test]
fn a_circle_is_refused_in_the_catalogue_found_in_a_case_and_planned_around() {
    let mut file = catalogue().file().clone();
    let [first, second] = [0, 1].map(|at| file.matters[at].code.clone());
    file.matters[0].depends_on.push(second.clone());
    file.matters[1].depends_on.push(first.clone());
    let Err(CatalogueError { problems }) = crate::catalogue::Catalogue::build(file) else { panic!("taken") };
    assert!(problems.iter().any(|problem| matches!(problem, Problem::Cycle { path, .. } if path.contains(&first))));
    let order = [(&first, vec![&second]), (&second, vec![&first])];
    assert_eq!(in_circle(&order), [first.clone(), second.clone()]);
    assert!(in_circle(&order[..1]).is_empty());
    // The usual order gives way first, and a circle of the law itself neither hangs nor panics.
    let mut items = vec![item("A", 5, &[]), item("B", 3, &["A"])];
    items[0].soft = vec!["B".into()];
    assert_eq!((plan(&items).days, codes(&plan(&items).critical)), (8, vec!["A", "B"]));
    items[0].hard = vec!["B".into()];
    assert_eq!(plan(&items).days, 5);
}

#[test]
fn s5_3_dates_beyond_the_published_calendar_are_marked() {
    let plan = plan(&[item("A", 10, &[]), item("B", 400, &["A"])]);
    assert!(!of(&plan, "A").finish.provisional && of(&plan, "B").finish.provisional && plan.provisional);
}

/// Matters whose prerequisites stand before them in the list, so that there is no circle.
fn some_items() -> impl Strategy<Value = Vec<PlanItem>> {
    let matter = (0u32..30, proptest::collection::vec(any::<prop::sample::Index>(), 0..4), any::<bool>());
    proptest::collection::vec(matter, 1..25).prop_map(|matters| {
        let mut items: Vec<PlanItem> = Vec::new();
        for (at, (days, before, is_soft)) in matters.into_iter().enumerate() {
            let mut before: Vec<MatterCode> =
                before.iter().filter(|_| at > 0).map(|index| items[index.index(at)].code.clone()).collect();
            before.dedup();
            let mut new = item(&format!("M{at}"), days, &[]);
            if is_soft {
                new.soft = before
            } else {
                new.hard = before
            }
            items.push(new);
        }
        items
    })
}

fn finishes(items: &[PlanItem], calendar: &Calendar) -> Vec<NaiveDate> {
    schedule(items, &[], calendar, today(), None).items.iter().map(|item| item.finish.date).collect()
}

proptest! {
    #[test]
    fn s5_3_moving_a_prerequisite_later_never_makes_the_end_earlier(
        items in some_items(), at in any::<prop::sample::Index>(), more in 1u32..40,
    ) {
        let before = finishes(&items, calendar());
        let mut later = items.clone();
        later[at.index(items.len())].days += more;
        prop_assert!(before.iter().zip(finishes(&later, calendar())).all(|(before, after)| *before <= after));
        prop_assert!(plan(&items).end.date <= plan(&later).end.date);
    }

    #[test]
    fn s5_3_a_further_edge_never_shortens(
        items in some_items(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (one.index(items.len()), other.index(items.len()));
        prop_assume!(one != other);
        let mut more = items.clone();
        let first = items[one.min(other)].code.clone();
        more[one.max(other)].hard.push(first);
        prop_assert!(finishes(&items, calendar()).iter().zip(finishes(&more, calendar())).all(|(before, after)| *before <= after));
    }

    #[test]
    fn s5_3_a_holiday_never_makes_a_date_earlier(items in some_items(), off in 0u64..300) {
        let mut closed = calendar().clone();
        closed.close(today() + Days::new(off), "左政办〔2026〕1号").unwrap();
        prop_assert!(finishes(&items, calendar()).iter().zip(finishes(&items, &closed)).all(|(before, after)| *before <= after));
    }

    #[test]
    fn s5_3_without_a_goal_nothing_is_late_and_the_critical_path_has_no_slack(items in some_items()) {
        let plan = plan(&items);
        for item in &plan.items {
            prop_assert!(item.slack >= 0 && item.latest_finish >= item.finish.date && item.latest_start >= item.start.date);
            prop_assert_eq!(item.critical, item.slack == 0);
        }
        prop_assert!(plan.critical.iter().all(|code| plan.item(code).unwrap().critical));
        let length: u32 = items.iter().filter(|item| plan.critical.contains(&item.code)).map(|item| item.days).sum();
        prop_assert_eq!(length, plan.days);
    }
}
