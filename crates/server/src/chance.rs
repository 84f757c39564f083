//! Randomness of the HTTP side: what a browser must bring back that nobody else can guess.

/// A fresh key: for a form's `once` field, for the token of a visitor without a session, for a request's id.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "no rule depends on it: it names a request or a form, never a row")]
pub fn fresh_key() -> String {
    uuid::Uuid::new_v4().to_string()
}
