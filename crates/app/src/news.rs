//! What somebody has to be told leaves through the outbox, in the same transaction as what happened; here is who is told
//! what, and the sending.

use crate::AppError;
use crate::app::App;
use crate::papers::matter_name;
use crate::secrets::new_id;
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{
    ApplicationEvent, AssignmentEvent, Case, CaseMatter, DeliveryEvent, EndingEvent, Event, MaterialsEvent,
    MatterEvent, MatterStatus, ParcelState, StopKind,
};
use domain::chain::Envelope;
use domain::custody::Place;
use domain::ids::{CaseId, MatterCode, OfficeCode, Username};
use notify::{Mailbox, Message, Transport};
use serde::{Deserialize, Serialize};
use store::{OutboxJob, OutboxRecord};

/// The kind of job that tells of an event.
pub(crate) const CASE_NEWS: &str = "case_news";

/// Which event is told of.
#[derive(Serialize, Deserialize)]
struct News {
    case: CaseId,
    seq: u64,
}

/// Who has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The members of the enterprise that applied.
    Client,
    /// The agent of the case.
    Agent,
    /// A member of staff.
    Person(Username),
    /// An office.
    Office(OfficeCode),
}

/// The messages that follow from these events.
pub(crate) fn messages_of(
    case: &Case,
    envelopes: &[Envelope],
    now: DateTime<Utc>,
) -> Result<Vec<OutboxRecord>, AppError> {
    envelopes
        .iter()
        .filter(|envelope| !told(case, envelope, &Words { name: &|code| code.to_string(), due: &|_| None }).is_empty())
        .map(|envelope| {
            Ok(OutboxRecord {
                id: new_id(),
                kind: CASE_NEWS.to_owned(),
                payload_json: serde_json::to_string(&News { case: case.id.clone(), seq: envelope.seq })?,
                not_before: now,
                dedup: Some(format!("{}/{}", case.id, envelope.seq)),
            })
        })
        .collect()
}

/// What sentences say of a matter.
struct Words<'a> {
    /// Its name.
    name: &'a dyn Fn(&MatterCode) -> String,
    /// The day on which it is due now.
    due: &'a dyn Fn(&MatterCode) -> Option<NaiveDate>,
}

