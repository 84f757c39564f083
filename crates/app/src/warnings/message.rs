//! What a warning or a chase says: what, which case, by when, who holds it, whose time was used, and where to look.

use super::chase::CHASED;
use super::{Sending, WARNING};
use crate::AppError;
use crate::app::App;
use crate::papers::matter_name;
use crate::reference::Reference;
use chrono::{DateTime, Utc};
use domain::case::{Case, CaseMatter, Status};
use domain::ids::Username;
use domain::warning::Cause;
use notify::Message;
use store::{OutboxJob, WarningRecord};

impl App {
    /// Sends a warning or a chase. Outside office hours (the program stood still meanwhile) it waits for the next opening, which
    /// is answered; one of a case that has ended or rests meanwhile is not sent any more.
    pub(crate) async fn send_warning(&self, job: &OutboxJob) -> Result<Option<DateTime<Utc>>, AppError> {
        let (now, reference) = (self.now(), self.reference());
        let opening = reference.calendar.add_working_minutes(now, 0);
        if opening > now {
            return Ok(Some(opening));
        }
        let sending: Sending = serde_json::from_str(&job.payload_json)?;
        let Some(row) = self.inner.store.warning(&sending.warning).await? else { return Ok(None) };
        let (_, case) = self.load(&row.case).await?;
        let Some(matter) = case.matter(&row.matter) else { return Ok(None) };
        if row.cause != CHASED && case.status != Status::Running {
            return Ok(None);
        }
        let text = Text { row: &row, case: &case, matter, reference: &reference, now };
        let transport = self.transport()?;
        for person in &sending.to {
            let is_staff = reference.directory.person(person).is_some_and(|person| person.office.is_some());
            let path = if is_staff { "cases" } else { "my" };
            let message = Message {
                to: format!("{person}@localhost"),
                subject: text.subject(),
                text: format!("{}\n{}/{path}/{}\n", text.body(is_staff), self.inner.public_url, case.id),
                kind: format!("{WARNING}_{}", row.cause),
                dedup: format!("warning/{}/{person}", row.id),
            };
            transport.send(&message, now).await.map_err(|error| AppError::internal("message", &error))?;
        }
        Ok(None)
    }
}

/// A warning with what its sentences name.
struct Text<'a> {
    row: &'a WarningRecord,
    case: &'a Case,
    matter: &'a CaseMatter,
    reference: &'a Reference,
    now: DateTime<Utc>,
}

impl Text<'_> {
    fn subject(&self) -> String {
        let (zh, _) = self.what();
        format!("办件 {}：“{}”{zh}", self.case.number, matter_name(&self.reference.catalogue, &self.row.matter))
    }

    /// Chinese first, English beside it. The enterprise is told which office holds the matter, not who in it.
    fn body(&self, is_staff: bool) -> String {
        let (zh, en) = self.what();
        let name = matter_name(&self.reference.catalogue, &self.row.matter);
        let directory = &self.reference.directory;
        let office = directory.office_name(&self.matter.office);
        let person = self.matter.claimed_by.as_ref().filter(|_| is_staff);
        let office = match person.map(|person| directory.person_name(person)) {
            Some(person) => format!("{office} {person}"),
            None => office.to_owned(),
        };
        let agent = self.case.agent.as_ref().map(|agent| directory.person_name(agent)).unwrap_or_default();
        let time = self.matter.split(self.case, &self.reference.calendar, self.now);
        let (number, due) = (&self.case.number, self.row.due_on);
        let mut lines = vec![format!("办件 {number}，“{name}”{zh}。")];
        lines.extend(self.said());
        lines.push(format!("日期：{due}。承办：{office}。代办员：{agent}。"));
        lines.push(format!(
            "已用工作日：部门 {}，企业 {}，特别程序 {}，中止 {}，旗外 {}。",
            time.office, time.enterprise, time.special, time.suspended, time.outside
        ));
        lines.push(String::new());
        lines.push(format!("Case {number}, {name}: {en}. Date: {due}. Office: {office}. Agent: {agent}."));
        lines.push(format!(
            "Working days used: office {}, enterprise {}, special procedure {}, suspended {}, outside {}.",
            time.office, time.enterprise, time.special, time.suspended, time.outside
        ));
        lines.join("\n")
    }

    /// Who chased, and in which words.
    fn said(&self) -> Option<String> {
        let sender: &Username = self.row.sender.as_ref()?;
        let name = self.reference.directory.person_name(sender);
        Some(match &self.row.words {
            Some(words) => format!("{name}：{words}"),
            None => format!("催办人：{name}。"),
        })
    }

    fn what(&self) -> (String, String) {
        let due = self.row.due_on;
        let (zh, en) = match Cause::parse(&self.row.cause) {
            None => {
                ("有人催办，请尽快办理或说明情况".to_owned(), "somebody waits for it and asks how far it is".to_owned())
            }
            Some(Cause::NearlyOverdue) => {
                (format!("快到期，应于 {due} 办结"), format!("due on {due}, little time is left"))
            }
            Some(Cause::Overdue) => (format!("已超期，应于 {due} 办结"), format!("overdue, it was due on {due}")),
            Some(Cause::Unclaimed) => (
                "超过时限没有认领，请认领或说明理由退回".to_owned(),
                "not claimed in time; claim it or decline it with a reason".to_owned(),
            ),
            Some(Cause::SpecialProcedureOver) => (
                format!("的特别程序应于 {due} 结束，请恢复计时或说明情况"),
                format!("the special procedure was to end on {due}; resume the clock or say why not"),
            ),
            Some(Cause::CorrectionOver) => (
                format!("的补正期限 {due} 已过，还没有补齐"),
                format!("what the enterprise owes was to be there by {due}"),
            ),
            Some(Cause::OutsideUnchecked) => (
                format!("在旗外办理，应于 {due} 前问一次进度，请查询后登记"),
                format!("handled outside; ask how far it is and note it (by {due})"),
            ),
        };
        (zh, en)
    }
}
