//! The use cases on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod access;
mod commands;
mod demo;
mod hand;
mod whole;
