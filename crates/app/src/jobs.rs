//! The job loop: what the outbox holds is done once, tried again when it fails, and given up with a record.

use crate::AppError;
use crate::app::App;
use chrono::TimeDelta;
use domain::case::{Case, Event, MatterEvent};
use domain::chain::Envelope;
use domain::ids::CaseId;
use notify::{Mailbox, Message, Transport};
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
            "case_news" => self.send_news(&job).await,
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

    /// Tells those concerned what happened in a case. Outgoing mail stands in the data folder until a gateway is set up.
    async fn send_news(&self, job: &OutboxJob) -> Result<(), AppError> {
        #[derive(serde::Deserialize)]
        struct News {
            case: CaseId,
            seq: i64,
        }
        let news: News = serde_json::from_str(&job.payload_json)?;
        let (_, case) = self.load(&news.case).await?;
        let rows = self.inner.store.events(&news.case, news.seq - 1).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let envelope: Envelope = serde_json::from_slice(&row.body)?;
        let mailbox = Mailbox::new(&self.inner.data_dir.join("mailbox"), "bangban@localhost")
            .map_err(|error| AppError::internal("mailbox", &error))?;
        let transport = Transport::Mailbox(mailbox);
        for (to, subject) in self.receivers(&case, &envelope) {
            let message = Message {
                dedup: format!("{}/{}/{to}", news.case, news.seq),
                to,
                text: format!("{subject}\n\n{}/cases/{}\n", self.inner.public_url, case.id),
                subject,
                kind: envelope.event.name(),
            };
            transport.send(&message, self.now()).await.map_err(|error| AppError::internal("message", &error))?;
        }
        Ok(())
    }

    /// Who has to know: the offices that a matter was sent to, otherwise the agent.
    fn receivers(&self, case: &Case, envelope: &Envelope) -> Vec<(String, String)> {
        let reference = self.reference();
        let name = envelope.event.name();
        let subject = |what: &str| format!("办件 {}：{what}", case.number);
        let offices: Vec<_> = match &envelope.event {
            Event::Matter(MatterEvent::MattersOffered { matters }) => matters
                .iter()
                .filter_map(|code| case.matter(code))
                .filter(|matter| !matter.outside)
                .map(|matter| (matter.office.clone(), matter.scope.code.clone()))
                .collect(),
            Event::Matter(MatterEvent::MatterForwarded { matter, to, outside: false, .. }) => {
                vec![(to.clone(), matter.clone())]
            }
            _ => Vec::new(),
        };
        if offices.is_empty() {
            return case.agent.iter().map(|agent| (format!("{agent}@localhost"), subject(&name))).collect();
        }
        offices
            .into_iter()
            .map(|(office, code)| {
                let matter = reference.catalogue.matter(&code).map_or(code.as_str(), |matter| matter.name.as_str());
                (format!("office-{}@localhost", office.as_str().to_lowercase()), subject(&format!("请认领“{matter}”")))
            })
            .collect()
    }

    /// How many jobs wait; tests fail when they leave some.
    ///
    /// # Errors
    /// What the store says.
    pub async fn pending_jobs(&self) -> Result<u64, AppError> {
        Ok(self.inner.store.pending_count().await?)
    }
}
