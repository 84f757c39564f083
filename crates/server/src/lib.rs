//! Pages and API: routes, sessions, templates, live events.
//!
//! [`router`] is built from the one list in [`routes`]; what a face shows is asked of `app`, never thought out here.

pub mod api;
pub mod assets;
pub mod auth;
pub mod chance;
pub mod fault;
pub mod i18n;
pub mod middleware;
pub mod page;
pub mod pages;
pub mod routes;
pub mod say;
pub mod state;

pub use routes::{Access, Area, Route, RouteInfo, router, routes};
pub use state::{ServerConfig, ServerState};

rust_i18n::i18n!("locales");
