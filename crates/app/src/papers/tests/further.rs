//! The papers beside the annexes: each holds the data of its case, and its PDF can be made of them.

use super::*;
use documents::{
    CourierOutcome, CourierRecord, DeferralNotice, DeferralPromise, GreenChannelApproval, PowerOfAttorney, Renderer,
    ServiceApplication, ServiceWay, SpecialProcedureNotice, TaskDecision, TaskSlip,
};
use std::path::Path;

read!(application, ServiceApplication);
read!(power, PowerOfAttorney);
read!(task, TaskSlip);
read!(courier, CourierRecord);
read!(promise, DeferralPromise);
read!(deferral, DeferralNotice);
read!(special, SpecialProcedureNotice);
read!(green, GreenChannelApproval);

const ROAD: &str = "市政设施建设类审批（占用、挖掘城市道路等）";

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// Each of these forms can be set: no name in the case lacks its glyph.
fn prints(sample: &Sample, kind: DocumentKind) {
    let renderer = Renderer::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts")).unwrap();
    let made = renderer.render(sample.form(kind), sample.now).unwrap();
    assert_eq!((made.pages, made.replaced), (1, Vec::new()));
}

#[test]
fn s6_1_the_application_says_who_asks_for_what() {
    let mut sample = Sample::prepared(Wanted::Courier);
    sample.perform("agent", json!({"type": "issue_paper", "kind": "application"}));
    let form = application(sample.form(DocumentKind::Application));
    assert_eq!(
        (form.applicant.as_str(), form.contact.as_str(), form.phone.as_str()),
        (ENTERPRISE, CONTACT, "13800001234")
    );
    assert_eq!(form.project.as_ref().unwrap().name, "㛃河草场");
    assert_eq!(form.service, ServiceWay::Agency);
    assert_eq!(form.stages, ["立项用地规划许可", "施工许可", "投产与经营许可"]);
    assert_eq!(form.matters.len(), 3);
    assert_eq!((form.delivery.as_deref(), form.channel.as_deref()), (Some("邮寄送达"), Some("网上")));
    assert_eq!(form.received_at, Some(sample.case.created_at));
    prints(&sample, DocumentKind::Application);
}

#[test]
fn s2_2_the_power_of_attorney_lists_the_authority_and_has_an_end() {
    let mut sample = Sample::running(Wanted::InPerson);
    sample.perform("agent", json!({"type": "issue_paper", "kind": "power-of-attorney"}));
    let form = power(sample.form(DocumentKind::PowerOfAttorney));
    assert_eq!((form.principal.as_str(), form.agent.as_str()), (ENTERPRISE, AGENT));
    assert_eq!(form.to, "旗自然资源局、旗住房和城乡建设局", "not the client itself, which has a matter of its own");
    assert_eq!(form.matters.len(), 2);
    assert_eq!(form.authority.len(), 4);
    assert_eq!((form.from, form.until), (day("2026-11-02"), day("2027-11-01")));
    prints(&sample, DocumentKind::PowerOfAttorney);
}

#[test]
fn s5_3_the_task_slip_names_matter_office_and_days() {
    let mut sample = Sample::running(Wanted::InPerson);
    let ask = json!({"type": "issue_paper", "kind": "task-slip", "matter": "GC-08"});
    sample.perform("agent", ask.clone());
    let form = task(sample.form(DocumentKind::TaskSlip)).clone();
    assert_eq!((form.matter.as_str(), form.to.as_str(), form.from.as_str()), (ROAD, "旗住房和城乡建设局", OFFICE));
    assert_eq!((form.case_number.as_str(), form.client.as_str()), ("2026-0187", ENTERPRISE));
    assert_eq!(form.legal_grounds, ["《城市道路管理条例》第三十条、第三十三条"]);
    assert!(form.materials.contains(&"恢复承诺书（原件，每份 3 页，共 2 份）".to_owned()), "{:?}", form.materials);
    assert!(form.materials.iter().all(|name| !name.starts_with("项目范围坐标")), "of another matter");
    let offered = sample.case.matter(&"GC-08".into()).unwrap().offered_at.unwrap();
    assert_eq!(form.claim_by, sample.reference.calendar.add_working_minutes(offered, 240));
    assert_eq!(form.due, Some(day("2026-11-09")), "five working days");
    assert_eq!((form.contact.as_str(), form.phone.as_str()), (AGENT, "0476-7862001"));
    assert_eq!(form.answer, None);
    sample.perform("office-d06", json!({"type": "claim_matter", "matter": "GC-08"}));
    sample.perform("agent", ask);
    let answer = task(sample.form(DocumentKind::TaskSlip)).answer.clone().unwrap();
    assert!(matches!(answer.decision, TaskDecision::Claimed { ref person, .. } if person == "娜仁"), "{answer:?}");
    prints(&sample, DocumentKind::TaskSlip);
}

