//! What lists show and what can be opened is the same, for everybody.

use app::CaseQuery;
use std::collections::BTreeSet;
use testkit::{TestApp, TestDb};

#[testkit::db_test]
async fn s9_3_a_list_shows_exactly_the_cases_that_may_be_opened(db: TestDb) {
    let app = TestApp::new(&db).await;
    let summary = app.demo(30, 2026, |_, _| {}).await.unwrap();
    let all = app.list_cases(&app.user("director"), &CaseQuery::default(), None, 100).await.unwrap().items;
    assert_eq!(all.len(), 30);
    let mut seen_by_somebody_in_part = 0;
    for (username, _) in &summary.accounts {
        let user = app.user(username);
        let listed: BTreeSet<_> = match app.list_cases(&user, &CaseQuery::default(), None, 100).await {
            Ok(page) => page.items.into_iter().map(|head| head.number).collect(),
            Err(app::AppError::Forbidden) => BTreeSet::new(),
            Err(error) => panic!("{username}: {error}"),
        };
        let mut opened = BTreeSet::new();
        for head in &all {
            match app.open_case(&user, &head.id).await {
                Ok(_) => drop(opened.insert(head.number.clone())),
                Err(app::AppError::NotFound) => {}
                Err(error) => panic!("{username} and {:?}: {error}", head.number),
            }
        }
        assert_eq!(listed, opened, "{username}");
        seen_by_somebody_in_part += usize::from(!listed.is_empty() && listed.len() < all.len());
    }
    assert!(seen_by_somebody_in_part > 10, "{seen_by_somebody_in_part}");
}
