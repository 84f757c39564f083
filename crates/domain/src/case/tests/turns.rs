//! The other ways a case can go: assistance that becomes agency and back, another agent, further matters, pauses, leaving.

use super::fixture::Play;
use crate::case::*;
use crate::catalogue::Mode;
use crate::clock::IntervalKind;
use crate::custody::Place;
use crate::ids::MatterCode;
use serde_json::{Value, json};

fn all_seen(play: &mut Play) {
    let line = |material: &CaseMaterial| json!({"material": material.spec.id, "result": "ok"});
    let checks: Vec<Value> = play.case.materials.iter().map(line).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": checks}));
}

fn escort(matter: &str, outcome: &str) -> Value {
    json!({"type": "record_escort", "matter": matter, "window": "3号窗口", "ticket": "A018", "outcome": outcome})
}

/// Assistance whose first window has accepted; the client then wants the rest done for it.
pub(super) fn assistance_becomes_agency() -> Play {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).preparing();
    play.ok("agent", json!({"type": "choose_mode", "mode": "assistance"}));
    all_seen(&mut play);
    play.ok("agent", escort("QY-03", "accepted"));
    play.ok("agent", json!({"type": "choose_mode", "mode": "agency"}));
    play.complete().handed_over().agreed().started()
}

/// A notice has been given for the first matter; its date is ten working days off.
fn noticed() -> Play {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).preparing();
    play.ok("enterprise", json!({"type": "choose_mode", "mode": "agency"}));
    all_seen(&mut play);
    let owed = play.case.lacking_to_start()[0].spec.id.clone();
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": owed, "result": "missing"}]}));
    let matter = play.case.matters[0].scope.code.clone();
    play.ok("agent", json!({"type": "issue_notice", "matters": [matter]}));
    play
}

/// Both pieces of paper of a running case are with `agent`; `agent2` takes its place.
fn changed() -> Play {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    play.ok("head", json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}));
    play
}

#[test]
fn s3_1_a_window_accepts_once_in_order_and_not_what_was_found_lacking() {
    let mut play = Play::of_matters(&["QY-03", "YY-02"]).preparing();
    play.ok("agent", json!({"type": "choose_mode", "mode": "assistance"}));
    let refusal = play.refused("agent", escort("YY-02", "accepted"));
    assert_eq!((refusal.code, refusal.params["matters"].as_str()), (Code::PrerequisiteOpen, "QY-03"));
    all_seen(&mut play);
    let owed = play.case.lacking(&"QY-03".into()).next().unwrap().spec.clone();
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": owed.id, "result": "missing"}]}));
    let refusal = play.refused("agent", escort("QY-03", "accepted"));
    assert_eq!((refusal.code, &refusal.params["materials"]), (Code::MaterialsIncomplete, &owed.name));
    play.ok("agent", escort("QY-03", "refused"));
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": owed.id, "result": "ok"}]}));
    play.ok("agent", escort("QY-03", "accepted"));
    assert_eq!(play.code("agent", escort("QY-03", "accepted")), Code::AlreadySubmitted);
    play.ok("agent", escort("YY-02", "accepted"));
    play.ok("agent", json!({"type": "close_assistance"}));
    assert_eq!(play.case.ended.map(|(_, how)| how), Some(EndedBy::LastWindowAccepted));
}

#[test]
fn s3_1_assistance_becomes_agency_and_what_a_window_has_accepted_is_under_way_since_then() {
    let play = assistance_becomes_agency();
    let accepted = play.log.iter().find(|e| e.event.name() == "escort_recorded").unwrap().at;
    let (first, second) = (play.matter("QY-03"), play.matter("YY-13"));
    assert_eq!((first.status, first.submitted_at), (MatterStatus::Submitted, Some(accepted)));
    assert_eq!(first.clock.as_ref().unwrap().state(), Some(IntervalKind::Running));
    assert_eq!((second.status, second.submitted_at), (MatterStatus::Offered, None));
    let mut play = play;
    assert_eq!(play.code("office-d15", json!({"type": "claim_matter", "matter": "QY-03"})), Code::AlreadyClaimed);
    play.grant("QY-03");
    play.work_all();
    assert_eq!(play.case.status, Status::Delivering);
}

