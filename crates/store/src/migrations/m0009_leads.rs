//! Leads on projects, meetings of offices, what meetings decided, and the lines of their histories (S5.3, S9.1).

use super::{backend_of, belongs, index, table};
use crate::backend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date, integer, small_integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [lead(), meeting(), meeting_office(), decision(), follow_line()] {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        // What was written down of a visit or a meeting stands.
        for statement in backend::append_only(backend_of(manager), "follow_line") {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn lead() -> TableCreateStatement {
    table(
        "lead",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            timestamp_with_time_zone("at"),
            text("status"),
            // Open leads first; then by the day of the next step, far in the future where there is none.
            small_integer("urgency"),
            date("due_key"),
            text_null("agent"),
            text("recorded_by"),
            text_null("case_id"),
            text("applicant_json"),
            text("state_json"),
        ],
    )
}

fn meeting() -> TableCreateStatement {
    table(
        "meeting",
        ["hall", "id"],
        [text("hall"), text("id"), timestamp_with_time_zone("at"), text("status"), text("state_json")],
    )
}

/// Every office that a meeting concerns: it sees it.
fn meeting_office() -> TableCreateStatement {
    table("meeting_office", ["hall", "meeting", "office"], [text("hall"), text("meeting"), text("office")])
        .foreign_key(&mut belongs("meeting_office", "meeting", "meeting", "id"))
        .take()
}

fn decision() -> TableCreateStatement {
    table(
        "meeting_decision",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text("meeting"),
            integer("number"),
            text("topic"),
            text("what"),
            text("office"),
            text_null("person"),
            date("due_on"),
            // Open decisions first.
            small_integer("settled"),
            timestamp_with_time_zone_null("done_at"),
            text_null("outcome"),
            // How far the owner was reminded: 0 not yet, 1 before the day, 2 after it.
            small_integer("reminded"),
        ],
    )
    .foreign_key(&mut belongs("meeting_decision", "meeting", "meeting", "id"))
    .take()
}

fn follow_line() -> TableCreateStatement {
    table(
        "follow_line",
        ["hall", "subject", "seq"],
        [
            text("hall"),
            text("subject"),
            integer("seq"),
            timestamp_with_time_zone("at"),
            text("actor"),
            text("body_json"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("lead_due", "lead", &["hall", "urgency", "due_key", "id"]),
        index("lead_agent", "lead", &["hall", "agent"]),
        index("lead_case", "lead", &["hall", "case_id"]),
        index("meeting_at", "meeting", &["hall", "at", "id"]),
        index("meeting_office_office", "meeting_office", &["hall", "office"]),
        index("meeting_decision_due", "meeting_decision", &["hall", "settled", "due_on", "id"]),
        index("meeting_decision_office", "meeting_decision", &["hall", "office", "settled"]),
    ]
}
