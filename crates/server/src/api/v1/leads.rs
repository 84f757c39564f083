//! Leads on projects before any application (S5.3).

use super::body::{ApiUser, Sent};
use super::cases::{pairs, wrong_query};
use super::follow::{HistoryLine, ListRefusals, Refusals, USUAL, changed, flag, limit_of, made};
use super::once::answered;
use super::wire::{ContactJson, CreatedId, FounderJson, List, code};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::{AssignLead, CloseLead, LeadQuery, LeadView, LineView, NewLead, Outcome};
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::LeadId;
use domain::lead::{LeadLine, LeadStatus, Visit};
use serde::Serialize;
use utoipa::ToSchema;

/// A lead.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LeadJson {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) recorded_by: String,
    /// The enterprise's name, or a working name.
    pub(super) name: String,
    #[schema(required)]
    pub(super) uscc: Option<String>,
    pub(super) contact: ContactJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) founder: Option<FounderJson>,
    pub(super) project: LeadProjectJson,
    /// `visit`, `investment`, `referral`, `inquiry`, `other`.
    pub(super) source: String,
    #[schema(required)]
    pub(super) template: Option<String>,
    pub(super) matters: Vec<String>,
    #[schema(required)]
    pub(super) agent: Option<String>,
    pub(super) steps: Vec<StepJson>,
    pub(super) visits: Vec<VisitJson>,
    /// `open`, `applied`, `closed`.
    pub(super) status: String,
    /// The case that it became.
    #[schema(required)]
    pub(super) case: Option<String>,
    /// Why it was closed.
    #[schema(required)]
    pub(super) reason: Option<String>,
    /// What was done with it; only where one lead is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) history: Option<Vec<HistoryLine>>,
}

/// The project of a lead.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LeadProjectJson {
    pub(super) name: String,
    #[schema(required)]
    pub(super) investment_fen: Option<i64>,
    #[schema(required)]
    pub(super) site: Option<String>,
    #[schema(required)]
    pub(super) kind: Option<String>,
    /// When they want to begin building.
    #[schema(required)]
    pub(super) wanted_start: Option<NaiveDate>,
}

/// A planned step.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepJson {
    /// Counted from 1; a visit names it in `done`.
    pub(super) number: usize,
    pub(super) what: String,
    pub(super) due: NaiveDate,
    #[schema(required)]
    pub(super) done_on: Option<NaiveDate>,
}

/// A visit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VisitJson {
    pub(super) on: NaiveDate,
    pub(super) who: String,
    pub(super) place: String,
    pub(super) said: String,
    /// Numbers of the steps that it settled.
    pub(super) done: Vec<usize>,
}

impl LeadJson {
    fn of(view: &LeadView, history: Option<Vec<LineView<LeadLine>>>) -> Self {
        let (lead, applicant) = (&view.lead, &view.applicant);
        let (case, reason) = match &lead.status {
            LeadStatus::Open => (None, None),
            LeadStatus::Applied { case } => (Some(case.to_string()), None),
            LeadStatus::Closed { reason } => (None, Some(reason.clone())),
        };
        let founder = applicant.founder.as_ref();
        let steps = lead.steps.iter().zip(1..);
        Self {
            id: lead.id.to_string(),
            at: lead.at,
            recorded_by: lead.recorded_by.to_string(),
            name: lead.name.to_string(),
            uscc: lead.uscc.as_ref().map(ToString::to_string),
            contact: ContactJson { name: applicant.contact.name.clone(), phone: applicant.contact.phone.clone() },
            founder: founder.map(|f| FounderJson { name: f.name.clone(), id_number: Some(f.id_number.clone()) }),
            project: LeadProjectJson {
                name: lead.project.name.clone(),
                investment_fen: lead.project.investment_fen,
                site: lead.project.site.clone(),
                kind: lead.project.kind.clone(),
                wanted_start: lead.project.wanted_start,
            },
            source: code(&lead.source),
            template: lead.template.as_ref().map(ToString::to_string),
            matters: lead.matters.iter().map(ToString::to_string).collect(),
            agent: lead.agent.as_ref().map(ToString::to_string),
            steps: steps
                .map(|(step, number)| StepJson {
                    number,
                    what: step.what.clone(),
                    due: step.due,
                    done_on: step.done_on,
                })
                .collect(),
            visits: lead.visits.iter().map(visit_json).collect(),
            status: lead.status.name().to_owned(),
            case,
            reason,
            history: history.map(|lines| lines.iter().map(HistoryLine::of).collect()),
        }
    }
}

