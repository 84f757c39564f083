//! The HTTP side as its callers see it: a running hall in memory, asked over its router.

mod access;
mod api;
mod contract;
mod hall;
mod pages;
mod schema;
