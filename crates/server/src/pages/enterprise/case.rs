//! The enterprise's case: where things stand, what to do, the map, dates, papers, the agent.

use super::dates::{Moved, moved};
use super::ledger::{
    FeeRow, MaterialRow, MatterRow, PaperRow, fee_rows, material_rows, matter_rows, originals_out, paper_rows,
};
use super::list::title;
use super::map::{Counts, MapFacts, ProjectMap, longest_path, project_map};
use super::map_draw::{Drawing, Shape, flat, tall};
use super::sentence::{first_sentence, second_sentence};
use super::todo::{Todo, just_done, todos};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use crate::pages::public::{Card, hours};
use app::OpenCase;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::case::CommandKind;
use domain::chain::Envelope;
use domain::ids::CaseId;

#[derive(Template)]
#[template(path = "enterprise/case.html")]
struct CasePage {
    page: Page,
    l: Lang,
    id: String,
    number: String,
    title: String,
    enterprise: String,
    green: bool,
    first: String,
    second: String,
    todos: Vec<Todo>,
    done: Vec<String>,
    counts: Counts,
    provisional: bool,
    caption: String,
    tall: Drawing,
    flat: Drawing,
    matters: Vec<MatterRow>,
    moved: Vec<Moved>,
    papers: Vec<PaperRow>,
    materials: Vec<MaterialRow>,
    originals: usize,
    /// What it promised to bring later, each with its day and what follows.
    promises: Vec<(String, String)>,
    agent: Option<Card>,
    stand_in: Option<Card>,
    agent_absent: bool,
    hours: String,
    lead: String,
    fees: Vec<FeeRow>,
    trips: String,
    evaluate: bool,
    graded: Option<u8>,
    withdraw: bool,
    chase: bool,
    archived: bool,
}

pub(crate) fn map_facts(open: &OpenCase, l: Lang) -> MapFacts<'_> {
    MapFacts {
        case: &open.case,
        catalogue: &open.reference.catalogue,
        calendar: &open.reference.calendar,
        directory: &open.reference.directory,
        now: open.now,
        l,
    }
}

pub(super) async fn show(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = CaseId(id);
    let app = &visit.state.app;
    let open = app.open_case(&visit.user, &id).await?;
    let events = app.events_of(&open).await?;
    html(&case_page(&visit, &open, &events))
}

fn case_page(visit: &Signed, open: &OpenCase, events: &[Envelope]) -> CasePage {
    let l = visit.l;
    let facts = map_facts(open, l);
    let (case, directory) = (&open.case, &open.reference.directory);
    let actions = open.actions();
    let may = |kind: CommandKind| actions.iter().any(|a| a.kind == kind && a.refusal.is_none());
    let todos = todos(facts, &actions, events);
    let map = project_map(facts);
    let person = |name: &Option<domain::ids::Username>| {
        name.as_ref().and_then(|name| directory.person(name)).map(|person| Card::of(person, directory))
    };
    let absent = case.agent.as_ref().and_then(|name| directory.person(name));
    let title = title(l, open);
    CasePage {
        page: visit.page("enterprise.case.title").titled(title.clone()),
        l,
        id: case.id.to_string(),
        number: case.number.clone(),
        title,
        enterprise: open.party.name.clone(),
        green: case.green.is_some(),
        first: first_sentence(facts, &longest_path(facts)),
        second: second_sentence(facts, todos.len()),
        done: just_done(facts),
        counts: map.counts,
        provisional: map.provisional,
        caption: caption(l, &map),
        tall: tall(&map, l),
        flat: flat(&map, l),
        matters: matter_rows(facts),
        moved: moved(facts),
        papers: paper_rows(facts),
        materials: material_rows(facts),
        originals: originals_out(case),
        promises: promises(l, open),
        agent: person(&case.agent),
        stand_in: person(&case.stand_in),
        agent_absent: absent.is_some_and(|person| person.is_absent(domain::calendar::today(open.now))),
        hours: hours(&open.reference.calendar, domain::calendar::today(open.now)),
        lead: case.lead_office.as_ref().map(|code| directory.office_name(code).to_owned()).unwrap_or_default(),
        fees: fee_rows(facts, events),
        trips: trips(l, case),
        evaluate: may(CommandKind::Evaluate),
        graded: case.evaluation.as_ref().map(|evaluation| evaluation.grade),
        withdraw: may(CommandKind::Withdraw),
        chase: case.matters.iter().any(|matter| !open.chased(&matter.scope.code).is_empty()),
        archived: case.archived_head.is_some(),
        todos,
    }
}

/// What the enterprise promised to bring later and still owes (容缺).
fn promises(l: Lang, open: &OpenCase) -> Vec<(String, String)> {
    let (case, today) = (&open.case, domain::calendar::today(open.now));
    let promise = |deferral: &domain::case::Deferral| {
        let material = case.material(&deferral.material);
        let name = material.map_or_else(|| deferral.material.to_string(), |found| found.spec.name.clone());
        let consequence = deferral.consequence.trim_end_matches('。');
        let words = [("date", l.date_seen(deferral.due, today)), ("consequence", consequence.to_owned())];
        (name, l.tr("enterprise.case.promise", &words))
    };
    case.open_deferrals().map(promise).collect()
}

/// How often the enterprise came, and how many trips it was saved (S9.1).
fn trips(l: Lang, case: &domain::case::Case) -> String {
    let trips = case.trips();
    l.tr("enterprise.case.trips_words", &[("made", trips.made.to_string()), ("saved", trips.saved.to_string())])
}

/// The map in a sentence, for those who cannot see it.
fn caption(l: Lang, map: &ProjectMap) -> String {
    let here = map.here.as_ref().map(|stop| stop.name.clone()).unwrap_or_default();
    let goal = map.opening.as_ref().unwrap_or(&map.end);
    let params = [
        ("done", map.counts.done.to_string()),
        ("now", map.counts.now.to_string()),
        ("next", map.counts.next.to_string()),
        ("here", here),
        ("goal", goal.label.clone()),
        ("date", goal.date.clone()),
    ];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    l.tr("enterprise.map.caption", &params)
}

impl CasePage {
    /// The name of a grade that was given.
    fn grade_name(&self, grade: &u8) -> String {
        self.l.t(&format!("enterprise.grade.g{grade}")).into_owned()
    }
}
