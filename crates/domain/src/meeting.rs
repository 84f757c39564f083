//! Meetings of offices on what none of them settles alone (联席会议): what it is about, who came, what was decided, and each decision
//! followed until it is done (S6.2, S9.1).
//!
//! Every method answers the line that is to be appended to the meeting's history: lines are never changed.

mod error;

pub use error::MeetingError;

use crate::calendar::{Calendar, is_near, today};
use crate::identity::read_text;
use crate::ids::{CaseId, LeadId, MeetingId, OfficeCode, Username};
use crate::people::{Directory, OfficeKind};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest minutes, in characters.
const LONGEST_MINUTES: usize = 20_000;
/// The longest question, decision, outcome or reason.
const LONGEST_TEXT: usize = 4000;
/// The longest topic or place.
const LONGEST_LINE: usize = 200;
/// The most items, offices and decisions of one meeting.
const MOST: usize = 200;

/// What an item of a meeting is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A case.
    Case(CaseId),
    /// A lead.
    Lead(LeadId),
}

/// An item of a meeting (议题).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The case or lead.
    pub about: Subject,
    /// What is to be settled.
    pub question: String,
    /// Who brought it.
    pub by: Username,
    /// The office of whoever brought it.
    pub office: Option<OfficeCode>,
}

/// How an office attended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// The office.
    pub office: OfficeCode,
    /// Who came for it; empty if nobody did.
    #[serde(default)]
    pub who: String,
    /// Why nobody came.
    #[serde(default)]
    pub absent: Option<String>,
}

/// A decision to be written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// What is to be done.
    pub what: String,
    /// By which office.
    pub office: OfficeCode,
    /// By whom in it.
    #[serde(default)]
    pub person: Option<Username>,
    /// By when.
    pub due: NaiveDate,
}

/// How a decision was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Username,
    /// What came of it.
    pub outcome: String,
}

/// A decision and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What is to be done, by whom, by when.
    #[serde(flatten)]
    pub decided: NewDecision,
    /// How it was carried out; none while it is open.
    pub done: Option<Done>,
}

/// A word that an owner of a decision gets from the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// One working day or less is left.
    Ahead,
    /// The day is past.
    Overdue,
}

impl Reminder {
    /// What an open decision that is due on `due` asks for on `today`.
    #[must_use]
    pub fn of(due: NaiveDate, today: NaiveDate, calendar: &Calendar) -> Option<Self> {
        if today > due {
            return Some(Self::Overdue);
        }
        (calendar.working_days_between(today, due) <= 1).then_some(Self::Ahead)
    }
}

/// Where a meeting stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum MeetingStatus {
    /// It is to come.
    Planned,
    /// It was held.
    Held,
    /// It does not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl MeetingStatus {
    /// Every name, in the order of lists.
    pub const NAMES: [&'static str; 3] = ["planned", "held", "cancelled"];

    /// The name in lists and on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned => Self::NAMES[0],
            Self::Held => Self::NAMES[1],
            Self::Cancelled { .. } => Self::NAMES[2],
        }
    }
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// What it is about.
    pub topic: String,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// Who called it.
    pub called_by: Username,
    /// The office that called it.
    pub host: Option<OfficeCode>,
    /// The offices that are asked to come, in order.
    pub offices: Vec<OfficeCode>,
    /// What is to be settled.
    pub items: Vec<Item>,
    /// Who came, once it was held.
    pub attendance: Vec<Attendance>,
    /// What was said, once it was held.
    pub minutes: Option<String>,
    /// What was decided; the number of a decision is its place in the list, from 1.
    pub decisions: Vec<Decision>,
    /// Where it stands.
    pub status: MeetingStatus,
}

/// What is given to call a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMeeting {
    /// Its id.
    pub id: MeetingId,
    /// What it is about.
    pub topic: String,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// Who calls it.
    pub called_by: Username,
    /// The office of whoever calls it.
    pub host: Option<OfficeCode>,
    /// The offices that are asked to come.
    pub offices: Vec<OfficeCode>,
    /// What is to be settled.
    pub items: Vec<Item>,
}

/// What is written down of a meeting that was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    /// Every office that was asked to come: who came, or why nobody did.
    pub attendance: Vec<Attendance>,
    /// What was said.
    pub text: String,
    /// What was decided.
    #[serde(default)]
    pub decisions: Vec<NewDecision>,
}

