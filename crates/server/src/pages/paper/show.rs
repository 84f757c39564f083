//! A paper on the screen as it prints, and its file.

use super::form::{self, Form};
use super::marks::{Mark, Proof, marks};
use super::sign::side_of;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html, pdf};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::ids::{CaseId, DocumentId};

#[derive(Template)]
#[template(path = "paper/show.html")]
struct PaperPage {
    page: Page,
    l: Lang,
    form: Form,
    marks: Vec<Mark>,
    proof: Proof,
    back: String,
    pdf: String,
    /// Where it can be signed by the reader; empty where it cannot.
    sign: String,
    /// The signature sheet of this paper.
    sheet: String,
    number: String,
    state: String,
    superseded: bool,
}

pub(super) async fn show(visit: Signed, Path((id, document)): Path<(String, String)>) -> Result<Response, Fault> {
    let id = CaseId(id);
    let app = &visit.state.app;
    if let Some(document) = document.strip_suffix(".pdf") {
        let document = DocumentId(document.to_owned());
        let bytes = app.document_pdf(&visit.user, &id, &document).await?;
        let open = app.open_case(&visit.user, &id).await?;
        let number = open.case.document(&document).map(|d| d.number.clone()).unwrap_or_default();
        return Ok(pdf(&format!("{number}.pdf"), bytes));
    }
    let open = app.open_case(&visit.user, &id).await?;
    let document = open.case.document(&DocumentId(document)).cloned().ok_or_else(Fault::not_found)?;
    let form = Form::read(&app.document_form(&visit.user, &id, &document.id).await?)?;
    let form = if open.is_own_enterprise() { form } else { form.masked() };
    let l = visit.l;
    let may = side_of(&open, &document, None).filter(|side| open.may_sign(&document, *side).is_ok());
    let sheet = open.case.documents.iter().find(|sheet| sheet.about.document.as_ref() == Some(&document.id));
    let unsigned = document.kind.sides().iter().filter(|side| document.signature(**side).is_none()).count();
    let newest = open.case.newest(document.kind).map(|newest| &newest.id);
    let superseded = unsigned > 0 && newest.is_some_and(|newest| *newest != document.id);
    let state = match (document.kind.sides().len(), unsigned) {
        (0, _) => l.t("paper.state.given"),
        (_, 0) => l.t("paper.state.signed"),
        _ => l.t("paper.state.open"),
    };
    let base = format!("/cases/{id}");
    html(&PaperPage {
        page: visit.page("paper.show.title").titled(form.title()),
        l,
        marks: marks((app, &visit.user, l), &open, &document, None).await?,
        proof: Proof::of(&document, &form),
        back: if open.is_own_enterprise() { format!("/my/{id}") } else { base.clone() },
        pdf: format!("{base}/papers/{}.pdf", document.id),
        sign: may.map(|_| format!("{base}/sign/{}", document.id)).unwrap_or_default(),
        sheet: sheet.map(|sheet| format!("{base}/papers/{}", sheet.id)).unwrap_or_default(),
        number: open.case.number.clone(),
        state: state.into_owned(),
        superseded,
        form,
    })
}

/// Labels for the pieces on paper.
pub(super) async fn labels(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = CaseId(id);
    let app = &visit.state.app;
    let number = app.open_case(&visit.user, &id).await?.case.number;
    let bytes = app.labels(&visit.user, &id).await?;
    Ok(pdf(&Lang::Zh.tr("paper.show.labels_file", &[("number", number.as_str())]), bytes))
}
