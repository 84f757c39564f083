//! The hash chain over a case's events (SM3, GB/T 32905).

use crate::case::Event;
use crate::ids::{CaseId, Username};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use std::fmt::Write;

/// The hash before the first event: 32 zero bytes in hex.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event with who, when and where in its case. Its JSON bytes are what is hashed and stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// The case.
    pub case: CaseId,
    /// Number within the case, from 1.
    pub seq: u64,
    /// When, UTC, cut to microseconds.
    pub at: DateTime<Utc>,
    /// Who did it; `bangban` for what the program does by itself.
    pub actor: Username,
    /// Whose name the actor acts in (a stand-in during a recorded absence).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Username>,
    /// What happened.
    pub event: Event,
}

/// `SM3(previous hash || body)`, lower-case hex. A previous hash that is not hex counts as its text bytes, so that a
/// forged one still gives a different hash rather than an error.
#[must_use]
pub fn chain_hash(previous: &str, body: &[u8]) -> String {
    let mut hasher = Sm3::new();
    hasher.update(decode_hex(previous).unwrap_or_else(|| previous.as_bytes().to_vec()));
    hasher.update(body);
    encode_hex(&hasher.finalize())
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sm3_over_previous_and_body() {
        // SM3("abc") from GB/T 32905, with an empty previous hash.
        assert_eq!(chain_hash("", b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_ne!(chain_hash(GENESIS, b"abc"), chain_hash("", b"abc"));
    }
}
