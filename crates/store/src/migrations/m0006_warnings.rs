//! Warnings and chases that went out (S5.3, S8.2): append-only, each once.

use super::{backend_of, belongs, index, table, unique};
use crate::backend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, text, text_null, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(warning()).await?;
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        for statement in backend::append_only(backend_of(manager), "warning") {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn warning() -> TableCreateStatement {
    table(
        "warning",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("case_id"),
            text("matter"),
            text("cause"),
            text("step"),
            text("run"),
            timestamp_with_time_zone("at"),
            date("due_on"),
            text("to_json"),
            text_null("sender"),
            text_null("words"),
        ],
    )
    .foreign_key(&mut belongs("warning", "case_id", "cases", "id"))
    .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        // Once each, whatever is restarted and however many processes look at the same moment.
        unique("warning_once", "warning", &["hall", "case_id", "matter", "cause", "step", "run"]),
        // Red and yellow first: what presses of the whole hall is found without looking at what does not.
        index("case_office_colour", "case_office", &["hall", "colour", "due_on"]),
    ]
}
