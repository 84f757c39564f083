//! A checker of small models: several persons, two processes, one case, and a crash between any two steps. Every order in
//! which things can happen is walked through, over the same `decide`: nothing that was answered done is lost or done twice, no
//! paper that was signed changes, every state leads on to rest. `flaws` builds mistakes in, to see that they are found.

mod checks;
mod deciding;
mod explore;
mod flaws;
mod pipeline;

use super::fixture::{Play, application};
use crate::case::*;
use crate::custody::Place;
pub(super) use checks::keeps_order;
use explore::explore;
use pipeline::{Flaw, Look, Person, Pipeline, Want};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// More states than any of these has.
const LIMIT: usize = 50_000;

/// Walks through everything that can happen, and asserts in which ways it can end: told by `tell` of the case, and by what was
/// refused on the way. `copies` of a request may be under way at once; with one, only a crash makes somebody repeat it.
fn ends(play: Play, people: Vec<Person>, copies: usize, tell: fn(&Case) -> String, expected: &[&str]) {
    let mut model = Pipeline::new(play, people, copies, Flaw::None);
    let walk = explore(&mut model, LIMIT).unwrap_or_else(|broken| panic!("{}\n{}", broken.what, broken.way.join("\n")));
    let tell = |world| [tell(model.case(world)), model.refused(world)].concat();
    let found: BTreeSet<String> = walk.ends.iter().map(tell).collect();
    assert_eq!(found, expected.iter().map(|end| (*end).to_owned()).collect());
}

fn want(see: impl Fn(&Play) -> Look + 'static) -> Want {
    Box::new(see)
}

/// Gives a command while the case goes on, whatever it is.
fn gives(value: Value) -> Want {
    want(move |play| if play.case.status.is_open() { Look::Do(value.clone()) } else { Look::Skip })
}

/// Signs a paper for a side as soon as it is on offer, and the next one of its kind if another takes its place.
fn signs(who: &'static str, kind: DocumentKind, side: &'static str) -> Want {
    want(move |play| {
        let case = &play.case;
        let is_agent = |name: &str| case.agent.as_ref().is_some_and(|agent| agent.as_str() == name);
        let is_settled = match kind {
            DocumentKind::HandoverList => case.handover_signed_at.is_some(),
            DocumentKind::Agreement => case.agreement_signed_at.is_some(),
            _ => is_agent("agent2") && case.takeover().is_none(),
        };
        let is_mine = matches!(side, "client" | "giver") || is_agent(who);
        let was_mine = who == "agent" && !is_mine;
        let is_signed = |paper: &Document| paper.signatures.iter().any(|signature| json!(signature.side) == side);
        match case.newest(kind) {
            _ if is_settled || was_mine || !case.status.is_open() => Look::Skip,
            Some(paper) if is_mine && !is_signed(paper) => Look::Do(play.sign_command(kind, side)),
            _ => Look::Wait,
        }
    })
}

/// Starts to act once the agreement is signed.
fn starts() -> Want {
    want(|play| match &play.case {
        case if case.started_at.is_some() || !case.status.is_open() => Look::Skip,
        case if case.agreement_signed_at.is_some() => Look::Do(json!({"type": "start"})),
        _ => Look::Wait,
    })
}

/// Gives the client what is due to it: everything at the end, or what is left when the case is left.
fn gives_back() -> Want {
    want(|play| match &play.case {
        case if case.ended.is_some() => Look::Skip,
        case if case.is_leaving() => Look::Do(play.return_command()),
        case if case.status == Status::Delivering && case.delivered.is_none() => Look::Do(play.collect_command()),
        _ => Look::Wait,
    })
}

#[test]
fn s3_2_both_sides_sign_the_handover_list_at_the_same_moment() {
    let play = Play::of_matters(&["QY-03"]).preparing().complete();
    let people = vec![
        ("enterprise", vec![signs("enterprise", DocumentKind::HandoverList, "client")]),
        ("agent", vec![signs("agent", DocumentKind::HandoverList, "agent")]),
    ];
    let tell = |case: &Case| {
        let count = |kind| case.documents.iter().filter(|document| document.kind == kind).count();
        let (lists, agreements) = (count(DocumentKind::HandoverList), count(DocumentKind::Agreement));
        format!("{lists} list, signed {}, {agreements} agreement", case.handover_signed_at.is_some())
    };
    ends(play, people, 2, tell, &["1 list, signed true, 1 agreement"]);
}

