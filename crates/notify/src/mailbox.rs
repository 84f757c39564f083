//! Mail into a folder, so that a developer can read what would have been sent.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::error::NotifyError;
use crate::mail::{compose, sender};
use crate::message::Message;

/// A folder that takes mails as `.eml` files, named by time and id.
#[derive(Debug, Clone)]
pub struct Mailbox {
    dir: PathBuf,
    from: lettre::message::Mailbox,
}

impl Mailbox {
    /// Uses `dir`, making it if it is not there; `from` is the sender of every mail.
    ///
    /// # Errors
    /// [`NotifyError::Fail`] if `from` is no address or the folder cannot be made.
    pub fn new(dir: &Path, from: &str) -> Result<Self, NotifyError> {
        std::fs::create_dir_all(dir).map_err(|error| NotifyError::fail("bad_setting", error))?;
        Ok(Self { dir: dir.to_owned(), from: sender(from)? })
    }

    /// Writes the mail; a second attempt at the same time replaces the first.
    ///
    /// # Errors
    /// [`NotifyError::Fail`] for a message that is none, [`NotifyError::Retry`] if the disk does not take it.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), NotifyError> {
        let mail = compose(message, &self.from, now)?.formatted();
        let name = format!("{}-{}.eml", now.format("%Y%m%dT%H%M%S%6fZ"), message.id());
        let unfinished = self.dir.join(format!("{name}.unfinished"));
        let storage = |error: std::io::Error| NotifyError::retry("storage", error);
        tokio::fs::write(&unfinished, mail).await.map_err(storage)?;
        tokio::fs::rename(&unfinished, self.dir.join(name)).await.map_err(storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::sample;

    #[tokio::test]
    async fn a_mail_lies_in_the_folder_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::new(&dir.path().join("mails"), "帮办 <hall@example.com>").unwrap();
        let now = DateTime::from_timestamp(1_795_550_400, 0).unwrap();
        mailbox.send(&sample(), now).await.unwrap();
        mailbox.send(&sample(), now).await.unwrap();
        let paths: Vec<_> = std::fs::read_dir(dir.path().join("mails")).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(paths.len(), 1, "{paths:?}");
        let mail = std::fs::read_to_string(&paths[0]).unwrap();
        let id = sample().id();
        assert!(mail.contains(&format!("Message-ID: <{id}@example.com>\r\n")), "{mail}");
        assert!(mail.contains("To: agent@example.com\r\n"), "{mail}");
        assert!(mail.contains("Auto-Submitted: auto-generated\r\n"), "{mail}");
        assert!(mail.contains("Date: Tue, 24 Nov 2026 20:00:00 +0000\r\n"), "{mail}");
    }

    #[tokio::test]
    async fn what_is_no_mail_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::new(dir.path(), "hall@example.com").unwrap();
        let nobody = Message { to: "nobody".to_owned(), ..sample() };
        let error = mailbox.send(&nobody, DateTime::UNIX_EPOCH).await.unwrap_err();
        assert_eq!((error.code(), error.may_retry()), ("bad_address", false));
        let injected = Message { subject: "x\r\nBcc: all@example.com".to_owned(), ..sample() };
        let error = mailbox.send(&injected, DateTime::UNIX_EPOCH).await.unwrap_err();
        assert_eq!((error.code(), error.may_retry()), ("bad_message", false));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert_eq!(Mailbox::new(dir.path(), "nobody").unwrap_err().code(), "bad_setting");
    }
}
