//! Lists of cases: each person sees those that it may open, and no others.

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::ids::{MatterCode, OfficeCode, Username};
use domain::people::Role;
use std::collections::BTreeMap;
use store::{CaseFilter, CaseHead, CaseOrder, Page, Visibility};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// In one of these statuses; empty: any.
    pub status: Vec<String>,
    /// Led by this office, or with a matter in its hands.
    pub office: Option<OfficeCode>,
    /// With this agent.
    pub agent: Option<Username>,
    /// With this matter.
    pub matter: Option<MatterCode>,
    /// On the green channel, or not.
    pub green: Option<bool>,
    /// With this light.
    pub colour: Option<String>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// Found by this text.
    pub q: Option<String>,
    /// In which order.
    pub order: CaseOrder,
}

/// Rows read together.
const AT_ONCE: u64 = 500;

/// That a list looked through fewer cases than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// So many were looked through, those of the green channel and those due first before the others.
    pub seen: usize,
    /// So many there are.
    pub all: u64,
}

impl App {
    /// One page of the cases that the person may see.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn list_cases(
        &self,
        user: &User,
        query: &CaseQuery,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<CaseHead>, AppError> {
        may(&user.actor, Action::ListCases, On::Hall)?;
        let filter = filter(user, query);
        let page = self.inner.store.list_cases(&filter, query.order, cursor, u64::from(limit)).await;
        page.map_err(crate::error::wrong_cursor)
    }

    /// The cases that a filter finds, at most so many: those of the green channel first, then those due first. With how many
    /// were left out, if any were.
    pub(crate) async fn heads(
        &self,
        filter: &CaseFilter,
        most: usize,
    ) -> Result<(Vec<CaseHead>, Option<Cut>), AppError> {
        let (mut heads, mut cursor) = (Vec::new(), None);
        while heads.len() <= most {
            let page = self.inner.store.list_cases(filter, CaseOrder::Work, cursor.as_deref(), AT_ONCE).await;
            let page = page.map_err(crate::error::wrong_cursor)?;
            heads.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        if heads.len() <= most {
            return Ok((heads, None));
        }
        heads.truncate(most);
        let all = self.inner.store.count_cases(filter).await?.values().sum();
        Ok((heads, Some(Cut { seen: most, all })))
    }

    /// How many cases the person may see, by status.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn count_cases(&self, user: &User, query: &CaseQuery) -> Result<BTreeMap<String, u64>, AppError> {
        may(&user.actor, Action::ListCases, On::Hall)?;
        Ok(self.inner.store.count_cases(&filter(user, query)).await?)
    }

    /// How many cases the hall has, by status: the public site shows counts and nothing else.
    ///
    /// # Errors
    /// What the store says.
    pub async fn public_counts(&self) -> Result<BTreeMap<String, u64>, AppError> {
        Ok(self.inner.store.count_cases(&CaseFilter::default()).await?)
    }
}

fn filter(user: &User, query: &CaseQuery) -> CaseFilter {
    CaseFilter {
        status: query.status.clone(),
        office: query.office.clone(),
        agent: query.agent.clone(),
        matter: query.matter.clone(),
        green: query.green,
        colour: query.colour.clone(),
        due_before: query.due_before,
        q: query.q.clone(),
        visible_to: visibility(user),
        ..CaseFilter::default()
    }
}

/// What [`domain::access`] lets the person see, as the store obeys it. A test holds the two together.
pub(crate) fn visibility(user: &User) -> Visibility {
    let actor = &user.actor;
    let is_handler = user.has(Role::WindowClerk) || user.has(Role::OfficeHead);
    let sees_all = user.has(Role::Supervisor)
        || user.has(Role::Director)
        || (user.has(Role::OfficeHead) && actor.of_business_office)
        || (user.has(Role::WindowClerk) && actor.of_bureau);
    if sees_all {
        return Visibility::All;
    }
    let mut any = Vec::new();
    if user.has(Role::Applicant) && !actor.enterprises.is_empty() {
        any.push(Visibility::Enterprises(actor.enterprises.iter().map(|party| party.0.clone()).collect()));
    }
    if user.has(Role::ServiceStaff) {
        any.push(Visibility::Person(actor.username.clone()));
    }
    if let (true, Some(office)) = (is_handler, &actor.office) {
        any.push(Visibility::Office(office.clone()));
    }
    if actor.office.is_some() {
        any.push(Visibility::Holder(actor.username.clone(), actor.office.clone().filter(|_| is_handler)));
    }
    if let (true, Some(office)) = (user.has(Role::OfficeHead), &actor.office) {
        any.push(Visibility::LedBy(office.clone()));
    }
    if user.has(Role::Archivist) {
        any.push(Visibility::Ended);
    }
    if any.is_empty() { Visibility::Nothing } else { Visibility::AnyOf(any) }
}