#[test]
fn s3_1_agency_counts_no_windows_for_the_end_of_assistance() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    play.ok("agent", escort("QY-03", "accepted"));
    assert_eq!(play.matter("QY-03").accepted_at_window, None);
    assert_eq!(play.code("agent", json!({"type": "choose_mode", "mode": "assistance"})), Code::ModeFixed);
}

#[test]
fn s6_2_agency_without_its_materials_by_the_notices_date_becomes_assistance_by_itself() {
    let mut play = noticed();
    let due = play.case.notices[0].due;
    while play.hall.facts(None).today() <= due {
        assert!(!play.lapse(), "not before the date has passed");
        play.later_days(1);
    }
    let before = play.case.clone();
    assert!(play.lapse());
    assert_eq!((play.case.mode, play.case.status), (Mode::Assistance, Status::Preparing));
    let last = play.log.last().unwrap();
    assert_eq!(last.actor.as_str(), "bangban", "nobody pressed a button");
    assert_eq!(
        (&before.materials, &before.matters),
        (&play.case.materials, &play.case.matters),
        "nothing is typed again"
    );
    // The client may still choose agency; the same notice does not turn it a second time.
    play.ok("enterprise", json!({"type": "choose_mode", "mode": "agency"}));
    play.later_days(30);
    assert!(!play.lapse());
    let play = play.complete().handed_over().agreed().started();
    assert_eq!(play.case.status, Status::Running);
}

#[test]
fn s6_2_agency_whose_materials_came_in_time_stays_agency() {
    let mut play = noticed().complete();
    play.later_days(60);
    assert!(!play.lapse());
    let mut handed_over = noticed().complete().handed_over();
    handed_over.later_days(60);
    assert!(!handed_over.lapse());
}

#[test]
fn s5_3_another_agent_takes_over_the_pieces_against_both_signatures_and_the_client_is_told() {
    let mut play = changed();
    let (_, told) = play.newest(DocumentKind::AgentChange);
    assert_eq!(told.about.change, Some(1));
    let (_, list) = play.newest(DocumentKind::TakeoverList);
    assert_eq!(list.about.items.len(), play.case.items.len());
    assert!(play.case.items.iter().all(|item| item.place == Place::Person("agent".into())), "still where they were");
    play.claim("QY-03");
    let submit = json!({"type": "submit_matter", "matter": "QY-03"});
    let refusal = play.refused("agent2", submit.clone());
    assert_eq!((refusal.code, refusal.params["person"].as_str()), (Code::TakeoverNotSigned, "agent"));
    assert_eq!(play.code("agent", submit.clone()), Code::NotYours, "the former agent acts no more");
    let giver = play.sign_command(DocumentKind::TakeoverList, "giver");
    let taker = play.sign_command(DocumentKind::TakeoverList, "taker");
    assert_eq!(play.code("agent", taker.clone()), Code::NotYourSignature);
    assert_eq!(play.code("agent2", giver.clone()), Code::NotYourSignature);
    let mut as_client = giver.clone();
    as_client["side"] = json!("client");
    assert_eq!(play.code("agent2", as_client), Code::NotYourSignature);
    play.ok("agent", giver);
    assert!(play.case.items.iter().all(|item| item.place == Place::Person("agent".into())));
    play.ok("agent2", taker);
    assert!(play.case.items.iter().all(|item| item.place == Place::Person("agent2".into())));
    assert!(
        play.may_do("agent", crate::access::Action::SeeCase, None).is_err(),
        "nothing ties it to the case any more"
    );
    play.ok("agent2", submit);
}

#[test]
fn s5_3_the_head_hands_over_for_an_agent_who_is_gone_and_the_next_agent_takes_from_the_first() {
    let mut play = changed();
    play.ok("head", json!({"type": "assign_agent", "person": "agent3", "reason": "再次调岗"}));
    let (_, list) = play.newest(DocumentKind::TakeoverList);
    assert_eq!(list.about.takeover, Some(("agent".into(), "agent3".into())), "agent2 never held anything");
    play.sign_takeover();
    assert!(play.case.items.iter().all(|item| item.place == Place::Person("agent3".into())));
    assert_eq!(play.case.takeover(), None);
    assert_eq!(play.case.agent_changes.len(), 2);
    assert_eq!(play.case.documents.iter().filter(|d| d.kind == DocumentKind::AgentChange).count(), 2);
}

