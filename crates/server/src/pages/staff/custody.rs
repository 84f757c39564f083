//! 原件保管: who holds what, since when, over all cases that the reader may see; the same as an Excel file (S2.1, S6.3).

use super::ledger::choice;
use super::list::{Choice, Count, again};
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, download, html};
use crate::routes::{Access, Area, Route};
use crate::say::Say;
use app::sheet::{Sheet, XLSX, workbook};
use app::{CustodyList, CustodyOrder, CustodyQuery, CustodyView};
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use chrono::NaiveDate;
use domain::calendar::today;
use domain::custody::PlaceKind;
use domain::ids::{OfficeCode, Username};

/// Lines of a file at most: a longer list is narrowed first.
const MOST_ROWS: usize = 10_000;
const ORDERS: [(&str, CustodyOrder); 3] =
    [("since", CustodyOrder::Since), ("holder", CustodyOrder::Holder), ("case", CustodyOrder::Case)];
/// The columns of the file, in order.
const COLUMNS: [&str; 12] = [
    "number",
    "case",
    "piece",
    "form",
    "place",
    "holder",
    "holder_office",
    "since",
    "days",
    "overdue",
    "untaken",
    "back",
];

pub(crate) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![Route::get(area, access, "/custody", page), Route::get(area, access, "/custody.xlsx", sheet)]
}

/// A line as it is shown.
struct Row {
    href: String,
    case_href: String,
    number: String,
    title: String,
    name: String,
    form: String,
    holder: String,
    /// The holder's office, where it is a person.
    office: String,
    since: String,
    days: String,
    overdue: bool,
    untaken: bool,
    back: String,
}

#[derive(Template)]
#[template(path = "staff/custody.html")]
struct CustodyPage {
    page: Page,
    l: Lang,
    headline: String,
    second: String,
    q: String,
    places: Vec<Choice>,
    orders: Vec<Choice>,
    overdue: bool,
    untaken: bool,
    counts: Vec<Count>,
    rows: Vec<Row>,
    narrowed: bool,
    xlsx: String,
    first: String,
    next: String,
}

/// What a query string asks for; words that are none of ours narrow nothing.
fn asked(typed: &Typed) -> CustodyQuery {
    CustodyQuery {
        place: PlaceKind::parse(typed.get("place")),
        overdue: typed.get("overdue") == "1",
        untaken: typed.get("untaken") == "1",
        q: typed.given("q"),
        order: ORDERS.iter().find(|(name, _)| *name == typed.get("order")).map(|(_, order)| *order).unwrap_or_default(),
        skip: typed.get("skip").parse().unwrap_or(0),
    }
}

async fn page(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let asked = asked(&typed);
    let list = app.custody(&visit.user, &asked).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let narrowed = typed.carried().iter().any(|(name, _)| name != "order" && name != "skip");
    let place = |kind: &PlaceKind| choice(&typed, "place", kind.name(), kind_word(l, *kind));
    html(&CustodyPage {
        page: super::desk(&visit, "staff.custody.title"),
        l,
        headline: headline(l, &list, narrowed),
        second: l.tr("staff.custody.rule", &[("days", &reference.policy.custody_days.to_string())]),
        q: typed.get("q").to_owned(),
        places: PlaceKind::ALL.iter().map(place).collect(),
        orders: ORDERS.iter().map(|(name, _)| choice(&typed, "order", name, order_word(l, name))).collect(),
        overdue: asked.overdue,
        untaken: asked.untaken,
        counts: counts(l, &typed, &list),
        rows: list.rows.iter().map(|row| shown(&say, row, on)).collect(),
        narrowed,
        xlsx: format!("/custody.xlsx?{}", again(&typed, &["skip"], &[])),
        first: if asked.skip > 0 { format!("/custody?{}", again(&typed, &["skip"], &[])) } else { String::new() },
        next: list
            .next
            .map(|next| format!("/custody?{}", again(&typed, &["skip"], &[("skip", &next.to_string())])))
            .unwrap_or_default(),
    })
}

fn kind_word(l: Lang, kind: PlaceKind) -> String {
    l.t(&format!("staff.custody_place.{}", kind.name())).into_owned()
}

fn order_word(l: Lang, name: &str) -> String {
    l.t(&format!("staff.custody_order.{name}")).into_owned()
}

fn headline(l: Lang, list: &CustodyList, narrowed: bool) -> String {
    match (list.total, narrowed) {
        (0, true) => l.t("staff.custody.none_found").into_owned(),
        (0, false) => l.t("staff.custody.none").into_owned(),
        (count, true) => l.tr("staff.custody.found", &[("count", &count.to_string())]),
        (count, false) => l.tr("staff.custody.some", &[("count", &count.to_string())]),
    }
}

