//! 我的工作: what to do today, this week, and what others have to do first.

use super::names::{Names, light_class, light_of, light_word};
use super::next::{self, Goal, Step, View, When, Whom, when};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::{AppError, CaseHead, CaseOrder, CaseQuery, OpenCase, User};
use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;
use domain::case::{ActionState, CommandKind};
use domain::clock::Light;
use domain::ids::{CaseId, MatterCode, Username};
use domain::people::Role;

/// Cases that are looked into for one page.
const MOST_CASES: u32 = 120;

/// A line of a table of work.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) number: String,
    pub(crate) enterprise: String,
    pub(crate) project: String,
    pub(crate) green: bool,
    pub(crate) matter: String,
    pub(crate) todo: String,
    pub(crate) due: String,
    pub(crate) late: bool,
    pub(crate) light_class: &'static str,
    pub(crate) light: String,
    pub(crate) button: String,
    pub(crate) href: String,
    /// Whom it waits for, and how to reach them; empty where it waits for nobody.
    pub(crate) whom: String,
    pub(crate) reach: String,
    pub(crate) since: String,
    pub(crate) days: String,
    /// Green first, then overdue, then by date.
    order: (bool, bool, Option<NaiveDate>, String),
}

/// One part of the page.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) waiting: bool,
    pub(crate) empty: String,
    pub(crate) rows: Vec<Row>,
}

/// A finding in short, for those who supervise.
#[derive(Clone, Debug)]
pub(crate) struct Alarm {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) class: &'static str,
    pub(crate) word: String,
}

#[derive(Template)]
#[template(path = "staff/work.html")]
pub(crate) struct WorkPage {
    pub(crate) page: Page,
    pub(crate) l: Lang,
    pub(crate) date: String,
    pub(crate) headline: String,
    pub(crate) second: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) alarms: Option<Vec<Alarm>>,
    pub(crate) alarms_title: String,
    pub(crate) alarms_empty: String,
}

/// The page.
pub(crate) async fn page(visit: Signed) -> Result<Response, Fault> {
    let l = visit.l;
    let app = &visit.state.app;
    let now = app.now();
    let today = domain::calendar::today(now);
    let watches = visit.user.has(Role::Supervisor) || visit.user.has(Role::Director);
    let (alarms, count) = if watches { watched(&visit).await? } else { (Vec::new(), 0) };
    let steps = if watches { Vec::new() } else { gathered(&visit).await? };
    let mut parts = arranged(&visit, steps, today);
    let (headline, second) = if watches {
        (l.tr("staff.work.watching", &[("count", &count.to_string())]), String::new())
    } else {
        headline(l, &parts)
    };
    if watches {
        parts.clear();
    }
    html(&WorkPage {
        page: super::desk(&visit, "staff.work.title"),
        l,
        date: l.date_long(today),
        headline,
        second,
        parts,
        alarms: watches.then_some(alarms),
        alarms_title: l.t("staff.work.alarms").into_owned(),
        alarms_empty: l.t("staff.work.alarms_empty").into_owned(),
    })
}

fn headline(l: Lang, parts: &[Part]) -> (String, String) {
    let rows = |id: &str| parts.iter().find(|part| part.id == id).map_or(&[][..], |part| &part.rows[..]);
    let today = rows("today").len();
    let late = rows("today").iter().filter(|row| row.late).count();
    let waiting = rows("wait").len();
    let first = match (today, late) {
        (0, _) => l.t("staff.work.nothing").into_owned(),
        (_, 0) => l.tr("staff.work.some", &[("count", &today.to_string())]),
        _ => l.tr("staff.work.some_late", &[("count", &today.to_string()), ("late", &late.to_string())]),
    };
    let second =
        if waiting == 0 { String::new() } else { l.tr("staff.work.waiting", &[("count", &waiting.to_string())]) };
    (first, second)
}

/// Which statuses may hold work for this person.
fn statuses(user: &User) -> Vec<String> {
    let open = ["submitted", "accepted", "preparing", "running", "suspended", "delivering", "withdrawn", "terminated"];
    let ended = ["ended", "withdrawn", "terminated"];
    let list: &[&str] = if user.has(Role::Archivist) { &ended } else { &open };
    list.iter().map(|status| (*status).to_owned()).collect()
}

