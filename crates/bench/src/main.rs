//! What a request costs: the program under load, beside a bare route of the same framework. `bench/run.sh` calls these in
//! turn; `docs/benchmarks.md` says what the numbers mean.

mod bare;
mod load;
mod multiply;
mod plan;
mod process;
mod recompute;
mod scenarios;
mod slots;
mod table;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Why something could not be measured.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Load scenarios.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve one route that answers a word: the framework without a program.
    Bare {
        /// IP:PORT, on loopback.
        #[arg(long)]
        listen: std::net::SocketAddr,
    },
    /// Copy the cases of a database, with new ids, numbers, enterprises and hashes, until there are so many.
    Multiply {
        /// `sqlite:PATH` or `postgres://…`.
        #[arg(long)]
        database: String,
        /// How many cases there are then.
        #[arg(long)]
        to: usize,
        /// Copy only cases of this status.
        #[arg(long)]
        status: Option<String>,
    },
    /// Measure plan, critical path and forecast by themselves.
    Plan,
    /// Run every scenario against one database and add the rows to the table.
    Run(load::Run),
    /// Switch the calendar and measure until every due date is right, while commands go on.
    Recompute {
        /// `sqlite:PATH` or `postgres://…`.
        #[arg(long)]
        database: String,
        /// Folder of files and keys.
        #[arg(long)]
        data: PathBuf,
        /// Folder of fonts.
        #[arg(long)]
        fonts: PathBuf,
    },
    /// Print the table of all rows.
    Table {
        /// Where `run` has put its rows.
        #[arg(long)]
        rows: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended(Err(error.into())),
    };
    ended(match arguments.verb {
        Verb::Bare { listen } => runtime.block_on(bare::serve(listen)),
        Verb::Multiply { database, to, status } => {
            runtime.block_on(multiply::multiply(&database, to, status.as_deref()))
        }
        Verb::Recompute { database, data, fonts } => {
            runtime.block_on(recompute::run(&scenarios::Place { database, data, fonts }))
        }
        Verb::Plan => plan::print(),
        Verb::Run(run) => load::run(&run, &runtime),
        Verb::Table { rows } => table::print(&rows),
    })
}

fn ended(result: Result<(), Fault>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let _ = writeln!(std::io::stderr(), "bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Says something to whoever waits.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
