//! The other papers of a case.

use documents::{
    Form, HandoverList, HandoverPurpose, Head, MaterialForm, MissingMaterial, OneTimeNotice, SignatureSheet,
    TransferList,
};

use crate::pdf::paper;
use crate::samples::{HASH, decision, handover, item, notice, signature_sheet, transfer_list};

#[test]
fn s6_2_notice_lists_everything_missing() {
    let form = Form::OneTimeNotice(notice());
    let paper = paper("s6-2-notice", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "一次性告知书",
        "第2版（重印）",
        "蓝马驹牧业有限公司：",
        "还缺少或者需要改正的共3项",
        "用于：使用草原审批、建设用地规划许可",
        "不符合要求：复印件看不清有效期",
        "原件、复印件1份",
        "原件、电子件3份可以",
        "这是第二次告知，原因：企业变更了法定代表人，身份材料需要重新提交",
        "请在2026年12月8日（周二）前补齐，交到巴林左旗政务服务中心二楼代办帮办窗口",
        "代办员阿拉坦·其其格",
        "电话0476-7862002",
        "日期：2026年11月24日",
    ]);
}

#[test]
fn s6_2_first_notice_names_no_second_reason_and_no_reprint() {
    let first = notice();
    let first = OneTimeNotice { head: Head { version: 1, ..first.head }, second_reason: None, ..first };
    let paper = paper("s6-2-first-notice", &Form::OneTimeNotice(first));
    assert!(!paper.text.contains("第二次告知"));
    assert!(!paper.text.contains("重印"));
}

#[test]
fn s6_2_long_notice_repeats_the_head_of_its_table() {
    let short = notice();
    let missing: Vec<MissingMaterial> =
        (1..=60).map(|n| MissingMaterial { name: format!("第 {n} 份材料"), ..short.missing[n % 3].clone() }).collect();
    let names: Vec<String> = missing.iter().map(|m| m.name.clone()).collect();
    let paper = paper("s6-2-long-notice", &Form::OneTimeNotice(OneTimeNotice { missing, ..short }));
    paper.says(&names);
    assert!(paper.pages.len() > 4);
    for page in &paper.pages[..4] {
        assert!(page.contains("怎样取得"), "the head of the table is on each page");
    }
}

#[test]
fn s3_2_handover_list_names_each_material() {
    let form = Form::HandoverList(handover());
    let paper = paper("s3-2-handover", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "材料交接清单",
        "第3次补充",
        "委托方为办理“修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批”，将以下材料交给代办方，并承诺所提交材料均为真实材料。",
        "①使用草原申请表原件21不退",
        "②草原承包经营权证原件—1退还2026-12-08前封面略有破损",
        "⑤坐标图电子件—1不退",
        "共5项：原件3项，复印件1项，电子件1项",
        "合计80页",
        "用毕退还2项",
        "交出人（委托方）（签字）",
        "接收人（代办方）（签字）",
    ]);
    assert_eq!(paper.rendered.pages, 1);
}

#[test]
fn s3_2_handover_list_carries_three_hundred_materials() {
    let mut items: Vec<_> =
        (1..=300).map(|n| item(&format!("材料之{n}号"), MaterialForm::Copy, Some(2), 1, None)).collect();
    items[299].condition = Some("缺封底".to_owned());
    let names: Vec<String> = items.iter().map(|i| i.name.clone()).collect();
    let paper = paper("s3-2-handover-300", &Form::HandoverList(HandoverList { supplement: None, items, ..handover() }));
    paper.says(&names);
    paper.says(&["首次交接", "㊿材料之50号", "(51)材料之51号", "(300)材料之300号", "合计600页", "缺封底"]);
    assert!(paper.pages.iter().all(|page| page.contains("状况") || page.contains("签字")), "each page has the heads");
}

#[test]
fn s3_2_the_condition_has_a_column_when_there_is_one_to_tell() {
    let plain = handover();
    assert!(!paper("s3-2-no-condition", &Form::HandoverList(plain.clone())).text.contains("状况"));
    let mut items = plain.items.clone();
    items[1].condition = Some("封面破损、第 3 页缺角".to_owned());
    let form = Form::HandoverList(HandoverList { items, ..plain });
    let paper = paper("s3-2-condition", &form);
    paper.says_all_of(&form);
    paper.says(&["状况备注", "退还2026-12-08前封面破损、第3页缺角封面略有破损"]);
}

