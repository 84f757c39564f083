//! What each form is filled with. All text is plain: it is printed as it stands and never read as markup.

mod agreement;
mod decision;
mod delivery;
mod handover;
mod ledger;
mod notice;
mod signatures;
mod transfer;

pub use agreement::Agreement;
pub use decision::{Decision, DecisionFact, DecisionKind};
pub use delivery::{CourseLine, DeliveredResult, DeliveryNotice, DeliveryWay, KeptMaterial, ReturnedMaterial};
pub use handover::{HandoverItem, HandoverList, HandoverParty, HandoverPurpose};
pub use ledger::{LedgerColumn, LedgerNotice};
pub use notice::{MissingMaterial, MissingState, OneTimeNotice};
pub use signatures::{Picture, SignatureEntry, SignatureMethod, SignatureSheet};
pub use transfer::{TransferList, TransferRow};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands on every page of every form: which paper it is and how to check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The paper's own number, such as `2026-0187-协-01`.
    pub number: String,
    /// Full name of the bureau, such as `巴林左旗政务服务局`.
    pub hall: String,
    /// The code a reader types in to check the paper, such as `7KQF-2M9X-4TRD`.
    pub code: String,
    /// The page that checks the paper; printed, and drawn as a QR code.
    pub check_url: String,
    /// Counts from 1; a reprint with changes is version 2.
    pub version: u32,
}

/// In which form a material is asked for, or was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialForm {
    /// 原件
    Original,
    /// 复印件
    Copy,
    /// 电子件
    Electronic,
}

impl MaterialForm {
    /// The word printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Original => "原件",
            Self::Copy => "复印件",
            Self::Electronic => "电子件",
        }
    }
}

/// One filled form, ready to be rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Form {
    /// 事项代办委托协议 (annex 1)
    Agreement(Agreement),
    /// 事项代办结果交付通知单 (annex 2)
    DeliveryNotice(DeliveryNotice),
    /// 一次性告知书 (S6.2)
    OneTimeNotice(OneTimeNotice),
    /// 材料交接清单 (S3.2, S6.2), 材料退还清单 (S2.1, S6.3), 代办员交接清单 (S5.3)
    HandoverList(HandoverList),
    /// 签署页: who signed which paper, how and when
    SignatureSheet(SignatureSheet),
    /// 归档移交清单 (S6.5)
    TransferList(TransferList),
    /// 中止单, 续办单, 终止单, 更换代办员告知书 (S2.1, S5.3)
    Decision(Decision),
    /// 通报, with the ledger of projects (台账) as its attachment (S5.3)
    LedgerNotice(LedgerNotice),
}

/// What every form can tell of itself.
pub(crate) trait Paper {
    /// What stands on every page.
    fn head(&self) -> &Head;
    /// The title printed on the paper.
    fn title(&self) -> &str;
    /// The form as its template reads it: dates in Chinese, lists numbered, blanks as `null`.
    fn view(&self) -> Value;
    /// The pictures the template shows as `/pictures/0`, `/pictures/1` and so on.
    fn pictures(&self) -> Vec<&Picture> {
        Vec::new()
    }
}

impl Form {
    fn paper(&self) -> &dyn Paper {
        match self {
            Self::Agreement(form) => form,
            Self::DeliveryNotice(form) => form,
            Self::OneTimeNotice(form) => form,
            Self::HandoverList(form) => form,
            Self::SignatureSheet(form) => form,
            Self::TransferList(form) => form,
            Self::Decision(form) => form,
            Self::LedgerNotice(form) => form,
        }
    }

    /// The title printed on the paper.
    #[must_use]
    pub fn title(&self) -> &str {
        self.paper().title()
    }

    /// What stands on every page.
    #[must_use]
    pub fn head(&self) -> &Head {
        self.paper().head()
    }

    /// The form as its template reads it: dates in Chinese, lists numbered, blanks as `null`.
    pub(crate) fn view(&self) -> Value {
        self.paper().view()
    }

    /// The form's own template.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::Agreement(_) => include_str!("../../templates/agreement.typ"),
            Self::DeliveryNotice(_) => include_str!("../../templates/delivery-notice.typ"),
            Self::OneTimeNotice(_) => include_str!("../../templates/one-time-notice.typ"),
            Self::HandoverList(_) => include_str!("../../templates/handover-list.typ"),
            Self::SignatureSheet(_) => include_str!("../../templates/signature-sheet.typ"),
            Self::TransferList(_) => include_str!("../../templates/transfer-list.typ"),
            Self::Decision(_) => include_str!("../../templates/decision.typ"),
            Self::LedgerNotice(_) => include_str!("../../templates/ledger.typ"),
        }
    }

    /// The pictures the template shows as `/pictures/0`, `/pictures/1` and so on.
    pub(crate) fn pictures(&self) -> Vec<&Picture> {
        self.paper().pictures()
    }
}
