//! The application and its scope: channels, proposal, mode, change of matters, credit code (S2.1, S4, S5.3).

use super::fixture::{Play, application, assistance, command};
use super::hall::Hall;
use crate::case::*;
use crate::catalogue::{Mode, ProposalReason};
use crate::ids::MatterCode;
use serde_json::json;

const USCC: &str = "91150422XTEXTEXT5D";

fn codes(play: &Play) -> Vec<&str> {
    play.case.matters.iter().map(|matter| matter.scope.code.as_str()).collect()
}

#[test]
fn s2_1_three_channels_of_application() {
    for channel in [CaseChannel::WalkIn, CaseChannel::Phone, CaseChannel::Online] {
        let play = Play::new(&Application { channel, ..application(&["YY-15"]) });
        assert_eq!((play.case.channel, play.case.status), (channel, Status::Submitted));
    }
}

#[test]
fn s4_agency_is_proposed_for_landing_and_for_several_offices() {
    let shop = Play::of_template("T5");
    assert_eq!((shop.case.mode, shop.case.proposal.mode), (Mode::Agency, Mode::Agency));
    assert!(matches!(shop.case.proposal.reasons[0], ProposalReason::SetUpOrLanding { .. }));
    let two = Play::of_matters(&["YY-15", "YY-16"]);
    assert!(matches!(two.case.proposal.reasons[0], ProposalReason::SeveralOffices { .. }));
    let one = Play::of_matters(&["YY-15"]);
    assert_eq!(one.case.mode, Mode::Assistance);
    assert!(matches!(one.case.proposal.reasons[0], ProposalReason::OneOffice { .. }));
}

#[test]
fn s4_the_applicant_decides_against_the_proposal() {
    let play = Play::new(&Application { mode: Some(Mode::Agency), ..application(&["YY-15"]) });
    assert_eq!((play.case.mode, play.case.proposal.mode), (Mode::Agency, Mode::Assistance));
}

#[test]
fn s4_an_application_names_known_matters_and_at_least_one() {
    let hall = Hall::new();
    let code = |application: &Application| submit(application, &hall.facts(None)).unwrap_err().code;
    assert_eq!(code(&application(&[])), Code::NoMatters);
    assert_eq!(code(&application(&["XX-99"])), Code::UnknownMatter);
    assert_eq!(code(&Application { template: Some("T99".into()), ..application(&[]) }), Code::UnknownTemplate);
}

#[test]
fn s4_a_template_takes_further_matters_and_each_once() {
    let play = Play::new(&Application { template: Some("T5".into()), ..application(&["YY-15", "QY-03", "YY-15"]) });
    assert_eq!((codes(&play).len(), codes(&play)[14]), (15, "YY-15"));
}

#[test]
fn s4_what_applied_when_a_matter_entered_the_scope_is_kept_with_it() {
    let play = Play::of_template("T5");
    let registration = play.matter("QY-03");
    assert_eq!((registration.office.as_str(), registration.outside), ("D15", false));
    assert!(play.matter("HP-03").outside, "the applicant's own matter is outside the hall");
    assert_eq!(play.matter("YY-02").scope.limit.map(|limit| limit.days), Some(3));
    assert_eq!(play.matter("YY-02").scope.prerequisites, ["QY-02", "QY-03"].map(MatterCode::from));
}

#[test]
fn s4_the_scope_changes_with_a_reason_and_keeps_what_is_known() {
    let mut play = Play::of_matters(&["QY-03", "YY-14"]).preparing();
    let form = play.material("个体工商户登记申请书");
    play.receive(std::slice::from_ref(&form));
    let change = |add: &[&str], remove: &[&str], reason: &str| json!({"type": "change_matters", "add": add, "remove": remove, "reason": reason});
    assert_eq!(play.code("agent", change(&["YY-03"], &[], " ")), Code::ReasonNeeded);
    assert_eq!(play.code("agent", change(&[], &[], "经营范围变化")), Code::NothingGiven);
    assert_eq!(play.code("agent", change(&["YY-14"], &[], "经营范围变化")), Code::MatterInCase);
    assert_eq!(play.code("agent", change(&["XX-99"], &[], "经营范围变化")), Code::UnknownMatter);
    assert_eq!(play.code("agent", change(&[], &["YY-15"], "经营范围变化")), Code::MatterNotInCase);
    assert_eq!(play.code("agent", change(&[], &["QY-03", "YY-14"], "经营范围变化")), Code::NoMatters);

    let last = play.case.materials_ever;
    play.ok("enterprise", change(&["YY-03"], &["YY-14"], "不再卖烟"));
    assert_eq!(codes(&play), ["QY-03", "YY-03"]);
    assert_eq!(play.status_of(&form), MaterialStatus::Received, "what was handed in is still known");
    let new = play.material("仅销售预包装食品经营者备案信息采集表");
    assert_eq!(new.as_str(), format!("M{}", last + 1), "no material id is given twice");
}

