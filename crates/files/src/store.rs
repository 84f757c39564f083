//! The store: contents under their own hash, so that nothing can be changed in place without being found out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opendal::{ErrorKind, Operator, services};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

use crate::error::FilesError;
use crate::hash::{hex, is_hash, sha256_hex};
use crate::media::{Limits, MediaType};
use crate::sniff::check_upload;

/// The folder for files that are being written; a name in it is never a stored file.
const UNFINISHED: &str = "unfinished";
/// An unfinished file this old belongs to a process that is gone.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// How much of a file is held in memory when it is streamed.
const CHUNK: usize = 256 * 1024;

/// What the store says about a file it has just taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// SHA-256 of the content, 64 lower-case hex digits; the name it is kept under.
    pub hash: String,
    /// Size in bytes.
    pub size: u64,
    /// What the content is.
    pub media_type: MediaType,
}

/// The state of one stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The content has the hash it is stored under.
    Sound,
    /// There is no such file.
    Missing,
    /// The content has another hash.
    Damaged {
        /// SHA-256 of what is there now.
        found: String,
    },
}

/// A folder of files, each stored once under its SHA-256 (`ab/abcdef…`). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    operator: Operator,
    root: PathBuf,
    /// The folders whose own names this process has made durable.
    settled: Arc<Mutex<BTreeSet<String>>>,
}

impl Files {
    /// Opens the store in `dir`, making the folder if it is not there, and clears away what a crash left unfinished
    /// more than a day ago.
    ///
    /// # Errors
    /// If the folder cannot be made or used.
    pub fn open(dir: &Path) -> Result<Self, FilesError> {
        let unfinished = dir.join(UNFINISHED);
        std::fs::create_dir_all(&unfinished)?;
        clear_stale(&unfinished)?;
        let service =
            services::Fs::default().root(&dir.to_string_lossy()).atomic_write_dir(&unfinished.to_string_lossy());
        Ok(Self { operator: Operator::new(service)?, root: dir.to_owned(), settled: Arc::default() })
    }

    /// Takes an upload: checks it ([`check_upload`]) and stores it. The same content twice is one file. When this
    /// returns, the file survives a loss of power.
    ///
    /// # Errors
    /// The refusals of [`check_upload`]; [`FilesError::Storage`] or [`FilesError::Io`] if it could not be written.
    pub async fn put(&self, bytes: &[u8], declared_name: &str, limits: &Limits) -> Result<Stored, FilesError> {
        let media_type = check_upload(bytes, declared_name, limits)?;
        self.put_made(bytes, media_type).await
    }

    /// Stores what this program made itself (a rendered document, a package): no check of kind or size.
    ///
    /// # Errors
    /// [`FilesError::Storage`] or [`FilesError::Io`] if it could not be written.
    pub async fn put_made(&self, bytes: &[u8], media_type: MediaType) -> Result<Stored, FilesError> {
        let hash = sha256_hex(bytes);
        if !self.is_sound(&hash).await? {
            self.operator.write(&key(&hash), bytes.to_vec()).await?;
        }
        self.settle(&hash).await?;
        Ok(Stored { hash, size: bytes.len() as u64, media_type })
    }

    /// Stores a file from disk with bounded memory, for packages that may be large. The source stays where it is.
    ///
    /// # Errors
    /// [`FilesError::Io`] if the source cannot be read or changes meanwhile; [`FilesError::Storage`] as for `put`.
    pub async fn put_file(&self, source: &Path, media_type: MediaType) -> Result<Stored, FilesError> {
        let (hash, size) = hash_file(source).await?;
        if !self.is_sound(&hash).await? {
            self.copy_in(source, &hash).await?;
        }
        self.settle(&hash).await?;
        Ok(Stored { hash, size, media_type })
    }

    /// The content stored under the hash, verified against it.
    ///
    /// # Errors
    /// [`FilesError::BadHash`], [`FilesError::Missing`], [`FilesError::Damaged`], [`FilesError::Storage`].
    pub async fn get(&self, hash: &str) -> Result<Vec<u8>, FilesError> {
        let bytes = match self.operator.read(&checked_key(hash)?).await {
            Ok(buffer) => buffer.to_vec(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(FilesError::Missing { hash: hash.to_owned() });
            }
            Err(error) => return Err(error.into()),
        };
        let found = sha256_hex(&bytes);
        if found == hash { Ok(bytes) } else { Err(FilesError::Damaged { hash: hash.to_owned(), found }) }
    }

