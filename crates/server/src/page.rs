//! What every page carries: reader, language, forgery token, what just happened, menu. Each page is an askama struct with a
//! field `page: Page` whose template extends `base.html`; [`html`] renders it.
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "staff/work.html")]
//! struct Work { page: Page, l: Lang, lines: Vec<Line> }
//!
//! async fn work(visit: Signed) -> Result<Response, Fault> {
//!     let page = visit.page("staff.work.title");
//!     html(&Work { l: visit.l, page, lines })
//! }
//! ```

use crate::auth::Visit;
use crate::fault::Fault;
use crate::i18n::Lang;
use app::AppError;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::people::Role;
use serde::{Deserialize, Serialize};

/// Name of the cookie that carries what just happened to the next page.
pub(crate) const FLASH: &str = "bangban_said";

/// What just happened, said once on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// It went wrong.
    pub bad: bool,
    /// The sentence.
    pub text: String,
}

impl Flash {
    /// It worked.
    #[must_use]
    pub fn good(text: impl Into<String>) -> Self {
        Self { bad: false, text: text.into() }
    }

    /// It did not.
    #[must_use]
    pub fn bad(text: impl Into<String>) -> Self {
        Self { bad: true, text: text.into() }
    }

    /// Reads the cookie's value.
    pub(crate) fn read(value: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }

    fn cookie(&self) -> String {
        let text: String = self.text.chars().take(600).collect();
        let json = serde_json::json!({ "bad": self.bad, "text": text }).to_string();
        format!("{FLASH}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", URL_SAFE_NO_PAD.encode(json))
    }
}

/// A link of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// Where to.
    pub href: &'static str,
    /// Its words.
    pub label: String,
    /// The reader is there.
    pub current: bool,
    /// Kept behind “more” where the screen is narrow.
    pub wide: bool,
}

/// What every page carries.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language.
    pub l: Lang,
    /// The title.
    pub title: String,
    /// A desk page: denser, `body.desk`.
    pub desk: bool,
    /// Large letters.
    pub elder: bool,
    /// The name under which somebody is logged in; empty otherwise.
    pub user: String,
    /// Below the brand: the office at the desk, the bureau elsewhere.
    pub place: String,
    /// The bureau, at the foot.
    pub bureau: String,
    /// The token that a form must bring back as `csrf`.
    pub csrf: String,
    /// What just happened.
    pub flash: Option<Flash>,
    /// The menu.
    pub nav: Vec<NavLink>,
    /// The page's own address with its query, to come back to.
    pub path: String,
    /// The version of style sheet and scripts, for their addresses.
    pub version: &'static str,
    /// Draws the signature pad's script.
    pub signs: bool,
}

impl Page {
    /// Whether some link of the menu is kept behind “more” on a narrow screen.
    pub(crate) fn has_more(&self) -> bool {
        self.nav.iter().any(|link| link.wide)
    }

    /// As a desk page.
    #[must_use]
    pub fn at_desk(mut self) -> Self {
        self.desk = true;
        self
    }

    /// With a title that is no message, such as a case's number.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With the script of the signature pad.
    #[must_use]
    pub fn signing(mut self) -> Self {
        self.signs = true;
        self
    }
}

impl Visit {
    /// The page's context, titled by a message; a page of the desk adds [`Page::at_desk`].
    #[must_use]
    pub fn page(&self, title: &str) -> Page {
        let reference = self.state.app.reference();
        let user = self.user();
        let office = user.filter(|user| user.is_staff()).map(|user| user.office_name.clone());
        Page {
            l: self.l,
            title: self.l.t(title).into_owned(),
            desk: false,
            elder: self.elder,
            user: user.map(|user| user.name.clone()).unwrap_or_default(),
            place: office.filter(|name| !name.is_empty()).unwrap_or_else(|| reference.directory.bureau.clone()),
            bureau: reference.directory.bureau.clone(),
            csrf: self.csrf.clone(),
            flash: self.flash.clone(),
            nav: self.nav(),
            path: self.path.clone(),
            version: crate::assets::version(),
            signs: false,
        }
    }

