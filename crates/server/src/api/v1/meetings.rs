//! Meetings of offices (联席会议) and what they decided (S9.1).

use super::body::{ApiUser, Sent};
use super::cases::{pairs, wrong_query};
use super::follow::{HistoryLine, ListRefusals, Refusals, USUAL, changed, flag, limit_of, made};
use super::once::answered;
use super::wire::{CreatedId, List};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{CancelMeeting, DecisionDone, DecisionQuery, DecisionRecord, MeetingQuery, NewMeeting, Outcome, ReferCase};
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::MeetingId;
use domain::meeting::{Item, Meeting, MeetingStatus, Minutes, Subject};
use serde::Serialize;
use utoipa::ToSchema;

/// A meeting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeetingJson {
    pub(super) id: String,
    pub(super) topic: String,
    /// When it begins.
    pub(super) at: DateTime<Utc>,
    pub(super) place: String,
    pub(super) called_by: String,
    /// The offices that are asked to come.
    pub(super) offices: Vec<String>,
    pub(super) items: Vec<MeetingItemJson>,
    pub(super) attendance: Vec<AttendanceJson>,
    #[schema(required)]
    pub(super) minutes: Option<String>,
    pub(super) decisions: Vec<DecisionJson>,
    /// `planned`, `held`, `cancelled`.
    pub(super) status: String,
    /// Why it was called off.
    #[schema(required)]
    pub(super) reason: Option<String>,
    /// What was done with it; only where one meeting is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) history: Option<Vec<HistoryLine>>,
}

/// What is to be settled.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeetingItemJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lead: Option<String>,
    pub(super) question: String,
    pub(super) by: String,
}

/// How an office attended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttendanceJson {
    pub(super) office: String,
    /// Who came; empty if nobody did.
    pub(super) who: String,
    /// Why nobody came.
    #[schema(required)]
    pub(super) absent: Option<String>,
}

/// A decision and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionJson {
    pub(super) meeting: String,
    /// Counted from 1 within the meeting.
    pub(super) number: i64,
    pub(super) topic: String,
    pub(super) what: String,
    pub(super) office: String,
    #[schema(required)]
    pub(super) person: Option<String>,
    pub(super) due: NaiveDate,
    #[schema(required)]
    pub(super) done_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub(super) outcome: Option<String>,
}

impl From<&DecisionRecord> for DecisionJson {
    fn from(row: &DecisionRecord) -> Self {
        Self {
            meeting: row.meeting.to_string(),
            number: i64::from(row.number),
            topic: row.topic.clone(),
            what: row.what.clone(),
            office: row.office.to_string(),
            person: row.person.as_ref().map(ToString::to_string),
            due: row.due,
            done_at: row.done_at,
            outcome: row.outcome.clone(),
        }
    }
}

impl MeetingJson {
    fn of(meeting: &Meeting, history: Option<Vec<HistoryLine>>) -> Self {
        let reason = match &meeting.status {
            MeetingStatus::Cancelled { reason } => Some(reason.clone()),
            MeetingStatus::Planned | MeetingStatus::Held => None,
        };
        let attendance = meeting.attendance.iter().map(|one| AttendanceJson {
            office: one.office.to_string(),
            who: one.who.clone(),
            absent: one.absent.clone(),
        });
        let decisions = meeting.decisions.iter().zip(1..).map(|(decision, number)| DecisionJson {
            meeting: meeting.id.to_string(),
            number,
            topic: meeting.topic.clone(),
            what: decision.decided.what.clone(),
            office: decision.decided.office.to_string(),
            person: decision.decided.person.as_ref().map(ToString::to_string),
            due: decision.decided.due,
            done_at: decision.done.as_ref().map(|done| done.at),
            outcome: decision.done.as_ref().map(|done| done.outcome.clone()),
        });
        Self {
            id: meeting.id.to_string(),
            topic: meeting.topic.clone(),
            at: meeting.at,
            place: meeting.place.clone(),
            called_by: meeting.called_by.to_string(),
            offices: meeting.offices.iter().map(ToString::to_string).collect(),
            items: meeting.items.iter().map(item_json).collect(),
            attendance: attendance.collect(),
            minutes: meeting.minutes.clone(),
            decisions: decisions.collect(),
            status: meeting.status.name().to_owned(),
            reason,
            history,
        }
    }
}

fn item_json(item: &Item) -> MeetingItemJson {
    let (case, lead) = match &item.about {
        Subject::Case(case) => (Some(case.to_string()), None),
        Subject::Lead(lead) => (None, Some(lead.to_string())),
    };
    MeetingItemJson { case, lead, question: item.question.clone(), by: item.by.to_string() }
}

