//! The ledger of projects (台账) that the region asks for: where each matter stands, by when it has to be finished for the day on
//! which building is to begin, and who holds it (S5.3, S8.2). Page, Excel, notice, API and the director's board all read it here.

use crate::calendar::{Calendar, today};
use crate::case::{
    Case, CaseMaterial, CaseMatter, MaterialStatus, MatterStatus, Outcome, OutsideRecord, OutsideState, Policy, Status,
};
use crate::clock::IntervalKind;
use crate::ids::{CaseId, MatterCode, OfficeCode, Username};
use crate::plan::{Schedule, Scheduled};
use crate::warning::ask_by;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who decides a matter: 旗, 市, 自治区, 国家.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 旗县及苏木乡镇
    Banner,
    /// 盟市
    City,
    /// 自治区
    Region,
    /// 国家
    Nation,
}

impl Level {
    /// Every level, the lowest first.
    pub const ALL: [Self; 4] = [Self::Banner, Self::City, Self::Region, Self::Nation];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Banner => "banner",
            Self::City => "city",
            Self::Region => "region",
            Self::Nation => "nation",
        }
    }

    /// The level that the catalogue's words name: that of the first body which does more than receive, examine first or put
    /// the file together. Where the level depends on the project, it is taken as the lowest.
    #[must_use]
    pub fn of(words: &str) -> Self {
        let mut bodies = words.split('/').map(str::trim).filter(|body| !body.is_empty()).peekable();
        if bodies.peek().is_none() {
            return Self::Banner;
        }
        let only_passes_on = |body: &&str| ["旗受理", "旗初审", "旗组卷"].iter().any(|how| body.starts_with(how));
        match bodies.find(|body| !only_passes_on(body)) {
            Some(body) if ["旗", "县", "苏木", "乡"].iter().any(|of| body.starts_with(of)) => Self::Banner,
            Some(body) if ["自治区", "省"].iter().any(|of| body.starts_with(of)) => Self::Region,
            Some(body) if body.starts_with("国") => Self::Nation,
            _ => Self::City,
        }
    }
}

/// Where a matter stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    /// Not submitted; the law puts something first that is not finished.
    Waiting,
    /// Not submitted; nothing comes before it any more.
    Ready,
    /// Sent to its office, which has not answered, or has declined.
    Offered,
    /// Submitted, within its limit.
    Running,
    /// Submitted, its limit is over.
    Overdue,
    /// Submitted, its clock is stopped.
    Stopped,
    /// Refused: it has to be done again.
    Refused,
    /// Finished, or not needed.
    Done,
}

impl LedgerState {
    /// Every state, in the order of a matter's way.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Ready,
        Self::Offered,
        Self::Running,
        Self::Overdue,
        Self::Stopped,
        Self::Refused,
        Self::Done,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Offered => "offered",
            Self::Running => "running",
            Self::Overdue => "overdue",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
            Self::Done => "done",
        }
    }
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The client owes materials or a correction, or has the case rest.
    Client,
    /// The agent prepares and submits.
    Agent,
    /// The lead office accepts the case, or finds another office for what was declined.
    LeadOffice,
    /// The office that holds the matter claims or decides it.
    Office,
}

/// On whose side a matter lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The banner's own offices, the agent's among them.
    Hall,
    /// A body outside the hall or above the banner.
    Above,
    /// The client.
    Client,
}

impl Side {
    /// Every side.
    pub const ALL: [Self; 3] = [Self::Hall, Self::Above, Self::Client];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hall => "hall",
            Self::Above => "above",
            Self::Client => "client",
        }
    }
}

/// That somebody has a matter in hand, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who.
    pub by: Holder,
    /// On whose side that is.
    pub side: Side,
    /// The office that answers for it; none for the client, and while no office leads.
    pub office: Option<OfficeCode>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Working days since then.
    pub days: i64,
}

/// A matter of a project, as the ledger shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The matter.
    pub matter: MatterCode,
    /// Who decides it.
    pub level: Level,
    /// The same in the catalogue's words; empty if it has none.
    pub level_words: String,
    /// The office that holds it.
    pub office: OfficeCode,
    /// Who works on it: the one who claimed it, else the agent.
    pub person: Option<Username>,
    /// By when it has to be finished: with a wanted day backwards from it, else at the earliest. None once it is finished.
    pub planned: Option<NaiveDate>,
    /// That day rests on a year whose holidays are not published yet.
    pub provisional: bool,
    /// Where it stands.
    pub state: LedgerState,
    /// When it was submitted.
    pub submitted: Option<NaiveDate>,
    /// When its limit ends, while it runs.
    pub due: Option<NaiveDate>,
    /// When it was finished.
    pub finished: Option<NaiveDate>,
    /// Over its limit, or too late for the wanted day.
    pub behind: bool,
    /// Who has it in hand; none while it waits for another matter, and once it is finished.
    pub hold: Option<Hold>,
    /// Matters that cannot go on before it is finished.
    pub holds_up: Vec<MatterCode>,
    /// What is known of it outside.
    pub outside: Option<OutsideRecord>,
}

