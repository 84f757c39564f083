//! What the client hands in: the check, the one-time notice, the pieces (S6.2).

use super::command::{CheckResult, CommandKind, Destination, ItemInput, MaterialCheck, MaterialsCommand, NoticeReason};
use super::event::{Event, MaterialsEvent, is_lack};
use super::refusal::{Code, Refusal};
use super::state::{Case, CaseMaterial, MatterStatus, Notice, NoticeEntry, Status};
use super::{Facts, file, in_status, query::MaterialStatus, reason_given, receiving, still_open};
use crate::access::Grant;
use crate::catalogue::MaterialSource;
use crate::custody::{Item, PieceForm, Place};
use crate::ids::{FileId, ItemId, MaterialId, MatterCode, OfficeCode};
use chrono::NaiveDate;

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::MoveMaterial => {
            if !case.is_leaving() {
                in_status(case, &[Status::Preparing, Status::Running, Status::Delivering, Status::Suspended])?;
            }
            if case.items.iter().any(can_move) { Ok(()) } else { Err(Code::ItemNotHandedOver.into()) }
        }
        CommandKind::IssueNotice => {
            in_status(case, &[Status::Preparing, Status::Running])?;
            // What one matter allows is allowed; else what is in the way of the first is told.
            let mut each =
                case.matters.iter().map(|matter| entries_for(case, std::slice::from_ref(&matter.scope.code)));
            let first = each.next().unwrap_or_else(|| Err(Code::NoMatters.into()));
            if first.is_err() && each.any(|entries| entries.is_ok()) { Ok(()) } else { first.map(drop) }
        }
        CommandKind::TakeMaterial => {
            if !case.is_leaving() {
                still_open(case)?;
            }
            let open = case.open_moves().next();
            open.map(drop).ok_or_else(|| Code::NothingToTake.into())
        }
        CommandKind::ReceiveMaterials | CommandKind::CheckMaterials => receiving(case),
        CommandKind::DeferMaterial => {
            in_status(case, &[Status::Preparing, Status::Running])?;
            case.deferrable().next().map(drop).ok_or_else(|| Code::NothingDeferrable.into())
        }
        _ => in_status(case, &[Status::Preparing, Status::Running]),
    }
}

pub(super) fn decide(
    case: &Case,
    command: &MaterialsCommand,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        MaterialsCommand::CheckMaterials { checks } => check(case, checks),
        MaterialsCommand::IssueNotice { matters, reason_code } => issue_notice(case, matters, *reason_code, facts),
        MaterialsCommand::ReceiveMaterials { items } => receive(case, items, facts),
        MaterialsCommand::MoveMaterial { item, to } => move_material(case, item, to, facts),
        MaterialsCommand::TakeMaterial { items, slip } => take(case, items, slip.as_ref(), grant, facts),
        MaterialsCommand::DeferMaterial { matter, material, due, consequence } => {
            defer(case, matter, material, *due, consequence.as_deref(), facts)
        }
    }
}

fn find<'a>(case: &'a Case, id: &MaterialId) -> Result<&'a CaseMaterial, Refusal> {
    case.material(id).ok_or_else(|| Refusal::new(Code::UnknownMaterial).with("material", id.as_str()))
}

fn check(case: &Case, checks: &[MaterialCheck]) -> Result<Vec<Event>, Refusal> {
    if checks.is_empty() {
        return Err(Code::NothingGiven.into());
    }
    for check in checks {
        let material = find(case, &check.material)?;
        let says_why = check.why.as_deref().is_some_and(|why| !why.trim().is_empty());
        if check.result == CheckResult::Wrong && !says_why {
            return Err(Refusal::new(Code::WhyNeeded).with("material", &material.spec.name));
        }
    }
    Ok(vec![MaterialsEvent::MaterialsChecked { checks: checks.to_vec() }.into()])
}

/// One notice names everything missing for its matters, so everything must have been checked before (S6.2). A further
/// notice for a matter needs a reason, and what the first could have named is recorded as a breach.
fn issue_notice(
    case: &Case,
    matters: &[MatterCode],
    reason_code: Option<NoticeReason>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if matters.is_empty() {
        return Err(Code::NoMatters.into());
    }
    if let Some(code) = matters.iter().find(|code| case.matter(code).is_none()) {
        return Err(Refusal::new(Code::MatterNotInCase).with("matter", code.as_str()));
    }
    let entries = entries_for(case, matters)?;
    let is_further = case.notices.iter().any(|notice| notice.matters.iter().any(|code| matters.contains(code)));
    if is_further && reason_code.is_none() {
        return Err(Code::SecondNoticeNeedsReason.into());
    }
    let reason_code = reason_code.filter(|_| is_further);
    let breach = reason_code.and_then(|reason| breach(case, matters, &entries, reason));
    let notice = Notice {
        number: u32::try_from(case.notices.len()).unwrap_or(u32::MAX).saturating_add(1),
        matters: matters.to_vec(),
        entries,
        due: facts.calendar.add_working_days(facts.today(), facts.policy.notice_days).date,
        reason_code,
        at: facts.now,
    };
    Ok(std::iter::once(MaterialsEvent::NoticeIssued { notice }).chain(breach).map(Event::from).collect())
}