#[test]
fn s3_2_both_sign_the_agreement_and_start_while_the_client_withdraws_at_the_window() {
    let play = Play::of_matters(&["QY-03"]).preparing().complete().handed_over();
    let people = vec![
        ("enterprise", vec![signs("enterprise", DocumentKind::Agreement, "client")]),
        ("agent", vec![signs("agent", DocumentKind::Agreement, "agent"), starts()]),
        ("clerk", vec![gives(json!({"type": "withdraw", "reason": "不办了"}))]),
    ];
    let tell = |case: &Case| {
        let (is_signed, is_started) = (case.agreement_signed_at.is_some(), case.started_at.is_some());
        format!("{}, signed {is_signed}, started {is_started}", case.status.name())
    };
    let expected = [
        "withdrawn, signed false, started false",
        "withdrawn, signed true, started false",
        "withdrawn, signed true, started true",
    ];
    ends(play, people, 1, tell, &expected);
}

#[test]
fn s2_3_two_windows_claim_decline_and_forward_the_same_matter_until_another_office_owns_it() {
    let play = Play::of_matters(&["QY-03"]).running();
    let people = vec![
        ("office-d15", vec![gives(json!({"type": "claim_matter", "matter": "QY-03"}))]),
        ("window-d15", vec![gives(json!({"type": "decline_matter", "matter": "QY-03", "reason": "不属本窗口"}))]),
        ("head", vec![gives(json!({"type": "forward_matter", "matter": "QY-03", "office": "D14", "reason": "职责"}))]),
        (
            "office-d14",
            vec![want(|play| match &play.case.matters[0] {
                matter if matter.office.as_str() == "D14" => {
                    Look::Do(json!({"type": "claim_matter", "matter": "QY-03"}))
                }
                _ => Look::Wait,
            })],
        ),
    ];
    let tell = |case: &Case| {
        let matter = &case.matters[0];
        let by = matter.claimed_by.as_ref().map_or("nobody", |by| by.as_str());
        format!("{} {} by {by}", matter.office, matter.status.name())
    };
    let expected = [
        "D14 claimed by office-d14",
        "D14 claimed by office-d14; office-d15: NotYours",
        "D14 claimed by office-d14; office-d15: NotYours; window-d15: NotYours",
        "D14 claimed by office-d14; window-d15: NotYours",
    ];
    ends(play, people, 1, tell, &expected);
}

#[test]
fn s5_3_one_window_claims_what_the_other_declines() {
    let play = Play::of_matters(&["QY-03"]).running();
    let people = vec![
        ("office-d15", vec![gives(json!({"type": "claim_matter", "matter": "QY-03"}))]),
        ("window-d15", vec![gives(json!({"type": "decline_matter", "matter": "QY-03", "reason": "不属本窗口"}))]),
    ];
    ends(play, people, 2, status_of_first, &["running claimed", "running declined"]);
}

/// One matter is claimed and everything for it is there; another is not claimed yet.
fn ready_to_submit() -> Play {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).running();
    play.claim("QY-03");
    play
}

fn submits() -> Want {
    gives(json!({"type": "submit_matter", "matter": "QY-03"}))
}

fn pauses() -> Want {
    gives(json!({"type": "suspend", "reason_code": "force_majeure", "reason": "洪水"}))
}

fn status_of_first(case: &Case) -> String {
    let first = case.matters.iter().find(|matter| matter.scope.code.as_str() == "QY-03");
    format!("{} {}", case.status.name(), first.map_or("gone", |matter| matter.status.name()))
}

#[test]
fn s5_3_a_matter_is_submitted_while_the_client_takes_it_out_and_the_head_pauses_the_case() {
    let people = vec![
        ("agent", vec![submits()]),
        ("enterprise", vec![gives(json!({"type": "change_matters", "remove": ["QY-03"], "reason": "减项"}))]),
        ("head", vec![pauses()]),
    ];
    let expected = [
        "suspended claimed; agent: CaseSuspended; enterprise: CaseSuspended",
        "suspended gone; agent: CaseSuspended",
        "suspended gone; agent: MatterNotInCase",
        "suspended submitted; enterprise: CaseSuspended",
        "suspended submitted; enterprise: MatterUnderWay",
    ];
    ends(ready_to_submit(), people, 1, status_of_first, &expected);
}

#[test]
fn s2_1_a_matter_is_submitted_while_the_client_withdraws_and_the_pieces_come_back() {
    let people = vec![
        ("agent", vec![submits(), gives_back()]),
        ("enterprise", vec![gives(json!({"type": "withdraw"}))]),
        ("head", vec![pauses()]),
    ];
    let tell = |case: &Case| format!("{}, ended {}", status_of_first(case), case.ended.is_some());
    let expected = [
        "withdrawn claimed, ended true",
        "withdrawn claimed, ended true; agent: CaseEnded",
        "withdrawn claimed, ended true; agent: CaseEnded; head: CaseEnded",
        "withdrawn claimed, ended true; agent: CaseSuspended",
        "withdrawn claimed, ended true; head: CaseEnded",
        "withdrawn submitted, ended true",
        "withdrawn submitted, ended true; head: CaseEnded",
    ];
    ends(ready_to_submit(), people, 1, tell, &expected);
}

