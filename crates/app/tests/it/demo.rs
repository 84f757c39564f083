//! The demo keeps to all rules and shows every state.

use app::{CaseQuery, DemoSummary, Papers};
use chrono::TimeDelta;
use domain::case::Status;
use domain::ids::Username;
use std::collections::BTreeSet;
use testkit::{TestApp, TestDb};

/// As many as `serve --demo` loads.
const CASES: usize = 30;

/// One demo for all that it has to show: making its papers takes a while.
#[testkit::db_test]
async fn a_demo_keeps_to_all_rules_and_shows_every_state(db: TestDb) {
    let app = TestApp::new(&db).await;
    let summary = app.demo(CASES, 2026, |_, _| {}).await.unwrap();
    shows_every_state(&summary);
    let report = app.check().await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.cases, CASES as u64);
    assert!(report.events > 600 && report.files > 200, "{report:?}");
    assert_eq!(app.pending_jobs().await.unwrap(), 0);
    nothing_lies_ahead(&app).await;
    crate::access::lists_show_what_may_be_opened(&app, &summary).await;
}

fn shows_every_state(summary: &DemoSummary) {
    for state in Status::ALL.map(Status::name) {
        assert!(summary.statuses.contains_key(state), "no case is {state}: {:?}", summary.statuses);
    }
    assert_eq!(summary.statuses.values().sum::<u64>(), CASES as u64);
}

/// Every event lies in the past, and lights and due dates in lists are those of today.
async fn nothing_lies_ahead(app: &TestApp) {
    let director = app.user("director");
    let page = app.list_cases(&director, &CaseQuery::default(), None, 100).await.unwrap();
    let mut lights = BTreeSet::new();
    for head in &page.items {
        let open = app.open_case(&director, &head.id).await.unwrap();
        assert_eq!(head.due_on, open.due_on(), "{:?}", head.number);
        let light = serde_json::to_value(open.colour()).unwrap();
        assert_eq!(light.as_str(), Some(head.colour.as_str()), "{:?}", head.number);
        assert!(app.events(&director, &head.id, 0).await.unwrap().iter().all(|envelope| envelope.at < app.now()));
        lights.insert(head.colour.as_str());
    }
    let all = BTreeSet::from(["green", "grey", "purple", "red", "yellow"]);
    assert_eq!(lights, all);
}

#[testkit::db_test]
async fn the_same_seed_and_day_give_the_same_cases(db: TestDb) {
    let app = TestApp::new(&db).await;
    let other_db = TestDb::sqlite().await;
    let other = TestApp::new(&other_db).await;
    // Any hour of the same day.
    other.clock().advance(TimeDelta::hours(5));
    let mut tellings = Vec::new();
    for app in [&app, &other] {
        app.demo(3, 11, |_, _| {}).await.unwrap();
        tellings.push(telling(app).await);
    }
    assert_eq!(tellings[0].len(), 3);
    assert_eq!(tellings[0], tellings[1]);
}

#[testkit::db_test]
async fn every_demo_account_can_log_in(db: TestDb) {
    let app = TestApp::new(&db).await;
    let summary = app.demo(0, 1, |_, _| {}).await.unwrap();
    let named = [
        "enterprise",
        "clerk",
        "agent",
        "agent2",
        "head",
        "office",
        "office-d04",
        "archivist",
        "supervisor",
        "director",
        "admin",
    ];
    for username in named {
        assert!(summary.accounts.iter().any(|(known, _)| known == username), "{username}");
        let session = app.log_in(username, summary.password).await.unwrap();
        assert_eq!(session.user.actor.username, Username::from(username));
    }
    let reference = app.reference();
    let in_hall = reference.catalogue.departments().iter().filter(|department| department.enters_hall);
    for department in in_hall.filter(|department| department.code.as_str() != "D15") {
        let username = format!("office-{}", department.code.as_str().to_lowercase());
        let user = app.user(&username);
        assert_eq!(user.actor.office.as_ref(), Some(&department.code));
    }
}

/// More cases than the demo lists: the others are drawn from the catalogue.
const SIMULATED: usize = 60;

#[testkit::db_test]
async fn a_simulated_hall_keeps_to_all_rules_and_is_the_same_for_the_same_seed(db: TestDb) {
    let other_db = TestDb::sqlite().await;
    let mut tellings = Vec::new();
    for db in [&db, &other_db] {
        let app = TestApp::new(db).await;
        let summary = app.simulate(SIMULATED, 7, None, Papers::Plain, |_, _| {}).await.unwrap();
        assert_eq!(summary.statuses.values().sum::<u64>(), SIMULATED as u64);
        let report = app.check().await.unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(app.pending_jobs().await.unwrap(), 0);
        tellings.push(telling(&app).await);
    }
    assert_eq!(tellings[0].len(), SIMULATED);
    assert_eq!(tellings[0], tellings[1]);
}

/// What can be told of every case without the ids, which no seed makes.
async fn telling(app: &TestApp) -> Vec<String> {
    let page = app.list_cases(&app.user("director"), &CaseQuery::default(), None, 100).await.unwrap();
    let mut telling: Vec<_> = page
        .items
        .into_iter()
        .map(|head| {
            let offices: Vec<_> = head.offices.iter().map(|part| (&part.matter, &part.status, part.due_on)).collect();
            let (number, times) = (&head.number, (head.created_at, head.ended_at, head.due_on));
            format!("{number:?} {} {} {} {:?} {times:?} {offices:?}", head.title, head.status, head.version, head.agent)
        })
        .collect();
    telling.sort();
    telling
}
