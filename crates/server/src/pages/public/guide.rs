//! What can be done here, and for each matter: what to bring, how long it takes, what comes first, on which law it rests.

use super::fees::Line as FeeLine;
use super::find::find;
use crate::auth::Visit;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::picture::of_plan::chart_of_list;
use crate::pages::picture::{bars, sheets};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{
    Catalogue, DayUnit, Form, Limit, MaterialSource, MaterialSpec, Matter, SpecialProcedure, how_to_get,
};
use domain::ids::{MatterCode, TemplateCode};
use domain::people::Directory;
use domain::plan::{Edges, Plan, PlanCounts};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "public/matters.html")]
struct Matters {
    page: Page,
    l: Lang,
    heading: String,
    hint: String,
    q: String,
    chips: Vec<(String, String)>,
    groups: Vec<Group>,
    count: usize,
    all: usize,
    /// How long a project of this kind takes, with its pictures; empty for a search.
    promise: String,
    wide: Vec<String>,
    tall: String,
}

struct Group {
    name: String,
    lines: Vec<Line>,
}

struct Line {
    code: String,
    name: String,
    office: String,
    limit: String,
}

#[derive(Deserialize)]
pub(super) struct Narrow {
    #[serde(default, rename = "for")]
    template: String,
    #[serde(default)]
    q: String,
}

/// Kinds of projects as links: their names without what stands in brackets.
pub(super) fn chips(catalogue: &Catalogue) -> Vec<(String, String)> {
    let bare = |name: &str| name.split(['（', '(']).next().unwrap_or(name).to_owned();
    catalogue.templates().iter().map(|t| (bare(&t.name), format!("/matters?for={}", t.code))).collect()
}

/// An old address of the list.
pub(super) async fn moved() -> Response {
    Redirect::permanent("/matters").into_response()
}

pub(super) async fn list(visit: Visit, Query(narrow): Query<Narrow>) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let catalogue = &reference.catalogue;
    let l = visit.l;
    let template = catalogue.template(&TemplateCode(narrow.template));
    let wanted = |matter: &&Matter| template.is_none_or(|t| t.matters.contains(&matter.code));
    let matters: Vec<&Matter> = catalogue.matters().iter().filter(wanted).collect();
    let all = catalogue.matters().len();
    let (heading, hint) = match template {
        Some(template) => (
            l.tr("public.matters.of_template", &[("template", &template.name), ("count", &matters.len().to_string())]),
            template.description.clone(),
        ),
        None => {
            (l.tr("public.matters.heading", &[("count", &all.to_string())]), l.t("public.matters.hint").into_owned())
        }
    };
    let groups = by_stage(l, catalogue, &reference.directory, &matters);
    let page = visit.page("public.matters.title");
    let count = matters.len();
    let chips = chips(catalogue);
    let (promise, wide, tall) = template
        .map_or_else(Default::default, |template| promise(l, catalogue, &reference.directory, &template.matters));
    html(&Matters { page, l, heading, hint, q: String::new(), chips, groups, count, all, promise, wide, tall })
}

/// How long such a project takes by promised limits: in a sentence, and as pictures with days from its start.
fn promise(
    l: Lang,
    catalogue: &Catalogue,
    directory: &Directory,
    codes: &[MatterCode],
) -> (String, Vec<String>, String) {
    let days = Plan::compute(catalogue, codes, Edges::All, false).days.to_string();
    let serial = PlanCounts::of(catalogue, codes).serial_promised_days.to_string();
    let chart = chart_of_list(l, catalogue, directory, codes);
    let sentence = l.tr("plan.list.sentence", &[("days", &days), ("serial", &serial)]);
    (sentence, sheets(&chart, "gantt"), bars(&chart, "bars"))
}

pub(super) async fn search(visit: Visit, Query(narrow): Query<Narrow>) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let catalogue = &reference.catalogue;
    let l = visit.l;
    let q: String = narrow.q.trim().chars().take(60).collect();
    let found = find(catalogue, &q);
    let lines: Vec<Line> = found.iter().map(|matter| line(l, &reference.directory, matter)).collect();
    let count = lines.len();
    let params = [("q", q.as_str()), ("count", &*count.to_string())];
    let (heading, hint) = match (q.is_empty(), count) {
        (true, _) => (l.t("public.search.heading").into_owned(), l.t("public.search.how").into_owned()),
        (false, 0) => (l.tr("public.search.none", &params), l.t("public.search.none_hint").into_owned()),
        _ => (l.tr("public.search.found", &params), String::new()),
    };
    let groups = if lines.is_empty() { Vec::new() } else { vec![Group { name: String::new(), lines }] };
    let page = visit.page("public.search.title");
    let (chips, all) = (chips(catalogue), catalogue.matters().len());
    let (promise, wide, tall) = Default::default();
    html(&Matters { page, l, heading, hint, q, chips, groups, count, all, promise, wide, tall })
}

