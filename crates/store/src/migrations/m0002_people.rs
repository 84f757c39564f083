//! Parties (private data, kept once) and persons who log in.

use super::{belongs, index, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [party(), person(), person_link(), session(), api_token()] {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}

fn party() -> TableCreateStatement {
    table(
        "party",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("kind"),
            text("name"),
            text_null("uscc"),
            text_null("working_name"),
            text_null("contact_name"),
            text_null("phone_enc"),
            text_null("phone_tail"),
            text_null("founder_name"),
            text_null("founder_id_enc"),
            text_null("founder_id_tail"),
            text_null("address_enc"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone("updated_at"),
        ],
    )
}

fn person() -> TableCreateStatement {
    table(
        "person",
        ["hall", "username"],
        [
            text("hall"),
            text("username"),
            text("name"),
            text("roles_json"),
            text_null("office"),
            text("enterprises_json"),
            text_null("phone"),
            text_null("post"),
            boolean("qualified"),
            boolean("active"),
            text_null("password_hash"),
            text_null("language"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone("updated_at"),
        ],
    )
}

fn person_link() -> TableCreateStatement {
    table(
        "person_link",
        ["hall", "kind", "value", "username"],
        [text("hall"), text("kind"), text("value"), text("username")],
    )
    .foreign_key(&mut belongs("person_link", "username", "person", "username"))
    .take()
}

fn session() -> TableCreateStatement {
    table(
        "session",
        ["hall", "id_hash"],
        [
            text("hall"),
            text("id_hash"),
            text("username"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone("last_seen"),
            timestamp_with_time_zone("expires_at"),
            text("csrf"),
        ],
    )
    .foreign_key(&mut belongs("session", "username", "person", "username"))
    .take()
}

fn api_token() -> TableCreateStatement {
    table(
        "api_token",
        ["hall", "hash"],
        [
            text("hall"),
            text("hash"),
            text("username"),
            text("label"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone_null("expires_at"),
        ],
    )
    .foreign_key(&mut belongs("api_token", "username", "person", "username"))
    .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("party_uscc", "party", &["hall", "uscc"]),
        index("party_phone_tail", "party", &["hall", "phone_tail"]),
        index("party_founder_id_tail", "party", &["hall", "founder_id_tail"]),
        index("person_office", "person", &["hall", "office"]),
        index("person_link_username", "person_link", &["hall", "username"]),
        index("session_username", "session", &["hall", "username"]),
        index("session_expires", "session", &["hall", "expires_at"]),
        index("api_token_username", "api_token", &["hall", "username"]),
    ]
}
