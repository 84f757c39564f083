//! History and forecasts as they are kept: written with the case, made anew when the calendar changes, looked up in memory.

use super::ForecastQuality;
use crate::AppError;
use crate::app::App;
use crate::reference::Reference;
use chrono::{Days, NaiveDate};
use domain::calendar::{Calendar, today};
use domain::case::{ApplicationEvent, Case, Event, MatterEvent, Status};
use domain::chain::{Envelope, chain_hash};
use domain::ids::CaseId;
use domain::plan::{Forecast, History, MatterRun, Play, Scenario, forecast, items_of, runs_of};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::{ForecastRecord, Tx};

/// What was decided longer ago says little about today: three years.
const REMEMBERED: Days = Days::new(1096);
/// How long a history read from the database is good, unless a matter is decided here meanwhile.
const GOOD_FOR: Duration = Duration::from_secs(60);
/// Runs of a forecast that is kept: enough for its day, a tenth of what a person is shown.
const KEPT_RUNS: u32 = 1_000;
/// How many cases are looked at together.
const AT_ONCE: u64 = 200;
/// Which form of the runs this program writes.
const RUN_FORMAT: &str = "1";

/// The history in memory.
#[derive(Default)]
pub(crate) struct HistoryCache {
    kept: tokio::sync::Mutex<Option<(Instant, Arc<History>)>>,
    is_stale: AtomicBool,
    /// How good forecasts have been, as of a day.
    pub(super) judged: tokio::sync::Mutex<Option<(NaiveDate, ForecastQuality)>>,
}

impl HistoryCache {
    /// A matter was decided: the next who asks reads it anew.
    pub(crate) fn forget(&self) {
        self.is_stale.store(true, Ordering::Relaxed);
    }
}

/// What a command leaves for history.
pub(crate) struct Settled {
    case: CaseId,
    runs: Vec<MatterRun>,
    finished_on: Option<NaiveDate>,
}

impl Settled {
    /// What these events change in history; nothing if no matter was decided and none came or went.
    pub(crate) fn by(case: &Case, envelopes: &[Envelope], calendar: &Calendar) -> Option<Self> {
        let counts = |envelope: &Envelope| {
            matches!(
                envelope.event,
                Event::Matter(MatterEvent::MatterFinished { .. })
                    | Event::Application(ApplicationEvent::MattersChanged { .. } | ApplicationEvent::ModeChosen { .. })
            )
        };
        envelopes.iter().any(counts).then(|| Self::of(case, calendar))
    }

    fn of(case: &Case, calendar: &Calendar) -> Self {
        Self { case: case.id.clone(), runs: runs_of(case, calendar), finished_on: finished_on(case) }
    }

    /// Writes it in the transaction of the case's row.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<(), AppError> {
        tx.put_matter_runs(&self.case, &self.runs).await?;
        Ok(tx.set_forecasts_actual(&self.case, self.finished_on).await?)
    }
}

/// The day on which the last matter of a case was finished.
fn finished_on(case: &Case) -> Option<NaiveDate> {
    let last = case.matters.iter().filter_map(|matter| matter.finished_at).max();
    last.filter(|_| case.all_finished()).map(today)
}

