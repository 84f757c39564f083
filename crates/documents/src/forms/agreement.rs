use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 事项代办委托协议, annex 1 of the plan, with every blank of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What stands on every page.
    pub head: Head,
    /// 代办方: the office that takes the commission.
    pub agent_office: String,
    /// The agent's own name.
    pub agent: String,
    /// 电话 of the agent's side.
    pub agent_phone: String,
    /// 委托方: the enterprise, or the person who founds it.
    pub client: String,
    /// Unified social credit code of the client, where it has one.
    pub client_code: Option<String>,
    /// Who acts for the client and signs.
    pub client_contact: Option<String>,
    /// 电话 of the client's side.
    pub client_phone: String,
    /// Names of the matters; together they fill the blank before 业务.
    pub matters: Vec<String>,
    /// The materials handed over, in order; numbered ①②③ on the paper.
    pub materials: Vec<String>,
    /// Number of the signed handover list that goes with the agreement.
    pub handover_number: Option<String>,
    /// 年月日 of the annex; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

impl Paper for Agreement {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "事项代办委托协议"
    }

    fn view(&self) -> Value {
        json!({
            "agent_office": self.agent_office,
            "agent": self.agent,
            "agent_phone": self.agent_phone,
            "client": self.client,
            "client_code": self.client_code,
            "client_contact": self.client_contact,
            "client_phone": self.client_phone,
            "matters": zh::list(&self.matters),
            "materials": zh::numbered(&self.materials),
            "handover_number": self.handover_number,
            "date": self.date.map(zh::date),
        })
    }
}
