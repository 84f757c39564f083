//! Boards: the director's, with five figures, how long what lies with whom, and the longest blockers; and everybody's own, with
//! the cases in which there may be something to do. All of it read, nothing kept.

use crate::accounts::User;
use crate::app::App;
use crate::ledger::{LedgerOrder, LedgerQuery, LedgerRow};
use crate::lists::{Cut, visibility};
use crate::{AppError, CaseHead, OfficeCount};
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::ids::{CaseId, OfficeCode};
use domain::ledger::Side;
use domain::people::Role;
use std::collections::BTreeMap;
use store::{CaseFilter, CaseOffice, PressingFilter};

/// So many blockers of each side are shown: one sheet holds them.
const MOST: usize = 5;
/// So many cases are looked through for one person's work.
const MOST_HEADS: usize = 5_000;
/// Cases of one page of work: only these are read whole.
const CASES: usize = 40;

/// How long matters of projects have lain with an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeDays {
    /// The office.
    pub office: OfficeCode,
    /// All of them are decided above the banner, or it is outside the hall.
    pub above: bool,
    /// Matters in its hand.
    pub matters: usize,
    /// Working days that they have been there, added up.
    pub days: i64,
    /// The longest of them.
    pub longest: i64,
}

/// The blockers on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideBlockers {
    /// The side.
    pub side: Side,
    /// How many there are.
    pub count: usize,
    /// The longest first.
    pub longest: Vec<LedgerRow>,
}

/// The board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Open projects.
    pub projects: usize,
    /// Of which a matter is behind.
    pub behind: usize,
    /// Matters over their limit, of all cases.
    pub overdue: u64,
    /// Matters with little time left, of all cases.
    pub soon: u64,
    /// Matters that wait to be claimed, of all cases.
    pub offered: u64,
    /// Offices, those with the most days first.
    pub offices: Vec<OfficeDays>,
    /// The banner's own offices, then bodies above and outside, then clients.
    pub blockers: Vec<SideBlockers>,
    /// Some projects were not looked through: there are too many.
    pub cut: Option<Cut>,
}

impl App {
    /// The director's board as of now.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn board(&self, user: &User) -> Result<Board, AppError> {
        may(&user.actor, Action::SeeBoard, On::Hall)?;
        let cases = CaseFilter { visible_to: visibility(user), ..CaseFilter::default() };
        let filter = PressingFilter { cases, ..PressingFilter::default() };
        let pressing = self.pressing_sum(&filter).await?;
        let ledger = self.ledger(user, &LedgerQuery { order: LedgerOrder::Days, ..LedgerQuery::default() }).await?;
        let side = |side: Side| {
            let on_side = |row: &&LedgerRow| row.line.hold.as_ref().is_some_and(|hold| hold.side == side);
            let blockers = ledger.rows.iter().filter(|row| row.line.is_blocker()).filter(on_side);
            SideBlockers { side, count: blockers.clone().count(), longest: blockers.take(MOST).cloned().collect() }
        };
        Ok(Board {
            projects: ledger.totals.projects,
            behind: ledger.totals.behind,
            overdue: pressing.red,
            soon: pressing.yellow,
            offered: pressing.offered,
            offices: by_office(&ledger.rows),
            blockers: Side::ALL.into_iter().map(side).collect(),
            cut: ledger.cut,
        })
    }

    /// How many matters press: what the list of warnings counts.
    async fn pressing_sum(&self, filter: &PressingFilter) -> Result<OfficeCount, AppError> {
        let mut sum = OfficeCount::default();
        for row in self.inner.store.pressing_counts(filter).await? {
            let count = u64::try_from(row.count).unwrap_or(0);
            match row.colour.as_str() {
                "red" => sum.red += count,
                "yellow" => sum.yellow += count,
                _ => sum.offered += count,
            }
        }
        Ok(sum)
    }

    /// The cases in which the person may have something to do, the most pressing first, from what lists hold alone: no case is
    /// read whole. Empty for whoever sees no cases.
    ///
    /// # Errors
    /// What the store says.
    pub async fn desk(&self, user: &User, skip: usize) -> Result<Desk, AppError> {
        if may(&user.actor, Action::ListCases, On::Hall).is_err() {
            return Ok(Desk::default());
        }
        let filter = CaseFilter { status: statuses(user), visible_to: visibility(user), ..CaseFilter::default() };
        let (mut heads, cut) = self.heads(&filter, MOST_HEADS).await?;
        heads.retain(|head| concerns(user, head));
        let on = today(self.now());
        heads.sort_by_cached_key(|head| rank(user, head, on));
        let office = user.actor.office.clone().filter(|_| is_handler(user) && !user.actor.of_bureau);
        let cases = CaseFilter { visible_to: visibility(user), ..CaseFilter::default() };
        let pressing = PressingFilter { cases, office: office.clone(), ..PressingFilter::default() };
        Ok(Desk {
            pressing: self.pressing_sum(&pressing).await?,
            office,
            cases: heads.len(),
            cut,
            next: (heads.len() > skip.saturating_add(CASES)).then(|| skip + CASES),
            ids: heads.into_iter().skip(skip).take(CASES).map(|head| head.id).collect(),
        })
    }
}

