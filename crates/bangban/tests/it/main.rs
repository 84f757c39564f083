//! The program as an operator runs it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod manage;
mod place;
mod serve;
mod verify;
