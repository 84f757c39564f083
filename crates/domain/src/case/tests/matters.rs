//! The work of the offices: claim, decline, forward, submit, clocks, results (S5.3, S8.2).

use super::fixture::{Play, command};
use super::hall::{calendar, catalogue};
use crate::case::*;
use crate::clock::IntervalKind;
use crate::custody::Place;
use crate::people::Role;
use serde_json::{Value, json};

fn on(kind: &str, matter: &str) -> Value {
    json!({"type": kind, "matter": matter})
}

fn forward(matter: &str, office: &str, reason: &str) -> Value {
    json!({"type": "forward_matter", "matter": matter, "office": office, "reason": reason})
}

fn stop(kind: &str, name: Option<&str>, until: &str) -> Value {
    json!({"type": "stop_clock", "matter": "YY-02", "kind": kind, "name": name, "reason": "现场核查", "until": until})
}

fn finish(matter: &str, outcome: &str) -> Value {
    json!({"type": "finish_matter", "matter": matter, "outcome": outcome})
}

/// Food licence (D15, three days) submitted; the own declaration of the enterprise (outside) and the shop's power beside it.
fn submitted() -> Play {
    let mut play = Play::of_matters(&["YY-02", "HP-03", "SZ-03"]).running();
    play.claim("YY-02");
    play.submit("YY-02");
    play
}

fn state(play: &Play) -> Option<IntervalKind> {
    play.matter("YY-02").clock.as_ref().unwrap().state()
}

#[test]
fn s5_3_offices_work_in_parallel_and_each_claims_its_own_matter() {
    let mut play = Play::of_template("T5").running();
    let offered = play.case.matters.iter().filter(|m| m.status == MatterStatus::Offered).count();
    assert_eq!(offered, 13, "all but the one outside the hall are offered at once");
    for who in ["office-d28", "agent", "head", "clerk", "enterprise", "supervisor", "director", "admin"] {
        assert_eq!(play.code(who, on("claim_matter", "QY-03")), Code::NotYours, "{who}");
    }
    play.ok("window-d15", on("claim_matter", "QY-03"));
    let matter = play.matter("QY-03");
    assert_eq!((matter.status, matter.claimed_by.clone()), (MatterStatus::Claimed, Some("window-d15".into())));
    assert_eq!(play.code("office-d15", on("claim_matter", "QY-03")), Code::AlreadyClaimed);
    assert_eq!(play.code("office-d15", on("claim_matter", "YY-15")), Code::NotYours, "not in this case");
    play.ok("office-d28", on("claim_matter", "SZ-03"));
}

#[test]
fn s5_3_a_body_outside_never_claims_and_the_agent_keeps_its_part() {
    let mut play = submitted();
    assert_eq!(play.matter("HP-03").status, MatterStatus::Claimed);
    assert_eq!(play.code("agent", on("claim_matter", "HP-03")), Code::NotYours);
    let may = crate::access::Grant::program(crate::access::Action::Command(CommandKind::ClaimMatter));
    let claim = super::fixture::command(on("claim_matter", "HP-03"));
    let refusal = decide(&play.case, &claim, &may, &play.hall.facts(None)).unwrap_err();
    assert_eq!(refusal.code, Code::OutsideNeverClaims);
    play.submit("HP-03");
    play.grant("HP-03");
    assert_eq!(play.matter("HP-03").outcome, Some(Outcome::Granted));
}

#[test]
fn s5_3_the_agent_answers_for_no_office_of_the_hall() {
    let mut play = submitted();
    for command in
        [finish("YY-02", "refused"), stop("special", Some("现场核查"), "2026-03-13"), on("resume_clock", "YY-02")]
    {
        assert_eq!(play.code("agent", command), Code::NotYours);
    }
}

#[test]
fn s5_3_a_declined_matter_is_forwarded_or_taken_after_all() {
    let mut play = Play::of_matters(&["YY-02", "SZ-03"]).running();
    let decline = |reason: &str| json!({"type": "decline_matter", "matter": "YY-02", "reason": reason});
    assert_eq!(play.code("office-d15", decline("")), Code::ReasonNeeded);
    play.ok("office-d15", decline("不属本局"));
    assert_eq!(play.matter("YY-02").status, MatterStatus::Declined);
    assert_eq!(play.matter("YY-02").declined_because.as_deref(), Some("不属本局"));
    assert_eq!(play.code("agent", on("submit_matter", "YY-02")), Code::MatterNotClaimed);
    assert_eq!(play.code("agent", forward("YY-02", "D15", "退回")), Code::SameOffice);
    assert_eq!(play.code("agent", forward("YY-02", "D99", "转办")), Code::UnknownOffice);
    assert_eq!(play.code("agent", forward("YY-02", "D14", " ")), Code::ReasonNeeded);
    assert_eq!(play.code("enterprise", forward("YY-02", "D14", "转办")), Code::NotYours);
    let mut again = play.clone();
    again.ok("office-d15", on("claim_matter", "YY-02"));
    assert_eq!(again.matter("YY-02").status, MatterStatus::Claimed);
    play.ok("head", forward("YY-02", "D14", "按职责转卫健委"));
    assert_eq!((play.matter("YY-02").status, play.matter("YY-02").office.as_str()), (MatterStatus::Offered, "D14"));
    assert_eq!(play.code("office-d15", on("claim_matter", "YY-02")), Code::NotYours);
    play.ok("office-d14", on("claim_matter", "YY-02"));
}

