//! The forms beside the annexes, filled in; people and enterprises are made up.

use documents::{
    ApplicationProject, ArchiveCatalogue, ArchiveCover, ArchiveRow, CallBackRecord, ConsultationChannel,
    ConsultationRecord, CourierOutcome, CourierRecord, CourierStep, CustodyLabel, CustodyLabels, DeferralNotice,
    DeferralPromise, DeferredItem, FollowUp, Form, GreenChannelApproval, GreenDecision, GreenLimit, JointStudy,
    MaterialForm, MeetingDecision, MeetingMinutes, Picture, PowerOfAttorney, Satisfaction, ServiceApplication,
    ServiceWay, SpecialProcedureNotice, SupervisionCause, SupervisionClosing, SupervisionFeedback, SupervisionOrder,
    TaskAnswer, TaskDecision, TaskSlip,
};

use crate::samples::{CLIENT, OFFICE, day, head, moment, text, texts};

const FORESTRY: &str = "巴林左旗林业和草原局";

pub(crate) fn application() -> ServiceApplication {
    ServiceApplication {
        head: head("2026-0187-申-01"),
        applicant: text(CLIENT),
        applicant_code: Some(text("91150422MA0N3XYZ1K")),
        contact: text("欧阳𬭚"),
        phone: text("13800001234"),
        project: Some(ApplicationProject {
            name: text("蓝马驹养殖基地"),
            code: Some(text("2609-150422-04-01-123456")),
            investment: Some(text("3200 万元")),
            site: Some(text("林东镇㛃河村")),
            industry: Some(text("畜牧业")),
            grade: Some(text("自治区级重点")),
        }),
        service: ServiceWay::Agency,
        stages: texts(&["立项用地规划许可", "施工许可"]),
        matters: texts(&["使用草原审批", "建设用地规划许可"]),
        delivery: Some(text("邮寄送达")),
        remark: Some(text("希望在封冻以前开工")),
        received_by: Some(text("乌云·其木格")),
        received_at: Some(moment("2026-11-02T01:30:00Z")),
        channel: Some(text("窗口")),
        date: Some(day("2026-11-02")),
    }
}

pub(crate) fn consultation() -> ConsultationRecord {
    ConsultationRecord {
        head: head("2026-咨-0031"),
        asked_at: moment("2026-11-02T02:10:00Z"),
        person: text("欧阳𬭚"),
        unit: Some(text(CLIENT)),
        phone: Some(text("13800001234")),
        channel: ConsultationChannel::Phone,
        question: text("养殖基地的青贮窖占用草原，需要办哪些手续？"),
        answer: Some(text("属于直接为畜牧业服务的设施，由旗林草局审批使用草原，不需要办建设用地。")),
        laws: texts(&["《中华人民共和国草原法》第四十一条", "《草原征占用审核审批管理规范》第五条"]),
        first_responsible: text("乌云·其木格"),
        passed_to: Some(text(FORESTRY)),
        study: Some(JointStudy {
            offices: texts(&[FORESTRY, "巴林左旗自然资源局"]),
            due: day("2026-11-06"),
            conclusion: Some(text("两局意见一致，按使用草原审批办理。")),
        }),
        answered_at: Some(moment("2026-11-05T08:00:00Z")),
        satisfied: Some(true),
    }
}

pub(crate) fn power() -> PowerOfAttorney {
    PowerOfAttorney {
        head: head("2026-0187-授-01"),
        principal: text(CLIENT),
        principal_code: Some(text("91150422MA0N3XYZ1K")),
        representative: Some(text("欧阳𬭚")),
        principal_phone: text("13800001234"),
        agent: text("乌云·其木格"),
        agent_office: text(OFFICE),
        agent_identity: Some(text("工作证 第 012 号")),
        agent_phone: text("0476-7862001"),
        to: text(FORESTRY),
        matters: texts(&["使用草原审批", "建设用地规划许可"]),
        authority: texts(&["递交和领取申请材料", "签收补正通知和办理结果", "陪同现场勘验"]),
        from: day("2026-11-02"),
        until: day("2027-05-01"),
        date: Some(day("2026-11-02")),
    }
}

