//! Meetings of offices (联席会议) and what they decided: each decision is followed until it is done, and its owner reminded.

use crate::accounts::User;
use crate::app::App;
use crate::error::wrong_cursor;
use crate::leads::{LineView, line_record};
use crate::once::{Once, Outcome};
use crate::secrets::new_id;
use crate::{AppError, FieldError, OpenCase};
use chrono::{DateTime, Days, Utc};
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::ids::{CaseId, LeadId, MeetingId, OfficeCode};
use domain::meeting::{Item, Meeting, MeetingError, MeetingLine, Minutes, Reminder, Subject};
use domain::people::Role;
use notify::{Mailbox, Message, Transport};
use serde::{Deserialize, Serialize};
use store::{DecisionFilter, DecisionRecord, MeetingFilter, MeetingRecord, OutboxJob, OutboxRecord, Page};

/// The kind of job that reminds the owner of a decision.
pub(crate) const DECISION_DUE: &str = "decision_due";
/// Decisions looked at together.
const AT_ONCE: u64 = 200;
/// No working day is further from the next than this: the longest holiday, with room.
const LONGEST_BREAK: u64 = 20;

/// An item of a meeting to be called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// A case…
    #[serde(default)]
    pub case: Option<CaseId>,
    /// … or a lead.
    #[serde(default)]
    pub lead: Option<LeadId>,
    /// What is to be settled.
    pub question: String,
}

/// A meeting to be called. The JSON form is the body of `POST /meetings`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMeeting {
    /// What it is about.
    pub topic: String,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// The offices that are asked to come.
    pub offices: Vec<OfficeCode>,
    /// What is to be settled.
    #[serde(default)]
    pub items: Vec<NewItem>,
}

/// A case to be put on a meeting. The JSON form is the body of `POST /meetings/{id}/items`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferCase {
    /// The case.
    pub case: CaseId,
    /// What is to be settled.
    pub question: String,
}

/// What came of a decision. The JSON form is the body of `POST /meetings/{id}/decisions/{number}/done`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionDone {
    /// What came of it.
    pub outcome: String,
}

/// Why a meeting does not take place. The JSON form is the body of `POST /meetings/{id}/cancel`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelMeeting {
    /// Why.
    pub reason: String,
}

/// What a list of meetings is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingQuery {
    /// In this status.
    pub status: Option<String>,
    /// Found by this text.
    pub q: Option<String>,
}

/// What a list of decisions is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionQuery {
    /// Done, or not.
    pub done: Option<bool>,
    /// Of this office.
    pub office: Option<OfficeCode>,
    /// Only those that are overdue.
    pub overdue: bool,
}

/// Which decision somebody is reminded of.
#[derive(Serialize, Deserialize)]
struct Reminded {
    meeting: MeetingId,
    number: i32,
    reminder: Reminder,
}

