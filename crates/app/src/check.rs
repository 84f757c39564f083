//! `bangban check`: events, tables, custody and files agree, or a list of where they do not.

use crate::AppError;
use crate::app::App;
use crate::projection::Saved;
use domain::case::Case;
use domain::chain::{Envelope, GENESIS, chain_hash};
use domain::ids::{CaseId, FileId};
use files::Checked;
use std::collections::HashSet;
use std::time::Duration;
use store::{CaseRecord, EventRecord, FileRecord};

/// Stored bytes that nothing refers to are reported once they are this old; younger ones may belong to a command under way.
const UNDER_WAY: Duration = Duration::from_secs(24 * 3600);
/// How often a case that goes on while it is checked is read again.
const READINGS: u32 = 5;
/// How many files without a case are asked for at once.
const FILES_AT_ONCE: u64 = 200;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    /// The case, or the file that belongs to none.
    pub about: String,
    /// What does not agree, in words for the operator.
    pub what: String,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Cases looked at.
    pub cases: u64,
    /// Events looked at.
    pub events: u64,
    /// Files read.
    pub files: u64,
    /// What does not agree; empty if all is well.
    pub findings: Vec<CheckFinding>,
    /// Hashes of stored bytes that no row and no case refers to: a crash between storing and writing down leaves them. They harm
    /// nothing. They are not deleted here, for the same bytes may be on their way in again at this moment.
    pub unreferenced: Vec<String>,
}

impl CheckReport {
    fn add(&mut self, about: &str, faults: Vec<String>) {
        self.findings.extend(faults.into_iter().map(|what| CheckFinding { about: about.to_owned(), what }));
    }
}

impl App {
    /// Proves for every case that its chain holds, that its state and columns are what its events make, that every original is
    /// in one place and every file has its row and is there with its hash; and the same of files that belong to no case yet.
    /// The program may serve meanwhile.
    ///
    /// # Errors
    /// What the store says; what does not agree is no error but a finding.
    pub async fn check(&self) -> Result<CheckReport, AppError> {
        let mut report = CheckReport::default();
        let mut known = HashSet::new();
        let mut chains = self.inner.store.event_chains();
        while let Some((id, events)) = chains.next().await? {
            let (events, row) = self.at_rest(&id, events).await?;
            report.cases += 1;
            report.events += u64::try_from(events.len()).unwrap_or(0);
            let mut found = chain_faults(&events);
            match replayed(&events) {
                Ok(case) => {
                    found.extend(self.row_faults(row, &case).await?);
                    found.extend(custody_faults(&case));
                    found.extend(self.history_faults(&case).await?.into_iter().map(str::to_owned));
                    found.extend(self.file_faults(&case, &mut report, &mut known).await?);
                }
                Err(fault) => found.push(fault),
            }
            report.add(id.as_str(), found);
        }
        self.check_loose_files(&mut report, &mut known).await?;
        report.unreferenced = self.unreferenced(&known).await?;
        Ok(report)
    }

    /// Events and row of a case as of one moment: read again while somebody works on it.
    async fn at_rest(
        &self,
        id: &CaseId,
        mut events: Vec<EventRecord>,
    ) -> Result<(Vec<EventRecord>, Option<CaseRecord>), AppError> {
        for _ in 1..READINGS {
            let row = self.inner.store.load_case(id).await?;
            let last = events.last().map_or(0, |event| event.seq);
            if row.as_ref().is_none_or(|row| row.version == last) {
                return Ok((events, row));
            }
            events = self.inner.store.events(id, 0).await?;
        }
        Ok((events, self.inner.store.load_case(id).await?))
    }

    async fn row_faults(&self, row: Option<CaseRecord>, case: &Case) -> Result<Vec<String>, AppError> {
        let Some(row) = row else {
            return Ok(vec!["there are events but no case".to_owned()]);
        };
        let mut faults = Vec::new();
        if serde_json::from_str::<Case>(&row.state_json).ok().as_ref() != Some(case) {
            faults.push("the stored state is not what the events make".to_owned());
        }
        let party = self.party_record(&case.applicant).await?;
        let mut rebuilt = Saved::of(case, &party, &self.reference(), row.updated_at)?.record;
        // Lights and due dates move with the calendar; they are projections of a day and are not compared.
        rebuilt.head.due_on = row.due_on;
        rebuilt.head.colour.clone_from(&row.colour);
        rebuilt.head.offices.clone_from(&row.offices);
        if rebuilt.custody != row.custody {
            faults.push("the list of who holds what is not what the events make".to_owned());
        }
        if rebuilt.head != row.head {
            faults.push("the columns that lists show are not what the events make".to_owned());
        }
        Ok(faults)
    }

