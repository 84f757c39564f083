//! What a file really is: decided by its content, and compared with what its name says.

use crate::error::FilesError;
use crate::media::{Limits, MediaType};
use crate::text::{TextKind, text_kind};

/// The most entries an office document may list; a real one has a few dozen to a few thousand.
const MAX_PARTS: usize = 10_000;

/// Checks an upload whole: not empty, within the limits, of an allowed kind and what its name says.
///
/// # Errors
/// [`FilesError::Empty`], [`FilesError::TooLarge`], and those of [`sniff`].
pub fn check_upload(bytes: &[u8], declared_name: &str, limits: &Limits) -> Result<MediaType, FilesError> {
    let size = bytes.len() as u64;
    if size > limits.max_bytes {
        return Err(FilesError::TooLarge { size, max: limits.max_bytes });
    }
    sniff(bytes, declared_name)
}

/// Types a file by its content and compares that with the extension of its declared name.
///
/// A name without an extension says nothing and so cannot be wrong. Only the name's extension is used; the name itself
/// never becomes a path.
///
/// # Errors
/// [`FilesError::Empty`] for no bytes; [`FilesError::NotWhatItSays`] if the extension means another kind than the
/// content; [`FilesError::TypeNotAllowed`] if the content is of a kind that is not taken.
pub fn sniff(bytes: &[u8], declared_name: &str) -> Result<MediaType, FilesError> {
    if bytes.is_empty() {
        return Err(FilesError::Empty);
    }
    let declared = extension(declared_name);
    match content(bytes) {
        Found::Allowed(kind) => match declared {
            Some(declared) if !kind.extensions().contains(&declared.as_str()) => {
                Err(FilesError::NotWhatItSays { declared, found: kind.extension().to_owned() })
            }
            _ => Ok(kind),
        },
        Found::Refused(found) => match declared {
            // A known kind by its name, something else by its content: the difference is what the person must hear.
            Some(declared) if declared != found && is_known(&declared) => {
                Err(FilesError::NotWhatItSays { declared, found: found.to_owned() })
            }
            _ => Err(FilesError::TypeNotAllowed { found: found.to_owned() }),
        },
    }
}

/// What the content is: a kind that is taken, or one that is not, named as an extension.
enum Found {
    Allowed(MediaType),
    Refused(&'static str),
}

fn content(bytes: &[u8]) -> Found {
    if bytes.starts_with(b"%PDF-") {
        return Found::Allowed(MediaType::Pdf);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Found::Allowed(MediaType::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Found::Allowed(MediaType::Jpeg);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Found::Allowed(MediaType::Webp);
    }
    if is_heic(bytes) {
        return Found::Allowed(MediaType::Heic);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes);
    }
    match text_kind(bytes) {
        TextKind::Plain => Found::Allowed(MediaType::Text),
        TextKind::Markup(name) | TextKind::Script(name) => Found::Refused(name),
        TextKind::NotText => Found::Refused(infer::get(bytes).map_or("unknown", |kind| kind.extension())),
    }
}

/// HEIC by the brands of its `ftyp` box: the major brand or one of the compatible ones names HEVC pictures.
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];
    let Some(length) = bytes.first_chunk::<4>().map(|l| u32::from_be_bytes(*l) as usize) else {
        return false;
    };
    let Some(ftyp) = bytes.get(4..length.clamp(4, 256).min(bytes.len())) else {
        return false;
    };
    ftyp.starts_with(b"ftyp") && ftyp[4..].chunks_exact(4).any(|brand| BRANDS.contains(&brand))
}

/// Looks at the list of parts of a ZIP file. Nothing is unpacked, so a ZIP bomb costs nothing.
fn zipped(bytes: &[u8]) -> Found {
    let Ok(archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return Found::Refused("zip");
    };
    if archive.len() > MAX_PARTS {
        return Found::Refused("zip");
    }
    let names: Vec<&[u8]> = archive.file_names_raw().collect();
    let has = |name: &str| names.contains(&name.as_bytes());
    if names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
        // Named after the macro-enabled kinds, which is what such a file is, however it is called.
        return Found::Refused(if has("xl/workbook.xml") { "xlsm" } else { "docm" });
    }
    if has("OFD.xml") {
        return Found::Allowed(MediaType::Ofd);
    }
    if has("[Content_Types].xml") {
        if has("word/document.xml") {
            return Found::Allowed(MediaType::Docx);
        }
        if has("xl/workbook.xml") {
            return Found::Allowed(MediaType::Xlsx);
        }
    }
    Found::Refused("zip")
}

/// The extension of a name in lower case; `None` if it has none. Folders before the name do not count.
fn extension(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (_, extension) = name.trim().rsplit_once('.')?;
    (!extension.is_empty()).then(|| extension.to_lowercase())
}

/// Whether an extension names a kind that is taken.
fn is_known(extension: &str) -> bool {
    use MediaType::{Docx, Heic, Jpeg, Ofd, Pdf, Png, Text, Webp, Xlsx};
    [Pdf, Png, Jpeg, Webp, Heic, Docx, Xlsx, Ofd, Text].iter().any(|kind| kind.extensions().contains(&extension))
}

#[cfg(test)]
#[path = "sniff_tests.rs"]
mod tests;
