//! The configuration of the hall, as its administrator keeps it: tables of texts that are changed from a day on, for a reason.
//!
//! A change is a list of rows before and after. It is applied to what holds on its day and to everything that is planned for
//! later, each time checked whole, and stored as new versions; nothing that was stored is ever changed. Cases keep what
//! applied to their matters.

mod books;
mod calendar;
mod catalogue;
mod cell;
mod difference;
mod hall;
mod history;
mod people;
mod table;
mod workbook;

pub use books::CellError;
pub(crate) use books::{Books, KINDS};
pub use cell::{choices, shown};
pub use difference::{RowChange, differences};
pub use history::{Change, ChangeState};
pub use table::{Book, Column, Input, Row, Table};
pub use workbook::{SheetError, UploadRead};

use crate::accounts::User;
use crate::app::App;
use crate::secrets::{hash_password, new_id, new_secret};
use crate::{AppError, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Grant, On, may};
use domain::calendar::Calendar;
use domain::ids::Username;
use std::collections::BTreeSet;
use store::{AuditRecord, NewReference, StoreError, Tx};

/// From when on a change holds, and why it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The first day.
    pub on: NaiveDate,
    /// Why; for the record.
    pub reason: String,
}

/// Why a change was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// Cells are wrong, or the whole is.
    Cells(Vec<CellError>),
    /// Anything else.
    Other(AppError),
}

impl<E: Into<AppError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// The words by which a reason says that what was counted already is put right.
const CORRECTION: [&str; 3] = ["补录", "更正", "correct"];

/// Who makes a change, and when.
pub(crate) struct Maker {
    pub(crate) actor: Username,
    pub(crate) now: DateTime<Utc>,
    /// The ground on which it is allowed, for the record of changes to people.
    pub(crate) grant_json: String,
}

