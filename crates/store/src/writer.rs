//! Writing: one closure is one transaction, and on SQLite many closures share one commit.
//!
//! A commit at `synchronous=FULL` waits for the disk; sharing it is what makes durable writes quick. Each closure runs in its own
//! savepoint, so that one that fails is undone alone, and nobody is answered before the commit that holds his work.

use crate::backend::{self, Backend};
use crate::store::{Conn, View};
use crate::{Store, StoreError};
use domain::ids::HallId;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The most closures that share one commit: bounds how long the first of them waits.
const BATCH: usize = 64;
/// How many closures may wait for the writer before callers have to wait for a place.
const QUEUE: usize = 1024;
/// How long one closure may take; a longer one would hold up every other writer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open transaction: everything that writes. It only exists inside [`Store::write`].
pub struct Tx {
    view: View,
}

impl Deref for Tx {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl Tx {
    fn new(tx: DatabaseTransaction, hall: HallId, backend: Backend) -> Self {
        Self { view: View::new(Conn::Tx(tx), hall, backend) }
    }

    /// Commits or undoes; on SQLite only the savepoint.
    async fn finish(self, keep: bool) -> Result<(), StoreError> {
        let Conn::Tx(tx) = self.view.conn else { return Ok(()) };
        let (done, what) = if keep { (tx.commit().await, "commit") } else { (tx.rollback().await, "roll back") };
        done.map_err(|error| StoreError::of("transaction", what, error))
    }
}

impl Store {
    /// Runs `work` in a transaction: all of it or nothing. Answers `Ok` only after the commit. The work must not wait for
    /// anything but this transaction, and must not call `write` again (it would wait for itself); after 30 seconds it is undone.
    ///
    /// # Errors
    /// What `work` returns, or a [`StoreError`] when the transaction could not be begun or committed, the work panicked, took too
    /// long, or went on after an error.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(writer) = &self.inner.writer else {
            return self.write_alone(work).await;
        };
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |begun| Box::pin(run_job(begun, work, answer)));
        writer.send(job).await.map_err(E::from)?;
        answered.await.unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }

    /// An ordinary transaction for this closure alone.
    async fn write_alone<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let fail = |error| E::from(StoreError::of("transaction", "begin", error));
        let options = backend::write_options(self.backend());
        let begun = self.inner.write.begin_with_options(options).await.map_err(fail)?;
        let mut tx = Tx::new(begun, self.hall().clone(), self.backend());
        let result = run_work(&mut tx, work).await;
        let finished = tx.finish(result.is_ok()).await;
        match (result, finished) {
            (Ok(_), Err(error)) => Err(error.into()),
            (result, _) => result,
        }
    }
}

/// Runs the closure, stopping panics and overlong work, and refusing work that went on after an error.
async fn run_work<T, E, F>(tx: &mut Tx, work: F) -> Result<T, E>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send,
    E: From<StoreError>,
{
    let result = {
        let mut future: Option<BoxFuture<'_, Result<T, E>>> = None;
        let mut start = Some((work, &mut *tx));
        let guarded = poll_fn(|context| {
            let step = catch_unwind(AssertUnwindSafe(|| {
                if let Some((work, tx)) = start.take() {
                    future = Some(work(tx));
                }
                future.as_mut().map_or(Poll::Pending, |future| future.as_mut().poll(context))
            }));
            match step {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(result),
                Err(_) => Poll::Ready(Err(E::from(StoreError::Panicked))),
            }
        });
        tokio::time::timeout(PATIENCE, guarded).await.unwrap_or_else(|_| Err(E::from(StoreError::TooSlow)))
    };
    match result {
        Ok(_) if tx.is_spoiled() => Err(E::from(StoreError::Spoiled)),
        result => result,
    }
}

/// A closure on its way to the writer: gets its savepoint, or the reason why there is none.
type Job = Box<dyn FnOnce(Result<Tx, StoreError>) -> BoxFuture<'static, Done> + Send>;
/// Tells the caller, once it is known whether the shared commit succeeded.
type Tell = Box<dyn FnOnce(&Result<(), StoreError>) + Send>;

/// A closure that has run: its savepoint, whether to keep it, and how to answer.
struct Done {
    tx: Option<Tx>,
    keep: bool,
    tell: Tell,
}

async fn run_job<T, E, F>(begun: Result<Tx, StoreError>, work: F, answer: oneshot::Sender<Result<T, E>>) -> Done
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (tx, result) = match begun {
        // Nobody waits for the answer any more (the request was dropped): do not begin.
        Ok(tx) if answer.is_closed() => (Some(tx), Err(E::from(StoreError::Closed))),
        Ok(mut tx) => {
            let result = run_work(&mut tx, work).await;
            (Some(tx), result)
        }
        Err(error) => (None, Err(E::from(error))),
    };
    let keep = result.is_ok();
    let tell: Tell = Box::new(move |committed| {
        let result = match committed {
            Ok(()) => result,
            // Whoever was refused because of a neighbour's work in the same commit was refused for something that is not there.
            Err(error) => Err(E::from(error.clone())),
        };
        // The caller may have gone; what is committed stays committed.
        let _ = answer.send(result);
    });
    Done { tx, keep, tell }
}

/// The way to the task that owns SQLite's writing connection.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(db: DatabaseConnection, hall: HallId) -> Self {
        let (queue, mut jobs) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            while let Some(first) = jobs.recv().await {
                commit_together(&db, &hall, first, &mut jobs).await;
            }
        });
        Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) }
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        let queue = locked(&self.queue).clone().ok_or(StoreError::Closed)?;
        queue.send(job).await.map_err(|_| StoreError::Closed)
    }

    /// Takes no more work and waits until the waiting work is done.
    pub(crate) async fn stop(&self) {
        drop(locked(&self.queue).take());
        let task = locked(&self.task).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs `first` and whatever else waits in one transaction, commits once, then answers everybody.
async fn commit_together(db: &DatabaseConnection, hall: &HallId, first: Job, jobs: &mut mpsc::Receiver<Job>) {
    let begun = db.begin_with_options(backend::write_options(Backend::Sqlite)).await;
    let outer = match begun {
        Ok(outer) => outer,
        Err(error) => {
            let error = StoreError::of("transaction", "begin", error);
            let done = first(Err(error.clone())).await;
            return (done.tell)(&Err(error));
        }
    };
    let mut waiting = Vec::new();
    let mut broken = None;
    let mut next = Some(first);
    while let Some(job) = next.take() {
        let savepoint = outer.begin().await.map_err(|error| StoreError::of("transaction", "begin savepoint", error));
        broken = savepoint.as_ref().err().cloned();
        let done = job(savepoint.map(|tx| Tx::new(tx, hall.clone(), Backend::Sqlite))).await;
        if let Some(tx) = done.tx {
            broken = tx.finish(done.keep).await.err();
        }
        waiting.push(done.tell);
        // A savepoint that cannot be closed means that SQLite has given up the whole transaction (disk full): stop here.
        if broken.is_none() && waiting.len() < BATCH {
            next = jobs.try_recv().ok();
        }
    }
    let committed = match broken {
        None => outer.commit().await.map_err(|error| StoreError::of("transaction", "commit", error)),
        Some(error) => {
            let _ = outer.rollback().await;
            Err(error)
        }
    };
    for tell in waiting {
        tell(&committed);
    }
}