#[test]
fn s2_1_return_list_goes_from_the_agent_to_the_client() {
    let there = handover();
    let back =
        HandoverList { purpose: HandoverPurpose::Return, supplement: None, from: there.to, to: there.from, ..there };
    let form = Form::HandoverList(back);
    let paper = paper("s2-1-return", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "材料退还清单",
        "用毕退还",
        "代办方将委托方为办理“修建直接为草原保护和畜牧业生产服务的工程设施使用草原审批”交来的以下材料退还委托方。",
        "①使用草原申请表原件21",
        "交出人（代办方）（签字）",
        "接收人（委托方）（签字）",
    ]);
    for word in ["材料交接清单", "首次交接", "是否退还", "承诺所提交"] {
        assert!(!paper.text.contains(word), "{word} has no place on a return list");
    }
    // The side that hands over stands first, and its signature on the left.
    assert!(paper.text.find("代办方：").unwrap() < paper.text.find("委托方：").unwrap());
}

#[test]
fn s5_3_takeover_list_goes_from_the_former_agent_to_the_present_one() {
    let list = HandoverList { purpose: HandoverPurpose::Takeover, supplement: None, ..handover() };
    let form = Form::HandoverList(list);
    let paper = paper("s5-3-takeover", &form);
    paper.says_all_of(&form);
    paper.says(&["代办员交接清单", "更换代办员", "交出人（原代办员）（签字）", "接收人（现代办员）（签字）"]);
    assert!(!paper.text.contains("承诺所提交"), "the client promises nothing on this list");
}

#[test]
fn s5_3_a_change_of_agent_is_told_with_names_and_reason() {
    let form = Form::Decision(decision());
    let paper = paper("s5-3-agent-change", &form);
    paper.says_all_of(&form);
    paper.says(&["更换代办员告知书", "原代办员", "现代办员", "原因", "告知单位（签字）", "收到人（签字）"]);
}

#[test]
fn s6_3_a_list_stored_without_purpose_is_a_handover_list() {
    let mut stored = serde_json::to_value(Form::HandoverList(handover())).unwrap();
    stored.as_object_mut().unwrap().remove("purpose").unwrap();
    let read: Form = serde_json::from_value(stored).unwrap();
    assert_eq!(read, Form::HandoverList(handover()));
}

#[test]
fn signature_sheet_binds_each_signature_to_the_paper() {
    let form = Form::SignatureSheet(signature_sheet());
    let paper = paper("signature-sheet", &form);
    paper.says_all_of(&form);
    paper.says(&[
        HASH,
        "2页",
        "屏幕手写",
        "纸质签字扫描",
        "2026年11月24日09:52:07（北京时间）",
        "2026年11月24日00:05:09（北京时间）",
        "没有签字图像",
        "共3人签字",
    ]);
    // Both pictures are in it: the sheet without them is smaller by about as much as they weigh.
    let Form::SignatureSheet(mut bare) = form else { unreachable!() };
    let weight: usize = bare.signatures.iter().filter_map(|s| s.picture.as_ref()).map(|p| p.0.len()).sum();
    bare.signatures.iter_mut().for_each(|s| s.picture = None);
    let bare = crate::pdf::render(&Form::SignatureSheet(bare));
    assert!(paper.rendered.pdf.len() > bare.pdf.len() + weight / 2);
}

#[test]
fn signature_sheet_carries_as_many_as_sign() {
    let few = signature_sheet();
    let signatures: Vec<_> = (0..12).map(|n| few.signatures[n % 3].clone()).collect();
    let paper = paper("signature-sheet-12", &Form::SignatureSheet(SignatureSheet { signatures, ..few }));
    paper.says(&["共12人签字"]);
    assert_eq!(paper.text.matches("身份核验").count(), 12);
}

#[test]
fn s6_5_transfer_list_names_each_paper_with_its_hash() {
    let form = Form::TransferList(transfer_list());
    let paper = paper("s6-5-transfer-list", &form);
    paper.says_all_of(&form);
    paper.says(&[
        "归档移交清单",
        "保管期限：30年",
        "2026-09-18",
        "共5件，6页",
        "移交人（签字）",
        "接收人（签字）",
        "2026年11月27日",
    ]);
    assert_eq!(paper.text.matches(HASH).count(), 4);
}

#[test]
fn s6_5_transfer_list_breaks_well_over_pages() {
    let short = transfer_list();
    let rows: Vec<_> = (0..100).map(|n| short.rows[n % 5].clone()).collect();
    let paper = paper("s6-5-transfer-list-100", &Form::TransferList(TransferList { rows, ..short }));
    paper.says(&["共100件，120页"]);
    assert!(paper.pages.len() > 3);
}
