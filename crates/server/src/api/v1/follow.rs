//! What leads and meetings have in common: lists that are asked for in words, commands that answer an id, histories.

use super::cases::{unexpected, wrong_query};
use super::once::json_answer;
use super::wire::CreatedId;
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, LineView, Outcome};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

const MOST: u32 = 100;
/// So many rows has a page when nothing is said.
pub(super) const USUAL: u32 = 20;

/// How a command on a lead or a meeting can be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) enum Refusals {
    /// Unreadable or unknown field
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// No token
    #[response(status = 401, content_type = "application/problem+json")]
    NoToken(Problem),
    /// Not for this person
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Not there, or not to be known of
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The key was used for another request
    #[response(status = 409, content_type = "application/problem+json")]
    KeyUsed(Problem),
    /// Fields are not right, or it stands where this cannot be done
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(Problem),
}

/// How a list that is paged by lines skipped can be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) enum QueryRefusals {
    /// A field that is not known or not right
    #[response(status = 400, content_type = "application/problem+json")]
    WrongQuery(Problem),
    /// No token
    #[response(status = 401, content_type = "application/problem+json")]
    NoToken(Problem),
    /// Not for this role
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
}

/// How a list can be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) enum ListRefusals {
    /// A filter that is not known or not right
    #[response(status = 400, content_type = "application/problem+json")]
    WrongQuery(Problem),
    /// No token
    #[response(status = 401, content_type = "application/problem+json")]
    NoToken(Problem),
    /// Not for this role
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// A cursor of another list
    #[response(status = 422, content_type = "application/problem+json")]
    OtherList(Problem),
}

/// A line of a history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryLine {
    pub(super) at: DateTime<Utc>,
    pub(super) actor: String,
    /// What happened: `type` and what belongs to it.
    #[schema(value_type = Object)]
    pub(super) line: serde_json::Value,
}

impl HistoryLine {
    pub(super) fn of<T: Serialize>(line: &LineView<T>) -> Self {
        Self { at: line.at, actor: line.actor.to_string(), line: serde_json::to_value(&line.line).unwrap_or_default() }
    }
}

/// Reads `true` or `false` of a query.
pub(super) fn flag(name: &str, value: &str) -> Result<bool, Fault> {
    value.parse().map_err(|_| wrong_query(name))
}

/// Reads the length of a page.
pub(super) fn limit_of(value: &str) -> Result<u32, Fault> {
    match value.parse() {
        Ok(0) | Err(_) => Err(wrong_query("limit")),
        Ok(limit) => Ok(u32::min(limit, MOST)),
    }
}

/// The answer of a command that made something.
pub(super) fn made(outcome: &Outcome) -> Answer {
    told(outcome, StatusCode::CREATED)
}

/// The answer of a command that changed something.
pub(super) fn changed(outcome: &Outcome) -> Answer {
    told(outcome, StatusCode::OK)
}

fn told(outcome: &Outcome, status: StatusCode) -> Answer {
    let id = match outcome {
        Outcome::Lead(id) => id.to_string(),
        Outcome::Meeting(id) => id.to_string(),
        _ => return unexpected(),
    };
    json_answer(status, &[], &CreatedId { id })
}
