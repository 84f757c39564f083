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
    /// Further terms that both sides want, marked on the paper as no part of the annex.
    #[serde(default)]
    pub terms: Vec<AgreementTerm>,
    /// Last day of the commission, for the term on its period; `None` leaves the blank to be filled by hand.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// 年月日 of the annex; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

/// A further term of an agreement; its text is a block of the form's wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementTerm {
    /// 双方职责
    Duties,
    /// 服务范围
    Scope,
    /// 委托期限
    Period,
    /// 服务费用
    Fees,
    /// 保密
    Secrecy,
    /// 解除和终止
    Termination,
    /// 办理结果
    Outcome,
}

impl AgreementTerm {
    /// Every term, in the order of the paper.
    pub const ALL: [Self; 7] =
        [Self::Duties, Self::Scope, Self::Period, Self::Fees, Self::Secrecy, Self::Termination, Self::Outcome];

    /// Its heading, and the block of wording that holds its text.
    fn view(self) -> Value {
        let (label, block) = match self {
            Self::Duties => ("双方职责", "term_duties"),
            Self::Scope => ("服务范围", "term_scope"),
            Self::Period => ("委托期限", "term_period"),
            Self::Fees => ("服务费用", "term_fees"),
            Self::Secrecy => ("保密", "term_secrecy"),
            Self::Termination => ("解除和终止", "term_termination"),
            Self::Outcome => ("办理结果", "term_outcome"),
        };
        json!({"label": label, "block": block})
    }
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
            // Each once and in the order of the paper, however they were given.
            "terms": AgreementTerm::ALL
                .into_iter()
                .filter(|term| self.terms.contains(term))
                .map(AgreementTerm::view)
                .collect::<Vec<_>>(),
            "until": self.until.map(zh::date),
            "date": self.date.map(zh::date),
        })
    }
}
