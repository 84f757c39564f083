//! What the program found that went wrong, for supervision (S6.2, S8.2).

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use chrono::{DateTime, Utc};
use domain::access::{Action, On, may};
use domain::ids::CaseId;
use store::FindingFilter;

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind, such as `second_notice`.
    pub kind: String,
    /// In which case.
    pub case: Option<CaseId>,
    /// That case's number.
    pub case_number: String,
    /// The clause.
    pub clause: String,
    /// Whom it concerns: the name.
    pub subject: String,
    /// What shows it: the event, as JSON.
    pub evidence: serde_json::Value,
    /// Where its handling stands.
    pub status: String,
}

impl App {
    /// What the program found, the newest first.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn findings(&self, user: &User) -> Result<Vec<FindingView>, AppError> {
        const MOST: u64 = 200;
        may(&user.actor, Action::SeeFindings, On::Hall)?;
        let page = self.inner.store.list_findings(&FindingFilter::default(), None, MOST).await?;
        let reference = self.reference();
        let mut views = Vec::with_capacity(page.items.len());
        for row in page.items {
            let case = match &row.case {
                Some(id) => self.inner.store.load_case(id).await?,
                None => None,
            };
            let subject = domain::ids::Username(row.subject);
            views.push(FindingView {
                id: row.id,
                at: row.at,
                kind: row.kind,
                case_number: case.and_then(|case| case.head.number).unwrap_or_default(),
                case: row.case,
                clause: row.clause,
                subject: reference.directory.person_name(&subject).to_owned(),
                evidence: serde_json::from_str(&row.evidence_json)?,
                status: row.status,
            });
        }
        Ok(views)
    }
}
