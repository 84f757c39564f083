//! The ledger of projects (台账) for other systems: the same lines and figures as the page (S5.3).

use super::body::ApiUser;
use super::cases::{pairs, wrong_query};
use super::follow::QueryRefusals;
use super::time_view::OutsideJson;
use crate::fault::Fault;
use app::{LedgerOrder, LedgerQuery, LedgerRow};
use axum::Json;
use axum::extract::RawQuery;
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::Catalogue;
use domain::ledger::{Hold, LedgerState, Level, Side};
use serde::Serialize;
use utoipa::ToSchema;

const MOST: usize = 500;

/// The ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LedgerJson {
    totals: TotalsJson,
    items: Vec<LineJson>,
    /// How many lines to skip for those after these; null when there are no more.
    #[schema(required)]
    next: Option<usize>,
    /// The hall has more open cases than are looked through: lines are missing.
    cut: bool,
}

/// The figures of all lines that were asked for.
#[derive(Debug, Serialize, ToSchema)]
struct TotalsJson {
    projects: usize,
    matters: usize,
    /// Finished, or not needed.
    done: usize,
    /// Submitted and not finished, those over their limit and those stopped included.
    under_way: usize,
    /// Submitted and over their limit.
    overdue: usize,
    /// Matters that somebody has in hand while others wait for them or they are behind.
    blockers: usize,
    /// Projects of which a matter is over its limit or too late for the wanted day.
    behind: usize,
}

/// A matter of a project.
#[derive(Debug, Serialize, ToSchema)]
struct LineJson {
    case: String,
    number: String,
    enterprise: String,
    project: String,
    /// On the green channel: such lines come first.
    green: bool,
    #[schema(required)]
    investment_fen: Option<i64>,
    /// The milestone that latest dates count backwards from, and its day.
    #[schema(required)]
    goal: Option<GoalJson>,
    matter: String,
    matter_name: String,
    /// `banner`, `city`, `region`, `nation`: who decides.
    level: &'static str,
    /// The same in the catalogue's words.
    level_words: String,
    office: String,
    #[schema(required)]
    agent: Option<String>,
    /// The one who claimed the matter, else the agent.
    #[schema(required)]
    person: Option<String>,
    /// By when it has to be finished; null once it is.
    #[schema(required)]
    planned: Option<NaiveDate>,
    /// That day rests on a year whose holidays are not published yet.
    provisional: bool,
    /// `waiting`, `ready`, `offered`, `running`, `overdue`, `stopped`, `refused`, `done`.
    state: &'static str,
    #[schema(required)]
    submitted: Option<NaiveDate>,
    #[schema(required)]
    due: Option<NaiveDate>,
    #[schema(required)]
    finished: Option<NaiveDate>,
    /// Over its limit, or too late for the wanted day.
    behind: bool,
    blocker: bool,
    /// Who has it in hand; null while it waits for another matter.
    #[schema(required)]
    held: Option<HeldJson>,
    /// Matters that cannot go on before it is finished.
    holds_up: Vec<String>,
    /// What is known of it outside.
    #[schema(required)]
    outside: Option<OutsideJson>,
}

/// A milestone and the day on which it is wanted.
#[derive(Debug, Serialize, ToSchema)]
struct GoalJson {
    milestone: String,
    on: NaiveDate,
}

/// Who has a matter in hand.
#[derive(Debug, Serialize, ToSchema)]
struct HeldJson {
    /// `client`, `agent`, `lead_office`, `office`.
    by: String,
    /// `hall`, `above`, `client`.
    side: &'static str,
    #[schema(required)]
    office: Option<String>,
    since: DateTime<Utc>,
    /// Working days since then.
    days: i64,
}

impl From<&Hold> for HeldJson {
    fn from(hold: &Hold) -> Self {
        Self {
            by: serde_json::to_value(hold.by).ok().and_then(|by| by.as_str().map(str::to_owned)).unwrap_or_default(),
            side: hold.side.name(),
            office: hold.office.as_ref().map(ToString::to_string),
            since: hold.since,
            days: hold.days,
        }
    }
}

