//! Verifying a package: nothing is needed but the file, and if one has them, a hash and the hall's key from elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Seek, SeekFrom};

use super::container::{self, Entry};
use super::finding::Finding;
use super::manifest::{FIRST_FORMAT, FORMAT, Manifest, ManifestEntry, copy_again};
use super::names::{CATALOGUE, DOCUMENTS, EVENTS, MANIFEST, SIGNATURE, event_name};
use super::xml::is_metadata;
use super::{CatalogueRow, signature};
use crate::hash::{CHAIN_START, chain_hash};
use crate::seal::PublicKey;

/// What the reader knows from elsewhere, such as from paper in their own hands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The hash of any record, or the SHA-256 of the package file, in hex; upper case and white space do not matter.
    pub expect: Option<&'a str>,
    /// Keys of the hall that they trust: one of them must have signed. With none, the key is not looked at.
    pub keys: &'a [PublicKey],
}

/// What a hash from elsewhere ties the package to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// No hash was given: the package agrees with itself, which its maker could also arrange later.
    Nothing,
    /// The hash of a record that is not the last: the records up to it, and every document that one of them names.
    Record(u64),
    /// The head of the chain: all events, and every document that an event names by its hash.
    Head,
    /// The hash of the package file: every byte.
    Package,
}

/// A package in which nothing wrong was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// Id of the case.
    pub case_id: String,
    /// Number of the case as people read it.
    pub number: String,
    /// How many events.
    pub events: u64,
    /// How many documents.
    pub documents: u64,
    /// Hash of the last event.
    pub head: String,
    /// SHA-256 of the whole file.
    pub package_hash: String,
    /// What the expected hash ties it to.
    pub bound: Bound,
    /// Documents whose hash no event names that the expected hash vouches for (without one: no event at all).
    pub unnamed: Vec<String>,
    /// The hall's signature, which fits; none on packages of the first form.
    pub signed: Option<Signed>,
}

/// A signature that fits the package.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Signed {
    /// The hall, as it calls itself.
    pub hall: String,
    /// When, by its clock.
    pub at: String,
    /// Volume of the case's file.
    pub volume: u32,
    /// Id of the key.
    pub key: String,
    /// Whether the key is one that the reader trusts; else anybody may have made it.
    pub is_trusted: bool,
}

/// Verifies a package byte for byte against itself and a hash from elsewhere, see [`Known::expect`].
///
/// # Errors
/// Everything that was found wrong, at least one thing.
pub fn verify(file: &mut (impl Read + Seek), expect: Option<&str>) -> Result<Verified, Vec<Finding>> {
    verify_against(file, Known { expect, keys: &[] })
}

/// Verifies a package byte for byte against itself and what is known from elsewhere.
///
/// # Errors
/// Everything that was found wrong, at least one thing.
pub fn verify_against(file: &mut (impl Read + Seek), known: Known<'_>) -> Result<Verified, Vec<Finding>> {
    let unreadable = |error: std::io::Error| vec![Finding::Unreadable { why: error.to_string() }];
    let container = container::read(file).map_err(unreadable)?;
    let mut check = Check { entries: container.entries, findings: container.findings };
    let Some(manifest) = check.manifest() else {
        return Err(check.findings);
    };
    check.contents(&manifest);
    let (head, named) = check.events(&manifest);
    check.metadata(&manifest);
    check.catalogue();
    let signed = check.signature(&manifest, known.keys);
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let package_hash = copy_again(file, &mut std::io::sink()).map_err(unreadable)?;
    let bound = check.expected(known.expect, &manifest, &head, &package_hash);
    if !check.findings.is_empty() {
        return Err(check.findings);
    }
    let documents: Vec<&ManifestEntry> = manifest.entries.iter().filter(|e| e.name.starts_with(DOCUMENTS)).collect();
    let last = if let Bound::Record(seq) = bound { seq } else { u64::MAX };
    let is_named = |e: &&&ManifestEntry| named.get(&e.sha256).is_some_and(|seq| *seq <= last);
    let unnamed = documents.iter().filter(|e| !is_named(e)).map(|e| e.name.clone()).collect();
    Ok(Verified {
        case_id: manifest.case_id.clone(),
        number: manifest.number.clone(),
        events: manifest.events,
        documents: documents.len() as u64,
        head,
        package_hash,
        bound,
        unnamed,
        signed,
    })
}

struct Check {
    entries: BTreeMap<String, Entry>,
    findings: Vec<Finding>,
}

