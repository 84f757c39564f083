//! What must hold for every sequence of commands (the list in the design), over random walks.

use super::fixture::Play;
use super::hall::ADDRESS;
use super::ledger::Ledger;
use super::model::keeps_order;
use super::steps::{Begin, Step, begin, draw, step};
use crate::access::{Action, Denied};
use crate::case::*;
use crate::catalogue::{MaterialSource, Mode};
use crate::chain::Envelope;
use crate::clock::IntervalKind;
use crate::custody::PieceForm;
use crate::ids::MatterCode;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_walk_keeps_what_must_hold(start in begin(), steps in prop::collection::vec(step(), 1..60)) {
        walk(start, &steps);
    }
}

/// The walks go far enough to mean something: between them they reach every kind of event and every end.
#[test]
fn the_walks_reach_every_kind_of_event() {
    let mut runner = TestRunner::deterministic();
    let walks = (begin(), prop::collection::vec(step(), 60));
    let mut seen = BTreeSet::new();
    let mut ends = BTreeSet::new();
    for _ in 0..400 {
        let (start, steps) = walks.new_tree(&mut runner).unwrap().current();
        let play = walk(start, &steps);
        seen.extend(play.log.iter().map(|envelope| envelope.event.name()));
        ends.extend(play.case.ended.map(|(_, how)| format!("{how:?}")));
    }
    // No walk has a matter with a fee.
    let missing: Vec<String> = Event::names().filter(|name| !seen.contains(name) && name != "fee_noted").collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
    assert_eq!(ends.len(), 6, "{ends:?}");
}

fn walk(start: Begin, steps: &[Step]) -> Play {
    let mut play = start.play();
    let mut ledger = Ledger::default();
    ledger.follow(&play);
    for step in steps {
        let Some((who, command)) = draw(&mut play, *step) else {
            continue;
        };
        let before = play.case.clone();
        let from = play.log.len();
        actions_agree(&play, &who, &command);
        if play.run(&who, &command).is_err() {
            assert_eq!(play.case, before, "a refused command changes nothing");
            continue;
        }
        for envelope in &play.log[from..] {
            acts_for_itself_or_for_the_absent_agent(&before, &play, envelope);
            nothing_is_submitted_before_its_time(&before, &play, envelope);
        }
        ledger.follow(&play);
        always(&play);
    }
    assert_eq!(Case::replay(&play.log).as_ref(), Some(&play.case), "the history tells another case");
    assert_eq!(keeps_order(&play.log), Ok(()));
    let text = serde_json::to_string(&play.case).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), play.case);
    assert!(!serde_json::to_string(&play.log).unwrap().contains(ADDRESS));
    play
}

/// `actions` and `matter_actions` say what `decide` and `may` will say.
fn actions_agree(play: &Play, who: &str, command: &Command) {
    let kind = command.kind();
    let said = play.action(who, kind).map(|refusal| refusal.code);
    let done = play.decide(who, command);
    let in_general = play.may_do(who, Action::Command(kind), None);
    assert_eq!(said == Some(Code::NotYours), in_general.is_err());
    match (&said, &done) {
        (Some(_), Ok(_)) => panic!("{who} was told no and could: {command:?}"),
        (Some(code), Err(refusal)) => assert!(
            *code == refusal.code || refusal.code == Code::NotYours,
            "{who} was told {code:?} and heard {refusal:?}: {command:?}"
        ),
        (None, _) => {}
    }
    if let Command::Matters(part) = command {
        let all = matter_actions(&play.case, part.matter(), &play.hall.actor(who), &play.hall.facts(None));
        let said = all.into_iter().find(|action| action.kind == kind).unwrap().refusal;
        match (said, &done) {
            (Some(said), Ok(_)) => panic!("{who} was told {said:?} and could: {command:?}"),
            (Some(said), Err(refusal)) => assert_eq!(said.code, refusal.code, "{who}: {command:?}"),
            (None, _) => {}
        }
    }
    if matches!(play.may_do(who, Action::SeeCase, None), Err(Denied::Unknown)) {
        assert!(done.is_err(), "{who} may not even know of the case");
    }
}

/// The record names who acted, and in whose name: only the stand-in, only while the agent is recorded as absent.
fn acts_for_itself_or_for_the_absent_agent(before: &Case, play: &Play, envelope: &Envelope) {
    let Some(name) = &envelope.on_behalf_of else { return };
    assert_eq!((Some(name), Some(&envelope.actor)), (before.agent.as_ref(), before.stand_in.as_ref()));
    let agent = play.hall.directory.person(name).unwrap();
    assert!(agent.is_absent(crate::calendar::today(envelope.at)));
}

