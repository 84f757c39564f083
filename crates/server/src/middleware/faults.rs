//! Reads who is there before the handler, and after it draws what went wrong in that reader's language.

use crate::api::problem;
use crate::auth::{Caller, Visit, cookies};
use crate::fault::Fault;
use crate::page::{FLASH, html_with};
use crate::pages::error::ErrorPage;
use crate::state::ServerState;
use app::AppError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

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
        Err(error) => return unreachable_now(error),
    };
    parts.extensions.insert(caller.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
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
    let mut response = next.run(Request::from_parts(parts, body)).await;
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
    (is_fault && is_bare).then(|| Fault::new(status, code_of(status)))
}

fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "unreadable",
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
