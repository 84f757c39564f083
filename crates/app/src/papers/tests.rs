//! Forms as the rules of a living case ask for them.

macro_rules! read {
    ($name:ident, $form:ident) => {
        fn $name(form: &Form) -> &$form {
            let Form::$form(form) = form else { panic!("{} is no {}", form.title(), stringify!($form)) };
            form
        }
    };
}

mod delivery_notice;
mod further;
pub(crate) mod sample;

use super::*;
use documents::{
    Agreement, DeliveryNotice, DeliveryWay, HandoverList, HandoverPurpose, MaterialForm, MissingState, OneTimeNotice,
    SignatureMethod, SignatureSheet, TransferList,
};
use domain::case::{About, DeliveryWay as Wanted};
use domain::ids::DocumentId;
use sample::{AGENT, CONTACT, ENTERPRISE, PNG, STAND_IN, Sample};
use serde_json::json;

read!(notice, OneTimeNotice);
read!(handover, HandoverList);
read!(agreement, Agreement);
read!(delivery, DeliveryNotice);
read!(sheet, SignatureSheet);
read!(transfer, TransferList);

const OFFICE: &str = "巴林左旗政务服务局政务服务业务室";

/// The form of any due document, whether the rules would ask for it now or not.
fn form_of_due(sample: &Sample, kind: DocumentKind, about: About) -> Result<Form, PaperError> {
    let due = DocumentDue { id: "D99".into(), kind, number: "2026-0187-x-01".to_owned(), ordinal: 1, about };
    let context = PaperContext {
        directory: &sample.reference.directory,
        catalogue: &sample.reference.catalogue,
        party: &sample.party,
        calendar: &sample.reference.calendar,
        policy: &sample.reference.policy,
        today: domain::calendar::today(sample.now),
        code: "7KQF-2M9X-4TRD".to_owned(),
        check_url: "https://hall.example/check/7KQF-2M9X-4TRD".to_owned(),
        record_head: None,
        pictures: &sample.bytes,
        address: None,
    };
    form_for(&sample.case, &due, &context)
}

#[test]
fn s6_2_the_notice_says_what_is_missing_and_how_to_get_it() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    sample.checked();
    sample.perform("agent", json!({"type": "issue_notice", "matters": ["GC-08", "YD-02"]}));
    let form = notice(sample.form(DocumentKind::OneTimeNotice));
    assert_eq!(form.to, ENTERPRISE);
    assert_eq!(form.head.number, "2026-0187-告-01");
    assert_eq!(form.matters.len(), 2);
    assert!(form.matters[0].starts_with("压覆重要矿产资源"), "in the case's own order: {:?}", form.matters);
    let [map, promise] = form.missing.as_slice() else { panic!("{:?}", form.missing) };
    assert_eq!(map.name, "项目范围坐标");
    assert_eq!(map.state, MissingState::NotRight { why: "坐标系不是 CGCS2000".to_owned() });
    assert_eq!(map.forms, [MaterialForm::Electronic]);
    assert_eq!(promise.name, "恢复承诺书");
    assert_eq!(promise.state, MissingState::Missing);
    assert_eq!(promise.matters, ["市政设施建设类审批（占用、挖掘城市道路等）"]);
    let spec = &sample.case.material(&promise_id(&sample)).unwrap().spec;
    assert_eq!((&promise.how_to_get, promise.copies), (&spec.how_to_get, spec.copies));
    assert!(!promise.how_to_get.is_empty() && !promise.deferrable);
    assert_eq!(form.bring_by, sample.case.notices[0].due);
    assert_eq!(form.place.as_deref(), Some("巴林左旗政务服务中心政务服务业务室"));
    assert_eq!((form.agent.as_str(), form.agent_phone.as_str()), (AGENT, "0476-7862001"));
    assert_eq!(form.second_reason, None);
    assert_eq!(form.issued_on, "2026-11-02".parse().unwrap());
}

fn promise_id(sample: &Sample) -> domain::ids::MaterialId {
    sample.material("恢复承诺书").as_str().into()
}

#[test]
fn s6_2_second_notice_says_why_there_is_one() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    sample.checked();
    let command = json!({"type": "issue_notice", "matters": ["GC-08"]});
    sample.perform("agent", command.clone());
    assert_eq!(notice(sample.form(DocumentKind::OneTimeNotice)).second_reason, None);
    let mut again = command;
    again["reason_code"] = "applicant_changed".into();
    sample.perform("agent", again);
    let form = notice(sample.form(DocumentKind::OneTimeNotice));
    assert_eq!(form.head.number, "2026-0187-告-02");
    assert_eq!(form.second_reason.as_deref(), Some("首次告知以后，申请人的情况有变化"));
}

#[test]
fn s6_2_what_was_written_beside_a_missing_material_is_told() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    sample.checked();
    let check = json!({"material": sample.material("恢复承诺书"), "result": "missing", "why": "需加盖公章"});
    sample.perform("agent", json!({"type": "check_materials", "checks": [check]}));
    sample.perform("agent", json!({"type": "issue_notice", "matters": ["GC-08"]}));
    let form = notice(sample.form(DocumentKind::OneTimeNotice));
    assert_eq!(form.missing[0].state, MissingState::Missing);
    assert!(form.missing[0].how_to_get.ends_with("（说明：需加盖公章）"), "{}", form.missing[0].how_to_get);
}

