//! A form is taken only from our own pages: it brings back the token that its page carried (`csrf`, or `X-CSRF-Token`).

use super::{MOST_FILES, MOST_TEXT};
use crate::auth::Visit;
use crate::fault::Fault;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The middleware. Requests without a visit (API, assets) carry no cookies that count and pass.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let visit = request.extensions().get::<Visit>().filter(|_| !is_safe).cloned();
    let Some(visit) = visit else {
        return next.run(request).await;
    };
    match examined(&visit, request).await {
        Ok(request) => next.run(request).await,
        Err(fault) => fault.into_response(),
    }
}

async fn examined(visit: &Visit, request: Request) -> Result<Request, Fault> {
    let (parts, body) = request.into_parts();
    let is_foreign = parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if is_foreign || visit.fresh_token {
        return Err(forged());
    }
    let kind = content_type(&parts.headers);
    let most = if kind.starts_with("multipart/form-data") { MOST_FILES } else { MOST_TEXT };
    let bytes = to_bytes(body, most).await.map_err(|_| Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large"))?;
    // The character NUL: no key types it, and no database column holds it.
    if !kind.starts_with("multipart/form-data") && bytes.windows(3).any(|part| part == b"%00") {
        return Err(Fault::bad_request("unreadable"));
    }
    let in_header = parts.headers.get("x-csrf-token").and_then(|token| token.to_str().ok()).map(str::to_owned);
    let token = match in_header {
        Some(token) => Some(token),
        None if kind.starts_with("multipart/form-data") => in_parts(&parts.headers, &bytes).await,
        None => in_form(&bytes),
    };
    if token.as_deref() != Some(visit.csrf.as_str()) {
        return Err(forged());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn forged() -> Fault {
    Fault::new(StatusCode::FORBIDDEN, "form_expired")
}

fn content_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.unwrap_or_default().to_ascii_lowercase()
}

/// Tokens are letters, digits, `-` and `_`, so nothing has to be decoded.
fn in_form(bytes: &Bytes) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.split('&').find_map(|pair| pair.strip_prefix("csrf=")).map(str::to_owned)
}

async fn in_parts(headers: &HeaderMap, bytes: &Bytes) -> Option<String> {
    let mut copy = Request::new(Body::from(bytes.clone()));
    copy.headers_mut().clone_from(headers);
    // The bytes are bounded already; the extractor's own bound of 2 MB would lose the token of every larger form.
    DefaultBodyLimit::disable().apply(&mut copy);
    let mut parts = Multipart::from_request(copy, &()).await.ok()?;
    while let Ok(Some(field)) = parts.next_field().await {
        if field.name() == Some("csrf") {
            return field.text().await.ok();
        }
    }
    None
}
