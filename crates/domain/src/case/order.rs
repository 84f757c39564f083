//! The usual order of matters, which an office lifts by a preliminary look (预审), and the day that a project is planned for.

use super::event::{ApplicationEvent, Event, MatterEvent};
use super::refusal::{Code, Refusal};
use super::state::{Case, CaseMatter, MatterStatus, ScopedMatter};
use super::{Facts, reason_given};
use crate::calendar::is_near;
use crate::catalogue::Milestone;
use crate::ids::{MatterCode, Username};
use crate::plan::in_circle;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A step of the usual order that was lifted by a recorded opinion (预审).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// The matter that usually comes before.
    pub before: MatterCode,
    /// What the preliminary look found.
    pub opinion: String,
    /// Who gave it.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// The day on which a milestone is wanted, such as the start of building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// The milestone's code in the catalogue.
    pub milestone: String,
    /// The day.
    pub date: NaiveDate,
    /// Who set it.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

impl Case {
    /// Whether the case has a matter that a milestone asks for. One without any has no date in the plan.
    #[must_use]
    pub fn leads_to(&self, milestone: &Milestone) -> bool {
        milestone.requires.iter().any(|code| self.matter(code).is_some())
    }

    /// Matters of the case that usually come before this one, are not finished, and whose place in the order is not lifted.
    #[must_use]
    pub fn open_order<'a>(&self, matter: &'a CaseMatter) -> Vec<&'a MatterCode> {
        let is_open = |code: &MatterCode| self.matter(code).is_some_and(|m| m.status != MatterStatus::Finished);
        let is_lifted = |code: &MatterCode| matter.lifted.iter().any(|lifted| lifted.before == *code);
        matter.scope.after.iter().filter(|code| is_open(code) && !is_lifted(code)).collect()
    }
}

/// Refuses added matters that could never be submitted. Each version of the catalogue is without circles, but a case keeps the
/// order that held when its matters entered, and matters of two versions can put each other first.
pub(super) fn has_a_turn(case: &Case, added: &[ScopedMatter], removed: &[MatterCode]) -> Result<(), Refusal> {
    let kept = case.matters.iter().filter(|m| m.status != MatterStatus::Finished && !removed.contains(&m.scope.code));
    let order: Vec<_> = kept
        .map(|matter| &matter.scope)
        .chain(added)
        .map(|scope| (&scope.code, scope.prerequisites.iter().collect()))
        .collect();
    let stuck = in_circle(&order);
    if added.iter().any(|scope| stuck.contains(&scope.code)) {
        return Err(Refusal::new(Code::OrderInCircle).naming("matters", stuck.iter().map(MatterCode::as_str)));
    }
    Ok(())
}

/// Lifts one step of the usual order. What the law puts first is never lifted (S5.3).
pub(super) fn lift(
    case: &Case,
    matter: &CaseMatter,
    before: &MatterCode,
    opinion: &str,
) -> Result<Vec<Event>, Refusal> {
    if case.matter(before).is_none() {
        return Err(Refusal::new(Code::MatterNotInCase).with("matter", before.as_str()));
    }
    if matter.scope.prerequisites.contains(before) {
        return Err(Refusal::new(Code::PrerequisiteOpen).with("matters", before.as_str()));
    }
    if !matter.scope.after.contains(before) {
        return Err(Refusal::new(Code::NotInOrder).with("matters", before.as_str()));
    }
    if !case.open_order(matter).contains(&before) {
        return Err(Code::OrderSettled.into());
    }
    reason_given(opinion)?;
    let (matter, before, opinion) = (matter.scope.code.clone(), before.clone(), opinion.trim().to_owned());
    Ok(vec![MatterEvent::OrderLifted { matter, before, opinion }.into()])
}

/// A day can be wanted only for a milestone that something in the case leads to.
pub(super) fn guard_goal(case: &Case, facts: &Facts<'_>) -> Result<(), Refusal> {
    let leads = facts.catalogue.milestones().iter().any(|milestone| case.leads_to(milestone));
    if leads { Ok(()) } else { Err(Code::MilestoneNotInCase.into()) }
}

/// Sets the day on which a milestone of the catalogue is wanted.
///
/// # Errors
/// An unknown milestone, one that nothing in the case leads to, a day before today or more than ten years off.
pub fn set_goal(case: &Case, milestone: &str, date: NaiveDate, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    guard_goal(case, facts)?;
    let known = facts.catalogue.milestones().iter().find(|known| known.code == milestone);
    let known = known.ok_or_else(|| Refusal::new(Code::UnknownMilestone).with("milestone", milestone))?;
    if !case.leads_to(known) {
        return Err(Refusal::new(Code::MilestoneNotInCase).with("milestone", known.name.as_str()));
    }
    if date < facts.today() {
        return Err(Code::DateInPast.into());
    }
    if !is_near(date, facts.today()) {
        return Err(Code::DateTooFar.into());
    }
    Ok(vec![ApplicationEvent::GoalSet { milestone: milestone.to_owned(), date }.into()])
}