impl LineJson {
    fn of(row: LedgerRow, catalogue: &Catalogue) -> Self {
        let line = row.line;
        Self {
            case: row.case.0,
            number: row.number,
            enterprise: row.enterprise,
            project: row.project,
            green: row.green,
            investment_fen: row.investment_fen,
            goal: row.goal.map(|(milestone, on)| GoalJson { milestone, on }),
            matter_name: catalogue.matter(&line.matter).map(|matter| matter.name.clone()).unwrap_or_default(),
            blocker: line.is_blocker(),
            matter: line.matter.0,
            level: line.level.name(),
            level_words: line.level_words,
            office: line.office.0,
            agent: row.agent.map(|agent| agent.to_string()),
            person: line.person.map(|person| person.to_string()),
            planned: line.planned,
            provisional: line.provisional,
            state: line.state.name(),
            submitted: line.submitted,
            due: line.due,
            finished: line.finished,
            behind: line.behind,
            held: line.hold.as_ref().map(Into::into),
            holds_up: line.holds_up.into_iter().map(|code| code.0).collect(),
            outside: line.outside.map(|record| OutsideJson::of(&record, true)),
        }
    }
}

/// The matters of the open projects that the caller may see, with who holds them and by when they have to be finished.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "plan",
    params(
        ("level" = Option<String>, Query, description = "`banner`, `city`, `region`, `nation`"),
        ("office" = Option<String>, Query, description = "Held by this office"),
        ("at" = Option<String>, Query, description = "In the hand of this office now"),
        ("state" = Option<String>, Query, description = "In this state"),
        ("side" = Option<String>, Query, description = "`hall`, `above`, `client`: on whose side it lies"),
        ("blocked" = Option<bool>, Query, description = "Blockers only"),
        ("behind" = Option<bool>, Query, description = "What is behind only"),
        ("agent" = Option<String>, Query, description = "Of this agent"),
        ("q" = Option<String>, Query, description = "Text in project, enterprise, number or matter"),
        ("order" = Option<String>, Query, description = "`project`, `planned`, `days`"),
        ("skip" = Option<usize>, Query, description = "How many lines to skip"),
    ),
    responses(
        (status = 200, description = "The ledger as of now, at most 500 lines", body = LedgerJson),
        QueryRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<LedgerJson>, Fault> {
    let (asked, skip) = asked(query.as_deref().unwrap_or_default())?;
    let app = &caller.state.app;
    let ledger = app.ledger(&user, &asked).await?;
    let reference = app.reference();
    let next = skip.saturating_add(MOST);
    let totals = ledger.totals;
    Ok(Json(LedgerJson {
        totals: TotalsJson {
            projects: totals.projects,
            matters: totals.matters,
            done: totals.done,
            under_way: totals.under_way,
            overdue: totals.overdue,
            blockers: totals.blockers,
            behind: totals.behind,
        },
        next: (ledger.rows.len() > next).then_some(next),
        cut: ledger.cut.is_some(),
        items: ledger
            .rows
            .into_iter()
            .skip(skip)
            .take(MOST)
            .map(|row| LineJson::of(row, &reference.catalogue))
            .collect(),
    }))
}

fn asked(query: &str) -> Result<(LedgerQuery, usize), Fault> {
    let (mut asked, mut skip) = (LedgerQuery::default(), 0);
    for (name, value) in pairs(query) {
        if value.is_empty() {
            continue;
        }
        let wrong = || wrong_query(&name);
        match name.as_str() {
            "level" => asked.level = Some(known(&Level::ALL, &value, Level::name).ok_or_else(wrong)?),
            "state" => asked.state = Some(known(&LedgerState::ALL, &value, LedgerState::name).ok_or_else(wrong)?),
            "side" => asked.side = Some(known(&Side::ALL, &value, Side::name).ok_or_else(wrong)?),
            "office" => asked.office = Some(value.as_str().into()),
            "at" => asked.at = Some(value.as_str().into()),
            "agent" => asked.agent = Some(value.as_str().into()),
            "q" => asked.q = Some(value),
            "blocked" => asked.blocked = value.parse().map_err(|_| wrong())?,
            "behind" => asked.behind = value.parse().map_err(|_| wrong())?,
            "skip" => skip = value.parse().map_err(|_| wrong())?,
            "order" => {
                asked.order = match value.as_str() {
                    "project" => LedgerOrder::Project,
                    "planned" => LedgerOrder::Planned,
                    "days" => LedgerOrder::Days,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(Fault::bad_request("unknown_field").with("name", name)),
        }
    }
    Ok((asked, skip))
}

pub(super) fn known<T: Copy>(all: &[T], word: &str, name: fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|one| name(*one) == word)
}
