//! What the enterprise answers: an evaluation, a receipt, a withdrawal.

use super::map::MapFacts;
use super::once;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, see};
use crate::pages::enterprise::case::map_facts;
use app::{Answered, FieldError, OpenCase};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDateTime;
use domain::calendar::{local, utc};
use domain::case::{Command, CommandKind, DeliveryCommand, EndingCommand, Refusal};
use domain::custody::PieceForm;
use domain::ids::CaseId;
use serde::Deserialize;

/// What a form of this file brings along beside its own fields.
struct Head {
    id: String,
    number: String,
    project: String,
    version: u64,
    once: String,
    /// Why it cannot be done now.
    barred: String,
    clause: String,
}

async fn opened(visit: &Signed, id: &str, kind: CommandKind) -> Result<(OpenCase, Head), Fault> {
    let open = visit.state.app.open_case(&visit.user, &CaseId(id.to_owned())).await?;
    let refusal = open.actions().into_iter().find(|action| action.kind == kind).and_then(|action| action.refusal);
    let (barred, clause) = refusal.map(|refusal| told(visit, &open, &refusal)).unwrap_or_default();
    let project = open.case.project.as_ref().map_or_else(|| open.party.name.clone(), |project| project.name.clone());
    let head = Head {
        id: id.to_owned(),
        number: open.case.number.clone(),
        project,
        version: open.case.version,
        once: fresh_key(),
        barred,
        clause,
    };
    Ok((open, head))
}

fn told(visit: &Signed, open: &OpenCase, refusal: &Refusal) -> (String, String) {
    let say = visit.say(&open.reference).about(&open.case);
    (say.refusal(refusal), refusal.clause().map(|clause| visit.l.clause(clause)).unwrap_or_default())
}

#[derive(Template)]
#[template(path = "enterprise/evaluate.html")]
struct EvaluatePage {
    page: Page,
    l: Lang,
    head: Head,
    grades: Vec<(u8, String)>,
    wrong: bool,
    text: String,
}

pub(super) async fn evaluate_page(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let (_, head) = opened(&visit, &id, CommandKind::Evaluate).await?;
    html(&evaluation(&visit, head, false, String::new()))
}

fn evaluation(visit: &Signed, head: Head, wrong: bool, text: String) -> EvaluatePage {
    let l = visit.l;
    let grades = (1..=5).rev().map(|grade| (grade, l.t(&format!("enterprise.grade.g{grade}")).into_owned())).collect();
    EvaluatePage { page: visit.page("enterprise.evaluate.title"), l, head, grades, wrong, text }
}

#[derive(Deserialize)]
pub(super) struct Evaluation {
    #[serde(default)]
    grade: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    once: String,
}

pub(super) async fn evaluate(
    visit: Signed,
    Path(id): Path<String>,
    Form(form): Form<Evaluation>,
) -> Result<Response, Fault> {
    let Ok(grade) = form.grade.parse::<u8>() else {
        let (_, head) = opened(&visit, &id, CommandKind::Evaluate).await?;
        return html(&evaluation(&visit, head, true, form.text));
    };
    let text = Some(form.text).filter(|text| !text.trim().is_empty());
    let command = EndingCommand::Evaluate { grade, text };
    perform(&visit, &id, command.into(), None, &form.once, "evaluate").await
}

#[derive(Template)]
#[template(path = "enterprise/receipt.html")]
struct ReceiptPage {
    page: Page,
    l: Lang,
    head: Head,
    sent: String,
    results: Vec<String>,
    originals: Vec<String>,
    name: String,
    at: String,
}

pub(super) async fn receipt_page(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let (open, head) = opened(&visit, &id, CommandKind::ConfirmReceipt).await?;
    let facts = map_facts(&open, visit.l);
    html(&ReceiptPage {
        page: visit.page("enterprise.receipt.title"),
        l: visit.l,
        head,
        sent: sent(facts),
        results: open.case.results.iter().map(|result| result.name.clone()).collect(),
        originals: on_the_way(facts),
        name: open.party.contact_name.clone(),
        at: local(open.now).format("%Y-%m-%dT%H:%M").to_string(),
    })
}

