//! What must hold of the events of a case and the row beside them, after every commit.

use super::super::fixture::Play;
use super::super::invariants::{always, nothing_is_submitted_before_its_time};
use super::super::ledger::Ledger;
use super::deciding::{Entry, History};
use crate::case::*;
use crate::chain::{Envelope, GENESIS, chain_hash};
use crate::ids::{DocumentId, Username};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Answers the first thing that does not hold.
pub(super) fn check(history: &History, row: &Case, begun: &Play) -> Result<(), String> {
    if let Some(key) = history.doubled {
        return Err(format!("{key:?} was carried out twice"));
    }
    is_whole(&history.entries, row)?;
    let log: Vec<Envelope> = history.entries.iter().map(|entry| entry.envelope.clone()).collect();
    keeps_order(&log)?;
    keeps_its_books(&history.entries, begun)
}

/// What must hold of the events of any case, however they came about.
pub(in super::super) fn keeps_order(log: &[Envelope]) -> Result<(), String> {
    papers_stay(log)?;
    signatures_are_the_agents_own(log)?;
    follows_s3_2(log)
}

/// The version is the number of events, each bound to the one before it, and the row is their sum.
fn is_whole(entries: &[Entry], row: &Case) -> Result<(), String> {
    let count = u64::try_from(entries.len()).unwrap();
    if row.version != count {
        return Err(format!("version {} of {count} events", row.version));
    }
    let mut head = GENESIS;
    for (seq, entry) in (1..).zip(entries) {
        let body = serde_json::to_vec(&entry.envelope).unwrap();
        if entry.envelope.seq != seq || entry.before != head || entry.hash != chain_hash(head, &body) {
            return Err(format!("the chain breaks at event {seq}"));
        }
        if let Event::Ending(EndingEvent::CaseArchived { head: sealed }) = &entry.envelope.event
            && sealed != head
        {
            return Err("the file was sealed over another history".to_owned());
        }
        head = &entry.hash;
    }
    let log: Vec<_> = entries.iter().map(|entry| entry.envelope.clone()).collect();
    if Case::replay(&log).as_ref() == Some(row) {
        Ok(())
    } else {
        Err("the row is not the sum of its events".to_owned())
    }
}

/// A paper's bytes are fixed once it is offered; one with a signature gives way only to a paper that says something else.
fn papers_stay(log: &[Envelope]) -> Result<(), String> {
    let mut papers: Vec<Document> = Vec::new();
    for envelope in log {
        match &envelope.event {
            Event::Document(DocumentEvent::DocumentOffered { document }) => {
                let newest = papers.iter().rev().find(|old| old.kind == document.kind);
                let is_same = |old: &&Document| !old.signatures.is_empty() && old.about == document.about;
                if let Some(old) = newest.filter(is_same) {
                    return Err(format!("{} was signed and is replaced by {}", old.number, document.number));
                }
                papers.push((**document).clone());
            }
            Event::Document(DocumentEvent::DocumentSigned { document, signature }) => {
                let paper = papers.iter_mut().find(|paper| paper.id == *document && paper.hash == signature.hash);
                let paper = paper.ok_or_else(|| format!("a signature on {document} binds to no paper"))?;
                paper.signatures.push((**signature).clone());
            }
            _ => {}
        }
    }
    Ok(())
}

