//! Who may come in: people, passwords, sessions, tokens.

use crate::app::App;
use crate::secrets::{hash_password, is_password, new_secret, secret_hash};
use crate::{AppError, FieldError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Actor;
use domain::ids::{OfficeCode, PartyId, Username};
use domain::people::{Person, Role};
use std::sync::PoisonError;
use store::{PersonRecord, SessionRecord, StoreError, TokenRecord};

/// Somebody who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// What the access rules see.
    pub actor: Actor,
    /// The name shown.
    pub name: String,
    /// The office's name; empty for an enterprise's member.
    pub office_name: String,
    /// The language of pages, `zh` or `en`.
    pub language: String,
}

impl User {
    /// Whether the person has this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.actor.roles.contains(&role)
    }

    /// Whether the person works in the hall.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.actor.roles.iter().any(|role| *role != Role::Applicant)
    }
}

/// A login that succeeded: the secret for the cookie, given out once.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The secret.
    pub token: String,
    /// The token that forms carry.
    pub csrf: String,
    /// Who.
    pub user: User,
    /// Until when at most.
    pub expires_at: DateTime<Utc>,
}

/// A session that holds.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub user: User,
    /// The token that forms carry.
    pub csrf: String,
}

/// A token for the API, given out once.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// The secret.
    pub token: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The user name.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// The office of a member of staff.
    pub office: Option<OfficeCode>,
    /// The enterprises of an applicant.
    pub enterprises: Vec<PartyId>,
    /// Office telephone.
    pub phone: Option<String>,
    /// Post.
    pub post: Option<String>,
    /// Can be named agent (S7).
    pub qualified: bool,
    /// The password.
    pub password: String,
}

/// A session ends after a working day, a token after half a day, an idle session after an hour.
const SESSION_HOURS: i64 = 10;
const TOKEN_HOURS: i64 = 12;
const IDLE_HOURS: i64 = 2;
/// So many wrong passwords lock a user name for so many minutes.
const MOST_ATTEMPTS: u32 = 10;
const LOCK_MINUTES: i64 = 15;

impl App {
    /// Logs somebody in.
    ///
    /// # Errors
    /// [`AppError::WrongPassword`], [`AppError::Locked`] after too many of them.
    pub async fn log_in(&self, username: &str, password: &str) -> Result<NewSession, AppError> {
        let record = self.authenticate(username, password).await?;
        let now = self.now();
        let (token, csrf) = (new_secret(), new_secret());
        let expires_at = now + TimeDelta::hours(SESSION_HOURS);
        let session = SessionRecord {
            id_hash: secret_hash(&token),
            username: record.username.clone(),
            created_at: now,
            last_seen: now,
            expires_at,
            csrf: csrf.clone(),
        };
        self.inner.store.write(move |tx| Box::pin(async move { tx.insert_session(&session).await })).await?;
        let user = self.user(&record.username, record.language).ok_or(AppError::WrongPassword)?;
        Ok(NewSession { token, csrf, user, expires_at })
    }

    /// Gives out a token for the API.
    ///
    /// # Errors
    /// As [`App::log_in`].
    pub async fn issue_token(&self, username: &str, password: &str) -> Result<ApiToken, AppError> {
        let record = self.authenticate(username, password).await?;
        let now = self.now();
        let token = new_secret();
        let expires_at = now + TimeDelta::hours(TOKEN_HOURS);
        let row = TokenRecord {
            hash: secret_hash(&token),
            username: record.username,
            label: "api".to_owned(),
            created_at: now,
            expires_at: Some(expires_at),
        };
        self.inner.store.write(move |tx| Box::pin(async move { tx.insert_token(&row).await })).await?;
        Ok(ApiToken { token, expires_at })
    }

    /// Whether user name and password are right; a wrong one counts as everywhere.
    ///
    /// # Errors
    /// As [`App::log_in`].
    pub async fn check_password(&self, username: &str, password: &str) -> Result<(), AppError> {
        self.authenticate(username, password).await.map(drop)
    }

    /// Checks user name and password. An unknown name costs the same time as a wrong password.
    async fn authenticate(&self, username: &str, password: &str) -> Result<PersonRecord, AppError> {
        let name = username.trim().to_owned();
        self.not_locked(&name)?;
        let record = self.inner.store.person(&Username(name.clone())).await?;
        let hash = record.as_ref().and_then(|record| record.password_hash.clone());
        let password = password.to_owned();
        let is_right = tokio::task::spawn_blocking(move || {
            const NOBODY: &str =
                "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
            is_password(&password, hash.as_deref().unwrap_or(NOBODY))
        })
        .await
        .map_err(|error| AppError::internal("password", &error))?;
        match record.filter(|record| is_right && record.active) {
            Some(record) => {
                self.inner.attempts.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
                Ok(record)
            }
            None => {
                self.count_attempt(name);
                Err(AppError::WrongPassword)
            }
        }
    }

