//! Lists of cases: filter, order, pages, who sees what.

use crate::samples::{at, case, event, insert, insert_into, part};
use chrono::NaiveDate;
use domain::ids::{CaseId, HallId, MatterCode, OfficeCode, PartyId, Username};
use store::{CaseFilter, CaseOrder, CaseRecord, CountBy, Store, StoreError, Visibility};
use testkit::{TestDb, db_test};

async fn ids(db: &TestDb, filter: &CaseFilter) -> Vec<String> {
    let page = db.store.list_cases(filter, CaseOrder::Newest, None, 100).await.unwrap();
    assert_eq!(db.store.count_cases(filter).await.unwrap().values().sum::<u64>(), page.items.len() as u64);
    let mut ids: Vec<_> = page.items.into_iter().map(|case| case.id.0).collect();
    ids.sort();
    ids
}

async fn visible(db: &TestDb, visible_to: Visibility) -> Vec<String> {
    ids(db, &CaseFilter { visible_to, ..CaseFilter::default() }).await
}

async fn all_pages(db: &TestDb, order: CaseOrder, limit: u64) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = db.store.list_cases(&CaseFilter::default(), order, cursor.as_deref(), limit).await.unwrap();
        ids.extend(page.items.into_iter().map(|case| case.id.0));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return ids,
        }
    }
}

#[db_test]
async fn the_work_list_shows_green_first_then_what_is_due(db: TestDb) {
    let day = |d| NaiveDate::from_ymd_opt(2026, 3, d);
    let rows = [
        ("e", false, None),
        ("d", false, day(9)),
        ("b", true, None),
        ("a", true, day(20)),
        ("c", false, day(2)),
        ("f", false, None),
    ];
    for (id, green, due_on) in rows {
        let mut row = case(id);
        row.green = green;
        row.due_on = due_on;
        insert(&db, row).await.unwrap();
    }
    for limit in [1, 2, 4, 100] {
        assert_eq!(all_pages(&db, CaseOrder::Work, limit).await, ["a", "b", "c", "d", "e", "f"], "{limit} a page");
    }
}

#[db_test]
async fn the_newest_come_first_and_equal_times_keep_their_order(db: TestDb) {
    for n in 0..25 {
        let mut row = case(&format!("c{n:02}"));
        // Five at each time; and a time without a fraction must not sort before the others of its second.
        row.created_at = if n / 5 == 2 { at(2) - chrono::TimeDelta::nanoseconds(123_456_789) } else { at(n / 5) };
        insert(&db, row).await.unwrap();
    }
    let expected: Vec<_> = (0..25).rev().map(|n| format!("c{n:02}")).collect();
    for limit in [1, 3, 7, 25] {
        assert_eq!(all_pages(&db, CaseOrder::Newest, limit).await, expected, "{limit} a page");
    }
}

#[db_test]
async fn pages_stay_stable_while_cases_come(db: TestDb) {
    for n in 0..6 {
        let mut row = case(&format!("c{n}"));
        row.created_at = at(n);
        insert(&db, row).await.unwrap();
    }
    let first = db.store.list_cases(&CaseFilter::default(), CaseOrder::Newest, None, 3).await.unwrap();
    let mut new = case("c9");
    new.created_at = at(9);
    insert(&db, new).await.unwrap();
    let second =
        db.store.list_cases(&CaseFilter::default(), CaseOrder::Newest, first.next_cursor.as_deref(), 3).await.unwrap();
    let ids: Vec<_> = first.items.iter().chain(&second.items).map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["c5", "c4", "c3", "c2", "c1", "c0"]);
    assert_eq!(second.next_cursor, None);
}

#[db_test]
async fn a_wrong_cursor_is_refused(db: TestDb) {
    insert(&db, case("a")).await.unwrap();
    insert(&db, case("b")).await.unwrap();
    let newest =
        db.store.list_cases(&CaseFilter::default(), CaseOrder::Newest, None, 1).await.unwrap().next_cursor.unwrap();
    for cursor in ["", "x", "w.1", "n.99999999999999999999.a", "w.0.2026-99-99.a", "';--", newest.as_str()] {
        let refused = db.store.list_cases(&CaseFilter::default(), CaseOrder::Work, Some(cursor), 5).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{cursor}: {refused:?}");
    }
}

