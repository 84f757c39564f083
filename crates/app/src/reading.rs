//! A case as somebody may see it: state, party, what can be done now and what is in the way.

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::cases::facts;
use crate::making::archive_file;
use crate::parties::PartyView;
use crate::projection;
use crate::reference::Reference;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Actor, Grant, On, may};
use domain::calendar::Due;
use domain::case::{ActionState, Case, Event, Facts, RecordEvent, actions, matter_actions};
use domain::chain::Envelope;
use domain::clock::Light;
use domain::custody::FileRef;
use domain::ids::{CaseId, FileId, ItemId, MatterCode, PartyId, Username};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A case that was opened by somebody who may see it.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// The state.
    pub case: Case,
    /// The applicant, masked.
    pub party: PartyView,
    /// Why this person may see it.
    pub grant: Grant,
    /// Catalogue, calendar, offices and people of this moment.
    pub reference: Arc<Reference>,
    /// The moment.
    pub now: DateTime<Utc>,
    pub(crate) actor: Actor,
    files: BTreeMap<FileId, FileRef>,
}

/// A statutory fee that the client paid to an authority, as it was noted on the case (S2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedFee {
    /// The matter.
    pub matter: MatterCode,
    /// The fee's name.
    pub name: String,
    /// The law that sets it, as it was when it was noted.
    pub legal_basis: String,
    /// Whom it was paid to.
    pub payee: String,
    /// How much, in fen.
    pub amount_fen: i64,
    /// The number of the receipt.
    pub receipt: String,
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// Who noted it.
    pub by: Username,
}

impl OpenCase {
    /// The statement of fees (S2.2): everything that was noted, in the order of the case's events.
    #[must_use]
    pub fn fees(events: &[Envelope]) -> Vec<NotedFee> {
        let fee = |envelope: &Envelope| match &envelope.event {
            Event::Record(RecordEvent::FeeNoted { matter, fee, legal_basis, payee, amount_fen, receipt }) => {
                Some(NotedFee {
                    matter: matter.clone(),
                    name: fee.clone(),
                    legal_basis: legal_basis.clone(),
                    payee: payee.clone(),
                    amount_fen: *amount_fen,
                    receipt: receipt.clone(),
                    at: envelope.at,
                    by: envelope.actor.clone(),
                })
            }
            _ => None,
        };
        events.iter().filter_map(fee).collect()
    }

    /// The facts of this moment.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        facts(&self.reference, self.now, &self.files, None)
    }

    /// Every command with allowed or not, and why not.
    #[must_use]
    pub fn actions(&self) -> Vec<ActionState> {
        actions(&self.case, &self.actor, &self.facts())
    }

    /// The commands on one matter.
    #[must_use]
    pub fn matter_actions(&self, matter: &MatterCode) -> Vec<ActionState> {
        matter_actions(&self.case, matter, &self.actor, &self.facts())
    }

    /// The pieces whose arrival this person has to confirm, itself or for its office.
    #[must_use]
    pub fn to_take(&self) -> Vec<ItemId> {
        let (me, office) = (&self.actor.username, self.actor.office.as_ref());
        self.case.open_moves().filter(|line| line.is_to(me, office)).map(|line| line.item.clone()).collect()
    }

    /// When a matter is due, while its time counts.
    #[must_use]
    pub fn due(&self, matter: &MatterCode) -> Option<Due> {
        let matter = self.case.matter(matter)?;
        projection::matter_due(matter, &self.reference, self.now)?;
        matter.clock.as_ref()?.due(&self.reference.calendar, self.now)
    }

    /// A matter's light.
    #[must_use]
    pub fn light(&self, matter: &MatterCode) -> Light {
        let matter = self.case.matter(matter);
        matter.map_or(Light::Grey, |matter| projection::matter_light(matter, &self.reference, self.now))
    }

    /// The case's light.
    #[must_use]
    pub fn colour(&self) -> Light {
        projection::colour(&self.case, &self.reference, self.now)
    }

    /// The next day on which something of the case is due.
    #[must_use]
    pub fn due_on(&self) -> Option<NaiveDate> {
        projection::due_on(&self.case, &self.reference, self.now)
    }

    /// Whether the person who opened it is a member of the enterprise that applied.
    #[must_use]
    pub fn is_own_enterprise(&self) -> bool {
        self.actor.enterprises.contains(&self.case.applicant)
    }
}

