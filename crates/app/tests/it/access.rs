//! What lists show and what can be opened is the same, for everybody.

use app::{AppError, CaseQuery, DemoSummary};
use std::collections::BTreeSet;
use testkit::TestApp;

/// `domain::access` says what may be opened, the store obeys a filter when it lists: the two must agree for everybody.
pub async fn lists_show_what_may_be_opened(app: &TestApp, summary: &DemoSummary) {
    let all = app.list_cases(&app.user("director"), &CaseQuery::default(), None, 100).await.unwrap().items;
    assert!(all.len() >= 30);
    let mut seen_by_somebody_in_part = 0;
    let mut wrong = Vec::new();
    for (username, _) in &summary.accounts {
        let user = app.user(username);
        let listed: BTreeSet<_> = match app.list_cases(&user, &CaseQuery::default(), None, 100).await {
            Ok(page) => page.items.into_iter().map(|head| head.number).collect(),
            Err(AppError::Forbidden) => BTreeSet::new(),
            Err(error) => panic!("{username}: {error}"),
        };
        let mut opened = BTreeSet::new();
        for head in &all {
            match app.open_case(&user, &head.id).await {
                Ok(_) => drop(opened.insert(head.number.clone())),
                Err(AppError::NotFound) => {}
                Err(error) => panic!("{username} and {:?}: {error}", head.number),
            }
        }
        wrong.extend(listed.symmetric_difference(&opened).map(|number| format!("{username}: {number:?}")));
        seen_by_somebody_in_part += usize::from(!listed.is_empty() && listed.len() < all.len());
    }
    assert_eq!(wrong, [""; 0], "listed but not opened, or opened but not listed");
    assert!(seen_by_somebody_in_part > 10, "{seen_by_somebody_in_part}");
}
