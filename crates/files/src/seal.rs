//! The hall's seal: an SM2 key (GB/T 32918) kept in software, and the signatures that are made with it.
//!
//! Whoever wants to check a signature needs the public key from a source that they trust; a key that comes along with the
//! signature proves only that both belong together. Keys and signatures have the usual forms (PEM and DER of a
//! `SubjectPublicKeyInfo`, DER of `SM2Signature` after GM/T 0009), so that other programs can check them too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::pkcs8::{DecodePublicKey as _, EncodePublicKey as _, LineEnding};

use crate::hash::{is_hash, sm3_hex};

/// What a signature is made with: SM2 over the SM3 hash.
pub const ALGORITHM: &str = "SM2-SM3";
/// The identity of the signer that goes into the hash: the one that GM/T 0009 gives where none is agreed on.
pub const SIGNER_ID: &str = "1234567812345678";
/// Length of a private key in bytes.
pub const PRIVATE_KEY: usize = 32;
/// What stands before the hash of a single document, so that its signature can never be taken for that of a package.
const DOCUMENT: &str = "bangban-document/1";
/// Hex digits of a key's id.
const ID: usize = 16;
/// A signature in DER has so many bytes at most.
const MAX_DER: usize = 72;
const END: &str = "-----END PUBLIC KEY-----";
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";

/// Why something was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The bytes are no private key: zero, or above the order of the curve. One in four thousand million is.
    #[error("these bytes are no SM2 key")]
    NotAKey,
    /// What was to be signed is no hash.
    #[error("this is not a file hash")]
    NotAHash,
    /// The algorithm gave no signature; another message will.
    #[error("this cannot be signed with this key")]
    Failed,
}

/// A private key held in memory. The same message always gets the same signature (RFC 6979).
#[derive(Clone)]
pub struct SoftwareKey {
    signing: SigningKey,
    public: PublicKey,
}

/// A public key, by which signatures are checked.
#[derive(Clone, Debug)]
pub struct PublicKey {
    verifying: VerifyingKey,
    der: Vec<u8>,
    id: String,
}

impl SoftwareKey {
    /// The key that these bytes are.
    ///
    /// # Errors
    /// [`SealError::NotAKey`].
    pub fn from_bytes(bytes: &[u8; PRIVATE_KEY]) -> Result<Self, SealError> {
        let signing = SigningKey::from_slice(SIGNER_ID, bytes).map_err(|_| SealError::NotAKey)?;
        let public = PublicKey::of(signing.verifying_key().clone()).ok_or(SealError::NotAKey)?;
        Ok(Self { signing, public })
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a message: DER in base64.
    ///
    /// # Errors
    /// [`SealError::Failed`].
    pub fn sign(&self, message: &[u8]) -> Result<String, SealError> {
        let signature: Signature = self.signing.try_sign(message).map_err(|_| SealError::Failed)?;
        Ok(STANDARD.encode(signature.to_der().as_bytes()))
    }

    /// Signs a single document, named by the SHA-256 of its bytes (64 lower-case hex digits).
    ///
    /// # Errors
    /// [`SealError::NotAHash`], [`SealError::Failed`].
    pub fn sign_hash(&self, sha256: &str) -> Result<String, SealError> {
        if !is_hash(sha256) {
            return Err(SealError::NotAHash);
        }
        self.sign(&of_document(sha256))
    }
}

impl std::fmt::Debug for SoftwareKey {
    /// The private key never stands in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareKey").field("public", &self.public.id).finish_non_exhaustive()
    }
}

impl PublicKey {
    fn of(verifying: VerifyingKey) -> Option<Self> {
        let der = verifying.to_public_key_der().ok()?.into_vec();
        let id = sm3_hex(&der)[..ID].to_owned();
        Some(Self { verifying, der, id })
    }

    /// The key in DER (`SubjectPublicKeyInfo`), in the one form that this program writes.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let key = sm2::PublicKey::from_public_key_der(der).ok()?;
        Self::of(VerifyingKey::new(SIGNER_ID, key).ok()?)
    }

    /// Every key in a PEM text, in its order; `None` if there is none or one of them cannot be read.
    #[must_use]
    pub fn all_from_pem(text: &str) -> Option<Vec<Self>> {
        let mut keys = Vec::new();
        for part in text.split_inclusive(END).filter(|part| part.contains(BEGIN)) {
            let block = &part[part.find(BEGIN)?..];
            let key = sm2::PublicKey::from_public_key_pem(block).ok()?;
            keys.push(Self::of(VerifyingKey::new(SIGNER_ID, key).ok()?)?);
        }
        (!keys.is_empty()).then_some(keys)
    }

    /// The key as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        self.verifying.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }

    /// The key as DER (`SubjectPublicKeyInfo`).
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// Which key it is: the first 16 hex digits of the SM3 hash of [`PublicKey::to_der`].
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the signature (DER in base64, in its one form) is that of this key under the message.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        read_signature(signature).is_some_and(|signature| self.verifying.verify(message, &signature).is_ok())
    }

    /// Whether the signature is that of this key under the document with this SHA-256.
    #[must_use]
    pub fn verify_hash(&self, sha256: &str, signature: &str) -> bool {
        is_hash(sha256) && self.verify(&of_document(sha256), signature)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for PublicKey {}

/// The signature that a text is; only the one way to write it counts.
fn read_signature(text: &str) -> Option<Signature> {
    let der = STANDARD.decode(text).ok().filter(|der| der.len() <= MAX_DER)?;
    let signature = Signature::from_der(&der).ok()?;
    (STANDARD.encode(signature.to_der().as_bytes()) == text).then_some(signature)
}

/// What is signed for a document: one line that says what it is, one with its hash.
fn of_document(sha256: &str) -> Vec<u8> {
    format!("{DOCUMENT}\n{sha256}\n").into_bytes()
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