/// Each count leads to its lines, and chosen once more to all.
fn counts(l: Lang, typed: &Typed, list: &CustodyList) -> Vec<Count> {
    let count = |field: &str, value: &str, label: String, count: u64| {
        let chosen = typed.get(field) == value;
        let with: &[(&str, &str)] = if chosen { &[] } else { &[(field, value)] };
        (count > 0 || chosen).then(|| Count {
            href: format!("/custody?{}", again(typed, &["place", "overdue", "untaken", "skip"], with)),
            label,
            count,
            chosen,
        })
    };
    let late = [
        count("overdue", "1", l.t("staff.custody.overdue").into_owned(), list.overdue),
        count("untaken", "1", l.t("staff.custody.untaken").into_owned(), list.untaken),
    ];
    let number = |kind: PlaceKind| list.places.get(kind.name()).copied().unwrap_or(0);
    let places = PlaceKind::ALL.into_iter();
    let places = places.map(|kind| count("place", kind.name(), kind_word(l, kind), number(kind)));
    late.into_iter().chain(places).flatten().collect()
}

/// Who or what holds it, and the holder's office where it is a person.
fn holder(say: &Say<'_>, row: &CustodyView) -> (String, String) {
    let key = row.key.as_str();
    match row.place {
        PlaceKind::Person => {
            let person: Username = key.into();
            let office = say.reference.directory.person(&person).and_then(|found| found.office.as_ref());
            (say.person(&person), office.map(|office| say.office(office)).unwrap_or_default())
        }
        PlaceKind::Office => (say.office(&OfficeCode::from(key)), String::new()),
        PlaceKind::Kept => (say.l.tr("staff.custody.kept", &[("office", &say.office(&key.into()))]), String::new()),
        PlaceKind::Courier => (say.l.tr("staff.custody.courier", &[("parcel", key)]), String::new()),
        PlaceKind::Window => (key.to_owned(), String::new()),
        PlaceKind::Client => (kind_word(say.l, PlaceKind::Client), String::new()),
    }
}

fn shown(say: &Say<'_>, row: &CustodyView, on: NaiveDate) -> Row {
    let l = say.l;
    let (holder, office) = holder(say, row);
    Row {
        href: format!("/cases/{}/items/{}", row.case, row.item),
        case_href: format!("/cases/{}", row.case),
        number: row.number.clone(),
        title: row.title.clone(),
        name: row.name.clone(),
        form: l.t(&format!("staff.form.{}", row.form)).into_owned(),
        holder,
        office,
        since: l.date_seen(today(row.since), on),
        days: l.tr("staff.waited", &[("days", &row.days.to_string())]),
        overdue: row.overdue,
        untaken: row.untaken,
        back: l.t(if row.to_return { "staff.to_return" } else { "staff.not_to_return" }).into_owned(),
    }
}

/// A line as texts for a table program: days as `2026-11-25`, so that they sort.
fn cells(say: &Say<'_>, row: &CustodyView, on: NaiveDate) -> Vec<String> {
    let yes = |is: bool| if is { say.l.t("staff.yes").into_owned() } else { String::new() };
    let seen = shown(say, row, on);
    vec![
        seen.number,
        seen.title,
        seen.name,
        seen.form,
        kind_word(say.l, row.place),
        seen.holder,
        seen.office,
        today(row.since).to_string(),
        row.days.to_string(),
        yes(row.overdue),
        yes(row.untaken),
        yes(row.to_return),
    ]
}

async fn sheet(visit: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let typed = Typed::read(query.as_deref().unwrap_or_default());
    let (l, app) = (visit.l, &visit.state.app);
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let mut rows = Vec::new();
    let mut skip = Some(0);
    while let Some(from) = skip.filter(|_| rows.len() < MOST_ROWS) {
        let list = app.custody(&visit.user, &CustodyQuery { skip: from, ..asked(&typed) }).await?;
        rows.extend(list.rows.iter().map(|row| cells(&say, row, on)));
        skip = list.next;
    }
    let heading = |name: &&str| l.t(&format!("staff.custody_column.{name}")).into_owned();
    let sheet =
        Sheet { name: l.t("staff.custody.title").into_owned(), headings: COLUMNS.iter().map(heading).collect(), rows };
    let bytes = workbook(&[sheet])?;
    Ok(download(&l.tr("staff.custody.file", &[("date", on.to_string().as_str())]), XLSX, bytes))
}
