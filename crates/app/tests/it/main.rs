//! The use cases on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod absences;
mod access;
mod archive_room;
mod checking;
mod commands;
mod configuration;
mod demo;
mod hand;
mod leads;
mod ledger;
mod meetings;
mod plan;
mod race;
mod signing;
mod turns;
mod warnings;
mod whole;
