use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, Picture};
use crate::zh;

/// 邮寄记录: a parcel from its sending until it is signed for, comes back or is lost (S6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierRecord {
    /// What stands on every page.
    pub head: Head,
    /// Number of the case.
    pub case_number: String,
    /// Whose case it is.
    pub client: String,
    /// Name of the courier.
    pub carrier: String,
    /// Number of the parcel.
    pub number: String,
    /// Who receives it.
    pub recipient: String,
    /// Telephone of the recipient.
    pub phone: String,
    /// Address it is sent to.
    pub address: String,
    /// Who sent it.
    pub sent_by: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// What is in it.
    pub items: Vec<String>,
    /// Where it was seen, oldest first.
    pub steps: Vec<CourierStep>,
    /// What became of it; `None` while it is under way.
    pub outcome: Option<CourierOutcome>,
    /// A picture of the receipt.
    pub proof: Option<Picture>,
}

/// Where a parcel was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierStep {
    /// When.
    pub at: DateTime<Utc>,
    /// What the courier says.
    pub text: String,
}

/// What became of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum CourierOutcome {
    /// 已签收
    Received {
        /// When.
        at: DateTime<Utc>,
        /// Who signed for it, where that is known.
        by: Option<String>,
    },
    /// 退回
    Returned {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// 丢失
    Lost {
        /// When that was known.
        at: DateTime<Utc>,
        /// What is done about it.
        reason: String,
    },
}

impl CourierOutcome {
    fn view(&self) -> Value {
        let (label, name, value, at) = match self {
            Self::Received { at, by } => ("已签收", "签收人", by.as_ref(), at),
            Self::Returned { at, reason } => ("退回", "原因", Some(reason), at),
            Self::Lost { at, reason } => ("丢失", "处理", Some(reason), at),
        };
        json!({"label": label, "name": name, "value": value, "at": zh::moment(*at)})
    }
}

impl Paper for CourierRecord {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "邮寄记录"
    }

    fn view(&self) -> Value {
        let steps: Vec<Value> =
            self.steps.iter().map(|step| json!({"at": zh::moment(step.at), "text": step.text})).collect();
        json!({
            "case_number": self.case_number,
            "client": self.client,
            "carrier": self.carrier,
            "number": self.number,
            "recipient": self.recipient,
            "phone": self.phone,
            "address": self.address,
            "sent_by": self.sent_by,
            "sent_at": zh::moment(self.sent_at),
            "items": zh::numbered(&self.items),
            "steps": steps,
            "outcome": self.outcome.as_ref().map(CourierOutcome::view),
            "proof": self.proof.as_ref().map(|_| "/pictures/0"),
        })
    }

    fn pictures(&self) -> Vec<&Picture> {
        self.proof.iter().collect()
    }
}
