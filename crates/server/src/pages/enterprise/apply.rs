//! An application from the enterprise's own account: one form, one look at it with the program's proposal, sent.

use super::once;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use app::{Answered, AppError, Contact, FieldError, Founder, NewApplicant, NewCase, Outcome, PartyView, Reference};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::case::{CaseChannel, DeliveryWay, Project};
use domain::catalogue::{MaterialSource, Mode, Proposal, ProposalReason, merge_materials};
use domain::ids::{MatterCode, TemplateCode};
use serde::Deserialize;

/// Materials shown before sending; the rest is counted.
const MOST_MATERIALS: usize = 8;

/// What was typed, field by field.
#[derive(Clone, Debug, Default)]
struct Typed(Vec<(String, String)>);

impl Typed {
    fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty())
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(known, given)| known == name && given == value)
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|text| !text.is_empty())
    }

    fn matters(&self) -> Vec<MatterCode> {
        self.all("matters").map(MatterCode::from).collect()
    }

    fn template(&self) -> Option<TemplateCode> {
        self.some("template").map(TemplateCode)
    }

    /// Everything but what the form itself carries, to be brought along hidden.
    fn kept(&self) -> Vec<(String, String)> {
        let own = ["csrf", "step", "once", "mode"];
        self.0.iter().filter(|(name, value)| !own.contains(&name.as_str()) && !value.is_empty()).cloned().collect()
    }
}

#[derive(Template)]
#[template(path = "enterprise/apply.html")]
struct ApplyPage {
    page: Page,
    l: Lang,
    typed: Typed,
    errors: Vec<(String, String)>,
    enterprises: Vec<PartyView>,
    templates: Vec<(String, String, String)>,
    stages: Vec<Stage>,
    chosen: usize,
}

struct Stage {
    name: String,
    open: bool,
    matters: Vec<(String, String, bool)>,
}

impl ApplyPage {
    /// The name of a field, for the list of what is wrong.
    fn label(&self, pointer: &str) -> String {
        let key = match pointer {
            "/matters" | "/template" => "what",
            "/applicant/name" => "name",
            "/applicant/uscc" => "uscc",
            "/applicant/founder/name" => "founder",
            "/applicant/founder/id_number" => "founder_id",
            "/applicant/contact/name" => "contact",
            "/applicant/contact/phone" => "phone",
            "/project/name" => "project_name",
            "/project/site" => "site",
            "/project/investment_fen" => "investment",
            _ => "heading",
        };
        self.l.t(&format!("enterprise.apply.{key}")).into_owned()
    }

    /// What is wrong with a field; empty if nothing is.
    fn wrong(&self, pointer: &str) -> &str {
        self.errors.iter().find(|(at, _)| at == pointer).map_or("", |(_, text)| text.as_str())
    }

    fn is_bad(&self, pointer: &str) -> bool {
        !self.wrong(pointer).is_empty()
    }

    /// The fields for another applicant are unfolded when they are in use.
    fn other_is_open(&self) -> bool {
        self.enterprises.is_empty() || self.typed.has("who", "other") || !self.typed.get("name").is_empty()
    }

    fn who(&self) -> String {
        let first = || self.enterprises.first().map_or_else(|| "other".to_owned(), |party| party.id.to_string());
        self.typed.some("who").unwrap_or_else(first)
    }

    fn delivery(&self) -> String {
        self.typed.some("delivery").unwrap_or_else(|| "in_person".to_owned())
    }
}

#[derive(Template)]
#[template(path = "enterprise/review.html")]
struct ReviewPage {
    page: Page,
    l: Lang,
    kept: Vec<(String, String)>,
    once: String,
    applicant: String,
    project: String,
    delivery: String,
    agency: bool,
    reasons: Vec<String>,
    matters: Vec<(String, String)>,
    materials: Vec<(String, String)>,
    more_materials: usize,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    matter: String,
    #[serde(default)]
    template: String,
}

pub(super) async fn page(visit: Signed, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let enterprises = visit.state.app.enterprises(&visit.user).await?;
    let mut typed = Typed::default();
    if let Some(party) = enterprises.first() {
        typed.0.push(("contact".to_owned(), party.contact_name.clone()));
    }
    if !wanted.matter.is_empty() {
        typed.0.push(("matters".to_owned(), wanted.matter));
    }
    typed.0.push(("template".to_owned(), wanted.template));
    html(&form_page(&visit, typed, enterprises, Vec::new()))
}

