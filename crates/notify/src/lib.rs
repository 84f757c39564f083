//! Messages that leave the hall: mail and signed webhook.
//!
//! A [`Transport`] sends one [`Message`] and says whether it went, whether to try again, or whether trying again is in
//! vain. When to try again is the job loop's decision, not this crate's. A message may arrive twice (the hall may lose
//! power between sending and noting it), so each carries an id made from its `dedup` by which a receiver can tell.

mod error;
mod http;
mod mail;
mod mailbox;
mod message;
mod smtp;
mod webhook;

use chrono::{DateTime, Utc};

pub use error::NotifyError;
pub use mailbox::Mailbox;
pub use message::Message;
pub use smtp::{Smtp, SmtpSettings, SmtpTls};
pub use webhook::{Webhook, WebhookSettings, sign};

/// A way out of the hall.
#[derive(Debug, Clone)]
pub enum Transport {
    /// Mail through an SMTP server.
    Smtp(Smtp),
    /// A signed POST to another system.
    Webhook(Webhook),
    /// Mail into a folder, for development.
    Mailbox(Mailbox),
}

impl Transport {
    /// Sends the message; `now` is what it is dated with.
    ///
    /// # Errors
    /// [`NotifyError`], which says whether to try again.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), NotifyError> {
        match self {
            Self::Smtp(smtp) => smtp.send(message, now).await,
            Self::Webhook(webhook) => webhook.send(message, now).await,
            Self::Mailbox(mailbox) => mailbox.send(message, now).await,
        }
    }

    /// The name of the way, for logs and counters.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Webhook(_) => "webhook",
            Self::Mailbox(_) => "mailbox",
        }
    }
}
