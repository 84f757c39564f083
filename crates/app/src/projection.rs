//! From a case to the rows that lists show: everything here can be rebuilt from the events.

use crate::AppError;
use crate::app::App;
use crate::reference::Reference;
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{Case, CaseMatter, MatterStatus, Status};
use domain::catalogue::Mode;
use domain::chain::{Envelope, chain_hash};
use domain::clock::Light;
use domain::custody::Item;
use domain::ids::ItemId;
use std::collections::HashSet;
use store::{CaseHead, CaseOffice, CaseRecord, CustodyItem, EventRecord, PartyRecord};

/// A case's row, ready to be written.
pub(crate) struct Saved {
    pub(crate) record: CaseRecord,
}

impl Saved {
    pub(crate) fn of(
        case: &Case,
        party: &PartyRecord,
        reference: &Reference,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let project = case.project.as_ref().map(|project| project.name.as_str());
        let title = match project {
            Some(project) => format!("{} · {project}", party.name),
            None => party.name.clone(),
        };
        let matters = case.matters.iter().filter_map(|m| reference.catalogue.matter(&m.scope.code));
        let names: Vec<&str> = matters.map(|matter| matter.name.as_str()).collect();
        let search_text =
            [case.number.as_str(), &title, party.uscc.as_deref().unwrap_or_default(), &names.join(" ")].join(" ");
        let head = CaseHead {
            id: case.id.clone(),
            number: Some(case.number.clone()),
            version: i64::try_from(case.version).unwrap_or(i64::MAX),
            status: case.status.name().to_owned(),
            mode: mode_name(case.mode).to_owned(),
            applicant: case.applicant.clone(),
            enterprise: Some(party.uscc.clone().unwrap_or_else(|| party.id.0.clone())),
            title,
            lead_office: case.lead_office.clone(),
            agent: case.agent.clone(),
            stand_in: case.stand_in.clone(),
            green: case.green.is_some(),
            due_on: due_on(case, reference, now),
            colour: light_name(colour(case, reference, now)).to_owned(),
            handover_signed_at: case.handover_signed_at,
            agreement_signed_at: case.agreement_signed_at,
            created_at: case.created_at,
            updated_at: now,
            ended_at: case.ended.map(|(at, _)| at),
            offices: case.matters.iter().map(|matter| office_row(matter, reference, now)).collect(),
        };
        let state_json = serde_json::to_string(case)?;
        Ok(Self { record: CaseRecord { head, search_text, state_json, custody: custody_rows(case) } })
    }
}

/// Where the pieces are that were handed over; before that, each is the client's own affair.
pub(crate) fn custody_rows(case: &Case) -> Vec<CustodyItem> {
    let open: HashSet<&ItemId> = case.open_moves().map(|line| &line.item).collect();
    let mut rows: Vec<CustodyItem> = case
        .items
        .iter()
        .filter(|item| item.handed_over.is_some())
        .map(|item| CustodyItem {
            item: item.id.clone(),
            name: item_name(case, item),
            form: item.form.name().to_owned(),
            place: item.place.kind().name().to_owned(),
            key: item.place.key(),
            since: store::micros(item.since),
            untaken: open.contains(&item.id),
            to_return: item.to_return,
        })
        .collect();
    rows.sort_by(|a, b| a.item.as_str().cmp(b.item.as_str()));
    rows
}

/// A piece's material, and what tells it from others of the same.
pub(crate) fn item_name(case: &Case, item: &Item) -> String {
    let material = case.material(&item.material).map_or(item.material.as_str(), |found| &found.spec.name);
    match &item.label {
        Some(label) => format!("{material}（{label}）"),
        None => material.to_owned(),
    }
}

pub(crate) fn office_row(matter: &CaseMatter, reference: &Reference, now: DateTime<Utc>) -> CaseOffice {
    CaseOffice {
        office: matter.office.clone(),
        matter: matter.scope.code.clone(),
        status: matter.status.name().to_owned(),
        due_on: matter_due(matter, reference, now),
        colour: light_name(matter_light(matter, reference, now)).to_owned(),
    }
}

/// Whether a matter's time is running or stopped: only then is it due.
fn is_timed(matter: &CaseMatter) -> bool {
    matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped)
}

pub(crate) fn matter_due(matter: &CaseMatter, reference: &Reference, now: DateTime<Utc>) -> Option<NaiveDate> {
    let clock = matter.clock.as_ref().filter(|_| is_timed(matter))?;
    clock.due(&reference.calendar, now).map(|due| due.date)
}

pub(crate) fn matter_light(matter: &CaseMatter, reference: &Reference, now: DateTime<Utc>) -> Light {
    match &matter.clock {
        Some(clock) => clock.light(&reference.calendar, now, &reference.thresholds),
        None => Light::Grey,
    }
}

/// The next day on which something of the case is due: a matter, or what the client was asked for.
pub(crate) fn due_on(case: &Case, reference: &Reference, now: DateTime<Utc>) -> Option<NaiveDate> {
    if !case.status.is_open() {
        return None;
    }
    let matters = case.matters.iter().filter_map(|matter| matter_due(matter, reference, now));
    let is_owed = case.status == Status::Preparing && !case.lacking_to_start().is_empty();
    let notice = case.notices.last().filter(|_| is_owed).map(|notice| notice.due);
    matters.chain(notice).min()
}

