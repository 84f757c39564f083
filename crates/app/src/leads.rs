//! Leads on projects before any application (提前介入、靠前服务, S5.3): written down, followed, and once made into an application
//! with nothing typed again.

use crate::accounts::User;
use crate::app::App;
use crate::error::wrong_cursor;
use crate::intake::{NewApplicant, NewCase, check_project, checked_founder, kept};
use crate::once::{Once, Outcome};
use crate::secrets::new_id;
use crate::{AppError, FieldError, OpenCase};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::case::CommandKind;
use domain::identity::{OrgName, PersonName, Phone, PhoneError, TextError, Uscc, UsccError, mask_phone};
use domain::ids::{CaseId, LeadId, MatterCode, TemplateCode, Username};
use domain::lead::{Lead, LeadError, LeadLine, LeadProject, LeadSource, LeadStatus, NextStep, Visit};
use domain::people::Role;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{LeadFilter, LeadRecord, LineRecord, Page};

/// A lead to be written down. The JSON form is the body of `POST /leads`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLead {
    /// Whose project: a credit code or a founder may be left out.
    pub applicant: NewApplicant,
    /// The project.
    pub project: LeadProject,
    /// How it came to us.
    pub source: LeadSource,
    /// The likely template.
    #[serde(default)]
    pub template: Option<TemplateCode>,
    /// Likely matters beside the template's.
    #[serde(default)]
    pub matters: Vec<MatterCode>,
    /// The agent, for those who may name one.
    #[serde(default)]
    pub agent: Option<Username>,
    /// Planned steps.
    #[serde(default)]
    pub steps: Vec<NextStep>,
}

/// Who is to follow a lead. The JSON form is the body of `POST /leads/{id}/assign`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignLead {
    /// The agent.
    pub agent: Username,
}

/// Why a lead is followed no more. The JSON form is the body of `POST /leads/{id}/close`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseLead {
    /// Why.
    pub reason: String,
}

/// What a list of leads is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadQuery {
    /// In this status.
    pub status: Option<String>,
    /// Only those that the reader answers for.
    pub mine: bool,
    /// Only those without an agent.
    pub unassigned: bool,
    /// Only those whose next step is overdue.
    pub overdue: bool,
    /// Found by this text.
    pub q: Option<String>,
}

/// A lead as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadView {
    /// The lead.
    pub lead: Lead,
    /// Whom to talk to, telephone and identity number masked.
    pub applicant: NewApplicant,
}

/// A line of a history as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineView<T> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Username,
    /// What.
    pub line: T,
}

