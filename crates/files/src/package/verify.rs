//! Verifying a package: nothing is needed but the file, and if one has it, a hash from elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Read, Seek, SeekFrom};

use super::CatalogueRow;
use super::container::{self, Entry};
use super::finding::Finding;
use super::manifest::{FORMAT, Manifest, ManifestEntry, copy};
use super::names::{CATALOGUE, DOCUMENTS, EVENTS, MANIFEST, METADATA, event_name};
use crate::hash::{CHAIN_START, chain_hash};

/// What a hash from elsewhere ties the package to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// No hash was given: the package agrees with itself, which its maker could also arrange later.
    Nothing,
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
    /// Documents whose hash no event names: the head alone does not vouch for them.
    pub unnamed: Vec<String>,
}

/// Verifies a package byte for byte. `expect` is a hash from elsewhere: the head of the chain or the SHA-256 of the
/// package file, in hex; upper case and surrounding space do not matter.
///
/// # Errors
/// Everything that was found wrong, at least one thing.
pub fn verify(file: &mut (impl Read + Seek), expect: Option<&str>) -> Result<Verified, Vec<Finding>> {
    let unreadable = |error: std::io::Error| vec![Finding::Unreadable { why: error.to_string() }];
    let container = container::read(file).map_err(unreadable)?;
    let mut check = Check { entries: container.entries, findings: container.findings };
    let Some(manifest) = check.manifest() else {
        return Err(check.findings);
    };
    check.contents(&manifest);
    let (head, named) = check.events(&manifest);
    check.metadata();
    check.catalogue();
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let package_hash = copy(file, &mut std::io::sink()).map_err(unreadable)?.sha256;
    let bound = check.expected(expect, &head, &package_hash);
    if !check.findings.is_empty() {
        return Err(check.findings);
    }
    let documents: Vec<&ManifestEntry> = manifest.entries.iter().filter(|e| e.name.starts_with(DOCUMENTS)).collect();
    let unnamed = documents.iter().filter(|e| !named.contains(&e.sha256)).map(|e| e.name.clone()).collect();
    Ok(Verified {
        case_id: manifest.case_id.clone(),
        number: manifest.number.clone(),
        events: manifest.events,
        documents: documents.len() as u64,
        head,
        package_hash,
        bound,
        unnamed,
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
                Ok(value) if value["format"].as_str().is_some_and(|format| format != FORMAT) => {
                    Finding::UnknownFormat { found: value["format"].as_str().unwrap_or_default().to_owned() }
                }
                _ => Finding::NotJson { name },
            });
            return None;
        };
        if manifest.format != FORMAT {
            self.findings.push(Finding::UnknownFormat { found: manifest.format });
            return None;
        }
        let rewritten = serde_json::to_vec(&manifest).is_ok_and(|rewritten| rewritten == bytes);
        let sorted = manifest.entries.windows(2).all(|pair| pair[0].name < pair[1].name);
        if !rewritten || !sorted {
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
        for required in [CATALOGUE, METADATA] {
            if !listed.contains(required) {
                self.findings.push(Finding::Missing { name: required.to_owned() });
            }
        }
        let foreign = |name: &&String| {
            let place = [DOCUMENTS, EVENTS].iter().any(|folder| name.starts_with(folder));
            name.as_str() != MANIFEST
                && !(listed.contains(name.as_str()) && (place || matches!(name.as_str(), CATALOGUE | METADATA)))
        };
        let added: Vec<String> = self.entries.keys().filter(foreign).cloned().collect();
        self.findings.extend(added.into_iter().map(|name| Finding::Added { name }));
    }

    /// The chain of events: its head, and every hash that an event names.
    fn events(&mut self, manifest: &Manifest) -> (String, HashSet<String>) {
        let (mut head, mut count, mut whole) = (CHAIN_START.to_owned(), 0, true);
        let mut named = HashSet::new();
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
            named.extend(hashes_in(body));
        }
        if manifest.events != count || manifest.chain.len() as u64 != count || count == 0 {
            self.findings.push(Finding::EventCount { expected: manifest.events, found: count });
        }
        if manifest.head != head {
            self.findings.push(Finding::HeadDiffers { expected: manifest.head.clone(), found: head.clone() });
        }
        (head, named)
    }

    fn metadata(&mut self) {
        let Some(bytes) = self.entries.get(METADATA).and_then(|entry| entry.bytes.as_deref()) else {
            return;
        };
        if serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).is_err() {
            self.findings.push(Finding::NotJson { name: METADATA.to_owned() });
        }
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

    fn expected(&mut self, expect: Option<&str>, head: &str, package: &str) -> Bound {
        let Some(expected) = expect.map(|text| text.trim().to_ascii_lowercase()) else {
            return Bound::Nothing;
        };
        if expected == package {
            return Bound::Package;
        }
        if expected != head {
            let (head, package) = (head.to_owned(), package.to_owned());
            self.findings.push(Finding::NotTheExpected { expected, head, package });
        }
        Bound::Head
    }
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
