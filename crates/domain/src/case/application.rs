//! The application: who, which matters, agency or assistance (S2.1, S4).

use super::command::{ApplicationCommand, CommandKind};
use super::event::{ApplicationEvent, Event, ModeReason};
use super::refusal::{Code, Refusal};
use super::state::{Case, MatterStatus, Need, Project, ScopedMaterial, ScopedMatter};
use super::status::{CaseChannel, DeliveryWay, Status};
use super::{Facts, in_status, order, reason_given, still_open};
use crate::catalogue::{Catalogue, Form, Mode, how_to_get, merge_materials, propose_mode};
use crate::custody::PieceForm;
use crate::identity::Uscc;
use crate::ids::{ConsultationId, MaterialId, MatterCode, PartyId, TemplateCode};
use crate::people::OfficeKind;
use std::collections::HashMap;

/// What an application says, as far as the rules need it. Names and numbers of persons are kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The number that the case gets.
    pub number: String,
    /// The applicant.
    pub applicant: PartyId,
    /// It has no credit code yet (S5.3).
    pub founding: bool,
    /// The project.
    pub project: Option<Project>,
    /// How it came in.
    pub channel: CaseChannel,
    /// How the results are wanted.
    pub delivery: DeliveryWay,
    /// The consultation it came from.
    pub consultation: Option<ConsultationId>,
    /// The template it was made from.
    pub template: Option<TemplateCode>,
    /// The matters, where no template gives them; with a template, those in addition.
    pub matters: Vec<MatterCode>,
    /// The mode that was asked for; otherwise the program's proposal.
    pub mode: Option<Mode>,
}

/// The first event of a case.
///
/// # Errors
/// Unknown template or matter, or no matter at all.
pub fn submit(application: &Application, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let codes = scope_of(application, facts.catalogue)?;
    let proposal = propose_mode(facts.catalogue, &codes);
    Ok(ApplicationEvent::ApplicationSubmitted {
        number: application.number.clone(),
        applicant: application.applicant.clone(),
        founding: application.founding,
        project: application.project.clone(),
        channel: application.channel,
        delivery: application.delivery,
        consultation: application.consultation.clone(),
        template: application.template.clone(),
        mode: application.mode.unwrap_or(proposal.mode),
        proposal,
        matters: scoped_matters(&codes, facts)?,
        materials: scoped_materials(&codes, facts.catalogue, &HashMap::new(), 0),
    }
    .into())
}

/// The matters of an application in list order, each once.
fn scope_of(application: &Application, catalogue: &Catalogue) -> Result<Vec<MatterCode>, Refusal> {
    let mut codes = match &application.template {
        None => Vec::new(),
        Some(code) => match catalogue.template(code) {
            Some(template) => template.matters.clone(),
            None => return Err(Refusal::new(Code::UnknownTemplate).with("template", code.as_str())),
        },
    };
    for code in &application.matters {
        known(catalogue, code)?;
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    if codes.is_empty() { Err(Code::NoMatters.into()) } else { Ok(codes) }
}

fn known<'a>(catalogue: &'a Catalogue, code: &MatterCode) -> Result<&'a crate::catalogue::Matter, Refusal> {
    catalogue.matter(code).ok_or_else(|| Refusal::new(Code::UnknownMatter).with("matter", code.as_str()))
}

fn scoped_matters(codes: &[MatterCode], facts: &Facts<'_>) -> Result<Vec<ScopedMatter>, Refusal> {
    codes
        .iter()
        .map(|code| {
            let matter = known(facts.catalogue, code)?;
            let office = facts.directory.office(&matter.department);
            Ok(ScopedMatter {
                code: code.clone(),
                office: matter.department.clone(),
                outside: office.is_none_or(|office| office.kind == OfficeKind::Outside),
                prerequisites: matter.depends_on.clone(),
                limit: matter.promised,
                statutory: matter.statutory,
                extension_days: matter.extension_days,
                special: matter.special_procedures.clone(),
                after: matter.soft_after.clone(),
                level: matter.level.clone(),
                outside_system: !matter.system.is_empty() && !facts.policy.own_systems.contains(&matter.system),
                system: matter.system.clone(),
            })
        })
        .collect()
}

