//! Where the administrator begins: everything that can be kept, and what is planned.

use super::{change_line, desk, guard, table_name, today};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::configuration::{Book, ChangeState};
use askama::Template;
use axum::response::Response;

/// A group of tables that go into one Excel file.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) book: &'static str,
    /// Address, name, number of rows.
    pub(crate) tables: Vec<(String, String, usize)>,
}

/// A change that is to come.
pub(crate) struct Planned {
    pub(crate) on: String,
    pub(crate) what: String,
}

#[derive(Template)]
#[template(path = "admin/home.html")]
struct Home {
    page: Page,
    l: Lang,
    headline: String,
    groups: Vec<Group>,
    planned: Vec<Planned>,
    years: String,
}

pub(super) async fn page(visit: Signed) -> Result<Response, Fault> {
    guard(&visit)?;
    let (l, app) = (visit.l, &visit.state.app);
    let day = today(&visit);
    let mut groups = Vec::new();
    for book in Book::ALL {
        let mut tables = Vec::new();
        for table in book.tables() {
            let rows = app.configuration(&visit.user, table, day).await?.len();
            tables.push((format!("/admin/t/{}", table.name()), table_name(l, table), rows));
        }
        groups.push(Group {
            title: l.t(&format!("admin.book.{}", book.name())).into_owned(),
            note: l.t(&format!("admin.book_note.{}", book.name())).into_owned(),
            book: book.name(),
            tables,
        });
    }
    let reference = app.reference();
    let changes = app.configuration_changes(&visit.user).await?;
    let planned: Vec<Planned> = changes
        .iter()
        .filter(|change| change.state == ChangeState::Planned)
        .map(|change| Planned {
            on: l.date_seen(change.effective_on, day),
            what: l.list(&change.rows.iter().map(|row| change_line(l, &reference, row).row).collect::<Vec<_>>()),
        })
        .collect();
    let years: Vec<String> = reference.calendar.years().iter().map(ToString::to_string).collect();
    html(&Home {
        page: desk(&visit, l.t("admin.title").into_owned()),
        l,
        headline: l.tr("admin.headline", &[("count", &planned.len().to_string())]),
        groups,
        planned,
        years: l.tr("admin.years", &[("years", &l.list(&years))]),
    })
}
