//! Consultations: every visit and call gets a record with an owner (S6.1).

use crate::accounts::User;
use crate::app::App;
use crate::error::wrong_cursor;
use crate::intake::{Contact, Founder, NewApplicant, checked_founder, kept};
use crate::once::{Once, Outcome};
use crate::secrets::new_id;
use crate::{AppError, FieldError};
use domain::access::{Action, On, may};
use domain::consultation::{self, Caller, Consultation, ConsultationChannel, ConsultationError};
use domain::identity::{OrgName, PersonName, Phone, PhoneError, TextError, Uscc, UsccError, mask_phone};
use domain::ids::{ConsultationId, MatterCode};
use serde::{Deserialize, Serialize};
use store::{ConsultationFilter, ConsultationRecord, Page};

/// Who asks: as much as they say. The same words as an applicant's, so that nothing is typed twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationApplicant {
    /// The enterprise's name, or the caller's where no enterprise is named.
    pub name: String,
    /// Its credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
    /// The founder, while it has no code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founder: Option<Founder>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The telephone, where no contact is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A consultation to be written down. The JSON form is the body of `POST /consultations`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsultation {
    /// Who asks.
    pub applicant: ConsultationApplicant,
    /// How they asked.
    pub channel: ConsultationChannel,
    /// What they asked.
    pub question: String,
    /// What they were told; empty while it is open.
    #[serde(default)]
    pub answer: Option<String>,
    /// Matters it was about.
    #[serde(default)]
    pub matters: Vec<MatterCode>,
    /// Laws and flows told.
    #[serde(default)]
    pub told: Vec<String>,
}

/// A consultation as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationView {
    /// The record.
    pub consultation: Consultation,
    /// Who asked, telephone and identity number masked.
    pub applicant: ConsultationApplicant,
}

