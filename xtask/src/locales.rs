//! Messages: Chinese and English have the same keys, none is empty, and every key that a page names exists.

use crate::{Finding, Outcome, sources::read_all};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

const FOLDER: &str = "crates/server/locales";
const LANGUAGES: [&str; 2] = ["zh", "en"];
/// How pages and code name a message: `t("key")`, `tr!("key", …)`, `"key"|t`.
const CALLS: [&str; 3] = ["t", "tr", "tn"];

/// The messages of one language by their dotted key.
type Messages = BTreeMap<String, String>;

pub(crate) fn check(root: &Path) -> io::Result<Outcome> {
    let name = "locales";
    if !root.join(FOLDER).exists() {
        return Ok(Outcome { name, looked_at: format!("{FOLDER} is not there yet"), findings: Vec::new() });
    }
    let mut findings = Vec::new();
    let languages = LANGUAGES.map(|language| read_language(root, language, &mut findings));
    let [chinese, english] = languages.map(|messages| messages.unwrap_or_default());
    findings.extend(compare(&chinese, &english));

    let mut users = BTreeMap::new();
    read_all(root, &root.join("crates/server/templates"), "html", &mut users)?;
    read_all(root, &root.join("crates/server/src"), "rs", &mut users)?;
    for (path, text) in &users {
        let missing = named_keys(text).into_iter().filter(|key| !exists(&chinese, key));
        findings.extend(missing.map(|key| format!("{path}: no message `{key}` in {FOLDER}")));
    }
    Ok(Outcome { name, looked_at: format!("{} messages, {} users", chinese.len(), users.len()), findings })
}

/// All messages of one language: `zh.toml`, `zh-CN.json`, `zh/pages.toml` or `pages.zh.toml`.
fn read_language(root: &Path, language: &str, findings: &mut Vec<Finding>) -> io::Result<Messages> {
    let mut files = BTreeMap::new();
    let folder = root.join(FOLDER);
    for ending in ["toml", "json", "yml", "yaml"] {
        read_all(root, &folder, ending, &mut files)?;
    }
    files.retain(|path, _| is_of(path, language));
    let mut messages = Messages::new();
    for (path, text) in files {
        match parse(&path, &text) {
            Ok(value) => flatten("", &value, &mut messages),
            Err(why) => findings.push(format!("{path}: {why}")),
        }
    }
    if messages.is_empty() {
        findings.push(format!("{FOLDER}: no messages for `{language}` (expected {language}.toml or {language}.json)"));
    }
    Ok(messages)
}

fn is_of(path: &str, language: &str) -> bool {
    let inside = path.strip_prefix(FOLDER).unwrap_or(path);
    inside.split(['/', '.']).any(|part| part.split('-').next() == Some(language))
}

fn parse(path: &str, text: &str) -> Result<serde_json::Value, String> {
    match path.rsplit('.').next() {
        Some("toml") => toml::from_str(text).map_err(|error| error.to_string()),
        Some("json") => serde_json::from_str(text).map_err(|error| error.to_string()),
        _ => Err("messages are kept as TOML or JSON, so that this check can read them".to_owned()),
    }
}

fn flatten(prefix: &str, value: &serde_json::Value, into: &mut Messages) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| *key != "_version") {
                let dotted = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&dotted, value, into);
            }
        }
        serde_json::Value::String(text) => drop(into.insert(prefix.to_owned(), text.clone())),
        other => drop(into.insert(prefix.to_owned(), other.to_string())),
    }
}

fn compare(chinese: &Messages, english: &Messages) -> Vec<Finding> {
    let mut findings = Vec::new();
    let keys: BTreeSet<&String> = chinese.keys().chain(english.keys()).collect();
    for key in keys {
        match (chinese.get(key), english.get(key)) {
            (None, _) => findings.push(format!("`{key}` is missing in Chinese")),
            (_, None) => findings.push(format!("`{key}` is missing in English")),
            (Some(zh), Some(en)) if zh.trim().is_empty() || en.trim().is_empty() => {
                findings.push(format!("`{key}` is empty in one language"));
            }
            (Some(zh), Some(en)) if blanks(zh) != blanks(en) => {
                findings.push(format!("`{key}` has other blanks in one language: {:?}, {:?}", blanks(zh), blanks(en)));
            }
            _ => {}
        }
    }
    findings
}

