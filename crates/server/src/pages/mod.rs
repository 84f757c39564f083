//! The pages, by who reads them. Each area registers its routes in its own `routes()`.

pub mod account;
pub mod admin;
pub mod enterprise;
pub mod error;
pub mod paper;
pub(crate) mod picture;
pub mod public;
pub mod staff;
pub mod words;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = account::routes();
    routes.extend(public::routes());
    routes.extend(enterprise::routes());
    routes.extend(paper::routes());
    routes.extend(staff::routes());
    routes.extend(admin::routes());
    routes
}
