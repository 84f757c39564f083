//! The program without HTTP: what every use case holds on to.

use crate::making::Papers;
use crate::reference::Reference;
use crate::secrets::Keys;
use crate::{AppError, Clock};
use chrono::{DateTime, Utc};
use documents::Renderer;
use domain::ids::HallId;
use files::Files;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::Store;
use tokio::sync::Semaphore;

/// Where things are and who serves them.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Folder of files, keys and outgoing mail.
    pub data_dir: PathBuf,
    /// Folder of fonts for documents.
    pub fonts_dir: PathBuf,
    /// Where the time comes from.
    pub clock: Clock,
    /// The hall.
    pub hall: HallId,
    /// The address printed on documents, without a slash at the end.
    pub public_url: String,
}

/// The program. Cheap to clone; all clones are the same program.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) renderer: Renderer,
    /// Making a document is work for a core: no more at once than there are cores.
    pub(crate) rendering: Arc<Semaphore>,
    pub(crate) papers: Papers,
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) reference: Arc<RwLock<Arc<Reference>>>,
    /// One reads the reference data at a time, so that what was read earlier never replaces what was read later.
    reloading: Arc<tokio::sync::Mutex<()>>,
    pub(crate) public_url: String,
    pub(crate) data_dir: PathBuf,
    pub(crate) attempts: Mutex<HashMap<String, (u32, DateTime<Utc>)>>,
    /// What the last look for warnings saw of each case.
    pub(crate) seen: Mutex<crate::warnings::Seen>,
    /// Playing a forecast is work for a core, too.
    pub(crate) foreseeing: Arc<Semaphore>,
    /// How long matters have taken, and how good forecasts have been.
    pub(crate) history: Arc<crate::plan::HistoryCache>,
    /// The ledger's lines of open cases.
    pub(crate) ledger: crate::ledger::LedgerCache,
    /// How many hold the program unready, see [`App::hold_ready`].
    held: Arc<AtomicUsize>,
}

/// Keeps [`App::ready`] at no while it lives: what was promised, such as the demo, is not there yet.
pub struct NotReady(Arc<AtomicUsize>);

impl Drop for NotReady {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Inner {
    /// The same program again; only wrong passwords are counted anew, and warnings looked for.
    fn again(&self) -> Self {
        Self {
            store: self.store.clone(),
            files: self.files.clone(),
            renderer: self.renderer.clone(),
            rendering: Arc::clone(&self.rendering),
            foreseeing: Arc::clone(&self.foreseeing),
            papers: self.papers,
            clock: self.clock.clone(),
            keys: self.keys.clone(),
            reference: Arc::clone(&self.reference),
            reloading: Arc::clone(&self.reloading),
            public_url: self.public_url.clone(),
            data_dir: self.data_dir.clone(),
            attempts: Mutex::default(),
            seen: Mutex::default(),
            history: Arc::clone(&self.history),
            ledger: Default::default(),
            held: Arc::clone(&self.held),
        }
    }
}

impl App {
    /// Opens database, files, keys and fonts, brings the tables up to date and reads the reference data; an empty hall gets
    /// the catalogue, calendar and offices that the program brings along.
    ///
    /// # Errors
    /// Whatever cannot be opened, by name and with what to do.
    pub async fn open(config: AppConfig) -> Result<Self, AppError> {
        let store = Store::open(&config.database, config.hall.clone()).await?;
        store.migrate().await?;
        let keys = Keys::open(&config.data_dir.join("keys"))?;
        let files = Files::open(&config.data_dir.join("files"))?;
        let fonts = config.fonts_dir.clone();
        let renderer = tokio::task::spawn_blocking(move || Renderer::new(&fonts))
            .await
            .map_err(|error| AppError::internal("fonts", &error))?
            .map_err(|error| AppError::Unavailable(error.to_string()))?;
        let reference = Reference::load(&store, config.clock.now()).await?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let app = Self {
            inner: Arc::new(Inner {
                store,
                files,
                renderer,
                rendering: Arc::new(Semaphore::new(cores)),
                foreseeing: Arc::new(Semaphore::new(cores)),
                papers: Papers::Full,
                clock: config.clock,
                keys,
                reference: Arc::new(RwLock::new(Arc::new(reference))),
                reloading: Arc::default(),
                public_url: config.public_url.trim_end_matches('/').to_owned(),
                data_dir: config.data_dir,
                attempts: Mutex::default(),
                seen: Mutex::default(),
                history: Arc::default(),
                ledger: Default::default(),
                held: Arc::default(),
            }),
        };
        app.renew_states().await?;
        app.renew_runs().await?;
        Ok(app)
    }

    /// The same program under another clock: the demo happens in the past.
    pub(crate) fn with_clock(&self, clock: Clock) -> Self {
        Self { inner: Arc::new(Inner { clock, ..self.inner.again() }) }
    }

    /// The same program with papers that look otherwise.
    pub(crate) fn with_papers(&self, papers: Papers) -> Self {
        Self { inner: Arc::new(Inner { papers, ..self.inner.again() }) }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// The program's clock; a test moves it.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Catalogue, calendar, offices and people as they are now. One value throughout a use case.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        self.inner.reference.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the reference data again and swaps it whole.
    ///
    /// # Errors
    /// What the store or the data's reading says; the old data then stays.
    pub async fn reload_reference(&self) -> Result<(), AppError> {
        let _alone = self.inner.reloading.lock().await;
        let fresh = Arc::new(Reference::load(&self.inner.store, self.now()).await?);
        *self.inner.reference.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Whether the database answers and nobody holds the program unready.
    pub async fn ready(&self) -> bool {
        self.inner.held.load(Ordering::SeqCst) == 0 && self.inner.store.ping().await.is_ok()
    }

    /// Lets the program say that it is not ready until the answer is dropped. Pages are served all the same.
    #[must_use]
    pub fn hold_ready(&self) -> NotReady {
        self.inner.held.fetch_add(1, Ordering::SeqCst);
        NotReady(Arc::clone(&self.inner.held))
    }

    /// Whether the hall has neither people nor cases yet.
    ///
    /// # Errors
    /// What the store says.
    pub async fn is_empty(&self) -> Result<bool, AppError> {
        let people = self.inner.store.persons().await?;
        let cases = self.inner.store.count_cases(&store::CaseFilter::default()).await?;
        Ok(people.is_empty() && cases.values().all(|count| *count == 0))
    }

    /// Finishes the writes that wait and closes the database.
    pub async fn close(&self) {
        self.inner.store.close().await;
    }
}
