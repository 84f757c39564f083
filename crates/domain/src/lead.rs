//! A lead on a project before any application (提前介入、靠前服务, S5.3): whose project it may become, which of us is named for it,
//! what was said on each visit, what is to be done next; and once, the case that it became.
//!
//! The applicant's contact and identity number are kept elsewhere, encrypted. Every method answers the line that is to be
//! appended to the lead's history: lines are never changed.

mod error;

pub use error::LeadError;

use crate::calendar::is_near;
use crate::case::Project;
use crate::catalogue::Catalogue;
use crate::identity::{OrgName, TextError, Uscc, read_text};
use crate::ids::{CaseId, LeadId, MatterCode, TemplateCode, Username};
use crate::people::Directory;
use crate::plan::{Edges, Plan};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest text of a visit or a reason, in characters.
const LONGEST_TEXT: usize = 4000;
/// The longest name of a place, of a kind of project, of those who met, of a step.
const LONGEST_LINE: usize = 200;
/// The most steps and visits of one lead.
const MOST: usize = 500;

/// The milestone that begins the building, in the catalogue.
pub const BUILDING: &str = "MS-KG";

/// How a lead came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadSource {
    /// 走访企业.
    Visit,
    /// 招商引资.
    Investment,
    /// 部门或苏木镇推送.
    Referral,
    /// 企业来访、来电.
    Inquiry,
    /// 其他.
    Other,
}

impl LeadSource {
    /// Every source, in the order of forms.
    pub const ALL: [Self; 5] = [Self::Visit, Self::Investment, Self::Referral, Self::Inquiry, Self::Other];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Investment => "investment",
            Self::Referral => "referral",
            Self::Inquiry => "inquiry",
            Self::Other => "other",
        }
    }

    /// Reads a source's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// The project as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadProject {
    /// Its name.
    pub name: String,
    /// Planned investment in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub investment_fen: Option<i64>,
    /// Where it may stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What kind of project, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When they want to begin building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_start: Option<NaiveDate>,
}

impl LeadProject {
    /// The project as an application takes it.
    #[must_use]
    pub fn applied_for(&self) -> Project {
        Project { name: self.name.clone(), investment_fen: self.investment_fen, site: self.site.clone() }
    }
}

/// Something that is to be done next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// What.
    pub what: String,
    /// By when.
    pub due: NaiveDate,
}

/// A planned step and when it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub what: String,
    /// By when.
    pub due: NaiveDate,
    /// The day of the visit that settled it.
    pub done_on: Option<NaiveDate>,
}

/// A visit or a talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The day.
    pub on: NaiveDate,
    /// Who met, on both sides.
    pub who: String,
    /// Where.
    pub place: String,
    /// What was said.
    pub said: String,
    /// Numbers of the planned steps that it settled, from 1.
    #[serde(default)]
    pub done: Vec<usize>,
    /// What is to be done next.
    #[serde(default)]
    pub next: Option<NextStep>,
}

/// Where a lead stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum LeadStatus {
    /// It is being followed.
    Open,
    /// It became a case.
    Applied {
        /// The case.
        case: CaseId,
    },
    /// It is followed no more.
    Closed {
        /// Why.
        reason: String,
    },
}

impl LeadStatus {
    /// Every name, in the order of lists.
    pub const NAMES: [&'static str; 3] = ["open", "applied", "closed"];

    /// The name in lists and on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => Self::NAMES[0],
            Self::Applied { .. } => Self::NAMES[1],
            Self::Closed { .. } => Self::NAMES[2],
        }
    }
}

/// A lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// Who wrote it down, and answers for it until an agent is named.
    pub recorded_by: Username,
    /// The enterprise's name, or a working name.
    pub name: OrgName,
    /// Its credit code, if it has one.
    #[serde(default)]
    pub uscc: Option<Uscc>,
    /// The project.
    pub project: LeadProject,
    /// How it came to us.
    pub source: LeadSource,
    /// The likely template.
    #[serde(default)]
    pub template: Option<TemplateCode>,
    /// Likely matters beside the template's.
    #[serde(default)]
    pub matters: Vec<MatterCode>,
    /// The named agent.
    #[serde(default)]
    pub agent: Option<Username>,
    /// Planned steps, in the order in which they were planned.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Visits, in the order in which they were written down.
    #[serde(default)]
    pub visits: Vec<Visit>,
    /// Where it stands.
    pub status: LeadStatus,
}

