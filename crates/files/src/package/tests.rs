//! Tests of the archive package (S6.5): round trip, every flipped byte, and packages made to deceive.

use std::io::{Cursor, Read as _, Write as _};

use super::container;
use super::layout::{Header, end};
use super::names::{CATALOGUE, MANIFEST, METADATA};
use super::*;
use crate::hash::{CHAIN_START, chain_hash, sha256_hex, sm3_hex};

const PDF: &[u8] = b"%PDF-1.7\nthe agreement";

fn events(bodies: &[String]) -> Vec<PackedEvent> {
    let mut prev_hash = CHAIN_START.to_owned();
    let mut events = Vec::new();
    for (seq, body) in (1..).zip(bodies) {
        let body = body.as_bytes().to_vec();
        let hash = chain_hash(&prev_hash, &body);
        events.push(PackedEvent {
            seq,
            body,
            prev_hash: prev_hash.clone(),
            hash: hash.clone(),
        });
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
        meta_json: br#"{"retention":"30"}"#.to_vec(),
        events: events(&bodies),
        documents: vec![
            document("材料/M1-营业执照.jpg", b"\xff\xd8\xff photo"),
            document("D1-agreement.pdf", PDF),
        ],
        catalogue: vec![
            row(1, Some("D1-agreement.pdf")),
            row(2, Some("材料/M1-营业执照.jpg")),
            row(3, None),
        ],
    }
}

fn written(input: &PackageInput) -> (Vec<u8>, Sealed) {
    let mut bytes = Vec::new();
    let sealed = write_package(input, &mut bytes).unwrap();
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
    let tail = end(
        u16::try_from(entries.len()).unwrap(),
        u32::try_from(list.len()).unwrap(),
        offset,
    );
    [bytes, list, tail].concat()
}

/// A forger who takes the package apart, changes it and rewrites the manifest's list of entries to fit.
fn forged(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>, &mut Manifest)) -> Vec<u8> {
    let mut all = entries(&written(&sample()).0);
    let place = all.iter().position(|(name, _)| name == MANIFEST).unwrap();
    let mut manifest: Manifest = serde_json::from_slice(&all.remove(place).1).unwrap();
    change(&mut all, &mut manifest);
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
    all.push((named(MANIFEST), serde_json::to_vec(&manifest).unwrap()));
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
    assert_eq!(
        (&sealed.package_hash, sealed.size),
        (&verified.package_hash, bytes.len() as u64)
    );
    assert_eq!(verified.bound, Bound::Nothing);
    assert_eq!(
        verified.unnamed,
        ["documents/材料/M1-营业执照.jpg"],
        "no event names the photo"
    );
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
fn s6_5_verify_finds_every_changed_byte() {
    let (bytes, _) = written(&sample());
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        // One bit, another one at each byte, and all bits of the byte.
        for flip in [1 << (at % 8), 0xff] {
            changed[at] ^= flip;
            assert!(
                verify(&mut Cursor::new(&changed), None).is_err(),
                "byte {at} ^ {flip} was not found"
            );
            changed[at] = bytes[at];
        }
    }
}

#[test]
fn s6_5_verify_finds_every_cut_and_every_inserted_byte() {
    let (bytes, _) = written(&sample());
    for at in 0..=bytes.len() {
        if at < bytes.len() {
            assert!(verify(&mut Cursor::new(&bytes[..at]), None).is_err(), "cut at {at}");
        }
        let longer = [&bytes[..at], &[0], &bytes[at..]].concat();
        assert!(verify(&mut Cursor::new(&longer), None).is_err(), "inserted at {at}");
    }
}

#[test]
fn s6_5_a_changed_document_is_named() {
    let mut all = entries(&written(&sample()).0);
    content_of(&mut all, "documents/D1-agreement.pdf")[12] ^= 1;
    let name = named("documents/D1-agreement.pdf");
    assert_eq!(findings(&framed(&all)), [Finding::Changed { name }]);
}

#[test]
fn s6_5_an_added_and_a_removed_file_are_named() {
    let mut all = entries(&written(&sample()).0);
    all.retain(|(name, _)| name != "documents/D1-agreement.pdf");
    all.push((named("documents/X.txt"), b"new".to_vec()));
    all.sort();
    let found = findings(&framed(&all));
    assert!(
        found.contains(&Finding::Missing {
            name: named("documents/D1-agreement.pdf")
        }),
        "{found:?}"
    );
    assert!(
        found.contains(&Finding::Added {
            name: named("documents/X.txt")
        }),
        "{found:?}"
    );
}

