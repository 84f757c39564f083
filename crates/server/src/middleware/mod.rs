//! What every request goes through, outermost last.

mod csrf;
mod faults;
pub(crate) use faults::retry_after;
pub mod metrics;
pub mod operations;

use crate::fault::Fault;
use crate::state::ServerState;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// Largest body of a form or of JSON, in bytes.
pub const MOST_TEXT: usize = 1024 * 1024;
/// Largest body with files, in bytes; a single file is bounded by `files`.
pub const MOST_FILES: usize = 25 * 1024 * 1024;
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Scripts, styles and pictures only from here; nobody frames us; forms go nowhere else.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; \
                      frame-ancestors 'none'; form-action 'self'";

/// Puts the layers around the routes.
pub(crate) fn wrap(router: Router<ServerState>, state: ServerState) -> Router<ServerState> {
    let id = HeaderName::from_static("x-request-id");
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    // Papers and packages are packed already.
    let packable = DefaultPredicate::new()
        .and(NotForContentType::new("application/pdf"))
        .and(NotForContentType::new("application/zip"));
    router
        .layer(from_fn(csrf::check))
        .layer(DefaultBodyLimit::max(MOST_FILES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state, faults::know_the_visitor))
        .layer(from_fn(metrics::count))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(CompressionLayer::new().compress_when(packable))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(id, FreshId))
}

#[derive(Clone, Copy)]
struct FreshId;

impl MakeRequestId for FreshId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&crate::chance::fresh_key()).ok().map(RequestId::new)
    }
}

/// The path without its query, since searches may carry names, and without the secret of a link for signing.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let path = if path.starts_with("/sign/") { "/sign/…" } else { path };
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path, id)
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic");
    Fault::internal(&what).into_response()
}
