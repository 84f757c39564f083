//! Forms filled in as a busy day would fill them; people and enterprises are made up.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, NaiveDate, Utc};
use documents::{
    Agreement, AgreementTerm, CourseLine, Decision, DecisionFact, DecisionKind, DeliveredResult, DeliveryNotice,
    DeliveryTitle, DeliveryWay, Form, HandoverItem, HandoverList, HandoverParty, HandoverPurpose, Head, KeptMaterial,
    LedgerColumn, LedgerNotice, MaterialForm, MissingMaterial, MissingState, OneTimeNotice, Picture, ReturnedMaterial,
    SignatureEntry, SignatureMethod, SignatureSheet, TransferList, TransferRow,
};

pub(crate) const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
pub(crate) const OFFICE: &str = "巴林左旗政务服务局政务服务业务室";
pub(crate) const CLIENT: &str = "蓝马驹牧业有限公司";

pub(crate) fn text(s: &str) -> String {
    s.to_owned()
}

pub(crate) fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| text(s)).collect()
}

pub(crate) fn day(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

pub(crate) fn moment(s: &str) -> DateTime<Utc> {
    s.parse().unwrap()
}

pub(crate) fn head(number: &str) -> Head {
    Head {
        number: text(number),
        hall: text("巴林左旗政务服务局"),
        code: text("7KQF-2M9X-4TRD"),
        check_url: text("https://bangban.example.cn/check/7KQF-2M9X-4TRD"),
        version: 1,
    }
}

pub(crate) fn agreement() -> Agreement {
    Agreement {
        head: head("2026-0187-协-01"),
        agent_office: text(OFFICE),
        agent: text("乌云·其木格"),
        agent_phone: text("0476-7862001"),
        client: text(CLIENT),
        client_code: Some(text("91150422MA0N3XYZ1K")),
        client_contact: Some(text("欧阳𬭚")),
        client_phone: text("13800001234"),
        matters: texts(&[
            "修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批",
            "建设用地规划许可",
            "动物防疫条件合格证核发",
        ]),
        materials: texts(&["使用草原申请表", "草原承包经营权证（𠮷力草场）", "工程设施建设方案", "补偿协议", "坐标图"]),
        handover_number: Some(text("2026-0187-交-01")),
        terms: Vec::new(),
        until: None,
        date: Some(day("2026-11-24")),
    }
}

pub(crate) fn courier() -> DeliveryWay {
    DeliveryWay::Courier {
        carrier: text("中国邮政速递物流"),
        number: text("EA123456789CN"),
        address: text("内蒙古自治区赤峰市巴林左旗林东镇契丹大街 18 号"),
    }
}

fn returned(name: &str) -> ReturnedMaterial {
    ReturnedMaterial { name: text(name), form: MaterialForm::Original, copies: 1 }
}

pub(crate) fn delivery_notice() -> DeliveryNotice {
    let line = |on: &str, what: &str| CourseLine { on: Some(day(on)), text: text(what) };
    let result = |matter: &str, outcome: &str, names: &[&str]| DeliveredResult {
        matter: text(matter),
        outcome: text(outcome),
        names: texts(names),
    };
    DeliveryNotice {
        head: head("2026-0187-交付-01"),
        titled: DeliveryTitle::Notice,
        commissioned_on: day("2026-09-01"),
        agent_office: text(OFFICE),
        agent: text("乌云·其木格"),
        agent_phone: text("0476-7862001"),
        client: text(CLIENT),
        matters: texts(&["使用草原审批", "建设用地规划许可", "动物防疫条件合格证核发"]),
        course: vec![
            line("2026-09-02", "向林业和草原局递交使用草原审批申请，当日受理。"),
            line("2026-09-18", "陪同现场勘验，勘验人䶮志刚、㛃丽娜。"),
            line("2026-10-12", "自然资源局核发建设用地规划许可证。"),
            CourseLine { on: None, text: text("其间补正材料一次，用时 3 个工作日。") },
        ],
        results: vec![
            result("使用草原审批", "准予许可", &["草原使用审核同意书"]),
            result("建设用地规划许可", "准予许可", &["建设用地规划许可证正本", "建设用地规划许可证附图"]),
            result("动物防疫条件合格证核发", "不予许可", &[]),
        ],
        delivered_at: Some(moment("2026-11-24T01:52:07Z")),
        delivery: courier(),
        returned_at: Some(moment("2026-11-25T07:30:00Z")),
        return_way: DeliveryWay::InPerson { collector: Some(text("欧阳𬭚")) },
        returned: vec![returned("草原承包经营权证"), returned("补偿协议")],
        kept: vec![KeptMaterial {
            name: text("使用草原申请表"),
            keeper: text("林业和草原局"),
            reason: text("《草原征占用审核审批管理规范》要求申请材料原件归入审批案卷"),
        }],
        date: Some(day("2026-11-26")),
        record_head: Some(text(HASH)),
    }
}

fn missing(
    name: &str,
    state: MissingState,
    how: &str,
    forms: &[MaterialForm],
    copies: u32,
    deferrable: bool,
) -> MissingMaterial {
    MissingMaterial {
        name: text(name),
        matters: texts(&["使用草原审批", "建设用地规划许可"]),
        state,
        how_to_get: text(how),
        forms: forms.to_vec(),
        copies,
        deferrable,
    }
}

pub(crate) fn notice() -> OneTimeNotice {
    use MaterialForm::{Copy, Electronic, Original};
    OneTimeNotice {
        head: Head { version: 2, ..head("2026-0187-告-01") },
        to: text(CLIENT),
        matters: texts(&["使用草原审批", "建设用地规划许可"]),
        missing: vec![
            missing(
                "使用草原申请表",
                MissingState::Missing,
                "在本大厅 3 号窗口领取，或者从办事指南下载填写",
                &[Original],
                2,
                false,
            ),
            missing(
                "法定代表人身份证",
                MissingState::NotRight { why: text("复印件看不清有效期") },
                "带原件到窗口，由工作人员当场复印",
                &[Original, Copy],
                1,
                false,
            ),
            missing(
                "勘测定界报告（䶮山测绘）",
                MissingState::Missing,
                "委托有测绘资质的单位编制，一般需要 10 个工作日",
                &[Original, Electronic],
                3,
                true,
            ),
        ],
        bring_by: day("2026-12-08"),
        place: Some(text("巴林左旗政务服务中心二楼代办帮办窗口")),
        agent_office: text(OFFICE),
        agent: text("阿拉坦·其其格"),
        agent_phone: text("0476-7862002"),
        second_reason: Some(text("企业变更了法定代表人，身份材料需要重新提交")),
        issued_on: day("2026-11-24"),
    }
}

pub(crate) fn item(
    name: &str,
    form: MaterialForm,
    pages: Option<u32>,
    copies: u32,
    return_by: Option<&str>,
) -> HandoverItem {
    HandoverItem {
        name: text(name),
        form,
        pages,
        copies,
        returned: return_by.is_some(),
        return_by: return_by.map(day),
        condition: None,
        remark: None,
    }
}

pub(crate) fn handover() -> HandoverList {
    use MaterialForm::{Copy, Electronic, Original};
    let party = |unit: &str, person: &str, phone: &str| HandoverParty {
        unit: text(unit),
        person: text(person),
        phone: text(phone),
    };
    let mut items = vec![
        item("使用草原申请表", Original, Some(2), 1, None),
        item("草原承包经营权证", Original, None, 1, Some("2026-12-08")),
        item("工程设施建设方案", Original, Some(36), 2, None),
        item("补偿协议", Copy, Some(6), 1, Some("2026-12-08")),
        item("坐标图", Electronic, None, 1, None),
    ];
    items[1].remark = Some(text("封面略有破损"));
    HandoverList {
        head: head("2026-0187-交-04"),
        purpose: HandoverPurpose::Commission,
        supplement: Some(3),
        from: party(CLIENT, "阿拉坦·巴特尔", "13800001234"),
        to: party(OFFICE, "㛃·其木格", "0476-7862001"),
        matters: texts(&["修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批"]),
        items,
        date: Some(day("2026-11-24")),
    }
}

pub(crate) fn signature_sheet() -> SignatureSheet {
    let entry = |side: &str, name: &str, method, at: &str, identity: &str, picture: Option<&[u8]>| SignatureEntry {
        side: text(side),
        name: text(name),
        method,
        signed_at: moment(at),
        identity: text(identity),
        picture: picture.map(|bytes| Picture(bytes.to_vec())),
    };
    SignatureSheet {
        head: head("2026-0187-签-01"),
        document_title: text("事项代办委托协议"),
        document_number: text("2026-0187-协-01"),
        document_hash: text(HASH),
        document_pages: 2,
        signatures: vec![
            entry(
                "代办方（巴林左旗政务服务局政务服务业务室）",
                "乌云·其木格",
                SignatureMethod::Screen,
                "2026-11-24T01:52:07Z",
                "工作人员账号登录",
                Some(include_bytes!("pictures/sign.png")),
            ),
            entry(
                "委托方（蓝马驹牧业有限公司）",
                "欧阳𬭚",
                SignatureMethod::PaperScan,
                "2026-11-23T16:05:09Z",
                "当面核对居民身份证",
                Some(include_bytes!("pictures/sign.jpg")),
            ),
            entry("见证人", "𠮷日嘎拉", SignatureMethod::Screen, "2026-11-24T01:55:00Z", "当面核对工作证", None),
        ],
    }
}

pub(crate) fn transfer_list() -> TransferList {
    let row = |document: &str, pages, hash: bool, on: &str| TransferRow {
        document: text(document),
        pages,
        hash: hash.then(|| text(HASH)),
        from: text("政务服务业务室"),
        to: text("档案室"),
        date: day(on),
    };
    TransferList {
        head: head("2026-0187-移-01"),
        case_number: text("2026-0187"),
        case_title: text("蓝马驹牧业有限公司养殖基地项目代办"),
        retention: text("30 年"),
        from: text("政务服务业务室 乌云·其木格"),
        to: text("档案室 李䶮"),
        rows: vec![
            row("事项代办委托协议（2026-0187-协-01）", Some(2), true, "2026-09-01"),
            row("材料交接清单（2026-0187-交-01）", Some(1), true, "2026-09-01"),
            row("事项代办结果交付通知单（2026-0187-交付-01）", Some(2), true, "2026-11-24"),
            row("现场勘验照片", None, true, "2026-09-18"),
            row("邮件回执（纸质）", Some(1), false, "2026-11-26"),
        ],
        record_head: Some(text("4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce")),
        date: Some(day("2026-11-27")),
    }
}

pub(crate) fn decision() -> Decision {
    let fact = |name: &str, value: &str| DecisionFact { name: text(name), value: text(value) };
    Decision {
        head: head("2026-0187-更-01"),
        about: DecisionKind::AgentChange,
        to: text(CLIENT),
        matters: texts(&["企业投资项目备案", "建设用地规划许可证核发"]),
        statement: text("为您办理上述事项的代办员自2026年11月24日起更换，特此告知。"),
        facts: vec![fact("原代办员", "㛃·其木格"), fact("现代办员", "王小草"), fact("原因", "工作岗位调整")],
        items: texts(&["公司章程（原件，12 页，1 份）"]),
        notes: texts(&["已经办理的手续继续有效，您不需要重新提交材料。"]),
        office: text(OFFICE),
        issued_on: day("2026-11-24"),
    }
}

pub(crate) fn ledger_notice() -> LedgerNotice {
    let columns = [("项目", 16), ("审批事项", 14), ("审批层级", 6), ("计划完成日期", 9), ("现在谁在办", 18)];
    let row = |number: usize| {
        let project = format!("㛃河牧业养殖基地（{number}）");
        texts(&[&project, "使用草原审批", "自治区", "2026-12-18", "自治区林草局，从11月3日起，16 个工作日"])
    };
    LedgerNotice {
        head: head("左政服发〔2026〕12号"),
        title: text("关于重大项目审批事项办理进展情况的通报"),
        to: text("旗直各有关单位"),
        paragraphs: texts(&[
            "截至2026年11月24日，纳入台账的在办项目14个，涉及审批事项226项，其中已办结91项，未办结135项。",
            "请各有关单位对照附件所列计划完成日期和卡点，抓紧办理，逐项销号。",
        ]),
        attachment: text("重大项目审批事项推进台账"),
        columns: columns.iter().map(|(name, width)| LedgerColumn { name: text(name), width: *width }).collect(),
        rows: (1..=60).map(row).collect(),
        definitions: texts(&["计划完成日期：从期望的开工日期倒排。", "停留工作日：从轮到这一方那天的次日起算。"]),
        signer: text("巴林左旗政务服务局"),
        issued_on: day("2026-11-24"),
    }
}

/// Forms that say something else for another purpose.
pub(crate) fn purposes() -> Vec<Form> {
    let list = |purpose| Form::HandoverList(HandoverList { purpose, ..handover() });
    let full = Agreement { terms: AgreementTerm::ALL.to_vec(), until: Some(day("2027-05-01")), ..agreement() };
    vec![list(HandoverPurpose::Return), list(HandoverPurpose::Takeover), Form::Agreement(full)]
}

/// One of each.
pub(crate) fn all() -> Vec<(&'static str, Form)> {
    let annexes = vec![
        ("agreement", Form::Agreement(agreement())),
        ("delivery-notice", Form::DeliveryNotice(delivery_notice())),
        ("one-time-notice", Form::OneTimeNotice(notice())),
        ("handover-list", Form::HandoverList(handover())),
        ("signature-sheet", Form::SignatureSheet(signature_sheet())),
        ("transfer-list", Form::TransferList(transfer_list())),
        ("decision", Form::Decision(decision())),
        ("ledger-notice", Form::LedgerNotice(ledger_notice())),
    ];
    annexes.into_iter().chain(crate::further::all()).collect()
}
