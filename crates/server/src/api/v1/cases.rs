//! Applications, lists and cases.

use super::body::{ApiUser, Sent, etag};
use super::case_view::{CaseJson, case_json};
use super::once::{answered, json_answer};
use super::wire::{CaseLine, CreatedCaseJson, EventJson, List};
use crate::api::problem::Problem;
use crate::fault::Fault;
use crate::say::Say;
use app::{Answer, CaseQuery, NewCase, Outcome};
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::case::Status;
use domain::ids::CaseId;

const MOST: u32 = 100;
const USUAL: u32 = 20;
const COLOURS: [&str; 5] = ["grey", "green", "yellow", "red", "purple"];

/// The cases that one may see, page by page: the work list's order, or the newest first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(
        ("status" = Option<String>, Query, description = "One or more statuses, by comma"),
        ("office" = Option<String>, Query, description = "Led by this office, or with a matter in its hands"),
        ("agent" = Option<String>, Query, description = "User name of the agent"),
        ("matter" = Option<String>, Query, description = "With this matter"),
        ("green" = Option<bool>, Query, description = "On the green channel"),
        ("colour" = Option<String>, Query, description = "`grey`, `green`, `yellow`, `red`, `purple`"),
        ("due_before" = Option<String>, Query, format = Date, description = "Due before this day"),
        ("q" = Option<String>, Query, description = "Number, enterprise, project, person; two characters are enough"),
        ("order" = Option<String>, Query, description = "`work` (the usual) or `newest`"),
        ("limit" = Option<u32>, Query, description = "1 to 100, usually 20"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of cases", body = List<CaseLine>),
        (status = 400, description = "A filter that is not known or not right", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Administrators see no cases", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A cursor of another list", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<CaseLine>>, Fault> {
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    let page = caller.state.app.list_cases(&user, &asked.query, asked.cursor.as_deref(), asked.limit).await?;
    Ok(Json(List { items: page.items.into_iter().map(CaseLine::from).collect(), next_cursor: page.next_cursor }))
}

struct Asked {
    query: CaseQuery,
    cursor: Option<String>,
    limit: u32,
}

impl Asked {
    /// Reads the filters; an empty one asks for nothing.
    fn read(text: &str) -> Result<Self, Fault> {
        let mut asked = Self {
            query: CaseQuery { order: app::CaseOrder::Work, ..CaseQuery::default() },
            cursor: None,
            limit: USUAL,
        };
        for (name, value) in pairs(text) {
            if value.is_empty() {
                continue;
            }
            asked.take(&name, value)?;
        }
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Fault> {
        let query = &mut self.query;
        match name {
            "status" => {
                query.status = value.split(',').map(|status| status.trim().to_owned()).collect();
                let is_known = |status: &String| Status::ALL.iter().any(|known| known.name() == status);
                if !query.status.iter().all(is_known) {
                    return Err(wrong_query("status"));
                }
            }
            "office" => query.office = Some(value.as_str().into()),
            "agent" => query.agent = Some(value.as_str().into()),
            "matter" => query.matter = Some(value.as_str().into()),
            "green" => query.green = Some(value.parse().map_err(|_| wrong_query("green"))?),
            "colour" if COLOURS.contains(&value.as_str()) => query.colour = Some(value),
            "colour" => return Err(wrong_query("colour")),
            "due_before" => query.due_before = Some(value.parse().map_err(|_| wrong_query("due_before"))?),
            "q" => query.q = Some(value),
            "order" => {
                query.order = match value.as_str() {
                    "work" => app::CaseOrder::Work,
                    "newest" => app::CaseOrder::Newest,
                    _ => return Err(wrong_query("order")),
                }
            }
            "limit" => {
                let limit: u32 = value.parse().map_err(|_| wrong_query("limit"))?;
                if limit == 0 {
                    return Err(wrong_query("limit"));
                }
                self.limit = limit.min(MOST);
            }
            "cursor" => self.cursor = Some(value),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
        Ok(())
    }
}

pub(super) fn wrong_query(name: &str) -> Fault {
    Fault::bad_request("wrong_query").with("name", name)
}

/// The names and values of a query.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Undoes percent-encoding; bytes that are no UTF-8 become a mark that nothing matches.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Makes an application.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = super::schema::NewCaseBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again")),
    responses(
        (status = 201, description = "The case", body = CreatedCaseJson,
            headers(("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
        (status = 400, description = "Unreadable or unknown field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields are not right", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn create(ApiUser { user, caller }: ApiUser, sent: Sent) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, created, |once| {
        let new: NewCase = sent.json()?;
        let app = &caller.state.app;
        let user = &user;
        Ok(async move { app.create_case(user, new, once).await.map(Outcome::Created) })
    })
    .await
}

fn created(outcome: &Outcome) -> Answer {
    let Outcome::Created(case) = outcome else {
        return unexpected();
    };
    let body = CreatedCaseJson { id: case.id.to_string(), number: case.number.clone(), version: case.version };
    let headers = [("location", format!("/api/v1/cases/{}", case.id)), ("etag", etag(case.version))];
    json_answer(StatusCode::CREATED, &headers, &body)
}

/// A use case answers with its own kind of outcome, always.
pub(super) fn unexpected() -> Answer {
    tracing::error!("a use case answered with another kind of outcome");
    Answer { status: 500, headers: Vec::new(), body: Vec::new() }
}

/// A case. Its `ETag` is its version, to be sent back as `If-Match`.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(("id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The case", body = CaseJson, headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "Still the version named in If-None-Match"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn show(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let open = caller.state.app.open_case(&user, &id).await?;
    let tag = etag(open.case.version);
    // Lights change with the day and not with the version, so the answer is asked for anew each time.
    let cache = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, cache).into_response());
    }
    let say = Say::new(caller.l, &open.reference);
    Ok((cache, Json(case_json(&open, &say))).into_response())
}

/// The events of a case, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/events", tag = "cases",
    params(
        ("id" = String, Path, description = "The case"),
        ("after" = Option<u64>, Query, description = "Only those after the one with this number"),
    ),
    responses(
        (status = 200, description = "The events", body = List<EventJson>),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not to be known of", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn events(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<EventJson>>, Fault> {
    let mut after = 0;
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "after" if value.is_empty() => {}
            "after" => after = value.parse().map_err(|_| wrong_query("after"))?,
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let events = caller.state.app.events(&user, &id, after).await?;
    Ok(Json(List::whole(events.iter().map(EventJson::from).collect())))
}
