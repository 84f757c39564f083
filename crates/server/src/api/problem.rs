//! Problem details (RFC 9457).

use crate::auth::Caller;
use crate::fault::Fault;
use crate::middleware::retry_after;
use crate::say::Say;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, for programs by `code` and for people by `detail`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/<code>`: names the kind of problem; nothing needs to be there.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code: what programs go by.
    pub code: String,
    /// What is in the way and what to do next, in the reader's language.
    pub detail: String,
    /// The clause of the plan behind a rule, such as `S3.2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// What the detail names, as codes.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub params: std::collections::BTreeMap<String, String>,
    /// Fields that are not right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// A field that is not right.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where, as a JSON pointer into the request's body: `/applicant/uscc`.
    pub pointer: String,
    /// The code.
    pub code: String,
    /// What is wrong and how to mend it, in the reader's language.
    pub detail: String,
}

impl Problem {
    /// What is told of a fault.
    #[must_use]
    pub fn of(fault: &Fault, say: &Say<'_>) -> Self {
        let status = fault.status;
        let params = fault.refusal.as_ref().map_or_else(|| fault.params.clone(), |refusal| refusal.params.clone());
        Self {
            kind: format!("/problems/{}", fault.code),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: fault.code.to_string(),
            detail: fault.sentence(say),
            clause: fault.refusal.as_ref().and_then(domain::case::Refusal::clause).map(str::to_owned),
            params,
            errors: fault.errors.iter().map(|error| field(error, say)).collect(),
        }
    }
}

fn field(error: &app::FieldError, say: &Say<'_>) -> FieldProblem {
    FieldProblem { pointer: error.pointer.clone(), code: error.code.clone(), detail: say.field_error(error) }
}

/// The answer for a fault.
pub(crate) fn draw(caller: &Caller, fault: &Fault) -> Response {
    let reference = caller.state.app.reference();
    let problem = Problem::of(fault, &Say::new(caller.l, &reference));
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (fault.status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(caller.l.html()));
    if fault.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    retry_after(&mut response, fault);
    response
}
