//! Keyset pages: a cursor says after which row the next page begins, so that pages stay stable while rows come and go.

use crate::{StoreError, View};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// The most rows a page may have, whatever the caller asks for.
pub(crate) const MOST: u64 = 500;

/// The row that a key finds. Read without a limit: a limit is a bound value, and SQLite plans a statement anew whenever one
/// that it planned with is bound again.
pub(crate) fn at_most_one<T>(rows: Vec<T>) -> Option<T> {
    rows.into_iter().next()
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Hand this in to get the rows after these; nothing when there are none. Short text that is safe in a URL.
    pub next_cursor: Option<String>,
    /// How many rows the filter finds in all; only counted for the first page, and for cases not at all.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// Cuts `rows` (read with one more than `limit`) to the page and makes the cursor from its last row.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u64, total: Option<u64>, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| cursor(row).to_text()) } else { None };
        Self { items: rows, next_cursor, total }
    }
}

/// Bounds what a caller asks for: at least one row, at most [`MOST`].
pub(crate) fn bounded(limit: u64) -> u64 {
    limit.clamp(1, MOST)
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cursor {
    /// Green channel first, then by due date, then by id.
    Work { urgency: i16, due: NaiveDate, id: String },
    /// The newest first.
    Newest { at: DateTime<Utc>, id: String },
}

impl Cursor {
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Work { urgency, due, id } => format!("w.{urgency}.{due}.{id}"),
            Self::Newest { at, id } => format!("n.{}.{id}", at.timestamp_micros()),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        Self::read(text).ok_or_else(|| StoreError::Invalid(format!("`{text}` is not a cursor of this list")))
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(2, '.');
        match (parts.next()?, parts.next()?) {
            ("w", rest) => {
                let mut parts = rest.splitn(3, '.');
                let urgency = parts.next()?.parse().ok()?;
                let due = parts.next()?.parse().ok()?;
                Some(Self::Work { urgency, due, id: parts.next()?.to_owned() })
            }
            ("n", rest) => {
                let (at, id) = rest.split_once('.')?;
                let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
                Some(Self::Newest { at, id: id.to_owned() })
            }
            _ => None,
        }
    }

    /// The time and id of a [`Cursor::Newest`]; an error for a cursor of the other order.
    fn newest(text: &str) -> Result<(DateTime<Utc>, String), StoreError> {
        match Self::parse(text)? {
            Self::Newest { at, id } => Ok((at, id)),
            Self::Work { .. } => Err(other_order()),
        }
    }

    /// The parts of a [`Cursor::Work`]; an error for a cursor of the other order.
    pub(crate) fn work(text: &str) -> Result<(i16, NaiveDate, String), StoreError> {
        match Self::parse(text)? {
            Self::Work { urgency, due, id } => Ok((urgency, due, id)),
            Self::Newest { .. } => Err(other_order()),
        }
    }
}

fn other_order() -> StoreError {
    StoreError::Invalid("the cursor belongs to another order".to_owned())
}

/// The columns by which a list shows the newest first.
pub(crate) struct NewestBy<E: EntityTrait, R> {
    pub(crate) table: &'static str,
    pub(crate) at: E::Column,
    pub(crate) id: E::Column,
    /// The same two of a record.
    pub(crate) key: fn(&R) -> (DateTime<Utc>, String),
}

impl View {
    /// One page of `query`, the newest first.
    pub(crate) async fn newest_page<E, R>(
        &self,
        query: Select<E>,
        by: NewestBy<E, R>,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<R>, StoreError>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
        R: From<E::Model>,
    {
        let place = cursor.map(Cursor::newest).transpose()?.map(|(at, id)| {
            let place = Expr::tuple([Expr::val(at), Expr::val(id)]);
            Expr::tuple([Expr::col(by.at), Expr::col(by.id)]).lt(place)
        });
        let query = query.order_by_desc(by.at).order_by_desc(by.id);
        self.page_after(by.table, query, place, limit, |row| {
            let (at, id) = (by.key)(row);
            Cursor::Newest { at, id }
        })
        .await
    }

    /// One page of an ordered `query`, of the rows for which `place` holds; the total is counted for the first page, which has no
    /// place.
    pub(crate) async fn page_after<E, R>(
        &self,
        table: &'static str,
        query: Select<E>,
        place: Option<Expr>,
        limit: u64,
        key: impl Fn(&R) -> Cursor,
    ) -> Result<Page<R>, StoreError>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
        R: From<E::Model>,
    {
        let limit = bounded(limit);
        let fail = self.fail(table, "list");
        let (query, total) = match place {
            None => {
                let total = query.clone().count(&self.c()).await.map_err(&fail)?;
                (query, Some(total))
            }
            Some(place) => (query.filter(place), None),
        };
        let rows = query.limit(limit + 1).all(&self.c()).await.map_err(&fail)?.into_iter().map(R::from).collect();
        Ok(Page::cut(rows, limit, total, key))
    }
}
