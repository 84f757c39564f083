//! The forms of commands: `/cases/{id}/do/{kind}` shows one, and reads it into a command. What a rule says no to stands at
//! the top, and everything typed stays.

mod application;
mod assignment;
mod custody;
mod delivery;
mod ending;
pub(crate) mod field;
mod materials;
mod matters;
mod papers;
mod record;

use super::acts::signs;
use super::case::names;
use super::names::Names;
use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::routes::{Access, Area, Route};
use app::{Answered, AppError, OpenCase, Outcome};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{Case, Code, Command, CommandKind, Document, MattersCommand, Refusal};
use domain::ids::{CaseId, MatterCode};
use field::{Body, Field, Kind};

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/cases/{id}/do/{kind}", show),
        Route::post(area, access, "/cases/{id}/do/{kind}", perform),
    ]
}

/// A field that is not right, before any rule is asked: its name and the end of the key `staff.error.…`.
pub(crate) type Wrong = (String, &'static str);

/// What a form is made from.
pub(crate) struct Ctx<'a> {
    pub(crate) l: Lang,
    pub(crate) open: &'a OpenCase,
    pub(crate) kind: CommandKind,
    pub(crate) typed: &'a Typed,
    /// The form was sent and comes back.
    pub(crate) posted: bool,
    pub(crate) wrong: Vec<Wrong>,
}

impl Ctx<'_> {
    pub(crate) fn names(&self) -> Names<'_> {
        names(self.l, self.open)
    }

    pub(crate) fn t(&self, key: &str) -> String {
        self.l.t(key).into_owned()
    }

    /// The sentence of what is wrong with a field; empty if nothing is.
    pub(crate) fn error(&self, name: &str) -> String {
        let found = self.wrong.iter().find(|(field, _)| field == name);
        found.map(|(_, key)| self.t(&format!("staff.error.{key}"))).unwrap_or_default()
    }

    /// The matters that this command can be given on now, and if there are none, what is in the way of the first of ours.
    pub(crate) fn matters_allowed(&self) -> Result<Vec<MatterCode>, Refusal> {
        let mut allowed = Vec::new();
        let mut first_no: Option<Refusal> = None;
        for matter in &self.open.case.matters {
            let code = &matter.scope.code;
            let state = self.open.matter_actions(code).into_iter().find(|action| action.kind == self.kind);
            match state.map(|state| state.refusal) {
                Some(None) => allowed.push(code.clone()),
                Some(Some(refusal)) if refusal.code != Code::NotYours => {
                    first_no.get_or_insert(refusal);
                }
                _ => {}
            }
        }
        if allowed.is_empty() { Err(first_no.unwrap_or_else(|| Refusal::new(Code::NotYours))) } else { Ok(allowed) }
    }

    /// The field that chooses one of those matters.
    pub(crate) fn matter_field(&self, among: &[MatterCode]) -> Field {
        let names = self.names();
        let options = among.iter().map(|code| (code.to_string(), names.matter(code))).collect();
        Field::new(self, "matter", Kind::Select).required().options(self, options)
    }

    /// The chosen matter.
    pub(crate) fn matter(&self) -> Result<MatterCode, Vec<Wrong>> {
        self.needed("matter").map(MatterCode)
    }

    /// What must not be empty.
    pub(crate) fn needed(&self, name: &str) -> Result<String, Vec<Wrong>> {
        self.typed.given(name).ok_or_else(|| vec![(name.to_owned(), "required")])
    }

    /// A choice of a closed list, as it is spelt on the wire.
    pub(crate) fn chosen<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, Vec<Wrong>> {
        let value = serde_json::Value::String(self.needed(name)?);
        serde_json::from_value(value).map_err(|_| vec![(name.to_owned(), "choose")])
    }

    /// A whole number.
    pub(crate) fn number(&self, name: &str) -> Result<u32, Vec<Wrong>> {
        self.needed(name)?.parse().map_err(|_| vec![(name.to_owned(), "number")])
    }

    /// A moment on the hall's clock, where one was given.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<chrono::DateTime<chrono::Utc>>, Vec<Wrong>> {
        let read = |text: String| field::moment(&text).ok_or_else(|| vec![(name.to_owned(), "moment")]);
        self.typed.given(name).map(read).transpose()
    }

    /// The choices of a closed list by their names on the wire, worded by `<table>.<name>`.
    pub(crate) fn choices(&self, table: &str, names: &[&str]) -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), self.t(&format!("{table}.{name}")))).collect()
    }

    /// The id of the file that was sent in a field, now or before.
    pub(crate) fn file(&self, name: &str) -> Option<domain::ids::FileId> {
        self.typed.given(&format!("{name}.id")).map(domain::ids::FileId)
    }
}

