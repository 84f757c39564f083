//! Tests of the archive package (S6.5): round trip, every flipped byte, and packages made to deceive.

use std::io::{Cursor, Read as _, Write as _};

use super::layout::{Header, end};
use super::names::{CATALOGUE, MANIFEST, METADATA, SIGNATURE};
use super::*;
use crate::hash::{CHAIN_START, chain_hash, sha256_hex, sm3_hex};
use crate::seal::SoftwareKey;

mod flipped;
mod forged;
mod signed;

const PDF: &[u8] = b"%PDF-1.7\nthe agreement";

fn events(bodies: &[String]) -> Vec<PackedEvent> {
    let mut prev_hash = CHAIN_START.to_owned();
    let mut events = Vec::new();
    for (seq, body) in (1..).zip(bodies) {
        let body = body.as_bytes().to_vec();
        let hash = chain_hash(&prev_hash, &body);
        events.push(PackedEvent { seq, body, prev_hash: prev_hash.clone(), hash: hash.clone() });
        prev_hash = hash;
    }
    events
}

fn document(name: &str, bytes: &[u8]) -> PackedDocument {
    PackedDocument {
        name: name.to_owned(),
        kind: "material".to_owned(),
        hash: sha256_hex(bytes),
        content: Content::Bytes(bytes.to_vec()),
    }
}

fn row(item: u32, document: Option<&str>) -> CatalogueRow {
    CatalogueRow {
        item,
        title: format!("材料{item}"),
        kind: "material".to_owned(),
        document: document.map(str::to_owned),
        date: Some("2026-11-24".to_owned()),
        pages: Some(2),
        remark: None,
    }
}

fn sample() -> PackageInput {
    let bodies = [
        r#"{"seq":1,"type":"submitted"}"#.to_owned(),
        format!(r#"{{"seq":2,"type":"agreement_signed","hash":"{}"}}"#, sha256_hex(PDF)),
        r#"{"seq":3,"type":"archived"}"#.to_owned(),
    ];
    PackageInput {
        case_id: "0192f7a0-0000-7000-8000-000000000001".to_owned(),
        number: "帮办〔2026〕1号".to_owned(),
        metadata: metadata_xml("元数据", &std::collections::BTreeMap::from([("保管期限", "30年")])).unwrap(),
        sealing: Sealing { hall: named("巴林左旗政务服务局"), at: named("2026-11-24T08:00:00Z"), volume: 1 },
        events: events(&bodies),
        documents: vec![document("材料/M1-营业执照.jpg", b"\xff\xd8\xff photo"), document("D1-agreement.pdf", PDF)],
        catalogue: vec![row(1, Some("D1-agreement.pdf")), row(2, Some("材料/M1-营业执照.jpg")), row(3, None)],
    }
}

/// The hall's key, or with another number somebody else's.
fn key(number: u8) -> SoftwareKey {
    SoftwareKey::from_bytes(&[number; 32]).unwrap()
}

fn written(input: &PackageInput) -> (Vec<u8>, Sealed) {
    let mut bytes = Vec::new();
    let sealed = write_package(input, &key(7), &mut bytes).unwrap();
    (bytes, sealed)
}

fn findings(bytes: &[u8]) -> Vec<Finding> {
    verify(&mut Cursor::new(bytes), None).expect_err("something must be found")
}

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    findings(bytes).iter().map(Finding::code).collect()
}

fn named(name: &str) -> String {
    name.to_owned()
}

/// The entries of a package by name, as a forger would take them out.
fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        all.push((entry.name().unwrap().into_owned(), content));
    }
    all
}

/// Puts entries into a perfect frame, in the order given.
fn framed(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let header = Header {
            name: name.as_bytes().to_vec(),
            crc: crc32fast::hash(content),
            size: u32::try_from(content.len()).unwrap(),
            offset: u32::try_from(bytes.len()).unwrap(),
        };
        bytes.extend(header.local());
        bytes.extend_from_slice(content);
        list.extend(header.central());
    }
    let offset = u32::try_from(bytes.len()).unwrap();
    let tail = end(u16::try_from(entries.len()).unwrap(), u32::try_from(list.len()).unwrap(), offset);
    [bytes, list, tail].concat()
}

/// A forger who takes the package apart, changes it, rewrites the manifest's list of entries to fit and signs it, for the worst
/// forger is the one who has the hall's key.
fn forged(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>, &mut Manifest)) -> Vec<u8> {
    let mut all = entries(&written(&sample()).0);
    let place = all.iter().position(|(name, _)| name == MANIFEST).unwrap();
    let mut manifest: Manifest = serde_json::from_slice(&all.remove(place).1).unwrap();
    change(&mut all, &mut manifest);
    all.retain(|(name, _)| name != SIGNATURE);
    all.sort();
    manifest.entries = all
        .iter()
        .map(|(name, content)| ManifestEntry {
            name: name.clone(),
            kind: None,
            size: content.len() as u64,
            sha256: sha256_hex(content),
            sm3: sm3_hex(content),
        })
        .collect();
    let manifest = serde_json::to_vec(&manifest).unwrap();
    all.push((named(SIGNATURE), signature::sign(&manifest, &key(7)).unwrap()));
    all.push((named(MANIFEST), manifest));
    all.sort();
    framed(&all)
}

