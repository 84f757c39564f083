//! The first page: one promise, two buttons, a search in one's own words.

use super::{Card, hours, reception};
use crate::auth::{Visit, home_of};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use askama::Template;
use axum::response::Response;
use domain::case::Status;
use std::collections::BTreeMap;

/// Cards of agents on the first page.
const MOST_AGENTS: usize = 6;

#[derive(Template)]
#[template(path = "public/home.html")]
struct Home {
    page: Page,
    l: Lang,
    /// Where one's own cases stand.
    cases: &'static str,
    chips: Vec<(String, String)>,
    matters: usize,
    hours: String,
    phone: String,
    figures: Figures,
    agents: Vec<Card>,
}

/// Real counts only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) all: u64,
    pub(super) open: u64,
    pub(super) ended: u64,
}

impl Figures {
    /// From the counts by status. What was withdrawn or terminated is in the sum only.
    pub(super) fn of(counts: &BTreeMap<String, u64>) -> Self {
        let sum = |wanted: &dyn Fn(Status) -> bool| {
            Status::ALL.into_iter().filter(|s| wanted(*s)).filter_map(|s| counts.get(s.name())).sum()
        };
        Self {
            all: counts.values().sum(),
            open: sum(&Status::is_open),
            ended: sum(&|status| matches!(status, Status::Ended | Status::Archived)),
        }
    }
}

pub(super) async fn home(visit: Visit) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let figures = Figures::of(&visit.state.app.public_counts().await?);
    let mut agents: Vec<Card> = reference
        .directory
        .people
        .values()
        .filter(|person| person.can_be_agent())
        .map(|person| Card::of(person, &reference.directory))
        .collect();
    agents.truncate(MOST_AGENTS);
    html(&Home {
        page: visit.page("public.home.title"),
        l: visit.l,
        cases: if visit.user().is_some() { home_of(visit.user()) } else { "/my" },
        chips: super::guide::chips(&reference.catalogue),
        matters: reference.catalogue.matters().len(),
        hours: hours(&reference.calendar, domain::calendar::today(visit.state.app.now())),
        phone: reception(&reference.directory).map(|office| office.phone.clone()).unwrap_or_default(),
        figures,
        agents,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_withdrawn_is_neither_open_nor_ended() {
        let counts = [("running", 3), ("ended", 2), ("archived", 1), ("withdrawn", 4)];
        let counts = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        assert_eq!(Figures::of(&counts), Figures { all: 10, open: 3, ended: 3 });
    }
}
