//! The first sentence of the enterprise's case: where things stand, who acts, by when.

use super::map::{MapFacts, matter_name};
use super::matter_state::{Standing, stands};
use domain::calendar::today;
use domain::case::{
    Case, CaseMaterial, CaseMatter, DeliveryWay, DocumentKind, MaterialStatus, MatterStatus, Side, Status,
};
use domain::catalogue::Mode;
use domain::ids::MatterCode;

/// Where the case stands, in one sentence with full stop. `path` is the longest path, the first to speak of.
pub(crate) fn first_sentence(facts: MapFacts<'_>, path: &[MatterCode]) -> String {
    let (case, l) = (facts.case, facts.l);
    let say = |key: &str| l.t(key).into_owned();
    match case.status {
        Status::Submitted => submitted(facts),
        Status::Accepted => l.tr("enterprise.first.accepted", &[("office", &lead_office(facts))]),
        Status::Preparing => preparing(facts),
        Status::Running => running(facts, path),
        Status::Suspended => say("enterprise.first.suspended"),
        Status::Delivering => delivering(facts),
        Status::Withdrawn if case.is_leaving() => say("enterprise.first.withdrawn_open"),
        Status::Withdrawn => say("enterprise.first.withdrawn"),
        Status::Terminated if case.is_leaving() => say("enterprise.first.terminated_open"),
        Status::Terminated => say("enterprise.first.terminated"),
        Status::Ended | Status::Archived => ended(facts),
    }
}

fn submitted(facts: MapFacts<'_>) -> String {
    match &facts.case.lead_office {
        Some(_) => facts.l.tr("enterprise.first.submitted_lead", &[("office", &lead_office(facts))]),
        None => {
            let business = facts.directory.business_office.as_ref();
            let office = business.map(|code| facts.directory.office_name(code).to_owned()).unwrap_or_default();
            facts.l.tr("enterprise.first.submitted", &[("office", &office)])
        }
    }
}

fn preparing(facts: MapFacts<'_>) -> String {
    let (case, l) = (facts.case, facts.l);
    let agent = agent_name(facts);
    if case.mode == Mode::Assistance {
        let left = case.matters.iter().filter(|matter| matter.accepted_at_window.is_none()).count();
        return l.tr("enterprise.first.assisting", &[("agent", &agent), ("count", &left.to_string())]);
    }
    let lacks = |material: &&CaseMaterial| {
        matches!(case.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
    };
    let missing = case.lacking_to_start().into_iter().filter(lacks).count();
    if missing > 0 {
        return l.tr("enterprise.first.missing", &[("agent", &agent), ("count", &missing.to_string())]);
    }
    let lacking = case.lacking_to_start().len();
    if lacking > 0 {
        return l.tr("enterprise.first.materials", &[("agent", &agent), ("count", &lacking.to_string())]);
    }
    let waits_agent = case.newest(DocumentKind::Agreement).is_some_and(|paper| paper.signature(Side::Client).is_some());
    if waits_agent && case.agreement_signed_at.is_none() {
        return l.tr("enterprise.first.waits_agent", &[("agent", &agent)]);
    }
    let key = if case.agreement_signed_at.is_some() { "enterprise.first.ready" } else { "enterprise.first.signing" };
    l.tr(key, &[("agent", &agent)])
}

/// The matter of the longest path that an office is working on, else any other that one is; else what is waited for.
fn running(facts: MapFacts<'_>, path: &[MatterCode]) -> String {
    let l = facts.l;
    let Some(matter) = foremost(facts.case, path) else {
        return waiting(facts);
    };
    let state = stands(facts, matter);
    let name = matter_name(facts, matter);
    let office = facts.directory.office_name(&matter.office).to_owned();
    let date = state.due.map(|due| l.date_seen(due, today(facts.now))).unwrap_or_default();
    let days = state.left.unsigned_abs().to_string();
    let params = [
        ("office", office.as_str()),
        ("matter", name.as_str()),
        ("date", date.as_str()),
        ("days", days.as_str()),
        ("state", state.word.as_str()),
    ];
    let key = match state.class {
        "over" => "enterprise.first.overdue",
        "wait" => "enterprise.first.correction",
        "halt" => "enterprise.first.stopped",
        _ => "enterprise.first.running",
    };
    l.tr(key, &params)
}

/// Of the matters with an office: the first on the longest path, else the one due first.
fn foremost<'a>(case: &'a Case, path: &[MatterCode]) -> Option<&'a CaseMatter> {
    let is_with_office =
        |matter: &&CaseMatter| matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped);
    let on_path = path.iter().filter_map(|code| case.matter(code)).find(is_with_office);
    on_path.or_else(|| case.matters.iter().filter(is_with_office).min_by_key(|matter| matter.submitted_at))
}

