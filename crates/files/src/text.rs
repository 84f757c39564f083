//! Reading text that comes from outside: is it plain text, or something a machine would run?

/// What a piece of content that is not binary turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// Plain UTF-8 text.
    Plain,
    /// Markup that a browser might show or run; named as an extension.
    Markup(&'static str),
    /// A script that a shell might run; named as an extension.
    Script(&'static str),
    /// Not UTF-8, or with control characters: not text.
    NotText,
}

/// How much of the beginning is searched for tags. Browsers look at the first 512 bytes when they guess a type.
const SEARCHED: usize = 1024;

/// Marks of markup within the beginning of a text, with the extension they are named by.
const TAGS: [(&str, &str); 6] = [
    ("<svg", "svg"),
    ("<html", "html"),
    ("<!doctype", "html"),
    ("<script", "html"),
    ("<iframe", "html"),
    ("<?php", "php"),
];

/// Tells plain text from markup, scripts and binary content.
pub(crate) fn text_kind(bytes: &[u8]) -> TextKind {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return TextKind::NotText;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) {
        return TextKind::NotText;
    }
    let start: String = text.trim_start().chars().take(SEARCHED).collect::<String>().to_ascii_lowercase();
    if start.starts_with("#!") {
        return TextKind::Script("sh");
    }
    if start.starts_with("@echo off") {
        return TextKind::Script("bat");
    }
    if let Some((_, name)) = TAGS.iter().find(|(tag, _)| start.contains(tag)) {
        return TextKind::Markup(name);
    }
    match start.strip_prefix('<').and_then(|rest| rest.chars().next()) {
        Some('?') => TextKind::Markup("xml"),
        Some('!' | '/' | 'a'..='z') => TextKind::Markup("html"),
        _ => TextKind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_told_from_what_a_machine_would_run() {
        assert_eq!(text_kind("办理说明：3 < 5，第一行\n第二行".as_bytes()), TextKind::Plain);
        assert_eq!(text_kind("\u{feff}有 BOM 的文本".as_bytes()), TextKind::Plain);
        assert_eq!(text_kind(b"  <!DOCTYPE html><p>x"), TextKind::Markup("html"));
        assert_eq!(text_kind(b"<p onclick=x>"), TextKind::Markup("html"));
        assert_eq!(text_kind(b"<?xml version='1.0'?><a/>"), TextKind::Markup("xml"));
        assert_eq!(text_kind(b"<?xml version='1.0'?>\n<svg xmlns='x'/>"), TextKind::Markup("svg"));
        assert_eq!(text_kind(b"hello <script>alert(1)</script>"), TextKind::Markup("html"));
        assert_eq!(text_kind(b"#!/bin/sh\nrm x"), TextKind::Script("sh"));
        assert_eq!(text_kind(b"@ECHO OFF\r\ndel x"), TextKind::Script("bat"));
        assert_eq!(text_kind(b"a\0b"), TextKind::NotText);
        assert_eq!(text_kind(&[0xb0, 0xec, 0xc0, 0xed]), TextKind::NotText, "GBK is not UTF-8");
    }
}
