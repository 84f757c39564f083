//! The application at the desk: carried over from the consultation or typed afresh, looked over once before it is sent (S2.1,
//! S4, S5.3).

use super::names::mode_name;
use super::reception::errors_of;
use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::routes::{Access, Area, Route};
use app::{Answered, AppError, Contact, FieldError, Founder, NewApplicant, NewCase, Outcome, Reference};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Action, On, may};
use domain::case::{CaseChannel, DeliveryWay, Project};
use domain::catalogue::{Mode, Proposal, ProposalReason};
use domain::consultation::ConsultationChannel;
use domain::identity::{
    OrgName, PersonName, Phone, PhoneError, ResidentId, ResidentIdError, TextError, Told, Uscc, UsccError,
};
use domain::ids::{ConsultationId, LeadId, MatterCode, TemplateCode};
use std::collections::BTreeMap;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/apply/new", fresh),
        Route::post(area, access, "/apply/new", send_fresh),
        Route::get(area, access, "/reception/{id}/apply", carried_over),
        Route::post(area, access, "/reception/{id}/apply", send_carried_over),
    ]
}

/// Where an application comes from: what is known there is in the form already.
pub(super) enum Origin {
    /// Typed afresh.
    Fresh,
    /// From a consultation.
    Consultation(ConsultationId),
    /// From a lead.
    Lead(LeadId),
}

impl Origin {
    fn action(&self) -> String {
        match self {
            Self::Fresh => "/apply/new".to_owned(),
            Self::Consultation(id) => format!("/reception/{id}/apply"),
            Self::Lead(id) => format!("/leads/{id}/apply"),
        }
    }
}

/// A matter that can be ticked.
pub(super) struct Tick {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) office: String,
    pub(super) ticked: bool,
}

/// The matters of a stage.
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) open: bool,
    pub(super) ticked: usize,
    pub(super) ticks: Vec<Tick>,
}

/// A template that can be chosen.
struct TemplateChoice {
    code: String,
    name: String,
    note: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/apply.html")]
pub(super) struct ApplyPage {
    page: Page,
    l: Lang,
    action: String,
    typed: Typed,
    errors: BTreeMap<String, String>,
    templates: Vec<TemplateChoice>,
    stages: Vec<Stage>,
    from: String,
}

impl ApplyPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn e(&self, name: &str) -> &str {
        self.errors.get(name).map_or("", String::as_str)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        let typed = self.typed.get(name);
        let usual = [("kind", "registered"), ("channel", "walk_in"), ("delivery", "in_person"), ("template", "")];
        typed == value || (typed.is_empty() && usual.contains(&(name, value)))
    }
}

/// The application once more, before it is sent.
#[derive(Template)]
#[template(path = "staff/apply_preview.html")]
struct PreviewPage {
    page: Page,
    l: Lang,
    action: String,
    once: String,
    fields: Vec<(String, String)>,
    headline: String,
    agency: bool,
    reasons: Vec<String>,
    facts: Vec<(String, String)>,
    matters: Vec<String>,
    materials: usize,
    trouble: String,
}

async fn fresh(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    allowed(&visit)?;
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&form(&visit, &Origin::Fresh, typed, BTreeMap::new(), String::new()))
}

fn allowed(visit: &Signed) -> Result<(), Fault> {
    may(&visit.user.actor, Action::CreateCase, On::Hall).map(|_| ()).map_err(|_| Fault::forbidden())
}

/// What the consultation knows is in the form already; private numbers stay masked and are filled in behind it.
async fn carried_over(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    allowed(&visit)?;
    let view = visit.state.app.consultation(&visit.user, &ConsultationId(id.clone())).await?;
    if let Some(case) = &view.consultation.turned_into {
        return Ok(Redirect::to(&format!("/cases/{case}")).into_response());
    }
    let mut typed = Typed::default();
    let applicant = &view.applicant;
    typed.set("enterprise", applicant.name.clone());
    typed.set("uscc", applicant.uscc.clone().unwrap_or_default());
    let contact = applicant.contact.as_ref();
    typed.set("contact", contact.map_or(applicant.name.clone(), |contact| contact.name.clone()));
    let phone = contact.map(|contact| contact.phone.clone()).or(applicant.phone.clone());
    typed.set("phone", phone.unwrap_or_default());
    if let Some(founder) = &applicant.founder {
        typed.set("kind", "founding");
        typed.set("founder", founder.name.clone());
        typed.set("id_number", founder.id_number.clone());
    }
    typed.set(
        "channel",
        match view.consultation.channel {
            ConsultationChannel::Phone => "phone",
            ConsultationChannel::WalkIn | ConsultationChannel::Online => "walk_in",
        },
    );
    for matter in &view.consultation.matters {
        typed.push("matters", matter.as_str());
    }
    let from = visit.l.tr("staff.apply.from", &[("question", view.consultation.question.as_str())]);
    html(&form(&visit, &Origin::Consultation(ConsultationId(id)), typed, BTreeMap::new(), from))
}

