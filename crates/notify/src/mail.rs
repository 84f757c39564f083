//! A message as a mail.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};

use crate::error::NotifyError;
use crate::message::Message;

/// Makes the mail: plain text in UTF-8, dated `now`, with a Message-ID that is the same at each attempt, and marked as
/// sent by a machine so that absence notes do not answer it.
pub(crate) fn compose(message: &Message, from: &Mailbox, now: DateTime<Utc>) -> Result<lettre::Message, NotifyError> {
    message.check()?;
    let to: Mailbox = message.to.parse().map_err(|error| NotifyError::fail("bad_address", error))?;
    let id = format!("<{}@{}>", message.id(), from.email.domain());
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    lettre::Message::builder()
        .from(from.clone())
        .to(to)
        .subject(message.subject.as_str())
        .date(SystemTime::from(now))
        .message_id(Some(id))
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(message.text.clone())
        .map_err(|error| NotifyError::fail("bad_message", error))
}

/// Reads the sender from a setting.
pub(crate) fn sender(text: &str) -> Result<Mailbox, NotifyError> {
    text.parse().map_err(|error| NotifyError::fail("bad_setting", format!("from: {error}")))
}
