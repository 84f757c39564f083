//! The signing page: what signing means and who signs, then the paper itself with the pad at its end.

use super::form::{self, Form, HandoverList};
use super::marks::{Mark, Proof, marks, signer};
use super::typed::Typed;
use crate::auth::Signed;
use crate::chance::fresh_key;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html, html_with};
use crate::say::Say;
use app::{FieldError, OpenCase};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Relation;
use domain::case::{Code, CommandKind, Document, DocumentKind, Refusal, Side, Status};
use domain::ids::{CaseId, DocumentId};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "paper/sign.html")]
struct SignPage {
    page: Page,
    l: Lang,
    form: Form,
    marks: Vec<Mark>,
    proof: Proof,
    heading: String,
    meaning: String,
    who: String,
    then: String,
    /// This side has signed already.
    already: bool,
    /// Why it cannot be signed now, with the clause.
    barred: String,
    clause: String,
    back: String,
    pdf: String,
    action: String,
    version: u64,
    once: String,
    side: &'static str,
    hash: String,
    /// The agent holds the tablet out to the client.
    presented: bool,
    /// Who signs, and how staff knows; none where somebody signs in its own account.
    witness: Option<Witness>,
    /// Where a link for the client's own device is made; empty where there is none to be made.
    link: String,
    /// What was drawn before, to be drawn again.
    drawn: String,
    /// What was ticked off before.
    ticked: Vec<String>,
    /// Delivery: who collects, and what is ticked off one by one.
    is_delivery: bool,
    collector: String,
    results: Vec<(String, String)>,
    items: Vec<(String, String)>,
    /// Address of the page for the other side, for the agent's tablet.
    other: String,
}

/// Who signs before the eyes of staff: what was typed, and what is wrong with it.
struct Witness {
    name: String,
    proof: String,
    wrong_name: String,
    wrong_proof: String,
    wrong_letter: String,
    /// What is wrong with what was drawn.
    wrong_ink: String,
}

impl Witness {
    fn of(say: &Say<'_>, contact: &str, typed: Option<(&Typed, &[FieldError])>) -> Self {
        let wrong = |pointer: &str| {
            let errors = typed.map(|(_, errors)| errors).unwrap_or_default();
            errors.iter().find(|error| error.pointer == pointer).map(|error| say.field_error(error)).unwrap_or_default()
        };
        Self {
            name: typed.map_or(contact, |(typed, _)| typed.get("signer")).to_owned(),
            proof: typed.map_or("", |(typed, _)| typed.get("proof")).to_owned(),
            wrong_name: wrong("/signer"),
            wrong_proof: wrong("/proof"),
            wrong_letter: wrong("/letter"),
            wrong_ink: wrong("/file"),
        }
    }
}

