//! Plan and forecast through the use cases, and what is kept of them.

use crate::hand::begin;
use app::configuration::{Effect, Row, RowChange, Table};
use app::{AppError, Papers};
use chrono::TimeDelta;
use domain::ids::MatterCode;
use domain::plan::{Basis, ItemState, Scenario};
use serde_json::json;
use std::time::Duration;
use testkit::{TestApp, TestDb};

#[testkit::db_test]
async fn s5_3_a_finished_matter_stands_in_history_at_once_and_check_proves_it(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.simulate(40, 5, None, Papers::Plain, |_, _| {}).await.unwrap();
    let director = app.user("director");
    let mut seen = (0, 0, 0);
    let page = app.list_cases(&director, &app::CaseQuery::default(), None, 100).await.unwrap();
    for head in &page.items {
        let plan = app.plan_of(&director, &head.id).await.unwrap();
        let open = app.open_case(&director, &head.id).await.unwrap();
        let done = plan.schedule.items.iter().filter(|item| item.state.is_done()).count();
        let forecast = app.forecast_of(&director, &head.id, Scenario::default()).await.unwrap();
        assert!(forecast.history > 0 && forecast.supposed.is_none());
        assert_eq!(forecast.usual.is_none(), done == plan.schedule.items.len(), "{:?}", head.number);
        if head.status == "running" {
            let usual = forecast.usual.unwrap();
            seen.0 += 1;
            seen.1 += usual.on_history();
            seen.2 += usual.matters.iter().filter(|matter| matter.basis == Basis::Limit).count();
            assert!(usual.end.p10.days <= usual.end.p50.days && usual.end.p50.on.date >= usual.end.p10.on.date);
        }
        let runs = db.store.matter_runs(&head.id).await.unwrap();
        let decided = open.case.matters.iter().filter(|matter| matter.submitted_at.and(matter.finished_at).is_some());
        assert!(runs.len() <= decided.count());
    }
    assert!(seen.0 > 3 && seen.1 > 0, "running cases, and matters of theirs with history: {seen:?}");
    assert_eq!(app.check().await.unwrap().findings, []);

    // What is tampered with is found.
    let running = page.items.iter().find(|head| head.status == "ended").unwrap().id.clone();
    let mut runs = db.store.matter_runs(&running).await.unwrap();
    runs[0].office_days += 1;
    let id = running.clone();
    db.store.write(move |tx| Box::pin(async move { tx.put_matter_runs(&id, &runs).await })).await.unwrap();
    let found = app.check().await.unwrap().findings;
    assert!(found.len() == 1 && found[0].about == running.0 && found[0].what.contains("history"), "{found:?}");
}

#[testkit::db_test]
async fn s5_3_a_forecast_is_kept_once_a_day_and_when_it_has_changed(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.simulate(30, 2026, None, Papers::Plain, |_, _| {}).await.unwrap();
    let director = app.user("director");
    let first = app.make_forecasts().await.unwrap();
    assert!(first > 3, "{first}");
    assert_eq!(app.make_forecasts().await.unwrap(), 0, "once a day");
    app.clock().advance(TimeDelta::days(1));
    let second = app.make_forecasts().await.unwrap();
    assert!(second > 0 && second <= first, "{second}");
    let quality = app.forecast_quality(&director).await.unwrap();
    assert_eq!((quality.quality, quality.projects), (None, 0), "no project with a forecast is finished");
    assert_eq!(app.check().await.unwrap().findings, []);
}

