//! Private reads (append-only) and the findings of supervision.

use super::{backend_of, index, table};
use crate::backend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, text_null, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [audit(), finding()] {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        for statement in backend::append_only(backend_of(manager), "audit") {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn audit() -> TableCreateStatement {
    table(
        "audit",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            timestamp_with_time_zone("at"),
            text("actor"),
            text("action"),
            text("resource"),
            text_null("reason"),
            text("grant_json"),
        ],
    )
}

fn finding() -> TableCreateStatement {
    table(
        "finding",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            timestamp_with_time_zone("at"),
            text("kind"),
            text_null("case_id"),
            text("clause"),
            text("subject"),
            text("evidence_json"),
            text("status"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("audit_at", "audit", &["hall", "at", "id"]),
        index("audit_resource", "audit", &["hall", "resource"]),
        index("finding_at", "finding", &["hall", "at", "id"]),
        index("finding_case", "finding", &["hall", "case_id"]),
    ]
}
