//! Mistakes built into the processes: each must be found, or the checker proves nothing.

use super::super::fixture::Play;
use super::explore::{Broken, explore};
use super::pipeline::{Flaw, Person, Pipeline};
use super::{LIMIT, gives, ready_to_submit, signs};
use crate::case::DocumentKind;
use serde_json::json;

/// Both sides sign the handover list, which makes papers, by processes with a flaw; with so many copies of a request at once.
fn found(flaw: Flaw, copies: usize) -> Broken {
    let list = DocumentKind::HandoverList;
    let people =
        vec![("enterprise", vec![signs("enterprise", list, "client")]), ("agent", vec![signs("agent", list, "agent")])];
    found_by(Play::of_matters(&["QY-03"]).preparing().complete(), people, copies, flaw)
}

fn found_by(play: Play, people: Vec<Person>, copies: usize, flaw: Flaw) -> Broken {
    explore(&mut Pipeline::new(play, people, copies, flaw), LIMIT).map(|walk| walk.states).expect_err("it is not found")
}

fn has_crash(broken: &Broken) -> bool {
    broken.way.iter().any(|step| step.ends_with("crashes"))
}

#[test]
fn a_commit_without_comparing_the_version_is_found() {
    let broken = found(Flaw::ComparesNothing, 1);
    assert!(broken.what.starts_with("version ") && !has_crash(&broken), "{broken:?}");
}

#[test]
fn an_answer_before_the_commit_is_found() {
    let broken = found(Flaw::AnswersFirst, 1);
    assert!(broken.what.contains("was answered done, and event"), "{broken:?}");
}

#[test]
fn an_answer_remembered_in_another_transaction_is_found() {
    let broken = found(Flaw::RemembersApart, 1);
    assert!(broken.what.contains("was done and is answered stale") && has_crash(&broken), "{broken:?}");
}

#[test]
fn a_file_stored_after_the_commit_is_found() {
    let broken = found(Flaw::StoresLate, 1);
    assert_eq!(broken.what, "an event names a file that is not stored");
}

#[test]
fn an_error_answered_without_looking_for_the_twin_is_found() {
    let broken = found(Flaw::LooksOnce, 2);
    assert!(broken.what.contains("was done and is answered stale") && !has_crash(&broken), "{broken:?}");
}

/// Signing demands the version, which hides it; declining does not, and would be told twice.
#[test]
fn a_key_that_is_not_looked_at_is_found() {
    let decline = gives(json!({"type": "decline_matter", "matter": "QY-03", "reason": "不属本窗口"}));
    let broken = found_by(ready_to_submit(), vec![("window-d15", vec![decline])], 1, Flaw::ForgetsKeys);
    assert!(broken.what.ends_with("was carried out twice"), "{broken:?}");
}
