//! `POST /consultations`.

use super::body::{ApiUser, Sent};
use super::cases::unexpected;
use super::once::{answered, json_answer};
use super::wire::CreatedId;
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, NewConsultation, Outcome};
use axum::http::StatusCode;
use axum::response::Response;

/// Writes down a consultation; whoever does is responsible for it.
#[utoipa::path(post, path = "/api/v1/consultations", tag = "reception", request_body = super::schema::NewConsultationBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again")),
    responses(
        (status = 201, description = "The consultation", body = CreatedId),
        (status = 400, description = "Unreadable or unknown field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields are not right", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn register(ApiUser { user, caller }: ApiUser, sent: Sent) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, registered, |once| {
        let new: NewConsultation = sent.json()?;
        let app = &caller.state.app;
        let user = &user;
        Ok(async move { app.register_consultation(user, new, once).await.map(Outcome::Consultation) })
    })
    .await
}

fn registered(outcome: &Outcome) -> Answer {
    let Outcome::Consultation(id) = outcome else {
        return unexpected();
    };
    json_answer(StatusCode::CREATED, &[], &CreatedId { id: id.to_string() })
}
