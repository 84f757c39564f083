//! The sealed archive package of a case (S6.5), and how anybody verifies one.
//!
//! A package is a ZIP file in one fixed form, so that the same content always gives the same bytes and no byte lies
//! outside the check: entries stored without compression, sorted by name, one after the other without gaps, all with
//! the same time (1980-01-01), no extra fields, no comments. The form is written down in `layout` and does not come
//! from a library, because a package sealed today must verify in thirty years; any ZIP program can open it.
//!
//! | entry | content |
//! |---|---|
//! | `catalogue.json` | the list of what the file of the case contains (卷内目录), an array of [`CatalogueRow`] |
//! | `documents/NAME` | documents and uploads |
//! | `events/000001.json` … | the events of the case, each the exact bytes that were hashed into the chain |
//! | `manifest.json` | every other entry but the signature with size, SHA-256 and SM3; case, number, chain of event hashes and its head; hall, time, volume and key |
//! | `metadata.xml` | the metadata of the case, as the caller gives them |
//! | `signature.json` | the hall's signature (SM2) over the bytes of `manifest.json`, with its public key |
//!
//! Packages of the first form (`bangban-package/1`) have `metadata.json` and no signature; they still verify.
//!
//! What a verification proves: by itself, that the package is whole and agrees with itself. With the hall's public key,
//! that the hall sealed it so. With the hash of a record (as printed on paper that the enterprise holds), that the records
//! up to it are those of that day, and every document whose hash one of them names; not even the hall's key can change
//! those. With the hash of the package file, everything.

mod container;
mod finding;
mod layout;
mod manifest;
mod names;
mod signature;
mod verify;
mod write;
mod xml;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use finding::{Finding, Lang, describe};
pub use manifest::{FORMAT, Manifest, ManifestEntry, SealedBy};
pub use names::is_safe_name;
pub use verify::{Bound, Known, Signed, Verified, verify, verify_against};
pub use write::{PackageError, Sealed, write_package};
pub use xml::metadata_xml;

/// The most entries a package may have.
pub const MAX_ENTRIES: usize = 20_000;
/// The largest of the entries that are read as a whole (events, metadata, catalogue, manifest), in bytes.
pub const MAX_JSON: u64 = 16 * 1024 * 1024;
/// The largest sum of their sizes, in bytes, since a verification holds them in memory.
pub const MAX_JSON_TOTAL: u64 = 256 * 1024 * 1024;

/// Everything that goes into a package.
#[derive(Debug, Clone)]
pub struct PackageInput {
    /// Id of the case, as the events name it (`case`).
    pub case_id: String,
    /// Number of the case as people read it.
    pub number: String,
    /// The metadata, as [`metadata_xml`] writes them.
    pub metadata: Vec<u8>,
    /// Where and when it is sealed.
    pub sealing: Sealing,
    /// All events of the case in order, numbered from 1.
    pub events: Vec<PackedEvent>,
    /// Documents and uploads, in any order.
    pub documents: Vec<PackedDocument>,
    /// The list of contents, in its own order. It must name every document.
    pub catalogue: Vec<CatalogueRow>,
}

/// Where and when a package is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// The hall, by its name.
    pub hall: String,
    /// The moment, RFC 3339 in UTC.
    pub at: String,
    /// The volume of the case's file, from 1.
    pub volume: u32,
}

/// An event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedEvent {
    /// Number within the case, from 1.
    pub seq: u64,
    /// The exact bytes that were hashed.
    pub body: Vec<u8>,
    /// Hash of the event before it, hex; 64 zeros for the first.
    pub prev_hash: String,
    /// `SM3(prev_hash as bytes || body)`, hex.
    pub hash: String,
}

/// A document that goes into the package.
#[derive(Debug, Clone)]
pub struct PackedDocument {
    /// Its name below `documents/`, see [`is_safe_name`]; may have folders: `材料/M1-营业执照.pdf`.
    pub name: String,
    /// What it is (`agreement`, `material`, `result`, …), copied into the manifest.
    pub kind: String,
    /// SHA-256 of the content, hex.
    pub hash: String,
    /// Where the content is.
    pub content: Content,
}

/// Where the content of a document is.
#[derive(Debug, Clone)]
pub enum Content {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file (see [`crate::Files::path`]); it is read in pieces.
    Path(PathBuf),
}

/// A row of the list of contents (卷内目录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueRow {
    /// Item number (件号), from 1.
    pub item: u32,
    /// Title of the item.
    pub title: String,
    /// What it is: `agreement`, `material`, `result`, ….
    pub kind: String,
    /// Name of the document below `documents/`; none for a thing kept on paper only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub document: Option<String>,
    /// Date of the item as `YYYY-MM-DD`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<String>,
    /// Number of pages, if known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pages: Option<u32>,
    /// Remark.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<String>,
}

#[cfg(test)]
mod tests;