#[test]
fn s4_a_removed_matter_leaves_its_pieces_behind_until_they_are_returned() {
    let mut play = Play::of_matters(&["QY-03", "YY-12"]).preparing();
    let system = play.material("卫生管理制度");
    play.receive(std::slice::from_ref(&system));
    play.ok("agent", json!({"type": "change_matters", "remove": ["YY-12"], "reason": "暂不经营"}));
    assert_eq!(play.case.material(&system).unwrap().spec.needed_by, []);
    let mut play = play.complete().handed_over();
    assert_eq!(play.case.outstanding_items().len(), 2);
    play.ok("enterprise", json!({"type": "withdraw"}));
    let give_back = play.return_command();
    play.ok("agent", give_back);
    play.originals_are_accounted_for();
}

#[test]
fn s4_a_submitted_matter_stays_in_the_scope() {
    let mut play = Play::of_matters(&["QY-03", "YY-14"]).running();
    play.claim("QY-03");
    play.submit("QY-03");
    let remove = |code: &str| json!({"type": "change_matters", "remove": [code], "reason": "不办了"});
    assert_eq!(play.code("agent", remove("QY-03")), Code::MatterUnderWay);
    play.grant("QY-03");
    assert_eq!(play.code("agent", remove("QY-03")), Code::MatterUnderWay);
    play.ok("agent", remove("YY-14"));
    assert_eq!(play.case.status, Status::Delivering, "nothing is open any more");
}

#[test]
fn s4_a_matter_added_while_the_service_runs_goes_to_its_office() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.ok("agent", json!({"type": "change_matters", "add": ["YY-14"], "reason": "增加卷烟零售"}));
    assert_eq!(play.matter("YY-14").status, MatterStatus::Offered);
}

#[test]
fn s3_2_the_mode_is_fixed_once_materials_are_handed_over() {
    let choose = |mode: &str| json!({"type": "choose_mode", "mode": mode});
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete();
    assert_eq!(play.ok("enterprise", choose("agency")), [], "choosing what is chosen changes nothing");
    play.ok("enterprise", choose("assistance"));
    play.ok("agent", choose("agency"));
    let mut play = play.handed_over();
    assert_eq!(play.code("enterprise", choose("assistance")), Code::ModeFixed);
    let mut play = play.agreed().started();
    assert_eq!(play.code("enterprise", choose("assistance")), Code::ModeFixed);
}

#[test]
fn s3_2_assistance_has_nothing_to_sign_and_does_not_start() {
    let mut play = assistance().preparing().complete();
    assert_eq!(play.case.newest(DocumentKind::HandoverList), None);
    let sign = json!({"type": "sign_handover", "side": "client", "method": "drawn", "document": "D1", "hash": "", "file": "f-png"});
    assert_eq!(play.code("enterprise", sign), Code::ModeIsAssistance);
    assert_eq!(play.code("agent", json!({"type": "start"})), Code::ModeIsAssistance);
    let mut agency = Play::of_matters(&["QY-03"]).preparing();
    assert_eq!(agency.code("agent", json!({"type": "close_assistance"})), Code::ModeIsAgency);
}

#[test]
fn s5_3_the_credit_code_is_attached_when_the_enterprise_is_founded() {
    let attach = |code: &str| json!({"type": "attach_uscc", "uscc": code});
    let mut play = Play::new(&Application { founding: true, ..application(&["QY-01", "QY-02"]) }).preparing();
    assert!(play.case.founding);
    assert_eq!(play.refused("agent", attach("91150422XTEXTEXT5E")).code, Code::UsccInvalid);
    play.ok("agent", attach(USCC));
    assert!(!play.case.founding);
    assert_eq!(play.code("agent", attach(USCC)), Code::NotFounding);
    let mut gone = Play::new(&Application { founding: true, ..application(&["QY-01"]) }).preparing();
    gone.ok("enterprise", json!({"type": "withdraw"}));
    assert_eq!(gone.code("agent", attach(USCC)), Code::CaseEnded);
}

/// A case keeps the order that held when its matters entered; another version of the catalogue may say the opposite.
#[test]
fn s5_3_a_matter_that_could_never_have_its_turn_is_not_added() {
    let mut play = Play::of_matters(&["QY-03", "YY-14"]).preparing();
    let add = |code: &str| json!({"type": "change_matters", "add": [code], "reason": "增加经营项目"});
    let first = play.case.matters.iter_mut().find(|matter| matter.scope.code.as_str() == "QY-03").unwrap();
    first.scope.prerequisites = vec!["YY-02".into()];
    let refusal = play.decide("agent", &command(add("YY-02"))).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.params["matters"].as_str()),
        (Code::OrderInCircle, "QY-03、YY-14、YY-02"),
        "what comes after them too"
    );
    assert!(play.decide("agent", &command(add("YY-03"))).is_ok(), "what stands beside the circle may come");
    let instead = json!({"type": "change_matters", "add": ["YY-02"], "remove": ["QY-03"], "reason": "更正"});
    assert!(play.decide("agent", &command(instead)).is_ok(), "without the other there is no circle");
}
