//! A signed POST to another system.
//!
//! The body is JSON: `{"id","kind","to","subject","text","sent_at"}`. The header `X-Bangban-Timestamp` holds the seconds
//! since 1970, and `X-Bangban-Signature` is `sha256=` with the hex HMAC-SHA256 of `TIMESTAMP.BODY` under the shared
//! secret. A receiver computes the same, compares, refuses timestamps older than five minutes, and drops an id
//! (`Idempotency-Key`) it has had before.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::NotifyError;
use crate::http::Target;
use crate::message::{Message, hex};

/// How long the whole exchange may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The longest wait the other side may ask for.
const MAX_WAIT: u64 = 24 * 3600;
/// The shortest secret, in bytes.
const MIN_SECRET: usize = 16;

/// The settings of a webhook.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where to post to: `http://…` or `https://…`.
    pub url: String,
    /// The secret both sides know, at least 16 bytes.
    pub secret: String,
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSettings").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A webhook of another system.
#[derive(Clone)]
pub struct Webhook {
    target: Target,
    secret: String,
    timeout: Duration,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("target", &self.target).finish_non_exhaustive()
    }
}

/// What is posted.
#[derive(Serialize)]
struct Posted<'a> {
    id: &'a str,
    kind: &'a str,
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    sent_at: String,
}

/// The value of `X-Bangban-Signature` for a body sent at `timestamp` (seconds since 1970).
#[must_use]
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    // HMAC takes a key of any length, so the error cannot come; an empty signature would match nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

impl Webhook {
    /// Reads the settings; nothing is connected yet.
    ///
    /// # Errors
    /// [`NotifyError::Fail`] with `bad_setting` and what is wrong.
    pub fn new(settings: &WebhookSettings) -> Result<Self, NotifyError> {
        if settings.secret.len() < MIN_SECRET {
            return Err(NotifyError::fail("bad_setting", format!("secret: at least {MIN_SECRET} bytes")));
        }
        let target = Target::parse(&settings.url)?;
        Ok(Self { target, secret: settings.secret.clone(), timeout: TIMEOUT })
    }

    /// Posts the message. Taken is any 2xx answer; redirects are not followed.
    ///
    /// # Errors
    /// [`NotifyError::Retry`] for 408, 425, 429, 5xx and when there is no answer; [`NotifyError::Fail`] for every other
    /// answer.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), NotifyError> {
        message.check()?;
        let (headers, body) = self.request(message, now)?;
        let answer = tokio::time::timeout(self.timeout, self.target.post(headers, body)).await;
        let (status, headers) = answer.map_err(|_| NotifyError::retry("timed_out", "no answer in time"))??;
        if status.is_success() {
            return Ok(());
        }
        if status.is_server_error() || [408, 425, 429].contains(&status.as_u16()) {
            let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
            let after = seconds.map(|seconds| Duration::from_secs(seconds.min(MAX_WAIT)));
            return Err(NotifyError::Retry { code: "refused_for_now", reason: format!("HTTP {status}"), after });
        }
        Err(NotifyError::fail("refused", format!("HTTP {status}")))
    }

    fn request(&self, message: &Message, now: DateTime<Utc>) -> Result<(HeaderMap, Vec<u8>), NotifyError> {
        let bad = |error: &dyn fmt::Display| NotifyError::fail("bad_message", error);
        let id = message.id();
        let posted = Posted {
            id: &id,
            kind: &message.kind,
            to: &message.to,
            subject: &message.subject,
            text: &message.text,
            sent_at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        };
        let body = serde_json::to_vec(&posted).map_err(|error| bad(&error))?;
        let timestamp = now.timestamp();
        let signature = sign(&self.secret, timestamp, &body);
        let mut headers = HeaderMap::new();
        let named = [
            ("idempotency-key", id),
            ("x-bangban-timestamp", timestamp.to_string()),
            ("x-bangban-signature", signature),
        ];
        for (name, value) in named {
            let value = HeaderValue::from_str(&value).map_err(|error| bad(&error))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok((headers, body))
    }
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
