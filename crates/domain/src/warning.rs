//! Warnings (预警): who has to be told by now that something presses, and whom next when nothing happens (S5.3, S8.2).
//!
//! A warning is a pure function of the case, the calendar, what the hall has set and the moment. It leaves in office hours
//! only, so its moment always lies in them, and it goes out once: its key ([`Warning::key`]) is the same as long as the same
//! clock runs. A clock that is resumed or extended begins a new run, and a new run warns anew.
//!
//! Each cause goes up the ladder: the person who can act, the head of the office, the head of the lead office, supervision.
//! Whoever is away is passed over for the stand-in or the next above, so that a warning never reaches nobody.

use crate::access::{Grant, Relation};
use crate::calendar::{Calendar, today};
use crate::case::{Case, CaseMatter, MatterStatus, Policy, Status};
use crate::catalogue::DayUnit;
use crate::clock::{Clock, IntervalKind, Thresholds};
use crate::ids::{MatterCode, OfficeCode, Username};
use crate::people::{Directory, Person, Role};
use chrono::{DateTime, NaiveDate, Utc};

/// Why somebody is warned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Little time is left.
    NearlyOverdue,
    /// The limit has passed.
    Overdue,
    /// Sent to an office that has not claimed it in time.
    Unclaimed,
    /// The planned end of a special procedure has passed.
    SpecialProcedureOver,
    /// The day by which the enterprise was to bring what it owes has passed.
    CorrectionOver,
    /// Nobody has asked the body outside the hall for long.
    OutsideUnchecked,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 6] = [
        Self::NearlyOverdue,
        Self::Overdue,
        Self::Unclaimed,
        Self::SpecialProcedureOver,
        Self::CorrectionOver,
        Self::OutsideUnchecked,
    ];

    /// The name in columns and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NearlyOverdue => "nearly_overdue",
            Self::Overdue => "overdue",
            Self::Unclaimed => "unclaimed",
            Self::SpecialProcedureOver => "special_procedure_over",
            Self::CorrectionOver => "correction_over",
            Self::OutsideUnchecked => "outside_unchecked",
        }
    }

    /// Reads a cause's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }
}

/// A step of the ladder, from below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The enterprise; only for what it owes.
    Client,
    /// The person who can act.
    Person,
    /// The head of the office that holds the matter.
    OfficeHead,
    /// The head of the lead office.
    LeadHead,
    /// Supervision.
    Supervision,
}

impl Step {
    /// Every step, from below.
    pub const ALL: [Self; 5] = [Self::Client, Self::Person, Self::OfficeHead, Self::LeadHead, Self::Supervision];

    /// The name in columns and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Person => "person",
            Self::OfficeHead => "office_head",
            Self::LeadHead => "lead_head",
            Self::Supervision => "supervision",
        }
    }
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The matter.
    pub matter: MatterCode,
    /// Why.
    pub cause: Cause,
    /// The step of the ladder that it is meant for.
    pub step: Step,
    /// Who is told: the people of that step who are there, or of the next above that has some.
    pub to: Vec<Username>,
    /// When it leaves, at the earliest: always within office hours.
    pub since: DateTime<Utc>,
    /// The day that counts: the due day, the planned end, the day by which to ask again.
    pub due: NaiveDate,
    /// Which run of the clock it belongs to.
    pub run: String,
}

impl Warning {
    /// What tells this warning of a case from every other: each goes out once.
    #[must_use]
    pub fn key(&self) -> (&str, &'static str, &'static str, &str) {
        (self.matter.as_str(), self.cause.name(), self.step.name(), &self.run)
    }
}

/// Every warning of a case that should have been given by now, in the order in which they fell due.
#[must_use]
pub fn due(
    case: &Case,
    calendar: &Calendar,
    policy: &Policy,
    directory: &Directory,
    now: DateTime<Utc>,
) -> Vec<Warning> {
    let mut warnings = ahead(case, calendar, policy, directory, now);
    warnings.retain(|warning| warning.since <= now);
    warnings
}

/// Every warning of a case, those that will be due if nothing happens included, in the order in which they fall due. A case
/// that rests or that has ended warns nobody.
#[must_use]
pub fn ahead(
    case: &Case,
    calendar: &Calendar,
    policy: &Policy,
    directory: &Directory,
    now: DateTime<Utc>,
) -> Vec<Warning> {
    if case.status != Status::Running {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    for matter in &case.matters {
        let mut watch = Watch { case, matter, calendar, policy, directory, now, warnings: Vec::new() };
        watch.claim();
        watch.clock();
        watch.stop();
        watch.outside();
        warnings.append(&mut watch.warnings);
    }
    warnings.sort_by(|a, b| (a.since, &a.matter, a.cause, a.step).cmp(&(b.since, &b.matter, b.cause, b.step)));
    warnings
}

/// Why nobody can be chased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChaseProblem {
    /// The case has no such matter.
    NotInCase,
    /// Nobody is waited for: the matter has not begun or is finished, or the case rests.
    NothingWaits,
    /// Whoever chases holds the matter.
    Oneself,
}