impl SignPage {
    fn is_ticked(&self, id: &str) -> bool {
        self.ticked.iter().any(|known| known == id)
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    side: Option<String>,
}

/// The side that the reader signs for: the enterprise for itself; the agent for its own, or holding the tablet out to the
/// client; a former agent, or the lead office's head in its stead, for what goes to the present agent. Nobody else signs.
pub(super) fn side_of(open: &OpenCase, document: &Document, chosen: Option<&str>) -> Option<Side> {
    if document.kind == DocumentKind::TakeoverList {
        let is_former = open.case.takeover().is_some_and(|(from, _)| from == open.grant.actor());
        return match open.grant.relation() {
            Relation::FormerAgent | Relation::LeadHead => Some(Side::Giver),
            _ if is_former => Some(Side::Giver),
            Relation::Agent | Relation::StandIn | Relation::ActingStandIn => Some(Side::Taker),
            _ => None,
        };
    }
    if open.is_own_enterprise() {
        return Some(Side::Client);
    }
    match open.grant.relation() {
        Relation::Agent | Relation::StandIn | Relation::ActingStandIn if chosen == Some("client") => Some(Side::Client),
        Relation::Agent | Relation::StandIn | Relation::ActingStandIn => Some(Side::Agent),
        Relation::Reception if document.kind.is_signed_alone() => Some(Side::Client),
        _ => None,
    }
}

pub(super) async fn page(
    visit: Signed,
    Path((id, document)): Path<(String, String)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Fault> {
    let open = visit.state.app.open_case(&visit.user, &CaseId(id)).await?;
    let document = open.case.document(&DocumentId(document)).cloned().ok_or_else(Fault::not_found)?;
    html(&sign_page(&visit, &open, &document, chosen.side.as_deref(), None).await?)
}

/// Delivery in person: the newest delivery notice, ticked off and signed by the client.
pub(super) async fn deliver(visit: Signed, Path(id): Path<String>) -> Result<Response, Fault> {
    let open = visit.state.app.open_case(&visit.user, &CaseId(id)).await?;
    let notice = open.case.newest(DocumentKind::DeliveryNotice).cloned();
    let Some(notice) = notice else {
        let refusal = open.actions().into_iter().find(|action| action.kind == CommandKind::HandOverResult);
        return Err(refusal.and_then(|action| action.refusal).unwrap_or_else(|| Code::NothingToSign.into()).into());
    };
    html(&sign_page(&visit, &open, &notice, Some("client"), None).await?)
}

/// The page again, with what was typed and what is wrong with it.
pub(super) async fn again(
    visit: &Signed,
    open: &OpenCase,
    document: &Document,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Response, Fault> {
    let side = Some(typed.get("side"));
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &sign_page(visit, open, document, side, Some((typed, errors))).await?)
}

async fn sign_page(
    visit: &Signed,
    open: &OpenCase,
    document: &Document,
    chosen: Option<&str>,
    typed: Option<(&Typed, &[FieldError])>,
) -> Result<SignPage, Fault> {
    let l = visit.l;
    let is_own = open.is_own_enterprise();
    let only_client = document.kind.sides() == [Side::Client];
    let side =
        side_of(open, document, if only_client { Some("client") } else { chosen }).ok_or_else(Fault::not_found)?;
    let refusal = open.may_sign(document, side).err();
    let form = Form::read(&visit.state.app.document_form(&visit.user, &open.case.id, &document.id).await?)?;
    let say = visit.say(&open.reference).about(&open.case);
    let base = format!("/cases/{}", open.case.id);
    let presented = open.is_witnessed(side);
    let is_delivery = document.kind == DocumentKind::DeliveryNotice;
    let named =
        |id: &domain::ids::ResultId| (id.to_string(), open.case.result(id).map(|r| r.name.clone()).unwrap_or_default());
    let results = if is_delivery { document.about.results.iter().map(named).collect() } else { Vec::new() };
    let items = document.about.items.iter().map(|id| (id.to_string(), say.item(id)));
    let other_side = if side == Side::Client { "agent" } else { "client" };
    let offers_other = !is_own && matches!(document.kind, DocumentKind::HandoverList | DocumentKind::Agreement);
    Ok(SignPage {
        page: visit.page("paper.sign.title").signing(),
        l,
        already: refusal.as_ref().is_some_and(|refusal| refusal.code == Code::AlreadySigned),
        heading: heading(l, document, &form),
        meaning: l.t(&format!("paper.means.{}_{}", key(document.kind), side_name(side))).into_owned(),
        who: who(l, open, document, side),
        then: then(l, open, document, &form, side),
        barred: refusal.as_ref().map(|refusal| say.refusal(refusal)).unwrap_or_default(),
        clause: refusal.as_ref().and_then(Refusal::clause).map(|clause| l.clause(clause)).unwrap_or_default(),
        marks: marks((&visit.state.app, &visit.user, l), open, document, refusal.is_none().then_some(side)).await?,
        proof: Proof::of(document, &form),
        back: if is_own { format!("/my/{}", open.case.id) } else { base.clone() },
        pdf: format!("{base}/papers/{}.pdf", document.id),
        action: format!("{base}/sign/{}", document.id),
        version: open.case.version,
        once: fresh_key(),
        side: side_name(side),
        hash: document.hash.clone(),
        presented,
        witness: presented.then(|| Witness::of(&say, &open.party.contact_name, typed)),
        link: if presented && refusal.is_none() { format!("{base}/sign/{}/link", document.id) } else { String::new() },
        ticked: typed.map(|(typed, _)| typed.ticked()).unwrap_or_default(),
        drawn: typed.map(|(typed, _)| typed.strokes().to_owned()).unwrap_or_default(),
        is_delivery,
        collector: open.party.contact_name.clone(),
        results,
        items: if only_client { items.collect() } else { Vec::new() },
        other: if offers_other { format!("{base}/sign/{}?side={other_side}", document.id) } else { String::new() },
        form,
    })
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Agent => "agent",
        Side::Giver => "giver",
        Side::Taker => "taker",
    }
}

pub(super) fn key(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::HandoverList => "handover",
        DocumentKind::Agreement => "agreement",
        DocumentKind::DeliveryNotice => "delivery",
        DocumentKind::ReturnList => "return",
        DocumentKind::TakeoverList => "takeover",
        kind if kind.is_signed_alone() => "alone",
        _ => "other",
    }
}