#[test]
fn s5_3_a_paper_on_offer_names_the_agent_who_will_sign_it() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).preparing().complete();
    let (first, _) = play.newest(DocumentKind::HandoverList);
    play.ok("head", json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}));
    let (second, list) = play.newest(DocumentKind::HandoverList);
    assert_ne!(first, second, "the list that names the former agent is offered no more");
    assert_eq!(list.about.agent, Some("agent2".into()));
    assert_eq!(play.case.takeover(), None, "nothing was handed over yet");
}

#[test]
fn s5_3_who_answers_can_change_while_the_case_rests_and_while_originals_go_back() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    play.ok("agent", json!({"type": "suspend", "reason_code": "client_request", "reason": "资金"}));
    play.ok("head", json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}));
    assert_eq!(play.case.status, Status::Suspended);
    play.ok("enterprise", json!({"type": "withdraw"}));
    play.ok("head", json!({"type": "assign_agent", "person": "agent3", "reason": "病假"}));
    play.sign_takeover();
    let give_back = play.return_command();
    play.ok("agent3", give_back);
    play.originals_are_accounted_for();
    let archive = json!({"type": "archive"});
    play.ok("archivist", archive);
}

#[test]
fn s3_2_a_matter_that_came_later_stands_on_a_supplementary_agreement() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    let (first, _) = play.newest(DocumentKind::Agreement);
    play.ok("enterprise", json!({"type": "change_matters", "add": ["HP-03"], "reason": "增项"}));
    let (second, supplement) = play.newest(DocumentKind::Agreement);
    assert_ne!(first, second);
    assert_eq!(supplement.about.matters, [MatterCode::from("HP-03")]);
    let owed: Vec<_> = play.case.lacking(&"HP-03".into()).map(|m| m.spec.id.clone()).collect();
    play.receive(&owed);
    if !play.case.pending_items().is_empty() {
        play.sign_both(DocumentKind::HandoverList);
    }
    if !play.matter("HP-03").outside {
        play.claim("HP-03");
    }
    let submit = json!({"type": "submit_matter", "matter": "HP-03"});
    assert_eq!(play.code("agent", submit.clone()), Code::AgreementNotSigned);
    play.sign_both(DocumentKind::Agreement);
    play.ok("agent", submit);
    assert_eq!(
        play.case.documents.iter().filter(|d| d.kind == DocumentKind::Agreement && d.is_signed()).count(),
        2,
        "the first agreement stays as it was signed"
    );
}

#[test]
fn s3_2_a_matter_added_between_agreement_and_start_waits_for_its_own() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).preparing().complete().handed_over().agreed();
    play.ok("agent", json!({"type": "change_matters", "add": ["YY-19"], "reason": "增项"}));
    let mut play = play.complete();
    if !play.case.pending_items().is_empty() {
        play.sign_both(DocumentKind::HandoverList);
    }
    assert_eq!(play.code("agent", json!({"type": "start"})), Code::AgreementNotSigned);
    play.sign_both(DocumentKind::Agreement);
    play.ok("agent", json!({"type": "start"}));
}

#[test]
fn s2_3_what_the_lead_offices_head_decides_is_declined_no_more() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    let decline = json!({"type": "decline_matter", "matter": "QY-03", "reason": "不属本局"});
    let forward =
        |office: &str| json!({"type": "forward_matter", "matter": "QY-03", "office": office, "reason": "转办"});
    play.ok("office-d15", decline.clone());
    play.ok("agent", forward("D14"));
    play.ok("office-d14", decline.clone());
    play.ok("head", forward("D15"));
    let refusal = play.refused("office-d15", decline);
    assert_eq!((refusal.code, refusal.clause()), (Code::DecidedByLead, Some("S2.3")));
    play.claim("QY-03");
}

