//! Decisions told to the client: the case rests, goes on, goes no further, has another agent (S2.1, S5.3).

use super::{Paper, PaperError, words};
use chrono::{DateTime, NaiveDate, Utc};
use documents::{Decision, DecisionFact, DecisionKind};
use domain::calendar::today;
use domain::case::{AgentChange, Pause};
use domain::ids::Username;

const FREE: &str = "本服务不收取任何费用。对本决定有不同意见，可以向政务服务督查部门反映。";

impl Paper<'_> {
    pub(super) fn suspension(&self) -> Result<Decision, PaperError> {
        let pause = self.pause()?;
        let facts = vec![
            fact("中止原因", words::suspend_reason(pause.reason_code)),
            fact("情况说明", &pause.reason),
            fact("中止日期", &chinese(today(pause.from))),
        ];
        let notes = [
            "中止期间，各部门的办理期限停止计算，您交来的材料由代办员妥善保管。",
            "中止的原因消除后，请联系代办员续办，不需要重新申请，也不需要重新提交材料。您也可以随时撤回申请、取回材料。",
        ];
        Ok(self.decision(
            DecisionKind::Suspension,
            "您委托办理的下列事项，因下列原因中止办理。",
            facts,
            &notes,
            pause.from,
        ))
    }

    pub(super) fn resumption(&self) -> Result<Decision, PaperError> {
        let pause = self.pause()?;
        let resumed = pause.to.unwrap_or(pause.from);
        let facts = vec![
            fact("中止日期", &chinese(today(pause.from))),
            fact("中止原因", words::suspend_reason(pause.reason_code)),
            fact("续办日期", &chinese(today(resumed))),
        ];
        let notes = ["自续办之日起，各部门的办理期限接着计算，中止的时间不计入。原来签订的委托协议继续有效。"];
        Ok(self.decision(
            DecisionKind::Resumption,
            "您委托办理的下列事项，中止的原因已经消除，现恢复办理。",
            facts,
            &notes,
            resumed,
        ))
    }

    pub(super) fn termination(&self) -> Result<Decision, PaperError> {
        let leaving = self.case.leaving.as_ref().ok_or_else(|| PaperError::Unknown("leaving".to_owned()))?;
        let (kind, statement) = match leaving.terminated {
            None => ("委托方撤回申请", "根据您的意愿，下列事项的代办帮办服务到此终止。"),
            Some(reason) => (words::terminate_reason(reason), "因下列原因，下列事项的代办帮办服务到此终止。"),
        };
        let mut facts = vec![fact("终止原因", kind)];
        if let Some(reason) = leaving.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
            facts.push(fact("情况说明", reason));
        }
        facts.push(fact("终止日期", &chinese(today(leaving.at))));
        let items = self.items()?;
        let mut owed = items.iter().map(|item| self.in_words(item)).collect::<Result<Vec<_>, _>>()?;
        owed.extend(self.results()?.map(|result| format!("{}（办理结果）", result.name)));
        let notes: &[&str] = if owed.is_empty() {
            &["没有需要退还的材料。以后需要办理的，可以重新申请。"]
        } else {
            &["上列材料和办理结果将当面退还给您，请您核对后在材料退还清单上签字。以后需要办理的，可以重新申请。"]
        };
        let mut decision = self.decision(DecisionKind::Termination, statement, facts, notes, leaving.at);
        decision.items = owed;
        Ok(decision)
    }

    pub(super) fn agent_change(&self) -> Result<Decision, PaperError> {
        let number = self.due.about.change.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        let change = number.checked_sub(1).and_then(|index| self.case.agent_changes.get(index));
        let change = change.ok_or_else(|| PaperError::Unknown(format!("change of agent {number}")))?;
        let items = self.case.items.iter().filter(|item| item.place.is_with(&change.from));
        let items = items.map(|item| self.in_words(item)).collect::<Result<Vec<_>, _>>()?;
        let notes = [
            "已经办理的手续和签订的协议继续有效，您不需要重新提交材料。",
            "您交来的材料由原、现代办员清点后签字交接，交接以前仍由原代办员负责保管。",
        ];
        let statement = "为您办理下列事项的代办员已经更换，今后请与现代办员联系。";
        let facts = self.change_facts(change);
        let mut decision = self.decision(DecisionKind::AgentChange, statement, facts, &notes, change.at);
        decision.items = items;
        Ok(decision)
    }

    fn change_facts(&self, change: &AgentChange) -> Vec<DecisionFact> {
        let named = |person: &Username| {
            let phone = self.context.directory.person(person).map_or("", |person| person.phone.trim());
            let name = self.context.directory.person_name(person);
            if phone.is_empty() { name.to_owned() } else { format!("{name}，电话 {phone}") }
        };
        vec![
            fact("原代办员", self.context.directory.person_name(&change.from)),
            fact("现代办员", &named(&change.to)),
            fact("更换原因", &change.reason),
            fact("更换日期", &chinese(today(change.at))),
        ]
    }

    pub(super) fn decision(
        &self,
        about: DecisionKind,
        statement: &str,
        facts: Vec<DecisionFact>,
        notes: &[&str],
        at: DateTime<Utc>,
    ) -> Decision {
        Decision {
            head: self.head(),
            about,
            to: self.context.party.name.clone(),
            matters: self.matters_named(|_| true),
            statement: statement.to_owned(),
            facts,
            items: Vec::new(),
            notes: notes.iter().chain([&FREE]).map(|note| (*note).to_owned()).collect(),
            office: self.agent_office(),
            issued_on: today(at),
        }
    }

    fn pause(&self) -> Result<&Pause, PaperError> {
        let number = self.due.about.pause.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        let pause = number.checked_sub(1).and_then(|index| self.case.pauses.get(index));
        pause.ok_or_else(|| PaperError::Unknown(format!("pause {number}")))
    }
}

fn fact(name: &str, value: &str) -> DecisionFact {
    DecisionFact { name: name.to_owned(), value: value.to_owned() }
}

fn chinese(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}