fn sent(facts: MapFacts<'_>) -> String {
    let Some(shipment) = &facts.case.shipment else {
        return String::new();
    };
    let date = facts.l.time(shipment.at, facts.now);
    match (&shipment.carrier, &shipment.number) {
        (Some(carrier), Some(number)) => {
            facts.l.tr("enterprise.receipt.parcel", &[("date", &date), ("carrier", carrier), ("number", number)])
        }
        _ => facts.l.tr("enterprise.receipt.electronic", &[("date", &date)]),
    }
}

/// Originals that travel with the parcel.
fn on_the_way(facts: MapFacts<'_>) -> Vec<String> {
    let pieces = facts.case.items.iter().filter(|item| {
        item.form == PieceForm::Original && matches!(item.place, domain::custody::Place::Courier { .. })
    });
    pieces.filter_map(|item| facts.case.material(&item.material)).map(|material| material.spec.name.clone()).collect()
}

#[derive(Deserialize)]
pub(super) struct Receipt {
    #[serde(default)]
    signed_by: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    version: u64,
    #[serde(default)]
    once: String,
}

pub(super) async fn receipt(
    visit: Signed,
    Path(id): Path<String>,
    Form(form): Form<Receipt>,
) -> Result<Response, Fault> {
    // A time without seconds is how the field gives it; an empty one counts as now.
    let at = match NaiveDateTime::parse_from_str(&form.at, "%Y-%m-%dT%H:%M") {
        Ok(at) => utc(at),
        Err(_) if form.at.trim().is_empty() => visit.state.app.now(),
        Err(_) => return visit.refused(&format!("/my/{id}/receipt"), FieldError::new("/at", "moment").into()),
    };
    let command = DeliveryCommand::ConfirmReceipt { signed_by: form.signed_by, at, file: None };
    perform(&visit, &id, command.into(), Some(form.version), &form.once, "receipt").await
}

#[derive(Template)]
#[template(path = "enterprise/withdraw.html")]
struct WithdrawPage {
    page: Page,
    l: Lang,
    head: Head,
    originals: Vec<(String, String)>,
    submitted: usize,
    agent: String,
}

pub(super) async fn withdraw_page(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let (open, head) = opened(&visit, &id, CommandKind::Withdraw).await?;
    let say = visit.say(&open.reference).about(&open.case);
    let out = open.case.outstanding_items();
    let originals = out
        .iter()
        .filter_map(|id| open.case.item(id))
        .map(|item| (say.item(&item.id), say.place(&item.place)))
        .collect();
    let is_with_office = |matter: &&domain::case::CaseMatter| matter.submitted_at.is_some() && matter.outcome.is_none();
    html(&WithdrawPage {
        page: visit.page("enterprise.withdraw.title"),
        l: visit.l,
        originals,
        submitted: open.case.matters.iter().filter(is_with_office).count(),
        agent: super::sentence::agent_name(map_facts(&open, visit.l)),
        head,
    })
}

#[derive(Deserialize)]
pub(super) struct Withdrawal {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: u64,
    #[serde(default)]
    once: String,
}

pub(super) async fn withdraw(
    visit: Signed,
    Path(id): Path<String>,
    Form(form): Form<Withdrawal>,
) -> Result<Response, Fault> {
    let reason = Some(form.reason).filter(|reason| !reason.trim().is_empty());
    let command = EndingCommand::Withdraw { reason_code: Some("client_wish".to_owned()), reason };
    perform(&visit, &id, command.into(), Some(form.version), &form.once, "withdraw").await
}

/// Carries a command out, and goes back to the case: with thanks, or to the form with what is in the way.
async fn perform(
    visit: &Signed,
    id: &str,
    command: Command,
    version: Option<u64>,
    key: &str,
    name: &str,
) -> Result<Response, Fault> {
    let app = &visit.state.app;
    let to = format!("/my/{id}");
    let case = CaseId(id.to_owned());
    let target = to.clone();
    let form = once::Form::new(visit, key, &(id, version, &command), move |_| target.clone());
    let once = form.once();
    let work = app.perform(&visit.user, &case, command, version, once.clone());
    match app.once(once.as_ref(), work).await {
        Ok(Answered::Before(first)) => Ok(once::led(first)),
        Ok(Answered::Now(_)) => Ok(see(&to, &Flash::good(visit.l.t(&format!("enterprise.said.{name}"))))),
        Err(error) => visit.refused(&format!("{to}/{name}"), error),
    }
}