#[test]
fn s6_5_a_file_added_with_a_zip_program_is_named() {
    let (bytes, _) = written(&sample());
    let mut archive = zip::ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("documents/X.txt", stored).unwrap();
    archive.write_all(b"new").unwrap();
    let found = findings(&archive.finish().unwrap().into_inner());
    assert!(
        found.contains(&Finding::Added {
            name: named("documents/X.txt")
        }),
        "{found:?}"
    );
}

#[test]
fn s6_5_a_file_outside_the_known_places_is_refused_even_if_listed() {
    let bytes = forged(|all, _| all.push((named("run.exe"), b"MZ".to_vec())));
    assert_eq!(findings(&bytes), [Finding::Added { name: named("run.exe") }]);
}

#[test]
fn s6_5_an_event_left_out_is_found_even_if_the_manifest_is_rewritten() {
    let middle = forged(|all, manifest| {
        all.retain(|(name, _)| name != "events/000002.json");
        manifest.events = 2;
        manifest.chain.remove(1);
    });
    let found = findings(&middle);
    assert!(
        found.contains(&Finding::EventGap {
            expected: 2,
            found: named("events/000003.json")
        }),
        "{found:?}"
    );
    // The last one leaves no gap; the sealed head still tells.
    let last = forged(|all, _| all.retain(|(name, _)| name != "events/000003.json"));
    assert_eq!(codes(&last), ["event_count", "head_differs"]);
}