/// Whom somebody chases who waits for a matter (催办, S5.3): the client its agent, everybody else the holder.
///
/// # Errors
/// [`ChaseProblem`].
pub fn chased(
    case: &Case,
    matter: &MatterCode,
    by: &Grant,
    directory: &Directory,
    today: NaiveDate,
) -> Result<Vec<Username>, ChaseProblem> {
    let matter = case.matter(matter).ok_or(ChaseProblem::NotInCase)?;
    let people = match by.relation() {
        Relation::OwnEnterprise if matter.status == MatterStatus::Finished => Vec::new(),
        Relation::OwnEnterprise if case.status.is_open() && case.status != Status::Suspended => {
            Rungs { case, matter, directory, today }.reached(Step::Person, true)
        }
        _ if case.status == Status::Running => holder(case, matter, directory, today),
        _ => Vec::new(),
    };
    if people.is_empty() {
        return Err(ChaseProblem::NothingWaits);
    }
    if people.contains(by.actor()) { Err(ChaseProblem::Oneself) } else { Ok(people) }
}

/// The working day that a chase counts for: once per matter and person on each (S5.3). What is chased on a day off counts for
/// the next one, on which it leaves.
#[must_use]
pub fn chase_day(calendar: &Calendar, now: DateTime<Utc>) -> NaiveDate {
    today(calendar.add_working_minutes(now, 0))
}

/// Who can act on a matter now, so that others may chase them: the office while it holds it, the agent while it waits for the
/// agent, for a body outside or for the enterprise, the head of the lead office where the matter was declined. Nobody where
/// nothing is waited for.
#[must_use]
pub fn holder(case: &Case, matter: &CaseMatter, directory: &Directory, today: NaiveDate) -> Vec<Username> {
    let people = Rungs { case, matter, directory, today };
    match matter.status {
        MatterStatus::Planned | MatterStatus::Finished => Vec::new(),
        MatterStatus::Declined => people.reached(Step::LeadHead, false),
        MatterStatus::Claimed => people.reached(Step::Person, true),
        MatterStatus::Offered | MatterStatus::Submitted | MatterStatus::Stopped => {
            people.reached(Step::Person, is_agents(matter))
        }
    }
}

/// Whether the next step on a matter is the agent's: a body outside holds it, or the enterprise owes something.
fn is_agents(matter: &CaseMatter) -> bool {
    let owes = matter.clock.as_ref().and_then(Clock::state) == Some(IntervalKind::Correction);
    matter.outside || owes
}

/// One matter, and the warnings found for it.
struct Watch<'a> {
    case: &'a Case,
    matter: &'a CaseMatter,
    calendar: &'a Calendar,
    policy: &'a Policy,
    directory: &'a Directory,
    now: DateTime<Utc>,
    warnings: Vec<Warning>,
}

