//! The red and yellow lists by office and person (S8.2): nothing is overdue without being listed.

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::lists::visibility;
use crate::reading::OpenCase;
use chrono::{DateTime, Utc};
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::clock::{Light, TimeSplit};
use domain::ids::{CaseId, MatterCode, OfficeCode, Username};
use domain::warning::{Cause, due, holder};
use std::collections::{BTreeMap, BTreeSet};
use store::{CaseFilter, PressingFilter};

/// So many matters are listed together.
const MOST: usize = 200;
/// So many matters are read together.
const AT_ONCE: u64 = 200;
/// So many matters, those that press most, are counted by person: nobody waits until a hundred thousand are read.
const COUNTED: u64 = 2_000;
/// Nothing is listed behind this place: whoever looks that far narrows the list.
const FURTHEST: u64 = 1_000_000;

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressingQuery {
    /// Held by this office.
    pub office: Option<OfficeCode>,
    /// In the hands of this person.
    pub person: Option<Username>,
    /// With this light: `red`, `yellow`; or `offered` for what waits to be claimed.
    pub kind: Option<String>,
    /// In cases that are found by this text.
    pub q: Option<String>,
    /// How many to pass over.
    pub skip: u64,
}

/// How many matters of an office press.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeCount {
    /// Overdue.
    pub red: u64,
    /// With little time left.
    pub yellow: u64,
    /// Waiting to be claimed.
    pub offered: u64,
}

/// A matter that presses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PressingMatter {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The enterprise.
    pub enterprise: String,
    /// The matter.
    pub matter: MatterCode,
    /// The office that holds it.
    pub office: OfficeCode,
    /// Its light; grey while it waits to be claimed.
    pub light: Light,
    /// It waits to be claimed since then.
    pub offered_at: Option<DateTime<Utc>>,
    /// It waits to be claimed for longer than it may.
    pub unclaimed: bool,
    /// The day on which it is due.
    pub due: Option<domain::calendar::Due>,
    /// Working days until then; fewer than none after it.
    pub left: i64,
    /// Who can act.
    pub holders: Vec<Username>,
    /// Whose the working days were.
    pub split: TimeSplit,
    /// The person may chase whoever holds it.
    pub may_chase: bool,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pressing {
    /// The matters: those of green channel cases first (S6.4), and among equals the longest overdue.
    pub matters: Vec<PressingMatter>,
    /// How many press, by office; over everything that the person may see and the search finds.
    pub offices: BTreeMap<OfficeCode, OfficeCount>,
    /// How many of the office and kind that were asked for are in whose hands.
    pub people: BTreeMap<Username, u64>,
    /// So many that press most are counted by person, if that is not all of them.
    pub counted: Option<u64>,
    /// How many to pass over for those after these.
    pub next: Option<u64>,
}

impl App {
    /// The matters that press among the cases that the person may see.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn pressing(&self, user: &User, query: &PressingQuery) -> Result<Pressing, AppError> {
        may(&user.actor, Action::ListCases, On::Hall)?;
        let cases = CaseFilter { q: query.q.clone(), visible_to: visibility(user), ..CaseFilter::default() };
        let all = PressingFilter { cases, ..PressingFilter::default() };
        let mut pressing = Pressing::default();
        for row in self.inner.store.pressing_counts(&all).await? {
            let count = pressing.offices.entry(OfficeCode(row.office)).or_default();
            let number = u64::try_from(row.count).unwrap_or(0);
            match row.colour.as_str() {
                "red" => count.red += number,
                "yellow" => count.yellow += number,
                _ => count.offered += number,
            }
        }
        let wanted = PressingFilter { office: query.office.clone(), kind: query.kind.clone(), ..all };
        self.read_pressing(user, query, &wanted, &mut pressing).await?;
        Ok(pressing)
    }

    /// Reads what presses from the first on: counts it by person and lists those that were asked for, until the page is full.
    async fn read_pressing(
        &self,
        user: &User,
        query: &PressingQuery,
        wanted: &PressingFilter,
        pressing: &mut Pressing,
    ) -> Result<(), AppError> {
        let skip = query.skip.min(FURTHEST);
        let mut place = 0;
        loop {
            if place >= COUNTED {
                pressing.counted = Some(COUNTED);
                if pressing.next.is_some() {
                    return Ok(());
                }
                place = place.max(skip);
            }
            let rows = self.inner.store.pressing_matters(wanted, place, AT_ONCE).await?;
            let is_last = rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let ids: BTreeSet<CaseId> = rows.iter().map(|row| CaseId(row.case_id.clone())).collect();
            let opened = self.open_cases(user, &ids.into_iter().collect::<Vec<_>>()).await?;
            let opened: BTreeMap<&str, &OpenCase> = opened.iter().map(|open| (open.case.id.as_str(), open)).collect();
            for row in rows {
                let at = place;
                place += 1;
                let open = opened.get(row.case_id.as_str());
                let Some(matter) = open.and_then(|open| pressing_matter(open, &MatterCode(row.matter))) else {
                    continue;
                };
                if at < COUNTED {
                    for person in &matter.holders {
                        *pressing.people.entry(person.clone()).or_default() += 1;
                    }
                }
                let is_asked = query.person.as_ref().is_none_or(|person| matter.holders.contains(person));
                if !is_asked || at < skip || pressing.next.is_some() {
                    continue;
                }
                if pressing.matters.len() == MOST {
                    pressing.next = Some(at);
                } else {
                    pressing.matters.push(matter);
                }
            }
            if is_last || place >= FURTHEST {
                return Ok(());
            }
        }
    }
}

fn pressing_matter(open: &OpenCase, code: &MatterCode) -> Option<PressingMatter> {
    let (case, reference, now) = (&open.case, &open.reference, open.now);
    let matter = case.matter(code)?;
    let warnings = due(case, &reference.calendar, &reference.policy, &reference.directory, now);
    let clock = matter.clock.as_ref();
    Some(PressingMatter {
        case: case.id.clone(),
        number: case.number.clone(),
        enterprise: open.party.name.clone(),
        matter: code.clone(),
        office: matter.office.clone(),
        light: open.light(code),
        offered_at: matter.offered_at.filter(|_| matter.status == domain::case::MatterStatus::Offered),
        unclaimed: warnings.iter().any(|w| w.cause == Cause::Unclaimed && w.matter == *code),
        due: open.due(code),
        left: clock.map_or(0, |clock| clock.remaining(&reference.calendar, now)),
        holders: holder(case, matter, &reference.directory, today(now)),
        split: matter.split(case, &reference.calendar, now),
        may_chase: !open.chased(code).is_empty(),
    })
}
