//! The enterprise's own cases.

use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::say::word;
use app::{CaseHead, CaseOrder, CaseQuery};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::calendar::today;
use serde::Deserialize;

/// Cases on one page.
const PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "enterprise/list.html")]
struct List {
    page: Page,
    l: Lang,
    sentence: String,
    lines: Vec<Line>,
    next: Option<String>,
    many: bool,
}

struct Line {
    id: String,
    title: String,
    sub: String,
    status: String,
    class: &'static str,
    due: String,
}

#[derive(Deserialize)]
pub(super) struct At {
    #[serde(default)]
    cursor: Option<String>,
}

pub(super) async fn list(visit: Signed, Query(at): Query<At>) -> Result<Response, Fault> {
    let app = &visit.state.app;
    let query = CaseQuery { order: CaseOrder::Newest, ..CaseQuery::default() };
    let cursor = at.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let found = app.list_cases(&visit.user, &query, cursor, PAGE).await?;
    let counts = app.count_cases(&visit.user, &query).await?;
    let l = visit.l;
    let open: u64 = domain::case::Status::ALL.into_iter().filter(|s| s.is_open()).filter_map(|s| counts.get(s.name())).sum();
    let all: u64 = counts.values().sum();
    let sentence = match (all, open) {
        (0, _) => l.t("enterprise.list.none").into_owned(),
        (_, 0) => l.tr("enterprise.list.all_ended", &[("count", &all.to_string())]),
        _ => l.tr("enterprise.list.open", &[("count", &open.to_string())]),
    };
    let lines = found.items.iter().map(|head| line(l, head, app.now())).collect();
    let page = visit.page("enterprise.list.title");
    html(&List { page, l, sentence, lines, next: found.next_cursor, many: all > 0 })
}

fn line(l: Lang, head: &CaseHead, now: chrono::DateTime<chrono::Utc>) -> Line {
    let enterprise = head.enterprise.clone().unwrap_or_default();
    let number = head.number.clone().unwrap_or_default();
    let rest = |due| {
        let date = l.date_seen(due, today(now));
        l.tr("enterprise.list.due", &[("date", &date)])
    };
    Line {
        id: head.id.to_string(),
        title: head.title.clone(),
        sub: l.tr("enterprise.list.sub", &[("enterprise", &enterprise), ("number", &number)]),
        status: word(l, "common.status", &head.status),
        class: status_class(&head.status),
        due: head.due_on.map(rest).unwrap_or_default(),
    }
}

/// The class of a status word.
pub(crate) fn status_class(status: &str) -> &'static str {
    match status {
        "running" | "preparing" => "now",
        "delivering" => "wait",
        "suspended" => "halt",
        "ended" => "ok",
        _ => "idle",
    }
}
