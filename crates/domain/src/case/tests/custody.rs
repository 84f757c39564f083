//! Who has had which piece when, and who says so (S2.1, S3.2).

use super::fixture::{Play, application};
use super::hall::{ADDRESS, SCAN, TEXT};
use crate::case::*;
use crate::custody::{PieceForm, Place};
use serde_json::{Value, json};

fn take(items: &[&str]) -> Value {
    json!({"type": "take_material", "items": items})
}

fn move_to(item: &str, to: Value) -> Value {
    json!({"type": "move_material", "item": item, "to": to})
}

/// A case whose parcel came back to the hall.
pub(super) fn returned_parcel() -> Play {
    let mut play = posted();
    play.ok("agent", json!({"type": "record_parcel", "state": "returned", "note": "无人签收"}));
    play
}

fn posted() -> Play {
    let play = Play::new(&Application { delivery: DeliveryWay::Courier, ..application(&["QY-03", "YY-13"]) });
    let mut play = play.delivering();
    let parcel = parcel(&play, "EMS1");
    play.ok("agent", parcel);
    play
}

fn parcel(play: &Play, number: &str) -> Value {
    json!({"type": "send_result", "results": play.case.undelivered_results(), "items": play.case.outstanding_items(),
        "carrier": "邮政速递", "number": number, "address": ADDRESS})
}

#[test]
fn s2_1_every_move_of_a_piece_is_a_line_with_both_hands() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    let list = play.newest(DocumentKind::HandoverList).0;
    assert!(!play.case.custody.is_empty());
    for line in &play.case.custody {
        assert_eq!((&line.from, &line.to), (&Place::Client, &Place::Person("agent".into())));
        assert_eq!((line.list.as_ref(), line.is_open()), (Some(&list), false), "both signed the list");
    }
    assert_eq!(play.code("agent", take(&["I1"])), Code::NothingToTake);
    play.ok("agent", move_to("I1", json!({"office": "D15"})));
    let line = play.case.custody.last().unwrap().clone();
    assert_eq!((line.by.as_str(), &line.to, line.is_open()), ("agent", &Place::Office("D15".into()), true));
    assert_eq!(play.code("agent", take(&["I1"])), Code::NotYoursToTake, "the giver cannot say that the taker has it");
    assert_eq!(play.code("office-d15", take(&["I2"])), Code::NothingToTake);
    assert_eq!(play.code("office-d15", take(&[])), Code::NothingGiven);
    play.ok("office-d15", take(&["I1"]));
    let taken = play.case.custody.last().unwrap().taken.clone().unwrap();
    assert_eq!((taken.by.as_str(), taken.at), ("office-d15", play.hall.now));
    assert_eq!(play.code("office-d15", take(&["I1"])), Code::NothingToTake);
}

#[test]
fn s2_1_a_taker_without_a_login_signs_a_slip_that_is_scanned() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.ok("agent", move_to("I1", json!({"window": "市场监管3号窗口"})));
    assert_eq!(play.code("agent", take(&["I1"])), Code::NotYoursToTake);
    let slip = json!({"type": "take_material", "items": ["I1"], "slip": SCAN});
    play.ok("agent", slip);
    let line = play.case.custody.last().unwrap();
    assert_eq!(line.taken.as_ref().unwrap().slip.as_ref().unwrap().id.as_str(), SCAN);
}

#[test]
fn s2_1_whoever_holds_a_piece_sees_the_case_until_it_has_gone_on() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    let sees = |play: &Play| play.may_do("agent3", crate::access::Action::SeeCase, None).is_ok();
    assert!(!sees(&play));
    play.ok("agent", move_to("I1", json!({"person": "agent3"})));
    assert!(sees(&play));
    play.ok("agent3", take(&["I1"]));
    play.ok("agent", move_to("I1", json!({"person": "agent"})));
    assert!(!sees(&play));
}

#[test]
fn s2_1_an_original_is_received_once() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete();
    let original = play.case.items.iter().find(|item| item.form == PieceForm::Original).unwrap().clone();
    let again = |label: Option<&str>, form: &str| {
        let item = json!({"material": original.material, "form": form, "pages": 1, "copies": 1, "return": true,
            "label": label});
        json!({"type": "receive_materials", "items": [item]})
    };
    assert_eq!(play.code("agent", again(None, "original")), Code::ReceivedTwice);
    let twice = json!({"type": "receive_materials", "items": [
        {"material": original.material, "form": "original", "pages": 1, "copies": 1, "return": true, "label": "股东甲"},
        {"material": original.material, "form": "original", "pages": 1, "copies": 1, "return": true, "label": " 股东甲 "},
    ]});
    assert_eq!(play.code("agent", twice), Code::ReceivedTwice);
    play.ok("agent", again(None, "copy"));
    play.ok("agent", again(Some("股东乙"), "original"));
    assert_eq!(play.code("agent", again(Some("股东乙"), "original")), Code::ReceivedTwice);
}

#[test]
fn s2_1_a_piece_of_another_case_cannot_be_given_back_here() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.ok("enterprise", json!({"type": "withdraw"}));
    let mut wrong = play.return_command();
    wrong["items"] = json!(["I99"]);
    assert_eq!(play.code("agent", wrong), Code::UnknownItem);
}

