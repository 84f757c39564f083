//! The desk: my work, cases, reception, findings, people.

mod absences;
mod acts;
mod apply;
mod archive;
mod board;
mod case;
mod case_times;
mod case_view;
pub(crate) mod chase;
mod clockbar;
mod custody;
mod findings;
mod forms;
mod green;
mod lead;
mod leads;
mod ledger;
mod ledger_outside;
mod list;
mod meetings;
mod names;
mod next;
mod people;
mod piece;
mod plan;
mod plan_rows;
mod plan_supposed;
mod reception;
#[cfg(test)]
mod tests;
mod timeline;
pub(crate) mod typed;
mod warnings;
mod work;

use crate::auth::Signed;
use crate::page::{NavLink, Page};
use crate::pages::enterprise::once::led;
use crate::routes::{Access, Area, Route};
use app::{Answer, Once, Outcome};
use axum::response::{Redirect, Response};
use domain::access::{Action, On, may};
use domain::people::Role;
use serde::Serialize;
use std::sync::Arc;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    let mut routes = vec![
        Route::get(area, access, "/desk", to_work),
        Route::get(area, access, "/work", work::page),
        Route::get(area, access, "/cases", list::page),
        Route::get(area, access, "/cases.csv", list::csv),
        Route::get(area, access, "/findings", findings::page),
        Route::get(area, access, "/warnings", warnings::page),
        Route::get(area, access, "/cases/{id}/chase", chase::page),
        Route::post(area, access, "/cases/{id}/chase", chase::chase),
        Route::get(area, access, "/board", board::page),
        Route::get(area, access, "/people", people::page),
    ];
    routes.extend(absences::routes());
    routes.extend(archive::routes());
    routes.extend(case::routes());
    routes.extend(custody::routes());
    routes.extend(forms::routes());
    routes.extend(green::routes());
    routes.extend(leads::routes());
    routes.extend(ledger::routes());
    routes.extend(meetings::routes());
    routes.extend(piece::routes());
    routes.extend(plan::routes());
    routes.extend(reception::routes());
    routes.extend(apply::routes());
    routes
}

async fn to_work() -> Redirect {
    Redirect::to("/work")
}

/// A desk page with the desk's own menu.
pub(crate) fn desk(visit: &Signed, title: &str) -> Page {
    let mut page = visit.page(title).at_desk();
    page.nav = nav(visit);
    page
}

fn nav(visit: &Signed) -> Vec<NavLink> {
    let user = &visit.user;
    let mut links: Vec<(&'static str, &str, bool)> = vec![("/work", "staff.nav.work", false)];
    if !user.has(Role::Administrator) || user.actor.roles.len() > 1 {
        links.push(("/cases", "staff.nav.cases", true));
        links.push(("/custody", "staff.nav.custody", true));
        links.push(("/warnings", "staff.nav.warnings", true));
    }
    if receives(user) {
        links.push(("/reception", "staff.nav.reception", true));
    }
    for (href, key, action) in [
        ("/board", "board.nav.board", Action::SeeBoard),
        ("/ledger", "board.nav.ledger", Action::SeeLedger),
        ("/leads", "staff.nav.leads", Action::ListLeads),
        ("/meetings", "staff.nav.meetings", Action::ListMeetings),
        ("/green", "staff.nav.green", Action::SeeGreenChannel),
        ("/archive", "staff.nav.archive", Action::SeeArchiveRoom),
    ] {
        if may(&user.actor, action, On::Hall).is_ok() {
            links.push((href, key, true));
        }
    }
    if user.has(Role::Supervisor) || user.has(Role::Director) {
        links.push(("/findings", "staff.nav.findings", true));
    }
    links.push(("/people", "staff.nav.people", true));
    if user.has(Role::Administrator) {
        links.push(("/admin", "staff.nav.admin", false));
    }
    let here = visit.path.split(['?', '.']).next().unwrap_or_default();
    let is_here = |href: &str| here == href || here.starts_with(&format!("{href}/"));
    let is_apply = here.starts_with("/apply");
    links
        .into_iter()
        .map(|(href, key, wide)| NavLink {
            href,
            label: visit.l.t(key).into_owned(),
            current: is_here(href) || (is_apply && href == "/reception"),
            wide,
        })
        .collect()
}

/// Whether the desk of reception is theirs: what [`domain::access`] says of consultations.
fn receives(user: &app::User) -> bool {
    may(&user.actor, Action::SeeConsultations, On::Hall).is_ok()
        && !user.has(Role::Supervisor)
        && !user.has(Role::Director)
}

/// The word on the wire of a value whose JSON form is a plain text.
fn wire(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The key of a form that is sent only once: the same form sent again is led where the first was.
fn once(visit: &Signed, typed: &typed::Typed, to: impl Fn(&Outcome) -> String + Send + Sync + 'static) -> Option<Once> {
    let key = typed.get("once");
    if key.is_empty() {
        return None;
    }
    let answer = move |outcome: &Outcome| Answer {
        status: 303,
        headers: vec![("location".to_owned(), to(outcome))],
        body: Vec::new(),
    };
    Some(Once {
        key: format!("page:{key}"),
        who: visit.user.actor.username.to_string(),
        body_hash: typed.hash(),
        answer: Arc::new(answer),
    })
}

/// Where the first sending of this form led, if it was sent before.
async fn first_answer(visit: &Signed, typed: &typed::Typed) -> Result<Option<Response>, app::AppError> {
    let key = typed.get("once");
    if key.is_empty() {
        return Ok(None);
    }
    let who = visit.user.actor.username.as_str();
    let answer = visit.state.app.first_answer(who, &format!("page:{key}"), &typed.hash()).await?;
    Ok(answer.map(led))
}