/// A line of a meeting's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MeetingLine {
    /// It was called.
    Called {
        /// As it was then.
        meeting: Box<Meeting>,
    },
    /// An item was added.
    Referred {
        /// The item.
        item: Item,
    },
    /// It was held.
    Held {
        /// What was written down.
        minutes: Minutes,
    },
    /// A decision was carried out.
    Done {
        /// Its number.
        decision: usize,
        /// What came of it.
        outcome: String,
    },
    /// It does not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Meeting {
    /// Calls a meeting.
    ///
    /// # Errors
    /// [`MeetingError`]: a text, no office or an unknown one, a time before now, the same subject twice.
    pub fn call(
        new: NewMeeting,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<(Self, MeetingLine), MeetingError> {
        if new.offices.len() > MOST || new.items.len() > MOST {
            return Err(MeetingError::TooMany);
        }
        let mut seen = BTreeSet::new();
        let offices: Vec<OfficeCode> = new.offices.into_iter().filter(|code| seen.insert(code.clone())).collect();
        for code in &offices {
            in_the_hall(directory, code, "/offices")?;
        }
        if offices.iter().all(|code| Some(code) == new.host.as_ref()) {
            return Err(MeetingError::NoOffice);
        }
        if new.at < now {
            return Err(MeetingError::InThePast);
        }
        // A day in UTC: the last days that can be written have none in the hall's time.
        if !is_near(new.at.date_naive(), today(now)) {
            return Err(MeetingError::DateTooFar { field: "/at".to_owned() });
        }
        let mut meeting = Self {
            id: new.id,
            topic: line("/topic", &new.topic)?,
            at: new.at,
            place: line("/place", &new.place)?,
            called_by: new.called_by,
            host: new.host,
            offices,
            items: Vec::new(),
            attendance: Vec::new(),
            minutes: None,
            decisions: Vec::new(),
            status: MeetingStatus::Planned,
        };
        for item in new.items {
            meeting.refer(item)?;
        }
        let line = MeetingLine::Called { meeting: Box::new(meeting.clone()) };
        Ok((meeting, line))
    }

    /// Puts a case or a lead on a meeting that is to come (提请会议).
    ///
    /// # Errors
    /// [`MeetingError`]: a text, on it already, planned no more.
    pub fn refer(&mut self, item: Item) -> Result<MeetingLine, MeetingError> {
        self.only_planned()?;
        if self.items.len() >= MOST {
            return Err(MeetingError::TooMany);
        }
        if self.items.iter().any(|other| other.about == item.about) {
            return Err(MeetingError::ItemTwice);
        }
        let item = Item { question: text("/question", &item.question)?, ..item };
        self.items.push(item.clone());
        Ok(MeetingLine::Referred { item })
    }

    /// Writes down what was said and decided, and who came.
    ///
    /// # Errors
    /// [`MeetingError`]: planned no more, not begun, an office of which nothing is said, a decision without a proper owner or day.
    pub fn hold(
        &mut self,
        minutes: Minutes,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<MeetingLine, MeetingError> {
        self.only_planned()?;
        if now < self.at {
            return Err(MeetingError::NotBegun);
        }
        if minutes.decisions.len() > MOST || minutes.attendance.len() > MOST {
            return Err(MeetingError::TooMany);
        }
        let attendance = self.attended(minutes.attendance, directory)?;
        let text = read_text(&minutes.text, LONGEST_MINUTES)
            .map_err(|error| MeetingError::Text { field: "/text".to_owned(), error })?;
        let days = (today(self.at), today(now));
        let decisions = minutes.decisions.into_iter().enumerate();
        let decisions = decisions.map(|(at, new)| decided(at, new, directory, days)).collect::<Result<Vec<_>, _>>()?;
        self.attendance = attendance;
        self.minutes = Some(text);
        self.decisions = decisions.iter().map(|new| Decision { decided: new.clone(), done: None }).collect();
        self.status = MeetingStatus::Held;
        let text = self.minutes.clone().unwrap_or_default();
        Ok(MeetingLine::Held { minutes: Minutes { attendance: self.attendance.clone(), text, decisions } })
    }

    /// Notes what came of a decision. Noting it again changes nothing: what was noted first stands.
    ///
    /// # Errors
    /// [`MeetingError`]: no such open decision, no outcome.
    pub fn carry_out(
        &mut self,
        number: usize,
        by: &Username,
        outcome: &str,
        now: DateTime<Utc>,
    ) -> Result<MeetingLine, MeetingError> {
        let decision = number.checked_sub(1).and_then(|at| self.decisions.get_mut(at));
        let decision = decision.filter(|decision| decision.done.is_none()).ok_or(MeetingError::UnknownDecision)?;
        let outcome = text("/outcome", outcome)?;
        decision.done = Some(Done { at: now, by: by.clone(), outcome: outcome.clone() });
        Ok(MeetingLine::Done { decision: number, outcome })
    }

    /// It does not take place.
    ///
    /// # Errors
    /// [`MeetingError`]: planned no more, no reason.
    pub fn cancel(&mut self, reason: &str) -> Result<MeetingLine, MeetingError> {
        self.only_planned()?;
        let reason = text("/reason", reason)?;
        self.status = MeetingStatus::Cancelled { reason: reason.clone() };
        Ok(MeetingLine::Cancelled { reason })
    }

    /// Every office that the meeting concerns: the one that called it, those asked to come, those that brought an item, and the
    /// owners of decisions.
    #[must_use]
    pub fn concerned(&self) -> BTreeSet<&OfficeCode> {
        let owners = self.decisions.iter().map(|decision| &decision.decided.office);
        let brought = self.items.iter().filter_map(|item| item.office.as_ref());
        self.host.iter().chain(&self.offices).chain(brought).chain(owners).collect()
    }

    /// A decision by its number, from 1.
    #[must_use]
    pub fn decision(&self, number: usize) -> Option<&Decision> {
        self.decisions.get(number.checked_sub(1)?)
    }

    fn only_planned(&self) -> Result<(), MeetingError> {
        if self.status == MeetingStatus::Planned { Ok(()) } else { Err(MeetingError::NotPlanned) }
    }

    /// Who came, checked: every office that was asked, and whoever came besides.
    fn attended(&self, given: Vec<Attendance>, directory: &Directory) -> Result<Vec<Attendance>, MeetingError> {
        if let Some(missing) = self.offices.iter().find(|code| !given.iter().any(|one| one.office == **code)) {
            return Err(MeetingError::AttendanceMissing(missing.clone()));
        }
        let check = |(at, one): (usize, Attendance)| {
            in_the_hall(directory, &one.office, &format!("/attendance/{at}/office"))?;
            let absent = one.absent.filter(|reason| !reason.trim().is_empty());
            Ok(match absent {
                Some(reason) => {
                    let absent = Some(text(&format!("/attendance/{at}/absent"), &reason)?);
                    Attendance { office: one.office, who: String::new(), absent }
                }
                None => {
                    let who = line(&format!("/attendance/{at}/who"), &one.who)?;
                    Attendance { office: one.office, who, absent: None }
                }
            })
        };
        given.into_iter().enumerate().map(check).collect()
    }
}

/// A decision, checked: what, by an office of the hall and nobody of another, not due before the meeting nor ages from now.
fn decided(
    at: usize,
    new: NewDecision,
    directory: &Directory,
    (first_day, today): (NaiveDate, NaiveDate),
) -> Result<NewDecision, MeetingError> {
    let field = |name: &str| format!("/decisions/{at}/{name}");
    in_the_hall(directory, &new.office, &field("office"))?;
    let is_of_office = |person: &Username| {
        directory.person(person).is_some_and(|found| found.active && found.office.as_ref() == Some(&new.office))
    };
    if new.person.as_ref().is_some_and(|person| !is_of_office(person)) {
        return Err(MeetingError::NotOfOffice { field: field("person") });
    }
    if new.due < first_day {
        return Err(MeetingError::DueTooEarly { field: field("due") });
    }
    if !is_near(new.due, today) {
        return Err(MeetingError::DateTooFar { field: field("due") });
    }
    Ok(NewDecision { what: text(&field("what"), &new.what)?, ..new })
}

/// An office that has people in the hall.
fn in_the_hall(directory: &Directory, code: &OfficeCode, field: &str) -> Result<(), MeetingError> {
    match directory.office(code) {
        Some(office) if office.kind != OfficeKind::Outside => Ok(()),
        _ => Err(MeetingError::UnknownOffice { field: field.to_owned() }),
    }
}

fn text(field: &str, text: &str) -> Result<String, MeetingError> {
    read_text(text, LONGEST_TEXT).map_err(|error| MeetingError::Text { field: field.to_owned(), error })
}

fn line(field: &str, text: &str) -> Result<String, MeetingError> {
    read_text(text, LONGEST_LINE).map_err(|error| MeetingError::Text { field: field.to_owned(), error })
}

#[cfg(test)]
mod tests;
