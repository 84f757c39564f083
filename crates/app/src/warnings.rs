//! Warnings and chases (S5.3, S8.2): looked for in office hours, written down once, sent through the outbox.
//!
//! Each running case is looked at when it has changed, when something of it falls due, and each morning: absences and the
//! calendar may have moved what the last look found. What was seen is remembered in this process only; whoever starts anew
//! looks at everything, and finds in the table what went out before.

mod chase;
mod message;
mod pressing;

pub use chase::{Chased, NewChase, WarningView};
pub use pressing::{OfficeCount, Pressing, PressingMatter, PressingQuery};

use crate::AppError;
use crate::app::App;
use crate::findings::{claim_ignored, overdue};
use crate::reference::Reference;
use crate::secrets::new_id;
use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, today};
use domain::case::Case;
use domain::ids::{CaseId, MatterCode, Username};
use domain::warning::{Cause, Step, Warning, ahead};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::PoisonError;
use store::{FindingRecord, OutboxRecord, WarningKey, WarningRecord};

/// The kind of job that sends a warning or a chase.
pub(crate) const WARNING: &str = "warning";

/// Cases looked at together.
const AT_ONCE: usize = 200;

/// What was seen of a case: its version, and when to look again if that stays the same.
pub(crate) type Seen = HashMap<CaseId, (i64, DateTime<Utc>)>;

/// Which warning is to be sent, and to whom.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sending {
    pub(crate) warning: String,
    pub(crate) to: Vec<Username>,
}

/// A warning that is to be given: its row, its message, and what supervision finds in it.
struct Giving {
    row: WarningRecord,
    message: Option<OutboxRecord>,
    finding: Option<FindingRecord>,
}

impl App {
    /// Gives every warning that is due and has not been given, and answers how many those were. Outside office hours it does
    /// nothing: what falls due then leaves at the next opening.
    ///
    /// # Errors
    /// What the store says.
    pub async fn give_warnings(&self) -> Result<usize, AppError> {
        let (now, reference) = (self.now(), self.reference());
        if !reference.calendar.is_open(now) {
            return Ok(0);
        }
        let watched = self.inner.store.cases_to_watch().await?;
        let ids = self.to_look_at(&watched, now);
        let morning = next_morning(&reference.calendar, now);
        let mut given = 0;
        for ids in ids.chunks(AT_ONCE) {
            let known: HashSet<WarningKey> = self.inner.store.warning_keys(ids).await?.into_iter().collect();
            for state in self.inner.store.case_states(ids).await? {
                let case: Case = serde_json::from_str(&state)?;
                let version = i64::try_from(case.version).unwrap_or(i64::MAX);
                let all = ahead(&case, &reference.calendar, &reference.policy, &reference.directory, now);
                let (due, later): (Vec<Warning>, Vec<Warning>) = all.into_iter().partition(|w| w.since <= now);
                let is_new = |warning: &&Warning| !known.contains(&key(&case, warning));
                let new: Vec<&Warning> = due.iter().filter(is_new).collect();
                let written = if new.is_empty() { Some(0) } else { self.give(&case, &new, &reference, now).await? };
                if let Some(written) = written {
                    given += written;
                    let again = later.iter().map(|warning| warning.since).min().unwrap_or(morning).min(morning);
                    self.seen().insert(case.id, (version, again));
                }
            }
        }
        if given > 0 {
            metrics::counter!("bangban_warnings_total").increment(u64::try_from(given).unwrap_or(0));
        }
        Ok(given)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of the cases that have changed since the last look or in which something falls due; what is watched no more is
    /// forgotten.
    fn to_look_at(&self, watched: &[(CaseId, i64)], now: DateTime<Utc>) -> Vec<CaseId> {
        let mut seen = self.seen();
        let is_seen =
            |(id, version): &&(CaseId, i64)| !seen.get(id).is_some_and(|(seen, again)| seen == version && now < *again);
        let ids: Vec<CaseId> = watched.iter().filter(is_seen).map(|(id, _)| id.clone()).collect();
        if seen.len() > watched.len() {
            let current: HashSet<&CaseId> = watched.iter().map(|(id, _)| id).collect();
            seen.retain(|id, _| current.contains(id));
        }
        ids
    }

    /// Writes warnings with their messages and findings, those of them that nobody else has written meanwhile. Answers how many
    /// those were; nothing if the case has changed since it was looked at, so that it is looked at again.
    async fn give(
        &self,
        case: &Case,
        new: &[&Warning],
        reference: &Reference,
        now: DateTime<Utc>,
    ) -> Result<Option<usize>, AppError> {
        let version = i64::try_from(case.version).unwrap_or(i64::MAX);
        let (id, givings) = (case.id.clone(), givings(case, new, reference, now)?);
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if tx.case_version(&id).await? != Some(version) {
                        return Ok(None);
                    }
                    let mut written = 0;
                    for giving in &givings {
                        if !tx.insert_warning(&giving.row).await? {
                            continue;
                        }
                        written += 1;
                        if let Some(message) = &giving.message {
                            tx.enqueue(message).await?;
                        }
                        if let Some(finding) = &giving.finding {
                            tx.insert_finding(finding).await?;
                        }
                    }
                    Ok::<_, AppError>(Some(written))
                })
            })
            .await
    }
}

