//! `Idempotency-Key`: the same key and request get the first answer again, before anything else is looked at. What was refused
//! is decided anew: see [`app::App::once`].

use super::body::Sent;
use crate::fault::Fault;
use crate::state::ServerState;
use app::{Answer, Answered, AppError, Once, Outcome, User};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;

/// A request that names a key.
#[derive(Clone)]
pub(super) struct Keyed {
    key: String,
    who: String,
    pub(super) body_hash: String,
}

impl Keyed {
    /// The key of a request, if it names one. The hash covers method and path as well: a key belongs to one request.
    pub(super) fn of(who: &str, sent: &Sent) -> Result<Option<Self>, Fault> {
        Self::over(&sent.headers, who, &[sent.method.as_bytes(), sent.path.as_bytes(), &sent.bytes])
    }

    /// The key of a request whose body is these parts.
    pub(super) fn over(headers: &HeaderMap, who: &str, parts: &[&[u8]]) -> Result<Option<Self>, Fault> {
        let Some(value) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = value.to_str().unwrap_or_default().trim();
        let is_sound = !key.is_empty() && key.len() <= 200 && key.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        if !is_sound {
            return Err(Fault::bad_request("key_invalid"));
        }
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
            hash.update([0]);
        }
        let body_hash = hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Some(Self { key: key.to_owned(), who: who.to_owned(), body_hash }))
    }

    /// Who and key.
    pub(super) fn name(&self) -> (String, String) {
        (self.who.clone(), self.key.clone())
    }

    fn once(&self, answer: fn(&Outcome) -> Answer) -> Once {
        Once {
            key: self.key.clone(),
            who: self.who.clone(),
            body_hash: self.body_hash.clone(),
            answer: Arc::new(answer),
        }
    }
}

/// Carries out a request once: the answer is made by `answer`, kept in the same transaction, and given.
///
/// `run` gets the [`Once`] to hand on to the use case and answers its outcome.
pub(super) async fn answered<F>(
    user: &User,
    state: &ServerState,
    sent: &Sent,
    answer: fn(&Outcome) -> Answer,
    run: impl FnOnce(Option<Once>) -> Result<F, Fault>,
) -> Result<Response, Fault>
where
    F: Future<Output = Result<Outcome, AppError>>,
{
    let keyed = Keyed::of(user.actor.username.as_str(), sent)?;
    answered_by_key(keyed.as_ref(), state, answer, run).await
}

/// As [`answered`], for a request whose key was read already.
pub(super) async fn answered_by_key<F>(
    keyed: Option<&Keyed>,
    state: &ServerState,
    answer: fn(&Outcome) -> Answer,
    run: impl FnOnce(Option<Once>) -> Result<F, Fault>,
) -> Result<Response, Fault>
where
    F: Future<Output = Result<Outcome, AppError>>,
{
    let once = keyed.map(|keyed| keyed.once(answer));
    let handed_on = once.clone();
    let work = async move { run(handed_on)?.await.map_err(Fault::from) };
    Ok(match state.app.once(once.as_ref(), work).await? {
        Answered::Now(outcome) => given(answer(&outcome)),
        Answered::Before(first) => again(first),
    })
}

/// An answer to be kept: JSON with its headers.
pub(super) fn json_answer(status: StatusCode, headers: &[(&str, String)], body: &impl serde::Serialize) -> Answer {
    let mut kept = vec![("content-type".to_owned(), "application/json".to_owned())];
    kept.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Answer { status: status.as_u16(), headers: kept, body: serde_json::to_vec(body).unwrap_or_default() }
}

/// An answer as a response.
pub(super) fn given(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body).into_response();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// An answer given again says so.
pub(super) fn again(answer: Answer) -> Response {
    let mut response = given(answer);
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
