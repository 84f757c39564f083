//! What every handler shares.

use crate::api::v1::recent::RecentAnswers;
use crate::auth::limit::LoginLimit;
use app::App;
use metrics_exporter_prometheus::PrometheusHandle;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

/// Settings of the HTTP side.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    /// A proxy in front ends TLS and says so in `X-Forwarded-Proto` and `X-Forwarded-For`; without it these are not believed.
    pub behind_proxy: bool,
}

/// What every handler shares; cheap to clone.
#[derive(Clone)]
pub struct ServerState(Arc<Inner>);

/// The parts of [`ServerState`].
pub struct Inner {
    /// The program.
    pub app: App,
    /// Settings.
    pub config: ServerConfig,
    pub(crate) logins: LoginLimit,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) recent: RecentAnswers,
    /// Addresses that answer GET, so that no menu names a page that is not there.
    pub(crate) pages: BTreeSet<&'static str>,
}

impl ServerState {
    /// Around a program that is open.
    #[must_use]
    pub fn new(app: App, config: ServerConfig) -> Self {
        let pages = crate::routes::routes().into_iter().filter(|route| route.method == "GET").map(|r| r.path).collect();
        Self(Arc::new(Inner {
            app,
            config,
            logins: LoginLimit::default(),
            recent: RecentAnswers::default(),
            metrics: crate::middleware::metrics::recorder(),
            pages,
        }))
    }
}

impl Deref for ServerState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
