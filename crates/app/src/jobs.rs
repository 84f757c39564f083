//! The job loop: what the outbox holds is done once, tried again when it fails, and given up with a record.

use crate::AppError;
use crate::app::App;
use crate::dates::DATES_MOVED;
use crate::meetings::DECISION_DUE;
use crate::news::CASE_NEWS;
use crate::warnings::WARNING;
use chrono::{DateTime, TimeDelta, Utc};
use std::future::Future;
use std::time::Duration;
use store::OutboxJob;

/// So often a message is tried before it is given up.
const MOST_TRIES: i32 = 8;
const AT_ONCE: u64 = 50;

impl App {
    /// Does everything that is due now and answers how many jobs that were.
    ///
    /// # Errors
    /// What the store says; a job that fails is tried again later and is no error.
    pub async fn run_jobs(&self) -> Result<usize, AppError> {
        let mut done = 0;
        loop {
            let now = self.now();
            let jobs = self.inner.store.claim(now, AT_ONCE, TimeDelta::minutes(5)).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            for job in jobs {
                self.run_job(job).await?;
                done += 1;
            }
        }
    }

    async fn run_job(&self, job: OutboxJob) -> Result<(), AppError> {
        let now = self.now();
        let result = match job.kind.as_str() {
            CASE_NEWS => self.send_news(&job).await.map(|()| None),
            DATES_MOVED => self.send_dates_moved(&job).await.map(|()| None),
            WARNING => self.send_warning(&job).await,
            DECISION_DUE => self.send_decision_due(&job).await,
            other => Err(AppError::Internal(format!("no such job: {other}"))),
        };
        match result {
            Ok(None) => {
                let id = job.id;
                self.inner.store.write(move |tx| Box::pin(async move { tx.job_done(&id, now).await })).await?;
                Ok(())
            }
            Ok(Some(later)) => self.run_later(job.id, "the hall is closed".to_owned(), later).await,
            Err(error) => {
                tracing::warn!(job = %job.id, %error, "a job failed and is tried again");
                self.run_later(job.id, error.to_string(), now + TimeDelta::minutes(2)).await
            }
        }
    }

    async fn run_later(&self, id: String, why: String, later: DateTime<Utc>) -> Result<(), AppError> {
        let retry =
            self.inner.store.write(move |tx| Box::pin(async move { tx.retry_job(&id, &why, later, MOST_TRIES).await }));
        retry.await?;
        Ok(())
    }

    /// Runs jobs until told to stop, and reads the reference data again when another process has changed it.
    pub async fn work_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut day = None;
        let mut warned: Option<DateTime<Utc>> = None;
        loop {
            // Lights and due dates in lists are of a day, a calendar and the hall's numbers: they turn with them.
            let today = (domain::calendar::today(self.now()), self.reference().dates_follow());
            if day != Some(today) && self.begin_day().await {
                day = Some(today);
            }
            let now = self.now();
            // A clock that was set back must not silence the warnings until it has caught up.
            if warned.is_none_or(|last| (now - last).abs() >= TimeDelta::minutes(1)) {
                match self.give_warnings().await {
                    Ok(_) => warned = Some(now),
                    Err(error) => tracing::warn!(%error, "warnings could not be looked for"),
                }
            }
            if let Err(error) = self.remind_decisions().await {
                tracing::warn!(%error, "owners of decisions could not be reminded");
            }
            if let Err(error) = self.run_jobs().await {
                tracing::warn!(%error, "the job loop could not reach the database");
            }
            if let Err(error) = self.reload_reference().await {
                tracing::warn!(%error, "the reference data could not be read");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    }

    /// What is done once a day; each of it can be done again. Answers whether all of it succeeded.
    async fn begin_day(&self) -> bool {
        let done = [
            ("the lists could not be brought up to the day", self.refresh_projections().await.map(drop)),
            ("notices whose date has passed could not be looked at", self.lapse_notices().await.map(drop)),
            ("history and forecasts could not be brought up to the day", self.renew_forecasts().await),
            ("old answers could not be forgotten", self.forget_old_answers().await.map(drop)),
            ("old links for signing could not be forgotten", self.forget_old_sign_links().await.map(drop)),
        ];
        for (what, result) in &done {
            if let Err(error) = result {
                tracing::warn!(%error, "{what}");
            }
        }
        done.iter().all(|(_, result)| result.is_ok())
    }

    /// How many jobs wait; tests fail when they leave some.
    ///
    /// # Errors
    /// What the store says.
    pub async fn pending_jobs(&self) -> Result<u64, AppError> {
        Ok(self.inner.store.pending_count().await?)
    }
}
