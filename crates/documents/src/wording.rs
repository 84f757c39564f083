//! The sentences of each form that an office may word in its own way. A template says where they stand and what fills
//! their placeholders; its source is nobody's to change.

mod blocks;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clean::{Seen, clean};
use crate::fonts::Fonts;
use crate::forms::FormKind;

pub use blocks::wording_blocks;

/// The longest text of a block, in characters.
pub const WORDING_MAX_CHARS: usize = 2000;

/// One named block of wording of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its name, such as `supplement`; unique within the form.
    pub name: &'static str,
    /// What it is, in Chinese.
    pub label_zh: &'static str,
    /// What it is, in English.
    pub label_en: &'static str,
    /// The text where nobody changed it. Each line is a paragraph, or a point of a list.
    pub default: &'static str,
    /// The placeholders, such as `matters` for `{matters}`. Each must stand in a text, once or more: what a paper has to
    /// say does not get lost by another wording.
    pub placeholders: &'static [&'static str],
}

/// Why a wording cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordingError {
    /// The form has no such block.
    #[error("the form `{form}` has no block of wording `{block}`")]
    UnknownBlock {
        /// The form.
        form: &'static str,
        /// The name that was given.
        block: String,
    },
    /// The text names a placeholder that the block does not have, or a brace stands alone.
    #[error("block `{block}` has no placeholder `{placeholder}`")]
    UnknownPlaceholder {
        /// The block.
        block: &'static str,
        /// What was written, braces included.
        placeholder: String,
    },
    /// The text leaves out a placeholder.
    #[error("block `{block}` lacks its placeholder `{{{placeholder}}}`")]
    MissingPlaceholder {
        /// The block.
        block: &'static str,
        /// The name of the placeholder.
        placeholder: &'static str,
    },
    /// Nothing is written.
    #[error("block `{block}` is empty")]
    Empty {
        /// The block.
        block: &'static str,
    },
    /// Too much is written.
    #[error("block `{block}` has {chars} characters; {WORDING_MAX_CHARS} are allowed")]
    TooLong {
        /// The block.
        block: &'static str,
        /// How many characters it has.
        chars: usize,
    },
    /// The wording was made for another form than the one that is rendered.
    #[error("the wording is for the form `{wording}`, not for `{form}`")]
    OtherForm {
        /// The form of the wording.
        wording: &'static str,
        /// The form that is rendered.
        form: &'static str,
    },
}

/// The wording of one kind of form: what differs from the defaults. Made only by [`Wording::new`], so it holds what can be
/// printed; in JSON `{"form": "agreement", "texts": {"supplement": "…"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Wording {
    form: FormKind,
    texts: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Unchecked {
    form: FormKind,
    texts: BTreeMap<String, String>,
}

impl TryFrom<Unchecked> for Wording {
    type Error = WordingError;

    fn try_from(given: Unchecked) -> Result<Self, WordingError> {
        Self::new(given.form, given.texts)
    }
}

impl Wording {
    /// Takes the texts of some blocks; the others keep their defaults. Texts are plain: nothing in them is markup but the
    /// placeholders in braces.
    ///
    /// # Errors
    /// The first block or placeholder that is unknown or missing, named, or a text that is empty or too long.
    pub fn new(form: FormKind, texts: BTreeMap<String, String>) -> Result<Self, WordingError> {
        for (name, text) in &texts {
            let block = wording_blocks(form)
                .iter()
                .find(|block| block.name == name)
                .ok_or_else(|| WordingError::UnknownBlock { form: form.name(), block: name.clone() })?;
            block.check(text)?;
        }
        Ok(Self { form, texts })
    }

    /// Every block as it stands by default.
    #[must_use]
    pub fn default_of(form: FormKind) -> Self {
        Self { form, texts: BTreeMap::new() }
    }

    /// The form it is for.
    #[must_use]
    pub fn form(&self) -> FormKind {
        self.form
    }

    /// Whether it can be printed on this form.
    pub(crate) fn is_for(&self, form: FormKind) -> Result<(), WordingError> {
        if self.form == form {
            Ok(())
        } else {
            Err(WordingError::OtherForm { wording: self.form.name(), form: form.name() })
        }
    }

