//! What holds for each form: the text on the paper is what was typed in, rare characters too, and the paper looks as it did.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use documents::{Form, FormKind};
use serde_json::Value;

use crate::pdf::{Picture, is_date, is_word_of_the_program, paper};
use crate::samples::all;

#[test]
fn there_is_a_sample_of_every_form_and_each_is_named_as_on_the_wire() {
    let sampled: BTreeSet<FormKind> = all().iter().map(|(_, form)| form.kind()).collect();
    assert_eq!(sampled, FormKind::ALL.iter().copied().collect());
    for (name, form) in all() {
        assert_eq!(form.kind().name(), name);
        assert_eq!(serde_json::to_value(&form).unwrap()["kind"], name);
        assert_eq!(serde_json::to_value(form.kind()).unwrap(), name);
    }
}

#[test]
fn every_form_prints_what_was_typed_in() {
    for (name, form) in all() {
        let paper = paper(&format!("every-{name}"), &form);
        paper.says_input_of(&form);
        // Labels have no room for title and head, and official papers have no such head by their own standard.
        if form.kind() != FormKind::CustodyLabels {
            paper.says(&[form.title()]);
        }
        if !matches!(form.kind(), FormKind::CustodyLabels | FormKind::LedgerNotice | FormKind::MeetingMinutes) {
            paper.says_head_of(&form);
        }
    }
}

#[test]
fn every_form_prints_rare_characters_in_every_field() {
    for (name, form) in all() {
        let mut filled = serde_json::to_value(&form).unwrap();
        let head = filled["head"].clone();
        let count = add_rare(&mut filled);
        assert!(count > 3, "{name} has fields");
        filled["head"] = head;
        let form: Form = serde_json::from_value(filled).unwrap();
        paper(&format!("rare-{name}"), &form).says_input_of(&form);
    }
}

/// Puts three characters that few fonts have before each text that somebody typed in.
fn add_rare(value: &mut Value) -> usize {
    match value {
        Value::String(text) if is_date(text) || text.len() == 64 => 0,
        Value::String(text) => {
            text.insert_str(0, "𬭎𠮷㼆");
            1
        }
        Value::Array(items) => items.iter_mut().map(add_rare).sum(),
        Value::Object(fields) => {
            let typed = fields.iter_mut().filter(|(name, field)| !is_word_of_the_program(name, field));
            typed.map(|(_, field)| add_rare(field)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// What a page shows of a paper is what its PDF says: each value and each sentence stands on both.
#[test]
fn an_outline_says_nothing_that_the_paper_does_not_say() {
    let mut outlined = 0;
    for (name, form) in all() {
        let Some(outline) = form.outline() else { continue };
        outlined += 1;
        let paper = paper(&format!("outline-{name}"), &form);
        let facts = outline.facts.iter().map(|fact| fact.value.as_str());
        let sentences = outline.sentences.iter().map(String::as_str);
        let texts: Vec<&str> = facts.chain(sentences).chain(outline.to.as_deref()).collect();
        assert!(texts.len() > 4, "{name}: {outline:?}");
        paper.says(&texts);
        assert!(
            outline.lists.iter().all(|(_, lines)| lines.iter().all(|line| !line.is_empty())),
            "{name}: {outline:?}"
        );
        // The client signs or receives what is listed: every entry is told.
        for (_, lines) in &outline.lists {
            for part in lines.iter().flat_map(|line| line.split('，').take(1)) {
                paper.says(&[part]);
            }
        }
        assert!(outline.facts.iter().all(|fact| !fact.is_client_phone || fact.value == "13800001234"), "{name}");
    }
    assert_eq!(outlined, 8);
}

/// The first page of each form as a picture in letters, held against the one that was looked at and found good. After a wanted
/// change `BANGBAN_BLESS=1` writes the pictures anew; look at the papers before that.
#[test]
fn every_form_looks_as_it_did() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/papers/looks.txt");
    let mut seen = String::new();
    for (name, form) in all() {
        let _ = paper(&format!("look-{name}"), &form);
        let _ = writeln!(seen, "## {name}\n{}", Picture::of(&format!("look-{name}")).letters());
    }
    if std::env::var_os("BANGBAN_BLESS").is_some() {
        std::fs::write(&kept, &seen).unwrap();
    }
    let good = std::fs::read_to_string(&kept).unwrap();
    let (good, seen): (Vec<&str>, Vec<&str>) = (good.lines().collect(), seen.lines().collect());
    assert_eq!(good.len(), seen.len(), "a form more or less: look at the papers, then bless them");
    let mut title = "";
    for (good, seen) in good.into_iter().zip(seen) {
        if let Some(name) = seen.strip_prefix("## ") {
            title = name;
        }
        assert!(Picture::is_alike(good, seen), "{title} looks different:\n{good}|\n{seen}|");
    }
}