impl App {
    /// Opens a case.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also where the person may not know of it.
    pub async fn open_case(&self, user: &User, id: &CaseId) -> Result<OpenCase, AppError> {
        let (_, case) = self.load(id).await?;
        let grant = self.granted(user, &case, Action::SeeCase)?;
        let party = self.party_view(&self.party_record(&case.applicant).await?)?;
        Ok(self.opened(user, case, grant, party))
    }

    /// Opens cases that a list shows, in its order; those that the person may not see are left out.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open_cases(&self, user: &User, ids: &[CaseId]) -> Result<Vec<OpenCase>, AppError> {
        let states = self.inner.store.case_states(ids).await?;
        let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
        for state in states {
            let case: Case = serde_json::from_str(&state)?;
            cases.insert(case.id.clone(), case);
        }
        let parties: Vec<PartyId> = cases.values().map(|case| case.applicant.clone()).collect();
        let parties = self.inner.store.parties(&parties).await?;
        let mut opened = Vec::with_capacity(cases.len());
        for case in ids.iter().filter_map(|id| cases.remove(id)) {
            let Ok(grant) = self.granted(user, &case, Action::SeeCase) else { continue };
            let party = parties.iter().find(|party| party.id == case.applicant).ok_or(AppError::NotFound)?;
            let party = self.party_view(party)?;
            opened.push(self.opened(user, case, grant, party));
        }
        Ok(opened)
    }

    fn opened(&self, user: &User, case: Case, grant: Grant, party: PartyView) -> OpenCase {
        OpenCase {
            case,
            party,
            grant,
            reference: self.reference(),
            now: self.now(),
            actor: user.actor.clone(),
            files: BTreeMap::new(),
        }
    }

    pub(crate) fn granted(&self, user: &User, case: &Case, action: Action) -> Result<Grant, AppError> {
        let reference = self.reference();
        let today = domain::calendar::today(self.now());
        Ok(may(&user.actor, action, On::Case { case, matter: None, directory: &reference.directory, today })?)
    }

    /// The id of a case by its number, for those who may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn case_by_number(&self, user: &User, number: &str) -> Result<CaseId, AppError> {
        let row = self.inner.store.case_by_number(number).await?.ok_or(AppError::NotFound)?;
        let case: Case = serde_json::from_str(&row.state_json)?;
        self.granted(user, &case, Action::SeeCase)?;
        Ok(case.id)
    }

    /// A case's events after the one with number `after`, in order.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn events(&self, user: &User, id: &CaseId, after: u64) -> Result<Vec<Envelope>, AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeCase)?;
        let rows = self.inner.store.events(id, i64::try_from(after).unwrap_or(i64::MAX)).await?;
        Ok(rows.iter().map(|row| serde_json::from_slice(&row.body)).collect::<Result<_, _>>()?)
    }

    /// The events of a case that was opened, from the first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn events_of(&self, open: &OpenCase) -> Result<Vec<Envelope>, AppError> {
        let rows = self.inner.store.events(&open.case.id, 0).await?;
        Ok(rows.iter().map(|row| serde_json::from_slice(&row.body)).collect::<Result<_, _>>()?)
    }

    /// The hash of a case's last event: what `bangban verify --expect` holds a package against.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn chain_head(&self, user: &User, id: &CaseId) -> Result<String, AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeCase)?;
        let last = self.inner.store.last_event(id).await?;
        Ok(last.map_or_else(String::new, |(_, hash)| hash))
    }

    /// The sealed package of a volume of a case, from 1, with its name.
    ///
    /// # Errors
    /// Not found, also while it is not sealed; forbidden.
    pub async fn archive_zip(&self, user: &User, id: &CaseId, volume: u32) -> Result<(String, Vec<u8>), AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeArchive)?;
        let row = self.inner.store.file(&archive_file(id, volume)).await?.ok_or(AppError::NotFound)?;
        Ok((row.name, self.inner.files.get(&row.hash).await?))
    }
}
