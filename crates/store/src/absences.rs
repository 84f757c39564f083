//! Absences of staff (S5.3). Both tables refuse `UPDATE` and `DELETE`: a stand-in may have acted in an absence, so it can only
//! be ended, by a row of its own.

use crate::rows::{absence, absence_end, person};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::Username;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// An absence as it was recorded, and its early end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceRecord {
    /// The absence.
    pub id: String,
    /// Who is away.
    pub username: Username,
    /// First day away.
    pub from: NaiveDate,
    /// Last day away, as recorded.
    pub to: NaiveDate,
    /// Why, as the domain spells it.
    pub reason: String,
    /// Who recorded it.
    pub recorded_by: Username,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// How it ended before its last day.
    pub end: Option<AbsenceEnd>,
}

/// The early end of an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceEnd {
    /// The first day at work again.
    pub back_on: NaiveDate,
    /// Who recorded it.
    pub ended_by: Username,
    /// When.
    pub ended_at: DateTime<Utc>,
}

fn record((row, end): (absence::Model, Option<absence_end::Model>)) -> AbsenceRecord {
    AbsenceRecord {
        id: row.id,
        username: Username(row.username),
        from: row.from_day,
        to: row.to_day,
        reason: row.reason,
        recorded_by: Username(row.recorded_by),
        recorded_at: row.recorded_at,
        end: end.map(|end| AbsenceEnd {
            back_on: end.back_on,
            ended_by: Username(end.ended_by),
            ended_at: end.ended_at,
        }),
    }
}

impl View {
    /// The absences of everybody that were recorded to last until `since` or longer, by first day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn absences(&self, since: NaiveDate) -> Result<Vec<AbsenceRecord>, StoreError> {
        self.absences_where(absence::Column::ToDay.gte(since)).await
    }

    /// All absences of a person, by first day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn absences_of(&self, person: &Username) -> Result<Vec<AbsenceRecord>, StoreError> {
        self.absences_where(absence::Column::Username.eq(person.as_str())).await
    }

    /// The absence with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn absence(&self, id: &str) -> Result<Option<AbsenceRecord>, StoreError> {
        Ok(self.absences_where(absence::Column::Id.eq(id)).await?.pop())
    }

    async fn absences_where(&self, which: Expr) -> Result<Vec<AbsenceRecord>, StoreError> {
        let rows = absence::Entity::find()
            .filter(Condition::all().add(absence::Column::Hall.eq(self.h())).add(which))
            .order_by_asc(absence::Column::FromDay)
            .order_by_asc(absence::Column::Id)
            .all(&self.c())
            .await
            .map_err(self.fail("absence", "read"))?;
        let ids = rows.iter().map(|row| row.id.clone());
        let ends = absence_end::Entity::find()
            .filter(absence_end::Column::Hall.eq(self.h()))
            .filter(absence_end::Column::Absence.is_in(ids))
            .all(&self.c())
            .await
            .map_err(self.fail("absence_end", "read"))?;
        let mut ends: HashMap<_, _> = ends.into_iter().map(|end| (end.absence.clone(), end)).collect();
        Ok(rows.into_iter().map(|row| (ends.remove(&row.id), row)).map(|(end, row)| record((row, end))).collect())
    }
}

impl Tx {
    /// Keeps others who record something about this person waiting until the transaction is over; answers whether there is
    /// such a person. SQLite has one writer at a time and knows no row locks.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_person(&mut self, username: &Username) -> Result<bool, StoreError> {
        let found: Option<String> = person::Entity::find()
            .select_only()
            .column(person::Column::Username)
            .filter(person::Column::Hall.eq(self.h()))
            .filter(person::Column::Username.eq(username.as_str()))
            .lock_exclusive()
            .into_tuple()
            .one(&self.c())
            .await
            .map_err(self.fail("person", "hold"))?;
        Ok(found.is_some())
    }

    /// Writes down an absence; its end, if it has one, is not written.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such person.
    pub async fn insert_absence(&mut self, new: &AbsenceRecord) -> Result<(), StoreError> {
        let row = absence::Model {
            hall: self.h(),
            id: new.id.clone(),
            username: new.username.0.clone(),
            from_day: new.from,
            to_day: new.to,
            reason: new.reason.clone(),
            recorded_by: new.recorded_by.0.clone(),
            recorded_at: micros(new.recorded_at),
        };
        absence::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("absence", "insert"))?;
        Ok(())
    }

    /// Ends an absence early.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `absence_end` when it was ended already, [`StoreError::Refused`] when there is none.
    pub async fn end_absence(&mut self, id: &str, end: &AbsenceEnd) -> Result<(), StoreError> {
        let row = absence_end::Model {
            hall: self.h(),
            absence: id.to_owned(),
            back_on: end.back_on,
            ended_by: end.ended_by.0.clone(),
            ended_at: micros(end.ended_at),
        };
        absence_end::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("absence_end", "insert"))?;
        Ok(())
    }
}
