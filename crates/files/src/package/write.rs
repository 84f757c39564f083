//! Writing a package.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Write};

use sha2::Digest as _;

use super::layout::{Header, end};
use super::manifest::{Digests, FORMAT, Manifest, ManifestEntry, SealedBy, copy, copy_again};
use super::names::{CATALOGUE, DOCUMENTS, EVENTS, MANIFEST, METADATA, SIGNATURE, event_name, is_safe_name};
use super::signature::sign;
use super::xml::is_metadata;
use super::{Content, MAX_ENTRIES, MAX_JSON, MAX_JSON_TOTAL, PackageInput};
use crate::hash::{CHAIN_START, chain_hash, hex};
use crate::seal::{SealError, SoftwareKey};

/// What is known of a package that has been written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the whole file, hex: the strongest thing to verify against.
    pub package_hash: String,
    /// Hash of the last event.
    pub head: String,
    /// Size of the file in bytes.
    pub size: u64,
    /// What the manifest says.
    pub manifest: Manifest,
}

/// Why a package was not written. A package that would not verify is never written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The case has no events.
    #[error("a case without events cannot be sealed")]
    NoEvents,
    /// The events are not numbered on from 1.
    #[error("event {expected} is missing, {found} came instead")]
    EventGap {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The hashes of an event do not fit the event before it or its own bytes.
    #[error("the hash of event {seq} does not fit")]
    ChainBroken {
        /// Number of the event.
        seq: u64,
    },
    /// The body of an event is not JSON, or says another number or case.
    #[error("event {seq} is not JSON with that number and this case")]
    EventUnreadable {
        /// Number of the event.
        seq: u64,
    },
    /// The metadata are not the XML that [`super::metadata_xml`] writes.
    #[error("the metadata are not plain XML")]
    MetadataUnreadable,
    /// A name that is not safe to unpack.
    #[error("the name {name} is not safe")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// Two documents with the same name (upper and lower case are the same).
    #[error("the name {name} comes twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A document's content has not the hash that was given for it, or changed while it was written.
    #[error("the document {name} has the hash {found}, not {expected}")]
    DocumentChanged {
        /// Name of the document.
        name: String,
        /// The hash that was given.
        expected: String,
        /// The hash of its content.
        found: String,
    },
    /// The list of contents names a document that is not there, or leaves one out.
    #[error("the list of contents and the documents do not agree on {name}")]
    CatalogueDiffers {
        /// Name of the document.
        name: String,
    },
    /// More entries, or more bytes (4 GiB in all, 16 MiB for an event, 256 MiB for all of them), than a package can hold.
    #[error("the package is too large: {name}")]
    TooLarge {
        /// The entry that is too large or one too many.
        name: String,
    },
    /// The key did not sign.
    #[error("{0}")]
    Seal(#[from] SealError),
    /// Reading a document or writing the package failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// One entry on its way into the package.
struct Part<'a> {
    name: String,
    kind: Option<&'a str>,
    source: Source<'a>,
    digests: Digests,
}

enum Source<'a> {
    Bytes(Cow<'a, [u8]>),
    Path(&'a std::path::Path),
}

impl Source<'_> {
    fn open(&self) -> std::io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(&bytes[..]),
            Self::Path(path) => Box::new(File::open(path)?),
        })
    }
}

/// Writes the package of a case, signed with the hall's key. Documents are read twice, in pieces: once to know their hashes, once to copy them; so
/// memory stays bounded and `out` need not seek. The same input and key always give the same bytes.
///
/// # Errors
/// [`PackageError`]; what was written to `out` until then is not a package and must be thrown away.
pub fn write_package(input: &PackageInput, key: &SoftwareKey, out: &mut impl Write) -> Result<Sealed, PackageError> {
    let chain = check_events(input)?;
    check_documents(input)?;
    let mut parts = parts(input)?;
    let head = chain.last().cloned().ok_or(PackageError::NoEvents)?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        case_id: input.case_id.clone(),
        number: input.number.clone(),
        head: head.clone(),
        events: chain.len() as u64,
        chain,
        sealed: Some(SealedBy {
            hall: input.sealing.hall.clone(),
            at: input.sealing.at.clone(),
            volume: input.sealing.volume,
            key: key.public().id().to_owned(),
        }),
        entries: parts.iter().map(Part::manifest_entry).collect(),
    };
    let bytes = serde_json::to_vec(&manifest).map_err(std::io::Error::other)?;
    parts.push(Part::new(SIGNATURE.to_owned(), None, Source::Bytes(sign(&bytes, key)?.into()))?);
    parts.push(Part::new(MANIFEST.to_owned(), None, Source::Bytes(bytes.into()))?);
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(part) = parts.get(MAX_ENTRIES) {
        return Err(PackageError::TooLarge { name: part.name.clone() });
    }
    let json: u64 = parts.iter().filter(|part| part.kind.is_none()).map(|part| part.digests.size).sum();
    if json > MAX_JSON_TOTAL {
        return Err(PackageError::TooLarge { name: EVENTS.to_owned() });
    }
    let mut out = Hashing { inner: out, hasher: sha2::Sha256::new(), size: 0 };
    write_parts(&parts, &mut out)?;
    out.flush()?;
    Ok(Sealed { package_hash: hex(&out.hasher.finalize()), head, size: out.size, manifest })
}

