//! Plan and forecast through the use cases, and what is kept of them.

use crate::hand::begin;
use app::{AppError, Papers};
use chrono::TimeDelta;
use domain::ids::MatterCode;
use domain::plan::{Basis, ItemState, Scenario};
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
