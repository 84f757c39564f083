//! The first sentence of a case for staff: where things stand, who acts, by when.

use super::names::Names;
use super::next::of_client;
use domain::calendar::Calendar;
use domain::case::{Case, CaseMatter, DocumentKind, MaterialStatus, MatterStatus, Side, Status};
use domain::catalogue::Mode;
use domain::clock::{Clock, IntervalKind};
use domain::ids::Username;

/// Where the case stands, who has to act, and the date that goes with it.
pub(crate) fn sentence(names: &Names<'_>, calendar: &Calendar) -> String {
    let case = names.case;
    let since = names.day(case.created_at);
    let lead = case.lead_office.as_ref().map(|office| names.office(office)).unwrap_or_default();
    match case.status {
        Status::Submitted if case.lead_office.is_none() => {
            let business = names.directory.business_office.as_ref().map(|o| names.office(o)).unwrap_or_default();
            names.tr("staff.lead.no_office", &[("office", &business), ("since", &since)])
        }
        Status::Submitted => names.tr("staff.lead.to_accept", &[("office", &lead), ("since", &since)]),
        Status::Accepted => names.tr("staff.lead.no_agent", &[("office", &lead)]),
        Status::Preparing if case.mode == Mode::Assistance => assisting(names),
        Status::Preparing => preparing(names),
        Status::Running => running(names, calendar),
        Status::Suspended => names.t("staff.lead.suspended"),
        Status::Delivering => delivering(names),
        Status::Withdrawn | Status::Terminated if case.is_leaving() => leaving(names),
        Status::Ended | Status::Withdrawn | Status::Terminated => ended(names),
        Status::Archived => names.t("staff.lead.archived"),
    }
}

fn agent(names: &Names<'_>) -> String {
    let agent: Option<&Username> = names.case.agent.as_ref();
    agent.map_or_else(|| names.t("staff.nobody"), |agent| names.person(agent))
}

fn preparing(names: &Names<'_>) -> String {
    let case = names.case;
    let agent = agent(names);
    let lacking = case.lacking_to_start();
    let unchecked = lacking.iter().filter(|m| case.material_status(m) == MaterialStatus::Unchecked).count();
    if unchecked > 0 {
        return names.tr("staff.lead.checking", &[("agent", &agent), ("count", &unchecked.to_string())]);
    }
    let is_missing = |m: &&&domain::case::CaseMaterial| {
        matches!(case.material_status(m), MaterialStatus::Missing | MaterialStatus::Wrong)
    };
    let missing = lacking.iter().filter(is_missing).count();
    if missing > 0 {
        return incomplete(names, missing);
    }
    if !lacking.is_empty() {
        return names.tr("staff.lead.to_receive", &[("count", &lacking.len().to_string()), ("agent", &agent)]);
    }
    if case.handover_signed_at.is_none() || !case.pending_items().is_empty() {
        return signing(names, DocumentKind::HandoverList);
    }
    if case.agreement_signed_at.is_none() {
        return signing(names, DocumentKind::Agreement);
    }
    names.tr("staff.lead.to_start", &[("agent", &agent)])
}

/// Materials are missing: the client has been told until when, or has to be told.
fn incomplete(names: &Names<'_>, missing: usize) -> String {
    let count = missing.to_string();
    match names.case.notices.last() {
        Some(notice) => names.tr("staff.lead.missing", &[("count", &count), ("date", &names.date(notice.due))]),
        None => names.tr("staff.lead.to_notice", &[("count", &count), ("agent", &agent(names))]),
    }
}

/// Who still has to sign a paper.
fn signing(names: &Names<'_>, kind: DocumentKind) -> String {
    let paper = names.t(&format!("staff.paper.{}", kind.name()));
    let document = names.case.newest(kind);
    let key = match document {
        None => "staff.lead.paper_made",
        Some(d) if d.signature(Side::Client).is_none() && d.signature(Side::Agent).is_none() => "staff.lead.sign_both",
        Some(d) if d.signature(Side::Client).is_none() => "staff.lead.sign_client",
        Some(_) => "staff.lead.sign_agent",
    };
    names.tr(key, &[("paper", &paper), ("agent", &agent(names))])
}

fn assisting(names: &Names<'_>) -> String {
    let case = names.case;
    let agent = agent(names);
    let open: Vec<&CaseMatter> = case.matters.iter().filter(|m| m.accepted_at_window.is_none()).collect();
    let Some(first) = open.first() else {
        return names.tr("staff.lead.to_close", &[("agent", &agent)]);
    };
    let unchecked = of_client(case, &[MaterialStatus::Unchecked]).len();
    if unchecked > 0 {
        return names.tr("staff.lead.checking", &[("agent", &agent), ("count", &unchecked.to_string())]);
    }
    let missing = of_client(case, &[MaterialStatus::Missing, MaterialStatus::Wrong]).len();
    if missing > 0 {
        return incomplete(names, missing);
    }
    let (matter, office) = (names.matter(&first.scope.code), names.office(&first.office));
    names.tr("staff.lead.to_escort", &[("agent", &agent), ("office", &office), ("matter", &matter)])
}

