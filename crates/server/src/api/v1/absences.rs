//! `/people/{username}/absences`: who is away, and who is back (S5.3).

use super::body::{ApiUser, Sent};
use super::cases::unexpected;
use super::once::{answered, json_answer};
use super::wire::{AbsenceJson, RecordedAbsenceJson};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, NewAbsence, Outcome};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::Username;

/// Records that a member of staff is away. From the first day on the stand-ins of its cases act in its name; the cases that
/// have none are named in the answer.
#[utoipa::path(post, path = "/api/v1/people/{username}/absences", tag = "people",
    request_body = super::schema::NewAbsenceBody,
    params(
        ("username" = String, Path, description = "Who is away"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 201, description = "The absence", body = RecordedAbsenceJson),
        (status = 400, description = "Unreadable or unknown field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Neither the person nor its head nor the administrator", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such member of staff", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The days are not right", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn record(
    ApiUser { user, caller }: ApiUser,
    Path(person): Path<Username>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, recorded, |once| {
        let new: NewAbsence = sent.json()?;
        let (app, user, person) = (&caller.state.app, &user, &person);
        Ok(async move { app.record_absence(user, person, new, once).await.map(Outcome::Absence) })
    })
    .await
}

fn recorded(outcome: &Outcome) -> Answer {
    let Outcome::Absence(recorded) = outcome else {
        return unexpected();
    };
    let absence = &recorded.absence;
    let body = RecordedAbsenceJson {
        id: absence.id.clone(),
        person: absence.person.to_string(),
        from: absence.from,
        to: absence.to,
        reason: absence.reason.name().to_owned(),
        cases_without_stand_in: recorded.cases_without_stand_in.iter().map(|case| case.number.clone()).collect(),
    };
    json_answer(StatusCode::CREATED, &[], &body)
}

/// Records that the person is back today, or that an absence to come is called off. The absence stays on record: a stand-in
/// may have acted in it.
#[utoipa::path(delete, path = "/api/v1/people/{username}/absences/{id}", tag = "people",
    params(
        ("username" = String, Path, description = "Who was away"),
        ("id" = String, Path, description = "The absence"),
    ),
    responses(
        (status = 200, description = "The absence as it ended; also if it had ended before", body = AbsenceJson),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Neither the person nor its head nor the administrator", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such absence of this person", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its last day is past", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn end(
    ApiUser { user, caller }: ApiUser,
    Path((person, id)): Path<(Username, String)>,
) -> Result<Json<AbsenceJson>, Fault> {
    let absence = caller.state.app.end_absence(&user, &person, &id).await?;
    Ok(Json(AbsenceJson::of(&absence, true)))
}
