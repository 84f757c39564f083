//! From an application to a case: the applicant, its private data, the first event (S2.1, S4, S5.3).

use crate::accounts::User;
use crate::app::App;
use crate::cases::{CreatedCase, facts};
use crate::leads::turn_lead;
use crate::once::{Once, Outcome};
use crate::projection::{Saved, event_records};
use crate::secrets::new_id;
use crate::{AppError, FieldError};
use chrono::{Datelike, NaiveDate};
use domain::access::{Action, On, may};
use domain::case::{Application, Case, CaseChannel, DeliveryWay, Project, record, set_goal, submit};
use domain::catalogue::{Mode, Proposal, propose_mode};
use domain::chain::{Envelope, GENESIS};
use domain::identity::{
    OrgName, PersonName, Phone, PhoneError, ResidentId, ResidentIdError, TextError, Told, Uscc, UsccError,
};
use domain::ids::{CaseId, ConsultationId, LeadId, MatterCode, PartyId, TemplateCode};
use domain::lead::BUILDING;
use domain::people::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{PartyRecord, PersonRecord, StoreError};

/// The largest investment that is taken: a million times a hundred million yuan, in fen.
const MOST_FEN: i64 = 10_000_000_000_000_000;

/// A founder of an enterprise that has no credit code yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founder {
    /// The name.
    pub name: String,
    /// The identity number.
    pub id_number: String,
}

/// Whom to talk to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The telephone.
    pub phone: String,
}

/// Who applies: a registered enterprise by its code, or one that is being founded by its founder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewApplicant {
    /// The name, or the working name.
    pub name: String,
    /// The credit code.
    #[serde(default)]
    pub uscc: Option<String>,
    /// The founder.
    #[serde(default)]
    pub founder: Option<Founder>,
    /// Whom to talk to.
    pub contact: Contact,
}

/// An application. The JSON form is the body of `POST /cases`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// The consultation it comes from.
    #[serde(default)]
    pub consultation: Option<ConsultationId>,
    /// The lead that it comes from: project, template and matters may be left out where the lead says them.
    #[serde(default)]
    pub lead: Option<LeadId>,
    /// Who applies; may be left out where the consultation or the lead says it.
    #[serde(default)]
    pub applicant: Option<NewApplicant>,
    /// The project.
    #[serde(default)]
    pub project: Option<Project>,
    /// The template.
    #[serde(default)]
    pub template: Option<TemplateCode>,
    /// The matters.
    #[serde(default)]
    pub matters: Vec<MatterCode>,
    /// Agency or assistance; otherwise as the program proposes.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// How it came in.
    pub channel: CaseChannel,
    /// How the results are wanted.
    pub delivery: DeliveryWay,
}

/// What the checks of an applicant leave.
struct Applicant {
    name: String,
    uscc: Option<Uscc>,
    founder: Option<(String, ResidentId)>,
    contact_name: String,
    phone: Phone,
}

