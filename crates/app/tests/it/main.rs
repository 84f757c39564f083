//! The use cases on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod absences;
mod access;
mod checking;
mod commands;
mod demo;
mod hand;
mod race;
mod turns;
mod whole;
