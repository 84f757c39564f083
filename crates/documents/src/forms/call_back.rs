use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, choices, yes_or_no};
use crate::zh;

/// 回访记录: what the client says after the end (S8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBackRecord {
    /// What stands on every page.
    pub head: Head,
    /// Number of the case.
    pub case_number: String,
    /// Whose case it was.
    pub client: String,
    /// Who was asked.
    pub person: String,
    /// Telephone.
    pub phone: String,
    /// When.
    pub called_at: DateTime<Utc>,
    /// Who asked; never the agent of the case.
    pub caller: String,
    /// How satisfied the client is; `None` where nobody was reached.
    pub satisfaction: Option<Satisfaction>,
    /// Whether what was promised was kept.
    pub promises_kept: Option<bool>,
    /// Whether a fee was taken for the service.
    pub fee_taken: Option<bool>,
    /// Whether there was 吃拿卡要.
    pub misconduct: Option<bool>,
    /// What the client said, in the client's words.
    pub suggestions: Option<String>,
    /// What is done about it.
    pub follow_up: Option<FollowUp>,
}

/// The five levels of 好差评.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 非常满意
    VerySatisfied,
    /// 满意
    Satisfied,
    /// 基本满意
    Fair,
    /// 不满意
    Dissatisfied,
    /// 非常不满意
    VeryDissatisfied,
}

impl Satisfaction {
    const ALL: [Self; 5] =
        [Self::VerySatisfied, Self::Satisfied, Self::Fair, Self::Dissatisfied, Self::VeryDissatisfied];

    /// The words printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::VerySatisfied => "非常满意",
            Self::Satisfied => "满意",
            Self::Fair => "基本满意",
            Self::Dissatisfied => "不满意",
            Self::VeryDissatisfied => "非常不满意",
        }
    }
}

/// What is done about what a client said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// What.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
}

impl Paper for CallBackRecord {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "回访记录"
    }

    fn view(&self) -> Value {
        let follow_up = self.follow_up.as_ref();
        json!({
            "case_number": self.case_number,
            "client": self.client,
            "person": self.person,
            "phone": self.phone,
            "called_at": zh::moment(self.called_at),
            "caller": self.caller,
            "satisfaction": choices(&Satisfaction::ALL, Satisfaction::label, self.satisfaction),
            "promises_kept": yes_or_no(["是", "否"], self.promises_kept),
            "fee_taken": yes_or_no(["有", "没有"], self.fee_taken),
            "misconduct": yes_or_no(["有", "没有"], self.misconduct),
            "suggestions": self.suggestions,
            "follow_up": follow_up.map(|f| json!({"what": f.what, "owner": f.owner, "due": zh::date(f.due)})),
        })
    }
}
