//! Reading Rust source just well enough to tell code from comments, text and tests.

/// The same text with comments and the insides of text and character literals blanked; every line keeps its number.
pub(crate) fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at).unwrap_or(at + 1);
        if end == at + 1 {
            code.push(chars[at]);
        } else {
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        }
        at = end;
    }
    code
}

/// Where the comment or literal that starts at `at` ends; `None` if none starts there.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let next = chars.get(at + 1).copied();
    match (chars[at], next) {
        ('/', Some('/')) => Some(position(chars, at, |c| c == '\n')),
        ('/', Some('*')) => Some(block_comment_end(chars, at)),
        ('"', _) => Some(quoted_end(chars, at, '"')),
        ('r', Some('"' | '#')) if !is_word_before(chars, at) => raw_text_end(chars, at),
        ('\'', Some('\\')) => Some(quoted_end(chars, at, '\'')),
        // 'x' is a character; 'x without the closing quote is a lifetime.
        ('\'', Some(_)) if chars.get(at + 2) == Some(&'\'') => Some(at + 3),
        _ => None,
    }
}

fn position(chars: &[char], from: usize, is: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|&i| is(chars[i])).unwrap_or(chars.len())
}

fn is_word_before(chars: &[char], at: usize) -> bool {
    // `br"…"` is raw text too; any other word ending in r is a name.
    let before = |back: usize| at.checked_sub(back).map(|i| chars[i]);
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    is_word(before(1)) && (before(1) != Some('b') || is_word(before(2)))
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0_usize, at);
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut i = at + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn raw_text_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return None;
    }
    let closes =
        |i: usize| chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
    let close = (at + 2 + hashes..chars.len()).find(|&i| closes(i));
    Some(close.map_or(chars.len(), |i| i + 1 + hashes))
}

/// The code with every item marked `#[cfg(test)]` blanked. Expects the output of [`code_only`].
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let end = start + item_end(&rest[start..]);
        kept.push_str(&rest[..start]);
        kept.extend(rest[start..end].chars().filter(|&c| c == '\n'));
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// How many bytes the first item takes: up to its closing brace, or to a semicolon before any brace.
fn item_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// Whether the code declares `mod NAME`, as a file of its own or in place.
pub(crate) fn declares_module(code: &str, name: &str) -> bool {
    let mut words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#')).filter(|w| !w.is_empty());
    while let Some(word) = words.next() {
        if word == "mod" && words.clone().next().is_some_and(|w| w.trim_start_matches("r#") == name) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_stay() {
        let code = code_only("a // .unwrap()\nb /* x /* y */ z */ c \"q\\\" .unwrap()\" d\n'\"' e 'life f");
        assert_eq!(code.lines().count(), 3);
        assert!(!code.contains("unwrap") && !code.contains('z') && !code.contains('q'));
        for word in ["a ", "b ", " c ", " d", " e ", "'life f"] {
            assert!(code.contains(word), "{word:?} in {code:?}");
        }
    }

    #[test]
    fn raw_texts_end_at_their_own_mark() {
        let code = code_only(r####"let x = r#"a " b"# + br"c" + for_r("d");"####);
        assert!(!code.contains(" b\"") && !code.contains('d'), "{code}");
        assert!(code.contains("let x = ") && code.contains("for_r("), "{code}");
    }

    #[test]
    fn tests_are_blanked() {
        let code =
            "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { c.unwrap() }\n}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
        let kept = without_tests(code);
        assert_eq!(kept.lines().count(), code.lines().count());
        assert!(kept.contains("fn a") && kept.contains("fn d") && !kept.contains("unwrap") && !kept.contains("more"));
    }

    #[test]
    fn modules_are_recognised_by_their_whole_name() {
        let code = "pub mod access;\nmod r#type;\nmod case_more;";
        assert!(declares_module(code, "access") && declares_module(code, "type"));
        assert!(!declares_module(code, "case"));
    }
}
