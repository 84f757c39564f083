//! The cookies that the program sets. Halls serve plain HTTP on their own network, so `Secure` is set only where a proxy
//! that is trusted by the settings says that the browser came by https.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session.
pub const SESSION: &str = "bangban_session";
/// The form token of a visitor without a session.
pub const FORM: &str = "bangban_form";
/// The language chosen on the page.
pub const LANGUAGE: &str = "bangban_lang";
/// Large letters.
pub const ELDER: &str = "bangban_elder";

/// The value of a request's cookie.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Adds a cookie to an answer; `seconds` none: until the browser is closed. Scripts can never read it.
pub fn set(headers: &mut HeaderMap, name: &str, value: &str, seconds: Option<i64>, secure: bool) {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if secure { "; Secure" } else { "" };
    if let Ok(cookie) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Takes a cookie back.
pub fn clear(headers: &mut HeaderMap, name: &str) {
    set(headers, name, "", Some(0), false);
}
