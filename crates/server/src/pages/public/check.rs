//! Whether a paper is genuine: what a verification code says, to anybody, and nothing private.

use crate::auth::{Visit, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::words;
use app::CodeCheck;
use askama::Template;
use axum::extract::{Multipart, Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use domain::case::Side;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "public/check.html")]
struct Check {
    page: Page,
    l: Lang,
    code: String,
    found: Option<Found>,
    asked: bool,
    compared: Option<Compared>,
}

struct Found {
    kind: String,
    number: String,
    made: String,
    bureau: String,
    pages: u32,
    hash: String,
    superseded: bool,
    /// Each side that has to sign, and when it did.
    sides: Vec<(String, String)>,
    /// The hall's key that sealed it; empty for a paper without a seal.
    sealed_by: String,
}

/// What came of holding a file against the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    Same,
    Other,
    NoFile,
}

#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    code: String,
}

pub(super) async fn ask(visit: Visit, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    let code = ask.code.trim();
    if !code.is_empty() {
        return Ok(Redirect::to(&format!("/check/{}", urlencoded(code))).into_response());
    }
    html(&Check {
        page: visit.page("public.check.title"),
        l: visit.l,
        code: String::new(),
        found: None,
        asked: false,
        compared: None,
    })
}

pub(super) async fn show(visit: Visit, Path(code): Path<String>) -> Result<Response, Fault> {
    let check = visit.state.app.check_code(&code).await?;
    html(&page(&visit, code, check, None))
}

/// Holds a file against what is kept: its bytes are hashed here and not kept.
pub(super) async fn compare(visit: Visit, Path(code): Path<String>, mut form: Multipart) -> Result<Response, Fault> {
    let check = visit.state.app.check_code(&code).await?;
    let mut compared = Compared::NoFile;
    while let Some(field) = form.next_field().await.map_err(|_| Fault::bad_request("unreadable"))? {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field.bytes().await.map_err(|_| Fault::bad_request("unreadable"))?;
        if let Some(check) = check.as_ref().filter(|_| !bytes.is_empty()) {
            compared = if check.is_same(&bytes) { Compared::Same } else { Compared::Other };
        }
    }
    let compared = check.is_some().then_some(compared);
    html(&page(&visit, code, check, compared))
}

fn page(visit: &Visit, code: String, check: Option<CodeCheck>, compared: Option<Compared>) -> Check {
    let l = visit.l;
    let found = check.map(|check| Found {
        kind: l.t(&format!("paper.kind.{}", check.kind.name())).into_owned(),
        number: check.number,
        made: words::paper_moment(check.made_at),
        bureau: check.bureau,
        pages: check.pages,
        hash: check.hash,
        superseded: check.superseded,
        sides: check.sides.iter().map(|(side, at)| side_line(l, *side, *at)).collect(),
        sealed_by: check.seal.map(|seal| seal.key).unwrap_or_default(),
    });
    Check { page: visit.page("public.check.title"), l, code, found, asked: true, compared }
}

/// A side and when it signed, without a name.
fn side_line(l: Lang, side: Side, at: Option<DateTime<Utc>>) -> (String, String) {
    let side = match side {
        Side::Client => "client",
        Side::Agent => "agent",
        Side::Giver => "giver",
        Side::Taker => "taker",
    };
    let when = match at {
        Some(at) => l.tr("public.check.signed_at", &[("at", &words::paper_moment(at))]),
        None => l.t("public.check.not_signed").into_owned(),
    };
    (l.t(&format!("public.check.side_{side}")).into_owned(), when)
}