/// What is given to write down a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLead {
    /// Its id.
    pub id: LeadId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who writes it down.
    pub recorded_by: Username,
    /// The enterprise's name, or a working name.
    pub name: OrgName,
    /// Its credit code, if it has one.
    pub uscc: Option<Uscc>,
    /// The project.
    pub project: LeadProject,
    /// How it came to us.
    pub source: LeadSource,
    /// The likely template.
    pub template: Option<TemplateCode>,
    /// Likely matters.
    pub matters: Vec<MatterCode>,
    /// Planned steps.
    pub steps: Vec<NextStep>,
}

/// A line of a lead's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LeadLine {
    /// It was written down.
    Recorded {
        /// As it was then.
        lead: Box<Lead>,
    },
    /// An agent was named.
    Assigned {
        /// Who.
        agent: Username,
        /// Who it was before.
        was: Option<Username>,
    },
    /// There was a visit.
    Visited {
        /// The visit.
        visit: Visit,
    },
    /// It became a case.
    Applied {
        /// The case.
        case: CaseId,
    },
    /// It is followed no more.
    Closed {
        /// Why.
        reason: String,
    },
}

/// What the likely matters amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadPlan {
    /// The plan with promised days in the usual order.
    pub plan: Plan,
    /// Working days until building may begin; none where no matter of the list has to be finished before.
    pub days_to_building: Option<u32>,
}

impl Lead {
    /// Writes down a lead (S5.3).
    ///
    /// # Errors
    /// [`LeadError`]: a text, an unknown matter or template, a step before today, a day too far off.
    pub fn record(new: NewLead, catalogue: &Catalogue, today: NaiveDate) -> Result<(Self, LeadLine), LeadError> {
        if let Some(unknown) = new.matters.iter().find(|code| catalogue.matter(code).is_none()) {
            return Err(LeadError::UnknownMatter(unknown.clone()));
        }
        if new.template.as_ref().is_some_and(|code| catalogue.template(code).is_none()) {
            return Err(LeadError::UnknownTemplate);
        }
        if new.project.wanted_start.is_some_and(|day| !is_near(day, today)) {
            return Err(LeadError::DateTooFar { field: "/project/wanted_start" });
        }
        let kind = new.project.kind.as_deref().map(|kind| optional("/project/kind", kind)).transpose()?.flatten();
        if new.steps.len() > MOST {
            return Err(LeadError::TooMany);
        }
        let mut seen = BTreeSet::new();
        let lead = Self {
            id: new.id,
            at: new.at,
            recorded_by: new.recorded_by,
            name: new.name,
            uscc: new.uscc,
            project: LeadProject { kind, ..new.project },
            source: new.source,
            template: new.template,
            matters: new.matters.into_iter().filter(|code| seen.insert(code.clone())).collect(),
            agent: None,
            steps: new.steps.into_iter().map(|step| planned("/steps", step, today)).collect::<Result<_, _>>()?,
            visits: Vec::new(),
            status: LeadStatus::Open,
        };
        let line = LeadLine::Recorded { lead: Box::new(lead.clone()) };
        Ok((lead, line))
    }

    /// Names the agent; no line if it is that one already.
    ///
    /// # Errors
    /// [`LeadError::NotQualified`], or it is open no more.
    pub fn assign(&mut self, agent: &Username, directory: &Directory) -> Result<Option<LeadLine>, LeadError> {
        self.only_open()?;
        if !directory.person(agent).is_some_and(crate::people::Person::can_be_agent) {
            return Err(LeadError::NotQualified);
        }
        if self.agent.as_ref() == Some(agent) {
            return Ok(None);
        }
        let was = self.agent.replace(agent.clone());
        Ok(Some(LeadLine::Assigned { agent: agent.clone(), was }))
    }

    /// Writes down a visit: what was said, which steps it settled, what comes next.
    ///
    /// # Errors
    /// [`LeadError`]: a text, a day to come, a step that is not open, a next step before today, open no more.
    pub fn visit(&mut self, visit: Visit, today: NaiveDate) -> Result<LeadLine, LeadError> {
        self.only_open()?;
        if self.visits.len() >= MOST || self.steps.len() >= MOST {
            return Err(LeadError::TooMany);
        }
        if visit.on > today {
            return Err(LeadError::VisitToCome);
        }
        if !is_near(visit.on, today) {
            return Err(LeadError::DateTooFar { field: "/on" });
        }
        let is_open = |number: usize| {
            let step = number.checked_sub(1).and_then(|at| self.steps.get(at));
            step.is_some_and(|step| step.done_on.is_none())
        };
        if let Some(number) = visit.done.iter().find(|number| !is_open(**number)) {
            return Err(LeadError::UnknownStep(*number));
        }
        let visit = Visit {
            who: line("/who", &visit.who)?,
            place: line("/place", &visit.place)?,
            said: text("/said", &visit.said)?,
            ..visit
        };
        let next = visit.next.clone().map(|step| planned("/next", step, today)).transpose()?;
        for number in &visit.done {
            if let Some(step) = self.steps.get_mut(number - 1) {
                step.done_on = Some(visit.on);
            }
        }
        self.steps.extend(next);
        self.visits.push(visit.clone());
        Ok(LeadLine::Visited { visit })
    }

