//! Forecasts as they were made, one a day and case at most, held against what happened (S5.3).

use crate::rows::forecast;
use crate::{StoreError, Tx, View};
use chrono::NaiveDate;
use domain::ids::CaseId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

/// A forecast of a case's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastRecord {
    /// The case.
    pub case: CaseId,
    /// The day on which it was made.
    pub made_on: NaiveDate,
    /// By then in one run of ten.
    pub p10: NaiveDate,
    /// In half.
    pub p50: NaiveDate,
    /// In eight of ten.
    pub p80: NaiveDate,
    /// In nine of ten.
    pub p90: NaiveDate,
    /// How many of the open matters rested on history.
    pub basis_n: u32,
    /// How many matters were open.
    pub open_n: u32,
    /// When the last matter was finished.
    pub actual_on: Option<NaiveDate>,
}

impl From<forecast::Model> for ForecastRecord {
    fn from(row: forecast::Model) -> Self {
        let number = |value: i32| u32::try_from(value).unwrap_or(0);
        Self {
            case: CaseId(row.case_id),
            made_on: row.made_on,
            p10: row.p10,
            p50: row.p50,
            p80: row.p80,
            p90: row.p90,
            basis_n: number(row.basis_n),
            open_n: number(row.open_n),
            actual_on: row.actual_on,
        }
    }
}

impl View {
    /// The forecasts of a case, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forecasts_of(&self, case: &CaseId, limit: u64) -> Result<Vec<ForecastRecord>, StoreError> {
        let rows = forecast::Entity::find()
            .filter(forecast::Column::Hall.eq(self.h()))
            .filter(forecast::Column::CaseId.eq(case.as_str()))
            .order_by_desc(forecast::Column::MadeOn)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("forecast", "read"))?;
        Ok(rows.into_iter().map(ForecastRecord::from).collect())
    }

    /// Forecasts of projects that have been finished since a day, the latest end first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forecasts_kept(&self, since: NaiveDate, limit: u64) -> Result<Vec<ForecastRecord>, StoreError> {
        let rows = forecast::Entity::find()
            .filter(forecast::Column::Hall.eq(self.h()))
            .filter(forecast::Column::ActualOn.gte(since))
            .order_by_desc(forecast::Column::ActualOn)
            .order_by_asc(forecast::Column::CaseId)
            .order_by_asc(forecast::Column::MadeOn)
            .limit(limit)
            .all(&self.c())
            .await
            .map_err(self.fail("forecast", "list"))?;
        Ok(rows.into_iter().map(ForecastRecord::from).collect())
    }
}

impl Tx {
    /// Writes down a forecast, in place of one that was made of the same case on the same day.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such case.
    pub async fn put_forecast(&mut self, new: &ForecastRecord) -> Result<(), StoreError> {
        use forecast::Column as C;
        let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let row = forecast::Model {
            hall: self.h(),
            case_id: new.case.0.clone(),
            made_on: new.made_on,
            p10: new.p10,
            p50: new.p50,
            p80: new.p80,
            p90: new.p90,
            basis_n: number(new.basis_n),
            open_n: number(new.open_n),
            actual_on: new.actual_on,
        };
        let replace = OnConflict::columns([C::Hall, C::CaseId, C::MadeOn])
            .update_columns([C::P10, C::P50, C::P80, C::P90, C::BasisN, C::OpenN, C::ActualOn])
            .to_owned();
        forecast::Entity::insert(row.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("forecast", "put"))?;
        Ok(())
    }

    /// Holds a case's forecasts against the day on which its last matter was finished; none takes that back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_forecasts_actual(&mut self, case: &CaseId, actual: Option<NaiveDate>) -> Result<(), StoreError> {
        forecast::Entity::update_many()
            .col_expr(forecast::Column::ActualOn, Expr::val(actual))
            .filter(forecast::Column::Hall.eq(self.h()))
            .filter(forecast::Column::CaseId.eq(case.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("forecast", "set actual"))?;
        Ok(())
    }
}
