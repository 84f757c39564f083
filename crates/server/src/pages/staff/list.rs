//! The list of cases: filters, order, count, pages, and the same as CSV.

use super::names::{light_class, light_of, light_word, mode_name, status_class, status_word};
use super::typed::Typed;
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use app::{AppError, CaseHead, CaseOrder, CaseQuery, Reference};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::case::Status;
use domain::ids::{MatterCode, OfficeCode, Username};

/// Rows of a page of the list.
const ROWS: u32 = 50;
/// Rows of a CSV file at most.
const MOST_ROWS: usize = 5000;
const LIGHTS: [&str; 5] = ["red", "yellow", "green", "purple", "grey"];

/// A choice of a filter.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// A line of the list.
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) green: bool,
    pub(crate) mode: String,
    pub(crate) office: String,
    pub(crate) agent: String,
    pub(crate) status_class: &'static str,
    pub(crate) status: String,
    pub(crate) due: String,
    pub(crate) late: bool,
    pub(crate) light_class: &'static str,
    pub(crate) light: String,
    pub(crate) created: String,
}

/// A status with how many cases stand in it.
pub(crate) struct Count {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) count: u64,
    pub(crate) chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/cases.html")]
struct CasesPage {
    page: Page,
    l: Lang,
    q: String,
    statuses: Vec<Choice>,
    offices: Vec<Choice>,
    agents: Vec<Choice>,
    matters: Vec<Choice>,
    lights: Vec<Choice>,
    orders: Vec<Choice>,
    green: bool,
    counts: Vec<Count>,
    headline: String,
    rows: Vec<Row>,
    narrowed: bool,
    first: String,
    next: String,
    csv: String,
}

/// What a query string asks for.
fn asked(typed: &Typed) -> CaseQuery {
    let order = if typed.get("order") == "newest" { CaseOrder::Newest } else { CaseOrder::Work };
    CaseQuery {
        status: typed.given("status").into_iter().collect(),
        office: typed.given("office").map(OfficeCode),
        agent: typed.given("agent").map(Username),
        matter: typed.given("matter").map(MatterCode),
        green: (typed.get("green") == "1").then_some(true),
        colour: typed.given("colour"),
        due_before: NaiveDate::parse_from_str(typed.get("due_before"), "%Y-%m-%d").ok(),
        q: typed.given("q"),
        order,
    }
}

/// The query string again, without some of its fields and with others.
pub(super) fn again(typed: &Typed, without: &[&str], with: &[(&str, &str)]) -> String {
    let kept = typed.carried().into_iter().filter(|(name, _)| !without.contains(&name.as_str()));
    let added = with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let pairs: Vec<String> =
        kept.chain(added).map(|(name, value)| format!("{}={}", urlencoded(&name), urlencoded(&value))).collect();
    pairs.join("&")
}

/// The page.
pub(crate) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let asked = asked(&typed);
    let cursor = typed.given("cursor");
    let listed = app.list_cases(&visit.user, &asked, cursor.as_deref(), ROWS).await?;
    let any_status = CaseQuery { status: Vec::new(), ..asked.clone() };
    let by_status = app.count_cases(&visit.user, &any_status).await?;
    let total: u64 = match asked.status.first() {
        Some(status) => by_status.get(status).copied().unwrap_or(0),
        None => by_status.values().sum(),
    };
    let now = app.now();
    let rows = listed.items.iter().map(|head| row(l, &reference, head, domain::calendar::today(now))).collect();
    let narrowed = typed.carried().iter().any(|(name, _)| name != "order" && name != "cursor");
    let headline = match (total, narrowed) {
        (0, true) => l.t("staff.cases.none_found").into_owned(),
        (0, false) => l.t("staff.cases.none").into_owned(),
        (_, true) => l.tr("staff.cases.found", &[("count", &total.to_string())]),
        (_, false) => l.tr("staff.cases.all", &[("count", &total.to_string())]),
    };
    let counts = Status::ALL.iter().filter_map(|status| {
        let count = by_status.get(status.name()).copied().unwrap_or(0);
        let chosen = asked.status.iter().any(|s| s == status.name());
        let with: &[(&str, &str)] = if chosen { &[] } else { &[("status", status.name())] };
        let href = format!("/cases?{}", again(&typed, &["status", "cursor"], with));
        (count > 0).then(|| Count { href, label: status_word(l, status.name()), count, chosen })
    });
    html(&CasesPage {
        page: super::desk(&visit, "staff.cases.title"),
        l,
        q: typed.get("q").to_owned(),
        counts: counts.collect(),
        statuses: statuses(l, &typed),
        offices: offices(&reference, &typed),
        agents: agents(&reference, &typed),
        matters: matters(&reference, &typed),
        lights: lights(l, &typed),
        orders: orders(l, &typed),
        green: asked.green == Some(true),
        headline,
        rows,
        narrowed,
        first: if cursor.is_some() { format!("/cases?{}", again(&typed, &["cursor"], &[])) } else { String::new() },
        next: listed
            .next_cursor
            .map(|cursor| format!("/cases?{}", again(&typed, &["cursor"], &[("cursor", &cursor)])))
            .unwrap_or_default(),
        csv: format!("/cases.csv?{}", again(&typed, &["cursor"], &[])),
    })
}

