//! Due dates and lights of all open cases: they move with the days, with the calendar and with the hall's numbers. A case whose
//! dates a new calendar moves is told of, once, to its enterprise, its agent and the offices that hold what moved.

use crate::app::App;
use crate::configuration::{NotTaken, RowChange};
use crate::news::{Reader, is_held};
use crate::papers::matter_name;
use crate::projection::{colour, due_on, light_name, matter_due, office_row};
use crate::reference::Reference;
use crate::secrets::new_id;
use crate::{AppError, User};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::case::Case;
use domain::ids::{CaseId, MatterCode, OfficeCode};
use notify::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{CaseOffice, MovedDates, OpenCaseDates, OutboxJob, OutboxRecord};

/// The kind of job that tells of dates moved by a new calendar.
pub(crate) const DATES_MOVED: &str = "dates_moved";
/// The kind of reference data that says by which calendar the dates in lists were last computed.
pub(crate) const COMPUTED_BY: &str = "dates";
/// So many cases are read, computed and written at a time; commands go on in between.
const AT_ONCE: u64 = 500;

/// What a recomputation has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Cases that were looked at.
    pub open: usize,
    /// Cases whose date or light was written anew.
    pub moved: usize,
    /// Cases whose enterprise and agent are told of a new calendar.
    pub told: usize,
}

/// A due date that a new calendar moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Move {
    matter: MatterCode,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Serialize, Deserialize)]
struct Moved {
    case: CaseId,
    calendar: i64,
    moves: Vec<Move>,
}

/// Two calendars over the same case.
struct Switch {
    now: DateTime<Utc>,
    reference: Arc<Reference>,
    /// What the dates were computed by before; none if it is the same calendar.
    before: Option<Reference>,
}

impl Switch {
    fn moves(&self, case: &Case) -> Vec<Move> {
        let Some(before) = self.before.as_ref().filter(|_| case.status.is_open()) else { return Vec::new() };
        let moved = case.matters.iter().filter_map(|matter| {
            let from = matter_due(matter, before, self.now)?;
            let to = matter_due(matter, &self.reference, self.now)?;
            (from != to).then(|| Move { matter: matter.scope.code.clone(), from, to })
        });
        moved.collect()
    }

    fn told(&self, case: &Case) -> Result<Option<OutboxRecord>, AppError> {
        let (moves, calendar) = (self.moves(case), self.reference.version("calendar"));
        if moves.is_empty() {
            return Ok(None);
        }
        let payload = Moved { case: case.id.clone(), calendar, moves };
        Ok(Some(OutboxRecord {
            id: new_id(),
            kind: DATES_MOVED.to_owned(),
            payload_json: serde_json::to_string(&payload)?,
            // Computed at night; nobody's telephone rings before the hall opens.
            not_before: self.reference.calendar.add_working_minutes(self.now, 0),
            dedup: Some(format!("dates/{calendar}/{}", case.id)),
        }))
    }

    /// What is to be written of a batch, and who is told.
    fn batch(&self, rows: &[OpenCaseDates]) -> Result<(Vec<MovedDates>, Vec<OutboxRecord>), AppError> {
        let (mut moved, mut told) = (Vec::new(), Vec::new());
        for row in rows {
            let case: Case = serde_json::from_str(&row.state_json)?;
            let offices = case.matters.iter().map(|matter| office_row(matter, &self.reference, self.now));
            let offices: Vec<CaseOffice> = offices.filter(|office| !row.offices.contains(office)).collect();
            let due = due_on(&case, &self.reference, self.now);
            let light = light_name(colour(&case, &self.reference, self.now));
            if due != row.due_on || light != row.colour || !offices.is_empty() {
                moved.push(MovedDates {
                    id: row.id.clone(),
                    version: row.version,
                    due_on: due,
                    colour: light.to_owned(),
                    offices,
                });
            }
            told.extend(self.told(&case)?);
        }
        Ok((moved, told))
    }

    /// How many cases of a batch have a due date that the change moves.
    fn count_moved(&self, rows: &[OpenCaseDates]) -> Result<usize, AppError> {
        rows.iter().try_fold(0, |count, row| {
            let case: Case = serde_json::from_str(&row.state_json)?;
            Ok(count + usize::from(!self.moves(&case).is_empty()))
        })
    }
}

impl App {
    /// Computes the dates and lights of every open case anew, as of today, and tells those whom a new calendar concerns. Stopped
    /// halfway, it can be done again: what is right is not written, and nobody is told twice.
    ///
    /// # Errors
    /// What the store says.
    pub async fn refresh_projections(&self) -> Result<Refreshed, AppError> {
        let reference = self.reference();
        let calendar = reference.version("calendar");
        let last = self.inner.store.reference(COMPUTED_BY).await?.and_then(|(_, body)| body.parse::<i64>().ok());
        let old = match last.filter(|last| *last != calendar) {
            Some(last) => self.inner.store.reference_version("calendar", last).await?,
            None => None,
        };
        let before = match old {
            Some(old) => Some(Calendar::parse(&old.body_json).map_err(|error| AppError::internal("calendar", &error))?),
            None => None,
        };
        let before = before.map(|calendar| Reference { calendar, ..(*reference).clone() });
        let switch = Arc::new(Switch { now: self.now(), reference, before });
        let done = self.refresh_by(&switch).await?;
        if last != Some(calendar) {
            crate::reference::put(&self.inner.store, COMPUTED_BY, calendar.to_string(), self.now()).await?;
        }
        Ok(done)
    }

