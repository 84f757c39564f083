//! Closed lists that commands and events carry, by their names on the wire.

use super::paper::DocumentKind;
use crate::clock::IntervalKind;
use serde::{Deserialize, Serialize};

/// What the check of a material found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// There and right.
    Ok,
    /// Not there.
    Missing,
    /// There, but not right.
    Wrong,
}

/// How a matter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 准予
    Granted,
    /// 不予
    Refused,
    /// 无需办理
    NotNeeded,
}

/// How it was made sure who signs or collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityProof {
    /// Logged in with its own account.
    Account,
    /// 身份证件 seen by staff.
    IdCard,
    /// 营业执照 and the identity card of its legal representative.
    Licence,
    /// 授权委托书 and the delegate's identity card.
    Letter,
    /// A link sent to the telephone known of it, with a code told separately.
    LinkAndCode,
}

/// Papers that are made when somebody asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperOnRequest {
    /// 代办帮办服务申请表
    Application,
    /// 授权委托书
    PowerOfAttorney,
    /// 交办单, for a matter's office
    TaskSlip,
    /// 邮寄记录
    CourierRecord,
}

impl PaperOnRequest {
    /// The kind of document that answers the request.
    #[must_use]
    pub fn document(self) -> DocumentKind {
        match self {
            Self::Application => DocumentKind::Application,
            Self::PowerOfAttorney => DocumentKind::PowerOfAttorney,
            Self::TaskSlip => DocumentKind::TaskSlip,
            Self::CourierRecord => DocumentKind::CourierRecord,
        }
    }
}

/// What became of a parcel, as its carrier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    /// 运输中
    InTransit,
    /// 投递未成: nobody was there.
    NotDelivered,
    /// 已退回: it is back with its sender.
    Returned,
    /// 丢失
    Lost,
}

/// Why a clock stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// 补正: the enterprise's time.
    Correction,
    /// 特别程序: a special procedure that the law does not count.
    Special,
}

impl StopKind {
    /// What the clock records.
    #[must_use]
    pub fn interval(self) -> IntervalKind {
        match self {
            Self::Correction => IntervalKind::Correction,
            Self::Special => IntervalKind::Special,
        }
    }
}

/// Why a second notice is given (S6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeReason {
    /// Something changed on the applicant's side.
    ApplicantChanged,
    /// The law or the catalogue changed after the first notice.
    RuleChanged,
    /// What was named before was brought, and is not right.
    StillNotRight,
    /// The first notice left it out.
    Overlooked,
}

/// What is done for a case on the green channel, beside the shorter limits (S6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GreenMeasure {
    /// 延时服务: work after hours.
    AfterHours,
    /// 预约服务: at an appointed hour.
    Appointment,
    /// 专人陪办: somebody goes along.
    Accompanied,
}

impl GreenMeasure {
    /// Every measure, in the order of forms.
    pub const ALL: [Self; 3] = [Self::AfterHours, Self::Appointment, Self::Accompanied];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AfterHours => "after_hours",
            Self::Appointment => "appointment",
            Self::Accompanied => "accompanied",
        }
    }
}

/// What came of an escort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscortOutcome {
    /// The window accepted the matter.
    Accepted,
    /// The window sent the applicant away.
    Refused,
    /// To be continued another day.
    Postponed,
}

/// How a remote session was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteChannel {
    /// Telephone.
    Phone,
    /// QQ.
    Qq,
    /// WeChat.
    Wechat,
    /// Screen sharing.
    ScreenShare,
    /// The program's own room.
    Room,
}

/// Why a case is suspended (中止).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspendReason {
    /// The client asks for it.
    ClientRequest,
    /// Materials turn out false or facts were hidden.
    FalseMaterials,
    /// A statutory fee was not paid in time.
    FeeUnpaid,
    /// The conditions of the law are not met for now.
    ConditionsUnmet,
    /// Force majeure.
    ForceMajeure,
}

/// Why a case is terminated (终止).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminateReason {
    /// The project cannot be approved.
    NotApprovable,
    /// The client cheated.
    Fraud,
    /// The client cannot be reached.
    ClientUnreachable,
    /// The project was given up.
    ProjectAbandoned,
}
