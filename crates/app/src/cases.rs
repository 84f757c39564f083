//! Commands on a case: load, may, decide, make the papers that follow, save with outbox and answer in one transaction.

use crate::accounts::User;
use crate::app::App;
use crate::archive_room;
use crate::findings::findings_of;
use crate::making::Making;
use crate::news::messages_of;
use crate::once::{Once, Outcome};
use crate::plan::Settled;
use crate::projection::{Saved, event_records};
use crate::reference::Reference;
use crate::signing::signature_of;
use crate::{AppError, FieldError};
use chrono::{DateTime, Utc};
use domain::access::{Action, Grant, On, may};
use domain::case::{
    ApplicationEvent, Case, Command, DeliveryCommand, EndingEvent, Event, Facts, IdentityProof, decide, record,
};
use domain::chain::{Envelope, GENESIS};
use domain::custody::FileRef;
use domain::ids::{CaseId, FileId, Username};
use std::collections::BTreeMap;
use store::{AppendError, CaseRecord, FileRecord, PartyRecord, StoreError};

/// A command that was carried out.
#[derive(Clone, Debug)]
pub struct Performed {
    /// The case's version now.
    pub version: u64,
    /// What happened; empty if it was so already.
    pub events: Vec<Envelope>,
}

/// A case that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: u64,
}

/// How often a command that may be tried again on a new state is tried.
const TRIES: u32 = 3;

/// What is to happen to a case.
pub(crate) struct Change<'a> {
    /// The version that it was decided on.
    pub(crate) was: i64,
    pub(crate) case: Case,
    pub(crate) events: Vec<Event>,
    /// The hash of the last event before.
    pub(crate) head: String,
    /// Where a parcel goes, while it is known.
    pub(crate) address: Option<&'a str>,
}

/// Who acts, and in whose name.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) actor: &'a Username,
    pub(crate) on_behalf_of: Option<&'a Username>,
}

/// Everything that a saved command writes.
pub(crate) struct Write {
    case: Case,
    was: i64,
    envelopes: Vec<Envelope>,
    head: String,
    party: Option<PartyRecord>,
    files: Vec<FileRecord>,
    linked: Vec<FileId>,
    record: CaseRecord,
}

impl App {
    /// Carries out a command. One that does not demand the version that the person saw is tried again on the new state when
    /// somebody else was faster; that it then no longer holds is a conflict.
    ///
    /// # Errors
    /// Not found, forbidden, a refusal of a rule, a stale or missing version, a conflict.
    pub async fn perform(
        &self,
        user: &User,
        id: &CaseId,
        command: Command,
        expected: Option<u64>,
        once: Option<Once>,
    ) -> Result<Performed, AppError> {
        // Only the link itself can say that somebody signed by it.
        let signer = signature_of(&command).and_then(|signature| signature.signer);
        if signer.is_some_and(|signer| signer.proof == IdentityProof::LinkAndCode) {
            return Err(FieldError::new("/signer/proof", "link_only").into());
        }
        self.carry_out(user, id, command, expected, once).await
    }

    /// As [`App::perform`], also for what was signed by a link.
    pub(crate) async fn carry_out(
        &self,
        user: &User,
        id: &CaseId,
        command: Command,
        expected: Option<u64>,
        once: Option<Once>,
    ) -> Result<Performed, AppError> {
        let kind = command.kind();
        for attempt in 1..=TRIES {
            let (was, case) = self.load(id).await?;
            let grant = self.grant(user, &case, &command)?;
            if kind.needs_version() && expected.is_none() {
                return Err(AppError::VersionNeeded);
            }
            if expected.is_some_and(|seen| seen != case.version) {
                return Err(AppError::Stale { current: case.version });
            }
            let write = match self.prepare(user, was, case, &command, &grant).await {
                Err(AppError::Refused(refusal)) if attempt > 1 => return Err(AppError::Conflict(Some(refusal))),
                other => other?,
            };
            match self.save(write, once.clone()).await {
                Err(AppError::Conflict(None)) if self.is_answered(once.as_ref()).await? => {
                    return Err(AppError::Conflict(None));
                }
                Err(AppError::Conflict(None)) if attempt < TRIES && !kind.needs_version() => {}
                Err(AppError::Conflict(None)) if kind.needs_version() => {
                    let (_, now) = self.load(id).await?;
                    return Err(AppError::Stale { current: now.version });
                }
                other => return other,
            }
        }
        Err(AppError::Conflict(None))
    }