/// S3.2: complete, handed over, agreed, started, in that order, and then the matter's own materials and prerequisites.
pub(super) fn nothing_is_submitted_before_its_time(before: &Case, play: &Play, envelope: &Envelope) {
    if let Event::Delivery(
        DeliveryEvent::ResultHandedOver { .. }
        | DeliveryEvent::ResultSent { .. }
        | DeliveryEvent::ReceiptConfirmed { .. },
    ) = &envelope.event
    {
        assert!(before.open_deferrals().next().is_none(), "a result left although a promised material is owed");
    }
    let Event::Matter(MatterEvent::MatterSubmitted { matter, .. }) = &envelope.event else {
        return;
    };
    assert_eq!(before.mode, Mode::Agency);
    let place = |name: &str| play.log.iter().position(|e| e.event.name() == name).unwrap_or(usize::MAX);
    let order =
        [place("handover_completed"), place("agreement_concluded"), place("agency_started"), envelope_at(envelope)];
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{order:?}");
    assert!(before.is_commissioned(matter), "{matter} stands on no agreement");
    for material in before.materials.iter().filter(|material| is_owed(material, matter)) {
        if before.is_deferred(matter, &material.spec.id) {
            let id = &material.spec.id;
            let is_it = |paper: &&Document| paper.about.deferrals.iter().any(|(code, of)| code == matter && of == id);
            let promises = before.documents.iter().filter(|paper| paper.kind == DocumentKind::DeferralPromise);
            assert!(promises.filter(is_it).any(Document::is_signed), "{} was not promised", material.spec.name);
            continue;
        }
        let mut pieces = before.items_for(&material.spec.id).peekable();
        assert!(pieces.peek().is_some(), "{} is missing", material.spec.name);
        for piece in pieces {
            let list = before.document(piece.handed_over.as_ref().unwrap()).unwrap();
            assert!(list.is_signed() && list.about.items.contains(&piece.id));
        }
        let lacks = matches!(material.check, Some((CheckResult::Missing | CheckResult::Wrong, _, _)));
        assert!(!lacks, "{} was found lacking", material.spec.name);
    }
    for code in &before.matter(matter).unwrap().scope.prerequisites {
        let Some(first) = before.matter(code) else { continue };
        assert!(matches!(first.outcome, Some(Outcome::Granted | Outcome::NotNeeded)), "{code} is open");
    }
}

fn envelope_at(envelope: &Envelope) -> usize {
    usize::try_from(envelope.seq).unwrap() - 1
}

fn is_owed(material: &CaseMaterial, matter: &MatterCode) -> bool {
    material.spec.source == MaterialSource::Applicant
        && material.spec.needed_by.iter().any(|need| need.matter == *matter && need.required)
}

/// What holds at every moment.
pub(super) fn always(play: &Play) {
    let case = &play.case;
    assert_eq!(case.version, u64::try_from(play.log.len()).unwrap());
    assert!(case.agent.is_none() || case.agent != case.stand_in, "one person is agent and stand-in");
    let out = case.items.iter().any(|item| item.form == PieceForm::Original && !item.place.is_final());
    assert_eq!(case.ended.is_some(), !out && is_over(case), "{:?}", case.status);
    case.matters.iter().for_each(|matter| clock_is_right(case, matter));
    let is_open = case.status.is_open();
    let is_closed = matches!(case.status, Status::Ended | Status::Archived);
    assert!(!is_open || case.ended.is_none(), "{:?}", case.status);
    assert!(!is_closed || case.ended.is_some(), "{:?}", case.status);
    assert_eq!(case.started_at.is_some(), play.happened("agency_started"));
}

/// The requirement's own words: delivered and signed for, accepted by the last window, withdrawn, or terminated.
fn is_over(case: &Case) -> bool {
    let delivered = case.delivered.is_some()
        && case.matters.iter().all(|matter| matter.outcome.is_some())
        && case.results.iter().all(|result| result.delivered_at.is_some());
    let accepted = matches!(case.ended, Some((_, EndedBy::LastWindowAccepted)))
        && case.mode == Mode::Assistance
        && case.matters.iter().all(|matter| matter.accepted_at_window.is_some());
    let left = case.leaving.is_some() && case.undelivered_results().is_empty();
    delivered || accepted || left
}

/// A clock runs exactly while its matter is with the office and the case goes on.
fn clock_is_right(case: &Case, matter: &CaseMatter) {
    let state = matter.clock.as_ref().and_then(crate::clock::Clock::state);
    let code = &matter.scope.code;
    let goes_on = matches!(case.status, Status::Running);
    match matter.status {
        _ if !case.status.is_open() => assert_eq!(state, None, "{code} after the end"),
        MatterStatus::Submitted if goes_on => assert_eq!(state, Some(IntervalKind::Running), "{code}"),
        MatterStatus::Submitted => assert_eq!(state, Some(IntervalKind::Suspended), "{code}"),
        MatterStatus::Stopped => {
            assert!(matches!(state, Some(IntervalKind::Correction | IntervalKind::Special)), "{code}: {state:?}");
        }
        _ => assert_eq!(state, None, "{code}"),
    }
}
