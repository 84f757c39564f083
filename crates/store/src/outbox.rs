//! Jobs: written in the transaction that wants them, done later, at least once.

use crate::backend;
use crate::rows::outbox;
use crate::store::micros;
use crate::{Store, StoreError, Tx, View};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    TryInsertResult,
};

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRecord {
    /// The job: a UUID v7.
    pub id: String,
    /// What to do.
    pub kind: String,
    /// With what: ids, never private data.
    pub payload_json: String,
    /// Not before.
    pub not_before: DateTime<Utc>,
    /// A job with the same text is enqueued only once, as long as the first is remembered.
    pub dedup: Option<String>,
}

/// A job in the hands of a worker, until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxJob {
    /// The job.
    pub id: String,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload_json: String,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// When it was wanted.
    pub not_before: DateTime<Utc>,
    /// Why the last try failed; only filled in [`View::dead_jobs`].
    pub last_error: Option<String>,
}

pub(crate) const WAITING: &str = "waiting";
const LEASED: &str = "leased";
const DONE: &str = "done";
const DEAD: &str = "dead";

impl View {
    /// How many jobs are not done (nor given up).
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pending_count(&self) -> Result<u64, StoreError> {
        outbox::Entity::find()
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::State.is_in([WAITING, LEASED]))
            .count(&self.c())
            .await
            .map_err(self.fail("outbox", "count"))
    }

    /// When the earliest waiting job wants to be done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_job_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        outbox::Entity::find()
            .select_only()
            .column(outbox::Column::NotBefore)
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::State.eq(WAITING))
            .order_by_asc(outbox::Column::NotBefore)
            .limit(1)
            .into_tuple()
            .one(&self.c())
            .await
            .map_err(self.fail("outbox", "read next"))
    }

    /// The jobs that were given up, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn dead_jobs(&self, limit: u64) -> Result<Vec<OutboxJob>, StoreError> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::State.eq(DEAD))
            .order_by_asc(outbox::Column::Id)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("outbox", "list dead"))?;
        let job = |row: outbox::Model| OutboxJob {
            id: row.id,
            kind: row.kind,
            payload_json: row.payload_json,
            attempts: row.attempts,
            not_before: row.not_before,
            last_error: row.last_error,
        };
        Ok(rows.into_iter().map(job).collect())
    }
}

impl Store {
    /// Claims up to `limit` jobs that are due, for `lease`: nobody else gets them meanwhile. A job whose worker died comes back
    /// when its lease has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim(&self, now: DateTime<Utc>, limit: u64, lease: TimeDelta) -> Result<Vec<OutboxJob>, StoreError> {
        self.write(move |tx| Box::pin(tx.claim(now, limit, lease))).await
    }
}

impl Tx {
    /// Enqueues a job; answers whether it was new (not a repetition by `dedup`).
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `outbox` when the id is taken.
    pub async fn enqueue(&mut self, record: &OutboxRecord) -> Result<bool, StoreError> {
        let row = outbox::Model {
            hall: self.h(),
            id: record.id.clone(),
            kind: record.kind.clone(),
            payload_json: record.payload_json.clone(),
            not_before: micros(record.not_before),
            dedup: record.dedup.clone(),
            state: WAITING.to_owned(),
            attempts: 0,
            lease_until: None,
            last_error: None,
            finished_at: None,
        };
        let done = outbox::Entity::insert(row.into_active_model())
            .on_conflict_do_nothing_on([outbox::Column::Hall, outbox::Column::Dedup])
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("outbox", "enqueue"))?;
        Ok(matches!(done, TryInsertResult::Inserted(n) if n > 0))
    }

    async fn claim(&mut self, now: DateTime<Utc>, limit: u64, lease: TimeDelta) -> Result<Vec<OutboxJob>, StoreError> {
        let (now, until) = (micros(now), micros(now + lease));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [self.h().into(), now.into(), until.into(), limit.into()];
        let fail = self.fail("outbox", "claim");
        let rows =
            self.c().query_all_raw(self.sql(&backend::claim_jobs(self.backend()), values)).await.map_err(&fail)?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(OutboxJob {
                id: row.try_get("", "id")?,
                kind: row.try_get("", "kind")?,
                payload_json: row.try_get("", "payload_json")?,
                attempts: row.try_get("", "attempts")?,
                not_before: row.try_get("", "not_before")?,
                last_error: None,
            })
        };
        let mut jobs: Vec<_> = rows.iter().map(read).collect::<Result<_, sea_orm::DbErr>>().map_err(&fail)?;
        // RETURNING promises no order.
        jobs.sort_by(|a: &OutboxJob, b| (a.not_before, &a.id).cmp(&(b.not_before, &b.id)));
        Ok(jobs)
    }

    /// Notes that a job is done.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such job.
    pub async fn job_done(&mut self, id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let change = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::val(DONE))
            .col_expr(outbox::Column::FinishedAt, Expr::val(micros(at)))
            .col_expr(outbox::Column::LeaseUntil, Expr::val(None::<DateTime<Utc>>));
        self.change_job(id, "done", change).await
    }

    /// Notes why a job failed and tries it again at `at`; gives it up when it was tried `most` times. Answers whether it will be
    /// tried again.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such job.
    pub async fn retry_job(&mut self, id: &str, error: &str, at: DateTime<Utc>, most: i32) -> Result<bool, StoreError> {
        let attempts: Option<i32> = outbox::Entity::find_by_id((self.h(), id.to_owned()))
            .select_only()
            .column(outbox::Column::Attempts)
            .into_tuple()
            .one(&self.c())
            .await
            .map_err(self.fail("outbox", "retry"))?;
        let again = attempts.is_some_and(|attempts| attempts < most);
        let change = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::val(if again { WAITING } else { DEAD }))
            .col_expr(outbox::Column::NotBefore, Expr::val(micros(at)))
            .col_expr(outbox::Column::LastError, Expr::val(error))
            .col_expr(outbox::Column::LeaseUntil, Expr::val(None::<DateTime<Utc>>));
        self.change_job(id, "retry", change).await?;
        Ok(again)
    }

    /// Gives a dead job another life.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such job.
    pub async fn revive_job(&mut self, id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let change = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::val(WAITING))
            .col_expr(outbox::Column::Attempts, Expr::val(0))
            .col_expr(outbox::Column::NotBefore, Expr::val(micros(at)))
            .filter(outbox::Column::State.eq(DEAD));
        self.change_job(id, "revive", change).await
    }

    async fn change_job(
        &mut self,
        id: &str,
        operation: &'static str,
        change: sea_orm::UpdateMany<outbox::Entity>,
    ) -> Result<(), StoreError> {
        let done = change
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::Id.eq(id))
            .exec(&self.c())
            .await
            .map_err(self.fail("outbox", operation))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "outbox", operation });
        }
        Ok(())
    }

    /// Forgets every job that nobody has begun: those of a hall whose past was made up.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_waiting_jobs(&mut self) -> Result<(), StoreError> {
        outbox::Entity::delete_many()
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::State.eq(WAITING))
            .exec(&self.c())
            .await
            .map_err(self.fail("outbox", "drop waiting"))?;
        Ok(())
    }

    /// Forgets the jobs done before; answers how many. Their `dedup` may be used again after that.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_jobs(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = outbox::Entity::delete_many()
            .filter(outbox::Column::Hall.eq(self.h()))
            .filter(outbox::Column::State.eq(DONE))
            .filter(outbox::Column::FinishedAt.lt(micros(before)))
            .exec(&self.c())
            .await
            .map_err(self.fail("outbox", "prune"))?;
        Ok(done.rows_affected)
    }
}
