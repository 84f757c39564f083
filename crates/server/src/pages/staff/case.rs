//! The page of a case for staff.

use super::acts::{self, Act};
use super::archive::FileWords;
use super::case_times::{Times, times};
use super::case_view::{self, Counts, Fact, MaterialRow, MatterRow, PaperRow};
use super::lead;
use super::names::{Names, status_class, status_word};
use super::next::{self, View};
use super::timeline::{Kind, Line, line};
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use crate::pages::enterprise::map::{MapFacts, project_map};
use crate::pages::enterprise::map_draw::{Drawing, Shape, flat, tall};
use crate::routes::{Access, Area, Route};
use app::{OpenCase, PrivateField};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::chain::Envelope;
use domain::ids::{CaseId, FileId, MatterCode};
use domain::people::Role;

/// Matters and lines of the time line that stand in the open.
const MATTERS: usize = 8;
const LINES: usize = 12;

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![
        Route::get(area, access, "/cases/{id}", page),
        Route::post(area, access, "/cases/{id}/reveal", reveal),
        Route::get(area, access, "/cases/{id}/files/{file}", file),
        Route::get(area, access, "/cases/{id}/archive.zip", archive),
    ]
}

/// A kind of line, with how many there are.
struct Filter {
    name: &'static str,
    label: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "staff/case.html")]
struct CasePage {
    page: Page,
    l: Lang,
    id: String,
    number: String,
    enterprise: String,
    project: String,
    green: bool,
    status: String,
    status_class: &'static str,
    headline: String,
    facts: Vec<Fact>,
    acts: Vec<Act>,
    folded: Vec<Act>,
    tall: Drawing,
    flat: Drawing,
    map_words: String,
    counts: Counts,
    matters: Vec<MatterRow>,
    more_matters: usize,
    materials: Vec<MaterialRow>,
    other_materials: Vec<MaterialRow>,
    originals: usize,
    outside: usize,
    can_move: bool,
    can_refer: bool,
    /// The page of the lead that it came from; empty if there is none or who looks may not see it.
    came_from: String,
    papers: Vec<PaperRow>,
    applicant: Vec<Fact>,
    can_reveal: bool,
    founder: bool,
    breaches: usize,
    fees: String,
    fee_lines: Vec<String>,
    trips: (String, String),
    times: Times,
    remarks: Vec<String>,
    filters: Vec<Filter>,
    lines: Vec<Line>,
    earlier: usize,
    /// How complete the file is, from the first day.
    file: FileWords,
    /// The sealed volumes that may be fetched, from 1: where and what they are called.
    packages: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "staff/reveal.html")]
struct RevealPage {
    page: Page,
    l: Lang,
    what: String,
    value: String,
    reason: String,
    back: String,
}

async fn page(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let id = CaseId(id);
    let app = &visit.state.app;
    let open = app.open_case(&visit.user, &id).await?;
    let events = app.events_of(&open).await?;
    let mut page = view(&visit, &open, &events, &typed);
    page.came_from =
        app.lead_before(&visit.user, &open).await?.map(|lead| format!("/leads/{lead}")).unwrap_or_default();
    html(&page)
}

pub(crate) fn names<'a>(l: Lang, open: &'a OpenCase) -> Names<'a> {
    Names {
        l,
        catalogue: &open.reference.catalogue,
        directory: &open.reference.directory,
        case: &open.case,
        now: open.now,
    }
}

fn view(visit: &Signed, open: &OpenCase, events: &[Envelope], typed: &Typed) -> CasePage {
    let l = visit.l;
    let names = names(l, open);
    let case = &open.case;
    let say = visit.say(&open.reference).about(case);
    let acts = acts::acts(open, &say, &steps(visit, open));
    let shows_all = typed.get("all") == "1";
    let mut matters = case_view::matters(&names, open);
    let more_matters = if shows_all { 0 } else { matters.len().saturating_sub(MATTERS) };
    matters.truncate(matters.len() - more_matters);
    let materials = case_view::materials(&names);
    let (filters, lines, earlier) = time_line(&names, events, typed);
    let map = project_map(MapFacts {
        case,
        catalogue: &open.reference.catalogue,
        calendar: &open.reference.calendar,
        directory: &open.reference.directory,
        now: open.now,
        l,
    });
    let counts = case_view::counts(case);
    let fees = if case.records.fees_fen > 0 {
        l.tr("staff.case.fees", &[("amount", &l.money(case.records.fees_fen))])
    } else {
        l.t("staff.case.no_fees").into_owned()
    };
    let can = |kind| open.actions().iter().any(|action| action.kind == kind && action.refusal.is_none());
    CasePage {
        page: super::desk(visit, "staff.cases.title").titled(format!("{} {}", case.number, open.party.name)),
        l,
        id: case.id.to_string(),
        number: case.number.clone(),
        enterprise: open.party.name.clone(),
        project: case.project.as_ref().map(|project| project.name.clone()).unwrap_or_default(),
        green: case.green.is_some(),
        status: status_word(l, case.status.name()),
        status_class: status_class(case.status),
        headline: lead::sentence(&names, &open.reference.calendar),
        facts: case_view::facts(&names, open),
        acts: acts.shown,
        folded: acts.folded,
        tall: tall(&map, l),
        flat: flat(&map, l),
        map_words: l.tr(
            "staff.case.map_words",
            &[("done", &counts.done.to_string()), ("now", &counts.now.to_string()), ("next", &counts.next.to_string())],
        ),
        counts,
        matters,
        more_matters,
        materials: materials.shown,
        other_materials: materials.rest,
        originals: materials.originals,
        outside: materials.outside,
        can_move: can(domain::case::CommandKind::MoveMaterial),
        came_from: String::new(),
        can_refer: visit.state.app.may_refer(&visit.user, open),
        papers: case_view::papers(&names, open),
        applicant: case_view::applicant(&names, open),
        can_reveal: sees_private(visit, open),
        founder: open.party.founder_id_masked.is_some(),
        breaches: case.breaches.len(),
        fees,
        fee_lines: case_view::fees(&names, events),
        trips: case_view::trips(&names),
        times: times(&names, open),
        remarks: case_view::remarks(&names),
        filters,
        lines,
        earlier,
        file: FileWords::of(l, &domain::case::completeness(case)),
        packages: packages(visit, open),
    }
}

