//! The job loop: what the outbox holds is done once, tried again when it fails, and given up with a record.

use crate::AppError;
use crate::app::App;
use crate::news::CASE_NEWS;
use chrono::TimeDelta;
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
            CASE_NEWS => self.send_news(&job).await,
            other => Err(AppError::Internal(format!("no such job: {other}"))),
        };
        let id = job.id;
        match result {
            Ok(()) => {
                self.inner.store.write(move |tx| Box::pin(async move { tx.job_done(&id, now).await })).await?;
            }
            Err(error) => {
                tracing::warn!(job = %id, %error, "a job failed and is tried again");
                let (text, later) = (error.to_string(), now + TimeDelta::minutes(2));
                self.inner
                    .store
                    .write(move |tx| Box::pin(async move { tx.retry_job(&id, &text, later, MOST_TRIES).await }))
                    .await?;
            }
        }
        Ok(())
    }

    /// Runs jobs until told to stop, and reads the reference data again when another process has changed it.
    pub async fn work_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut day = None;
        loop {
            let today = domain::calendar::today(self.now());
            if day != Some(today) {
                // Lights and due dates in lists are of a day: they turn with it.
                match self.refresh_projections().await {
                    Ok(_) => day = Some(today),
                    Err(error) => tracing::warn!(%error, "the lists could not be brought up to the day"),
                }
                if let Err(error) = self.lapse_notices().await {
                    tracing::warn!(%error, "notices whose date has passed could not be looked at");
                }
                if let Err(error) = self.forget_old_answers().await {
                    tracing::warn!(%error, "old answers could not be forgotten");
                }
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

    /// How many jobs wait; tests fail when they leave some.
    ///
    /// # Errors
    /// What the store says.
    pub async fn pending_jobs(&self) -> Result<u64, AppError> {
        Ok(self.inner.store.pending_count().await?)
    }
}