/// For the agent's side signs who is the agent then, and nobody in the name of a former one: what a paper obliges the agent
/// to is signed by the agent that it obliges.
fn signatures_are_the_agents_own(log: &[Envelope]) -> Result<(), String> {
    let mut agent: Option<&Username> = None;
    let mut signers: BTreeMap<&DocumentId, &Username> = BTreeMap::new();
    for envelope in log {
        match &envelope.event {
            Event::Assignment(AssignmentEvent::AgentAssigned { person, .. }) => agent = Some(person),
            Event::Document(DocumentEvent::DocumentSigned { document, signature }) => {
                let signer = envelope.on_behalf_of.as_ref().unwrap_or(&envelope.actor);
                let is_right = match signature.side {
                    Side::Agent | Side::Taker => agent == Some(signer),
                    Side::Giver => agent != Some(signer),
                    Side::Client => true,
                };
                if !is_right || signature.by != envelope.actor {
                    return Err(format!("{signer} signs {document} as {:?}, agent is {agent:?}", signature.side));
                }
                if signature.side == Side::Agent {
                    signers.insert(document, signer);
                }
            }
            Event::Document(DocumentEvent::HandoverCompleted { document, to, .. })
                if signers.get(document) != Some(&to) || agent != Some(to) =>
            {
                return Err(format!("{to} gets what {:?} signed for", signers.get(document)));
            }
            Event::Document(DocumentEvent::AgreementConcluded { document })
                if signers.get(document).copied() != agent =>
            {
                return Err(format!("{agent:?} is bound by what {:?} signed", signers.get(document)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Handover list by both, agreement by both, start, submission: none without the one before it.
fn follows_s3_2(log: &[Envelope]) -> Result<(), String> {
    const ORDER: [&str; 4] = ["handover_completed", "agreement_concluded", "agency_started", "matter_submitted"];
    let place = |name: &str| log.iter().position(|envelope| envelope.event.name() == name);
    for pair in ORDER.windows(2) {
        if let Some(later) = place(pair[1])
            && place(pair[0]).is_none_or(|earlier| earlier > later)
        {
            return Err(format!("{} before {}", pair[1], pair[0]));
        }
    }
    Ok(())
}

/// The checks of the random walks, command by command: where each piece is, clocks, what was complete when a matter was
/// submitted, how a case ended.
fn keeps_its_books(entries: &[Entry], begun: &Play) -> Result<(), String> {
    let holds = || {
        let mut play = Play { case: begun.case.clone(), log: begun.log.clone(), ..begun.clone() };
        let mut ledger = Ledger::default();
        ledger.follow(&play);
        always(&play);
        for commit in entries[begun.log.len()..].chunk_by(|a, b| a.key == b.key) {
            let before = play.case.clone();
            for entry in commit {
                play.case.apply(&entry.envelope);
                play.log.push(entry.envelope.clone());
            }
            commit.iter().for_each(|entry| nothing_is_submitted_before_its_time(&before, &play, &entry.envelope));
            ledger.follow(&play);
            always(&play);
            ends_for_good(&before, &play.case);
        }
    };
    catch_unwind(AssertUnwindSafe(holds)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

/// An ended case has no original outstanding, and stays ended.
fn ends_for_good(before: &Case, after: &Case) {
    assert!(after.ended.is_none() || after.outstanding_items().is_empty(), "ended with originals outstanding");
    assert!(before.ended.is_none() || before.ended == after.ended, "ended twice");
}

/// A history as a play left it, which is sound.
fn sound(play: &Play) -> Vec<Entry> {
    let mut head = GENESIS.to_owned();
    let mut entries = Vec::new();
    for envelope in play.log.iter().cloned() {
        let hash = chain_hash(&head, &serde_json::to_vec(&envelope).unwrap());
        entries.push(Entry { envelope, before: std::mem::replace(&mut head, hash.clone()), hash, key: None });
    }
    assert_eq!(check(&History { entries: entries.clone(), ..History::default() }, &play.case, play), Ok(()));
    entries
}

#[test]
fn a_history_that_is_not_whole_is_found() {
    let play = Play::of_matters(&["QY-03"]).running();
    let entries = sound(&play);
    assert!(is_whole(&entries[1..], &play.case).unwrap_err().starts_with("version"));
    let mut changed = entries.clone();
    changed[2].envelope.actor = "agent3".into();
    assert_eq!(is_whole(&changed, &play.case).unwrap_err(), "the chain breaks at event 3");
    let row = Case { founding: true, ..play.case };
    assert_eq!(is_whole(&entries, &row).unwrap_err(), "the row is not the sum of its events");
}

fn place_of(log: &[Envelope], name: &str) -> usize {
    log.iter().position(|envelope| envelope.event.name() == name).unwrap()
}

/// The first signature for the agent's side, and who was logged in.
fn first_signature(log: &mut [Envelope]) -> (&mut Username, &mut Box<Signature>) {
    let signed = log.iter_mut().find_map(|envelope| match &mut envelope.event {
        Event::Document(DocumentEvent::DocumentSigned { signature, .. }) if signature.side == Side::Agent => {
            Some((&mut envelope.actor, signature))
        }
        _ => None,
    });
    signed.unwrap()
}

#[test]
fn a_paper_that_changes_after_it_was_signed_is_found() {
    let log = Play::of_matters(&["QY-03"]).running().log;
    let mut bound_elsewhere = log.clone();
    first_signature(&mut bound_elsewhere).1.hash = GENESIS.to_owned();
    assert!(keeps_order(&bound_elsewhere).unwrap_err().contains("binds to no paper"));
    let mut replaced = log.clone();
    replaced.push(log[place_of(&log, "document_offered")].clone());
    assert!(keeps_order(&replaced).unwrap_err().contains("was signed and is replaced"));
}

#[test]
fn s5_3_a_signature_in_the_name_of_another_agent_is_found() {
    let log = Play::of_matters(&["QY-03"]).running().log;
    let mut by_another = log.clone();
    let (actor, signature) = first_signature(&mut by_another);
    *actor = "agent2".into();
    signature.by = "agent2".into();
    assert!(keeps_order(&by_another).unwrap_err().starts_with("agent2 signs"));
    let mut naming = log[place_of(&log, "agent_assigned")].clone();
    naming.event = AssignmentEvent::AgentAssigned { person: "agent2".into(), was: None, reason: None }.into();
    for (name, told) in
        [("handover_completed", "agent gets what"), ("agreement_concluded", "Some(Username(\"agent2\")) is bound")]
    {
        let mut changed = log.clone();
        changed.insert(place_of(&log, name), naming.clone());
        assert!(keeps_order(&changed).unwrap_err().starts_with(told));
    }
}

#[test]
fn s3_2_a_step_left_out_is_found() {
    let log = Play::of_matters(&["QY-03"]).delivering().log;
    for (left_out, next) in [
        ("handover_completed", "agreement_concluded"),
        ("agreement_concluded", "agency_started"),
        ("agency_started", "matter_submitted"),
    ] {
        let log: Vec<Envelope> = log.iter().filter(|envelope| envelope.event.name() != left_out).cloned().collect();
        assert_eq!(keeps_order(&log).unwrap_err(), format!("{next} before {left_out}"));
    }
}
