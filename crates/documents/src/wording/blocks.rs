//! The blocks of each form with their defaults. This is the one place where they stand.

use super::Block;
use crate::forms::FormKind;

/// The blocks of wording of a form, in the order of the paper; empty for a form whose text is all input.
#[must_use]
pub fn wording_blocks(form: FormKind) -> &'static [Block] {
    match form {
        FormKind::Agreement => AGREEMENT,
        FormKind::DeliveryNotice => DELIVERY_NOTICE,
        FormKind::OneTimeNotice => ONE_TIME_NOTICE,
        FormKind::HandoverList => HANDOVER_LIST,
        FormKind::TransferList => TRANSFER_LIST,
        FormKind::ServiceApplication => SERVICE_APPLICATION,
        FormKind::PowerOfAttorney => POWER_OF_ATTORNEY,
        FormKind::TaskSlip => TASK_SLIP,
        FormKind::DeferralPromise => DEFERRAL_PROMISE,
        FormKind::DeferralNotice => DEFERRAL_NOTICE,
        FormKind::SpecialProcedureNotice => SPECIAL_PROCEDURE_NOTICE,
        FormKind::SupervisionOrder => SUPERVISION_ORDER,
        FormKind::CallBackRecord => CALL_BACK_RECORD,
        FormKind::GreenChannelApproval => GREEN_CHANNEL_APPROVAL,
        FormKind::MeetingMinutes => MEETING_MINUTES,
        FormKind::SignatureSheet
        | FormKind::Decision
        | FormKind::LedgerNotice
        | FormKind::ConsultationRecord
        | FormKind::CourierRecord
        | FormKind::ArchiveCover
        | FormKind::ArchiveCatalogue
        | FormKind::CustodyLabels => &[],
    }
}

const fn block(
    name: &'static str,
    (label_zh, label_en): (&'static str, &'static str),
    default: &'static str,
    placeholders: &'static [&'static str],
) -> Block {
    Block { name, label_zh, label_en, default, placeholders }
}

const AGREEMENT: &[Block] = &[
    block(
        "statement",
        ("委托和承诺", "Commission and promise"),
        "现委托代办方为委托方办理{matters}业务，委托方将以下材料提供给代办方，并承诺所提交材料均为真实材料。",
        &["matters"],
    ),
    block(
        "term_duties",
        ("补充约定：双方职责", "Further term: duties"),
        "委托方提供真实、完整的材料，需要本人到场的按时到场；代办方及时递交材料、跟进办理、告知进度。",
        &[],
    ),
    block(
        "term_scope",
        ("补充约定：服务范围", "Further term: scope"),
        "代办方只办理本协议所列事项；增加事项的，另行签订补充协议。",
        &[],
    ),
    block(
        "term_period",
        ("补充约定：委托期限", "Further term: period"),
        "委托期限自签订之日起至{until}止；到期事项还在办理的，经双方书面同意可以延长。",
        &["until"],
    ),
    block(
        "term_fees",
        ("补充约定：服务费用", "Further term: fees"),
        "代办服务不收取任何费用，代办人员不得接受委托方的财物和宴请。",
        &[],
    ),
    block(
        "term_secrecy",
        ("补充约定：保密", "Further term: secrecy"),
        "代办方对委托方的商业秘密和个人信息保密，材料只用于本协议所列事项。",
        &[],
    ),
    block(
        "term_termination",
        ("补充约定：解除和终止", "Further term: termination"),
        "结果交付以前，委托方可以随时解除委托；委托方提供虚假材料的，代办方可以终止代办。已交材料随即退还。",
        &[],
    ),
    block(
        "term_outcome",
        ("补充约定：办理结果", "Further term: outcome"),
        "代办方不承诺办理结果，结果由有权机关依法决定。",
        &[],
    ),
    block(
        "supplement",
        ("本大厅补充说明", "Supplement of the hall"),
        "代办服务不收费。\n\
         法律、法规规定必须缴纳的费用由委托方承担，由委托方直接交给收费单位。\n\
         原件用毕退还委托方；依法须由办理机关留存的，在交付通知单上写明理由。\n\
         代办方如实递交材料、跟进进度，不承诺办理结果；结果由有权机关依法决定。\n\
         结果交付以前，委托方可以随时撤回委托，已交材料随即退还。",
        &[],
    ),
];

const DELIVERY_NOTICE: &[Block] = &[
    block(
        "kept",
        ("留存材料的说明", "Before the materials that are kept"),
        "下列材料依法由有关机关留存，不予返还：",
        &[],
    ),
    block("check", ("核对提示", "To be checked before signing"), "委托人核对以上结果和材料无误后签字。", &[]),
];

const ONE_TIME_NOTICE: &[Block] = &[
    block(
        "opening",
        ("开头", "Opening"),
        "您申请办理“{matters}”，材料已经核对。还缺少或者需要改正的共{count}项，现一次性全部告知如下：",
        &["matters", "count"],
    ),
    block(
        "deadline",
        ("补齐期限", "By when to bring the rest"),
        "请在{bring_by}前补齐{place}。补齐后即可签订代办委托协议；到期没有补齐的，代办申请转为帮办，由工作人员带您到窗口办理。\
         “可以后补”的材料，承诺按期补交后可以先受理。",
        &["bring_by", "place"],
    ),
];