/// The steps of the case for who looks: the first gives the one primary button.
fn steps(visit: &Signed, open: &OpenCase) -> Vec<next::Step> {
    let case = &open.case;
    let actions = open.actions();
    let matters: Vec<(MatterCode, _)> =
        case.matters.iter().map(|m| (m.scope.code.clone(), open.matter_actions(&m.scope.code))).collect();
    let view = View {
        case,
        actions: &actions,
        matters: &matters,
        calendar: &open.reference.calendar,
        thresholds: &open.reference.thresholds,
        now: open.now,
    };
    let user = &visit.user;
    let mut steps = Vec::new();
    if case.agent.as_ref() == Some(&user.actor.username) || case.stand_in.as_ref() == Some(&user.actor.username) {
        steps.extend(next::for_agent(&view));
    }
    if user.has(Role::OfficeHead) {
        steps.extend(next::for_business_head(&view));
        steps.extend(next::for_lead_head(&view));
    }
    if let Some(office) = &user.actor.office {
        steps.extend(next::for_office(&view, office));
    }
    if user.has(Role::Archivist) {
        steps.extend(next::for_archivist(&view));
    }
    steps
}

fn time_line(names: &Names<'_>, events: &[Envelope], typed: &Typed) -> (Vec<Filter>, Vec<Line>, usize) {
    let chosen = typed.all("kind");
    let is_on = |kind: Kind| chosen.is_empty() || chosen.contains(&kind.name());
    let filters = Kind::ALL.iter().map(|kind| {
        let count = events.iter().filter(|envelope| Kind::of(&envelope.event) == *kind).count().to_string();
        let label = names
            .tr("staff.kind_count", &[("kind", &names.t(&format!("staff.kind.{}", kind.name()))), ("count", &count)]);
        Filter { name: kind.name(), label, on: is_on(*kind) }
    });
    let wanted: Vec<&Envelope> = events.iter().rev().filter(|e| is_on(Kind::of(&e.event))).collect();
    let most = if typed.get("all") == "1" { usize::MAX } else { LINES };
    let lines = wanted.iter().take(most).map(|envelope| line(names, envelope)).collect();
    (filters.collect(), lines, wanted.len().saturating_sub(most))
}

fn sees_private(visit: &Signed, open: &OpenCase) -> bool {
    use domain::access::{Action, On, may};
    let today = domain::calendar::today(open.now);
    let on = On::Case { case: &open.case, matter: None, directory: &open.reference.directory, today };
    may(&visit.user.actor, Action::SeePrivate, on).is_ok()
}

/// Shows a telephone or identity number in full, once; the reason is recorded before.
async fn reveal(visit: Signed, Path(id): Path<String>, typed: Typed) -> Result<Response, Fault> {
    let id = CaseId(id);
    let to = format!("/cases/{id}#who");
    let field = PrivateField::parse(typed.get("what")).ok_or_else(Fault::not_found)?;
    match visit.state.app.reveal(&visit.user, &id, field, typed.get("reason")).await {
        // The number goes into this one answer and nowhere else: no cookie, no address, no store of the browser.
        Ok(value) => html(&RevealPage {
            page: super::desk(&visit, "staff.reveal.title"),
            l: visit.l,
            what: visit.l.t(&format!("staff.revealed.{}", field.name())).into_owned(),
            value,
            reason: typed.get("reason").to_owned(),
            back: to,
        }),
        Err(error) => visit.refused(&to, error),
    }
}

async fn file(visit: Signed, Path((id, file)): Path<(String, String)>) -> Result<Response, Fault> {
    let content = visit.state.app.case_file(&visit.user, &CaseId(id), &FileId(file)).await?;
    Ok(download(&content.name, &content.media_type, content.bytes))
}

/// The packages of the sealed volumes, for those who may fetch them.
fn packages(visit: &Signed, open: &OpenCase) -> Vec<(String, String)> {
    if !visit.user.has(Role::Archivist) && !visit.user.has(Role::Supervisor) {
        return Vec::new();
    }
    let sealed = if open.case.archived_head.is_some() { open.case.volumes.max(1) } else { 0 };
    let link = |volume: u32| {
        let href = format!("/cases/{}/archive.zip?volume={volume}", open.case.id);
        (href, visit.l.tr("archive.volume", &[("number", volume.to_string())]))
    };
    (1..=sealed).map(link).collect()
}

async fn archive(
    visit: Signed,
    Path(id): Path<String>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let volume = typed.given("volume").map_or(Ok(1), |volume| volume.parse()).map_err(|_| Fault::not_found())?;
    let (name, bytes) = visit.state.app.archive_zip(&visit.user, &CaseId(id), volume).await?;
    Ok(download(&name, "application/zip", bytes))
}