/// The form, and a sentence that says what it was filled from.
pub(super) fn form(
    visit: &Signed,
    origin: &Origin,
    typed: Typed,
    errors: BTreeMap<String, String>,
    from: String,
) -> ApplyPage {
    let reference = visit.state.app.reference();
    let templates = reference.catalogue.templates().iter().map(|template| TemplateChoice {
        code: template.code.to_string(),
        name: template.name.clone(),
        note: visit.l.tr("staff.apply.template_note", &[("count", &template.matters.len().to_string())]),
        chosen: typed.get("template") == template.code.as_str(),
    });
    ApplyPage {
        page: super::desk(visit, "staff.apply.title"),
        l: visit.l,
        action: origin.action(),
        templates: templates.collect(),
        stages: stages(&reference, &typed),
        typed,
        errors,
        from,
    }
}

/// The matters by stage. With something to find, only what is found and what is ticked stays in view.
pub(super) fn stages(reference: &Reference, typed: &Typed) -> Vec<Stage> {
    let ticked = typed.all("matters");
    let find = typed.get("find");
    let of_stage = |stage: &String| {
        let all = reference.catalogue.matters().iter().filter(|matter| matter.stage == *stage);
        let ticks: Vec<Tick> = all
            .map(|matter| Tick {
                code: matter.code.to_string(),
                name: matter.name.clone(),
                office: reference.directory.office_name(&matter.department).to_owned(),
                ticked: ticked.contains(&matter.code.as_str()),
            })
            .filter(|tick| tick.ticked || find.is_empty() || tick.name.contains(find) || tick.office.contains(find))
            .collect();
        let count = ticks.iter().filter(|tick| tick.ticked).count();
        let found = !find.is_empty() && ticks.len() > count;
        Stage { name: stage.clone(), open: count > 0 || found, ticked: count, ticks }
    };
    reference.catalogue.stages().iter().map(of_stage).filter(|stage| !stage.ticks.is_empty()).collect()
}

async fn send_fresh(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    allowed(&visit)?;
    send(visit, Origin::Fresh, typed).await
}

async fn send_carried_over(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    allowed(&visit)?;
    send(visit, Origin::Consultation(ConsultationId(id)), typed).await
}

/// First the look over, then the case. Whether the person may is asked before.
pub(super) async fn send(visit: Signed, origin: Origin, typed: Typed) -> Result<Response, Fault> {
    let errors = errors_of(&visit, &problems(&typed, !matches!(origin, Origin::Fresh)));
    let step = typed.get("step");
    // The Enter key goes on, or finds where something to find was typed.
    let finds = step == "find" || (step == "enter" && !typed.get("find").is_empty());
    if finds || step == "back" {
        return html(&form(&visit, &origin, typed, BTreeMap::new(), String::new()));
    }
    let new = read(&typed, &origin);
    let proposed = visit.state.app.propose(new.template.as_ref(), &new.matters);
    let (matters, proposal) = match proposed {
        Ok(proposed) if errors.is_empty() => proposed,
        Ok(_) => return unprocessable(&form(&visit, &origin, typed, errors, String::new())),
        Err(AppError::Invalid(more)) => {
            let errors = errors.into_iter().chain(errors_of(&visit, &more)).collect();
            return unprocessable(&form(&visit, &origin, typed, errors, String::new()));
        }
        Err(error) => return Err(error.into()),
    };
    if step != "send" {
        return html(&preview(&visit, origin.action(), &typed, &matters, &proposal, String::new()));
    }
    let answer = super::once(&visit, &typed, |outcome| match outcome {
        Outcome::Created(created) => format!("/cases/{}", created.id),
        _ => "/cases".to_owned(),
    });
    let app = &visit.state.app;
    match app.once(answer.as_ref(), app.create_case(&visit.user, new, answer.clone())).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(created)) => {
            let said = Flash::good(visit.l.tr("staff.apply.done", &[("number", &created.number)]));
            Ok(see(&format!("/cases/{}", created.id), &said))
        }
        Err(AppError::Invalid(more)) => {
            unprocessable(&form(&visit, &origin, typed, errors_of(&visit, &more), String::new()))
        }
        Err(AppError::Refused(refusal)) => {
            let reference = visit.state.app.reference();
            let trouble = visit.say(&reference).refusal(&refusal);
            unprocessable(&preview(&visit, origin.action(), &typed, &matters, &proposal, trouble))
        }
        Err(error) => Err(error.into()),
    }
}

