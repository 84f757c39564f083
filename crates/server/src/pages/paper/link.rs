//! Signing on the client's own device: the page with link and code for the agent, and what the link shows to its holder.

use super::form::{self, Form};
use super::marks::{Mark, Proof, marks};
use super::qr::Qr;
use super::sign::{heading, key, then};
use super::typed::Typed;
use crate::auth::{Signed, Visit, cookies};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, pdf, see};
use app::{AppError, FieldError, LinkPaper, LinkSigned, LinkSigning, LinkStage};
use askama::Template;
use axum::extract::{Multipart, Path, RawForm};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::Side;
use domain::ids::{CaseId, DocumentId};

/// The secret of a device that gave the right code.
const OPENED: &str = "bangban_sign";
/// How long a browser keeps it, in seconds: as long as the signed paper can be fetched, and the time to sign before.
const KEPT: i64 = 25 * 3600;

#[derive(Template)]
#[template(path = "paper/link_made.html")]
struct Made {
    page: Page,
    l: Lang,
    paper: String,
    number: String,
    url: String,
    qr: Qr,
    code: String,
    until: String,
    back: String,
}

#[derive(Template)]
#[template(path = "paper/link_code.html")]
struct AskCode {
    page: Page,
    l: Lang,
    action: String,
    wrong: String,
}

/// Nothing can be done with this link, and why.
#[derive(Template)]
#[template(path = "paper/link_gone.html")]
struct Gone {
    page: Page,
    l: Lang,
    why: String,
}

#[derive(Template)]
#[template(path = "paper/link_sign.html")]
struct SignByLink {
    page: Page,
    l: Lang,
    form: Form,
    marks: Vec<Mark>,
    proof: Proof,
    heading: String,
    meaning: String,
    then: String,
    by: String,
    action: String,
    pdf: String,
    version: u64,
    hash: String,
    name: String,
    drawn: String,
    wrong_name: String,
    wrong_ink: String,
}

#[derive(Template)]
#[template(path = "paper/link_done.html")]
struct Done {
    page: Page,
    l: Lang,
    kind: String,
    number: String,
    code: String,
    hash: String,
    at: String,
    until: String,
    base: String,
    has_sheet: bool,
}

/// `POST /cases/{id}/sign/{document}/link`: shows link and code. They stand nowhere else, so the page is made once.
pub(super) async fn make(visit: Signed, Path((id, document)): Path<(String, String)>) -> Result<Response, Fault> {
    let (id, document) = (CaseId(id), DocumentId(document));
    let back = format!("/cases/{id}/sign/{document}?side=client");
    let app = &visit.state.app;
    let made = match app.make_sign_link(&visit.user, &id, &document).await {
        Ok(made) => made,
        Err(error) => return visit.refused(&back, error),
    };
    let open = app.open_case(&visit.user, &id).await?;
    let document = open.case.document(&document).ok_or_else(Fault::not_found)?;
    let l = visit.l;
    html(&Made {
        page: visit.page("paper.link.title"),
        l,
        paper: l.t(&format!("paper.kind.{}", document.kind.name())).into_owned(),
        number: document.number.clone(),
        qr: Qr::of(&made.url),
        url: made.url,
        code: made.code,
        until: l.clock(made.expires_at),
        back: format!("/cases/{id}"),
    })
}

/// `GET /sign/{token}`
pub(super) async fn show(visit: Visit, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    match visit.state.app.sign_link(&token, opened(&headers)).await {
        Ok(LinkStage::Code) => html(&ask_code(&visit, &token, String::new())),
        Ok(LinkStage::Sign(paper)) => paper_page(&visit, &token, &paper, None).await,
        Ok(LinkStage::Signed(signed)) => html(&done(&visit, &token, &signed)),
        Err(error) => gone(&visit, error),
    }
}

/// `POST /sign/{token}/code`
pub(super) async fn code(visit: Visit, Path(token): Path<String>, RawForm(form): RawForm) -> Result<Response, Fault> {
    let app = &visit.state.app;
    visit.state.logins.attempt(&visit.address, app.now()).map_err(|wait| {
        Fault::new(StatusCode::TOO_MANY_REQUESTS, "too_many_codes").with("seconds", wait.to_string()).retry_after(wait)
    })?;
    let text = String::from_utf8_lossy(&form);
    let code = text.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap_or_default();
    match app.open_sign_link(&token, code).await {
        Ok(secret) => {
            let mut response = Redirect::to(&format!("/sign/{token}")).into_response();
            cookies::set(response.headers_mut(), OPENED, &secret, Some(KEPT), visit.secure);
            Ok(response)
        }
        Err(AppError::Invalid(errors)) => {
            let wrong = told(&visit, &errors, "/code");
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &ask_code(&visit, &token, wrong))
        }
        Err(error) => gone(&visit, error),
    }
}