/// What a notice for these matters names: everything was checked, and something is lacking.
fn entries_for(case: &Case, matters: &[MatterCode]) -> Result<Vec<NoticeEntry>, Refusal> {
    let asked: Vec<&CaseMaterial> = asked_of_client(case, matters);
    let unchecked = asked.iter().filter(|m| case.material_status(m) == MaterialStatus::Unchecked);
    let unchecked: Vec<&str> = unchecked.map(|m| m.spec.name.as_str()).collect();
    if !unchecked.is_empty() {
        return Err(Refusal::new(Code::NotAllChecked).naming("materials", unchecked));
    }
    let entries: Vec<NoticeEntry> = asked.iter().filter_map(|material| entry(material)).collect();
    if entries.is_empty() { Err(Code::NothingMissing.into()) } else { Ok(entries) }
}

/// Materials of these matters that only the client can bring; a conditional one only where the check found it lacking.
fn asked_of_client<'a>(case: &'a Case, matters: &[MatterCode]) -> Vec<&'a CaseMaterial> {
    case.materials
        .iter()
        .filter(|material| material.spec.source == MaterialSource::Applicant)
        .filter(|material| {
            let lacking = entry(material).is_some();
            material.spec.needed_by.iter().any(|need| matters.contains(&need.matter) && (need.required || lacking))
        })
        .collect()
}

fn entry(material: &CaseMaterial) -> Option<NoticeEntry> {
    let (result, why, _) = material.check.as_ref()?;
    is_lack(*result).then(|| NoticeEntry { material: material.spec.id.clone(), result: *result, why: why.clone() })
}

/// What the first notice could have named: the material was in the scope of a noticed matter then, was not on any notice,
/// and nothing was handed in for it since. A change on the applicant's side or of the rules is no breach (S6.2).
fn breach(
    case: &Case,
    matters: &[MatterCode],
    entries: &[NoticeEntry],
    reason: NoticeReason,
) -> Option<MaterialsEvent> {
    if matches!(reason, NoticeReason::ApplicantChanged | NoticeReason::RuleChanged) {
        return None;
    }
    let materials: Vec<MaterialId> = entries
        .iter()
        .filter(|entry| could_have_been_named(case, &entry.material))
        .map(|entry| entry.material.clone())
        .collect();
    if materials.is_empty() {
        return None;
    }
    Some(MaterialsEvent::BreachRecorded { matters: matters.to_vec(), materials, reason_code: reason })
}

fn could_have_been_named(case: &Case, id: &MaterialId) -> bool {
    let Some(material) = case.material(id) else {
        return false;
    };
    let was_named = case.notices.iter().any(|notice| notice.entries.iter().any(|entry| entry.material == *id));
    let first = case.notices.iter().find(|notice| {
        material.since <= notice.at && material.spec.needed_by.iter().any(|need| notice.matters.contains(&need.matter))
    });
    first.is_some_and(|notice| !was_named && material.received_at.is_none_or(|at| at <= notice.at))
}

fn receive(case: &Case, inputs: &[ItemInput], facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if inputs.is_empty() {
        return Err(Code::NothingGiven.into());
    }
    let mut items = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let material = find(case, &input.material)?;
        if input.pages == 0 || input.copies == 0 {
            return Err(Refusal::new(Code::CountInvalid).with("material", &material.spec.name));
        }
        let label = input.label.as_deref().map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned);
        if input.form == PieceForm::Original && is_here(case, &items, &input.material, label.as_ref()) {
            return Err(Refusal::new(Code::ReceivedTwice).with("material", &material.spec.name));
        }
        items.push(Item {
            id: ItemId(format!("I{}", case.items.len() + index + 1)),
            material: input.material.clone(),
            form: input.form,
            pages: input.pages,
            copies: input.copies,
            label,
            condition: input.condition.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
            to_return: input.to_return,
            file: input.file.as_ref().map(|id| file(facts, id)).transpose()?,
            place: Place::Client,
            since: facts.now,
            received_at: facts.now,
            handed_over: None,
        });
    }
    Ok(vec![MaterialsEvent::MaterialsReceived { items }.into()])
}

/// Whether such an original is here or on the list already: there is only one of it.
fn is_here(case: &Case, listed: &[Item], material: &MaterialId, label: Option<&String>) -> bool {
    case.items.iter().chain(listed).any(|item| {
        let is_back = item.handed_over.is_some() && item.place == Place::Client;
        item.form == PieceForm::Original && item.material == *material && item.label.as_ref() == label && !is_back
    })
}

