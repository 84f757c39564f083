//! `bangban verify`: 0 sound, 1 not, 2 not to be judged.

use crate::place::Place;
use domain::chain::{GENESIS, chain_hash};
use files::package::{CatalogueRow, Content, PackageInput, PackedDocument, PackedEvent, write_package};
use sha2::{Digest, Sha256};

/// A package with one event that names one document, and the hash of that event.
fn package() -> (Vec<u8>, String) {
    let paper = b"%PDF-1.7\nthe agreement";
    let start = GENESIS.to_owned();
    let paper_hash: String = Sha256::digest(paper).iter().map(|byte| format!("{byte:02x}")).collect();
    let body = format!(r#"{{"seq":1,"hash":"{paper_hash}"}}"#).into_bytes();
    let hash = chain_hash(&start, &body);
    let event = PackedEvent { seq: 1, body, prev_hash: start, hash: hash.clone() };
    let document = PackedDocument {
        name: "001-agreement.pdf".to_owned(),
        kind: "agreement".to_owned(),
        hash: paper_hash,
        content: Content::Bytes(paper.to_vec()),
    };
    let row = CatalogueRow {
        item: 1,
        title: "委托协议".to_owned(),
        kind: "agreement".to_owned(),
        document: Some(document.name.clone()),
        date: None,
        pages: Some(1),
        remark: None,
    };
    let input = PackageInput {
        case_id: "0192f7a0-0000-7000-8000-000000000001".to_owned(),
        number: "2026-0187".to_owned(),
        meta_json: b"{}".to_vec(),
        events: vec![event],
        documents: vec![document],
        catalogue: vec![row],
    };
    let mut bytes = Vec::new();
    write_package(&input, &mut bytes).unwrap();
    (bytes, hash)
}

#[test]
fn s6_5_a_sound_package_is_vouched_for_by_its_last_event() {
    let place = Place::new();
    let (bytes, head) = package();
    let file = place.write("案卷.zip", &bytes);
    let file = file.to_str().unwrap();
    let (code, said) = place.run(&["verify", file]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2026-0187") && said.contains("没有提供"), "{said}");
    let (code, said) = place.run(&["verify", file, "--expect", &head, "--lang", "en"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("vouches for all events and documents"), "{said}");
    let (code, said) = place.run(&["verify", file, "--expect", &"ab".repeat(32)]);
    assert_eq!(code, 1);
    assert!(said.contains(&head), "{said}");
}

#[test]
fn s6_5_a_changed_package_is_not_sound() {
    let place = Place::new();
    let (mut bytes, _) = package();
    let paper = bytes.windows(9).position(|part| part == b"agreement").unwrap();
    bytes[paper] ^= 1;
    let file = place.write("changed.zip", &bytes);
    let (code, said) = place.run(&["verify", file.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(said.contains("核验不通过"), "{said}");
}

#[test]
fn s6_5_what_cannot_be_judged_is_told_from_what_is_wrong() {
    let place = Place::new();
    assert_eq!(place.run(&["verify", "nowhere.zip"]).0, 2);
    let (bytes, _) = package();
    let file = place.write("案卷.zip", &bytes);
    let (code, said) = place.run(&["verify", file.to_str().unwrap(), "--key", "key.pem"]);
    assert_eq!(code, 2);
    assert!(said.contains("没有签名"), "{said}");
}
