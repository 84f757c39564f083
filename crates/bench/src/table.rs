//! The rows of a run and the table that is made of them.

use crate::{Fault, say};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// What was measured of one program under one load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Seconds of processor time for a thousand requests.
    pub cpu_per_thousand: f64,
    /// Requests a second.
    pub per_second: f64,
    /// Half of the requests were answered within so many milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred.
    pub p99_ms: f64,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The database.
    pub database: String,
    /// How many cases it held.
    pub cases: u64,
    /// What was asked.
    pub scenario: String,
    /// The program.
    pub program: Measured,
    /// The bare route, measured right before.
    pub bare: Measured,
}

/// What the cheapest of five peers needs, application and database together, in seconds of processor time for a thousand
/// requests: scenario, at 1,000 cases, at 100,000 cases, what it is.
const PEERS: [(&str, f64, f64, &str); 6] = [
    ("command", 26.3, 29.3, "create, helpdesk"),
    ("case page", 81.5, 93.6, "ticket page, helpdesk"),
    ("API read", 45.9, 40.3, "case alone, pcns"),
    ("work list", 143.0, 324.0, "my tickets, helpdesk and redmine"),
    ("list page", 143.2, 213.0, "page of 50, redmine and openzaak"),
    ("search", 37.1, 165.0, "text search, redmine"),
];

impl Row {
    /// The row in one short line.
    pub fn short(&self) -> String {
        let Measured { cpu_per_thousand, per_second, p50_ms, p99_ms } = self.program;
        format!(
            "{:<10} {cpu_per_thousand:>7.2} CPU-s/1000  {per_second:>7.0}/s  p50 {p50_ms:.1} ms  p99 {p99_ms:.1} ms",
            self.scenario
        )
    }

    fn peer(&self) -> Option<(f64, &'static str)> {
        let (_, small, large, what) = PEERS.iter().find(|(scenario, ..)| *scenario == self.scenario)?;
        Some((if self.cases < 10_000 { *small } else { *large }, what))
    }

    fn to_json(&self) -> Value {
        let measured = |m: &Measured| json!([m.cpu_per_thousand, m.per_second, m.p50_ms, m.p99_ms]);
        json!({
            "database": self.database, "cases": self.cases, "scenario": self.scenario,
            "program": measured(&self.program), "bare": measured(&self.bare),
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let measured = |value: &Value| {
            let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
            let [cpu_per_thousand, per_second, p50_ms, p99_ms] = numbers[..] else { return None };
            Some(Measured { cpu_per_thousand, per_second, p50_ms, p99_ms })
        };
        Some(Self {
            database: value["database"].as_str()?.to_owned(),
            cases: value["cases"].as_u64()?,
            scenario: value["scenario"].as_str()?.to_owned(),
            program: measured(&value["program"])?,
            bare: measured(&value["bare"])?,
        })
    }
}

/// Adds a row to the file.
///
/// # Errors
/// If it cannot be written.
pub fn add(rows: &Path, row: &Row) -> Result<(), Fault> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(rows)?;
    Ok(writeln!(file, "{}", row.to_json())?)
}

/// Prints the table.
///
/// # Errors
/// If the rows cannot be read.
pub fn print(rows: &Path) -> Result<(), Fault> {
    let text = std::fs::read_to_string(rows)?;
    let rows: Option<Vec<Row>> =
        text.lines().map(|line| serde_json::from_str(line).ok().and_then(|value| Row::from_json(&value))).collect();
    say(&table(&rows.ok_or("the rows cannot be read")?));
    Ok(())
}

fn table(rows: &[Row]) -> String {
    let mut text = "| scenario | database | cases | CPU-s/1000 | bare | × bare | best peer | peer ÷ ours | req/s | p50 ms | p99 ms |\n\
                    |---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|\n"
        .to_owned();
    for row in rows {
        let Measured { cpu_per_thousand: cpu, per_second, p50_ms, p99_ms } = row.program;
        let bare = row.bare.cpu_per_thousand;
        let (peer, ratio) = match row.peer() {
            Some((peer, what)) => (format!("{peer:.0} ({what})"), format!("{:.0}", peer / cpu)),
            None => ("–".to_owned(), "–".to_owned()),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {cpu:.2} | {bare:.3} | {:.0} | {peer} | {ratio} | {per_second:.0} | {p50_ms:.1} | {p99_ms:.1} |",
            row.scenario,
            row.database,
            row.cases,
            cpu / bare,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_goes_to_the_file_and_back_and_stands_beside_its_peer() {
        let measured = |cpu_per_thousand| Measured { cpu_per_thousand, per_second: 900.0, p50_ms: 8.0, p99_ms: 20.0 };
        let (program, bare) = (measured(0.5), measured(0.01));
        let row = Row { database: "SQLite".into(), cases: 100_000, scenario: "search".into(), program, bare };
        assert_eq!(Row::from_json(&row.to_json()), Some(row.clone()));
        let line = table(&[row]).lines().last().unwrap().to_owned();
        assert!(line.contains("| 0.50 | 0.010 | 50 | 165 (text search, redmine) | 330 |"), "{line}");
    }
}