/// What a form shows. `Err` where it cannot be done now.
fn body(ctx: &Ctx<'_>) -> Result<Body, Refusal> {
    use CommandKind as K;
    match ctx.kind {
        K::ChooseMode | K::ChangeMatters | K::AttachUscc | K::SetGoal => Ok(application::body(ctx)),
        K::AssignLeadOffice | K::Accept | K::AssignAgent | K::SetStandIn | K::OpenGreenChannel => {
            Ok(assignment::body(ctx))
        }
        K::CheckMaterials | K::IssueNotice | K::ReceiveMaterials | K::MoveMaterial => Ok(materials::body(ctx)),
        K::RecordEscort | K::RecordRemoteSession | K::NoteFee => Ok(record::body(ctx)),
        K::TakeMaterial | K::DeferMaterial => Ok(custody::body(ctx)),
        K::IssuePaper | K::AddLateDocument => Ok(papers::body(ctx)),
        K::SendResult | K::ConfirmReceipt | K::RecordParcel => Ok(delivery::body(ctx)),
        K::Start | K::Suspend | K::Resume | K::Withdraw | K::Terminate | K::CloseAssistance | K::Archive => {
            Ok(ending::body(ctx))
        }
        kind if MattersCommand::KINDS.contains(&kind) => matters::body(ctx),
        _ => Err(Refusal::new(Code::NotYours)),
    }
}

/// Reads a form into its command.
fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    use CommandKind as K;
    match ctx.kind {
        K::ChooseMode | K::ChangeMatters | K::AttachUscc | K::SetGoal => application::command(ctx),
        K::AssignLeadOffice | K::Accept | K::AssignAgent | K::SetStandIn | K::OpenGreenChannel => {
            assignment::command(ctx)
        }
        K::CheckMaterials | K::IssueNotice | K::ReceiveMaterials | K::MoveMaterial => materials::command(ctx),
        K::RecordEscort | K::RecordRemoteSession | K::NoteFee => record::command(ctx),
        K::TakeMaterial | K::DeferMaterial => custody::command(ctx),
        K::IssuePaper | K::AddLateDocument => papers::command(ctx),
        K::SendResult | K::ConfirmReceipt | K::RecordParcel => delivery::command(ctx),
        kind if MattersCommand::KINDS.contains(&kind) => matters::command(ctx),
        _ => ending::command(ctx),
    }
}

/// What went wrong, at the top of the form.
struct Trouble {
    sentence: String,
    clause: String,
}

#[derive(Template)]
#[template(path = "staff/do.html")]
struct DoPage {
    page: Page,
    l: Lang,
    case: String,
    number: String,
    enterprise: String,
    kind: String,
    heading: String,
    body: Option<Body>,
    trouble: Option<Trouble>,
    once: String,
    version: u64,
    submit: String,
    grave: String,
    /// The matter that a form about materials is narrowed to.
    only: String,
}

fn page(visit: &Signed, ctx: &Ctx<'_>, trouble: Option<Trouble>) -> DoPage {
    let l = visit.l;
    let kind = ctx.kind.name();
    let case = &ctx.open.case;
    let blocked = ctx.open.actions().into_iter().find(|action| action.kind == ctx.kind).and_then(|a| a.refusal);
    let (body, trouble) = match (blocked, trouble) {
        (Some(refusal), None) => (None, Some(refused(visit, ctx.open, &refusal))),
        (_, trouble) => match body(ctx) {
            Ok(body) => (Some(body), trouble),
            Err(refusal) => (None, Some(trouble.unwrap_or_else(|| refused(visit, ctx.open, &refusal)))),
        },
    };
    let has_matter = body.as_ref().is_some_and(|body| body.fields.iter().any(|field| field.name == "matter"));
    let only = if has_matter { String::new() } else { ctx.typed.get("matter").to_owned() };
    let grave_key = format!("staff.confirm.{kind}");
    DoPage {
        page: super::desk(visit, "staff.cases.title").titled(l.t(&format!("staff.act.{kind}"))),
        l,
        case: case.id.to_string(),
        number: case.number.clone(),
        enterprise: ctx.open.party.name.clone(),
        heading: l.t(&format!("staff.heading.{kind}")).into_owned(),
        submit: l.t(&format!("staff.submit.{kind}")).into_owned(),
        grave: if l.has(&grave_key) { l.t(&grave_key).into_owned() } else { String::new() },
        body,
        only,
        trouble,
        once: ctx.typed.given("once").unwrap_or_else(fresh_key),
        version: case.version,
        kind,
    }
}

fn refused(visit: &Signed, open: &OpenCase, refusal: &Refusal) -> Trouble {
    let say = visit.say(&open.reference).about(&open.case);
    let clause = refusal.clause().map(|clause| visit.l.clause(clause)).unwrap_or_default();
    Trouble { sentence: say.refusal(refusal), clause }
}

