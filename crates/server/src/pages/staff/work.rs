//! 我的工作: what is overdue, what to do today, on the next working day, this week, later, and what others have to do first.

use super::names::{Names, light_class, light_of, light_word};
use super::next::{self, Goal, Step, View, When, Whom, when};
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::{AppError, CaseOrder, CaseQuery, DecisionQuery, Desk, LeadQuery, OpenCase, User};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::case::{ActionState, CommandKind};
use domain::clock::Light;
use domain::ids::{CaseId, MatterCode, Username};
use domain::people::Role;
use domain::warning::{self, Cause};

/// Leads and decisions that are looked through for one page.
const MOST_OTHERS: u32 = 40;

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
    /// Where to chase whom it waits for; empty where there is nobody to chase.
    pub(crate) chase: String,
    /// Green first, then overdue, then by date.
    order: (bool, bool, Option<NaiveDate>, String),
    when: When,
}

/// One part of the page.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) waiting: bool,
    /// Its first row is where the keyboard begins.
    pub(crate) begins: bool,
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

/// A figure that leads to its list.
pub(crate) struct Sum {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) count: String,
    pub(crate) late: bool,
}

/// Something to do that is no step of a case.
pub(crate) struct Other {
    pub(crate) href: String,
    pub(crate) kind: String,
    pub(crate) what: String,
    pub(crate) of: String,
    pub(crate) due: String,
    pub(crate) late: bool,
}

#[derive(Template)]
#[template(path = "staff/work.html")]
pub(crate) struct WorkPage {
    pub(crate) page: Page,
    pub(crate) l: Lang,
    pub(crate) date: String,
    pub(crate) headline: String,
    pub(crate) second: String,
    /// That not all cases were looked through; empty if all were.
    pub(crate) cut: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) sums: Vec<Sum>,
    pub(crate) others: Vec<Other>,
    /// Which cases of how many; empty if all are shown.
    pub(crate) of: String,
    pub(crate) first: bool,
    pub(crate) next: String,
    pub(crate) alarms: Option<Vec<Alarm>>,
    pub(crate) alarms_title: String,
    pub(crate) alarms_empty: String,
}

/// The page.
pub(crate) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let l = visit.l;
    let app = &visit.state.app;
    let now = app.now();
    let today = domain::calendar::today(now);
    let watches = visit.user.has(Role::Supervisor) || visit.user.has(Role::Director);
    let (alarms, count) = if watches { watched(&visit).await? } else { (Vec::new(), 0) };
    let skip = Typed::read(query.as_deref().unwrap_or_default()).get("skip").parse().unwrap_or(0);
    let desk = if watches { Desk::default() } else { app.desk(&visit.user, skip).await? };
    let opened = app.open_cases(&visit.user, &desk.ids).await?;
    let next_day = app.reference().calendar.add_working_days(today, 1).date;
    let others = if watches { Vec::new() } else { others(&visit, &opened, today, next_day).await? };
    let mut parts = arranged(l, steps(&visit, &opened, next_day), today, next_day);
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
        cut: super::ledger::cut(l, desk.cut),
        parts,
        sums: sums(l, &desk),
        others,
        of: if desk.next.is_some() || skip > 0 { shown(l, &desk, skip) } else { String::new() },
        first: skip > 0,
        next: desk.next.map(|skip| format!("/work?skip={skip}")).unwrap_or_default(),
        alarms: watches.then_some(alarms),
        alarms_title: l.t("staff.work.alarms").into_owned(),
        alarms_empty: l.t("staff.work.alarms_empty").into_owned(),
    })
}

/// Which of the cases the page shows.
fn shown(l: Lang, desk: &Desk, skip: usize) -> String {
    let figures = [
        ("from", skip.saturating_add(1).to_string()),
        ("to", skip.saturating_add(desk.ids.len()).to_string()),
        ("all", desk.cases.to_string()),
    ];
    l.tr("board.shown", &figures)
}

