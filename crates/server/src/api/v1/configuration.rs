//! The hall's calendar, which dates of other systems have to agree with, and for the administrator what was changed.

use super::body::ApiUser;
use super::wire::List;
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::configuration::{Change, ChangeState};
use axum::Json;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The hall's calendar. Days of other years are computed from weekends and are provisional.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarInfo {
    /// Years whose holidays are published.
    years: Vec<i32>,
    /// Days on which the hall is closed by a local document.
    closures: Vec<ClosureInfo>,
    /// Sessions after hours.
    sessions: Vec<SessionInfo>,
    /// Office hours of today, as `08:30-12:00`.
    hours: Vec<String>,
}

/// A local closure.
#[derive(Serialize, ToSchema)]
pub(super) struct ClosureInfo {
    date: NaiveDate,
    /// The number of the document that orders it.
    document: String,
}

/// A session after hours.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionInfo {
    date: NaiveDate,
    /// `18:00`.
    from: String,
    /// `20:00`.
    to: String,
    /// The office that is there; null: all are.
    #[schema(required)]
    office: Option<String>,
}

/// The calendar: published years, closures, sessions after hours.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "reference", responses(
    (status = 200, description = "The calendar of today", body = CalendarInfo),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn calendar(ApiUser { caller, .. }: ApiUser) -> Json<CalendarInfo> {
    let app = &caller.state.app;
    let reference = app.reference();
    let calendar = &reference.calendar;
    let clock = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
    let today = domain::calendar::today(app.now());
    let closure = |(date, document): (&NaiveDate, &String)| ClosureInfo { date: *date, document: document.clone() };
    Json(CalendarInfo {
        years: calendar.years().iter().copied().collect(),
        closures: calendar.closures().iter().map(closure).collect(),
        sessions: calendar
            .sessions()
            .iter()
            .map(|one| SessionInfo {
                date: one.date,
                from: clock(one.from),
                to: clock(one.to),
                office: one.office.as_ref().map(ToString::to_string),
            })
            .collect(),
        hours: calendar.hours().on(today).iter().map(|one| format!("{}-{}", clock(one.from), clock(one.to))).collect(),
    })
}

/// A change of the configuration.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeInfo {
    /// `catalogue`, `hall`, `calendar`, `fees`, `people`.
    kind: String,
    version: i64,
    at: DateTime<Utc>,
    /// Who made it.
    actor: String,
    reason: String,
    /// From which day on it holds.
    effective_on: NaiveDate,
    /// `holds`, `planned`, `replaced`.
    state: String,
    rows: Vec<RowInfo>,
}

/// A row that a change alters.
#[derive(Serialize, ToSchema)]
pub(super) struct RowInfo {
    table: String,
    key: String,
    cells: Vec<CellInfo>,
}

/// A cell that a change alters.
#[derive(Serialize, ToSchema)]
pub(super) struct CellInfo {
    column: String,
    /// Empty where there was nothing.
    old: String,
    /// Empty where nothing is left.
    new: String,
}

/// Changes of the configuration, the newest first; for administrators.
#[utoipa::path(get, path = "/api/v1/configuration/changes", tag = "reference", responses(
    (status = 200, description = "Who changed what, from which day on, and why", body = List<ChangeInfo>),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "Not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn changes(ApiUser { user, caller }: ApiUser) -> Result<Json<List<ChangeInfo>>, Fault> {
    let changes = caller.state.app.configuration_changes(&user).await?;
    Ok(Json(List::whole(changes.into_iter().map(change).collect())))
}

fn change(change: Change) -> ChangeInfo {
    let state = match change.state {
        ChangeState::Holds => "holds",
        ChangeState::Planned => "planned",
        ChangeState::Replaced => "replaced",
    };
    let row = |row: &app::configuration::RowChange| RowInfo {
        table: row.table.name().to_owned(),
        key: row.key.clone(),
        cells: row
            .cells()
            .into_iter()
            .map(|(column, old, new)| CellInfo {
                column: column.name.to_owned(),
                old: old.to_owned(),
                new: new.to_owned(),
            })
            .collect(),
    };
    ChangeInfo {
        kind: change.kind.to_owned(),
        version: change.version,
        at: change.at,
        actor: change.actor.to_string(),
        reason: change.reason,
        effective_on: change.effective_on,
        state: state.to_owned(),
        rows: change.rows.iter().map(row).collect(),
    }
}
