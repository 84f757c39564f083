//! A case as `GET /cases/{id}` shows it.

use super::time_view::{CaseGoalJson, LiftedJson, OutsideJson, TimeJson, TimesJson, TripsJson, times};
use super::wire::{Holder, LimitJson, PartyJson, code};
use crate::say::Say;
use app::OpenCase;
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{ActionState, Case, CaseMaterial, CaseMatter, Document, Gap, ResultItem};
use domain::custody::Item;
use serde::Serialize;
use utoipa::ToSchema;

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseJson {
    id: String,
    number: String,
    /// How many events it has; the entity tag.
    version: u64,
    /// `submitted`, `accepted`, `preparing`, `running`, `suspended`, `delivering`, `ended`, `withdrawn`, `terminated`, `archived`.
    status: String,
    /// `agency` or `assistance`.
    mode: String,
    proposal: ProposalJson,
    applicant: PartyJson,
    #[schema(required, value_type = Option<Object>)]
    project: Option<serde_json::Value>,
    channel: String,
    delivery: String,
    #[schema(required)]
    template: Option<String>,
    #[schema(required)]
    lead_office: Option<String>,
    #[schema(required)]
    agent: Option<String>,
    #[schema(required)]
    stand_in: Option<String>,
    #[schema(required)]
    green: Option<GreenJson>,
    /// The day that the project is planned for.
    #[schema(required)]
    goal: Option<CaseGoalJson>,
    times: TimesJson,
    trips: TripsJson,
    #[schema(required)]
    due_on: Option<NaiveDate>,
    colour: String,
    matters: Vec<MatterJson>,
    materials: Vec<MaterialJson>,
    items: Vec<ItemJson>,
    results: Vec<ResultJson>,
    documents: Vec<DocumentJson>,
    /// Every command, with whether it can be given now.
    actions: Vec<ActionJson>,
    /// What the file still lacks for the archive.
    gaps: Vec<String>,
    /// How it ended.
    #[schema(required)]
    ended_by: Option<String>,
    created_at: DateTime<Utc>,
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
}

/// What the program proposed, and why.
#[derive(Debug, Serialize, ToSchema)]
struct ProposalJson {
    mode: String,
    #[schema(value_type = Vec<Object>)]
    reasons: serde_json::Value,
}

/// The green channel.
#[derive(Debug, Serialize, ToSchema)]
struct GreenJson {
    reason: String,
    person: String,
    /// Not told to the enterprise.
    #[schema(required)]
    approver: Option<String>,
    at: DateTime<Utc>,
    /// `after_hours`, `appointment`, `accompanied`.
    measures: Vec<String>,
}

/// A matter of the case.
#[derive(Debug, Serialize, ToSchema)]
struct MatterJson {
    code: String,
    name: String,
    office: String,
    /// The office stands outside the hall and never claims.
    outside: bool,
    /// `planned`, `offered`, `declined`, `claimed`, `submitted`, `stopped`, `finished`.
    status: String,
    #[schema(required)]
    due_on: Option<NaiveDate>,
    /// The calendar of that year is not published yet.
    due_is_provisional: bool,
    /// `grey`, `green`, `yellow`, `red`, `purple`.
    colour: String,
    /// The promised limit.
    #[schema(required)]
    limit: Option<LimitJson>,
    /// The limit that its clock runs against: the promised one, or shorter on the green channel; none before the submission.
    #[schema(required)]
    clock_limit: Option<LimitJson>,
    /// The limit that the law sets.
    #[schema(required)]
    statutory_limit: Option<LimitJson>,
    #[schema(required)]
    statutory_due_on: Option<NaiveDate>,
    /// Whose the working days since the submission were.
    time: TimeJson,
    /// Who decides, in the catalogue's words.
    level: String,
    /// The system in which it is filed; empty if there is none.
    system: String,
    /// It stands in the outside ledger.
    followed_outside: bool,
    #[schema(required)]
    outside_record: Option<OutsideJson>,
    /// Matters that usually come before.
    after: Vec<String>,
    lifted: Vec<LiftedJson>,
    #[schema(required)]
    number: Option<String>,
    /// Not told to the enterprise.
    #[schema(required)]
    claimed_by: Option<String>,
    #[schema(required)]
    outcome: Option<String>,
    prerequisites: Vec<String>,
    #[schema(required)]
    submitted_at: Option<DateTime<Utc>>,
    #[schema(required)]
    finished_at: Option<DateTime<Utc>>,
    actions: Vec<ActionJson>,
}