/// `POST /sign/{token}`
pub(super) async fn sign(
    visit: Visit,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Fault> {
    let typed = Typed::read(form).await?;
    let app = &visit.state.app;
    let here = format!("/sign/{token}");
    let Some(ink) = typed.ink() else {
        return Ok(see(&here, &Flash::bad(visit.l.t("paper.sign.nothing"))));
    };
    let signing = LinkSigning {
        hash: typed.get("hash").to_owned(),
        version: typed.get("version").parse().ok(),
        name: typed.get("signer").to_owned(),
        ink,
    };
    match app.sign_by_link(&token, opened(&headers), signing).await {
        Ok(()) | Err(AppError::NotLoggedIn) => Ok(Redirect::to(&here).into_response()),
        Err(AppError::Invalid(errors)) => match app.sign_link(&token, opened(&headers)).await {
            Ok(LinkStage::Sign(paper)) => paper_page(&visit, &token, &paper, Some((&typed, &errors))).await,
            _ => Ok(Redirect::to(&here).into_response()),
        },
        Err(error @ (AppError::NotFound | AppError::Forbidden)) => gone(&visit, error),
        Err(error) => visit.refused(&here, error),
    }
}

/// `GET /sign/{token}/paper.pdf`
pub(super) async fn paper(visit: Visit, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    file(&visit, &token, &headers, false).await
}

/// `GET /sign/{token}/sheet.pdf`
pub(super) async fn sheet(visit: Visit, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    file(&visit, &token, &headers, true).await
}

async fn file(visit: &Visit, token: &str, headers: &HeaderMap, sheet: bool) -> Result<Response, Fault> {
    let file = visit.state.app.sign_link_pdf(token, opened(headers), sheet).await?;
    Ok(pdf(&file.name, file.bytes))
}

fn opened(headers: &HeaderMap) -> &str {
    cookies::get(headers, OPENED).unwrap_or_default()
}

fn told(visit: &Visit, errors: &[FieldError], pointer: &str) -> String {
    let reference = visit.state.app.reference();
    let error = errors.iter().find(|error| error.pointer == pointer);
    error.map(|error| visit.say(&reference).field_error(error)).unwrap_or_default()
}

fn ask_code(visit: &Visit, token: &str, wrong: String) -> AskCode {
    AskCode { page: visit.page("paper.link.title"), l: visit.l, action: format!("/sign/{token}/code"), wrong }
}

/// A link that is not there, expired, used up, or whose maker may not sign here any more: all look the same from outside.
fn gone(visit: &Visit, error: AppError) -> Result<Response, Fault> {
    match error {
        AppError::NotFound | AppError::Forbidden => {
            let why = visit.l.t("paper.link.gone").into_owned();
            html_with(StatusCode::NOT_FOUND, &Gone { page: visit.page("paper.link.title"), l: visit.l, why })
        }
        error => Err(error.into()),
    }
}

async fn paper_page(
    visit: &Visit,
    token: &str,
    paper: &LinkPaper,
    typed: Option<(&Typed, &[FieldError])>,
) -> Result<Response, Fault> {
    let LinkPaper { by, open, document, form, refusal } = paper;
    let l = visit.l;
    if let Some(refusal) = refusal {
        let why = visit.say(&open.reference).about(&open.case).refusal(refusal);
        return html_with(StatusCode::CONFLICT, &Gone { page: visit.page("paper.link.title"), l, why });
    }
    let form = Form::read(form)?;
    let errors = typed.map(|(_, errors)| errors).unwrap_or_default();
    let page = SignByLink {
        page: visit.page("paper.sign.title").signing(),
        l,
        heading: heading(l, document, &form),
        meaning: l.t(&format!("paper.means.{}_client", key(document.kind))).into_owned(),
        then: then(l, open, document, &form, Side::Client),
        by: by.name.clone(),
        marks: marks((&visit.state.app, by, l), open, document, Some(Side::Client)).await?,
        proof: Proof::of(document, &form),
        action: format!("/sign/{token}"),
        pdf: format!("/sign/{token}/paper.pdf"),
        version: open.case.version,
        hash: document.hash.clone(),
        name: typed.map_or(open.party.contact_name.as_str(), |(typed, _)| typed.get("signer")).to_owned(),
        drawn: typed.map(|(typed, _)| typed.strokes().to_owned()).unwrap_or_default(),
        wrong_name: told(visit, errors, "/signer"),
        wrong_ink: told(visit, errors, "/file"),
        form,
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html_with(status, &page)
}

fn done(visit: &Visit, token: &str, signed: &LinkSigned) -> Done {
    let (l, document) = (visit.l, &signed.document);
    Done {
        page: visit.page("paper.link.title"),
        l,
        kind: l.t(&format!("paper.kind.{}", document.kind.name())).into_owned(),
        number: document.number.clone(),
        code: document.code.clone(),
        hash: document.hash.clone(),
        at: document.signature(Side::Client).map(|signature| form::exact(&signature.at)).unwrap_or_default(),
        until: l.time(signed.until, visit.state.app.now()),
        base: format!("/sign/{token}"),
        has_sheet: signed.has_sheet,
    }
}
