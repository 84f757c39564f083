//! What the program found: breaches and the like, for supervision and the director (S6.2, S8.2).

use super::work::Alarm;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::FindingView;
use askama::Template;
use axum::response::Response;
use domain::case::{Event, MaterialsEvent};
use domain::chain::Envelope;
use domain::clock::TimeSplit;

/// A line of the list.
pub(crate) struct Row {
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) case: String,
    pub(crate) number: String,
    pub(crate) clause: String,
    pub(crate) evidence: String,
    pub(crate) status: String,
}

#[derive(Template)]
#[template(path = "staff/findings.html")]
struct FindingsPage {
    page: Page,
    l: Lang,
    rows: Vec<Row>,
    headline: String,
}

/// The page.
pub(crate) async fn page(visit: Signed) -> Result<Response, Fault> {
    let l = visit.l;
    let found = visit.state.app.findings(&visit.user).await?;
    let rows: Vec<Row> = found.iter().map(|finding| row(&visit, finding)).collect();
    let headline = match rows.len() {
        0 => l.t("staff.findings.none").into_owned(),
        count => l.tr("staff.findings.some", &[("count", &count.to_string())]),
    };
    html(&FindingsPage { page: super::desk(&visit, "staff.findings.title"), l, rows, headline })
}

fn row(visit: &Signed, finding: &FindingView) -> Row {
    let l = visit.l;
    Row {
        at: l.time(finding.at, visit.state.app.now()),
        kind: kind_word(l, &finding.kind),
        subject: finding.subject.clone(),
        case: finding.case.as_ref().map(|id| format!("/cases/{id}")).unwrap_or_default(),
        number: finding.case_number.clone(),
        clause: l.clause(&finding.clause),
        evidence: evidence(visit, finding),
        status: crate::say::word(l, "staff.finding_status", &finding.status),
    }
}

fn kind_word(l: Lang, kind: &str) -> String {
    let key = format!("staff.finding_kind.{kind}");
    if l.has(&key) { l.t(&key).into_owned() } else { l.t("staff.finding_kind.other").into_owned() }
}

/// What shows a finding, in one line.
fn evidence(visit: &Signed, finding: &FindingView) -> String {
    match finding.kind.as_str() {
        "overdue" => overdue(visit, finding),
        "claim_ignored" => claim_ignored(visit, finding),
        "late_entry" => late_entry(visit, finding),
        _ => breach(visit, finding),
    }
}

/// A text in the evidence; empty where it is not there.
fn text<'a>(finding: &'a FindingView, name: &str) -> &'a str {
    finding.evidence.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// A moment in the evidence, as the reader writes it.
fn moment(visit: &Signed, finding: &FindingView, name: &str) -> String {
    let at = text(finding, name).parse().ok();
    at.map(|at| visit.l.time(at, visit.state.app.now())).unwrap_or_default()
}

fn matter_name(visit: &Signed, finding: &FindingView) -> String {
    visit.say(&visit.state.app.reference()).matter(&text(finding, "matter").into())
}

/// The matter, its due day, and whose the working days were.
fn overdue(visit: &Signed, finding: &FindingView) -> String {
    let l = visit.l;
    let split: TimeSplit =
        finding.evidence.get("split").and_then(|split| serde_json::from_value(split.clone()).ok()).unwrap_or_default();
    let parts = [
        ("office", split.office),
        ("enterprise", split.enterprise),
        ("special", split.special),
        ("suspended", split.suspended),
        ("outside", split.outside),
    ];
    let used = parts.iter().filter(|(_, days)| *days > 0);
    let used: Vec<String> =
        used.map(|(whose, days)| l.tr(&format!("staff.bar.{whose}"), &[("days", &days.to_string())])).collect();
    let date = text(finding, "due").parse().map(|due| l.date(due)).unwrap_or_default();
    let params = [("matter", matter_name(visit, finding)), ("date", date), ("split", l.list(&used))];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    l.tr("staff.findings.overdue", &params[..])
}

fn claim_ignored(visit: &Signed, finding: &FindingView) -> String {
    let (matter, time) = (matter_name(visit, finding), moment(visit, finding, "offered_at"));
    visit.l.tr("staff.findings.claim_ignored", &[("matter", &matter), ("time", &time)])
}

fn late_entry(visit: &Signed, finding: &FindingView) -> String {
    let happened = moment(visit, finding, "happened_at");
    let noted = visit.l.time(finding.at, visit.state.app.now());
    let reason = text(finding, "late_reason").to_owned();
    visit.l.tr("staff.findings.late_entry", &[("happened", &happened), ("noted", &noted), ("reason", &reason)])
}

/// The event behind a breach.
fn breach(visit: &Signed, finding: &FindingView) -> String {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let event = serde_json::from_value::<Envelope>(finding.evidence.clone())
        .map(|envelope| envelope.event)
        .or_else(|_| serde_json::from_value::<Event>(finding.evidence.clone()));
    let Ok(Event::Materials(MaterialsEvent::BreachRecorded { matters, materials, reason_code })) = event else {
        return String::new();
    };
    let name = |code: &domain::ids::MatterCode| {
        reference.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone())
    };
    let matters: Vec<String> = matters.iter().map(name).collect();
    let reason = l.t(&format!("staff.notice_reason.{}", super::wire(&reason_code))).into_owned();
    let count = materials.len().to_string();
    l.tr("staff.findings.breach", &[("matters", &l.list(&matters)), ("count", &count), ("reason", &reason)])
}

/// A finding on 我的工作.
pub(crate) fn alarm(visit: &Signed, finding: &FindingView) -> Alarm {
    let row = row(visit, finding);
    let note =
        visit.l.tr("staff.work.finding_note", &[("subject", &row.subject), ("time", &row.at), ("clause", &row.clause)]);
    Alarm {
        href: if row.case.is_empty() { "/findings".to_owned() } else { row.case },
        title: format!("{}　{}", row.number, row.kind),
        note,
        class: "over",
        word: row.status,
    }
}
