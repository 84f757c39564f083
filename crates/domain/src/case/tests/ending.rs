//! Pausing, leaving, evaluating, fees, records, the complete file (S2.2, S3.1, S5.2, S6.5, S8.m).

use super::fixture::{Play, assistance};
use super::hall::at;
use crate::case::*;
use crate::ids::Username;
use serde_json::{Value, json};

fn ended() -> Play {
    let mut play = Play::of_matters(&["QY-03"]).delivering();
    let collect = play.collect_command();
    play.ok("agent", collect);
    play
}

fn archive() -> Value {
    json!({"type": "archive"})
}

fn evaluate(grade: u8) -> Value {
    json!({"type": "evaluate", "grade": grade, "text": "热情"})
}

#[test]
fn s6_5_a_complete_file_has_no_gaps_and_is_sealed_over_the_head_of_its_chain() {
    let mut play = ended();
    assert_eq!(gaps(&play.case), []);
    for who in ["agent", "head", "enterprise", "director", "supervisor"] {
        assert_eq!(play.code(who, archive()), Code::NotYours, "{who}");
    }
    let head = play.head.clone();
    let events = play.ok("archivist", archive());
    assert_eq!(events, [EndingEvent::CaseArchived { head }.into()]);
    assert_eq!(play.code("archivist", archive()), Code::AlreadyArchived);
}

#[test]
fn s6_5_an_incomplete_file_is_not_sealed_and_what_is_missing_is_named() {
    let whole = ended();
    let without = |kinds: &[DocumentKind]| {
        let mut play = whole.clone();
        play.case.documents.retain(|document| !kinds.contains(&document.kind));
        play
    };
    for (kind, gap) in [
        (DocumentKind::HandoverList, Gap::HandoverList),
        (DocumentKind::Agreement, Gap::Agreement),
        (DocumentKind::SignatureSheet, Gap::SignatureSheet),
    ] {
        let mut play = without(&[kind]);
        assert_eq!(gaps(&play.case), [gap]);
        let refusal = play.refused("archivist", archive());
        assert_eq!((refusal.code, refusal.params["gaps"].as_str()), (Code::FileIncomplete, gap.name()));
    }
    let play = without(&[DocumentKind::DeliveryNotice]);
    assert_eq!(gaps(&play.case), [Gap::DeliveryNotice, Gap::DeliveryProof]);

    let mut unsigned = whole.clone();
    unsigned.case.documents.iter_mut().for_each(|document| document.signatures.clear());
    assert_eq!(gaps(&unsigned.case), [Gap::HandoverList, Gap::Agreement, Gap::DeliveryProof]);
    let mut lost = whole.clone();
    lost.case.items[0].place = crate::custody::Place::Office("D15".into());
    assert_eq!(gaps(&lost.case), [Gap::Originals]);
    let mut open = whole;
    open.case.matters[0].outcome = None;
    assert_eq!(gaps(&open.case), [Gap::Results]);
}

#[test]
fn s6_5_a_notice_belongs_into_the_file() {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    let lines: Vec<Value> =
        play.case.lacking_to_start().iter().map(|m| json!({"material": m.spec.id, "result": "missing"})).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": lines}));
    play.ok("agent", json!({"type": "issue_notice", "matters": ["QY-03"]}));
    assert!(!gaps(&play.case).contains(&Gap::Notice));
    play.case.documents.clear();
    assert!(gaps(&play.case).contains(&Gap::Notice));
}

/// What is lacking and who owes it.
fn owed(case: &Case) -> Vec<(Gap, OwedBy)> {
    completeness(case).lacking().map(|part| (part.gap, part.owed_by)).collect()
}

#[test]
fn s6_5_completeness_counts_from_the_first_day_and_says_who_owes_what() {
    use {Gap as G, OwedBy as O};
    let first = Play::of_matters(&["QY-03"]).preparing();
    let of_delivery = [(G::DeliveryNotice, O::Agent), (G::DeliveryProof, O::Client)];
    let mut all = vec![(G::HandoverList, O::Agent), (G::Agreement, O::Agent), (G::Results, O::Office)];
    all.extend(of_delivery);
    assert_eq!((owed(&first.case), completeness(&first.case).percent), (all, 0));

    let listed = Play::of_matters(&["QY-03"]).preparing().complete();
    assert_eq!(owed(&listed.case)[0], (G::HandoverList, O::Client), "the list is made: now the client signs");
    let running = Play::of_matters(&["QY-03"]).running();
    let lacking: Vec<Gap> = gaps(&running.case);
    assert!(!lacking.contains(&G::Agreement) && lacking.contains(&G::Results) && lacking.contains(&G::Originals));
    let (before, after) = (completeness(&first.case).percent, completeness(&running.case).percent);
    assert!(before < after && after < 100, "{before} {after}");
    assert_eq!(completeness(&ended().case).percent, 100);
}