/// What the runs in the database were made with: another calendar may count other days.
fn made_with(reference: &Reference) -> String {
    let calendar = chain_hash("", format!("{:?}", reference.calendar).as_bytes());
    format!(r#"{{"format":"{RUN_FORMAT}","calendar":"{calendar}"}}"#)
}

impl App {
    /// How long matters have taken, at most a minute old, and newer if a matter was decided here.
    pub(crate) async fn history(&self) -> Result<Arc<History>, AppError> {
        let cache = &self.inner.history;
        let mut kept = cache.kept.lock().await;
        let is_stale = cache.is_stale.swap(false, Ordering::Relaxed);
        if let Some((_, history)) = kept.as_ref().filter(|(read, _)| !is_stale && read.elapsed() < GOOD_FOR) {
            return Ok(Arc::clone(history));
        }
        let since = self.now().checked_sub_days(REMEMBERED).unwrap_or_default();
        let history = Arc::new(History::of(self.inner.store.history_lines(since).await?));
        *kept = Some((Instant::now(), Arc::clone(&history)));
        Ok(history)
    }

    /// Whether the runs were made with this calendar.
    async fn runs_are_current(&self) -> Result<bool, AppError> {
        let known = self.inner.store.reference("runs").await?;
        Ok(known.is_some_and(|(_, with)| with == made_with(&self.reference())))
    }

    /// Makes history anew from the cases if another program or another calendar made it. Commands go on meanwhile.
    pub(crate) async fn renew_runs(&self) -> Result<(), AppError> {
        if self.runs_are_current().await? {
            return Ok(());
        }
        let reference = self.reference();
        let mut last: Option<CaseId> = None;
        loop {
            let ids = self.inner.store.case_ids_after(last.as_ref(), AT_ONCE).await?;
            let Some(end) = ids.last() else { break };
            last = Some(end.clone());
            let mut settled = Vec::with_capacity(ids.len());
            for state in self.inner.store.case_states(&ids).await? {
                let case: Case = serde_json::from_str(&state)?;
                settled.push((version(&case), Settled::of(&case, &reference.calendar)));
            }
            let write = self.inner.store.write(move |tx| {
                Box::pin(async move {
                    for (version, settled) in &settled {
                        // Who went on with the case meanwhile has written its history.
                        if tx.hold_case_version(&settled.case).await? == Some(*version) {
                            settled.write(tx).await?;
                        }
                    }
                    Ok::<_, AppError>(())
                })
            });
            write.await?;
        }
        self.inner.history.forget();
        crate::reference::put(&self.inner.store, "runs", made_with(&reference), self.now()).await
    }

    /// Where history and forecasts are not what the case makes. Until a new calendar has been taken over, days are not compared.
    pub(crate) async fn history_faults(&self, case: &Case) -> Result<Vec<&'static str>, AppError> {
        let mut expected = runs_of(case, &self.reference().calendar);
        expected.sort_by(|one, other| one.matter.cmp(&other.matter));
        let mut stored = self.inner.store.matter_runs(&case.id).await?;
        if stored != expected && !self.runs_are_current().await? {
            [&mut expected, &mut stored].into_iter().flatten().for_each(forget_days);
        }
        let finished_on = finished_on(case);
        let forecasts = self.inner.store.forecasts_of(&case.id, 1).await?;
        let is_held = forecasts.iter().all(|forecast| forecast.actual_on == finished_on);
        let faults = [
            (stored != expected).then_some("the history of its matters is not what the events make"),
            (!is_held).then_some("its forecasts are not held against the day on which it was finished"),
        ];
        let faults: Vec<_> = faults.into_iter().flatten().collect();
        let has_moved = || self.inner.store.case_version(&case.id);
        if faults.is_empty() || has_moved().await? == Some(version(case)) { Ok(faults) } else { Ok(Vec::new()) }
    }

    /// Brings history and forecasts up to the day and the calendar.
    pub(crate) async fn renew_forecasts(&self) -> Result<(), AppError> {
        self.renew_runs().await?;
        self.make_forecasts().await.map(drop)
    }

    /// Writes down what is likely for every case at work, once a day and if it has changed: later it is held against what happened.
    /// Answers how many forecasts were new.
    ///
    /// # Errors
    /// What the store says.
    pub async fn make_forecasts(&self) -> Result<usize, AppError> {
        let (history, reference, now) = (self.history().await?, self.reference(), self.now());
        let (mut last, mut made): (Option<CaseId>, usize) = (None, 0);
        loop {
            let ids = self.inner.store.unended_case_ids_after(last.as_ref(), AT_ONCE).await?;
            let Some(end) = ids.last() else { return Ok(made) };
            last = Some(end.clone());
            let states = self.inner.store.case_states(&ids).await?;
            let (history, reference) = (Arc::clone(&history), Arc::clone(&reference));
            let batch = tokio::task::spawn_blocking(move || {
                let kept = |state: &String| {
                    let case: Case = serde_json::from_str(state)?;
                    Ok::<_, serde_json::Error>((version(&case), kept(&case, &history, &reference, now)))
                };
                states.iter().map(kept).collect::<Result<Vec<_>, _>>()
            });
            let batch = batch.await.map_err(|error| AppError::internal("forecast", &error))??;
            made += self.keep(batch.into_iter().filter_map(|(version, new)| Some((version, new?))).collect()).await?;
        }
    }

    /// Writes down the forecasts that are new.
    async fn keep(&self, batch: Vec<(i64, ForecastRecord)>) -> Result<usize, AppError> {
        let mut new = Vec::new();
        for (version, forecast) in batch {
            let before = self.inner.store.forecasts_of(&forecast.case, 1).await?;
            let is_known = |one: &ForecastRecord| one.made_on == forecast.made_on || says(one) == says(&forecast);
            if !before.iter().any(is_known) {
                new.push((version, forecast));
            }
        }
        let count = new.len();
        let write = self.inner.store.write(move |tx| {
            Box::pin(async move {
                for (version, forecast) in &new {
                    // A case that has gone on may be finished: its forecast would never be held against that.
                    if tx.hold_case_version(&forecast.case).await? == Some(*version) {
                        tx.put_forecast(forecast).await?;
                    }
                }
                Ok::<_, AppError>(())
            })
        });
        write.await?;
        Ok(count)
    }
}

fn version(case: &Case) -> i64 {
    i64::try_from(case.version).unwrap_or(i64::MAX)
}

fn says(forecast: &ForecastRecord) -> [NaiveDate; 4] {
    [forecast.p10, forecast.p50, forecast.p80, forecast.p90]
}

fn forget_days(run: &mut MatterRun) {
    run.lag_days = 0;
    run.office_days = 0;
    run.enterprise_days = 0;
    run.special_days = 0;
    run.suspended_days = 0;
    run.waited_to_claim_minutes = None;
}

/// The forecast of a case at work as it is kept.
fn kept(
    case: &Case,
    history: &History,
    reference: &Reference,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<ForecastRecord> {
    if case.status != Status::Running {
        return None;
    }
    let calendar = &reference.calendar;
    let green = Scenario { green: case.green.is_some(), ..Scenario::default() };
    let items = green.apply(&items_of(case, calendar, now), reference.policy.green_percent);
    let play = Play { runs: KEPT_RUNS, ..Play::default() };
    let forecast: Forecast = forecast(&items, &[], history, calendar, today(now), play)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(ForecastRecord {
        case: case.id.clone(),
        made_on: today(now),
        p10: forecast.end.p10.on.date,
        p50: forecast.end.p50.on.date,
        p80: forecast.end.p80.on.date,
        p90: forecast.end.p90.on.date,
        basis_n: count(forecast.on_history()),
        open_n: count(forecast.matters.len()),
        actual_on: None,
    })
}
