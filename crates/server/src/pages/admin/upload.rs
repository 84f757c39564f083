//! Excel: out, and in after a look at what would change and what is wrong.

use super::{ChangeLine, EffectForm, change_line, desk, effect, elsewhere, guard};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, download, html, html_with, see};
use crate::pages::staff::typed::Typed;
use app::AppError;
use app::configuration::{Book, NotTaken, RowChange, Table};
use app::sheet::XLSX;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sha2::{Digest, Sha256};

/// The draft in which an upload waits to be taken.
pub(super) const DRAFT: &str = "configuration";
/// So many differences or errors are shown; the others are counted.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "admin/import.html")]
struct Import {
    page: Page,
    l: Lang,
    heading: String,
    /// Sheet, cell, sentence.
    errors: Vec<(String, String, String)>,
    lines: Vec<ChangeLine>,
    more: String,
    moves: String,
    effect: EffectForm,
    /// What is shown, so that nothing else is confirmed.
    mark: String,
    troubles: Vec<String>,
    file_error: String,
    books: Vec<(&'static str, String)>,
}

pub(super) async fn export(visit: Signed, Path(book): Path<String>) -> Result<Response, Fault> {
    guard(&visit)?;
    let book = Book::parse(book.trim_end_matches(".xlsx")).ok_or_else(Fault::not_found)?;
    let bytes = visit.state.app.export_configuration(&visit.user, book).await?;
    let name = visit.l.t(&format!("admin.book.{}", book.name()));
    Ok(download(&format!("{name}-{}.xlsx", super::today(&visit)), XLSX, bytes))
}

pub(super) async fn page(visit: Signed) -> Result<Response, Fault> {
    guard(&visit)?;
    html(&blank(&visit, String::new()))
}

fn blank(visit: &Signed, file_error: String) -> Import {
    let l = visit.l;
    let book = |book: Book| (book.name(), l.t(&format!("admin.book.{}", book.name())).into_owned());
    Import {
        page: desk(visit, l.t("admin.import.title").into_owned()),
        l,
        heading: l.t("admin.import.title").into_owned(),
        errors: Vec::new(),
        lines: Vec::new(),
        more: String::new(),
        moves: String::new(),
        effect: EffectForm::default(),
        mark: String::new(),
        troubles: Vec::new(),
        file_error,
        books: Book::ALL.map(book).to_vec(),
    }
}

pub(super) async fn read(visit: Signed, mut typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let app = &visit.state.app;
    let Some(file) = typed.files.pop() else {
        let text = visit.l.t("admin.import.no_file").into_owned();
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &blank(&visit, text));
    };
    let read = match app.read_configuration(&visit.user, file.bytes).await {
        Ok(read) => read,
        Err(AppError::Invalid(fields)) => {
            let reference = app.reference();
            let say = visit.say(&reference);
            let text = fields.iter().map(|field| say.field_error(field)).collect::<Vec<_>>().join(" ");
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &blank(&visit, text));
        }
        Err(error) => return Err(error.into()),
    };
    if !read.errors.is_empty() {
        let reference = app.reference();
        let say = visit.say(&reference);
        let error =
            |one: &app::configuration::SheetError| (one.sheet.clone(), one.cell.clone(), say.field_error(&one.error));
        let mut page = blank(&visit, String::new());
        page.heading = visit.l.tr("admin.import.wrong", &[("count", &read.errors.len().to_string())]);
        page.errors = read.errors.iter().take(SHOWN).map(error).collect();
        if read.errors.len() > SHOWN {
            page.more = visit.l.tr("admin.import.more_wrong", &[("count", &(read.errors.len() - SHOWN).to_string())]);
        }
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    if read.changes.is_empty() {
        return Ok(see("/admin/import", &Flash::good(visit.l.t("admin.import.same"))));
    }
    keep(&visit, &read.changes).await?;
    preview(&visit, &typed, &read.changes, Vec::new(), StatusCode::OK).await
}

fn draft_of(changes: &[RowChange]) -> Result<String, Fault> {
    serde_json::to_string(changes).map_err(|error| Fault::internal(&error))
}

/// By what a draft is known again: another page may have put another one in its place.
fn mark_of(draft: &str) -> String {
    let hash = Sha256::digest(draft.as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps changes until they are taken.
async fn keep(visit: &Signed, changes: &[RowChange]) -> Result<(), Fault> {
    Ok(visit.state.app.put_draft(&visit.user, DRAFT, &draft_of(changes)?).await?)
}

/// Shows what would change, and asks from when on and why.
pub(super) async fn offer(visit: &Signed, typed: &Typed, changes: &[RowChange]) -> Result<Response, Fault> {
    keep(visit, changes).await?;
    preview(visit, typed, changes, Vec::new(), StatusCode::OK).await
}

async fn preview(
    visit: &Signed,
    typed: &Typed,
    changes: &[RowChange],
    troubles: Vec<String>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let l = visit.l;
    let reference = visit.state.app.reference();
    let mut page = blank(visit, String::new());
    page.heading = l.tr("admin.import.differs", &[("count", &changes.len().to_string())]);
    page.lines = changes.iter().take(SHOWN).map(|change| change_line(l, &reference, change)).collect();
    if changes.len() > SHOWN {
        page.more = l.tr("admin.import.more", &[("count", &(changes.len() - SHOWN).to_string())]);
    }
    if changes.iter().any(|change| change.table.book() == Book::Calendar) {
        let dates = visit.state.app.preview_dates(&visit.user, changes, super::today(visit)).await;
        if let Ok(dates) = dates {
            let (open, moved) = (dates.open.to_string(), dates.moved.to_string());
            page.moves = l.tr("admin.moves", &[("open", &open), ("moved", &moved)]);
        }
    }
    page.effect = EffectForm::new(visit, typed, changes.iter().any(|change| change.table == Table::People));
    page.mark = mark_of(&draft_of(changes)?);
    page.troubles = troubles;
    html_with(status, &page)
}

pub(super) async fn take(visit: Signed, typed: Typed) -> Result<Response, Fault> {
    guard(&visit)?;
    let app = &visit.state.app;
    let Some(draft) = app.draft(&visit.user, DRAFT).await? else {
        return Ok(see("/admin/import", &Flash::bad(visit.l.t("admin.import.gone"))));
    };
    let changes: Vec<RowChange> = serde_json::from_str(&draft).map_err(|error| Fault::internal(&error))?;
    if typed.get("mark") != mark_of(&draft) {
        let told = vec![visit.l.t("admin.import.other").into_owned()];
        return preview(&visit, &typed, &changes, told, StatusCode::CONFLICT).await;
    }
    let result = match effect(&visit, &typed) {
        Ok(effect) => app.configure(&visit.user, changes.clone(), effect).await,
        Err(error) => Err(error.into()),
    };
    let troubles: Vec<String> = match result {
        Ok(()) => {
            app.drop_draft(&visit.user, DRAFT).await?;
            let text = visit.l.tr("admin.import.taken", &[("count", &changes.len().to_string())]);
            return Ok(see("/admin/changes", &Flash::good(text)));
        }
        Err(NotTaken::Other(AppError::Invalid(fields))) => {
            let reference = app.reference();
            let say = visit.say(&reference);
            fields.iter().map(|field| say.field_error(field)).collect()
        }
        Err(NotTaken::Other(error)) => return Err(error.into()),
        Err(NotTaken::Cells(cells)) => cells.iter().map(|cell| elsewhere(&visit, cell)).collect(),
    };
    preview(&visit, &typed, &changes, troubles, StatusCode::UNPROCESSABLE_ENTITY).await
}
