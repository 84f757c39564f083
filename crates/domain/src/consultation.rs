//! The record of a consultation (咨询接待记录, S6.1): every visit and call has one, and every one has an owner.
//!
//! The first person asked stays responsible (首问负责) until the question is answered or a named colleague has *accepted* it. A question
//! that cannot be answered at once goes to the offices concerned for a joint reply (集中研究) with a date due.

use crate::catalogue::Catalogue;
use crate::identity::{OrgName, PersonName, TextError, Uscc, read_text};
use crate::ids::{CaseId, ConsultationId, MatterCode, OfficeCode, PartyId, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The longest question, answer or law told, in characters.
const LONGEST_TEXT: usize = 4000;

/// How somebody asked (S2.1, S5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationChannel {
    /// 来访.
    WalkIn,
    /// 来电.
    Phone,
    /// 网上.
    Online,
}

/// Who asked. Telephone and identity numbers are kept elsewhere, under the party's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The name to call them by; may be no more than 张先生.
    pub display_name: PersonName,
    /// The enterprise that they speak for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<OrgName>,
    /// Its credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<Uscc>,
    /// The party in the private store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
}

/// A joint reply that is being prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointReply {
    /// The offices asked, in order.
    pub offices: Vec<OfficeCode>,
    /// By when they reply.
    pub due: NaiveDate,
}

/// A consultation and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Its id.
    pub id: ConsultationId,
    /// When it was.
    pub at: DateTime<Utc>,
    /// How they asked.
    pub channel: ConsultationChannel,
    /// Who asked.
    pub applicant: Caller,
    /// What they asked.
    pub question: String,
    /// What they were told; none while the question is open.
    pub answer: Option<String>,
    /// Laws, policies and flows told.
    pub told: Vec<String>,
    /// The matters it was about.
    pub matters: Vec<MatterCode>,
    /// Who is responsible: the first person asked, or the colleague who accepted it.
    pub owner: Username,
    /// The colleague to whom it is offered and who has not accepted yet.
    #[serde(default)]
    pub offered_to: Option<Username>,
    /// The joint reply that is being prepared.
    #[serde(default)]
    pub joint_reply: Option<JointReply>,
    /// The case that it became.
    pub turned_into: Option<CaseId>,
}

/// What a clerk or a form gives to record a consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsultation {
    /// Its id.
    pub id: ConsultationId,
    /// When it was.
    pub at: DateTime<Utc>,
    /// How they asked.
    pub channel: ConsultationChannel,
    /// Who asked.
    pub applicant: Caller,
    /// What they asked.
    pub question: String,
    /// What they were told; none or empty if it could not be answered at once.
    pub answer: Option<String>,
    /// Laws, policies and flows told.
    pub told: Vec<String>,
    /// The matters it was about.
    pub matters: Vec<MatterCode>,
    /// The first person asked.
    pub owner: Username,
}

/// Why a consultation is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsultationError {
    /// Nobody is named as the first person asked.
    OwnerMissing,
    /// The question is empty.
    QuestionMissing,
    /// The answer is empty.
    AnswerMissing,
    /// A text is too long, or has a character that cannot be shown.
    Text {
        /// Which: `question`, `answer` or `told`.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// The catalogue has no such matter.
    UnknownMatter(MatterCode),
    /// The catalogue has no such office.
    UnknownOffice(OfficeCode),
    /// A joint reply needs at least one office.
    NoOffice,
    /// The date due lies before today.
    DueInThePast,
    /// The question is answered; there is nothing left to hand over or to study.
    AlreadyAnswered,
    /// Only the person responsible may do that.
    NotOwner {
        /// Who is responsible.
        owner: Username,
    },
    /// It was not offered to that person, or is theirs already.
    NotOffered,
    /// It has become a case already.
    AlreadyCase(CaseId),
}

impl fmt::Display for ConsultationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnerMissing => f.write_str("请写明首问责任人。"),
            Self::QuestionMissing => f.write_str("请记录对方问的是什么。"),
            Self::AnswerMissing => f.write_str("请填写答复内容。"),
            Self::Text { field, error } => write!(f, "{field}: {error}"),
            Self::UnknownMatter(code) => write!(f, "目录中没有事项“{code}”。请从目录中选择。"),
            Self::UnknownOffice(code) => write!(f, "没有部门“{code}”。请从部门表中选择。"),
            Self::NoOffice => f.write_str("请选择参加集中研究的部门。"),
            Self::DueInThePast => f.write_str("答复期限早于今天。请另选日期。"),
            Self::AlreadyAnswered => f.write_str("这条咨询已经答复，不能再转交或提交研究。"),
            Self::NotOwner { owner } => write!(f, "这条咨询的首问责任人是{owner}，请由责任人办理。"),
            Self::NotOffered => f.write_str("这条咨询没有转交给您，请先由责任人转交。"),
            Self::AlreadyCase(case) => write!(f, "这条咨询已经转为办件{case}。请到该办件中继续办理。"),
        }
    }
}

impl std::error::Error for ConsultationError {}