fn choice(typed: &Typed, field: &str, value: &str, label: String) -> Choice {
    Choice { value: value.to_owned(), label, chosen: typed.get(field) == value }
}

fn statuses(l: Lang, typed: &Typed) -> Vec<Choice> {
    Status::ALL.iter().map(|s| choice(typed, "status", s.name(), status_word(l, s.name()))).collect()
}

fn lights(l: Lang, typed: &Typed) -> Vec<Choice> {
    LIGHTS.iter().map(|name| choice(typed, "colour", name, light_word(l, light_of(name), None))).collect()
}

fn orders(l: Lang, typed: &Typed) -> Vec<Choice> {
    let word = |name: &str| l.t(&format!("staff.cases.order_{name}")).into_owned();
    ["work", "newest"].iter().map(|name| choice(typed, "order", name, word(name))).collect()
}

fn offices(reference: &Reference, typed: &Typed) -> Vec<Choice> {
    let all = reference.directory.offices.values();
    all.map(|office| choice(typed, "office", office.code.as_str(), office.name.clone())).collect()
}

fn agents(reference: &Reference, typed: &Typed) -> Vec<Choice> {
    let able = reference.directory.people.values().filter(|person| person.can_be_agent());
    able.map(|person| choice(typed, "agent", person.username.as_str(), person.name.clone())).collect()
}

fn matters(reference: &Reference, typed: &Typed) -> Vec<Choice> {
    let all = reference.catalogue.matters().iter();
    all.map(|matter| choice(typed, "matter", matter.code.as_str(), matter.name.clone())).collect()
}

fn row(l: Lang, reference: &Reference, head: &CaseHead, today: NaiveDate) -> Row {
    let light = light_of(&head.colour);
    let left = head.due_on.map(|due| reference.calendar.working_days_between(today, due));
    let status = Status::ALL.into_iter().find(|status| status.name() == head.status);
    let mode = match head.mode.as_str() {
        "agency" => mode_name(l, domain::catalogue::Mode::Agency),
        _ => mode_name(l, domain::catalogue::Mode::Assistance),
    };
    Row {
        href: format!("/cases/{}", head.id),
        number: head.number.clone().unwrap_or_default(),
        title: head.title.clone(),
        green: head.green,
        mode,
        office: head.lead_office.as_ref().map(|o| reference.directory.office_name(o).to_owned()).unwrap_or_default(),
        agent: head.agent.as_ref().map(|p| reference.directory.person_name(p).to_owned()).unwrap_or_default(),
        status_class: status.map_or("idle", status_class),
        status: status_word(l, &head.status),
        due: head.due_on.map(|due| l.date_seen(due, today)).unwrap_or_default(),
        late: head.due_on.is_some_and(|due| due < today),
        light_class: light_class(light),
        light: light_word(l, light, left),
        created: l.date_seen(domain::calendar::today(head.created_at), today),
    }
}

/// The list as a file for a table program.
pub(crate) async fn csv(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let today = domain::calendar::today(app.now());
    let asked = asked(&typed);
    let heads = ["number", "title", "green", "mode", "office", "agent", "status", "due", "light", "created"];
    let heads: Vec<String> = heads.iter().map(|name| l.t(&format!("staff.cases.column_{name}")).into_owned()).collect();
    let mut text = String::from("\u{feff}");
    push_line(&mut text, &heads);
    let mut cursor = None;
    let mut written = 0;
    loop {
        let listed = app.list_cases(&visit.user, &asked, cursor.as_deref(), 500).await?;
        for head in &listed.items {
            let row = row(l, &reference, head, today);
            let green = if row.green { l.t("staff.yes").into_owned() } else { String::new() };
            let due = head.due_on.map(|due| due.to_string()).unwrap_or_default();
            let created = domain::calendar::today(head.created_at).to_string();
            let light = light_word(l, light_of(&head.colour), None);
            let line = [row.number, row.title, green, row.mode, row.office, row.agent, row.status, due, light, created];
            push_line(&mut text, &line);
        }
        written += listed.items.len();
        cursor = listed.next_cursor;
        if cursor.is_none() || written >= MOST_ROWS {
            break;
        }
    }
    let name = l.tr("staff.cases.file", &[("date", &today.to_string())]);
    Ok::<_, AppError>(download(&name, "text/csv; charset=utf-8", text.into_bytes())).map_err(Fault::from)
}

/// A line of CSV. A text that a table program would take for a formula is led by an apostrophe.
pub(super) fn push_line(text: &mut String, cells: &[String]) {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| {
            let lead = if cell.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
            format!("\"{lead}{}\"", cell.replace('"', "\"\""))
        })
        .collect();
    text.push_str(&quoted.join(","));
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_cells_cannot_become_formulas() {
        let mut text = String::new();
        push_line(&mut text, &["=1+1".to_owned(), "他说\"好\"".to_owned()]);
        assert_eq!(text, "\"'=1+1\",\"他说\"\"好\"\"\"\r\n");
    }

    #[test]
    fn a_query_keeps_what_it_does_not_change() {
        let typed = Typed::read("status=running&q=%E7%89%A7&cursor=abc");
        assert_eq!(again(&typed, &["cursor", "status"], &[("status", "ended")]), "q=%E7%89%A7&status=ended");
    }
}
