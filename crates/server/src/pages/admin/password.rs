//! A new password for somebody who has lost it: made by the program and shown this once.

use super::{desk, guard};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::staff::typed::Typed;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::ids::Username;

#[derive(Template)]
#[template(path = "admin/password.html")]
struct Password {
    page: Page,
    l: Lang,
    heading: String,
    username: String,
    password: String,
}

pub(super) async fn reset(visit: Signed, Path(username): Path<String>, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let person = Username(username);
    match visit.state.app.reset_password(&visit.user, &person, typed.get("reason")).await {
        Ok(password) => {
            let reference = visit.state.app.reference();
            let name = reference.directory.person_name(&person).to_owned();
            html(&Password {
                page: desk(&visit, visit.l.t("admin.password.title").into_owned()),
                l: visit.l,
                heading: visit.l.tr("admin.password.for", &[("name", &name)]),
                username: person.0,
                password,
            })
        }
        Err(error) => visit.refused(&format!("/admin/t/people/row?key={}", crate::auth::urlencoded(&person.0)), error),
    }
}