/// A page of a person's work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// The cases of this page.
    pub ids: Vec<CaseId>,
    /// How many there are in all.
    pub cases: usize,
    /// Some cases were not looked through: there are too many.
    pub cut: Option<Cut>,
    /// How many to pass over for those after these.
    pub next: Option<usize>,
    /// How many matters press: of the person's office, else of all cases that the person sees.
    pub pressing: OfficeCount,
    /// That office, if it is one.
    pub office: Option<OfficeCode>,
}

fn is_handler(user: &User) -> bool {
    user.has(Role::WindowClerk) || user.has(Role::OfficeHead)
}

/// Which statuses may hold work for this person.
fn statuses(user: &User) -> Vec<String> {
    let open = ["submitted", "accepted", "preparing", "running", "suspended", "delivering", "withdrawn", "terminated"];
    let ended = ["ended", "withdrawn", "terminated"];
    let list: &[&str] = if user.has(Role::Archivist) { &ended } else { &open };
    list.iter().map(|status| (*status).to_owned()).collect()
}

fn serves(user: &User, head: &CaseHead) -> bool {
    let me = Some(&user.actor.username);
    head.agent.as_ref() == me || head.stand_in.as_ref() == me
}

/// Whether a case can hold a step for this person at all.
fn concerns(user: &User, head: &CaseHead) -> bool {
    let office = user.actor.office.as_ref();
    serves(user, head)
        || (user.has(Role::OfficeHead) && head.lead_office.is_some() && head.lead_office.as_ref() == office)
        || (user.has(Role::OfficeHead) && user.actor.of_business_office && head.lead_office.is_none())
        || user.has(Role::Archivist)
        || head.offices.iter().any(|part| Some(&part.office) == office)
}

/// What comes first: the green channel, what is overdue, what is due today, what somebody can act on at once, then by date.
fn rank(user: &User, head: &CaseHead, on: NaiveDate) -> (bool, u8, Option<NaiveDate>, CaseId) {
    let office = user.actor.office.as_ref();
    let mine = |part: &&CaseOffice| serves(user, head) || Some(&part.office) == office;
    let due = head.offices.iter().filter(mine).filter_map(|part| part.due_on);
    let due = due.chain(head.due_on.filter(|_| serves(user, head))).min();
    let is_ready = |part: &CaseOffice| matches!(part.status.as_str(), "offered" | "declined" | "claimed");
    let can_act = head.status != "running" || head.offices.iter().filter(mine).any(is_ready);
    let place = match due {
        Some(due) if due < on => 0,
        Some(due) if due == on => 1,
        _ if can_act => 2,
        Some(_) => 3,
        None => 4,
    };
    (!head.green, place, due, head.id.clone())
}

fn by_office(rows: &[LedgerRow]) -> Vec<OfficeDays> {
    let mut offices: BTreeMap<&OfficeCode, OfficeDays> = BTreeMap::new();
    for hold in rows.iter().filter_map(|row| row.line.hold.as_ref()) {
        let Some(office) = &hold.office else { continue };
        let sum = offices.entry(office).or_insert_with(|| OfficeDays {
            office: office.clone(),
            above: true,
            matters: 0,
            days: 0,
            longest: 0,
        });
        sum.above &= hold.side == Side::Above;
        sum.matters += 1;
        sum.days += hold.days;
        sum.longest = sum.longest.max(hold.days);
    }
    let mut offices: Vec<OfficeDays> = offices.into_values().collect();
    offices.sort_by_key(|office| std::cmp::Reverse(office.days));
    offices
}
