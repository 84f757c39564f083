//! What somebody has to be told leaves through the outbox, in the same transaction as what happened; here is who is told
//! what, and the sending.

use crate::AppError;
use crate::app::App;
use crate::papers::matter_name;
use crate::secrets::new_id;
use chrono::{DateTime, Utc};
use domain::case::{
    ApplicationEvent, AssignmentEvent, Case, DeliveryEvent, EndingEvent, Event, MaterialsEvent, MatterEvent,
    MatterStatus,
};
use domain::chain::Envelope;
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
enum Reader {
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
        .filter(|envelope| !told(case, &envelope.event, &|code| code.to_string()).is_empty())
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

/// Who is told what of an event; nobody of most. `name` gives a matter its name.
fn told(case: &Case, event: &Event, name: &dyn Fn(&MatterCode) -> String) -> Vec<(Reader, String)> {
    let both = |what: &str| vec![(Reader::Client, what.to_owned()), (Reader::Agent, what.to_owned())];
    match event {
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
        Event::Matter(MatterEvent::MattersOffered { matters }) => {
            matters.iter().filter_map(|code| offered(case, code, name)).collect()
        }
        Event::Matter(MatterEvent::MatterForwarded { matter, .. }) => offered(case, matter, name).into_iter().collect(),
        Event::Delivery(DeliveryEvent::DeliveryDue {}) => both("事项都已办结，结果待交付"),
        Event::Ending(EndingEvent::CaseSuspended { .. }) => stopped(case, "已中止办理，详见中止单"),
        Event::Ending(EndingEvent::CaseResumed {}) => stopped(case, "已续办，各事项恢复计时"),
        Event::Ending(EndingEvent::CaseWithdrawn { .. }) => stopped(case, "企业已撤回申请，请停止办理并退还材料"),
        Event::Ending(EndingEvent::CaseTerminated { .. }) => stopped(case, "服务已终止，详见终止单"),
        Event::Ending(EndingEvent::CaseEnded { .. }) => both("服务已办结"),
        _ => Vec::new(),
    }
}

/// An office learns of a matter that it is to claim.
fn offered(case: &Case, code: &MatterCode, name: &dyn Fn(&MatterCode) -> String) -> Option<(Reader, String)> {
    let matter = case.matter(code).filter(|matter| !matter.outside)?;
    Some((Reader::Office(matter.office.clone()), format!("请认领“{}”", name(code))))
}

/// Client, agent, and every office of the hall that has a matter in its hands.
fn stopped(case: &Case, what: &str) -> Vec<(Reader, String)> {
    let is_held = |status: MatterStatus| !matches!(status, MatterStatus::Planned | MatterStatus::Finished);
    let held = case.matters.iter().filter(|matter| !matter.outside && is_held(matter.status));
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
        let transport = self.transport()?;
        for (reader, what) in told(&case, &envelope.event, &name) {
            for to in self.addresses(&case, &reader) {
                let subject = format!("办件 {}：{what}", case.number);
                let message = Message {
                    dedup: format!("{}/{}/{to}", news.case, news.seq),
                    to,
                    text: format!("{subject}\n\n{}/cases/{}\n", self.inner.public_url, case.id),
                    subject,
                    kind: envelope.event.name(),
                };
                transport.send(&message, self.now()).await.map_err(|error| AppError::internal("message", &error))?;
            }
        }
        Ok(())
    }

    /// Where a message for enterprise and agent goes.
    pub(crate) fn client_and_agent(&self, case: &Case) -> Vec<String> {
        [Reader::Client, Reader::Agent].iter().flat_map(|reader| self.addresses(case, reader)).collect()
    }

    /// Where a message for this reader goes; nowhere if there is no such account.
    fn addresses(&self, case: &Case, reader: &Reader) -> Vec<String> {
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

    fn readers(sample: &Sample, event: &Event) -> Vec<Reader> {
        told(&sample.case, event, &|code| code.to_string()).into_iter().map(|(reader, _)| reader).collect()
    }

    #[test]
    fn s5_3_a_change_of_agent_is_told_to_the_client_and_to_both_agents() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let was = sample.case.agent.clone();
        let event = AssignmentEvent::AgentAssigned { person: "agent2".into(), was: was.clone(), reason: None };
        let expected = [Reader::Client, Reader::Person(was.unwrap()), Reader::Person("agent2".into())];
        assert_eq!(readers(&sample, &event.into()), expected);
    }

    #[test]
    fn s2_1_offices_that_work_on_a_matter_learn_of_the_withdrawal() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let event = EndingEvent::CaseWithdrawn { reason_code: None, reason: None };
        let readers = readers(&sample, &event.into());
        let offices = readers.iter().filter(|reader| matches!(reader, Reader::Office(_))).count();
        assert!(readers.contains(&Reader::Client) && offices > 0, "{readers:?}");
        let outside = sample.case.matters.iter().filter(|matter| matter.outside);
        assert!(outside.into_iter().all(|matter| !readers.contains(&Reader::Office(matter.office.clone()))));
    }
}