fn visit_json(visit: &Visit) -> VisitJson {
    VisitJson {
        on: visit.on,
        who: visit.who.clone(),
        place: visit.place.clone(),
        said: visit.said.clone(),
        done: visit.done.clone(),
    }
}

/// The leads that one may see: those that are followed first, by the day of their next step.
#[utoipa::path(get, path = "/api/v1/leads", tag = "leads",
    params(
        ("status" = Option<String>, Query, description = "`open`, `applied` or `closed`"),
        ("mine" = Option<bool>, Query, description = "Only those that one answers for"),
        ("unassigned" = Option<bool>, Query, description = "Only those without an agent"),
        ("overdue" = Option<bool>, Query, description = "Only those whose next step is overdue"),
        ("q" = Option<String>, Query, description = "Enterprise, project, site"),
        ("limit" = Option<u32>, Query, description = "1 to 100, usually 20"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of leads", body = List<LeadJson>),
        ListRefusals,
    ))]
pub(super) async fn list(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<LeadJson>>, Fault> {
    let (mut asked, mut cursor, mut limit) = (LeadQuery::default(), None, USUAL);
    for (name, value) in pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            _ if value.is_empty() => {}
            "status" if LeadStatus::NAMES.contains(&value.as_str()) => asked.status = Some(value),
            "mine" => asked.mine = flag("mine", &value)?,
            "unassigned" => asked.unassigned = flag("unassigned", &value)?,
            "overdue" => asked.overdue = flag("overdue", &value)?,
            "q" => asked.q = Some(value),
            "limit" => limit = limit_of(&value)?,
            "cursor" => cursor = Some(value),
            "status" => return Err(wrong_query("status")),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let page = caller.state.app.leads(&user, &asked, cursor.as_deref(), limit).await?;
    let items = page.items.iter().map(|view| LeadJson::of(view, None)).collect();
    Ok(Json(List { items, next_cursor: page.next_cursor }))
}

/// A lead with its history.
#[utoipa::path(get, path = "/api/v1/leads/{id}", tag = "leads",
    params(("id" = String, Path, description = "The lead")),
    responses(
        (status = 200, description = "The lead", body = LeadJson),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such lead, or not for you", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn show(ApiUser { user, caller }: ApiUser, Path(id): Path<LeadId>) -> Result<Json<LeadJson>, Fault> {
    let app = &caller.state.app;
    let view = app.lead(&user, &id).await?;
    Ok(Json(LeadJson::of(&view, Some(app.lead_lines(&user, &id).await?))))
}

/// Writes down a lead; whoever does answers for it until an agent is named.
#[utoipa::path(post, path = "/api/v1/leads", tag = "leads", request_body = super::schema::NewLeadBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again")),
    responses(
        (status = 201, description = "The lead", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn record(ApiUser { user, caller }: ApiUser, sent: Sent) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, made, |once| {
        let new: NewLead = sent.json()?;
        let (app, user) = (&caller.state.app, &user);
        Ok(async move { app.record_lead(user, new, once).await.map(Outcome::Lead) })
    })
    .await
}

/// Writes down a visit: what was said, which steps it settled, what comes next.
#[utoipa::path(post, path = "/api/v1/leads/{id}/visits", tag = "leads", request_body = super::schema::VisitBody,
    params(
        ("id" = String, Path, description = "The lead"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The lead", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn visit(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<LeadId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let visit: Visit = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.visit_lead(user, id, visit, once).await.map(Outcome::Lead) })
    })
    .await
}

/// Names the agent.
#[utoipa::path(post, path = "/api/v1/leads/{id}/assign", tag = "leads", request_body = super::schema::AssignLeadBody,
    params(
        ("id" = String, Path, description = "The lead"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The lead", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn assign(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<LeadId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let to: AssignLead = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.assign_lead(user, id, to, once).await.map(Outcome::Lead) })
    })
    .await
}

/// Follows it no more.
#[utoipa::path(post, path = "/api/v1/leads/{id}/close", tag = "leads", request_body = super::schema::ReasonBody,
    params(
        ("id" = String, Path, description = "The lead"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body get the first answer again"),
    ),
    responses(
        (status = 200, description = "The lead", body = CreatedId),
        Refusals,
    ))]
pub(super) async fn close(
    ApiUser { user, caller }: ApiUser,
    Path(id): Path<LeadId>,
    sent: Sent,
) -> Result<Response, Fault> {
    answered(&user, &caller.state, &sent, changed, |once| {
        let why: CloseLead = sent.json()?;
        let (app, user, id) = (&caller.state.app, &user, &id);
        Ok(async move { app.close_lead(user, id, why, once).await.map(Outcome::Lead) })
    })
    .await
}
