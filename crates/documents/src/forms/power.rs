use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 授权委托书, for offices that ask for a power of attorney: authority listed one by one, a period, and never to be passed
/// on (S2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerOfAttorney {
    /// What stands on every page.
    pub head: Head,
    /// 委托人: the enterprise.
    pub principal: String,
    /// Its unified social credit code.
    pub principal_code: Option<String>,
    /// Its legal representative.
    pub representative: Option<String>,
    /// Its telephone.
    pub principal_phone: String,
    /// 受托人: the agent's own name.
    pub agent: String,
    /// The office the agent belongs to.
    pub agent_office: String,
    /// The agent's paper of identity, such as `工作证 第 012 号`.
    pub agent_identity: Option<String>,
    /// The agent's telephone.
    pub agent_phone: String,
    /// To which office it is to be shown.
    pub to: String,
    /// Names of the matters.
    pub matters: Vec<String>,
    /// What the agent may do, one by one.
    pub authority: Vec<String>,
    /// First day of the authority.
    pub from: NaiveDate,
    /// Last day of the authority.
    pub until: NaiveDate,
    /// The day of the signature; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

impl Paper for PowerOfAttorney {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "授权委托书"
    }

    fn view(&self) -> Value {
        json!({
            "principal": self.principal,
            "principal_code": self.principal_code,
            "representative": self.representative,
            "principal_phone": self.principal_phone,
            "agent": self.agent,
            "agent_office": self.agent_office,
            "agent_identity": self.agent_identity,
            "agent_phone": self.agent_phone,
            "to": self.to,
            "matters": zh::list(&self.matters),
            "authority": self.authority,
            "from": zh::date(self.from),
            "until": zh::date(self.until),
            "date": self.date.map(zh::date),
        })
    }
}
