//! 预警: what is overdue, what soon will be and what nobody has claimed, by office and person (S8.2).

use super::list::Choice;
use super::names::{light_class, light_word};
use super::typed::Typed;
use crate::auth::{Signed, urlencoded};
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::{OfficeCount, Pressing, PressingMatter, PressingQuery, Reference};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::clock::Light;
use domain::ids::{OfficeCode, Username};

/// What can be asked for: overdue, nearly, unclaimed.
const KINDS: [&str; 3] = ["red", "yellow", "offered"];

/// A matter that presses.
struct Row {
    case: String,
    number: String,
    enterprise: String,
    matter: String,
    office: String,
    people: String,
    class: &'static str,
    state: String,
    due: String,
    late: bool,
    split: String,
    chase: String,
}

/// How many press in an office, or in somebody's hands.
struct Count {
    href: String,
    label: String,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/warnings.html")]
struct WarningsPage {
    page: Page,
    l: Lang,
    headline: String,
    q: String,
    kinds: Vec<Choice>,
    offices: Vec<Choice>,
    people: Vec<Choice>,
    by_office: Vec<Count>,
    by_person: Vec<Count>,
    /// Over how many those were counted, if not all.
    counted: String,
    rows: Vec<Row>,
    narrowed: bool,
    next: String,
}

/// The page.
pub(crate) async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let asked = PressingQuery {
        office: typed.given("office").map(OfficeCode),
        person: typed.given("person").map(Username),
        kind: typed.given("kind").filter(|kind| KINDS.contains(&kind.as_str())),
        q: typed.given("q"),
        skip: typed.get("skip").parse().unwrap_or(0),
    };
    let pressing = app.pressing(&visit.user, &asked).await?;
    let reference = app.reference();
    let next = pressing.next.map(|skip| link(&typed, &[("skip", &skip.to_string())])).unwrap_or_default();
    html(&WarningsPage {
        page: super::desk(&visit, "staff.warnings.title"),
        l,
        headline: headline(l, &pressing),
        q: typed.get("q").to_owned(),
        kinds: KINDS.iter().map(|kind| choice(&typed, "kind", kind, l.t(&format!("staff.warnings.{kind}")))).collect(),
        offices: pressing
            .offices
            .keys()
            .map(|code| choice(&typed, "office", code.as_str(), reference.directory.office_name(code)))
            .collect(),
        people: people(&reference, &typed, &pressing),
        by_office: pressing.offices.iter().map(|(code, count)| office(l, &reference, &typed, code, count)).collect(),
        by_person: pressing.people.iter().map(|(name, count)| person(l, &reference, &typed, name, *count)).collect(),
        counted: pressing
            .counted
            .map(|count| l.tr("staff.warnings.of_page", &[("count", &count.to_string())]))
            .unwrap_or_default(),
        rows: pressing.matters.iter().map(|matter| row(&visit, &reference, matter)).collect(),
        narrowed: ["office", "person", "kind", "q"].iter().any(|name| typed.given(name).is_some()),
        next,
    })
}

fn headline(l: Lang, pressing: &Pressing) -> String {
    let sum = |of: fn(&OfficeCount) -> u64| pressing.offices.values().map(of).sum::<u64>();
    let (red, yellow, offered) = (sum(|c| c.red), sum(|c| c.yellow), sum(|c| c.offered));
    if red + yellow + offered == 0 {
        return l.t("staff.warnings.none").into_owned();
    }
    let params = [("red", red.to_string()), ("yellow", yellow.to_string()), ("offered", offered.to_string())];
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    l.tr("staff.warnings.some", &params[..])
}

fn choice(typed: &Typed, field: &str, value: &str, label: impl Into<String>) -> Choice {
    Choice { value: value.to_owned(), label: label.into(), chosen: typed.get(field) == value }
}

/// Those in whose hands something is, and whoever was asked for.
fn people(reference: &Reference, typed: &Typed, pressing: &Pressing) -> Vec<Choice> {
    let asked = typed.given("person").map(Username).filter(|name| !pressing.people.contains_key(name));
    let names = pressing.people.keys().chain(asked.as_ref());
    names.map(|name| choice(typed, "person", name.as_str(), reference.directory.person_name(name))).collect()
}

/// The address of the list with other fields.
fn link(typed: &Typed, with: &[(&str, &str)]) -> String {
    let is_kept = |name: &str| name != "skip" && !with.iter().any(|(other, _)| *other == name);
    let kept = typed.carried().into_iter().filter(|(name, _)| is_kept(name));
    let added = with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let pairs: Vec<String> = kept
        .chain(added)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", urlencoded(&name), urlencoded(&value)))
        .collect();
    format!("/warnings?{}", pairs.join("&"))
}

fn office(l: Lang, reference: &Reference, typed: &Typed, code: &OfficeCode, count: &OfficeCount) -> Count {
    let chosen = typed.get("office") == code.as_str();
    let parts = [("red", count.red), ("yellow", count.yellow), ("offered", count.offered)];
    let words = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| l.tr(&format!("staff.warnings.count_{kind}"), &[("count", &count.to_string())]));
    Count {
        href: link(typed, &[("office", if chosen { "" } else { code.as_str() }), ("person", "")]),
        label: reference.directory.office_name(code).to_owned(),
        words: l.list(&words.collect::<Vec<_>>()),
        chosen,
    }
}

fn person(l: Lang, reference: &Reference, typed: &Typed, name: &Username, count: u64) -> Count {
    let chosen = typed.get("person") == name.as_str();
    Count {
        href: link(typed, &[("person", if chosen { "" } else { name.as_str() })]),
        label: reference.directory.person_name(name).to_owned(),
        words: l.tr("staff.warnings.count", &[("count", &count.to_string())]),
        chosen,
    }
}

fn row(visit: &Signed, reference: &Reference, matter: &PressingMatter) -> Row {
    let (l, now) = (visit.l, visit.state.app.now());
    let say = visit.say(reference);
    let (class, state) = match matter.offered_at {
        Some(_) if matter.unclaimed => ("over", l.t("staff.warnings.unclaimed").into_owned()),
        Some(_) => ("wait", l.t("staff.warnings.offered").into_owned()),
        None => (light_class(matter.light), light_word(l, matter.light, Some(matter.left))),
    };
    let due = match (&matter.due, matter.offered_at) {
        (Some(due), _) => l.date_seen(due.date, domain::calendar::today(now)),
        (None, Some(at)) => l.tr("staff.warnings.since", &[("time", &l.time(at, now))]),
        (None, None) => String::new(),
    };
    let split = [
        ("office", matter.split.office),
        ("enterprise", matter.split.enterprise),
        ("special", matter.split.special),
        ("suspended", matter.split.suspended),
        ("outside", matter.split.outside),
    ];
    let split = split.iter().filter(|(_, days)| *days > 0);
    let split: Vec<String> =
        split.map(|(whose, days)| l.tr(&format!("staff.bar.{whose}"), &[("days", &days.to_string())])).collect();
    let people: Vec<String> = matter.holders.iter().map(|name| say.person(name)).collect();
    Row {
        case: format!("/cases/{}", matter.case),
        number: matter.number.clone(),
        enterprise: matter.enterprise.clone(),
        matter: say.matter(&matter.matter),
        office: say.office(&matter.office),
        people: l.list(&people),
        class,
        state,
        due,
        late: matter.light == Light::Red || matter.unclaimed,
        split: l.list(&split),
        chase: if matter.may_chase {
            format!("/cases/{}/chase?matter={}", matter.case, matter.matter)
        } else {
            String::new()
        },
    }
}
