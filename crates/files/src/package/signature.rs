//! The hall's signature over a package: `signature.json`.
//!
//! What is signed are the bytes of `manifest.json`, so that other programs can check it as well. The manifest names every
//! other entry by its hashes, and says hall, time, volume and key. The signature itself cannot stand in the manifest that it
//! signs; so every field beside it is either constant or must be that of the manifest, and is written in one way only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::names::{MANIFEST, SIGNATURE};
use crate::seal::{ALGORITHM, PublicKey, SIGNER_ID, SealError, SoftwareKey};

/// Name and version of the form of a signature.
const FORMAT: &str = "bangban-signature/1";

/// What `signature.json` says, in this order of fields.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureFile {
    format: String,
    algorithm: String,
    signer_id: String,
    /// The entry whose bytes are signed.
    signed: String,
    /// Id of the key, as in the manifest.
    key: String,
    /// The public key: `SubjectPublicKeyInfo` in DER, base64.
    public_key: String,
    /// DER, base64.
    signature: String,
}

impl SignatureFile {
    fn of(public: &PublicKey, signature: String) -> Self {
        Self {
            format: FORMAT.to_owned(),
            algorithm: ALGORITHM.to_owned(),
            signer_id: SIGNER_ID.to_owned(),
            signed: MANIFEST.to_owned(),
            key: public.id().to_owned(),
            public_key: STANDARD.encode(public.to_der()),
            signature,
        }
    }
}

/// The entry for a manifest.
pub(super) fn sign(manifest: &[u8], key: &SoftwareKey) -> Result<Vec<u8>, SealError> {
    let file = SignatureFile::of(key.public(), key.sign(manifest)?);
    serde_json::to_vec(&file).map_err(|_| SealError::Failed)
}

/// Holds the entry against the manifest whose key it must have: the key that has signed.
pub(super) fn check(entry: &[u8], manifest: &[u8], key: &str) -> Result<PublicKey, Finding> {
    let unreadable = || Finding::NotJson { name: SIGNATURE.to_owned() };
    let file: SignatureFile = serde_json::from_slice(entry).map_err(|_| unreadable())?;
    let public = STANDARD.decode(&file.public_key).ok().and_then(|der| PublicKey::from_der(&der));
    let public = public.ok_or_else(unreadable)?;
    // Written again from what was understood, it must be the same bytes: nothing in it is outside the check.
    let again = SignatureFile::of(&public, file.signature.clone());
    if !serde_json::to_vec(&again).is_ok_and(|bytes| bytes == entry) {
        return Err(unreadable());
    }
    if public.id() != key || !public.verify(manifest, &file.signature) {
        return Err(Finding::SignatureWrong { key: public.id().to_owned() });
    }
    Ok(public)
}
