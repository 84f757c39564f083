//! 容缺: what may come later is promised, counts as there, and holds the result back until it is (S6.2, S6.3).

use super::fixture::Play;
use crate::case::*;
use crate::ids::MaterialId;
use serde_json::{Value, json};

const MATERIAL: &str = "经营场所使用证明";

fn defer(play: &Play, days: i64) -> Value {
    let due = crate::calendar::today(play.hall.now) + chrono::TimeDelta::days(days);
    json!({"type": "defer_material", "matter": "QY-03", "material": play.material(MATERIAL), "due": due})
}

/// A case whose client has a promise before it to hand one material in later.
pub(super) fn asked() -> Play {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    let command = defer(&play, 10);
    play.ok("agent", command);
    play
}

/// A case in which the client has promised to hand one material in later.
pub(super) fn promised() -> Play {
    let mut play = asked();
    let sign = play.sign_command(DocumentKind::DeferralPromise, "client");
    play.ok("enterprise", sign);
    play
}

/// A case whose only matter is granted while the promised material is not here.
pub(super) fn owed() -> Play {
    let mut play = submitted();
    play.grant("QY-03");
    play
}

fn submitted() -> Play {
    let mut play = promised().complete().handed_over().agreed().started();
    play.claim("QY-03");
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-03"}));
    play
}

#[test]
fn s6_2_what_the_catalogue_lets_come_later_counts_once_the_client_has_promised_it() {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    let material = play.material(MATERIAL);
    let lacking = |play: &Play| play.case.lacking_to_start().iter().any(|lacking| lacking.spec.id == material);
    let command = defer(&play, 10);
    play.ok("agent", command.clone());
    assert!(lacking(&play), "not promised yet");
    assert_eq!(play.code("agent", command), Code::NothingDeferrable);
    let (_, paper) = play.newest(DocumentKind::DeferralPromise);
    assert_eq!(paper.about.deferrals, [("QY-03".into(), material.clone())]);
    assert!(play.case.newest(DocumentKind::DeferralNotice).is_none());
    let sign = play.sign_command(DocumentKind::DeferralPromise, "client");
    play.ok("enterprise", sign);
    assert!(!lacking(&play));
    assert_eq!(play.newest(DocumentKind::DeferralNotice).1.about.deferrals, [("QY-03".into(), material)]);
}

#[test]
fn s6_2_what_the_catalogue_does_not_let_come_later_is_not_deferred() {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    let due = |days: i64| crate::calendar::today(play.hall.now) + chrono::TimeDelta::days(days);
    let with = |material: &MaterialId, date: chrono::NaiveDate| json!({"type": "defer_material", "matter": "QY-03", "material": material, "due": date});
    let strict = play.material("个体工商户登记申请书");
    let (in_time, late, past) = (due(5), due(90), due(-1));
    let right = play.material(MATERIAL);
    assert_eq!(play.code("agent", with(&strict, in_time)), Code::NotDeferrable);
    assert_eq!(play.code("agent", with(&right, past)), Code::DateInPast);
    let refusal = play.refused("agent", with(&right, late));
    assert_eq!(refusal.code, Code::DateTooFar);
    assert!(refusal.params.contains_key("date"), "it names the last day that may be set");
    let elsewhere = json!({"type": "defer_material", "matter": "YY-13", "material": right, "due": in_time});
    assert_eq!(play.code("agent", elsewhere), Code::MatterNotInCase);
    play.receive(std::slice::from_ref(&right));
    assert_eq!(play.code("agent", with(&right, in_time)), Code::NothingDeferrable);
}

#[test]
fn s6_3_the_result_is_withheld_until_what_was_promised_is_here() {
    let mut play = owed();
    assert_eq!(play.case.status, Status::Delivering);
    let collect = play.collect_command();
    let refusal = play.refused("agent", collect);
    assert_eq!((refusal.code, refusal.params["materials"].as_str()), (Code::DeferralOpen, MATERIAL));
    assert_eq!(play.action("agent", CommandKind::HandOverResult).map(|refusal| refusal.code), Some(Code::DeferralOpen));
    let material = play.material(MATERIAL);
    play.receive(&[material]);
    let collect = play.collect_command();
    assert_eq!(play.code("agent", collect), Code::DeferralOpen, "listed, and not signed for yet");
    play.sign_both(DocumentKind::HandoverList);
    let collect = play.collect_command();
    play.ok("agent", collect);
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_a_refused_matter_holds_nothing_back() {
    let mut play = submitted();
    play.ok("office-d15", json!({"type": "finish_matter", "matter": "QY-03", "outcome": "refused"}));
    let collect = play.collect_command();
    play.ok("agent", collect);
    assert!(play.case.ended.is_some());
}