impl Watch<'_> {
    /// An office has so much office time to claim; then its head is told, the lead office's head, supervision.
    fn claim(&mut self) {
        let (MatterStatus::Offered, false, Some(offered)) =
            (self.matter.status, self.matter.outside, self.matter.offered_at)
        else {
            return;
        };
        let limit = self.calendar.add_working_minutes(offered, self.policy.claim_minutes);
        let (run, day) = (offered.timestamp().to_string(), today(limit));
        let ladder = &self.policy.ladder;
        for (step, days) in [
            (Step::OfficeHead, 0),
            (Step::LeadHead, ladder.lead_head_after),
            (Step::Supervision, ladder.supervision_after),
        ] {
            self.add(Cause::Unclaimed, step, false, self.after(limit, days), day, &run);
        }
    }

    /// What runs against its limit. A clock that was overdue before it was stopped stays so: a stop hides nothing.
    fn clock(&mut self) {
        let Some(clock) = &self.matter.clock else { return };
        let is_running = clock.state() == Some(IntervalKind::Running);
        let (Some(state), Some(due)) = (clock.state(), clock.due(self.calendar, self.now)) else { return };
        let close = self.calendar.closes_at(due.date);
        if state != IntervalKind::Running && close >= self.now {
            return;
        }
        let run = run_of(clock);
        let agents = self.matter.outside;
        if is_running {
            let yellow = yellow_since(clock, due.date, self.calendar, &self.policy.thresholds);
            self.add(Cause::NearlyOverdue, Step::Person, agents, yellow, due.date, &run);
        }
        self.add(Cause::Overdue, Step::Person, agents, close, due.date, &run);
        // The time of a body outside the hall is nobody's fault inside: only the one who can ask there is told.
        if self.matter.is_outside_time() {
            return;
        }
        let ladder = self.policy.ladder;
        if is_running && ladder.office_head_before > 0 {
            let before = self.working_days_before(due.date, ladder.office_head_before);
            let from = self.calendar.opens_at(before).max(clock.intervals.last().map_or(close, |last| last.from));
            self.add(Cause::NearlyOverdue, Step::OfficeHead, agents, from, due.date, &run);
        }
        for (step, days) in [
            (Step::OfficeHead, 0),
            (Step::LeadHead, ladder.lead_head_after),
            (Step::Supervision, ladder.supervision_after),
        ] {
            self.add(Cause::Overdue, step, agents, self.after(close, days), due.date, &run);
        }
    }

    /// A stop that was planned to be over by now.
    fn stop(&mut self) {
        let Some(clock) = &self.matter.clock else { return };
        let (Some(state), Some(last)) = (clock.state(), clock.intervals.last()) else { return };
        let Some(until) = last.until else { return };
        let over = self.calendar.closes_at(until);
        let run = format!("{}", clock.intervals.len());
        let ladder = self.policy.ladder;
        match state {
            IntervalKind::Special => {
                let agents = self.matter.outside;
                self.add(Cause::SpecialProcedureOver, Step::Person, agents, over, until, &run);
                for (step, days) in
                    [(Step::LeadHead, ladder.lead_head_after), (Step::Supervision, ladder.supervision_after)]
                {
                    if !self.matter.is_outside_time() {
                        self.add(Cause::SpecialProcedureOver, step, agents, self.after(over, days), until, &run);
                    }
                }
            }
            IntervalKind::Correction => {
                self.add(Cause::CorrectionOver, Step::Person, true, over, until, &run);
                self.add(Cause::CorrectionOver, Step::Client, true, over, until, &run);
            }
            IntervalKind::Running | IntervalKind::Suspended => {}
        }
    }

    /// The agent asks a body outside the hall how far it is.
    fn outside(&mut self) {
        let Some(by) = ask_by(self.matter, self.calendar, self.policy) else { return };
        let Some(last) = last_look(self.matter) else { return };
        let (over, run) = (self.calendar.closes_at(by), last.timestamp().to_string());
        self.add(Cause::OutsideUnchecked, Step::Person, true, over, by, &run);
        let later = self.after(over, self.policy.ladder.lead_head_after);
        self.add(Cause::OutsideUnchecked, Step::LeadHead, true, later, by, &run);
    }

    fn add(&mut self, cause: Cause, step: Step, agents: bool, from: DateTime<Utc>, due: NaiveDate, run: &str) {
        let rungs = Rungs { case: self.case, matter: self.matter, directory: self.directory, today: today(self.now) };
        self.warnings.push(Warning {
            matter: self.matter.scope.code.clone(),
            cause,
            step,
            to: rungs.reached(step, agents),
            // No office time at all from then on: the moment itself, or the next opening.
            since: self.calendar.add_working_minutes(from, 0),
            due,
            run: run.to_owned(),
        });
    }

    /// The close of office hours so many working days later; the moment itself for none.
    fn after(&self, from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        if days == 0 {
            return from;
        }
        self.calendar.closes_at(self.calendar.add_working_days(today(from), days).date)
    }

    fn working_days_before(&self, date: NaiveDate, days: u32) -> NaiveDate {
        let mut before = date.iter_days().rev().skip(1).filter(|day| self.calendar.day(*day).working);
        let index = usize::try_from(days).unwrap_or(usize::MAX).saturating_sub(1);
        before.nth(index).unwrap_or(date)
    }
}

/// By which day a body outside has to be asked again how far it is; none while it has nothing to decide.
#[must_use]
pub fn ask_by(matter: &CaseMatter, calendar: &Calendar, policy: &Policy) -> Option<NaiveDate> {
    let is_there = matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped);
    let last = last_look(matter).filter(|_| is_there && matter.is_followed())?;
    Some(calendar.add_working_days(today(last), policy.outside_check_days).date)
}

/// When a body outside was last asked, or got the application.
fn last_look(matter: &CaseMatter) -> Option<DateTime<Utc>> {
    matter.outside_record.as_ref().map(|record| record.checked_at).max(matter.submitted_at)
}

