//! A piece of a case: what it is, where it is, and every hand through which it went. Its label's code opens this page (S2.1).

use super::case::names;
use super::names::Names;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::routes::{Access, Area, Route};
use app::OpenCase;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::case::CommandKind;
use domain::custody::{CustodyLine, Item};
use domain::ids::{CaseId, ItemId};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(Area::Staff, Access::Staff, "/cases/{id}/items/{item}", page)]
}

/// A move as it is shown.
struct MoveRow {
    at: String,
    from: String,
    to: String,
    by: String,
    /// What the taker says, or that its word is owed.
    word: String,
    open: bool,
    /// The list that both signed, or the scan of the taker's slip; empty if there is neither.
    proof: String,
}

#[derive(Template)]
#[template(path = "staff/piece.html")]
struct PiecePage {
    page: Page,
    l: Lang,
    case: String,
    number: String,
    enterprise: String,
    item: String,
    heading: String,
    facts: Vec<(String, String)>,
    /// The scan; empty if there is none.
    file: String,
    /// Who looks has to say that it has arrived.
    mine: bool,
    may_slip: bool,
    may_move: bool,
    moves: Vec<MoveRow>,
    once: String,
    version: u64,
}

async fn page(visit: Signed, Path((id, item)): Path<(String, String)>) -> Result<Response, Fault> {
    let open = visit.state.app.open_case(&visit.user, &CaseId(id)).await?;
    let item = open.case.item(&ItemId(item)).ok_or_else(Fault::not_found)?;
    let names = names(visit.l, &open);
    let case = &open.case;
    let can = |kind| open.actions().iter().any(|action| action.kind == kind && action.refusal.is_none());
    let mine = open.to_take().contains(&item.id);
    let is_open = case.open_moves().any(|line| line.item == item.id);
    let heading = title(&names, item);
    html(&PiecePage {
        page: super::desk(&visit, "staff.custody.title").titled(heading.clone()),
        l: visit.l,
        case: case.id.to_string(),
        number: case.number.clone(),
        enterprise: open.party.name.clone(),
        item: item.id.to_string(),
        heading,
        facts: facts(&names, &open, item),
        file: item.file.as_ref().map(|file| format!("/cases/{}/files/{}", case.id, file.id)).unwrap_or_default(),
        mine: mine && can(CommandKind::TakeMaterial),
        may_slip: is_open && !mine && can(CommandKind::TakeMaterial),
        may_move: item.handed_over.is_some() && !item.place.is_final() && can(CommandKind::MoveMaterial),
        moves: case.custody.iter().rev().filter(|line| line.item == item.id).map(|line| shown(&names, line)).collect(),
        once: fresh_key(),
        version: case.version,
    })
}

fn title(names: &Names<'_>, item: &Item) -> String {
    let name = names.material(&item.material);
    match &item.label {
        Some(label) => names.tr("staff.piece_page.titled", &[("name", &name), ("label", label)]),
        None => name,
    }
}

/// What it is and where it is, with the working days there.
fn facts(names: &Names<'_>, open: &OpenCase, item: &Item) -> Vec<(String, String)> {
    let on = names.today();
    let days = open.reference.calendar.working_days_between(domain::calendar::today(item.since), on);
    let since = names.tr("staff.piece_page.since", &[("day", &names.day(item.since)), ("days", &days.to_string())]);
    let back = names.t(if item.to_return { "staff.to_return" } else { "staff.not_to_return" });
    let mut facts = vec![
        ("staff.piece_page.where", names.place(&item.place)),
        ("staff.custody_column.since", since),
        ("staff.custody_column.form", names.piece(item)),
        ("staff.custody_column.back", back),
        ("staff.piece_page.listed", names.l.time(item.received_at, names.now)),
    ];
    if let Some(condition) = &item.condition {
        facts.push(("staff.column.condition", condition.clone()));
    }
    facts.into_iter().map(|(key, value)| (names.t(key), value)).collect()
}

fn shown(names: &Names<'_>, line: &CustodyLine) -> MoveRow {
    let case = names.case;
    let list = line.list.as_ref().and_then(|list| case.document(list));
    let slip = line.taken.as_ref().and_then(|taken| taken.slip.as_ref());
    let word = match (&list, &line.taken) {
        (Some(list), _) => names.tr("staff.piece_page.list", &[("number", &list.number)]),
        (None, Some(taken)) => {
            let words = [("who", names.person(&taken.by)), ("at", names.l.time(taken.at, names.now))];
            let key = if slip.is_some() { "staff.piece_page.slip" } else { "staff.piece_page.taken" };
            names.tr(key, &words.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        (None, None) if line.is_open() => names.t("staff.custody.untaken"),
        (None, None) => String::new(),
    };
    let paper = list.map(|list| format!("/cases/{}/papers/{}", case.id, list.id));
    let scan = slip.map(|slip| format!("/cases/{}/files/{}", case.id, slip.id));
    MoveRow {
        at: names.l.time(line.at, names.now),
        from: names.place(&line.from),
        to: names.place(&line.to),
        by: names.person(&line.by),
        word,
        open: line.is_open() && case.open_moves().any(|open| open == line),
        proof: paper.or(scan).unwrap_or_default(),
    }
}
