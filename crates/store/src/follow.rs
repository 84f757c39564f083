//! What leads and meetings have in common: the lines of their histories, which are only appended, and lists by what is due.

use crate::page::{Cursor, Page};
use crate::rows::follow_line;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::Username;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};

/// A line of the history of a lead or a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Username,
    /// What, as the domain writes it.
    pub body_json: String,
}

/// The columns by which a list shows what is due first.
pub(crate) struct DueBy<E: EntityTrait, R> {
    pub(crate) table: &'static str,
    pub(crate) urgency: E::Column,
    pub(crate) due: E::Column,
    pub(crate) id: E::Column,
    /// The same three of a record.
    pub(crate) key: fn(&R) -> (i16, NaiveDate, String),
}

impl View {
    /// The history of a lead or a meeting by its id, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lines_of(&self, subject: &str) -> Result<Vec<LineRecord>, StoreError> {
        use follow_line::Column as C;
        let rows = follow_line::Entity::find()
            .filter(C::Hall.eq(self.h()))
            .filter(C::Subject.eq(subject))
            .order_by_asc(C::Seq)
            .all(&self.c())
            .await
            .map_err(self.fail("follow_line", "read"))?;
        let record =
            |row: follow_line::Model| LineRecord { at: row.at, actor: Username(row.actor), body_json: row.body_json };
        Ok(rows.into_iter().map(record).collect())
    }

    /// One page of `query`, what is due first; the total is counted for the first page.
    pub(crate) async fn due_page<E, R>(
        &self,
        query: Select<E>,
        by: DueBy<E, R>,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<R>, StoreError>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
        R: From<E::Model>,
    {
        let place = cursor.map(Cursor::work).transpose()?.map(|(urgency, due, id)| {
            let place = Expr::tuple([Expr::val(urgency), Expr::val(due), Expr::val(id)]);
            Expr::tuple([by.urgency, by.due, by.id].map(Expr::col)).gt(place)
        });
        let query = query.order_by_asc(by.urgency).order_by_asc(by.due).order_by_asc(by.id);
        self.page_after(by.table, query, place, limit, |row| {
            let (urgency, due, id) = (by.key)(row);
            Cursor::Work { urgency, due, id }
        })
        .await
    }
}

impl Tx {
    /// Appends a line to the history of a lead or a meeting, whose row the transaction holds.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `follow_line` when somebody appends at the same moment without holding the row.
    pub async fn append_line(&mut self, subject: &str, line: &LineRecord) -> Result<(), StoreError> {
        use follow_line::Column as C;
        let last: Option<Option<i32>> = follow_line::Entity::find()
            .select_only()
            .column_as(C::Seq.max(), "last")
            .filter(C::Hall.eq(self.h()))
            .filter(C::Subject.eq(subject))
            .into_tuple()
            .one(&self.c())
            .await
            .map_err(self.fail("follow_line", "read last"))?;
        let row = follow_line::Model {
            hall: self.h(),
            subject: subject.to_owned(),
            seq: last.flatten().unwrap_or(0) + 1,
            at: micros(line.at),
            actor: line.actor.0.clone(),
            body_json: line.body_json.clone(),
        };
        follow_line::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("follow_line", "insert"))?;
        Ok(())
    }
}
