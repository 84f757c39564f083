//! The next thing to do in a case, for the person who looks: what is shown on 我的工作. Nothing is decided here: whether a
//! thing can be done is what the case's allowed actions say; this picks, of those, the one that moves the case on.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{Calendar, today};
use domain::case::{
    ActionState, Case, CaseMaterial, CaseMatter, CommandKind, DeliveryWay, DocumentKind, MaterialStatus, MatterStatus,
    Notice, Side, Status,
};
use domain::catalogue::{MaterialSource, Mode};
use domain::clock::{IntervalKind, Light, Thresholds};
use domain::ids::{DocumentId, MatterCode, OfficeCode};

/// Whom a step waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The client.
    Client,
    /// An office or a body outside the hall.
    Office(OfficeCode),
    /// The agent of the case.
    Agent,
}

/// That somebody else has to act first, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) whom: Whom,
    pub(crate) since: DateTime<Utc>,
}

/// Where the button leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The form of a command.
    Form(CommandKind),
    /// The paper to sign.
    Sign(DocumentId),
    /// The case itself.
    Open,
}

/// One line of 我的工作.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What to do: the end of the message key `staff.step.…`.
    pub(crate) what: &'static str,
    /// How many pieces it is about, where the sentence counts.
    pub(crate) count: usize,
    /// The matter that it moves on; none where it is about the case.
    pub(crate) matter: Option<MatterCode>,
    /// By when.
    pub(crate) due: Option<NaiveDate>,
    pub(crate) light: Light,
    pub(crate) waiting: Option<Waiting>,
    pub(crate) goal: Goal,
}

/// What the steps are made from.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) case: &'a Case,
    /// What the person may do with the case.
    pub(crate) actions: &'a [ActionState],
    /// What the person may do with each matter.
    pub(crate) matters: &'a [(MatterCode, Vec<ActionState>)],
    pub(crate) calendar: &'a Calendar,
    pub(crate) thresholds: &'a Thresholds,
    pub(crate) now: DateTime<Utc>,
}

impl View<'_> {
    fn allows(&self, kind: CommandKind) -> bool {
        self.actions.iter().any(|action| action.kind == kind && action.refusal.is_none())
    }

    fn allows_on(&self, code: &MatterCode, kind: CommandKind) -> bool {
        let of = self.matters.iter().find(|(known, _)| known == code);
        of.is_some_and(|(_, list)| list.iter().any(|action| action.kind == kind && action.refusal.is_none()))
    }

    fn light(&self, matter: &CaseMatter) -> Light {
        matter.clock.as_ref().map_or(Light::Grey, |clock| clock.light(self.calendar, self.now, self.thresholds))
    }

    fn due(&self, matter: &CaseMatter) -> Option<NaiveDate> {
        matter.clock.as_ref().and_then(|clock| clock.due(self.calendar, self.now)).map(|due| due.date)
    }
}

fn step(what: &'static str, goal: Goal) -> Step {
    Step { what, count: 0, matter: None, due: None, light: Light::Grey, waiting: None, goal }
}

fn form(what: &'static str, kind: CommandKind) -> Step {
    step(what, Goal::Form(kind))
}

impl Step {
    fn count(self, count: usize) -> Self {
        Self { count, ..self }
    }

    fn on(self, matter: &CaseMatter, view: &View<'_>) -> Self {
        let matter_code = Some(matter.scope.code.clone());
        Self { matter: matter_code, due: view.due(matter), light: view.light(matter), ..self }
    }

    fn due(self, due: Option<NaiveDate>, view: &View<'_>) -> Self {
        let late = due.is_some_and(|due| due < today(view.now));
        Self { due, light: if late { Light::Red } else { self.light }, ..self }
    }

    fn waits(self, whom: Whom, since: DateTime<Utc>) -> Self {
        Self { waiting: Some(Waiting { whom, since }), ..self }
    }
}

/// The steps of a case for its agent or acting stand-in, the case's own first, then matter by matter.
pub(crate) fn for_agent(view: &View<'_>) -> Vec<Step> {
    let case = view.case;
    match case.status {
        Status::Preparing if case.mode == Mode::Assistance => assisting(view),
        Status::Preparing => preparing(view).into_iter().collect(),
        Status::Running => running(view),
        Status::Suspended => {
            let since = case.pauses.last().map_or(case.created_at, |pause| pause.from);
            vec![form("resume", CommandKind::Resume).waits(Whom::Client, since)]
        }
        Status::Delivering => delivering(view).into_iter().collect(),
        _ if case.is_leaving() => returning(view).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn owed<'a>(case: &'a Case, status: &[MaterialStatus]) -> Vec<&'a CaseMaterial> {
    case.lacking_to_start().into_iter().filter(|material| status.contains(&case.material_status(material))).collect()
}