fn waiting(facts: MapFacts<'_>) -> String {
    let l = facts.l;
    let open = facts.case.matters.iter().filter(|matter| stands(facts, matter).standing == Standing::Now);
    let waits_for_client = open.clone().any(|matter| stands(facts, matter).class == "wait");
    let unclaimed = open.clone().find(|matter| matches!(matter.status, MatterStatus::Offered | MatterStatus::Declined));
    match (waits_for_client, unclaimed) {
        (false, Some(matter)) => {
            let office = facts.directory.office_name(&matter.office).to_owned();
            l.tr("enterprise.first.offered", &[("office", &office), ("matter", &matter_name(facts, matter))])
        }
        (true, _) => l.tr("enterprise.first.waiting_you", &[("agent", &agent_name(facts))]),
        (false, None) => {
            let count = open.clone().count();
            let name = open.clone().next().map(|matter| matter_name(facts, matter)).unwrap_or_default();
            let key = if count > 1 { "enterprise.first.submitting_some" } else { "enterprise.first.submitting" };
            l.tr(key, &[("agent", &agent_name(facts)), ("matter", &name), ("count", &count.to_string())])
        }
    }
}

fn delivering(facts: MapFacts<'_>) -> String {
    let (case, l) = (facts.case, facts.l);
    if let Some(shipment) = &case.shipment {
        let date = l.day(today(shipment.at));
        let carrier = shipment.carrier.clone().unwrap_or_default();
        let number = shipment.number.clone().unwrap_or_default();
        let key = if shipment.carrier.is_some() { "enterprise.first.sent" } else { "enterprise.first.sent_electronic" };
        return l.tr(key, &[("date", &date), ("carrier", &carrier), ("number", &number)]);
    }
    let count = case.undelivered_results().len().to_string();
    let agent = agent_name(facts);
    let key = match case.delivery {
        DeliveryWay::InPerson => "enterprise.first.collect",
        DeliveryWay::Courier => "enterprise.first.to_post",
        DeliveryWay::Electronic => "enterprise.first.to_send",
    };
    l.tr(key, &[("count", &count), ("agent", &agent)])
}

fn ended(facts: MapFacts<'_>) -> String {
    let date = facts.case.ended.map(|(at, _)| facts.l.date_seen(today(at), today(facts.now))).unwrap_or_default();
    let count = facts.case.matters.len().to_string();
    let key = if facts.case.mode == Mode::Assistance {
        "enterprise.first.ended_assistance"
    } else {
        "enterprise.first.ended"
    };
    facts.l.tr(key, &[("date", &date), ("count", &count)])
}

pub(crate) fn lead_office(facts: MapFacts<'_>) -> String {
    let code = facts.case.lead_office.as_ref();
    code.map(|code| facts.directory.office_name(code).to_owned()).unwrap_or_default()
}

/// The agent's name, or what the agent is called before one is named.
pub(crate) fn agent_name(facts: MapFacts<'_>) -> String {
    match &facts.case.agent {
        Some(agent) => facts.directory.person_name(agent).to_owned(),
        None => facts.l.t("enterprise.agent.unnamed").into_owned(),
    }
}

/// The second sentence: whether the reader has to do something, and how many things.
pub(crate) fn second_sentence(facts: MapFacts<'_>, todos: usize) -> String {
    match (todos, facts.case.status.is_open() || facts.case.is_leaving()) {
        (0, true) => facts.l.t("enterprise.first.nothing").into_owned(),
        (0, false) => String::new(),
        (1, _) => facts.l.t("enterprise.first.one").into_owned(),
        _ => facts.l.tr("enterprise.first.some", &[("count", &todos.to_string())]),
    }
}
