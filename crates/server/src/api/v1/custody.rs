//! Who holds what, since when, for other systems: the same lines and figures as the page (S2.1, S6.3).

use super::body::ApiUser;
use super::cases::{pairs, wrong_query};
use super::follow::QueryRefusals;
use crate::fault::Fault;
use app::{CustodyOrder, CustodyQuery, CustodyView};
use axum::Json;
use axum::extract::RawQuery;
use chrono::{DateTime, Utc};
use domain::custody::PlaceKind;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who holds what.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustodyJson {
    /// Pieces that were asked for.
    total: u64,
    /// How many of all that the caller may see are at places of each kind.
    places: BTreeMap<&'static str, u64>,
    /// Originals that are out and have been in one place for too long.
    overdue: u64,
    /// Pieces that are out and whose holder has not said so.
    untaken: u64,
    items: Vec<HeldPieceJson>,
    /// How many lines to skip for those after these; null when there are no more.
    #[schema(required)]
    next: Option<u64>,
}

/// A piece and where it is.
#[derive(Debug, Serialize, ToSchema)]
struct HeldPieceJson {
    case: String,
    number: String,
    /// Enterprise and project.
    title: String,
    item: String,
    /// Its material, and what tells it from others of the same.
    name: String,
    /// `original` or `copy`.
    form: String,
    /// `person`, `office`, `window`, `courier`, `kept`, `client`.
    place: &'static str,
    /// User name, office, window, or carrier and waybill; empty for the client.
    key: String,
    since: DateTime<Utc>,
    /// Working days there.
    days: i64,
    /// An original that lies there for longer than the hall allows.
    overdue: bool,
    /// Its holder has not said so yet.
    untaken: bool,
    /// The client gets it back.
    to_return: bool,
}

impl From<CustodyView> for HeldPieceJson {
    fn from(row: CustodyView) -> Self {
        Self {
            case: row.case.0,
            number: row.number,
            title: row.title,
            item: row.item.0,
            name: row.name,
            form: row.form,
            place: row.place.name(),
            key: row.key,
            since: row.since,
            days: row.days,
            overdue: row.overdue,
            untaken: row.untaken,
            to_return: row.to_return,
        }
    }
}

/// The paper pieces of the cases that the caller may see, and who holds each.
#[utoipa::path(get, path = "/api/v1/custody", tag = "cases",
    params(
        ("place" = Option<String>, Query, description = "At places of this kind; without it what has still to come back"),
        ("overdue" = Option<bool>, Query, description = "Only originals that have been in one place for too long"),
        ("untaken" = Option<bool>, Query, description = "Only pieces whose holder has not said so"),
        ("q" = Option<String>, Query, description = "Text in case, piece or holder"),
        ("order" = Option<String>, Query, description = "`since`, `holder`, `case`"),
        ("skip" = Option<u64>, Query, description = "How many lines to skip"),
    ),
    responses(
        (status = 200, description = "Who holds what as of now, at most 100 lines", body = CustodyJson),
        QueryRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<CustodyJson>, Fault> {
    let asked = asked(query.as_deref().unwrap_or_default())?;
    let list = caller.state.app.custody(&user, &asked).await?;
    Ok(Json(CustodyJson {
        total: list.total,
        places: list.places,
        overdue: list.overdue,
        untaken: list.untaken,
        items: list.rows.into_iter().map(HeldPieceJson::from).collect(),
        next: list.next,
    }))
}

fn asked(query: &str) -> Result<CustodyQuery, Fault> {
    let mut asked = CustodyQuery::default();
    for (name, value) in pairs(query) {
        if value.is_empty() {
            continue;
        }
        let wrong = || wrong_query(&name);
        match name.as_str() {
            "place" => asked.place = Some(PlaceKind::parse(&value).ok_or_else(wrong)?),
            "overdue" => asked.overdue = value.parse().map_err(|_| wrong())?,
            "untaken" => asked.untaken = value.parse().map_err(|_| wrong())?,
            "q" => asked.q = Some(value),
            "skip" => asked.skip = value.parse().map_err(|_| wrong())?,
            "order" => {
                asked.order = match value.as_str() {
                    "since" => CustodyOrder::Since,
                    "holder" => CustodyOrder::Holder,
                    "case" => CustodyOrder::Case,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(Fault::bad_request("unknown_field").with("name", name)),
        }
    }
    Ok(asked)
}
