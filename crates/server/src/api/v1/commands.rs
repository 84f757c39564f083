//! `POST /cases/{id}/commands`.

use super::body::{ApiUser, IfMatch, Sent, etag, if_match};
use super::cases::unexpected;
use super::once::{answered, json_answer};
use super::wire::{EventJson, PerformedJson};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, App, AppError, Outcome, User};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::case::Command;
use domain::ids::CaseId;

/// Carries out a command. Signing, `start`, delivery, `archive`, `withdraw` and `terminate` need `If-Match`.
#[utoipa::path(post, path = "/api/v1/cases/{id}/commands", tag = "cases", request_body = super::schema::CommandBody,
    params(
        ("id" = String, Path, description = "The case"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen, such as \"7\""),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "What happened", body = PerformedJson, headers(("ETag" = String, description = "The version now"))),
        (status = 400, description = "Unreadable or unknown field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this person", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The same thing changed meanwhile, or the key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "Another version than the one that was seen", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A rule says no, or fields are not right", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "The version that was seen must be named", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn perform(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, performed, |once| {
        let command: Command = sent.json()?;
        let seen = if_match(&sent.headers)?;
        let app = &caller.state.app;
        let user = &user;
        let id = &id;
        Ok(async move {
            let expected = expected(app, user, id, &seen).await?;
            app.perform(user, id, command, expected, once).await.map(Outcome::Performed)
        })
    })
    .await
}

/// The version to hold the command to. `*` and a list of versions are answered by the version there is now.
async fn expected(app: &App, user: &User, id: &CaseId, seen: &IfMatch) -> Result<Option<u64>, AppError> {
    match seen {
        IfMatch::Absent => Ok(None),
        IfMatch::Versions(versions) if versions.len() == 1 => Ok(versions.first().copied()),
        IfMatch::Any => Ok(Some(app.open_case(user, id).await?.case.version)),
        IfMatch::Versions(versions) => {
            let current = app.open_case(user, id).await?.case.version;
            if versions.contains(&current) { Ok(Some(current)) } else { Err(AppError::Stale { current }) }
        }
    }
}

fn performed(outcome: &Outcome) -> Answer {
    let Outcome::Performed(performed) = outcome else {
        return unexpected();
    };
    let events = performed.events.iter().map(EventJson::from).collect();
    let body = PerformedJson { version: performed.version, events };
    json_answer(StatusCode::OK, &[("etag", etag(performed.version))], &body)
}
