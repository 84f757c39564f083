use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, choices};
use crate::zh;

/// 督办单: an office is told to bring a matter to its end, and answers (S8.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionOrder {
    /// What stands on every page.
    pub head: Head,
    /// The office that is told.
    pub to: String,
    /// The office that tells it.
    pub from: String,
    /// Number of the case, if it is about one.
    pub case_number: Option<String>,
    /// What it is about, such as the name of the matter.
    pub subject: String,
    /// What gave rise to it.
    pub cause: SupervisionCause,
    /// What has happened so far.
    pub facts: String,
    /// What is demanded.
    pub demand: String,
    /// By when it is to be done and answered.
    pub due: NaiveDate,
    /// Who issued it.
    pub issued_by: String,
    /// The day of the order.
    pub issued_on: NaiveDate,
    /// What the office answered; `None` leaves room to write it in.
    pub feedback: Option<SupervisionFeedback>,
    /// How it was closed; `None` leaves room to write it in.
    pub closing: Option<SupervisionClosing>,
}

/// What gave rise to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisionCause {
    /// 到期预警
    DueSoon,
    /// 超期
    Overdue,
    /// 投诉
    Complaint,
    /// 其他
    Other,
}

impl SupervisionCause {
    const ALL: [Self; 4] = [Self::DueSoon, Self::Overdue, Self::Complaint, Self::Other];

    /// The words printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::DueSoon => "到期预警",
            Self::Overdue => "超期",
            Self::Complaint => "投诉",
            Self::Other => "其他",
        }
    }
}

/// What the office answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionFeedback {
    /// What was done.
    pub text: String,
    /// Who answered.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How an order was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionClosing {
    /// What was found.
    pub conclusion: String,
    /// 销号人: who closed it.
    pub by: String,
    /// The day.
    pub on: NaiveDate,
}

impl Paper for SupervisionOrder {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "督办单"
    }

    fn view(&self) -> Value {
        let feedback = self.feedback.as_ref();
        let closing = self.closing.as_ref();
        json!({
            "to": self.to,
            "from": self.from,
            "case_number": self.case_number,
            "subject": self.subject,
            "cause": choices(&SupervisionCause::ALL, SupervisionCause::label, Some(self.cause)),
            "facts": self.facts,
            "demand": self.demand,
            "due": zh::date_with_weekday(self.due),
            "issued_by": self.issued_by,
            "issued_on": zh::date(self.issued_on),
            "feedback": feedback.map(|f| json!({"text": f.text, "by": f.by, "on": zh::moment(f.at)})),
            "closing": closing.map(|c| json!({"text": c.conclusion, "by": c.by, "on": zh::date(c.on)})),
        })
    }
}
