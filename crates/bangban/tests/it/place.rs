//! A folder of its own for a run of the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program, started in this folder, with no settings but the fonts.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bangban"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("BANGBAN_")) {
            command.env_remove(name);
        }
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts");
        command.args(arguments).current_dir(self.path()).env("BANGBAN_FONTS", fonts).env("RUST_LOG", "warn");
        command
    }

    /// Runs the program to its end: exit code and everything it said.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        self.run_with("", arguments)
    }

    /// The same with something to read on standard input.
    pub fn run_with(&self, input: &str, arguments: &[&str]) -> (i32, String) {
        let pipe = Stdio::piped;
        let mut child = self.program(arguments).stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        // A program that asks for nothing may be gone by now.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let said = [stdout, stderr].map(|part| String::from_utf8(part).unwrap()).concat();
        (status.code().unwrap(), said)
    }
}
