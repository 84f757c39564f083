use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 会议纪要 of a joint meeting, in the layout of GB/T 9704-2012 (S5.3). Its head's number is the document's own; empty, it
/// is left to be written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingMinutes {
    /// The issuing body and the document's number.
    pub head: Head,
    /// The document's title, such as `蓝马驹养殖基地项目联席会议纪要`.
    pub title: String,
    /// When the meeting began.
    pub held_at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// 主持
    pub chair: String,
    /// 出席
    pub present: Vec<String>,
    /// 请假
    pub absent: Vec<String>,
    /// 列席
    pub observers: Vec<String>,
    /// 记录
    pub recorder: String,
    /// The text, paragraph by paragraph.
    pub paragraphs: Vec<String>,
    /// What was decided, each with its owner and day.
    pub decisions: Vec<MeetingDecision>,
    /// 分送
    pub copies_to: Vec<String>,
    /// Who issues it.
    pub signer: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
}

/// One decision of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingDecision {
    /// What was decided.
    pub what: String,
    /// The office or person who sees to it.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
}

impl Paper for MeetingMinutes {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn view(&self) -> Value {
        let number = self.head.number.trim();
        let decisions: Vec<Value> = self
            .decisions
            .iter()
            .map(|decision| json!({"what": decision.what, "owner": decision.owner, "due": zh::date(decision.due)}))
            .collect();
        json!({
            "number": (!number.is_empty()).then_some(number),
            "held_at": zh::moment(self.held_at),
            "place": self.place,
            "chair": self.chair,
            "present": zh::list(&self.present),
            "absent": zh::list(&self.absent),
            "observers": zh::list(&self.observers),
            "recorder": self.recorder,
            "paragraphs": self.paragraphs,
            "decisions": decisions,
            "copies_to": zh::list(&self.copies_to),
            "signer": self.signer,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
