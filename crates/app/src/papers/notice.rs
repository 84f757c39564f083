//! The one-time notice (S6.2).

use super::{Paper, PaperError, form_of, matter_name, words};
use documents::{MissingMaterial, MissingState, OneTimeNotice};
use domain::calendar::today;
use domain::case::{CheckResult, Notice, NoticeEntry};

impl Paper<'_> {
    pub(super) fn one_time_notice(&self) -> Result<OneTimeNotice, PaperError> {
        let number = self.due.about.notice;
        let notice = self.case.notices.iter().find(|notice| Some(notice.number) == number);
        let notice = notice.ok_or(PaperError::UnknownNotice(number))?;
        let missing = notice.entries.iter().map(|entry| self.missing(notice, entry)).collect::<Result<_, _>>()?;
        Ok(OneTimeNotice {
            head: self.head(),
            to: self.context.party.name.clone(),
            matters: self.matters_named(|matter| notice.matters.contains(&matter.scope.code)),
            missing,
            bring_by: notice.due,
            place: self.place(),
            agent_office: self.agent_office(),
            agent: self.agent_name()?,
            agent_phone: self.agent_phone()?,
            second_reason: notice.reason_code.map(|reason| words::second_reason(reason).to_owned()),
            issued_on: today(notice.at),
        })
    }

    fn missing(&self, notice: &Notice, entry: &NoticeEntry) -> Result<MissingMaterial, PaperError> {
        let material = self.case.material(&entry.material);
        let spec = &material.ok_or_else(|| PaperError::Unknown(entry.material.to_string()))?.spec;
        let needs: Vec<_> = spec.needed_by.iter().filter(|need| notice.matters.contains(&need.matter)).collect();
        let why = entry.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        let state = match entry.result {
            CheckResult::Wrong => MissingState::NotRight { why: why.unwrap_or_default().to_owned() },
            CheckResult::Missing | CheckResult::Ok => MissingState::Missing,
        };
        let how_to_get = match (&state, why) {
            // What was written beside a missing material still tells the client something.
            (MissingState::Missing, Some(why)) => format!("{}（说明：{why}）", spec.how_to_get),
            _ => spec.how_to_get.clone(),
        };
        Ok(MissingMaterial {
            name: spec.name.clone(),
            matters: needs.iter().map(|need| matter_name(self.context.catalogue, &need.matter).to_owned()).collect(),
            state,
            how_to_get,
            forms: vec![form_of(spec.form)],
            copies: spec.copies,
            // One matter that cannot wait is enough.
            deferrable: !needs.is_empty() && needs.iter().all(|need| need.deferrable),
        })
    }

    /// Where the agent sits.
    fn place(&self) -> Option<String> {
        let directory = self.context.directory;
        let agent = self.case.agent.as_ref().and_then(|agent| directory.person(agent));
        let office = agent.and_then(|agent| agent.office.as_ref());
        let place = format!("{}{}", directory.hall, office.map_or("", |office| directory.office_name(office)));
        (!place.is_empty()).then_some(place)
    }
}