fn unprocessable(page: &impl Template) -> Result<Response, Fault> {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// Whether a number was carried over masked: it is filled in behind the page.
fn is_masked(text: &str, carried_over: bool) -> bool {
    carried_over && text.contains('*')
}

/// Everything that is wrong, before anything is sent: the same checks that the use case makes.
fn problems(typed: &Typed, carried_over: bool) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut check = |pointer: &str, told: Option<Told>| {
        errors.extend(told.map(|told| FieldError::told(pointer, told)));
    };
    check("/applicant/name", OrgName::parse(typed.get("enterprise")).err().map(TextError::told));
    check("/applicant/contact/name", PersonName::parse(typed.get("contact")).err().map(TextError::told));
    if !is_masked(typed.get("phone"), carried_over) {
        check("/applicant/contact/phone", Phone::parse(typed.get("phone")).err().map(PhoneError::told));
    }
    if typed.get("kind") == "founding" {
        check("/applicant/founder/name", PersonName::parse(typed.get("founder")).err().map(TextError::told));
        if !is_masked(typed.get("id_number"), carried_over) {
            let id = ResidentId::parse(typed.get("id_number"));
            check("/applicant/founder/id_number", id.err().map(ResidentIdError::told));
        }
    } else {
        check("/applicant/uscc", Uscc::parse(typed.get("uscc")).err().map(UsccError::told));
    }
    if typed.given("project").is_some() {
        check("/project/name", OrgName::parse(typed.get("project")).err().map(TextError::told));
    } else if typed.given("investment").is_some() || typed.given("site").is_some() {
        errors.push(FieldError::new("/project/name", "required"));
    }
    if typed.given("investment").is_some() && wan_in_fen(typed.get("investment")).is_none() {
        errors.push(FieldError::new("/project/investment_fen", "amount"));
    }
    errors
}

/// An investment in 万元, at most four digits behind the point, in fen.
pub(super) fn wan_in_fen(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let (whole, rest) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || rest.len() > 4 || !digits(whole) || !digits(rest) {
        return None;
    }
    let yuan: i64 = format!("{whole}{rest:0<4}").parse().ok()?;
    yuan.checked_mul(100)
}

/// The form as an application.
fn read(typed: &Typed, origin: &Origin) -> NewCase {
    let (consultation, lead) = match origin {
        Origin::Fresh => (None, None),
        Origin::Consultation(id) => (Some(id.clone()), None),
        Origin::Lead(id) => (None, Some(id.clone())),
    };
    let founding = typed.get("kind") == "founding";
    let founder = || Founder { name: typed.get("founder").to_owned(), id_number: typed.get("id_number").to_owned() };
    let project = typed.given("project").map(|name| Project {
        name,
        investment_fen: typed.given("investment").and_then(|text| wan_in_fen(&text)),
        site: typed.given("site"),
    });
    NewCase {
        consultation,
        lead,
        applicant: Some(NewApplicant {
            name: typed.get("enterprise").to_owned(),
            uscc: typed.given("uscc").filter(|_| !founding),
            founder: founding.then(founder),
            contact: Contact { name: typed.get("contact").to_owned(), phone: typed.get("phone").to_owned() },
        }),
        project,
        template: typed.given("template").map(TemplateCode),
        matters: typed.all("matters").into_iter().map(MatterCode::from).collect(),
        mode: match typed.get("mode") {
            "agency" => Some(Mode::Agency),
            "assistance" => Some(Mode::Assistance),
            _ => None,
        },
        channel: if typed.get("channel") == "phone" { CaseChannel::Phone } else { CaseChannel::WalkIn },
        delivery: match typed.get("delivery") {
            "courier" => DeliveryWay::Courier,
            "electronic" => DeliveryWay::Electronic,
            _ => DeliveryWay::InPerson,
        },
    }
}

fn preview(
    visit: &Signed,
    action: String,
    typed: &Typed,
    matters: &[MatterCode],
    proposal: &Proposal,
    trouble: String,
) -> PreviewPage {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let name = |code: &MatterCode| {
        reference.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone())
    };
    let mode = match typed.get("mode") {
        "agency" => Mode::Agency,
        "assistance" => Mode::Assistance,
        _ => proposal.mode,
    };
    let materials = domain::catalogue::merge_materials(&reference.catalogue, matters).len();
    let fields = typed.carried().into_iter().filter(|(name, _)| name != "mode" && name != "find").collect();
    PreviewPage {
        page: super::desk(visit, "staff.apply.title"),
        l,
        action,
        once: fresh_key(),
        fields,
        headline: l.tr("staff.apply.proposed", &[("mode", &mode_name(l, proposal.mode))]),
        agency: mode == Mode::Agency,
        reasons: proposal.reasons.iter().map(|reason| why(l, &reference, reason)).collect(),
        facts: facts(l, typed),
        matters: matters.iter().map(name).collect(),
        materials,
        trouble,
    }
}

