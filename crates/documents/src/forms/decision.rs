use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// What was decided about a case and is told to the client: that it rests (中止), goes on (续办), goes no further (终止), or
/// has another agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What stands on every page.
    pub head: Head,
    /// What was decided.
    pub about: DecisionKind,
    /// Who is told.
    pub to: String,
    /// Names of the matters of the case.
    pub matters: Vec<String>,
    /// The decision, as one paragraph.
    pub statement: String,
    /// What belongs to it, line by line: reason, dates, persons, telephones.
    pub facts: Vec<DecisionFact>,
    /// What comes back to the client, or changes hands; empty where nothing does.
    pub items: Vec<String>,
    /// What the client has to know or may do now, one sentence each.
    pub notes: Vec<String>,
    /// The office that tells it, in full.
    pub office: String,
    /// The day of the decision.
    pub issued_on: NaiveDate,
}

/// What a decision is about; it gives the paper its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// 中止
    Suspension,
    /// 续办
    Resumption,
    /// 终止
    Termination,
    /// 更换代办员
    AgentChange,
}

impl DecisionKind {
    /// The title of the paper.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Suspension => "代办帮办服务中止单",
            Self::Resumption => "代办帮办服务续办单",
            Self::Termination => "代办帮办服务终止单",
            Self::AgentChange => "更换代办员告知书",
        }
    }
}

/// One line of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFact {
    /// What it is, such as `原因`.
    pub name: String,
    /// What it says.
    pub value: String,
}

impl Paper for Decision {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        self.about.title()
    }

    fn view(&self) -> Value {
        let marked = |names: &[String]| -> Vec<Value> {
            (1..).zip(names).map(|(n, name)| json!({"mark": zh::mark(n), "name": name})).collect()
        };
        let items = marked(&self.items);
        json!({
            "to": self.to,
            "matters": marked(&self.matters),
            "statement": self.statement,
            "facts": self.facts,
            "items": items,
            "notes": self.notes,
            "office": self.office,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
