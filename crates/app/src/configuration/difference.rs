//! What differs between two states of a table, and doing the same to a third: a change of today goes into what is planned too.

use super::table::{Column, Row, Table};
use std::collections::BTreeMap;

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

/// Does to rows what a list of changes says. A cell that holds neither the old nor the new text is in the way.
///
/// # Errors
/// The change that does not fit any more.
pub fn apply<'a>(rows: &mut Vec<Row>, changes: impl IntoIterator<Item = &'a RowChange>) -> Result<(), &'a RowChange> {
    for change in changes {
        let at = rows.iter().position(|row| change.table.key_of(row) == change.key);
        match (at, &change.before, &change.after) {
            (None, None, Some(new)) => rows.push(new.clone()),
            (None, Some(_), None) => {}
            (Some(at), None, Some(new)) if rows[at] == *new => {}
            (Some(at), Some(old), None) if rows[at] == *old => drop(rows.remove(at)),
            (Some(at), Some(old), Some(new)) => {
                for ((cell, old), new) in rows[at].iter_mut().zip(old).zip(new).filter(|((_, old), new)| old != new) {
                    if cell != old && cell != new {
                        return Err(change);
                    }
                    cell.clone_from(new);
                }
            }
            _ => return Err(change),
        }
    }
    Ok(())
}
