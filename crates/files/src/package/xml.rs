//! The metadata as XML: written in one way, and read no further than to see that it is XML.

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::se::Serializer;
use serde::Serialize;

/// What an XML file of this program begins with.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// Deeper metadata are none of this program's.
const MAX_DEPTH: usize = 32;

/// Writes a value as the XML file of a package's metadata, with `root` as its outermost element. The same value always gives
/// the same bytes. A character that XML cannot hold is replaced by U+FFFD.
///
/// # Errors
/// If the value has a form that XML has no elements for.
pub fn metadata_xml(root: &str, value: &impl Serialize) -> Result<Vec<u8>, quick_xml::SeError> {
    let mut text = String::new();
    let mut serializer = Serializer::with_root(&mut text, Some(root))?;
    serializer.indent(' ', 2);
    value.serialize(serializer)?;
    let text: String = text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect();
    Ok(format!("{DECLARATION}{text}\n").into_bytes())
}

/// Whether the bytes are one well-formed element in UTF-8 without a document type, so that no reader expands anything.
pub(super) fn is_metadata(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let Some(body) = text.strip_prefix(DECLARATION).filter(|body| body.chars().all(is_allowed)) else {
        return false;
    };
    let mut reader = Reader::from_str(body);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0, 0);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(_)) => roots += usize::from(depth == 0),
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            Ok(Event::Text(text)) if depth == 0 && !text.trim().is_empty() => return false,
            Ok(Event::GeneralRef(name)) if depth == 0 || !is_reference(&name) => return false,
            Ok(Event::Text(_) | Event::GeneralRef(_) | Event::Comment(_)) => {}
            _ => return false,
        }
        if depth > MAX_DEPTH || roots > 1 {
            return false;
        }
    }
}

/// The references that every reader knows without a document type.
fn is_reference(name: &str) -> bool {
    name.starts_with('#') || matches!(name, "lt" | "gt" | "amp" | "quot" | "apos")
}

/// What XML 1.0 calls a character.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn s6_5_metadata_are_escaped_and_read_back() {
        let value = BTreeMap::from([("题名", "a<b> & \"c\" ]]> \u{1}\u{ffff}𬭚"), ("空", "")]);
        let bytes = metadata_xml("元数据", &value).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(is_metadata(&bytes), "{text}");
        assert!(text.contains("a&lt;b&gt; &amp;") && text.contains("\u{fffd}\u{fffd}𬭚"), "{text}");
        assert_eq!(metadata_xml("元数据", &value).unwrap(), bytes);
    }

    #[test]
    fn s6_5_what_is_not_plain_xml_is_no_metadata() {
        let with = |body: &str| is_metadata(format!("{DECLARATION}{body}").as_bytes());
        assert!(with("<a/>") && with("<a>1<b>&lt;</b></a>\n"));
        for bad in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "</a>",
            "<a/>x",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>\u{1}</a>",
            "<?php x ?><a/>",
            "<a>&b;</a>",
        ] {
            assert!(!with(bad), "{bad}");
        }
        assert!(!with(&format!("{}{}", "<a>".repeat(99), "</a>".repeat(99))));
        assert!(!is_metadata(b"{}") && !is_metadata(b"<a/>") && !is_metadata(&[0xff]));
    }
}
