//! What is asked of the enterprise now, the most urgent first; and what it has just done.

use super::map::{MapFacts, matter_name};
use super::sentence::agent_name;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::case::{
    ActionState, Case, CaseMaterial, CaseMatter, CheckResult, CommandKind, DeliveryWay, Document, DocumentKind, Event,
    MaterialStatus, MatterEvent, Notice, Side, Status,
};
use domain::catalogue::{MaterialSource, Mode};
use domain::chain::Envelope;
use domain::clock::IntervalKind;
use domain::custody::PieceForm;

/// Lines under one heading before the rest is left to the list of materials.
const MOST_LINES: usize = 6;
/// How long what was done stays in sight, in days.
const DONE_DAYS: i64 = 7;

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Todo {
    pub(crate) title: String,
    pub(crate) text: String,
    /// What belongs to it, line by line: materials with how to get each.
    pub(crate) lines: Vec<(String, String)>,
    /// Where the button leads; none where it has to be done in person.
    pub(crate) href: Option<String>,
    pub(crate) button: String,
    /// A telephone to ask at, with the name.
    pub(crate) ask: Option<(String, String)>,
}

/// What the enterprise has to do, in this order: sign, bring, collect or confirm, evaluate.
pub(crate) fn todos(facts: MapFacts<'_>, actions: &[ActionState], events: &[Envelope]) -> Vec<Todo> {
    let allowed = |kind: CommandKind| actions.iter().any(|action| action.kind == kind && action.refusal.is_none());
    let mut todos = Vec::new();
    if allowed(CommandKind::SignHandover) {
        todos.extend(to_sign(facts, DocumentKind::HandoverList));
    }
    if allowed(CommandKind::SignAgreement) {
        todos.extend(to_sign(facts, DocumentKind::Agreement));
    }
    todos.extend(facts.case.matters.iter().filter_map(|matter| correction(facts, matter, events)));
    let missing: Vec<Todo> = facts.case.notices.iter().filter_map(|notice| missing_of(facts, notice)).collect();
    if missing.is_empty() {
        todos.extend(first_materials(facts));
    }
    todos.extend(missing);
    todos.extend(to_receive(facts, allowed(CommandKind::ConfirmReceipt)));
    if allowed(CommandKind::Evaluate) {
        todos.push(plain(facts, "evaluate", Some(format!("/my/{}/evaluate", facts.case.id))));
    }
    todos
}

fn plain(facts: MapFacts<'_>, name: &str, href: Option<String>) -> Todo {
    let say = |part: &str| facts.l.tr(&format!("enterprise.todo.{name}.{part}"), &[("agent", &agent_name(facts))]);
    let button = if href.is_some() { say("button") } else { String::new() };
    Todo { title: say("title"), text: say("text"), href, button, ..Todo::default() }
}

/// The newest document of a kind, while the client's signature is not on it.
pub(crate) fn unsigned(case: &Case, kind: DocumentKind) -> Option<&Document> {
    case.newest(kind).filter(|document| document.signature(Side::Client).is_none())
}

fn to_sign(facts: MapFacts<'_>, kind: DocumentKind) -> Option<Todo> {
    let (case, l) = (facts.case, facts.l);
    let document = unsigned(case, kind)?;
    let href = format!("/cases/{}/sign/{}", case.id, document.id);
    if kind == DocumentKind::Agreement {
        return Some(plain(facts, "agreement", Some(href)));
    }
    let items: Vec<_> = document.about.items.iter().filter_map(|id| case.item(id)).collect();
    let back = items.iter().filter(|item| item.to_return && item.form == PieceForm::Original).count();
    let params = [("count", items.len().to_string()), ("back", back.to_string()), ("agent", agent_name(facts))];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = if back > 0 { "enterprise.todo.handover.text_back" } else { "enterprise.todo.handover.text" };
    Some(Todo {
        title: l.t("enterprise.todo.handover.title").into_owned(),
        text: l.tr(key, &params),
        href: Some(href),
        button: l.t("enterprise.todo.handover.button").into_owned(),
        ..Todo::default()
    })
}

