//! Steps out of the ordinary, each taken once.

use super::people::window_of;
use super::plans::{Goal, Twist};
use super::play::{Player, Step, agent};
use domain::case::{
    AssignmentCommand, Case, CaseMatter, EndingCommand, MatterStatus, MattersCommand, RecordCommand, RemoteChannel,
    Status, StopKind, SuspendReason, TerminateReason,
};
use domain::ids::{OfficeCode, Username};
use domain::people::OfficeKind;

const DAY: u32 = 390;

impl Player {
    /// What the plan has in store for the case as it stands now.
    pub(super) fn twist(&self, case: &Case) -> Option<Step> {
        self.leave(case).or_else(|| self.plan.twists.iter().find_map(|twist| self.twisted(case, *twist)))
    }

    /// Suspended, withdrawn, terminated: once a matter is submitted.
    fn leave(&self, case: &Case) -> Option<Step> {
        submitted(case).next().filter(|_| case.status == Status::Running)?;
        let reason = |text: &str| text.to_owned();
        match self.plan.goal {
            Goal::Suspended => {
                let reason = reason("企业暂缓装修，申请中止办理");
                let command = EndingCommand::Suspend { reason_code: SuspendReason::ClientRequest, reason };
                self.soon("suspend", 60, DAY, agent(case), command)
            }
            Goal::Leaving | Goal::Returned => {
                let reason = Some(reason("企业决定自行办理"));
                let command = EndingCommand::Withdraw { reason_code: None, reason };
                self.soon("withdraw", 60, DAY, self.client(case), command)
            }
            Goal::Terminated => {
                let reason = reason("项目已不再建设，经企业书面确认");
                let command = EndingCommand::Terminate { reason_code: TerminateReason::ProjectAbandoned, reason };
                self.soon("terminate", 60, DAY, Username::from("head"), command)
            }
            _ => None,
        }
    }

    fn twisted(&self, case: &Case, twist: Twist) -> Option<Step> {
        match twist {
            Twist::Green if case.green.is_none() && case.status >= Status::Preparing => {
                let reason = "旗重点招商引资项目，年底前须并网".to_owned();
                let command = AssignmentCommand::OpenGreenChannel { reason, person: agent(case), measures: Vec::new() };
                self.soon("green", 10, 60, Username::from("head"), command)
            }
            Twist::Correction if case.status == Status::Running => self.stop(case, StopKind::Correction),
            Twist::Special if case.status == Status::Running => self.stop(case, StopKind::Special),
            Twist::Extended if case.status == Status::Running => self.extend(case),
            Twist::Declined if case.status == Status::Running => self.decline(case),
            Twist::Remote if case.records.remote_sessions == 0 && case.stand_in.is_some() => {
                let command = RecordCommand::RecordRemoteSession {
                    channel: RemoteChannel::ScreenShare,
                    topic: "远程陪同填写申请表".to_owned(),
                    started_at: self.now(),
                    minutes: self.chance.between("session", 15, 50),
                    outcome: "企业已自行填完并保存".to_owned(),
                };
                self.soon("remote", 60, 180, agent(case), command)
            }
            Twist::Paused if case.status == Status::Running && case.pauses.is_empty() => {
                submitted(case).next()?;
                let reason = "企业资金安排调整，申请暂停几日".to_owned();
                let command = EndingCommand::Suspend { reason_code: SuspendReason::ClientRequest, reason };
                self.soon("pause", 60, DAY, agent(case), command)
            }
            Twist::NewAgent if case.status == Status::Running && case.agent_changes.is_empty() => self.new_agent(case),
            _ => None,
        }
    }

    /// A third takes the case over while it runs.
    fn new_agent(&self, case: &Case) -> Option<Step> {
        submitted(case).next()?;
        let reason = Some("原代办员外出培训，由同组人员接手".to_owned());
        let command = AssignmentCommand::AssignAgent { person: self.one_of_team(2), reason };
        self.soon("new agent", 30, 90, Username::from("head"), command)
    }

