//! The papers of a case: what each is about, its hash, and who signed it (S3.2, S6.3).

use super::command::{Side, SignatureMethod};
use crate::custody::FileRef;
use crate::ids::{DocumentId, ItemId, MatterCode, ResultId, Username};
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
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
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
            Self::DeliveryNotice | Self::ReturnList => &[Side::Client],
            Self::TakeoverList => &[Side::Giver, Side::Taker],
            Self::OneTimeNotice
            | Self::SignatureSheet
            | Self::TransferList
            | Self::Suspension
            | Self::Resumption
            | Self::Termination
            | Self::AgentChange => &[],
        }
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
