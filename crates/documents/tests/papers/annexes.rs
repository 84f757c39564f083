//! The two annexes of the plan that are papers: every blank, and every word of the printed form.

use documents::{Agreement, DeliveryNotice, DeliveryWay, Form};

use crate::pdf::paper;
use crate::samples::{agreement, delivery_notice, text};

#[test]
fn a1_agreement_has_every_blank() {
    let form = Form::Agreement(agreement());
    let paper = paper("a1-agreement", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "事项代办委托协议",
        "代办方：巴林左旗政务服务局政务服务业务室",
        "电话：0476-7862001",
        "委托方：蓝马驹牧业有限公司",
        "电话：13800001234",
        "①使用草原申请表",
        "②草原承包经营权证（𠮷力草场）",
        "⑤坐标图",
        "2026年11月24日",
        "代办方（签字）：",
        "委托方（签字）：",
    ]);
    paper.says(&["现委托代办方为委托方办理修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批、建设用地规划许可、动物防疫条件合格证核发业务，\
        委托方将以下材料提供给代办方，并承诺所提交材料均为真实材料。"]);
    assert_eq!(paper.rendered.pages, 1);
}

#[test]
fn a1_supplement_of_the_hall_is_marked_as_such() {
    let paper = paper("a1-supplement", &Form::Agreement(agreement()));
    paper.says(&[
        "以下为本大厅补充说明，不是原表格内容",
        "代办服务不收费。",
        "必须缴纳的费用由委托方承担",
        "原件用毕退还委托方",
        "不承诺办理结果",
        "结果交付以前，委托方可以随时撤回委托",
    ]);
}

#[test]
fn a1_agreement_carries_three_hundred_materials() {
    let materials: Vec<String> = (1..=300).map(|n| format!("材料之{n}，𬭚记档案")).collect();
    let paper = paper("a1-300-materials", &Form::Agreement(Agreement { materials: materials.clone(), ..agreement() }));
    let marked = |n: usize, mark: &str| format!("{mark}{}", materials[n - 1]);
    paper.says(&materials);
    paper.says(&[
        marked(1, "①"),
        marked(20, "⑳"),
        marked(21, "㉑"),
        marked(50, "㊿"),
        marked(51, "(51)"),
        marked(300, "(300)"),
    ]);
    assert_eq!(paper.pages.len(), 9);
    assert!(paper.pages[8].contains("(300)") && paper.pages[8].contains("委托方（签字）"));
}

#[test]
fn a1_unfilled_blanks_are_left_to_be_written_in() {
    let empty = Agreement {
        materials: vec![],
        agent: text(""),
        client_contact: None,
        handover_number: None,
        date: None,
        ..agreement()
    };
    let paper = paper("a1-unfilled", &Form::Agreement(empty));
    paper.says(&["①②③", "代办员：", "年月日", "姓名："]);
}

#[test]
fn a2_delivery_notice_has_every_blank() {
    let form = Form::DeliveryNotice(delivery_notice());
    let paper = paper("a2-delivery-notice", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "事项代办结果交付通知单",
        "（代办帮办服务办结单）",
        "2026年9月1日，巴林左旗政务服务局政务服务业务室（代办员乌云·其木格，电话0476-7862001）接受蓝马驹牧业有限公司\
         委托办理使用草原审批、建设用地规划许可、动物防疫条件合格证核发业务，现将办理情况通知如下：",
        "1.办理情况概述。",
        "2026年9月18日陪同现场勘验",
        "2.办理结果反馈送达时间及方式。",
        "送达时间：2026年11月24日9:52",
        "送达方式：邮寄送达",
        "承运单位：中国邮政速递物流",
        "邮件号：EA123456789CN",
        "3.返还材料时间、方式与材料清单。",
        "返还时间：2026年11月25日15:30",
        "返还方式：当面递交，领取人：欧阳𬭚",
        "①草原承包经营权证",
        "②补偿协议",
        "原件1份",
        "委托人签字：",
        "2026年11月26日",
    ]);
    assert_eq!(paper.rendered.pages, 2);
}

#[test]
fn a2_delivery_notice_can_be_signed_by_hand() {
    let form = DeliveryNotice {
        delivered_at: None,
        delivery: DeliveryWay::Electronic { to: Some(text("企业专区收件箱")) },
        returned: vec![],
        kept: vec![],
        date: None,
        record_head: None,
        ..delivery_notice()
    };
    let paper = paper("a2-by-hand", &Form::DeliveryNotice(form));
    paper.says(&[
        "送达时间：年月日",
        "送达方式：电子送达，送至：企业专区收件箱",
        "没有需要返还的材料。",
        "委托人签字：",
        "年月日",
    ]);
    assert!(!paper.text.contains("办理记录摘要"));
    assert_eq!(paper.rendered.pages, 1);
}

#[test]
fn a1_further_terms_are_marked_as_no_part_of_the_annex() {
    let Some(form) = crate::samples::purposes().pop() else { panic!("no agreement with terms") };
    let paper = paper("a1-terms", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "补充约定（双方自愿选用，不是原表格内容）",
        "1.双方职责：",
        "3.委托期限：委托期限自签订之日起至",
        "2027年5月1日",
        "7.办理结果：",
    ]);
}

#[test]
fn a2_the_slip_bears_whichever_of_its_names_is_wanted() {
    let closing = documents::DeliveryNotice { titled: documents::DeliveryTitle::Closing, ..delivery_notice() };
    let form = Form::DeliveryNotice(closing);
    assert_eq!(form.title(), "代办帮办服务办结单");
    paper("a2-closing", &form).says(&["代办帮办服务办结单（事项代办结果交付通知单）"]);
}