    /// Stops the clock of a matter that is submitted. A case that is to show it stays stopped for longer than the demo lasts.
    fn stop(&self, case: &Case, kind: StopKind) -> Option<Step> {
        let has_stopped = |matter: &CaseMatter| matter.clock.as_ref().is_some_and(|clock| clock.intervals.len() > 1);
        if case.matters.iter().any(has_stopped) {
            return None;
        }
        let reference = self.reference();
        let special_of = |matter: &CaseMatter| {
            reference.catalogue.matter(&matter.scope.code).and_then(|known| known.special_procedures.first())
        };
        let is_long = |matter: &CaseMatter| matter.scope.limit.as_ref().is_some_and(|limit| limit.days >= 3);
        let matter = submitted(case).find(|matter| match kind {
            StopKind::Special => special_of(matter).is_some(),
            StopKind::Correction => is_long(matter),
        })?;
        let special = special_of(matter);
        let from = if self.plan.goal == Goal::Now { self.horizon() } else { self.now() };
        let until = domain::calendar::today(from);
        let (name, reason) = match kind {
            StopKind::Special => (
                Some(special.map_or("专家评审", |special| special.name.as_str()).to_owned()),
                "按规定进入特别程序，不计入办理期限".to_owned(),
            ),
            StopKind::Correction => (None, "坐标表与图纸不一致，请企业补正".to_owned()),
        };
        let until = reference.calendar.add_working_days(until, self.chance.between("stopped", 2, 9)).date;
        let matter_code = matter.scope.code.clone();
        // A stop that is to last as long as the demo may go beyond the procedure's cap.
        let beyond_cap = (kind == StopKind::Special).then(|| "专家意见需补充论证，评审时间顺延".to_owned());
        let command = MattersCommand::StopClock { matter: matter_code, kind, name, reason, until, beyond_cap };
        self.soon("stop", 60, DAY / 2, window_of(&matter.office), command)
    }

    fn extend(&self, case: &Case) -> Option<Step> {
        let is_extended = |matter: &CaseMatter| matter.clock.as_ref().is_some_and(|clock| clock.extended_days > 0);
        if case.matters.iter().any(is_extended) {
            return None;
        }
        let matter = submitted(case).next()?;
        let approver = window_of(&matter.office);
        let command = MattersCommand::ExtendLimit {
            matter: matter.scope.code.clone(),
            days: 5,
            reason: "现场水量数据需要复测".to_owned(),
            approver: approver.clone(),
        };
        self.soon("extend", DAY, 2 * DAY, approver, command)
    }

    /// The first office says that the matter is not its own; the agent sends it on.
    fn decline(&self, case: &Case) -> Option<Step> {
        const OTHER: &str = "D03";
        let matter = case.matters.first()?;
        let is_first = matter.office == matter.scope.office && matter.office.as_str() != OTHER;
        let code = matter.scope.code.clone();
        match matter.status {
            MatterStatus::Offered if is_first => {
                let reason = "项目属于技术改造，应由工信部门备案".to_owned();
                let command = MattersCommand::DeclineMatter { matter: code, reason };
                self.soon("decline", 30, 200, window_of(&matter.office), command)
            }
            MatterStatus::Declined => {
                let office = OfficeCode::from(OTHER);
                let is_in_hall =
                    self.reference().directory.office(&office).is_some_and(|o| o.kind == OfficeKind::Department);
                let reason = "按职责分工转工信部门".to_owned();
                let command = MattersCommand::ForwardMatter { matter: code, office, reason };
                is_in_hall.then(|| self.soon("forward", 10, 90, agent(case), command)).flatten()
            }
            _ => None,
        }
    }
}

/// Matters that an office of the hall works on.
fn submitted(case: &Case) -> impl Iterator<Item = &CaseMatter> {
    case.matters.iter().filter(|matter| matter.status == MatterStatus::Submitted && !matter.outside)
}
