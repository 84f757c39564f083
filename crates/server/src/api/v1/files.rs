//! `POST /files`.

use super::body::{ApiUser, too_large};
use super::cases::unexpected;
use super::once::{Keyed, answered_by_key, json_answer};
use super::wire::FileJson;
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{Answer, Outcome};
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::Response;

/// Takes a file in: typed by its content, bounded, kept by its hash. It belongs to the uploader until a command uses it.
#[utoipa::path(post, path = "/api/v1/files", tag = "files",
    request_body(content = super::schema::UploadBody, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and file get the first answer again")),
    responses(
        (status = 201, description = "The file", body = FileJson),
        (status = 400, description = "Unreadable", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another file", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not a form, or the content is not what it says", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No file, or an empty one", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn upload(ApiUser { user, caller }: ApiUser, request: Request) -> Result<Response, Fault> {
    let app = &caller.state.app;
    let headers = request.headers().clone();
    let form = Multipart::from_request(request, &()).await;
    let form = form.map_err(|_| Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"))?;
    let (name, bytes) = the_file(form).await?;
    // The same file in a form with another boundary is the same request.
    let keyed =
        Keyed::over(&headers, user.actor.username.as_str(), &[b"POST", b"/api/v1/files", name.as_bytes(), &bytes])?;
    let user = &user;
    answered_by_key(keyed.as_ref(), &caller.state, taken_in, |once| {
        Ok(async move { app.upload_once(user, &name, bytes, once).await.map(Outcome::Uploaded) })
    })
    .await
}

fn taken_in(outcome: &Outcome) -> Answer {
    let Outcome::Uploaded(file) = outcome else {
        return unexpected();
    };
    let body = FileJson {
        id: file.id.to_string(),
        hash: file.hash.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
    };
    json_answer(StatusCode::CREATED, &[], &body)
}

/// The part named `file`, whole.
async fn the_file(mut form: Multipart) -> Result<(String, Vec<u8>), Fault> {
    while let Some(part) = form.next_field().await.map_err(|error| broken(&error))? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or("file").to_owned();
            let bytes = part.bytes().await.map_err(|error| broken(&error))?;
            return Ok((name, bytes.to_vec()));
        }
    }
    Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "file_needed"))
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { Fault::bad_request("unreadable") }
}
