//! Programs that are started for a run, measured by what the system says of them, and ended by their id.

use crate::Fault;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks of `/proc/PID/stat` in a second: the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;
/// A program that has not answered by then will not.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that is told to end has so long for it.
const GRACE: Duration = Duration::from_secs(15);

/// A program under measurement. Ended when it is dropped.
pub struct Started {
    child: Child,
    /// Further processes whose work is done for it: a database server's.
    helpers: Option<u32>,
}

impl Started {
    /// Starts a program.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn new(program: &Path, arguments: &[&str], helpers: Option<u32>) -> Result<Self, Fault> {
        let mut command = Command::new(program);
        command.args(arguments).env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Self { child, helpers })
    }

    /// Waits until `path` is answered with 200.
    ///
    /// # Errors
    /// If the program ends or does not answer in time.
    pub fn wait_for(&mut self, at: SocketAddr, path: &str) -> Result<(), Fault> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the program ended with {status}").into());
            }
            if get(at, path, "").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!("{at}{path} does not answer").into())
    }

    /// Waits until it has nothing more to do by itself.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn wait_idle(&self) -> Result<(), Fault> {
        let since = Instant::now();
        loop {
            let before = self.cpu()?;
            std::thread::sleep(Duration::from_secs(1));
            if self.cpu()? - before <= 0.05 || since.elapsed() > 10 * PATIENCE {
                return Ok(());
            }
        }
    }

    /// The seconds of processor time that it has used, in the program and in the system for it.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn cpu(&self) -> Result<f64, Fault> {
        let helpers = self.helpers.map_or(Ok(0.0), cpu_of_family)?;
        Ok(helpers + stat(self.child.id())?.cpu)
    }
}

impl Drop for Started {
    /// Asks it to end, so that it closes its database; only one that does not is ended by force.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let since = Instant::now();
        while since.elapsed() < GRACE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the system says of a process.
struct Stat {
    parent: u32,
    /// Its own seconds.
    cpu: f64,
    /// Those of its children that have ended.
    ended: f64,
}

fn stat(pid: u32) -> Result<Stat, Fault> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name stands in brackets and may hold anything.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok()).unwrap_or(0);
    let seconds = |at: usize| f64::from(number(at)) / TICKS;
    Ok(Stat { parent: number(1), cpu: seconds(11) + seconds(12), ended: seconds(13) + seconds(14) })
}

/// A process with all its children, those that have ended included.
fn cpu_of_family(pid: u32) -> Result<f64, Fault> {
    let own = stat(pid)?;
    let mut all = own.cpu + own.ended;
    for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        let child = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        if let Some(found) = child.and_then(|child| stat(child).ok()).filter(|found| found.parent == pid) {
            all += found.cpu;
        }
    }
    Ok(all)
}

/// The whole answer to one request.
///
/// # Errors
/// If nobody answers.
pub fn get(at: SocketAddr, path: &str, header: &str) -> Result<String, Fault> {
    send(at, "GET", path, header, "")
}

/// The whole answer to one request with a body of JSON.
///
/// # Errors
/// If nobody answers.
pub fn send(at: SocketAddr, method: &str, path: &str, header: &str, body: &str) -> Result<String, Fault> {
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{header}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
