//! The HTTP side as its callers see it: a running hall in memory, asked over its router.

mod absence;
mod access;
mod admin;
mod api;
mod archive_room;
mod bad_forms;
mod bad_input;
mod contract;
mod custody;
mod fees;
mod green;
mod hall;
mod leads;
mod ledger;
mod once;
mod pages;
mod papers;
mod plan;
mod plan_page;
mod schema;
mod signing;
mod time;
mod warnings;