impl Consultation {
    /// Records a consultation (S6.1).
    ///
    /// # Errors
    /// [`ConsultationError`]: no owner, no question, a text too long, an unknown matter.
    pub fn record(new: NewConsultation, catalogue: &Catalogue) -> Result<Self, ConsultationError> {
        if new.owner.as_str().trim().is_empty() {
            return Err(ConsultationError::OwnerMissing);
        }
        if let Some(unknown) = new.matters.iter().find(|code| catalogue.matter(code).is_none()) {
            return Err(ConsultationError::UnknownMatter(unknown.clone()));
        }
        let answer = new.answer.as_deref().map(|text| bounded("answer", text)).transpose()?.flatten();
        let mut seen = BTreeSet::new();
        Ok(Self {
            id: new.id,
            at: new.at,
            channel: new.channel,
            applicant: new.applicant,
            question: bounded("question", &new.question)?.ok_or(ConsultationError::QuestionMissing)?,
            answer,
            told: all_bounded(&new.told)?,
            matters: new.matters.into_iter().filter(|code| seen.insert(code.clone())).collect(),
            owner: new.owner,
            offered_to: None,
            joint_reply: None,
            turned_into: None,
        })
    }

    /// Whether it still waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answer.is_none()
    }

    /// Whether a joint reply is overdue on a day (S6.1).
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_open() && self.joint_reply.as_ref().is_some_and(|joint| joint.due < today)
    }

    /// Answers it, or mends the answer; what was told is added to what was told before.
    ///
    /// # Errors
    /// [`ConsultationError`]: not the owner, no answer, a text too long.
    pub fn answer(&mut self, by: &Username, answer: &str, told: &[String]) -> Result<(), ConsultationError> {
        self.only_owner(by)?;
        let answer = bounded("answer", answer)?.ok_or(ConsultationError::AnswerMissing)?;
        for law in all_bounded(told)? {
            if !self.told.contains(&law) {
                self.told.push(law);
            }
        }
        self.answer = Some(answer);
        self.offered_to = None;
        Ok(())
    }

    /// Offers it to a colleague; the owner stays responsible until that colleague accepts.
    ///
    /// # Errors
    /// [`ConsultationError`]: not the owner, answered already, offered to nobody or to oneself.
    pub fn offer(&mut self, by: &Username, to: &Username) -> Result<(), ConsultationError> {
        self.only_owner(by)?;
        self.only_open()?;
        if to.as_str().trim().is_empty() {
            return Err(ConsultationError::OwnerMissing);
        }
        if *to == self.owner {
            return Err(ConsultationError::NotOffered);
        }
        self.offered_to = Some(to.clone());
        Ok(())
    }

    /// The colleague accepts and is responsible from now on.
    ///
    /// # Errors
    /// [`ConsultationError::NotOffered`], or [`ConsultationError::AlreadyAnswered`].
    pub fn accept(&mut self, by: &Username) -> Result<(), ConsultationError> {
        self.only_open()?;
        if self.offered_to.as_ref() != Some(by) {
            return Err(ConsultationError::NotOffered);
        }
        self.owner = by.clone();
        self.offered_to = None;
        Ok(())
    }

    /// Gives it to the offices concerned for a joint reply; the owner stays responsible for the answer.
    ///
    /// # Errors
    /// [`ConsultationError`]: not the owner, answered already, no office or an unknown one, a date before today.
    pub fn study_jointly(
        &mut self,
        by: &Username,
        offices: Vec<OfficeCode>,
        due: NaiveDate,
        today: NaiveDate,
        catalogue: &Catalogue,
    ) -> Result<(), ConsultationError> {
        self.only_owner(by)?;
        self.only_open()?;
        if offices.is_empty() {
            return Err(ConsultationError::NoOffice);
        }
        if let Some(unknown) = offices.iter().find(|code| catalogue.office(code).is_none()) {
            return Err(ConsultationError::UnknownOffice(unknown.clone()));
        }
        if due < today {
            return Err(ConsultationError::DueInThePast);
        }
        self.joint_reply = Some(JointReply { offices, due });
        Ok(())
    }

    /// Notes the case that it became.
    ///
    /// # Errors
    /// [`ConsultationError::AlreadyCase`] if it has become another case.
    pub fn turn_into(&mut self, case: CaseId) -> Result<(), ConsultationError> {
        match &self.turned_into {
            Some(other) if *other != case => Err(ConsultationError::AlreadyCase(other.clone())),
            _ => {
                self.turned_into = Some(case);
                Ok(())
            }
        }
    }

    fn only_owner(&self, by: &Username) -> Result<(), ConsultationError> {
        if *by == self.owner { Ok(()) } else { Err(ConsultationError::NotOwner { owner: self.owner.clone() }) }
    }

    fn only_open(&self) -> Result<(), ConsultationError> {
        if self.is_open() { Ok(()) } else { Err(ConsultationError::AlreadyAnswered) }
    }
}

/// The text without the spaces around it; none if nothing is left.
fn bounded(field: &'static str, text: &str) -> Result<Option<String>, ConsultationError> {
    match read_text(text, LONGEST_TEXT) {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(ConsultationError::Text { field, error }),
    }
}

fn all_bounded(texts: &[String]) -> Result<Vec<String>, ConsultationError> {
    texts.iter().filter_map(|text| bounded("told", text).transpose()).collect()
}

#[cfg(test)]
mod tests;
