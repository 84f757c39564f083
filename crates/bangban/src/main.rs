//! The program: subcommands, settings, wiring.
fn main() {}
