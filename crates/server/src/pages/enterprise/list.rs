//! The enterprise's own cases.

use super::case::map_facts;
use super::map::longest_path;
use super::sentence::first_sentence;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::{CaseOrder, CaseQuery, OpenCase};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::case::Status;
use serde::Deserialize;

/// Cases on one page: each is opened, so that its line says where it stands.
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
    first: String,
    status: String,
    class: &'static str,
}

#[derive(Deserialize)]
pub(super) struct At {
    #[serde(default)]
    cursor: Option<String>,
}

pub(super) async fn list(visit: Signed, Query(at): Query<At>) -> Result<Response, Fault> {
    let app = &visit.state.app;
    let query = CaseQuery { order: CaseOrder::Work, ..CaseQuery::default() };
    let cursor = at.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let found = app.list_cases(&visit.user, &query, cursor, PAGE).await?;
    let counts = app.count_cases(&visit.user, &query).await?;
    let l = visit.l;
    let open: u64 = Status::ALL.into_iter().filter(|s| s.is_open()).filter_map(|s| counts.get(s.name())).sum();
    let all: u64 = counts.values().sum();
    let sentence = match (all, open) {
        (0, _) => l.t("enterprise.list.none").into_owned(),
        (_, 0) => l.tr("enterprise.list.all_ended", &[("count", &all.to_string())]),
        _ => l.tr("enterprise.list.open", &[("count", &open.to_string())]),
    };
    let mut lines = Vec::with_capacity(found.items.len());
    for head in &found.items {
        lines.push(line(l, &app.open_case(&visit.user, &head.id).await?));
    }
    let page = visit.page("enterprise.list.title");
    html(&List { page, l, sentence, lines, next: found.next_cursor, many: all > 0 })
}

fn line(l: Lang, open: &OpenCase) -> Line {
    let facts = map_facts(open, l);
    let case = &open.case;
    Line {
        id: case.id.to_string(),
        title: title(l, open),
        sub: l.tr("enterprise.list.sub", &[("enterprise", &open.party.name), ("number", &case.number)]),
        first: first_sentence(facts, &longest_path(facts)),
        status: l.t(&format!("enterprise.status.{}", case.status.name())).into_owned(),
        class: status_class(case.status),
    }
}

/// What a case is about: its project, else its matters.
pub(crate) fn title(l: Lang, open: &OpenCase) -> String {
    let case = &open.case;
    if let Some(project) = case.project.as_ref().filter(|project| !project.name.is_empty()) {
        return project.name.clone();
    }
    let first = case.matters.first().and_then(|matter| open.reference.catalogue.matter(&matter.scope.code));
    let name = first.map_or_else(|| case.number.clone(), |matter| matter.name.clone());
    match case.matters.len() {
        0 | 1 => name,
        count => l.tr("enterprise.list.and_more", &[("matter", &name), ("count", &count.to_string())]),
    }
}

/// The class of a status word.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Running | Status::Preparing | Status::Accepted => "now",
        Status::Delivering => "wait",
        Status::Suspended => "halt",
        Status::Ended | Status::Archived => "ok",
        Status::Submitted | Status::Withdrawn | Status::Terminated => "idle",
    }
}
