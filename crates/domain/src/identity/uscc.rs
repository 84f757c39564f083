//! The unified social credit code (统一社会信用代码), GB 32100-2015.

use super::{Told, has_province, normalise_code, quoted};
use serde::{Deserialize, Serialize};
use std::fmt;

const CHARSET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The registration departments of the standard's table, by the first character.
const DEPARTMENTS: &str = "123456789ANY";
/// Weights of the organisation code inside (GB 11714).
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const LENGTH: usize = 18;

/// A credit code whose check character is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// Why a text is no credit code; positions count from 1 in the code without its spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsccError {
    /// Not 18 characters.
    Length {
        /// How many it has.
        found: usize,
    },
    /// A character that credit codes never have (I, O, S, V, Z, signs).
    Charset {
        /// Where it stands.
        position: usize,
        /// What it is.
        found: char,
    },
    /// The last character does not fit the others: something is mistyped.
    Checksum {
        /// Where the check character stands.
        position: usize,
    },
}

/// What is odd about a credit code that is otherwise right; never a ground to refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UsccWarning {
    /// Characters 9 to 17 fail the check of GB 11714.
    InnerOrgCode,
    /// Characters 3 to 8 name no region.
    RegionUnknown,
    /// The first character names no registration department.
    DepartmentUnknown,
}

impl UsccError {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length { .. } => "LENGTH",
            Self::Charset { .. } => "CHARSET",
            Self::Checksum { .. } => "CHECKSUM",
        }
    }

    /// Where the wrong character stands, counted from 1; none if the length is wrong.
    #[must_use]
    pub const fn position(self) -> Option<usize> {
        match self {
            Self::Length { .. } => None,
            Self::Charset { position, .. } | Self::Checksum { position } => Some(position),
        }
    }

    /// What a face says of it, with the character that was probably meant.
    #[must_use]
    pub fn told(self) -> Told {
        match self {
            Self::Length { found } => ("uscc_length", vec![("found", found.to_string())]),
            Self::Charset { position, found } => {
                let meant = match found {
                    'O' => "0",
                    'I' => "1",
                    'Z' => "2",
                    'S' => "5",
                    'V' => "U / Y",
                    _ => "",
                };
                let named = [("position", position.to_string()), ("found", quoted(found)), ("meant", meant.to_owned())];
                ("uscc_character", named.to_vec())
            }
            Self::Checksum { position } => ("uscc_check", vec![("position", position.to_string())]),
        }
    }
}

impl fmt::Display for UsccError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().0)
    }
}

impl std::error::Error for UsccError {}

impl Uscc {
    /// Reads a credit code; spaces, lower case and full-width characters are mended.
    ///
    /// # Errors
    /// [`UsccError`], which names the position.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code = normalise_code(text);
        let found = code.chars().count();
        if found != LENGTH {
            return Err(UsccError::Length { found });
        }
        if let Some((at, found)) = code.chars().enumerate().find(|(_, c)| value(*c).is_none()) {
            return Err(UsccError::Charset { position: at + 1, found });
        }
        if code.ends_with(check_character(&code)) {
            Ok(Self(code))
        } else {
            Err(UsccError::Checksum { position: LENGTH })
        }
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is odd about it.
    #[must_use]
    pub fn warnings(&self) -> Vec<UsccWarning> {
        let part = |range: std::ops::Range<usize>| self.0.get(range).unwrap_or_default();
        let mut warnings = Vec::new();
        if !self.0.starts_with(|c| DEPARTMENTS.contains(c)) {
            warnings.push(UsccWarning::DepartmentUnknown);
        }
        let region = part(2..8);
        // 100000 stands for the state itself: bodies that are registered there.
        let known = region == "100000" || (region.chars().all(|c| c.is_ascii_digit()) && has_province(region));
        if !known {
            warnings.push(UsccWarning::RegionUnknown);
        }
        if !org_code_is_right(part(8..17)) {
            warnings.push(UsccWarning::InnerOrgCode);
        }
        warnings
    }
}

fn value(c: char) -> Option<u32> {
    CHARSET.iter().position(|known| char::from(*known) == c).and_then(|at| u32::try_from(at).ok())
}

fn check_character(code: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for c in code.chars().take(LENGTH - 1) {
        sum += value(c).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    let at = usize::try_from((31 - sum % 31) % 31).unwrap_or_default();
    char::from(CHARSET[at])
}

fn org_code_is_right(code: &str) -> bool {
    let sum: u32 = code.chars().zip(ORG_WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    let expected = match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    };
    code.chars().last() == expected
}

impl TryFrom<String> for Uscc {
    type Error = UsccError;

    fn try_from(text: String) -> Result<Self, UsccError> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
