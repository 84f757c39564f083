//! What was decided about a case, as the paper on the screen shows it.

use super::form::Head;
use chrono::NaiveDate;
use serde::Deserialize;

/// 中止单, 续办单, 终止单, 更换代办员告知书.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Decision {
    pub(super) head: Head,
    pub(super) about: DecisionKind,
    pub(super) to: String,
    pub(super) matters: Vec<String>,
    pub(super) statement: String,
    pub(super) facts: Vec<Fact>,
    pub(super) items: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) office: String,
    pub(super) issued_on: NaiveDate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DecisionKind {
    Suspension,
    Resumption,
    Termination,
    AgentChange,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}