#[testkit::db_test]
async fn s5_3_a_case_has_a_plan_from_the_application_on(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.take_on().await;
    let agent = app.user("agent");
    let plan = app.plan_of(&agent, &hand.id).await.unwrap();
    let matter: MatterCode = "YY-16".into();
    assert_eq!((plan.goal, plan.schedule.can_start_today.clone()), (None, vec![matter.clone()]));
    assert_eq!(plan.schedule.items[0].state, ItemState::Ready);
    let late = Scenario { late: vec![(plan.schedule.items[0].office.clone(), 7)], ..Scenario::default() };
    let forecast = app.forecast_of(&agent, &hand.id, late).await.unwrap();
    let supposed = forecast.supposed.unwrap();
    assert_eq!((supposed.plan_gains, supposed.gains), (-7, -7));
    assert_eq!(forecast.usual.unwrap().matters[0].basis, Basis::Limit);
    let admin = app.plan_of(&app.user("admin"), &hand.id).await;
    assert!(matches!(admin, Err(AppError::NotFound | AppError::Forbidden)), "{admin:?}");
    let template = app.template_plan(&agent, &"T1".into(), None, None).unwrap();
    assert_eq!((template.items.len(), template.milestones.len()), (40, 3));
    assert!(matches!(app.template_plan(&agent, &"T77".into(), None, None), Err(AppError::NotFound)));
    app.run_jobs().await;
}

/// What was likely is held against the day on which the last matter was done, and a new calendar counts history anew.
#[testkit::db_test]
async fn s5_3_a_forecast_is_held_against_what_happened_and_history_follows_the_calendar(db: TestDb) {
    const MATTER: &str = "YY-16";
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &[MATTER]).await;
    hand.start().await;
    assert_eq!(app.make_forecasts().await.unwrap(), 1);
    let office = domain::people::OfficeKind::Department;
    let place = hand.case().await.matters[0].office.clone();
    assert_eq!(app.reference().directory.office(&place).unwrap().kind, office);
    let clerk =
        if place.as_str() == "D15" { "office".to_owned() } else { format!("office-{}", place.0.to_lowercase()) };
    hand.give(&clerk, json!({ "type": "claim_matter", "matter": MATTER })).await;
    hand.give("agent", json!({ "type": "submit_matter", "matter": MATTER })).await;
    let actual = async || {
        let kept = db.store.forecasts_of(&hand.id, 9).await.unwrap();
        kept.iter().map(|one| one.actual_on).collect::<Vec<_>>()
    };
    assert_eq!(actual().await, [None]);
    app.clock().advance(TimeDelta::days(3));
    let result = json!([{ "name": "许可证", "form": "original" }]);
    hand.give(&clerk, json!({ "type": "finish_matter", "matter": MATTER, "outcome": "granted", "results": result }))
        .await;
    assert_eq!(actual().await, [Some("2026-11-27".parse().unwrap())]);
    let quality = app.forecast_quality(&app.user("director")).await.unwrap();
    assert_eq!((quality.projects, quality.quality.is_some()), (1, true));

    let days = async || db.store.matter_runs(&hand.id).await.unwrap()[0].office_days;
    let before = days().await;
    let closed = Row::from(["2026-11-25", "左政办发〔2026〕8号", "暴雪"].map(str::to_owned));
    let change = RowChange { table: Table::Closures, key: closed[0].clone(), before: None, after: Some(closed) };
    let effect = Effect { on: "2026-11-27".parse().unwrap(), reason: "补录停办".to_owned() };
    app.configure(&app.user("admin"), vec![change], effect).await.unwrap();
    assert_eq!(days().await, before, "not at once: the round of the day does it");
    tokio::time::timeout(Duration::from_secs(20), app.work_until(std::future::ready(()))).await.unwrap();
    assert_eq!(days().await, before - 1);
    assert_eq!(app.check().await.unwrap().findings, []);
}

/// The work of a day is done when it begins, not once more before the next.
#[testkit::db_test]
async fn s8_2_a_program_that_runs_over_midnight_does_the_days_work_again(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.start().await;
    let made = async || db.store.forecasts_of(&hand.id, 9).await.unwrap().len();
    let runner = (*app).clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(async move { runner.work_until(async { drop(stopped.await) }).await });
    let wait = async |count: usize| {
        for _ in 0..200 {
            if made().await == count {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    };
    assert!(wait(1).await, "the first day");
    app.clock().advance(TimeDelta::days(1));
    assert!(wait(2).await, "the next day");
    assert_eq!(made().await, 2);
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), running).await.unwrap().unwrap();
}
