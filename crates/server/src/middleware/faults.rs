//! Reads who is there before the handler, and after it draws what went wrong in that reader's language.

use super::MOST_FILES;
use crate::api::problem;
use crate::auth::{Caller, Visit, cookies};
use crate::fault::Fault;
use crate::page::{FLASH, html_with};
use crate::pages::error::ErrorPage;
use crate::state::ServerState;
use app::AppError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// So much of a body that is too large is let run out, and for so long.
const MOST_DRAINED: usize = 4 * MOST_FILES;
const DRAINED_FOR: Duration = Duration::from_secs(30);

/// The middleware.
pub(crate) async fn know_the_visitor(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        call(&state, request, next).await
    } else if path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz" | "/metrics") {
        next.run(request).await
    } else {
        visit(&state, request, next).await
    }
}

async fn call(state: &ServerState, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::read(state, &parts).await {
        Ok(caller) => caller,
        Err(error) => return problem::draw(&Caller::nobody(state, &parts), &error.into()),
    };
    parts.extensions.insert(caller.clone());
    let mut response = run(Request::from_parts(parts, body), next).await;
    let kept = std::mem::take(response.headers_mut());
    match fault_of(&response, &kept) {
        Some(fault) => with_headers(problem::draw(&caller, &fault), kept),
        None => {
            *response.headers_mut() = kept;
            response
        }
    }
}

async fn visit(state: &ServerState, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::read(state, &parts).await {
        Ok(visit) => visit,
        Err(error) => return unreachable_now(error),
    };
    parts.extensions.insert(visit.clone());
    let mut response = run(Request::from_parts(parts, body), next).await;
    let kept = std::mem::take(response.headers_mut());
    let mut response = match fault_of(&response, &kept) {
        Some(fault) => with_headers(draw(&visit, &fault), kept),
        None => {
            *response.headers_mut() = kept;
            response
        }
    };
    if is_page(response.headers()) {
        if visit.fresh_token {
            cookies::set(response.headers_mut(), cookies::FORM, &visit.csrf, None, visit.secure);
        }
        if visit.flash.is_some() {
            cookies::clear(response.headers_mut(), FLASH);
        }
    }
    response
}

/// Hands a request on, unless its envelope alone says that no handler can take it.
async fn run(request: Request, next: Next) -> Response {
    let Some(fault) = unfit(&request) else {
        return next.run(request).await;
    };
    // Who asked first hears at once. A browser hears only after it has spoken, so what it sends runs out, unread and bounded.
    if fault.status == StatusCode::PAYLOAD_TOO_LARGE && !request.headers().contains_key(header::EXPECT) {
        let _ = tokio::time::timeout(DRAINED_FOR, drained(request.into_body())).await;
    }
    fault.into_response()
}

async fn drained(mut body: Body) {
    let mut left = MOST_DRAINED;
    while let Some(Ok(frame)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            break;
        }
    }
}

/// What no handler takes: a body larger than any may be, a packed one, which could unfold to any size, and the character NUL,
/// which no database column holds.
fn unfit(request: &Request) -> Option<Fault> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > MOST_FILES) {
        return Some(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    }
    let is_packed = |coding: &HeaderValue| !coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if request.headers().get_all(header::CONTENT_ENCODING).iter().any(is_packed) {
        return Some(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding_not_taken"));
    }
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    address.contains("%00").then(|| Fault::bad_request("unreadable"))
}

/// Draws the error page.
fn draw(visit: &Visit, fault: &Fault) -> Response {
    let page = ErrorPage::of(visit, fault);
    let mut response = match html_with(fault.status, &page) {
        Ok(response) => response,
        Err(_) => fault.status.into_response(),
    };
    retry_after(&mut response, fault);
    response
}

/// `Retry-After`, where waiting helps.
pub(crate) fn retry_after(response: &mut Response, fault: &Fault) {
    if let Some(value) = fault.retry_after.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

/// The fault that a handler answered, or that a layer or an extractor means by its bare status.
fn fault_of(response: &Response, headers: &HeaderMap) -> Option<Fault> {
    if let Some(fault) = response.extensions().get::<Arc<Fault>>() {
        return Some(Fault::clone(fault));
    }
    let status = response.status();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_bare = kind.is_empty() || kind.starts_with("text/plain");
    let is_fault = status.is_client_error() || status.is_server_error();
    // An extractor says 422 of a form whose fields have the wrong form; the rules have not been asked yet.
    let status = if status == StatusCode::UNPROCESSABLE_ENTITY { StatusCode::BAD_REQUEST } else { status };
    (is_fault && is_bare).then(|| Fault::new(status, code_of(status)))
}

fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "unreadable",
        StatusCode::UNAUTHORIZED => "unauthorized",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        _ => "internal",
    }
}

/// Keeps what the first answer carried besides its body: cookies, `Allow`.
fn with_headers(mut response: Response, kept: HeaderMap) -> Response {
    for name in [header::ALLOW, header::SET_COOKIE] {
        for value in kept.get_all(&name) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// Without the database not even the reader's language is known.
fn unreachable_now(error: AppError) -> Response {
    let fault = Fault::from(error);
    let text = "系统暂时连不上数据库，请过一会儿再试。\nThe database cannot be reached at the moment. Please try again shortly.\n";
    let mut response = (fault.status, text).into_response();
    retry_after(&mut response, &fault);
    response
}
