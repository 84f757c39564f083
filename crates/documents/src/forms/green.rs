use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, yes_or_no};
use crate::zh;

/// 绿色通道审批单: why a case goes first, on what ground, who approved it and what is done for it (S6.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreenChannelApproval {
    /// What stands on every page.
    pub head: Head,
    /// Number of the case.
    pub case_number: String,
    /// Whose case it is.
    pub client: String,
    /// Name of the project, if it belongs to one.
    pub project: Option<String>,
    /// Why it is urgent or special.
    pub reason: String,
    /// 依据: on which rule or decision it rests; `None` leaves the field to be filled by hand.
    pub ground: Option<String>,
    /// What is done, such as `延时服务` or `专人陪同`.
    pub measures: Vec<String>,
    /// Which limits are shortened.
    pub limits: Vec<GreenLimit>,
    /// 专人: who sees to it.
    pub named_person: String,
    /// Who asks for it; `None` leaves the field to be filled by hand.
    pub applied_by: Option<String>,
    /// The day on which it was asked for.
    pub applied_on: Option<NaiveDate>,
    /// What the approver decided; `None` leaves the field to be filled by hand.
    pub approval: Option<GreenDecision>,
}

/// A limit that is shortened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreenLimit {
    /// Name of the matter.
    pub matter: String,
    /// The usual limit, such as `20 个工作日`.
    pub usual: String,
    /// The shortened one.
    pub shortened: String,
}

/// What the approver decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreenDecision {
    /// Whether it is approved.
    pub approved: bool,
    /// The opinion.
    pub opinion: String,
    /// Who decided.
    pub by: String,
    /// The day.
    pub on: NaiveDate,
}

impl Paper for GreenChannelApproval {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "绿色通道审批单"
    }

    fn view(&self) -> Value {
        let approval = self.approval.as_ref();
        json!({
            "case_number": self.case_number,
            "client": self.client,
            "project": self.project,
            "reason": self.reason,
            "ground": self.ground,
            "measures": zh::numbered(&self.measures),
            "limits": self.limits,
            "named_person": self.named_person,
            "applied_by": self.applied_by,
            "applied_on": self.applied_on.map(zh::date),
            "decision": yes_or_no(["同意", "不同意"], approval.map(|a| a.approved)),
            "approval": approval.map(|a| json!({"text": a.opinion, "by": a.by, "on": zh::date(a.on)})),
        })
    }
}
