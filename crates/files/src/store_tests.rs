//! Tests of the store.

use super::*;

const PDF: &[u8] = b"%PDF-1.7\nhello";

fn store() -> (tempfile::TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::open(dir.path()).unwrap();
    (dir, files)
}

#[tokio::test]
async fn the_same_content_twice_is_one_file() {
    let (_dir, files) = store();
    let first = files.put(PDF, "a.pdf", &Limits::default()).await.unwrap();
    let second = files.put(PDF, "b.pdf", &Limits::default()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(first, Stored { hash: sha256_hex(PDF), size: 14, media_type: MediaType::Pdf });
    assert_eq!(files.list().await.unwrap(), std::slice::from_ref(&first.hash));
    assert_eq!(files.get(&first.hash).await.unwrap(), PDF);
    assert!(files.exists(&first.hash).await.unwrap());
    assert_eq!(std::fs::read_dir(files.root.join(UNFINISHED)).unwrap().count(), 0, "nothing unfinished is left");
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let (_dir, files) = store();
    let refused = files.put(b"<html>", "a.pdf", &Limits::default()).await.unwrap_err();
    assert_eq!(refused.code(), "file_not_what_it_says");
    let refused = files.put(PDF, "a.pdf", &Limits { max_bytes: 3 }).await.unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
    assert!(files.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_changed_byte_is_found_and_put_again_mends_it() {
    let (_dir, files) = store();
    let stored = files.put(PDF, "a.pdf", &Limits::default()).await.unwrap();
    let mut changed = PDF.to_vec();
    changed[10] ^= 1;
    std::fs::write(files.path(&stored.hash).unwrap(), &changed).unwrap();
    let found = sha256_hex(&changed);
    assert_eq!(files.check(&stored.hash).await.unwrap(), Checked::Damaged { found: found.clone() });
    match files.get(&stored.hash).await.unwrap_err() {
        FilesError::Damaged { hash, found: now } => assert_eq!((hash, now), (stored.hash.clone(), found)),
        other => panic!("{other:?}"),
    }
    files.put(PDF, "a.pdf", &Limits::default()).await.unwrap();
    assert_eq!(files.check(&stored.hash).await.unwrap(), Checked::Sound);
}

#[tokio::test]
async fn a_hash_is_never_a_path() {
    let (_dir, files) = store();
    for bad in ["../../etc/passwd", "", "ab", &"A".repeat(64), &format!("../{}", "a".repeat(61))] {
        assert_eq!(files.get(bad).await.unwrap_err().code(), "file_hash_malformed", "{bad}");
        assert!(files.path(bad).is_err(), "{bad}");
    }
    let absent = "0".repeat(64);
    assert_eq!(files.get(&absent).await.unwrap_err().code(), "file_missing");
    assert_eq!(files.check(&absent).await.unwrap(), Checked::Missing);
    assert!(!files.exists(&absent).await.unwrap());
}

#[tokio::test]
async fn a_large_file_is_stored_from_disk() {
    let (dir, files) = store();
    let source = dir.path().join("package.zip");
    let content: Vec<u8> = (0..CHUNK * 2 + 7).map(|n| u8::try_from(n % 251).unwrap()).collect();
    std::fs::write(&source, &content).unwrap();
    let stored = files.put_file(&source, MediaType::Zip).await.unwrap();
    assert_eq!((stored.size, &stored.hash), (content.len() as u64, &sha256_hex(&content)));
    assert_eq!(files.get(&stored.hash).await.unwrap(), content);
    assert_eq!(files.put_file(&source, MediaType::Zip).await.unwrap(), stored);
    assert_eq!(files.list().await.unwrap(), [stored.hash]);
}

#[tokio::test]
async fn unfinished_files_are_cleared_only_when_they_are_old() {
    let (dir, files) = store();
    let fresh = dir.path().join(UNFINISHED).join("fresh");
    let old = dir.path().join(UNFINISHED).join("old");
    std::fs::write(&fresh, b"x").unwrap();
    let file = std::fs::File::create(&old).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    drop(files);
    let files = Files::open(dir.path()).unwrap();
    assert!(fresh.exists() && !old.exists());
    assert!(files.list().await.unwrap().is_empty());
}
