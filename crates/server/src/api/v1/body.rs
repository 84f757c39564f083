//! Bodies and headers as they come in: read whole, bounded, and what is wrong with them said by field and line.

use super::misread::{self, Strict, TWICE};
use super::{schema, wire};
use crate::auth::Caller;
use crate::fault::Fault;
use crate::middleware::MOST_TEXT;
use crate::state::ServerState;
use app::User;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::PartialSchema;

/// The bearer of a token, who is known to be there: the route is guarded by [`crate::Access::Token`].
pub(super) struct ApiUser {
    pub(super) user: User,
    pub(super) caller: Caller,
}

impl FromRequestParts<ServerState> for ApiUser {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Fault> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let user = caller.user.clone().ok_or_else(Fault::unauthorized)?;
        Ok(Self { user, caller })
    }
}

/// A body as it was sent, with the headers that say how to take it. It is read before it is understood, so that a repeated
/// request is recognised first.
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
}

impl FromRequest<ServerState> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &ServerState) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, MOST_TEXT).await.map_err(|_| too_large())?;
        Ok(Self { method: parts.method.to_string(), path: parts.uri.path().to_owned(), headers: parts.headers, bytes })
    }
}

pub(super) fn too_large() -> Fault {
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
}

/// A body with its description, by which what is wrong in it is found.
pub(super) trait Shape: DeserializeOwned {
    /// The JSON schema.
    fn shape() -> Value;
}

/// Names the description of each body.
macro_rules! shapes {
    ($($body:ty => $description:ty;)+) => {$(
        impl Shape for $body {
            fn shape() -> Value {
                serde_json::to_value(<$description>::schema()).unwrap_or_default()
            }
        }
    )+};
}

shapes! {
    domain::case::Command => schema::CommandBody;
    app::NewCase => schema::NewCaseBody;
    app::NewConsultation => schema::NewConsultationBody;
    app::NewAbsence => schema::NewAbsenceBody;
    app::NewChase => schema::NewChaseBody;
    app::NewLead => schema::NewLeadBody;
    app::AssignLead => schema::AssignLeadBody;
    app::CloseLead => schema::ReasonBody;
    domain::lead::Visit => schema::VisitBody;
    app::NewMeeting => schema::NewMeetingBody;
    app::ReferCase => schema::ReferCaseBody;
    app::DecisionDone => schema::DecisionDoneBody;
    app::CancelMeeting => schema::ReasonBody;
    domain::meeting::Minutes => schema::MinutesBody;
    wire::NewToken => wire::NewToken;
}

impl Sent {
    /// Understands the body as JSON of this shape: 400 for what is no JSON, for a field that there is not and for a command
    /// that there is not; 422 with every place for fields that are missing or have the wrong form.
    pub(super) fn json<T: Shape>(&self) -> Result<T, Fault> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        if !is_json {
            return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));
        }
        // Some programs put a byte order mark before their JSON; RFC 8259 lets a reader pass over it.
        let text = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        let Strict(value) = serde_json::from_slice(text).map_err(|error| unreadable(&error))?;
        let mut hidden = Vec::new();
        misread::nul(&value, "", &mut hidden);
        if !hidden.is_empty() {
            return Err(misread::fault(text, &value, hidden));
        }
        T::deserialize(&value).map_err(|error| {
            let found = misread::faults(&T::shape(), &value);
            if found.is_empty() {
                tracing::warn!(%error, "a body that is as described was not read");
                return unreadable(&error);
            }
            misread::fault(text, &value, found)
        })
    }
}

fn unreadable(error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    let twice = message.strip_prefix(TWICE).and_then(|rest| rest.rsplit_once(" at line "));
    let fault = match twice {
        Some((name, _)) => Fault::bad_request("twice").with("name", name),
        None => Fault::bad_request("unreadable"),
    };
    match error.line() {
        0 => fault,
        line => fault.with("line", line.to_string()).with("column", error.column().to_string()),
    }
}

/// What `If-Match` demands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum IfMatch {
    /// Nothing was said.
    Absent,
    /// Whatever version there is.
    Any,
    /// One of these versions.
    Versions(Vec<u64>),
}

/// Reads `If-Match`: `"7"`, `W/"7"`, a list of them, or `*`.
pub(super) fn if_match(headers: &HeaderMap) -> Result<IfMatch, Fault> {
    let mut versions = Vec::new();
    let mut is_there = false;
    for line in headers.get_all(header::IF_MATCH) {
        is_there = true;
        let line = line.to_str().map_err(|_| Fault::bad_request("version_invalid"))?;
        if line.trim() == "*" {
            return Ok(IfMatch::Any);
        }
        for tag in line.split(',') {
            versions.push(version(tag).ok_or_else(|| Fault::bad_request("version_invalid"))?);
        }
    }
    Ok(if is_there { IfMatch::Versions(versions) } else { IfMatch::Absent })
}