#[test]
fn s6_5_the_rule_follows_the_kind_of_case() {
    let assisted = assistance();
    assert_eq!(gaps(&assisted.case), [Gap::Results], "in assistance the windows accept, and nothing is signed");
    let mut withdrawn = Play::of_matters(&["QY-03"]).preparing();
    withdrawn.ok("enterprise", json!({"type": "withdraw"}));
    assert_eq!(gaps(&withdrawn.case), [], "nothing had begun");
    withdrawn.case.documents.retain(|document| document.kind != DocumentKind::Termination);
    assert_eq!(owed(&withdrawn.case), [(Gap::Decision, OwedBy::LeadHead)]);
    let mut terminated = Play::of_matters(&["QY-03"]).running();
    terminated.ok("head", json!({"type": "terminate", "reason_code": "project_abandoned", "reason": "不再建设"}));
    assert_eq!(owed(&terminated.case), [(Gap::Originals, OwedBy::Agent)], "neither results nor delivery are owed");
}

#[test]
fn s6_5_the_approval_of_the_green_channel_belongs_into_the_file() {
    let mut play = ended();
    let approver = Username::from("head");
    play.case.green = Some(GreenChannel {
        reason: "重点项目".to_owned(),
        person: Username::from("agent"),
        approver,
        at: at("2026-03-02 09:00"),
        measures: Vec::new(),
    });
    assert_eq!(owed(&play.case), [(Gap::GreenApproval, OwedBy::LeadHead)]);
}

#[test]
fn s6_5_a_drawn_signature_on_a_return_list_needs_its_sheet() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.ok("enterprise", json!({"type": "withdraw"}));
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(gaps(&play.case), []);
    let (list, _) = play.newest(DocumentKind::ReturnList);
    play.case.documents.retain(|document| document.about.document.as_ref() != Some(&list));
    assert_eq!(gaps(&play.case), [Gap::SignatureSheet]);
}

#[test]
fn s6_5_nothing_is_sealed_before_the_end() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.ok("enterprise", json!({"type": "withdraw"}));
    assert_eq!(
        play.action("archivist", CommandKind::Archive).unwrap().code,
        Code::NotYours,
        "not known to the archive yet"
    );
    let grant = crate::access::Grant::program(crate::access::Action::Command(CommandKind::Archive));
    let command = super::fixture::command(archive());
    let refusal = decide(&play.case, &command, &grant, &play.hall.facts(None)).unwrap_err();
    assert_eq!(refusal.code, Code::NotEnded);
}

#[test]
fn s8_m_the_enterprise_evaluates_once_in_five_grades_after_the_end() {
    let mut play = Play::of_matters(&["QY-03"]).delivering();
    assert_eq!(play.code("enterprise", evaluate(5)), Code::NotEnded);
    let collect = play.collect_command();
    play.ok("agent", collect);
    for grade in [0, 6] {
        assert_eq!(play.code("enterprise", evaluate(grade)), Code::GradeInvalid);
    }
    for who in ["agent", "head", "clerk", "stranger", "supervisor"] {
        assert_eq!(play.code(who, evaluate(5)), Code::NotYours, "{who}");
    }
    play.ok("enterprise", evaluate(1));
    assert_eq!(play.case.evaluation.as_ref().map(|e| (e.grade, e.text.as_deref())), Some((1, Some("热情"))));
    assert_eq!(play.code("enterprise", evaluate(5)), Code::AlreadyEvaluated);
    let mut gone = assistance();
    gone.ok("enterprise", json!({"type": "withdraw"}));
    gone.ok("enterprise", json!({"type": "evaluate", "grade": 3, "text": " "}));
    assert_eq!(gone.case.evaluation.and_then(|e| e.text), None, "an empty text is none");
}

#[test]
fn s2_2_only_a_listed_statutory_fee_is_noted() {
    let mut play = Play::of_matters(&["YS-08", "QY-03"]).running();
    let note = |matter: &str, fee: &str, amount: i64, receipt: &str| json!({"type": "note_fee", "matter": matter, "fee": fee, "amount_fen": amount, "receipt": receipt});
    let refusal = play.refused("agent", note("QY-03", "服务费", 100, "1"));
    assert_eq!((refusal.code, refusal.clause()), (Code::FeeNotListed, Some("S2.2")));
    assert_eq!(play.code("agent", note("QY-03", "不动产登记费", 100, "1")), Code::FeeNotListed, "of another matter");
    assert_eq!(play.code("agent", note("YY-15", "不动产登记费", 100, "1")), Code::MatterNotInCase);
    for amount in [0, -1] {
        assert_eq!(play.code("agent", note("YS-08", "不动产登记费", amount, "1")), Code::AmountInvalid);
    }
    assert_eq!(play.code("agent", note("YS-08", "不动产登记费", 55_000, " ")), Code::ReasonNeeded);
    let events = play.ok("agent", note("YS-08", "不动产登记费", 55_000, "蒙财0042"));
    let expected = RecordEvent::FeeNoted {
        matter: "YS-08".into(),
        fee: "不动产登记费".to_owned(),
        legal_basis: "《不动产登记收费标准》".to_owned(),
        payee: "旗不动产登记中心".to_owned(),
        amount_fen: 55_000,
        receipt: "蒙财0042".to_owned(),
    };
    assert_eq!((events, play.case.records.fees_fen), (vec![expected.into()], 55_000));
}

