//! Names inside a package: which are safe to unpack anywhere, and which entries there are.

/// Name of the manifest.
pub(super) const MANIFEST: &str = "manifest.json";
/// Name of the metadata.
pub(super) const METADATA: &str = "metadata.xml";
/// Name of the metadata in the first form of packages.
pub(super) const FIRST_METADATA: &str = "metadata.json";
/// Name of the signature.
pub(super) const SIGNATURE: &str = "signature.json";
/// Name of the list of contents.
pub(super) const CATALOGUE: &str = "catalogue.json";
/// Folder of the documents.
pub(super) const DOCUMENTS: &str = "documents/";
/// Folder of the events.
pub(super) const EVENTS: &str = "events/";

/// Longest name of an entry, in bytes.
const MAX_NAME: usize = 400;
/// Characters some system does not take in a file name, or reads as a path.
const FORBIDDEN: [char; 9] = ['\\', ':', '*', '?', '"', '<', '>', '|', '\u{7f}'];

/// Whether a name can be unpacked on any system without leaving its folder: parts divided by `/`, none of them empty,
/// `.` or `..`, ending in a dot or space, or holding a backslash, colon, control or text-direction character.
#[must_use]
pub fn is_safe_name(name: &str) -> bool {
    let harmless = |c: char| {
        !c.is_control()
            && !FORBIDDEN.contains(&c)
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let part_is_safe = |part: &str| {
        !part.is_empty() && !part.starts_with(' ') && !part.ends_with(['.', ' ']) && part.chars().all(harmless)
    };
    name.len() <= MAX_NAME && name.split('/').all(part_is_safe)
}

/// Name of the entry of an event.
pub(super) fn event_name(seq: u64) -> String {
    format!("{EVENTS}{seq:06}.json")
}

/// Whether the entry is read as a whole rather than streamed past.
pub(super) fn is_whole(name: &str) -> bool {
    matches!(name, MANIFEST | METADATA | FIRST_METADATA | CATALOGUE | SIGNATURE) || name.starts_with(EVENTS)
}
