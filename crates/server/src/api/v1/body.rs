//! Bodies and headers as they come in: read whole, bounded, and what is wrong with them said by field and line.

use crate::auth::Caller;
use crate::fault::Fault;
use crate::middleware::MOST_TEXT;
use app::{FieldError, User};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::state::ServerState;

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

impl Sent {
    /// Understands the body as JSON of this shape.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        if !is_json {
            return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));
        }
        let mut reader = serde_json::Deserializer::from_slice(&self.bytes);
        let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| self.misread(&error))?;
        reader.end().map_err(|error| unreadable(&error))?;
        Ok(value)
    }

    /// 400 for what is no JSON, for a field that there is not and for a command that there is not; 422 with the place for a
    /// field that is missing or has the wrong form.
    fn misread(&self, error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
        let inner = error.inner();
        if !inner.is_data() {
            return unreadable(inner);
        }
        let message = inner.to_string();
        let quoted = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
        if let Some(name) = quoted("unknown field `") {
            let line = self.line_of(name).map(|line| line.to_string()).unwrap_or_default();
            return Fault::bad_request("unknown_field").with("name", name).with("line", line);
        }
        let at = pointer(error.path());
        if let Some(name) = quoted("missing field `") {
            return field(&format!("{at}/{name}"), "required");
        }
        if let Some(name) = quoted("unknown variant `") {
            let line = self.line_of(name).map(|line| line.to_string()).unwrap_or_default();
            let is_kind = at.is_empty() || at == "/type";
            return match is_kind {
                true => Fault::bad_request("unknown_value").with("name", name).with("line", line),
                false => field(&at, "unknown_value"),
            };
        }
        match at.is_empty() {
            true => unreadable(inner),
            false => field(&at, "invalid"),
        }
    }

    /// The line, counted from 1, on which a name or value first stands.
    fn line_of(&self, name: &str) -> Option<usize> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let at = text.find(&format!("\"{name}\""))?;
        Some(text[..at].matches('\n').count() + 1)
    }
}

fn field(pointer: &str, code: &str) -> Fault {
    app::AppError::from(FieldError::new(pointer, code)).into()
}

fn unreadable(error: &serde_json::Error) -> Fault {
    let fault = Fault::bad_request("unreadable");
    match error.line() {
        0 => fault,
        line => fault.with("line", line.to_string()).with("column", error.column().to_string()),
    }
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut text, segment| {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            Segment::Map { key } => text.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        text
    })
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

    #[test]
    fn a_missing_field_is_named_by_its_place() {
        let body = "{\"applicant\":{\"name\":\"甲\",\"contact\":{\"name\":\"乙\"}},\"channel\":\"phone\",\"delivery\":\"courier\"}";
        let fault = sent(body).json::<app::NewCase>().unwrap_err();
        assert_eq!(fault.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(fault.errors[0].pointer, "/applicant/contact/phone");
        assert_eq!(fault.errors[0].code, "required");
        let fault = sent("{\"channel\":\"pigeon\"}").json::<app::NewCase>().unwrap_err();
        assert_eq!((fault.errors[0].pointer.as_str(), fault.errors[0].code.as_str()), ("/channel", "unknown_value"));
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