#[test]
fn s5_3_a_claim_that_was_given_up_names_nobody() {
    let mut play = Play::of_matters(&["YY-02", "SZ-03"]).running();
    play.claim("YY-02");
    play.ok("office-d15", json!({"type": "decline_matter", "matter": "YY-02", "reason": "职责调整"}));
    assert_eq!(play.matter("YY-02").claimed_by, None);
}

#[test]
fn s5_3_a_matter_forwarded_outside_is_followed_by_the_agent() {
    let mut play = Play::of_matters(&["YY-02", "SZ-03"]).running();
    play.ok("agent", forward("YY-02", "D37", "上级办理"));
    assert_eq!((play.matter("YY-02").status, play.matter("YY-02").outside), (MatterStatus::Claimed, true));
    play.submit("YY-02");
    play.grant("YY-02");
    assert_eq!(play.matter("YY-02").status, MatterStatus::Finished);
}

#[test]
fn s5_3_submission_waits_for_claim_and_for_prerequisites_of_the_case() {
    let mut play = Play::of_matters(&["QY-03", "YY-02"]).running();
    let refusal = play.refused("agent", on("submit_matter", "YY-02"));
    assert_eq!((refusal.code, refusal.params["matters"].as_str()), (Code::PrerequisiteOpen, "QY-03"));
    let refusal = play.refused("agent", on("submit_matter", "QY-03"));
    assert_eq!((refusal.code, refusal.params["office"].as_str()), (Code::MatterNotClaimed, "D15"));
    play.claim("QY-03");
    let submit = json!({"type": "submit_matter", "matter": "QY-03", "number": "登2026-5"});
    play.ok("agent", submit.clone());
    assert_eq!(play.matter("QY-03").number.as_deref(), Some("登2026-5"));
    assert_eq!(play.code("agent", submit), Code::AlreadySubmitted);
    assert_eq!(play.code("agent", forward("QY-03", "D16", "转办")), Code::AlreadySubmitted);
    play.ok("office-d15", finish("QY-03", "refused"));
    play.claim("YY-02");
    assert_eq!(play.code("agent", on("submit_matter", "YY-02")), Code::PrerequisiteOpen, "a refusal opens nothing");
    assert_eq!(play.code("agent", on("submit_matter", "QY-03")), Code::AlreadyFinished);
}

#[test]
fn s5_3_what_need_not_be_done_opens_the_way() {
    let mut play = Play::of_matters(&["QY-03", "YY-02"]).running();
    play.ok("office-d15", finish("QY-03", "not_needed"));
    play.claim("YY-02");
    play.submit("YY-02");
}

#[test]
fn s5_3_the_pieces_go_to_the_office_and_back_to_the_agent() {
    let mut play = Play::of_matters(&["YY-13", "YY-14"]).running();
    let form = play.material("申请表");
    let place = |play: &Play| play.case.items_for(&form).next().unwrap().place.clone();
    assert_eq!(place(&play), Place::Person("agent".into()));
    play.claim("YY-13");
    play.submit("YY-13");
    assert_eq!(place(&play), Place::Office("D21".into()));
    play.grant("YY-13");
    assert_eq!(place(&play), Place::Person("agent".into()), "another matter still needs it");
    play.claim("YY-14");
    play.submit("YY-14");
    assert_eq!(place(&play), Place::Office("D27".into()));
}

#[test]
fn s5_3_a_piece_stays_while_another_matter_of_the_same_office_needs_it() {
    let mut play = Play::of_matters(&["SZ-02", "SZ-03"]).running();
    let form = play.material("用电登记表");
    let place = |play: &Play| play.case.items_for(&form).next().unwrap().place.clone();
    for code in ["SZ-02", "SZ-03"] {
        play.claim(code);
        play.submit(code);
    }
    play.grant("SZ-02");
    assert_eq!(place(&play), Place::Office("D28".into()));
    play.grant("SZ-03");
    assert_eq!(place(&play), Place::Person("agent".into()));
}

