//! Who is answerable: lead office, agent, stand-in, green channel (S2.3, S5.3, S6.4, S7).

use super::fixture::{Play, assistance};
use crate::access::{Denied, Relation};
use crate::case::*;
use crate::ids::Username;
use serde_json::json;

fn lead(office: &str, reason: Option<&str>) -> serde_json::Value {
    json!({"type": "assign_lead_office", "office": office, "reason": reason})
}

fn agent(person: &str, reason: Option<&str>) -> serde_json::Value {
    json!({"type": "assign_agent", "person": person, "reason": reason})
}

fn stand_in(person: &str) -> serde_json::Value {
    json!({"type": "set_stand_in", "person": person})
}

#[test]
fn s2_3_the_business_office_names_the_lead_office() {
    let mut play = Play::of_template("T5");
    assert_eq!(play.code("head", json!({"type": "accept"})), Code::NotYours, "nobody leads yet");
    for who in ["agent", "clerk", "enterprise", "office-d15", "supervisor", "director"] {
        assert_eq!(play.code(who, lead("B01", None)), Code::NotYours, "{who}");
    }
    assert_eq!(play.code("head", lead("D40", None)), Code::UnknownOffice, "a body outside the hall cannot lead");
    assert_eq!(play.code("head", lead("B99", None)), Code::UnknownOffice);
    play.ok("head", lead("D15", None));
    assert_eq!(play.code("head", json!({"type": "accept"})), Code::NotYours, "only the lead office's head accepts");
    play.ok("office-d15", json!({"type": "accept"}));
    assert_eq!((play.case.status, play.case.lead_office.clone()), (Status::Accepted, Some("D15".into())));
}

#[test]
fn s2_3_reassigning_the_lead_office_is_an_event_with_a_reason() {
    let mut play = Play::of_template("T5").preparing();
    assert_eq!(play.ok("head", lead("B01", None)), []);
    assert_eq!(play.code("head", lead("D15", None)), Code::ReasonNeeded);
    let events = play.ok("head", lead("D15", Some("以登记事项为主")));
    let expected = AssignmentEvent::LeadOfficeAssigned {
        office: "D15".into(),
        was: Some("B01".into()),
        reason: Some("以登记事项为主".to_owned()),
    };
    assert_eq!(events, [expected.into()]);
    play.ok("office-d15", agent("agent2", Some("牵头科室变更")));
    assert_eq!(play.code("head", agent("agent", Some("改回"))), Code::NotYours, "the former lead has no say");
}

#[test]
fn s5_3_exactly_one_agent_named_by_the_lead_offices_head() {
    let mut play = Play::of_template("T5");
    play.ok("head", lead("B01", None));
    assert_eq!(play.code("head", agent("agent", None)), Code::WrongStatus, "accepted first");
    play.ok("head", json!({"type": "accept"}));
    assert_eq!(play.code("clerk", agent("agent", None)), Code::NotYours);
    assert_eq!(play.case.agent, None);
    play.ok("head", agent("agent", None));
    assert_eq!((play.case.agent.clone(), play.case.status), (Some("agent".into()), Status::Preparing));
    assert_eq!(play.ok("head", agent("agent", None)), [], "the same again changes nothing");
    assert_eq!(play.code("head", agent("agent2", None)), Code::ReasonNeeded, "a change needs its reason");
    play.ok("head", agent("agent2", Some("岗位调整")));
    assert_eq!(play.case.agent, Some("agent2".into()));
    let check = json!({"type": "check_materials", "checks": [{"material": "M1", "result": "ok"}]});
    assert_eq!(play.code("agent", check.clone()), Code::NotYours, "the former agent acts no more");
    play.ok("agent2", check);
}

#[test]
fn s7_only_qualified_active_service_staff_is_named() {
    let mut play = assistance();
    play.ok("head", lead("B01", None));
    play.ok("head", json!({"type": "accept"}));
    for who in ["novice", "head", "clerk", "office-d15", "enterprise", "archivist"] {
        assert_eq!(play.code("head", agent(who, None)), Code::NotQualified, "{who}");
    }
    assert_eq!(play.code("head", agent("nobody", None)), Code::UnknownPerson);
    play.hall.directory.people.get_mut(&Username::from("agent")).unwrap().active = false;
    assert_eq!(play.code("head", agent("agent", None)), Code::UnknownPerson, "who has left is not named");
    play.ok("head", agent("agent2", None));
    assert_eq!(play.code("head", stand_in("novice")), Code::NotQualified);
    assert_eq!(play.code("head", stand_in("agent2")), Code::SamePerson);
    play.ok("head", stand_in("agent3"));
    assert_eq!(play.code("head", agent("agent3", Some("换人"))), Code::SamePerson);
}

