//! Absences of staff (S5.3) in tables of their own. They stood in the hall's facts before, which are replaced whole.

use super::{backend_of, belongs, index, table};
use crate::backend;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Statement;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, text, timestamp_with_time_zone};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [absence(), absence_end()] {
            manager.create_table(statement).await?;
        }
        manager.create_index(index("absence_person", "absence", &["hall", "username"])).await?;
        manager.create_index(index("absence_last", "absence", &["hall", "to_day"])).await?;
        take_over(manager).await?;
        // What a stand-in relied on stays: an absence is ended by a row of its own and never taken away.
        for name in ["absence", "absence_end"] {
            for statement in backend::append_only(backend_of(manager), name) {
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

fn absence() -> TableCreateStatement {
    table(
        "absence",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("username"),
            date("from_day"),
            date("to_day"),
            text("reason"),
            text("recorded_by"),
            timestamp_with_time_zone("recorded_at"),
        ],
    )
    .foreign_key(&mut belongs("absence", "username", "person", "username"))
    .take()
}

fn absence_end() -> TableCreateStatement {
    table(
        "absence_end",
        ["hall", "absence"],
        [text("hall"), text("absence"), date("back_on"), text("ended_by"), timestamp_with_time_zone("ended_at")],
    )
    .foreign_key(&mut belongs("absence_end", "absence", "absence", "id"))
    .take()
}

/// The part of the hall's facts that held absences.
#[derive(Deserialize)]
struct OldHall {
    #[serde(default)]
    absences: BTreeMap<String, Vec<Span>>,
}

#[derive(Deserialize)]
struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

/// Takes over the absences of each hall's newest facts, for people that there are.
async fn take_over(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let newest = "SELECT hall, body_json, at FROM reference AS r WHERE kind = 'hall' AND version = \
                  (SELECT MAX(version) FROM reference AS o WHERE o.hall = r.hall AND o.kind = r.kind)";
    let sql = |text: &str, values: Vec<sea_orm::Value>| {
        Statement::from_sql_and_values(manager.get_database_backend(), text, values)
    };
    for row in connection.query_all_raw(sql(newest, Vec::new())).await? {
        let (hall, body): (String, String) = (row.try_get("", "hall")?, row.try_get("", "body_json")?);
        let at: DateTime<Utc> = row.try_get("", "at")?;
        let unreadable = |error| DbErr::Migration(format!("the facts of the hall {hall} cannot be read: {error}"));
        let old: OldHall = serde_json::from_str(&body).map_err(unreadable)?;
        for (username, spans) in old.absences {
            let person = sql(
                "SELECT username FROM person WHERE hall = $1 AND username = $2",
                vec![hall.clone().into(), username.clone().into()],
            );
            if connection.query_one_raw(person).await?.is_none() {
                continue;
            }
            for (number, span) in spans.iter().enumerate().filter(|(_, span)| span.from <= span.to) {
                manager.execute(old_absence(&hall, &format!("{username}-{number}"), &username, span, at)).await?;
            }
        }
    }
    Ok(())
}

fn old_absence(hall: &str, id: &str, username: &str, span: &Span, at: DateTime<Utc>) -> InsertStatement {
    let columns = ["hall", "id", "username", "from_day", "to_day", "reason", "recorded_by", "recorded_at"];
    let mut insert = Query::insert();
    insert.into_table("absence").columns(columns).values_panic([
        hall.into(),
        id.into(),
        username.into(),
        span.from.into(),
        span.to.into(),
        "other".into(),
        "bangban".into(),
        at.into(),
    ]);
    insert
}
