//! Checks of the house, run as `cargo xtask check`.
//!
//! What the compiler and clippy cannot see: which of our crates may know which, how long a file may grow, test files that
//! nobody runs, and messages that one language has and the other lacks. Each finding names its place and says what to do.

mod layers;
mod locales;
mod rust_source;
mod sources;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Something that has to be mended, in one line.
type Finding = String;

/// What one check found, and what it looked at (for the closing line).
struct Outcome {
    name: &'static str,
    looked_at: String,
    findings: Vec<Finding>,
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("check") => check(),
        _ => {
            eprintln!("usage: cargo xtask check");
            ExitCode::from(2)
        }
    }
}

fn check() -> ExitCode {
    let root = root();
    let checks: [fn(&Path) -> io::Result<Outcome>; 3] = [layers::check, sources::check, locales::check];
    let mut sound = true;
    for run in checks {
        match run(&root) {
            Ok(outcome) => sound &= report(&outcome),
            Err(error) => {
                eprintln!("xtask: {error}");
                sound = false;
            }
        }
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints one check's outcome; false if anything was found.
fn report(outcome: &Outcome) -> bool {
    for finding in &outcome.findings {
        eprintln!("{}: {finding}", outcome.name);
    }
    let verdict = if outcome.findings.is_empty() { "ok" } else { "NOT ok" };
    // A closed standard output is no reason to fail a check.
    let _ = writeln!(io::stdout(), "{}: {verdict} ({})", outcome.name, outcome.looked_at);
    outcome.findings.is_empty()
}

/// The folder of the workspace: xtask lies directly in it.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
