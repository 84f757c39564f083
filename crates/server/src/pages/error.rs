//! The page that says what went wrong, what is kept and what to do.

use crate::auth::{Visit, home_of};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::Page;
use askama::Template;

/// The error page.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    page: Page,
    l: Lang,
    sentence: String,
    errors: Vec<String>,
    clause: String,
    home: &'static str,
}

impl ErrorPage {
    pub(crate) fn of(visit: &Visit, fault: &Fault) -> Self {
        let reference = visit.state.app.reference();
        let say = visit.say(&reference);
        let clause = fault.refusal.as_ref().and_then(domain::case::Refusal::clause);
        Self {
            page: visit.page("common.error_title"),
            l: visit.l,
            sentence: fault.sentence(&say),
            errors: fault.errors.iter().map(|error| say.field_error(error)).collect(),
            clause: clause.map(|clause| visit.l.clause(clause)).unwrap_or_default(),
            home: home_of(visit.user()),
        }
    }
}