impl App {
    /// Calls a meeting.
    ///
    /// # Errors
    /// Forbidden, or what is wrong with it.
    pub async fn call_meeting(&self, user: &User, new: NewMeeting, once: Option<Once>) -> Result<MeetingId, AppError> {
        may(&user.actor, Action::CallMeeting, On::Hall)?;
        let (now, reference) = (self.now(), self.reference());
        let mut items = Vec::with_capacity(new.items.len());
        for (at, item) in new.items.into_iter().enumerate() {
            items.push(self.item_of(user, at, item).await?);
        }
        let called = domain::meeting::NewMeeting {
            id: MeetingId(new_id()),
            topic: new.topic,
            at: new.at,
            place: new.place,
            called_by: user.actor.username.clone(),
            host: user.actor.office.clone(),
            offices: new.offices,
            items,
        };
        let (meeting, line) = Meeting::call(called, &reference.directory, now).map_err(field_of)?;
        let id = meeting.id.clone();
        let line = line_record(user, now, &line)?;
        let answer = once.map(|once| once.answered(&Outcome::Meeting(id.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    save(tx, &meeting).await?;
                    tx.append_line(meeting.id.as_str(), &line).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(id)
    }

    /// An item, if the person may see what it is about.
    async fn item_of(&self, user: &User, at: usize, new: NewItem) -> Result<Item, AppError> {
        let unknown = |what: &str| FieldError::new(&format!("/items/{at}/{what}"), &format!("unknown_{what}"));
        let about = match (new.case, new.lead) {
            (Some(case), None) => {
                self.open_case(user, &case).await.map_err(|error| not_there(error, unknown("case")))?;
                Subject::Case(case)
            }
            (None, Some(lead)) => {
                self.lead(user, &lead).await.map_err(|error| not_there(error, unknown("lead")))?;
                Subject::Lead(lead)
            }
            _ => return Err(FieldError::new(&format!("/items/{at}"), "meeting_item").into()),
        };
        Ok(Item { about, question: new.question, by: user.actor.username.clone(), office: user.actor.office.clone() })
    }

    /// A meeting.
    ///
    /// # Errors
    /// Not found, also where the person may not know of it.
    pub async fn meeting(&self, user: &User, id: &MeetingId) -> Result<Meeting, AppError> {
        let record = self.inner.store.meeting(id).await?.ok_or(AppError::NotFound)?;
        let meeting = meeting_of(&record)?;
        may(&user.actor, Action::SeeMeeting, On::Meeting(&meeting, None))?;
        Ok(meeting)
    }

    /// The history of a meeting, in order.
    ///
    /// # Errors
    /// As [`App::meeting`].
    pub async fn meeting_lines(&self, user: &User, id: &MeetingId) -> Result<Vec<LineView<MeetingLine>>, AppError> {
        self.meeting(user, id).await?;
        self.line_views(id.as_str()).await
    }

    /// Meetings that concern the person's office, or all for those who see all; the latest first.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn meetings(
        &self,
        user: &User,
        query: &MeetingQuery,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Meeting>, AppError> {
        may(&user.actor, Action::ListMeetings, On::Hall)?;
        let filter = MeetingFilter { status: query.status.clone(), concerns: concerns(user), q: query.q.clone() };
        let page = self.inner.store.list_meetings(&filter, cursor, u64::from(limit)).await.map_err(wrong_cursor)?;
        let items = page.items.iter().map(meeting_of).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    /// Decisions of the meetings that the person may see: the open ones first, by the day on which they are due.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn decisions(
        &self,
        user: &User,
        query: &DecisionQuery,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<DecisionRecord>, AppError> {
        may(&user.actor, Action::ListMeetings, On::Hall)?;
        let filter = DecisionFilter {
            done: if query.overdue { Some(false) } else { query.done },
            office: query.office.clone(),
            due_before: query.overdue.then(|| today(self.now())),
            concerns: concerns(user),
        };
        self.inner.store.list_decisions(&filter, cursor, u64::from(limit)).await.map_err(wrong_cursor)
    }

    /// Meetings to come on which a case can be put, the next first: time and topic are no secret among colleagues.
    ///
    /// # Errors
    /// Not found or forbidden, as for the case.
    pub async fn meetings_to_come(&self, user: &User, case: &CaseId) -> Result<Vec<Meeting>, AppError> {
        let open = self.open_case(user, case).await?;
        self.granted(user, &open.case, Action::ReferToMeeting)?;
        let filter = MeetingFilter { status: Some("planned".to_owned()), ..MeetingFilter::default() };
        let page = self.inner.store.list_meetings(&filter, None, AT_ONCE).await?;
        let mut meetings = page.items.iter().map(meeting_of).collect::<Result<Vec<_>, _>>()?;
        meetings.reverse();
        Ok(meetings)
    }

    /// Whether somebody may put an open case on a meeting.
    #[must_use]
    pub fn may_refer(&self, user: &User, open: &OpenCase) -> bool {
        open.case.ended.is_none() && self.granted(user, &open.case, Action::ReferToMeeting).is_ok()
    }

    /// Puts a case on a meeting that is to come (提请会议).
    ///
    /// # Errors
    /// Not found, forbidden, or what is in the way.
    pub async fn refer_case(
        &self,
        user: &User,
        id: &MeetingId,
        new: ReferCase,
        once: Option<Once>,
    ) -> Result<MeetingId, AppError> {
        let open = self.open_case(user, &new.case).await;
        let open = open.map_err(|error| not_there(error, FieldError::new("/case", "unknown_case")))?;
        self.granted(user, &open.case, Action::ReferToMeeting)?;
        if open.case.ended.is_some() {
            return Err(FieldError::new("/case", "meeting_case_ended").into());
        }
        let item = Item {
            about: Subject::Case(new.case),
            question: new.question,
            by: user.actor.username.clone(),
            office: user.actor.office.clone(),
        };
        self.change_meeting(user, id, None, once, move |meeting| meeting.refer(item)).await
    }

    /// Writes down who came, what was said and what was decided.
    ///
    /// # Errors
    /// Not found, forbidden, or what is wrong with it.
    pub async fn hold_meeting(
        &self,
        user: &User,
        id: &MeetingId,
        minutes: Minutes,
        once: Option<Once>,
    ) -> Result<MeetingId, AppError> {
        let (now, reference) = (self.now(), self.reference());
        let hold = move |meeting: &mut Meeting| meeting.hold(minutes, &reference.directory, now);
        self.change_meeting(user, id, Some((Action::RunMeeting, None)), once, hold).await
    }

    /// Notes what came of a decision.
    ///
    /// # Errors
    /// Not found, forbidden, or that there is no such open decision.
    pub async fn carry_out_decision(
        &self,
        user: &User,
        id: &MeetingId,
        number: usize,
        done: DecisionDone,
        once: Option<Once>,
    ) -> Result<MeetingId, AppError> {
        let (now, by) = (self.now(), user.actor.username.clone());
        let carry_out = move |meeting: &mut Meeting| meeting.carry_out(number, &by, &done.outcome, now);
        self.change_meeting(user, id, Some((Action::CarryOutDecision, Some(number))), once, carry_out).await
    }

    /// Calls a meeting off.
    ///
    /// # Errors
    /// Not found, forbidden, or no reason.
    pub async fn cancel_meeting(
        &self,
        user: &User,
        id: &MeetingId,
        why: CancelMeeting,
        once: Option<Once>,
    ) -> Result<MeetingId, AppError> {
        let cancel = move |meeting: &mut Meeting| meeting.cancel(&why.reason);
        self.change_meeting(user, id, Some((Action::RunMeeting, None)), once, cancel).await
    }

    /// Holds a meeting, asks whether the person may (unless that was asked of the case), changes it and appends the line.
    async fn change_meeting(
        &self,
        user: &User,
        id: &MeetingId,
        asked: Option<(Action, Option<usize>)>,
        once: Option<Once>,
        change: impl FnOnce(&mut Meeting) -> Result<MeetingLine, MeetingError> + Send + 'static,
    ) -> Result<MeetingId, AppError> {
        let (now, user, id) = (self.now(), user.clone(), id.clone());
        let answer = once.map(|once| once.answered(&Outcome::Meeting(id.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let record = tx.hold_meeting(&id).await?.ok_or(AppError::NotFound)?;
                    let mut meeting = meeting_of(&record)?;
                    if let Some((action, decision)) = asked {
                        may(&user.actor, action, On::Meeting(&meeting, decision))?;
                    }
                    let line = change(&mut meeting).map_err(field_of)?;
                    save(tx, &meeting).await?;
                    tx.append_line(id.as_str(), &line_record(&user, now, &line)?).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(id)
                })
            })
            .await
    }

    /// In office hours, queues a word to the owner of every open decision that is due by the next working day, and another once
    /// the day is past: once each, whatever is restarted. Answers how many.
    ///
    /// # Errors
    /// What the store says.
    pub async fn remind_decisions(&self) -> Result<usize, AppError> {
        let (now, reference) = (self.now(), self.reference());
        if !reference.calendar.is_open(now) {
            return Ok(0);
        }
        let day = today(now);
        let until = day.checked_add_days(Days::new(LONGEST_BREAK)).unwrap_or(day);
        let mut queued = 0;
        for row in self.inner.store.decisions_to_remind(until, AT_ONCE).await? {
            let Some(reminder) = Reminder::of(row.due, day, &reference.calendar) else { continue };
            let step = match reminder {
                Reminder::Ahead => 1,
                Reminder::Overdue => 2,
            };
            if row.reminded >= step {
                continue;
            }
            let job = OutboxRecord {
                id: new_id(),
                kind: DECISION_DUE.to_owned(),
                payload_json: serde_json::to_string(&Reminded {
                    meeting: row.meeting.clone(),
                    number: row.number,
                    reminder,
                })?,
                not_before: now,
                dedup: Some(format!("{DECISION_DUE}/{}/{}/{step}", row.meeting, row.number)),
            };
            let is_new = self.inner.store.write(move |tx| {
                Box::pin(async move {
                    let is_new = tx.set_reminded(&row.meeting, row.number, step).await?;
                    if is_new {
                        tx.enqueue(&job).await?;
                    }
                    Ok::<_, AppError>(is_new)
                })
            });
            queued += usize::from(is_new.await?);
        }
        Ok(queued)
    }

    /// Sends the word to the owner of a decision; none if it was done meanwhile. Answers when to try again while the hall is
    /// closed.
    pub(crate) async fn send_decision_due(&self, job: &OutboxJob) -> Result<Option<DateTime<Utc>>, AppError> {
        let (now, reference) = (self.now(), self.reference());
        if !reference.calendar.is_open(now) {
            return Ok(Some(reference.calendar.add_working_minutes(now, 1)));
        }
        let Reminded { meeting: id, number, reminder } = serde_json::from_str(&job.payload_json)?;
        let Some(record) = self.inner.store.meeting(&id).await? else { return Ok(None) };
        let meeting = meeting_of(&record)?;
        let decision = usize::try_from(number).ok().and_then(|number| meeting.decision(number));
        let Some(decision) = decision.filter(|decision| decision.done.is_none()) else { return Ok(None) };
        let decided = &decision.decided;
        let to = match &decided.person {
            Some(person) => format!("{person}@localhost"),
            None => format!("office-{}@localhost", decided.office.as_str().to_lowercase()),
        };
        let subject = match reminder {
            Reminder::Ahead => format!("会议议定事项 {} 到期：{}", decided.due, decided.what),
            Reminder::Overdue => format!("会议议定事项已过期（{}）：{}", decided.due, decided.what),
        };
        let mailbox = Mailbox::new(&self.inner.data_dir.join("mailbox"), "bangban@localhost")
            .map_err(|error| AppError::internal("mailbox", &error))?;
        let message = Message {
            dedup: format!("{DECISION_DUE}/{id}/{number}/{}/{to}", u8::from(reminder == Reminder::Overdue)),
            to,
            text: format!("{}\n{subject}\n\n{}/meetings/{id}\n", meeting.topic, self.inner.public_url),
            subject,
            kind: DECISION_DUE.to_owned(),
        };
        let sent = Transport::Mailbox(mailbox).send(&message, now).await;
        sent.map(|_| None).map_err(|error| AppError::internal("message", &error))
    }
}

/// Whose meetings somebody sees: none of the office's alone for those who see all. As [`domain::access`] says.
fn concerns(user: &User) -> Option<OfficeCode> {
    let sees_all = user.has(Role::Supervisor)
        || user.has(Role::Director)
        || (user.has(Role::OfficeHead) && user.actor.of_business_office);
    // Somebody without an office is concerned by no meeting.
    if sees_all { None } else { Some(user.actor.office.clone().unwrap_or_else(|| OfficeCode::from(""))) }
}

async fn save(tx: &mut store::Tx, meeting: &Meeting) -> Result<(), AppError> {
    let record = MeetingRecord {
        id: meeting.id.clone(),
        at: meeting.at,
        status: meeting.status.name().to_owned(),
        state_json: serde_json::to_string(meeting)?,
    };
    let offices: Vec<OfficeCode> = meeting.concerned().into_iter().cloned().collect();
    let decisions = meeting.decisions.iter().zip(1..).map(|(decision, number)| DecisionRecord {
        meeting: meeting.id.clone(),
        number,
        topic: meeting.topic.clone(),
        what: decision.decided.what.clone(),
        office: decision.decided.office.clone(),
        person: decision.decided.person.clone(),
        due: decision.decided.due,
        done_at: decision.done.as_ref().map(|done| done.at),
        outcome: decision.done.as_ref().map(|done| done.outcome.clone()),
        reminded: 0,
    });
    let decisions: Vec<DecisionRecord> = decisions.collect();
    let mut words = vec![meeting.topic.as_str(), meeting.place.as_str()];
    words.extend(meeting.minutes.as_deref());
    words.extend(decisions.iter().map(|decision| decision.what.as_str()));
    words.extend(meeting.items.iter().map(|item| item.question.as_str()));
    Ok(tx.save_meeting(&record, &offices, &decisions, &words.join("\n")).await?)
}

fn meeting_of(record: &MeetingRecord) -> Result<Meeting, AppError> {
    Ok(serde_json::from_str(&record.state_json)?)
}

fn not_there(error: AppError, field: FieldError) -> AppError {
    if matches!(error, AppError::NotFound) { field.into() } else { error }
}

fn field_of(error: MeetingError) -> AppError {
    FieldError::told(error.field(), error.told()).into()
}
