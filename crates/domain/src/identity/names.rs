//! Names of persons and of enterprises: as long and as rare as they are, but never with characters that deceive.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but spaces.
    Empty,
    /// Too many characters.
    TooLong {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A line break, a control character or one that turns the direction of writing.
    Character {
        /// Where it stands, counted from 1 in what was typed.
        position: usize,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写名称。"),
            Self::TooLong { found, most } => write!(f, "名称有{found}个字，最多{most}个字。请核对。"),
            Self::Character { position } => write!(f, "名称第{position}个字符是看不见的控制符。请删去后重填。"),
        }
    }
}

impl std::error::Error for NameError {}

fn check(text: &str, most: usize) -> Result<String, NameError> {
    if let Some((at, _)) = text.trim().chars().enumerate().find(|(_, c)| deceives(*c)) {
        let led = text.chars().take_while(|c| c.is_whitespace()).count();
        return Err(NameError::Character { position: led + at + 1 });
    }
    let name = text.trim();
    match name.chars().count() {
        0 => Err(NameError::Empty),
        found if found > most => Err(NameError::TooLong { found, most }),
        _ => Ok(name.to_owned()),
    }
}

/// Mongolian needs its own invisible signs (U+180B–180E, U+202F, joiners), so not every invisible character is refused.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// How many characters it may have.
            pub const MOST: usize = $most;

            /// Reads a name; spaces around it are taken off, rare characters and `·` are kept.
            ///
            /// # Errors
            /// [`NameError`]: empty, too long, or with an invisible character that deceives.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check(text, Self::MOST).map(Self)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A person's name, up to 100 characters.
    PersonName,
    100
);
name!(
    /// An enterprise's or another body's name, up to 200 characters.
    OrgName,
    200
);
