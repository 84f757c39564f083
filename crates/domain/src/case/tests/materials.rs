//! The check, the one-time notice, the breach, the pieces (S6.2).

use super::fixture::{Play, assistance};
use super::hall::SCAN;
use crate::case::*;
use crate::custody::{PieceForm, Place};
use crate::ids::MaterialId;
use serde_json::{Value, json};

const FORM: &str = "个体工商户登记申请书";
const PREMISES: &str = "经营场所使用证明";

/// The client hands in two materials for this matter; a third is shared by an office.
fn shop() -> Play {
    Play::of_matters(&["QY-03"]).preparing()
}

fn check(play: &mut Play, name: &str, result: &str) -> Vec<Event> {
    let why = (result == "wrong").then_some("缺少签字");
    let line = json!({"material": play.material(name), "result": result, "why": why});
    play.ok("agent", json!({"type": "check_materials", "checks": [line]}))
}

fn notice(reason: Option<&str>) -> Value {
    json!({"type": "issue_notice", "matters": ["QY-03"], "reason_code": reason})
}

fn named(play: &Play, notice: usize) -> Vec<&str> {
    let ids = play.case.notices[notice].entries.iter().map(|entry| &entry.material);
    ids.map(|id| play.case.material(id).unwrap().spec.name.as_str()).collect()
}

#[test]
fn s6_2_a_notice_names_everything_missing_with_the_way_to_get_it_and_a_date() {
    let mut play = shop();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "wrong");
    play.ok("agent", notice(None));
    assert_eq!(named(&play, 0), [FORM, PREMISES]);
    let notice = &play.case.notices[0];
    assert_eq!((notice.number, notice.entries[1].why.as_deref()), (1, Some("缺少签字")));
    assert_eq!(notice.due.to_string(), "2026-03-16", "ten working days from Monday, 2 March");
    assert!(notice.entries.iter().all(|e| !play.case.material(&e.material).unwrap().spec.how_to_get.is_empty()));
    let (_, paper) = play.newest(DocumentKind::OneTimeNotice);
    assert_eq!((paper.about.notice, paper.number.as_str()), (Some(1), "2026-0187-告-01"));
    assert!(!play.happened("breach_recorded"));
}

#[test]
fn s6_2_a_notice_waits_until_everything_was_checked() {
    let mut play = shop();
    let refusal = play.refused("agent", notice(None));
    assert_eq!(
        (refusal.code, refusal.params["materials"].clone()),
        (Code::NotAllChecked, format!("{FORM}、{PREMISES}"))
    );
    check(&mut play, FORM, "missing");
    assert_eq!(play.refused("agent", notice(None)).params["materials"], PREMISES);
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    assert_eq!(named(&play, 0), [FORM]);
}

#[test]
fn s6_2_a_notice_needs_something_missing_and_matters_of_the_case() {
    let mut play = shop();
    check(&mut play, FORM, "ok");
    check(&mut play, PREMISES, "ok");
    assert_eq!(play.code("agent", notice(None)), Code::NothingMissing);
    assert_eq!(play.action("agent", CommandKind::IssueNotice).map(|refusal| refusal.code), Some(Code::NothingMissing));
    check(&mut play, FORM, "missing");
    let of = |matters: Value| json!({"type": "issue_notice", "matters": matters});
    assert_eq!(play.code("agent", of(json!([]))), Code::NoMatters);
    assert_eq!(play.code("agent", of(json!(["YY-15"]))), Code::MatterNotInCase);
    for who in ["enterprise", "clerk", "head", "agent2", "office-d15"] {
        assert_eq!(play.code(who, notice(None)), Code::NotYours, "{who}");
    }
}

#[test]
fn s6_2_what_is_wrong_is_said_and_what_is_checked_is_in_the_case() {
    let mut play = shop();
    let line = |material: &str, why: Option<&str>| json!({"type": "check_materials", "checks": [{"material": material, "result": "wrong", "why": why}]});
    assert_eq!(play.code("agent", line("M1", None)), Code::WhyNeeded);
    assert_eq!(play.code("agent", line("M1", Some("  "))), Code::WhyNeeded);
    assert_eq!(play.code("agent", line("M99", Some("缺页"))), Code::UnknownMaterial);
    assert_eq!(play.code("agent", json!({"type": "check_materials", "checks": []})), Code::NothingGiven);
}

#[test]
fn s6_2_second_notice_needs_reason() {
    let mut play = shop();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    check(&mut play, PREMISES, "wrong");
    assert_eq!(play.code("agent", notice(None)), Code::SecondNoticeNeedsReason);
    play.ok("agent", notice(Some("overlooked")));
    assert_eq!((play.case.notices[1].number, play.case.notices[1].reason_code), (2, Some(NoticeReason::Overlooked)));
}

