//! The message itself.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::NotifyError;

/// A message to one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Mail address of the receiver; a webhook passes it on as it is and takes any text.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// What it is about, as a code: `due_soon`, `agent_changed`, ….
    pub kind: String,
    /// The same for every attempt to send this message, different for every other message.
    pub dedup: String,
}

impl Message {
    /// The id a receiver can tell repetitions by: 32 hex digits made from `dedup`, which itself stays inside.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&Sha256::digest(self.dedup.as_bytes())[..16])
    }

    /// Refuses what cannot be a header line.
    pub(crate) fn check(&self) -> Result<(), NotifyError> {
        let lines = [("to", &self.to), ("subject", &self.subject), ("kind", &self.kind)];
        match lines.iter().find(|(_, line)| line.chars().any(char::is_control)) {
            Some((field, _)) => Err(NotifyError::fail("bad_message", format!("{field} holds a control character"))),
            None => Ok(()),
        }
    }
}

/// Lower-case hex digits of the bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
pub(crate) fn sample() -> Message {
    Message {
        to: "agent@example.com".to_owned(),
        subject: "帮办提醒：还剩 2 个工作日".to_owned(),
        text: "案件 帮办〔2026〕1号 将于 11 月 26 日到期。\n请及时办理。".to_owned(),
        kind: "due_soon".to_owned(),
        dedup: "case-1/due_soon/2026-11-24".to_owned(),
    }
}
