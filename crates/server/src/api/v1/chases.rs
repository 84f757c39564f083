//! `/cases/{id}/chase` and `/cases/{id}/warnings`: whoever waits tells whoever holds a matter (S5.3); what went out (S8.2).

use super::body::{ApiUser, Sent};
use super::cases::unexpected;
use super::once::{answered, json_answer};
use super::wire::List;
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, NewChase, Outcome};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CaseId, Username};
use serde::Serialize;
use utoipa::ToSchema;

/// A chase that was written down.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChasedJson {
    id: String,
    /// The code of the matter.
    matter: String,
    /// Who is chased.
    to: Vec<String>,
    /// When it leaves: at once, or when the hall opens.
    leaves_at: DateTime<Utc>,
}

/// A warning or a chase that went out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WarningJson {
    at: DateTime<Utc>,
    /// The code of the matter.
    matter: String,
    /// `nearly_overdue`, `overdue`, `unclaimed`, `special_procedure_over`, `correction_over`, `outside_unchecked`, `chased`.
    cause: String,
    /// The day that counts.
    due_on: NaiveDate,
    /// Who was told.
    to: Vec<String>,
    /// Who chased.
    #[schema(required)]
    sender: Option<String>,
    /// What was said with a chase.
    #[schema(required)]
    text: Option<String>,
}

impl From<&app::WarningView> for WarningJson {
    fn from(warning: &app::WarningView) -> Self {
        Self {
            at: warning.at,
            matter: warning.matter.to_string(),
            cause: warning.cause.clone(),
            due_on: warning.due,
            to: names(&warning.to),
            sender: warning.sender.as_ref().map(Username::to_string),
            text: warning.words.clone(),
        }
    }
}

fn names(people: &[Username]) -> Vec<String> {
    people.iter().map(Username::to_string).collect()
}

/// Chases whoever holds a matter that one waits for: once per matter and person on a working day. It leaves in office hours.
#[utoipa::path(post, path = "/api/v1/cases/{id}/chase", tag = "cases", request_body = super::schema::NewChaseBody,
    params(
        ("id" = String, Path, description = "The case"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 201, description = "Who is chased, and when it leaves", body = ChasedJson),
        (status = 400, description = "Unreadable or unknown field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this person", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Nobody is waited for, or it was chased today already", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn chase(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, chased, |once| {
        let new: NewChase = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.chase(user, id, new, once).await.map(Outcome::Chased) })
    })
    .await
}

fn chased(outcome: &Outcome) -> Answer {
    let Outcome::Chased(chased) = outcome else {
        return unexpected();
    };
    let body = ChasedJson {
        id: chased.id.clone(),
        matter: chased.matter.to_string(),
        to: names(&chased.to),
        leaves_at: chased.leaves_at,
    };
    json_answer(StatusCode::CREATED, &[], &body)
}

/// Warnings and chases that went out in a case, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/warnings", tag = "cases",
    params(("id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "What went out", body = List<WarningJson>),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
) -> Result<Json<List<WarningJson>>, Fault> {
    let warnings = caller.state.app.warnings_of(&user, &id).await?;
    Ok(Json(List::whole(warnings.iter().map(WarningJson::from).collect())))
}
