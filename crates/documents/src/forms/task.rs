use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 交办单: a matter given to the office concerned, with the field in which it takes the responsibility (S5.3, 责任认领).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSlip {
    /// What stands on every page.
    pub head: Head,
    /// The office that is to do it.
    pub to: String,
    /// The office that gives it.
    pub from: String,
    /// Number of the case.
    pub case_number: String,
    /// Whose case it is.
    pub client: String,
    /// Name of the matter.
    pub matter: String,
    /// What is to be done.
    pub task: String,
    /// Laws and rules on which it rests.
    pub legal_grounds: Vec<String>,
    /// What goes with it.
    pub materials: Vec<String>,
    /// By when the office is to claim or decline it.
    pub claim_by: DateTime<Utc>,
    /// By when it is to be done; `None`, where no limit binds the matter, leaves the blank to be filled by hand.
    pub due: Option<NaiveDate>,
    /// Whom to ask.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// The day of the slip.
    pub issued_on: NaiveDate,
    /// What the office answered; `None` leaves the field to be filled by hand.
    pub answer: Option<TaskAnswer>,
}

/// What the office answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAnswer {
    /// Claimed, declined or forwarded.
    pub decision: TaskDecision,
    /// Who answered.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// 责任认领.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum TaskDecision {
    /// 认领
    Claimed {
        /// Who does it.
        person: String,
        /// Telephone.
        phone: String,
    },
    /// 不予认领
    Declined {
        /// Why.
        reason: String,
    },
    /// 转交
    Forwarded {
        /// To which office.
        to: String,
        /// Why.
        reason: String,
    },
}

impl TaskDecision {
    /// Which box is ticked, and the lines beside it.
    fn view(&self) -> (usize, Vec<Value>) {
        let line = |name: &str, value: &str| json!({"name": name, "value": value});
        match self {
            Self::Claimed { person, phone } => (0, vec![line("承办人", person), line("电话", phone)]),
            Self::Declined { reason } => (1, vec![line("理由", reason)]),
            Self::Forwarded { to, reason } => (2, vec![line("转交单位", to), line("理由", reason)]),
        }
    }
}

impl Paper for TaskSlip {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "交办单"
    }

    fn view(&self) -> Value {
        let decided = self.answer.as_ref().map(|answer| answer.decision.view());
        let chosen = decided.as_ref().map(|(box_ticked, _)| *box_ticked);
        let decisions: Vec<Value> = (0..)
            .zip(["认领", "不予认领", "转交"])
            .map(|(index, label)| json!({"label": label, "chosen": chosen == Some(index)}))
            .collect();
        json!({
            "to": self.to,
            "from": self.from,
            "case_number": self.case_number,
            "client": self.client,
            "matter": self.matter,
            "task": self.task,
            "legal_grounds": self.legal_grounds,
            "materials": zh::numbered(&self.materials),
            "claim_by": zh::moment(self.claim_by),
            "due": self.due.map(zh::date_with_weekday),
            "contact": self.contact,
            "phone": self.phone,
            "issued_on": zh::date(self.issued_on),
            "decisions": decisions,
            "facts": decided.map(|(_, facts)| facts),
            "answered_by": self.answer.as_ref().map(|answer| &answer.by),
            "answered_at": self.answer.as_ref().map(|answer| zh::moment(answer.at)),
        })
    }
}
