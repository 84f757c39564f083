//! The ledger of projects, the director's board and everybody's desk through the use cases.

use crate::hand::{application, begin};
use app::{AppError, LedgerOrder, LedgerQuery, Papers, PressingQuery};
use domain::case::Project;
use domain::ledger::{LedgerState, Side, Totals};
use serde_json::json;
use std::collections::BTreeSet;
use testkit::{TestApp, TestDb};

#[testkit::db_test]
async fn s5_3_the_ledger_holds_every_open_project_that_the_person_may_see_and_its_figures_are_those_of_its_lines(
    db: TestDb,
) {
    let app = TestApp::new(&db).await;
    app.simulate(60, 5, None, Papers::Plain, |_, _| {}).await.unwrap();
    let director = app.user("director");
    let all = app.ledger(&director, &LedgerQuery::default()).await.unwrap();
    assert!(
        all.totals.projects > 3 && all.totals.blockers > 0 && all.totals.done > 0 && all.cut.is_none(),
        "{:?}",
        all.totals
    );
    assert_eq!(all.totals, Totals::of(all.rows.iter().map(|row| (&row.case, &row.line))));

    // Every open case with a project, every matter of it, and no other.
    let heads = app.list_cases(&director, &app::CaseQuery::default(), None, 200).await.unwrap().items;
    let mut expected = 0;
    for head in &heads {
        let case = app.open_case(&director, &head.id).await.unwrap().case;
        if case.status.is_open() && case.project.is_some() {
            expected += case.matters.len();
        }
    }
    assert_eq!(all.rows.len(), expected);
    assert!(all.rows.iter().all(|row| !row.enterprise.contains(" · ")), "the enterprise stands alone");

    // Agents see what the list of cases shows them, and all of it.
    for who in ["agent", "agent2", "agent9"] {
        let user = app.user(who);
        let own = app.ledger(&user, &LedgerQuery::default()).await.unwrap().rows;
        let visible = app.list_cases(&user, &app::CaseQuery::default(), None, 200).await.unwrap().items;
        let visible: BTreeSet<_> = visible.into_iter().map(|head| head.id).collect();
        let expected: Vec<_> = all.rows.iter().filter(|row| visible.contains(&row.case)).collect();
        assert_eq!(own.iter().collect::<Vec<_>>(), expected, "{who}");
    }
    for nobody in ["admin", "enterprise", "clerk", "archivist"] {
        let refused = app.ledger(&app.user(nobody), &LedgerQuery::default()).await;
        assert!(matches!(refused, Err(AppError::Forbidden)), "{nobody}");
    }

    // Narrowed and sorted.
    let blocked = LedgerQuery { blocked: true, order: LedgerOrder::Days, ..LedgerQuery::default() };
    let blocked = app.ledger(&director, &blocked).await.unwrap();
    assert_eq!(blocked.rows.len(), all.totals.blockers);
    let days: Vec<i64> = blocked.rows.iter().map(|row| row.line.hold.as_ref().unwrap().days).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let states = LedgerState::ALL.map(|state| LedgerQuery { state: Some(state), ..LedgerQuery::default() });
    let mut sum = 0;
    for query in states {
        sum += app.ledger(&director, &query).await.unwrap().rows.len();
    }
    assert_eq!(sum, all.rows.len(), "every line is in one state");
    let none = LedgerQuery { q: Some("没有这样的项目".to_owned()), ..LedgerQuery::default() };
    assert_eq!(app.ledger(&director, &none).await.unwrap().totals, Totals::default());
}

#[testkit::db_test]
async fn s8_2_the_board_counts_what_its_lists_hold(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.simulate(60, 5, None, Papers::Plain, |_, _| {}).await.unwrap();
    let director = app.user("director");
    let board = app.board(&director).await.unwrap();
    let ledger = app.ledger(&director, &LedgerQuery::default()).await.unwrap();
    assert_eq!((board.projects, board.behind), (ledger.totals.projects, ledger.totals.behind));
    let kind = |kind: &str| PressingQuery { kind: Some(kind.to_owned()), ..PressingQuery::default() };
    for (name, count) in [("red", board.overdue), ("yellow", board.soon), ("offered", board.offered)] {
        let listed = app.pressing(&director, &kind(name)).await.unwrap().matters.len();
        assert_eq!(count, u64::try_from(listed).unwrap(), "{name}");
    }
    for part in &board.blockers {
        let query = LedgerQuery { blocked: true, side: Some(part.side), ..LedgerQuery::default() };
        assert_eq!(app.ledger(&director, &query).await.unwrap().rows.len(), part.count, "{:?}", part.side);
    }
    assert_eq!(board.blockers.iter().map(|part| part.count).sum::<usize>(), ledger.totals.blockers);
    let sum: usize = board.offices.iter().map(|office| office.matters).sum();
    let held = ledger.rows.iter().filter_map(|row| row.line.hold.as_ref()).filter(|hold| hold.side != Side::Client);
    assert_eq!(sum, held.count(), "every matter that is with an office counts once");
    assert!(board.offices.is_sorted_by(|a, b| a.days >= b.days));
    for nobody in ["admin", "agent", "clerk", "enterprise"] {
        assert!(matches!(app.board(&app.user(nobody)).await, Err(AppError::Forbidden)), "{nobody}");
    }
}

#[testkit::db_test]
async fn s5_3_a_wanted_start_of_building_moves_the_planned_days_of_the_ledger(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    assert_eq!(app.ledger(&app.user("head"), &LedgerQuery::default()).await.unwrap().rows, [], "no project, no line");
    let mut new = application(&[]);
    new.template = Some("T1".into());
    new.project = Some(Project { name: "养殖基地".to_owned(), investment_fen: Some(5_000_000_000), site: None });
    let made = app.create_case(&app.user("clerk"), new, None).await.unwrap();
    let head = app.user("head");
    let before = app.ledger(&head, &LedgerQuery::default()).await.unwrap();
    assert_eq!((before.totals.projects, before.rows[0].investment_fen), (1, Some(5_000_000_000)));
    assert_eq!(before.rows[0].project, "养殖基地");
    let project = crate::hand::Hand { app: &app, id: made.id.clone() };
    project.take_on().await;
    project.give("agent", json!({ "type": "set_goal", "milestone": "MS-KG", "date": "2028-05-08" })).await;
    let after = app.ledger(&head, &LedgerQuery::default()).await.unwrap();
    let later = before.rows.iter().zip(&after.rows).filter(|(before, after)| after.line.planned > before.line.planned);
    assert!(later.count() > 10);
    assert!(after.rows.iter().any(|row| row.line.provisional), "2028 is not announced");
    assert_eq!(app.desk(&app.user("agent"), 0).await.unwrap().cases, 1);
    app.run_jobs().await;
    drop(hand);
}

#[testkit::db_test]
async fn a_desk_is_read_page_by_page_and_leaves_no_case_out(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.simulate(120, 5, None, Papers::Plain, |_, _| {}).await.unwrap();
    let head = app.user("head");
    let first = app.desk(&head, 0).await.unwrap();
    let (mut seen, mut next) = (first.ids.clone(), first.next);
    assert!(first.ids.len() <= 40);
    while let Some(skip) = next {
        let page = app.desk(&head, skip).await.unwrap();
        seen.extend(page.ids);
        next = page.next;
    }
    assert_eq!(seen.len(), first.cases);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "each once");
    assert_eq!(app.desk(&app.user("admin"), 0).await.unwrap(), app::Desk::default());
}