/// Which run of a clock this is: it changes when the clock is resumed and when its limit is extended.
fn run_of(clock: &Clock) -> String {
    let runs = clock.intervals.iter().filter(|interval| interval.kind == IntervalKind::Running).count();
    format!("{runs}+{}", clock.extended_days)
}

/// When the light of a running clock turned yellow, or will: the opening of that day, or the start of the run itself.
fn yellow_since(clock: &Clock, due: NaiveDate, calendar: &Calendar, thresholds: &Thresholds) -> DateTime<Utc> {
    let Some(from) = clock.intervals.last().map(|last| last.from) else {
        return calendar.opens_at(due);
    };
    let allowed = i64::from(clock.limit.days.saturating_add(clock.extended_days));
    let is_yellow = |working: i64, natural: i64| {
        let left = if clock.limit.unit == DayUnit::WorkingDay { working } else { natural };
        left * 100 <= i64::from(thresholds.percent_left) * allowed || working <= i64::from(thresholds.days_left)
    };
    // Backwards from the due day: the fewer days are left, the sooner is the light yellow.
    let (mut day, mut working, mut natural) = (due, 0, 0);
    while day > today(from) {
        let Some(before) = day.pred_opt() else { break };
        working += i64::from(calendar.day(day).working);
        natural += 1;
        if !is_yellow(working, natural) {
            return calendar.opens_at(day);
        }
        day = before;
    }
    from
}

/// The people on the steps of the ladder for one matter.
struct Rungs<'a> {
    case: &'a Case,
    matter: &'a CaseMatter,
    directory: &'a Directory,
    today: NaiveDate,
}

impl Rungs<'_> {
    /// Who is there on a step, or on the next above that has somebody; if everybody is away, whoever belongs there all the same.
    fn reached(&self, step: Step, agents: bool) -> Vec<Username> {
        let above = || Step::ALL.into_iter().filter(move |other| *other >= step);
        let there = above().map(|step| self.on(step, agents, true)).find(|people| !people.is_empty());
        let director = || self.with_role(Role::Director, None, true);
        there
            .or_else(|| Some(director()).filter(|people| !people.is_empty()))
            .or_else(|| above().map(|step| self.on(step, agents, false)).find(|people| !people.is_empty()))
            .unwrap_or_default()
    }

    fn on(&self, step: Step, agents: bool, present: bool) -> Vec<Username> {
        match step {
            Step::Client => self.client(),
            Step::Person if agents => self.agent(present),
            Step::Person => self.handler(present),
            // What the agent does is not in the hands of an office.
            Step::OfficeHead if agents => Vec::new(),
            Step::OfficeHead => self.with_role(Role::OfficeHead, Some(&self.matter.office), present),
            Step::LeadHead => {
                let lead = self.case.lead_office.as_ref().or(self.directory.business_office.as_ref());
                lead.map(|office| self.with_role(Role::OfficeHead, Some(office), present)).unwrap_or_default()
            }
            Step::Supervision => self.with_role(Role::Supervisor, None, present),
        }
    }

    fn client(&self) -> Vec<Username> {
        let people = self.directory.people.values();
        let members = people.filter(|person| person.active && person.enterprises.contains(&self.case.applicant));
        members.map(|person| person.username.clone()).collect()
    }

    /// The agent, or its stand-in while it is away (S5.3).
    fn agent(&self, present: bool) -> Vec<Username> {
        let both = [&self.case.agent, &self.case.stand_in];
        let people = both.into_iter().flatten().filter_map(|name| self.directory.person(name));
        people.filter(|person| self.counts(person, present)).map(|p| p.username.clone()).take(1).collect()
    }

    /// Who claimed the matter, or everybody at the window of its office.
    fn handler(&self, present: bool) -> Vec<Username> {
        let claimed = self.matter.claimed_by.as_ref().and_then(|name| self.directory.person(name));
        let claimed = claimed.filter(|person| person.office.as_ref() == Some(&self.matter.office));
        if let Some(person) = claimed.filter(|person| self.counts(person, present)) {
            return vec![person.username.clone()];
        }
        self.with_role(Role::WindowClerk, Some(&self.matter.office), present)
    }

    fn with_role(&self, role: Role, office: Option<&OfficeCode>, present: bool) -> Vec<Username> {
        let people = self.directory.people.values().filter(|person| {
            let is_here = office.is_none() || person.office.as_ref() == office;
            is_here && person.roles.contains(&role) && self.counts(person, present)
        });
        people.map(|person| person.username.clone()).collect()
    }

    fn counts(&self, person: &Person, present: bool) -> bool {
        person.active && !(present && person.is_absent(self.today))
    }
}

#[cfg(test)]
mod tests;
