//! The program: `bangban serve` and what an operator does beside it. Settings come in here and nowhere else; every rule
//! stands in `domain`, every use case in `app`.

mod args;
mod key;
mod manage;
mod people;
mod say;
mod serve;
mod settings;
mod verify;

use args::{Arguments, Verb};
use clap::Parser;
use say::{Failure, tell};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// What still runs on other threads when a command is over, such as a document half made, is waited for so long.
const LAST_WORK: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let is_seen = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_seen).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended(Err(Failure::new(format!("程序起不来 / cannot start: {error}")))),
    };
    let code = ended(runtime.block_on(run(arguments.verb)));
    runtime.shutdown_timeout(LAST_WORK);
    code
}

async fn run(verb: Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Serve(serve) => serve::serve(&serve.settings()?, serve.demo).await,
        Verb::Demo { place } => manage::demo(&place.settings()?).await,
        Verb::Migrate { place } => manage::migrate(&place.settings()?).await,
        Verb::User { what } => people::user(what).await,
        Verb::Import { file, place } => manage::import(&place.settings()?, &file).await,
        Verb::Check { place } => manage::check(&place.settings()?).await,
        Verb::Verify(verify) => Ok(verify::verify(&verify)),
        Verb::Key { all, renew, place } => key::key(&place.settings()?.data, all, renew),
        Verb::Simulate { cases, seed, from, papers, place } => {
            manage::simulate(&place.settings()?, cases, seed, from, papers.into()).await
        }
    }
}

fn ended(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|failure| {
        tell(&failure.to_string());
        ExitCode::FAILURE
    })
}
