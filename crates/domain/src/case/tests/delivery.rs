//! Results to the client in three ways; the service ends by itself, and not before (S6.3, S2.1).

use super::fixture::{Play, application};
use super::hall::{ADDRESS, SCAN};
use crate::case::*;
use crate::custody::Place;
use serde_json::{Value, json};

fn delivering(way: DeliveryWay) -> Play {
    Play::new(&Application { delivery: way, ..application(&["QY-03", "YY-13"]) }).delivering()
}

fn confirm(play: &Play, minutes: i64) -> Value {
    let at = play.hall.now + chrono::TimeDelta::minutes(minutes);
    json!({"type": "confirm_receipt", "signed_by": "王经理", "at": at, "file": SCAN})
}

fn parcel(play: &Play) -> Value {
    json!({"type": "send_result", "results": play.case.undelivered_results(), "items": play.case.outstanding_items(),
        "carrier": "邮政速递", "number": "EMS100", "address": ADDRESS})
}

fn how(play: &Play) -> Option<EndedBy> {
    play.case.ended.map(|(_, how)| how)
}

#[test]
fn s6_3_delivery_falls_due_by_itself_when_the_last_matter_is_finished() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).running();
    let refusal = play.refused("agent", json!({"type": "send_result", "results": []}));
    assert_eq!((refusal.code, refusal.params["count"].as_str()), (Code::MattersOpen, "2"));
    assert_eq!(play.code("agent", confirm(&play.clone(), 0)), Code::MattersOpen);
    play.work_all();
    assert!(play.happened("delivery_due"));
    let (_, notice) = play.newest(DocumentKind::DeliveryNotice);
    assert_eq!(notice.about.results, play.case.undelivered_results());
    assert_eq!(notice.about.items, play.case.outstanding_items(), "materials to return are on the notice");
    assert!(!notice.about.items.is_empty());
}

