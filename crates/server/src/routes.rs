//! The one list of routes. The router is built from it and the access test walks it, so no page can be served that the
//! reviewed table of routes × roles does not know.
//!
//! Where things live: public pages at `/`, `/matters…`, `/check…`; the enterprise's at `/my…` and `/apply`; staff's at
//! `/work`, `/cases…`, `/reception…`; papers on screen at `/cases/{id}/papers/{document}…`; the API at `/api/v1…`; what
//! operators need at `/healthz` and its like.

use crate::state::ServerState;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

/// Which part of the program a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Liveness, metrics, assets.
    Operations,
    /// For everybody.
    Public,
    /// For the enterprise.
    Enterprise,
    /// For staff.
    Staff,
    /// Papers on screen.
    Paper,
    /// For other systems.
    Api,
}

/// Who may call a route at all; what it then shows or does is asked of `domain::access`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Anybody.
    Open,
    /// Anybody who is logged in.
    SignedIn,
    /// Members of an enterprise.
    Applicant,
    /// Members of staff.
    Staff,
    /// A bearer of a token (API).
    Token,
}

/// What is known of a route without calling it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteInfo {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// Its pattern, such as `/cases/{id}`.
    pub path: &'static str,
    /// Where it belongs.
    pub area: Area,
    /// Who may call it.
    pub access: Access,
}

/// A route: what is known of it, and its handler.
pub struct Route {
    /// What is known of it.
    pub info: RouteInfo,
    handler: MethodRouter<ServerState>,
}

impl Route {
    /// A route that answers GET (and HEAD).
    pub fn get<H, T>(area: Area, access: Access, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServerState>,
        T: 'static,
    {
        Self::new(MethodFilter::GET, "GET", area, access, path, handler)
    }

    /// A route that answers POST.
    pub fn post<H, T>(area: Area, access: Access, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServerState>,
        T: 'static,
    {
        Self::new(MethodFilter::POST, "POST", area, access, path, handler)
    }

    /// A route that answers PUT (drafts).
    pub fn put<H, T>(area: Area, access: Access, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServerState>,
        T: 'static,
    {
        Self::new(MethodFilter::PUT, "PUT", area, access, path, handler)
    }

    /// A route that answers DELETE (the API).
    pub fn delete<H, T>(area: Area, access: Access, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ServerState>,
        T: 'static,
    {
        Self::new(MethodFilter::DELETE, "DELETE", area, access, path, handler)
    }

    fn new<H, T>(
        filter: MethodFilter,
        method: &'static str,
        area: Area,
        access: Access,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, ServerState>,
        T: 'static,
    {
        let guard = axum::middleware::from_fn(move |request, next| crate::auth::guard(access, request, next));
        Self { info: RouteInfo { method, path, area, access }, handler: on(filter, handler).route_layer(guard) }
    }
}

fn list() -> Vec<Route> {
    let mut list = crate::middleware::operations::routes();
    list.extend(crate::assets::routes());
    list.extend(crate::pages::routes());
    list.extend(crate::api::v1::routes());
    list
}

/// Every route that the router serves.
#[must_use]
pub fn routes() -> Vec<RouteInfo> {
    list().into_iter().map(|route| route.info).collect()
}

/// The whole HTTP side, ready to be served.
pub fn router(state: ServerState) -> Router {
    let mut router = Router::new();
    for route in list() {
        router = router.route(route.info.path, route.handler);
    }
    let router = router.fallback(crate::fault::nowhere).method_not_allowed_fallback(crate::fault::wrong_method);
    crate::middleware::wrap(router, state.clone()).with_state(state)
}
