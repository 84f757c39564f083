use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, choices, yes_or_no};
use crate::zh;

/// 咨询接待登记表: a question, who was asked first, and what was answered (S5.3, S6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationRecord {
    /// What stands on every page.
    pub head: Head,
    /// When the question came.
    pub asked_at: DateTime<Utc>,
    /// Who asked.
    pub person: String,
    /// For which enterprise, if for one.
    pub unit: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Which way the question came.
    pub channel: ConsultationChannel,
    /// The question.
    pub question: String,
    /// The answer; `None` leaves room to write it in.
    pub answer: Option<String>,
    /// Laws and rules that were named.
    pub laws: Vec<String>,
    /// 首问责任人: who was asked first and answers for it.
    pub first_responsible: String,
    /// To whom the question was handed over, if it was.
    pub passed_to: Option<String>,
    /// A study together with another office, if there was need of one.
    pub study: Option<JointStudy>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether the person was satisfied, where that was asked.
    pub satisfied: Option<bool>,
}

/// Which way a question came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationChannel {
    /// 来访
    Visit,
    /// 来电
    Phone,
    /// 网上
    Online,
    /// 即时通信
    Message,
}

impl ConsultationChannel {
    const ALL: [Self; 4] = [Self::Visit, Self::Phone, Self::Online, Self::Message];

    /// The words printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Visit => "来访",
            Self::Phone => "来电",
            Self::Online => "网上",
            Self::Message => "即时通信",
        }
    }
}

/// 会商: a question that several offices study together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointStudy {
    /// With which offices.
    pub offices: Vec<String>,
    /// By when.
    pub due: NaiveDate,
    /// What came of it.
    pub conclusion: Option<String>,
}

impl Paper for ConsultationRecord {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "咨询接待登记表"
    }

    fn view(&self) -> Value {
        let study = self.study.as_ref().map(|study| {
            json!({"offices": zh::list(&study.offices), "due": zh::date(study.due), "conclusion": study.conclusion})
        });
        json!({
            "asked_at": zh::moment(self.asked_at),
            "person": self.person,
            "unit": self.unit,
            "phone": self.phone,
            "channel": choices(&ConsultationChannel::ALL, ConsultationChannel::label, Some(self.channel)),
            "question": self.question,
            "answer": self.answer,
            "laws": self.laws,
            "first_responsible": self.first_responsible,
            "passed_to": self.passed_to,
            "study": study,
            "answered_at": self.answered_at.map(zh::moment),
            "satisfied": yes_or_no(["满意", "不满意"], self.satisfied),
        })
    }
}
