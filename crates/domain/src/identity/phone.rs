//! Telephone numbers: mainland mobile and landline, service numbers, and numbers of other countries.

use super::{Told, half_width, mask_phone, quoted};
use std::fmt;

/// A telephone number. It prints itself masked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    kind: PhoneKind,
    number: String,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A mainland mobile number, `13800000000`.
    Mobile,
    /// A mainland landline number with its area code, `0476-7800000`.
    Landline,
    /// A nationwide service number, `400-800-0000`.
    Service,
    /// A number elsewhere, `+85261234567`.
    International,
}

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was given.
    Empty,
    /// A character that telephone numbers do not have.
    Character {
        /// Where it stands, counted from 1 in what was typed.
        position: usize,
        /// What it is.
        found: char,
    },
    /// A mobile number begins with 13 to 19.
    MobilePrefix,
    /// A mobile number has 11 digits.
    MobileLength {
        /// How many it has.
        found: usize,
    },
    /// A landline number is its area code and seven or eight digits.
    LandlineLength {
        /// How many it has, the area code included.
        found: usize,
    },
    /// A landline number needs its area code.
    AreaCodeMissing,
    /// A number of that country has another length.
    InternationalLength {
        /// How many digits it has, the country code included.
        found: usize,
    },
    /// It begins like nothing that is known.
    Unknown,
}

impl PhoneError {
    /// What a face says of it.
    #[must_use]
    pub fn told(self) -> Told {
        let digits = |code, found: usize| (code, vec![("found", found.to_string())]);
        match self {
            Self::Empty => ("required", Vec::new()),
            Self::Character { position, found } => {
                ("phone_character", vec![("position", position.to_string()), ("found", quoted(found))])
            }
            Self::MobilePrefix => ("phone_prefix", Vec::new()),
            Self::MobileLength { found } => digits("phone_length", found),
            Self::LandlineLength { found } => digits("phone_landline", found),
            Self::AreaCodeMissing => ("phone_area", Vec::new()),
            Self::InternationalLength { found } => digits("phone_abroad", found),
            Self::Unknown => ("phone_unknown", Vec::new()),
        }
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().0)
    }
}

impl std::error::Error for PhoneError {}

/// Lengths of numbers without the country code, where they are fixed; elsewhere the bounds of E.164 hold.
const COUNTRIES: [(&str, std::ops::RangeInclusive<usize>); 7] =
    [("852", 8..=8), ("853", 8..=8), ("886", 8..=9), ("976", 8..=8), ("81", 9..=10), ("82", 8..=10), ("7", 10..=10)];

impl Phone {
    /// Reads a number; spaces, brackets, hyphens, dots and full-width digits are tolerated, `+86` and `0086` are taken off.
    ///
    /// # Errors
    /// [`PhoneError`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits = strip(text)?;
        let international = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
        match international {
            Some(rest) => rest.strip_prefix("86").map_or_else(|| abroad(rest), from_abroad),
            None => mainland(&digits),
        }
    }

    /// What kind of number it is.
    #[must_use]
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// The number in clear, in one way of writing per kind: for the encrypted store and for a recorded reveal, nothing else.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// The last four digits, for the keyed index.
    #[must_use]
    pub fn last_four(&self) -> String {
        let digits: Vec<char> = self.number.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(4)..].iter().collect()
    }

    /// How it is shown.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_phone(&self.number)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

/// The digits, with a plus sign if the number begins with one.
fn strip(text: &str) -> Result<String, PhoneError> {
    let mut digits = String::new();
    for (at, c) in text.chars().enumerate() {
        match half_width(c) {
            c if c.is_ascii_digit() => digits.push(c),
            '+' if digits.is_empty() => digits.push('+'),
            c if c.is_whitespace() => {}
            '-' | '(' | ')' | '.' | '\u{2010}'..='\u{2015}' | '·' => {}
            _ => {
                return Err(PhoneError::Character { position: at + 1, found: c });
            }
        }
    }
    if digits.is_empty() || digits == "+" { Err(PhoneError::Empty) } else { Ok(digits) }
}

/// A mainland number as it is dialled from abroad, where the zero of an area code is left out.
fn from_abroad(digits: &str) -> Result<Phone, PhoneError> {
    let mobile = digits.starts_with('1') && !digits.starts_with("10");
    let service = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    if mobile || service || digits.starts_with('0') { mainland(digits) } else { mainland(&format!("0{digits}")) }
}

fn mainland(digits: &str) -> Result<Phone, PhoneError> {
    let found = digits.len();
    let known = |kind, number| Ok(Phone { kind, number });
    if digits.starts_with('0') {
        // Three-digit area codes are 010 and 02x, all others have four digits.
        let area = if digits.starts_with("01") || digits.starts_with("02") { 3 } else { 4 };
        return match digits.split_at_checked(area) {
            Some((area, rest)) if matches!(rest.len(), 7 | 8) && !rest.starts_with(['0', '1']) => {
                known(PhoneKind::Landline, format!("{area}-{rest}"))
            }
            _ => Err(PhoneError::LandlineLength { found }),
        };
    }
    if digits.starts_with("400") || (digits.starts_with("800") && found == 10) {
        return match (digits.get(..3), digits.get(3..6), digits.get(6..10)) {
            (Some(a), Some(b), Some(c)) if found == 10 => known(PhoneKind::Service, format!("{a}-{b}-{c}")),
            _ if matches!(found, 7 | 8) => Err(PhoneError::AreaCodeMissing),
            _ => Err(PhoneError::Unknown),
        };
    }
    if digits.starts_with('1') {
        return match (found, digits.as_bytes().get(1)) {
            (11, Some(b'3'..=b'9')) => known(PhoneKind::Mobile, digits.to_owned()),
            (11, _) => Err(PhoneError::MobilePrefix),
            _ => Err(PhoneError::MobileLength { found }),
        };
    }
    if matches!(found, 7 | 8) { Err(PhoneError::AreaCodeMissing) } else { Err(PhoneError::Unknown) }
}

fn abroad(digits: &str) -> Result<Phone, PhoneError> {
    let found = digits.len();
    let fits = match COUNTRIES.iter().find(|(code, _)| digits.starts_with(code)) {
        Some((code, lengths)) => lengths.contains(&(found - code.len())),
        None => (8..=15).contains(&found),
    };
    if digits.starts_with('0') {
        Err(PhoneError::Unknown)
    } else if fits {
        Ok(Phone { kind: PhoneKind::International, number: format!("+{digits}") })
    } else {
        Err(PhoneError::InternationalLength { found })
    }
}