#[test]
fn s6_3_an_authority_keeps_a_piece_only_with_its_legal_reason() {
    let mut play = submitted();
    let items: Vec<_> =
        play.case.items.iter().filter(|i| i.place == Place::Office("D15".into())).map(|i| i.id.clone()).collect();
    let with = |item: &str, reason: &str| {
        json!({"type": "finish_matter", "matter": "YY-02", "outcome": "granted",
            "results": [{"name": "食品经营许可证", "form": "original"}], "kept": [{"item": item, "reason": reason}]})
    };
    assert_eq!(play.code("office-d15", with(items[0].as_str(), " ")), Code::ReasonNeeded);
    assert_eq!(play.code("office-d15", with("I99", "存档")), Code::UnknownItem);
    play.ok("office-d15", with(items[0].as_str(), "《食品经营许可管理办法》存档"));
    let kept = Place::Kept { office: "D15".into(), reason: "《食品经营许可管理办法》存档".to_owned() };
    assert_eq!(play.case.item(&items[0]).unwrap().place, kept);
    assert_eq!(play.case.item(&items[1]).unwrap().place, Place::Person("agent".into()));
}

#[test]
fn s6_3_a_piece_that_is_not_to_be_returned_stays_with_the_last_office_that_needs_it() {
    let mut play = Play::of_matters(&["YY-13", "YY-14"]).preparing();
    let items: Vec<Value> = play
        .case
        .lacking_to_start()
        .iter()
        .map(|m| json!({"material": m.spec.id, "form": "original", "pages": 1, "copies": 1, "return": false}))
        .collect();
    play.ok("agent", json!({"type": "receive_materials", "items": items}));
    let mut play = play.handed_over().agreed().started();
    let form = play.material("申请表");
    play.claim("YY-13");
    play.submit("YY-13");
    play.grant("YY-13");
    let place = |play: &Play| play.case.items_for(&form).next().unwrap().place.clone();
    assert_eq!(place(&play), Place::Person("agent".into()));
    play.work_all();
    assert!(matches!(place(&play), Place::Kept { office, .. } if office.as_str() == "D27"));
    assert_eq!(play.case.outstanding_items(), []);
}

#[test]
fn s6_3_a_granted_matter_has_a_result_and_only_what_was_submitted_is_granted() {
    let mut play = submitted();
    assert_eq!(play.code("office-d15", finish("YY-02", "granted")), Code::ResultNeeded);
    let unnamed = json!({"type": "finish_matter", "matter": "YY-02", "outcome": "granted", "results": [{"name": " ", "form": "original"}]});
    assert_eq!(play.code("office-d15", unnamed), Code::ResultNeeded);
    assert_eq!(play.code("office-d28", finish("SZ-03", "refused")), Code::NotSubmitted);
    play.grant("YY-02");
    assert_eq!((play.case.results[0].id.as_str(), play.case.results[0].matter.as_str()), ("R1", "YY-02"));
    assert_eq!(play.code("office-d15", finish("YY-02", "refused")), Code::AlreadyFinished);
}

#[test]
fn s8_2_a_clock_runs_from_the_submission_against_the_promised_limit() {
    let play = submitted();
    let clock = play.matter("YY-02").clock.clone().unwrap();
    assert_eq!(clock.state(), Some(IntervalKind::Running));
    assert_eq!(Some(clock.limit), catalogue().matter(&"YY-02".into()).unwrap().promised);
    assert_eq!(clock.due(calendar(), play.hall.now).unwrap().date.to_string(), "2026-03-05");
    assert_eq!(play.matter("SZ-03").clock, None);
}

#[test]
fn s8_2_a_clock_stops_with_reason_and_planned_end_and_runs_again() {
    let mut play = submitted();
    let who = "office-d15";
    assert_eq!(play.code(who, on("resume_clock", "YY-02")), Code::ClockNotStopped);
    assert_eq!(play.code(who, stop("special", None, "2026-03-20")), Code::ProcedureNameNeeded);
    assert_eq!(play.code(who, stop("correction", None, "2026-03-01")), Code::DateInPast);
    assert_eq!(play.code(who, stop("correction", None, "+262142-12-31")), Code::DateTooFar);
    let no_reason =
        json!({"type": "stop_clock", "matter": "YY-02", "kind": "correction", "reason": "", "until": "2026-03-20"});
    assert_eq!(play.code(who, no_reason), Code::ReasonNeeded);
    play.ok(who, stop("special", Some("现场核查"), "2026-03-13"));
    assert_eq!((play.matter("YY-02").status, state(&play)), (MatterStatus::Stopped, Some(IntervalKind::Special)));
    assert_eq!(play.code(who, stop("correction", None, "2026-03-20")), Code::ClockStopped);
    play.later_days(3);
    play.ok(who, on("resume_clock", "YY-02"));
    assert_eq!((play.matter("YY-02").status, state(&play)), (MatterStatus::Submitted, Some(IntervalKind::Running)));
    let early =
        json!({"type": "stop_clock", "matter": "SZ-03", "kind": "correction", "reason": "补正", "until": "2026-03-20"});
    assert_eq!(play.code("office-d28", early), Code::NotSubmitted);
}

