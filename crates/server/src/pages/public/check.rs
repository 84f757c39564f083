//! Whether a paper is genuine: what a verification code says, to anybody, and nothing private.

use crate::auth::{Visit, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::words;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "public/check.html")]
struct Check {
    page: Page,
    l: Lang,
    code: String,
    found: Option<Found>,
    asked: bool,
}

struct Found {
    kind: String,
    number: String,
    made: String,
    bureau: String,
    pages: u32,
    hash: String,
    superseded: bool,
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
    html(&Check { page: visit.page("public.check.title"), l: visit.l, code: String::new(), found: None, asked: false })
}

pub(super) async fn show(visit: Visit, Path(code): Path<String>) -> Result<Response, Fault> {
    let l = visit.l;
    let found = visit.state.app.check_code(&code).await?.map(|check| Found {
        kind: l.t(&format!("paper.kind.{}", check.kind.name())).into_owned(),
        number: check.number,
        made: words::paper_moment(check.made_at),
        bureau: check.bureau,
        pages: check.pages,
        hash: check.hash,
        superseded: check.superseded,
    });
    html(&Check { page: visit.page("public.check.title"), l, code, found, asked: true })
}
