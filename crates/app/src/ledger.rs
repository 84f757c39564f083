//! The ledger of projects (台账): the matters of every open project that the person may see, and the notice made of it. What
//! is followed outside, of cases with and without a project, is in [`outside`]; what is kept in memory in [`kept`].

mod kept;
mod outside;

pub(crate) use kept::LedgerCache;
pub use outside::{OutsideLedger, OutsideOrder, OutsideQuery, OutsideRow};

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::lists::{Cut, visibility};
use crate::reference::Reference;
use chrono::{DateTime, NaiveDate, Utc};
use documents::{Form, Head, LedgerColumn, LedgerNotice};
use domain::access::{Action, On, may};
use domain::calendar::today;
use domain::case::{Case, Status};
use domain::ids::{CaseId, OfficeCode, Username};
use domain::ledger::{Holder, LedgerLine, LedgerState, Level, Side, Totals, lines};
use domain::plan::{Scenario, items_of, schedule};
use std::cmp::Reverse;
use store::CaseFilter;

/// So many open cases are looked through; a hall of a banner has a tenth of it.
const MOST_CASES: usize = 5_000;
/// Between enterprise and project in the title of a case.
const BETWEEN: &str = " · ";

/// What a ledger is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerQuery {
    /// Decided on this level.
    pub level: Option<Level>,
    /// Held by this office.
    pub office: Option<OfficeCode>,
    /// In the hand of this office now.
    pub at: Option<OfficeCode>,
    /// In this state.
    pub state: Option<LedgerState>,
    /// On this side now.
    pub side: Option<Side>,
    /// Blockers only.
    pub blocked: bool,
    /// What is behind only.
    pub behind: bool,
    /// Of this agent.
    pub agent: Option<Username>,
    /// With this text in project, enterprise, number or matter.
    pub q: Option<String>,
    /// In which order; what is on the green channel comes first in each.
    pub order: LedgerOrder,
    /// At most so many projects are looked through; 5,000 unless said otherwise.
    pub most: Option<usize>,
}

/// The order of a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedgerOrder {
    /// Project by project, in list order.
    #[default]
    Project,
    /// By the planned day, what is finished last.
    Planned,
    /// What has been in one hand longest first.
    Days,
}

/// A line of the ledger with its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The enterprise.
    pub enterprise: String,
    /// The project.
    pub project: String,
    /// On the green channel.
    pub green: bool,
    /// Its planned investment in fen.
    pub investment_fen: Option<i64>,
    /// The milestone and the day on which it is wanted.
    pub goal: Option<(String, NaiveDate)>,
    /// The agent.
    pub agent: Option<Username>,
    /// The matter.
    pub line: LedgerLine,
}

/// A ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The lines that were asked for.
    pub rows: Vec<LedgerRow>,
    /// Their figures.
    pub totals: Totals,
    /// Everybody and every office on any line that the person may see.
    pub agents: Vec<Username>,
    /// As above.
    pub offices: Vec<OfficeCode>,
    /// Offices that have a matter in hand.
    pub holders: Vec<OfficeCode>,
    /// Some projects were not looked through: there are too many.
    pub cut: Option<Cut>,
}

/// What the notice of a ledger needs beside its lines: the words of the table, and what a clerk fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeWords {
    /// The document's number; empty to be filled in by hand.
    pub number: String,
    /// The main addressee.
    pub to: String,
    /// Headings of the table, each with its share of the width.
    pub columns: Vec<(String, u32)>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// What the columns mean.
    pub definitions: Vec<String>,
}

impl App {
    /// The ledger of the open projects that the person may see.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn ledger(&self, user: &User, query: &LedgerQuery) -> Result<Ledger, AppError> {
        may(&user.actor, Action::SeeLedger, On::Hall)?;
        let filter = CaseFilter { title: Some(BETWEEN.to_owned()), ..open_to(user) };
        let (heads, cut) = self.heads(&filter, query.most.unwrap_or(MOST_CASES)).await?;
        let lines = self.lines_of(heads).await?;
        let rows: Vec<&LedgerRow> = lines.iter().flat_map(|lines| lines.project.iter()).collect();
        Ok(narrowed(rows, query, &self.reference(), cut))
    }

    /// The ledger as a notice in the layout of GB/T 9704, with the table as its attachment.
    ///
    /// # Errors
    /// Forbidden; the paper cannot be set.
    pub async fn ledger_notice(&self, user: &User, ledger: &Ledger, words: NoticeWords) -> Result<Vec<u8>, AppError> {
        may(&user.actor, Action::SeeLedger, On::Hall)?;
        let bureau = self.reference().directory.bureau.clone();
        let form = LedgerNotice {
            head: Head {
                number: words.number,
                hall: bureau.clone(),
                code: String::new(),
                check_url: format!("{}/ledger", self.inner.public_url),
                version: 1,
            },
            title: "关于重大项目审批事项办理进展情况的通报".to_owned(),
            to: words.to,
            paragraphs: told(&ledger.totals, ledger, today(self.now())),
            attachment: "重大项目审批事项推进台账".to_owned(),
            columns: words.columns.into_iter().map(|(name, width)| LedgerColumn { name, width }).collect(),
            rows: words.rows,
            definitions: words.definitions,
            signer: bureau,
            issued_on: today(self.now()),
        };
        let (_, rendered) = self.render(Form::LedgerNotice(form), self.now()).await?;
        Ok(rendered.pdf)
    }
}

/// The open cases that the person may see.
fn open_to(user: &User) -> CaseFilter {
    let open = Status::ALL.into_iter().filter(|status| status.is_open()).map(|status| status.name().to_owned());
    CaseFilter { status: open.collect(), visible_to: visibility(user), ..CaseFilter::default() }
}