impl LedgerLine {
    /// Whether it is a blocker (卡点): somebody has it in hand, and either others wait for it or it is behind.
    #[must_use]
    pub fn is_blocker(&self) -> bool {
        self.hold.is_some() && (self.behind || !self.holds_up.is_empty())
    }
}

/// The lines of a case, in list order. `schedule` is the case's own, by its wanted day if it has one.
#[must_use]
pub fn lines(case: &Case, schedule: &Schedule, calendar: &Calendar, now: DateTime<Utc>) -> Vec<LedgerLine> {
    let line = |matter| Some(line(case, matter, schedule.item(&matter.scope.code)?, calendar, now));
    case.matters.iter().filter_map(line).collect()
}

fn line(case: &Case, matter: &CaseMatter, item: &Scheduled, calendar: &Calendar, now: DateTime<Utc>) -> LedgerLine {
    let state = state(case, matter, calendar, now);
    let is_open = state != LedgerState::Done;
    let planned = if case.goal.is_some() { item.latest_finish } else { item.finish.date };
    let is_timed = matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped);
    let clock = matter.clock.as_ref().filter(|_| is_timed);
    LedgerLine {
        matter: matter.scope.code.clone(),
        level: Level::of(&matter.scope.level),
        level_words: matter.scope.level.clone(),
        office: matter.office.clone(),
        person: matter.claimed_by.clone().or_else(|| case.agent.clone()),
        planned: is_open.then_some(planned),
        provisional: is_open && calendar.day(planned).provisional,
        submitted: matter.submitted_at.map(today),
        due: clock.and_then(|clock| clock.due(calendar, now)).map(|due| due.date),
        finished: matter.finished_at.map(today),
        behind: is_open && (item.slack < 0 || state == LedgerState::Overdue),
        hold: if is_open { hold(case, matter, calendar, now) } else { None },
        holds_up: if is_open { item.holds_up.clone() } else { Vec::new() },
        outside: matter.outside_record.clone(),
        state,
    }
}

fn state(case: &Case, matter: &CaseMatter, calendar: &Calendar, now: DateTime<Utc>) -> LedgerState {
    match matter.status {
        MatterStatus::Finished if matter.outcome == Some(Outcome::Refused) => LedgerState::Refused,
        MatterStatus::Finished => LedgerState::Done,
        MatterStatus::Stopped => LedgerState::Stopped,
        MatterStatus::Submitted if matter.clock.as_ref().is_some_and(|clock| clock.is_overdue(calendar, now)) => {
            LedgerState::Overdue
        }
        MatterStatus::Submitted => LedgerState::Running,
        _ if !case.open_prerequisites(matter).is_empty() => LedgerState::Waiting,
        MatterStatus::Offered if !matter.outside => LedgerState::Offered,
        MatterStatus::Declined => LedgerState::Offered,
        _ => LedgerState::Ready,
    }
}

fn hold(case: &Case, matter: &CaseMatter, calendar: &Calendar, now: DateTime<Utc>) -> Option<Hold> {
    let (by, since) = held_by(case, matter)?;
    let side = match by {
        Holder::Client => Side::Client,
        Holder::Office if matter.is_outside_time() => Side::Above,
        _ => Side::Hall,
    };
    let office = match by {
        Holder::Client => None,
        Holder::Office => Some(matter.office.clone()),
        Holder::Agent | Holder::LeadOffice => case.lead_office.clone(),
    };
    Some(Hold { by, side, office, since, days: calendar.working_days_between(today(since), today(now)) })
}

/// Who has to act on a matter that is not finished, and since when.
fn held_by(case: &Case, matter: &CaseMatter) -> Option<(Holder, DateTime<Utc>)> {
    if let (Status::Suspended, Some(pause)) = (case.status, case.pauses.last()) {
        return Some((Holder::Client, pause.from));
    }
    let code = &matter.scope.code;
    let run = matter.clock.as_ref().and_then(|clock| clock.intervals.last());
    let since = run.map(|run| run.from).or(matter.submitted_at).unwrap_or(case.created_at);
    match matter.status {
        MatterStatus::Finished => Some((Holder::Agent, matter.finished_at?)),
        MatterStatus::Submitted => Some((Holder::Office, since)),
        MatterStatus::Stopped if run.is_some_and(|run| run.kind == IntervalKind::Special) => {
            Some((Holder::Office, since))
        }
        MatterStatus::Stopped => Some((Holder::Client, since)),
        _ if matches!(case.status, Status::Submitted | Status::Accepted) => Some((Holder::LeadOffice, case.created_at)),
        _ if !case.open_prerequisites(matter).is_empty() => None,
        MatterStatus::Declined => Some((Holder::LeadOffice, matter.offered_at.unwrap_or(since))),
        MatterStatus::Offered if !matter.outside => Some((Holder::Office, free_since(case, matter))),
        MatterStatus::Planned => {
            let owed = owed_since(case, case.lacking_to_start().into_iter());
            Some(owed.map_or((Holder::Agent, case.created_at), |at| (Holder::Client, at)))
        }
        MatterStatus::Offered | MatterStatus::Claimed => {
            let owed = owed_since(case, case.lacking(code));
            Some(owed.map_or_else(|| (Holder::Agent, free_since(case, matter)), |at| (Holder::Client, at)))
        }
    }
}