fn content_of<'a>(all: &'a mut [(String, Vec<u8>)], name: &str) -> &'a mut Vec<u8> {
    &mut all.iter_mut().find(|(n, _)| n == name).unwrap().1
}

#[test]
fn s6_5_a_package_verifies_and_says_what_it_holds() {
    let (bytes, sealed) = written(&sample());
    let verified = verify(&mut Cursor::new(&bytes), None).unwrap();
    assert_eq!((verified.events, verified.documents), (3, 2));
    assert_eq!(verified.number, "帮办〔2026〕1号");
    assert_eq!(verified.head, sample().events[2].hash);
    assert_eq!(verified.head, sealed.head);
    assert_eq!(verified.package_hash, sha256_hex(&bytes));
    assert_eq!((&sealed.package_hash, sealed.size), (&verified.package_hash, bytes.len() as u64));
    assert_eq!(verified.bound, Bound::Nothing);
    assert_eq!(verified.unnamed, ["documents/材料/M1-营业执照.jpg"], "no event names the photo");
}

#[test]
fn s6_5_an_ordinary_zip_program_reads_the_package() {
    let all = entries(&written(&sample()).0);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        CATALOGUE,
        "documents/D1-agreement.pdf",
        "documents/材料/M1-营业执照.jpg",
        "events/000001.json",
        "events/000002.json",
        "events/000003.json",
        MANIFEST,
        METADATA,
        SIGNATURE,
    ];
    assert_eq!(names, expected);
    assert_eq!(all[1].1, PDF);
    assert_eq!(all[3].1, sample().events[0].body);
}

#[test]
fn s6_5_the_same_case_gives_the_same_bytes() {
    let mut turned = sample();
    turned.documents.reverse();
    assert_eq!(written(&sample()), written(&turned));
}

#[test]
fn s6_5_documents_on_disk_are_read_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("agreement");
    std::fs::write(&path, PDF).unwrap();
    let mut input = sample();
    input.documents[1].content = Content::Path(path);
    assert_eq!(written(&input), written(&sample()));
}

#[test]
fn s6_5_what_would_not_verify_is_not_written() {
    let refused = |change: fn(&mut PackageInput)| {
        let mut input = sample();
        change(&mut input);
        write_package(&input, &key(7), &mut Vec::new()).unwrap_err()
    };
    assert!(matches!(refused(|i| i.events.clear()), PackageError::NoEvents));
    assert!(matches!(refused(|i| drop(i.events.remove(1))), PackageError::EventGap { expected: 2, found: 3 }));
    assert!(matches!(refused(|i| i.events[1].body.push(b' ')), PackageError::ChainBroken { seq: 2 }));
    assert!(matches!(refused(|i| i.events = events(&[named("no")])), PackageError::EventUnreadable { seq: 1 }));
    assert!(matches!(refused(|i| i.metadata = b"[]".to_vec()), PackageError::MetadataUnreadable));
    assert!(matches!(
        refused(|i| i.documents[0].hash = sha256_hex(b"other")),
        PackageError::DocumentChanged { name, .. } if name.starts_with("材料")
    ));
    assert!(matches!(
        refused(|i| i.documents.push(document("d1-AGREEMENT.PDF", b"x"))),
        PackageError::Duplicate { .. }
    ));
}

#[test]
fn s6_5_another_form_and_other_files_are_told_apart() {
    let newer = forged(|_, manifest| manifest.format = named("bangban-package/3"));
    assert_eq!(findings(&newer), [Finding::UnknownFormat { found: named("bangban-package/3") }]);
    assert_eq!(codes(b"%PDF-1.7"), ["not_a_package"]);
    assert_eq!(codes(b""), ["not_a_package"]);
    assert_eq!(codes(&end(0, 0, 0)), ["missing"]);
}

#[test]
fn s6_5_findings_are_told_in_both_languages() {
    let changed = Finding::Changed { name: named("documents/a\u{1b}[2J.pdf") };
    assert_eq!(describe(&changed, Lang::Zh), "“documents/a\u{fffd}[2J.pdf”的内容被改动过，与封存时不一致。");
    assert_eq!(
        describe(&changed, Lang::En),
        "The content of “documents/a\u{fffd}[2J.pdf” is not the one that was sealed."
    );
    let json = serde_json::to_value(&changed).unwrap();
    assert_eq!(json["code"], changed.code());
}