/// Meetings that concern one's office, or all for those who see all; the latest first.
#[utoipa::path(get, path = "/api/v1/meetings", tag = "meetings",
    params(
        ("status" = Option<String>, Query, description = "`planned`, `held` or `cancelled`"),
        ("q" = Option<String>, Query, description = "Topic, minutes, decisions"),
        ("limit" = Option<u32>, Query, description = "1 to 100, usually 20"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of meetings", body = List<MeetingJson>),
        ListRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<MeetingJson>>, Fault> {
    let (mut asked, mut cursor, mut limit) = (MeetingQuery::default(), None, USUAL);
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            _ if value.is_empty() => {}
            "status" if MeetingStatus::NAMES.contains(&value.as_str()) => asked.status = Some(value),
            "q" => asked.q = Some(value),
            "limit" => limit = limit_of(&value)?,
            "cursor" => cursor = Some(value),
            "status" => return Err(wrong_query("status")),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let page = caller.state.app.meetings(&user, &asked, cursor.as_deref(), limit).await?;
    let items = page.items.iter().map(|meeting| MeetingJson::of(meeting, None)).collect();
    Ok(Json(List { items, next_cursor: page.next_cursor }))
}

/// Decisions of the meetings that one may see: the open ones first, by the day on which they are due.
#[utoipa::path(get, path = "/api/v1/decisions", tag = "meetings",
    params(
        ("office" = Option<String>, Query, description = "Of this office"),
        ("done" = Option<bool>, Query, description = "Done, or not"),
        ("overdue" = Option<bool>, Query, description = "Only open ones whose day is past"),
        ("limit" = Option<u32>, Query, description = "1 to 100, usually 20"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of decisions", body = List<DecisionJson>),
        ListRefusals,
    ))]
pub(super) async fn decisions(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<DecisionJson>>, Fault> {
    let (mut asked, mut cursor, mut limit) = (DecisionQuery::default(), None, USUAL);
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            _ if value.is_empty() => {}
            "office" => asked.office = Some(value.as_str().into()),
            "done" => asked.done = Some(flag("done", &value)?),
            "overdue" => asked.overdue = flag("overdue", &value)?,
            "limit" => limit = limit_of(&value)?,
            "cursor" => cursor = Some(value),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let page = caller.state.app.decisions(&user, &asked, cursor.as_deref(), limit).await?;
    Ok(Json(List { items: page.items.iter().map(DecisionJson::from).collect(), next_cursor: page.next_cursor }))
}

/// A meeting with its history.
#[utoipa::path(get, path = "/api/v1/meetings/{id}", tag = "meetings",
    params(("id" = String, Path, description = "The meeting")),
    responses(
        (status = 200, description = "The meeting", body = MeetingJson),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such meeting, or not for you", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn show(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<MeetingId>,
) -> Result<Json<MeetingJson>, Fault> {
    let app = &caller.state.app;
    let meeting = app.meeting(&user, &id).await?;
    let lines = app.meeting_lines(&user, &id).await?;
    Ok(Json(MeetingJson::of(&meeting, Some(lines.iter().map(HistoryLine::of).collect()))))
}

/// Calls a meeting.
#[utoipa::path(post, path = "/api/v1/meetings", tag = "meetings", request_body = super::schema::NewMeetingBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again")),
    responses(
        (status = 201, description = "The meeting", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn call(ApiUser { user, caller }: ApiUser, sent: Sent) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, made, |once| {
        let new: NewMeeting = sent.json()?;
        let (app, user) = (&caller.state.app, &user);
        Ok(async move { app.call_meeting(user, new, once).await.map(Outcome::Meeting) })
    })
    .await
}

/// Puts a case on a meeting that is to come.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/items", tag = "meetings", request_body = super::schema::ReferCaseBody,
    params(
        ("id" = String, Path, description = "The meeting"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The meeting", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn refer(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<MeetingId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let given: ReferCase = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.refer_case(user, id, given, once).await.map(Outcome::Meeting) })
    })
    .await
}

/// Writes down who came, what was said and what was decided.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/minutes", tag = "meetings", request_body = super::schema::MinutesBody,
    params(
        ("id" = String, Path, description = "The meeting"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The meeting", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn hold(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<MeetingId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let given: Minutes = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.hold_meeting(user, id, given, once).await.map(Outcome::Meeting) })
    })
    .await
}

/// Notes what came of a decision.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/decisions/{number}/done", tag = "meetings", request_body = super::schema::DecisionDoneBody,
    params(
        ("id" = String, Path, description = "The meeting"),
        ("number" = usize, Path, description = "The decision, from 1"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The meeting", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn carry_out(
    ApiUser { user, caller }: ApiUser,
    Path((id, number)): Path<(MeetingId, usize)>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let given: DecisionDone = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.carry_out_decision(user, id, number, given, once).await.map(Outcome::Meeting) })
    })
    .await
}

/// Calls it off.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/cancel", tag = "meetings", request_body = super::schema::ReasonBody,
    params(
        ("id" = String, Path, description = "The meeting"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The meeting", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn cancel(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<MeetingId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let given: CancelMeeting = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.cancel_meeting(user, id, given, once).await.map(Outcome::Meeting) })
    })
    .await
}