/// Since when nothing is before a matter that was sent to its office.
fn free_since(case: &Case, matter: &CaseMatter) -> DateTime<Utc> {
    let before = matter.scope.prerequisites.iter().filter_map(|code| case.matter(code)?.finished_at).max();
    let own = matter.claimed_at.or(matter.offered_at).unwrap_or(case.created_at);
    before.map_or(own, |before| before.max(own))
}

/// When the client was last told of materials that it still owes.
fn owed_since<'a>(case: &'a Case, lacking: impl Iterator<Item = &'a CaseMaterial>) -> Option<DateTime<Utc>> {
    let is_owed = |material: &&CaseMaterial| {
        matches!(case.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
    };
    let owed: BTreeSet<_> = lacking.filter(is_owed).map(|material| &material.spec.id).collect();
    let names = |notice: &&crate::case::Notice| notice.entries.iter().any(|entry| owed.contains(&entry.material));
    case.notices.iter().rev().find(names).map(|notice| notice.at)
}

/// A matter that is followed outside: decided above the banner, by a body outside the hall, or in a system outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideLine {
    /// The matter.
    pub matter: MatterCode,
    /// The body that holds it.
    pub body: OfficeCode,
    /// Who decides it, in the catalogue's words; empty if it has none.
    pub level_words: String,
    /// How far it is: as the last look found, else filed once it was submitted.
    pub state: OutsideState,
    /// It is finished: nobody has to ask any more.
    pub done: bool,
    /// What the last look found.
    pub record: Option<OutsideRecord>,
    /// By when the body has to be asked again; none while it has nothing to decide, and while the case rests.
    pub ask_by: Option<NaiveDate>,
    /// That day is over.
    pub ask_late: bool,
}

/// The matters of a case that are followed outside, in list order, whether or not it has a project (S5.3).
#[must_use]
pub fn outside_lines(case: &Case, calendar: &Calendar, policy: &Policy, now: DateTime<Utc>) -> Vec<OutsideLine> {
    let line = |matter: &CaseMatter| {
        let done = matter.status == MatterStatus::Finished;
        let record = matter.outside_record.clone();
        let at_most = match (done, matter.submitted_at) {
            (true, _) => OutsideState::Decided,
            (false, Some(_)) => OutsideState::Filed,
            (false, None) => OutsideState::NotFiled,
        };
        let ask_by = ask_by(matter, calendar, policy).filter(|_| case.status == Status::Running);
        OutsideLine {
            matter: matter.scope.code.clone(),
            body: matter.office.clone(),
            level_words: matter.scope.level.clone(),
            state: record.as_ref().filter(|_| !done).map_or(at_most, |record| record.state),
            done,
            record,
            ask_by,
            ask_late: ask_by.is_some_and(|day| day < today(now)),
        }
    };
    case.matters.iter().filter(|matter| matter.is_followed()).map(line).collect()
}

/// The figures of a ledger. Every page, file and notice takes them from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Projects.
    pub projects: usize,
    /// Matters.
    pub matters: usize,
    /// Of these finished.
    pub done: usize,
    /// With their office: submitted and not finished, those over their limit and those stopped included.
    pub under_way: usize,
    /// Of these over their limit.
    pub overdue: usize,
    /// Blockers.
    pub blockers: usize,
    /// Projects of which a matter is behind.
    pub behind: usize,
}

impl Totals {
    /// The figures of these lines.
    pub fn of<'a>(lines: impl Iterator<Item = (&'a CaseId, &'a LedgerLine)>) -> Self {
        let (mut totals, mut projects, mut behind) = (Self::default(), BTreeSet::new(), BTreeSet::new());
        for (case, line) in lines {
            projects.insert(case);
            if line.behind {
                behind.insert(case);
            }
            totals.matters += 1;
            totals.blockers += usize::from(line.is_blocker());
            match line.state {
                LedgerState::Done => totals.done += 1,
                LedgerState::Running | LedgerState::Stopped => totals.under_way += 1,
                LedgerState::Overdue => {
                    totals.under_way += 1;
                    totals.overdue += 1;
                }
                LedgerState::Waiting | LedgerState::Ready | LedgerState::Offered | LedgerState::Refused => {}
            }
        }
        Self { projects: projects.len(), behind: behind.len(), ..totals }
    }
}
