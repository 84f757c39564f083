//! Where each piece of each case is, so that one list shows who holds what.

use super::{belongs, index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(custody_item()).await?;
        for statement in [
            index("custody_item_since", "custody_item", &["hall", "place", "since"]),
            index("custody_item_holder", "custody_item", &["hall", "place", "place_key"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}

fn custody_item() -> TableCreateStatement {
    table(
        "custody_item",
        ["hall", "case_id", "item"],
        [
            text("hall"),
            text("case_id"),
            text("item"),
            text("name"),
            text("form"),
            text("place"),
            // User name, office, window, waybill: whatever tells one holder of this kind from another.
            text("place_key"),
            timestamp_with_time_zone("since"),
            // Whoever has it has not said so yet.
            boolean("untaken"),
            boolean("to_return"),
        ],
    )
    .foreign_key(&mut belongs("custody_item", "case_id", "cases", "id"))
    .take()
}