/// Every step of every case that is this person's.
async fn gathered(visit: &Signed) -> Result<Vec<Row>, AppError> {
    let app = &visit.state.app;
    let query = CaseQuery { status: statuses(&visit.user), order: CaseOrder::Work, ..CaseQuery::default() };
    let heads = match app.list_cases(&visit.user, &query, None, MOST_CASES).await {
        Ok(page) => page.items,
        // An administrator sees no case and so has no work here.
        Err(AppError::Forbidden) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let concerning = heads.into_iter().filter(|head| concerns(&visit.user, head));
    let ids: Vec<CaseId> = concerning.map(|head| head.id).collect();
    let opened = app.open_cases(&visit.user, &ids).await?;
    Ok(opened.iter().flat_map(|open| steps_of(visit, open)).collect())
}

/// Whether a case can hold a step for this person at all, so that others need not be opened.
fn concerns(user: &User, head: &CaseHead) -> bool {
    let me = Some(&user.actor.username);
    let office = user.actor.office.as_ref();
    head.agent.as_ref() == me
        || head.stand_in.as_ref() == me
        || (user.has(Role::OfficeHead) && head.lead_office.is_some() && head.lead_office.as_ref() == office)
        || (user.has(Role::OfficeHead) && user.actor.of_business_office && head.lead_office.is_none())
        || user.has(Role::Archivist)
        || head.offices.iter().any(|part| Some(&part.office) == office)
}

fn steps_of(visit: &Signed, open: &OpenCase) -> Vec<Row> {
    let case = &open.case;
    let actions = open.actions();
    let matters: Vec<(MatterCode, Vec<ActionState>)> =
        case.matters.iter().map(|m| (m.scope.code.clone(), open.matter_actions(&m.scope.code))).collect();
    let view = View {
        case,
        actions: &actions,
        matters: &matters,
        calendar: &open.reference.calendar,
        thresholds: &open.reference.thresholds,
        now: open.now,
    };
    let user = &visit.user;
    let acts = case.agent.as_ref() == Some(&user.actor.username) || stands_in(user, open);
    let mut steps = if acts { next::for_agent(&view) } else { Vec::new() };
    if user.has(Role::OfficeHead) && case.lead_office.is_some() && case.lead_office == user.actor.office {
        steps.extend(next::for_lead_head(&view));
    }
    if user.has(Role::OfficeHead) && user.actor.of_business_office {
        steps.extend(next::for_business_head(&view));
    }
    if let (true, Some(office)) = (user.has(Role::WindowClerk) || user.has(Role::OfficeHead), &user.actor.office) {
        steps.extend(next::for_office(&view, office));
    }
    if user.has(Role::Archivist) {
        steps.extend(next::for_archivist(&view));
    }
    let names = Names {
        l: visit.l,
        catalogue: &open.reference.catalogue,
        directory: &open.reference.directory,
        case,
        now: open.now,
    };
    steps.into_iter().map(|step| row(&names, open, step)).collect()
}

fn stands_in(user: &User, open: &OpenCase) -> bool {
    let me: &Username = &user.actor.username;
    open.case.stand_in.as_ref() == Some(me) && open.grant.on_behalf_of().is_some()
        || (open.case.stand_in.as_ref() == Some(me)
            && open.actions().iter().any(|a| a.kind == CommandKind::MoveMaterial && a.refusal.is_none()))
}

/// The address of a step's button.
fn href(id: &CaseId, step: &Step) -> String {
    match &step.goal {
        Goal::Open => format!("/cases/{id}"),
        Goal::Sign(document) => format!("/cases/{id}/sign/{document}"),
        Goal::Form(kind) => match &step.matter {
            Some(matter) => format!("/cases/{id}/do/{}?matter={matter}", kind.name()),
            None => format!("/cases/{id}/do/{}", kind.name()),
        },
    }
}

fn row(names: &Names<'_>, open: &OpenCase, step: Step) -> Row {
    let (l, case) = (names.l, names.case);
    let today = names.today();
    let matter = step.matter.as_ref().map(|code| names.matter(code)).unwrap_or_default();
    let left = step.due.map(|due| open.reference.calendar.working_days_between(today, due));
    let late = step.due.is_some_and(|due| due < today) || step.light == Light::Red;
    let due = match step.due {
        None => String::new(),
        Some(due) if due == today => l.t("staff.today").into_owned(),
        Some(due) => l.date_seen(due, today),
    };
    let (whom, reach, since, days) = waiting(names, open, &step);
    let params = [("count", step.count.to_string()), ("matter", matter.clone())];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Row {
        case: format!("/cases/{}", case.id),
        number: case.number.clone(),
        enterprise: open.party.name.clone(),
        project: case.project.as_ref().map(|project| project.name.clone()).unwrap_or_default(),
        green: case.green.is_some(),
        todo: l.tr(&format!("staff.step.{}", step.what), &params),
        button: l.t(&format!("staff.button.{}", step.what)).into_owned(),
        href: href(&case.id, &step),
        due,
        late,
        light_class: light_class(step.light),
        light: light_word(l, step.light, left),
        order: (case.green.is_none(), !late, step.due, case.number.clone()),
        matter,
        whom,
        reach,
        since,
        days,
    }
}

/// Whom a step waits for, how to reach them, since when.
fn waiting(names: &Names<'_>, open: &OpenCase, step: &Step) -> (String, String, String, String) {
    let Some(waiting) = &step.waiting else {
        return Default::default();
    };
    let (whom, reach) = match &waiting.whom {
        Whom::Client => {
            let contact = &open.party.contact_name;
            (names.tr("staff.whom_client", &[("name", contact)]), open.party.contact_phone_masked.clone())
        }
        Whom::Office(office) => {
            let phone = names.directory.office(office).map(|office| office.phone.clone()).unwrap_or_default();
            (names.office(office), phone)
        }
        Whom::Agent => {
            let agent = names.case.agent.as_ref();
            let name = agent.map(|agent| names.person(agent)).unwrap_or_default();
            let phone = agent.and_then(|agent| names.directory.person(agent)).map(|p| p.phone.clone());
            (names.tr("staff.whom_agent", &[("name", &name)]), phone.unwrap_or_default())
        }
    };
    let since = domain::calendar::today(waiting.since);
    let days = open.reference.calendar.working_days_between(since, names.today());
    let days = match days {
        0 => names.t("staff.today"),
        _ => names.tr("staff.waited", &[("days", &days.to_string())]),
    };
    (whom, reach, names.l.day(since), days)
}

/// The rows in their parts, each in order.
fn arranged(visit: &Signed, mut rows: Vec<Row>, today: NaiveDate) -> Vec<Part> {
    let l = visit.l;
    rows.sort_by(|a, b| a.order.cmp(&b.order));
    let mut parts =
        vec![part(l, "today", false), part(l, "week", false), part(l, "later", false), part(l, "wait", true)];
    for row in rows {
        let at = match row_when(&row, today) {
            When::Today => 0,
            When::Week => 1,
            When::Later => 2,
            When::Waiting => 3,
        };
        parts[at].rows.push(row);
    }
    parts.retain(|part| part.id != "later" || !part.rows.is_empty());
    parts
}

fn row_when(row: &Row, today: NaiveDate) -> When {
    let waiting = !row.whom.is_empty();
    let step = Step {
        what: "",
        count: 0,
        matter: None,
        due: row.order.2,
        light: Light::Grey,
        waiting: None,
        goal: Goal::Open,
    };
    if waiting { When::Waiting } else { when(&step, today) }
}

fn part(l: Lang, id: &'static str, waiting: bool) -> Part {
    Part {
        id,
        title: l.t(&format!("staff.work.part_{id}")).into_owned(),
        note: l.t(&format!("staff.work.note_{id}")).into_owned(),
        waiting,
        empty: l.t(&format!("staff.work.empty_{id}")).into_owned(),
        rows: Vec::new(),
    }
}

/// For supervision and the director: findings and what is overdue.
async fn watched(visit: &Signed) -> Result<(Vec<Alarm>, usize), AppError> {
    let (l, app) = (visit.l, &visit.state.app);
    let now = app.now();
    let today = domain::calendar::today(now);
    let mut alarms = Vec::new();
    for finding in app.findings(&visit.user).await?.into_iter().take(20) {
        alarms.push(super::findings::alarm(visit, &finding));
    }
    let query = CaseQuery { colour: Some("red".to_owned()), order: CaseOrder::Work, ..CaseQuery::default() };
    let red = app.list_cases(&visit.user, &query, None, 50).await?;
    for head in &red.items {
        let due = head.due_on.map(|due| l.date_seen(due, today)).unwrap_or_default();
        alarms.push(Alarm {
            href: format!("/cases/{}", head.id),
            title: format!("{}　{}", head.number.clone().unwrap_or_default(), head.title),
            note: l.tr("staff.work.overdue_note", &[("date", &due)]),
            class: light_class(light_of(&head.colour)),
            word: light_word(l, light_of(&head.colour), None),
        });
    }
    let count = alarms.len();
    Ok((alarms, count))
}