/// When the hall opens on the next working day.
fn next_morning(calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    calendar.opens_at(calendar.add_working_days(today(now), 1).date)
}

fn key(case: &Case, warning: &Warning) -> WarningKey {
    let (matter, cause, step, run) = warning.key();
    (case.id.clone(), MatterCode::from(matter), cause.to_owned(), step.to_owned(), run.to_owned())
}

/// The rows of warnings, with a message for whoever is not told of the same by a step below. That time is short is not told
/// together with that it is over: what was missed (the program stood still) is only written down.
fn givings(case: &Case, new: &[&Warning], reference: &Reference, now: DateTime<Utc>) -> Result<Vec<Giving>, AppError> {
    let mut told: BTreeSet<(&MatterCode, Cause, &Username)> = BTreeSet::new();
    let mut givings = Vec::with_capacity(new.len());
    for warning in new {
        let is_past = warning.cause == Cause::NearlyOverdue
            && new.iter().any(|other| other.cause == Cause::Overdue && other.matter == warning.matter);
        let fresh = warning.to.iter().filter(|person| told.insert((&warning.matter, warning.cause, person)));
        let fresh: Vec<Username> = fresh.filter(|_| !is_past).cloned().collect();
        let row = row(case, warning, now);
        let message = if fresh.is_empty() { None } else { Some(sending(&row, fresh, now)?) };
        let finding = match (warning.cause, warning.step) {
            (Cause::Overdue, Step::Person) => overdue(case, warning, &reference.calendar, now),
            (Cause::Unclaimed, Step::Supervision) => claim_ignored(case, warning, now),
            _ => None,
        };
        givings.push(Giving { row, message, finding });
    }
    Ok(givings)
}

fn row(case: &Case, warning: &Warning, now: DateTime<Utc>) -> WarningRecord {
    WarningRecord {
        id: new_id(),
        case: case.id.clone(),
        matter: warning.matter.clone(),
        cause: warning.cause.name().to_owned(),
        step: warning.step.name().to_owned(),
        run: warning.run.clone(),
        at: store::micros(now),
        due_on: warning.due,
        to: warning.to.clone(),
        sender: None,
        words: None,
    }
}

/// The job that sends a warning or a chase.
fn sending(row: &WarningRecord, to: Vec<Username>, not_before: DateTime<Utc>) -> Result<OutboxRecord, AppError> {
    Ok(OutboxRecord {
        id: new_id(),
        kind: WARNING.to_owned(),
        payload_json: serde_json::to_string(&Sending { warning: row.id.clone(), to })?,
        not_before,
        dedup: Some(format!("warning/{}", row.id)),
    })
}