fn check_events(input: &PackageInput) -> Result<Vec<String>, PackageError> {
    let mut chain = Vec::with_capacity(input.events.len());
    let mut prev = CHAIN_START;
    for (expected, event) in (1..).zip(&input.events) {
        let seq = event.seq;
        if seq != expected {
            return Err(PackageError::EventGap { expected, found: seq });
        }
        if event.prev_hash != prev || event.hash != chain_hash(prev, &event.body) {
            return Err(PackageError::ChainBroken { seq });
        }
        let body: serde_json::Value =
            serde_json::from_slice(&event.body).map_err(|_| PackageError::EventUnreadable { seq })?;
        let number_fits = body.get("seq").is_none_or(|says| says.as_u64() == Some(seq));
        let case_fits = body.get("case").is_none_or(|says| says.as_str() == Some(&input.case_id));
        if !number_fits || !case_fits {
            return Err(PackageError::EventUnreadable { seq });
        }
        chain.push(event.hash.clone());
        prev = &event.hash;
    }
    Ok(chain)
}

fn check_documents(input: &PackageInput) -> Result<(), PackageError> {
    let mut folded = HashSet::new();
    for document in &input.documents {
        let name = document.name.clone();
        if !is_safe_name(&format!("{DOCUMENTS}{name}")) {
            return Err(PackageError::UnsafeName { name });
        }
        if !folded.insert(name.to_lowercase()) {
            return Err(PackageError::Duplicate { name });
        }
    }
    let there: HashSet<&str> = input.documents.iter().map(|d| d.name.as_str()).collect();
    let listed: HashSet<&str> = input.catalogue.iter().filter_map(|row| row.document.as_deref()).collect();
    if let Some(name) = there.symmetric_difference(&listed).min() {
        return Err(PackageError::CatalogueDiffers { name: (*name).to_owned() });
    }
    if is_metadata(&input.metadata) { Ok(()) } else { Err(PackageError::MetadataUnreadable) }
}

/// All entries but manifest and signature, sorted by name.
fn parts(input: &PackageInput) -> Result<Vec<Part<'_>>, PackageError> {
    let catalogue = serde_json::to_vec(&input.catalogue).map_err(std::io::Error::other)?;
    let mut parts = vec![
        Part::new(CATALOGUE.to_owned(), None, Source::Bytes(catalogue.into()))?,
        Part::new(METADATA.to_owned(), None, Source::Bytes(input.metadata.as_slice().into()))?,
    ];
    for event in &input.events {
        parts.push(Part::new(event_name(event.seq), None, Source::Bytes(event.body.as_slice().into()))?);
    }
    for document in &input.documents {
        let source = match &document.content {
            Content::Bytes(bytes) => Source::Bytes(bytes.as_slice().into()),
            Content::Path(path) => Source::Path(path),
        };
        let part = Part::new(format!("{DOCUMENTS}{}", document.name), Some(&document.kind), source)?;
        if part.digests.sha256 != document.hash {
            return Err(PackageError::DocumentChanged {
                name: document.name.clone(),
                expected: document.hash.clone(),
                found: part.digests.sha256,
            });
        }
        parts.push(part);
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(parts)
}

impl<'a> Part<'a> {
    fn new(name: String, kind: Option<&'a str>, source: Source<'a>) -> Result<Self, PackageError> {
        let digests = copy(&mut source.open()?, &mut std::io::sink())?;
        if kind.is_none() && digests.size > MAX_JSON {
            return Err(PackageError::TooLarge { name });
        }
        Ok(Self { name, kind, source, digests })
    }

    fn manifest_entry(&self) -> ManifestEntry {
        ManifestEntry {
            name: self.name.clone(),
            kind: self.kind.map(str::to_owned),
            size: self.digests.size,
            sha256: self.digests.sha256.clone(),
            sm3: self.digests.sm3.clone(),
        }
    }
}

fn write_parts(parts: &[Part<'_>], out: &mut Hashing<'_, impl Write>) -> Result<(), PackageError> {
    let mut list = Vec::new();
    for part in parts {
        let too_large = || PackageError::TooLarge { name: part.name.clone() };
        let header = Header {
            name: part.name.as_bytes().to_vec(),
            crc: part.digests.crc,
            size: u32::try_from(part.digests.size).map_err(|_| too_large())?,
            offset: u32::try_from(out.size).map_err(|_| too_large())?,
        };
        out.write_all(&header.local())?;
        let found = copy_again(&mut part.source.open()?, out)?;
        if found != part.digests.sha256 {
            let (name, expected) = (part.name.clone(), part.digests.sha256.clone());
            return Err(PackageError::DocumentChanged { name, expected, found });
        }
        list.extend_from_slice(&header.central());
    }
    let too_large = |_| PackageError::TooLarge { name: MANIFEST.to_owned() };
    let offset = u32::try_from(out.size).map_err(too_large)?;
    let size = u32::try_from(list.len()).map_err(too_large)?;
    let count = u16::try_from(parts.len()).map_err(too_large)?;
    out.write_all(&list)?;
    out.write_all(&end(count, size, offset))?;
    Ok(())
}

/// Hashes and counts what passes through.
struct Hashing<'a, W> {
    inner: &'a mut W,
    hasher: sha2::Sha256,
    size: u64,
}

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