/// A material of the case.
#[derive(Debug, Serialize, ToSchema)]
struct MaterialJson {
    id: String,
    name: String,
    /// The matters that need it.
    matters: Vec<String>,
    status: String,
    /// Some matter cannot do without it.
    required: bool,
    source: String,
    form: String,
    copies: u32,
    from_matters: Vec<String>,
    #[schema(required)]
    condition: Option<String>,
    how_to_get: String,
    /// What is wrong with it.
    #[schema(required)]
    why: Option<String>,
}

/// A piece handed in.
#[derive(Debug, Serialize, ToSchema)]
struct ItemJson {
    id: String,
    holder: Holder,
    material: String,
    form: String,
    pages: u32,
    copies: u32,
    #[serde(rename = "return")]
    to_return: bool,
    #[schema(required)]
    file: Option<String>,
    since: DateTime<Utc>,
    /// The handover list under which it came.
    #[schema(required)]
    handed_over: Option<String>,
}

/// A result.
#[derive(Debug, Serialize, ToSchema)]
struct ResultJson {
    id: String,
    matter: String,
    name: String,
    form: String,
    #[schema(required)]
    file: Option<String>,
    #[schema(required)]
    delivered_at: Option<DateTime<Utc>>,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentJson {
    id: String,
    kind: String,
    number: String,
    /// SHA-256 of the file: what a signature binds to.
    hash: String,
    pages: u32,
    /// Verification code, as printed.
    code: String,
    at: DateTime<Utc>,
    signatures: Vec<SignatureJson>,
    /// Where its PDF is.
    href: String,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
struct SignatureJson {
    side: String,
    method: String,
    by: String,
    at: DateTime<Utc>,
}

/// A command and whether it can be given now.
#[derive(Debug, Serialize, ToSchema)]
struct ActionJson {
    #[serde(rename = "type")]
    kind: String,
    allowed: bool,
    /// The clause behind the refusal.
    #[schema(required)]
    clause: Option<String>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Why not, and what to do, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `If-Match` must name the version that was seen.
    needs_version: bool,
}

/// The JSON of a case. The enterprise knows its agent and the offices, and nobody in them.
pub(super) fn case_json(open: &OpenCase, say: &Say<'_>) -> CaseJson {
    let case = &open.case;
    let people = !open.is_own_enterprise();
    let say = say.about(case);
    CaseJson {
        id: case.id.to_string(),
        number: case.number.clone(),
        version: case.version,
        status: case.status.name().to_owned(),
        mode: code(&case.mode),
        proposal: ProposalJson {
            mode: code(&case.proposal.mode),
            reasons: serde_json::to_value(&case.proposal.reasons).unwrap_or_default(),
        },
        applicant: PartyJson::from(&open.party),
        project: case.project.as_ref().and_then(|project| serde_json::to_value(project).ok()),
        channel: code(&case.channel),
        delivery: code(&case.delivery),
        template: case.template.as_ref().map(|code| code.0.clone()),
        lead_office: case.lead_office.as_ref().map(|code| code.0.clone()),
        agent: case.agent.as_ref().map(|name| name.0.clone()),
        stand_in: case.stand_in.as_ref().map(|name| name.0.clone()),
        green: case.green.as_ref().map(|green| GreenJson {
            reason: green.reason.clone(),
            person: green.person.0.clone(),
            approver: people.then(|| green.approver.0.clone()),
            at: green.at,
            measures: green.measures.iter().map(|measure| measure.name().to_owned()).collect(),
        }),
        goal: case.goal.as_ref().map(|goal| CaseGoalJson::of(goal, people)),
        times: times(case, &open.reference.calendar, open.now, people),
        trips: case.trips().into(),
        due_on: open.due_on(),
        colour: code(&open.colour()),
        matters: case.matters.iter().map(|one| matter(open, one, &say)).collect(),
        materials: case.materials.iter().map(|one| material(case, one)).collect(),
        items: case.items.iter().map(item).collect(),
        results: case.results.iter().map(result).collect(),
        documents: documents(case),
        actions: open.actions().iter().map(|one| action(one, &say)).collect(),
        gaps: domain::case::gaps(case).into_iter().map(Gap::name).map(str::to_owned).collect(),
        ended_by: case.ended.as_ref().map(|(_, how)| code(how)),
        created_at: case.created_at,
        started_at: case.started_at,
        ended_at: case.ended.as_ref().map(|(at, _)| *at),
    }
}

fn matter(open: &OpenCase, matter: &CaseMatter, say: &Say<'_>) -> MatterJson {
    let of = &matter.scope.code;
    let due = open.due(of);
    let calendar = &open.reference.calendar;
    let scope = &matter.scope;
    let people = !open.is_own_enterprise();
    MatterJson {
        code: of.to_string(),
        name: say.matter(of),
        office: matter.office.to_string(),
        outside: matter.outside,
        status: matter.status.name().to_owned(),
        due_on: due.map(|due| due.date),
        due_is_provisional: due.is_some_and(|due| due.provisional),
        colour: code(&open.light(of)),
        limit: scope.limit.map(LimitJson::from),
        clock_limit: matter.clock.as_ref().map(|clock| clock.limit.into()),
        statutory_limit: scope.statutory.map(LimitJson::from),
        statutory_due_on: matter.dues(calendar, open.now).statutory.map(|due| due.date),
        time: matter.split(&open.case, calendar, open.now).into(),
        level: scope.level.clone(),
        system: scope.system.clone(),
        followed_outside: matter.is_followed(),
        outside_record: matter.outside_record.as_ref().map(|record| OutsideJson::of(record, people)),
        after: scope.after.iter().map(ToString::to_string).collect(),
        lifted: matter.lifted.iter().map(|lifted| LiftedJson::of(lifted, people)).collect(),
        number: matter.number.clone(),
        claimed_by: matter.claimed_by.as_ref().filter(|_| people).map(|name| name.0.clone()),
        outcome: matter.outcome.as_ref().map(code),
        prerequisites: matter.scope.prerequisites.iter().map(ToString::to_string).collect(),
        submitted_at: matter.submitted_at,
        finished_at: matter.finished_at,
        actions: open.matter_actions(of).iter().map(|one| action(one, say)).collect(),
    }
}

fn material(case: &Case, material: &CaseMaterial) -> MaterialJson {
    let spec = &material.spec;
    MaterialJson {
        id: spec.id.to_string(),
        name: spec.name.clone(),
        matters: spec.needed_by.iter().map(|need| need.matter.to_string()).collect(),
        status: case.material_status(material).name().to_owned(),
        required: spec.needed_by.iter().any(|need| need.required),
        source: code(&spec.source),
        form: code(&spec.form),
        copies: spec.copies,
        from_matters: spec.from_matters.iter().map(ToString::to_string).collect(),
        condition: spec.condition.clone(),
        how_to_get: spec.how_to_get.clone(),
        why: material.check.as_ref().and_then(|(_, why, _)| why.clone()),
    }
}

fn item(item: &Item) -> ItemJson {
    ItemJson {
        id: item.id.to_string(),
        holder: Holder(item.place.clone()),
        material: item.material.to_string(),
        form: code(&item.form),
        pages: item.pages,
        copies: item.copies,
        to_return: item.to_return,
        file: item.file.as_ref().map(|file| file.id.to_string()),
        since: item.since,
        handed_over: item.handed_over.as_ref().map(ToString::to_string),
    }
}

fn result(result: &ResultItem) -> ResultJson {
    ResultJson {
        id: result.id.to_string(),
        matter: result.matter.to_string(),
        name: result.name.clone(),
        form: code(&result.form),
        file: result.file.as_ref().map(|file| file.id.to_string()),
        delivered_at: result.delivered_at,
    }
}

/// The documents of a case, oldest first.
pub(super) fn documents(case: &Case) -> Vec<DocumentJson> {
    case.documents.iter().map(|one| document(case, one)).collect()
}

fn document(case: &Case, document: &Document) -> DocumentJson {
    DocumentJson {
        id: document.id.to_string(),
        kind: document.kind.name().to_owned(),
        number: document.number.clone(),
        hash: document.hash.clone(),
        pages: document.pages,
        code: document.code.clone(),
        at: document.at,
        signatures: document
            .signatures
            .iter()
            .map(|signature| SignatureJson {
                side: code(&signature.side),
                method: code(&signature.method),
                by: signature.by.to_string(),
                at: signature.at,
            })
            .collect(),
        href: format!("/api/v1/cases/{}/documents/{}.pdf", case.id, document.id),
    }
}

fn action(state: &ActionState, say: &Say<'_>) -> ActionJson {
    let refusal = state.refusal.as_ref();
    ActionJson {
        kind: state.kind.name(),
        allowed: refusal.is_none(),
        clause: refusal.and_then(domain::case::Refusal::clause).map(str::to_owned),
        code: refusal.map(|refusal| refusal.code.name().to_owned()),
        reason: refusal.map(|refusal| say.refusal(refusal)),
        needs_version: state.kind.needs_version(),
    }
}
