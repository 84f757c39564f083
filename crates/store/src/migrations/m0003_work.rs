//! Consultations, files, remembered answers, jobs, drafts and reference data.

use super::{index, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [consultation(), stored_file(), answer(), outbox(), draft(), reference()] {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}

fn consultation() -> TableCreateStatement {
    table(
        "consultation",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            timestamp_with_time_zone("at"),
            text("channel"),
            text("owner"),
            text("applicant_json"),
            text("question"),
            text_null("answer"),
            text_null("case_id"),
            text("state_json"),
        ],
    )
}

fn stored_file() -> TableCreateStatement {
    table(
        "stored_file",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("hash"),
            text("media_type"),
            big_integer("size"),
            text("name"),
            text("owner"),
            text_null("case_id"),
            timestamp_with_time_zone("at"),
        ],
    )
}

fn answer() -> TableCreateStatement {
    table(
        "answer",
        ["hall", "who", "key"],
        [
            text("hall"),
            text("who"),
            text("key"),
            text("body_hash"),
            integer("status"),
            blob("body"),
            text("headers_json"),
            timestamp_with_time_zone("at"),
        ],
    )
}

fn outbox() -> TableCreateStatement {
    table(
        "outbox",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("kind"),
            text("payload_json"),
            timestamp_with_time_zone("not_before"),
            text_null("dedup"),
            text("state"),
            integer("attempts"),
            timestamp_with_time_zone_null("lease_until"),
            text_null("last_error"),
            timestamp_with_time_zone_null("finished_at"),
        ],
    )
}

fn draft() -> TableCreateStatement {
    table(
        "draft",
        ["hall", "owner", "form"],
        [text("hall"), text("owner"), text("form"), text("body_json"), timestamp_with_time_zone("updated_at")],
    )
}

fn reference() -> TableCreateStatement {
    table(
        "reference",
        ["hall", "kind", "version"],
        [
            text("hall"),
            text("kind"),
            big_integer("version"),
            text("body_json"),
            timestamp_with_time_zone("at"),
            text("actor"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("consultation_at", "consultation", &["hall", "at", "id"]),
        index("consultation_case", "consultation", &["hall", "case_id"]),
        index("stored_file_hash", "stored_file", &["hall", "hash"]),
        index("stored_file_case", "stored_file", &["hall", "case_id"]),
        index("answer_at", "answer", &["hall", "at"]),
        unique("outbox_dedup", "outbox", &["hall", "dedup"]),
        index("outbox_due", "outbox", &["hall", "state", "not_before"]),
    ]
}
