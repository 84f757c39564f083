//! The ledger's lines of open cases in memory: a case is read whole once, and again only when it has changed.
//!
//! Lines are what a case, the reference data and the day make of it, so they are kept by exactly these. The version of each case
//! comes from the database with every list: what another program of the hall wrote shows at once here, too.

use super::{LedgerRow, OutsideRow, outside, rows_of};
use crate::app::App;
use crate::reference::Reference;
use crate::{AppError, CaseHead};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::today;
use domain::case::Case;
use domain::ids::CaseId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Lines kept at most, of all cases together: some tens of megabytes. What is beyond is read each time.
const MOST_LINES: usize = 100_000;
/// Cases read from the database together.
const AT_ONCE: usize = 500;

/// The lines of a case.
#[derive(Clone)]
pub(super) struct Lines {
    /// The matters of its project, if it has one.
    pub(super) project: Arc<[LedgerRow]>,
    /// The matters that are followed outside.
    pub(super) outside: Arc<[OutsideRow]>,
}

/// What all lines were made with: the reference data, the day, and whether its office hours are over. What is due on a day is
/// overdue when they are.
#[derive(Clone)]
struct Made {
    reference: Arc<Reference>,
    on: NaiveDate,
    closed: bool,
}

impl Made {
    fn now(reference: Arc<Reference>, now: DateTime<Utc>) -> Self {
        let on = today(now);
        Self { closed: now > reference.calendar.closes_at(on), reference, on }
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reference, &other.reference) && (self.on, self.closed) == (other.on, other.closed)
    }
}

/// The case as lists show it: its version and title.
type Seen = (i64, String);

#[derive(Default)]
struct Kept {
    made: Option<Made>,
    cases: HashMap<CaseId, (Seen, Lines)>,
    lines: usize,
}

impl Kept {
    /// The lines of these cases where they are known, in order.
    fn known(&mut self, made: &Made, heads: &[CaseHead]) -> Vec<Option<Lines>> {
        if !self.made.as_ref().is_some_and(|kept| kept.is(made)) {
            *self = Self { made: Some(made.clone()), ..Self::default() };
        }
        let known = |head: &CaseHead| {
            let ((version, title), lines) = self.cases.get(&head.id)?;
            (*version == head.version && *title == head.title).then(|| lines.clone())
        };
        heads.iter().map(known).collect()
    }

    /// Keeps lines, unless they were made with something else meanwhile or there are too many.
    fn keep(&mut self, made: &Made, case: CaseId, seen: Seen, lines: Lines) {
        if !self.made.as_ref().is_some_and(|kept| kept.is(made)) {
            return;
        }
        if let Some((_, before)) = self.cases.remove(&case) {
            self.lines -= before.count();
        }
        if self.lines + lines.count() <= MOST_LINES {
            self.lines += lines.count();
            self.cases.insert(case, (seen, lines));
        }
    }
}

impl Lines {
    /// How many; a case without any takes room, too.
    fn count(&self) -> usize {
        self.project.len() + self.outside.len() + 1
    }
}

/// The lines in memory.
#[derive(Default)]
pub(crate) struct LedgerCache(Mutex<Kept>);

impl LedgerCache {
    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl App {
    /// The lines of these cases, in order. A case that was removed meanwhile has none.
    pub(super) async fn lines_of(&self, heads: Vec<CaseHead>) -> Result<Vec<Lines>, AppError> {
        let now = self.now();
        let made = Made::now(self.reference(), now);
        let mut lines = self.inner.ledger.with(|kept| kept.known(&made, &heads));
        let unknown: Vec<usize> = (0..heads.len()).filter(|at| lines[*at].is_none()).collect();
        for batch in unknown.chunks(AT_ONCE) {
            let ids: Vec<CaseId> = batch.iter().map(|at| heads[*at].id.clone()).collect();
            let states = self.inner.store.case_states(&ids).await?;
            let places: HashMap<CaseId, usize> = ids.into_iter().zip(batch.iter().copied()).collect();
            let titles: HashMap<CaseId, String> =
                places.iter().map(|(id, at)| (id.clone(), heads[*at].title.clone())).collect();
            let with = made.clone();
            let read = tokio::task::spawn_blocking(move || read(&states, titles, &with.reference, now)).await;
            for (case, seen, of_case) in read.map_err(|error| AppError::internal("ledger", &error))?? {
                if let Some(at) = places.get(&case) {
                    lines[*at] = Some(of_case.clone());
                }
                self.inner.ledger.with(|kept| kept.keep(&made, case, seen, of_case));
            }
        }
        Ok(lines.into_iter().flatten().collect())
    }
}

fn read(
    states: &[String],
    mut titles: HashMap<CaseId, String>,
    reference: &Reference,
    now: DateTime<Utc>,
) -> Result<Vec<(CaseId, Seen, Lines)>, AppError> {
    let mut read = Vec::with_capacity(states.len());
    for state in states {
        let case: Case = serde_json::from_str(state)?;
        let Some(title) = titles.remove(&case.id) else { continue };
        let lines = Lines {
            project: rows_of(&case, &title, reference, now).into(),
            outside: outside::rows_of(&case, &title, reference, now).into(),
        };
        // The version of what was read: it may be newer than the list's.
        let version = i64::try_from(case.version).unwrap_or(i64::MAX);
        read.push((case.id, (version, title), lines));
    }
    Ok(read)
}
