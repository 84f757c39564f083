//! `POST /tokens`: a user name and a password for a bearer token.

use super::body::Sent;
use super::once::{Keyed, given, json_answer};
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
    caller.state.logins.attempt(&caller.address, app.now()).map_err(too_many)?;
    let new: NewToken = sent.json()?;
    let username = new.username.trim();
    let issue = async {
        let token = app.issue_token(username, &new.password).await?;
        let no_store = [("cache-control", "no-store".to_owned())];
        Ok(json_answer(StatusCode::CREATED, &no_store, &TokenJson::from(token)))
    };
    let Some(keyed) = Keyed::of(username, &sent)? else {
        return issue.await.map(given);
    };
    // Here the password is what the bearer's token is elsewhere: who has not shown it learns nothing of what was answered
    // before, and a wrong one counts as such.
    app.check_password(username, &new.password).await?;
    caller.state.recent.once(&keyed, app.now(), issue).await
}