#[test]
fn s5_2_a_remote_session_is_recorded_with_channel_topic_and_result() {
    let mut play = assistance().preparing();
    let session = |topic: &str, started_at: &str, outcome: &str| {
        json!({"type": "record_remote_session", "channel": "screen_share", "topic": topic, "started_at": at(started_at),
            "minutes": 25, "outcome": outcome})
    };
    assert_eq!(play.code("agent", session(" ", "2026-03-02 08:30", "已会填")), Code::ReasonNeeded);
    assert_eq!(play.code("agent", session("备案表第3栏", "2026-03-02 08:30", "")), Code::ReasonNeeded);
    assert_eq!(play.code("agent", session("备案表第3栏", "2026-03-02 09:01", "已会填")), Code::SessionTimeInvalid);
    assert_eq!(play.code("agent", session("备案表第3栏", "2024-03-02 09:01", "已会填")), Code::SessionTimeInvalid);
    play.ok("agent", session("备案表第3栏", "2026-03-02 08:30", "已会填"));
    assert_eq!(play.case.records.remote_sessions, 1);
}

#[test]
fn s3_1_an_escort_names_a_matter_of_the_case_and_its_window() {
    let mut play = assistance().preparing();
    let escort = |matter: &str, window: &str| json!({"type": "record_escort", "matter": matter, "window": window, "outcome": "refused"});
    assert_eq!(play.code("agent", escort("YY-14", "3号窗口")), Code::MatterNotInCase);
    assert_eq!(play.code("agent", escort("YY-15", "")), Code::ReasonNeeded);
    play.ok("agent", escort("YY-15", "3号窗口"));
    assert_eq!((play.case.records.escorts, play.case.matters[0].accepted_at_window), (1, None));
}

#[test]
fn s6_3_a_suspended_case_waits_and_goes_on_where_it_stood() {
    let suspend = |reason: &str| json!({"type": "suspend", "reason_code": "force_majeure", "reason": reason});
    let resume = json!({"type": "resume"});
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    assert_eq!(play.code("agent", resume.clone()), Code::WrongStatus);
    assert_eq!(play.code("agent", suspend("")), Code::ReasonNeeded);
    assert_eq!(play.code("enterprise", suspend("暴雪封路")), Code::NotYours);
    play.ok("head", suspend("暴雪封路"));
    let check = json!({"type": "check_materials", "checks": [{"material": "M1", "result": "ok"}]});
    assert_eq!(play.code("agent", check.clone()), Code::CaseSuspended);
    assert_eq!(play.code("agent", suspend("再停")), Code::CaseSuspended);
    play.ok("agent", resume);
    assert_eq!(play.case.status, Status::Preparing);
    play.ok("agent", check);
    play.ok("agent", suspend("暴雪封路"));
    play.ok("enterprise", json!({"type": "withdraw"}));
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_a_case_is_terminated_by_the_lead_offices_head_with_a_reason() {
    let terminate = |reason: &str| json!({"type": "terminate", "reason_code": "client_unreachable", "reason": reason});
    let mut play = Play::of_matters(&["QY-03"]).running();
    assert_eq!(play.code("head", terminate(" ")), Code::ReasonNeeded);
    assert_eq!(play.code("agent", terminate("三次未接")), Code::NotYours);
    play.ok("head", terminate("三次未接"));
    assert_eq!((play.case.status, play.case.ended), (Status::Terminated, None));
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(play.case.ended.map(|(_, how)| how), Some(EndedBy::Terminated));
    play.originals_are_accounted_for();
}

#[test]
fn texts_are_bounded_and_printable() {
    let mut play = assistance().preparing();
    let terminate = |reason: &str| json!({"type": "terminate", "reason_code": "fraud", "reason": reason});
    for reason in ["长".repeat(LONGEST_TEXT + 1), "假\u{0}材料".to_owned(), "\u{1b}[2J".to_owned()] {
        let refusal = play.refused("head", terminate(&reason));
        assert_eq!((refusal.code, refusal.params["field"].as_str()), (Code::TextInvalid, "reason"));
    }
    play.ok("head", terminate(&"长\n".repeat(LONGEST_TEXT / 2)));
}