#[test]
fn s6_2_promise_and_notice_name_material_day_and_consequence() {
    let mut sample = Sample::of(Wanted::InPerson, &["QY-03"]).accepted();
    let material = sample.material("经营场所使用证明");
    let defer = json!({
        "type": "defer_material", "matter": "QY-03", "material": material, "due": "2026-11-16",
        "consequence": "不发放营业执照",
    });
    sample.perform("agent", defer);
    let form = promise(sample.form(DocumentKind::DeferralPromise)).clone();
    assert_eq!((form.client.as_str(), form.contact.as_str()), (ENTERPRISE, CONTACT));
    assert_eq!(
        (form.to.as_str(), form.matters.as_slice()),
        ("旗市场监督管理局", ["个体工商户设立登记".to_owned()].as_slice())
    );
    let [item] = form.items.as_slice() else { panic!("{:?}", form.items) };
    assert_eq!((item.name.as_str(), item.form, item.copies), ("经营场所使用证明", MaterialForm::Copy, 1));
    assert_eq!((item.due, item.consequence.as_deref()), (day("2026-11-16"), Some("不发放营业执照")));
    prints(&sample, DocumentKind::DeferralPromise);
    sample.sign("enterprise", DocumentKind::DeferralPromise, "client", "drawn");
    let notice = deferral(sample.form(DocumentKind::DeferralNotice));
    assert_eq!((notice.to.as_str(), notice.office.as_str()), (ENTERPRISE, "旗市场监督管理局"));
    assert_eq!(notice.items, form.items);
    assert_eq!(notice.promise_number.as_deref(), Some("2026-0187-诺-01"));
    assert_eq!(notice.accepted_on, day("2026-11-02"));
    prints(&sample, DocumentKind::DeferralNotice);
}

#[test]
fn s8_2_the_notice_of_a_special_procedure_names_it_and_its_planned_end() {
    let sample = Sample::delivering(Wanted::InPerson);
    let form = special(sample.form(DocumentKind::SpecialNotice));
    assert_eq!((form.to.as_str(), form.matter.as_str()), (ENTERPRISE, ROAD));
    assert_eq!((form.procedure.as_str(), form.planned_end), ("现场踏勘", day("2026-11-20")));
    assert_eq!((form.begins_on, form.office.as_str()), (day("2026-11-04"), "旗住房和城乡建设局"));
    prints(&sample, DocumentKind::SpecialNotice);
}

#[test]
fn s6_4_the_approval_of_the_green_channel_names_reason_person_and_limits() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    let open = json!({
        "type": "open_green_channel", "reason": "封冻以前必须开工", "person": "agent", "measures": ["after_hours"],
    });
    sample.perform("head", open);
    let form = green(sample.form(DocumentKind::GreenApproval));
    assert_eq!((form.reason.as_str(), form.named_person.as_str()), ("封冻以前必须开工", AGENT));
    assert_eq!(form.measures, ["延时服务"]);
    let road = form.limits.iter().find(|limit| limit.matter == ROAD).unwrap();
    assert_eq!((road.usual.as_str(), road.shortened.as_str()), ("5 个工作日", "3 个工作日"));
    let approval = form.approval.as_ref().unwrap();
    assert!(approval.approved && approval.by == "萨仁", "{approval:?}");
    prints(&sample, DocumentKind::GreenApproval);
}

#[test]
fn s6_3_the_courier_record_follows_a_parcel_to_its_end() {
    let mut sample = Sample::delivering(Wanted::Courier);
    sample.address = Some("林东镇契丹大街 18 号");
    let send = |sample: &Sample, number: &str| {
        json!({
            "type": "send_result", "results": sample.case.undelivered_results(), "items": sample.case.outstanding_items(),
            "carrier": "中国邮政速递物流", "number": number, "address": "林东镇契丹大街 18 号",
        })
    };
    let ask = json!({"type": "issue_paper", "kind": "courier-record"});
    let first = send(&sample, "EA123456789CN");
    sample.perform("agent", first);
    sample.perform("agent", json!({"type": "record_parcel", "state": "not_delivered"}));
    sample.perform("agent", ask.clone());
    let form = courier(sample.form(DocumentKind::CourierRecord)).clone();
    assert_eq!((form.carrier.as_str(), form.number.as_str()), ("中国邮政速递物流", "EA123456789CN"));
    assert_eq!(
        (form.recipient.as_str(), form.address.as_str(), form.sent_by.as_str()),
        (CONTACT, "林东镇契丹大街 18 号", AGENT)
    );
    assert!(form.items.contains(&"不予许可决定书（办理结果）".to_owned()), "{:?}", form.items);
    assert!(form.items.contains(&"恢复承诺书（原件，每份 3 页，共 2 份）".to_owned()), "{:?}", form.items);
    let told = |form: &CourierRecord| form.steps.iter().map(|step| step.text.clone()).collect::<Vec<_>>();
    assert_eq!(told(&form), ["交承运单位寄出", "投递未成"]);
    assert_eq!(form.outcome, None);
    prints(&sample, DocumentKind::CourierRecord);

    sample.perform("agent", json!({"type": "record_parcel", "state": "returned", "note": "地址欠详"}));
    sample.perform("agent", ask);
    let form = courier(sample.form(DocumentKind::CourierRecord)).clone();
    assert!(matches!(form.outcome, Some(CourierOutcome::Returned { ref reason, .. }) if reason == "地址欠详"));

    let second = send(&sample, "EA987654321CN");
    sample.perform("agent", second);
    let received = sample.now;
    sample.perform("agent", json!({"type": "confirm_receipt", "signed_by": CONTACT, "at": received}));
    // An ended case is asked for no paper any more; what the form would say is true all the same.
    let about = About { request: Some(1), ..About::default() };
    let form = form_of_due(&sample, DocumentKind::CourierRecord, about).unwrap();
    let form = courier(&form);
    assert_eq!(form.number, "EA987654321CN");
    assert_eq!(form.outcome, Some(CourierOutcome::Received { at: received, by: None }));
    assert!(told(form).contains(&"前一邮件 EA123456789CN 已退回：地址欠详".to_owned()), "{:?}", form.steps);
}
