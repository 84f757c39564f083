//! The hall's seal: one SM2 key that signs, and the public keys of all that ever did, so that what is old can be checked.

use super::{SEAL, make_durable, random_bytes, read_or_make};
use crate::AppError;
use crate::app::App;
use domain::case::Seal;
use files::seal::{PRIVATE_KEY, PublicKey, SealError, SoftwareKey};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// The folder of public keys beside the private ones.
const PUBLIC: &str = "seals";

/// A public key of the hall: the one that signs now, or one that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSeal {
    /// Its id, as signatures name it: 16 hex digits.
    pub key: String,
    /// The key as PEM (`SubjectPublicKeyInfo`).
    pub pem: String,
    /// Whether new papers and packages are signed with it.
    pub is_current: bool,
}

impl App {
    /// The hall's own signature on the file with this SHA-256.
    ///
    /// # Errors
    /// If this is no hash.
    pub fn sign_hash(&self, sha256: &str) -> Result<Seal, AppError> {
        let key = self.inner.keys.seal();
        let signature = key.sign_hash(sha256).map_err(|error| AppError::internal("seal", &error))?;
        Ok(Seal { key: key.public().id().to_owned(), signature })
    }

    /// Whether the signature is one of this hall's on the file with this SHA-256, with the key of today or an earlier one.
    #[must_use]
    pub fn is_our_seal(&self, seal: &Seal, sha256: &str) -> bool {
        let known = public_keys(&self.inner.data_dir).unwrap_or_default();
        known.iter().any(|key| key.id() == seal.key && key.verify_hash(sha256, &seal.signature))
    }

    /// The hall's public keys, see [`public_seals`].
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn public_seals(&self) -> Result<Vec<PublicSeal>, AppError> {
        public_seals(&self.inner.data_dir)
    }
}

/// The public keys of a data folder: the one that signs now, then those from before. Nothing is made.
///
/// # Errors
/// If the folder has no key yet, or something in it cannot be read.
pub fn public_seals(data_dir: &Path) -> Result<Vec<PublicSeal>, AppError> {
    let current = current(data_dir)?;
    let earlier = public_keys(data_dir).map_err(|error| AppError::internal("seal", &error))?;
    let others = earlier.iter().filter(|key| *key != current.public()).map(|key| public_seal(key, false));
    Ok([public_seal(current.public(), true)].into_iter().chain(others).collect())
}

/// Makes a new key that signs from the next start on. The private key from before is gone; its public key stays.
///
/// # Errors
/// If the folder has no key yet, or the new one cannot be written.
pub fn renew_seal(data_dir: &Path) -> Result<PublicSeal, AppError> {
    let before = current(data_dir)?;
    let renew = || {
        let keys = keys(data_dir);
        keep_public(&keys, before.public())?;
        let bytes = fresh();
        let key = SoftwareKey::from_bytes(&bytes).map_err(Error::other)?;
        keep_public(&keys, key.public())?;
        make_durable(&keys.join(SEAL), &bytes, |unfinished, path| std::fs::rename(unfinished, path))?;
        Ok::<_, Error>(public_seal(key.public(), true))
    };
    renew().map_err(|error| AppError::internal("seal", &error))
}

/// The key of a folder of keys, made if there is none; its public key lies beside it from the beginning.
pub(super) fn open(keys: &Path) -> std::io::Result<SoftwareKey> {
    let path = keys.join(SEAL);
    let key = SoftwareKey::from_bytes(&read_or_make(&path, fresh)?).map_err(|error| not_a_key(&path, error))?;
    keep_public(keys, key.public())?;
    Ok(key)
}