    /// The menu by who is reading; only what is really there.
    fn nav(&self) -> Vec<NavLink> {
        let user = self.user();
        let is = |role: Role| user.is_some_and(|user| user.has(role));
        let mut links: Vec<(&'static str, &str, bool)> = Vec::new();
        if user.is_some_and(app::User::is_staff) {
            links.push(("/work", "common.nav.work", false));
            if !is(Role::Administrator) {
                links.push(("/cases", "common.nav.cases", true));
            }
            if is(Role::WindowClerk) || is(Role::ServiceStaff) {
                links.push(("/reception", "common.nav.reception", true));
            }
            if is(Role::Supervisor) || is(Role::Director) {
                links.push(("/findings", "common.nav.findings", true));
            }
        } else if user.is_some() {
            links.push(("/my", "common.nav.mine", false));
            links.push(("/matters", "common.nav.guide", true));
            links.push(("/check", "common.nav.check", true));
        } else {
            links.push(("/matters", "common.nav.guide", false));
            links.push(("/check", "common.nav.check", true));
            links.push(("/login", "common.nav.login", false));
        }
        let here = self.path.split('?').next().unwrap_or_default();
        let current = links
            .iter()
            .filter(|(href, ..)| here == *href || here.starts_with(&format!("{href}/")))
            .map(|(href, ..)| *href)
            .max_by_key(|href| href.len());
        links
            .into_iter()
            .filter(|(href, ..)| self.state.pages.contains(href))
            .map(|(href, key, wide)| NavLink {
                href,
                label: self.l.t(key).into_owned(),
                current: current == Some(href),
                wide,
            })
            .collect()
    }

    /// Back to a page with the message that it worked.
    #[must_use]
    pub fn done(&self, to: &str, key: &str) -> Response {
        see(to, &Flash::good(self.l.t(key)))
    }

    /// Back to a page with what was in the way, for everything that the reader can do something about; else the fault.
    ///
    /// # Errors
    /// What the reader can't mend: 404, 403, 500 and the like.
    pub fn refused(&self, to: &str, error: AppError) -> Result<Response, Fault> {
        let fault = Fault::from(error);
        match fault.status {
            StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::CONFLICT
            | StatusCode::PRECONDITION_FAILED
            | StatusCode::PRECONDITION_REQUIRED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE => Ok(see(to, &Flash::bad(self.told(&fault)))),
            _ => Err(fault),
        }
    }

    /// The sentence of a fault, with every field that is not right.
    #[must_use]
    pub fn told(&self, fault: &Fault) -> String {
        let reference = self.state.app.reference();
        let say = self.say(&reference);
        let mut sentences = vec![fault.sentence(&say)];
        sentences.extend(fault.errors.iter().map(|error| say.field_error(error)));
        sentences.join(" ")
    }
}

/// Renders a page.
///
/// # Errors
/// A fault of the template.
pub fn html(template: &impl Template) -> Result<Response, Fault> {
    html_with(StatusCode::OK, template)
}

/// Renders a page with another status: 422 for a form that is shown again.
///
/// # Errors
/// A fault of the template.
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<Response, Fault> {
    let mut response = (status, Html(template.render()?)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// To another page (303), which then says what just happened.
#[must_use]
pub fn see(to: &str, flash: &Flash) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&flash.cookie()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A file to be saved: never shown inline from the site's own origin, whatever it says it is.
#[must_use]
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    file_response("attachment", name, media_type, bytes)
}

/// A paper that the program itself made, shown in the browser.
#[must_use]
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    file_response("inline", name, "application/pdf", bytes)
}

fn file_response(how: &str, name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    use std::fmt::Write as _;
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let encoded = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let disposition = format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    if let (Ok(kind), Ok(disposition)) = (HeaderValue::from_str(media_type), HeaderValue::from_str(&disposition)) {
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_survives_the_way_to_the_next_page() {
        let said = Flash::bad("还缺：章程; \"<b>\"");
        let cookie = said.cookie();
        assert!(cookie.is_ascii() && cookie.contains("HttpOnly"), "{cookie}");
        let value = cookie.split(['=', ';']).nth(1).unwrap();
        assert_eq!(Flash::read(value), Some(said));
        assert_eq!(Flash::read("nonsense"), None);
    }

    #[test]
    fn files_are_named_for_every_browser_and_never_shown_unless_they_are_our_own() {
        let response = download("营业执照 \"a\".png", "image/png", vec![1]);
        let disposition = response.headers().get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\"______a_.png\"; filename*=UTF-8''%E8%90%A5"),
            "{disposition}"
        );
        let response = pdf("2026-0001-协-01.pdf", vec![1]);
        let disposition = response.headers().get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert!(disposition.starts_with("inline;"), "{disposition}");
    }
}
