//! The list of statutory fees (S2.2): what the law makes an enterprise pay, to whom, and that the service itself is free.

use crate::auth::Visit;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::Reference;
use askama::Template;
use axum::response::Response;
use domain::catalogue::Fee;
use domain::people::OfficeKind;

/// A fee as everybody reads it.
pub(super) struct Line {
    pub(super) name: String,
    /// Code and name of its matter.
    pub(super) code: String,
    pub(super) matter: String,
    pub(super) standard: String,
    pub(super) payee: String,
    pub(super) basis: String,
    /// The bureau has checked it.
    pub(super) verified: bool,
}

impl Line {
    pub(super) fn of(fee: &Fee, reference: &Reference) -> Self {
        let matter = reference.catalogue.matter(&fee.matter);
        Self {
            name: fee.name.clone(),
            code: fee.matter.to_string(),
            matter: matter.map_or_else(|| fee.matter.to_string(), |matter| matter.name.clone()),
            standard: fee.standard.clone(),
            payee: fee.payee.clone(),
            basis: fee.legal_basis.clone(),
            verified: fee.verified,
        }
    }
}

#[derive(Template)]
#[template(path = "public/fees.html")]
struct Fees {
    page: Page,
    l: Lang,
    lines: Vec<Line>,
    open: bool,
    /// Whom to call when somebody takes money: the supervision office, if it has a telephone.
    phone: String,
}

pub(super) async fn list(visit: Visit) -> Result<Response, Fault> {
    let reference = visit.state.app.reference();
    let lines: Vec<Line> = reference.catalogue.fees().iter().map(|fee| Line::of(fee, &reference)).collect();
    let own = reference.directory.offices.values().filter(|office| office.kind == OfficeKind::Bureau);
    let supervision = own.into_iter().find(|office| office.name.contains("督查"));
    html(&Fees {
        page: visit.page("public.fees.title"),
        l: visit.l,
        open: lines.iter().any(|line| !line.verified),
        lines,
        phone: supervision.map(|office| office.phone.clone()).unwrap_or_default(),
    })
}
