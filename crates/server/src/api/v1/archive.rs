//! The register of sealed files for other systems (S6.5).

use super::body::ApiUser;
use super::cases::{pairs, wrong_query};
use super::follow::{ListRefusals, USUAL, limit_of};
use super::wire::List;
use crate::fault::Fault;
use app::{ArchiveQuery, ArchivedView, FileState, SEALED_ORDERS};
use axum::Json;
use axum::extract::RawQuery;
use chrono::NaiveDate;
use domain::archive::Disposal;
use serde::Serialize;
use utoipa::ToSchema;

/// A sealed file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArchivedFileJson {
    case: String,
    number: String,
    /// What lists call its case.
    title: String,
    #[schema(required)]
    office: Option<String>,
    ended_on: NaiveDate,
    sealed_on: NaiveDate,
    /// Sealed volumes; `volume` of `archive.zip` names one.
    volumes: u32,
    /// `permanent`, `30_years`, `10_years`.
    retention: &'static str,
    /// The last day on which it has to be kept; null if for ever.
    #[schema(required)]
    keep_until: Option<NaiveDate>,
    /// Where the paper stands; null while that is not known.
    #[schema(required)]
    place: Option<PlaceJson>,
    /// Who has it; null if it is there.
    #[schema(required)]
    loan: Option<LoanJson>,
    /// Kept from disposal.
    held: bool,
    /// `proposed`, `disposed`; null if nobody proposes it.
    #[schema(required)]
    disposal: Option<&'static str>,
}

/// Where a paper file stands.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceJson {
    shelf: String,
    #[serde(rename = "box")]
    container: String,
    folder: String,
}

/// That a file is lent.
#[derive(Debug, Serialize, ToSchema)]
struct LoanJson {
    to: String,
    purpose: String,
    until: NaiveDate,
}

impl ArchivedFileJson {
    fn of(view: ArchivedView) -> Self {
        let file = view.file;
        Self {
            keep_until: file.keep_until(),
            held: file.hold.is_some(),
            disposal: file.disposal.as_ref().map(|disposal| match disposal {
                Disposal::Proposed(_) => "proposed",
                Disposal::Disposed { .. } => "disposed",
            }),
            case: file.case.0,
            number: file.number,
            title: view.title,
            office: file.office.map(|office| office.0),
            ended_on: file.ended_on,
            sealed_on: file.sealed_on,
            volumes: file.volumes,
            retention: file.retention.name(),
            place: file.place.map(|place| PlaceJson {
                shelf: place.shelf,
                container: place.container,
                folder: place.folder,
            }),
            loan: file.loan.map(|loan| LoanJson { to: loan.to.to_string(), purpose: loan.purpose, until: loan.until }),
        }
    }
}

/// The sealed files that one may see.
#[utoipa::path(get, path = "/api/v1/archive", tag = "archive",
    params(
        ("office" = Option<String>, Query, description = "Led by this office"),
        ("state" = Option<String>, Query,
            description = "`unshelved`, `lent`, `overdue`, `due` (its period is over), `proposed`, `disposed`"),
        ("q" = Option<String>, Query, description = "Text in number or title"),
        ("order" = Option<String>, Query, description = "`newest`, `due` (by the last day on which it has to be kept)"),
        ("limit" = Option<u32>, Query, description = "1 to 100, usually 20"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of sealed files", body = List<ArchivedFileJson>),
        ListRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<ArchivedFileJson>>, Fault> {
    let (mut asked, mut cursor, mut limit) = (ArchiveQuery::default(), None, USUAL);
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            _ if value.is_empty() => {}
            "office" => asked.office = Some(value.as_str().into()),
            "state" => asked.state = Some(FileState::parse(&value).ok_or_else(|| wrong_query("state"))?),
            "order" => {
                let known = SEALED_ORDERS.iter().find(|(order, _)| *order == value);
                asked.order = known.ok_or_else(|| wrong_query("order"))?.1;
            }
            "q" => asked.q = Some(value),
            "limit" => limit = limit_of(&value)?,
            "cursor" => cursor = Some(value),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let page = caller.state.app.sealed_files(&user, &asked, cursor.as_deref(), limit).await?;
    let items = page.items.into_iter().map(ArchivedFileJson::of).collect();
    Ok(Json(List { items, next_cursor: page.next_cursor }))
}