    /// Notes the case that it became; it becomes one only once.
    ///
    /// # Errors
    /// It became a case before, or it is closed.
    pub fn turn_into(&mut self, case: &CaseId) -> Result<LeadLine, LeadError> {
        self.only_open()?;
        self.status = LeadStatus::Applied { case: case.clone() };
        Ok(LeadLine::Applied { case: case.clone() })
    }

    /// Follows it no more.
    ///
    /// # Errors
    /// No reason, or it is open no more.
    pub fn close(&mut self, reason: &str) -> Result<LeadLine, LeadError> {
        self.only_open()?;
        let reason = text("/reason", reason)?;
        self.status = LeadStatus::Closed { reason: reason.clone() };
        Ok(LeadLine::Closed { reason })
    }

    /// Whether something can still be done to it.
    ///
    /// # Errors
    /// [`LeadError::Applied`] or [`LeadError::Closed`].
    pub fn only_open(&self) -> Result<(), LeadError> {
        match &self.status {
            LeadStatus::Open => Ok(()),
            LeadStatus::Applied { case } => Err(LeadError::Applied(case.clone())),
            LeadStatus::Closed { .. } => Err(LeadError::Closed),
        }
    }

    /// Who answers for it: the agent, or whoever wrote it down while none is named.
    #[must_use]
    pub fn owner(&self) -> &Username {
        self.agent.as_ref().unwrap_or(&self.recorded_by)
    }

    /// The step that is due next: the earliest that is not done; none once the lead is open no more.
    #[must_use]
    pub fn next_step(&self) -> Option<&Step> {
        if self.status != LeadStatus::Open {
            return None;
        }
        self.steps.iter().filter(|step| step.done_on.is_none()).min_by_key(|step| step.due)
    }

    /// The likely matters: the template's, then those beside it.
    #[must_use]
    pub fn likely_matters(&self, catalogue: &Catalogue) -> Vec<MatterCode> {
        let of_template = self.template.as_ref().and_then(|code| catalogue.template(code));
        let mut seen = BTreeSet::new();
        let all = of_template.into_iter().flat_map(|template| &template.matters).chain(&self.matters);
        all.filter(|code| seen.insert((*code).clone())).cloned().collect()
    }

    /// What the likely matters amount to, if there are any.
    #[must_use]
    pub fn plan(&self, catalogue: &Catalogue) -> Option<LeadPlan> {
        let codes = self.likely_matters(catalogue);
        if codes.is_empty() {
            return None;
        }
        let plan = Plan::compute(catalogue, &codes, Edges::All, false);
        let building = catalogue.milestones().iter().find(|milestone| milestone.code == BUILDING);
        let before = building.into_iter().flat_map(|milestone| &milestone.requires);
        let days_to_building = before.filter_map(|code| plan.matter(code)).map(|matter| matter.earliest_finish).max();
        Some(LeadPlan { plan, days_to_building })
    }
}

fn planned(field: &'static str, step: NextStep, today: NaiveDate) -> Result<Step, LeadError> {
    if step.due < today {
        return Err(LeadError::StepInThePast { field });
    }
    if !is_near(step.due, today) {
        return Err(LeadError::DateTooFar { field });
    }
    Ok(Step { what: line(field, &step.what)?, due: step.due, done_on: None })
}

fn text(field: &'static str, text: &str) -> Result<String, LeadError> {
    read_text(text, LONGEST_TEXT).map_err(|error| LeadError::Text { field, error })
}

fn line(field: &'static str, text: &str) -> Result<String, LeadError> {
    read_text(text, LONGEST_LINE).map_err(|error| LeadError::Text { field, error })
}

fn optional(field: &'static str, text: &str) -> Result<Option<String>, LeadError> {
    match line(field, text) {
        Ok(text) => Ok(Some(text)),
        Err(LeadError::Text { error: TextError::Empty, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
