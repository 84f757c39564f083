use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 特别程序告知书: a hearing, an appraisal or the like whose time is not counted, told in writing (行政许可法 art. 45).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialProcedureNotice {
    /// What stands on every page.
    pub head: Head,
    /// Who is told.
    pub to: String,
    /// Name of the matter.
    pub matter: String,
    /// Name of the procedure, such as `专家评审`.
    pub procedure: String,
    /// Why it is needed, where that is said.
    pub reason: Option<String>,
    /// Who carries it out, where that is known.
    pub carried_out_by: Option<String>,
    /// Its first day.
    pub begins_on: NaiveDate,
    /// The day on which it should be over.
    pub planned_end: NaiveDate,
    /// Laws and rules that ask for it, besides article 45.
    pub legal_grounds: Vec<String>,
    /// The office that tells it.
    pub office: String,
    /// Whom to ask.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// The day of the notice.
    pub issued_on: NaiveDate,
}

impl Paper for SpecialProcedureNotice {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "特别程序告知书"
    }

    fn view(&self) -> Value {
        json!({
            "to": self.to,
            "matter": self.matter,
            "procedure": self.procedure,
            "reason": self.reason,
            "carried_out_by": self.carried_out_by,
            "begins_on": zh::date(self.begins_on),
            "planned_end": zh::date(self.planned_end),
            "legal_grounds": self.legal_grounds,
            "office": self.office,
            "contact": self.contact,
            "phone": self.phone,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
