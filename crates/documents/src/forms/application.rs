use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper, choices};
use crate::zh;

/// 代办帮办服务申请表: what an enterprise asks for, of its own free will (S2.1, S6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceApplication {
    /// What stands on every page.
    pub head: Head,
    /// The enterprise, or the person who founds it.
    pub applicant: String,
    /// Unified social credit code, where there is one.
    pub applicant_code: Option<String>,
    /// Who speaks for the applicant.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// The project, if the application belongs to one.
    pub project: Option<ApplicationProject>,
    /// What is asked for.
    pub service: ServiceWay,
    /// Stages that are wanted, such as `立项用地规划许可`.
    pub stages: Vec<String>,
    /// Names of the matters that are wanted.
    pub matters: Vec<String>,
    /// How the results are to reach the applicant, in words.
    pub delivery: Option<String>,
    /// Anything else the applicant says.
    pub remark: Option<String>,
    /// Who received it.
    pub received_by: Option<String>,
    /// When it was received.
    pub received_at: Option<DateTime<Utc>>,
    /// Which way it came, such as `窗口` or `网上`.
    pub channel: Option<String>,
    /// The day of the signature; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

/// The project of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationProject {
    /// Its name.
    pub name: String,
    /// 项目代码 of the investment platform.
    pub code: Option<String>,
    /// Investment with its unit, such as `3200 万元`.
    pub investment: Option<String>,
    /// Where it is to stand.
    pub site: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Grade, such as `自治区级重点`.
    pub grade: Option<String>,
}

/// Which service is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceWay {
    /// 帮办
    Help,
    /// 代办
    Agency,
    /// 远程办理
    Remote,
    /// 绿色通道
    GreenChannel,
}

impl ServiceWay {
    const ALL: [Self; 4] = [Self::Help, Self::Agency, Self::Remote, Self::GreenChannel];

    /// The words printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Help => "帮办",
            Self::Agency => "代办",
            Self::Remote => "远程办理",
            Self::GreenChannel => "绿色通道",
        }
    }
}

impl Paper for ServiceApplication {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "代办帮办服务申请表"
    }

    fn view(&self) -> Value {
        json!({
            "applicant": self.applicant,
            "applicant_code": self.applicant_code,
            "contact": self.contact,
            "phone": self.phone,
            "project": self.project,
            "service": choices(&ServiceWay::ALL, ServiceWay::label, Some(self.service)),
            "stages": zh::list(&self.stages),
            "matters": zh::numbered(&self.matters),
            "delivery": self.delivery,
            "remark": self.remark,
            "received_by": self.received_by,
            "received_at": self.received_at.map(zh::moment),
            "channel": self.channel,
            "date": self.date.map(zh::date),
        })
    }
}