/// The matter whose clock presses most: overdue, then stopped, then the earliest due day.
fn pressing<'a>(case: &'a Case, names: &Names<'_>, calendar: &Calendar) -> Option<(&'a CaseMatter, &'a Clock)> {
    let on_clock = case.matters.iter().filter(|m| m.status != MatterStatus::Finished);
    let with_clock = on_clock.filter_map(|matter| matter.clock.as_ref().map(|clock| (matter, clock)));
    with_clock.min_by_key(|(_, clock)| {
        let due = clock.due(calendar, names.now).map(|due| due.date);
        (!clock.is_overdue(calendar, names.now), due)
    })
}

fn running(names: &Names<'_>, calendar: &Calendar) -> String {
    let case = names.case;
    if let Some((matter, clock)) = pressing(case, names, calendar) {
        return on_clock(names, matter, clock, calendar);
    }
    if let Some(matter) = case.matters.iter().find(|m| m.status == MatterStatus::Declined) {
        let (office, name) = (names.office(&matter.office), names.matter(&matter.scope.code));
        return names.tr("staff.lead.declined", &[("office", &office), ("matter", &name)]);
    }
    let next = case.beginning().find(|m| m.status == MatterStatus::Claimed).or_else(|| case.beginning().next());
    let Some(matter) = next else {
        return names.t("staff.lead.running");
    };
    let (office, name) = (names.office(&matter.office), names.matter(&matter.scope.code));
    let code = &matter.scope.code;
    if matter.status == MatterStatus::Offered && !matter.outside {
        let since = matter.offered_at.map(|at| names.day(at)).unwrap_or_default();
        return names.tr("staff.lead.to_claim", &[("office", &office), ("matter", &name), ("since", &since)]);
    }
    let lacking = case.lacking(code).count();
    if lacking > 0 {
        return names.tr("staff.lead.lacking", &[("matter", &name), ("count", &lacking.to_string())]);
    }
    if case.lacking_for_submission(code).next().is_some() && !case.pending_items().is_empty() {
        return names.tr("staff.lead.supplement", &[("matter", &name)]);
    }
    names.tr("staff.lead.to_submit", &[("agent", &agent(names)), ("matter", &name), ("office", &office)])
}

fn on_clock(names: &Names<'_>, matter: &CaseMatter, clock: &Clock, calendar: &Calendar) -> String {
    let (office, name) = (names.office(&matter.office), names.matter(&matter.scope.code));
    let due = clock.due(calendar, names.now).map(|due| names.date(due.date)).unwrap_or_default();
    let last = clock.intervals.last();
    let until = last.and_then(|i| i.until).map(|date| names.l.day(date)).unwrap_or_default();
    let what = last.and_then(|i| i.name.clone()).unwrap_or_default();
    let left = clock.remaining(calendar, names.now).unsigned_abs().to_string();
    let key = match clock.state() {
        _ if clock.is_overdue(calendar, names.now) => "staff.lead.overdue",
        Some(IntervalKind::Special) => "staff.lead.special",
        Some(IntervalKind::Correction) => "staff.lead.correction",
        _ => "staff.lead.on_clock",
    };
    let params = [
        ("office", office.as_str()),
        ("matter", name.as_str()),
        ("due", due.as_str()),
        ("until", until.as_str()),
        ("name", what.as_str()),
        ("days", left.as_str()),
    ];
    names.tr(key, &params)
}

fn delivering(names: &Names<'_>) -> String {
    let case = names.case;
    let agent = agent(names);
    if case.delivered.is_some() {
        let count = case.outstanding_items().len().to_string();
        return names.tr("staff.lead.to_return", &[("count", &count), ("agent", &agent)]);
    }
    if let Some(shipment) = &case.shipment {
        let date = names.day(shipment.at);
        let parcel = [shipment.carrier.clone(), shipment.number.clone()].into_iter().flatten().collect::<Vec<_>>();
        return names.tr("staff.lead.sent", &[("date", &date), ("parcel", &parcel.join(" "))]);
    }
    let count = case.matters.len().to_string();
    names.tr("staff.lead.to_deliver", &[("count", &count), ("agent", &agent)])
}

fn leaving(names: &Names<'_>) -> String {
    let count = names.case.outstanding_items().len().to_string();
    let key = if names.case.status == Status::Withdrawn { "staff.lead.withdrawn" } else { "staff.lead.terminated" };
    names.tr(key, &[("count", &count), ("agent", &agent(names))])
}

fn ended(names: &Names<'_>) -> String {
    let Some((at, how)) = &names.case.ended else {
        return names.t("staff.lead.ended_plain");
    };
    let how = names.t(&format!("staff.how.{}", super::wire(how)));
    names.tr("staff.lead.ended", &[("date", &names.day(*at)), ("how", &how)])
}
