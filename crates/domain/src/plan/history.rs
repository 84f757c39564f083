//! How long matters have taken: the runs of finished matters, and what a forecast draws from.

use crate::calendar::{Calendar, local, today};
use crate::case::{Case, CaseMatter, MatterStatus, Outcome};
use crate::catalogue::Mode;
use crate::ids::{CaseId, MatterCode, OfficeCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A matter that was submitted and decided: a projection of its case, one line of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRun {
    /// The case.
    pub case: CaseId,
    /// The matter.
    pub matter: MatterCode,
    /// The office that decided.
    pub office: OfficeCode,
    /// Agency or assistance.
    pub mode: Mode,
    /// The case was on the green channel when it was decided.
    pub green: bool,
    /// The office is outside the hall.
    pub outside: bool,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When it was decided.
    pub finished_at: DateTime<Utc>,
    /// Working days between the day on which it could have been submitted and the day on which it was.
    pub lag_days: u32,
    /// Working days of the office.
    pub office_days: u32,
    /// Working days of the enterprise (补正).
    pub enterprise_days: u32,
    /// Working days of special procedures.
    pub special_days: u32,
    /// Working days of suspension.
    pub suspended_days: u32,
    /// Minutes of office time until the office claimed it; none where nobody claims.
    pub waited_to_claim_minutes: Option<u32>,
}

impl MatterRun {
    /// Working days from its submission to the decision, whoever's they were.
    #[must_use]
    pub const fn days(&self) -> u32 {
        self.office_days + self.enterprise_days + self.special_days + self.suspended_days
    }
}

/// The runs of a case: one for each matter that was submitted and decided, in list order. What turned out not to be needed says
/// nothing about how long it takes.
#[must_use]
pub fn runs_of(case: &Case, calendar: &Calendar) -> Vec<MatterRun> {
    case.matters.iter().filter_map(|matter| run_of(case, matter, calendar)).collect()
}

fn run_of(case: &Case, matter: &CaseMatter, calendar: &Calendar) -> Option<MatterRun> {
    let is_decided = matter.status == MatterStatus::Finished && matter.outcome != Some(Outcome::NotNeeded);
    let (submitted_at, finished_at) = (matter.submitted_at?, matter.finished_at.filter(|_| is_decided)?);
    let before = matter.scope.prerequisites.iter().filter_map(|code| case.matter(code)?.finished_at);
    let free_at = before.chain(case.started_at).chain(matter.offered_at).max().unwrap_or(submitted_at);
    let lag = calendar.working_days_between(today(free_at), today(submitted_at));
    let split = matter.clock.as_ref().map(|clock| clock.split(calendar, finished_at));
    let total = u32::try_from(calendar.working_days_between(today(submitted_at), today(finished_at))).unwrap_or(0);
    Some(MatterRun {
        case: case.id.clone(),
        matter: matter.scope.code.clone(),
        office: matter.office.clone(),
        mode: case.mode,
        green: case.green.as_ref().is_some_and(|green| green.at <= finished_at),
        outside: matter.outside,
        submitted_at,
        finished_at,
        lag_days: u32::try_from(lag).unwrap_or(0),
        // What was finished before the close of a day has used none of it; in the plan it is finished on that day all the same.
        office_days: total - split.map_or(0, |split| split.enterprise + split.special + split.suspended).min(total),
        enterprise_days: split.map_or(0, |split| split.enterprise),
        special_days: split.map_or(0, |split| split.special),
        suspended_days: split.map_or(0, |split| split.suspended),
        waited_to_claim_minutes: matter
            .offered_at
            .zip(matter.claimed_at)
            .map(|(from, to)| open_minutes(calendar, from, to)),
    })
}

/// Minutes of office time between two moments.
fn open_minutes(calendar: &Calendar, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    let (from, to) = (local(from), local(to));
    let dates = from.date().iter_days().take_while(|date| *date <= to.date());
    let minutes = dates.filter(|date| calendar.day(*date).working).flat_map(|date| {
        let open = calendar.hours().on(date).iter();
        open.map(move |period| (date.and_time(period.to).min(to) - date.and_time(period.from).max(from)).num_minutes())
    });
    u32::try_from(minutes.filter(|minutes| *minutes > 0).sum::<i64>()).unwrap_or(u32::MAX)
}

/// So many finished matters took so long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The matter.
    pub matter: MatterCode,
    /// The office.
    pub office: OfficeCode,
    /// Working days that it lay before it was submitted.
    pub lag: u32,
    /// Working days from its submission to the decision.
    pub days: u32,
    /// How many.
    pub count: u32,
}

