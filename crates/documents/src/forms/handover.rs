use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, MaterialForm, Paper};
use crate::zh;

/// 材料交接清单: what the client hands to the agent, signed by both before the agreement (S3.2, S6.2); 材料退还清单: what the
/// agent gives back to the client (S2.1, S6.3); 代办员交接清单: what a former agent hands to the present one (S5.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverList {
    /// What stands on every page.
    pub head: Head,
    /// Which way the materials go.
    #[serde(default)]
    pub purpose: HandoverPurpose,
    /// `None` for the first list; 3 for the third supplement. Printed on a list of a commission only.
    pub supplement: Option<u32>,
    /// Who hands over: 委托方; on a return list 代办方; 原代办员.
    pub from: HandoverParty,
    /// Who receives: 代办方; on a return list 委托方; 现代办员.
    pub to: HandoverParty,
    /// Names of the matters the materials are for.
    pub matters: Vec<String>,
    /// The materials, in order.
    pub items: Vec<HandoverItem>,
    /// The day of the handover; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

/// Which way the materials on a list go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverPurpose {
    /// 交接: from the client to the agent.
    #[default]
    Commission,
    /// 退还: from the agent back to the client.
    Return,
    /// 代办员交接: from a former agent to the present one.
    Takeover,
}

impl HandoverPurpose {
    /// The title of the list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Commission => "材料交接清单",
            Self::Return => "材料退还清单",
            Self::Takeover => "代办员交接清单",
        }
    }
}

/// One side of a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverParty {
    /// The enterprise or office.
    pub unit: String,
    /// Who signs for it.
    pub person: String,
    /// Telephone.
    pub phone: String,
}

/// One material handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverItem {
    /// Its name.
    pub name: String,
    /// In which form it is handed over.
    pub form: MaterialForm,
    /// Pages of one copy, where they can be counted.
    pub pages: Option<u32>,
    /// Copies; for an electronic material the number of files.
    pub copies: u32,
    /// Whether it goes back to the client.
    pub returned: bool,
    /// The day by which it should be back, where that is known.
    pub return_by: Option<NaiveDate>,
    /// 状况: what shape it is in, where that is worth a word.
    #[serde(default)]
    pub condition: Option<String>,
    /// Anything else to be noted.
    pub remark: Option<String>,
}

impl HandoverItem {
    fn view(&self, number: usize) -> Value {
        json!({
            "mark": zh::mark(number),
            "name": self.name,
            "form": self.form.label(),
            "pages": self.pages,
            "copies": self.copies,
            "returned": self.returned,
            "return_by": self.return_by.map(zh::date_short),
            "condition": self.condition,
            "remark": self.remark,
        })
    }

    fn sheets(&self) -> u64 {
        u64::from(self.pages.unwrap_or(0)) * u64::from(self.copies)
    }
}

impl Paper for HandoverList {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        self.purpose.title()
    }

    fn view(&self) -> Value {
        let items: Vec<Value> = (1..).zip(&self.items).map(|(n, item)| item.view(n)).collect();
        let count = |form| self.items.iter().filter(|item| item.form == form).count();
        json!({
            "purpose": self.purpose,
            "supplement": self.supplement,
            "from": self.from,
            "to": self.to,
            "matters": zh::list(&self.matters),
            "items": items,
            "has_conditions": self.items.iter().any(|item| item.condition.is_some()),
            "total": {
                "items": self.items.len(),
                "originals": count(MaterialForm::Original),
                "copies": count(MaterialForm::Copy),
                "electronic": count(MaterialForm::Electronic),
                "sheets": self.items.iter().map(HandoverItem::sheets).sum::<u64>(),
                "returned": self.items.iter().filter(|item| item.returned).count(),
            },
            "date": self.date.map(zh::date),
        })
    }
}
