//! What each form is filled with. All text is plain: it is printed as it stands and never read as markup.

mod agreement;
mod application;
mod archive;
mod call_back;
mod consultation;
mod courier;
mod decision;
mod deferral;
mod delivery;
mod green;
mod handover;
mod kind;
mod label;
mod ledger;
mod minutes;
mod notice;
mod power;
mod signatures;
mod special;
mod supervision;
mod task;
mod transfer;

pub use agreement::{Agreement, AgreementTerm};
pub use application::{ApplicationProject, ServiceApplication, ServiceWay};
pub use archive::{ArchiveCatalogue, ArchiveCover, ArchiveRow};
pub use call_back::{CallBackRecord, FollowUp, Satisfaction};
pub use consultation::{ConsultationChannel, ConsultationRecord, JointStudy};
pub use courier::{CourierOutcome, CourierRecord, CourierStep};
pub use decision::{Decision, DecisionFact, DecisionKind};
pub use deferral::{DeferralNotice, DeferralPromise, DeferredItem};
pub use delivery::{
    CourseLine, DeliveredResult, DeliveryNotice, DeliveryTitle, DeliveryWay, KeptMaterial, ReturnedMaterial,
};
pub use green::{GreenChannelApproval, GreenDecision, GreenLimit};
pub use handover::{HandoverItem, HandoverList, HandoverParty, HandoverPurpose};
pub use kind::FormKind;
pub use label::{CustodyLabel, CustodyLabels};
pub use ledger::{LedgerColumn, LedgerNotice};
pub use minutes::{MeetingDecision, MeetingMinutes};
pub use notice::{MissingMaterial, MissingState, OneTimeNotice};
pub use power::PowerOfAttorney;
pub use signatures::{Picture, SignatureEntry, SignatureMethod, SignatureSheet};
pub use special::SpecialProcedureNotice;
pub use supervision::{SupervisionCause, SupervisionClosing, SupervisionFeedback, SupervisionOrder};
pub use task::{TaskAnswer, TaskDecision, TaskSlip};
pub use transfer::{TransferList, TransferRow};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
    /// 代办帮办服务申请表 (S2.1, S6.1)
    ServiceApplication(ServiceApplication),
    /// 咨询接待登记表 (S5.3, S6.1)
    ConsultationRecord(ConsultationRecord),
    /// 授权委托书 (S2.2)
    PowerOfAttorney(PowerOfAttorney),
    /// 交办单 (S5.3)
    TaskSlip(TaskSlip),
    /// 容缺受理承诺书 (S6.2)
    DeferralPromise(DeferralPromise),
    /// 容缺受理通知书 (S6.2)
    DeferralNotice(DeferralNotice),
    /// 特别程序告知书 (行政许可法 art. 45)
    SpecialProcedureNotice(SpecialProcedureNotice),
    /// 绿色通道审批单 (S6.4)
    GreenChannelApproval(GreenChannelApproval),
    /// 邮寄记录 (S6.3)
    CourierRecord(CourierRecord),
    /// 回访记录 (S8.1)
    CallBackRecord(CallBackRecord),
    /// 督办单 (S8.2)
    SupervisionOrder(SupervisionOrder),
    /// 会议纪要 (S5.3)
    MeetingMinutes(MeetingMinutes),
    /// 案卷封面 (S6.5)
    ArchiveCover(ArchiveCover),
    /// 卷内目录 (S6.5)
    ArchiveCatalogue(ArchiveCatalogue),
    /// 材料标签 (S3.2)
    CustodyLabels(CustodyLabels),
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
    /// The texts that the template shows as QR codes, `/codes/0.svg`, `/codes/1.svg` and so on.
    fn codes(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Boxes to be ticked: each label, and whether it is the chosen one.
fn choices<T: Copy + PartialEq>(all: &[T], label: impl Fn(T) -> &'static str, chosen: Option<T>) -> Vec<Value> {
    all.iter().map(|one| json!({"label": label(*one), "chosen": chosen == Some(*one)})).collect()
}

/// Two boxes, the first for yes.
fn yes_or_no(labels: [&'static str; 2], answer: Option<bool>) -> Vec<Value> {
    choices(&[true, false], |yes| if yes { labels[0] } else { labels[1] }, answer)
}

impl Form {
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

    /// The pictures the template shows as `/pictures/0`, `/pictures/1` and so on.
    pub(crate) fn pictures(&self) -> Vec<&Picture> {
        self.paper().pictures()
    }

    /// The texts that the template shows as QR codes, `/codes/0.svg`, `/codes/1.svg` and so on.
    pub(crate) fn codes(&self) -> Vec<&str> {
        self.paper().codes()
    }
}