#[test]
fn s8_2_no_clock_runs_while_the_case_is_suspended_and_a_stopped_one_stays_stopped() {
    let mut play = submitted();
    play.submit("HP-03");
    let suspend = json!({"type": "suspend", "reason_code": "client_request", "reason": "资金未到位"});
    let mut running = play.clone();
    running.ok("agent", suspend.clone());
    assert_eq!(state(&running), Some(IntervalKind::Suspended));
    for command in [on("resume_clock", "YY-02"), stop("correction", None, "2026-03-20"), finish("YY-02", "refused")] {
        assert_eq!(running.code("office-d15", command), Code::CaseSuspended);
    }
    running.later_days(2);
    running.ok("head", json!({"type": "resume"}));
    assert_eq!(state(&running), Some(IntervalKind::Running));

    play.ok("office-d15", stop("correction", None, "2026-03-20"));
    play.ok("agent", suspend);
    play.ok("agent", json!({"type": "resume"}));
    assert_eq!((play.matter("YY-02").status, state(&play)), (MatterStatus::Stopped, Some(IntervalKind::Correction)));
}

#[test]
fn s8_2_an_extension_is_approved_by_a_head() {
    let mut play = submitted();
    let extend = |days: u32, reason: &str, approver: &str| json!({"type": "extend_limit", "matter": "YY-02", "days": days, "reason": reason, "approver": approver});
    assert_eq!(play.code("window-d15", extend(0, "案情复杂", "office-d15")), Code::DaysInvalid);
    assert_eq!(play.code("window-d15", extend(366, "案情复杂", "office-d15")), Code::DaysInvalid);
    assert_eq!(play.code("window-d15", extend(5, " ", "office-d15")), Code::ReasonNeeded);
    for approver in ["agent", "window-d15", "office-d28", "director", "nobody"] {
        assert_eq!(play.code("window-d15", extend(5, "案情复杂", approver)), Code::ApproverInvalid, "{approver}");
    }
    assert_eq!(play.code("agent", extend(5, "案情复杂", "head")), Code::NotYours, "never the agent");
    let refusal = play.decide("window-d15", &command(extend(5, "案情复杂", "nobody"))).unwrap_err();
    let people = refusal.params["people"].clone();
    let name = |who: &str| play.hall.directory.people[&who.into()].name.clone();
    assert!(people.contains(&name("office-d15")) && people.contains(&name("head")), "who may is told: {people}");
    let mut both = play.clone();
    both.hall.directory.people.get_mut(&"agent".into()).unwrap().roles.insert(Role::OfficeHead);
    assert_eq!(both.code("window-d15", extend(5, "案情复杂", "agent")), Code::ApproverInvalid, "even as a head");
    play.ok("window-d15", extend(5, "案情复杂", "office-d15"));
    play.ok("office-d15", extend(2, "再延", "head"));
    assert_eq!(play.matter("YY-02").clock.as_ref().unwrap().extended_days, 7);
    let early = json!({"type": "extend_limit", "matter": "SZ-03", "days": 1, "reason": "忙", "approver": "office-d28"});
    assert_eq!(play.code("office-d28", early), Code::NotSubmitted);
}

#[test]
fn s8_2_a_machine_clock_that_was_set_back_changes_no_clock() {
    let mut play = submitted();
    let mut stopped = play.clone();
    stopped.ok("office-d15", stop("special", Some("现场核查"), "2026-03-13"));
    play.hall.now -= chrono::TimeDelta::minutes(1);
    stopped.hall.now -= chrono::TimeDelta::minutes(1);
    for command in [stop("special", Some("现场核查"), "2026-03-13"), finish("YY-02", "refused")] {
        assert_eq!(play.code("office-d15", command), Code::ClockSetBack);
    }
    assert_eq!(stopped.code("office-d15", on("resume_clock", "YY-02")), Code::ClockSetBack);
    let suspend = json!({"type": "suspend", "reason_code": "force_majeure", "reason": "暴雪"});
    assert_eq!(play.code("agent", suspend), Code::ClockSetBack);
    assert_eq!(play.code("enterprise", json!({"type": "withdraw"})), Code::ClockSetBack);
    let terminate = json!({"type": "terminate", "reason_code": "fraud", "reason": "材料虚假"});
    assert_eq!(play.code("head", terminate), Code::ClockSetBack);
}