    async fn refresh_by(&self, switch: &Arc<Switch>) -> Result<Refreshed, AppError> {
        let mut done = Refreshed::default();
        let mut last: Option<CaseId> = None;
        loop {
            let by = Arc::clone(switch);
            let batch = self.next_batch(&mut last, move |rows| by.batch(rows)).await?;
            let Some((open, (moved, told))) = batch else { return Ok(done) };
            done.open += open;
            done.moved += moved.len();
            done.told += told.len();
            if !moved.is_empty() || !told.is_empty() {
                self.inner
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            tx.move_dates(&moved).await?;
                            tx.enqueue_all(&told).await
                        })
                    })
                    .await?;
            }
        }
    }

    /// How many cases are open, and of how many a change of the calendar would move a due date.
    ///
    /// # Errors
    /// As [`App::try_configuration`].
    pub async fn preview_dates(
        &self,
        user: &User,
        changes: &[RowChange],
        on: NaiveDate,
    ) -> Result<Refreshed, NotTaken> {
        let calendar = self.calendar_with(user, changes, on).await?;
        let reference = self.reference();
        let before = Some((*reference).clone());
        let after = Arc::new(Reference { calendar, ..(*reference).clone() });
        let switch = Arc::new(Switch { now: self.now(), reference: after, before });
        let mut done = Refreshed::default();
        let mut last: Option<CaseId> = None;
        loop {
            let by = Arc::clone(&switch);
            let batch = self.next_batch(&mut last, move |rows| by.count_moved(rows)).await?;
            let Some((open, moved)) = batch else { return Ok(done) };
            done.open += open;
            done.moved += moved;
        }
    }

    /// Reads the open cases after `last` and works on them beside the requests; answers how many those were, and the result.
    async fn next_batch<T: Send + 'static>(
        &self,
        last: &mut Option<CaseId>,
        work: impl FnOnce(&[OpenCaseDates]) -> Result<T, AppError> + Send + 'static,
    ) -> Result<Option<(usize, T)>, AppError> {
        let rows = self.inner.store.open_case_dates(last.as_ref(), AT_ONCE).await?;
        let Some(end) = rows.last() else { return Ok(None) };
        *last = Some(end.id.clone());
        let open = rows.len();
        let worked = tokio::task::spawn_blocking(move || work(&rows)).await;
        Ok(Some((open, worked.map_err(|error| AppError::internal("dates", &error))??)))
    }

    /// Tells of the dates that a new calendar has moved: enterprise and agent of all, an office of those that it holds.
    pub(crate) async fn send_dates_moved(&self, job: &OutboxJob) -> Result<(), AppError> {
        let moved: Moved = serde_json::from_str(&job.payload_json)?;
        let (_, case) = self.load(&moved.case).await?;
        let catalogue = &self.reference().catalogue;
        let subject = format!("办件 {}：放假或停办安排有调整，到期日随之改变", case.number);
        let transport = self.transport()?;
        for (reader, moves) in readers(&case, &moved.moves) {
            let line = |one: &&Move| {
                let name = matter_name(catalogue, &one.matter);
                format!("“{name}”的到期日由 {} 改为 {}", one.from, one.to)
            };
            let lines = moves.iter().map(line).collect::<Vec<_>>().join("；");
            let link = self.link(&case, &reader);
            for to in self.addresses(&case, &reader) {
                let message = Message {
                    dedup: format!("dates/{}/{}/{to}", moved.calendar, moved.case),
                    to,
                    text: format!("{subject}。{lines}。\n\n{link}\n"),
                    subject: subject.clone(),
                    kind: DATES_MOVED.to_owned(),
                };
                transport.send(&message, self.now()).await.map_err(|error| AppError::internal("message", &error))?;
            }
        }
        Ok(())
    }
}

/// Who is told of which moves.
fn readers<'a>(case: &Case, moves: &'a [Move]) -> Vec<(Reader, Vec<&'a Move>)> {
    let mut offices: BTreeMap<&OfficeCode, Vec<&Move>> = BTreeMap::new();
    for one in moves {
        if let Some(matter) = case.matter(&one.matter).filter(|matter| is_held(matter)) {
            offices.entry(&matter.office).or_default().push(one);
        }
    }
    let all = || moves.iter().collect::<Vec<_>>();
    let offices = offices.into_iter().map(|(office, moves)| (Reader::Office(office.clone()), moves));
    [(Reader::Client, all()), (Reader::Agent, all())].into_iter().chain(offices).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::tests::sample::Sample;
    use domain::case::DeliveryWay;

    #[test]
    fn s8_2_an_office_learns_of_what_it_holds_and_of_nothing_else() {
        let case = Sample::running(DeliveryWay::InPerson).case;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let moved = case.matters.iter().map(|matter| Move {
            matter: matter.scope.code.clone(),
            from: day("2026-12-01"),
            to: day("2026-12-02"),
        });
        let moved: Vec<Move> = moved.collect();
        let told = readers(&case, &moved);
        assert!(told.iter().take(2).all(|(_, moves)| moves.len() == moved.len()), "enterprise and agent learn all");
        let by_office = |(reader, moves): &(Reader, Vec<&Move>)| match reader {
            Reader::Office(office) => Some((office.clone(), moves.iter().map(|one| one.matter.clone()).collect())),
            _ => None,
        };
        let by_office: BTreeMap<OfficeCode, Vec<MatterCode>> = told.iter().filter_map(by_office).collect();
        let mut held: BTreeMap<OfficeCode, Vec<MatterCode>> = BTreeMap::new();
        for matter in case.matters.iter().filter(|matter| is_held(matter)) {
            held.entry(matter.office.clone()).or_default().push(matter.scope.code.clone());
        }
        assert!(!held.is_empty());
        assert_eq!(by_office, held);
        assert!(case.matters.iter().any(|matter| matter.outside), "what is outside is no office's of the hall");
    }
}