#[test]
fn s5_3_a_pause_and_its_end_each_have_their_paper_and_say_since_when() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    for number in 1..=2 {
        play.ok("agent", json!({"type": "suspend", "reason_code": "fee_unpaid", "reason": "欠费"}));
        assert_eq!(play.newest(DocumentKind::Suspension).1.about.pause, Some(number));
        let since = play.hall.now;
        play.later_days(3);
        assert_eq!(play.case.pauses.last().map(|pause| (pause.from, pause.to)), Some((since, None)));
        play.ok("agent", json!({"type": "resume"}));
        assert_eq!(play.newest(DocumentKind::Resumption).1.about.pause, Some(number));
        assert_eq!(play.case.pauses.last().and_then(|pause| pause.to), Some(play.hall.now));
    }
}

#[test]
fn s2_1_leaving_has_its_paper_and_results_that_are_there_go_to_the_client_as_well() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    play.claim("QY-03");
    play.submit("QY-03");
    play.grant("QY-03");
    play.ok("enterprise", json!({"type": "withdraw", "reason": "另寻地址"}));
    let (_, slip) = play.newest(DocumentKind::Termination);
    assert_eq!(
        (&slip.about.results, &slip.about.items),
        (&play.case.undelivered_results(), &play.case.outstanding_items())
    );
    let (_, list) = play.newest(DocumentKind::ReturnList);
    assert_eq!(list.about.results.len(), 1);
    assert_eq!(play.case.ended, None);
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(play.case.ended.map(|(_, how)| how), Some(EndedBy::Withdrawn));
    assert_eq!(play.case.undelivered_results(), []);
    play.ok("archivist", json!({"type": "archive"}));
}

#[test]
fn s2_1_withdrawal_at_every_stage_leaves_no_original_behind() {
    let stages: [fn() -> Play; 9] = [
        || Play::of_matters(&["QY-03", "YY-13"]),
        || Play::of_matters(&["QY-03", "YY-13"]).preparing(),
        noticed,
        || noticed().complete(),
        || Play::of_matters(&["QY-03", "YY-13"]).preparing().complete().handed_over(),
        || Play::of_matters(&["QY-03", "YY-13"]).running(),
        changed,
        assistance_becomes_agency,
        || Play::of_matters(&["QY-03", "YY-13"]).delivering(),
    ];
    for stage in stages {
        let mut play = stage();
        let was = play.case.status;
        play.ok("enterprise", json!({"type": "withdraw"}));
        assert!(play.case.leaving.is_some() && play.happened("case_withdrawn"));
        if play.case.ended.is_none() {
            let agent = play.case.agent.clone().unwrap();
            let give_back = play.return_command();
            play.ok(agent.as_str(), give_back);
        }
        play.originals_are_accounted_for();
        assert!(play.case.documents.iter().any(|d| d.kind == DocumentKind::Termination), "{was:?}");
    }
}

#[test]
fn s2_1_what_an_authority_keeps_after_the_withdrawal_is_accounted_for_with_its_reason() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    let keep = |reason: &str| json!({"type": "move_material", "item": "I1", "to": {"kept": {"office": "D15", "reason": reason}}});
    assert_eq!(play.code("agent", keep("依法存档")), Code::WrongStatus, "before, the office says so when it finishes");
    play.ok("enterprise", json!({"type": "withdraw"}));
    assert_eq!(play.code("agent", keep(" ")), Code::ReasonNeeded);
    play.ok("agent", keep("依法存档"));
    if !play.case.outstanding_items().is_empty() {
        let (_, list) = play.newest(DocumentKind::ReturnList);
        assert!(!list.about.items.contains(&"I1".into()), "the list is made anew without it");
        let give_back = play.return_command();
        play.ok("agent", give_back);
    }
    play.originals_are_accounted_for();
    let at = json!({"type": "move_material", "item": "I1", "to": {"person": "agent"}});
    assert_ne!(play.case.item(&"I1".into()).unwrap().place, Place::Client);
    assert!(play.run("agent", &super::fixture::command(at)).is_err(), "the case is over");
}
