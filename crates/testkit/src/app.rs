//! The program without HTTP, for one test: on its own database, with a clock that stands still.

use crate::TestDb;
use crate::db::HALL;
use app::{App, AppConfig, Clock, User};
use chrono::{DateTime, Utc};
use domain::ids::{HallId, Username};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::runtime::Handle;

/// When tests happen: Tuesday, 24 November 2026, 9:00 in the hall.
pub const NOW: &str = "2026-11-24T01:00:00Z";

/// A program that belongs to one test. When it is dropped with jobs left over, the test fails: run them, or say why not.
pub struct TestApp {
    app: App,
    data: TempDir,
}

impl TestApp {
    /// The program on a test's database, with nobody in it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn new(db: &TestDb) -> Self {
        let data = tempfile::Builder::new().prefix("bangban-data-").tempdir();
        let data = data.unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let app = Self::open(&db.url, data.path()).await;
        Self { app, data }
    }

    /// The program with the people of the demo and no cases.
    ///
    /// # Panics
    /// When it cannot be opened or they cannot be added.
    pub async fn with_people(db: &TestDb) -> Self {
        let app = Self::new(db).await;
        app.add_demo_people().await.unwrap_or_else(|error| panic!("no people: {error}"));
        app
    }

    async fn open(database: &str, data: &Path) -> App {
        let config = AppConfig {
            database: database.to_owned(),
            data_dir: data.to_owned(),
            fonts_dir: fonts(),
            clock: Clock::frozen(now()),
            hall: HallId::from(HALL),
            public_url: "http://127.0.0.1:8080".to_owned(),
        };
        App::open(config).await.unwrap_or_else(|error| panic!("the program cannot be opened: {error}"))
    }

    /// The folder of files and keys.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Somebody of the demo, such as `agent`.
    ///
    /// # Panics
    /// When there is nobody of that name.
    #[must_use]
    pub fn user(&self, username: &str) -> User {
        let user = self.app.user(&Username::from(username), None);
        user.unwrap_or_else(|| panic!("there is nobody called {username}"))
    }

    /// Does the jobs that are due.
    ///
    /// # Panics
    /// When the job loop fails.
    pub async fn run_jobs(&self) -> usize {
        self.app.run_jobs().await.unwrap_or_else(|error| panic!("the jobs failed: {error}"))
    }
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let app = self.app.clone();
        let left = tokio::task::block_in_place(|| {
            runtime.block_on(async {
                let left = app.pending_jobs().await;
                app.close().await;
                left
            })
        });
        if !std::thread::panicking() {
            match left {
                Ok(0) => {}
                Ok(left) => panic!("{left} jobs are left over"),
                Err(error) => panic!("the jobs cannot be counted: {error}"),
            }
        }
    }
}

/// The moment at which tests happen.
///
/// # Panics
/// Never: the text is a time.
#[must_use]
pub fn now() -> DateTime<Utc> {
    NOW.parse().unwrap_or_else(|error| panic!("{NOW} is no time: {error}"))
}

/// The fonts of the repository.
#[must_use]
pub fn fonts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts")
}
