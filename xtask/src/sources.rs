//! Files: how long they may be, what must not stand in them, and whether anybody compiles them.

use crate::{
    Finding, Outcome,
    rust_source::{code_only, declares_module, without_tests},
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// A Rust file beyond this is asking to be divided by meaning.
const RUST_LINES: usize = 500;
/// The scripts of the pages stay small enough to be read at once.
const SCRIPT_LINES: usize = 220;
/// Files that are longer for now, with their length and the reason. It may only shrink.
const LONGER: &str = "xtask/longer-files.txt";

pub(crate) fn check(root: &Path) -> io::Result<Outcome> {
    let mut files = BTreeMap::new();
    for folder in ["crates", "xtask", "bench"] {
        read_all(root, &root.join(folder), "rs", &mut files)?;
    }
    let mut findings = too_long(&files, &fs::read_to_string(root.join(LONGER)).unwrap_or_default());
    findings.extend(files.iter().filter(|(path, _)| !is_for_tests(path)).flat_map(|(path, text)| panics(path, text)));
    findings.extend(forgotten(&files));

    let mut scripts = BTreeMap::new();
    read_own_scripts(root, &mut scripts)?;
    for (path, text) in &scripts {
        let lines = text.lines().count();
        if lines > SCRIPT_LINES {
            findings.push(format!("{path}: {lines} lines; a script of the pages has at most {SCRIPT_LINES}"));
        }
    }
    let looked_at = format!("{} Rust files, {} scripts", files.len(), scripts.len());
    Ok(Outcome { name: "sources", looked_at, findings })
}

/// Reads every file with this ending below a folder; the key is the path from the root with forward slashes.
pub(crate) fn read_all(
    root: &Path,
    folder: &Path,
    ending: &str,
    into: &mut BTreeMap<String, String>,
) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != "node_modules" {
                read_all(root, &path, ending, into)?;
            }
        } else if path.extension().is_some_and(|e| e == ending) {
            into.insert(key(root, &path), fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn read_own_scripts(root: &Path, into: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join("web"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "js") {
            into.insert(key(root, &path), fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn key(root: &Path, path: &Path) -> String {
    let inside: PathBuf = path.strip_prefix(root).unwrap_or(path).into();
    inside.to_string_lossy().replace('\\', "/")
}

fn too_long(files: &BTreeMap<String, String>, longer: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = BTreeMap::new();
    for line in longer.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut parts = line.splitn(3, char::is_whitespace);
        match (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok()), parts.next()) {
            (Some(path), Some(limit), Some(_reason)) => drop(known.insert(path, limit)),
            _ => findings.push(format!("{LONGER}: `{line}` is not `path lines reason`")),
        }
    }
    for (path, text) in files {
        let lines = text.lines().count();
        match known.remove(path.as_str()) {
            None if lines > RUST_LINES => {
                findings.push(format!("{path}: {lines} lines; divide it by meaning ({RUST_LINES})"))
            }
            Some(limit) if lines > limit => findings.push(format!("{path}: {lines} lines, {LONGER} allows {limit}")),
            Some(_) if lines <= RUST_LINES => findings.push(format!("{path}: short enough now; take it off {LONGER}")),
            Some(limit) if lines < limit => {
                findings.push(format!("{path}: {lines} lines; lower its limit in {LONGER}"))
            }
            _ => {}
        }
    }
    findings.extend(known.into_keys().map(|path| format!("{LONGER}: {path} is gone; take it off")));
    findings
}

/// Test code and the test kit may stop a test by panicking.
fn is_for_tests(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let folders = ["/tests/", "/testkit/", "/testkit-macros/", "/benches/"];
    folders.iter().any(|folder| path.contains(folder)) || file == "tests.rs" || file.ends_with("_tests.rs")
}

/// Calls that stop the program where a refusal or an error should be told.
fn panics(path: &str, text: &str) -> Vec<Finding> {
    let code = without_tests(&code_only(text));
    let lines: Vec<&str> = code.lines().collect();
    let mut findings = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let call = [".unwrap()", ".expect(", "todo!(", "unimplemented!("].into_iter().find(|call| line.contains(call));
        // An `#[expect(clippy::expect_used, reason = "…")]` shortly before is a considered exception.
        let excused = lines[number.saturating_sub(4)..=number].iter().any(|l| l.contains("clippy::"));
        if let Some(call) = call.filter(|_| !excused) {
            findings.push(format!("{path}:{}: `{call}` outside tests; return an error", number + 1));
        }
    }
    findings
}

/// Files that no module declares: nobody compiles them, so their tests never run.
fn forgotten(files: &BTreeMap<String, String>) -> Vec<Finding> {
    files.keys().filter_map(|path| forgotten_one(files, path)).collect()
}

fn forgotten_one(files: &BTreeMap<String, String>, path: &str) -> Option<Finding> {
    let (folder, file) = path.rsplit_once('/')?;
    let stem = file.strip_suffix(".rs")?;
    let holder = folder.rsplit('/').next()?;
    // Targets that cargo finds by itself.
    let is_root =
        matches!(stem, "main" | "lib" | "build") || matches!(holder, "tests" | "bin" | "benches" | "examples");
    if is_root && (stem != "mod") && !folder.contains("/tests/") || (stem == "main" && folder.contains("/tests/")) {
        return None;
    }
    let (parent_folder, name) = if stem == "mod" { folder.rsplit_once('/')? } else { (folder, stem) };
    let parents = [
        format!("{parent_folder}/main.rs"),
        format!("{parent_folder}/lib.rs"),
        format!("{parent_folder}/mod.rs"),
        format!("{parent_folder}.rs"),
    ];
    let declared = parents.iter().filter_map(|p| files.get(p)).any(|text| declares_module(&code_only(text), name));
    // `#[path = "…"]` in a neighbour names the file itself.
    let mut neighbours = files.iter().filter(|(other, _)| other.rsplit_once('/').is_some_and(|(f, _)| f == folder));
    let declared = declared || neighbours.any(|(_, text)| text.contains(&format!("#[path = \"{file}\"]")));
    (!declared).then(|| format!("{path}: no `mod {name};` names it, so nobody compiles it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_long_file_is_found_unless_it_is_listed_and_the_list_only_shrinks() {
        let long = "x\n".repeat(501);
        let all = files(&[("a.rs", &long), ("b.rs", "x\n")]);
        assert_eq!(too_long(&all, "").len(), 1);
        assert_eq!(too_long(&all, "# why\na.rs 501 being divided"), Vec::<String>::new());
        assert!(too_long(&all, "a.rs 600 being divided")[0].contains("lower its limit"));
        assert!(too_long(&all, "a.rs 501 r\nb.rs 501 r")[0].contains("take it off"));
        assert!(too_long(&all, "a.rs 501 r\nc.rs 501 r")[0].contains("gone"));
        assert_eq!(too_long(&all, "a.rs 501").len(), 2, "a reason is required");
    }

    #[test]
    fn panics_outside_tests_are_found() {
        let text = "fn a() {\n b.unwrap();\n c.unwrap_or(1); // d.unwrap()\n}\n#[cfg(test)]\nmod tests { fn e() { f.unwrap() } }";
        assert_eq!(panics("x.rs", text), ["x.rs:2: `.unwrap()` outside tests; return an error"]);
        let excused = "#[expect(clippy::expect_used, reason = \"constant\")]\nfn a() { b.expect(\"c\") }";
        assert_eq!(panics("x.rs", excused), Vec::<String>::new());
    }

    #[test]
    fn test_code_is_recognised_by_its_place() {
        assert!(is_for_tests("crates/app/tests/it/flow.rs") && is_for_tests("crates/domain/src/case/tests.rs"));
        assert!(is_for_tests("crates/testkit/src/lib.rs") && !is_for_tests("crates/app/src/contests.rs"));
    }

    #[test]
    fn a_file_that_no_module_names_is_found() {
        let mut all = files(&[
            ("crates/a/src/lib.rs", "pub mod case;\n#[path = \"odd_name.rs\"] mod odd;"),
            ("crates/a/src/case/mod.rs", "mod part;"),
            ("crates/a/src/case/part.rs", ""),
            ("crates/a/src/odd_name.rs", ""),
            ("crates/a/src/bin/tool.rs", ""),
            ("crates/a/tests/it/main.rs", "mod flow;"),
            ("crates/a/tests/it/flow.rs", ""),
            ("crates/a/tests/whole.rs", ""),
        ]);
        assert_eq!(forgotten(&all), Vec::<String>::new());
        all.insert("crates/a/tests/it/late.rs".into(), String::new());
        all.insert("crates/a/src/lost.rs".into(), String::new());
        all.insert("crates/a/src/case/stray/mod.rs".into(), String::new());
        let found = forgotten(&all);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().any(|f| f.contains("late.rs")) && found.iter().any(|f| f.contains("`mod stray;`")));
    }
}
