//! Opening a database, bringing its tables up to date, and reading.

use crate::StoreError;
use crate::backend::{self, Backend};
use crate::migrations::Migrator;
use crate::writer::Writer;
use chrono::{DateTime, SubsecRound, Utc};
use domain::ids::HallId;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbErr, Statement, TransactionTrait,
    Value,
};
use sea_orm_migration::MigratorTrait;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cuts a time to whole microseconds: all that PostgreSQL keeps, so that both databases give back what went in.
#[must_use]
pub fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// A database of one hall. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) view: View,
    /// Writes go here: the single writing connection of SQLite, the same pool again on PostgreSQL.
    pub(crate) write: DatabaseConnection,
    /// The task that commits closures together; only on SQLite.
    pub(crate) writer: Option<Writer>,
}

impl Store {
    /// Opens `sqlite:PATH` (the file is made if need be; WAL, `synchronous=FULL`) or `postgres://…` for one hall. Must be called
    /// within a tokio runtime, which must live as long as the store. Does not touch the tables: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Url`] or [`StoreError::Unreachable`].
    pub async fn open(url: &str, hall: HallId) -> Result<Self, StoreError> {
        let (backend, read, write) = backend::connect(url).await?;
        let writer = match backend {
            Backend::Sqlite => Some(Writer::start(write.clone(), hall.clone())),
            Backend::Postgres => None,
        };
        let view = View::new(Conn::Pool(read), hall, backend);
        Ok(Self { inner: Arc::new(Inner { view, write, writer }) })
    }

    /// Brings the tables up to date; does nothing when they are. Several programs may do this at once on PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError::Database`]; nothing is changed then.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let fail = |error: DbErr| StoreError::of("schema", "migrate", error);
        let tx = self.inner.write.begin_with_options(backend::write_options(self.backend())).await.map_err(fail)?;
        if let Some(lock) = backend::migration_lock(self.backend()) {
            tx.execute_unprepared(lock).await.map_err(fail)?;
        }
        Migrator::up(&tx, None).await.map_err(fail)?;
        tx.commit().await.map_err(fail)
    }

    /// How many migrations this program has that the database has not.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pending_migrations(&self) -> Result<usize, StoreError> {
        let fail = |error: DbErr| StoreError::of("schema", "pending migrations", error);
        Ok(Migrator::get_pending_migrations(&self.inner.write).await.map_err(fail)?.len())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        let ping = Statement::from_string(self.backend().sea(), "SELECT 1");
        let unreachable = |error| StoreError::Unreachable(Arc::new(error));
        self.inner.view.c().query_one_raw(ping).await.map(drop).map_err(unreachable)
    }

    /// Finishes the writes that wait and closes all connections; every later call fails.
    pub async fn close(&self) {
        if let Some(writer) = &self.inner.writer {
            writer.stop().await;
        }
        if let Conn::Pool(pool) = &self.inner.view.conn {
            let _ = pool.close_by_ref().await;
        }
        let _ = self.inner.write.close_by_ref().await;
    }
}

impl Deref for Store {
    type Target = View;

    fn deref(&self) -> &View {
        &self.inner.view
    }
}

/// What can be read: the committed rows through a [`Store`], the transaction's own rows through a [`crate::Tx`].
pub struct View {
    pub(crate) conn: Conn,
    hall: HallId,
    backend: Backend,
    spoiled: AtomicBool,
}

pub(crate) enum Conn {
    Pool(DatabaseConnection),
    Tx(DatabaseTransaction),
}

impl View {
    pub(crate) fn new(conn: Conn, hall: HallId, backend: Backend) -> Self {
        Self { conn, hall, backend, spoiled: AtomicBool::new(false) }
    }

    /// The hall whose rows these are.
    #[must_use]
    pub fn hall(&self) -> &HallId {
        &self.hall
    }

    /// Which database runs; for messages only, no rule may depend on it.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The hall as it stands in the rows.
    pub(crate) fn h(&self) -> String {
        self.hall.0.clone()
    }

    /// The connection to run a query on.
    pub(crate) fn c(&self) -> DatabaseExecutor<'_> {
        match &self.conn {
            Conn::Pool(pool) => DatabaseExecutor::Connection(pool),
            Conn::Tx(tx) => DatabaseExecutor::Transaction(tx),
        }
    }

    /// Turns an error of the driver into one of ours, and marks the transaction so that it cannot commit.
    pub(crate) fn fail(&self, table: &'static str, operation: &'static str) -> impl Fn(DbErr) -> StoreError + '_ {
        move |error| {
            self.spoiled.store(true, Ordering::Relaxed);
            StoreError::of(table, operation, error)
        }
    }

    pub(crate) fn is_spoiled(&self) -> bool {
        self.spoiled.load(Ordering::Relaxed)
    }

    /// A statement written by hand, with `$1`, `$2`, … for the values: both databases understand those.
    pub(crate) fn sql(&self, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.backend.sea(), text, values)
    }
}