    fn not_locked(&self, name: &str) -> Result<(), AppError> {
        let attempts = self.inner.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        match attempts.get(name) {
            Some((count, last)) if *count >= MOST_ATTEMPTS => {
                let until = *last + TimeDelta::minutes(LOCK_MINUTES);
                if self.now() < until { Err(AppError::Locked { until }) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn count_attempt(&self, name: String) {
        const MOST_NAMES: usize = 10_000;
        let now = self.now();
        let mut attempts = self.inner.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= MOST_NAMES {
            attempts.retain(|_, (_, last)| *last + TimeDelta::minutes(LOCK_MINUTES) > now);
        }
        let entry = attempts.entry(name).or_insert((0, now));
        let is_old = entry.1 + TimeDelta::minutes(LOCK_MINUTES) <= now;
        *entry = (if is_old { 1 } else { entry.0 + 1 }, now);
    }

    /// The session behind a cookie's secret, if it holds.
    ///
    /// # Errors
    /// What the store says.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, AppError> {
        let now = self.now();
        let hash = secret_hash(token);
        let Some(session) = self.inner.store.session(&hash, now).await? else {
            return Ok(None);
        };
        if session.last_seen + TimeDelta::hours(IDLE_HOURS) < now {
            return Ok(None);
        }
        if session.last_seen + TimeDelta::minutes(5) < now {
            let until = session.expires_at;
            self.inner
                .store
                .write(move |tx| Box::pin(async move { tx.touch_session(&hash, now, until).await.map(drop) }))
                .await?;
        }
        let user = self.user_in_store(&session.username).await?;
        Ok(user.map(|user| Session { user, csrf: session.csrf }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the store says.
    pub async fn log_out(&self, token: &str) -> Result<(), AppError> {
        let hash = secret_hash(token);
        self.inner.store.write(move |tx| Box::pin(async move { tx.delete_session(&hash).await })).await?;
        Ok(())
    }

    /// Who a token of the API stands for.
    ///
    /// # Errors
    /// What the store says.
    pub async fn token_user(&self, token: &str) -> Result<Option<User>, AppError> {
        match self.inner.store.token(&secret_hash(token), self.now()).await? {
            Some(row) => self.user_in_store(&row.username).await,
            None => Ok(None),
        }
    }

    /// The person behind a user name, from memory; one that another process has just added, from the store.
    async fn user_in_store(&self, username: &Username) -> Result<Option<User>, AppError> {
        if self.reference().directory.person(username).is_none() {
            self.reload_reference().await?;
        }
        let language = self.reference().languages.get(username).cloned();
        Ok(self.user(username, language))
    }

    /// The person behind a user name, if active.
    #[must_use]
    pub fn user(&self, username: &Username, language: Option<String>) -> Option<User> {
        let reference = self.reference();
        let person: &Person = reference.directory.person(username).filter(|person| person.active)?;
        Some(User {
            actor: Actor::of(person, &reference.directory),
            name: person.name.clone(),
            office_name: person
                .office
                .as_ref()
                .map_or_else(String::new, |code| reference.directory.office_name(code).to_owned()),
            language: language.unwrap_or_else(|| "zh".to_owned()),
        })
    }

    /// Keeps the language that somebody chose.
    ///
    /// # Errors
    /// What the store says.
    pub async fn set_language(&self, user: &User, language: &str) -> Result<(), AppError> {
        let language = if language == "en" { "en" } else { "zh" };
        let (username, now) = (user.actor.username.clone(), self.now());
        let set =
            self.inner.store.write(move |tx| Box::pin(async move { tx.set_language(&username, language, now).await }));
        set.await?;
        self.reload_reference().await
    }

    /// Adds a person. For the operator's command line and the demo; pages come with the administration.
    ///
    /// # Errors
    /// A field that is not right, or a user name that is taken.
    pub async fn add_person(&self, new: NewPerson) -> Result<(), AppError> {
        let username = new.username.trim().to_owned();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        if username.is_empty() || username.len() > 64 || !username.chars().all(is_plain) {
            return Err(FieldError::new("/username", "username_form").into());
        }
        if new.password.chars().count() < 8 {
            return Err(FieldError::new("/password", "password_short").into());
        }
        let password = new.password.clone();
        let hash = tokio::task::spawn_blocking(move || hash_password(&password))
            .await
            .map_err(|error| AppError::internal("password", &error))??;
        let record = PersonRecord {
            username: Username(username),
            name: new.name,
            roles: new.roles.iter().map(|role| role.name().to_owned()).collect(),
            office: new.office,
            enterprises: new.enterprises,
            phone: new.phone,
            post: new.post,
            qualified: new.qualified,
            active: true,
            password_hash: Some(hash),
            language: None,
            created_at: self.now(),
            updated_at: self.now(),
        };
        let taken = |error: StoreError| match error.is_unique("person") {
            true => FieldError::new("/username", "username_taken").into(),
            false => AppError::from(error),
        };
        self.inner
            .store
            .write(move |tx| Box::pin(async move { tx.insert_person(&record).await }))
            .await
            .map_err(taken)?;
        self.reload_reference().await
    }
}
