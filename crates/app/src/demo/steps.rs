//! Which step comes next, by where the case stands.

use super::people::window_of;
use super::plans::Twist;
use super::play::{Act, Player, Step, agent, is_agency};
use chrono::{DateTime, TimeDelta, Utc};
use domain::case::{
    AgreementCommand, ApplicationCommand, AssignmentCommand, Case, CaseMatter, Command, DeliveryCommand, DeliveryWay,
    DocumentKind, EndingCommand, EscortOutcome, MatterStatus, MattersCommand, RecordCommand, Side, Status, gaps,
};
use domain::ids::{MatterCode, Username};

/// A working day of office hours, in minutes.
const DAY: u32 = 390;

fn head() -> Username {
    Username::from("head")
}

/// A matter takes between a third and nine tenths of its limit.
fn shortest(matter: &CaseMatter) -> u32 {
    matter.scope.limit.as_ref().map_or(2 * DAY, |limit| limit.days * DAY / 3).max(40)
}

fn longest(matter: &CaseMatter) -> u32 {
    matter.scope.limit.as_ref().map_or(6 * DAY, |limit| limit.days * DAY * 9 / 10).max(180)
}

impl Player {
    /// What happens next, and when; none where the case rests.
    pub(super) fn next(&self, case: &Case) -> Option<Step> {
        if let Some(step) = self.take_over(case).or_else(|| self.twist(case)) {
            return Some(step);
        }
        match case.status {
            Status::Submitted if case.lead_office.is_none() => {
                let office = self.reference().hall.business_office.clone();
                self.soon("lead", 20, 150, head(), AssignmentCommand::AssignLeadOffice { office, reason: None })
            }
            Status::Submitted => self.soon("accept", 10, 90, head(), AssignmentCommand::Accept {}),
            Status::Accepted => self.soon("agent", 5, 120, head(), self.name_agent()),
            Status::Preparing => self.prepare(case),
            Status::Running => self.run(case),
            Status::Suspended => self.soon("resume", 3 * DAY, 6 * DAY, agent(case), EndingCommand::Resume {}),
            Status::Delivering => self.deliver(case),
            Status::Ended => self.close(case),
            Status::Withdrawn | Status::Terminated if case.ended.is_none() => {
                self.act("return", DAY / 2, 2 * DAY, agent(case), Act::Return)
            }
            Status::Withdrawn | Status::Terminated => self.close(case),
            Status::Archived => None,
        }
    }

    /// A command, some working minutes from now.
    pub(super) fn soon(
        &self,
        what: &str,
        low: u32,
        high: u32,
        who: Username,
        command: impl Into<Command>,
    ) -> Option<Step> {
        self.act(what, low, high, who, Act::Give(Box::new(command.into())))
    }

    pub(super) fn act(&self, what: &str, low: u32, high: u32, who: Username, act: Act) -> Option<Step> {
        Some(Step { at: self.after(self.now(), what, low, high), who, what: act })
    }

    fn name_agent(&self) -> AssignmentCommand {
        AssignmentCommand::AssignAgent { person: self.one_of_team(0), reason: None }
    }

    /// Stand-in, check, notice, pieces, handover list, agreement, start: one after the other (S3.2).
    fn prepare(&self, case: &Case) -> Option<Step> {
        if case.stand_in.is_none() {
            let command = AssignmentCommand::SetStandIn { person: self.one_of_team(1), reason: None };
            return self.soon("stand-in", 2, 10, head(), command);
        }
        let ready = self.check(case).or_else(|| self.notice(case));
        if ready.is_some() || !is_agency(case) {
            return ready.or_else(|| self.escort(case));
        }
        self.receive(case).or_else(|| self.sign_next(case, DocumentKind::HandoverList)).or_else(|| {
            match case.agreement_signed_at {
                None => self.sign_next(case, DocumentKind::Agreement),
                Some(_) => self.soon("start", 5, 60, agent(case), AgreementCommand::Start {}),
            }
        })
    }

    pub(super) fn one_of_team(&self, place: usize) -> Username {
        self.plan.team.get(place).cloned().unwrap_or_else(|| Username::from("agent"))
    }

