use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, MaterialForm, Paper};
use crate::zh;

/// 一次性告知书: everything that is missing, told once, each with the way to get it (S6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeNotice {
    /// What stands on every page; `version` above 1 prints that it is a reprint.
    pub head: Head,
    /// Who is told.
    pub to: String,
    /// Names of the matters the notice is about.
    pub matters: Vec<String>,
    /// Everything that is missing or not right.
    pub missing: Vec<MissingMaterial>,
    /// The day by which the rest is to be brought.
    pub bring_by: NaiveDate,
    /// Where it is to be brought, such as the hall's address.
    pub place: Option<String>,
    /// The agent's office.
    pub agent_office: String,
    /// The agent's own name.
    pub agent: String,
    /// The agent's telephone.
    pub agent_phone: String,
    /// Why there is a second notice, if this is one.
    pub second_reason: Option<String>,
    /// The day of the notice.
    pub issued_on: NaiveDate,
}

/// One material that is missing or not right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingMaterial {
    /// Its name.
    pub name: String,
    /// Names of the matters that need it.
    pub matters: Vec<String>,
    /// Whether it is missing, or there but not right.
    pub state: MissingState,
    /// Where and how to get it.
    pub how_to_get: String,
    /// In which forms it is needed.
    pub forms: Vec<MaterialForm>,
    /// How many copies are needed.
    pub copies: u32,
    /// Whether it may be handed in later on a promise (容缺).
    pub deferrable: bool,
}

/// Why a material stands on the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MissingState {
    /// 缺少
    Missing,
    /// 不符合要求
    NotRight {
        /// With what it is not right.
        why: String,
    },
}

impl MissingMaterial {
    fn view(&self, number: usize) -> Value {
        let (state, why) = match &self.state {
            MissingState::Missing => ("缺少", None),
            MissingState::NotRight { why } => ("不符合要求", Some(why)),
        };
        let forms: Vec<&str> = self.forms.iter().map(|form| form.label()).collect();
        json!({
            "number": number,
            "name": self.name,
            "matters": zh::list(&self.matters),
            "state": state,
            "why": why,
            "how_to_get": self.how_to_get,
            "forms": zh::list(&forms),
            "copies": self.copies,
            "deferrable": self.deferrable,
        })
    }
}

impl Paper for OneTimeNotice {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "一次性告知书"
    }

    fn view(&self) -> Value {
        let missing: Vec<Value> = (1..).zip(&self.missing).map(|(n, item)| item.view(n)).collect();
        json!({
            "to": self.to,
            "matters": zh::list(&self.matters),
            "missing": missing,
            "bring_by": zh::date_with_weekday(self.bring_by),
            "place": self.place,
            "agent_office": self.agent_office,
            "agent": self.agent,
            "agent_phone": self.agent_phone,
            "second_reason": self.second_reason,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