fn form_page(visit: &Signed, typed: Typed, enterprises: Vec<PartyView>, errors: Vec<(String, String)>) -> ApplyPage {
    let reference = visit.state.app.reference();
    let catalogue = &reference.catalogue;
    let templates = catalogue.templates().iter().map(|t| (t.code.to_string(), t.name.clone(), t.description.clone()));
    let stage = |name: &String| {
        let of_stage = catalogue.matters().iter().filter(|matter| matter.stage == *name);
        let matters: Vec<(String, String, bool)> = of_stage
            .map(|matter| (matter.code.to_string(), matter.name.clone(), typed.has("matters", matter.code.as_str())))
            .collect();
        Stage { name: name.clone(), open: matters.iter().any(|(_, _, chosen)| *chosen), matters }
    };
    ApplyPage {
        page: visit.page("enterprise.apply.title"),
        l: visit.l,
        errors,
        enterprises,
        templates: templates.collect(),
        stages: catalogue.stages().iter().map(stage).collect(),
        chosen: typed.all("matters").count(),
        typed,
    }
}

pub(super) async fn apply(visit: Signed, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    let typed = Typed(fields);
    let enterprises = visit.state.app.enterprises(&visit.user).await?;
    match typed.get("step") {
        "edit" => html(&form_page(&visit, typed, enterprises, Vec::new())),
        "send" => send(&visit, typed, enterprises).await,
        _ => review(&visit, typed, enterprises),
    }
}

/// The form again, with what is wrong at its fields; everything typed is kept.
fn again(visit: &Signed, typed: Typed, enterprises: Vec<PartyView>, errors: &[FieldError]) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let say = visit.say(&reference);
    let told = errors.iter().map(|error| (error.pointer.clone(), say.field_error(error))).collect();
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(visit, typed, enterprises, told))
}

/// Checks what can be checked before sending, and shows what the program proposes and why (S4).
fn review(visit: &Signed, typed: Typed, enterprises: Vec<PartyView>) -> Result<Response, Fault> {
    let app = &visit.state.app;
    let (codes, proposal) = match app.propose(typed.template().as_ref(), &typed.matters()) {
        Ok(found) => found,
        Err(AppError::Invalid(errors)) => return again(visit, typed, enterprises, &errors),
        Err(error) => return Err(error.into()),
    };
    let missing = missing(&typed, &enterprises);
    if !missing.is_empty() {
        return again(visit, typed, enterprises, &missing);
    }
    let reference = app.reference();
    let l = visit.l;
    let own = |source| matches!(source, MaterialSource::Applicant);
    let merged = merge_materials(&reference.catalogue, &codes);
    let needed: Vec<_> = merged.iter().filter(|m| m.spec.required && own(m.spec.source)).collect();
    let materials = needed
        .iter()
        .take(MOST_MATERIALS)
        .map(|m| (m.name.clone(), domain::catalogue::how_to_get(&m.spec, &reference.catalogue)));
    let matter = |code: &MatterCode| {
        reference
            .catalogue
            .matter(code)
            .map(|m| (m.name.clone(), reference.directory.office_name(&m.department).to_owned()))
    };
    html(&ReviewPage {
        page: visit.page("enterprise.review.title"),
        l,
        kept: typed.kept(),
        once: fresh_key(),
        applicant: applicant(&typed, &enterprises).map(|applicant| applicant.name).unwrap_or_default(),
        project: typed.get("project").to_owned(),
        delivery: l.t(&format!("enterprise.delivery.{}", way_name(way(&typed)))).into_owned(),
        agency: proposal.mode == Mode::Agency,
        reasons: reasons(l, &reference, &proposal),
        matters: codes.iter().filter_map(matter).collect(),
        materials: materials.collect(),
        more_materials: needed.len().saturating_sub(MOST_MATERIALS),
    })
}

/// Fields that must not be empty; the rules check the rest when the application is made.
fn missing(typed: &Typed, enterprises: &[PartyView]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut need = |name: &str, pointer: &str| {
        if typed.get(name).is_empty() {
            errors.push(FieldError::new(pointer, "required"));
        }
    };
    need("contact", "/applicant/contact/name");
    need("phone", "/applicant/contact/phone");
    if chosen_party(typed, enterprises).is_none() {
        need("name", "/applicant/name");
        if typed.get("uscc").is_empty() && typed.get("founder").is_empty() {
            errors.push(FieldError::new("/applicant/uscc", "uscc_or_founder"));
        }
    }
    errors
}

fn chosen_party<'a>(typed: &Typed, enterprises: &'a [PartyView]) -> Option<&'a PartyView> {
    enterprises.iter().find(|party| party.id.as_str() == typed.get("who") && !party.founding)
}

