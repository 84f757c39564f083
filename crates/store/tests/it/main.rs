//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod absences;
mod archive;
mod cases;
mod custody;
mod dates;
mod follow;
mod lists;
mod outbox;
mod people;
mod plans;
mod records;
mod samples;
mod search;
mod sign_links;
mod warnings;
mod writing;