pub(crate) fn task() -> TaskSlip {
    TaskSlip {
        head: head("2026-0187-办-01"),
        to: text(FORESTRY),
        from: text(OFFICE),
        case_number: text("2026-0187"),
        client: text(CLIENT),
        matter: text("使用草原审批"),
        task: text("受理使用草原申请，安排现场勘验，依法作出决定。"),
        legal_grounds: texts(&["《中华人民共和国草原法》第四十一条"]),
        materials: texts(&["使用草原申请表（原件，2 页，1 份）", "坐标图（电子件，1 页，1 份）"]),
        claim_by: moment("2026-11-03T09:30:00Z"),
        due: Some(day("2026-11-30")),
        contact: text("乌云·其木格"),
        phone: text("0476-7862001"),
        issued_on: day("2026-11-02"),
        answer: Some(TaskAnswer {
            decision: TaskDecision::Forwarded {
                to: text("巴林左旗自然资源局"), reason: text("不占用草原")
            },
            by: text("䶮志刚"),
            at: moment("2026-11-03T02:00:00Z"),
        }),
    }
}

fn deferred() -> Vec<DeferredItem> {
    let item = |name: &str, why: Option<&str>, due: &str, consequence: Option<&str>| DeferredItem {
        name: text(name),
        form: MaterialForm::Original,
        copies: 2,
        why: why.map(text),
        due: day(due),
        consequence: consequence.map(text),
    };
    vec![
        item("勘测定界报告（䶮山测绘）", Some("测绘单位还在编制"), "2026-12-08", Some("不予核发许可证，申请退回")),
        item("恢复承诺书", None, "2026-12-15", None),
    ]
}

pub(crate) fn promise() -> DeferralPromise {
    DeferralPromise {
        head: head("2026-0187-诺-01"),
        client: text(CLIENT),
        client_code: Some(text("91150422MA0N3XYZ1K")),
        contact: text("欧阳𬭚"),
        phone: text("13800001234"),
        to: text(FORESTRY),
        matters: texts(&["使用草原审批"]),
        items: deferred(),
        date: Some(day("2026-11-24")),
    }
}

pub(crate) fn deferral_notice() -> DeferralNotice {
    DeferralNotice {
        head: head("2026-0187-容-01"),
        to: text(CLIENT),
        matters: texts(&["使用草原审批"]),
        items: deferred(),
        promise_number: Some(text("2026-0187-诺-01")),
        accepted_on: day("2026-11-25"),
        office: text(FORESTRY),
        contact: text("䶮志刚"),
        phone: text("0476-7863002"),
        issued_on: day("2026-11-25"),
    }
}

pub(crate) fn special() -> SpecialProcedureNotice {
    SpecialProcedureNotice {
        head: head("2026-0187-特-01"),
        to: text(CLIENT),
        matter: text("使用草原审批"),
        procedure: text("专家评审"),
        reason: Some(text("使用草原面积较大，需要评审植被恢复方案。")),
        carried_out_by: Some(text("内蒙古自治区林草规划院")),
        begins_on: day("2026-11-26"),
        planned_end: day("2026-12-16"),
        legal_grounds: texts(&["《草原征占用审核审批管理规范》第十二条"]),
        office: text(FORESTRY),
        contact: text("䶮志刚"),
        phone: text("0476-7863002"),
        issued_on: day("2026-11-25"),
    }
}

pub(crate) fn green() -> GreenChannelApproval {
    GreenChannelApproval {
        head: head("2026-0187-绿-01"),
        case_number: text("2026-0187"),
        client: text(CLIENT),
        project: Some(text("蓝马驹养殖基地")),
        reason: text("封冻以前必须完成基础施工。"),
        ground: Some(text("自治区重点项目名单（2026 年第二批）")),
        measures: texts(&["延时服务", "专人陪同"]),
        limits: vec![GreenLimit {
            matter: text("使用草原审批"),
            usual: text("20 个工作日"),
            shortened: text("10 个工作日"),
        }],
        named_person: text("乌云·其木格"),
        applied_by: Some(text("萨仁·高娃")),
        applied_on: Some(day("2026-11-02")),
        approval: Some(GreenDecision {
            approved: true,
            opinion: text("同意，按重点项目办理。"),
            by: text("斯琴"),
            on: day("2026-11-03"),
        }),
    }
}

