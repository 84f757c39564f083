//! The hall's signature: whose it is, what it holds, and packages from before there was one.

use super::super::manifest::FIRST_FORMAT;
use super::super::names::FIRST_METADATA;
use super::*;
use crate::seal::PublicKey;

fn against(bytes: &[u8], keys: &[PublicKey]) -> Result<Verified, Vec<Finding>> {
    verify_against(&mut Cursor::new(bytes), Known { expect: None, keys })
}

/// A package whose entries were changed, in a perfect frame, with nothing else made to fit.
fn reframed(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Vec<u8> {
    let mut all = entries(&written(&sample()).0);
    change(&mut all);
    all.sort();
    framed(&all)
}

/// A package of the first form: without a signature, with metadata in JSON.
fn first_form() -> Vec<u8> {
    let bytes = forged(|all, manifest| {
        all.retain(|(name, _)| name != METADATA);
        all.push((named(FIRST_METADATA), b"{}".to_vec()));
        manifest.format = named(FIRST_FORMAT);
        manifest.sealed = None;
    });
    let mut all = entries(&bytes);
    all.retain(|(name, _)| name != SIGNATURE);
    framed(&all)
}

#[test]
fn s6_5_the_signature_is_held_against_the_key_that_the_reader_trusts() {
    let (bytes, sealed) = written(&sample());
    let (ours, other) = (key(7).public().clone(), key(8).public().clone());
    let alone = against(&bytes, &[]).unwrap().signed.unwrap();
    assert_eq!((alone.hall.as_str(), alone.at.as_str()), ("巴林左旗政务服务局", "2026-11-24T08:00:00Z"));
    assert_eq!((alone.key.as_str(), alone.volume, alone.is_trusted), (ours.id(), 1, false));
    assert_eq!(sealed.manifest.sealed.unwrap().key, ours.id());
    assert!(against(&bytes, &[other.clone(), ours.clone()]).unwrap().signed.unwrap().is_trusted);
    let found = against(&bytes, std::slice::from_ref(&other)).unwrap_err();
    let given = vec![other.id().to_owned()];
    assert_eq!(found, [Finding::KeyNotTrusted { key: ours.id().to_owned(), given }]);
}

#[test]
fn s6_5_a_package_signed_anew_with_another_key_is_found_by_the_halls_key() {
    let mut bytes = Vec::new();
    write_package(&sample(), &key(8), &mut bytes).unwrap();
    assert!(against(&bytes, &[]).is_ok(), "alone it agrees with itself");
    assert_eq!(against(&bytes, &[key(7).public().clone()]).unwrap_err()[0].code(), "key_not_trusted");
}

#[test]
fn s6_5_a_rewritten_manifest_breaks_the_signature() {
    // Everything fits but the signature, which the forger cannot make.
    let signature = content_of(&mut entries(&written(&sample()).0), SIGNATURE).clone();
    let mut all = entries(&forged(|all, _| *content_of(all, "documents/D1-agreement.pdf") = b"%PDF forged".to_vec()));
    *content_of(&mut all, SIGNATURE) = signature;
    let ours = key(7).public().id().to_owned();
    assert_eq!(findings(&framed(&all)), [Finding::SignatureWrong { key: ours.clone() }]);

    // Hall, time and volume stand under the signature, too.
    for change in [
        |sealed: &mut SealedBy| sealed.hall.push('x'),
        |sealed: &mut SealedBy| sealed.at = named("2020-01-01T00:00:00Z"),
        |sealed: &mut SealedBy| sealed.volume = 2,
    ] {
        let changed = reframed(|all| {
            let bytes = content_of(all, MANIFEST);
            let mut manifest: Manifest = serde_json::from_slice(bytes).unwrap();
            change(manifest.sealed.as_mut().unwrap());
            *bytes = serde_json::to_vec(&manifest).unwrap();
        });
        assert_eq!(findings(&changed), [Finding::SignatureWrong { key: ours.clone() }]);
    }
}

#[test]
fn s6_5_the_signature_of_another_package_does_not_fit() {
    let mut other = sample();
    other.number = named("帮办〔2026〕2号");
    let foreign = content_of(&mut entries(&written(&other).0), SIGNATURE).clone();
    let bytes = reframed(|all| *content_of(all, SIGNATURE) = foreign);
    assert_eq!(findings(&bytes), [Finding::SignatureWrong { key: key(7).public().id().to_owned() }]);
    // Nor does one by another key, though it is right under this very manifest.
    let bytes = reframed(|all| {
        let manifest = content_of(all, MANIFEST).clone();
        *content_of(all, SIGNATURE) = signature::sign(&manifest, &key(8)).unwrap();
    });
    assert_eq!(findings(&bytes), [Finding::SignatureWrong { key: key(8).public().id().to_owned() }]);
}

#[test]
fn s6_5_the_signature_has_one_form_and_cannot_be_left_out() {
    let without = reframed(|all| all.retain(|(name, _)| name != SIGNATURE));
    assert_eq!(findings(&without), [Finding::Missing { name: named(SIGNATURE) }]);
    for change in [
        |text: String| text + " ",
        |text: String| text.replace("SM2-SM3", "none"),
        |text: String| text.replace("1234567812345678", "alice"),
        |text: String| text.replace("manifest.json", "metadata.xml"),
        |text: String| text.replacen('{', "{\"hall\":\"x\",", 1),
        |text: String| text.replacen("\"key\":\"", "\"key\":\"0", 1),
        |_: String| named("{}"),
    ] {
        let bytes = reframed(|all| {
            let content = content_of(all, SIGNATURE);
            *content = change(String::from_utf8(content.clone()).unwrap()).into_bytes();
        });
        assert_eq!(findings(&bytes), [Finding::NotJson { name: named(SIGNATURE) }]);
    }
}

#[test]
fn s6_5_packages_of_the_first_form_still_verify() {
    let bytes = first_form();
    let verified = against(&bytes, &[]).unwrap();
    assert_eq!((verified.events, verified.documents, verified.signed), (3, 2, None));
    assert_eq!(against(&bytes, &[key(7).public().clone()]).unwrap_err(), [Finding::NotSigned]);
    // A signature put beside it is a file too many, and the forms cannot be mixed.
    let mut all = entries(&bytes);
    all.push((named(SIGNATURE), content_of(&mut entries(&written(&sample()).0), SIGNATURE).clone()));
    assert_eq!(findings(&framed(&all)), [Finding::Added { name: named(SIGNATURE) }]);
    let mixed = forged(|_, manifest| manifest.format = named(FIRST_FORMAT));
    assert_eq!(findings(&mixed), [Finding::NotJson { name: named(MANIFEST) }]);
    let unsigned = forged(|_, manifest| manifest.sealed = None);
    assert!(codes(&unsigned).contains(&"not_json"), "the second form without its seal");
}