impl Check {
    /// The manifest; `None`, with a finding, if there is none that can be read.
    fn manifest(&mut self) -> Option<Manifest> {
        let name = MANIFEST.to_owned();
        let Some(entry) = self.entries.get(MANIFEST) else {
            // Without a list of entries the more telling finding stands there already.
            if self.findings.is_empty() || !self.entries.is_empty() {
                self.findings.push(Finding::Missing { name });
            }
            return None;
        };
        if !entry.crc_fits {
            self.findings.push(Finding::Changed { name: name.clone() });
        }
        let bytes = entry.bytes.as_deref().unwrap_or_default();
        let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else {
            self.findings.push(match serde_json::from_slice::<serde_json::Value>(bytes) {
                Ok(value) if value["format"].as_str().is_some_and(|format| !is_known(format)) => {
                    Finding::UnknownFormat { found: value["format"].as_str().unwrap_or_default().to_owned() }
                }
                _ => Finding::NotJson { name },
            });
            return None;
        };
        if !is_known(&manifest.format) {
            self.findings.push(Finding::UnknownFormat { found: manifest.format });
            return None;
        }
        let rewritten = serde_json::to_vec(&manifest).is_ok_and(|rewritten| rewritten == bytes);
        let sorted = manifest.entries.windows(2).all(|pair| pair[0].name < pair[1].name);
        if !rewritten || !sorted || manifest.is_signed() != (manifest.format == FORMAT) {
            self.findings.push(Finding::NotJson { name });
        }
        Some(manifest)
    }

    /// Manifest against entries, both ways.
    fn contents(&mut self, manifest: &Manifest) {
        let mut listed: BTreeSet<&str> = BTreeSet::new();
        for expected in &manifest.entries {
            let name = expected.name.clone();
            listed.insert(&expected.name);
            match self.entries.get(&expected.name) {
                None => self.findings.push(Finding::Missing { name }),
                Some(Entry { digests: Some(digests), crc_fits, .. }) => {
                    let same = digests.size == expected.size
                        && digests.sha256 == expected.sha256
                        && digests.sm3 == expected.sm3;
                    if !same || !crc_fits {
                        self.findings.push(Finding::Changed { name });
                    }
                }
                // Not read; that it is not in its place is a finding already.
                Some(_) => {}
            }
        }
        for required in [CATALOGUE, manifest.metadata()] {
            if !listed.contains(required) {
                self.findings.push(Finding::Missing { name: required.to_owned() });
            }
        }
        let foreign = |name: &&String| {
            let place = [DOCUMENTS, EVENTS].iter().any(|folder| name.starts_with(folder));
            let has_place = place || name.as_str() == CATALOGUE || name.as_str() == manifest.metadata();
            let is_listed = listed.contains(name.as_str()) && has_place;
            !(is_listed || name.as_str() == MANIFEST || manifest.is_signed() && name.as_str() == SIGNATURE)
        };
        let added: Vec<String> = self.entries.keys().filter(foreign).cloned().collect();
        self.findings.extend(added.into_iter().map(|name| Finding::Added { name }));
    }

    /// The chain of events: its head, and every hash that an event names with the number of the first that does.
    fn events(&mut self, manifest: &Manifest) -> (String, HashMap<String, u64>) {
        let (mut head, mut count, mut whole) = (CHAIN_START.to_owned(), 0, true);
        let mut named = HashMap::new();
        for (name, entry) in self.entries.iter().filter(|(name, _)| name.starts_with(EVENTS)) {
            count += 1;
            let Some(body) = entry.bytes.as_deref() else {
                // It is not in its place, which is a finding already; what follows cannot be judged by it.
                whole = false;
                continue;
            };
            if *name != event_name(count) && whole {
                self.findings.push(Finding::EventGap { expected: count, found: name.clone() });
                whole = false;
            }
            self.findings.extend(check_body(name, body, whole.then_some(count), &manifest.case_id));
            head = chain_hash(&head, body);
            let sealed = manifest.chain.get(usize::try_from(count - 1).unwrap_or(usize::MAX));
            if whole && sealed != Some(&head) {
                let expected = sealed.cloned().unwrap_or_default();
                self.findings.push(Finding::ChainBroken { seq: count, expected, found: head.clone() });
                whole = false;
            }
            for hash in hashes_in(body) {
                named.entry(hash).or_insert(count);
            }
        }
        if manifest.events != count || manifest.chain.len() as u64 != count || count == 0 {
            self.findings.push(Finding::EventCount { expected: manifest.events, found: count });
        }
        if manifest.head != head {
            self.findings.push(Finding::HeadDiffers { expected: manifest.head.clone(), found: head.clone() });
        }
        (head, named)
    }