fn by_stage(l: Lang, catalogue: &Catalogue, directory: &Directory, matters: &[&Matter]) -> Vec<Group> {
    let group = |stage: &String| Group {
        name: stage.clone(),
        lines: matters.iter().filter(|m| m.stage == *stage).map(|m| line(l, directory, m)).collect(),
    };
    catalogue.stages().iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}

fn line(l: Lang, directory: &Directory, matter: &Matter) -> Line {
    Line {
        code: matter.code.to_string(),
        name: matter.name.clone(),
        office: directory.office_name(&matter.department).to_owned(),
        limit: matter.promised.map(|limit| limit_words(l, limit)).unwrap_or_default(),
    }
}

/// `5 个工作日`, `当天`.
pub(crate) fn limit_words(l: Lang, limit: Limit) -> String {
    let days = limit.days.to_string();
    match (limit.days, limit.unit) {
        (0, _) => l.t("public.limit.same_day").into_owned(),
        (_, DayUnit::WorkingDay) => l.tr("public.limit.working", &[("days", &days)]),
        (_, DayUnit::NaturalDay) => l.tr("public.limit.natural", &[("days", &days)]),
    }
}

#[derive(Template)]
#[template(path = "public/guide.html")]
struct Guide {
    page: Page,
    l: Lang,
    code: String,
    name: String,
    stage: String,
    kind: String,
    office: String,
    phone: String,
    result: String,
    legal_basis: String,
    /// Statutory fees; where there are none, what the catalogue says in words.
    fees: Vec<FeeLine>,
    fee: String,
    applies_when: String,
    promised: String,
    statutory: String,
    commitment: bool,
    special: Vec<(String, String)>,
    own: Vec<Material>,
    others: Vec<Material>,
    first: Vec<(String, String)>,
    usually: Vec<(String, String)>,
    templates: Vec<(String, String)>,
}

struct Material {
    name: String,
    form: String,
    how: String,
    marks: Vec<String>,
    condition: String,
}

pub(super) async fn guide(visit: Visit, Path(code): Path<String>) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let catalogue = &reference.catalogue;
    let matter = catalogue.matter(&MatterCode(code)).ok_or_else(Fault::not_found)?;
    let l = visit.l;
    let office = reference.directory.office(&matter.department);
    let is_own = |spec: &&MaterialSpec| matches!(spec.source, MaterialSource::Applicant | MaterialSource::Intermediary);
    let material = |spec: &MaterialSpec| material(l, catalogue, spec);
    let special = |procedure: &SpecialProcedure| (procedure.name.clone(), limit_words(l, procedure.limit()));
    let links = |codes: &[MatterCode]| -> Vec<(String, String)> {
        codes.iter().filter_map(|code| catalogue.matter(code)).map(|m| (m.code.to_string(), m.name.clone())).collect()
    };
    let templates = catalogue.templates().iter().filter(|t| t.matters.contains(&matter.code));
    html(&Guide {
        page: visit.page("public.guide.title").titled(matter.name.clone()),
        l,
        code: matter.code.to_string(),
        name: matter.name.clone(),
        stage: matter.stage.clone(),
        kind: matter.kind.clone(),
        office: office.map_or_else(|| matter.department.to_string(), |office| office.name.clone()),
        phone: office.map(|office| office.phone.clone()).unwrap_or_default(),
        result: matter.result.clone(),
        legal_basis: matter.legal_basis.clone(),
        fees: catalogue.fees_of(&matter.code).map(|fee| FeeLine::of(fee, &reference)).collect(),
        fee: matter.fee.clone(),
        applies_when: matter.applies_when.clone().unwrap_or_default(),
        promised: matter.promised.map(|limit| limit_words(l, limit)).unwrap_or_default(),
        statutory: matter.statutory.map(|limit| limit_words(l, limit)).unwrap_or_default(),
        commitment: matter.commitment_available,
        special: matter.special_procedures.iter().map(special).collect(),
        own: matter.materials.iter().filter(is_own).map(material).collect(),
        others: matter.materials.iter().filter(|spec| !is_own(spec)).map(material).collect(),
        first: links(&matter.depends_on),
        usually: links(&matter.soft_after),
        templates: templates.map(|t| (t.code.to_string(), t.name.clone())).collect(),
    })
}

fn material(l: Lang, catalogue: &Catalogue, spec: &MaterialSpec) -> Material {
    let form = match spec.form {
        Form::Form => "public.form.form",
        Form::Original => "public.form.original",
        Form::Copy => "public.form.copy",
        Form::Electronic => "public.form.electronic",
    };
    let mut marks = Vec::new();
    if !spec.required {
        marks.push(l.t("public.guide.when_needed").into_owned());
    }
    if spec.deferrable {
        marks.push(l.t("public.guide.deferrable").into_owned());
    }
    Material {
        name: spec.name.clone(),
        form: l.tr("public.guide.form_copies", &[("form", &*l.t(form)), ("copies", &spec.copies.to_string())]),
        how: how_to_get(spec, catalogue),
        marks,
        condition: spec.condition.clone().unwrap_or_default(),
    }
}
