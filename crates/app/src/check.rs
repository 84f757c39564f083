//! `bangban check`: events, tables, custody and files agree, or a list of where they do not.

use crate::AppError;
use crate::app::App;
use crate::projection::Saved;
use domain::case::Case;
use domain::chain::{Envelope, GENESIS, chain_hash};
use domain::ids::CaseId;
use files::Checked;
use store::EventRecord;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    /// The case.
    pub case: CaseId,
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
    /// Files looked at.
    pub files: u64,
    /// What does not agree; empty if all is well.
    pub findings: Vec<CheckFinding>,
}

impl App {
    /// Proves for every case that its chain holds, that its state and columns are what its events make, that every original is
    /// in one place and every file is there with its hash.
    ///
    /// # Errors
    /// What the store says; what does not agree is no error but a finding.
    pub async fn check(&self) -> Result<CheckReport, AppError> {
        let mut report = CheckReport::default();
        let mut chains = self.inner.store.event_chains();
        while let Some((id, events)) = chains.next().await? {
            report.cases += 1;
            report.events += u64::try_from(events.len()).unwrap_or(0);
            let mut found = chain_faults(&events);
            match replayed(&events) {
                Ok(case) => {
                    found.extend(self.row_faults(&id, &case).await?);
                    found.extend(custody_faults(&case));
                    let (files, faults) = self.file_faults(&case).await?;
                    report.files += files;
                    found.extend(faults);
                }
                Err(fault) => found.push(fault),
            }
            report.findings.extend(found.into_iter().map(|what| CheckFinding { case: id.clone(), what }));
        }
        Ok(report)
    }

    async fn row_faults(&self, id: &CaseId, case: &Case) -> Result<Vec<String>, AppError> {
        let Some(row) = self.inner.store.load_case(id).await? else {
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
        if rebuilt.head != row.head {
            faults.push("the columns that lists show are not what the events make".to_owned());
        }
        Ok(faults)
    }

    async fn file_faults(&self, case: &Case) -> Result<(u64, Vec<String>), AppError> {
        let documents = case.documents.iter().flat_map(|d| [d.hash.clone(), d.input.clone()]);
        let signatures =
            case.documents.iter().flat_map(|d| d.signatures.iter().map(|signature| signature.file.hash.clone()));
        let items = case.items.iter().filter_map(|item| item.file.as_ref().map(|file| file.hash.clone()));
        let results = case.results.iter().filter_map(|result| result.file.as_ref().map(|file| file.hash.clone()));
        let mut faults = Vec::new();
        let mut count = 0;
        for hash in documents.chain(signatures).chain(items).chain(results) {
            count += 1;
            match self.inner.files.check(&hash).await? {
                Checked::Sound => {}
                Checked::Missing => faults.push(format!("the file {hash} is missing")),
                Checked::Damaged { found } => faults.push(format!("the file {hash} now has the hash {found}")),
            }
        }
        Ok((count, faults))
    }
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
