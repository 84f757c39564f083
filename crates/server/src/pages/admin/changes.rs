//! Who changed what, from which day on, and why; what is planned can be withdrawn.

use super::{ChangeLine, change_line, desk, elsewhere, guard, today};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, see};
use crate::pages::staff::typed::Typed;
use app::configuration::{ChangeState, NotTaken};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;

const ROWS_SHOWN: usize = 20;

/// A change.
pub(crate) struct Line {
    pub(crate) kind: &'static str,
    pub(crate) version: i64,
    pub(crate) kind_name: String,
    pub(crate) at: String,
    pub(crate) on: String,
    pub(crate) who: String,
    pub(crate) reason: String,
    pub(crate) state: String,
    pub(crate) state_class: &'static str,
    pub(crate) planned: bool,
    pub(crate) rows: Vec<ChangeLine>,
    pub(crate) more: String,
}

#[derive(Template)]
#[template(path = "admin/changes.html")]
struct Changes {
    page: Page,
    l: Lang,
    headline: String,
    lines: Vec<Line>,
    /// Value, word, chosen.
    kinds: Vec<(&'static str, String, bool)>,
    states: Vec<(&'static str, String, bool)>,
    q: String,
    narrowed: bool,
}

fn state_name(state: ChangeState) -> (&'static str, &'static str) {
    match state {
        ChangeState::Holds => ("holds", "ok"),
        ChangeState::Planned => ("planned", "now"),
        ChangeState::Replaced => ("replaced", "idle"),
    }
}

pub(super) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    guard(&visit)?;
    let (l, app) = (visit.l, &visit.state.app);
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (kind, state, q) = (typed.get("kind"), typed.get("state"), typed.get("q"));
    let reference = app.reference();
    let say = visit.say(&reference);
    let mut lines = Vec::new();
    for change in app.configuration_changes(&visit.user).await? {
        let (name, class) = state_name(change.state);
        if (!kind.is_empty() && kind != change.kind) || (!state.is_empty() && state != name) {
            continue;
        }
        let mut rows: Vec<ChangeLine> = change.rows.iter().map(|row| change_line(l, &reference, row)).collect();
        let who = say.person(&change.actor);
        let has = |text: &str| text.contains(q);
        let found = q.is_empty() || has(&who) || has(&change.reason) || rows.iter().any(|row| has(&row.row));
        if !found {
            continue;
        }
        let more = rows.len().saturating_sub(ROWS_SHOWN);
        rows.truncate(ROWS_SHOWN);
        lines.push(Line {
            kind: change.kind,
            version: change.version,
            kind_name: l.t(&format!("admin.kind.{}", change.kind)).into_owned(),
            at: l.time(change.at, app.now()),
            on: l.date_seen(change.effective_on, today(&visit)),
            who,
            reason: change.reason,
            state: l.t(&format!("admin.state.{name}")).into_owned(),
            state_class: class,
            planned: change.state == ChangeState::Planned,
            more: if more > 0 { l.tr("admin.import.more", &[("count", &more.to_string())]) } else { String::new() },
            rows,
        });
    }
    let option = |table: &'static str, chosen: &str, value: &'static str| {
        (value, l.t(&format!("admin.{table}.{value}")).into_owned(), value == chosen)
    };
    html(&Changes {
        page: desk(&visit, l.t("admin.changes.title").into_owned()),
        l,
        headline: l.tr("admin.changes.headline", &[("count", &lines.len().to_string())]),
        lines,
        kinds: ["catalogue", "hall", "calendar", "fees", "people"].map(|value| option("kind", kind, value)).to_vec(),
        states: ["planned", "holds", "replaced"].map(|value| option("state", state, value)).to_vec(),
        q: q.to_owned(),
        narrowed: !(kind.is_empty() && state.is_empty() && q.is_empty()),
    })
}

pub(super) async fn withdraw(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    const HERE: &str = "/admin/changes";
    let version = typed.get("version").parse().map_err(|_| Fault::not_found())?;
    let reason = typed.get("reason");
    match visit.state.app.withdraw_change(&visit.user, typed.get("kind"), version, reason).await {
        Ok(()) => Ok(visit.done(HERE, "admin.changes.withdrawn")),
        Err(NotTaken::Other(error)) => visit.refused(HERE, error),
        Err(NotTaken::Cells(cells)) => {
            let told: Vec<String> = cells.iter().map(|cell| elsewhere(&visit, cell)).collect();
            Ok(see(HERE, &Flash::bad(told.join(" "))))
        }
    }
}
