use super::*;
use crate::hash::sha256_hex;
use std::process::Command;

fn key(byte: u8) -> SoftwareKey {
    SoftwareKey::from_bytes(&[byte; PRIVATE_KEY]).unwrap()
}

#[test]
fn s6_2_a_signature_is_bound_to_its_document_and_its_key() {
    let (ours, other) = (key(7), key(8));
    let (paper, another) = (sha256_hex(b"agreement"), sha256_hex(b"another agreement"));
    let signature = ours.sign_hash(&paper).unwrap();
    assert!(ours.public().verify_hash(&paper, &signature));
    assert!(!ours.public().verify_hash(&another, &signature), "replayed on another document");
    assert!(!other.public().verify_hash(&paper, &signature), "another key");
    assert!(!ours.public().verify(paper.as_bytes(), &signature), "the bare hash is not what was signed");
    assert_eq!(ours.sign_hash("agreement"), Err(SealError::NotAHash));
    assert_eq!(ours.sign_hash(&paper).unwrap(), signature, "the same message, the same signature");
}

#[test]
fn only_the_one_way_to_write_a_signature_counts() {
    let ours = key(7);
    let signature = ours.sign(b"message").unwrap();
    assert!(ours.public().verify(b"message", &signature));
    let der = STANDARD.decode(&signature).unwrap();
    for bad in [
        String::new(),
        format!("{signature} "),
        signature.trim_end_matches('=').to_owned() + "\n",
        STANDARD.encode([&der[..], &[0]].concat()),
        STANDARD.encode([0; 72]),
        STANDARD.encode(vec![0x30; 4000]),
    ] {
        assert!(!ours.public().verify(b"message", &bad), "{bad}");
    }
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(!ours.public().verify(b"message", &STANDARD.encode(changed)), "byte {at}");
    }
}

#[test]
fn public_keys_are_read_back_and_have_an_id() {
    let (ours, other) = (key(7), key(8));
    let text = format!("the hall's keys\n{}\nolder:\n{}", ours.public().to_pem(), other.public().to_pem());
    assert_eq!(PublicKey::all_from_pem(&text).unwrap(), [ours.public().clone(), other.public().clone()]);
    assert_eq!(PublicKey::from_der(ours.public().to_der()).unwrap(), *ours.public());
    assert_eq!(ours.public().id(), &sm3_hex(ours.public().to_der())[..16]);
    assert_eq!(PublicKey::all_from_pem("no key"), None);
    assert_eq!(PublicKey::all_from_pem(&ours.public().to_pem().replace('M', "N")), None);
    assert!(
        SoftwareKey::from_bytes(&[0; PRIVATE_KEY]).is_err() && SoftwareKey::from_bytes(&[255; PRIVATE_KEY]).is_err()
    );
    assert!(!format!("{ours:?}").contains("0707"));
}

/// A second opinion: what this program signs, OpenSSL accepts. Left out where there is no OpenSSL with SM2.
#[test]
fn s6_5_openssl_accepts_our_signature() {
    let ours = key(7);
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let message = b"{\"format\":\"bangban-package/2\"}";
    std::fs::write(path("key.pem"), ours.public().to_pem()).unwrap();
    std::fs::write(path("manifest.json"), message).unwrap();
    std::fs::write(path("signature.der"), STANDARD.decode(ours.sign(message).unwrap()).unwrap()).unwrap();
    let verify = |file: &str| {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt"]);
        command.arg(format!("distid:{SIGNER_ID}")).args(["-pubin", "-inkey", &path("key.pem")]);
        command.args(["-in", &path(file), "-sigfile", &path("signature.der")]).output()
    };
    let Ok(output) = verify("manifest.json") else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("unsupported") {
        return;
    }
    assert!(output.status.success(), "{said}");
    std::fs::write(path("other.json"), b"{}").unwrap();
    assert!(!verify("other.json").unwrap().status.success());
}