#[test]
fn s3_2_the_handover_list_names_each_piece_and_both_sides() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    sample.listed();
    let form = handover(sample.form(DocumentKind::HandoverList));
    assert_eq!((form.purpose, form.supplement), (HandoverPurpose::Commission, None));
    assert_eq!((form.from.unit.as_str(), form.from.person.as_str()), (ENTERPRISE, CONTACT));
    assert_eq!(form.from.phone, "13800001234");
    assert_eq!((form.to.unit.as_str(), form.to.person.as_str()), (OFFICE, AGENT));
    assert_eq!(form.to.phone, "0476-7862001");
    assert_eq!(form.matters.len(), 3);
    assert_eq!(form.items.len(), sample.case.items.len());
    let promise = form.items.iter().find(|item| item.name == "恢复承诺书").unwrap();
    assert_eq!((promise.form, promise.pages, promise.copies), (MaterialForm::Original, Some(3), 2));
    assert_eq!(
        form.items.iter().filter(|item| item.returned).map(|item| item.name.as_str()).collect::<Vec<_>>(),
        ["恢复承诺书"]
    );
    assert_eq!(form.date, Some("2026-11-02".parse().unwrap()));
}

#[test]
fn s3_2_a_supplement_is_numbered_and_names_only_its_own_matters() {
    let mut sample = Sample::running(Wanted::InPerson);
    let item =
        json!({"material": sample.material("恢复承诺书"), "form": "copy", "pages": 1, "copies": 1, "return": false});
    sample.perform("agent", json!({"type": "receive_materials", "items": [item]}));
    let form = handover(sample.form(DocumentKind::HandoverList)).clone();
    assert_eq!(form.supplement, Some(1));
    assert_eq!(form.items.len(), 1);
    assert_eq!(form.matters, ["市政设施建设类审批（占用、挖掘城市道路等）"]);
    // A list that was offered and replaced before it was signed counts for nothing.
    let item =
        json!({"material": sample.material("查询申请表"), "form": "copy", "pages": 1, "copies": 1, "return": false});
    sample.perform("agent", json!({"type": "receive_materials", "items": [item]}));
    let form = handover(sample.form(DocumentKind::HandoverList));
    assert_eq!((form.supplement, form.items.len(), form.head.number.as_str()), (Some(1), 2, "2026-0187-交-03"));
}

#[test]
fn a1_the_agreement_fills_every_blank() {
    let sample = Sample::running(Wanted::InPerson);
    let form = agreement(sample.form(DocumentKind::Agreement));
    assert_eq!(form.agent_office, OFFICE);
    assert_eq!((form.agent.as_str(), form.agent_phone.as_str()), (AGENT, "0476-7862001"));
    assert_eq!((form.client.as_str(), form.client_phone.as_str()), (ENTERPRISE, "13800001234"));
    assert_eq!(form.client_code.as_deref(), Some("91150422MA0N3XYZ1K"));
    assert_eq!(form.client_contact.as_deref(), Some(CONTACT));
    assert_eq!(form.matters.len(), 3);
    assert_eq!(form.materials.len(), sample.case.items.len());
    assert!(form.materials.contains(&"恢复承诺书（原件，每份 3 页，共 2 份）".to_owned()), "{:?}", form.materials);
    assert!(form.materials.contains(&"项目范围坐标（电子件，1 页，1 份）".to_owned()), "{:?}", form.materials);
    assert_eq!(form.handover_number.as_deref(), Some("2026-0187-交-01"));
    assert_eq!(form.date, Some("2026-11-02".parse().unwrap()));
    assert_eq!(form.head.number, "2026-0187-协-01");
    assert_eq!(form.head.hall, "巴林左旗政务服务局");
}

#[test]
fn a1_the_founder_signs_while_there_is_no_enterprise_yet() {
    let mut sample = Sample::running(Wanted::InPerson);
    sample.case.founding = true;
    let about = sample.case.newest(DocumentKind::Agreement).unwrap().about.clone();
    let form = form_of_due(&sample, DocumentKind::Agreement, about).unwrap();
    assert_eq!(agreement(&form).client_contact.as_deref(), Some("𠮷日嘎拉"));
}

#[test]
fn a1_the_office_telephone_stands_in_for_an_agent_without_one() {
    let mut sample = Sample::running(Wanted::InPerson);
    sample.reference.directory.people.get_mut(&"agent".into()).unwrap().phone.clear();
    sample.reference.directory.offices.get_mut(&"B01".into()).unwrap().phone = "0476-7862000".to_owned();
    let about = sample.case.newest(DocumentKind::Agreement).unwrap().about.clone();
    let form = form_of_due(&sample, DocumentKind::Agreement, about).unwrap();
    assert_eq!(agreement(&form).agent_phone, "0476-7862000");
}

