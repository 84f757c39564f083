//! How long matters took, and what was forecast (S5.3): projections of cases, and forecasts held against what happened.

use super::{belongs, index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, date, date_null, integer, integer_null, text, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [matter_run(), forecast()] {
            manager.create_table(statement).await?;
        }
        manager.create_index(index("matter_run_finished", "matter_run", &["hall", "finished_at"])).await?;
        manager.create_index(index("forecast_actual", "forecast", &["hall", "actual_on"])).await
    }
}

fn matter_run() -> TableCreateStatement {
    table(
        "matter_run",
        ["hall", "case_id", "matter"],
        [
            text("hall"),
            text("case_id"),
            text("matter"),
            text("office"),
            text("mode"),
            boolean("green"),
            boolean("outside"),
            timestamp_with_time_zone("submitted_at"),
            timestamp_with_time_zone("finished_at"),
            integer("lag_days"),
            integer("office_days"),
            integer("enterprise_days"),
            integer("special_days"),
            integer("suspended_days"),
            integer_null("waited_to_claim_minutes"),
        ],
    )
    .foreign_key(&mut belongs("matter_run", "case_id", "cases", "id"))
    .take()
}

fn forecast() -> TableCreateStatement {
    table(
        "forecast",
        ["hall", "case_id", "made_on"],
        [
            text("hall"),
            text("case_id"),
            date("made_on"),
            date("p10"),
            date("p50"),
            date("p80"),
            date("p90"),
            integer("basis_n"),
            integer("open_n"),
            date_null("actual_on"),
        ],
    )
    .foreign_key(&mut belongs("forecast", "case_id", "cases", "id"))
    .take()
}
