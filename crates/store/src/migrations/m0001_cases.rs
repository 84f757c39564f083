//! Cases: the row that pages read, the offices at work on it, the events that are the truth, numbers and the search index.

use super::{backend_of, belongs, index, table, unique};
use crate::backend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, boolean, date, date_null, integer, small_integer, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [cases(), case_office(), case_event(), number_series()] {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        let connection = manager.get_connection();
        let backend = backend_of(manager);
        for statement in backend::append_only(backend, "case_event") {
            connection.execute_unprepared(&statement).await?;
        }
        for statement in backend::create_search_index(backend) {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn cases() -> TableCreateStatement {
    table(
        "cases",
        ["hall", "id"],
        [
            text("hall"),
            text("id"),
            text_null("number"),
            big_integer("version"),
            text("status"),
            text("mode"),
            text("applicant"),
            text_null("enterprise"),
            text("title"),
            text_null("lead_office"),
            text_null("agent"),
            text_null("stand_in"),
            boolean("green"),
            small_integer("urgency"),
            date_null("due_on"),
            date("due_key"),
            text("colour"),
            timestamp_with_time_zone_null("handover_signed_at"),
            timestamp_with_time_zone_null("agreement_signed_at"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone("updated_at"),
            timestamp_with_time_zone_null("ended_at"),
            text("search_text"),
            text("state_json"),
        ],
    )
    .check(signed_before_running())
    .take()
}

fn case_office() -> TableCreateStatement {
    table(
        "case_office",
        ["hall", "case_id", "matter", "office"],
        [
            text("hall"),
            text("case_id"),
            text("matter"),
            text("office"),
            text("status"),
            date_null("due_on"),
            text("colour"),
        ],
    )
    .foreign_key(&mut belongs("case_office", "case_id", "cases", "id"))
    .take()
}

fn case_event() -> TableCreateStatement {
    table(
        "case_event",
        ["hall", "case_id", "seq"],
        [
            text("hall"),
            text("case_id"),
            big_integer("seq"),
            timestamp_with_time_zone("at"),
            text("actor"),
            text("kind"),
            blob("body"),
            text("prev_hash"),
            text("hash"),
        ],
    )
    .foreign_key(&mut belongs("case_event", "case_id", "cases", "id"))
    .take()
}

/// The last number given out of each series, so that numbers have no gaps.
fn number_series() -> TableCreateStatement {
    table("number_series", ["hall", "kind", "year"], [text("hall"), text("kind"), integer("year"), big_integer("last")])
}

/// S3.2 in the database itself: an agency case runs only after the handover and the agreement were signed.
fn signed_before_running() -> Check {
    let signed = Expr::col("handover_signed_at").is_not_null().and(Expr::col("agreement_signed_at").is_not_null());
    let agency_runs = Expr::col("mode").eq("agency").and(Expr::col("status").is_in(["running", "delivering"]));
    Check::named("s3_2_signed_before_running", agency_runs.not().or(signed))
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("cases_number", "cases", &["hall", "number"]),
        index("cases_work", "cases", &["hall", "urgency", "due_key", "id"]),
        index("cases_newest", "cases", &["hall", "created_at", "id"]),
        index("cases_status", "cases", &["hall", "status", "urgency", "due_key", "id"]),
        index("cases_agent", "cases", &["hall", "agent"]),
        index("cases_stand_in", "cases", &["hall", "stand_in"]),
        index("cases_enterprise", "cases", &["hall", "enterprise"]),
        index("cases_applicant", "cases", &["hall", "applicant"]),
        index("case_office_office", "case_office", &["hall", "office", "status"]),
    ]
}
