//! Documents of a case, and its sealed package.

use super::body::ApiUser;
use super::case_view::{DocumentJson, documents};
use super::cases::{pairs, wrong_query};
use super::wire::List;
use crate::api::problem::Problem;
use crate::fault::Fault;
use crate::page::{download, pdf as pdf_response};
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::case::{Case, Document, DocumentKind};
use domain::ids::{CaseId, DocumentId};

/// The documents of a case, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents", tag = "documents",
    params(("id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The documents", body = List<DocumentJson>),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
) -> Result<Json<List<DocumentJson>>, Fault> {
    let open = caller.state.app.open_case(&user, &id).await?;
    Ok(Json(List::whole(documents(&open.case))))
}

/// A document's PDF, exactly as it was offered: by its id, or the newest of a kind.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents/{name}", tag = "documents",
    params(
        ("id" = String, Path, description = "The case"),
        ("name" = String, Path, description = "`D1.pdf`, or the newest of a kind: `agreement.pdf`, `delivery-notice.pdf`, `one-time-notice.pdf`, `handover-list.pdf`"),
    ),
    responses(
        (status = 200, description = "The PDF", body = Vec<u8>, content_type = "application/pdf"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn pdf(
    ApiUser { user, caller }: ApiUser,
    Path((id, name)): Path<(CaseId, String)>,
) -> Result<Response, Fault> {
    let app = &caller.state.app;
    let open = app.open_case(&user, &id).await?;
    let document = named(&open.case, &name).ok_or_else(Fault::not_found)?;
    let bytes = app.document_pdf(&user, &id, &document.id).await?;
    let mut response = pdf_response(&format!("{}.pdf", document.number), bytes);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", document.hash)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

fn named<'a>(case: &'a Case, name: &str) -> Option<&'a Document> {
    let stem = name.strip_suffix(".pdf")?;
    match DocumentKind::parse(stem) {
        Some(kind) => case.newest(kind),
        None => case.document(&DocumentId::from(stem)),
    }
}

/// The sealed package of an archived case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/archive.zip", tag = "documents",
    params(
        ("id" = String, Path, description = "The case"),
        ("volume" = Option<u32>, Query, description = "The volume, from 1; 1 if left out"),
    ),
    responses(
        (status = 200, description = "The package", body = Vec<u8>, content_type = "application/zip"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn archive(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let mut volume = 1;
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "volume" => volume = value.parse().map_err(|_| wrong_query("volume"))?,
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let (name, bytes) = caller.state.app.archive_zip(&user, &id, volume).await?;
    Ok(download(&name, "application/zip", bytes))
}
