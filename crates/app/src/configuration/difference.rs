//! What differs between two states of a table, and doing the same to a third: a change of today goes into what is planned too.

use super::table::{Column, Row, Table};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// What happens to a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowChange {
    /// The table.
    pub table: Table,
    /// What the row is known by.
    pub key: String,
    /// The row before; none: it is added.
    pub before: Option<Row>,
    /// The row after; none: it is removed.
    pub after: Option<Row>,
}

impl RowChange {
    /// The cells that differ: column, old, new. All of a row that is added or removed, but the empty ones.
    #[must_use]
    pub fn cells(&self) -> Vec<(&'static Column, &str, &str)> {
        let columns = self.table.columns().iter().enumerate();
        let cells = columns.map(|(at, column)| (column, cell(&self.before, at), cell(&self.after, at)));
        cells.filter(|(_, old, new)| old != new).collect()
    }
}

fn cell(row: &Option<Row>, at: usize) -> &str {
    row.as_ref().and_then(|row| row.get(at)).map_or("", String::as_str)
}

/// The day of a closure, a holiday or a session that a change adds, alters or takes away. Due dates go by it before it comes, so a
/// change of it must not begin to hold after it.
pub(super) fn day_of(change: &RowChange) -> Option<NaiveDate> {
    let is_day = matches!(change.table, Table::Closures | Table::Holidays | Table::Sessions);
    // The date is the first part of what such a row is known by.
    change.key.split('|').next()?.parse().ok().filter(|_| is_day)
}

/// Whether a change is of a day by which due dates have been counted already; a session moves none.
pub(super) fn is_counted(change: &RowChange, today: NaiveDate) -> bool {
    change.table != Table::Sessions && day_of(change).is_some_and(|day| day < today)
}

/// What has to happen to the rows of a table to become others. Only what a row is known by counts, not its place.
#[must_use]
pub fn differences(table: Table, before: &[Row], after: &[Row]) -> Vec<RowChange> {
    let by_key = |rows: &[Row]| rows.iter().map(|row| (table.key_of(row), row.clone())).collect::<BTreeMap<_, _>>();
    let (old, new) = (by_key(before), by_key(after));
    let gone = before.iter().map(|row| table.key_of(row)).filter(|key| !new.contains_key(key));
    let gone = gone.map(|key| RowChange { table, before: old.get(&key).cloned(), after: None, key });
    let kept = after.iter().map(|row| (table.key_of(row), row)).filter(|(key, row)| old.get(key) != Some(row));
    let kept =
        kept.map(|(key, row)| RowChange { table, before: old.get(&key).cloned(), after: Some(row.clone()), key });
    gone.chain(kept).collect()
}

/// Does to the rows of a table what a list of changes says. A cell that holds neither the old nor the new text is in the way.
///
/// # Errors
/// The change that does not fit any more.
pub fn apply<'a>(
    table: Table,
    rows: Vec<Row>,
    changes: impl IntoIterator<Item = &'a RowChange>,
) -> Result<Vec<Row>, &'a RowChange> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        places.entry(table.key_of(row)).or_insert(at);
    }
    // A row that goes leaves its place empty until the end, so that the others keep theirs.
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    for change in changes {
        let place = places.get(&change.key).copied();
        let found = place.and_then(|at| rows.get_mut(at));
        match (found.and_then(Option::as_mut), &change.before, &change.after) {
            (None, None, Some(new)) => {
                places.insert(change.key.clone(), rows.len());
                rows.push(Some(new.clone()));
            }
            (None, Some(_), None) => {}
            (Some(row), None, Some(new)) if row == new => {}
            (Some(row), Some(old), None) if row == old => {
                if let Some(place) = places.remove(&change.key).and_then(|at| rows.get_mut(at)) {
                    *place = None;
                }
            }
            (Some(row), Some(old), Some(new)) => {
                for ((cell, old), new) in row.iter_mut().zip(old).zip(new).filter(|((_, old), new)| old != new) {
                    if cell != old && cell != new {
                        return Err(change);
                    }
                    cell.clone_from(new);
                }
            }
            _ => return Err(change),
        }
    }
    Ok(rows.into_iter().flatten().collect())
}