/// How long one finished matter lay and took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taken {
    pub(super) days: u32,
    pub(super) lag: u32,
}

/// What is known of a matter, ordered by how long it took.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub(super) n: u32,
    pub(super) taken: Vec<Taken>,
}

/// A forecast draws from no more than so many values of a matter; of more, so many are kept at even distances.
const KEPT: u32 = 500;

impl Sample {
    fn of(mut lines: Vec<(Taken, u32)>) -> Self {
        lines.sort_unstable_by_key(|line| line.0);
        let n: u32 = lines.iter().map(|line| line.1).fold(0, u32::saturating_add);
        let kept = n.min(KEPT);
        let mut taken = Vec::with_capacity(kept as usize);
        let (mut passed, mut lines) = (0u64, lines.into_iter().peekable());
        for nth in 0..kept {
            // The middle of the nth of `kept` equal parts.
            let wanted = (2 * u64::from(nth) + 1) * u64::from(n) / (2 * u64::from(kept));
            while lines.peek().is_some_and(|line| passed + u64::from(line.1) <= wanted) {
                passed += lines.next().map_or(0, |line| u64::from(line.1));
            }
            taken.extend(lines.peek().map(|line| line.0));
        }
        Self { n, taken }
    }
}

#[derive(Clone, Debug, Default)]
struct MatterHistory {
    all: Sample,
    offices: HashMap<OfficeCode, Sample>,
}

/// On what the durations of a matter rest in a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Basis {
    /// So many finished matters of this kind at this office.
    Office {
        /// How many.
        n: u32,
    },
    /// So many at all offices; this office has too few of its own.
    Matter {
        /// How many.
        n: u32,
    },
    /// The limits: there is no history.
    Limit,
    /// Neither history nor a limit: the matter is taken as if it took no time, which is known to be wrong.
    Nothing,
}

impl Basis {
    /// Whether it rests on what happened.
    #[must_use]
    pub const fn is_history(&self) -> bool {
        matches!(self, Self::Office { .. } | Self::Matter { .. })
    }
}

/// An office's own history counts once it has so many; before that, the matter's at all offices.
pub const ENOUGH: u32 = 5;

/// How long matters have taken in this hall.
#[derive(Clone, Debug, Default)]
pub struct History {
    matters: HashMap<MatterCode, MatterHistory>,
    runs: u64,
}

impl History {
    /// The history that these lines make, in any order.
    #[must_use]
    pub fn of(lines: impl IntoIterator<Item = HistoryLine>) -> Self {
        type Lines = Vec<(Taken, u32)>;
        let mut found: HashMap<MatterCode, (Lines, HashMap<OfficeCode, Lines>)> = HashMap::new();
        let mut runs = 0;
        for line in lines.into_iter().filter(|line| line.count > 0) {
            let taken = (Taken { days: line.days, lag: line.lag }, line.count);
            let (all, offices) = found.entry(line.matter).or_default();
            all.push(taken);
            offices.entry(line.office).or_default().push(taken);
            runs += u64::from(line.count);
        }
        let matters = found.into_iter().map(|(matter, (all, offices))| {
            let offices = offices.into_iter().map(|(office, lines)| (office, Sample::of(lines))).collect();
            (matter, MatterHistory { all: Sample::of(all), offices })
        });
        Self { matters: matters.collect(), runs }
    }

    /// How many finished matters it holds.
    #[must_use]
    pub const fn runs(&self) -> u64 {
        self.runs
    }

    /// What a matter at an office draws from, and what that is.
    pub(super) fn sample(&self, matter: &MatterCode, office: &OfficeCode) -> Option<(&Sample, Basis)> {
        let known = self.matters.get(matter)?;
        match known.offices.get(office) {
            Some(own) if own.n >= ENOUGH || own.n == known.all.n => Some((own, Basis::Office { n: own.n })),
            _ => Some((&known.all, Basis::Matter { n: known.all.n })),
        }
    }
}
