//! The description of the API (OpenAPI 3.1), made from the handlers themselves.

use super::{
    absences, archive, cases, chases, commands, configuration, consultations, custody, documents, files, leads, ledger,
    ledger_outside, meetings, plan, reference, tokens,
};
use axum::Json;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bangban",
        version = "1",
        description = "What other systems call. Refusals are problem details (RFC 9457) with `code`; every POST honours \
                       `Idempotency-Key`; signing, start, delivery, archive, withdraw and terminate need `If-Match`."
    ),
    paths(
        tokens::issue,
        reference::me,
        reference::matters,
        reference::templates,
        reference::offices,
        reference::fees,
        configuration::calendar,
        configuration::changes,
        reference::people,
        absences::record,
        absences::end,
        files::upload,
        consultations::register,
        archive::list,
        leads::list,
        leads::record,
        leads::show,
        leads::visit,
        leads::assign,
        leads::close,
        meetings::list,
        meetings::call,
        meetings::show,
        meetings::refer,
        meetings::hold,
        meetings::carry_out,
        meetings::cancel,
        meetings::decisions,
        cases::list,
        cases::create,
        cases::show,
        cases::events,
        plan::of_case,
        plan::forecast,
        plan::quality,
        plan::of_template,
        custody::list,
        ledger::list,
        ledger_outside::list,
        documents::list,
        documents::pdf,
        documents::archive,
        commands::perform,
        chases::chase,
        chases::list,
    ),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The description.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
