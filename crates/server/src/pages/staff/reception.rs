//! Reception: who came, what was asked and told, and from there to an application (S5.1, S6.1).

use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, html_with, see};
use crate::pages::enterprise::once::led;
use crate::routes::{Access, Area, Route};
use app::{
    Answered, AppError, ConsultationApplicant, ConsultationView, FieldError, NewConsultation, Outcome, Reference,
};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Action, On, may};
use domain::consultation::ConsultationChannel;
use domain::ids::{ConsultationId, MatterCode};
use domain::phrases::Scene;
use std::collections::BTreeMap;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/reception", page),
        Route::post(area, access, "/reception", register),
        Route::get(area, access, "/reception/{id}", one),
    ]
}

/// The field of a form that a pointer of the use case means.
pub(super) fn field_of(pointer: &str) -> &'static str {
    match pointer {
        "/applicant/name" => "enterprise",
        "/applicant/uscc" => "uscc",
        "/applicant/contact/name" => "contact",
        "/applicant/contact/phone" | "/applicant/phone" => "phone",
        "/applicant/founder/name" => "founder",
        "/applicant/founder/id_number" => "id_number",
        "/project/name" => "project",
        "/project/site" => "site",
        "/project/investment_fen" => "investment",
        "/matters" => "matters",
        "/template" => "template",
        "/question" => "question",
        "/answer" => "answer",
        _ => "",
    }
}

/// What is wrong with each field, in the reader's language.
pub(super) fn errors_of(visit: &Signed, errors: &[FieldError]) -> BTreeMap<String, String> {
    let reference = visit.state.app.reference();
    let say = visit.say(&reference);
    errors.iter().map(|error| (field_of(&error.pointer).to_owned(), say.field_error(error))).collect()
}

/// A consultation in the list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) channel: String,
    pub(crate) owner: String,
    pub(crate) question: String,
    pub(crate) open: bool,
    pub(crate) case: bool,
}

/// The phrases of one scene of annex 3.
pub(crate) struct Say {
    pub(crate) scene: &'static str,
    pub(crate) phrases: Vec<(u8, String)>,
}

/// A matter to choose.
pub(crate) struct MatterChoice {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/reception.html")]
struct ReceptionPage {
    page: Page,
    l: Lang,
    typed: Typed,
    errors: BTreeMap<String, String>,
    once: String,
    date: String,
    rows: Vec<Row>,
    total: String,
    next: String,
    say: Vec<Say>,
    matters: Vec<MatterChoice>,
    can_register: bool,
}

impl ReceptionPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn e(&self, name: &str) -> &str {
        self.errors.get(name).map_or("", String::as_str)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        let typed = self.typed.get(name);
        typed == value || (typed.is_empty() && name == "channel" && value == "walk_in")
    }
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    html(&view(&visit, typed, BTreeMap::new()).await?)
}

async fn view(visit: &Signed, typed: Typed, errors: BTreeMap<String, String>) -> Result<ReceptionPage, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let listed = app.consultations(&visit.user, typed.given("cursor").as_deref()).await?;
    let rows = listed.items.iter().map(|view| row(visit, &reference, view)).collect();
    let total = listed.total.map(|total| l.tr("staff.reception.total", &[("count", &total.to_string())]));
    let matters = reference.catalogue.matters().iter().map(|matter| MatterChoice {
        code: matter.code.to_string(),
        name: matter.name.clone(),
        chosen: typed.get("matter") == matter.code.as_str(),
    });
    Ok(ReceptionPage {
        page: super::desk(visit, "staff.reception.title"),
        l,
        once: fresh_key(),
        date: l.date_long(domain::calendar::today(app.now())),
        rows,
        total: total.unwrap_or_default(),
        next: listed
            .next_cursor
            .map(|c| format!("/reception?cursor={}", crate::auth::urlencoded(&c)))
            .unwrap_or_default(),
        say: phrases(&visit.user.office_name),
        matters: matters.collect(),
        can_register: may(&visit.user.actor, Action::CreateConsultation, On::Hall).is_ok(),
        typed,
        errors,
    })
}

/// The phrases of annex 3 by scene, the office's own name filled in.
fn phrases(office: &str) -> Vec<Say> {
    let order = [Scene::Reception, Scene::Handling, Scene::Telephone, Scene::Leaving];
    let of = |scene: Scene| Say {
        scene: scene.title(),
        phrases: scene
            .phrases()
            .map(|phrase| {
                let blanks: &[&str] = if scene == Scene::Telephone { &[office] } else { &[] };
                (phrase.number, domain::phrases::fill(phrase, blanks))
            })
            .collect(),
    };
    order.into_iter().map(of).collect()
}

fn row(visit: &Signed, reference: &Reference, view: &ConsultationView) -> Row {
    let record = &view.consultation;
    Row {
        href: format!("/reception/{}", record.id),
        at: visit.l.time(record.at, visit.state.app.now()),
        who: caller(view),
        channel: visit.l.t(&format!("staff.channel.{}", super::wire(&record.channel))).into_owned(),
        owner: reference.directory.person_name(&record.owner).to_owned(),
        question: record.question.chars().take(60).collect(),
        open: record.is_open(),
        case: record.turned_into.is_some(),
    }
}