/// Before the start of an agency: check, notice, receive, sign, start.
fn preparing(view: &View<'_>) -> Option<Step> {
    let case = view.case;
    let unchecked = owed(case, &[MaterialStatus::Unchecked]).len();
    if unchecked > 0 {
        return Some(form("check", CommandKind::CheckMaterials).count(unchecked));
    }
    let missing = owed(case, &[MaterialStatus::Missing, MaterialStatus::Wrong]);
    if !missing.is_empty() {
        return Some(told(view, &missing));
    }
    let seen = owed(case, &[MaterialStatus::Ok]).len();
    if seen > 0 {
        return Some(form("receive", CommandKind::ReceiveMaterials).count(seen));
    }
    sign(view, DocumentKind::HandoverList, "sign_handover")
        .or_else(|| sign(view, DocumentKind::Agreement, "sign_agreement"))
        .or_else(|| view.allows(CommandKind::Start).then(|| form("start", CommandKind::Start)))
}

/// Required materials of the client in one of these states, over all matters.
pub(crate) fn of_client<'a>(case: &'a Case, status: &[MaterialStatus]) -> Vec<&'a CaseMaterial> {
    let wanted = |m: &&CaseMaterial| {
        m.spec.source == MaterialSource::Applicant
            && m.spec.needed_by.iter().any(|need| need.required)
            && status.contains(&case.material_status(m))
    };
    case.materials.iter().filter(wanted).collect()
}

/// What is missing: to be told, unless a notice has named all of it.
fn told(view: &View<'_>, missing: &[&CaseMaterial]) -> Step {
    let notices = &view.case.notices;
    let named = |m: &&CaseMaterial| notices.iter().rev().find(|n| n.entries.iter().any(|e| e.material == m.spec.id));
    let noticed: Vec<Option<&Notice>> = missing.iter().map(named).collect();
    match noticed.iter().flatten().next().filter(|_| noticed.iter().all(Option::is_some)) {
        Some(notice) => owes(view, notice, missing.len()),
        None => form("notice", CommandKind::IssueNotice).count(missing.len()),
    }
}

/// What a notice asked for: the client's turn until the date; after it the agent's, to ask and to decide (S6.2).
fn owes(view: &View<'_>, notice: &Notice, count: usize) -> Step {
    let is_late = notice.due < today(view.now);
    let what = if is_late { "client_late" } else { "client_materials" };
    let step = form(what, CommandKind::ReceiveMaterials).count(count).due(Some(notice.due), view);
    if is_late { step } else { step.waits(Whom::Client, notice.at) }
}

/// The paper on offer that is not signed by both sides: ours first, then the client's.
fn sign(view: &View<'_>, kind: DocumentKind, what: &'static str) -> Option<Step> {
    let document = view.case.newest(kind)?;
    let goal = Goal::Sign(document.id.clone());
    if document.signature(Side::Client).is_none() {
        let waits = step(what, goal).waits(Whom::Client, document.at);
        // While nobody has signed, the agent is the one to ask the client in.
        return Some(if document.signatures.is_empty() { Step { waiting: None, ..waits } } else { waits });
    }
    document.signature(Side::Agent).is_none().then(|| step(what, goal))
}

/// What a former agent still holds: its list waits for a signature.
fn takeover(view: &View<'_>, side: Side) -> Option<Step> {
    let (_, items) = view.case.takeover()?;
    let list = view.case.newest(DocumentKind::TakeoverList)?;
    let is_open = list.signature(side).is_none();
    is_open.then(|| step("sign_takeover", Goal::Sign(list.id.clone())).count(items.len()))
}

fn assisting(view: &View<'_>) -> Vec<Step> {
    let case = view.case;
    if view.allows(CommandKind::CloseAssistance) {
        return vec![form("close_assistance", CommandKind::CloseAssistance)];
    }
    let unchecked = of_client(case, &[MaterialStatus::Unchecked]).len();
    if unchecked > 0 {
        return vec![form("check", CommandKind::CheckMaterials).count(unchecked)];
    }
    // The assistant goes along once the materials are complete (S3.1).
    let missing = of_client(case, &[MaterialStatus::Missing, MaterialStatus::Wrong]);
    if !missing.is_empty() {
        return vec![told(view, &missing)];
    }
    let open = case.matters.iter().filter(|m| m.accepted_at_window.is_none());
    open.map(|matter| form("escort", CommandKind::RecordEscort).on(matter, view)).collect()
}

