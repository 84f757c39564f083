//! Searching Chinese text: overlapping two-character tokens, made here and the same for both databases.
//!
//! 文物保护 is indexed as 文物, 物保, 保护 and 护, in this order; a search for 物保护 looks for 物保 followed by 保护, so it finds
//! exactly the texts that contain it, and one character alone finds the tokens that begin with it. Words of letters and digits
//! are found by how they begin (`2026` in a number), and a word of letters also by the initials of the pinyin (`wwbh`).
//!
//! Tokens are spelled in ASCII (each character as six hexadecimal digits), so that no tokenizer of a database has an opinion on
//! rare characters: SQLite's tables end at Unicode 6.1 and would drop 𬭚.

use pinyin::ToPinyin;

/// The most tokens of one document.
const MOST_TOKENS: usize = 6_000;
/// The longest word or pinyin token, in letters.
const LONGEST_WORD: usize = 64;
/// How many initials a pinyin token holds.
const INITIALS: usize = 8;
/// The most terms of one query, and characters of one phrase.
const MOST_TERMS: usize = 16;
const LONGEST_PHRASE: usize = 64;

/// What a row must contain: all the terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) terms: Vec<Term>,
}

/// One thing to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// These tokens one after the other.
    Phrase(Vec<String>),
    /// A token that begins with one of these.
    Prefix(Vec<String>),
}

/// A stretch of text of one sort.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    /// Letters and digits of ASCII, in lower case.
    Word(String),
    /// Any other letters: Chinese above all.
    Wide(Vec<char>),
}

/// The tokens under which `text` is found.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut initials = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.push(format!("a{word}")),
            Run::Wide(chars) => {
                tokens.extend(chars.windows(2).map(wide));
                tokens.extend(chars.last().map(|last| wide(&[*last])));
                initials.extend(pinyin_initials(&chars));
            }
        }
    }
    tokens.truncate(MOST_TOKENS);
    initials.sort_unstable();
    initials.dedup();
    tokens.extend(initials);
    tokens.truncate(MOST_TOKENS);
    tokens
}

/// What to look for when somebody typed `text`; nothing when it has no letter or digit, and then nothing is found.
pub(crate) fn query(text: &str) -> Option<Query> {
    let terms: Vec<_> = runs(text).into_iter().take(MOST_TERMS).map(term).collect();
    if terms.is_empty() { None } else { Some(Query { terms }) }
}

fn term(run: Run) -> Term {
    match run {
        Run::Wide(chars) if chars.len() == 1 => Term::Prefix(vec![wide(&chars)]),
        Run::Wide(mut chars) => {
            chars.truncate(LONGEST_PHRASE);
            Term::Phrase(chars.windows(2).map(wide).collect())
        }
        Run::Word(word) => {
            let mut any = vec![format!("a{word}")];
            if word.len() > 1 && word.bytes().all(|letter| letter.is_ascii_alphabetic()) {
                any.push(format!("p{}", &word[..word.len().min(INITIALS)]));
            }
            Term::Prefix(any)
        }
    }
}

/// The pinyin initials of every stretch of a run, so that a search may begin in the middle of a name.
fn pinyin_initials(chars: &[char]) -> Vec<String> {
    let letters: Vec<Option<char>> =
        chars.iter().map(|c| c.to_pinyin().and_then(|pinyin| pinyin.plain().chars().next())).collect();
    (0..letters.len())
        .map(|from| letters[from..].iter().take(INITIALS).map_while(|letter| *letter).collect::<String>())
        .filter(|initials| initials.len() > 1)
        .map(|initials| format!("p{initials}"))
        .collect()
}

fn wide(chars: &[char]) -> String {
    let mut token = String::with_capacity(1 + chars.len() * 6);
    token.push('w');
    for c in chars {
        token.push_str(&format!("{:06x}", u32::from(*c)));
    }
    token
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut apart = true;
    for c in text.chars().map(narrow).flat_map(char::to_lowercase) {
        if is_joiner(c) {
            continue;
        }
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        match runs.last_mut() {
            Some(Run::Word(word)) if !apart && c.is_ascii() => {
                if word.len() < LONGEST_WORD {
                    word.push(c);
                }
            }
            Some(Run::Wide(chars)) if !apart && !c.is_ascii() => chars.push(c),
            _ if c.is_ascii() => runs.push(Run::Word(c.to_string())),
            _ => runs.push(Run::Wide(vec![c])),
        }
        apart = false;
    }
    runs
}

/// Full-width letters, digits and signs as the narrow ones they stand for.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// Signs that people leave out or write in several ways: the dot inside a name, and marks that choose a glyph.
fn is_joiner(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '･' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_cut_into_overlapping_pairs_and_its_last_character() {
        assert_eq!(tokens("文物保"), ["w006587007269", "w007269004fdd", "w004fdd", "pwb", "pwwb"].map(String::from));
    }

    #[test]
    fn the_dot_in_a_name_may_be_left_out() {
        assert_eq!(query("阿拉坦·其其格"), query("阿拉坦其其格"));
    }

    #[test]
    fn signs_alone_ask_for_nothing() {
        for text in ["", "%", "'\"*", "👍", "（）", "—"] {
            assert_eq!(query(text), None, "{text}");
        }
    }

    #[test]
    fn full_width_digits_are_digits() {
        assert_eq!(query("２０２６"), query("2026"));
        assert_eq!(query("ＡＢ"), query("ab"));
    }

    #[test]
    fn every_token_is_ascii() {
        for token in tokens("𬭚阿é ß 12号, KФ、👩‍👩‍👧 ǅ") {
            assert!(token.bytes().all(|b| b.is_ascii_alphanumeric()), "{token}");
        }
    }
}