    /// Whether a file of this hash is stored. Its content is not read; see [`Files::check`].
    ///
    /// # Errors
    /// [`FilesError::BadHash`], [`FilesError::Storage`].
    pub async fn exists(&self, hash: &str) -> Result<bool, FilesError> {
        Ok(self.operator.exists(&checked_key(hash)?).await?)
    }

    /// Reads the whole file, in pieces, and compares it with its hash.
    ///
    /// # Errors
    /// [`FilesError::BadHash`], [`FilesError::Io`] if it is there but cannot be read.
    pub async fn check(&self, hash: &str) -> Result<Checked, FilesError> {
        let path = self.path(hash)?;
        match hash_file(&path).await {
            Ok((found, _)) if found == hash => Ok(Checked::Sound),
            Ok((found, _)) => Ok(Checked::Damaged { found }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Checked::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// The hashes of all stored files, sorted.
    ///
    /// # Errors
    /// [`FilesError::Storage`] if the folder cannot be read.
    pub async fn list(&self) -> Result<Vec<String>, FilesError> {
        let entries = self.operator.list_with("").recursive(true).await?;
        let mut hashes: Vec<String> = entries
            .iter()
            .filter_map(|entry| entry.path().rsplit_once('/'))
            .filter(|(folder, name)| is_hash(name) && name.starts_with(folder))
            .map(|(_, name)| name.to_owned())
            .collect();
        hashes.sort_unstable();
        Ok(hashes)
    }

    /// Where the file lies on disk, for streaming it into a package. It may not be there.
    ///
    /// # Errors
    /// [`FilesError::BadHash`].
    pub fn path(&self, hash: &str) -> Result<PathBuf, FilesError> {
        Ok(self.root.join(checked_key(hash)?))
    }

    /// Whether the content is stored already and sound; a damaged file is written again by who asks.
    async fn is_sound(&self, hash: &str) -> Result<bool, FilesError> {
        Ok(self.check(hash).await? == Checked::Sound)
    }

    async fn copy_in(&self, source: &Path, hash: &str) -> Result<(), FilesError> {
        let mut writer = self.operator.writer(&key(hash)).await?;
        let mut source = tokio::fs::File::open(source).await?;
        let mut hasher = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = source.read(&mut chunk).await?;
            if length == 0 {
                break;
            }
            hasher.update(&chunk[..length]);
            writer.write(chunk[..length].to_vec()).await?;
        }
        if hex(&hasher.finalize()) != hash {
            writer.abort().await?;
            return Err(std::io::Error::other("the file changed while it was stored").into());
        }
        writer.close().await?;
        Ok(())
    }

    /// Makes the name durable: the content was synced before it got its name; the folder that holds the name follows, and
    /// once the folder of folders.
    async fn settle(&self, hash: &str) -> Result<(), FilesError> {
        let name = hash[..2].to_owned();
        let (root, settled) = (self.root.clone(), Arc::clone(&self.settled));
        let synced = tokio::task::spawn_blocking(move || {
            std::fs::File::open(root.join(&name))?.sync_all()?;
            let known = || settled.lock().unwrap_or_else(PoisonError::into_inner);
            if !known().contains(&name) {
                std::fs::File::open(root)?.sync_all()?;
                known().insert(name);
            }
            Ok::<_, std::io::Error>(())
        });
        synced.await.map_err(std::io::Error::other)??;
        Ok(())
    }
}

/// The place of a hash within the store.
fn key(hash: &str) -> String {
    format!("{}/{hash}", &hash[..2])
}

fn checked_key(hash: &str) -> Result<String, FilesError> {
    if is_hash(hash) { Ok(key(hash)) } else { Err(FilesError::BadHash) }
}

/// SHA-256 and size of a file, read in pieces.
async fn hash_file(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = tokio::fs::File::open(path).await?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file.read(&mut chunk).await?;
        if length == 0 {
            return Ok((hex(&hasher.finalize()), size));
        }
        hasher.update(&chunk[..length]);
        size += length as u64;
    }
}

/// Removes unfinished files older than a day; younger ones may belong to a process that runs beside this one.
fn clear_stale(unfinished: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(unfinished)? {
        let entry = entry?;
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|time| time.elapsed().unwrap_or_default());
        if age.is_ok_and(|age| age > STALE) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