#[test]
fn s6_3_a_parcel_that_came_back_is_sent_again() {
    let mut play = posted();
    let outstanding = play.case.outstanding_items();
    assert!(!outstanding.is_empty());
    play.ok("agent", json!({"type": "record_parcel", "state": "not_delivered"}));
    assert_eq!(play.case.shipment.as_ref().unwrap().last.unwrap().0, ParcelState::NotDelivered);
    let early = play.hall.now - chrono::TimeDelta::days(3);
    let before = json!({"type": "record_parcel", "state": "in_transit", "at": early});
    assert_eq!(play.code("agent", before), Code::TimeInvalid);
    play.ok("agent", json!({"type": "record_parcel", "state": "returned"}));
    assert!(play.case.shipment.is_none());
    assert!(play.case.items.iter().all(|item| !matches!(item.place, Place::Courier { .. })), "all are with the agent");
    let confirm = json!({"type": "confirm_receipt", "signed_by": "王", "at": play.hall.now});
    assert_eq!(play.code("agent", confirm.clone()), Code::NothingSent);
    let again = parcel(&play, "EMS2");
    play.ok("agent", again);
    play.ok("agent", confirm);
    play.originals_are_accounted_for();
    assert_eq!(play.case.lost_parcels.len(), 1);
}

#[test]
fn s6_3_a_lost_parcel_leaves_the_originals_out_until_they_are_found() {
    let mut play = posted();
    let lost = |note: &str| json!({"type": "record_parcel", "state": "lost", "note": note});
    assert_eq!(play.code("agent", lost(" ")), Code::ReasonNeeded);
    play.ok("agent", lost("邮政查询确认丢失"));
    let out = play.case.outstanding_items();
    assert!(!out.is_empty(), "a lost original is out, whatever else is done");
    assert_eq!(play.code("agent", lost("再报一次")), Code::NothingSent);
    for item in out {
        play.ok("agent", move_to(item.as_str(), json!({"person": "agent"})));
    }
    let again = parcel(&play, "EMS2");
    play.ok("agent", again);
    play.ok("agent", json!({"type": "confirm_receipt", "signed_by": "王", "at": play.hall.now}));
    play.originals_are_accounted_for();
}

#[test]
fn s6_3_who_signs_is_written_down_with_how_it_was_made_sure() {
    let mut play = Play::new(&Application { ..application(&["QY-03", "YY-13"]) }).delivering();
    let mut collect = play.collect_command();
    collect["signer"] = json!({"name": "李会计", "proof": "letter"});
    assert_eq!(play.code("agent", collect.clone()), Code::LetterNeeded);
    collect["signer"] = json!({"name": "李会计", "proof": "letter", "letter": SCAN, "strokes": TEXT});
    play.ok("agent", collect);
    let notice = play.case.newest(DocumentKind::DeliveryNotice).unwrap();
    let signer = notice.signature(Side::Client).unwrap().signer.clone().unwrap();
    assert_eq!((signer.name.as_deref(), signer.proof), (Some("李会计"), IdentityProof::Letter));
    assert_eq!(signer.letter.unwrap().id.as_str(), SCAN);
    assert_eq!(signer.strokes.unwrap().id.as_str(), TEXT);
    let own = play.case.newest(DocumentKind::HandoverList).unwrap().signature(Side::Client).unwrap().signer.clone();
    assert_eq!(own.unwrap().proof, IdentityProof::Account, "the enterprise signed in its own account");
}

#[test]
fn s6_5_what_comes_in_after_the_sealing_goes_into_a_further_volume() {
    let mut play = Play::of_matters(&["QY-03", "YY-13"]).delivering();
    let late = json!({"type": "add_late_document", "title": "补充说明", "file": SCAN, "reason": "企业后交"});
    assert_eq!(play.code("archivist", late.clone()), Code::NotYours, "before the end the archivist does not see it");
    let collect = play.collect_command();
    play.ok("agent", collect);
    assert_eq!(play.code("archivist", late.clone()), Code::NotArchived);
    play.ok("archivist", json!({"type": "archive"}));
    assert_eq!(play.code("archivist", json!({"type": "archive"})), Code::AlreadyArchived);
    let head = play.case.archived_head.clone();
    play.ok("archivist", late);
    assert_eq!(play.case.archived_head, head, "the first volume stays as it is");
    play.ok("archivist", json!({"type": "archive"}));
    assert_eq!((play.case.volumes, play.case.late_documents[0].volume), (2, Some(2)));
    assert_eq!(play.code("archivist", json!({"type": "archive"})), Code::AlreadyArchived);
}

#[test]
fn s6_5_a_paper_is_made_on_request_and_not_twice_for_nothing() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    let issue = |kind: &str| json!({"type": "issue_paper", "kind": kind, "matter": "QY-03"});
    for (kind, document) in [
        ("application", DocumentKind::Application),
        ("power-of-attorney", DocumentKind::PowerOfAttorney),
        ("task-slip", DocumentKind::TaskSlip),
    ] {
        play.ok("agent", issue(kind));
        assert!(play.case.newest(document).is_some(), "{kind}");
        assert_eq!(play.code("agent", issue(kind)), Code::PaperThere, "{kind}");
    }
    assert_eq!(play.code("agent", issue("courier-record")), Code::NothingSent);
    let sign = play.sign_command(DocumentKind::PowerOfAttorney, "client");
    play.ok("enterprise", sign.clone());
    assert!(play.newest(DocumentKind::PowerOfAttorney).1.is_signed());
    assert_eq!(play.code("enterprise", sign), Code::AlreadySigned);
}

/// The last day is the one whose allowance ran out yesterday: weekends and holidays do not count.
#[test]
fn s6_3_a_piece_lies_too_long_once_its_working_days_are_over() {
    let calendar = crate::calendar::Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap();
    for text in ["2026-11-25", "2026-10-09", "2026-02-24"] {
        let today: chrono::NaiveDate = text.parse().unwrap();
        for days in [1, 5, 20] {
            let last = crate::custody::overdue_since(&calendar, days, today);
            assert!(calendar.add_working_days(last, days).date < today, "{today} {days}");
            assert!(calendar.add_working_days(last.succ_opt().unwrap(), days).date >= today, "{today} {days}");
        }
    }
}
