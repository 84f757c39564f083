//! Packages that somebody has tampered with, clumsily or well.

use super::super::container;
use super::*;

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
    assert!(found.contains(&Finding::Missing { name: named("documents/D1-agreement.pdf") }), "{found:?}");
    assert!(found.contains(&Finding::Added { name: named("documents/X.txt") }), "{found:?}");
}

#[test]
fn s6_5_a_file_added_with_a_zip_program_is_named() {
    let (bytes, _) = written(&sample());
    let mut archive = zip::ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("documents/X.txt", stored).unwrap();
    archive.write_all(b"new").unwrap();
    let found = findings(&archive.finish().unwrap().into_inner());
    assert!(found.contains(&Finding::Added { name: named("documents/X.txt") }), "{found:?}");
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
    assert!(found.contains(&Finding::EventGap { expected: 2, found: named("events/000003.json") }), "{found:?}");
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
    assert!(found.contains(&Finding::EventNumber { seq: 2, says: named("3") }), "{found:?}");
    assert!(found.iter().any(|f| matches!(f, Finding::ChainBroken { seq: 2, .. })), "{found:?}");

    let changed = forged(|all, _| *content_of(all, "events/000002.json") = br#"{"seq":2,"type":"x"}"#.to_vec());
    assert_eq!(codes(&changed), ["chain_broken", "head_differs"]);
}

#[test]
fn s6_5_a_whole_new_chain_is_found_by_the_hash_from_outside() {
    let (bytes, sealed) = written(&sample());
    let mut other = sample();
    other.events = events(&[r#"{"seq":1,"type":"made_up"}"#.to_owned()]);
    let (forged, _) = written(&other);
    assert!(verify(&mut Cursor::new(&forged), None).is_ok(), "alone it agrees with itself");
    let found = verify(&mut Cursor::new(&forged), Some(&sealed.head)).unwrap_err();
    assert_eq!(found[0].code(), "not_the_expected");

    let by_head = verify(&mut Cursor::new(&bytes), Some(&format!(" {}\n", sealed.head.to_uppercase()))).unwrap();
    assert_eq!(by_head.bound, Bound::Head);
    let by_record = verify(&mut Cursor::new(&bytes), Some(&sealed.manifest.chain[0])).unwrap();
    assert_eq!(by_record.bound, Bound::Record(1), "what was printed on paper on the way");
    assert!(
        by_record.unnamed.contains(&named("documents/D1-agreement.pdf")),
        "the second record names it, not the first"
    );
    let by_file = verify(&mut Cursor::new(&bytes), Some(&sealed.package_hash)).unwrap();
    assert_eq!(by_file.bound, Bound::Package);
    assert!(verify(&mut Cursor::new(&bytes), Some("")).is_err(), "an empty hash is not no hash");
}

#[test]
fn s6_5_names_that_climb_out_are_refused() {
    for bad in
        ["documents/../../x", "/etc/passwd", "documents\\x", "documents//x", "C:/x", "documents/a\u{202e}b", ".."]
    {
        let bytes = forged(|all, _| all.push((named(bad), b"x".to_vec())));
        let found = findings(&bytes);
        assert!(found.contains(&Finding::UnsafeName { name: named(bad) }), "{bad}: {found:?}");
        assert!(!is_safe_name(bad), "{bad}");
    }
    let mut input = sample();
    input.documents.push(document("../x.txt", b"x"));
    assert!(matches!(write_package(&input, &key(7), &mut Vec::new()), Err(PackageError::UnsafeName { .. })));
}

#[test]
fn s6_5_doubled_and_unsorted_entries_are_refused() {
    let mut all = entries(&written(&sample()).0);
    all.insert(0, all[0].clone());
    assert_eq!(findings(&framed(&all)), [Finding::Duplicate { name: named(CATALOGUE) }]);
    let mut all = entries(&written(&sample()).0);
    all.swap(0, 1);
    assert_eq!(findings(&framed(&all)), [Finding::OutOfOrder { name: named(CATALOGUE) }]);
    let doubled = forged(|all, _| all.push((named("documents/d1-AGREEMENT.pdf"), b"x".to_vec())));
    assert!(codes(&doubled).contains(&"duplicate"), "only the case differs");
}

#[test]
fn s6_5_an_absurd_size_or_count_is_refused_before_reading() {
    let claimed = |size| Header { name: b"documents/bomb".to_vec(), crc: 0, size, offset: 0 };
    let local = claimed(u32::MAX - 1).local();
    let list = claimed(u32::MAX - 1).central();
    let tail = end(1, u32::try_from(list.len()).unwrap(), u32::try_from(local.len()).unwrap());
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
    assert!(read.findings.iter().filter(|f| matches!(f, Finding::AbsurdSize { .. })).count() == 99);

    assert_eq!(codes(&end(u16::MAX, 0, 0)), ["too_many_entries"]);
    let huge_list = end(1, u32::MAX, 0);
    assert_eq!(codes(&huge_list), ["too_many_entries"]);
}

#[test]
fn s6_5_the_list_of_contents_must_name_every_document() {
    let mut input = sample();
    input.catalogue.pop();
    input.catalogue.pop();
    match write_package(&input, &key(7), &mut Vec::new()) {
        Err(PackageError::CatalogueDiffers { name }) => assert_eq!(name, "材料/M1-营业执照.jpg"),
        other => panic!("{other:?}"),
    }
    let bytes = forged(|all, _| *content_of(all, CATALOGUE) = b"[]".to_vec());
    assert_eq!(codes(&bytes), ["catalogue_differs", "catalogue_differs"]);
}

#[test]
fn s6_5_events_of_another_case_are_refused() {
    let other = r#"{"case":"another","seq":1}"#;
    let mut input = sample();
    input.events = events(&[other.to_owned()]);
    assert!(matches!(write_package(&input, &key(7), &mut Vec::new()), Err(PackageError::EventUnreadable { seq: 1 })));
    input.case_id = named("another");
    let (bytes, sealed) = written(&input);
    assert!(verify(&mut Cursor::new(&bytes), Some(&sealed.head)).is_ok());
    // The same events under the name of another case.
    let bytes = forged(|all, manifest| {
        all.retain(|(name, _)| !name.starts_with("events/"));
        all.push((named("events/000001.json"), other.as_bytes().to_vec()));
        manifest.chain = vec![sealed.head.clone()];
        manifest.head = sealed.head.clone();
        manifest.events = 1;
    });
    assert_eq!(findings(&bytes), [Finding::EventOfAnotherCase { seq: 1, says: named("another") }]);
}

#[test]
fn s6_5_a_compressed_entry_is_refused_and_never_unpacked() {
    // A bomb: ten megabytes of zeros in ten kilobytes, in place of the photo.
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in entries(&written(&sample()).0) {
        let is_bomb = name.ends_with(".jpg");
        archive.start_file(&name, if is_bomb { deflated } else { stored }).unwrap();
        archive.write_all(if is_bomb { &[0; 10_000_000] } else { &content[..] }).unwrap();
    }
    let bomb = archive.finish().unwrap().into_inner();
    assert!(bomb.len() < 100_000);
    let name = "documents/材料/M1-营业执照.jpg";
    let read = container::read(&mut Cursor::new(&bomb)).unwrap();
    assert!(read.entries[name].digests.is_none(), "it was not read");
    let found = findings(&bomb);
    assert!(found.iter().any(|f| matches!(f, Finding::NotCanonical { name: n, .. } if n == name)), "{found:?}");
}