fn running(view: &View<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = takeover(view, Side::Taker).into_iter().collect();
    steps.extend(sign(view, DocumentKind::HandoverList, "sign_handover"));
    if !view.case.uncommissioned().is_empty() {
        steps.extend(sign(view, DocumentKind::Agreement, "sign_agreement"));
    }
    steps.extend(view.case.matters.iter().filter_map(|matter| running_matter(view, matter)));
    steps
}

/// One matter of a running case, seen by the agent.
fn running_matter(view: &View<'_>, matter: &CaseMatter) -> Option<Step> {
    let case = view.case;
    let code = &matter.scope.code;
    let office = Whom::Office(matter.office.clone());
    let since = matter.submitted_at.or(matter.offered_at).unwrap_or(case.created_at);
    match matter.status {
        MatterStatus::Declined => Some(form("forward", CommandKind::ForwardMatter).on(matter, view)),
        MatterStatus::Offered if !matter.outside && case.open_prerequisites(matter).is_empty() => {
            Some(step("claim_wait", Goal::Open).on(matter, view).waits(office, since))
        }
        MatterStatus::Claimed if case.open_prerequisites(matter).is_empty() => Some(claimed(view, matter)),
        MatterStatus::Submitted => {
            let what = if matter.outside { "outside_wait" } else { "office_wait" };
            let goal = if view.allows_on(code, CommandKind::FinishMatter) {
                Goal::Form(CommandKind::FinishMatter)
            } else {
                Goal::Open
            };
            let mine = step(what, goal).on(matter, view);
            // What is overdue comes back to the agent's own day: ask why, tell the client.
            let late = mine.light == Light::Red;
            Some(if late { Step { what: "chase", ..mine } } else { mine.waits(office, since) })
        }
        MatterStatus::Stopped => Some(stopped(view, matter)),
        _ => None,
    }
}

fn claimed(view: &View<'_>, matter: &CaseMatter) -> Step {
    let (case, code) = (view.case, &matter.scope.code);
    if view.allows_on(code, CommandKind::SubmitMatter) {
        return form("submit", CommandKind::SubmitMatter).on(matter, view);
    }
    let lacking: Vec<_> = case.lacking(code).collect();
    let of = |status: MaterialStatus| lacking.iter().filter(|m| case.material_status(m) == status).count();
    let unchecked = of(MaterialStatus::Unchecked);
    if unchecked > 0 {
        return form("check", CommandKind::CheckMaterials).count(unchecked).on(matter, view);
    }
    if lacking.is_empty() {
        let left = case.lacking_for_submission(code).count();
        return form("intermediary", CommandKind::CheckMaterials).count(left).on(matter, view);
    }
    let ready = of(MaterialStatus::Ok);
    let notice = case.notices.iter().rev().find(|notice| notice.matters.contains(code));
    match notice {
        None if ready < lacking.len() => {
            form("notice", CommandKind::IssueNotice).count(lacking.len() - ready).on(matter, view)
        }
        Some(notice) if ready < lacking.len() => {
            let owes = owes(view, notice, lacking.len());
            Step { matter: Some(code.clone()), ..owes }
        }
        _ => form("receive", CommandKind::ReceiveMaterials).count(lacking.len()).on(matter, view),
    }
}

fn stopped(view: &View<'_>, matter: &CaseMatter) -> Step {
    let last = matter.clock.as_ref().and_then(|clock| clock.intervals.last());
    let since = last.map_or(view.now, |interval| interval.from);
    let is_correction = last.is_some_and(|interval| interval.kind == IntervalKind::Correction);
    let goal = if view.allows_on(&matter.scope.code, CommandKind::ResumeClock) {
        Goal::Form(CommandKind::ResumeClock)
    } else {
        Goal::Open
    };
    let (what, whom) = if is_correction {
        ("correction_wait", Whom::Client)
    } else {
        ("special_wait", Whom::Office(matter.office.clone()))
    };
    let mut waits = step(what, goal).on(matter, view);
    waits.due = last.and_then(|interval| interval.until).or(waits.due);
    waits.waits(whom, since)
}

fn delivering(view: &View<'_>) -> Option<Step> {
    let case = view.case;
    if case.delivered.is_some() {
        return returning(view);
    }
    if let Some(shipment) = &case.shipment {
        return Some(form("confirm", CommandKind::ConfirmReceipt).waits(Whom::Client, shipment.at));
    }
    let count = case.undelivered_results().len();
    match case.delivery {
        DeliveryWay::InPerson => {
            let goal = case.newest(DocumentKind::DeliveryNotice).map_or(Goal::Open, |d| Goal::Sign(d.id.clone()));
            Some(step("hand_over", goal).count(count))
        }
        DeliveryWay::Courier | DeliveryWay::Electronic => Some(form("send", CommandKind::SendResult).count(count)),
    }
}