impl App {
    /// What the program proposes for these matters, and the matters themselves in list order.
    ///
    /// # Errors
    /// Unknown template or matter, or none.
    pub fn propose(
        &self,
        template: Option<&TemplateCode>,
        matters: &[MatterCode],
    ) -> Result<(Vec<MatterCode>, Proposal), AppError> {
        let reference = self.reference();
        let mut codes = match template {
            None => Vec::new(),
            Some(code) => {
                let found = reference.catalogue.template(code);
                found.ok_or_else(|| FieldError::new("/template", "unknown_template"))?.matters.clone()
            }
        };
        for code in matters {
            if reference.catalogue.matter(code).is_none() {
                return Err(FieldError::new("/matters", "unknown_matter").with("matter", code.as_str()).into());
            }
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        if codes.is_empty() {
            return Err(FieldError::new("/matters", "required").into());
        }
        let proposal = propose_mode(&reference.catalogue, &codes);
        Ok((codes, proposal))
    }

    /// Makes an application: checks every field, keeps the applicant's private data in their place and writes the first event.
    ///
    /// # Errors
    /// Forbidden, or the fields that are not right, all at once.
    pub async fn create_case(
        &self,
        user: &User,
        mut new: NewCase,
        once: Option<Once>,
    ) -> Result<CreatedCase, AppError> {
        if new.lead.is_none() {
            may(&user.actor, Action::CreateCase, On::Hall)?;
        }
        let wanted_start = self.fill_from_lead(user, &mut new).await?;
        let given = match (&new.consultation, new.applicant.clone()) {
            (Some(id), given) => self.applicant_from(id, given).await?,
            (None, Some(given)) => given,
            (None, None) => return Err(FieldError::new("/applicant", "required").into()),
        };
        let mut errors = Vec::new();
        let applicant = checked(&given, &mut errors);
        if let Some(project) = &new.project {
            check_project(project, &mut errors);
        }
        let Some(applicant) = applicant.filter(|_| errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let (party, party_change) = self.party_for(user, &applicant).await?;
        let is_online = user.has(Role::Applicant) && !user.is_staff();
        let channel = if is_online { CaseChannel::Online } else { new.channel };
        let filing = Filing { app: self.clone(), user: user.clone(), new, wanted_start, channel, party, party_change };
        let created = self.inner.store.write(move |tx| Box::pin(async move { filing.write(tx, once).await })).await?;
        if is_online {
            self.reload_reference().await?;
        }
        Ok(created)
    }

    /// Makes an enterprise's user a member of the party it applies for, if it is not yet.
    async fn join(&self, tx: &mut store::Tx, user: &User, party: &PartyRecord) -> Result<(), AppError> {
        if !user.has(Role::Applicant) || user.is_staff() || user.actor.enterprises.contains(&party.id) {
            return Ok(());
        }
        let Some(record) = tx.person(&user.actor.username).await? else {
            return Ok(());
        };
        let mut record = PersonRecord { updated_at: self.now(), ..record };
        record.enterprises.push(party.id.clone());
        tx.update_person(&record).await?;
        Ok(())
    }

    /// The party of an applicant: known by its code, or new. An enterprise's user cannot apply for another's enterprise.
    async fn party_for(&self, user: &User, applicant: &Applicant) -> Result<(PartyRecord, PartyChange), AppError> {
        let known = match &applicant.uscc {
            Some(uscc) => self.inner.store.party_by_uscc(uscc.as_str()).await?,
            None => None,
        };
        let now = self.now();
        let keys = &self.inner.keys;
        if let Some(known) = known {
            let is_member = user.actor.enterprises.contains(&known.id);
            if user.has(Role::Applicant) && !user.is_staff() && !is_member {
                return Err(FieldError::new("/applicant/uscc", "uscc_not_yours").into());
            }
            let party = PartyRecord {
                contact_name: Some(applicant.contact_name.clone()),
                phone_enc: Some(keys.encrypt(applicant.phone.as_str())?),
                phone_tail: Some(keys.tail_index(&applicant.phone.last_four())),
                updated_at: now,
                ..known
            };
            return Ok((party, PartyChange::Changed));
        }
        let founder = applicant.founder.as_ref();
        let party = PartyRecord {
            id: PartyId(new_id()),
            kind: if applicant.uscc.is_some() { "enterprise" } else { "founding" }.to_owned(),
            name: applicant.name.clone(),
            uscc: applicant.uscc.as_ref().map(|uscc| uscc.as_str().to_owned()),
            working_name: applicant.uscc.is_none().then(|| applicant.name.clone()),
            contact_name: Some(applicant.contact_name.clone()),
            phone_enc: Some(keys.encrypt(applicant.phone.as_str())?),
            phone_tail: Some(keys.tail_index(&applicant.phone.last_four())),
            founder_name: founder.map(|(name, _)| name.clone()),
            founder_id_enc: founder.map(|(_, id)| keys.encrypt(id.as_str())).transpose()?,
            founder_id_tail: founder.map(|(_, id)| keys.tail_index(id.last_four())),
            address_enc: None,
            created_at: now,
            updated_at: now,
        };
        Ok((party, PartyChange::New))
    }
}

/// An application that was checked and is to be written.
struct Filing {
    app: App,
    user: User,
    new: NewCase,
    /// When they want to begin building, if the lead says so.
    wanted_start: Option<NaiveDate>,
    channel: CaseChannel,
    party: PartyRecord,
    party_change: PartyChange,
}

impl Filing {
    /// Number, party, first events, row and answer, in one transaction.
    async fn write(self, tx: &mut store::Tx, once: Option<Once>) -> Result<CreatedCase, AppError> {
        let (reference, now) = (self.app.reference(), self.app.now());
        let year = domain::calendar::today(now).year();
        let serial = tx.next_number("case", year).await?;
        let application = Application {
            number: format!("{year}-{serial:04}"),
            applicant: self.party.id.clone(),
            founding: self.party.uscc.is_none(),
            project: self.new.project,
            channel: self.channel,
            delivery: self.new.delivery,
            consultation: self.new.consultation.clone(),
            template: self.new.template,
            matters: self.new.matters,
            mode: self.new.mode,
        };
        let files = BTreeMap::new();
        let facts = facts(&reference, now, &files, None);
        let id = CaseId(new_id());
        let actor = &self.user.actor.username;
        let event = submit(&application, &facts)?;
        let first = Envelope { case: id.clone(), seq: 1, at: now, actor: actor.clone(), on_behalf_of: None, event };
        let no_case = || AppError::Internal("an application makes no case".to_owned());
        let mut case = Case::begin(&first).ok_or_else(no_case)?;
        let mut envelopes = vec![first];
        // A day that has passed meanwhile is no goal, nor is a start of building where nothing is built.
        let wanted = self.wanted_start.map(|day| set_goal(&case, BUILDING, day, &facts));
        let wanted = wanted.and_then(Result::ok).unwrap_or_default();
        envelopes.extend(record(&mut case, wanted, actor, None, now));
        match self.party_change {
            PartyChange::New => tx.insert_party(&self.party).await?,
            PartyChange::Changed => tx.update_party(&self.party).await?,
        }
        self.app.join(tx, &self.user, &self.party).await?;
        let saved = Saved::of(&case, &self.party, &reference, now)?;
        tx.insert_case(&saved.record, &event_records(GENESIS, &envelopes)?).await?;
        if let Some(consultation) = &self.new.consultation {
            tx.set_consultation_case(consultation, &id).await.map_err(consultation_used)?;
        }
        if let Some(lead) = &self.new.lead {
            turn_lead(tx, &self.user, lead, &id, now).await?;
        }
        let created = CreatedCase { id, number: case.number.clone(), version: case.version };
        if let Some(once) = once {
            let (key, who, answer) = once.answered(&Outcome::Created(created.clone()), now);
            tx.remember(&key, &who, &answer).await?;
        }
        Ok(created)
    }
}

/// Two applications from one consultation at the same moment: one of them was first.
fn consultation_used(error: StoreError) -> AppError {
    match error.is_unique("consultation") {
        true => FieldError::new("/consultation", "consultation_used").into(),
        false => error.into(),
    }
}

/// What has to be written of a party.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PartyChange {
    New,
    Changed,
}

/// Checks an applicant whole, so that every wrong field is named at once.
fn checked(given: &NewApplicant, errors: &mut Vec<FieldError>) -> Option<Applicant> {
    let name = kept(errors, "/applicant/name", OrgName::parse(&given.name).map_err(TextError::told));
    let contact = PersonName::parse(&given.contact.name).map_err(TextError::told);
    let contact = kept(errors, "/applicant/contact/name", contact);
    let phone = Phone::parse(&given.contact.phone).map_err(PhoneError::told);
    let phone = kept(errors, "/applicant/contact/phone", phone);
    let code = given.uscc.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let uscc = match code {
        Some(code) => Some(kept(errors, "/applicant/uscc", Uscc::parse(code).map_err(UsccError::told))?),
        None => None,
    };
    let founder = match (code, &given.founder) {
        (Some(_), _) => None,
        (None, Some(founder)) => checked_founder(founder, errors),
        (None, None) => {
            errors.push(FieldError::new("/applicant/uscc", "uscc_or_founder"));
            None
        }
    };
    Some(Applicant { name: name?.to_string(), uscc, founder, contact_name: contact?.to_string(), phone: phone? })
}

/// A founder's name and identity number.
pub(crate) fn checked_founder(founder: &Founder, errors: &mut Vec<FieldError>) -> Option<(String, ResidentId)> {
    let name = kept(errors, "/applicant/founder/name", PersonName::parse(&founder.name).map_err(TextError::told));
    let id = ResidentId::parse(&founder.id_number).map_err(ResidentIdError::told);
    let id = kept(errors, "/applicant/founder/id_number", id);
    Some((name?.to_string(), id?))
}

/// A value that is right; what is wrong with another is added to the errors.
pub(crate) fn kept<T>(errors: &mut Vec<FieldError>, pointer: &str, read: Result<T, Told>) -> Option<T> {
    read.map_err(|told| errors.push(FieldError::told(pointer, told))).ok()
}

/// Checks a project whole.
pub(crate) fn check_project(project: &Project, errors: &mut Vec<FieldError>) {
    kept(errors, "/project/name", OrgName::parse(&project.name).map_err(TextError::told));
    if let Some(site) = project.site.as_deref().filter(|site| !site.trim().is_empty()) {
        kept(errors, "/project/site", OrgName::parse(site).map_err(TextError::told));
    }
    if project.investment_fen.is_some_and(|fen| !(0..=MOST_FEN).contains(&fen)) {
        errors.push(FieldError::new("/project/investment_fen", "amount"));
    }
}