fn current(data_dir: &Path) -> Result<SoftwareKey, AppError> {
    let path = keys(data_dir).join(SEAL);
    let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => AppError::Unavailable(format!(
            "{} 还没有签名密钥，第一次启动时生成 / there is no key yet, it is made at the first start",
            data_dir.display()
        )),
        _ => AppError::internal("seal", &error),
    })?;
    let bytes: Result<[u8; PRIVATE_KEY], _> = bytes.try_into();
    let key = bytes.map_err(|_| SealError::NotAKey).and_then(|bytes| SoftwareKey::from_bytes(&bytes));
    key.map_err(|error| AppError::internal("seal", &not_a_key(&path, error)))
}

/// Random bytes that are a key. All but one in four thousand million are.
fn fresh() -> [u8; PRIVATE_KEY] {
    loop {
        let bytes = random_bytes();
        if SoftwareKey::from_bytes(&bytes).is_ok() {
            return bytes;
        }
    }
}

/// Every public key of the folder, by id.
fn public_keys(data_dir: &Path) -> std::io::Result<Vec<PublicKey>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(keys(data_dir).join(PUBLIC))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut keys = Vec::new();
    for path in paths {
        let read = PublicKey::all_from_pem(&std::fs::read_to_string(&path)?);
        keys.extend(read.ok_or_else(|| not_a_key(&path, SealError::NotAKey))?);
    }
    Ok(keys)
}

fn keep_public(keys: &Path, key: &PublicKey) -> std::io::Result<()> {
    let path = keys.join(PUBLIC).join(format!("{}.pem", key.id()));
    if path.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(keys.join(PUBLIC))?;
    make_durable(&path, key.to_pem().as_bytes(), |unfinished, path| std::fs::rename(unfinished, path))
}

fn keys(data_dir: &Path) -> PathBuf {
    data_dir.join("keys")
}

fn public_seal(key: &PublicKey, is_current: bool) -> PublicSeal {
    PublicSeal { key: key.id().to_owned(), pem: key.to_pem(), is_current }
}

fn not_a_key(path: &Path, error: SealError) -> Error {
    Error::new(ErrorKind::InvalidData, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Keys;
    use std::os::unix::fs::PermissionsExt;

    const PAPER: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn s6_5_the_key_is_made_once_and_old_signatures_outlive_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert!(matches!(public_seals(data), Err(AppError::Unavailable(_))), "asking makes no key");
        assert!(matches!(renew_seal(data), Err(AppError::Unavailable(_))));
        let opened = |()| Keys::open(&data.join("keys")).unwrap();
        let first = opened(()).seal().clone();
        assert_eq!(opened(()).seal().public(), first.public(), "the second start has the same key");
        let rights = std::fs::metadata(data.join("keys").join(SEAL)).unwrap().permissions().mode();
        assert_eq!(rights & 0o077, 0, "nobody else may read it");

        let renewed = renew_seal(data).unwrap();
        let second = opened(()).seal().clone();
        assert_eq!(second.public().id(), renewed.key);
        assert_ne!(second.public(), first.public());
        let rights = std::fs::metadata(data.join("keys").join(SEAL)).unwrap().permissions().mode();
        assert_eq!(rights & 0o077, 0);
        let known = public_seals(data).unwrap();
        let seen: Vec<(&str, bool)> = known.iter().map(|seal| (seal.key.as_str(), seal.is_current)).collect();
        assert_eq!(seen, [(second.public().id(), true), (first.public().id(), false)]);
        let old = first.sign_hash(PAPER).unwrap();
        let keys = public_keys(data).unwrap();
        assert!(keys.iter().any(|key| key.id() == first.public().id() && key.verify_hash(PAPER, &old)));
    }

    #[test]
    fn a_damaged_key_is_told_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        std::fs::create_dir_all(&keys).unwrap();
        std::fs::write(keys.join(SEAL), [0; PRIVATE_KEY]).unwrap();
        assert!(Keys::open(&keys).is_err());
        assert_eq!(std::fs::read(keys.join(SEAL)).unwrap(), [0; PRIVATE_KEY]);
        assert!(public_seals(folder.path()).is_err());
    }
}
