//! The manifest of a package.

use std::io::{Read, Result, Write};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::names::{FIRST_METADATA, METADATA};
use crate::hash::hex;

/// Name and version of the form of the packages that are written.
pub const FORMAT: &str = "bangban-package/2";
/// The form before it, without signature and with metadata in JSON. It is still verified.
pub(super) const FIRST_FORMAT: &str = "bangban-package/1";

/// How much of a content is in memory at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// What `manifest.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`]; packages of the first form stay what they are.
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
    /// Who sealed it; none in the first form.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sealed: Option<SealedBy>,
    /// Every other entry but the signature, sorted by name.
    pub entries: Vec<ManifestEntry>,
}

/// Who sealed a package, when and with which key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedBy {
    /// The hall, by its name.
    pub hall: String,
    /// The moment, RFC 3339 in UTC, by the hall's clock.
    pub at: String,
    /// The volume of the case's file, from 1.
    pub volume: u32,
    /// Id of the key (see [`crate::seal::PublicKey::id`]).
    pub key: String,
}

impl Manifest {
    /// Whether it is of the form that carries a signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Name of the entry of the metadata.
    pub(super) fn metadata(&self) -> &'static str {
        if self.is_signed() { METADATA } else { FIRST_METADATA }
    }
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
    let size = pieces(source, |piece| {
        crc.update(piece);
        sha256.update(piece);
        sm3.update(piece);
        sink.write_all(piece)
    })?;
    Ok(Digests { size, crc: crc.finalize(), sha256: hex(&sha256.finalize()), sm3: hex(&sm3.finalize()) })
}

/// The same with SHA-256 alone, for a content whose other digests are known.
pub(super) fn copy_again(source: &mut impl Read, sink: &mut impl Write) -> Result<String> {
    let mut sha256 = sha2::Sha256::new();
    pieces(source, |piece| {
        sha256.update(piece);
        sink.write_all(piece)
    })?;
    Ok(hex(&sha256.finalize()))
}

/// Reads to the end in pieces; how many bytes there were.
fn pieces(source: &mut impl Read, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = match source.read(&mut chunk) {
            Ok(0) => return Ok(size),
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        each(&chunk[..length])?;
        size += length as u64;
    }
}