const HANDOVER_LIST: &[Block] = &[
    block(
        "commission",
        ("交接清单：开头", "Handover list: opening"),
        "委托方为办理“{matters}”，将以下材料交给代办方，并承诺所提交材料均为真实材料。",
        &["matters"],
    ),
    block(
        "commission_end",
        ("交接清单：结尾", "Handover list: end"),
        "代办方收到后妥善保管，只用于上述事项。双方核对无误后签字，各存一份。",
        &[],
    ),
    block(
        "return",
        ("退还清单：开头", "Return list: opening"),
        "代办方将委托方为办理“{matters}”交来的以下材料退还委托方。",
        &["matters"],
    ),
    block(
        "return_end",
        ("退还清单：结尾", "Return list: end"),
        "委托方当面核对材料齐全、完好后签字。双方各存一份。",
        &[],
    ),
    block(
        "takeover",
        ("代办员交接清单：开头", "List between agents: opening"),
        "原代办员将委托方为办理“{matters}”交来、由其保管的以下材料交给现代办员。",
        &["matters"],
    ),
    block(
        "takeover_end",
        ("代办员交接清单：结尾", "List between agents: end"),
        "双方当面核对材料齐全、完好后签字，自签字起由现代办员保管。原代办员不能到场的，由牵头科室负责人代为移交。",
        &[],
    ),
];

const TRANSFER_LIST: &[Block] =
    &[block("checked", ("核对说明", "That it was checked"), "移交前已按归档要求核对齐全。", &[])];

const SERVICE_APPLICATION: &[Block] = &[block(
    "declaration",
    ("申请人声明", "Declaration of the applicant"),
    "本申请出于自愿。所填内容和所交材料真实、有效。\n已知悉代办帮办服务不收费，办理结果由有权机关依法决定；签订代办委托协议后开始代办。",
    &[],
)];

const POWER_OF_ATTORNEY: &[Block] = &[
    block(
        "statement",
        ("授权", "Grant of authority"),
        "现委托{agent}为我方代理人，向{to}办理{matters}的有关手续。代理人在下列权限和期限内所为的行为，由我方承担法律后果。",
        &["agent", "to", "matters"],
    ),
    block(
        "limits",
        ("权限的界限", "Limits of the authority"),
        "没有逐项列明的，代理人无权办理。\n代理人不得转委托。\n期限届满或者我方书面撤销的，本委托书失效。",
        &[],
    ),
];

const TASK_SLIP: &[Block] = &[block(
    "statement",
    ("交办说明", "What the office is asked"),
    "请在{claim_by}前认领；不属于本单位职责的，写明理由退回或者转交。请在{due}前办结并反馈。",
    &["claim_by", "due"],
)];

const DEFERRAL_PROMISE: &[Block] = &[
    block(
        "promise",
        ("承诺", "Promise"),
        "我方向{to}申请办理“{matter}”，下列材料暂时不能提交，自愿申请容缺受理，并承诺在所列期限前补齐，补交的材料真实、有效，与申请时所述一致。",
        &["to", "matter"],
    ),
    block(
        "consequence",
        ("后果", "Consequence"),
        "我方已知悉：材料补齐以前，不予发放办理结果；逾期未补正的，按规定终止容缺办理，由此产生的后果由我方承担。",
        &[],
    ),
];

const DEFERRAL_NOTICE: &[Block] = &[
    block(
        "statement",
        ("容缺受理", "That it is accepted"),
        "您申请办理的“{matter}”，主要材料齐全、符合法定形式，根据您的承诺，自{accepted_on}起容缺受理。还缺下列材料，请在所列期限前补齐：",
        &["matter", "accepted_on"],
    ),
    block(
        "consequence",
        ("逾期的后果", "Consequence of delay"),
        "材料补齐以前，审查照常进行，但不予发放办理结果。\n逾期未补正的，不予发放结果，并按规定终止容缺办理；已经提交的材料依规退还。",
        &[],
    ),
];

const SPECIAL_PROCEDURE_NOTICE: &[Block] = &[
    block(
        "statement",
        ("告知", "What is told"),
        "您申请办理的“{matter}”，依法需要进行{procedure}，现将所需时间告知如下：",
        &["matter", "procedure"],
    ),
    block(
        "not_counted",
        ("不计入办理期限", "That the time is not counted"),
        "根据《中华人民共和国行政许可法》第四十五条，上述程序所需时间不计算在办理期限内；程序结束后，办理期限继续计算。\n\
         预计不能按期结束的，我们另行书面告知。",
        &[],
    ),
];

const SUPERVISION_ORDER: &[Block] = &[block(
    "statement",
    ("督办要求", "What is demanded of the office"),
    "请{to}核实下列情况，按要求办理，并在{due}前书面反馈结果。",
    &["to", "due"],
)];

const CALL_BACK_RECORD: &[Block] = &[block(
    "note",
    ("回访说明", "Note on call-backs"),
    "回访由政务服务督查室进行，承办该事项的代办员不参加。评价为不满意的，限期整改并再次回访。",
    &[],
)];

const GREEN_CHANNEL_APPROVAL: &[Block] = &[block(
    "note",
    ("审批说明", "Note on approval"),
    "绿色通道只缩短时限、增加服务，不减少法定条件和程序。使用情况定期公开。",
    &[],
)];

const MEETING_MINUTES: &[Block] =
    &[block("decided", ("议定事项的开头", "Before what was decided"), "会议议定以下事项：", &[])];
