//! From a case to its papers: what each form is filled with. Nothing is decided here and nothing is stored; the same case
//! and context give the same form.

mod code;
mod decision;
mod delivery;
mod notice;
mod plain;
mod requested;
mod sheet;
mod takeover;
mod told;
mod transfer;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use code::verification_code;
pub(crate) use plain::plain;
pub(crate) use words::{document_title, form_of, matter_name, outcome_words, retention};

use chrono::NaiveDate;
use documents::{Form, HandoverParty, Head};
use domain::calendar::Calendar;
use domain::case::{Case, DocumentDue, DocumentKind, Policy, ResultItem};
use domain::catalogue::Catalogue;
use domain::custody::Item;
use domain::ids::{ItemId, OfficeCode, Username};
use domain::people::{Directory, OfficeKind};
use std::collections::BTreeMap;

/// Everything a paper needs besides the case.
#[derive(Clone, Debug)]
pub struct PaperContext<'a> {
    /// Offices and people.
    pub directory: &'a Directory,
    /// Matters and materials.
    pub catalogue: &'a Catalogue,
    /// The applicant, in clear.
    pub party: &'a PartyFull,
    /// Working days, for limits that a paper tells.
    pub calendar: &'a Calendar,
    /// Limits that the hall sets for itself.
    pub policy: &'a Policy,
    /// Today in the hall.
    pub today: NaiveDate,
    /// The verification code that is printed.
    pub code: String,
    /// The address of the page that checks the paper.
    pub check_url: String,
    /// The hash of the case's last event.
    pub record_head: Option<String>,
    /// The bytes of signature pictures, by their hash.
    pub pictures: &'a BTreeMap<String, Vec<u8>>,
    /// Where a parcel goes, while it is known.
    pub address: Option<&'a str>,
}

/// A party with its private fields in clear: only for making a paper, never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct PartyFull {
    /// The enterprise, or its working name while it is being founded.
    pub name: String,
    /// Its credit code.
    pub uscc: Option<String>,
    /// Whom to talk to.
    pub contact_name: String,
    /// Their telephone.
    pub contact_phone: String,
    /// The founder.
    pub founder_name: Option<String>,
}

impl std::fmt::Debug for PartyFull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartyFull").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a form cannot be filled. The rules never ask for a paper of which one of these is true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The case has no agent yet.
    #[error("the case has no agent")]
    NoAgent,
    /// There is no notice of that number.
    #[error("the notice {0:?} is not in the case")]
    UnknownNotice(Option<u32>),
    /// A piece, material or document that the case does not have.
    #[error("{0} is not in the case")]
    Unknown(String),
}

/// Fills the form of a document that is due.
///
/// # Errors
/// [`PaperError`]: the document does not fit the case.
pub fn form_for(case: &Case, due: &DocumentDue, context: &PaperContext<'_>) -> Result<Form, PaperError> {
    let paper = Paper { case, due, context };
    Ok(match due.kind {
        DocumentKind::OneTimeNotice => Form::OneTimeNotice(paper.one_time_notice()?),
        DocumentKind::HandoverList => Form::HandoverList(paper.handover_list()?),
        DocumentKind::Agreement => Form::Agreement(paper.agreement()?),
        DocumentKind::DeliveryNotice => Form::DeliveryNotice(paper.delivery_notice()?),
        DocumentKind::ReturnList => Form::HandoverList(paper.return_list()?),
        DocumentKind::SignatureSheet => Form::SignatureSheet(paper.signature_sheet()?),
        DocumentKind::TransferList => Form::TransferList(paper.transfer_list()),
        DocumentKind::Suspension => Form::Decision(paper.suspension()?),
        DocumentKind::Resumption => Form::Decision(paper.resumption()?),
        DocumentKind::Termination => Form::Decision(paper.termination()?),
        DocumentKind::AgentChange => Form::Decision(paper.agent_change()?),
        DocumentKind::TakeoverList => Form::HandoverList(paper.takeover_list()?),
        DocumentKind::Application => Form::ServiceApplication(paper.application()),
        DocumentKind::PowerOfAttorney => Form::PowerOfAttorney(paper.power_of_attorney()?),
        DocumentKind::TaskSlip => Form::TaskSlip(paper.task_slip()?),
        DocumentKind::CourierRecord => Form::CourierRecord(paper.courier_record()?),
        DocumentKind::DeferralPromise => Form::DeferralPromise(paper.deferral_promise()?),
        DocumentKind::DeferralNotice => Form::DeferralNotice(paper.deferral_notice()?),
        DocumentKind::SpecialNotice => Form::SpecialProcedureNotice(paper.special_notice()?),
        DocumentKind::GreenApproval => Form::GreenChannelApproval(paper.green_approval()?),
    })
}

/// A paper being filled.
struct Paper<'a> {
    case: &'a Case,
    due: &'a DocumentDue,
    context: &'a PaperContext<'a>,
}