fn applicant(typed: &Typed, enterprises: &[PartyView]) -> Option<NewApplicant> {
    let contact = Contact { name: typed.get("contact").to_owned(), phone: typed.get("phone").to_owned() };
    if let Some(party) = chosen_party(typed, enterprises) {
        return Some(NewApplicant { name: party.name.clone(), uscc: party.uscc.clone(), founder: None, contact });
    }
    let founder = typed.some("founder").map(|name| Founder { name, id_number: typed.get("founder_id").to_owned() });
    Some(NewApplicant { name: typed.get("name").to_owned(), uscc: typed.some("uscc"), founder, contact })
}

fn way(typed: &Typed) -> DeliveryWay {
    match typed.get("delivery") {
        "courier" => DeliveryWay::Courier,
        "electronic" => DeliveryWay::Electronic,
        _ => DeliveryWay::InPerson,
    }
}

fn way_name(way: DeliveryWay) -> &'static str {
    match way {
        DeliveryWay::InPerson => "in_person",
        DeliveryWay::Courier => "courier",
        DeliveryWay::Electronic => "electronic",
    }
}

/// Why the program proposes what it proposes, in words (S4).
fn reasons(l: Lang, reference: &Reference, proposal: &Proposal) -> Vec<String> {
    let office = |code: &domain::ids::OfficeCode| reference.directory.office_name(code).to_owned();
    let reason = |reason: &ProposalReason| match reason {
        ProposalReason::SetUpOrLanding { matters } => {
            l.tr("enterprise.reason.set_up", &[("count", &matters.len().to_string())])
        }
        ProposalReason::SeveralOffices { offices } => {
            l.tr("enterprise.reason.several", &[("count", &offices.len().to_string())])
        }
        ProposalReason::OneOffice { office: Some(code) } => l.tr("enterprise.reason.one", &[("office", &office(code))]),
        ProposalReason::OneOffice { office: None } | ProposalReason::NothingChosen => {
            l.t("enterprise.reason.own").into_owned()
        }
    };
    proposal.reasons.iter().map(reason).collect()
}

/// Ten thousands of yuan as typed, in fen.
fn investment(text: &str) -> Result<Option<i64>, FieldError> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',' && *c != '，').collect();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || FieldError::new("/project/investment_fen", "amount");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.len() > 4 || !part.chars().all(|c| c.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let part: i64 = format!("{part:0<4}").parse().map_err(|_| wrong())?;
    whole
        .checked_mul(10_000)
        .and_then(|yuan| yuan.checked_add(part))
        .and_then(|yuan| yuan.checked_mul(100))
        .map(Some)
        .ok_or_else(wrong)
}

async fn send(visit: &Signed, typed: Typed, enterprises: Vec<PartyView>) -> Result<Response, Fault> {
    let fen = match investment(typed.get("investment")) {
        Ok(fen) => fen,
        Err(error) => return again(visit, typed, enterprises, &[error]),
    };
    let project = typed.some("project").map(|name| Project { name, investment_fen: fen, site: typed.some("site") });
    let mode = match typed.get("mode") {
        "agency" => Some(Mode::Agency),
        "assistance" => Some(Mode::Assistance),
        _ => None,
    };
    let new = NewCase {
        consultation: None,
        lead: None,
        applicant: applicant(&typed, &enterprises),
        project,
        template: typed.template(),
        matters: typed.matters(),
        mode,
        channel: CaseChannel::Online,
        delivery: way(&typed),
    };
    let to = |outcome: &Outcome| match outcome {
        Outcome::Created(created) => format!("/my/{}", created.id),
        _ => "/my".to_owned(),
    };
    let form = once::Form::new(visit, typed.get("once"), &(typed.kept(), mode), to);
    let (app, once) = (&visit.state.app, form.once());
    match app.once(once.as_ref(), app.create_case(&visit.user, new, once.clone())).await {
        Ok(Answered::Before(first)) => Ok(once::led(first)),
        Ok(Answered::Now(created)) => {
            let said = visit.l.tr("enterprise.said.applied", &[("number", &created.number)]);
            Ok(see(&format!("/my/{}", created.id), &Flash::good(said)))
        }
        Err(AppError::Invalid(errors)) => again(visit, typed, enterprises, &errors),
        Err(error) => visit.refused("/apply", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn investment_is_typed_in_ten_thousands() {
        assert_eq!(investment("1,200").unwrap(), Some(1_200_000_000));
        assert_eq!(investment("0.5").unwrap(), Some(500_000));
        assert_eq!(investment(" ").unwrap(), None);
        assert!(investment("很多").is_err());
    }
}
