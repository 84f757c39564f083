//! Asking clamd whether a file carries a virus (its `INSTREAM` command, over TCP or a Unix socket).

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// How much is sent to clamd in one piece.
const CHUNK: usize = 64 * 1024;
/// Longest answer that is read; a real one is a short line.
const MAX_ANSWER: u64 = 4096;
/// How long one scan may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Where files are scanned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scanner {
    /// No scanner is configured; every answer is [`Verdict::NotScanned`].
    #[default]
    None,
    /// clamd at `host:port`.
    Tcp(String),
    /// clamd at a Unix socket.
    Unix(PathBuf),
}

/// What the scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No scanner is configured.
    NotScanned,
    /// Nothing was found.
    Clean,
    /// The file carries a known virus.
    Infected {
        /// Its name as clamd gives it.
        name: String,
    },
}

/// Why there is no verdict. The file must then not be taken: try again later.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The setting is neither `tcp:HOST:PORT` nor `unix:/PATH`.
    #[error("the scanner must be given as tcp:HOST:PORT or unix:/PATH")]
    BadAddress,
    /// clamd could not be reached, or the connection broke.
    #[error("the scanner cannot be reached: {0}")]
    Unreachable(#[from] std::io::Error),
    /// clamd did not answer in time.
    #[error("the scanner did not answer in time")]
    TimedOut,
    /// clamd answered with an error, or with something that is not a verdict.
    #[error("the scanner refused: {0}")]
    Refused(String),
}

impl Scanner {
    /// Reads the setting: empty for none, `tcp:HOST:PORT` or `unix:/PATH`.
    ///
    /// # Errors
    /// [`ScanError::BadAddress`] for anything else.
    pub fn from_setting(text: &str) -> Result<Self, ScanError> {
        match text.split_once(':') {
            None if text.is_empty() => Ok(Self::None),
            Some(("tcp", address)) if address.contains(':') => Ok(Self::Tcp(address.to_owned())),
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(PathBuf::from(path))),
            _ => Err(ScanError::BadAddress),
        }
    }

    /// Scans the bytes.
    ///
    /// # Errors
    /// [`ScanError`] if there is no verdict; the file is then neither clean nor infected.
    pub async fn scan(&self, bytes: &[u8]) -> Result<Verdict, ScanError> {
        self.scan_within(bytes, TIMEOUT).await
    }

    async fn scan_within(&self, bytes: &[u8], timeout: Duration) -> Result<Verdict, ScanError> {
        let scanned = async {
            let answer = match self {
                Self::None => return Ok(Verdict::NotScanned),
                Self::Tcp(address) => ask(TcpStream::connect(address).await?, bytes).await?,
                Self::Unix(path) => ask(UnixStream::connect(path).await?, bytes).await?,
            };
            verdict(&answer)
        };
        tokio::time::timeout(timeout, scanned).await.map_err(|_| ScanError::TimedOut)?
    }
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(mut clamd: S, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    // clamd may refuse in the middle (file larger than its own limit) and close; its answer then says more than the
    // broken connection does, so it is read in any case.
    let sent = send(&mut clamd, bytes).await;
    let mut answer = Vec::new();
    let read = clamd.take(MAX_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
    }
    Ok(answer)
}

async fn send<S: AsyncWrite + Unpin>(clamd: &mut S, bytes: &[u8]) -> std::io::Result<()> {
    clamd.write_all(b"zINSTREAM\0").await?;
    for chunk in bytes.chunks(CHUNK) {
        let length = u32::try_from(chunk.len()).map_err(std::io::Error::other)?;
        clamd.write_all(&length.to_be_bytes()).await?;
        clamd.write_all(chunk).await?;
    }
    clamd.write_all(&0_u32.to_be_bytes()).await?;
    clamd.flush().await
}

fn verdict(answer: &[u8]) -> Result<Verdict, ScanError> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_end_matches(['\0', '\n']).trim();
    match text.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(" FOUND") => {
            Ok(Verdict::Infected { name: found.trim_end_matches(" FOUND").to_owned() })
        }
        _ => Err(ScanError::Refused(text.chars().take(200).collect())),
    }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