/// Who is told what of an event; nobody of most. The first line stands alone as the subject.
fn told(case: &Case, envelope: &Envelope, words: &Words<'_>) -> Vec<(Reader, String)> {
    let name = words.name;
    let both = |what: &str| vec![(Reader::Client, what.to_owned()), (Reader::Agent, what.to_owned())];
    match &envelope.event {
        Event::Application(ApplicationEvent::ModeChosen { because: Some(_), .. }) => {
            both("材料没有在告知的期限内补齐，代办已转为帮办，工作人员会带您到窗口办理")
        }
        Event::Assignment(AssignmentEvent::AgentAssigned { person, was: Some(was), .. }) => vec![
            (Reader::Client, "代办员已更换，详见更换代办员告知书".to_owned()),
            (Reader::Person(was.clone()), "您不再是代办员，请与接手的同事交接材料".to_owned()),
            (Reader::Person(person.clone()), "由您接手代办，请与原代办员交接材料".to_owned()),
        ],
        Event::Assignment(AssignmentEvent::AgentAssigned { person, was: None, .. }) => {
            vec![(Reader::Person(person.clone()), "由您代办".to_owned())]
        }
        Event::Materials(MaterialsEvent::NoticeIssued { .. }) => {
            vec![(Reader::Client, "有材料需要补齐，详见一次性告知书".to_owned())]
        }
        Event::Materials(MaterialsEvent::MaterialDeferred { due, .. }) => {
            vec![(Reader::Client, format!("有材料可以先办后补，最迟 {due} 交来，请签署容缺受理承诺书"))]
        }
        Event::Materials(MaterialsEvent::MaterialMoved { to, .. }) => taker(to, &envelope.actor),
        Event::Matter(MatterEvent::MattersOffered { matters }) => {
            matters.iter().filter_map(|code| offered(case, code, name)).collect()
        }
        Event::Matter(MatterEvent::MatterForwarded { matter, .. }) => offered(case, matter, name).into_iter().collect(),
        Event::Matter(
            event @ (MatterEvent::ClockStopped { .. }
            | MatterEvent::ClockResumed { .. }
            | MatterEvent::LimitExtended { .. }),
        ) => clock_moved(event, &envelope.actor, words),
        Event::Delivery(DeliveryEvent::ResultSent { shipment, .. }) => {
            let what = match (&shipment.carrier, &shipment.number) {
                (Some(carrier), Some(number)) => format!("结果已交{carrier}寄出，邮件号 {number}，请当面查验后签收"),
                _ => "结果已电子送达，请查收并确认".to_owned(),
            };
            vec![(Reader::Client, what)]
        }
        Event::Delivery(DeliveryEvent::ParcelReported { state, .. }) => match state {
            ParcelState::InTransit => Vec::new(),
            ParcelState::NotDelivered => both("邮件投递未成，请与投递员联系"),
            ParcelState::Returned => both("邮件已退回大厅，请商定重新寄送或者到大厅领取"),
            ParcelState::Lost => both("邮件丢失，正在查找；结果将重新办理并送达"),
        },
        Event::Delivery(DeliveryEvent::DeliveryDue {}) => both("事项都已办结，结果待交付"),
        Event::Ending(EndingEvent::CaseSuspended { .. }) => stopped(case, "已中止办理，详见中止单"),
        Event::Ending(EndingEvent::CaseResumed {}) => stopped(case, "已续办，各事项恢复计时"),
        Event::Ending(EndingEvent::CaseWithdrawn { .. }) => stopped(case, "企业已撤回申请，请停止办理并退还材料"),
        Event::Ending(EndingEvent::CaseTerminated { .. }) => stopped(case, "服务已终止，详见终止单"),
        Event::Ending(EndingEvent::CaseEnded { .. }) => both("服务已办结"),
        _ => Vec::new(),
    }
}

/// Enterprise and agent learn that a clock stands, runs again or got more time, and until when; and whoever is named as having
/// approved that, from somebody else. The enterprise gets no names of the office's people.
fn clock_moved(event: &MatterEvent, actor: &Username, words: &Words<'_>) -> Vec<(Reader, String)> {
    let due = |code: &MatterCode| (words.due)(code).map(|day| format!("，应于 {day} 办结")).unwrap_or_default();
    let mut approved = None;
    let what = match event {
        MatterEvent::ClockStopped { matter, kind, name, reason, until, .. } => {
            let why = match kind {
                StopKind::Correction => "等企业补正".to_owned(),
                StopKind::Special => format!("特别程序：{}", name.as_deref().unwrap_or_default()),
            };
            format!("“{}”暂停计时（{why}），预计到 {until}\n原因：{reason}", (words.name)(matter))
        }
        MatterEvent::ClockResumed { matter } => format!("“{}”恢复计时{}", (words.name)(matter), due(matter)),
        MatterEvent::LimitExtended { matter, days, reason, approver } => {
            let what = format!("“{}”办理时限延长 {days} 天{}\n原因：{reason}", (words.name)(matter), due(matter));
            approved = (approver != actor).then(|| {
                let what =
                    format!("登记为由您批准：{what}\n登记人账号：{actor}。如果不是您批准的，请马上向监察员反映。");
                (Reader::Person(approver.clone()), what)
            });
            what
        }
        _ => return Vec::new(),
    };
    let both = [Reader::Client, Reader::Agent].into_iter().map(|reader| (reader, what.clone()));
    both.chain(approved).collect()
}

