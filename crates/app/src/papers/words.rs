//! What the program's own terms are called on a paper.

use documents::MaterialForm;
use domain::case::{
    CaseChannel, DeliveryWay, DocumentKind, GreenMeasure, NoticeReason, Outcome, SuspendReason, TerminateReason,
};
use domain::catalogue::{Catalogue, DayUnit, Limit, Mode};
use domain::custody::PieceForm;
use domain::ids::MatterCode;

/// A matter's name, or its code where the catalogue does not have it any more.
pub(crate) fn matter_name<'a>(catalogue: &'a Catalogue, code: &'a MatterCode) -> &'a str {
    catalogue.matter(code).map_or(code.as_str(), |matter| matter.name.as_str())
}

/// The title of a kind of document.
pub(crate) fn document_title(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::OneTimeNotice => "一次性告知书",
        DocumentKind::HandoverList => "材料交接清单",
        DocumentKind::Agreement => "事项代办委托协议",
        DocumentKind::DeliveryNotice => "事项代办结果交付通知单",
        DocumentKind::ReturnList => "材料退还清单",
        DocumentKind::SignatureSheet => "签署页",
        DocumentKind::TransferList => "归档移交清单",
        DocumentKind::Suspension => "代办帮办服务中止单",
        DocumentKind::Resumption => "代办帮办服务续办单",
        DocumentKind::Termination => "代办帮办服务终止单",
        DocumentKind::AgentChange => "更换代办员告知书",
        DocumentKind::TakeoverList => "代办员交接清单",
        DocumentKind::Application => "代办帮办服务申请表",
        DocumentKind::PowerOfAttorney => "授权委托书",
        DocumentKind::TaskSlip => "交办单",
        DocumentKind::DeferralPromise => "容缺受理承诺书",
        DocumentKind::DeferralNotice => "容缺受理通知书",
        DocumentKind::SpecialNotice => "特别程序告知书",
        DocumentKind::GreenApproval => "绿色通道审批单",
        DocumentKind::CourierRecord => "邮寄记录",
    }
}

pub(crate) fn form_of(form: PieceForm) -> MaterialForm {
    match form {
        PieceForm::Original => MaterialForm::Original,
        PieceForm::Copy => MaterialForm::Copy,
        PieceForm::Electronic => MaterialForm::Electronic,
    }
}

/// How a matter ended. Only a licence is granted as such; a registration or a filing is done or not done.
pub(crate) fn outcome_words(catalogue: &Catalogue, matter: &MatterCode, outcome: Option<Outcome>) -> &'static str {
    let is_licence = catalogue.matter(matter).is_some_and(|matter| matter.kind == "行政许可");
    match outcome {
        Some(Outcome::Granted) if is_licence => "准予许可",
        Some(Outcome::Granted) => "准予办理",
        Some(Outcome::Refused) if is_licence => "不予许可",
        Some(Outcome::Refused) => "不予办理",
        Some(Outcome::NotNeeded) => "无需办理",
        None => "尚未办结",
    }
}

/// Why a matter is told of a second time (S6.2).
pub(super) fn second_reason(reason: NoticeReason) -> &'static str {
    match reason {
        NoticeReason::ApplicantChanged => "首次告知以后，申请人的情况有变化",
        NoticeReason::RuleChanged => "首次告知以后，法律法规或者办事要求有变化",
        NoticeReason::StillNotRight => "补来的材料仍然不符合要求",
        NoticeReason::Overlooked => "首次告知有遗漏，责任在我方",
    }
}

/// Why a case rests.
pub(super) fn suspend_reason(reason: SuspendReason) -> &'static str {
    match reason {
        SuspendReason::ClientRequest => "委托方要求暂缓办理",
        SuspendReason::FalseMaterials => "材料不真实或者隐瞒有关情况，需要核实",
        SuspendReason::FeeUnpaid => "法定费用没有按期缴纳",
        SuspendReason::ConditionsUnmet => "暂不符合法定条件",
        SuspendReason::ForceMajeure => "不可抗力",
    }
}

/// Why a case goes no further.
pub(super) fn terminate_reason(reason: TerminateReason) -> &'static str {
    match reason {
        TerminateReason::NotApprovable => "项目依法不能批准",
        TerminateReason::Fraud => "提供虚假材料或者隐瞒真实情况",
        TerminateReason::ClientUnreachable => "无法与委托方取得联系",
        TerminateReason::ProjectAbandoned => "项目不再建设",
    }
}

/// A limit, such as `20 个工作日`.
pub(super) fn limit(limit: Limit) -> String {
    match limit.unit {
        DayUnit::WorkingDay => format!("{} 个工作日", limit.days),
        DayUnit::NaturalDay => format!("{} 日", limit.days),
    }
}

/// Which way an application came.
pub(super) fn channel(channel: CaseChannel) -> &'static str {
    match channel {
        CaseChannel::WalkIn => "窗口",
        CaseChannel::Phone => "电话",
        CaseChannel::Online => "网上",
    }
}

/// How the client wants its results.
pub(super) fn delivery(way: DeliveryWay) -> &'static str {
    match way {
        DeliveryWay::InPerson => "当面领取",
        DeliveryWay::Courier => "邮寄送达",
        DeliveryWay::Electronic => "电子送达",
    }
}

/// What is done for a case on the green channel beside the shorter limits (S6.4).
pub(super) fn measure(measure: GreenMeasure) -> &'static str {
    match measure {
        GreenMeasure::AfterHours => "延时服务",
        GreenMeasure::Appointment => "预约服务",
        GreenMeasure::Accompanied => "专人陪办",
    }
}

/// `3200 万元`, or in yuan what is no whole number of ten thousands.
pub(super) fn money(fen: i64) -> String {
    const FEN_OF_YUAN: i64 = 100;
    const FEN_OF_WAN: i64 = 10_000 * FEN_OF_YUAN;
    if fen % FEN_OF_WAN == 0 {
        format!("{} 万元", fen / FEN_OF_WAN)
    } else {
        format!("{}.{:02} 元", fen / FEN_OF_YUAN, (fen % FEN_OF_YUAN).abs())
    }
}

/// How long the file of a case is kept (S6.5).
pub(crate) fn retention(mode: Mode) -> &'static str {
    match mode {
        Mode::Agency => "30年",
        Mode::Assistance => "10年",
    }
}
