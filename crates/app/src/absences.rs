//! Absences of staff (S5.3): recorded by whoever answers for the person's work, seen at once by the access rules, so that the
//! stand-in can act; ended early when the person is back, and never taken away.

use crate::accounts::User;
use crate::app::App;
use crate::once::{Once, Outcome};
use crate::secrets::new_id;
use crate::{AppError, CaseQuery, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Grant, On, may};
use domain::ids::{CaseId, Username};
use domain::people::{Absence, AbsenceProblem, AbsenceReason, Person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{AbsenceEnd, AbsenceRecord, AuditRecord, CaseFilter, CaseOrder, StoreError};

/// An absence to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAbsence {
    /// First day away.
    pub from: NaiveDate,
    /// Last day away.
    pub to: NaiveDate,
    /// Why.
    pub reason: AbsenceReason,
}

/// A recorded absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceView {
    /// The absence.
    pub id: String,
    /// Who is away.
    pub person: Username,
    /// First day away.
    pub from: NaiveDate,
    /// Last day away, as recorded.
    pub to: NaiveDate,
    /// Why. Shown only to those who may record absences of this person.
    pub reason: AbsenceReason,
    /// The first day at work again, where it ended early.
    pub back_on: Option<NaiveDate>,
    /// Who recorded it.
    pub recorded_by: Username,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl AbsenceView {
    /// The days that it really covers; none if it was called off before it began.
    #[must_use]
    pub fn days(&self) -> Option<Absence> {
        let recorded = Absence { from: self.from, to: self.to };
        self.back_on.map_or(Some(recorded), |back_on| recorded.until_back(back_on))
    }

    /// Whether the person is away on `day` or later.
    #[must_use]
    pub fn lasts_beyond(&self, day: NaiveDate) -> bool {
        self.days().is_some_and(|days| day <= days.to)
    }
}

impl From<AbsenceRecord> for AbsenceView {
    fn from(record: AbsenceRecord) -> Self {
        Self {
            id: record.id,
            person: record.username,
            from: record.from,
            to: record.to,
            reason: AbsenceReason::parse(&record.reason).unwrap_or(AbsenceReason::Other),
            back_on: record.end.map(|end| end.back_on),
            recorded_by: record.recorded_by,
            recorded_at: record.recorded_at,
        }
    }
}

/// An open case whose agent is away and for whom nobody stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncoveredCase {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Whether the one who asks may open it.
    pub visible: bool,
}

/// What came of recording an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAbsence {
    /// The absence.
    pub absence: AbsenceView,
    /// The person's open cases that have no stand-in for it.
    pub cases_without_stand_in: Vec<UncoveredCase>,
}