pub(crate) fn courier_record() -> CourierRecord {
    let step = |at: &str, what: &str| CourierStep { at: moment(at), text: text(what) };
    CourierRecord {
        head: head("2026-0187-邮-01"),
        case_number: text("2026-0187"),
        client: text(CLIENT),
        carrier: text("中国邮政速递物流"),
        number: text("EA123456789CN"),
        recipient: text("欧阳𬭚"),
        phone: text("13800001234"),
        address: text("内蒙古自治区赤峰市巴林左旗林东镇契丹大街 18 号"),
        sent_by: text("乌云·其木格"),
        sent_at: moment("2026-11-24T02:00:00Z"),
        items: texts(&["草原使用审核同意书", "草原承包经营权证（原件）"]),
        steps: vec![step("2026-11-24T03:00:00Z", "林东营业部收寄"), step("2026-11-25T01:00:00Z", "安排投递")],
        outcome: Some(CourierOutcome::Received { at: moment("2026-11-25T06:30:00Z"), by: Some(text("欧阳𬭚")) }),
        proof: Some(Picture(include_bytes!("pictures/sign.png").to_vec())),
    }
}

pub(crate) fn call_back() -> CallBackRecord {
    CallBackRecord {
        head: head("2026-0187-访-01"),
        case_number: text("2026-0187"),
        client: text(CLIENT),
        person: text("欧阳𬭚"),
        phone: text("13800001234"),
        called_at: moment("2026-12-01T02:00:00Z"),
        caller: text("萨仁·高娃"),
        satisfaction: Some(Satisfaction::Satisfied),
        promises_kept: Some(true),
        fee_taken: Some(false),
        misconduct: Some(false),
        suggestions: Some(text("希望告知书上写清复印几份。")),
        follow_up: Some(FollowUp {
            what: text("修改告知书的份数一栏"),
            owner: text("㛃·其木格"),
            due: day("2026-12-10"),
        }),
    }
}

pub(crate) fn supervision() -> SupervisionOrder {
    SupervisionOrder {
        head: head("2026-督-0007"),
        to: text(FORESTRY),
        from: text("巴林左旗政务服务局政务服务督查室"),
        case_number: Some(text("2026-0187")),
        subject: text("使用草原审批超期"),
        cause: SupervisionCause::Overdue,
        facts: text("11 月 2 日受理，承诺 10 个工作日，至今没有办结。"),
        demand: text("说明原因，三个工作日内作出决定。"),
        due: day("2026-11-27"),
        issued_by: text("萨仁·高娃"),
        issued_on: day("2026-11-24"),
        feedback: Some(SupervisionFeedback {
            text: text("因勘验人员外出延误，已于当日作出决定。"),
            by: text("䶮志刚"),
            at: moment("2026-11-26T02:00:00Z"),
        }),
        closing: Some(SupervisionClosing {
            conclusion: text("情况属实，予以销号。"),
            by: text("巴特尔·呼和"),
            on: day("2026-11-27"),
        }),
    }
}

