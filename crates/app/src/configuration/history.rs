//! Who changed what, when, from which day on, and why.

use super::books::{Books, KINDS};
use super::difference::{RowChange, apply, differences};
use super::table::{Book, Table};
use super::{Effect, NotTaken, no_reason, take};
use crate::accounts::User;
use crate::app::App;
use crate::{AppError, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::Username;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use store::{AuditFilter, AuditRecord, ReferenceVersion};

/// So many versions of each kind are listed, and all that are to come.
const LISTED: i64 = 40;

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
    /// The kind of data: `catalogue`, `hall`, `calendar`, `fees`, `people`.
    pub kind: &'static str,
    /// Its version; people have none.
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

/// The audit's word for a change of a person.
pub(super) const CHANGE_PERSON: &str = "change_person";
/// Where the row before and after stands beside the ground of a change.
const CHANGE: &str = "change";

/// The ground of a change to a person with what it changed: people have no versions from which that could be told.
pub(super) fn with_change(grant_json: &str, change: &RowChange) -> Result<String, serde_json::Error> {
    let mut ground: Value = serde_json::from_str(grant_json)?;
    if let Some(ground) = ground.as_object_mut() {
        ground.insert(CHANGE.to_owned(), serde_json::to_value(change)?);
    }
    serde_json::to_string(&ground)
}

/// A change to a person as the audit keeps it; none of those that were written down without their rows.
fn of_person(entry: AuditRecord) -> Option<Change> {
    let mut ground: Value = serde_json::from_str(&entry.grant_json).ok()?;
    let row: RowChange = serde_json::from_value(ground.get_mut(CHANGE)?.take()).ok()?;
    Some(Change {
        kind: "people",
        version: 0,
        effective_on: domain::calendar::today(entry.at),
        at: entry.at,
        actor: entry.actor,
        reason: entry.reason.unwrap_or_default(),
        state: ChangeState::Holds,
        rows: vec![row],
    })
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
    let tables: BTreeSet<Table> = rows.iter().map(|row| row.table).collect();
    let mut differs = false;
    for table in tables {
        let planned = day.rows(table);
        let made: HashSet<String> =
            differences(table, &day_before.rows(table), &planned).into_iter().map(|change| change.key).collect();
        differs |= rows.iter().any(|row| row.table == table && made.contains(&row.key));
        if apply(table, planned, back.iter().filter(|row| row.table == table)).is_err() {
            return false;
        }
    }
    differs
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
            let all = self.inner.store.reference_history(kind, LISTED, today).await?;
            for version in &all {
                if self.came_along(version, &all).await? {
                    continue;
                }
                let Some(before) = self.inner.store.reference_before(version).await? else { continue };
                let rows = rows_between(&now, &before, version)?;
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
        let of_people = AuditFilter { action: Some(CHANGE_PERSON.to_owned()), ..AuditFilter::default() };
        let people = self.inner.store.list_audit(&of_people, None, LISTED.unsigned_abs()).await?;
        changes.extend(people.items.into_iter().filter_map(of_person));
        changes.sort_by_key(|change| std::cmp::Reverse((change.at, change.version)));
        Ok(changes)
    }

    /// Whether a version is what an earlier day's change did to what was planned already: it was stored right after it.
    async fn came_along(&self, version: &ReferenceVersion, listed: &[ReferenceVersion]) -> Result<bool, AppError> {
        let number = version.version - 1;
        let stored = match listed.iter().find(|one| one.version == number) {
            Some(found) => Some(found.clone()),
            None => self.inner.store.reference_version(&version.kind, number).await?,
        };
        Ok(stored.is_some_and(|one| {
            let is_earlier = one.effective_on < version.effective_on;
            is_earlier && (one.at, &one.actor, &one.reason) == (version.at, &version.actor, &version.reason)
        }))
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
        let kind = KINDS.into_iter().find(|known| *known == kind).ok_or(AppError::NotFound)?;
        let found = self.inner.store.reference_version(kind, version).await?.ok_or(AppError::NotFound)?;
        let before = self.inner.store.reference_before(&found).await?.ok_or(AppError::NotFound)?;
        let effect = Effect { on: found.effective_on, reason: reason.trim().to_owned() };
        if effect.on <= domain::calendar::today(self.now()) {
            return Err(AppError::from(FieldError::new("/version", "config_holds")).into());
        }
        let now = Books::on(&self.inner.store, effect.on).await?;
        let back = undone(&rows_between(&now, &before, &found)?);
        if let Some(wrong) = no_reason(&effect.reason) {
            return Err(AppError::from(wrong).into());
        }
        let maker = self.maker(&grant)?;
        self.inner
            .store
            .write(move |tx| Box::pin(async move { take(tx, &maker, &effect, &back).await.map(drop) }))
            .await?;
        self.reload_reference().await?;
        Ok(())
    }
}
