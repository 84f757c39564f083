//! Warnings and chases: in office hours, once each, up the ladder, whoever is restarted.

use crate::hand::{Hand, begin};
use app::{AppError, NewChase, PressingQuery};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{OfficeCode, Username};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::{TestApp, TestDb};

const MATTER: &str = "YY-16";

/// A moment in the hall's own time.
fn at(text: &str) -> DateTime<Utc> {
    format!("{}:00+08:00", text.replace(' ', "T")).parse::<DateTime<Utc>>().unwrap()
}

/// Moves the clock to a moment and looks for warnings.
async fn warned(app: &TestApp, text: &str) -> usize {
    app.clock().advance(at(text) - app.now());
    app.give_warnings().await.unwrap()
}

/// How many mails went to whom, after everything that is due was sent.
async fn mails(app: &TestApp) -> BTreeMap<String, usize> {
    app.run_jobs().await;
    let mut mails = BTreeMap::new();
    let Ok(folder) = std::fs::read_dir(app.data().join("mailbox")) else { return mails };
    for file in folder {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().trim();
        *mails.entry(to.trim_end_matches("@localhost").to_owned()).or_default() += 1;
    }
    mails
}

/// The mails since then.
async fn since(app: &TestApp, before: &BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let now = mails(app).await;
    let more = now.into_iter().map(|(to, count)| (to.clone(), count - before.get(&to).copied().unwrap_or(0)));
    more.filter(|(_, count)| *count > 0).collect()
}

/// The office that holds the matter, and who is at its window.
async fn office(hand: &Hand<'_>) -> (OfficeCode, String) {
    let office = hand.case().await.matters[0].office.clone();
    let people = &hand.app.reference().directory.people;
    let window = people.values().find(|person| person.office.as_ref() == Some(&office)).unwrap();
    (office, window.username.to_string())
}

fn one(name: &str) -> Vec<(String, usize)> {
    vec![(name.to_owned(), 1)]
}

#[testkit::db_test]
async fn s5_3_a_matter_that_nobody_claims_goes_up_to_supervision_once_each(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &[MATTER]).await;
    hand.start().await;
    let (_, window) = office(&hand).await;
    let before = mails(&app).await;
    // Sent at 9:00 on Tuesday; four hours of office time end at 15:30.
    assert_eq!(warned(&app, "2026-11-24 15:29").await, 0);
    assert_eq!(warned(&app, "2026-11-24 15:30").await, 1);
    assert_eq!(since(&app, &before).await, one(&window), "its head");
    assert_eq!(app.give_warnings().await.unwrap(), 0, "once");
    let again = TestApp::new(&db).await;
    assert_eq!(warned(&again, "2026-11-24 15:31").await, 0, "a restart warns nobody twice");
    assert_eq!(warned(&app, "2026-11-25 23:00").await, 0, "a day is over, but the hall is closed");
    let before = mails(&app).await;
    assert_eq!(warned(&app, "2026-11-26 08:30").await, 1);
    assert_eq!(since(&app, &before).await, one("head"));
    assert!(app.findings(&app.user("supervisor")).await.unwrap().is_empty());
    let before = mails(&app).await;
    assert_eq!(warned(&app, "2026-11-30 08:30").await, 1);
    assert_eq!(since(&app, &before).await, one("supervisor"));
    let found = app.findings(&app.user("supervisor")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind.as_str(), found[0].clause.as_str()), ("claim_ignored", "S5.3"));
    assert!(!found[0].subject.starts_with('D'), "the office by its name: {}", found[0].subject);
    assert_eq!(app.warnings_of(&app.user("head"), &hand.id).await.unwrap().len(), 3);
}

#[testkit::db_test]
async fn s8_2_two_programs_that_look_at_once_warn_once(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let mut hands = Vec::new();
    for _ in 0..3 {
        let hand = begin(&app, &[MATTER]).await;
        hand.start().await;
        hands.push(hand);
    }
    let before = mails(&app).await;
    let other = TestApp::new(&db).await;
    for app in [&app, &other] {
        app.clock().advance(at("2026-11-24 15:30") - app.now());
    }
    let (one, two) = tokio::join!(app.give_warnings(), other.give_warnings());
    assert_eq!(one.unwrap() + two.unwrap(), 3, "each case once");
    assert_eq!(app.pending_jobs().await.unwrap(), 3);
    let sent: usize = since(&app, &before).await.iter().map(|(_, count)| count).sum();
    assert_eq!(sent, 3);
}

