//! Forecasts: what they draw from, what they promise, how good they were.

use super::{calendar, catalogue, day, item, today};
use crate::catalogue::Milestone;
use crate::ids::OfficeCode;
use crate::plan::*;

fn line(matter: &str, office: &str, days: u32, count: u32) -> HistoryLine {
    HistoryLine { matter: matter.into(), office: office.into(), lag: 0, days, count }
}

fn play(items: &[PlanItem], history: &History) -> Forecast {
    forecast(items, &[], history, calendar(), today(), Play { seed: 7, runs: 4000 }).unwrap()
}

fn days(forecast: &Forecast) -> [u32; 4] {
    [forecast.end.p10.days, forecast.end.p50.days, forecast.end.p80.days, forecast.end.p90.days]
}

#[test]
fn s5_3_the_same_seed_gives_the_same_forecast_and_another_nearly() {
    let template = catalogue().template(&"T1".into()).unwrap();
    let items = items_of_list(catalogue(), &template.matters);
    let history = History::default();
    let with = |seed| {
        forecast(&items, catalogue().milestones(), &history, calendar(), today(), Play { seed, runs: 2000 }).unwrap()
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
    assert!(with(1).end.p50.days.abs_diff(with(2).end.p50.days) <= 3);
    let forecast = with(1);
    assert!(forecast.end.p10.days < forecast.end.p50.days && forecast.end.p50.days < forecast.end.p90.days);
    assert_eq!(forecast.histogram.iter().map(|bar| bar.runs).sum::<u32>(), 2000);
    assert_eq!(forecast.milestones.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(), ["MS-KG", "MS-JG", "MS-TC"]);
    assert!(forecast.milestones.iter().all(|m| m.spread.p50.days <= forecast.end.p50.days));
    assert_eq!(forecast.end.p80.on, calendar().add_working_days(today(), forecast.end.p80.days));
}

#[test]
fn s5_3_history_decides_when_there_is_enough_and_the_limit_while_there_is_not() {
    let items = [item("A", 20, &[])];
    let none = play(&items, &History::default());
    assert_eq!(none.matters[0].basis, Basis::Limit);
    assert!(
        none.end.p10.days >= 10 && none.end.p90.days <= 20,
        "from half of the limit to the whole: {:?}",
        days(&none)
    );
    let much = play(&items, &History::of([line("A", "D01", 4, 1000)]));
    assert_eq!((days(&much), much.matters[0].basis), ([4; 4], Basis::Office { n: 1000 }));
    // One quick case does not promise speed: three in four runs still draw from the limit.
    let one = play(&items, &History::of([line("A", "D01", 4, 1)]));
    assert!(one.end.p10.days == 4 && one.end.p50.days >= 10, "{:?}", days(&one));
    // Six and the limit as three: a third of the runs draw from the limit.
    let six = play(&items, &History::of([line("A", "D01", 4, 6)]));
    assert!(six.end.p50.days == 4 && six.end.p80.days >= 10, "{:?}", days(&six));
}

#[test]
fn s5_3_a_new_office_is_forecast_from_all_offices() {
    let lines = || [line("A", "D01", 4, 3), line("A", "D02", 12, 90)];
    let history = History::of(lines());
    assert_eq!(history.runs(), 93);
    let items = [item("A", 20, &[])];
    assert_eq!(play(&items, &history).matters[0].basis, Basis::Matter { n: 93 });
    assert_eq!(play(&items, &history).end.p50.days, 12);
    let own = History::of(lines().into_iter().chain([line("A", "D01", 4, ENOUGH)]));
    assert_eq!(play(&items, &own).matters[0].basis, Basis::Office { n: 3 + ENOUGH });
    assert_eq!(play(&items, &own).on_history(), 1);
    let nothing = play(&[item("B", 0, &[])], &own);
    assert_eq!((nothing.matters[0].basis, nothing.on_history()), (Basis::Nothing, 0));
}

#[test]
fn s5_3_what_has_run_long_draws_only_from_what_took_longer() {
    // Three in five took 2 days, the others 30. After eleven days it is one of the slow ones: twenty are left.
    let history = History::of([line("A", "D01", 2, 600), line("A", "D01", 30, 400)]);
    let mut items = [item("A", 40, &[])];
    assert_eq!(days(&play(&items, &history)), [2, 2, 30, 30]);
    let since = day("2026-02-25");
    assert_eq!(calendar().working_days_between(since, today()), 11);
    items[0].state = ItemState::Running { since, due: None, overdue: false };
    items[0].days = 29;
    assert_eq!(play(&items, &history).end.p50.days, 19);
    // Longer than every one before: the limit's days, and half as long again as it has taken.
    let quick = History::of([line("A", "D01", 2, 500)]);
    items[0].days = 0;
    let beyond = play(&items, &quick);
    assert!(beyond.end.p90.days <= 6 && beyond.end.p50.days >= 1, "{:?}", days(&beyond));
    // A stop lasts until its planned end.
    items[0].state = ItemState::Stopped { since, until: Some(day("2026-04-01")) };
    assert_eq!(calendar().working_days_between(today(), day("2026-04-01")), 15);
    assert!(play(&items, &quick).end.p10.days >= 15);
}

#[test]
fn s5_3_criticality_tells_how_often_a_matter_decides() {
    let history = History::of([
        line("A", "D01", 10, 300),
        line("B", "D01", 5, 200),
        line("B", "D01", 20, 100),
        line("C", "D01", 1, 300),
    ]);
    let items = [item("A", 10, &[]), item("B", 10, &[]), item("C", 1, &["A", "B"])];
    let forecast = play(&items, &history);
    let share = |at: usize| f64::from(forecast.matters[at].critical_runs) / f64::from(forecast.runs);
    assert!((share(1) - 1.0 / 3.0).abs() < 0.04, "{}", share(1));
    assert!((share(0) + share(1) - 1.0).abs() < 1e-9 && (share(2) - 1.0).abs() < 1e-9);
}

#[test]
fn s5_3_what_lay_before_it_was_submitted_counts_unless_somebody_stands_in() {
    let history = History::of([HistoryLine { lag: 6, ..line("A", "D01", 4, 1000) }]);
    let items = [item("A", 10, &[])];
    assert_eq!(play(&items, &history).end.p50.days, 10);
    let stand_in = Scenario { stand_in: true, ..Scenario::default() };
    assert_eq!(play(&stand_in.apply(&items, 50), &history).end.p50.days, 4);
}

#[test]
fn s5_3_what_if_changes_what_it_says_and_nothing_else() {
    let mut items = vec![item("A", 9, &[]), item("B", 6, &["A"]), item("C", 3, &["B"])];
    items[1].office = "D02".into();
    items[0].state = ItemState::Running { since: day("2026-03-09"), due: None, overdue: false };
    let history = History::of([line("A", "D01", 9, 900), line("B", "D02", 6, 900), line("C", "D01", 3, 900)]);
    let length = |scenario: &Scenario| {
        let changed = scenario.apply(&items, 50);
        (schedule(&changed, &[], calendar(), today(), None).days, play(&changed, &history).end.p50.days)
    };
    let office = |code: &str, number| vec![(OfficeCode::from(code), number)];
    assert_eq!(length(&Scenario::default()), (18, 16), "A has run for two days");
    assert!(Scenario::default().is_empty() && Scenario::default().apply(&items, 50) == items);
    // What runs keeps its limit; 6 and 3 become 3 and 2.
    assert_eq!(length(&Scenario { green: true, ..Scenario::default() }), (14, 12));
    assert_eq!(length(&Scenario { late: office("D02", 5), ..Scenario::default() }), (23, 21));
    assert_eq!(length(&Scenario { more_staff: office("D02", 100), ..Scenario::default() }), (15, 13));
    assert_eq!(length(&Scenario { late: office("D77", 5), ..Scenario::default() }), (18, 16));
    // A body outside promises on the green channel what others do, and works as it always has.
    items[2].outside = true;
    let green = Scenario { green: true, ..Scenario::default() }.apply(&items, 50);
    assert_eq!((green[2].days, green[2].pace, green[1].pace), (2, 100, 50));
}

#[test]
fn a_finished_project_has_no_forecast_and_one_run_is_enough() {
    let mut items = [item("A", 9, &[])];
    let milestone = Milestone {
        code: "MS-KG".to_owned(),
        name: "开工".to_owned(),
        rule: String::new(),
        requires: vec!["A".into()],
        legal_basis: String::new(),
    };
    let history = History::default();
    let none = Play { seed: 0, runs: 0 };
    let one = forecast(&items, &[milestone], &history, calendar(), today(), none).unwrap();
    assert_eq!((one.runs, one.milestones.len()), (1, 1));
    items[0].state = ItemState::Done { since: None, on: today() };
    assert_eq!(forecast(&items, &[], &history, calendar(), today(), Play::default()), None);
}

#[test]
fn a_long_history_is_thinned_without_changing_its_shape() {
    let lines = (1..=1000).map(|days| line("A", "D01", days, 3));
    let forecast = play(&[item("A", 500, &[])], &History::of(lines));
    let [p10, p50, p80, p90] = days(&forecast);
    assert!(p10.abs_diff(100) < 25 && p50.abs_diff(500) < 30 && p80.abs_diff(800) < 25 && p90.abs_diff(900) < 25);
}

#[test]
fn how_good_forecasts_were_is_counted_in_working_days() {
    assert_eq!(how_good(&[], calendar()), None);
    let kept = |actual: &str| Kept {
        p10: day("2026-03-09"),
        p50: day("2026-03-11"),
        p80: day("2026-03-13"),
        p90: day("2026-03-16"),
        actual: day(actual),
    };
    // Two days early, exact, two late over a weekend, four late, one before p10.
    let all = [kept("2026-03-09"), kept("2026-03-11"), kept("2026-03-13"), kept("2026-03-17"), kept("2026-03-06")];
    let quality = how_good(&all, calendar()).unwrap();
    assert_eq!((quality.n, quality.median_error_days), (5, 2.0));
    assert!((quality.covered_80 - 0.8).abs() < 1e-9 && (quality.within_10_90 - 0.6).abs() < 1e-9);
    assert!((quality.bias_days - (-2.0 + 0.0 + 2.0 + 4.0 - 3.0) / 5.0).abs() < 1e-9);
}
