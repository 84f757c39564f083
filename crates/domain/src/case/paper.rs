//! The papers of a case: what each is about, its hash, and who signed it (S3.2, S6.3).

use super::command::{IdentityProof, Side, SignatureMethod};
use crate::custody::FileRef;
use crate::ids::{DocumentId, ItemId, MaterialId, MatterCode, ResultId, Username};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What kind of paper a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 一次性告知书
    OneTimeNotice,
    /// 材料交接清单
    HandoverList,
    /// 事项代办委托协议 (annex 1)
    Agreement,
    /// 事项代办结果交付通知单, 办结单 (annex 2)
    DeliveryNotice,
    /// 材料退还清单
    ReturnList,
    /// 签署页
    SignatureSheet,
    /// 归档移交清单
    TransferList,
    /// 代办帮办服务中止单
    Suspension,
    /// 代办帮办服务续办单
    Resumption,
    /// 代办帮办服务终止单, also of a withdrawal
    Termination,
    /// 更换代办员告知书
    AgentChange,
    /// 代办员交接清单
    TakeoverList,
    /// 代办帮办服务申请表
    Application,
    /// 授权委托书
    PowerOfAttorney,
    /// 交办单
    TaskSlip,
    /// 容缺受理承诺书
    DeferralPromise,
    /// 容缺受理通知书
    DeferralNotice,
    /// 特别程序告知书
    SpecialNotice,
    /// 绿色通道审批单
    GreenApproval,
    /// 邮寄记录
    CourierRecord,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::OneTimeNotice,
        Self::HandoverList,
        Self::Agreement,
        Self::DeliveryNotice,
        Self::ReturnList,
        Self::SignatureSheet,
        Self::TransferList,
        Self::Suspension,
        Self::Resumption,
        Self::Termination,
        Self::AgentChange,
        Self::TakeoverList,
        Self::Application,
        Self::PowerOfAttorney,
        Self::TaskSlip,
        Self::DeferralPromise,
        Self::DeferralNotice,
        Self::SpecialNotice,
        Self::GreenApproval,
        Self::CourierRecord,
    ];

    /// The name on the wire and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OneTimeNotice => "one-time-notice",
            Self::HandoverList => "handover-list",
            Self::Agreement => "agreement",
            Self::DeliveryNotice => "delivery-notice",
            Self::ReturnList => "return-list",
            Self::SignatureSheet => "signature-sheet",
            Self::TransferList => "transfer-list",
            Self::Suspension => "suspension",
            Self::Resumption => "resumption",
            Self::Termination => "termination",
            Self::AgentChange => "agent-change",
            Self::TakeoverList => "takeover-list",
            Self::Application => "application",
            Self::PowerOfAttorney => "power-of-attorney",
            Self::TaskSlip => "task-slip",
            Self::DeferralPromise => "deferral-promise",
            Self::DeferralNotice => "deferral-notice",
            Self::SpecialNotice => "special-notice",
            Self::GreenApproval => "green-approval",
            Self::CourierRecord => "courier-record",
        }
    }

    /// Reads a kind's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Who signs it, in order; nobody where the program gives it out alone. The client alone signs for what it gets.
    #[must_use]
    pub fn sides(self) -> &'static [Side] {
        match self {
            Self::HandoverList | Self::Agreement => &[Side::Client, Side::Agent],
            Self::DeliveryNotice
            | Self::ReturnList
            | Self::Application
            | Self::PowerOfAttorney
            | Self::DeferralPromise => &[Side::Client],
            Self::TakeoverList => &[Side::Giver, Side::Taker],
            Self::OneTimeNotice
            | Self::SignatureSheet
            | Self::TransferList
            | Self::Suspension
            | Self::Resumption
            | Self::Termination
            | Self::AgentChange
            | Self::TaskSlip
            | Self::DeferralNotice
            | Self::SpecialNotice
            | Self::GreenApproval
            | Self::CourierRecord => &[],
        }
    }

    /// Whether it is signed by a command of its own kind, [`super::AgreementCommand::SignPaper`], since nothing follows from the
    /// signature but that it is there.
    #[must_use]
    pub fn is_signed_alone(self) -> bool {
        matches!(self, Self::Application | Self::PowerOfAttorney | Self::DeferralPromise)
    }

    /// The character in its number, such as `2026-0187-交-04`.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::OneTimeNotice => "告",
            Self::HandoverList => "交",
            Self::Agreement => "协",
            Self::DeliveryNotice => "结",
            Self::ReturnList => "退",
            Self::SignatureSheet => "签",
            Self::TransferList => "移",
            Self::Suspension => "中",
            Self::Resumption => "续",
            Self::Termination => "终",
            Self::AgentChange => "更",
            Self::TakeoverList => "接",
            Self::Application => "申",
            Self::PowerOfAttorney => "授",
            Self::TaskSlip => "办",
            Self::DeferralPromise => "诺",
            Self::DeferralNotice => "容",
            Self::SpecialNotice => "特",
            Self::GreenApproval => "绿",
            Self::CourierRecord => "邮",
        }
    }
}

/// What a document is about, so that it is offered anew when that changes, and only then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Pieces on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
    /// Results on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultId>,
    /// Matters on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<MatterCode>,
    /// The notice that it prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<u32>,
    /// The pause that it tells of, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<u32>,
    /// The change of agent that it tells of, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<u32>,
    /// The agent that it names: another agent, another paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Username>,
    /// From whom to whom the pieces on it go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takeover: Option<(Username, Username)>,
    /// The document that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// The shipment that it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<String>,
    /// Materials that may be handed in later, each for a matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deferrals: Vec<(MatterCode, MaterialId)>,
    /// The stop of a matter's clock that it tells of: which interval of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<(MatterCode, usize)>,
    /// The request that it answers, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<usize>,
}

/// Who signed, and how that was made sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The name, where it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the identity was checked.
    pub proof: IdentityProof,
    /// The strokes of a drawn signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strokes: Option<FileRef>,
    /// The letter of a delegate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<FileRef>,
}

/// The hall's own signature on a document's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Which key of the hall.
    pub key: String,
    /// The signature, as the seal writes it.
    pub signature: String,
}

/// A signature bound to a document's hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Which side.
    pub side: Side,
    /// How.
    pub method: SignatureMethod,
    /// The hash of the document that was signed, SHA-256.
    pub hash: String,
    /// Picture or scan.
    pub file: FileRef,
    /// Who was logged in when it was given: the signer itself, or the member of staff who witnessed it.
    pub by: Username,
    /// Who signed and how that was made sure; none where nobody wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A document of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// `D1`, … within the case.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Its number, as printed.
    pub number: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// SHA-256 of the typed input it was made from, as stored beside it.
    pub input: String,
    /// Verification code, as printed.
    pub code: String,
    /// Pages.
    pub pages: u32,
    /// When it was offered.
    pub at: DateTime<Utc>,
    /// What it is about.
    pub about: About,
    /// The hall's own signature; none on papers from before it had a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// Signatures so far.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

impl Document {
    /// The signature of one side.
    #[must_use]
    pub fn signature(&self, side: Side) -> Option<&Signature> {
        self.signatures.iter().find(|signature| signature.side == side)
    }

    /// Whether everybody has signed who has to; false for a paper that nobody signs.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let sides = self.kind.sides();
        !sides.is_empty() && sides.iter().all(|side| self.signature(*side).is_some())
    }
}
