//! Links by which a client signs one document on its own device, without an account.

use super::{index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sign_link()).await?;
        for statement in [
            index("sign_link_document", "sign_link", &["hall", "case_id", "document"]),
            index("sign_link_expires", "sign_link", &["hall", "expires_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}

fn sign_link() -> TableCreateStatement {
    table(
        "sign_link",
        ["hall", "hash"],
        [
            text("hall"),
            // The hash of the secret in the address; the secret itself stands nowhere.
            text("hash"),
            text("case_id"),
            text("document"),
            text("document_hash"),
            text("made_by"),
            timestamp_with_time_zone("made_at"),
            timestamp_with_time_zone("expires_at"),
            // The hash of the secret together with the code that is told by voice.
            text("code_hash"),
            integer("tries"),
            // The hash of the secret of the device that gave the right code last.
            text_null("opened_hash"),
            timestamp_with_time_zone_null("signed_at"),
        ],
    )
}
