//! Which of our crates may know which: an arrow only points down (`docs/architecture.md`).

use crate::{Finding, Outcome};
use serde_json::Value;
use std::{fs, io, path::Path, process::Command};

/// Each crate of ours with the crates of ours it may build upon.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("documents", &["domain"]),
    ("files", &["domain"]),
    ("notify", &["domain"]),
    ("app", &["domain", "store", "documents", "files", "notify"]),
    ("server", &["domain", "app"]),
    ("bangban", &["domain", "store", "documents", "files", "notify", "app", "server"]),
    ("bench", &["domain", "files", "store", "app"]),
    ("testkit", &["domain", "store", "documents", "files", "notify", "app", "server", "testkit-macros"]),
    ("testkit-macros", &[]),
    ("xtask", &[]),
];

/// Only tests may use these.
const FOR_TESTS: &[&str] = &["testkit", "testkit-macros"];

/// Foreign crates that belong in one room; the rest of the house must not know them.
const OWNED: &[(&str, &[&str])] = &[
    ("askama", &["server"]),
    ("axum", &["server", "bangban", "bench"]),
    ("clap", &["bangban", "bench"]),
    ("lettre", &["notify"]),
    ("opendal", &["files"]),
    ("sea-orm", &["store"]),
    ("sea-orm-migration", &["store"]),
    ("sqlx", &["store"]),
    ("typst", &["documents"]),
];

/// What the rules must stay free of: IO, async, chance, SQL, HTTP, paper.
const NOT_IN_DOMAIN: &[&str] =
    &["tokio", "sqlx", "sea-orm", "axum", "typst", "reqwest", "rand", "async-trait", "futures"];

/// One line of a manifest: `user` depends on `used`.
#[derive(Debug, PartialEq, Eq)]
struct Edge {
    user: String,
    used: String,
    only_tests: bool,
}

/// Where each foreign crate has its reason.
const REASONS: &str = "docs/decisions/0002-dependencies.md";

pub(crate) fn check(root: &Path) -> io::Result<Outcome> {
    let edges = edges(&metadata(root)?);
    let looked_at = format!("{} dependencies", edges.len());
    let mut findings: Vec<Finding> = edges.iter().filter_map(judge).collect();
    let manifest = toml::from_str(&fs::read_to_string(root.join("Cargo.toml"))?).map_err(io::Error::other)?;
    findings.extend(without_reason(&manifest, &fs::read_to_string(root.join(REASONS))?));
    Ok(Outcome { name: "layers", looked_at, findings })
}

/// Foreign crates of the workspace that the page of reasons does not name.
fn without_reason(manifest: &toml::Table, page: &str) -> Vec<Finding> {
    let named: Vec<&str> = page.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).collect();
    let dependencies = manifest.get("workspace").and_then(|w| w.get("dependencies")).and_then(toml::Value::as_table);
    let foreign = dependencies.into_iter().flatten().filter(|(_, value)| value.get("path").is_none());
    foreign
        .filter(|(name, _)| !named.contains(&name.as_str()))
        .map(|(name, _)| format!("{name} has no reason in {REASONS}"))
        .collect()
}

fn metadata(root: &Path) -> io::Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root).output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr))));
    }
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

/// Every dependency that a crate of ours writes in its manifest.
fn edges(metadata: &Value) -> Vec<Edge> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .flat_map(|package| {
            let user = package["name"].as_str().unwrap_or_default();
            package["dependencies"].as_array().into_iter().flatten().map(move |dependency| Edge {
                user: user.to_owned(),
                used: dependency["name"].as_str().unwrap_or_default().to_owned(),
                only_tests: dependency["kind"] == "dev",
            })
        })
        .collect()
}

/// Says what is wrong with a dependency, if anything.
fn judge(edge: &Edge) -> Option<Finding> {
    let Edge { user, used, only_tests } = edge;
    let Some(&(_, may)) = MAY_USE.iter().find(|(name, _)| name == user) else {
        return Some(format!(
            "{user} has no place in the picture: name it in xtask/src/layers.rs and docs/architecture.md"
        ));
    };
    if *only_tests && FOR_TESTS.contains(&used.as_str()) {
        return None;
    }
    if MAY_USE.iter().any(|(name, _)| name == used) {
        let ours =
            if FOR_TESTS.contains(&used.as_str()) { "only tests may use it" } else { "the arrow does not point down" };
        return (!may.contains(&used.as_str())).then(|| format!("{user} uses {used}: {ours}"));
    }
    if user == "domain" && !only_tests && NOT_IN_DOMAIN.contains(&used.as_str()) {
        return Some(format!("domain uses {used}: the rules stay pure"));
    }
    let owners = OWNED.iter().find(|(name, _)| name == used).map(|(_, owners)| *owners)?;
    let foreign = !owners.contains(&user.as_str()) && !FOR_TESTS.contains(&user.as_str()) && !only_tests;
    foreign.then(|| format!("{user} uses {used}, which belongs in {}", owners.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn edge(user: &str, used: &str, only_tests: bool) -> Edge {
        Edge { user: user.into(), used: used.into(), only_tests }
    }

    #[test]
    fn arrows_that_point_down_are_fine() {
        for (user, used) in [("store", "domain"), ("app", "store"), ("server", "app"), ("bangban", "store")] {
            assert_eq!(judge(&edge(user, used, false)), None);
        }
    }

    #[test]
    fn arrows_that_point_up_or_past_a_layer_are_found() {
        for (user, used) in [("domain", "store"), ("server", "store"), ("store", "files"), ("documents", "app")] {
            assert!(judge(&edge(user, used, false)).is_some(), "{user} -> {used}");
            assert!(judge(&edge(user, used, true)).is_some(), "{user} -> {used} in tests");
        }
    }

    #[test]
    fn the_test_kit_is_for_tests_only() {
        assert_eq!(judge(&edge("store", "testkit", true)), None);
        assert!(judge(&edge("store", "testkit", false)).is_some());
        assert!(judge(&edge("bangban", "testkit", false)).is_some());
    }

    #[test]
    fn the_rules_stay_pure_and_foreign_crates_in_their_rooms() {
        assert!(judge(&edge("domain", "tokio", false)).is_some());
        assert_eq!(judge(&edge("domain", "chrono", false)), None);
        assert!(judge(&edge("app", "sqlx", false)).is_some());
        assert_eq!(judge(&edge("testkit", "sqlx", false)), None);
        assert_eq!(judge(&edge("store", "sqlx", false)), None);
    }

    #[test]
    fn a_crate_outside_the_picture_is_found() {
        assert!(judge(&edge("helpers", "serde", false)).is_some());
    }

    #[test]
    fn a_foreign_crate_needs_a_reason() {
        let manifest =
            "[workspace.dependencies]\nours = { path = \"x\" }\nserde = \"1\"\nserde_json = { version = \"1\" }";
        match toml::from_str(manifest) {
            Ok(table) => {
                assert_eq!(without_reason(&table, "| serde, serde_json | events |"), Vec::<String>::new());
                let found = without_reason(&table, "| serde_json | events |");
                assert_eq!(found.len(), 1, "{found:?}");
                assert!(found[0].starts_with("serde has"));
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn manifests_are_read() {
        let metadata = json!({"packages": [{"name": "app", "dependencies": [
            {"name": "store", "kind": null}, {"name": "testkit", "kind": "dev"}]}]});
        assert_eq!(edges(&metadata), [edge("app", "store", false), edge("app", "testkit", true)]);
    }
}
