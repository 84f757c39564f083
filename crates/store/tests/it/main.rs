//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod absences;
mod cases;
mod lists;
mod outbox;
mod people;
mod records;
mod samples;
mod search;
mod writing;