/// Why the program proposes what it proposes (S4).
fn why(l: Lang, reference: &Reference, reason: &ProposalReason) -> String {
    let office = |code: &domain::ids::OfficeCode| reference.directory.office_name(code).to_owned();
    match reason {
        ProposalReason::SetUpOrLanding { matters } => {
            let names: Vec<String> = matters
                .iter()
                .filter_map(|code| reference.catalogue.matter(code))
                .take(3)
                .map(|matter| l.tr("staff.quoted", &[("name", &matter.name)]))
                .collect();
            let count = matters.len().to_string();
            l.tr("staff.apply.why_landing", &[("count", &count), ("names", &l.list(&names))])
        }
        ProposalReason::SeveralOffices { offices } => {
            let names: Vec<String> = offices.iter().map(office).collect();
            let count = offices.len().to_string();
            l.tr("staff.apply.why_offices", &[("count", &count), ("names", &l.list(&names))])
        }
        ProposalReason::OneOffice { office: Some(code) } => l.tr("staff.apply.why_one", &[("name", &office(code))]),
        ProposalReason::OneOffice { office: None } => l.t("staff.apply.why_own").into_owned(),
        ProposalReason::NothingChosen => l.t("staff.apply.why_nothing").into_owned(),
    }
}

/// What will be sent, in words.
fn facts(l: Lang, typed: &Typed) -> Vec<(String, String)> {
    let name = |key: &str| l.t(&format!("staff.fact.{key}")).into_owned();
    let word = |table: &str, field: &str, usual: &str| {
        let value = typed.given(field).unwrap_or_else(|| usual.to_owned());
        l.t(&format!("{table}.{value}")).into_owned()
    };
    let founding = typed.get("kind") == "founding";
    let mut facts = vec![(name("enterprise"), typed.get("enterprise").to_owned())];
    if founding {
        facts.push((name("founder"), typed.get("founder").to_owned()));
    } else {
        facts.push((name("uscc"), typed.get("uscc").to_uppercase()));
    }
    facts.push((name("contact"), typed.get("contact").to_owned()));
    facts.push((name("phone"), domain::identity::mask_phone(typed.get("phone"))));
    for field in ["project", "investment", "site"] {
        if let Some(value) = typed.given(field) {
            facts.push((name(field), value));
        }
    }
    facts.push((name("channel"), word("staff.channel", "channel", "walk_in")));
    facts.push((name("delivery"), word("staff.delivery", "delivery", "in_person")));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn investments_are_typed_in_ten_thousand_yuan() {
        assert_eq!(wan_in_fen("1,800"), Some(1_800_000_000));
        assert_eq!(wan_in_fen("0.5"), Some(500_000));
        assert_eq!(wan_in_fen("12.3456"), Some(12_345_600));
        for wrong in ["", "-1", "1.23456", "一百"] {
            assert_eq!(wan_in_fen(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn s5_3_a_credit_code_is_checked_at_its_field() {
        let typed = Typed::read(
            "enterprise=%E8%8D%89%E7%B1%BD%E5%86%B7%E9%93%BE&contact=%E7%8E%8B%E5%B0%8F%E6%98%8E&phone=13800000000&uscc=91150400MA0N0N0N0O",
        );
        let found = problems(&typed, false);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/applicant/uscc");
        assert_eq!((found[0].code.as_str(), found[0].params["position"].as_str()), ("uscc_character", "18"));
    }

    #[test]
    fn s5_3_who_is_being_founded_needs_the_founder_and_no_code() {
        let typed = Typed::read(
            "kind=founding&enterprise=%E8%8D%89%E7%B1%BD%E5%86%B7%E9%93%BE&contact=%E7%8E%8B%E5%B0%8F%E6%98%8E&phone=13800000000",
        );
        let pointers: Vec<String> = problems(&typed, false).into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/applicant/founder/name", "/applicant/founder/id_number"]);
    }

    #[test]
    fn numbers_carried_over_stay_masked() {
        assert!(is_masked("138****0000", true));
        assert!(!is_masked("138****0000", false));
    }
}