#[test]
fn s6_2_what_the_first_notice_could_have_named_is_recorded_as_a_breach_by_itself() {
    let mut play = shop();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    check(&mut play, PREMISES, "wrong");
    let from = play.log.len();
    play.ok("agent", notice(Some("overlooked")));
    assert_eq!(play.names_since(from), ["notice_issued", "breach_recorded", "document_offered"]);
    let breach = &play.case.breaches[0];
    assert_eq!((breach.clause.as_str(), breach.by.as_str()), ("S6.2", "agent"));
    assert_eq!(breach.materials, [play.material(PREMISES)], "not the form, which the first notice named");
}

#[test]
fn s6_2_no_breach_when_the_applicants_side_or_the_rules_changed() {
    for reason in ["applicant_changed", "rule_changed"] {
        let mut play = shop();
        check(&mut play, FORM, "missing");
        check(&mut play, PREMISES, "ok");
        play.ok("agent", notice(None));
        check(&mut play, PREMISES, "wrong");
        play.ok("agent", notice(Some(reason)));
        assert_eq!(play.case.breaches, [], "{reason}");
    }
}

#[test]
fn s6_2_no_breach_when_what_was_brought_is_not_right() {
    let mut play = shop();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    let both = [FORM, PREMISES].map(|name| play.material(name));
    play.later_days(1);
    play.receive(&both);
    check(&mut play, FORM, "wrong");
    check(&mut play, PREMISES, "wrong");
    play.ok("agent", notice(Some("still_not_right")));
    assert_eq!(play.case.breaches, [], "the first notice could not know what came after it");
}

#[test]
fn s6_2_no_breach_for_what_came_into_the_scope_later() {
    let mut play = shop();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    play.later_days(1);
    play.ok("agent", json!({"type": "change_matters", "add": ["YY-03"], "reason": "增加经营范围"}));
    check(&mut play, "仅销售预包装食品经营者备案信息采集表", "missing");
    play.ok("agent", json!({"type": "issue_notice", "matters": ["QY-03", "YY-03"], "reason_code": "overlooked"}));
    assert_eq!(play.case.breaches, []);
}

#[test]
fn s6_2_no_breach_for_a_matter_that_left_the_scope_and_came_back() {
    let mut play = Play::of_matters(&["QY-03", "YY-14"]).preparing();
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "ok");
    play.ok("agent", notice(None));
    play.later_days(1);
    play.ok("agent", json!({"type": "change_matters", "remove": ["QY-03"], "reason": "已有执照"}));
    play.ok("agent", json!({"type": "change_matters", "add": ["QY-03"], "reason": "重新登记"}));
    check(&mut play, FORM, "missing");
    check(&mut play, PREMISES, "missing");
    play.ok("agent", notice(Some("overlooked")));
    assert_eq!(play.case.breaches, [], "the first notice could not name what was not in the scope then");
}

#[test]
fn s6_2_a_notice_for_another_matter_is_a_first_notice_and_no_breach() {
    let mut play = Play::of_matters(&["YY-13", "YY-14"]).preparing();
    let all: Vec<Value> = play.case.materials.iter().map(|m| json!({"material": m.spec.id, "result": "ok"})).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": all}));
    check(&mut play, "安全承诺书", "missing");
    play.ok("agent", json!({"type": "issue_notice", "matters": ["YY-13"]}));
    check(&mut play, "申请表", "wrong");
    play.ok("agent", json!({"type": "issue_notice", "matters": ["YY-14"], "reason_code": "overlooked"}));
    assert_eq!((play.case.notices[1].reason_code, play.case.breaches.len()), (None, 0));
}

#[test]
fn s6_2_what_was_given_once_is_not_asked_again() {
    let mut play = Play::of_matters(&["YY-13", "YY-14"]).preparing();
    let shared = play.material("申请表");
    assert_eq!(play.case.material(&shared).unwrap().spec.needed_by.len(), 2, "two matters ask for one form");
    play.receive(std::slice::from_ref(&shared));
    assert!(play.case.lacking(&"YY-14".into()).all(|material| material.spec.id != shared));
    assert!(play.case.lacking(&"YY-13".into()).all(|material| material.spec.id != shared));
    check(&mut play, "经营场所证明", "missing");
    play.ok("agent", json!({"type": "issue_notice", "matters": ["YY-14"]}));
    assert_eq!(named(&play, 0), ["经营场所证明"]);
    play.ok("agent", json!({"type": "change_matters", "add": ["QY-03"], "reason": "先办登记"}));
    assert_eq!(play.status_of(&shared), MaterialStatus::Received, "still known after the scope changed");
}

#[test]
fn s6_2_what_an_intermediary_or_an_office_gives_is_on_no_notice() {
    let mut play = Play::of_matters(&["YY-12"]).preparing();
    for name in ["公共场所卫生许可申请表或告知承诺书", "平面图及卫生设施布局图", "卫生管理制度"]
    {
        check(&mut play, name, "missing");
    }
    play.ok("agent", json!({"type": "issue_notice", "matters": ["YY-12"]}));
    assert_eq!(named(&play, 0).len(), 3, "without the report of the testing body");
}