impl App {
    /// Writes down a consultation; the person who does is responsible for it (首问负责).
    ///
    /// # Errors
    /// Forbidden, or fields that are not right.
    pub async fn register_consultation(
        &self,
        user: &User,
        new: NewConsultation,
        once: Option<Once>,
    ) -> Result<ConsultationId, AppError> {
        may(&user.actor, Action::CreateConsultation, On::Hall)?;
        let id = ConsultationId(new_id());
        let mut errors = Vec::new();
        let caller = caller(&new.applicant, &mut errors);
        let consultation = caller.and_then(|caller| {
            let record = consultation::NewConsultation {
                id: id.clone(),
                at: self.now(),
                channel: new.channel,
                applicant: caller,
                question: new.question,
                answer: new.answer,
                told: new.told,
                matters: new.matters,
                owner: user.actor.username.clone(),
            };
            let recorded = Consultation::record(record, &self.reference().catalogue);
            recorded.map_err(|error| errors.push(field_of(&error))).ok()
        });
        let Some(consultation) = consultation.filter(|_| errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let record = self.consultation_record(&consultation, &new.applicant)?;
        let answer = once.map(|once| once.answered(&Outcome::Consultation(id.clone()), self.now()));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_consultation(&record).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(id)
    }

    fn consultation_record(
        &self,
        consultation: &Consultation,
        applicant: &ConsultationApplicant,
    ) -> Result<ConsultationRecord, AppError> {
        let channel = serde_json::to_value(consultation.channel)?;
        Ok(ConsultationRecord {
            id: consultation.id.clone(),
            at: consultation.at,
            channel: channel.as_str().unwrap_or_default().to_owned(),
            owner: consultation.owner.clone(),
            applicant_json: self.inner.keys.encrypt(&serde_json::to_string(applicant)?)?,
            question: consultation.question.clone(),
            answer: consultation.answer.clone(),
            case: consultation.turned_into.clone(),
            state_json: serde_json::to_string(consultation)?,
        })
    }

    /// A consultation.
    ///
    /// # Errors
    /// Forbidden or not found.
    pub async fn consultation(&self, user: &User, id: &ConsultationId) -> Result<ConsultationView, AppError> {
        may(&user.actor, Action::SeeConsultations, On::Hall)?;
        let record = self.inner.store.consultation(id).await?.ok_or(AppError::NotFound)?;
        self.consultation_view(&record)
    }

    /// Consultations, the newest first.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn consultations(&self, user: &User, cursor: Option<&str>) -> Result<Page<ConsultationView>, AppError> {
        const PAGE: u64 = 20;
        may(&user.actor, Action::SeeConsultations, On::Hall)?;
        let page = self.inner.store.list_consultations(&ConsultationFilter::default(), cursor, PAGE).await;
        let page = page.map_err(wrong_cursor)?;
        let items = page.items.iter().map(|record| self.consultation_view(record)).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    fn consultation_view(&self, record: &ConsultationRecord) -> Result<ConsultationView, AppError> {
        let mut consultation: Consultation = serde_json::from_str(&record.state_json)?;
        consultation.turned_into.clone_from(&record.case);
        let mut applicant = self.consultation_applicant(record)?;
        applicant.phone = applicant.phone.as_deref().map(mask_phone);
        if let Some(contact) = &mut applicant.contact {
            contact.phone = mask_phone(&contact.phone);
        }
        if let Some(founder) = &mut applicant.founder {
            founder.id_number = domain::identity::mask_id_number(&founder.id_number);
        }
        Ok(ConsultationView { consultation, applicant })
    }

    fn consultation_applicant(&self, record: &ConsultationRecord) -> Result<ConsultationApplicant, AppError> {
        Ok(serde_json::from_str(&self.inner.keys.decrypt(&record.applicant_json)?)?)
    }

    /// Who applies, as the consultation has it; a field that the form left masked or empty is filled from there.
    pub(crate) async fn applicant_from(
        &self,
        id: &ConsultationId,
        given: Option<NewApplicant>,
    ) -> Result<NewApplicant, AppError> {
        let record = self.inner.store.consultation(id).await?;
        let record = record.ok_or_else(|| FieldError::new("/consultation", "unknown_consultation"))?;
        if record.case.is_some() {
            return Err(FieldError::new("/consultation", "consultation_used").into());
        }
        let known = self.consultation_applicant(&record)?;
        let known_phone = known.contact.as_ref().map(|c| c.phone.clone()).or(known.phone.clone()).unwrap_or_default();
        let Some(given) = given else {
            let contact = known.contact.unwrap_or_else(|| Contact { name: known.name.clone(), phone: known_phone });
            return Ok(NewApplicant { name: known.name, uscc: known.uscc, founder: known.founder, contact });
        };
        Ok(unmasked(given, known_phone, known.founder))
    }
}

/// An applicant as a form has it, with what the form left masked or empty as it is known.
pub(crate) fn unmasked(mut given: NewApplicant, phone: String, founder: Option<Founder>) -> NewApplicant {
    let is_masked = |text: &str| text.trim().is_empty() || text.contains('*');
    if is_masked(&given.contact.phone) {
        given.contact.phone = phone;
    }
    if let (Some(founder), Some(known)) = (&mut given.founder, founder)
        && is_masked(&founder.id_number)
    {
        founder.id_number = known.id_number;
    }
    given
}

/// Who asks, checked whole: what is given must be right, and little has to be given.
fn caller(given: &ConsultationApplicant, errors: &mut Vec<FieldError>) -> Option<Caller> {
    let is_given = |text: &&str| !text.trim().is_empty();
    let enterprise = OrgName::parse(&given.name).map_err(TextError::told);
    let enterprise = kept(errors, "/applicant/name", enterprise);
    let (at, name) = match &given.contact {
        Some(contact) => ("/applicant/contact/name", contact.name.as_str()),
        None => ("/applicant/name", given.name.as_str()),
    };
    let display_name = match (&given.contact, &enterprise) {
        (None, None) => None,
        _ => kept(errors, at, PersonName::parse(name).map_err(TextError::told)),
    };
    let code = given.uscc.as_deref().filter(is_given);
    let uscc = code.and_then(|code| kept(errors, "/applicant/uscc", Uscc::parse(code).map_err(UsccError::told)));
    let phones = [
        ("/applicant/contact/phone", given.contact.as_ref().map(|contact| contact.phone.as_str())),
        ("/applicant/phone", given.phone.as_deref()),
    ];
    for (at, phone) in phones {
        if let Some(phone) = phone.filter(is_given) {
            kept(errors, at, Phone::parse(phone).map_err(PhoneError::told));
        }
    }
    if let Some(founder) = &given.founder {
        checked_founder(founder, errors);
    }
    // With a name that is not right nothing is written; the question and the answer are looked at all the same.
    let display_name = display_name.or_else(|| PersonName::parse("？").ok())?;
    Some(Caller { display_name, enterprise, uscc, party: None })
}

fn field_of(error: &ConsultationError) -> FieldError {
    match error {
        ConsultationError::QuestionMissing => FieldError::new("/question", "required"),
        ConsultationError::AnswerMissing => FieldError::new("/answer", "required"),
        ConsultationError::Text { field, error } => FieldError::told(&format!("/{field}"), error.told()),
        ConsultationError::UnknownMatter(code) => {
            FieldError::new("/matters", "unknown_matter").with("matter", code.as_str())
        }
        _ => FieldError::new("", "invalid"),
    }
}
