//! Takes a signature from the form of the signing page.

use super::sign::again;
use super::typed::Typed;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::page::{Flash, see};
use crate::pages::enterprise::once;
use app::{Answered, AppError, signing_command};
use axum::extract::{Multipart, Path};
use axum::response::Response;
use domain::case::Code;
use domain::ids::{CaseId, DocumentId};

pub(super) async fn sign(
    visit: Signed,
    Path((id, document)): Path<(String, String)>,
    form: Multipart,
) -> Result<Response, Fault> {
    let typed = Typed::read(form).await?;
    let id = CaseId(id);
    let app = &visit.state.app;
    let open = app.open_case(&visit.user, &id).await?;
    let document = open.case.document(&DocumentId(document)).cloned().ok_or_else(Fault::not_found)?;
    let back =
        format!("/cases/{id}/sign/{}{}", document.id, if typed.get("side") == "client" { "?side=client" } else { "" });
    if signing_command(document.kind).is_none() {
        return visit.refused(&back, AppError::Refused(Code::NothingToSign.into()));
    }
    let to = if open.is_own_enterprise() { format!("/my/{id}") } else { format!("/cases/{id}") };
    let target = to.clone();
    let what = (typed.get("side"), typed.get("hash"), typed.get("version"), document.id.as_str());
    let form = once::Form::new(&visit, typed.get("once"), &what, move |_| target.clone());
    if let Some(answered) = form.first(&visit).await? {
        return Ok(answered);
    }
    let Some(ink) = typed.ink() else {
        return Ok(see(&back, &Flash::bad(visit.l.t("paper.sign.nothing"))));
    };
    let signing = typed.signing(&document.id, ink);
    let version = typed.get("version").parse().ok();
    let once = form.once();
    match app.once(once.as_ref(), app.sign(&visit.user, &id, signing, version, once.clone())).await {
        Ok(Answered::Before(first)) => Ok(once::led(first)),
        Ok(Answered::Now(_)) => Ok(see(&to, &Flash::good(visit.l.t("paper.sign.done")))),
        Err(AppError::Invalid(errors)) if open.may_sign(&document, typed.side()).is_ok() => {
            again(&visit, &open, &document, &typed, &errors).await
        }
        Err(error) => visit.refused(&back, error),
    }
}