#[test]
fn s6_3_in_person_the_service_ends_with_the_clients_signature() {
    let mut play = delivering(DeliveryWay::InPerson);
    let collect = play.collect_command();
    let without = |field: &str| {
        let mut command = collect.clone();
        command[field] = json!([]);
        command
    };
    assert_eq!(play.code("agent", without("results")), Code::ResultsOutstanding);
    assert_eq!(play.code("agent", without("items")), Code::OriginalsOutstanding);
    let mut nobody = collect.clone();
    nobody["collector"] = json!(" ");
    assert_eq!(play.code("agent", nobody), Code::ReasonNeeded);
    let mut agent_side = collect.clone();
    agent_side["side"] = json!("agent");
    assert_eq!(play.code("agent", agent_side), Code::NotYourSignature);
    assert_eq!(play.code("enterprise", collect.clone()), Code::NotYours);
    assert_eq!(play.case.ended, None);

    let from = play.log.len();
    play.ok("agent", collect);
    let expected = ["document_signed", "result_handed_over", "case_ended", "document_offered"];
    assert_eq!(play.names_since(from), expected);
    assert_eq!((how(&play), play.case.status), (Some(EndedBy::HandedOver), Status::Ended));
    assert!(play.case.results.iter().all(|result| result.delivered_at.is_some()));
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_by_courier_the_service_ends_when_it_is_signed_for() {
    let mut play = delivering(DeliveryWay::Courier);
    assert_eq!(play.code("agent", confirm(&play.clone(), 0)), Code::NothingSent);
    for field in ["carrier", "number", "address"] {
        let mut command = parcel(&play);
        command[field] = json!(" ");
        assert_eq!(play.code("agent", command), Code::CourierNeeded, "{field}");
    }
    let mut forgotten = parcel(&play);
    forgotten["items"] = json!([]);
    assert_eq!(play.code("agent", forgotten), Code::OriginalsOutstanding);
    let send = parcel(&play);
    play.ok("agent", send.clone());
    let place = Place::Courier { carrier: "邮政速递".to_owned(), number: "EMS100".to_owned() };
    assert!(play.case.outstanding_items().iter().all(|id| play.case.item(id).unwrap().place == place));
    assert!(!play.case.outstanding_items().is_empty());
    assert_eq!((how(&play), play.case.status), (None, Status::Delivering), "sent is not received");
    assert_eq!(play.code("agent", send), Code::AlreadySent);
    assert!(!serde_json::to_string(&play.log).unwrap().contains(ADDRESS), "the address is not in the history");

    play.later_days(2);
    assert_eq!(play.code("agent", confirm(&play.clone(), 5)), Code::TimeInvalid, "not in the future");
    assert_eq!(play.code("agent", confirm(&play.clone(), -3 * 24 * 60)), Code::TimeInvalid, "not before it was sent");
    let confirmed = confirm(&play, -30);
    play.ok("enterprise", confirmed);
    assert_eq!(how(&play), Some(EndedBy::SignedFor));
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_electronic_delivery_ends_with_the_confirmation_once_the_originals_are_back() {
    let mut play = delivering(DeliveryWay::Electronic);
    let results = play.case.undelivered_results();
    let with_items = json!({"type": "send_result", "results": results, "items": play.case.outstanding_items()});
    assert_eq!(play.code("agent", with_items), Code::ReturnNeedsSignature, "paper does not go by wire");
    play.ok("agent", json!({"type": "send_result", "results": results}));
    let confirmed = confirm(&play, 0);
    play.ok("enterprise", confirmed.clone());
    assert_eq!((how(&play), play.case.status), (None, Status::Delivering), "the originals are still out");
    assert!(play.case.results.iter().all(|result| result.delivered_at.is_some()));
    for command in [confirmed, json!({"type": "send_result", "results": []})] {
        assert_eq!(play.code("agent", command), Code::AlreadySent, "it has been received already");
    }
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(how(&play), Some(EndedBy::Confirmed));
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_electronic_delivery_ends_at_once_when_no_original_is_out() {
    let mut play = delivering(DeliveryWay::Electronic);
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(how(&play), None, "the client has not confirmed");
    let confirmed = confirm(&play, 0);
    play.ok("enterprise", confirmed);
    assert_eq!(how(&play), Some(EndedBy::Confirmed));
}

#[test]
fn s6_3_the_client_signs_only_for_pieces_that_the_notice_names() {
    let mut play = delivering(DeliveryWay::Electronic);
    assert!(!play.case.outstanding_items().is_empty());
    assert_eq!(play.newest(DocumentKind::DeliveryNotice).1.about.items, []);
    let collect = play.collect_command();
    assert_eq!(play.code("agent", collect), Code::ReturnNeedsSignature, "the notice does not list the originals");
    let give_back = play.return_command();
    play.ok("agent", give_back);
    let collect = play.collect_command();
    play.ok("agent", collect);
    assert_eq!(how(&play), Some(EndedBy::HandedOver));
}

#[test]
fn s6_3_a_case_cannot_end_otherwise() {
    let mut play = delivering(DeliveryWay::InPerson);
    assert_eq!(play.code("agent", json!({"type": "close_assistance"})), Code::WrongStatus);
    assert_eq!(play.code("enterprise", json!({"type": "evaluate", "grade": 5})), Code::NotEnded);
    assert_eq!(play.code("archivist", json!({"type": "archive"})), Code::NotYours);
    assert_eq!(play.action("agent", CommandKind::ConfirmReceipt).unwrap().code, Code::NothingSent);
    let mut unknown = play.collect_command();
    unknown["results"] = json!(["R1", "R2", "R9"]);
    assert_eq!(play.code("agent", unknown), Code::UnknownResult);
    let mut unknown = play.collect_command();
    unknown["items"].as_array_mut().unwrap().push(json!("I99"));
    assert_eq!(play.code("agent", unknown), Code::UnknownItem);
}

#[test]
fn s6_3_pieces_kept_by_an_authority_are_not_given_back() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.claim("QY-03");
    play.submit("QY-03");
    let finish = json!({"type": "finish_matter", "matter": "QY-03", "outcome": "granted",
        "results": [{"name": "营业执照", "form": "original"}], "kept": [{"item": "I1", "reason": "登记档案"}]});
    play.ok("office-d15", finish);
    let mut collect = play.collect_command();
    play.originals_out(&[]);
    collect["items"] = json!(["I1"]);
    assert_eq!(play.code("agent", collect), Code::UnknownItem);
    let collect = play.collect_command();
    play.ok("agent", collect);
    play.originals_are_accounted_for();
}

#[test]
fn s2_1_withdrawal_before_delivery_returns_every_original_against_signature() {
    let mut play = Play::of_matters(&["QY-03", "HP-03", "YY-13"]).running();
    play.claim("QY-03");
    play.submit("QY-03");
    play.submit("HP-03");
    play.ok(
        "agent",
        json!({"type": "stop_clock", "matter": "HP-03", "kind": "correction", "reason": "补填", "until": "2026-03-20"}),
    );
    play.ok("enterprise", json!({"type": "withdraw", "reason_code": "plan_changed", "reason": "不开店了"}));
    assert_eq!((play.case.status, how(&play)), (Status::Withdrawn, None), "the originals are still out");
    assert_eq!(play.matter("QY-03").clock.as_ref().unwrap().state(), None, "its clock has ended");
    assert_eq!(play.matter("HP-03").clock.as_ref().unwrap().state(), None, "a stopped one too");
    assert_eq!(
        play.code("office-d15", json!({"type": "finish_matter", "matter": "QY-03", "outcome": "refused"})),
        Code::CaseEnded
    );
    let (_, list) = play.newest(DocumentKind::ReturnList);
    assert_eq!(list.about.items, play.case.outstanding_items());
    let give_back = play.return_command();
    for (field, value, code) in [
        ("items", json!([]), Code::NothingGiven),
        ("items", json!(["I99"]), Code::UnknownItem),
        ("side", json!("agent"), Code::NotYourSignature),
        ("hash", json!("00"), Code::HashMismatch),
    ] {
        let mut command = give_back.clone();
        command[field] = value;
        assert_eq!(play.code("agent", command), code, "{field}");
    }
    play.ok("agent", json!({"type": "move_material", "item": list.about.items[0], "to": {"person": "agent"}}));
    play.ok("agent", give_back);
    assert_eq!((how(&play), play.case.status), (Some(EndedBy::Withdrawn), Status::Withdrawn));
    play.originals_are_accounted_for();
    play.ok("archivist", json!({"type": "archive"}));
}

#[test]
fn s2_1_withdrawal_with_nothing_handed_over_ends_at_once() {
    for (mut play, who) in [
        (Play::of_template("T5"), "enterprise"),
        (Play::of_template("T5").preparing(), "clerk"),
        (Play::of_matters(&["QY-03"]).preparing().complete(), "agent"),
    ] {
        play.ok(who, json!({"type": "withdraw"}));
        assert_eq!(how(&play), Some(EndedBy::Withdrawn));
        play.originals_are_accounted_for();
    }
}

#[test]
fn s2_1_after_delivery_nothing_is_withdrawn_or_terminated() {
    let mut play = delivering(DeliveryWay::Electronic);
    let confirmed = confirm(&play, 0);
    play.ok("enterprise", confirmed);
    let terminate = json!({"type": "terminate", "reason_code": "project_abandoned", "reason": "停建"});
    assert_eq!(play.code("enterprise", json!({"type": "withdraw"})), Code::WrongStatus);
    assert_eq!(play.code("head", terminate.clone()), Code::WrongStatus);
    let give_back = play.return_command();
    play.ok("agent", give_back);
    assert_eq!(play.code("enterprise", json!({"type": "withdraw"})), Code::CaseEnded);
    assert_eq!(play.code("head", terminate), Code::CaseEnded);
}

impl Play {
    fn originals_out(&self, expected: &[&str]) {
        let out = self.case.outstanding_items();
        assert_eq!(out.iter().map(crate::ids::ItemId::as_str).collect::<Vec<_>>(), expected);
    }
}
