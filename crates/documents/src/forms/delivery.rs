use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, MaterialForm, Paper};
use crate::zh;

/// 事项代办结果交付通知单（代办帮办服务办结单）, annex 2 of the plan, with every blank of it.
///
/// The plan calls the slip 办结单 in 6.3 and gives the form as annex 2; it is one paper with both names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryNotice {
    /// What stands on every page.
    pub head: Head,
    /// Which of its two names stands above; the other stands in brackets below.
    #[serde(default)]
    pub titled: DeliveryTitle,
    /// The day on which the commission was taken.
    pub commissioned_on: NaiveDate,
    /// The office that took the commission.
    pub agent_office: String,
    /// The agent's own name.
    pub agent: String,
    /// The agent's telephone.
    pub agent_phone: String,
    /// Who gave the commission.
    pub client: String,
    /// Names of the matters; together they fill the blank before 业务.
    pub matters: Vec<String>,
    /// 1. 办理情况概述: what was done, oldest first.
    pub course: Vec<CourseLine>,
    /// 2. 办理结果: what came of each matter.
    pub results: Vec<DeliveredResult>,
    /// 2. 送达时间; `None` leaves the blank to be filled by hand.
    pub delivered_at: Option<DateTime<Utc>>,
    /// 2. 送达方式.
    pub delivery: DeliveryWay,
    /// 3. 返还材料时间; `None` leaves the blank to be filled by hand.
    pub returned_at: Option<DateTime<Utc>>,
    /// 3. 返还材料方式; not read when nothing is returned.
    pub return_way: DeliveryWay,
    /// 3. 材料清单: what is returned.
    pub returned: Vec<ReturnedMaterial>,
    /// Materials an authority keeps, each with its legal reason.
    pub kept: Vec<KeptMaterial>,
    /// The date under the client's signature; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
    /// Head of the record's hash chain, lower-case hex, printed small.
    pub record_head: Option<String>,
}

/// The two names of the slip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryTitle {
    /// 事项代办结果交付通知单, as annex 2 has it.
    #[default]
    Notice,
    /// 代办帮办服务办结单, as S6.3 calls it.
    Closing,
}

impl DeliveryTitle {
    /// The name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Notice => "事项代办结果交付通知单",
            Self::Closing => "代办帮办服务办结单",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Notice => Self::Closing,
            Self::Closing => Self::Notice,
        }
    }
}

/// One line of the course of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseLine {
    /// When it was, if that is to be printed.
    pub on: Option<NaiveDate>,
    /// What was done, by whom.
    pub text: String,
}

/// What came of one matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredResult {
    /// Name of the matter.
    pub matter: String,
    /// How it ended, in words, such as `准予许可` or `不予许可`.
    pub outcome: String,
    /// The licences and papers handed over.
    pub names: Vec<String>,
}

/// How results, or returned materials, reach the client (S6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum DeliveryWay {
    /// 当面递交
    InPerson {
        /// Who collects, where that is known.
        collector: Option<String>,
    },
    /// 邮寄送达
    Courier {
        /// Name of the courier.
        carrier: String,
        /// Number of the parcel.
        number: String,
        /// Address it is sent to.
        address: String,
    },
    /// 电子送达
    Electronic {
        /// Where it is sent: an address or an account; `None` when it lies in the client's own pages.
        to: Option<String>,
    },
}

/// A material that goes back to the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedMaterial {
    /// Its name.
    pub name: String,
    /// In which form it was handed over.
    pub form: MaterialForm,
    /// How many copies go back.
    pub copies: u32,
}

/// A material an authority keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMaterial {
    /// Its name.
    pub name: String,
    /// Who keeps it.
    pub keeper: String,
    /// The legal reason for it.
    pub reason: String,
}

impl DeliveryWay {
    fn view(&self) -> Value {
        match self {
            Self::InPerson { collector } => json!({"label": "当面递交", "collector": collector}),
            Self::Courier { carrier, number, address } => {
                json!({"label": "邮寄送达", "carrier": carrier, "number": number, "address": address})
            }
            Self::Electronic { to } => json!({"label": "电子送达", "to": to}),
        }
    }
}

impl Paper for DeliveryNotice {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        self.titled.label()
    }

    fn view(&self) -> Value {
        let course: Vec<Value> =
            self.course.iter().map(|line| json!({"on": line.on.map(zh::date), "text": line.text})).collect();
        let returned: Vec<Value> = (1..)
            .zip(&self.returned)
            .map(|(n, item)| {
                json!({"mark": zh::mark(n), "name": item.name, "form": item.form.label(), "copies": item.copies})
            })
            .collect();
        json!({
            "other_name": self.titled.other().label(),
            "commissioned_on": zh::date(self.commissioned_on),
            "agent_office": self.agent_office,
            "agent": self.agent,
            "agent_phone": self.agent_phone,
            "client": self.client,
            "matters": zh::list(&self.matters),
            "course": course,
            "results": self.results,
            "delivered_at": self.delivered_at.map(zh::moment),
            "delivery": self.delivery.view(),
            "returned_at": self.returned_at.map(zh::moment),
            "return_way": self.return_way.view(),
            "returned": returned,
            "kept": self.kept,
            "date": self.date.map(zh::date),
            "record_head": self.record_head,
        })
    }
}