/// What a notice names that has not come yet.
fn missing_of(facts: MapFacts<'_>, notice: &Notice) -> Option<Todo> {
    let (case, l) = (facts.case, facts.l);
    let is_last = !case.notices.iter().any(|later| later.number > notice.number && covers(later, notice));
    if !is_last || !matches!(case.status, Status::Preparing | Status::Running) {
        return None;
    }
    let open: Vec<(&CaseMaterial, Option<&str>)> = notice
        .entries
        .iter()
        .filter_map(|entry| Some((case.material(&entry.material)?, entry.why.as_deref())))
        .filter(|(material, _)| {
            matches!(case.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
        })
        .collect();
    let (first, _) = open.first()?;
    let due = l.date_seen(notice.due, today(facts.now));
    let rest = l.working_days_left(facts.calendar.working_days_between(today(facts.now), notice.due));
    let title = if open.len() == 1 {
        l.tr("enterprise.todo.missing.title_one", &[("material", &first.spec.name)])
    } else {
        l.tr("enterprise.todo.missing.title", &[("count", &open.len().to_string())])
    };
    let matters: Vec<String> = notice
        .matters
        .iter()
        .filter_map(|code| case.matter(code))
        .map(|matter| matter_name(facts, matter))
        .take(2)
        .collect();
    let text = l.tr("enterprise.todo.missing.text", &[("date", &due), ("rest", &rest), ("matters", &l.list(&matters))]);
    let paper = case.documents.iter().find(|document| document.about.notice == Some(notice.number));
    Some(Todo {
        title,
        text,
        lines: material_lines(facts, &open),
        href: paper.map(|document| format!("/cases/{}/papers/{}", case.id, document.id)),
        button: l.t("enterprise.todo.missing.button").into_owned(),
        ask: ask(facts),
    })
}

/// A matter whose office waits for a correction (补正).
fn correction(facts: MapFacts<'_>, matter: &CaseMatter, events: &[Envelope]) -> Option<Todo> {
    let clock = matter.clock.as_ref().filter(|clock| clock.state() == Some(IntervalKind::Correction))?;
    if !facts.case.status.is_open() {
        return None;
    }
    let l = facts.l;
    let until = clock.intervals.last().and_then(|interval| interval.until);
    let date = until.map(|until| l.date_seen(until, today(facts.now))).unwrap_or_default();
    let left = until.map_or(0, |until| facts.calendar.working_days_between(today(facts.now), until));
    let reason = events.iter().rev().find_map(|envelope| match &envelope.event {
        Event::Matter(MatterEvent::ClockStopped { matter: code, reason, .. }) if *code == matter.scope.code => {
            Some(reason)
        }
        _ => None,
    });
    let params = [
        ("matter", matter_name(facts, matter)),
        ("office", facts.directory.office_name(&matter.office).to_owned()),
        ("reason", reason.map(|reason| reason.trim_end_matches('。').to_owned()).unwrap_or_default()),
        ("date", date),
        ("rest", l.working_days_left(left)),
    ];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(Todo {
        title: l.tr("enterprise.todo.correct.title", &params),
        text: l.tr("enterprise.todo.correct.text", &params),
        ask: ask(facts),
        ..Todo::default()
    })
}

fn covers(later: &Notice, notice: &Notice) -> bool {
    notice.matters.iter().all(|matter| later.matters.contains(matter))
}

fn material_lines(facts: MapFacts<'_>, open: &[(&CaseMaterial, Option<&str>)]) -> Vec<(String, String)> {
    let line = |(material, why): &(&CaseMaterial, Option<&str>)| {
        let how = material.spec.how_to_get.clone();
        let text = match why {
            Some(why) => facts.l.tr("enterprise.todo.missing.why", &[("why", *why), ("how", &how)]),
            None => how,
        };
        (material.spec.name.clone(), text)
    };
    open.iter().take(MOST_LINES).map(line).collect()
}

/// What to bring while no notice asks for it: before the first check, and once everything was seen.
fn first_materials(facts: MapFacts<'_>) -> Option<Todo> {
    let (case, l) = (facts.case, facts.l);
    if case.status != Status::Preparing || case.mode != Mode::Agency {
        return None;
    }
    let lacking: Vec<(&CaseMaterial, Option<&str>)> = case
        .lacking_to_start()
        .into_iter()
        .filter(|material| material.spec.source == MaterialSource::Applicant)
        .map(|material| (material, None))
        .collect();
    if lacking.is_empty() {
        return None;
    }
    let count = lacking.len().to_string();
    // What was seen and is right has only to be handed over.
    let is_seen = lacking.iter().all(|(material, _)| case.material_status(material) == MaterialStatus::Ok);
    let (title, text) = if is_seen {
        ("enterprise.todo.bring.title_seen", "enterprise.todo.bring.text_seen")
    } else {
        ("enterprise.todo.bring.title", "enterprise.todo.bring.text")
    };
    Some(Todo {
        title: l.tr(title, &[("count", &count)]),
        text: l.tr(text, &[("agent", &agent_name(facts))]),
        lines: material_lines(facts, &lacking),
        href: (lacking.len() > MOST_LINES).then(|| "#materials".to_owned()),
        button: l.t("enterprise.todo.bring.button").into_owned(),
        ask: ask(facts),
    })
}

/// Whom to call.
fn ask(facts: MapFacts<'_>) -> Option<(String, String)> {
    let person = facts.directory.person(facts.case.agent.as_ref()?)?;
    (!person.phone.is_empty()).then(|| (person.name.clone(), person.phone.clone()))
}

/// Results and originals that wait for the client.
fn to_receive(facts: MapFacts<'_>, may_confirm: bool) -> Option<Todo> {
    let case = facts.case;
    if case.is_leaving() {
        let count = case.outstanding_items().len();
        return (count > 0).then(|| Todo { ask: ask(facts), ..counted(facts, "back", count) });
    }
    if case.status != Status::Delivering || case.delivered.is_some() {
        return None;
    }
    if case.shipment.is_some() {
        return may_confirm.then(|| plain(facts, "receipt", Some(format!("/my/{}/receipt", case.id))));
    }
    if case.delivery != DeliveryWay::InPerson {
        return None;
    }
    let paper = case.newest(DocumentKind::DeliveryNotice);
    let href = paper.map(|document| format!("/cases/{}/papers/{}", case.id, document.id));
    let button = facts.l.t("enterprise.todo.collect.button").into_owned();
    Some(Todo { href, button, ask: ask(facts), ..counted(facts, "collect", case.undelivered_results().len()) })
}

fn counted(facts: MapFacts<'_>, name: &str, count: usize) -> Todo {
    let say = |part: &str| {
        let params = [("count", &*count.to_string()), ("agent", &*agent_name(facts))];
        facts.l.tr(&format!("enterprise.todo.{name}.{part}"), &params)
    };
    Todo { title: say("title"), text: say("text"), ..Todo::default() }
}

/// What the client did in the last days, newest first, so that it knows that it arrived.
pub(crate) fn just_done(facts: MapFacts<'_>) -> Vec<String> {
    let since = today(facts.now) - chrono::Duration::days(DONE_DAYS);
    let mut done: Vec<(NaiveDate, String)> = Vec::new();
    for document in &facts.case.documents {
        let signed = document.signature(Side::Client).map(|signature| today(signature.at));
        if let Some(date) = signed.filter(|date| *date >= since) {
            let title = facts.l.t(&format!("paper.kind.{}", document.kind.name()));
            done.push((
                date,
                facts.l.tr("enterprise.todo.done_signed", &[("document", &*title), ("date", &facts.l.day(date))]),
            ));
        }
    }
    for material in brought(facts.case) {
        if let Some(date) = material.received_at.map(today).filter(|date| *date >= since) {
            let params = [("material", material.spec.name.as_str()), ("date", &*facts.l.day(date))];
            done.push((date, facts.l.tr("enterprise.todo.done_brought", &params)));
        }
    }
    done.sort_by_key(|entry| std::cmp::Reverse(entry.0));
    done.into_iter().map(|(_, text)| text).take(2).collect()
}

/// Materials that a notice named and that have come since.
fn brought(case: &Case) -> impl Iterator<Item = &CaseMaterial> {
    case.materials.iter().filter(|material| {
        let named = case.notices.iter().flat_map(|n| &n.entries).find(|entry| entry.material == material.spec.id);
        named.is_some_and(|entry| matches!(entry.result, CheckResult::Missing | CheckResult::Wrong))
            && matches!(case.material_status(material), MaterialStatus::Received | MaterialStatus::HandedOver)
    })
}