fn end(case: &Case) -> String {
    case.ended.map_or("open".to_owned(), |(_, how)| format!("{how:?}"))
}

#[test]
fn s6_3_the_last_matter_is_finished_and_handed_over_while_the_client_withdraws() {
    let mut play = Play::of_matters(&["QY-03"]).running();
    play.claim("QY-03");
    play.submit("QY-03");
    let results = json!([{"name": "营业执照", "form": "original"}]);
    let finish = json!({"type": "finish_matter", "matter": "QY-03", "outcome": "granted", "results": results});
    let people = vec![
        ("office-d15", vec![gives(finish)]),
        ("agent", vec![gives_back(), gives_back()]),
        (
            "enterprise",
            vec![want(|play| match play.case.delivered {
                None if play.case.status.is_open() => Look::Do(json!({"type": "withdraw"})),
                _ => Look::Skip,
            })],
        ),
    ];
    ends(play, people, 1, end, &["HandedOver", "Withdrawn", "Withdrawn; office-d15: CaseEnded"]);
}

#[test]
fn s6_3_electronic_results_are_confirmed_while_the_originals_go_back() {
    let play = Play::new(&Application { delivery: DeliveryWay::Electronic, ..application(&["QY-03"]) }).delivering();
    let now = play.hall.now;
    let sends = want(|play| match play.case.delivered {
        None => Look::Do(json!({"type": "send_result", "results": play.case.undelivered_results()})),
        Some(_) => Look::Skip,
    });
    let returns = want(|play| match play.case.ended {
        None => Look::Do(play.return_command()),
        Some(_) => Look::Skip,
    });
    let confirms = want(move |_| Look::Do(json!({"type": "confirm_receipt", "signed_by": "王经理", "at": now})));
    ends(play, vec![("agent", vec![sends, returns]), ("enterprise", vec![confirms])], 1, end, &["Confirmed"]);
}

#[test]
fn s6_5_the_file_is_sealed_while_the_client_evaluates() {
    let mut play = Play::of_matters(&["QY-03"]).delivering();
    let collect = play.collect_command();
    play.ok("agent", collect);
    let people = vec![
        ("archivist", vec![want(|_| Look::Do(json!({"type": "archive"})))]),
        ("enterprise", vec![want(|_| Look::Do(json!({"type": "evaluate", "grade": 5})))]),
    ];
    let tell = |case: &Case| format!("{}, {} events", case.status.name(), case.version);
    ends(play, people, 2, tell, &["archived, 28 events"]);
}

#[test]
fn s5_3_the_agent_changes_while_the_handover_list_is_signed() {
    let play = Play::of_matters(&["QY-03"]).preparing().complete();
    let list = DocumentKind::HandoverList;
    let people = vec![
        ("head", vec![gives(json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}))]),
        ("agent", vec![signs("agent", list, "agent")]),
        ("agent2", vec![signs("agent2", list, "agent")]),
        ("enterprise", vec![signs("enterprise", list, "client"), signs("enterprise", list, "client")]),
    ];
    let tell = |case: &Case| {
        let by = |document: &Document| {
            document.signature(Side::Agent).map_or("nobody".to_owned(), |signature| signature.by.to_string())
        };
        let lists = case.documents.iter().filter(|document| document.kind == DocumentKind::HandoverList);
        format!("signed by {}, with {:?}", lists.map(by).collect::<Vec<_>>().join(", "), case.items[0].place)
    };
    let expected = [
        r#"signed by agent, with Person(Username("agent"))"#,
        r#"signed by agent, agent2, with Person(Username("agent2"))"#,
        r#"signed by nobody, agent2, with Person(Username("agent2"))"#,
    ];
    ends(play, people, 1, tell, &expected);
}

#[test]
fn s5_3_the_agent_changes_while_a_matter_is_submitted_and_the_pieces_go_over_against_signature() {
    let takeover = DocumentKind::TakeoverList;
    let people = vec![
        ("head", vec![gives(json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}))]),
        ("agent", vec![submits(), signs("agent", takeover, "giver")]),
        ("agent2", vec![signs("agent2", takeover, "taker")]),
    ];
    let tell = |case: &Case| {
        let is_with_agent2 = |item: &crate::custody::Item| item.place == Place::Person("agent2".into());
        let count = case.items.iter().filter(|item| is_with_agent2(item)).count();
        format!("{}, {count} of {} with agent2", status_of_first(case), case.items.len())
    };
    let expected = ["running claimed, 4 of 4 with agent2; agent: NotYours", "running submitted, 2 of 4 with agent2"];
    ends(ready_to_submit(), people, 1, tell, &expected);
}