/// A case that differs from the plain one in everything that can be filtered by.
fn other() -> CaseRecord {
    let mut other = case("other");
    other.status = "ended".to_owned();
    other.mode = "guidance".to_owned();
    other.lead_office = None;
    other.agent = Some(Username::from("li"));
    other.applicant = PartyId::from("party-2");
    other.enterprise = Some("91510700MA6XXXXX1X".to_owned());
    other.green = true;
    other.colour = "red".to_owned();
    other.due_on = NaiveDate::from_ymd_opt(2026, 3, 1);
    other.created_at = at(100);
    other.ended_at = Some(at(200));
    other.offices = vec![part("WS-09", "B07")];
    other
}

#[db_test]
async fn every_part_of_a_filter_narrows(db: TestDb) {
    insert(&db, case("plain")).await.unwrap();
    insert(&db, other()).await.unwrap();
    let narrowings: [fn(&mut CaseFilter); 14] = [
        |filter| filter.status = vec!["ended".to_owned(), "archived".to_owned()],
        |filter| filter.mode = Some("guidance".to_owned()),
        |filter| filter.office = Some(OfficeCode::from("B07")),
        |filter| filter.agent = Some(Username::from("li")),
        |filter| filter.applicant = Some(PartyId::from("party-2")),
        |filter| filter.matter = Some(MatterCode::from("WS-09")),
        |filter| filter.green = Some(true),
        |filter| filter.colour = Some("red".to_owned()),
        |filter| filter.due_before = NaiveDate::from_ymd_opt(2026, 3, 2),
        |filter| filter.created_from = Some(at(50)),
        |filter| (filter.ended_from, filter.ended_before) = (Some(at(200)), Some(at(201))),
        |filter| filter.q = Some("other".to_owned()),
        |filter| filter.enterprises = Some(vec!["91510700MA6XXXXX1X".to_owned()]),
        |filter| filter.enterprises = Some(vec!["party-2".to_owned()]),
    ];
    let mut all = CaseFilter::default();
    for narrow in narrowings {
        let mut filter = CaseFilter::default();
        narrow(&mut filter);
        narrow(&mut all);
        for filter in [&filter, &all] {
            assert_eq!(ids(&db, filter).await, ["other"], "{filter:?}");
            let counts = db.store.count_cases(filter).await.unwrap();
            assert_eq!(counts, [("ended".to_owned(), 1)].into());
        }
    }
}

#[db_test]
async fn filters_end_where_they_say(db: TestDb) {
    insert(&db, case("plain")).await.unwrap();
    insert(&db, other()).await.unwrap();
    let none = CaseFilter::default;
    let on_the_day = NaiveDate::from_ymd_opt(2026, 3, 1);
    assert_eq!(ids(&db, &CaseFilter { due_before: on_the_day, ..none() }).await, [""; 0]);
    assert_eq!(ids(&db, &CaseFilter { created_before: Some(at(100)), ..none() }).await, ["plain"]);
    assert_eq!(ids(&db, &CaseFilter { ended_before: Some(at(200)), ..none() }).await, [""; 0]);
    assert_eq!(ids(&db, &CaseFilter { enterprises: Some(Vec::new()), ..none() }).await, [""; 0]);
    assert_eq!(ids(&db, &CaseFilter { green: Some(false), ..none() }).await, ["plain"]);
    let by_agent = db.store.count_cases_by(&none(), CountBy::Agent).await.unwrap();
    assert_eq!(by_agent, [("li".to_owned(), 1), ("wang".to_owned(), 1)].into());
    let by_office = db.store.count_cases_by(&none(), CountBy::LeadOffice).await.unwrap();
    assert_eq!(by_office, [(String::new(), 1), ("D15".to_owned(), 1)].into());
}

