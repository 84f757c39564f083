//! `bangban verify`: 0 sound, 1 not, 2 not to be judged.

use crate::place::Place;
use domain::chain::{GENESIS, chain_hash};
use files::package::{
    CatalogueRow, Content, PackageInput, PackedDocument, PackedEvent, Sealing, metadata_xml, write_package,
};
use files::seal::SoftwareKey;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

fn key(number: u8) -> SoftwareKey {
    SoftwareKey::from_bytes(&[number; 32]).unwrap()
}

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
        metadata: metadata_xml("元数据", &[("题名", "㛃河牧业")].into_iter().collect::<BTreeMap<_, _>>()).unwrap(),
        sealing: Sealing {
            hall: "巴林左旗政务服务局".to_owned(), at: "2026-11-24T08:00:00Z".to_owned(), volume: 1
        },
        events: vec![event],
        documents: vec![document],
        catalogue: vec![row],
    };
    let mut bytes = Vec::new();
    write_package(&input, &key(7), &mut bytes).unwrap();
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
    assert!(said.contains("公钥本身没有核对") && said.contains("与纸质件核对"), "{said}");
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
    assert!(said.contains("key.pem"), "{said}");
    place.write("key.pem", "no key");
    let (code, said) = place.run(&["verify", file.to_str().unwrap(), "--key", "key.pem", "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(said.contains("holds no SM2 public key"), "{said}");
}

#[test]
fn s6_5_the_signature_is_held_against_the_halls_key() {
    let place = Place::new();
    let file = place.write("案卷.zip", package().0);
    let file = file.to_str().unwrap();
    place.write("hall.pem", [key(8), key(7)].map(|key| key.public().to_pem()).concat());
    let (code, said) = place.run(&["verify", file, "--key", "hall.pem"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("与您提供的大厅公钥相符") && said.contains(key(7).public().id()), "{said}");
    place.write("other.pem", key(8).public().to_pem());
    let (code, said) = place.run(&["verify", file, "--key", "other.pem"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("不是您提供的公钥"), "{said}");
}

#[test]
fn s6_5_the_halls_key_is_printed_and_renewed() {
    let place = Place::new();
    let (code, said) = place.run(&["key"]);
    assert_eq!(code, 1);
    assert!(said.contains("还没有签名密钥"), "{said}");
    assert_eq!(place.run(&["migrate"]).0, 0);
    let (code, first) = place.run(&["key"]);
    assert_eq!(code, 0, "{first}");
    assert_eq!(first.matches("BEGIN PUBLIC KEY").count(), 1);
    assert!(!first.contains("PRIVATE"));
    let (code, renewed) = place.run(&["key", "--renew"]);
    assert_eq!(code, 0, "{renewed}");
    let (_, all) = place.run(&["key", "--all"]);
    assert_eq!(all.matches("BEGIN PUBLIC KEY").count(), 2, "{all}");
    let pem = |text: &str| text[text.find("-----BEGIN").unwrap()..].lines().nth(1).unwrap().to_owned();
    assert!(all.contains(&pem(&first)) && pem(&first) != pem(&renewed));
}