/// The lines of a case with a project; its title is as lists show it.
fn rows_of(case: &Case, title: &str, reference: &Reference, now: DateTime<Utc>) -> Vec<LedgerRow> {
    let Some(project) = &case.project else { return Vec::new() };
    let green = Scenario { green: case.green.is_some(), ..Scenario::default() };
    let items = green.apply(&items_of(case, &reference.calendar, now), reference.policy.green_percent);
    let goal = case.goal.as_ref().map(|goal| (goal.milestone.as_str(), goal.date));
    let schedule = schedule(&items, reference.catalogue.milestones(), &reference.calendar, today(now), goal);
    let enterprise = title.strip_suffix(&project.name).and_then(|title| title.strip_suffix(BETWEEN));
    let row = |mut line: LedgerLine| {
        if let Some(hold) = line.hold.as_mut().filter(|hold| hold.by != Holder::Client && hold.office.is_none()) {
            hold.office.clone_from(&reference.directory.business_office);
        }
        LedgerRow {
            case: case.id.clone(),
            number: case.number.clone(),
            enterprise: enterprise.unwrap_or(title).to_owned(),
            project: project.name.clone(),
            green: case.green.is_some(),
            investment_fen: project.investment_fen,
            goal: case.goal.as_ref().map(|goal| (goal.milestone.clone(), goal.date)),
            agent: case.agent.clone(),
            line,
        }
    };
    lines(case, &schedule, &reference.calendar, now).into_iter().map(row).collect()
}

fn narrowed(rows: Vec<&LedgerRow>, query: &LedgerQuery, reference: &Reference, cut: Option<Cut>) -> Ledger {
    let mut agents: Vec<Username> = rows.iter().filter_map(|row| row.agent.clone()).collect();
    let mut offices: Vec<OfficeCode> = rows.iter().map(|row| row.line.office.clone()).collect();
    let held = rows.iter().filter_map(|row| row.line.hold.as_ref()?.office.clone());
    let holders = held.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    agents.sort_unstable();
    agents.dedup();
    offices.sort_unstable();
    offices.dedup();
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let is_found = |row: &LedgerRow, q: &str| {
        let matter = reference.catalogue.matter(&row.line.matter).map_or("", |matter| matter.name.as_str());
        [row.project.as_str(), &row.enterprise, &row.number, matter].iter().any(|text| text.contains(q))
    };
    let fits = |row: &LedgerRow| {
        let line = &row.line;
        query.level.is_none_or(|level| level == line.level)
            && query.office.as_ref().is_none_or(|office| *office == line.office)
            && query
                .at
                .as_ref()
                .is_none_or(|at| line.hold.as_ref().is_some_and(|hold| hold.office.as_ref() == Some(at)))
            && query.state.is_none_or(|state| state == line.state)
            && query.side.is_none_or(|side| line.hold.as_ref().is_some_and(|hold| hold.side == side))
            && (!query.blocked || line.is_blocker())
            && (!query.behind || line.behind)
            && query.agent.as_ref().is_none_or(|agent| row.agent.as_ref() == Some(agent))
            && q.is_none_or(|q| is_found(row, q))
    };
    let mut rows: Vec<&LedgerRow> = rows.into_iter().filter(|row| fits(row)).collect();
    let days = |row: &LedgerRow| row.line.hold.as_ref().map_or(-1, |hold| hold.days);
    // The green channel first, whatever the order (S6.4).
    rows.sort_by(|a, b| {
        let by_order = match query.order {
            LedgerOrder::Project => std::cmp::Ordering::Equal,
            LedgerOrder::Planned => {
                (a.line.planned.is_none(), a.line.planned).cmp(&(b.line.planned.is_none(), b.line.planned))
            }
            LedgerOrder::Days => Reverse(days(a)).cmp(&Reverse(days(b))),
        };
        (!a.green).cmp(&!b.green).then(by_order).then_with(|| a.number.cmp(&b.number))
    });
    let rows: Vec<LedgerRow> = rows.into_iter().cloned().collect();
    let totals = Totals::of(rows.iter().map(|row| (&row.case, &row.line)));
    Ledger { rows, totals, agents, offices, holders, cut }
}

/// The notice's paragraphs: the figures of the ledger, and which blockers have lasted longest.
fn told(totals: &Totals, ledger: &Ledger, on: NaiveDate) -> Vec<String> {
    let on = on.format("%Y年%-m月%-d日");
    let Totals { projects, matters, done, under_way, overdue, blockers, behind } = totals;
    let open = matters - done;
    let mut told = vec![
        format!(
            "截至{on}，纳入台账的在办项目{projects}个，涉及审批事项{matters}项，其中已办结{done}项，未办结{open}项。\
             未办结事项中，已提交主办单位{under_way}项，其中超过承诺期限{overdue}项。"
        ),
        format!(
            "按期望的开工（竣工、投产）日期倒排，进度落后的项目{behind}个。目前卡点{blockers}项，即正由某一方办理、\
             有其他事项在等它或者进度落后的事项。"
        ),
    ];
    let level = |level: Level| ledger.rows.iter().filter(|row| row.line.level == level).count();
    told.push(format!(
        "按审批层级，旗级{}项，市级{}项，自治区级{}项，国家级{}项。由旗外单位办理的时间不计入旗内各部门。",
        level(Level::Banner),
        level(Level::City),
        level(Level::Region),
        level(Level::Nation)
    ));
    told.push(
        "请各有关单位对照附件所列计划完成日期和卡点，抓紧办理，逐项销号；遇有困难的，及时与代办员联系。".to_owned(),
    );
    told
}