#[db_test]
async fn nobody_sees_more_than_he_may(db: TestDb) {
    insert(&db, case("a")).await.unwrap();
    let mut b = case("b");
    b.agent = Some(Username::from("li"));
    b.stand_in = Some(Username::from("wang"));
    b.lead_office = Some(OfficeCode::from("D99"));
    b.offices = vec![];
    b.ended_at = Some(b.created_at);
    b.enterprise = Some("U1".to_owned());
    insert(&db, b).await.unwrap();
    let person = |name: &str| Visibility::Person(Username::from(name));
    let office = |code: &str| Visibility::Office(OfficeCode::from(code));
    let led_by = |code: &str| Visibility::LedBy(OfficeCode::from(code));
    let mut planned = case("c");
    planned.agent = None;
    planned.stand_in = None;
    planned.enterprise = Some("U2".to_owned());
    planned.applicant = PartyId::from("party-2");
    for part in &mut planned.offices {
        part.status = "planned".to_owned();
    }
    insert(&db, planned).await.unwrap();
    let enterprise = |key: &str| Visibility::Enterprises(vec![key.to_owned()]);
    assert_eq!(visible(&db, Visibility::All).await, ["a", "b", "c"]);
    assert_eq!(visible(&db, person("wang")).await, ["a", "b"], "a stand-in sees the case");
    assert_eq!(visible(&db, person("li")).await, ["b"]);
    assert_eq!(visible(&db, led_by("D99")).await, ["b"]);
    assert_eq!(visible(&db, office("D99")).await, [""; 0], "leading is not handling");
    assert_eq!(visible(&db, office("B01")).await, ["a"], "a matter that is only planned is not known of");
    assert_eq!(visible(&db, enterprise("U1")).await, ["b"]);
    assert_eq!(visible(&db, enterprise("party-1")).await, ["a", "b"]);
    assert_eq!(visible(&db, Visibility::Ended).await, ["b"]);
    assert_eq!(visible(&db, Visibility::AnyOf(vec![office("B01"), Visibility::Ended])).await, ["a", "b"]);
    assert_eq!(visible(&db, Visibility::AnyOf(vec![Visibility::Nothing, Visibility::All])).await, ["a", "b", "c"]);
    assert_eq!(visible(&db, Visibility::AllOf(vec![person("wang"), Visibility::Ended])).await, ["b"]);
    for blind in [
        Visibility::Nothing,
        Visibility::AnyOf(vec![]),
        Visibility::AnyOf(vec![Visibility::Nothing]),
        Visibility::AllOf(vec![Visibility::All, Visibility::Nothing]),
        Visibility::Enterprises(vec![]),
        person("nobody"),
    ] {
        assert_eq!(visible(&db, blind.clone()).await, [""; 0], "{blind:?}");
    }
}

#[db_test]
async fn a_hall_sees_only_its_own(db: TestDb) {
    insert(&db, case("a")).await.unwrap();
    let other = Store::open(&db.url, HallId::from("hall-2")).await.unwrap();
    assert_eq!(other.load_case(&CaseId::from("a")).await.unwrap(), None);
    assert_eq!(other.count_cases(&CaseFilter::default()).await.unwrap(), [].into());
    let found = CaseFilter { q: Some("餐饮".to_owned()), ..CaseFilter::default() };
    assert_eq!(other.list_cases(&found, CaseOrder::Newest, None, 9).await.unwrap().items, []);
    // The same id and number are free in another hall, and what is written there stays there.
    let mut twin = case("a");
    twin.title = "另一大厅的事".to_owned();
    twin.search_text = "另一大厅".to_owned();
    insert_into(&other, twin).await.unwrap();
    assert_eq!(ids(&db, &found).await, ["a"]);
    assert_eq!(other.list_cases(&found, CaseOrder::Newest, None, 9).await.unwrap().items, []);
    assert_eq!(db.store.load_case(&CaseId::from("a")).await.unwrap().unwrap().title, "开办餐饮店");
    let mut moved = case("a");
    moved.version = 2;
    moved.offices = vec![];
    db.store.write(move |tx| Box::pin(async move { tx.append(&moved, 1, &[event(2)]).await })).await.unwrap();
    let theirs = other.load_case(&CaseId::from("a")).await.unwrap().unwrap();
    assert_eq!((theirs.version, theirs.offices.len()), (1, 2));
    assert_eq!(other.last_event(&CaseId::from("a")).await.unwrap().unwrap().0, 1);
    other.close().await;
}