pub(crate) fn minutes() -> MeetingMinutes {
    let decision =
        |what: &str, owner: &str, due: &str| MeetingDecision { what: text(what), owner: text(owner), due: day(due) };
    MeetingMinutes {
        head: head("左政服纪〔2026〕5号"),
        title: text("蓝马驹养殖基地项目联席会议纪要"),
        held_at: moment("2026-11-24T01:00:00Z"),
        place: text("政务服务中心三楼会议室"),
        chair: text("萨仁·高娃"),
        present: texts(&["乌云·其木格", "䶮志刚", "欧阳𬭚"]),
        absent: texts(&["㛃丽娜"]),
        observers: texts(&["𠮷日嘎拉"]),
        recorder: text("阿拉坦·其其格"),
        paragraphs: texts(&[
            "会议听取了项目审批进展情况的汇报，研究了使用草原审批和规划许可之间的先后关系。",
            "会议认为，两项审批可以同时受理，先后出具结果。",
        ]),
        decisions: vec![
            decision("出具使用草原初审意见", FORESTRY, "2026-11-30"),
            decision("提前介入规划条件", "巴林左旗自然资源局", "2026-12-04"),
        ],
        copies_to: texts(&[FORESTRY, "巴林左旗自然资源局", CLIENT]),
        signer: text("巴林左旗政务服务局"),
        issued_on: day("2026-11-25"),
    }
}

pub(crate) fn cover() -> ArchiveCover {
    ArchiveCover {
        head: head("2026-0187-封-01"),
        fonds: text("巴林左旗政务服务局"),
        category: text("代办帮办服务类"),
        title: text("蓝马驹牧业有限公司养殖基地项目代办案卷"),
        from: day("2026-09-01"),
        until: day("2026-11-27"),
        retention: text("30 年"),
        pieces: 23,
        pages: 148,
        case_number: text("2026-0187"),
        fonds_number: Some(text("067")),
        catalogue_number: Some(text("2026-DB")),
        volume_number: Some(text("0187")),
        shelf: Some(text("2 排 3 架 12 盒")),
    }
}

pub(crate) fn catalogue() -> ArchiveCatalogue {
    let row = |number: Option<&str>, responsible: &str, title: &str, page: &str, remark: Option<&str>| ArchiveRow {
        number: number.map(text),
        responsible: text(responsible),
        title: text(title),
        date: Some(day("2026-11-24")),
        page: Some(text(page)),
        remark: remark.map(text),
    };
    ArchiveCatalogue {
        head: head("2026-0187-目-01"),
        title: text("蓝马驹牧业有限公司养殖基地项目代办案卷"),
        volume_number: Some(text("0187")),
        rows: vec![
            row(Some("2026-0187-协-01"), CLIENT, "事项代办委托协议", "1", None),
            row(None, "䶮山测绘", "勘测定界报告", "3", Some("复印件")),
            row(Some("2026-0187-交付-01"), OFFICE, "事项代办结果交付通知单", "147-148", None),
        ],
    }
}

pub(crate) fn label(number: usize) -> CustodyLabel {
    CustodyLabel {
        case_number: text("2026-0187"),
        item: format!("I{number}"),
        name: format!("草原承包经营权证（𠮷力草场）第 {number} 号"),
        form: MaterialForm::Original,
        address: format!("https://bangban.example.cn/cases/0187/items/I{number}"),
    }
}

pub(crate) fn labels() -> CustodyLabels {
    CustodyLabels { head: head("2026-0187-签条"), labels: (1..=5).map(label).collect(), used: 2 }
}

/// One of each.
pub(crate) fn all() -> Vec<(&'static str, Form)> {
    vec![
        ("service-application", Form::ServiceApplication(application())),
        ("consultation-record", Form::ConsultationRecord(consultation())),
        ("power-of-attorney", Form::PowerOfAttorney(power())),
        ("task-slip", Form::TaskSlip(task())),
        ("deferral-promise", Form::DeferralPromise(promise())),
        ("deferral-notice", Form::DeferralNotice(deferral_notice())),
        ("special-procedure-notice", Form::SpecialProcedureNotice(special())),
        ("green-channel-approval", Form::GreenChannelApproval(green())),
        ("courier-record", Form::CourierRecord(courier_record())),
        ("call-back-record", Form::CallBackRecord(call_back())),
        ("supervision-order", Form::SupervisionOrder(supervision())),
        ("meeting-minutes", Form::MeetingMinutes(minutes())),
        ("archive-cover", Form::ArchiveCover(cover())),
        ("archive-catalogue", Form::ArchiveCatalogue(catalogue())),
        ("custody-labels", Form::CustodyLabels(labels())),
    ]
}
