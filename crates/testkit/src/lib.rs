//! Builders, a frozen clock, both databases and a running app for tests.

#[cfg(feature = "app")]
pub mod app;
pub mod db;
pub mod postgres;

#[cfg(feature = "app")]
pub use app::TestApp;
pub use db::TestDb;
pub use testkit_macros::db_test;
