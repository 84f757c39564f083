//! Starts a private PostgreSQL, prints the URL of an empty database in it and stays until its standard input closes. For programs that
//! are not written in Rust, such as the browser tests.

use std::io::{Read, Write};
use std::process::ExitCode;
use testkit::postgres::Cluster;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let cluster = Cluster::start()?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let url = runtime.block_on(cluster.create("bangban", None));
    writeln!(std::io::stdout(), "{url}").map_err(|error| error.to_string())?;
    let mut waste = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut waste);
    Ok(())
}
