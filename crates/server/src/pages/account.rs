//! Logging in and out, and what a reader chooses for itself: language, large letters.

use crate::auth::{Signed, Visit, cookies, home_of, is_here, safe_next};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html, html_with};
use crate::routes::{Access, Area, Route};
use crate::say::word;
use app::AppError;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub(crate) fn routes() -> Vec<Route> {
    use Access::{Open, SignedIn};
    let area = Area::Public;
    vec![
        Route::get(area, Open, "/login", login_page),
        Route::post(area, Open, "/login", login),
        Route::post(area, SignedIn, "/logout", logout),
        Route::get(area, SignedIn, "/account", account_page),
        Route::get(area, Open, "/language", choose_language),
        Route::get(area, Open, "/elder", choose_letters),
    ]
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    page: Page,
    l: Lang,
    next: String,
    username: String,
    wrong: Option<String>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn login_page(visit: Visit, Query(query): Query<Next>) -> Result<Response, Fault> {
    if visit.user().is_some() {
        let to = safe_next(&query.next).unwrap_or(home_of(visit.user()));
        return Ok(Redirect::to(to).into_response());
    }
    let page = visit.page("common.login.title");
    html(&LoginPage { page, l: visit.l, next: query.next, username: String::new(), wrong: None })
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn login(visit: Visit, Form(form): Form<Login>) -> Result<Response, Fault> {
    let app = &visit.state.app;
    visit.state.logins.attempt(&visit.address, app.now()).map_err(too_many)?;
    match app.log_in(form.username.trim(), &form.password).await {
        Ok(session) => {
            let to = safe_next(&form.next).unwrap_or(home_of(Some(&session.user)));
            let mut response = Redirect::to(to).into_response();
            let seconds = (session.expires_at - app.now()).num_seconds();
            let headers = response.headers_mut();
            cookies::set(headers, cookies::SESSION, &session.token, Some(seconds), visit.secure);
            cookies::clear(headers, cookies::FORM);
            Ok(response)
        }
        Err(error @ (AppError::WrongPassword | AppError::Locked { .. })) => {
            let fault = Fault::from(error);
            let wrong = Some(visit.told(&fault));
            let page = visit.page("common.login.title");
            let again = LoginPage { page, l: visit.l, next: form.next, username: form.username, wrong };
            html_with(fault.status, &again)
        }
        Err(error) => Err(error.into()),
    }
}

/// Too many logins from one address.
pub(crate) fn too_many(seconds: u64) -> Fault {
    Fault::new(StatusCode::TOO_MANY_REQUESTS, "too_many_logins")
        .with("seconds", seconds.to_string())
        .retry_after(seconds)
}

async fn logout(visit: Signed, headers: HeaderMap) -> Result<Response, Fault> {
    if let Some(token) = cookies::get(&headers, cookies::SESSION) {
        visit.state.app.log_out(token).await?;
    }
    let mut response = Redirect::to("/").into_response();
    cookies::clear(response.headers_mut(), cookies::SESSION);
    Ok(response)
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Page,
    l: Lang,
    name: String,
    username: String,
    office: String,
    roles: String,
}

async fn account_page(visit: Signed) -> Result<Response, Fault> {
    let l = visit.l;
    let roles: Vec<String> = visit.user.actor.roles.iter().map(|role| word(l, "common.role", role.name())).collect();
    html(&AccountPage {
        page: visit.page("common.account.title"),
        l,
        name: visit.user.name.clone(),
        username: visit.user.actor.username.to_string(),
        office: visit.user.office_name.clone(),
        roles: l.list(&roles),
    })
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    to: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    next: String,
}

const YEAR: i64 = 365 * 24 * 3600;

/// A choice for the reader's own browser; it changes nothing else, so it may be a link.
async fn choose_language(visit: Visit, Query(choice): Query<Choice>) -> Result<Response, Fault> {
    let lang = Lang::parse(&choice.to);
    if let Some(user) = visit.user() {
        visit.state.app.set_language(user, lang.code()).await?;
    }
    Ok(chosen(&visit, &choice.next, cookies::LANGUAGE, lang.code()))
}

async fn choose_letters(visit: Visit, Query(choice): Query<Choice>) -> Response {
    chosen(&visit, &choice.next, cookies::ELDER, if choice.on == "1" { "1" } else { "0" })
}

fn chosen(visit: &Visit, next: &str, cookie: &str, value: &str) -> Response {
    let mut response = Redirect::to(if is_here(next) { next } else { "/" }).into_response();
    cookies::set(response.headers_mut(), cookie, value, Some(YEAR), visit.secure);
    response
}
