//! Names and other texts that people type: as long and as rare as they are, but never with characters that deceive.

use super::Told;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing that can be seen.
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

impl TextError {
    /// What a face says of it.
    #[must_use]
    pub fn told(self) -> Told {
        match self {
            Self::Empty => ("required", Vec::new()),
            Self::TooLong { found, most } => {
                ("too_long", vec![("found", found.to_string()), ("most", most.to_string())])
            }
            Self::Character { position } => ("character", vec![("position", position.to_string())]),
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().0)
    }
}

impl std::error::Error for TextError {}

/// Reads a text of one or more lines, up to `most` characters, without the blanks around it.
///
/// # Errors
/// [`TextError`]: empty, too long, or with a character that no paper can show.
pub fn read_text(text: &str, most: usize) -> Result<String, TextError> {
    check(text, most, |c| !is_printable(c))
}

/// Whether a character may stand in a text: line breaks and tabs may, characters that are not there to be read may not.
#[must_use]
pub fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t') || !deceives(c)
}

fn check(text: &str, most: usize, is_wrong: impl Fn(char) -> bool) -> Result<String, TextError> {
    let trimmed = text.trim();
    let found = trimmed.chars().count();
    if found > most {
        return Err(TextError::TooLong { found, most });
    }
    if let Some(at) = trimmed.chars().position(is_wrong) {
        let led = text.chars().take_while(|c| c.is_whitespace()).count();
        return Err(TextError::Character { position: led + at + 1 });
    }
    if trimmed.chars().all(joins) { Err(TextError::Empty) } else { Ok(trimmed.to_owned()) }
}

/// Signs that shape the letters beside them and show nothing alone: Mongolian and Arabic joiners, variation selectors.
fn joins(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Control characters, those that show nothing or turn the direction of writing, and the mark that stands for a character
/// which was lost on the way (U+FFFD). Mongolian needs its own invisible signs
/// (U+180B–180F, U+202F, joiners), so not every invisible character is refused.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{3164}'
                | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
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

            /// Reads a name of one line; spaces around it are taken off, rare characters and `·` are kept.
            ///
            /// # Errors
            /// [`TextError`]: empty, too long, or with an invisible character that deceives.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                check(text, Self::MOST, deceives).map(Self)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
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
