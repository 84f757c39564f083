//! Who changed what, when, from which day on, and why.

use super::books::{Books, KINDS};
use super::difference::{RowChange, apply, differences};
use super::table::{Book, Table};
use super::{Effect, NotTaken, take};
use crate::accounts::User;
use crate::app::App;
use crate::{AppError, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::Username;
use std::collections::HashSet;
use store::ReferenceVersion;

/// So many versions of each kind are listed.
const LISTED: u64 = 40;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// Its day has come.
    Holds,
    /// Its day is to come; it can be withdrawn.
    Planned,
    /// Its day is to come, but what it changed has been changed back or further since.
    Replaced,
}

/// A change of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of data: `catalogue`, `hall`, `calendar`, `fees`.
    pub kind: &'static str,
    /// Its version.
    pub version: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Username,
    /// Why.
    pub reason: String,
    /// From which day on it holds.
    pub effective_on: NaiveDate,
    /// What became of it.
    pub state: ChangeState,
    /// The rows that differ from what held before.
    pub rows: Vec<RowChange>,
}

/// The tables that read from a kind.
fn tables(kind: &str) -> impl Iterator<Item = Table> {
    let of_kind = move |table: &Table| match kind {
        "fees" => *table == Table::Fees,
        "catalogue" => table.book() == Book::Catalogue && *table != Table::Fees,
        "hall" => table.book() == Book::Hall || *table == Table::Departments,
        _ => table.book() == Book::Calendar,
    };
    Table::ALL.into_iter().filter(move |table| of_kind(table))
}

/// The version that a version replaced: of those stored before it, the one that held on its day.
fn replaced<'a>(version: &ReferenceVersion, all: &'a [ReferenceVersion]) -> Option<&'a ReferenceVersion> {
    let earlier = all.iter().filter(|one| one.version < version.version && one.effective_on <= version.effective_on);
    earlier.max_by_key(|one| (one.effective_on, one.version))
}

fn rows_between(now: &Books, before: &ReferenceVersion, after: &ReferenceVersion) -> Result<Vec<RowChange>, AppError> {
    let (old, new) = (now.with(before)?, now.with(after)?);
    Ok(tables(&after.kind).flat_map(|table| differences(table, &old.rows(table), &new.rows(table))).collect())
}

fn undone(rows: &[RowChange]) -> Vec<RowChange> {
    let turned = |row: &RowChange| RowChange {
        table: row.table,
        key: row.key.clone(),
        before: row.after.clone(),
        after: row.before.clone(),
    };
    rows.iter().map(turned).collect()
}

/// Whether what a change made of its rows still stands on its day, and makes a difference to the day before: what takes a
/// planned change back makes none.
fn stands(day_before: &Books, day: &Books, rows: &[RowChange]) -> bool {
    let back = undone(rows);
    let tables: HashSet<Table> = rows.iter().map(|row| row.table).collect();
    let stand = tables.iter().all(|table| {
        let mut planned = day.rows(*table);
        apply(&mut planned, back.iter().filter(|row| row.table == *table)).is_ok()
    });
    let row_of = |books: &Books, row: &RowChange| {
        books.rows(row.table).into_iter().find(|found| row.table.key_of(found) == row.key)
    };
    stand && rows.iter().any(|row| row_of(day_before, row) != row_of(day, row))
}

impl App {
    /// The changes of the configuration, the newest first. What a change did to versions that were planned already is not told
    /// again.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for all but administrators.
    pub async fn configuration_changes(&self, user: &User) -> Result<Vec<Change>, AppError> {
        self.configures(user)?;
        let today = domain::calendar::today(self.now());
        let now = Books::on(&self.inner.store, today).await?;
        let mut changes = Vec::new();
        for kind in KINDS {
            let all = self.inner.store.reference_history(kind, LISTED).await?;
            for version in &all {
                // What is planned already gets the change of an earlier day right after it.
                let same = |one: &&ReferenceVersion| {
                    let is_earlier = one.version < version.version && one.effective_on < version.effective_on;
                    is_earlier && (one.at, &one.actor, &one.reason) == (version.at, &version.actor, &version.reason)
                };
                let (None, Some(before)) = (all.iter().find(same), replaced(version, &all)) else { continue };
                let rows = rows_between(&now, before, version)?;
                let state = if version.effective_on <= today {
                    ChangeState::Holds
                } else if self.still_stands(version.effective_on, &rows).await? {
                    ChangeState::Planned
                } else {
                    ChangeState::Replaced
                };
                changes.push(Change {
                    kind,
                    version: version.version,
                    at: version.at,
                    actor: version.actor.clone(),
                    reason: version.reason.clone(),
                    effective_on: version.effective_on,
                    state,
                    rows,
                });
            }
        }
        changes.sort_by_key(|change| std::cmp::Reverse((change.at, change.version)));
        Ok(changes)
    }

    async fn still_stands(&self, day: NaiveDate, rows: &[RowChange]) -> Result<bool, AppError> {
        let before = Books::on(&self.inner.store, day.pred_opt().unwrap_or(day)).await?;
        Ok(stands(&before, &Books::on(&self.inner.store, day).await?, rows))
    }

    /// Takes a planned change back, by a new version of the same day.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if there is no such version, a field error if its day has come, or what stands in the way.
    pub async fn withdraw_change(&self, user: &User, kind: &str, version: i64, reason: &str) -> Result<(), NotTaken> {
        let grant = self.configures(user)?;
        let all = self.inner.store.reference_history(kind, LISTED).await?;
        let kind_is_known = KINDS.contains(&kind);
        let found = all.iter().find(|one| kind_is_known && one.version == version).ok_or(AppError::NotFound)?;
        let before = replaced(found, &all).ok_or(AppError::NotFound)?;
        let effect = Effect { on: found.effective_on, reason: reason.trim().to_owned() };
        if effect.on <= domain::calendar::today(self.now()) {
            return Err(AppError::from(FieldError::new("/version", "config_holds")).into());
        }
        let now = Books::on(&self.inner.store, effect.on).await?;
        let back = undone(&rows_between(&now, before, found)?);
        self.check_effect(&back, &effect)?;
        let maker = self.maker(&grant)?;
        self.inner
            .store
            .write(move |tx| Box::pin(async move { take(tx, &maker, &effect, &back).await.map(drop) }))
            .await?;
        self.reload_reference().await?;
        Ok(())
    }
}