/// Whoever gets a piece is asked for its word that it has arrived.
fn taker(to: &Place, giver: &Username) -> Vec<(Reader, String)> {
    let what = "有材料移交给您，请核对后确认收到".to_owned();
    match to {
        Place::Person(person) if person != giver => vec![(Reader::Person(person.clone()), what)],
        Place::Office(office) => vec![(Reader::Office(office.clone()), what)],
        _ => Vec::new(),
    }
}

/// An office learns of a matter that it is to claim.
fn offered(case: &Case, code: &MatterCode, name: &dyn Fn(&MatterCode) -> String) -> Option<(Reader, String)> {
    let matter = case.matter(code).filter(|matter| !matter.outside)?;
    Some((Reader::Office(matter.office.clone()), format!("请认领“{}”", name(code))))
}

/// Whether an office of the hall has a matter in its hands.
pub(crate) fn is_held(matter: &CaseMatter) -> bool {
    !matter.outside && !matches!(matter.status, MatterStatus::Planned | MatterStatus::Finished)
}

/// Client, agent, and every office of the hall that has a matter in its hands.
fn stopped(case: &Case, what: &str) -> Vec<(Reader, String)> {
    let held = case.matters.iter().filter(|matter| is_held(matter));
    let mut readers = vec![Reader::Client, Reader::Agent];
    for matter in held {
        let office = Reader::Office(matter.office.clone());
        if !readers.contains(&office) {
            readers.push(office);
        }
    }
    readers.into_iter().map(|reader| (reader, what.to_owned())).collect()
}

impl App {
    /// The way out of the hall. Outgoing mail stands in the data folder until a gateway is set up.
    pub(crate) fn transport(&self) -> Result<Transport, AppError> {
        let mailbox = Mailbox::new(&self.inner.data_dir.join("mailbox"), "bangban@localhost")
            .map_err(|error| AppError::internal("mailbox", &error))?;
        Ok(Transport::Mailbox(mailbox))
    }

    /// Tells those concerned what happened in a case.
    pub(crate) async fn send_news(&self, job: &OutboxJob) -> Result<(), AppError> {
        let news: News = serde_json::from_str(&job.payload_json)?;
        let (_, case) = self.load(&news.case).await?;
        let row = self.inner.store.event(&news.case, i64::try_from(news.seq).unwrap_or(i64::MAX)).await?;
        let Some(row) = row else { return Ok(()) };
        let envelope: Envelope = serde_json::from_slice(&row.body)?;
        let reference = self.reference();
        let name = |code: &MatterCode| matter_name(&reference.catalogue, code).to_owned();
        let due = |code: &MatterCode| {
            let clock = case.matter(code)?.clock.as_ref()?;
            clock.due(&reference.calendar, self.now()).map(|due| due.date)
        };
        let transport = self.transport()?;
        let told = told(&case, &envelope, &Words { name: &name, due: &due });
        for (reader, what) in told {
            let link = self.link(&case, &reader);
            for to in self.addresses(&case, &reader) {
                let text = format!("办件 {}：{what}", case.number);
                let message = Message {
                    dedup: format!("{}/{}/{to}", news.case, news.seq),
                    to,
                    subject: text.lines().next().unwrap_or_default().to_owned(),
                    text: format!("{text}\n\n{link}\n"),
                    kind: envelope.event.name(),
                };
                transport.send(&message, self.now()).await.map_err(|error| AppError::internal("message", &error))?;
            }
        }
        Ok(())
    }

    /// Where this reader sees the case: an enterprise has pages of its own.
    pub(crate) fn link(&self, case: &Case, reader: &Reader) -> String {
        let pages = if *reader == Reader::Client { "my" } else { "cases" };
        format!("{}/{pages}/{}", self.inner.public_url, case.id)
    }

