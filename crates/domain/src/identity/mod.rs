//! Who somebody is: credit codes, identity numbers, telephone numbers, names, and how they are masked.
//!
//! Identity numbers and telephone numbers neither serialise nor print themselves: they belong into the encrypted store only.

mod mask;
mod names;
mod phone;
mod resident;
mod uscc;

pub use mask::{mask_bank_account, mask_email, mask_id_number, mask_name, mask_phone, mask_uscc};
pub use names::{OrgName, PersonName, TextError, is_printable, read_text};
pub use phone::{Phone, PhoneError, PhoneKind};
pub use resident::{ResidentId, ResidentIdError, Sex, legacy_to_18};
pub use uscc::{Uscc, UsccError, UsccWarning};

/// What a face says of a value that is not right: the code of the sentence, and what the sentence names.
pub type Told = (&'static str, Vec<(&'static str, String)>);

/// The first two digits of the region codes of GB/T 2260.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// A full-width character as the half-width one that was meant.
fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A character as a sentence quotes it; nothing for one that cannot be shown.
fn quoted(c: char) -> String {
    Some(c).filter(|c| is_printable(*c) && !c.is_whitespace()).map(String::from).unwrap_or_default()
}

/// A code as it was meant: half-width, upper case, without spaces.
fn normalise_code(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a region code begins with a province that exists.
fn has_province(code: &str) -> bool {
    code.get(..2).is_some_and(|province| PROVINCES.contains(&province))
}

#[cfg(test)]
mod tests;
