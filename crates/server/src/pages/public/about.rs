//! What agency and assistance are, in plain words: sections 2, 3, 5 and 6 of the plan.

use super::{hours, reception, span};
use crate::auth::Visit;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::Reference;
use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;
use domain::calendar::Session;

#[derive(Template)]
#[template(path = "public/about.html")]
struct About {
    page: Page,
    l: Lang,
    hours: String,
    sessions: Vec<String>,
    phone: String,
    notice_days: u32,
}

pub(super) async fn about(visit: Visit) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let today = domain::calendar::today(visit.state.app.now());
    html(&About {
        page: visit.page("public.about.title"),
        l: visit.l,
        hours: hours(&reference.calendar, today),
        sessions: sessions(visit.l, &reference, today),
        phone: reception(&reference.directory).map(|office| office.phone.clone()).unwrap_or_default(),
        notice_days: reference.policy.notice_days,
    })
}

/// So many sessions are listed: those of the weeks to come.
const SESSIONS: usize = 12;

/// The sessions after hours that are to come, with the office that is there.
fn sessions(l: Lang, reference: &Reference, today: NaiveDate) -> Vec<String> {
    let coming = reference.calendar.sessions().iter().filter(|session| session.date >= today).take(SESSIONS);
    let line = |session: &Session| {
        let office = match &session.office {
            Some(code) => reference.directory.office_name(code).to_owned(),
            None => l.t("public.about.all_offices").into_owned(),
        };
        let (date, hours) = (l.date_seen(session.date, today), span(session.from, session.to));
        l.tr("public.about.session", &[("date", &date), ("hours", &hours), ("office", &office)])
    };
    coming.map(line).collect()
}
