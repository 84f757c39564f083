//! `POST /tokens`: a user name and a password for a bearer token.

use super::body::Sent;
use super::once::{Keyed, again, given, json_answer};
use super::wire::{NewToken, TokenJson};
use crate::api::problem::Problem;
use crate::auth::Caller;
use crate::fault::Fault;
use crate::pages::account::too_many;
use axum::http::StatusCode;
use axum::response::Response;

/// Issues a token. At least 30 attempts a minute pass from one address.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "accounts", request_body = NewToken, security(()),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again")),
    responses(
        (status = 201, description = "A token", body = TokenJson),
        (status = 400, description = "Unreadable", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Wrong user name or password", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn issue(caller: Caller, sent: Sent) -> Result<Response, Fault> {
    let app = &caller.state.app;
    // Whoever repeats the body knows the password; the token is kept in memory only, and for a short time.
    let keyed = Keyed::of("", &sent)?;
    if let Some(first) = keyed.as_ref().and_then(|keyed| caller.state.recent.answer(keyed, app.now()).transpose()) {
        return first.map(again);
    }
    caller.state.logins.attempt(&caller.address, app.now()).map_err(too_many)?;
    let new: NewToken = sent.json()?;
    let token = app.issue_token(new.username.trim(), &new.password).await?;
    let answer = json_answer(StatusCode::CREATED, &[("cache-control", "no-store".to_owned())], &TokenJson::from(token));
    if let Some(keyed) = &keyed {
        caller.state.recent.keep(keyed, &answer, app.now());
    }
    Ok(given(answer))
}
