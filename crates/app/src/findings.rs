//! What the program found that went wrong, for supervision (S6.2, S8.2).

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::secrets::new_id;
use chrono::{DateTime, Utc};
use domain::access::{Action, On, may};
use domain::calendar::Calendar;
use domain::case::{Case, Event, MaterialsEvent};
use domain::chain::Envelope;
use domain::ids::{CaseId, OfficeCode, Username};
use domain::warning::Warning;
use serde_json::{Value, json};
use store::{FindingFilter, FindingRecord};

/// A finding that nobody has handled yet.
fn finding(case: &Case, at: DateTime<Utc>, kind: &str, clause: &str, subject: &str, evidence: &Value) -> FindingRecord {
    FindingRecord {
        id: new_id(),
        at,
        kind: kind.to_owned(),
        case: Some(case.id.clone()),
        clause: clause.to_owned(),
        subject: subject.to_owned(),
        evidence_json: evidence.to_string(),
        status: "open".to_owned(),
    }
}

/// What the program finds in events by itself: breaches (S6.2), and entries made long after the fact (S5.3).
pub(crate) fn findings_of(case: &Case, envelopes: &[Envelope]) -> Result<Vec<FindingRecord>, AppError> {
    let mut findings = Vec::new();
    for envelope in envelopes {
        let event = serde_json::to_value(&envelope.event)?;
        let actor = envelope.actor.as_str();
        if let Event::Materials(MaterialsEvent::BreachRecorded { .. }) = &envelope.event {
            findings.push(finding(case, envelope.at, "second_notice", "S6.2", actor, &event));
        }
        if event.get("late").and_then(Value::as_bool) == Some(true) {
            findings.push(finding(case, envelope.at, "late_entry", "S5.3", actor, &event));
        }
    }
    Ok(findings)
}

/// A matter is overdue by the office that holds it (S8.2), with whose time was used. Nothing where the time is not the
/// office's: a body outside the banner holds it.
pub(crate) fn overdue(
    case: &Case,
    warning: &Warning,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Option<FindingRecord> {
    let matter = case.matter(&warning.matter).filter(|matter| !matter.is_outside_time())?;
    let subject = matter.claimed_by.as_ref().map_or(matter.office.as_str(), Username::as_str);
    let evidence = json!({
        "matter": warning.matter,
        "office": matter.office,
        "due": warning.due,
        "run": warning.run,
        "split": matter.split(case, calendar, now),
    });
    Some(finding(case, now, "overdue", "S8.2", subject, &evidence))
}

/// An office has not answered for so long that supervision was told (S5.3).
pub(crate) fn claim_ignored(case: &Case, warning: &Warning, now: DateTime<Utc>) -> Option<FindingRecord> {
    let matter = case.matter(&warning.matter)?;
    let evidence = json!({
        "matter": warning.matter,
        "office": matter.office,
        "offered_at": matter.offered_at,
        "due": warning.due,
    });
    Some(finding(case, now, "claim_ignored", "S5.3", matter.office.as_str(), &evidence))
}

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
            let office = OfficeCode(row.subject.clone());
            let subject = match reference.directory.office(&office) {
                Some(office) => office.name.clone(),
                None => reference.directory.person_name(&Username(row.subject)).to_owned(),
            };
            views.push(FindingView {
                id: row.id,
                at: row.at,
                kind: row.kind,
                case_number: case.and_then(|case| case.head.number).unwrap_or_default(),
                case: row.case,
                clause: row.clause,
                subject,
                evidence: serde_json::from_str(&row.evidence_json)?,
                status: row.status,
            });
        }
        Ok(views)
    }
}