#[test]
fn s6_5_events_changed_or_reordered_break_the_chain_where_it_happened() {
    let swapped = forged(|all, _| {
        let second = content_of(all, "events/000002.json").clone();
        let third = std::mem::replace(content_of(all, "events/000003.json"), second);
        *content_of(all, "events/000002.json") = third;
    });
    let found = findings(&swapped);
    assert!(
        found.contains(&Finding::EventNumber {
            seq: 2,
            says: named("3")
        }),
        "{found:?}"
    );
    assert!(
        found.iter().any(|f| matches!(f, Finding::ChainBroken { seq: 2, .. })),
        "{found:?}"
    );

    let changed = forged(|all, _| *content_of(all, "events/000002.json") = br#"{"seq":2,"type":"x"}"#.to_vec());
    assert_eq!(codes(&changed), ["chain_broken", "head_differs"]);
}

#[test]
fn s6_5_a_whole_new_chain_is_found_by_the_hash_from_outside() {
    let (bytes, sealed) = written(&sample());
    let mut other = sample();
    other.events = events(&[r#"{"seq":1,"type":"made_up"}"#.to_owned()]);
    let (forged, _) = written(&other);
    assert!(
        verify(&mut Cursor::new(&forged), None).is_ok(),
        "alone it agrees with itself"
    );
    let found = verify(&mut Cursor::new(&forged), Some(&sealed.head)).unwrap_err();
    assert_eq!(found[0].code(), "not_the_expected");

    let by_head = verify(
        &mut Cursor::new(&bytes),
        Some(&format!(" {}\n", sealed.head.to_uppercase())),
    )
    .unwrap();
    assert_eq!(by_head.bound, Bound::Head);
    let by_file = verify(&mut Cursor::new(&bytes), Some(&sealed.package_hash)).unwrap();
    assert_eq!(by_file.bound, Bound::Package);
    assert!(
        verify(&mut Cursor::new(&bytes), Some("")).is_err(),
        "an empty hash is not no hash"
    );
}

#[test]
fn s6_5_names_that_climb_out_are_refused() {
    for bad in [
        "documents/../../x",
        "/etc/passwd",
        "documents\\x",
        "documents//x",
        "C:/x",
        "documents/a\u{202e}b",
        "..",
    ] {
        let bytes = forged(|all, _| all.push((named(bad), b"x".to_vec())));
        let found = findings(&bytes);
        assert!(
            found.contains(&Finding::UnsafeName { name: named(bad) }),
            "{bad}: {found:?}"
        );
        assert!(!is_safe_name(bad), "{bad}");
    }
    let mut input = sample();
    input.documents.push(document("../x.txt", b"x"));
    assert!(matches!(
        write_package(&input, &mut Vec::new()),
        Err(PackageError::UnsafeName { .. })
    ));
}

#[test]
fn s6_5_doubled_and_unsorted_entries_are_refused() {
    let mut all = entries(&written(&sample()).0);
    all.insert(0, all[0].clone());
    assert_eq!(findings(&framed(&all)), [Finding::Duplicate { name: named(CATALOGUE) }]);
    let mut all = entries(&written(&sample()).0);
    all.swap(0, 1);
    assert_eq!(
        findings(&framed(&all)),
        [Finding::OutOfOrder { name: named(CATALOGUE) }]
    );
    let doubled = forged(|all, _| all.push((named("documents/d1-AGREEMENT.pdf"), b"x".to_vec())));
    assert!(codes(&doubled).contains(&"duplicate"), "only the case differs");
}

#[test]
fn s6_5_an_absurd_size_or_count_is_refused_before_reading() {
    let claimed = |size| Header {
        name: b"documents/bomb".to_vec(),
        crc: 0,
        size,
        offset: 0,
    };
    let local = claimed(u32::MAX - 1).local();
    let list = claimed(u32::MAX - 1).central();
    let tail = end(
        1,
        u32::try_from(list.len()).unwrap(),
        u32::try_from(local.len()).unwrap(),
    );
    let bomb = [local, list, tail].concat();
    assert!(codes(&bomb).contains(&"absurd_size"));

    // Many entries that all claim the same bytes: the second and all others are not in their place.
    let content = vec![b'x'; 10_000];
    let header = claimed(10_000);
    let list: Vec<u8> = (0..100).flat_map(|_| header.central()).collect();
    let offset = u32::try_from(header.span()).unwrap();
    let tail = end(100, u32::try_from(list.len()).unwrap(), offset);
    let overlapping = [header.local(), content, list, tail].concat();
    let read = container::read(&mut Cursor::new(&overlapping)).unwrap();
    assert!(
        read.findings
            .iter()
            .filter(|f| matches!(f, Finding::AbsurdSize { .. }))
            .count()
            == 99
    );

    assert_eq!(codes(&end(u16::MAX, 0, 0)), ["too_many_entries"]);
    let huge_list = end(1, u32::MAX, 0);
    assert_eq!(codes(&huge_list), ["too_many_entries"]);
}

#[test]
fn s6_5_the_list_of_contents_must_name_every_document() {
    let mut input = sample();
    input.catalogue.pop();
    input.catalogue.pop();
    match write_package(&input, &mut Vec::new()) {
        Err(PackageError::CatalogueDiffers { name }) => assert_eq!(name, "材料/M1-营业执照.jpg"),
        other => panic!("{other:?}"),
    }
    let bytes = forged(|all, _| *content_of(all, CATALOGUE) = b"[]".to_vec());
    assert_eq!(codes(&bytes), ["catalogue_differs", "catalogue_differs"]);
}

#[test]
fn s6_5_what_would_not_verify_is_not_written() {
    let refused = |change: fn(&mut PackageInput)| {
        let mut input = sample();
        change(&mut input);
        write_package(&input, &mut Vec::new()).unwrap_err()
    };
    assert!(matches!(refused(|i| i.events.clear()), PackageError::NoEvents));
    assert!(matches!(
        refused(|i| drop(i.events.remove(1))),
        PackageError::EventGap { expected: 2, found: 3 }
    ));
    assert!(matches!(
        refused(|i| i.events[1].body.push(b' ')),
        PackageError::ChainBroken { seq: 2 }
    ));
    assert!(matches!(
        refused(|i| i.events = events(&[named("no")])),
        PackageError::EventUnreadable { seq: 1 }
    ));
    assert!(matches!(
        refused(|i| i.meta_json = b"[]".to_vec()),
        PackageError::MetadataUnreadable
    ));
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
    let newer = forged(|_, manifest| manifest.format = named("bangban-package/2"));
    assert_eq!(
        findings(&newer),
        [Finding::UnknownFormat {
            found: named("bangban-package/2")
        }]
    );
    assert_eq!(codes(b"%PDF-1.7"), ["not_a_package"]);
    assert_eq!(codes(b""), ["not_a_package"]);
    assert_eq!(codes(&end(0, 0, 0)), ["missing"]);
}

#[test]
fn s6_5_findings_are_told_in_both_languages() {
    let changed = Finding::Changed {
        name: named("documents/a\u{1b}[2J.pdf"),
    };
    assert_eq!(
        describe(&changed, Lang::Zh),
        "“documents/a\u{fffd}[2J.pdf”的内容被改动过，与封存时不一致。"
    );
    assert_eq!(
        describe(&changed, Lang::En),
        "The content of “documents/a\u{fffd}[2J.pdf” is not the one that was sealed."
    );
    let json = serde_json::to_value(&changed).unwrap();
    assert_eq!(json["code"], changed.code());
}