    /// The texts that differ from the defaults, by block.
    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// The blocks as the template reads them: name → lines → parts, each a text or the name of what fills it.
    pub(crate) fn view(&self, fonts: &Fonts, seen: &mut Seen) -> Value {
        wording_blocks(self.form)
            .iter()
            .map(|block| {
                let text = self.texts.get(block.name).map_or(block.default, String::as_str);
                let lines: Vec<Value> = text
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(|line| {
                        // Whole lines are cleaned, so that a space before a placeholder stays.
                        let mut line = Value::from(line);
                        clean(&mut line, fonts, seen);
                        parts(line.as_str().unwrap_or_default()).map(Part::view).collect()
                    })
                    .collect();
                (block.name.to_owned(), Value::from(lines))
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

impl Block {
    fn check(&self, text: &str) -> Result<(), WordingError> {
        let chars = text.chars().count();
        if text.trim().is_empty() {
            return Err(WordingError::Empty { block: self.name });
        }
        if chars > WORDING_MAX_CHARS {
            return Err(WordingError::TooLong { block: self.name, chars });
        }
        for part in text.lines().flat_map(parts) {
            let unknown = match part {
                Part::Fill(name) if !self.placeholders.contains(&name) => format!("{{{name}}}"),
                Part::Brace(brace) => brace.to_owned(),
                Part::Fill(_) | Part::Text(_) => continue,
            };
            return Err(WordingError::UnknownPlaceholder { block: self.name, placeholder: unknown });
        }
        match self.placeholders.iter().find(|name| !text.contains(&format!("{{{name}}}"))) {
            Some(&placeholder) => Err(WordingError::MissingPlaceholder { block: self.name, placeholder }),
            None => Ok(()),
        }
    }
}

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    /// Printed as it stands.
    Text(&'a str),
    /// The name between braces.
    Fill(&'a str),
    /// A brace without its partner, with what follows it.
    Brace(&'a str),
}

impl Part<'_> {
    fn view(self) -> Value {
        match self {
            Self::Text(text) | Self::Brace(text) => json!({"text": text}),
            Self::Fill(name) => json!({"fill": name}),
        }
    }
}

fn parts(line: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let at = rest.find(['{', '}']).unwrap_or(rest.len());
        let (text, from_brace) = rest.split_at(at);
        if !text.is_empty() {
            rest = from_brace;
            return Some(Part::Text(text));
        }
        if let Some((name, after)) = from_brace.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            rest = after;
            return Some(Part::Fill(name));
        }
        rest = "";
        (!from_brace.is_empty()).then_some(Part::Brace(from_brace))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, text: &str) -> Result<Wording, WordingError> {
        Wording::new(FormKind::Agreement, BTreeMap::from([(name.to_owned(), text.to_owned())]))
    }

    #[test]
    fn every_default_keeps_its_own_rules() {
        for form in FormKind::ALL {
            let blocks = wording_blocks(*form);
            for (index, block) in blocks.iter().enumerate() {
                assert_eq!(block.check(block.default), Ok(()), "{}: {}", form.name(), block.name);
                assert!(!block.label_zh.is_empty() && !block.label_en.is_empty(), "{}", block.name);
                assert!(blocks[..index].iter().all(|other| other.name != block.name), "{} twice", block.name);
            }
        }
    }

    #[test]
    fn what_is_unknown_is_named() {
        assert_eq!(
            one("supplemant", "甲").unwrap_err(),
            WordingError::UnknownBlock { form: "agreement", block: "supplemant".to_owned() }
        );
        let unknown = |text| match one("statement", text) {
            Err(WordingError::UnknownPlaceholder { block: "statement", placeholder }) => placeholder,
            other => panic!("{other:?}"),
        };
        assert_eq!(unknown("办理{matters}，由{agent}"), "{agent}");
        assert_eq!(unknown("办理{matters}，由{"), "{");
        assert_eq!(unknown("办理{matters}，由}甲"), "}甲");
        assert_eq!(unknown("办理{ matters }"), "{ matters }");
    }

    #[test]
    fn a_text_is_bounded_and_keeps_its_placeholders() {
        let missing = WordingError::MissingPlaceholder { block: "statement", placeholder: "matters" };
        assert_eq!(one("statement", "办理业务").unwrap_err(), missing);
        assert_eq!(missing.to_string(), "block `statement` lacks its placeholder `{matters}`");
        assert_eq!(one("supplement", " \n ").unwrap_err(), WordingError::Empty { block: "supplement" });
        assert!(one("supplement", &"甲".repeat(2000)).is_ok());
        assert_eq!(
            one("supplement", &"甲".repeat(2001)).unwrap_err(),
            WordingError::TooLong { block: "supplement", chars: 2001 }
        );
    }

    #[test]
    fn a_stored_wording_is_checked_when_read() {
        let good = one("supplement", "甲").unwrap();
        let stored = serde_json::to_string(&good).unwrap();
        assert_eq!(stored, r#"{"form":"agreement","texts":{"supplement":"甲"}}"#);
        assert_eq!(serde_json::from_str::<Wording>(&stored).unwrap(), good);
        let bad = stored.replace("supplement", "another");
        assert!(serde_json::from_str::<Wording>(&bad).unwrap_err().to_string().contains("`another`"));
    }

    #[test]
    fn a_line_falls_into_its_parts() {
        let split: Vec<Part<'_>> = parts("请在{by}前{x}{y}。").collect();
        assert_eq!(
            split,
            [
                Part::Text("请在"),
                Part::Fill("by"),
                Part::Text("前"),
                Part::Fill("x"),
                Part::Fill("y"),
                Part::Text("。")
            ]
        );
        assert_eq!(parts("").count(), 0);
    }
}
