//! Parties: the one place of private data. Stored encrypted, shown masked, revealed by a recorded click.

use crate::accounts::User;
use crate::app::App;
use crate::secrets::new_id;
use crate::{AppError, FieldError};
use domain::access::Action;
use domain::case::LONGEST_TEXT;
use domain::identity::{mask_id_number, mask_phone, read_text};
use domain::ids::{CaseId, PartyId};
use store::{AuditRecord, PartyRecord};

pub use crate::papers::PartyFull;

/// A party as pages and API show it: private fields masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyView {
    /// The party.
    pub id: PartyId,
    /// Its name, or the working name while it is being founded.
    pub name: String,
    /// Its credit code.
    pub uscc: Option<String>,
    /// Still being founded.
    pub founding: bool,
    /// Whom to talk to.
    pub contact_name: String,
    /// Their telephone, masked.
    pub contact_phone_masked: String,
    /// The founder.
    pub founder_name: Option<String>,
    /// The founder's identity number, masked.
    pub founder_id_masked: Option<String>,
}

/// A private field that can be revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateField {
    /// The contact's telephone.
    ContactPhone,
    /// The founder's identity number.
    FounderId,
}

impl PrivateField {
    /// The name in addresses and in the audit.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ContactPhone => "contact_phone",
            Self::FounderId => "founder_id",
        }
    }

    /// Reads a field's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::ContactPhone, Self::FounderId].into_iter().find(|field| field.name() == name)
    }
}

impl App {
    /// The party, masked.
    pub(crate) fn party_view(&self, record: &PartyRecord) -> Result<PartyView, AppError> {
        let phone = self.decrypted(record.phone_enc.as_deref())?;
        let id_number = self.decrypted(record.founder_id_enc.as_deref())?;
        Ok(PartyView {
            id: record.id.clone(),
            name: record.name.clone(),
            uscc: record.uscc.clone(),
            founding: record.uscc.is_none(),
            contact_name: record.contact_name.clone().unwrap_or_default(),
            contact_phone_masked: phone.as_deref().map(mask_phone).unwrap_or_default(),
            founder_name: record.founder_name.clone(),
            founder_id_masked: id_number.as_deref().map(mask_id_number),
        })
    }

    /// The party as a paper prints it.
    pub(crate) fn party_full(&self, record: &PartyRecord) -> Result<PartyFull, AppError> {
        Ok(PartyFull {
            name: record.name.clone(),
            uscc: record.uscc.clone(),
            contact_name: record.contact_name.clone().unwrap_or_default(),
            contact_phone: self.decrypted(record.phone_enc.as_deref())?.unwrap_or_default(),
            founder_name: record.founder_name.clone(),
        })
    }

    pub(crate) fn decrypted(&self, text: Option<&str>) -> Result<Option<String>, AppError> {
        text.map(|text| self.inner.keys.decrypt(text)).transpose()
    }

    pub(crate) async fn party_record(&self, id: &PartyId) -> Result<PartyRecord, AppError> {
        let found = self.inner.store.party(id).await?;
        found.ok_or_else(|| AppError::Internal(format!("the party {id} is not there")))
    }

    /// The enterprises that somebody is a member of.
    ///
    /// # Errors
    /// What the store says.
    pub async fn enterprises(&self, user: &User) -> Result<Vec<PartyView>, AppError> {
        let records = self.inner.store.parties(&user.actor.enterprises).await?;
        records.iter().map(|record| self.party_view(record)).collect()
    }

    /// Shows a private field in full. The reading and its reason are recorded before the answer.
    ///
    /// # Errors
    /// Not found, forbidden, or no reason.
    pub async fn reveal(
        &self,
        user: &User,
        id: &CaseId,
        field: PrivateField,
        reason: &str,
    ) -> Result<String, AppError> {
        let reason = read_text(reason, LONGEST_TEXT).map_err(|error| FieldError::told("/reason", error.told()))?;
        let (_, case) = self.load(id).await?;
        let grant = self.granted(user, &case, Action::SeePrivate)?;
        let record = self.party_record(&case.applicant).await?;
        let text = match field {
            PrivateField::ContactPhone => record.phone_enc.as_deref(),
            PrivateField::FounderId => record.founder_id_enc.as_deref(),
        };
        let value = self.decrypted(text)?.ok_or(AppError::NotFound)?;
        let audit = AuditRecord {
            id: new_id(),
            at: self.now(),
            actor: user.actor.username.clone(),
            action: "see_private".to_owned(),
            resource: format!("case {id} {}", field.name()),
            reason: Some(reason),
            grant_json: serde_json::to_string(&grant)?,
        };
        self.inner.store.write(move |tx| Box::pin(async move { tx.insert_audit(&audit).await })).await?;
        Ok(value)
    }
}