/// The materials of a scope. One that was in the case before keeps its id; `ever` ids have been given already.
fn scoped_materials(
    codes: &[MatterCode],
    catalogue: &Catalogue,
    before: &HashMap<String, MaterialId>,
    ever: u32,
) -> Vec<ScopedMaterial> {
    let mut last = ever;
    let mut id_for = |key: &str| {
        before.get(key).cloned().unwrap_or_else(|| {
            last += 1;
            MaterialId(format!("M{last}"))
        })
    };
    merge_materials(catalogue, codes)
        .into_iter()
        .map(|merged| {
            let key = merged.key.0.clone();
            ScopedMaterial {
                id: id_for(&key),
                key,
                how_to_get: how_to_get(&merged.spec, catalogue),
                name: merged.name,
                form: match merged.spec.form {
                    Form::Form | Form::Original => PieceForm::Original,
                    Form::Copy => PieceForm::Copy,
                    Form::Electronic => PieceForm::Electronic,
                },
                copies: merged.spec.copies,
                source: merged.spec.source,
                from_matters: merged.from_matters,
                condition: merged.spec.condition,
                needed_by: merged
                    .matters
                    .into_iter()
                    .map(|used| Need { matter: used.matter, required: used.required, deferrable: used.deferrable })
                    .collect(),
            }
        })
        .collect()
}

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::ChooseMode => {
            in_status(case, &[Status::Submitted, Status::Accepted, Status::Preparing, Status::Running])?;
            // Once pieces are handed over there is an agent who answers for them: only withdrawal leads back.
            let is_fixed = case.status == Status::Running || case.handover_signed_at.is_some();
            if is_fixed { Err(Code::ModeFixed.into()) } else { Ok(()) }
        }
        CommandKind::AttachUscc => {
            still_open(case)?;
            if case.founding { Ok(()) } else { Err(Code::NotFounding.into()) }
        }
        CommandKind::SetGoal => still_open(case),
        _ => in_status(case, &[Status::Submitted, Status::Accepted, Status::Preparing, Status::Running]),
    }
}

pub(super) fn decide(case: &Case, command: &ApplicationCommand, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        ApplicationCommand::ChooseMode { mode } => Ok(if *mode == case.mode {
            vec![]
        } else {
            vec![ApplicationEvent::ModeChosen { mode: *mode, was: case.mode, because: None }.into()]
        }),
        ApplicationCommand::ChangeMatters { add, remove, reason } => change_matters(case, add, remove, reason, facts),
        ApplicationCommand::AttachUscc { uscc } => {
            let uscc = Uscc::parse(uscc).map_err(|error| {
                Refusal::new(Code::UsccInvalid)
                    .with("position", error.position().map_or_else(String::new, |p| p.to_string()))
            })?;
            Ok(vec![ApplicationEvent::UsccAttached { uscc: uscc.to_string() }.into()])
        }
        ApplicationCommand::SetGoal { milestone, date } => order::set_goal(case, milestone, *date, facts),
    }
}

/// What follows from the date alone: an agency application whose materials are not there by the date of the one-time notice
/// becomes assistance (S6.2). Each notice does that once; the client may choose agency again.
#[must_use]
pub fn lapse(case: &Case, facts: &Facts<'_>) -> Option<Event> {
    let can_change = case.status == Status::Preparing && case.mode == Mode::Agency && case.handover_signed_at.is_none();
    let lacking = case.lacking_to_start();
    let is_owed = |id: &MaterialId| lacking.iter().any(|material| material.spec.id == *id);
    let has_lapsed = case.notices.iter().any(|notice| {
        notice.number > case.lapsed_notices
            && notice.due < facts.today()
            && notice.entries.iter().any(|entry| is_owed(&entry.material))
    });
    let because = Some(ModeReason::NoticeLapsed);
    (can_change && has_lapsed)
        .then(|| ApplicationEvent::ModeChosen { mode: Mode::Assistance, was: case.mode, because }.into())
}

fn change_matters(
    case: &Case,
    add: &[MatterCode],
    remove: &[MatterCode],
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    reason_given(reason)?;
    if add.is_empty() && remove.is_empty() {
        return Err(Code::NothingGiven.into());
    }
    for code in remove {
        let matter =
            case.matter(code).ok_or_else(|| Refusal::new(Code::MatterNotInCase).with("matter", code.as_str()))?;
        if !matches!(
            matter.status,
            MatterStatus::Planned | MatterStatus::Offered | MatterStatus::Declined | MatterStatus::Claimed
        ) {
            return Err(Refusal::new(Code::MatterUnderWay).with("matter", code.as_str()));
        }
    }
    let mut codes: Vec<MatterCode> =
        case.matters.iter().map(|m| m.scope.code.clone()).filter(|code| !remove.contains(code)).collect();
    let mut added = Vec::new();
    for code in add {
        known(facts.catalogue, code)?;
        if codes.contains(code) {
            return Err(Refusal::new(Code::MatterInCase).with("matter", code.as_str()));
        }
        codes.push(code.clone());
        added.push(code.clone());
    }
    if codes.is_empty() {
        return Err(Code::NoMatters.into());
    }
    let added = scoped_matters(&added, facts)?;
    order::has_a_turn(case, &added, remove)?;
    let before = case.materials.iter().map(|m| (m.spec.key.clone(), m.spec.id.clone())).collect();
    Ok(vec![
        ApplicationEvent::MattersChanged {
            added,
            removed: remove.to_vec(),
            materials: keep_used(case, scoped_materials(&codes, facts.catalogue, &before, case.materials_ever)),
            proposal: propose_mode(facts.catalogue, &codes),
            reason: reason.to_owned(),
        }
        .into(),
    ])
}

/// Keeps a material that has pieces although no matter needs it any more: its originals must still find their way back.
fn keep_used(case: &Case, mut materials: Vec<ScopedMaterial>) -> Vec<ScopedMaterial> {
    for material in &case.materials {
        let is_there = materials.iter().any(|m| m.id == material.spec.id);
        if !is_there && case.items_for(&material.spec.id).next().is_some() {
            materials.push(ScopedMaterial { needed_by: Vec::new(), ..material.spec.clone() });
        }
    }
    materials
}
