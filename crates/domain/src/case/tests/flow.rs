//! Whole courses, from the application to the sealed file.

use super::fixture::{Play, assistance};
use super::hall::{ADDRESS, ID_NUMBER, PHONE};
use crate::case::*;
use serde_json::json;

#[test]
fn s3_2_a_shop_from_application_to_archive() {
    let mut play = Play::of_template("T5").delivering();
    assert_eq!(play.case.status, Status::Delivering);
    assert_eq!(play.case.results.len(), 14);
    let collect = play.collect_command();
    play.ok("agent", collect);
    assert_eq!(play.case.status, Status::Ended);
    assert_eq!(play.case.ended.map(|(_, how)| how), Some(EndedBy::HandedOver));
    play.originals_are_accounted_for();
    play.ok("enterprise", json!({"type": "evaluate", "grade": 5, "text": "好"}));
    let head = play.head.clone();
    play.ok("archivist", json!({"type": "archive"}));
    assert_eq!(play.case.status, Status::Archived);
    assert_eq!(play.case.archived_head, Some(head));
    history_is_sound(&play);
}

#[test]
fn s5_3_a_factory_from_application_to_archive() {
    let mut play = Play::of_template("T1").delivering();
    assert_eq!(play.case.matters.len(), 40);
    let collect = play.collect_command();
    play.ok("agent", collect);
    play.ok("archivist", json!({"type": "archive"}));
    assert_eq!(play.case.status, Status::Archived);
    play.originals_are_accounted_for();
    history_is_sound(&play);
}

#[test]
fn s3_1_assistance_ends_when_the_last_window_has_accepted() {
    let mut play = assistance().preparing();
    let close = json!({"type": "close_assistance"});
    let refusal = play.refused("agent", close.clone());
    assert_eq!((refusal.code, refusal.params["matters"].as_str()), (Code::WindowsOpen, "YY-15"));
    let escort = |outcome: &str| json!({"type": "record_escort", "matter": "YY-15", "window": "12号窗口", "ticket": "A018", "outcome": outcome});
    play.ok("agent", escort("postponed"));
    assert_eq!(play.code("agent", close.clone()), Code::WindowsOpen);
    play.ok("agent", escort("accepted"));
    play.ok("agent", close);
    assert_eq!(play.case.ended.map(|(_, how)| how), Some(EndedBy::LastWindowAccepted));
    assert_eq!((play.case.records.escorts, play.case.status), (2, Status::Ended));
    play.ok("archivist", json!({"type": "archive"}));
    history_is_sound(&play);
}

/// The history gives the same case again, events and state survive their JSON, and nothing private is in either.
fn history_is_sound(play: &Play) {
    assert_eq!(Case::replay(&play.log).as_ref(), Some(&play.case));
    for envelope in &play.log {
        let text = serde_json::to_string(envelope).unwrap();
        assert_eq!(serde_json::from_str::<crate::chain::Envelope>(&text).unwrap(), *envelope);
        assert!(![PHONE, ID_NUMBER, ADDRESS].iter().any(|private| text.contains(private)), "{text}");
    }
    let state = serde_json::to_string(&play.case).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&state).unwrap(), play.case);
    let numbers: Vec<u64> = play.log.iter().map(|envelope| envelope.seq).collect();
    assert_eq!(numbers, (1..=play.case.version).collect::<Vec<_>>());
}
