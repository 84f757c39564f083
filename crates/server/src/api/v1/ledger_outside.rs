//! The outside ledger (外部事项) for other systems: the same lines and figures as the page (S5.3).

use super::body::ApiUser;
use super::cases::{pairs, wrong_query};
use super::follow::QueryRefusals;
use super::ledger::known;
use super::time_view::OutsideJson;
use crate::fault::Fault;
use app::{OutsideOrder, OutsideQuery, OutsideRow};
use axum::Json;
use axum::extract::RawQuery;
use chrono::NaiveDate;
use domain::case::OutsideState;
use domain::catalogue::Catalogue;
use serde::Serialize;
use utoipa::ToSchema;

const MOST: usize = 500;

/// The outside ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OutsideLedgerJson {
    /// Matters that were asked for.
    matters: usize,
    /// Of so many cases.
    cases: usize,
    /// Of these matters should have been asked for by now.
    late: usize,
    items: Vec<FollowedJson>,
    /// How many lines to skip for those after these; null when there are no more.
    #[schema(required)]
    next: Option<usize>,
    /// The hall has more open cases than are looked through: lines are missing.
    cut: bool,
}

/// A matter that is followed outside.
#[derive(Debug, Serialize, ToSchema)]
struct FollowedJson {
    case: String,
    number: String,
    /// Enterprise and project.
    title: String,
    /// On the green channel: such lines come first.
    green: bool,
    matter: String,
    matter_name: String,
    /// Who decides it, in the catalogue's words.
    level_words: String,
    /// The body that holds it.
    body: String,
    /// `not_filed`, `filed`, `accepted`, `correcting`, `in_review`, `decided`: as the last look found, else filed once submitted.
    state: &'static str,
    /// Finished: nobody has to ask any more.
    done: bool,
    /// What the last look found.
    #[schema(required)]
    record: Option<OutsideJson>,
    /// By when the body has to be asked again.
    #[schema(required)]
    ask_by: Option<NaiveDate>,
    /// That day is over.
    ask_late: bool,
    #[schema(required)]
    agent: Option<String>,
}

impl FollowedJson {
    fn of(row: OutsideRow, catalogue: &Catalogue) -> Self {
        let line = row.line;
        Self {
            case: row.case.0,
            number: row.number,
            title: row.title,
            green: row.green,
            matter_name: catalogue.matter(&line.matter).map(|matter| matter.name.clone()).unwrap_or_default(),
            matter: line.matter.0,
            level_words: line.level_words,
            body: line.body.0,
            state: line.state.name(),
            done: line.done,
            record: line.record.map(|record| OutsideJson::of(&record, true)),
            ask_by: line.ask_by,
            ask_late: line.ask_late,
            agent: row.agent.map(|agent| agent.0),
        }
    }
}

/// What is followed outside of the open cases that the caller may see, with or without a project.
#[utoipa::path(get, path = "/api/v1/ledger/outside", tag = "plan",
    params(
        ("state" = Option<String>, Query, description = "In this state"),
        ("body" = Option<String>, Query, description = "Held by this body"),
        ("agent" = Option<String>, Query, description = "Of this agent"),
        ("late" = Option<bool>, Query, description = "Only what should have been asked for by now"),
        ("finished" = Option<bool>, Query, description = "What is finished as well"),
        ("q" = Option<String>, Query, description = "Text in enterprise, project, number, the body's number or the matter"),
        ("order" = Option<String>, Query, description = "`reminder`, `checked`, `case`"),
        ("skip" = Option<usize>, Query, description = "How many lines to skip"),
    ),
    responses(
        (status = 200, description = "The outside ledger as of now, at most 500 lines", body = OutsideLedgerJson),
        QueryRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<OutsideLedgerJson>, Fault> {
    let (asked, skip) = asked(query.as_deref().unwrap_or_default())?;
    let app = &caller.state.app;
    let ledger = app.outside_ledger(&user, &asked).await?;
    let reference = app.reference();
    let next = skip.saturating_add(MOST);
    let (matters, rows) = (ledger.rows.len(), ledger.rows.into_iter().skip(skip).take(MOST));
    Ok(Json(OutsideLedgerJson {
        matters,
        cases: ledger.cases,
        late: ledger.late,
        items: rows.map(|row| FollowedJson::of(row, &reference.catalogue)).collect(),
        next: (matters > next).then_some(next),
        cut: ledger.cut.is_some(),
    }))
}

fn asked(query: &str) -> Result<(OutsideQuery, usize), Fault> {
    let (mut asked, mut skip) = (OutsideQuery::default(), 0);
    for (name, value) in pairs(query) {
        if value.is_empty() {
            continue;
        }
        let wrong = || wrong_query(&name);
        match name.as_str() {
            "state" => asked.state = Some(known(&OutsideState::ALL, &value, |state| state.name()).ok_or_else(wrong)?),
            "body" => asked.body = Some(value.as_str().into()),
            "agent" => asked.agent = Some(value.as_str().into()),
            "q" => asked.q = Some(value),
            "late" => asked.late = value.parse().map_err(|_| wrong())?,
            "finished" => asked.finished = value.parse().map_err(|_| wrong())?,
            "skip" => skip = value.parse().map_err(|_| wrong())?,
            "order" => {
                asked.order = match value.as_str() {
                    "reminder" => OutsideOrder::Reminder,
                    "checked" => OutsideOrder::Checked,
                    "case" => OutsideOrder::Case,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(Fault::bad_request("unknown_field").with("name", name)),
        }
    }
    Ok((asked, skip))
}
