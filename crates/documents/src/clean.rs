//! Makes text printable: PDF/A allows no character without a glyph, and one such character in a remark must not keep a
//! paper from being made.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fonts::Fonts;

/// The printers' mark for a character they do not have.
const GETA: char = '〓';

/// What was found while cleaning.
#[derive(Default)]
pub(crate) struct Seen {
    /// Every character that is printed.
    pub(crate) printed: BTreeSet<char>,
    /// Every character that was replaced by 〓.
    pub(crate) replaced: BTreeSet<char>,
}

/// Cleans every text inside, in place.
pub(crate) fn clean(value: &mut Value, fonts: &Fonts, seen: &mut Seen) {
    match value {
        Value::String(text) => *text = clean_text(text, fonts, seen),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, fonts, seen)),
        Value::Object(fields) => fields.values_mut().for_each(|item| clean(item, fonts, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn clean_text(text: &str, fonts: &Fonts, seen: &mut Seen) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if seen.printed.contains(&c) {
            // Asking the fonts is slow, and most characters come again.
            out.push(c);
        } else if c.is_whitespace() || c.is_control() {
            // Line breaks too: a paper's own form decides where lines end.
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_invisible(c) {
            // Dropped: it has no shape of its own.
        } else if is_private(c) || is_combining(c) || !fonts.covers(c) {
            seen.replaced.insert(c);
            out.push(GETA);
        } else {
            seen.printed.insert(c);
            out.push(c);
        }
    }
    out
}

/// Joiners, marks of direction and variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// PDF/A-2a forbids code points without a public meaning.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fffe}' | '\u{ffff}')
}

/// A mark over another letter needs one font with both, which cannot be promised.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}
