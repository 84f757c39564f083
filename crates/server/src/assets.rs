//! Style sheet and scripts from `web/dist`: in the binary for a release, from disk in a debug build. Pages name them with a
//! version that is a hash of them all, so that browsers may keep them for a year.

use crate::fault::Fault;
use crate::routes::{Access, Area, Route};
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(Area::Operations, Access::Open, "/assets/{*name}", asset)]
}

/// A hash of all assets, as they were when the program started.
#[must_use]
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut names: Vec<_> = Dist::iter().collect();
        names.sort();
        let hash = names
            .iter()
            .filter_map(|name| Dist::get(name))
            .fold(Sha256::new(), |hash, file| hash.chain_update(file.metadata.sha256_hash()));
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    })
}

async fn asset(Path(name): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let file = Dist::get(&name).ok_or_else(Fault::not_found)?;
    let is_named_by_version = query.as_deref() == Some(&format!("v={}", version()));
    let keep = if is_named_by_version { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = file.metadata.mimetype().to_owned();
    let kind =
        if kind.starts_with("text/") || kind.ends_with("javascript") { format!("{kind}; charset=utf-8") } else { kind };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep.to_owned())], file.data.into_owned())
        .into_response())
}
