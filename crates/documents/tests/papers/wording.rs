//! An office's own wording on its papers.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use documents::{DocumentsError, Form, FormKind, Wording, WordingError, wording_blocks};

use crate::pdf::{made_at, paper_worded, renderer};
use crate::samples::{agreement, all, text};

fn worded(form: FormKind, block: &str, words: &str) -> Wording {
    Wording::new(form, BTreeMap::from([(text(block), text(words))])).unwrap()
}

#[test]
fn s6_2_every_block_of_every_form_stands_on_some_paper() {
    // A list of materials has three purposes, an agreement its terms: each block is tried on whichever paper prints it.
    let papers = all().into_iter().map(|(_, form)| form).chain(crate::samples::purposes()).collect::<Vec<_>>();
    for kind in FormKind::ALL {
        for block in wording_blocks(*kind) {
            let fills: String = block.placeholders.iter().map(|name| format!("{{{name}}}")).collect();
            let wording = worded(*kind, block.name, &format!("试用㼆字句{fills}"));
            let name = format!("wording-{}-{}", kind.name(), block.name);
            let mut fitting = papers.iter().filter(|form| form.kind() == *kind);
            let is_printed = fitting.any(|form| paper_worded(&name, form, &wording).text.contains("试用㼆字句"));
            assert!(is_printed, "{}: nothing prints {}", kind.name(), block.name);
        }
    }
}

#[test]
fn a_wording_is_data_and_never_markup() {
    let words = "*甲*#pagebreak() $x$ 办理{matters}";
    let form = Form::Agreement(agreement());
    let paper = paper_worded("wording-hostile", &form, &worded(FormKind::Agreement, "statement", words));
    paper.says(&["*甲*#pagebreak()$x$办理"]);
    assert!(!paper.text.contains("现委托代办方为委托方办理"), "the default gives way");
}

#[test]
fn a_wording_of_another_form_is_refused() {
    let wording = worded(FormKind::Agreement, "supplement", "甲");
    let form = all().into_iter().map(|(_, form)| form).find(|form| form.kind() == FormKind::OneTimeNotice).unwrap();
    let refused = renderer().render_worded(&form, &wording, made_at());
    assert!(matches!(refused, Err(DocumentsError::Wording(WordingError::OtherForm { .. }))));
}
