//! One run: every scenario against one database, each right after the bare route.

use crate::process::{Started, send};
use crate::scenarios::{ALL, Place, Scenario, Seen};
use crate::table::{Measured, Row, add};
use crate::{Fault, say};
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::runtime::Runtime;

/// Connections of the load generator.
const CONNECTIONS: u32 = 8;
/// Seconds of load: before the measurement, on the bare route, on the program.
const WARM: u32 = 1;
const BARE: u32 = 2;
const LOAD: u32 = 5;

/// `bench run`
#[derive(Debug, Args)]
pub struct Run {
    /// The program.
    #[arg(long)]
    program: PathBuf,
    /// `sqlite:PATH` or `postgres://…`.
    #[arg(long)]
    database: String,
    /// Folder of files and keys.
    #[arg(long)]
    data: PathBuf,
    /// Folder of fonts.
    #[arg(long)]
    fonts: PathBuf,
    /// The load generator's script.
    #[arg(long)]
    script: PathBuf,
    /// Where the rows are put.
    #[arg(long)]
    rows: PathBuf,
    /// The first of two free ports on loopback.
    #[arg(long, default_value_t = 18_480)]
    port: u16,
    /// Only this scenario.
    #[arg(long)]
    only: Option<String>,
    /// The process id of the PostgreSQL server, whose work then counts as well.
    #[arg(long)]
    postmaster: Option<u32>,
}

/// Runs the scenarios and adds a row for each.
///
/// # Errors
/// If a program does not start, or an answer is not what was asked for.
pub fn run(run: &Run, runtime: &Runtime) -> Result<(), Fault> {
    let place = Place { database: run.database.clone(), data: run.data.clone(), fonts: run.fonts.clone() };
    let seen = runtime.block_on(Seen::read(&place))?;
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (bare_at, program_at) = (at(run.port), at(run.port + 1));
    let own = std::env::current_exe()?;
    let mut bare = Started::new(&own, &["bare", "--listen", &bare_at.to_string()], None)?;
    bare.wait_for(bare_at, "/bare")?;
    let (data, fonts) = (run.data.to_string_lossy(), run.fonts.to_string_lossy());
    let listen = program_at.to_string();
    let arguments = ["serve", "--listen", &listen, "--database", &run.database, "--data", &data, "--fonts", &fonts];
    let mut program = Started::new(&run.program, &arguments, run.postmaster)?;
    program.wait_for(program_at, "/healthz")?;
    program.wait_idle()?;
    let list = run.rows.with_extension("requests");
    std::fs::write(&list, "GET\t/bare\tX-Bench\t1\t\n")?;
    let wrk = |at: SocketAddr, seconds, list: &Path| generate(at, seconds, &run.script, list);
    for scenario in ALL.iter().filter(|scenario| run.only.as_ref().is_none_or(|only| only == scenario.name)) {
        let asked = run.rows.with_extension(format!("{}.requests", scenario.name.replace(' ', "-")));
        answers(scenario, &seen, program_at, &asked)?;
        let bare = measure(&bare, || wrk(bare_at, BARE, &list))?;
        wrk(program_at, WARM, &asked)?;
        let program = measure(&program, || wrk(program_at, LOAD, &asked))?;
        let database = if run.postmaster.is_some() { "PostgreSQL" } else { "SQLite" }.to_owned();
        let row = Row { database, cases: seen.total, scenario: scenario.name.to_owned(), program, bare };
        say(&format!("   {}", row.short()));
        add(&run.rows, &row)?;
    }
    std::fs::remove_file(&list)?;
    Ok(())
}

/// Sees that the first and the last request are answered as they should be.
fn answers(scenario: &Scenario, seen: &Seen, at: SocketAddr, file: &Path) -> Result<(), Fault> {
    let requests = scenario.requests(seen, file)?;
    for request in [requests.first(), requests.last()].into_iter().flatten() {
        let (header, body) = request.sent();
        let answer = send(at, request.method, &request.path, &header, &body)?;
        if !answer.starts_with("HTTP/1.1 200") || !answer.contains(scenario.expects) {
            let beginning: String = answer.chars().take(600).collect();
            return Err(
                format!("{} {}: not the answer that was expected:\n{beginning}", request.method, request.path).into()
            );
        }
    }
    Ok(())
}

/// What the load generator says, with the processor time that the program used meanwhile.
fn measure(program: &Started, load: impl FnOnce() -> Result<Load, Fault>) -> Result<Measured, Fault> {
    let before = program.cpu()?;
    let load = load()?;
    let cpu = program.cpu()? - before;
    if load.errors > 0 || load.requests == 0 {
        return Err(format!("{} of {} requests failed", load.errors, load.requests).into());
    }
    let requests = f64::from(load.requests);
    Ok(Measured {
        cpu_per_thousand: cpu * 1_000.0 / requests,
        per_second: requests / load.seconds,
        p50_ms: load.p50_ms,
        p99_ms: load.p99_ms,
    })
}

/// What came of a load.
struct Load {
    requests: u32,
    seconds: f64,
    p50_ms: f64,
    p99_ms: f64,
    errors: u32,
}

fn generate(at: SocketAddr, seconds: u32, script: &Path, list: &Path) -> Result<Load, Fault> {
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", &CONNECTIONS.to_string(), "--duration", &format!("{seconds}s")])
        .args(["--timeout", "30s", "--script"])
        .arg(script)
        .arg(format!("http://{at}"))
        .arg("--")
        .arg(list)
        .output()
        .map_err(|error| format!("wrk: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("bench "));
    let numbers: Vec<f64> = line.unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect();
    let [requests, micros, p50, p99, errors] = numbers[..] else {
        return Err(format!("wrk said: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of a few seconds")]
    let (requests, errors) = (requests as u32, errors as u32);
    Ok(Load { requests, seconds: micros / 1e6, p50_ms: p50 / 1e3, p99_ms: p99 / 1e3, errors })
}
