//! The use cases on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod access;
mod commands;
mod demo;
mod hand;
mod whole;