#[test]
fn s6_2_a_conditional_material_is_on_the_notice_only_where_the_check_found_it_lacking() {
    let mut play = Play::of_matters(&["YD-06"]).preparing();
    let asked: Vec<MaterialId> = play.case.lacking(&"YD-06".into()).map(|m| m.spec.id.clone()).collect();
    let lines: Vec<Value> = asked.iter().map(|id| json!({"material": id, "result": "missing"})).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": lines}));
    let mut other = play.clone();
    play.ok("agent", json!({"type": "issue_notice", "matters": ["YD-06"]}));
    assert!(!named(&play, 0).contains(&"补偿协议"));
    check(&mut other, "补偿协议", "missing");
    other.ok("agent", json!({"type": "issue_notice", "matters": ["YD-06"]}));
    assert!(named(&other, 0).contains(&"补偿协议"));
}

#[test]
fn s6_2_pieces_are_listed_with_form_pages_copies_and_stay_the_clients_until_signed() {
    let mut play = shop();
    let item = |material: &str, pages: u32, copies: u32, file: Option<&str>| {
        let line = json!({"material": material, "form": "copy", "pages": pages, "copies": copies, "return": false, "file": file});
        json!({"type": "receive_materials", "items": [line]})
    };
    assert_eq!(play.code("agent", item("M1", 0, 1, None)), Code::CountInvalid);
    assert_eq!(play.code("agent", item("M1", 1, 0, None)), Code::CountInvalid);
    assert_eq!(play.code("agent", item("M9", 1, 1, None)), Code::UnknownMaterial);
    assert_eq!(play.code("agent", item("M1", 1, 1, Some("f-none"))), Code::UnknownFile);
    assert_eq!(play.code("agent", json!({"type": "receive_materials", "items": []})), Code::NothingGiven);
    assert_eq!(play.code("clerk", item("M1", 1, 1, None)), Code::NotYours);
    play.ok("agent", item("M1", 3, 2, Some(SCAN)));
    let item = &play.case.items[0];
    assert_eq!((item.id.as_str(), item.pages, item.copies, item.to_return), ("I1", 3, 2, false));
    assert_eq!((item.form, item.place.clone(), item.handed_over.clone()), (PieceForm::Copy, Place::Client, None));
    assert_eq!(item.file.as_ref().map(|file| file.media_type.as_str()), Some("application/pdf"));
}

#[test]
fn s6_2_what_is_brought_after_a_notice_counts_as_right_until_checked_again() {
    let mut play = shop();
    check(&mut play, FORM, "wrong");
    let form = play.material(FORM);
    assert_eq!(play.status_of(&form), MaterialStatus::Wrong);
    play.receive(std::slice::from_ref(&form));
    assert_eq!(play.status_of(&form), MaterialStatus::Received);
    check(&mut play, FORM, "wrong");
    assert_eq!(play.status_of(&form), MaterialStatus::Wrong);
    assert!(play.case.lacking_to_start().iter().any(|material| material.spec.id == form));
}

#[test]
fn s6_3_pieces_move_between_named_places_and_never_back_to_the_client_without_signature() {
    let mut play = shop().complete();
    let to = |place: Value| json!({"type": "move_material", "item": "I1", "to": place});
    assert_eq!(play.code("agent", to(json!({"office": "D15"}))), Code::ItemNotHandedOver);
    let mut play = play.handed_over();
    assert_eq!(play.code("agent", to(json!({"client": true}))), Code::ReturnNeedsSignature);
    assert_eq!(play.code("agent", to(json!({"office": "D99"}))), Code::UnknownOffice);
    assert_eq!(play.code("agent", to(json!({"person": "nobody"}))), Code::UnknownPerson);
    assert_eq!(play.code("agent", to(json!({"person": "enterprise"}))), Code::UnknownPerson, "a person of the hall");
    assert_eq!(play.code("agent", to(json!({"window": " "}))), Code::NothingGiven);
    assert_eq!(play.code("agent", to(json!({"person": "agent"}))), Code::ItemAlreadyThere);
    let unknown = json!({"type": "move_material", "item": "I9", "to": {"window": "3号窗口"}});
    assert_eq!(play.code("agent", unknown), Code::UnknownItem);
    play.ok("agent", to(json!({"window": "3号窗口"})));
    assert_eq!(play.case.items[0].place, Place::Window("3号窗口".to_owned()));
    let events = play.ok("agent", to(json!({"person": "clerk"})));
    let expected = MaterialsEvent::MaterialMoved {
        item: "I1".into(),
        from: Place::Window("3号窗口".to_owned()),
        to: Place::Person("clerk".into()),
    };
    assert_eq!(events, [expected.into()]);
}

#[test]
fn s3_1_in_assistance_the_pieces_stay_with_the_client() {
    let mut play = assistance().preparing().complete();
    assert!(!play.case.items.is_empty() && play.case.items.iter().all(|item| item.place == Place::Client));
    let window = json!({"type": "move_material", "item": "I1", "to": {"window": "3号窗口"}});
    assert_eq!(play.code("agent", window), Code::ItemNotHandedOver);
}