#[test]
fn a1_the_signature_sheet_says_who_signed_how() {
    let sample = Sample::running(Wanted::InPerson);
    let signed: Vec<&SignatureSheet> = sample
        .forms
        .values()
        .filter_map(|form| if let Form::SignatureSheet(form) = form { Some(form) } else { None })
        .collect();
    let [list, contract] = signed.as_slice() else { panic!("{} sheets", signed.len()) };
    assert_eq!(list.document_title, "材料交接清单");
    assert_eq!(
        (contract.document_title.as_str(), contract.document_number.as_str()),
        ("事项代办委托协议", "2026-0187-协-01")
    );
    assert_eq!(contract.document_hash, sample.case.newest(DocumentKind::Agreement).unwrap().hash);
    let told = |sheet: &SignatureSheet| -> Vec<(String, String, SignatureMethod, bool)> {
        let entries = sheet.signatures.iter();
        entries.map(|e| (e.name.clone(), e.identity.clone(), e.method, e.picture.is_some())).collect()
    };
    let own = |name: &str, how: &str, method, picture| (name.to_owned(), how.to_owned(), method, picture);
    assert_eq!(
        told(list),
        [
            own(CONTACT, "本人账号登录", SignatureMethod::Screen, true),
            own(AGENT, "本人账号登录", SignatureMethod::Screen, true)
        ]
    );
    assert_eq!(
        told(contract),
        [
            own(CONTACT, "代办员在场核对身份", SignatureMethod::Screen, true),
            // The scan is a PDF, so it has no picture here.
            own(AGENT, "纸质原件扫描", SignatureMethod::PaperScan, false)
        ]
    );
    assert_eq!(list.signatures[0].picture.as_ref().unwrap().0, PNG);
    assert_eq!(list.signatures[0].side, format!("委托方（{ENTERPRISE}）"));
    assert_eq!(list.signatures[1].side, format!("代办方（{OFFICE}）"));
    assert!(list.signatures.is_sorted_by_key(|entry| entry.signed_at));
}

#[test]
fn s5_3_the_signature_sheet_says_that_a_stand_in_signed_for_the_agent() {
    let mut sample = Sample::prepared(Wanted::InPerson);
    sample.now = "2026-12-02T01:00:00Z".parse().unwrap();
    sample.listed_by("agent2");
    sample.sign("agent2", DocumentKind::HandoverList, "client", "drawn");
    sample.sign("agent2", DocumentKind::HandoverList, "agent", "drawn");
    let form = sheet(sample.form(DocumentKind::SignatureSheet));
    assert_eq!(form.signatures[1].name, STAND_IN);
    assert_eq!(form.signatures[1].identity, "本人账号登录（B角，在代办员乌云·其木格缺席期间代行）");
    assert_eq!(form.signatures[0].identity, "代办员在场核对身份");
}

#[test]
fn s6_5_the_transfer_list_names_every_paper_with_its_hash() {
    let sample = Sample::ended();
    let form = form_of_due(&sample, DocumentKind::TransferList, About::default()).unwrap();
    let form = transfer(&form);
    assert_eq!(form.case_title, format!("{ENTERPRISE} 㛃河草场"));
    assert_eq!(form.retention, "30年");
    assert_eq!(form.from, format!("{OFFICE} {AGENT}"));
    assert_eq!(form.to, "巴林左旗政务服务局档案室 其其格");
    let with_file = sample.case.items.iter().filter(|item| item.file.is_some()).count();
    assert_eq!(form.rows.len(), sample.case.documents.len() + with_file + sample.case.results.len());
    for document in &sample.case.documents {
        assert!(form.rows.iter().any(|row| row.hash.as_ref() == Some(&document.hash)), "{}", document.number);
    }
}

#[test]
fn s3_2_a_paper_that_does_not_fit_the_case_is_not_made() {
    let mut sample = Sample::running(Wanted::InPerson);
    let of_item = About { items: vec!["I99".into()], ..About::default() };
    let of_document = About { document: Some(DocumentId::from("D99")), ..About::default() };
    let of_notice = About { notice: Some(7), ..About::default() };
    let error = |sample: &Sample, kind, about| form_of_due(sample, kind, about).unwrap_err();
    assert_eq!(error(&sample, DocumentKind::HandoverList, of_item), PaperError::Unknown("I99".to_owned()));
    assert_eq!(error(&sample, DocumentKind::SignatureSheet, of_document), PaperError::Unknown("D99".to_owned()));
    assert_eq!(error(&sample, DocumentKind::OneTimeNotice, of_notice), PaperError::UnknownNotice(Some(7)));
    sample.case.agent = None;
    assert_eq!(error(&sample, DocumentKind::Agreement, About::default()), PaperError::NoAgent);
}

#[test]
fn the_same_case_gives_the_same_forms_and_no_debug_output_shows_a_telephone() {
    let (one, two) = (Sample::ended(), Sample::ended());
    assert_eq!(one.forms, two.forms);
    assert!(!format!("{:?}", one.party).contains("13800001234"));
}
