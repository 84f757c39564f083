//! Reading the frame of a package: strict in what it accepts, but going on after a fault as long as that is safe, so
//! that the entries concerned can be named.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Result, Seek, SeekFrom};

use super::finding::Finding;
use super::layout::{CENTRAL, END, Header, LOCAL, end};
use super::manifest::{Digests, copy};
use super::names::{is_safe_name, is_whole};
use super::{MAX_ENTRIES, MAX_JSON, MAX_JSON_TOTAL};

/// The longest list of entries that is read into memory, in bytes.
const MAX_LIST: u64 = (MAX_ENTRIES * 512) as u64;

/// An entry whose content has been read.
#[derive(Debug)]
pub(super) struct Entry {
    /// `None` if it could not be read safely; a finding says why.
    pub digests: Option<Digests>,
    /// The content of the entries that are read as a whole.
    pub bytes: Option<Vec<u8>>,
    /// Whether the check sum in its header fits the content.
    pub crc_fits: bool,
}

/// What was read from the file.
#[derive(Debug, Default)]
pub(super) struct Container {
    pub entries: BTreeMap<String, Entry>,
    pub findings: Vec<Finding>,
}

/// An entry as the list at the end of the file names it.
struct Listed {
    name: String,
    header: Header,
    /// Whether its content lies where it must, so that it can be read.
    in_place: bool,
}

/// Reads the frame and streams every content once.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Result<Container> {
    let mut container = Container::default();
    let length = file.seek(SeekFrom::End(0))?;
    let Some((list, list_offset)) = read_list(file, length, &mut container.findings)? else {
        return Ok(container);
    };
    let mut listed = parse_list(&list, list_offset, &mut container.findings);
    check_names(&listed, &mut container.findings);
    check_places(&mut listed, list_offset, &mut container.findings);
    for entry in &listed {
        let read = read_entry(file, entry, &mut container.findings)?;
        container.entries.entry(entry.name.clone()).or_insert(read);
    }
    Ok(container)
}

/// The list of entries and where it starts; `None` if there is nothing to go on with.
fn read_list(
    file: &mut (impl Read + Seek),
    length: u64,
    findings: &mut Vec<Finding>,
) -> Result<Option<(Vec<u8>, u64)>> {
    let Some(end_offset) = length.checked_sub(END as u64) else {
        findings.push(Finding::NotAPackage);
        return Ok(None);
    };
    let mut found = [0; END];
    file.seek(SeekFrom::Start(end_offset))?;
    file.read_exact(&mut found)?;
    if !found.starts_with(b"PK\x05\x06") {
        findings.push(Finding::NotAPackage);
        return Ok(None);
    }
    let (count, size, offset) = (u16_at(&found, 10), u32_at(&found, 12), u32_at(&found, 16));
    if found[..] != end(count, size, offset) {
        findings.push(Finding::NotCanonical { name: String::new(), offset: end_offset });
    }
    if usize::from(count) > MAX_ENTRIES || u64::from(size) > MAX_LIST {
        findings.push(Finding::TooManyEntries { count: count.into(), max: MAX_ENTRIES as u64 });
        return Ok(None);
    }
    if u64::from(offset) + u64::from(size) != end_offset {
        findings.push(Finding::NotCanonical { name: String::new(), offset: end_offset });
        return Ok(None);
    }
    let mut list = vec![0; size as usize];
    file.seek(SeekFrom::Start(offset.into()))?;
    file.read_exact(&mut list)?;
    let entries = count_entries(&list);
    if entries != usize::from(count) {
        findings.push(Finding::NotCanonical { name: String::new(), offset: end_offset });
    }
    Ok(Some((list, offset.into())))
}

/// The length of the header at the start of `list`; `None` if there is no whole header.
fn central_length(list: &[u8]) -> Option<usize> {
    if !list.starts_with(b"PK\x01\x02") || list.len() < CENTRAL {
        return None;
    }
    let length = CENTRAL + [28, 30, 32].map(|at| usize::from(u16_at(list, at))).iter().sum::<usize>();
    (length <= list.len()).then_some(length)
}

