//! Steps about what the client hands in: check, notice, pieces.

use super::plans::Twist;
use super::play::{Act, Player, Step, agent};
use domain::case::{
    Case, CaseMaterial, CaseMatter, CheckResult, ItemInput, MaterialCheck, MaterialStatus, MaterialsCommand,
    NoticeReason,
};
use domain::catalogue::MaterialSource;
use domain::custody::PieceForm;
use domain::ids::{MaterialId, MatterCode};

const DAY: u32 = 390;
/// So many materials the first check finds lacking, where it finds any.
const LACKING: usize = 2;

impl Player {
    pub(super) fn has(&self, twist: Twist) -> bool {
        self.plan.twists.contains(&twist)
    }

    /// Checks everything that the client owes, at one go.
    pub(super) fn check(&self, case: &Case) -> Option<Step> {
        let unchecked: Vec<&CaseMaterial> =
            asked(case).filter(|material| case.material_status(material) == MaterialStatus::Unchecked).collect();
        if unchecked.is_empty() {
            return None;
        }
        let is_first = case.notices.is_empty() && case.items.is_empty();
        let lacking = if self.has(Twist::Lacks) && is_first { LACKING.min(unchecked.len()) } else { 0 };
        let checks = unchecked.iter().enumerate().map(|(at, material)| {
            let (result, why) = match at {
                _ if at >= lacking => (CheckResult::Ok, None),
                0 => (CheckResult::Missing, None),
                _ => (CheckResult::Wrong, Some("复印件上的日期看不清，请重新提供".to_owned())),
            };
            MaterialCheck { material: material.spec.id.clone(), result, why }
        });
        let command = MaterialsCommand::CheckMaterials { checks: checks.collect() };
        self.soon("check", 40, 200, agent(case), command)
    }

    /// One notice for all that lacks; what it left out makes a second, which is a breach (S6.2).
    pub(super) fn notice(&self, case: &Case) -> Option<Step> {
        let is_named =
            |id: &MaterialId| case.notices.iter().any(|n| n.entries.iter().any(|entry| entry.material == *id));
        let is_new = asked(case).any(|material| is_lacking(case, material) && !is_named(&material.spec.id));
        if is_new {
            let matters = case.matters.iter().map(|matter| matter.scope.code.clone()).collect();
            let reason_code = (!case.notices.is_empty()).then_some(NoticeReason::Overlooked);
            let command = MaterialsCommand::IssueNotice { matters, reason_code };
            return self.soon(&format!("notice {}", case.notices.len()), 5, 60, agent(case), command);
        }
        if !self.has(Twist::SecondNotice) || case.notices.len() != 1 {
            return None;
        }
        let overlooked = asked(case).find(|material| case.material_status(material) == MaterialStatus::Ok)?;
        let check = MaterialCheck { material: overlooked.spec.id.clone(), result: CheckResult::Missing, why: None };
        self.soon("overlooked", DAY, 2 * DAY, agent(case), MaterialsCommand::CheckMaterials { checks: vec![check] })
    }

    /// The client brings everything that the matters need, not only what may begin now.
    pub(super) fn receive(&self, case: &Case) -> Option<Step> {
        let mut lacking: Vec<&CaseMaterial> = Vec::new();
        for material in case.matters.iter().flat_map(|matter| case.lacking(&matter.scope.code)) {
            if !lacking.iter().any(|known| known.spec.id == material.spec.id) {
                lacking.push(material);
            }
        }
        if lacking.is_empty() {
            return None;
        }
        let items = lacking.into_iter().map(|material| self.piece(material)).collect();
        let (low, high) = if case.notices.is_empty() { (60, DAY) } else { (DAY, 3 * DAY) };
        self.act(&format!("receive {}", case.items.len()), low, high, agent(case), Act::Receive(items))
    }

    /// The client has brought what the check found lacking, so a window can accept the matter.
    pub(super) fn found_right(&self, case: &Case, matter: &MatterCode) -> Option<Step> {
        let ok = |m: &CaseMaterial| MaterialCheck { material: m.spec.id.clone(), result: CheckResult::Ok, why: None };
        let checks: Vec<MaterialCheck> = case.lacking_at_window(matter).map(ok).collect();
        if checks.is_empty() {
            return None;
        }
        self.soon("found right", DAY, 3 * DAY, agent(case), MaterialsCommand::CheckMaterials { checks })
    }

    fn piece(&self, material: &CaseMaterial) -> ItemInput {
        let name = &material.spec.name;
        let form = material.spec.form;
        ItemInput {
            material: material.spec.id.clone(),
            form,
            pages: self.chance.between(&format!("pages {name}"), 1, 18),
            copies: material.spec.copies.max(1),
            to_return: form == PieceForm::Original && self.chance.happens(&format!("return {name}"), 30),
            file: None,
            label: None,
            condition: None,
        }
    }

    /// What an intermediary makes comes some days later.
    pub(super) fn intermediary(&self, case: &Case, matter: &CaseMatter) -> Option<Step> {
        let code = &matter.scope.code;
        let made: Vec<MaterialCheck> = case
            .lacking_for_submission(code)
            .filter(|material| material.spec.source == MaterialSource::Intermediary)
            .map(|m| MaterialCheck { material: m.spec.id.clone(), result: CheckResult::Ok, why: None })
            .collect();
        if made.is_empty() {
            return None;
        }
        let at = self.after(matter.offered_at?, &format!("made {code}"), DAY, 8 * DAY);
        let command = MaterialsCommand::CheckMaterials { checks: made };
        Some(Step { at, who: agent(case), what: Act::Give(Box::new(command.into())) })
    }
}

/// Materials that the client owes for some matter.
fn asked(case: &Case) -> impl Iterator<Item = &CaseMaterial> {
    case.materials.iter().filter(|material| {
        let is_needed = material.spec.needed_by.iter().any(|need| need.required) || is_lacking(case, material);
        material.spec.source == MaterialSource::Applicant && is_needed
    })
}

fn is_lacking(case: &Case, material: &CaseMaterial) -> bool {
    matches!(case.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
}
