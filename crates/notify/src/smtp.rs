//! Mail through an SMTP server.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use serde::Deserialize;

use crate::error::NotifyError;
use crate::mail::{compose, sender};
use crate::message::Message;

/// How long the server may be silent.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// TLS from the first byte (usually port 465).
    Tls,
    /// Plain at first, then `STARTTLS`, which the server must offer (usually port 587).
    Starttls,
    /// Not at all: only for a server on the same machine or the hall's own network.
    None,
}

/// The settings of an SMTP server.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Name or address of the server.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Name and password, if the server wants them.
    #[serde(default)]
    pub username: Option<String>,
    /// The password that belongs to `username`.
    #[serde(default)]
    pub password: Option<String>,
    /// Sender: an address, or a name with an address in `<>`.
    pub from: String,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, username, from, .. } = self;
        let password = self.password.as_ref().map(|_| "hidden");
        write!(f, "SmtpSettings {{ {host}:{port} {tls:?} {username:?} {password:?} {from:?} }}")
    }
}

/// An SMTP server.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Reads the settings; nothing is connected yet.
    ///
    /// # Errors
    /// [`NotifyError::Fail`] with `bad_setting` and what is wrong.
    pub fn new(settings: &SmtpSettings) -> Result<Self, NotifyError> {
        let bad = |what: String| NotifyError::fail("bad_setting", what);
        let parameters = || TlsParameters::new(settings.host.clone()).map_err(|error| bad(format!("host: {error}")));
        let tls = match settings.tls {
            SmtpTls::Tls => Tls::Wrapper(parameters()?),
            SmtpTls::Starttls => Tls::Required(parameters()?),
            SmtpTls::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        match (&settings.username, &settings.password) {
            (Some(name), Some(password)) => {
                builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
            }
            (None, None) => {}
            _ => return Err(bad("username and password must be given together".to_owned())),
        }
        Ok(Self { transport: builder.build(), from: sender(&settings.from)? })
    }

    /// Sends the mail.
    ///
    /// # Errors
    /// [`NotifyError::Fail`] if the server refuses this mail for good or it is none; [`NotifyError::Retry`] otherwise,
    /// also when the server does not accept the password: that is mended in the settings, and the mail should then go.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), NotifyError> {
        let mail = compose(message, &self.from, now)?;
        self.transport.send(mail).await.map(|_| ()).map_err(|error| judged(&error))
    }
}

fn judged(error: &lettre::transport::smtp::Error) -> NotifyError {
    // The codes of RFC 4954 that are about who we are, not about the mail.
    let about_us = error.status().is_some_and(|code| [530, 534, 535, 538].contains(&u16::from(code)));
    let code = if about_us {
        "not_authorised"
    } else if error.is_permanent() {
        return NotifyError::fail("refused", error);
    } else if error.is_transient() {
        "refused_for_now"
    } else if error.is_timeout() {
        "timed_out"
    } else if error.is_tls() {
        "tls_failed"
    } else {
        "unreachable"
    };
    NotifyError::retry(code, error)
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
