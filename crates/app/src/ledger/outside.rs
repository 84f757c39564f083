//! The outside ledger: what is decided above the banner, by bodies outside the hall or in systems outside, of every open case
//! that the person may see, whether or not it has a project (S5.3).

use super::{MOST_CASES, open_to};
use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::lists::Cut;
use crate::reference::Reference;
use chrono::{DateTime, Utc};
use domain::access::{Action, On, may};
use domain::case::{Case, OutsideState};
use domain::ids::{CaseId, OfficeCode, Username};
use domain::ledger::{OutsideLine, outside_lines};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What the outside ledger is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsideQuery {
    /// So far.
    pub state: Option<OutsideState>,
    /// Held by this body.
    pub body: Option<OfficeCode>,
    /// Of this agent.
    pub agent: Option<Username>,
    /// Only what should have been asked for by now.
    pub late: bool,
    /// What is finished as well.
    pub finished: bool,
    /// With this text in enterprise, project, number, the body's number or the matter.
    pub q: Option<String>,
    /// In which order; what is on the green channel comes first in each.
    pub order: OutsideOrder,
    /// At most so many cases are looked through; 5,000 unless said otherwise.
    pub most: Option<usize>,
}

/// The order of the outside ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutsideOrder {
    /// What has to be asked for first; what nobody has to ask for last.
    #[default]
    Reminder,
    /// What nobody has looked at, then what was looked at longest ago.
    Checked,
    /// Case by case.
    Case,
}

/// A line of the outside ledger with its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Enterprise and project.
    pub title: String,
    /// On the green channel.
    pub green: bool,
    /// The agent, who asks.
    pub agent: Option<Username>,
    /// The matter.
    pub line: OutsideLine,
}

/// The outside ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsideLedger {
    /// The lines that were asked for.
    pub rows: Vec<OutsideRow>,
    /// Of so many cases.
    pub cases: usize,
    /// Of these lines should have been asked for by now.
    pub late: usize,
    /// Every body on any line that the person may see.
    pub bodies: Vec<OfficeCode>,
    /// Every agent, as above.
    pub agents: Vec<Username>,
    /// Some cases were not looked through: there are too many.
    pub cut: Option<Cut>,
}

impl App {
    /// What is followed outside of the open cases that the person may see.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn outside_ledger(&self, user: &User, query: &OutsideQuery) -> Result<OutsideLedger, AppError> {
        may(&user.actor, Action::SeeLedger, On::Hall)?;
        let (heads, cut) = self.heads(&open_to(user), query.most.unwrap_or(MOST_CASES)).await?;
        let lines = self.lines_of(heads).await?;
        let rows: Vec<&OutsideRow> = lines.iter().flat_map(|lines| lines.outside.iter()).collect();
        Ok(narrowed(&rows, query, &self.reference(), cut))
    }
}

/// The lines of a case; its title is as lists show it.
pub(super) fn rows_of(case: &Case, title: &str, reference: &Reference, now: DateTime<Utc>) -> Vec<OutsideRow> {
    let row = |line| OutsideRow {
        case: case.id.clone(),
        number: case.number.clone(),
        title: title.to_owned(),
        green: case.green.is_some(),
        agent: case.agent.clone(),
        line,
    };
    outside_lines(case, &reference.calendar, &reference.policy, now).into_iter().map(row).collect()
}

fn narrowed(all: &[&OutsideRow], query: &OutsideQuery, reference: &Reference, cut: Option<Cut>) -> OutsideLedger {
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let is_found = |row: &OutsideRow, q: &str| {
        let matter = reference.catalogue.matter(&row.line.matter).map_or("", |matter| matter.name.as_str());
        let number = row.line.record.as_ref().and_then(|record| record.number.as_deref()).unwrap_or_default();
        [row.title.as_str(), &row.number, number, matter].iter().any(|text| text.contains(q))
    };
    let fits = |row: &OutsideRow| {
        let line = &row.line;
        (query.finished || !line.done)
            && query.state.is_none_or(|state| state == line.state)
            && query.body.as_ref().is_none_or(|body| *body == line.body)
            && query.agent.as_ref().is_none_or(|agent| row.agent.as_ref() == Some(agent))
            && (!query.late || line.ask_late)
            && q.is_none_or(|q| is_found(row, q))
    };
    let mut rows: Vec<&OutsideRow> = all.iter().copied().filter(|row| fits(row)).collect();
    let checked = |row: &OutsideRow| row.line.record.as_ref().map(|record| record.checked_at);
    let by_order = |a: &OutsideRow, b: &OutsideRow| match query.order {
        OutsideOrder::Reminder => {
            (a.line.ask_by.is_none(), a.line.ask_by).cmp(&(b.line.ask_by.is_none(), b.line.ask_by))
        }
        OutsideOrder::Checked => checked(a).cmp(&checked(b)),
        OutsideOrder::Case => Ordering::Equal,
    };
    rows.sort_by(|a, b| (!a.green).cmp(&!b.green).then_with(|| by_order(a, b)).then_with(|| a.number.cmp(&b.number)));
    let bodies: BTreeSet<&OfficeCode> = all.iter().map(|row| &row.line.body).collect();
    let agents: BTreeSet<&Username> = all.iter().filter_map(|row| row.agent.as_ref()).collect();
    OutsideLedger {
        cases: rows.iter().map(|row| &row.case).collect::<BTreeSet<_>>().len(),
        late: rows.iter().filter(|row| row.line.ask_late).count(),
        bodies: bodies.into_iter().cloned().collect(),
        agents: agents.into_iter().cloned().collect(),
        rows: rows.into_iter().cloned().collect(),
        cut,
    }
}