fn count_entries(mut list: &[u8]) -> usize {
    let mut count = 0;
    while let Some(length) = central_length(list) {
        list = &list[length..];
        count += 1;
    }
    count
}

fn parse_list(mut list: &[u8], list_offset: u64, findings: &mut Vec<Finding>) -> Vec<Listed> {
    let mut listed = Vec::new();
    let mut at = list_offset;
    while let Some(length) = central_length(list) {
        let (bytes, rest) = list.split_at(length);
        let name = bytes[CENTRAL..CENTRAL + usize::from(u16_at(bytes, 28))].to_vec();
        let header = Header { crc: u32_at(bytes, 16), size: u32_at(bytes, 24), offset: u32_at(bytes, 42), name };
        let name = String::from_utf8_lossy(&header.name).into_owned();
        // Stored, with one size: its content can be read even if other fields were changed.
        let in_place = u16_at(bytes, 10) == 0 && u32_at(bytes, 20) == header.size;
        // A name that swallows what comes after it has a wrong length: say where.
        if bytes != header.central() || name.contains(char::is_control) {
            findings.push(Finding::NotCanonical { name: name.clone(), offset: at });
        }
        listed.push(Listed { name, header, in_place });
        list = rest;
        at += length as u64;
    }
    if !list.is_empty() {
        findings.push(Finding::NotCanonical { name: String::new(), offset: at });
    }
    listed
}

fn check_names(listed: &[Listed], findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    let mut last: &[u8] = &[];
    for entry in listed {
        let name = entry.name.clone();
        if std::str::from_utf8(&entry.header.name).is_err() || !is_safe_name(&name) {
            findings.push(Finding::UnsafeName { name: name.clone() });
        }
        if !seen.insert(name.to_lowercase()) {
            findings.push(Finding::Duplicate { name });
        } else if entry.header.name[..] < *last {
            findings.push(Finding::OutOfOrder { name });
        }
        last = &entry.header.name;
    }
}

/// Entries must lie one behind the other and end where the list starts. What does not is not read at all, so no
/// content is read twice and no claimed size is believed.
fn check_places(listed: &mut [Listed], list_offset: u64, findings: &mut Vec<Finding>) {
    let (mut next, mut json_left) = (0, MAX_JSON_TOTAL);
    for entry in listed {
        let (name, offset, size) = (entry.name.clone(), u64::from(entry.header.offset), u64::from(entry.header.size));
        let json = is_whole(&name);
        let max = if json { MAX_JSON.min(json_left) } else { u64::MAX }.min(list_offset.saturating_sub(next));
        if size > max {
            findings.push(Finding::AbsurdSize { name, size, max });
            entry.in_place = false;
        } else if offset != next || next + entry.header.span() > list_offset {
            findings.push(Finding::NotCanonical { name, offset });
            entry.in_place = false;
        }
        if entry.in_place {
            next += entry.header.span();
            json_left -= if json { size } else { 0 };
        }
    }
    if next != list_offset {
        findings.push(Finding::NotCanonical { name: String::new(), offset: next });
    }
}

fn read_entry(file: &mut (impl Read + Seek), entry: &Listed, findings: &mut Vec<Finding>) -> Result<Entry> {
    if !entry.in_place {
        return Ok(Entry { digests: None, bytes: None, crc_fits: true });
    }
    let offset = u64::from(entry.header.offset);
    file.seek(SeekFrom::Start(offset))?;
    let mut local = vec![0; LOCAL + entry.header.name.len()];
    file.read_exact(&mut local)?;
    if local != entry.header.local() {
        findings.push(Finding::NotCanonical { name: entry.name.clone(), offset });
    }
    let mut content = file.take(entry.header.size.into());
    let (digests, bytes) = if is_whole(&entry.name) {
        let mut bytes = Vec::new();
        (copy(&mut content, &mut bytes)?, Some(bytes))
    } else {
        (copy(&mut content, &mut std::io::sink())?, None)
    };
    let crc_fits = digests.crc == entry.header.crc;
    Ok(Entry { digests: Some(digests), bytes, crc_fits })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}