    /// What a former agent still holds goes to the new one, against both signatures (S5.3).
    fn take_over(&self, case: &Case) -> Option<Step> {
        let (from, _) = case.takeover()?;
        let list = case.newest(DocumentKind::TakeoverList).filter(|list| !list.is_signed())?;
        let (who, side) = match list.signature(Side::Giver) {
            None => (from.clone(), Side::Giver),
            Some(_) => (agent(case), Side::Taker),
        };
        self.act(&format!("takeover {side:?} {}", list.id), 10, 60, who, Act::Sign(DocumentKind::TakeoverList, side))
    }

    /// The client reads and signs, then the agent.
    pub(super) fn sign_next(&self, case: &Case, kind: DocumentKind) -> Option<Step> {
        let document = case.newest(kind).filter(|document| !document.is_signed())?;
        match document.signature(Side::Client) {
            None => {
                let what = format!("client signs {}", document.id);
                self.act(&what, 30, 300, self.client(case), Act::Sign(kind, Side::Client))
            }
            Some(_) => {
                let what = format!("agent signs {}", document.id);
                self.act(&what, 3, 40, agent(case), Act::Sign(kind, Side::Agent))
            }
        }
    }

    /// Assistance goes along from window to window and ends at the last (S3.1).
    fn escort(&self, case: &Case) -> Option<Step> {
        let is_open = |code: &MatterCode| case.matter(code).is_some_and(|matter| matter.accepted_at_window.is_none());
        let mut open = case.matters.iter().filter(|matter| matter.accepted_at_window.is_none()).peekable();
        if open.peek().is_none() {
            return self.soon("close", 5, 20, agent(case), EndingCommand::CloseAssistance {});
        }
        let matter = open.find(|matter| !matter.scope.prerequisites.iter().any(is_open))?;
        if let Some(step) = self.found_right(case, &matter.scope.code) {
            return Some(step);
        }
        let window = self.chance.between(matter.scope.code.as_str(), 1, 16);
        let command = RecordCommand::RecordEscort {
            matter: matter.scope.code.clone(),
            window: format!("{window} 号窗口"),
            ticket: Some(format!("B{:03}", self.chance.between("ticket", 1, 180))),
            outcome: EscortOutcome::Accepted,
            at: None,
            late_reason: None,
        };
        self.soon(matter.scope.code.as_str(), 60, DAY, agent(case), command)
    }

    /// Everything that could happen while the matters run; what can happen first, does.
    fn run(&self, case: &Case) -> Option<Step> {
        if let Some(step) = self.attach_code(case) {
            return Some(step);
        }
        let papers = self.receive(case).or_else(|| self.sign_next(case, DocumentKind::HandoverList));
        let matters = case.matters.iter().filter_map(|matter| self.matter_step(case, matter));
        papers.into_iter().chain(matters).min_by_key(|step| step.at)
    }

    /// An enterprise that has just been founded brings its code (S5.3).
    fn attach_code(&self, case: &Case) -> Option<Step> {
        let founds = |matter: &&CaseMatter| matches!(matter.scope.code.as_str(), "QY-02" | "QY-03");
        let is_founded = case.matters.iter().filter(founds).any(|m| m.status == MatterStatus::Finished);
        if !case.founding || !is_founded {
            return None;
        }
        self.soon("code", 20, 120, agent(case), ApplicationCommand::AttachUscc { uscc: self.plan.firm.code() })
    }

    fn matter_step(&self, case: &Case, matter: &CaseMatter) -> Option<Step> {
        let code = matter.scope.code.clone();
        let what = |kind: &str| format!("{kind} {code}");
        let holder = if matter.outside { agent(case) } else { window_of(&matter.office) };
        let give = |at: DateTime<Utc>, who: Username, command: MattersCommand| {
            Some(Step { at, who, what: Act::Give(Box::new(command.into())) })
        };
        match matter.status {
            MatterStatus::Offered if self.has(Twist::Unclaimed) => None,
            MatterStatus::Offered => {
                let at = self.after(matter.offered_at?, &what("claim"), 15, 220);
                give(at, holder, MattersCommand::ClaimMatter { matter: code.clone() })
            }
            MatterStatus::Claimed => self.submit(case, matter),
            MatterStatus::Submitted if self.has(Twist::Unfinished) => None,
            MatterStatus::Submitted => {
                let at = self.after(matter.submitted_at?, &what("finish"), shortest(matter), longest(matter));
                Some(Step { at, who: holder, what: Act::Finish(code.clone()) })
            }
            MatterStatus::Stopped => {
                let until = matter.clock.as_ref()?.intervals.last()?.until?;
                let at = self.reference().calendar.opens_at(until) + TimeDelta::minutes(45);
                give(at, holder, MattersCommand::ResumeClock { matter: code.clone() })
            }
            MatterStatus::Planned | MatterStatus::Declined | MatterStatus::Finished => None,
        }
    }

