//! Each byte of a package, changed: it is found, and the part that it lies in is named.

use super::*;
use std::ops::Range;
use std::sync::Mutex;

/// Where what of a package lies: each entry with its header and content, its line in the list, the end.
fn parts(bytes: &[u8]) -> Vec<(String, Range<usize>)> {
    let all = entries(bytes);
    let mut at = 0;
    let mut parts = Vec::new();
    for (length, is_list) in [(30, false), (46, true)] {
        for (name, content) in &all {
            let size = length + name.len() + if is_list { 0 } else { content.len() };
            parts.push((name.clone(), at..at + size));
            at += size;
        }
    }
    parts.push((String::new(), at..bytes.len()));
    assert_eq!(bytes.len() - at, end(0, 0, 0).len());
    parts
}

/// Whether a finding leads to the part: by the name of the entry, or by a place in the file that lies in it.
fn leads_to(finding: &Finding, name: &str, place: &Range<usize>) -> bool {
    let json = serde_json::to_value(finding).unwrap();
    let event = json["seq"].as_u64().map(super::super::names::event_name);
    match finding {
        // The very end of the file is named by its own finding or by the count that it claims.
        Finding::NotAPackage | Finding::TooManyEntries { .. } => name.is_empty(),
        Finding::NotCanonical { offset, .. } if place.contains(&usize::try_from(*offset).unwrap()) => true,
        _ => !name.is_empty() && (json["name"] == name || event.as_deref() == Some(name)),
    }
}

fn flipped(bytes: &[u8], at: usize, flip: u8) -> Result<(), String> {
    let mut changed = bytes.to_vec();
    changed[at] ^= flip;
    let Err(found) = verify(&mut Cursor::new(&changed), None) else {
        return Err(format!("byte {at} ^ {flip} was not found"));
    };
    let (name, place) = parts(bytes).into_iter().find(|(_, place)| place.contains(&at)).unwrap();
    let is_named = found.iter().any(|finding| leads_to(finding, &name, &place));
    if is_named { Ok(()) } else { Err(format!("byte {at} ^ {flip} of “{name}” {place:?} is not named: {found:?}")) }
}

#[test]
fn s6_5_verify_finds_every_changed_byte_and_names_its_part() {
    let (bytes, _) = written(&sample());
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (bytes, wrong) = (&bytes, &wrong);
            scope.spawn(move || {
                for at in (half..bytes.len()).step_by(2) {
                    // One bit, another one at each byte; at every fifth all bits of the byte as well.
                    let all = (at % 5 == 0).then_some(0xff);
                    for flip in [1 << (at % 8)].into_iter().chain(all) {
                        wrong.lock().unwrap().extend(flipped(bytes, at, flip).err());
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), bytes.len(), &wrong[..wrong.len().min(5)]);
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
