//! Who is there: sessions of browsers, tokens of other systems, and the coarse guard of each route.

pub mod cookies;
pub mod limit;
mod visit;

pub use visit::{Caller, Signed, Visit, first_address};

use crate::fault::Fault;
use crate::routes::Access;
use app::User;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::people::Role;

/// Lets a request through to its handler, if this kind of visitor may come here at all.
pub(crate) async fn guard(access: Access, request: Request, next: Next) -> Response {
    let verdict = match access {
        Access::Open => None,
        Access::Token => match request.extensions().get::<Caller>() {
            Some(Caller { user: Some(_), .. }) => None,
            _ => Some(Fault::unauthorized().into_response()),
        },
        _ => turned_away(access, &request),
    };
    match verdict {
        None => next.run(request).await,
        Some(answer) => answer,
    }
}

/// The answer to a visitor of a page who may not come here.
fn turned_away(access: Access, request: &Request) -> Option<Response> {
    let visit = request.extensions().get::<Visit>();
    let Some(user) = visit.and_then(Visit::user) else {
        return Some(to_login(request));
    };
    let is_right = match access {
        Access::Applicant => user.has(Role::Applicant),
        Access::Staff => user.is_staff(),
        Access::Open | Access::SignedIn | Access::Token => true,
    };
    (!is_right).then(|| Fault::forbidden().into_response())
}

/// To the login page, and afterwards back to where the visitor wanted to go.
fn to_login(request: &Request) -> Response {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let wanted = request.uri().path_and_query().map_or("/", |at| at.as_str());
    let next = if is_reading { wanted } else { "/" };
    let login = format!("/login?next={}", urlencoded(next));
    // A part of a page that asks in the background must not get the login page into its middle.
    match (request.headers().contains_key("hx-request"), HeaderValue::from_str(&login)) {
        (true, Ok(login)) => ([(HeaderName::from_static("hx-redirect"), login)], "").into_response(),
        _ => Redirect::to(&login).into_response(),
    }
}

/// Percent-encodes a text for a query.
#[must_use]
pub fn urlencoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut coded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            let _ = write!(coded, "%{byte:02X}");
        }
        coded
    })
}

/// Whether an address stays on this site.
#[must_use]
pub fn is_here(wanted: &str) -> bool {
    wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains(['\\', '\r', '\n', '\t', '\0'])
}

/// An address to go on to after the login, if it stays on this site and is none that leads back to the login.
#[must_use]
pub fn safe_next(wanted: &str) -> Option<&str> {
    (is_here(wanted) && !wanted.starts_with("/login") && !wanted.starts_with("/logout")).then_some(wanted)
}

/// Where somebody begins: the work list, the enterprise's cases, or the public page.
#[must_use]
pub fn home_of(user: Option<&User>) -> &'static str {
    match user {
        Some(user) if user.is_staff() => "/work",
        Some(_) => "/my",
        None => "/",
    }
}

#[cfg(test)]
mod tests;