/// The light of the case: the worst of its matters.
pub(crate) fn colour(case: &Case, reference: &Reference, now: DateTime<Utc>) -> Light {
    if !case.status.is_open() {
        return Light::Grey;
    }
    let lights = case.matters.iter().filter(|m| is_timed(m)).map(|matter| matter_light(matter, reference, now));
    lights.max_by_key(|light| severity(*light)).unwrap_or(Light::Grey)
}

fn severity(light: Light) -> u8 {
    match light {
        Light::Grey => 0,
        Light::Green => 1,
        Light::Purple => 2,
        Light::Yellow => 3,
        Light::Red => 4,
    }
}

/// The name of a light in columns and on the wire.
pub(crate) fn light_name(light: Light) -> &'static str {
    match light {
        Light::Grey => "grey",
        Light::Green => "green",
        Light::Yellow => "yellow",
        Light::Red => "red",
        Light::Purple => "purple",
    }
}

pub(crate) fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Agency => "agency",
        Mode::Assistance => "assistance",
    }
}

/// The rows of further events, chained onto `head`.
pub(crate) fn event_records(head: &str, envelopes: &[Envelope]) -> Result<Vec<EventRecord>, AppError> {
    let mut prev = head.to_owned();
    envelopes
        .iter()
        .map(|envelope| {
            let body = serde_json::to_vec(envelope)?;
            let hash = chain_hash(&prev, &body);
            let prev_hash = std::mem::replace(&mut prev, hash.clone());
            Ok(EventRecord {
                seq: i64::try_from(envelope.seq).unwrap_or(i64::MAX),
                at: envelope.at,
                actor: envelope.actor.clone(),
                kind: envelope.event.name(),
                body,
                prev_hash,
                hash,
            })
        })
        .collect()
}

/// Which form of the stored state this program writes. A new field of the state that events of before fill, or a new table
/// made from it, needs the next number: then every state is made anew from its events, which are the truth.
const STATE_FORMAT: &str = "4";

impl App {
    /// Makes every stored state anew from its events if another program wrote them.
    pub(crate) async fn renew_states(&self) -> Result<(), AppError> {
        if self.inner.store.reference("state").await?.is_some_and(|(_, format)| format == STATE_FORMAT) {
            return Ok(());
        }
        let mut chains = self.inner.store.event_chains();
        while let Some((id, events)) = chains.next().await? {
            let history = events.iter().map(|event| serde_json::from_slice(&event.body));
            let history: Vec<Envelope> = history.collect::<Result<_, _>>()?;
            let (row, Some(case)) = (self.inner.store.load_case(&id).await?, Case::replay(&history)) else {
                continue;
            };
            let party = self.party_record(&case.applicant).await?;
            let mut record = Saved::of(&case, &party, &self.reference(), self.now())?.record;
            let is_old = |row: &CaseRecord| row.state_json != record.state_json || row.custody != record.custody;
            let Some(row) = row.filter(is_old) else { continue };
            record.head.updated_at = row.updated_at;
            self.inner.store.write(move |tx| Box::pin(async move { tx.reproject_case(&record).await })).await?;
        }
        crate::reference::put(&self.inner.store, "state", STATE_FORMAT.to_owned(), self.now()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::tests::sample::Sample;
    use crate::{AppConfig, Clock};
    use domain::case::DeliveryWay;
    use store::Store;

    #[tokio::test]
    async fn states_that_another_program_wrote_are_made_anew_from_their_events() {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("hall.db").display());
        let sample = Sample::running(DeliveryWay::InPerson);
        let config = AppConfig {
            database: database.clone(),
            data_dir: folder.path().to_owned(),
            fonts_dir: std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts"),
            clock: Clock::frozen(sample.now),
            hall: "hall-1".into(),
            public_url: "http://localhost".to_owned(),
        };
        let app = App::open(config.clone()).await.unwrap();
        let party = PartyRecord {
            id: sample.case.applicant.clone(),
            kind: "enterprise".to_owned(),
            name: sample.party.name.clone(),
            uscc: None,
            working_name: None,
            contact_name: None,
            phone_enc: None,
            phone_tail: None,
            founder_name: None,
            founder_id_enc: None,
            founder_id_tail: None,
            address_enc: None,
            created_at: sample.now,
            updated_at: sample.now,
        };
        let right = Saved::of(&sample.case, &party, &sample.reference, sample.now).unwrap().record;
        let mut old = right.clone();
        old.state_json = old.state_json.replace("\"agent_changes\":[]", "\"agent_changes\":null");
        let events = event_records(domain::chain::GENESIS, &sample.history).unwrap();
        let store = Store::open(&database, "hall-1".into()).await.unwrap();
        store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_party(&party).await?;
                    tx.insert_case(&old, &events).await?;
                    Ok::<_, AppError>(())
                })
            })
            .await
            .unwrap();
        crate::reference::put(&store, "state", "1".to_owned(), sample.now).await.unwrap();
        assert!(app.load(&sample.case.id).await.is_err(), "the old form cannot be read");
        app.close().await;
        let app = App::open(config).await.unwrap();
        assert_eq!(app.load(&sample.case.id).await.unwrap().1, sample.case);
        assert_eq!(app.check().await.unwrap().findings.iter().filter(|f| f.what.contains("state")).count(), 0);
        app.close().await;
    }
}