    /// A case with the version of its row.
    pub(crate) async fn load(&self, id: &CaseId) -> Result<(i64, Case), AppError> {
        let (version, state) = self.inner.store.case_state(id).await?.ok_or(AppError::NotFound)?;
        Ok((version, serde_json::from_str(&state)?))
    }

    fn grant(&self, user: &User, case: &Case, command: &Command) -> Result<Grant, AppError> {
        let reference = self.reference();
        let today = domain::calendar::today(self.now());
        let matter = command.matter();
        let on = On::Case { case, matter, directory: &reference.directory, today };
        Ok(may(&user.actor, Action::Command(command.kind()), on)?)
    }

    /// Decides, makes the papers that follow, and lays everything out to be written.
    async fn prepare(
        &self,
        user: &User,
        was: i64,
        case: Case,
        command: &Command,
        grant: &Grant,
    ) -> Result<Write, AppError> {
        let reference = self.reference();
        let now = self.now();
        let (files, linked) = self.files_of(user, &case, command).await?;
        self.check_ink(command, &files).await?;
        let head = self.head_of(&case.id).await?;
        let events = decide(&case, command, grant, &facts(&reference, now, &files, Some(&head)))?;
        let is_sealing = events.iter().any(|event| matches!(event, Event::Ending(EndingEvent::CaseArchived { .. })));
        let package = if is_sealing { Some(self.seal(&case, &reference).await?) } else { None };
        let change = Change { was, case, events, head, address: address_of(command) };
        let by = By { actor: grant.actor(), on_behalf_of: grant.on_behalf_of() };
        self.lay_out(change, by, package.into_iter().collect(), linked).await
    }

    /// The hash of a case's last event.
    pub(crate) async fn head_of(&self, id: &CaseId) -> Result<String, AppError> {
        let last = self.inner.store.last_event(id).await?;
        Ok(last.map_or_else(|| GENESIS.to_owned(), |(_, hash)| hash))
    }

    /// Records what happens, makes the papers that follow from it, and lays everything out to be written.
    pub(crate) async fn lay_out(
        &self,
        change: Change<'_>,
        by: By<'_>,
        mut files: Vec<FileRecord>,
        linked: Vec<FileId>,
    ) -> Result<Write, AppError> {
        let reference = self.reference();
        let now = self.now();
        let Change { was, mut case, events, head, address } = change;
        let mut envelopes = record(&mut case, events, by.actor, by.on_behalf_of, now);
        let mut party = self.party_record(&case.applicant).await?;
        let party_changed = attach_code(&mut party, &envelopes, now);
        if !envelopes.is_empty() {
            let mut making = Making { app: self, reference: &reference, party: &party, address, head: &head, now };
            files.extend(making.papers(&mut case, &mut envelopes).await?);
        }
        let record = Saved::of(&case, &party, &reference, now)?.record;
        Ok(Write { case, was, envelopes, head, party: party_changed.then_some(party), files, linked, record })
    }

    pub(crate) async fn save(&self, write: Write, once: Option<Once>) -> Result<Performed, AppError> {
        let now = self.now();
        let performed = Performed { version: write.case.version, events: write.envelopes.clone() };
        let answer = once.map(|once| once.answered(&Outcome::Performed(performed.clone()), now));
        let events = event_records(&write.head, &write.envelopes)?;
        let findings = findings_of(&write.case, &write.envelopes)?;
        let messages = messages_of(&write.case, &write.envelopes, now)?;
        let settled = Settled::by(&write.case, &write.envelopes, &self.reference().calendar);
        let is_settled = settled.is_some();
        let sealing = write.envelopes.iter().find(|envelope| archive_room::is_sealing(envelope)).cloned();
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if !events.is_empty() {
                        match tx.append(&write.record, write.was, &events).await {
                            Err(AppendError::Conflict { .. }) => return Err(AppError::Conflict(None)),
                            other => other?,
                        }
                    }
                    if let Some(settled) = &settled {
                        settled.write(tx).await?;
                    }
                    if let Some(sealing) = &sealing {
                        archive_room::register(tx, &write.case, &write.record.title, sealing).await?;
                    }
                    if let Some(party) = &write.party {
                        tx.update_party(party).await.map_err(code_taken)?;
                    }
                    for file in &write.files {
                        tx.insert_file(file).await?;
                    }
                    for file in &write.linked {
                        tx.set_file_case(file, &write.case.id).await.map_err(file_taken)?;
                    }
                    for finding in &findings {
                        tx.insert_finding(finding).await?;
                    }
                    for message in &messages {
                        tx.enqueue(message).await?;
                    }
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        if is_settled {
            self.inner.history.forget();
        }
        for envelope in &performed.events {
            metrics::counter!("bangban_case_events_total", "event" => envelope.event.name()).increment(1);
        }
        Ok(performed)
    }

