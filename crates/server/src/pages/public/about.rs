//! What agency and assistance are, in plain words: sections 2, 3, 5 and 6 of the plan.

use super::{hours, reception};
use crate::auth::Visit;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "public/about.html")]
struct About {
    page: Page,
    l: Lang,
    hours: String,
    phone: String,
    notice_days: u32,
}

pub(super) async fn about(visit: Visit) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    html(&About {
        page: visit.page("public.about.title"),
        l: visit.l,
        hours: hours(&reference.calendar),
        phone: reception(&reference.directory).map(|office| office.phone.clone()).unwrap_or_default(),
        notice_days: reference.policy.notice_days,
    })
}