/// What has been stored: kind, version, first day.
pub(crate) type Stored = Vec<(&'static str, i64, NaiveDate)>;

/// The configuration with rows changed, checked whole.
fn edited(base: &Books, changes: &[RowChange]) -> Result<Books, Vec<CellError>> {
    let mut books = base.clone();
    for table in Table::ALL {
        let own: Vec<&RowChange> = changes.iter().filter(|change| change.table == table).collect();
        if own.is_empty() {
            continue;
        }
        let rows = difference::apply(table, books.rows(table), own.iter().copied())
            .map_err(|change| vec![CellError::new(table, &change.key, "", "config_moved")])?;
        books.write(table, &rows)?;
    }
    books.check(base.people != books.people)?;
    Ok(books)
}

/// Stores a change from its day on, and in everything that is planned for later. One change goes after the other: two that
/// each are right must not become wrong together.
pub(crate) async fn take(
    tx: &mut Tx,
    maker: &Maker,
    effect: &Effect,
    changes: &[RowChange],
) -> Result<Stored, NotTaken> {
    tx.lock_configuration().await?;
    let base = Books::on(tx, effect.on).await?;
    let books = edited(&base, changes).map_err(NotTaken::Cells)?;
    let mut stored = put_kinds(tx, maker, effect, &base, &books).await?;
    put_people(tx, maker, effect, &base, &books).await?;
    for day in tx.reference_days_after(effect.on).await? {
        let base = Books::on(tx, day).await?;
        let planned = |mut errors: Vec<CellError>| {
            for error in errors.iter_mut().filter(|error| error.error.code == "config_moved") {
                *error = CellError::new(error.table, &error.key, "", "config_planned").with("date", day.to_string());
            }
            NotTaken::Cells(errors)
        };
        let books = edited(&base, changes).map_err(planned)?;
        let later = Effect { on: day, reason: effect.reason.clone() };
        stored.extend(put_kinds(tx, maker, &later, &base, &books).await?);
    }
    Ok(stored)
}

async fn put_kinds(
    tx: &mut Tx,
    maker: &Maker,
    effect: &Effect,
    before: &Books,
    after: &Books,
) -> Result<Stored, NotTaken> {
    let mut stored = Stored::new();
    for kind in after.changed(before) {
        let new = NewReference {
            kind: kind.to_owned(),
            body_json: after.body(kind)?,
            at: maker.now,
            actor: maker.actor.clone(),
            effective_on: effect.on,
            reason: effect.reason.clone(),
        };
        stored.push((kind, tx.put_reference(&new).await?, effect.on));
    }
    Ok(stored)
}

async fn put_people(
    tx: &mut Tx,
    maker: &Maker,
    effect: &Effect,
    before: &Books,
    after: &Books,
) -> Result<(), NotTaken> {
    let changes = differences(Table::People, &before.rows(Table::People), &after.rows(Table::People));
    for person in after.people.iter().filter(|person| !before.people.contains(person)) {
        let mut record = person.clone();
        record.updated_at = maker.now;
        if before.people.iter().any(|old| old.username == person.username) {
            tx.update_person(&record).await?;
        } else {
            record.created_at = maker.now;
            let taken = |error: StoreError| match error.is_unique("person") {
                true => NotTaken::Cells(vec![CellError::new(
                    Table::People,
                    person.username.as_str(),
                    "username",
                    "username_taken",
                )]),
                false => NotTaken::from(error),
            };
            tx.insert_person(&record).await.map_err(taken)?;
        }
        let mut entry = audit(maker, history::CHANGE_PERSON, person.username.as_str(), &effect.reason);
        if let Some(change) = changes.iter().find(|change| change.key == person.username.as_str()) {
            entry.grant_json = history::with_change(&entry.grant_json, change)?;
        }
        tx.insert_audit(&entry).await?;
    }
    Ok(())
}

fn no_reason(reason: &str) -> Option<FieldError> {
    reason.trim().is_empty().then(|| FieldError::new("/reason", "required"))
}

fn audit(maker: &Maker, action: &str, person: &str, reason: &str) -> AuditRecord {
    AuditRecord {
        id: new_id(),
        at: maker.now,
        actor: maker.actor.clone(),
        action: action.to_owned(),
        resource: format!("person:{person}"),
        reason: Some(reason.to_owned()),
        grant_json: maker.grant_json.clone(),
    }
}

impl App {
    fn configures(&self, user: &User) -> Result<Grant, AppError> {
        Ok(may(&user.actor, Action::Configure, On::Hall)?)
    }

    fn maker(&self, grant: &Grant) -> Result<Maker, AppError> {
        let grant_json = serde_json::to_string(grant)?;
        Ok(Maker { actor: grant.actor().clone(), now: self.now(), grant_json })
    }

    /// The rows of a table as they hold on a day.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for all but administrators.
    pub async fn configuration(&self, user: &User, table: Table, day: NaiveDate) -> Result<Vec<Row>, AppError> {
        self.configures(user)?;
        Ok(Books::on(&self.inner.store, day).await?.rows(table))
    }

    /// Changes rows from a day on. All of it is taken or nothing.
    ///
    /// # Errors
    /// What is wrong with which cell; a day that is over; no reason.
    pub async fn configure(&self, user: &User, changes: Vec<RowChange>, effect: Effect) -> Result<(), NotTaken> {
        let grant = self.configures(user)?;
        self.check_effect(&changes, &effect)?;
        let maker = self.maker(&grant)?;
        self.inner
            .store
            .write(move |tx| Box::pin(async move { take(tx, &maker, &effect, &changes).await.map(drop) }))
            .await?;
        self.reload_reference().await?;
        Ok(())
    }

    /// Whether a change can be made from its day on, for its reason.
    ///
    /// # Errors
    /// What is wrong with the day or the reason.
    pub fn check_effect(&self, changes: &[RowChange], effect: &Effect) -> Result<(), AppError> {
        let mut wrong: Vec<FieldError> = self.wrong_day(changes, effect.on).into_iter().collect();
        wrong.extend(no_reason(&effect.reason).or_else(|| self.no_correction(changes, &effect.reason)));
        if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
    }

    /// Why a change cannot hold from a day on.
    fn wrong_day(&self, changes: &[RowChange], on: NaiveDate) -> Option<FieldError> {
        let today = domain::calendar::today(self.now());
        let wrong = |code| FieldError::new("/effective_on", code);
        if on < today {
            return Some(wrong("config_past").with("date", today.to_string()));
        }
        if !domain::calendar::is_meant(on) {
            return Some(wrong("config_date_bounds").with("value", on.to_string()));
        }
        if on > today && changes.iter().any(|change| change.table == Table::People) {
            return Some(wrong("config_people_now"));
        }
        let first = changes.iter().filter_map(difference::day_of).min().filter(|first| on > today && on > *first)?;
        Some(wrong("config_days_before").with("date", first.max(today).to_string()))
    }

    /// A day that is over has been counted: whoever changes it says that it is a correction.
    fn no_correction(&self, changes: &[RowChange], reason: &str) -> Option<FieldError> {
        let today = domain::calendar::today(self.now());
        let over = changes.iter().find(|change| difference::is_counted(change, today))?;
        let says_so = CORRECTION.iter().any(|word| reason.to_lowercase().contains(word));
        (!says_so).then(|| FieldError::new("/reason", "config_day_over").with("date", over.key.as_str()))
    }

    /// What would be wrong with a change, without making it.
    ///
    /// # Errors
    /// As [`App::configure`], but for day and reason.
    pub async fn try_configuration(&self, user: &User, changes: &[RowChange], day: NaiveDate) -> Result<(), NotTaken> {
        self.configures(user)?;
        let base = Books::on(&self.inner.store, day).await?;
        edited(&base, changes).map(drop).map_err(NotTaken::Cells)
    }

    /// The calendar of a day with rows changed.
    pub(crate) async fn calendar_with(
        &self,
        user: &User,
        changes: &[RowChange],
        day: NaiveDate,
    ) -> Result<Calendar, NotTaken> {
        self.configures(user)?;
        if let Some(wrong) = self.wrong_day(changes, day) {
            return Err(AppError::from(wrong).into());
        }
        let books = edited(&Books::on(&self.inner.store, day).await?, changes).map_err(NotTaken::Cells)?;
        let calendar = Calendar::build(books.calendar).map_err(|error| AppError::internal("calendar", &error))?;
        Ok(calendar)
    }

    /// The days after today from which on something else holds.
    ///
    /// # Errors
    /// What the store says.
    pub async fn planned_days(&self, user: &User) -> Result<BTreeSet<NaiveDate>, AppError> {
        self.configures(user)?;
        let today = domain::calendar::today(self.now());
        Ok(self.inner.store.reference_days_after(today).await?.into_iter().collect())
    }

    /// Gives a person a new password, which is answered this once and kept nowhere. The old one ends, and with it the sessions
    /// and the keys that other systems have for this person.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if there is no such member of staff.
    pub async fn reset_password(&self, user: &User, person: &Username, reason: &str) -> Result<String, AppError> {
        let grant = self.configures(user)?;
        if let Some(wrong) = no_reason(reason) {
            return Err(wrong.into());
        }
        self.inner.store.person(person).await?.filter(|record| record.office.is_some()).ok_or(AppError::NotFound)?;
        let password: String = new_secret().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let chosen = password.clone();
        let hash = tokio::task::spawn_blocking(move || hash_password(&chosen)).await;
        let hash = hash.map_err(|error| AppError::internal("password", &error))??;
        let maker = self.maker(&grant)?;
        let entry = audit(&maker, "reset_password", person.as_str(), reason);
        let person = person.clone();
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.set_password(&person, &hash, maker.now).await?;
                    tx.delete_sessions_of(&person).await?;
                    tx.delete_tokens_of(&person).await?;
                    tx.insert_audit(&entry).await?;
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(password)
    }
}
