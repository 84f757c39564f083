//! Numbers without gaps: taken and used in one transaction, so that a number is never lost.

use crate::{StoreError, Tx};
use sea_orm::ConnectionTrait;

impl Tx {
    /// The next number of this series in this year, from 1. If the transaction is undone, the number is given to the next.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_number(&mut self, kind: &str, year: i32) -> Result<i64, StoreError> {
        let take = "INSERT INTO number_series (hall, kind, year, last) VALUES ($1, $2, $3, 1) \
                    ON CONFLICT (hall, kind, year) DO UPDATE SET last = number_series.last + 1 RETURNING last";
        let fail = self.fail("number_series", "next");
        let row =
            self.c().query_one_raw(self.sql(take, [self.h().into(), kind.into(), year.into()])).await.map_err(&fail)?;
        let row = row.ok_or(StoreError::Missing { table: "number_series", operation: "next" })?;
        row.try_get("", "last").map_err(&fail)
    }
}
