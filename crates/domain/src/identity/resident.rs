//! The citizen identity number (公民身份号码), GB 11643-1999.

use super::{Told, has_province, mask_id_number, normalise_code};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// An identity number whose region, date and check character are right. It prints itself masked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId(String);

/// Sex, as the number tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

/// Why a text is no identity number; positions count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidentIdError {
    /// Not 18 characters.
    Length {
        /// How many it has.
        found: usize,
    },
    /// A number of the first generation with 15 digits, no longer valid since 2013.
    Legacy15,
    /// A character that is no digit (the last may be X).
    Charset {
        /// Where it stands.
        position: usize,
    },
    /// The first two digits (positions 1–2) name no province.
    Region,
    /// Positions 7–14 are no date.
    Date,
    /// The last character does not fit the others.
    Checksum,
}

impl ResidentIdError {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length { .. } => "LENGTH",
            Self::Legacy15 => "LEGACY_15",
            Self::Charset { .. } => "CHARSET",
            Self::Region => "REGION",
            Self::Date => "DATE",
            Self::Checksum => "CHECKSUM",
        }
    }

    /// What a face says of it.
    #[must_use]
    pub fn told(self) -> Told {
        match self {
            Self::Length { found: 0 } => ("required", Vec::new()),
            Self::Length { found } => ("id_length", vec![("found", found.to_string())]),
            Self::Legacy15 => ("id_old", Vec::new()),
            Self::Charset { position } => ("id_character", vec![("position", position.to_string())]),
            Self::Region => ("id_region", Vec::new()),
            Self::Date => ("id_date", Vec::new()),
            Self::Checksum => ("id_check", Vec::new()),
        }
    }
}

impl fmt::Display for ResidentIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().0)
    }
}

impl std::error::Error for ResidentIdError {}

impl ResidentId {
    /// Reads an identity number; spaces, a small x and full-width characters are mended.
    ///
    /// # Errors
    /// [`ResidentIdError`], which names the position.
    pub fn parse(text: &str) -> Result<Self, ResidentIdError> {
        let id = normalise_code(text);
        let found = id.chars().count();
        if found == 15 && id.chars().all(|c| c.is_ascii_digit()) {
            return Err(ResidentIdError::Legacy15);
        }
        if found != 18 {
            return Err(ResidentIdError::Length { found });
        }
        let wrong = |(at, c): &(usize, char)| !(c.is_ascii_digit() || (*at == 17 && *c == 'X'));
        if let Some((at, _)) = id.chars().enumerate().find(wrong) {
            return Err(ResidentIdError::Charset { position: at + 1 });
        }
        if !has_province(&id) {
            return Err(ResidentIdError::Region);
        }
        birth_date(&id).ok_or(ResidentIdError::Date)?;
        if id.ends_with(check_character(&id)) { Ok(Self(id)) } else { Err(ResidentIdError::Checksum) }
    }

    /// The 18 characters in clear: for the encrypted store and for a recorded reveal, nothing else.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Date of birth; none only for a date that [`Self::parse`] would have refused.
    #[must_use]
    pub fn birth(&self) -> Option<NaiveDate> {
        birth_date(&self.0)
    }

    /// Sex: an odd 17th digit is male.
    #[must_use]
    pub fn sex(&self) -> Sex {
        let digit = self.0.chars().nth(16).and_then(|c| c.to_digit(10)).unwrap_or(0);
        if digit % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The last four characters, for the keyed index.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0.get(14..).unwrap_or_default()
    }

    /// How it is shown.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_id_number(&self.0)
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

/// The 18 characters of an old number with 15 digits, only to match old records; none if it is no such number.
#[must_use]
pub fn legacy_to_18(text: &str) -> Option<String> {
    let id = normalise_code(text);
    if id.len() != 15 || !id.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (region, rest) = id.split_at(6);
    let body = format!("{region}19{rest}");
    let check = check_character(&body);
    Some(format!("{body}{check}"))
}

fn birth_date(id: &str) -> Option<NaiveDate> {
    let number = |range: std::ops::Range<usize>| id.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let year = number(6..10).filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(10..12)?, number(12..14)?)
}

fn check_character(id: &str) -> char {
    let sum: u32 = id.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    let at = usize::try_from(sum % 11).unwrap_or_default();
    char::from(CHECK[at])
}
