//! Many cases from some: each copy is a case of its own, with id, number, enterprise, papers' codes and files' ids that no
//! other has, and with events whose hashes are made anew, so that `bangban check` is content with it. The bytes of files are
//! shared: they are stored by their hash.

use crate::slots::Slotted;
use crate::{Fault, say};
use domain::case::Case;
use domain::chain::{GENESIS, chain_hash};
use domain::identity::Uscc;
use domain::ids::{CaseId, ConsultationId, FileId, HallId, PartyId};
use domain::plan::MatterRun;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{CaseRecord, ConsultationRecord, EventRecord, FileRecord, PartyRecord, Store, StoreError};

/// The hall of the program's settings.
const HALL: &str = "hall-1";
/// Copies that are written in one transaction.
const AT_ONCE: usize = 200;
/// Where the made-up enterprises of the copies come from.
const TOWNS: [&str; 10] =
    ["林东", "碧流台", "隆昌", "十三敖包", "白音勿拉", "哈拉哈达", "花加拉嘎", "三山", "乌兰达坝", "富河"];
const SIDES: [&str; 10] = ["东街", "西街", "南坡", "北岭", "上河", "下湾", "前营", "后甸", "大井", "小泉"];

/// A case as it was simulated, with its texts taken apart at what differs from copy to copy.
struct Original {
    record: CaseRecord,
    party: PartyRecord,
    files: Vec<FileRecord>,
    runs: Vec<MatterRun>,
    consultation: Option<(ConsultationRecord, Slotted)>,
    /// Case, number, party, code, consultation, then one for each file.
    names: Vec<String>,
    state: Slotted,
    search: Slotted,
    bodies: Vec<(EventRecord, Slotted)>,
}

/// A copy, ready to be written once it has its number.
struct Copied {
    original: Arc<Original>,
    /// Counts the copies, from 0.
    serial: usize,
    party: PartyRecord,
    party_is_new: bool,
}

/// Copies the cases of a database, or those of one status, until it has `to`.
///
/// # Errors
/// What the store says, or that no case has the status.
pub async fn multiply(database: &str, to: usize, status: Option<&str>) -> Result<(), Fault> {
    let store = Store::open(database, HallId::from(HALL)).await?;
    store.migrate().await?;
    let mut originals = originals(&store).await?;
    let wanted = to.saturating_sub(originals.len());
    originals.retain(|original| status.is_none_or(|status| original.record.head.status == status));
    if originals.is_empty() {
        return Err("no case to copy".into());
    }
    let mut parties: BTreeMap<(PartyId, usize), PartyRecord> = BTreeMap::new();
    let mut batch = Vec::with_capacity(AT_ONCE);
    for serial in 0..wanted {
        let (round, nth) = (serial / originals.len(), serial % originals.len());
        let original = Arc::clone(&originals[nth]);
        let key = (original.party.id.clone(), round);
        let party_is_new = !parties.contains_key(&key);
        let party = parties.entry(key).or_insert_with(|| party_of(&original.party, round, serial)).clone();
        batch.push(Copied { original, serial, party, party_is_new });
        if batch.len() == AT_ONCE || serial + 1 == wanted {
            write(&store, std::mem::take(&mut batch)).await?;
            if (serial + 1).is_multiple_of(10_000) {
                say(&format!("   {} of {wanted} copies", serial + 1));
            }
        }
    }
    store.close().await;
    Ok(())
}

async fn originals(store: &Store) -> Result<Vec<Arc<Original>>, Fault> {
    let mut originals = Vec::new();
    let mut chains = store.event_chains();
    while let Some((id, events)) = chains.next().await? {
        let record = store.load_case(&id).await?.ok_or("events without a case")?;
        let party = store.party(&record.head.applicant).await?.ok_or("a case without its party")?;
        let case: Case = serde_json::from_str(&record.state_json)?;
        let files = store.files_of_case(&id).await?;
        let runs = store.matter_runs(&id).await?;
        let consultation = match &case.consultation {
            Some(id) => store.consultation(id).await?,
            None => None,
        };
        let mut names = vec![
            id.0.clone(),
            case.number.clone(),
            party.id.0.clone(),
            party.uscc.clone().unwrap_or_default(),
            case.consultation.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
            party.name.clone(),
        ];
        names.extend(files.iter().map(|file| file.id.0.clone()));
        let text = |body: &[u8]| String::from_utf8(body.to_vec());
        let bodies = events
            .into_iter()
            .map(|event| Ok((event.clone(), Slotted::new(&text(&event.body)?, &names))))
            .collect::<Result<_, Fault>>()?;
        let consultation = consultation.map(|record| {
            let state = Slotted::new(&record.state_json, &names);
            (record, state)
        });
        let (state, search) = (Slotted::new(&record.state_json, &names), Slotted::new(&record.search_text, &names));
        originals.push(Arc::new(Original { record, party, files, runs, consultation, names, state, search, bodies }));
    }
    Ok(originals)
}

async fn write(store: &Store, batch: Vec<Copied>) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                for copied in &batch {
                    let year =
                        copied.original.names[1].split('-').next().and_then(|year| year.parse().ok()).unwrap_or(0);
                    let serial = tx.next_number("case", year).await?;
                    copied.write(tx, format!("{year}-{serial:04}")).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
}