pub(super) fn heading(l: Lang, document: &Document, form: &Form) -> String {
    let count = match form {
        Form::HandoverList(list) => list.items.len(),
        Form::Agreement(agreement) => agreement.materials.len(),
        Form::DeliveryNotice(_) => document.about.results.len() + document.about.items.len(),
        _ => 0,
    };
    l.tr(&format!("paper.heading.{}", key(document.kind)), &[("count", &count.to_string())])
}

fn who(l: Lang, open: &OpenCase, document: &Document, side: Side) -> String {
    let name = signer(open, document, side);
    match side {
        Side::Client => l.tr("paper.who.client", &[("name", &name), ("enterprise", &open.party.name)]),
        Side::Agent => {
            let lead = open.case.lead_office.as_ref();
            let office = lead.map(|code| open.reference.directory.office_name(code).to_owned()).unwrap_or_default();
            l.tr("paper.who.agent", &[("name", &name), ("office", &office)])
        }
        Side::Giver if open.grant.relation() == Relation::LeadHead => {
            let head = open.reference.directory.person_name(open.grant.actor()).to_owned();
            l.tr("paper.who.giver_head", &[("name", &name), ("head", &head)])
        }
        Side::Giver => l.tr("paper.who.giver", &[("name", &name)]),
        Side::Taker => l.tr("paper.who.taker", &[("name", &name)]),
    }
}

/// What follows from the signature.
pub(super) fn then(l: Lang, open: &OpenCase, document: &Document, form: &Form, side: Side) -> String {
    let back = match form {
        Form::HandoverList(HandoverList { items, .. }) => items.iter().filter(|item| item.returned).count(),
        _ => 0,
    };
    let key = match document.kind {
        DocumentKind::HandoverList if side == Side::Agent => "paper.then.handover_agent",
        DocumentKind::HandoverList if open.case.status == Status::Preparing => "paper.then.handover_first",
        DocumentKind::HandoverList => "paper.then.handover_more",
        DocumentKind::Agreement if side == Side::Agent => "paper.then.agreement_agent",
        DocumentKind::Agreement => "paper.then.agreement",
        DocumentKind::DeliveryNotice => "paper.then.delivery",
        DocumentKind::TakeoverList => "paper.then.takeover",
        kind if kind.is_signed_alone() => "paper.then.alone",
        _ => "paper.then.return",
    };
    let mut text = l.t(key).into_owned();
    if back > 0 && side == Side::Client {
        text = l.tr("paper.then.and_back", &[("then", &text), ("count", &back.to_string())]);
    }
    text
}