impl App {
    /// Writes down a lead; whoever does answers for it until an agent is named.
    ///
    /// # Errors
    /// Forbidden, or the fields that are not right, all at once.
    pub async fn record_lead(&self, user: &User, new: NewLead, once: Option<Once>) -> Result<LeadId, AppError> {
        may(&user.actor, Action::RecordLead, On::Hall)?;
        let (now, reference) = (self.now(), self.reference());
        let mut errors = Vec::new();
        let who = checked(&new.applicant, &mut errors);
        check_project(&new.project.applied_for(), &mut errors);
        let id = LeadId(new_id());
        let Some((name, uscc)) = who.filter(|_| errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let record = domain::lead::NewLead {
            id: id.clone(),
            at: now,
            recorded_by: user.actor.username.clone(),
            name,
            uscc,
            project: new.project,
            source: new.source,
            template: new.template,
            matters: new.matters,
            steps: new.steps,
        };
        let (mut lead, first) = Lead::record(record, &reference.catalogue, today(now)).map_err(field_of)?;
        let mut lines = vec![first];
        if let Some(agent) = &new.agent {
            may(&user.actor, Action::AssignLead, On::Lead(&lead))?;
            lines.extend(lead.assign(agent, &reference.directory).map_err(field_of)?);
        }
        let applicant_json = self.inner.keys.encrypt(&serde_json::to_string(&new.applicant)?)?;
        let row = record_of(&lead, applicant_json)?;
        let lines = lines.iter().map(|line| line_record(user, now, line)).collect::<Result<Vec<_>, _>>()?;
        let answer = once.map(|once| once.answered(&Outcome::Lead(id.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_lead(&row, &words(&lead)).await?;
                    for line in &lines {
                        tx.append_line(row.id.as_str(), line).await?;
                    }
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(id)
    }

    /// A lead.
    ///
    /// # Errors
    /// Not found, also where the person may not know of it.
    pub async fn lead(&self, user: &User, id: &LeadId) -> Result<LeadView, AppError> {
        let record = self.inner.store.lead(id).await?.ok_or(AppError::NotFound)?;
        let view = self.lead_view(&record)?;
        may(&user.actor, Action::SeeLead, On::Lead(&view.lead))?;
        Ok(view)
    }

    /// The history of a lead, in order.
    ///
    /// # Errors
    /// As [`App::lead`].
    pub async fn lead_lines(&self, user: &User, id: &LeadId) -> Result<Vec<LineView<LeadLine>>, AppError> {
        self.lead(user, id).await?;
        self.line_views(id.as_str()).await
    }

    /// Leads that the person may see: those that are followed first, by the day of their next step.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn leads(
        &self,
        user: &User,
        query: &LeadQuery,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<LeadView>, AppError> {
        may(&user.actor, Action::ListLeads, On::Hall)?;
        let page = self.inner.store.list_leads(&self.lead_filter(user, query), cursor, u64::from(limit)).await;
        let page = page.map_err(wrong_cursor)?;
        let items = page.items.iter().map(|record| self.lead_view(record)).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    /// How many leads the person may see, by status.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn count_leads(&self, user: &User, query: &LeadQuery) -> Result<BTreeMap<String, u64>, AppError> {
        may(&user.actor, Action::ListLeads, On::Hall)?;
        Ok(self.inner.store.count_leads(&self.lead_filter(user, query)).await?)
    }

    /// What [`domain::access`] lets the person see of leads, as the store obeys it.
    fn lead_filter(&self, user: &User, query: &LeadQuery) -> LeadFilter {
        let actor = &user.actor;
        let sees_all = user.has(Role::Supervisor)
            || user.has(Role::Director)
            || (user.has(Role::OfficeHead) && actor.of_business_office)
            || (user.has(Role::WindowClerk) && actor.of_bureau);
        LeadFilter {
            status: query.status.clone(),
            owner: (query.mine || !sees_all).then(|| actor.username.clone()),
            unassigned: query.unassigned,
            due_before: query.overdue.then(|| today(self.now())),
            q: query.q.clone(),
        }
    }

    /// Writes down a visit.
    ///
    /// # Errors
    /// Not found, forbidden, or what is wrong with the visit.
    pub async fn visit_lead(
        &self,
        user: &User,
        id: &LeadId,
        visit: Visit,
        once: Option<Once>,
    ) -> Result<LeadId, AppError> {
        let day = today(self.now());
        self.change_lead(user, id, Action::FollowLead, once, move |lead| lead.visit(visit, day).map(Some)).await
    }

    /// Names the agent of a lead.
    ///
    /// # Errors
    /// Not found, forbidden, or that nobody so called can be named.
    pub async fn assign_lead(
        &self,
        user: &User,
        id: &LeadId,
        to: AssignLead,
        once: Option<Once>,
    ) -> Result<LeadId, AppError> {
        let reference = self.reference();
        let assign = move |lead: &mut Lead| lead.assign(&to.agent, &reference.directory);
        self.change_lead(user, id, Action::AssignLead, once, assign).await
    }

    /// Follows a lead no more.
    ///
    /// # Errors
    /// Not found, forbidden, or no reason.
    pub async fn close_lead(
        &self,
        user: &User,
        id: &LeadId,
        why: CloseLead,
        once: Option<Once>,
    ) -> Result<LeadId, AppError> {
        self.change_lead(user, id, Action::FollowLead, once, move |lead| lead.close(&why.reason).map(Some)).await
    }

    /// Holds a lead, asks whether the person may, changes it and appends the line, in one transaction.
    async fn change_lead(
        &self,
        user: &User,
        id: &LeadId,
        action: Action,
        once: Option<Once>,
        change: impl FnOnce(&mut Lead) -> Result<Option<LeadLine>, LeadError> + Send + 'static,
    ) -> Result<LeadId, AppError> {
        let (now, user, id) = (self.now(), user.clone(), id.clone());
        let answer = once.map(|once| once.answered(&Outcome::Lead(id.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let record = tx.hold_lead(&id).await?.ok_or(AppError::NotFound)?;
                    let mut lead = lead_of(&record)?;
                    may(&user.actor, action, On::Lead(&lead))?;
                    if let Some(line) = change(&mut lead).map_err(field_of)? {
                        tx.update_lead(&record_of(&lead, record.applicant_json)?).await?;
                        tx.append_line(id.as_str(), &line_record(&user, now, &line)?).await?;
                    }
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(id)
                })
            })
            .await
    }

    /// What a lead knows fills what an application leaves out or masked; refused if somebody may not make one of it. Answers the
    /// day on which they want to begin building.
    pub(crate) async fn fill_from_lead(&self, user: &User, new: &mut NewCase) -> Result<Option<NaiveDate>, AppError> {
        let Some(id) = &new.lead else { return Ok(None) };
        let unknown = || FieldError::new("/lead", "unknown_lead");
        let record = self.inner.store.lead(id).await?.ok_or_else(unknown)?;
        let lead = lead_of(&record)?;
        may(&user.actor, Action::TurnLead, On::Lead(&lead)).map_err(|denied| match denied {
            domain::access::Denied::Unknown => unknown().into(),
            domain::access::Denied::Forbidden => AppError::Forbidden,
        })?;
        lead.only_open().map_err(|error| FieldError::told("/lead", error.told()))?;
        let known: NewApplicant = serde_json::from_str(&self.inner.keys.decrypt(&record.applicant_json)?)?;
        new.applicant = Some(match new.applicant.take() {
            None => known,
            Some(given) => crate::consultations::unmasked(given, known.contact.phone, known.founder),
        });
        new.project.get_or_insert_with(|| lead.project.applied_for());
        if new.template.is_none() && new.matters.is_empty() {
            new.template.clone_from(&lead.template);
            new.matters.clone_from(&lead.matters);
        }
        Ok(lead.project.wanted_start)
    }

    /// Whether somebody may make an application of a lead.
    #[must_use]
    pub fn may_turn_lead(&self, user: &User, lead: &Lead) -> bool {
        lead.only_open().is_ok() && may(&user.actor, Action::TurnLead, On::Lead(lead)).is_ok()
    }

    /// The agent of the lead that an open case comes from: who would go on with it. Nobody for those who cannot name the agent.
    ///
    /// # Errors
    /// What the store says.
    pub async fn agent_before(&self, user: &User, open: &OpenCase) -> Result<Option<Username>, AppError> {
        if self.granted(user, &open.case, Action::Command(CommandKind::AssignAgent)).is_err() {
            return Ok(None);
        }
        Ok(self.inner.store.lead_of_case(&open.case.id).await?.and_then(|record| record.agent))
    }

    /// The lead that an open case comes from, for those who may see it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn lead_before(&self, user: &User, open: &OpenCase) -> Result<Option<LeadId>, AppError> {
        let Some(record) = self.inner.store.lead_of_case(&open.case.id).await? else { return Ok(None) };
        let lead = lead_of(&record)?;
        Ok(may(&user.actor, Action::SeeLead, On::Lead(&lead)).is_ok().then_some(lead.id))
    }

    fn lead_view(&self, record: &LeadRecord) -> Result<LeadView, AppError> {
        let mut applicant: NewApplicant = serde_json::from_str(&self.inner.keys.decrypt(&record.applicant_json)?)?;
        applicant.contact.phone = mask_phone(&applicant.contact.phone);
        if let Some(founder) = &mut applicant.founder {
            founder.id_number = domain::identity::mask_id_number(&founder.id_number);
        }
        Ok(LeadView { lead: lead_of(record)?, applicant })
    }

    /// The history of a lead or a meeting as it is shown.
    pub(crate) async fn line_views<T: DeserializeOwned>(&self, subject: &str) -> Result<Vec<LineView<T>>, AppError> {
        let lines = self.inner.store.lines_of(subject).await?;
        let view = |line: LineRecord| {
            Ok(LineView { at: line.at, actor: line.actor, line: serde_json::from_str(&line.body_json)? })
        };
        lines.into_iter().map(view).collect()
    }
}

/// Notes in the transaction that makes the case that it comes of this lead; of two at the same moment one is first.
pub(crate) async fn turn_lead(
    tx: &mut store::Tx,
    user: &User,
    id: &LeadId,
    case: &CaseId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let record = tx.hold_lead(id).await?.ok_or_else(|| FieldError::new("/lead", "unknown_lead"))?;
    let mut lead = lead_of(&record)?;
    let line = lead.turn_into(case).map_err(|error| FieldError::told("/lead", error.told()))?;
    tx.update_lead(&record_of(&lead, record.applicant_json)?).await?;
    tx.append_line(id.as_str(), &line_record(user, now, &line)?).await?;
    Ok(())
}

/// A line as it is stored.
pub(crate) fn line_record(user: &User, now: DateTime<Utc>, line: &impl Serialize) -> Result<LineRecord, AppError> {
    Ok(LineRecord { at: now, actor: user.actor.username.clone(), body_json: serde_json::to_string(line)? })
}

fn lead_of(record: &LeadRecord) -> Result<Lead, AppError> {
    Ok(serde_json::from_str(&record.state_json)?)
}

fn record_of(lead: &Lead, applicant_json: String) -> Result<LeadRecord, AppError> {
    let case = match &lead.status {
        LeadStatus::Applied { case } => Some(case.clone()),
        LeadStatus::Open | LeadStatus::Closed { .. } => None,
    };
    Ok(LeadRecord {
        id: lead.id.clone(),
        at: lead.at,
        status: lead.status.name().to_owned(),
        over: lead.status != LeadStatus::Open,
        due: lead.next_step().map(|step| step.due),
        agent: lead.agent.clone(),
        recorded_by: lead.recorded_by.clone(),
        case,
        applicant_json,
        state_json: serde_json::to_string(lead)?,
    })
}

/// The words by which a lead is found.
fn words(lead: &Lead) -> String {
    let project = &lead.project;
    let more = [project.site.as_deref(), project.kind.as_deref()];
    let more: Vec<&str> = more.into_iter().flatten().collect();
    format!("{}\n{}\n{}", lead.name, project.name, more.join("\n"))
}

/// Whose project it is: a name and a contact; a code or a founder, where given, must be right.
fn checked(given: &NewApplicant, errors: &mut Vec<FieldError>) -> Option<(OrgName, Option<Uscc>)> {
    let name = kept(errors, "/applicant/name", OrgName::parse(&given.name).map_err(TextError::told));
    let contact = PersonName::parse(&given.contact.name).map_err(TextError::told);
    kept(errors, "/applicant/contact/name", contact);
    kept(errors, "/applicant/contact/phone", Phone::parse(&given.contact.phone).map_err(PhoneError::told));
    let code = given.uscc.as_deref().filter(|code| !code.trim().is_empty());
    let uscc = code.and_then(|code| kept(errors, "/applicant/uscc", Uscc::parse(code).map_err(UsccError::told)));
    if let Some(founder) = &given.founder {
        checked_founder(founder, errors);
    }
    Some((name?, uscc))
}

fn field_of(error: LeadError) -> AppError {
    FieldError::told(error.field(), error.told()).into()
}
