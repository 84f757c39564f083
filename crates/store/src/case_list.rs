//! Lists of cases, page by page, and counts of what a filter finds.

use crate::case_filter::{CaseFilter, CaseOrder};
use crate::cases::{CaseHead, HeadRow};
use crate::page::{Cursor, Page, bounded};
use crate::rows::cases;
use crate::{StoreError, View};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// What cases are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountBy {
    /// Their status.
    Status,
    /// Their light.
    Colour,
    /// How they are worked on.
    Mode,
    /// The office that leads (empty text: none).
    LeadOffice,
    /// The agent (empty text: none).
    Agent,
}

impl View {
    /// One page of the cases that the filter finds. `cursor` is [`Page::next_cursor`] of the page before; at most 500 rows. The
    /// total is not counted: in a hall with many cases that costs more than the page; see [`View::count_cases`].
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_cases(
        &self,
        filter: &CaseFilter,
        order: CaseOrder,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<CaseHead>, StoreError> {
        use cases::Column as C;
        let limit = bounded(limit);
        let query = cases::Entity::find().filter(self.case_condition(filter));
        let query = query.select_only().columns(HeadRow::columns());
        let query = match order {
            CaseOrder::Work => query.order_by_asc(C::Urgency).order_by_asc(C::DueKey).order_by_asc(C::Id),
            CaseOrder::Newest => query.order_by(C::CreatedAt, Order::Desc).order_by(C::Id, Order::Desc),
        };
        let query = match cursor {
            None => query,
            Some(text) => query.filter(after(order, Cursor::parse(text)?)?),
        };
        let rows =
            query.limit(limit + 1).into_model::<HeadRow>().all(&self.c()).await.map_err(self.fail("cases", "list"))?;
        let page = Page::cut(rows, limit, None, |row| place(order, row));
        let ids: Vec<_> = page.items.iter().map(|row| row.id.clone()).collect();
        let mut offices = if ids.is_empty() { Default::default() } else { self.offices_of(&ids).await? };
        let items = page.items.into_iter().map(|row| {
            let offices = offices.remove(&row.id).unwrap_or_default();
            row.into_head(offices)
        });
        Ok(Page { items: items.collect(), next_cursor: page.next_cursor, total: page.total })
    }

    /// How many cases the filter finds, by status.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_cases(&self, filter: &CaseFilter) -> Result<BTreeMap<String, u64>, StoreError> {
        self.count_cases_by(filter, CountBy::Status).await
    }

    /// How many cases the filter finds, by something else.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_cases_by(&self, filter: &CaseFilter, by: CountBy) -> Result<BTreeMap<String, u64>, StoreError> {
        let column = match by {
            CountBy::Status => cases::Column::Status,
            CountBy::Colour => cases::Column::Colour,
            CountBy::Mode => cases::Column::Mode,
            CountBy::LeadOffice => cases::Column::LeadOffice,
            CountBy::Agent => cases::Column::Agent,
        };
        let counts: Vec<(Option<String>, i64)> = cases::Entity::find()
            .filter(self.case_condition(filter))
            .select_only()
            .column(column)
            .column_as(cases::Column::Id.count(), "n")
            .group_by(column)
            .into_tuple()
            .all(&self.c())
            .await
            .map_err(self.fail("cases", "count"))?;
        let counts = counts.into_iter().map(|(value, n)| (value.unwrap_or_default(), u64::try_from(n).unwrap_or(0)));
        Ok(counts.collect())
    }
}

fn place(order: CaseOrder, row: &HeadRow) -> Cursor {
    match order {
        CaseOrder::Work => Cursor::Work { urgency: row.urgency, due: row.due_key, id: row.id.clone() },
        CaseOrder::Newest => Cursor::Newest { at: row.created_at, id: row.id.clone() },
    }
}

/// The rows that come after the cursor in this order.
fn after(order: CaseOrder, cursor: Cursor) -> Result<Expr, StoreError> {
    use cases::Column as C;
    let column = |column: C| Expr::col((cases::Entity, column));
    match (order, cursor) {
        (CaseOrder::Work, Cursor::Work { urgency, due, id }) => {
            let place = Expr::tuple([Expr::val(urgency), Expr::val(due), Expr::val(id)]);
            Ok(Expr::tuple([column(C::Urgency), column(C::DueKey), column(C::Id)]).gt(place))
        }
        (CaseOrder::Newest, Cursor::Newest { at, id }) => {
            let place = Expr::tuple([Expr::val(at), Expr::val(id)]);
            Ok(Expr::tuple([column(C::CreatedAt), column(C::Id)]).lt(place))
        }
        _ => Err(StoreError::Invalid("the cursor belongs to another order".to_owned())),
    }
}