fn returning(view: &View<'_>) -> Option<Step> {
    let count = view.case.outstanding_items().len();
    if count == 0 {
        return None;
    }
    let goal = view.case.newest(DocumentKind::ReturnList).map_or(Goal::Open, |d| Goal::Sign(d.id.clone()));
    Some(step("return", goal).count(count))
}

/// The steps of a case for the head of its lead office.
pub(crate) fn for_lead_head(view: &View<'_>) -> Vec<Step> {
    let case = view.case;
    let mut steps = Vec::new();
    if view.allows(CommandKind::Accept) {
        steps.push(form("accept", CommandKind::Accept));
    } else if case.agent.is_none() && view.allows(CommandKind::AssignAgent) {
        steps.push(form("name_agent", CommandKind::AssignAgent));
    } else if case.stand_in.is_none() && case.status.is_open() && view.allows(CommandKind::SetStandIn) {
        steps.push(form("name_stand_in", CommandKind::SetStandIn));
    }
    steps.extend(takeover(view, Side::Giver));
    let declined = case.matters.iter().filter(|m| m.status == MatterStatus::Declined);
    steps.extend(declined.map(|matter| form("forward", CommandKind::ForwardMatter).on(matter, view)));
    steps
}

/// The step of a case for the head of the business office: it has no lead office yet.
pub(crate) fn for_business_head(view: &View<'_>) -> Vec<Step> {
    let is_open = view.case.lead_office.is_none() && view.allows(CommandKind::AssignLeadOffice);
    is_open.then(|| form("name_office", CommandKind::AssignLeadOffice)).into_iter().collect()
}

/// The steps of a case for the clerks and the head of an office that holds some of its matters.
pub(crate) fn for_office(view: &View<'_>, office: &OfficeCode) -> Vec<Step> {
    if view.case.status != Status::Running {
        return Vec::new();
    }
    let mine = view.case.matters.iter().filter(|matter| matter.office == *office);
    mine.filter_map(|matter| office_matter(view, matter)).collect()
}

fn office_matter(view: &View<'_>, matter: &CaseMatter) -> Option<Step> {
    let code = &matter.scope.code;
    match matter.status {
        MatterStatus::Offered if view.allows_on(code, CommandKind::ClaimMatter) => {
            Some(form("claim", CommandKind::ClaimMatter).on(matter, view))
        }
        MatterStatus::Claimed if view.case.open_prerequisites(matter).is_empty() => {
            let since = matter.offered_at.unwrap_or(view.case.created_at);
            Some(step("submission_wait", Goal::Open).on(matter, view).waits(Whom::Agent, since))
        }
        MatterStatus::Submitted if view.allows_on(code, CommandKind::FinishMatter) => {
            Some(form("finish", CommandKind::FinishMatter).on(matter, view))
        }
        MatterStatus::Stopped => Some(stopped(view, matter)),
        _ => None,
    }
}

/// The step of an ended case for the archivist.
pub(crate) fn for_archivist(view: &View<'_>) -> Vec<Step> {
    let case = view.case;
    if case.ended.is_none() || case.status == Status::Archived {
        return Vec::new();
    }
    let gaps = domain::case::gaps(case).len();
    let what = if gaps == 0 { "archive" } else { "archive_gaps" };
    vec![form(what, CommandKind::Archive).count(gaps)]
}

/// Which part of 我的工作 a step stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Overdue,
    Today,
    Tomorrow,
    Week,
    Later,
    Waiting,
}

/// Days until the end of the week.
pub(crate) fn days_to_sunday(today: NaiveDate) -> i64 {
    use chrono::Datelike;
    i64::from(6 - today.weekday().num_days_from_monday())
}

/// Where a step stands: overdue, today (also what has no date but can be done at once, and what falls due on days off before
/// the next working day), the next working day, the rest of the week, later. The week ends on Sunday.
pub(crate) fn when(step: &Step, today: NaiveDate, next_day: NaiveDate) -> When {
    if step.waiting.is_some() {
        return When::Waiting;
    }
    match step.due {
        _ if step.light == Light::Red => When::Overdue,
        Some(due) if due < today => When::Overdue,
        None => When::Today,
        Some(due) if due < next_day => When::Today,
        Some(due) if due == next_day => When::Tomorrow,
        Some(due) if (due - today).num_days() <= days_to_sunday(today) => When::Week,
        Some(_) => When::Later,
    }
}
