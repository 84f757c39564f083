//! Where the pieces of all cases are: a projection of the events, written together with the row of the case.

use crate::cases::KIND;
use crate::rows::{cases, custody_item};
use crate::store::micros;
use crate::{CaseFilter, CaseRecord, StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{CaseId, ItemId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

/// A piece of a case and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyItem {
    /// The piece.
    pub item: ItemId,
    /// What it is called: its material, and what tells it from others of the same.
    pub name: String,
    /// Original, copy or electronic, as the domain spells it.
    pub form: String,
    /// The kind of place, as the domain spells it.
    pub place: String,
    /// Who or what it is among places of this kind: user name, office, window, waybill.
    pub key: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whoever has it has not said so yet.
    pub untaken: bool,
    /// The client gets it back.
    pub to_return: bool,
}

/// A piece in the list of all cases.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CustodyRow {
    /// The case.
    pub case_id: String,
    /// Its number.
    pub number: Option<String>,
    /// Enterprise and project.
    pub title: String,
    /// The piece.
    pub item: String,
    /// See [`CustodyItem::name`].
    pub name: String,
    /// See [`CustodyItem::form`].
    pub form: String,
    /// See [`CustodyItem::place`].
    pub place: String,
    /// See [`CustodyItem::key`].
    pub place_key: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whoever has it has not said so yet.
    pub untaken: bool,
    /// The client gets it back.
    pub to_return: bool,
}

/// How many pieces are at places of a kind.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CustodyCount {
    /// The kind of place.
    pub place: String,
    /// How many.
    pub count: i64,
}

/// Which pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustodyFilter {
    /// Of these cases.
    pub cases: CaseFilter,
    /// Of these forms; empty: any.
    pub forms: Vec<String>,
    /// At places of these kinds; empty: anywhere.
    pub places: Vec<String>,
    /// There since before this moment.
    pub since_before: Option<DateTime<Utc>>,
    /// Only those whose holder has not said so.
    pub untaken: bool,
    /// Found by this text in case or piece, or with one of these holders.
    pub q: Option<(String, Vec<String>)>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustodyOrder {
    /// What has been in one place longest first.
    #[default]
    Since,
    /// Holder by holder.
    Holder,
    /// Case by case.
    Case,
}

fn item(row: custody_item::Model) -> CustodyItem {
    CustodyItem {
        item: ItemId(row.item),
        name: row.name,
        form: row.form,
        place: row.place,
        key: row.place_key,
        since: row.since,
        untaken: row.untaken,
        to_return: row.to_return,
    }
}

impl View {
    /// Where the pieces of a case are, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn custody_of(&self, case: &CaseId) -> Result<Vec<CustodyItem>, StoreError> {
        let rows = custody_item::Entity::find()
            .filter(custody_item::Column::Hall.eq(self.h()))
            .filter(custody_item::Column::CaseId.eq(case.as_str()))
            .all(&self.c())
            .await
            .map_err(self.fail("custody_item", "read"))?;
        let mut items: Vec<CustodyItem> = rows.into_iter().map(item).collect();
        // By bytes, whatever the database's language thinks of the order of texts.
        items.sort_by(|a, b| a.item.as_str().cmp(b.item.as_str()));
        Ok(items)
    }

    fn custody(&self, filter: &CustodyFilter) -> Select<custody_item::Entity> {
        use custody_item::Column as I;
        let by_text = filter.q.as_ref().map(|(text, holders)| {
            Condition::any()
                .add(self.found("cases.id", KIND, text))
                .add(I::Name.contains(text))
                .add(I::PlaceKey.contains(text))
                .add(I::PlaceKey.is_in(holders.iter().map(String::as_str)))
        });
        let texts = |column: I, values: &[String]| (!values.is_empty()).then(|| column.is_in(values.to_vec()));
        let chosen = Condition::all()
            .add(I::Hall.eq(self.h()))
            .add_option(texts(I::Form, &filter.forms))
            .add_option(texts(I::Place, &filter.places))
            .add_option(filter.since_before.map(|at| I::Since.lt(micros(at))))
            .add_option(filter.untaken.then(|| I::Untaken.eq(true)))
            .add_option(by_text);
        custody_item::Entity::find()
            .join(
                JoinType::InnerJoin,
                custody_item::Entity::belongs_to(cases::Entity)
                    .from((I::Hall, I::CaseId))
                    .to((cases::Column::Hall, cases::Column::Id))
                    .into(),
            )
            .filter(chosen)
            .filter(self.case_condition(&filter.cases))
    }

    /// Pieces that a filter finds, so many from a place on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_custody(
        &self,
        filter: &CustodyFilter,
        order: CustodyOrder,
        skip: u64,
        most: u64,
    ) -> Result<Vec<CustodyRow>, StoreError> {
        use custody_item::Column as I;
        let query = self.custody(filter).select_only().columns([
            I::CaseId,
            I::Item,
            I::Name,
            I::Form,
            I::Place,
            I::PlaceKey,
            I::Since,
            I::Untaken,
            I::ToReturn,
        ]);
        let query = query.columns([cases::Column::Number, cases::Column::Title]);
        let query = match order {
            CustodyOrder::Since => query,
            CustodyOrder::Holder => query.order_by_asc(I::Place).order_by_asc(I::PlaceKey),
            CustodyOrder::Case => query.order_by_asc(cases::Column::Number),
        };
        let query = query.order_by_asc(I::Since).order_by_asc(I::CaseId).order_by_asc(I::Item);
        let rows = query.offset(skip).limit(most).into_model().all(&self.c()).await;
        rows.map_err(self.fail("custody_item", "list"))
    }

    /// How many pieces a filter finds, by kind of place.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_custody(&self, filter: &CustodyFilter) -> Result<Vec<CustodyCount>, StoreError> {
        use custody_item::Column as I;
        self.custody(filter)
            .select_only()
            .column(I::Place)
            .column_as(Expr::col((custody_item::Entity, I::Item)).count(), "count")
            .group_by(I::Place)
            .into_model()
            .all(&self.c())
            .await
            .map_err(self.fail("custody_item", "count"))
    }
}

impl Tx {
    /// Writes where the pieces of a case are; what has not changed is not written again.
    pub(crate) async fn write_custody(&mut self, case: &CaseRecord) -> Result<(), StoreError> {
        if self.custody_of(&case.id).await? == case.custody {
            return Ok(());
        }
        custody_item::Entity::delete_many()
            .filter(custody_item::Column::Hall.eq(self.h()))
            .filter(custody_item::Column::CaseId.eq(case.id.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("custody_item", "delete"))?;
        // A row has ten values, and a statement takes some tens of thousands of them.
        for items in case.custody.chunks(1_000) {
            let rows = items.iter().map(|item| self.custody_row(&case.id, item).into_active_model());
            custody_item::Entity::insert_many(rows.collect::<Vec<_>>())
                .exec_without_returning(&self.c())
                .await
                .map_err(self.fail("custody_item", "insert"))?;
        }
        Ok(())
    }

    fn custody_row(&self, case: &CaseId, item: &CustodyItem) -> custody_item::Model {
        custody_item::Model {
            hall: self.h(),
            case_id: case.0.clone(),
            item: item.item.0.clone(),
            name: item.name.clone(),
            form: item.form.clone(),
            place: item.place.clone(),
            place_key: item.key.clone(),
            since: micros(item.since),
            untaken: item.untaken,
            to_return: item.to_return,
        }
    }
}
