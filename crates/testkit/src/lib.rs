//! Builders, a frozen clock, both databases and a running app for tests.

pub mod db;
pub mod postgres;

pub use db::TestDb;
pub use testkit_macros::db_test;