fn kind_of(name: &str) -> Result<CommandKind, Fault> {
    CommandKind::ALL.iter().copied().find(|kind| kind.name() == name).ok_or_else(Fault::not_found)
}

async fn show(
    visit: Signed,
    Path((id, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let kind = kind_of(&kind)?;
    let open = visit.state.app.open_case(&visit.user, &CaseId(id)).await?;
    let allowed = open.actions().iter().any(|action| action.kind == kind && action.refusal.is_none());
    if let Some(paper) = paper_of(&open.case, kind).filter(|_| allowed) {
        return Ok(Redirect::to(&format!("/cases/{}/sign/{}", open.case.id, paper.id)).into_response());
    }
    let mut typed = Typed::read(query.as_deref().unwrap_or_default());
    if kind == CommandKind::AssignAgent && open.case.agent.is_none() && !typed.has("person") {
        // Whoever followed the lead goes on with the case, unless the head says otherwise.
        let before = visit.state.app.agent_before(&visit.user, &open).await?;
        typed.set("person", before.map(|agent| agent.0).unwrap_or_default());
    }
    let ctx = Ctx { l: visit.l, open: &open, kind, typed: &typed, posted: false, wrong: Vec::new() };
    html(&page(&visit, &ctx, None))
}

async fn perform(visit: Signed, Path((id, kind)): Path<(String, String)>, mut typed: Typed) -> Result<Response, Fault> {
    let kind = kind_of(&kind)?;
    let app = &visit.state.app;
    if let Some(again) = super::first_answer(&visit, &typed).await? {
        return Ok(again);
    }
    let open = app.open_case(&visit.user, &CaseId(id)).await?;
    let to = format!("/cases/{}", open.case.id);
    let answer = {
        let to = to.clone();
        super::once(&visit, &typed, move |_: &Outcome| to.clone())
    };
    let mut wrong = keep_files(&visit, &mut typed).await?;
    materials::quick(&open, kind, &mut typed);
    let ctx = Ctx { l: visit.l, open: &open, kind, typed: &typed, posted: true, wrong: Vec::new() };
    let asked = command(&ctx);
    if let Err(more) = &asked {
        wrong.extend(more.iter().cloned());
    }
    let ctx = Ctx { wrong, ..ctx };
    let command = match asked {
        Ok(command) if ctx.wrong.is_empty() => command,
        _ => {
            return again(&visit, &ctx, visit.l.t("staff.error.top").into_owned(), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let seen = if kind.needs_version() { typed.get("version").parse().ok() } else { None };
    let work = app.perform(&visit.user, &open.case.id, command, seen, answer.clone());
    match app.once(answer.as_ref(), work).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(_)) => Ok(see(&to, &Flash::good(visit.l.t(&format!("staff.done.{}", kind.name()))))),
        Err(AppError::Refused(refusal)) => {
            let trouble = refused(&visit, &open, &refusal);
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page(&visit, &ctx, Some(trouble)))
        }
        Err(AppError::NotFound) => Err(Fault::not_found()),
        Err(error) => {
            let fault = Fault::from(error);
            if fault.status.is_server_error() || fault.status == StatusCode::FORBIDDEN {
                return Err(fault);
            }
            again(&visit, &ctx, visit.told(&fault), fault.status)
        }
    }
}

/// The form once more, with what was in the way at the top.
fn again(visit: &Signed, ctx: &Ctx<'_>, sentence: String, status: StatusCode) -> Result<Response, Fault> {
    let trouble = Trouble { sentence, clause: String::new() };
    html_with(status, &page(visit, ctx, Some(trouble)))
}

/// The paper that a command signs: the only one of its kind, or the newest that waits among those signed by themselves.
fn paper_of(case: &Case, kind: CommandKind) -> Option<&Document> {
    match kind {
        CommandKind::SignPaper => {
            let is_newest = |paper: &&Document| case.newest(paper.kind).is_some_and(|newest| newest.id == paper.id);
            let mut alone = case.documents.iter().rev().filter(|paper| paper.kind.is_signed_alone());
            alone.find(|paper| is_newest(paper) && !paper.is_signed())
        }
        kind => signs(kind).and_then(|paper| case.newest(paper)),
    }
}

/// Takes the files in and leaves their ids in the form, so that a form that comes back does not ask for them again.
pub(crate) async fn keep_files(visit: &Signed, typed: &mut Typed) -> Result<Vec<Wrong>, Fault> {
    let mut wrong = Vec::new();
    for sent in std::mem::take(&mut typed.files) {
        match visit.state.app.upload(&visit.user, &sent.name, sent.bytes).await {
            Ok(uploaded) => typed.set(&format!("{}.id", sent.field), uploaded.id.0),
            Err(AppError::FileRefused(_)) => wrong.push((sent.field, "file")),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(wrong)
}
