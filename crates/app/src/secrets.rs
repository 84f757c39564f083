//! Keys, randomness, encryption of private data, hashes of passwords and tokens.

use crate::AppError;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use files::seal::SoftwareKey;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

mod seal;

pub use seal::{PublicSeal, public_seals, renew_seal};

/// The private key of the hall's seal.
const SEAL: &str = "seal.key";

/// The hall's own secrets, made at the first start and kept in the data folder, readable by its owner alone.
#[derive(Clone)]
pub(crate) struct Keys {
    cipher: Aes256Gcm,
    index: [u8; 32],
    code: [u8; 32],
    seal: SoftwareKey,
}

impl Keys {
    /// Reads the keys from the folder, making them if it has none.
    pub(crate) fn open(dir: &Path) -> Result<Self, AppError> {
        std::fs::create_dir_all(dir).map_err(|error| AppError::internal("keys", &error))?;
        let key = |name: &str| {
            read_or_make(&dir.join(name), random_bytes).map_err(|error| AppError::internal("keys", &error))
        };
        let private = key("private.key")?;
        let seal = seal::open(dir).map_err(|error| AppError::internal("keys", &error))?;
        Ok(Self { cipher: Aes256Gcm::new(&private.into()), index: key("index.key")?, code: key("code.key")?, seal })
    }

    /// Encrypts a private text (AES-256-GCM, a fresh nonce before the ciphertext, base64).
    pub(crate) fn encrypt(&self, text: &str) -> Result<String, AppError> {
        let nonce = random_bytes::<12>();
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), text.as_bytes())
            .map_err(|_| AppError::Internal("encryption failed".to_owned()))?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what [`Keys::encrypt`] made.
    pub(crate) fn decrypt(&self, text: &str) -> Result<String, AppError> {
        let broken =
            || AppError::Internal("a private field cannot be decrypted with the key of this data folder".to_owned());
        let bytes = STANDARD.decode(text).map_err(|_| broken())?;
        let (nonce, sealed) = bytes.split_at_checked(12).ok_or_else(broken)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| broken())?;
        let plain = self.cipher.decrypt(&Nonce::from(nonce), sealed).map_err(|_| broken())?;
        String::from_utf8(plain).map_err(|_| broken())
    }

    /// The keyed index of the last four digits: found by those who know them, of no use without the key.
    pub(crate) fn tail_index(&self, last_four: &str) -> String {
        hex(&keyed(&self.index, last_four.as_bytes())[..16])
    }

    /// The key that signs for the hall.
    pub(crate) fn seal(&self) -> &SoftwareKey {
        &self.seal
    }

    /// The key that verification codes of documents are made with.
    pub(crate) fn code_key(&self) -> &[u8] {
        &self.code
    }
}

/// HMAC-SHA-256.
pub(crate) fn keyed(key: &[u8; 32], message: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn read_or_make(path: &Path, fresh: fn() -> [u8; 32]) -> std::io::Result<[u8; 32]> {
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            std::io::Error::new(std::io::ErrorKind::InvalidData, format!("{} is not a key of 32 bytes", path.display()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path, fresh),
        Err(error) => Err(error),
    }
}

/// Makes a key. Of two programs that begin at once the first one's key is everybody's.
fn make(path: &Path, fresh: fn() -> [u8; 32]) -> std::io::Result<[u8; 32]> {
    let key = fresh();
    let named = make_durable(path, &key, |unfinished, path| {
        let named = std::fs::hard_link(unfinished, path);
        std::fs::remove_file(unfinished)?;
        named
    });
    match named {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read_or_make(path, fresh),
        Err(error) => Err(error),
    }
}

/// Writes a file that its owner alone may read. It gets its name, by `name`, only when it is whole, so that a crash leaves no
/// half key that keeps the program from starting.
fn make_durable(
    path: &Path,
    content: &[u8],
    name: impl FnOnce(&Path, &Path) -> std::io::Result<()>,
) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let unfinished = path.with_extension(new_id());
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    name(&unfinished, path)?;
    match path.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Random bytes from the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "the one place where randomness is drawn")]
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    std::array::from_fn(|_| rand::random())
}

/// A secret for a cookie, a token or a form.
pub(crate) fn new_secret() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A time-ordered id for a row.
#[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The hash under which a secret is stored.
pub(crate) fn secret_hash(secret: &str) -> String {
    sha256(secret.as_bytes())
}

/// SHA-256, lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Argon2id of a password, in its usual text form.
pub(crate) fn hash_password(password: &str) -> Result<String, AppError> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &random_bytes::<16>())
        .map(|hash| hash.to_string())
        .map_err(|error| AppError::Internal(format!("password hash: {error}")))
}

/// Whether a password is the one behind a hash.
pub(crate) fn is_password(password: &str, hash: &str) -> bool {
    argon2::PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}