    /// The files of a case: each row has its bytes, and each file that the case names has a row in it. A document's typed input
    /// has no row; the case names it.
    async fn file_faults(
        &self,
        case: &Case,
        report: &mut CheckReport,
        known: &mut HashSet<String>,
    ) -> Result<Vec<String>, AppError> {
        let rows = self.inner.store.files_of_case(&case.id).await?;
        let in_rows: HashSet<&str> = rows.iter().map(|row| row.hash.as_str()).collect();
        let mut faults = Vec::new();
        for hash in named_in(case).into_iter().filter(|hash| !in_rows.contains(hash)) {
            faults.push(format!("the file {hash} is named in the case and has no row"));
        }
        let inputs = case.documents.iter().map(|document| document.input.as_str());
        let hashes: HashSet<&str> = in_rows.iter().copied().chain(inputs).collect();
        for hash in hashes {
            report.files += 1;
            faults.extend(self.bytes_fault(hash).await?);
            known.insert(hash.to_owned());
        }
        Ok(faults)
    }

    async fn bytes_fault(&self, hash: &str) -> Result<Option<String>, AppError> {
        Ok(match self.inner.files.check(hash).await? {
            Checked::Sound => None,
            Checked::Missing => Some(format!("the file {hash} is missing")),
            Checked::Damaged { found } => Some(format!("the file {hash} now has the hash {found}")),
        })
    }

    /// Files without a case: uploads that no command has used yet. None may name a case that is not there.
    async fn check_loose_files(&self, report: &mut CheckReport, known: &mut HashSet<String>) -> Result<(), AppError> {
        let mut last: Option<FileId> = None;
        loop {
            let rows = self.inner.store.loose_files(last.as_ref(), FILES_AT_ONCE).await?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = Some(end.id.clone());
            for FileRecord { id, hash, case, .. } in rows {
                let stray = case.map(|case| format!("it belongs to the case {case}, which is not there"));
                let faults = stray.into_iter().chain(self.bytes_fault(&hash).await?).collect();
                report.add(id.as_str(), faults);
                report.files += 1;
                known.insert(hash);
            }
        }
    }

    async fn unreferenced(&self, known: &HashSet<String>) -> Result<Vec<String>, AppError> {
        let mut left = self.inner.files.list().await?;
        left.retain(|hash| !known.contains(hash) && self.inner.files.path(hash).is_ok_and(|path| is_old(&path)));
        Ok(left)
    }
}

/// Whether a file was stored longer ago than a command takes.
fn is_old(path: &std::path::Path) -> bool {
    let stored = std::fs::metadata(path).and_then(|meta| meta.modified());
    stored.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > UNDER_WAY))
}

/// The files that a case names and that have a row: papers, signatures, pieces, results.
fn named_in(case: &Case) -> Vec<&str> {
    let signatures = case.documents.iter().flat_map(|document| &document.signatures);
    let documents = case.documents.iter().map(|document| document.hash.as_str());
    let items = case.items.iter().filter_map(|item| item.file.as_ref());
    let results = case.results.iter().filter_map(|result| result.file.as_ref());
    let uploads = signatures.map(|signature| &signature.file).chain(items).chain(results);
    documents.chain(uploads.map(|file| file.hash.as_str())).collect()
}

fn chain_faults(events: &[EventRecord]) -> Vec<String> {
    let mut previous = GENESIS.to_owned();
    let mut faults = Vec::new();
    for (expected, event) in (1..).zip(events) {
        if event.seq != expected {
            faults.push(format!("event {expected} is missing"));
        }
        if event.prev_hash != previous || chain_hash(&previous, &event.body) != event.hash {
            faults.push(format!("event {} breaks the hash chain", event.seq));
        }
        previous.clone_from(&event.hash);
    }
    faults
}

fn replayed(events: &[EventRecord]) -> Result<Case, String> {
    let history: Vec<Envelope> = events
        .iter()
        .map(|event| {
            serde_json::from_slice(&event.body).map_err(|error| format!("event {} cannot be read: {error}", event.seq))
        })
        .collect::<Result<_, _>>()?;
    Case::replay(&history).ok_or_else(|| "the first event is no application".to_owned())
}

fn custody_faults(case: &Case) -> Vec<String> {
    let outstanding = case.outstanding_items();
    if case.ended.is_some() && !outstanding.is_empty() {
        let ids: Vec<&str> = outstanding.iter().map(domain::ids::ItemId::as_str).collect();
        return vec![format!("the case has ended with originals not accounted for: {}", ids.join(", "))];
    }
    Vec::new()
}