fn version(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The entity tag of a version.
pub(super) fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use domain::case::Command;

    fn sent(body: &'static str) -> Sent {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        Sent { method: "POST".to_owned(), path: "/x".to_owned(), headers, bytes: Bytes::from_static(body.as_bytes()) }
    }

    #[test]
    fn what_is_wrong_is_said_by_name_and_line() {
        let fault = sent("{\"type\":\"accept\",\n \"nonsense\":1}").json::<Command>().unwrap_err();
        assert_eq!((fault.status, fault.code.as_ref()), (StatusCode::BAD_REQUEST, "unknown_field"));
        assert_eq!((fault.params["name"].as_str(), fault.params["line"].as_str()), ("nonsense", "2"));

        let fault = sent("{\"type\":\"accept\",").json::<Command>().unwrap_err();
        assert_eq!((fault.status, fault.code.as_ref()), (StatusCode::BAD_REQUEST, "unreadable"));
        assert_eq!(fault.params["line"], "1");

        let fault = sent("{\"type\":\"fly\"}").json::<Command>().unwrap_err();
        assert_eq!((fault.status, fault.code.as_ref()), (StatusCode::BAD_REQUEST, "unknown_value"));

        let fault = sent("{\"type\":\"accept\"} x").json::<Command>().unwrap_err();
        assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    }

    fn places(fault: &Fault) -> Vec<(&str, &str)> {
        fault.errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect()
    }

    #[test]
    fn fields_that_are_not_right_are_named_all_at_once_by_their_places() {
        let body =
            "{\"applicant\":{\"name\":\"甲\",\"contact\":{\"name\":\"乙\"}},\"channel\":\"pigeon\",\"delivery\":null}";
        let fault = sent(body).json::<app::NewCase>().unwrap_err();
        assert_eq!(fault.status, StatusCode::UNPROCESSABLE_ENTITY);
        let found =
            [("/applicant/contact/phone", "required"), ("/channel", "unknown_value"), ("/delivery", "required")];
        assert_eq!(places(&fault), found);
        let body = r#"{"type":"receive_materials","items":[
            {"material":"M1","form":"original","pages":1,"copies":1,"return":true},
            {"material":7,"form":"gold","pages":-1,"copies":1.5},
            {"material":"M1","form":"original","pages":1e30,"copies":"2","return":1}]}"#;
        let fault = sent(body).json::<Command>().unwrap_err();
        let found = [
            ("/items/1/copies", "not_whole"),
            ("/items/1/form", "unknown_value"),
            ("/items/1/material", "not_text"),
            ("/items/1/pages", "out_of_range"),
            ("/items/1/return", "required"),
            ("/items/2/copies", "not_number"),
            ("/items/2/pages", "not_whole"),
            ("/items/2/return", "not_bool"),
        ];
        assert_eq!(places(&fault), found);
        let fault = sent(r#"{"type":"move_material","item":"I1","to":{"moon":"x"}}"#).json::<Command>().unwrap_err();
        assert_eq!(places(&fault), [("/to", "unknown_value")]);
        let fault = sent(r#"{"type":"accept","a/b~c":1}"#).json::<Command>().unwrap_err();
        assert_eq!((fault.status.as_u16(), places(&fault)), (400, vec![("/a~1b~0c", "unknown_field")]));
    }

    #[test]
    fn what_could_be_meant_in_two_ways_is_not_read() {
        let fault = sent("{\"type\":\"accept\",\n\"type\":\"start\"}").json::<Command>().unwrap_err();
        assert_eq!((fault.status.as_u16(), fault.code.as_ref()), (400, "twice"));
        assert_eq!((fault.params["name"].as_str(), fault.params["line"].as_str()), ("type", "2"));
        let fault = sent(r#"{"type":"assign_agent","person":"a\u0000"}"#).json::<Command>().unwrap_err();
        assert_eq!((fault.status.as_u16(), places(&fault)), (422, vec![("/person", "character")]));
        assert!(sent("\u{feff}{\"type\":\"accept\"}").json::<Command>().is_ok(), "a byte order mark says nothing");
        for body in ["[]", "5", "null", "\"accept\""] {
            assert_eq!(sent(body).json::<Command>().unwrap_err().code, "unreadable", "{body}");
        }
        assert_eq!(places(&sent("{}").json::<Command>().unwrap_err()), [("/type", "required")]);
        assert_eq!(sent("{\"type\":5}").json::<Command>().unwrap_err().code, "unknown_value");
    }

    #[test]
    fn only_json_is_read_as_json() {
        let mut body = sent("{}");
        body.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert_eq!(body.json::<Command>().unwrap_err().status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }

    #[test]
    fn versions_are_read_as_browsers_and_programs_write_them() {
        let read = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_static(value));
            if_match(&headers)
        };
        assert_eq!(if_match(&HeaderMap::new()).unwrap(), IfMatch::Absent);
        assert_eq!(read("\"7\"").unwrap(), IfMatch::Versions(vec![7]));
        assert_eq!(read("W/\"7\", \"8\"").unwrap(), IfMatch::Versions(vec![7, 8]));
        assert_eq!(read("*").unwrap(), IfMatch::Any);
        assert_eq!(read("7").unwrap_err().status, StatusCode::BAD_REQUEST);
    }
}
