//! The register of sealed files, and the sheets by which a sample of them is inspected.

use super::{index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, date, date_null, small_integer, text, text_null, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(archive_file()).await?;
        manager.create_table(inspection()).await?;
        for statement in [
            index("archive_file_sealed", "archive_file", &["hall", "sealed_at", "case_id"]),
            index("archive_file_due", "archive_file", &["hall", "urgency", "due_key", "case_id"]),
            index("inspection_at", "inspection", &["hall", "at", "id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}

fn archive_file() -> TableCreateStatement {
    table(
        "archive_file",
        ["hall", "case_id"],
        [
            text("hall"),
            text("case_id"),
            timestamp_with_time_zone("sealed_at"),
            text("title"),
            text_null("office"),
            // 1 for what was disposed of: listed behind everything that is still there.
            small_integer("urgency"),
            // The last day on which it has to be kept; 9999-12-31 for what is kept for ever.
            date("due_key"),
            date_null("lent_until"),
            boolean("shelved"),
            text("disposal"),
            text("state_json"),
        ],
    )
}

fn inspection() -> TableCreateStatement {
    table("inspection", ["hall", "id"], [text("hall"), text("id"), timestamp_with_time_zone("at"), text("state_json")])
}
