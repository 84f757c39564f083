//! S9.1, 联席会议: what was decided is followed until it is done, and its owner reminded once before the day and once after it.

use crate::hand::application;
use app::{AppError, DecisionDone, DecisionQuery, NewMeeting, ReferCase};
use domain::ids::MeetingId;
use domain::meeting::{Attendance, Minutes, NewDecision};
use testkit::{TestApp, TestDb};

async fn called(app: &TestApp) -> MeetingId {
    let new = NewMeeting {
        topic: "冷链园区用地".to_owned(),
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        place: "三楼会议室".to_owned(),
        offices: vec!["D15".into()],
        items: Vec::new(),
    };
    app.call_meeting(&app.user("head"), new, None).await.unwrap()
}

fn minutes(due: &str) -> Minutes {
    Minutes {
        attendance: vec![Attendance { office: "D15".into(), who: "张科长".to_owned(), absent: None }],
        text: "先出规划条件。".to_owned(),
        decisions: vec![NewDecision {
            what: "出具规划条件".to_owned(),
            office: "D15".into(),
            person: None,
            due: due.parse().unwrap(),
        }],
    }
}

fn done() -> DecisionDone {
    DecisionDone { outcome: "已出具".to_owned() }
}

#[testkit::db_test]
async fn s9_1_the_owner_of_a_decision_is_reminded_in_office_hours_once_before_and_once_after(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let id = called(&app).await;
    let at = |text: &str| app.clock().set(text.parse().unwrap());
    at("2026-11-24T03:00:00Z");
    app.hold_meeting(&app.user("head"), &id, minutes("2026-11-30"), None).await.unwrap();
    let reminded = async || {
        let queued = app.remind_decisions().await.unwrap();
        let again = app.remind_decisions().await.unwrap();
        app.run_jobs().await;
        (queued, again)
    };
    assert_eq!(reminded().await, (0, 0), "Tuesday: too early");
    at("2026-11-27T00:00:00Z");
    assert_eq!(reminded().await, (0, 0), "8:00 on Friday: the hall is closed");
    at("2026-11-27T02:00:00Z");
    assert_eq!(reminded().await, (1, 0), "Friday, a working day before Monday");
    at("2026-11-30T02:00:00Z");
    assert_eq!(reminded().await, (0, 0), "the day itself: told already");
    at("2026-12-01T02:00:00Z");
    assert_eq!(reminded().await, (1, 0), "the day after");
    at("2026-12-02T02:00:00Z");
    assert_eq!(reminded().await, (0, 0));
    let mails = std::fs::read_dir(app.data().join("mailbox")).unwrap();
    let mails = mails.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let letters = mails.filter(|mail| mail.contains("To: office-d15@localhost")).count();
    assert_eq!(letters, 2);
}

#[testkit::db_test]
async fn s9_1_what_is_done_is_done_once_and_reminds_nobody(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (head, office) = (app.user("head"), app.user("office"));
    let id = called(&app).await;
    assert!(matches!(app.hold_meeting(&office, &id, minutes("2026-11-25"), None).await, Err(AppError::Forbidden)));
    app.clock().set("2026-11-24T03:00:00Z".parse().unwrap());
    app.hold_meeting(&head, &id, minutes("2026-11-25"), None).await.unwrap();
    let listed =
        app.decisions(&office, &DecisionQuery { done: Some(false), ..DecisionQuery::default() }, None, 50).await;
    assert_eq!(listed.unwrap().items.len(), 1);
    let (one, two) = tokio::join!(
        app.carry_out_decision(&office, &id, 1, done(), None),
        app.carry_out_decision(&head, &id, 1, done(), None),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1, "{one:?} {two:?}");
    app.clock().set("2026-11-27T03:00:00Z".parse().unwrap());
    assert_eq!(app.remind_decisions().await.unwrap(), 0);
    let open = DecisionQuery { done: Some(false), ..DecisionQuery::default() };
    assert_eq!(app.decisions(&head, &open, None, 50).await.unwrap().items.len(), 0);
    assert_eq!(app.meeting_lines(&head, &id).await.unwrap().len(), 3);
    assert!(matches!(app.meeting(&app.user("enterprise"), &id).await, Err(AppError::NotFound)));
}

#[testkit::db_test]
async fn s9_1_a_case_that_is_stuck_is_put_on_a_meeting_to_come(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (head, clerk) = (app.user("head"), app.user("clerk"));
    let case = app.create_case(&clerk, application(&["QY-02", "YY-01"]), None).await.unwrap().id;
    let id = called(&app).await;
    let refer = || ReferCase { case: case.clone(), question: "谁先办".to_owned() };
    assert!(matches!(app.refer_case(&clerk, &id, refer(), None).await, Err(AppError::Forbidden)));
    app.refer_case(&head, &id, refer(), None).await.unwrap();
    let twice = app.refer_case(&head, &id, refer(), None).await;
    assert!(matches!(twice, Err(AppError::Invalid(errors)) if errors[0].code == "meeting_item_twice"));
    assert_eq!(app.meetings_to_come(&head, &case).await.unwrap()[0].items.len(), 1);
    app.run_jobs().await;
}
