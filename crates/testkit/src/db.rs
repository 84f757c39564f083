//! A database for one test: empty, migrated, its own.

use crate::postgres;
use domain::ids::HallId;
use std::future::Future;
use store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The hall of test databases.
pub const HALL: &str = "hall-1";

/// An empty, migrated database that belongs to one test.
pub struct TestDb {
    /// The open store.
    pub store: Store,
    /// Where it is, for a second connection or another program.
    pub url: String,
    /// Holds the SQLite file; deleted when the test is over.
    dir: Option<TempDir>,
}

impl TestDb {
    /// A new SQLite file.
    ///
    /// # Panics
    /// When it cannot be made: the test cannot go on.
    pub async fn sqlite() -> Self {
        let made = tempfile::Builder::new().prefix("bangban-test-").tempdir();
        let dir = made.unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let url = format!("sqlite:{}", dir.path().join("hall.db").display());
        let store = open(&url).await;
        migrate(&store).await;
        Self { store, url, dir: Some(dir) }
    }

    /// A new database in this process's own PostgreSQL, copied from a migrated one.
    ///
    /// # Panics
    /// When PostgreSQL is missing or does not start: a test is never skipped silently.
    pub async fn postgres() -> Self {
        let cluster = tokio::task::spawn_blocking(postgres::shared).await;
        let cluster = cluster.unwrap_or_else(|error| panic!("PostgreSQL did not start: {error}"));
        let url = cluster.copy_of_template().await;
        let store = open(&url).await;
        Self { store, url, dir: None }
    }

    /// Opens the same database once more, as another program would.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn reopen(&self) -> Store {
        open(&self.url).await
    }
}

/// Opens a store of the test hall.
pub(crate) async fn open(url: &str) -> Store {
    let opened = Store::open(url, HallId::from(HALL)).await;
    opened.unwrap_or_else(|error| panic!("{url} cannot be opened: {error}"))
}

pub(crate) async fn migrate(store: &Store) {
    store.migrate().await.unwrap_or_else(|error| panic!("the migrations failed: {error}"));
}

/// Runs a test on SQLite; what [`crate::db_test`] expands to.
///
/// # Panics
/// When the test does.
pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(TestDb) -> F) {
    runtime().block_on(async {
        let mut db = TestDb::sqlite().await;
        // The folder goes after the store is closed.
        let (store, dir) = (db.store.clone(), db.dir.take());
        test(db).await;
        store.close().await;
        drop(dir);
    });
}

/// Runs a test on PostgreSQL; what [`crate::db_test`] expands to.
///
/// # Panics
/// When the test does, or PostgreSQL does not start.
pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(TestDb) -> F) {
    runtime().block_on(async {
        let db = TestDb::postgres().await;
        let (store, url) = (db.store.clone(), db.url.clone());
        test(db).await;
        store.close().await;
        postgres::shared().drop_database(&url).await;
    });
}

fn runtime() -> Runtime {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    built.unwrap_or_else(|error| panic!("no runtime: {error}"))
}