    /// Where a message for this reader goes; nowhere if there is no such account.
    pub(crate) fn addresses(&self, case: &Case, reader: &Reader) -> Vec<String> {
        let reference = self.reference();
        match reader {
            Reader::Client => {
                let people = reference.directory.people.values();
                let members = people.filter(|person| person.active && person.enterprises.contains(&case.applicant));
                members.map(|person| format!("{}@localhost", person.username)).collect()
            }
            Reader::Agent => case.agent.iter().map(|agent| format!("{agent}@localhost")).collect(),
            Reader::Person(person) => vec![format!("{person}@localhost")],
            Reader::Office(office) => vec![format!("office-{}@localhost", office.as_str().to_lowercase())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::tests::sample::Sample;
    use domain::case::DeliveryWay;

    fn news(sample: &Sample, actor: &str, event: Event) -> Vec<(Reader, String)> {
        let (case, actor) = (sample.case.id.clone(), Username::from(actor));
        let envelope = Envelope { case, seq: 9, at: sample.case.changed_at, actor, on_behalf_of: None, event };
        let due = |_: &MatterCode| "2026-12-08".parse().ok();
        told(&sample.case, &envelope, &Words { name: &|code| code.to_string(), due: &due })
    }

    fn readers(sample: &Sample, event: Event) -> Vec<Reader> {
        news(sample, "office", event).into_iter().map(|(reader, _)| reader).collect()
    }

    #[test]
    fn s8_2_a_stopped_clock_is_told_with_reason_and_end_and_names_nobody_to_the_client() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let stopped = MatterEvent::ClockStopped {
            matter: "GC-08".into(),
            kind: StopKind::Special,
            name: Some("现场踏勘".to_owned()),
            reason: "需要踏勘".to_owned(),
            until: "2026-12-01".parse().unwrap(),
            beyond_cap: None,
        };
        let what = "“GC-08”暂停计时（特别程序：现场踏勘），预计到 2026-12-01\n原因：需要踏勘".to_owned();
        assert_eq!(news(&sample, "office", stopped.into()), [(Reader::Client, what.clone()), (Reader::Agent, what)]);
        let resumed = news(&sample, "office", MatterEvent::ClockResumed { matter: "GC-08".into() }.into());
        assert_eq!(resumed[0], (Reader::Client, "“GC-08”恢复计时，应于 2026-12-08 办结".to_owned()));
    }

    #[test]
    fn s8_2_an_extension_in_somebodys_name_is_never_silent() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let extended = || MatterEvent::LimitExtended {
            matter: "GC-08".into(),
            days: 3,
            reason: "图纸要改".to_owned(),
            approver: "chief".into(),
        };
        let told = news(&sample, "office", extended().into());
        let to_client = &told.iter().find(|(reader, _)| *reader == Reader::Client).unwrap().1;
        assert!(to_client.contains("2026-12-08") && !to_client.contains("chief") && !to_client.contains("office"));
        let to_chief = &told.iter().find(|(reader, _)| *reader == Reader::Person("chief".into())).unwrap().1;
        assert!(to_chief.contains("office") && to_chief.contains("由您批准"), "{to_chief}");
        assert_eq!(news(&sample, "chief", extended().into()).len(), 2, "whoever did it knows");
    }

    #[test]
    fn s5_3_a_change_of_agent_is_told_to_the_client_and_to_both_agents() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let was = sample.case.agent.clone();
        let event = AssignmentEvent::AgentAssigned { person: "agent2".into(), was: was.clone(), reason: None };
        let expected = [Reader::Client, Reader::Person(was.unwrap()), Reader::Person("agent2".into())];
        assert_eq!(readers(&sample, event.into()), expected);
    }

    #[test]
    fn s2_1_offices_that_work_on_a_matter_learn_of_the_withdrawal() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let event = EndingEvent::CaseWithdrawn { reason_code: None, reason: None };
        let readers = readers(&sample, event.into());
        let offices = readers.iter().filter(|reader| matches!(reader, Reader::Office(_))).count();
        assert!(readers.contains(&Reader::Client) && offices > 0, "{readers:?}");
        let outside = sample.case.matters.iter().filter(|matter| matter.outside);
        assert!(outside.into_iter().all(|matter| !readers.contains(&Reader::Office(matter.office.clone()))));
    }
}