/// The names of a message's blanks: `%{name}`.
fn blanks(text: &str) -> BTreeSet<&str> {
    text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A literal that ends with a dot is the beginning of a key whose end is only known at run time.
fn exists(messages: &Messages, key: &str) -> bool {
    messages.contains_key(key) || (key.ends_with('.') && messages.keys().any(|known| known.starts_with(key)))
}

/// The message keys that a template or a source file names with a literal.
fn named_keys(text: &str) -> BTreeSet<&str> {
    let pieces: Vec<&str> = text.split('"').collect();
    // Every second piece is the inside of a pair of quotes; escapes do not matter, for keys have none.
    let inside = pieces.windows(3);
    inside
        .filter(|window| is_call(window[0]) || is_filter(window[2]))
        .map(|window| window[1])
        .filter(|key| is_key(key))
        .collect()
}

fn is_call(before: &str) -> bool {
    let Some(head) = before.strip_suffix('(') else {
        return false;
    };
    let head = head.strip_suffix('!').unwrap_or(head);
    let name_start = head.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    CALLS.contains(&&head[name_start..])
}

fn is_filter(after: &str) -> bool {
    let Some(rest) = after.trim_start().strip_prefix('|') else {
        return false;
    };
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    CALLS.contains(&&rest[..end])
}

fn is_key(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(list: &[(&str, &str)]) -> Messages {
        list.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn files_belong_to_a_language_by_name() {
        for path in ["zh.toml", "zh-CN.json", "zh/pages.toml", "pages.zh.toml"] {
            assert!(is_of(&format!("{FOLDER}/{path}"), "zh"), "{path}");
            assert!(!is_of(&format!("{FOLDER}/{path}"), "en"), "{path}");
        }
    }

    #[test]
    fn nested_and_dotted_keys_are_one() {
        let mut found = Messages::new();
        for text in ["_version = 1\n[case]\ntitle = \"办件\"", "\"case.list\" = \"全部\""] {
            match parse("zh.toml", text) {
                Ok(value) => flatten("", &value, &mut found),
                Err(why) => panic!("{why}"),
            }
        }
        assert_eq!(found, messages(&[("case.list", "全部"), ("case.title", "办件")]));
        assert!(parse("zh.yml", "a: b").is_err());
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let same = messages(&[("a.b", "还剩 %{days} 天")]);
        assert_eq!(compare(&same, &messages(&[("a.b", "%{days} days left")])), Vec::<String>::new());
        assert!(compare(&same, &messages(&[]))[0].contains("missing in English"));
        assert!(compare(&messages(&[]), &same)[0].contains("missing in Chinese"));
        assert!(compare(&same, &messages(&[("a.b", " ")]))[0].contains("empty"));
        assert!(compare(&same, &messages(&[("a.b", "%{n} days")]))[0].contains("blanks"));
    }

    #[test]
    fn keys_in_pages_are_found_and_other_texts_are_not() {
        let page = r#"<p class="a.b">{{ t("case.title") }} {{ "case.none"|t }} {{ self.tr!("x.y", n) }} {{ start("no.key") }}"#;
        assert_eq!(named_keys(page).into_iter().collect::<Vec<_>>(), ["case.none", "case.title", "x.y"]);
    }

    #[test]
    fn a_beginning_is_enough_when_the_end_is_known_only_later() {
        let known = messages(&[("status.running", "办理中")]);
        assert!(exists(&known, "status.running") && exists(&known, "status."));
        assert!(!exists(&known, "status.gone") && !exists(&known, "colour."));
    }
}
