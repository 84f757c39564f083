//! Reference data have a day of effect and a reason, and stay for good: the next version changes what one said.

use super::backend_of;
use crate::backend;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Statement;
use sea_orm_migration::prelude::*;
use std::collections::BTreeMap;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("effective_on").date().not_null().default("1970-01-01").take(),
            ColumnDef::new("reason").text().not_null().default("").take(),
        ] {
            manager.alter_table(Table::alter().table("reference").add_column(column).take()).await?;
        }
        hold_since_stored(manager).await?;
        for statement in backend::append_only(backend_of(manager), "reference") {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

/// Versions of before held from the day on which they were stored, and never before the version that they replaced.
async fn hold_since_stored(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sql = |text: &str, values: Vec<sea_orm::Value>| {
        Statement::from_sql_and_values(manager.get_database_backend(), text, values)
    };
    let all = "SELECT hall, kind, version, at FROM reference ORDER BY hall, kind, version";
    let mut newest: BTreeMap<(String, String), NaiveDate> = BTreeMap::new();
    for row in connection.query_all_raw(sql(all, Vec::new())).await? {
        let key: (String, String) = (row.try_get("", "hall")?, row.try_get("", "kind")?);
        let version: i64 = row.try_get("", "version")?;
        let at: DateTime<Utc> = row.try_get("", "at")?;
        let day = newest.entry(key.clone()).or_default();
        *day = std::cmp::max(domain::calendar::today(at), *day);
        let set = "UPDATE reference SET effective_on = $1 WHERE hall = $2 AND kind = $3 AND version = $4";
        let values = vec![(*day).into(), key.0.into(), key.1.into(), version.into()];
        connection.execute_raw(sql(set, values)).await?;
    }
    Ok(())
}
