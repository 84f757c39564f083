//! The manifest of a package.

use std::io::{Read, Result, Write};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::hash::hex;

/// Name and version of the form of the package.
pub const FORMAT: &str = "bangban-package/1";

/// What `manifest.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Id of the case.
    pub case_id: String,
    /// Number of the case as people read it.
    pub number: String,
    /// Hash of the last event.
    pub head: String,
    /// How many events there are.
    pub events: u64,
    /// The hash of each event in order, so that the first event that does not fit can be named.
    pub chain: Vec<String>,
    /// Every other entry, sorted by name.
    pub entries: Vec<ManifestEntry>,
}

/// What the manifest says about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// Name of the entry.
    pub name: String,
    /// What a document is; absent for the other entries.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kind: Option<String>,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// SM3 of the content, hex.
    pub sm3: String,
}

/// Everything that is computed over a content while it streams by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digests {
    pub size: u64,
    pub crc: u32,
    pub sha256: String,
    pub sm3: String,
}

/// Copies a content to `sink` in pieces and computes its digests on the way.
pub(super) fn copy(source: &mut impl Read, sink: &mut impl Write) -> Result<Digests> {
    let (mut crc, mut sha256, mut sm3) = (crc32fast::Hasher::new(), sha2::Sha256::new(), sm3::Sm3::new());
    let mut size = 0;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let length = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = &chunk[..length];
        crc.update(piece);
        sha256.update(piece);
        sm3.update(piece);
        sink.write_all(piece)?;
        size += length as u64;
    }
    Ok(Digests { size, crc: crc.finalize(), sha256: hex(&sha256.finalize()), sm3: hex(&sm3.finalize()) })
}
