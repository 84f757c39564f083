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

/// The event behind a finding in one line.
fn evidence(visit: &Signed, finding: &FindingView) -> String {
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