#[testkit::db_test]
async fn s8_2_an_overdue_matter_is_found_once_with_whose_time_it_was(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &[MATTER]).await;
    hand.start().await;
    let (_, window) = office(&hand).await;
    hand.give(&window, json!({ "type": "claim_matter", "matter": MATTER })).await;
    hand.give("agent", json!({ "type": "submit_matter", "matter": MATTER })).await;
    let due = app.open_case(&app.user("head"), &hand.id).await.unwrap().due(&MATTER.into()).unwrap().date;
    let morning = app.reference().calendar.add_working_days(due, 1).date;
    app.run_jobs().await;
    // The program stood still from the submission until the limit was over.
    assert!(warned(&app, &format!("{due} 17:31")).await == 0 && app.pending_jobs().await.unwrap() == 0);
    app.refresh_projections().await.unwrap();
    let before = mails(&app).await;
    let given = warned(&app, &format!("{morning} 08:30")).await;
    assert!(given >= 3, "that it was near is written down too: {given}");
    assert_eq!(since(&app, &before).await, one(&window), "but only told once that it is over");
    let found = app.findings(&app.user("supervisor")).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind.as_str(), found[0].clause.as_str()), ("overdue", "S8.2"));
    assert!(found[0].evidence["split"]["office"].as_u64() > Some(0), "{}", found[0].evidence);
    assert_eq!(app.give_warnings().await.unwrap(), 0);
    app.refresh_projections().await.unwrap();
    let listed = app.pressing(&app.user("director"), &PressingQuery::default()).await.unwrap();
    assert_eq!(listed.matters.len(), 1);
    assert_eq!(listed.matters[0].holders, [Username(window.clone())]);
    assert!(listed.matters[0].left < 0 && listed.people[&Username(window.clone())] == 1);
    let far = PressingQuery { skip: u64::MAX, ..PressingQuery::default() };
    let far = app.pressing(&app.user("director"), &far).await.unwrap();
    assert!(far.matters.is_empty() && far.next.is_none() && far.people[&Username(window)] == 1, "counted over all");
    let other = PressingQuery { person: Some("agent".into()), ..PressingQuery::default() };
    assert!(app.pressing(&app.user("director"), &other).await.unwrap().matters.is_empty());
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s5_3_whoever_waits_chases_once_on_a_working_day(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &[MATTER]).await;
    hand.start().await;
    let (_, window) = office(&hand).await;
    let chase = async |who: &str, matter: &str| {
        let new = NewChase { matter: matter.into(), text: Some("企业急等，请先看一下𬭚。".to_owned()) };
        app.chase(&app.user(who), &hand.id, new, None).await
    };
    let code = |result: Result<app::Chased, AppError>| match result {
        Err(AppError::Invalid(errors)) => errors[0].code.clone(),
        other => panic!("{other:?}"),
    };
    let before = mails(&app).await;
    let chased = chase("agent", MATTER).await.unwrap();
    assert_eq!(chased.to, [Username(window.clone())]);
    assert_eq!(since(&app, &before).await, one(&window));
    assert_eq!(code(chase("agent", MATTER).await), "chase_again");
    assert_eq!(code(chase(&window, MATTER).await), "chase_own");
    assert_eq!(code(chase("agent", "XX-99").await), "chase_unknown");
    assert!(chase("head", MATTER).await.is_ok(), "somebody else may, on the same day");
    assert!(matches!(chase("agent2", MATTER).await, Err(AppError::NotFound)));
    assert!(matches!(chase("supervisor", MATTER).await, Err(AppError::Forbidden)));
    // At night it is written down for the next working day and leaves when the hall opens.
    let before = mails(&app).await;
    app.clock().advance(at("2026-11-24 22:00") - app.now());
    let late = chase("agent", MATTER).await.unwrap();
    assert_eq!(late.leaves_at, at("2026-11-25 08:30"));
    assert_eq!(since(&app, &before).await, []);
    app.clock().advance(at("2026-11-25 08:30") - app.now());
    assert_eq!(code(chase("agent", MATTER).await), "chase_again");
    assert_eq!(since(&app, &before).await, one(&window));
    app.clock().advance(TimeDelta::days(1));
    assert!(chase("agent", MATTER).await.is_ok());
    app.run_jobs().await;
    let gone = app.warnings_of(&app.user("agent"), &hand.id).await.unwrap();
    assert_eq!(gone.iter().filter(|line| line.cause == "chased").count(), 4);
    assert_eq!(gone[0].words.as_deref(), Some("企业急等，请先看一下𬭚。"));
}