impl Copied {
    async fn write(&self, tx: &mut store::Tx, number: String) -> Result<(), StoreError> {
        let original = &*self.original;
        let names = self.names(number);
        if self.party_is_new {
            tx.insert_party(&self.party).await?;
        }
        let mut record = original.record.clone();
        record.search_text = original.search.with(&names);
        record.state_json = original.state.with(&names);
        record.head.title = record.head.title.replace(&original.party.name, &self.party.name);
        record.head.id = CaseId(names[0].clone());
        record.head.number = Some(names[1].clone());
        record.head.applicant = self.party.id.clone();
        record.head.enterprise = Some(self.party.uscc.clone().unwrap_or_else(|| self.party.id.0.clone()));
        tx.insert_case(&record, &self.events(&names)).await?;
        let case = &record.head.id;
        let runs: Vec<_> = original.runs.iter().map(|run| MatterRun { case: case.clone(), ..run.clone() }).collect();
        tx.put_matter_runs(case, &runs).await?;
        for (file, id) in original.files.iter().zip(&names[6..]) {
            let case = Some(record.head.id.clone());
            let name = file.name.replace(&original.names[1], &names[1]);
            tx.insert_file(&FileRecord { id: FileId(id.clone()), case, name, ..file.clone() }).await?;
        }
        if let Some((consultation, state)) = &original.consultation {
            let (id, case) = (ConsultationId(names[4].clone()), Some(record.head.id.clone()));
            let state_json = state.with(&names);
            tx.insert_consultation(&ConsultationRecord { id, case, state_json, ..consultation.clone() }).await?;
        }
        Ok(())
    }

    fn names(&self, number: String) -> Vec<String> {
        let original = &*self.original;
        let id = |what: usize| made_up_id(self.serial, what);
        let uscc = self.party.uscc.clone().unwrap_or_default();
        let consultation = if original.names[4].is_empty() { String::new() } else { id(1) };
        let mut names = vec![id(0), number, self.party.id.0.clone(), uscc, consultation, self.party.name.clone()];
        names.extend(original.files.iter().enumerate().map(|(at, file)| match file.id.as_str() {
            code if code.len() == 14 => made_up_code(self.serial, at),
            package if package.starts_with("archive-") => format!("archive-{}", id(0)),
            _ => id(at + 2),
        }));
        names
    }

    fn events(&self, names: &[String]) -> Vec<EventRecord> {
        let mut previous = GENESIS.to_owned();
        let events = self.original.bodies.iter().map(|(event, body)| {
            let body = body.with(names).into_bytes();
            let hash = chain_hash(&previous, &body);
            let prev_hash = std::mem::replace(&mut previous, hash.clone());
            EventRecord { body, prev_hash, hash, ..event.clone() }
        });
        events.collect()
    }
}

fn party_of(original: &PartyRecord, round: usize, serial: usize) -> PartyRecord {
    let place = format!("{}{}", TOWNS[round / SIDES.len() % TOWNS.len()], SIDES[round % SIDES.len()]);
    let name = format!("{place}{}", original.name);
    PartyRecord {
        id: PartyId(made_up_id(serial, 0xfff)),
        working_name: original.working_name.as_ref().map(|_| name.clone()),
        name,
        uscc: original.uscc.as_ref().map(|_| made_up_uscc(serial)),
        ..original.clone()
    }
}

/// An id of the same shape and order as the program's own, that no chance has part in.
fn made_up_id(serial: usize, what: usize) -> String {
    const SINCE: usize = 0x0190_0000_0000;
    let time = SINCE + serial;
    format!("{:08x}-{:04x}-7{:03x}-8000-{serial:012x}", time >> 16, time & 0xffff, what & 0xfff)
}

/// A verification code of the same shape as the program's own.
fn made_up_code(serial: usize, what: usize) -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let number = serial * 1024 + what;
    let letters: String = (0..8).map(|at| char::from(LETTERS[number >> (5 * (7 - at)) & 31])).collect();
    format!("BNCH-{}-{}", &letters[..4], &letters[4..])
}

/// A credit code of a made-up body: the check characters are found by asking the rule.
fn made_up_uscc(serial: usize) -> String {
    let body = format!("91150422MB{:06}", serial % 1_000_000);
    let inner = "0123456789X".chars();
    let mut codes = inner.flat_map(|inner| {
        let body = &body;
        "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(move |check| format!("{body}{inner}{check}"))
    });
    codes.find(|code| Uscc::parse(code).is_ok_and(|code| code.warnings().is_empty())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn made_up_names_differ_and_keep_their_shape() {
        let codes: BTreeSet<_> = (0..2_000).flat_map(|n| [made_up_code(n, 0), made_up_code(n, 1023)]).collect();
        assert_eq!((codes.len(), codes.iter().all(|code| code.len() == 14)), (4_000, true));
        let ids: BTreeSet<_> = (0..2_000).flat_map(|n| [made_up_id(n, 0), made_up_id(n, 1)]).collect();
        assert_eq!((ids.len(), ids.iter().all(|id| id.len() == 36)), (4_000, true));
        let uscc: BTreeSet<_> = (0..300).map(made_up_uscc).collect();
        assert!(uscc.len() == 300 && uscc.iter().all(|code| Uscc::parse(code).is_ok()));
    }
}
