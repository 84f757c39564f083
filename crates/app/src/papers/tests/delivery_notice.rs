//! Annex 2, and the list on which originals go back.

use super::*;

#[test]
fn a2_the_delivery_notice_tells_course_results_and_what_goes_back() {
    let sample = Sample::delivering(Wanted::InPerson);
    let form = delivery(sample.form(DocumentKind::DeliveryNotice));
    assert_eq!(form.commissioned_on, "2026-11-02".parse().unwrap());
    assert_eq!((form.agent_office.as_str(), form.agent.as_str(), form.client.as_str()), (OFFICE, AGENT, ENTERPRISE));
    let course: Vec<&str> = form.course.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        course,
        [
            "委托方在网上提出代办申请，办件编号 2026-0187。",
            "双方签署材料交接清单（编号 2026-0187-交-01）。",
            "双方签订事项代办委托协议（编号 2026-0187-协-01）。",
            "代办员乌云·其木格开始代办。",
            "向旗住房和城乡建设局递交“市政设施建设类审批（占用、挖掘城市道路等）”申请，受理编号 建审〔2026〕17 号。",
            "向旗自然资源局递交“压覆重要矿产资源查询（审批）”申请。",
            "“市政设施建设类审批（占用、挖掘城市道路等）”进入现场踏勘，暂停计算时限。",
            "委托方自行办结“固定污染源排污登记”：无需办理。",
            "旗自然资源局办结“压覆重要矿产资源查询（审批）”：准予办理。",
            "旗住房和城乡建设局办结“市政设施建设类审批（占用、挖掘城市道路等）”：不予许可。",
        ]
    );
    assert!(form.course.iter().all(|line| line.on.is_some()));
    assert!(form.course.is_sorted_by_key(|line| line.on));
    let outcomes: Vec<&str> = form.results.iter().map(|result| result.outcome.as_str()).collect();
    assert_eq!(outcomes, ["准予办理", "不予许可", "无需办理"]);
    assert_eq!(form.results[0].names, ["压覆查询复函（电子件）"]);
    assert_eq!(form.results[1].names, ["不予许可决定书"]);
    assert_eq!(form.delivery, DeliveryWay::InPerson { collector: None });
    assert_eq!(form.returned.len(), 1);
    assert_eq!((form.returned[0].name.as_str(), form.returned[0].copies), ("恢复承诺书", 2));
    let kept: Vec<(&str, &str)> = form.kept.iter().map(|k| (k.name.as_str(), k.keeper.as_str())).collect();
    assert!(kept.contains(&("申请表", "旗住房和城乡建设局")), "{kept:?}");
    assert!(kept.iter().all(|(name, _)| *name != "恢复承诺书"));
    assert!(form.kept.iter().all(|k| !k.reason.is_empty()));
    assert_eq!(form.record_head.as_deref(), Some("ab".repeat(32).as_str()));
    // Nobody has signed yet, so the days are not known.
    assert_eq!((form.delivered_at, form.returned_at, form.date), (None, None, None));
}

#[test]
fn s6_3_a_posted_result_names_carrier_parcel_and_address() {
    let mut sample = Sample::delivering(Wanted::Courier);
    assert_eq!(
        delivery(sample.form(DocumentKind::DeliveryNotice)).delivery,
        DeliveryWay::Courier { carrier: String::new(), number: String::new(), address: String::new() },
        "blanks until it is sent"
    );
    sample.address = Some("林东镇契丹大街 18 号");
    let command = json!({
        "type": "send_result",
        "results": sample.case.undelivered_results(),
        "items": sample.case.outstanding_items(),
        "carrier": "中国邮政速递物流", "number": "EA123456789CN", "address": "林东镇契丹大街 18 号",
    });
    sample.perform("agent", command);
    let form = delivery(sample.form(DocumentKind::DeliveryNotice));
    let parcel = DeliveryWay::Courier {
        carrier: "中国邮政速递物流".to_owned(),
        number: "EA123456789CN".to_owned(),
        address: "林东镇契丹大街 18 号".to_owned(),
    };
    assert_eq!((&form.delivery, &form.return_way), (&parcel, &parcel));
    assert_eq!(form.returned.len(), 1, "the original lies in the parcel");
    assert_eq!(form.course.last().unwrap().text, "办理结果交中国邮政速递物流寄出，邮件号 EA123456789CN。");
    assert_eq!(form.delivered_at, None, "the day of arrival is not known when it is sent");
}

#[test]
fn s6_3_an_electronic_delivery_gives_originals_back_on_a_list_of_their_own() {
    let mut sample = Sample::delivering(Wanted::Electronic);
    let list = handover(sample.form(DocumentKind::ReturnList));
    assert_eq!(list.purpose, HandoverPurpose::Return);
    assert_eq!((list.from.person.as_str(), list.to.person.as_str()), (AGENT, CONTACT));
    assert_eq!(list.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["恢复承诺书"]);
    assert_eq!(list.date, None);
    let form = delivery(sample.form(DocumentKind::DeliveryNotice));
    assert_eq!(form.returned.len(), 1, "the notice does not say that there is nothing to give back");
    assert_eq!(form.return_way, DeliveryWay::InPerson { collector: None });
    sample.perform("agent", json!({"type": "send_result", "results": sample.case.undelivered_results()}));
    let form = delivery(sample.form(DocumentKind::DeliveryNotice));
    assert_eq!(form.delivery, DeliveryWay::Electronic { to: None });
    assert_eq!(form.delivered_at, Some(sample.now));
    assert_eq!(form.course.last().unwrap().text, "办理结果电子送达委托方。");
}

#[test]
fn s2_1_a_withdrawn_case_lists_every_original_that_goes_back() {
    let mut sample = Sample::running(Wanted::InPerson);
    sample.perform("enterprise", json!({"type": "withdraw"}));
    let form = sample.form(DocumentKind::ReturnList);
    assert_eq!(form.title(), "材料退还清单");
    let form = handover(form);
    assert_eq!(form.head.number, "2026-0187-退-01");
    assert_eq!(form.items.len(), sample.case.outstanding_items().len());
    assert!(form.items.len() > 1 && form.items.iter().all(|item| item.returned));
    assert_eq!((form.from.unit.as_str(), form.to.unit.as_str()), (OFFICE, ENTERPRISE));
}
