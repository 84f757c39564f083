//! What operators and their tools ask: is it alive, is it ready, how is it doing.

use crate::routes::{Access, Area, Route};
use crate::state::ServerState;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(Area::Operations, Access::Open, "/healthz", healthz),
        Route::get(Area::Operations, Access::Open, "/readyz", readyz),
        Route::get(Area::Operations, Access::Open, "/metrics", metrics),
    ]
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers, and what was promised at the start, such as the demo, is there.
async fn readyz(State(state): State<ServerState>) -> Response {
    if state.app.ready().await {
        "ready\n".into_response()
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the database does not answer, or the demo is still being loaded\n",
        )
            .into_response()
    }
}

async fn metrics(State(state): State<ServerState>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response()
}