    /// The files that a command names: those that exist and are the actor's own uploads or the case's already. Answers also
    /// which of them now belong to the case.
    async fn files_of(
        &self,
        user: &User,
        case: &Case,
        command: &Command,
    ) -> Result<(BTreeMap<FileId, FileRef>, Vec<FileId>), AppError> {
        let mut files = BTreeMap::new();
        let mut linked = Vec::new();
        for id in named_files(&serde_json::to_value(command)?) {
            let Some(row) = self.inner.store.file(&id).await? else {
                continue;
            };
            let is_own = row.owner == user.actor.username && row.case.as_ref().is_none_or(|of| *of == case.id);
            if is_own || row.case.as_ref() == Some(&case.id) {
                if row.case.is_none() {
                    linked.push(id.clone());
                }
                files.insert(id.clone(), FileRef { id, hash: row.hash, media_type: row.media_type });
            }
        }
        Ok((files, linked))
    }
}

/// The facts of a moment.
pub(crate) fn facts<'a>(
    reference: &'a Reference,
    now: DateTime<Utc>,
    files: &'a BTreeMap<FileId, FileRef>,
    head: Option<&'a str>,
) -> Facts<'a> {
    Facts {
        now,
        calendar: &reference.calendar,
        catalogue: &reference.catalogue,
        directory: &reference.directory,
        policy: &reference.policy,
        files,
        head,
    }
}

/// The address on a parcel is used for the paper and kept nowhere in the events.
fn address_of(command: &Command) -> Option<&str> {
    match command {
        Command::Delivery(DeliveryCommand::SendResult { address, .. }) => address.as_deref(),
        _ => None,
    }
}

/// Every file that stands anywhere in a command: as `file`, as the `receipt` of a body outside, as a slip, as strokes
/// or letter of a signer.
fn named_files(value: &serde_json::Value) -> Vec<FileId> {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                serde_json::Value::String(id)
                    if matches!(name.as_str(), "file" | "receipt" | "slip" | "strokes" | "letter") =>
                {
                    vec![FileId(id.clone())]
                }
                other => named_files(other),
            })
            .collect(),
        serde_json::Value::Array(values) => values.iter().flat_map(named_files).collect(),
        _ => Vec::new(),
    }
}

/// The code of an enterprise that was founded meanwhile goes to its party (S5.3): nothing is typed again.
fn attach_code(party: &mut PartyRecord, envelopes: &[Envelope], now: DateTime<Utc>) -> bool {
    let code = envelopes.iter().find_map(|envelope| match &envelope.event {
        Event::Application(ApplicationEvent::UsccAttached { uscc }) => Some(uscc.clone()),
        _ => None,
    });
    let is_new = code.is_some();
    if let Some(code) = code {
        party.uscc = Some(code);
        party.kind = "enterprise".to_owned();
        party.updated_at = now;
    }
    is_new
}

/// The same upload was used in another case at the same moment. Decided anew, the rule says so.
fn file_taken(error: StoreError) -> AppError {
    if error.is_unique("stored_file") { AppError::Conflict(None) } else { error.into() }
}

/// Another party has this credit code already: a typing error, or the enterprise is known.
fn code_taken(error: StoreError) -> AppError {
    if error.is_unique("party") { FieldError::new("/uscc", "uscc_taken").into() } else { error.into() }
}