impl<'a> Paper<'a> {
    fn head(&self) -> Head {
        Head {
            number: self.due.number.clone(),
            hall: self.context.directory.bureau.clone(),
            code: self.context.code.clone(),
            check_url: self.context.check_url.clone(),
            // A document whose content changes is offered as a new one with the next number, so none has a second version.
            version: 1,
        }
    }

    fn agent(&self) -> Result<&'a Username, PaperError> {
        self.case.agent.as_ref().ok_or(PaperError::NoAgent)
    }

    fn agent_name(&self) -> Result<String, PaperError> {
        Ok(self.context.directory.person_name(self.agent()?).to_owned())
    }

    /// The agent's office telephone, or that of the office.
    fn agent_phone(&self) -> Result<String, PaperError> {
        let own = self.context.directory.person(self.agent()?).map_or("", |person| person.phone.trim());
        let office = self.office_code().and_then(|code| self.context.directory.office(code));
        Ok(if own.is_empty() { office.map_or("", |office| office.phone.trim()) } else { own }.to_owned())
    }

    /// The office that answers for the case: the lead office, else the business office, which leads (S9.1).
    fn office_code(&self) -> Option<&'a OfficeCode> {
        self.case.lead_office.as_ref().or(self.context.directory.business_office.as_ref())
    }

    /// 代办方 in full: an office of the bureau with the bureau's name before it.
    fn agent_office(&self) -> String {
        let directory = self.context.directory;
        self.office_code().map_or_else(|| directory.bureau.clone(), |code| full_office_name(directory, code))
    }

    /// Who signs for the client: its contact; the founder while there is no enterprise yet (S5.3).
    fn client_signer(&self) -> Option<&'a str> {
        let party = self.context.party;
        let contact = Some(party.contact_name.trim());
        let founder = party.founder_name.as_deref().map(str::trim);
        let in_order = if self.case.founding { [founder, contact] } else { [contact, founder] };
        in_order.into_iter().flatten().find(|name| !name.is_empty())
    }

    /// Whom the client or an office may ask: the agent, or the office that answers for the case, and the telephone.
    fn contact(&self) -> (String, String) {
        let office = self.office_code().and_then(|code| self.context.directory.office(code));
        match (self.agent_name(), self.agent_phone()) {
            (Ok(name), Ok(phone)) => (name, phone),
            _ => (self.agent_office(), office.map(|office| office.phone.trim().to_owned()).unwrap_or_default()),
        }
    }

    fn client_side(&self) -> HandoverParty {
        HandoverParty {
            unit: self.context.party.name.clone(),
            person: self.client_signer().unwrap_or_default().to_owned(),
            phone: self.context.party.contact_phone.clone(),
        }
    }

    fn agent_side(&self) -> Result<HandoverParty, PaperError> {
        Ok(HandoverParty { unit: self.agent_office(), person: self.agent_name()?, phone: self.agent_phone()? })
    }

    /// The pieces that the document is about, in its order.
    fn items(&self) -> Result<Vec<&'a Item>, PaperError> {
        self.due.about.items.iter().map(|id| self.item(id)).collect()
    }

    /// The results that the document is about, in its order.
    fn results(&self) -> Result<impl Iterator<Item = &'a ResultItem>, PaperError> {
        let find = |id| self.case.result(id).ok_or_else(|| PaperError::Unknown(id.to_string()));
        let results = self.due.about.results.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        Ok(results.into_iter())
    }

    fn item(&self, id: &ItemId) -> Result<&'a Item, PaperError> {
        self.case.item(id).ok_or_else(|| PaperError::Unknown(id.to_string()))
    }

    /// A piece's name: that of the material it is for, with what tells it from others of the same material.
    fn item_name(&self, item: &Item) -> Result<String, PaperError> {
        let material = self.case.material(&item.material);
        let name = &material.ok_or_else(|| PaperError::Unknown(item.material.to_string()))?.spec.name;
        Ok(match &item.label {
            Some(label) => format!("{name}（{label}）"),
            None => name.clone(),
        })
    }

    /// The names of all matters of the case that are chosen, in list order.
    fn matters_named(&self, is_chosen: impl Fn(&domain::case::CaseMatter) -> bool) -> Vec<String> {
        let chosen = self.case.matters.iter().filter(|matter| is_chosen(matter));
        chosen.map(|matter| matter_name(self.context.catalogue, &matter.scope.code).to_owned()).collect()
    }
}

/// An office's name as a paper prints it.
pub(crate) fn full_office_name(directory: &Directory, code: &OfficeCode) -> String {
    let name = directory.office_name(code);
    let is_bureau = directory.office(code).is_some_and(|office| office.kind == OfficeKind::Bureau);
    if is_bureau && !name.starts_with(&directory.bureau) {
        format!("{}{name}", directory.bureau)
    } else {
        name.to_owned()
    }
}