    fn metadata(&mut self, manifest: &Manifest) {
        let name = manifest.metadata();
        let Some(bytes) = self.entries.get(name).and_then(|entry| entry.bytes.as_deref()) else {
            return;
        };
        let is_json = || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).is_ok();
        if !(if manifest.is_signed() { is_metadata(bytes) } else { is_json() }) {
            self.findings.push(Finding::NotJson { name: name.to_owned() });
        }
    }

    /// The signature against the manifest, and its key against those that the reader trusts.
    fn signature(&mut self, manifest: &Manifest, trusted: &[PublicKey]) -> Option<Signed> {
        let Some(sealed) = &manifest.sealed else {
            self.findings.extend((!trusted.is_empty()).then_some(Finding::NotSigned));
            return None;
        };
        let Some(entry) = self.entries.get(SIGNATURE) else {
            self.findings.push(Finding::Missing { name: SIGNATURE.to_owned() });
            return None;
        };
        if !entry.crc_fits {
            self.findings.push(Finding::Changed { name: SIGNATURE.to_owned() });
        }
        // Not read: that it is not in its place is a finding already. The manifest is there, or this would not be asked.
        let signature = entry.bytes.as_deref()?;
        let bytes = self.entries.get(MANIFEST)?.bytes.as_deref()?;
        let key = match signature::check(signature, bytes, &sealed.key) {
            Ok(key) => key,
            Err(finding) => {
                self.findings.push(finding);
                return None;
            }
        };
        let is_trusted = trusted.contains(&key);
        if !trusted.is_empty() && !is_trusted {
            let given = trusted.iter().map(|key| key.id().to_owned()).collect();
            self.findings.push(Finding::KeyNotTrusted { key: key.id().to_owned(), given });
        }
        let (hall, at) = (sealed.hall.clone(), sealed.at.clone());
        Some(Signed { hall, at, volume: sealed.volume, key: sealed.key.clone(), is_trusted })
    }

    /// The list of contents must name every document and no other.
    fn catalogue(&mut self) {
        let Some(bytes) = self.entries.get(CATALOGUE).and_then(|entry| entry.bytes.as_deref()) else {
            return;
        };
        let Ok(rows) = serde_json::from_slice::<Vec<CatalogueRow>>(bytes) else {
            self.findings.push(Finding::NotJson { name: CATALOGUE.to_owned() });
            return;
        };
        let listed: BTreeSet<&str> = rows.iter().filter_map(|row| row.document.as_deref()).collect();
        let there: BTreeSet<&str> = self.entries.keys().filter_map(|name| name.strip_prefix(DOCUMENTS)).collect();
        let differing = listed.symmetric_difference(&there);
        self.findings.extend(differing.map(|name| Finding::CatalogueDiffers { name: (*name).to_owned() }));
    }

    /// What the hash from elsewhere is: that of the file, of the last record or of one before it. The hashes of the chain were
    /// held against the records before this is asked; where they differ, that is a finding.
    fn expected(&mut self, expect: Option<&str>, manifest: &Manifest, head: &str, package: &str) -> Bound {
        let Some(given) = expect else {
            return Bound::Nothing;
        };
        let expected: String = given.split_whitespace().collect::<String>().to_ascii_lowercase();
        if expected == package {
            return Bound::Package;
        }
        if expected == head {
            return Bound::Head;
        }
        if let Some(seq) = (1..).zip(&manifest.chain).find_map(|(seq, hash)| (*hash == expected).then_some(seq)) {
            return Bound::Record(seq);
        }
        let (head, package) = (head.to_owned(), package.to_owned());
        self.findings.push(Finding::NotTheExpected { expected, head, package });
        Bound::Nothing
    }
}

fn is_known(format: &str) -> bool {
    matches!(format, FORMAT | FIRST_FORMAT)
}

/// An event must be JSON. If it says a number, it must be that of its place (told only while the places themselves are
/// right); if it names a case, it must be this one.
fn check_body(name: &str, body: &[u8], place: Option<u64>, case_id: &str) -> Option<Finding> {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        return Some(Finding::NotJson { name: name.to_owned() });
    };
    let seq = place?;
    let as_text = |says: &serde_json::Value| says.as_str().map_or_else(|| says.to_string(), str::to_owned);
    if let Some(says) = value.get("seq").filter(|says| says.as_u64() != Some(seq)) {
        return Some(Finding::EventNumber { seq, says: as_text(says) });
    }
    let says = value.get("case").filter(|says| says.as_str() != Some(case_id))?;
    Some(Finding::EventOfAnotherCase { seq, says: as_text(says) })
}

/// Every run of exactly 64 hex digits in an event.
fn hashes_in(body: &[u8]) -> impl Iterator<Item = String> {
    body.split(|byte| !byte.is_ascii_hexdigit())
        .filter(|run| run.len() == 64)
        .map(|run| String::from_utf8_lossy(run).into_owned())
}