/// The enterprise, and who came for it where that is somebody else.
fn caller(view: &ConsultationView) -> String {
    let contact = view.applicant.contact.as_ref().map(|contact| contact.name.as_str());
    match contact.filter(|name| *name != view.applicant.name) {
        Some(name) => format!("{}　{name}", view.applicant.name),
        None => view.applicant.name.clone(),
    }
}

/// The form as a consultation.
fn read(typed: &Typed) -> NewConsultation {
    let channel = match typed.get("channel") {
        "phone" => ConsultationChannel::Phone,
        "online" => ConsultationChannel::Online,
        _ => ConsultationChannel::WalkIn,
    };
    let caller = typed.get("contact").to_owned();
    let contact = typed.given("enterprise").filter(|_| !caller.is_empty());
    let phone = typed.get("phone").to_owned();
    let applicant = match contact {
        Some(enterprise) => ConsultationApplicant {
            name: enterprise,
            uscc: typed.given("uscc"),
            contact: Some(contact_of(&caller, &phone)),
            ..ConsultationApplicant::default()
        },
        None => ConsultationApplicant {
            name: typed.given("enterprise").unwrap_or(caller),
            uscc: typed.given("uscc"),
            phone: Some(phone).filter(|phone| !phone.is_empty()),
            ..ConsultationApplicant::default()
        },
    };
    let told = typed.get("told").lines().map(str::trim).filter(|line| !line.is_empty());
    NewConsultation {
        applicant,
        channel,
        question: typed.get("question").to_owned(),
        answer: typed.given("answer"),
        matters: typed.given("matter").map(MatterCode).into_iter().collect(),
        told: told.map(str::to_owned).collect(),
    }
}

fn contact_of(name: &str, phone: &str) -> app::Contact {
    app::Contact { name: name.to_owned(), phone: phone.to_owned() }
}

async fn register(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    let answer = super::once(&visit, &typed, |outcome| match outcome {
        Outcome::Consultation(id) => format!("/reception/{id}"),
        _ => "/reception".to_owned(),
    });
    let app = &visit.state.app;
    let work = app.register_consultation(&visit.user, read(&typed), answer.clone());
    match app.once(answer.as_ref(), work).await {
        Ok(Answered::Before(first)) => Ok(led(first)),
        Ok(Answered::Now(id)) => {
            let said = Flash::good(visit.l.t("staff.reception.done"));
            Ok(see(&format!("/reception/{id}"), &said))
        }
        Err(AppError::Invalid(errors)) => {
            let mut errors = errors_of(&visit, &errors);
            // Where no enterprise is named, the caller's own name stands for it.
            if typed.get("enterprise").is_empty()
                && let Some(error) = errors.remove("enterprise")
            {
                errors.insert("contact".to_owned(), error);
            }
            let page = view(&visit, typed, errors).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "staff/consultation.html")]
struct ConsultationPage {
    page: Page,
    l: Lang,
    id: String,
    headline: String,
    at: String,
    who: String,
    phone: String,
    uscc: String,
    channel: String,
    owner: String,
    question: String,
    answer: String,
    told: Vec<String>,
    matters: Vec<String>,
    case: String,
    can_apply: bool,
}

async fn one(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let view = app.consultation(&visit.user, &ConsultationId(id)).await?;
    let reference = app.reference();
    let record = &view.consultation;
    let contact_phone = view.applicant.contact.as_ref().map(|contact| contact.phone.clone());
    let owner = reference.directory.person_name(&record.owner).to_owned();
    let key = match (&record.turned_into, record.is_open()) {
        (Some(_), _) => "staff.reception.is_case",
        (None, true) => "staff.reception.is_open",
        (None, false) => "staff.reception.is_answered",
    };
    let who = caller(&view);
    let matters = record
        .matters
        .iter()
        .map(|code| reference.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone()));
    html(&ConsultationPage {
        page: super::desk(&visit, "staff.reception.title"),
        l,
        id: record.id.to_string(),
        headline: l.tr(key, &[("who", &view.applicant.name), ("owner", &owner)]),
        at: l.time(record.at, app.now()),
        who,
        phone: contact_phone.or(view.applicant.phone.clone()).unwrap_or_default(),
        uscc: view.applicant.uscc.clone().unwrap_or_default(),
        channel: l.t(&format!("staff.channel.{}", super::wire(&record.channel))).into_owned(),
        owner,
        question: record.question.clone(),
        answer: record.answer.clone().unwrap_or_default(),
        told: record.told.clone(),
        matters: matters.collect(),
        case: record.turned_into.as_ref().map(|case| format!("/cases/{case}")).unwrap_or_default(),
        can_apply: may(&visit.user.actor, Action::CreateCase, On::Hall).is_ok(),
    })
}