#[test]
fn s5_3_a_stand_in_waits_for_an_agent() {
    let mut play = assistance();
    play.ok("head", lead("B01", None));
    assert_eq!(play.code("head", stand_in("agent2")), Code::WrongStatus);
    play.ok("head", json!({"type": "accept"}));
    assert_eq!(play.code("head", stand_in("agent2")), Code::NoAgent);
}

#[test]
fn s5_3_a_stand_in_acts_only_in_a_recorded_absence_and_in_the_agents_name() {
    let mut play = Play::of_template("T5").preparing();
    play.ok("head", stand_in("agent2"));
    let check = json!({"type": "check_materials", "checks": [{"material": "M1", "result": "ok"}]});
    assert_eq!(play.code("agent2", check.clone()), Code::NotYours, "the agent is there");
    assert_eq!(play.may("agent2", &super::fixture::command(check.clone())), Err(Denied::Forbidden));

    play.hall.is_away("agent", 2);
    assert_eq!(play.code("agent3", check.clone()), Code::NotYours, "only the named stand-in");
    play.ok("agent2", check.clone());
    let last = play.log.last().unwrap();
    assert_eq!((last.actor.as_str(), last.on_behalf_of.clone()), ("agent2", Some("agent".into())));
    assert_eq!(play.case.agent, Some("agent".into()), "the agent stays the agent");
    let grant = play.may("agent2", &super::fixture::command(check.clone())).unwrap();
    assert_eq!(grant.relation(), Relation::ActingStandIn);

    play.later_days(2);
    play.ok("agent2", check.clone());
    play.later_days(1);
    assert_eq!(play.code("agent2", check.clone()), Code::NotYours, "the absence is over");
    play.ok("agent", check);
    assert_eq!(play.log.last().unwrap().on_behalf_of, None);
}

#[test]
fn s5_3_a_stand_in_signs_for_the_agent_and_the_agent_answers_for_the_pieces() {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    play.ok("head", stand_in("agent2"));
    let mut play = play.complete();
    play.hall.is_away("agent", 1);
    let client = play.sign_command(DocumentKind::HandoverList, "client");
    play.ok("enterprise", client);
    let side = play.sign_command(DocumentKind::HandoverList, "agent");
    play.ok("agent2", side);
    let (_, list) = play.newest(DocumentKind::HandoverList);
    assert_eq!(list.signature(Side::Agent).unwrap().by, "agent2".into());
    let signed = play.log.iter().rev().find(|e| e.event.name() == "document_signed").unwrap();
    assert_eq!(signed.on_behalf_of, Some("agent".into()));
    assert_eq!(play.case.items[0].place, crate::custody::Place::Person("agent".into()));
}

#[test]
fn s6_4_the_green_channel_has_reason_approver_and_named_person() {
    let open = |reason: &str, person: &str| json!({"type": "open_green_channel", "reason": reason, "person": person});
    let mut play = Play::of_template("T5").preparing();
    for who in ["agent", "clerk", "enterprise", "office-d15", "director"] {
        assert_eq!(play.code(who, open("重点项目", "agent")), Code::NotYours, "{who}");
    }
    assert_eq!(play.code("head", open(" ", "agent")), Code::ReasonNeeded);
    assert_eq!(play.code("head", open("重点项目", "nobody")), Code::UnknownPerson);
    assert_eq!(play.code("head", open("重点项目", "enterprise")), Code::UnknownPerson, "a person of the hall");
    play.ok("head", open("重点项目", "agent"));
    let green = play.case.green.clone().unwrap();
    assert_eq!((green.reason.as_str(), green.person, green.approver), ("重点项目", "agent".into(), "head".into()));
    assert_eq!(play.code("head", open("再开", "agent")), Code::AlreadyGreen);
}