impl App {
    /// Records that a person is away, and tells which of its cases nobody stands in for.
    ///
    /// # Errors
    /// Not found for somebody who is no member of staff, forbidden, or what is wrong with the days.
    pub async fn record_absence(
        &self,
        user: &User,
        person: &Username,
        new: NewAbsence,
        once: Option<Once>,
    ) -> Result<RecordedAbsence, AppError> {
        let grant = self.absence_grant(user, person)?;
        let (now, today) = (self.now(), domain::calendar::today(self.now()));
        let record = AbsenceRecord {
            id: new_id(),
            username: person.clone(),
            from: new.from,
            to: new.to,
            reason: new.reason.name().to_owned(),
            recorded_by: user.actor.username.clone(),
            recorded_at: store::micros(now),
            end: None,
        };
        // Checked before anything is looked up; the days of others are looked at again inside the transaction.
        Absence::recorded(new.from, new.to, today, &[]).map_err(field_of)?;
        let uncovered = self.cases_without_stand_in(user, person, Absence { from: new.from, to: new.to }).await?;
        let recorded = RecordedAbsence { absence: record.clone().into(), cases_without_stand_in: uncovered };
        let audit = self.absence_audit("record_absence", &record, &grant)?;
        let answer = once.map(|once| once.answered(&Outcome::Absence(recorded.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    // Two who record for one person at the same moment take turns: the second sees what the first wrote.
                    tx.hold_person(&record.username).await?;
                    let known = days_of(tx.absences_of(&record.username).await?);
                    Absence::recorded(record.from, record.to, today, &known).map_err(field_of)?;
                    tx.insert_absence(&record).await?;
                    tx.insert_audit(&audit).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        self.reload_reference().await?;
        Ok(recorded)
    }

    /// Records that a person is back today, or that an absence to come is called off. Ending one twice changes nothing.
    ///
    /// # Errors
    /// Not found, forbidden, or that it was over already.
    pub async fn end_absence(&self, user: &User, person: &Username, id: &str) -> Result<AbsenceView, AppError> {
        let grant = self.absence_grant(user, person)?;
        let record = self.inner.store.absence(id).await?.filter(|record| record.username == *person);
        let record = record.ok_or(AppError::NotFound)?;
        let (now, today) = (self.now(), domain::calendar::today(self.now()));
        if record.end.is_some() {
            return Ok(record.into());
        }
        if record.to < today {
            return Err(FieldError::new("", "absence_over").with("date", record.to.to_string()).into());
        }
        let end = AbsenceEnd { back_on: today, ended_by: user.actor.username.clone(), ended_at: store::micros(now) };
        let audit = self.absence_audit("end_absence", &record, &grant)?;
        let ended = id.to_owned();
        let written = self
            .inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.end_absence(&ended, &end).await?;
                    tx.insert_audit(&audit).await
                })
            })
            .await;
        match written {
            // Somebody else was faster: it has ended.
            Err(error) if !error.is_unique("absence_end") => return Err(error.into()),
            _ => self.reload_reference().await?,
        }
        Ok(self.inner.store.absence(id).await?.ok_or(AppError::NotFound)?.into())
    }

    /// Whether somebody may record absences of a person and see why it is away.
    #[must_use]
    pub fn may_record_absence(&self, user: &User, person: &Person) -> bool {
        may(&user.actor, Action::RecordAbsence, On::Person(person)).is_ok()
    }

    /// The open cases of an agent who is away on these days that have no stand-in, or one who is away as well; the most urgent
    /// first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn cases_without_stand_in(
        &self,
        user: &User,
        agent: &Username,
        days: Absence,
    ) -> Result<Vec<UncoveredCase>, AppError> {
        const AT_ONCE: u64 = 500;
        let reference = self.reference();
        let is_away = |person: &Username| {
            let person = reference.directory.person(person);
            person.is_none_or(|person| !person.active || person.absences.iter().any(|other| other.overlaps(&days)))
        };
        let filter = CaseFilter { agent: Some(agent.clone()), ..CaseFilter::default() };
        let mut uncovered = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.inner.store.list_cases(&filter, CaseOrder::Work, cursor.as_deref(), AT_ONCE).await?;
            let open = page.items.into_iter().filter(|head| head.ended_at.is_none());
            uncovered.extend(open.filter(|head| head.stand_in.as_ref().is_none_or(is_away)));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        if uncovered.is_empty() {
            return Ok(Vec::new());
        }
        let seen = self.seen_cases_of(user, agent).await?;
        let case = |head: store::CaseHead| UncoveredCase {
            visible: seen.contains(&head.id),
            number: head.number.unwrap_or_default(),
            id: head.id,
        };
        Ok(uncovered.into_iter().map(case).collect())
    }

    /// The cases of an agent that somebody may open.
    async fn seen_cases_of(&self, user: &User, agent: &Username) -> Result<BTreeSet<CaseId>, AppError> {
        let query = CaseQuery { agent: Some(agent.clone()), order: CaseOrder::Work, ..CaseQuery::default() };
        let mut seen = BTreeSet::new();
        let mut cursor = None;
        loop {
            let page = match self.list_cases(user, &query, cursor.as_deref(), 500).await {
                Err(AppError::Forbidden) => return Ok(seen),
                other => other?,
            };
            seen.extend(page.items.into_iter().map(|head| head.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(seen);
            }
        }
    }

    fn absence_grant(&self, user: &User, person: &Username) -> Result<Grant, AppError> {
        may(&user.actor, Action::SeePeople, On::Hall)?;
        let reference = self.reference();
        let person = reference.directory.person(person).filter(|person| person.active && person.office.is_some());
        Ok(may(&user.actor, Action::RecordAbsence, On::Person(person.ok_or(AppError::NotFound)?))?)
    }

    fn absence_audit(&self, action: &str, record: &AbsenceRecord, grant: &Grant) -> Result<AuditRecord, AppError> {
        Ok(AuditRecord {
            id: new_id(),
            at: self.now(),
            actor: grant.actor().clone(),
            action: action.to_owned(),
            resource: format!("absence {} of {} {} {}", record.id, record.username, record.from, record.to),
            reason: Some(record.reason.clone()),
            grant_json: serde_json::to_string(grant)?,
        })
    }
}

/// The days that recorded absences really cover.
pub(crate) fn days_of(records: Vec<AbsenceRecord>) -> Vec<Absence> {
    records.into_iter().filter_map(|record| AbsenceView::from(record).days()).collect()
}

fn field_of(problem: AbsenceProblem) -> AppError {
    match problem {
        AbsenceProblem::EndsBeforeItBegins => FieldError::new("/to", "absence_order"),
        AbsenceProblem::TooFarBack { earliest } => {
            FieldError::new("/from", "absence_past").with("date", earliest.to_string())
        }
        AbsenceProblem::TooLong => FieldError::new("/to", "absence_long").with("days", Absence::MOST_DAYS.to_string()),
        AbsenceProblem::Overlaps(other) => FieldError::new("/from", "absence_overlap")
            .with("from", other.from.to_string())
            .with("to", other.to.to_string()),
    }
    .into()
}

/// Absences as the hall's facts held them before they had a table of their own; still taken from such a file.
pub(crate) fn absences_of_file(
    absences: &std::collections::BTreeMap<Username, Vec<Absence>>,
    now: DateTime<Utc>,
) -> Vec<AbsenceRecord> {
    let spans = absences.iter().flat_map(|(username, spans)| spans.iter().map(move |span| (username, span)));
    let record = |(username, span): (&Username, &Absence)| AbsenceRecord {
        id: new_id(),
        username: username.clone(),
        from: span.from,
        to: span.to,
        reason: AbsenceReason::Other.name().to_owned(),
        recorded_by: Username::from("bangban"),
        recorded_at: store::micros(now),
        end: None,
    };
    spans.map(record).collect()
}

/// Writes down the absences of a file that are not recorded yet; one that was ended early is not begun again.
pub(crate) async fn take_over(tx: &mut store::Tx, absences: &[AbsenceRecord]) -> Result<(), StoreError> {
    for new in absences {
        tx.hold_person(&new.username).await?;
        let known = tx.absences_of(&new.username).await?;
        if !known.iter().any(|old| (old.from, old.to) == (new.from, new.to)) {
            tx.insert_absence(new).await?;
        }
    }
    Ok(())
}
