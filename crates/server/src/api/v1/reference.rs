//! What hardly changes: who one is, matters, templates, offices, people.

use super::body::ApiUser;
use super::wire::{
    AbsenceJson, FeeInfo, LimitJson, List, MaterialInfo, MatterInfo, Me, OfficeInfo, PartyJson, PersonInfo,
    TemplateInfo, code,
};
use crate::api::problem::Problem;
use crate::fault::Fault;
use app::AppError;
use axum::Json;
use axum::extract::RawQuery;
use domain::access::{Action, On, may};
use domain::catalogue::{Catalogue, Matter, how_to_get};
use domain::people::Role;

/// Who the token stands for.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses(
    (status = 200, description = "The user", body = Me),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn me(ApiUser { user, caller }: ApiUser) -> Result<Json<Me>, Fault> {
    let enterprises = caller.state.app.enterprises(&user).await?;
    Ok(Json(Me {
        username: user.actor.username.to_string(),
        name: user.name.clone(),
        roles: user.actor.roles.iter().map(|role| role.name().to_owned()).collect(),
        office: user.actor.office.as_ref().map(ToString::to_string),
        enterprises: enterprises.iter().map(PartyJson::from).collect(),
        language: user.language.clone(),
    }))
}

/// The catalogue's matters.
#[utoipa::path(get, path = "/api/v1/matters", tag = "reference", responses(
    (status = 200, description = "Every matter", body = List<MatterInfo>),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn matters(ApiUser { caller, .. }: ApiUser) -> Json<List<MatterInfo>> {
    let reference = caller.state.app.reference();
    let catalogue = &reference.catalogue;
    Json(List::whole(catalogue.matters().iter().map(|one| matter(one, catalogue)).collect()))
}

fn matter(matter: &Matter, catalogue: &Catalogue) -> MatterInfo {
    let codes = |codes: &[domain::ids::MatterCode]| codes.iter().map(ToString::to_string).collect();
    MatterInfo {
        code: matter.code.to_string(),
        name: matter.name.clone(),
        kind: matter.kind.clone(),
        office: matter.department.to_string(),
        co_offices: matter.co_departments.iter().map(ToString::to_string).collect(),
        stage: matter.stage.clone(),
        level: matter.level.clone(),
        statutory: matter.statutory.map(LimitJson::from),
        promised: matter.promised.map(LimitJson::from),
        depends_on: codes(&matter.depends_on),
        soft_after: codes(&matter.soft_after),
        legal_basis: matter.legal_basis.clone(),
        fee: matter.fee.clone(),
        result: matter.result.clone(),
        materials: matter
            .materials
            .iter()
            .map(|spec| MaterialInfo {
                name: spec.name.clone(),
                form: code(&spec.form),
                copies: spec.copies,
                required: spec.required,
                deferrable: spec.deferrable,
                source: code(&spec.source),
                from_matters: codes(&spec.from_matters),
                condition: spec.condition.clone(),
                how_to_get: how_to_get(spec, catalogue),
            })
            .collect(),
    }
}

/// The statutory fees that can be noted on a case (S2.2). The service itself costs nothing.
#[utoipa::path(get, path = "/api/v1/fees", tag = "reference", responses(
    (status = 200, description = "Every fee", body = List<FeeInfo>),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn fees(ApiUser { caller, .. }: ApiUser) -> Json<List<FeeInfo>> {
    let reference = caller.state.app.reference();
    let fees = reference.catalogue.fees().iter().cloned().map(|fee| FeeInfo {
        matter: fee.matter.0,
        name: fee.name,
        legal_basis: fee.legal_basis,
        payee: fee.payee,
        standard: fee.standard,
        source: fee.source,
        verified: fee.verified,
    });
    Json(List::whole(fees.collect()))
}

/// Project templates.
#[utoipa::path(get, path = "/api/v1/templates", tag = "reference", responses(
    (status = 200, description = "Every template", body = List<TemplateInfo>),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn templates(ApiUser { caller, .. }: ApiUser) -> Json<List<TemplateInfo>> {
    let reference = caller.state.app.reference();
    let templates = reference.catalogue.templates().iter().map(|template| TemplateInfo {
        code: template.code.to_string(),
        name: template.name.clone(),
        description: template.description.clone(),
        matters: template.matters.iter().map(ToString::to_string).collect(),
    });
    Json(List::whole(templates.collect()))
}

/// Offices of the bureau, departments of the hall, bodies outside.
#[utoipa::path(get, path = "/api/v1/offices", tag = "reference", responses(
    (status = 200, description = "Every office", body = List<OfficeInfo>),
    (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn offices(ApiUser { caller, .. }: ApiUser) -> Json<List<OfficeInfo>> {
    let reference = caller.state.app.reference();
    let offices = reference.directory.offices.values().map(|office| OfficeInfo {
        code: office.code.to_string(),
        name: office.name.clone(),
        kind: code(&office.kind),
        phone: office.phone.clone(),
    });
    Json(List::whole(offices.collect()))
}

/// The hall's staff.
#[utoipa::path(get, path = "/api/v1/people", tag = "reference",
    params(("role" = Option<String>, Query, description = "Only those with this role")),
    responses(
        (status = 200, description = "Active members of staff", body = List<PersonInfo>),
        (status = 400, description = "No such role", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not for enterprises", body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn people(
    ApiUser { user, caller }: ApiUser,
    RawQuery(query): RawQuery,
) -> Result<Json<List<PersonInfo>>, Fault> {
    may(&user.actor, Action::SeePeople, On::Hall).map_err(AppError::from)?;
    let mut role = None;
    for (name, value) in super::cases::pairs(query.as_deref().unwrap_or_default()) {
        match name.as_str() {
            "role" if value.is_empty() => {}
            "role" => role = Some(Role::parse(&value).ok_or_else(|| super::cases::wrong_query("role"))?),
            other => return Err(Fault::bad_request("unknown_field").with("name", other)),
        }
    }
    let reference = caller.state.app.reference();
    let today = domain::calendar::today(caller.state.app.now());
    let people = reference.directory.people.values().filter(|person| {
        person.active && person.office.is_some() && role.is_none_or(|role| person.roles.contains(&role))
    });
    let people = people.map(|person| PersonInfo {
        username: person.username.to_string(),
        name: person.name.clone(),
        roles: person.roles.iter().map(|role| role.name().to_owned()).collect(),
        office: person.office.as_ref().map(ToString::to_string),
        post: person.post.clone(),
        phone: person.phone.clone(),
        qualified: person.can_be_agent(),
        absent: person.is_absent(today),
        absences: reference
            .absences
            .iter()
            .filter(|absence| absence.person == person.username && absence.lasts_beyond(today))
            .map(|absence| AbsenceJson::of(absence, caller.state.app.may_record_absence(&user, person)))
            .collect(),
    });
    Ok(Json(List::whole(people.collect())))
}
