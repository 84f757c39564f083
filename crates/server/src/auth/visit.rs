//! A request with what is known of who sends it.

use super::cookies;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{FLASH, Flash};
use crate::say::Say;
use crate::state::ServerState;
use app::{AppError, Reference, Session, User};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::net::SocketAddr;
use std::ops::Deref;

/// A visitor of the pages, logged in or not. As an extractor it never refuses.
#[derive(Clone)]
pub struct Visit {
    /// What every handler shares.
    pub state: ServerState,
    /// The language: what was chosen on the page, else the account's, else the browser's, else Chinese.
    pub l: Lang,
    /// The session, if there is one.
    pub session: Option<Session>,
    /// What a form must bring back.
    pub csrf: String,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Path and query of this request.
    pub path: String,
    /// Large letters.
    pub elder: bool,
    /// The network address the request came from.
    pub address: String,
    /// The browser came by https (known only behind a trusted proxy).
    pub secure: bool,
    /// The form token is new and has to be set.
    pub(crate) fresh_token: bool,
}

impl Visit {
    /// Reads cookies and session.
    pub(crate) async fn read(state: &ServerState, request: &Parts) -> Result<Self, AppError> {
        let headers = &request.headers;
        let session = match cookies::get(headers, cookies::SESSION) {
            Some(token) => state.app.session(token).await?,
            None => None,
        };
        let known = cookies::get(headers, cookies::FORM).filter(|token| token.len() >= 32).map(str::to_owned);
        let fresh_token = session.is_none() && known.is_none();
        let csrf = match &session {
            Some(session) => session.csrf.clone(),
            None => known.unwrap_or_else(crate::chance::fresh_key),
        };
        let chosen = cookies::get(headers, cookies::LANGUAGE).map(Lang::parse);
        let own = session.as_ref().map(|session| Lang::parse(&session.user.language));
        Ok(Self {
            l: chosen.or(own).or_else(|| accepted(headers)).unwrap_or_default(),
            session,
            csrf,
            flash: cookies::get(headers, FLASH).and_then(Flash::read),
            path: request.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            elder: cookies::get(headers, cookies::ELDER) == Some("1"),
            address: first_address(request, state.config.behind_proxy),
            secure: state.config.behind_proxy && header_is(headers, "x-forwarded-proto", "https"),
            fresh_token,
            state: state.clone(),
        })
    }

    /// Who is logged in.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.session.as_ref().map(|session| &session.user)
    }

    /// Makes sentences in the reader's language.
    #[must_use]
    pub fn say<'a>(&self, reference: &'a Reference) -> Say<'a> {
        Say::new(self.l, reference)
    }
}

impl FromRequestParts<ServerState> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &ServerState) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::internal(&"a page without its visit"))
    }
}

/// A visitor who is logged in; the route's [`crate::Access`] has already seen to it, and this carries the user.
#[derive(Clone)]
pub struct Signed {
    /// Everything else that is known of the request.
    pub visit: Visit,
    /// Who is logged in.
    pub user: User,
}

impl Deref for Signed {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<ServerState> for Signed {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Fault> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let user = visit.user().cloned().ok_or_else(Fault::unauthorized)?;
        Ok(Self { visit, user })
    }
}

/// A caller of the API.
#[derive(Clone)]
pub struct Caller {
    /// What every handler shares.
    pub state: ServerState,
    /// The bearer of the token.
    pub user: Option<User>,
    /// The language of sentences: what the request asks for, else the user's, else Chinese.
    pub l: Lang,
    /// The network address the request came from.
    pub address: String,
}

impl Caller {
    /// What is known without asking the database.
    pub(crate) fn nobody(state: &ServerState, request: &Parts) -> Self {
        Self {
            l: accepted(&request.headers).unwrap_or_default(),
            user: None,
            address: first_address(request, state.config.behind_proxy),
            state: state.clone(),
        }
    }

    /// Reads the token.
    pub(crate) async fn read(state: &ServerState, request: &Parts) -> Result<Self, AppError> {
        let bearer = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.split_once(' '));
        let user = match token {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                state.app.token_user(token.trim()).await?
            }
            _ => None,
        };
        let own = user.as_ref().map(|user| Lang::parse(&user.language));
        let l = accepted(&request.headers).or(own).unwrap_or_default();
        Ok(Self { l, user, ..Self::nobody(state, request) })
    }
}

impl FromRequestParts<ServerState> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &ServerState) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::internal(&"a call without its caller"))
    }
}

fn accepted(headers: &HeaderMap) -> Option<Lang> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(Lang::accepted)
}

fn header_is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).and_then(|known| known.to_str().ok()).is_some_and(|known| known.eq_ignore_ascii_case(value))
}

/// The network address of a request: the peer's, or behind a trusted proxy the one that the proxy added last.
#[must_use]
pub fn first_address(request: &Parts, behind_proxy: bool) -> String {
    let forwarded = || {
        let line = request.headers.get("x-forwarded-for")?.to_str().ok()?;
        line.rsplit(',').next().map(|address| address.trim().to_owned())
    };
    let peer = || request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let address = if behind_proxy { forwarded().or_else(peer) } else { peer() };
    address.unwrap_or_else(|| "local".to_owned())
}