/// The taker says so itself; or the agent brings the slip that a taker without a login has signed.
fn take(
    case: &Case,
    items: &[ItemId],
    slip: Option<&FileId>,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if items.is_empty() {
        return Err(Code::NothingGiven.into());
    }
    let slip = slip.map(|id| file(facts, id)).transpose()?;
    let me = facts.directory.person(grant.actor());
    for id in items {
        let line = case.open_moves().find(|line| line.item == *id);
        let line = line.ok_or_else(|| Refusal::new(Code::NothingToTake).with("item", id.as_str()))?;
        let is_taker = line.is_to(grant.actor(), me.and_then(|me| me.office.as_ref()));
        if !is_taker && slip.is_none() {
            return Err(Refusal::new(Code::NotYoursToTake).with("item", id.as_str()));
        }
    }
    Ok(vec![MaterialsEvent::MaterialsTaken { items: items.to_vec(), slip }.into()])
}

/// What the catalogue lets come later, the office may take later; the client's promise makes it count (容缺).
fn defer(
    case: &Case,
    matter: &MatterCode,
    material: &MaterialId,
    due: NaiveDate,
    consequence: Option<&str>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let found = find(case, material)?;
    let in_case = case.matter(matter);
    let in_case = in_case.ok_or_else(|| Refusal::new(Code::MatterNotInCase).with("matter", matter.as_str()))?;
    let need = found.spec.needed_by.iter().find(|need| need.matter == *matter);
    if !need.is_some_and(|need| need.deferrable) {
        return Err(Refusal::new(Code::NotDeferrable).with("material", &found.spec.name));
    }
    if case.deferrals.iter().any(|known| known.matter == *matter && known.material == *material) {
        return Err(Refusal::new(Code::AlreadyDeferred).with("material", &found.spec.name));
    }
    if in_case.status == MatterStatus::Finished {
        return Err(Code::AlreadyFinished.into());
    }
    if !case.deferrable().any(|(known, lacking)| known.scope.code == *matter && lacking.spec.id == *material) {
        return Err(Refusal::new(Code::NotLacking).with("material", &found.spec.name));
    }
    if due < facts.today() {
        return Err(Code::DateInPast.into());
    }
    let last = facts.calendar.add_working_days(facts.today(), facts.policy.deferral_days).date;
    if due > last {
        return Err(Refusal::new(Code::DateTooFar).with("date", last.to_string()));
    }
    let consequence = consequence.map(str::trim).filter(|text| !text.is_empty());
    let consequence = consequence.unwrap_or("到期未补齐的，不发放办理结果；继续不补的，按撤回申请处理").to_owned();
    let (matter, material) = (matter.clone(), material.clone());
    Ok(vec![MaterialsEvent::MaterialDeferred { matter, material, due, consequence }.into()])
}

/// Staff hold it, or somebody does for them.
fn can_move(item: &Item) -> bool {
    item.handed_over.is_some() && item.place != Place::Client
}

/// An authority keeps a piece for good only where the service goes no further; before, its office says so when it finishes.
fn kept(case: &Case, office: &OfficeCode, reason: &str, facts: &Facts<'_>) -> Result<Place, Refusal> {
    if !case.is_leaving() {
        return Err(Refusal::new(Code::WrongStatus).with("status", case.status.name()));
    }
    reason_given(reason)?;
    match facts.directory.office(office) {
        Some(_) => Ok(Place::Kept { office: office.clone(), reason: reason.to_owned() }),
        None => Err(Refusal::new(Code::UnknownOffice).with("office", office.as_str())),
    }
}

fn move_material(case: &Case, id: &ItemId, to: &Destination, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let item = case.item(id).ok_or_else(|| Refusal::new(Code::UnknownItem).with("item", id.as_str()))?;
    if !can_move(item) {
        return Err(Refusal::new(Code::ItemNotHandedOver).with("item", id.as_str()));
    }
    let place = match to {
        Destination::Client(_) => return Err(Code::ReturnNeedsSignature.into()),
        Destination::Person(person) => match facts.directory.person(person) {
            Some(found) if found.active && found.office.is_some() => Place::Person(person.clone()),
            _ => return Err(Refusal::new(Code::UnknownPerson).with("person", person.as_str())),
        },
        Destination::Office(office) => match facts.directory.office(office) {
            Some(_) => Place::Office(office.clone()),
            None => return Err(Refusal::new(Code::UnknownOffice).with("office", office.as_str())),
        },
        Destination::Window(window) if window.trim().is_empty() => return Err(Code::NothingGiven.into()),
        Destination::Window(window) => Place::Window(window.clone()),
        Destination::Kept { office, reason } => kept(case, office, reason, facts)?,
    };
    if item.place == place {
        return Err(Refusal::new(Code::ItemAlreadyThere).with("item", id.as_str()));
    }
    Ok(vec![MaterialsEvent::MaterialMoved { item: id.clone(), from: item.place.clone(), to: place }.into()])
}