    fn submit(&self, case: &Case, matter: &CaseMatter) -> Option<Step> {
        let code = &matter.scope.code;
        if !case.open_prerequisites(matter).is_empty() || (self.has(Twist::Building) && self.comes_after_building(code))
        {
            return None;
        }
        if let Some(step) = self.intermediary(case, matter) {
            return Some(step);
        }
        if case.lacking_for_submission(code).next().is_some() {
            return None;
        }
        let at = self.after(matter.offered_at?, &format!("submit {code}"), 240, 2 * DAY);
        let command = MattersCommand::SubmitMatter { matter: code.clone(), number: self.number_of(code) };
        Some(Step { at, who: agent(case), what: Act::Give(Box::new(command.into())) })
    }

    fn comes_after_building(&self, code: &MatterCode) -> bool {
        let reference = self.reference();
        reference.catalogue.matter(code).is_some_and(|m| matches!(m.stage.as_str(), "竣工验收" | "投产与经营许可"))
    }

    /// Some offices give numbers of their own.
    fn number_of(&self, code: &MatterCode) -> Option<String> {
        let what = format!("number {code}");
        self.chance.happens(&what, 40).then(|| format!("{code}-{:05}", self.chance.between(&what, 100, 99_999)))
    }

    fn deliver(&self, case: &Case) -> Option<Step> {
        let results = case.undelivered_results();
        match (case.delivery, &case.shipment) {
            _ if case.delivered.is_some() => self.act("return", 60, DAY, agent(case), Act::Return),
            (DeliveryWay::InPerson, _) => self.act("hand over", DAY / 2, 3 * DAY, agent(case), Act::HandOver),
            (DeliveryWay::Courier, None) => {
                let command = DeliveryCommand::SendResult {
                    results,
                    items: case.outstanding_items(),
                    carrier: Some("中国邮政速递".to_owned()),
                    number: Some(format!("EB{:09}CN", self.chance.between("waybill", 100_000_000, 999_999_999))),
                    address: Some("巴林左旗林东镇契丹大街 1 号".to_owned()),
                };
                self.soon("send", 60, DAY, agent(case), command)
            }
            (DeliveryWay::Electronic, None) => {
                let (items, carrier, number, address) = (Vec::new(), None, None, None);
                let command = DeliveryCommand::SendResult { results, items, carrier, number, address };
                self.soon("send", 20, 120, agent(case), command)
            }
            (_, Some(_)) => {
                let at = self.after(self.now(), "receipt", DAY, 3 * DAY);
                let signed_by = self.plan.firm.contact.clone();
                let command = DeliveryCommand::ConfirmReceipt { signed_by, at, file: None };
                Some(Step { at, who: agent(case), what: Act::Give(Box::new(command.into())) })
            }
        }
    }

    /// The enterprise says how it was; the archivist seals the file when nothing is missing (S6.5).
    fn close(&self, case: &Case) -> Option<Step> {
        if case.evaluation.is_none() && self.plan.is_own {
            let grade = u8::try_from(self.chance.between("grade", 4, 5)).unwrap_or(5);
            let text = Some("跑得快，讲得清楚，谢谢。".to_owned());
            return self.soon("evaluate", 60, DAY, self.client(case), EndingCommand::Evaluate { grade, text });
        }
        if !gaps(case).is_empty() {
            return None;
        }
        self.soon("archive", DAY, 3 * DAY, Username::from("archivist"), EndingCommand::Archive {})
    }
}