fn headline(l: Lang, parts: &[Part]) -> (String, String) {
    let rows = |id: &str| parts.iter().find(|part| part.id == id).map_or(&[][..], |part| &part.rows[..]);
    let late = rows("overdue").len();
    let today = late + rows("today").len();
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

/// Every step of these cases that is this person's.
fn steps(visit: &Signed, opened: &[OpenCase], next_day: NaiveDate) -> Vec<Row> {
    opened.iter().flat_map(|open| steps_of(visit, open, next_day)).collect()
}

/// How many matters press, each figure a link to its list.
fn sums(l: Lang, desk: &Desk) -> Vec<Sum> {
    let office = desk.office.as_ref().map(|office| format!("&office={office}")).unwrap_or_default();
    let pressing = &desk.pressing;
    let sums = [("red", pressing.red), ("yellow", pressing.yellow), ("offered", pressing.offered)];
    let sums = sums.into_iter().filter(|(_, count)| *count > 0);
    sums.map(|(kind, count)| Sum {
        href: format!("/warnings?kind={kind}{office}"),
        label: l.t(&format!("staff.warnings.{kind}")).into_owned(),
        count: count.to_string(),
        late: kind == "red",
    })
    .collect()
}

/// What is not a case's next step: bodies outside to be asked again, steps of leads, decisions of meetings, until the end of
/// the week, and in any case until the next working day.
async fn others(
    visit: &Signed,
    opened: &[OpenCase],
    today: NaiveDate,
    next_day: NaiveDate,
) -> Result<Vec<Other>, AppError> {
    let (app, user) = (&visit.state.app, &visit.user);
    let mut others: Vec<(NaiveDate, Other)> = opened.iter().flat_map(|open| unchecked(visit, open)).collect();
    if may(&user.actor, Action::ListLeads, On::Hall).is_ok() {
        let query = LeadQuery { status: Some("open".to_owned()), mine: true, ..LeadQuery::default() };
        for found in app.leads(user, &query, None, MOST_OTHERS).await?.items {
            let Some(step) = found.lead.next_step() else { continue };
            let href = format!("/leads/{}", found.lead.id);
            others.push((step.due, other(visit, "lead", href, &step.what, found.lead.name.as_str(), step.due, today)));
        }
    }
    if may(&user.actor, Action::ListMeetings, On::Hall).is_ok() && user.actor.office.is_some() {
        let office = user.actor.office.clone();
        let query = DecisionQuery { done: Some(false), office, overdue: false };
        for one in app.decisions(user, &query, None, MOST_OTHERS).await?.items {
            let href = format!("/meetings/{}", one.meeting);
            others.push((one.due, other(visit, "decision", href, &one.what, &one.topic, one.due, today)));
        }
    }
    others.retain(|(due, _)| *due <= next_day || (*due - today).num_days() <= next::days_to_sunday(today));
    others.sort_by_key(|(due, _)| *due);
    Ok(others.into_iter().map(|(_, other)| other).collect())
}

/// Matters of the agent's case of which nobody has asked the body outside for too long.
fn unchecked(visit: &Signed, open: &OpenCase) -> Vec<(NaiveDate, Other)> {
    let (case, reference) = (&open.case, &open.reference);
    if case.agent.as_ref() != Some(&visit.user.actor.username) && !stands_in(&visit.user, open) {
        return Vec::new();
    }
    let due = warning::due(case, &reference.calendar, &reference.policy, &reference.directory, open.now);
    let due = due.iter().filter(|one| one.cause == Cause::OutsideUnchecked && one.step == warning::Step::Person);
    let say = visit.say(reference);
    due.map(|one| {
        let href = format!("/cases/{}/do/check_outside?matter={}", case.id, one.matter);
        let today = domain::calendar::today(open.now);
        (one.due, other(visit, "outside", href, &say.matter(&one.matter), &open.party.name, one.due, today))
    })
    .collect()
}

fn other(visit: &Signed, kind: &str, href: String, what: &str, of: &str, due: NaiveDate, today: NaiveDate) -> Other {
    Other {
        href,
        kind: visit.l.t(&format!("board.other_{kind}")).into_owned(),
        what: what.to_owned(),
        of: of.to_owned(),
        due: if due == today { visit.l.t("staff.today").into_owned() } else { visit.l.date_seen(due, today) },
        late: due < today,
    }
}

fn steps_of(visit: &Signed, open: &OpenCase, next_day: NaiveDate) -> Vec<Row> {
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
    steps.into_iter().map(|step| row(&names, open, step, next_day)).collect()
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

fn row(names: &Names<'_>, open: &OpenCase, step: Step, next_day: NaiveDate) -> Row {
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
    let chase = step.matter.as_ref().filter(|code| step.waiting.is_some() && !open.chased(code).is_empty());
    let chase = chase.map(|code| format!("/cases/{}/chase?matter={code}", case.id)).unwrap_or_default();
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
        when: when(&step, today, next_day),
        matter,
        whom,
        reach,
        since,
        days,
        chase,
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

/// The rows in their parts, each in order. Today, the next working day, the week and what waits are there even when empty.
fn arranged(l: Lang, mut rows: Vec<Row>, today: NaiveDate, next_day: NaiveDate) -> Vec<Part> {
    rows.sort_by(|a, b| a.order.cmp(&b.order));
    let parts = [
        (When::Overdue, "overdue"),
        (When::Today, "today"),
        (When::Tomorrow, "tomorrow"),
        (When::Week, "week"),
        (When::Later, "later"),
        (When::Waiting, "wait"),
    ];
    let mut arranged = Vec::new();
    for (when, id) in parts {
        let of_part: Vec<Row> = rows.extract_if(.., |row| row.when == when).collect();
        if of_part.is_empty() && matches!(when, When::Overdue | When::Later) {
            continue;
        }
        let begins = when != When::Waiting && !arranged.iter().any(|part: &Part| part.begins) && !of_part.is_empty();
        let mut part = part(l, id, when == When::Waiting, begins, of_part);
        if when == When::Tomorrow {
            let key = if (next_day - today).num_days() == 1 { "tomorrow" } else { "next_day" };
            part.title = l.tr(&format!("staff.work.part_{key}"), &[("date", l.date(next_day).as_str())]);
        }
        arranged.push(part);
    }
    arranged
}

fn part(l: Lang, id: &'static str, waiting: bool, begins: bool, rows: Vec<Row>) -> Part {
    Part {
        id,
        title: l.t(&format!("staff.work.part_{id}")).into_owned(),
        note: l.t(&format!("staff.work.note_{id}")).into_owned(),
        waiting,
        begins,
        empty: l.t(&format!("staff.work.empty_{id}")).into_owned(),
        rows,
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
