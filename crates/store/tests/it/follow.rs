//! Leads, meetings, decisions and the lines of their histories.

use crate::samples::at;
use domain::ids::{LeadId, MeetingId, OfficeCode, Username};
use store::{DecisionFilter, DecisionRecord, LeadFilter, LeadRecord, LineRecord, MeetingFilter, MeetingRecord, micros};
use testkit::{TestDb, db_test};

fn lead(n: i64, due: Option<&str>) -> LeadRecord {
    LeadRecord {
        id: LeadId(format!("l{n}")),
        at: micros(at(n)),
        status: "open".to_owned(),
        over: false,
        due: due.map(|day| day.parse().unwrap()),
        agent: (n % 2 == 0).then(|| Username::from("agent")),
        recorded_by: Username::from("clerk"),
        case: None,
        applicant_json: "…".to_owned(),
        state_json: "{}".to_owned(),
    }
}

fn line(n: i64) -> LineRecord {
    LineRecord { at: micros(at(n)), actor: Username::from("agent"), body_json: format!("{{\"n\":{n}}}") }
}

#[db_test]
async fn leads_are_listed_by_what_is_due_page_by_page(db: TestDb) {
    let days = [None, Some("2026-12-03"), Some("2026-12-01"), Some("2026-12-03"), None];
    for (n, due) in (0..).zip(days) {
        let record =
            LeadRecord { over: n == 2, status: if n == 2 { "closed" } else { "open" }.to_owned(), ..lead(n, due) };
        db.store.write(move |tx| Box::pin(async move { tx.insert_lead(&record, "草原云仓").await })).await.unwrap();
    }
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = db.store.list_leads(&LeadFilter::default(), cursor.as_deref(), 2).await.unwrap();
        ids.extend(page.items.into_iter().map(|row| row.id.0));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids, ["l1", "l3", "l0", "l4", "l2"], "followed first, then by day, the undated last");
    let none = LeadFilter::default;
    for (filter, found) in [
        (LeadFilter { status: Some("closed".to_owned()), ..none() }, 1),
        (LeadFilter { owner: Some("clerk".into()), ..none() }, 2),
        (LeadFilter { owner: Some("agent".into()), ..none() }, 3),
        (LeadFilter { unassigned: true, ..none() }, 2),
        (LeadFilter { due_before: Some("2026-12-03".parse().unwrap()), ..none() }, 1),
        (LeadFilter { q: Some("云仓".to_owned()), ..none() }, 5),
        (LeadFilter { q: Some("牧场".to_owned()), ..none() }, 0),
    ] {
        let page = db.store.list_leads(&filter, None, 10).await.unwrap();
        assert_eq!((page.total, page.items.len()), (Some(found), usize::try_from(found).unwrap()), "{filter:?}");
        assert_eq!(db.store.count_leads(&filter).await.unwrap().values().sum::<u64>(), found, "{filter:?}");
    }
}

#[db_test]
async fn lines_are_numbered_and_never_changed(db: TestDb) {
    for n in 0..3 {
        db.store.write(move |tx| Box::pin(async move { tx.append_line("l1", &line(n)).await })).await.unwrap();
    }
    let lines = db.store.lines_of("l1").await.unwrap();
    assert_eq!(lines, [line(0), line(1), line(2)]);
    assert!(db.store.lines_of("l2").await.unwrap().is_empty());
    for statement in ["UPDATE follow_line SET actor = 'x'", "DELETE FROM follow_line"] {
        assert!(crate::samples::by_hand(&db, statement).await.is_err(), "{statement}");
    }
}

fn meeting(n: i64) -> MeetingRecord {
    MeetingRecord {
        id: MeetingId(format!("m{n}")),
        at: micros(at(n)),
        status: "held".to_owned(),
        state_json: "{}".to_owned(),
    }
}

fn decision(n: i64, number: i32, office: &str, due: &str) -> DecisionRecord {
    DecisionRecord {
        meeting: MeetingId(format!("m{n}")),
        number,
        topic: "用地".to_owned(),
        what: "出具规划条件".to_owned(),
        office: office.into(),
        person: None,
        due: due.parse().unwrap(),
        done_at: None,
        outcome: None,
        reminded: 0,
    }
}

#[db_test]
async fn decisions_are_followed_and_reminded_once(db: TestDb) {
    let late = decision(1, 1, "D15", "2026-11-20");
    let soon = decision(1, 2, "D02", "2026-11-25");
    let (both, offices) = (vec![late.clone(), soon.clone()], vec![OfficeCode::from("D15"), OfficeCode::from("D02")]);
    db.store
        .write(move |tx| Box::pin(async move { tx.save_meeting(&meeting(1), &offices, &both, "用地").await }))
        .await
        .unwrap();
    let of = async |filter: DecisionFilter| {
        let page = db.store.list_decisions(&filter, None, 10).await.unwrap();
        page.items.into_iter().map(|row| row.number).collect::<Vec<_>>()
    };
    assert_eq!(of(DecisionFilter::default()).await, [1, 2]);
    assert_eq!(of(DecisionFilter { office: Some("D02".into()), ..DecisionFilter::default() }).await, [2]);
    assert_eq!(of(DecisionFilter { concerns: Some("D02".into()), ..DecisionFilter::default() }).await, [1, 2]);
    assert_eq!(of(DecisionFilter { concerns: Some("D28".into()), ..DecisionFilter::default() }).await, [0; 0]);

    let id = MeetingId::from("m1");
    let set = async |step: i16| {
        let id = id.clone();
        db.store.write(move |tx| Box::pin(async move { tx.set_reminded(&id, 1, step).await })).await.unwrap()
    };
    assert!(set(1).await && !set(1).await && set(2).await && !set(1).await, "forward only");
    let waiting = db.store.decisions_to_remind("2026-12-01".parse().unwrap(), 10).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.number).collect::<Vec<_>>(), [2]);

    // Saved anew, with one done: the reminder stays, what is done comes last.
    let done = DecisionRecord { done_at: Some(micros(at(9))), outcome: Some("已出具".to_owned()), ..late };
    let both = vec![done, soon];
    db.store
        .write(move |tx| Box::pin(async move { tx.save_meeting(&meeting(1), &["D28".into()], &both, "用地").await }))
        .await
        .unwrap();
    assert_eq!(of(DecisionFilter::default()).await, [2, 1]);
    let page =
        db.store.list_decisions(&DecisionFilter { done: Some(true), ..DecisionFilter::default() }, None, 10).await;
    assert_eq!(page.unwrap().items[0].reminded, 2);
    let filter =
        MeetingFilter { concerns: Some("D28".into()), q: Some("用地".to_owned()), status: Some("held".to_owned()) };
    assert_eq!(db.store.list_meetings(&filter, None, 10).await.unwrap().items, [meeting(1)]);
}
