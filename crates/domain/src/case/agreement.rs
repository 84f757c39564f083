//! Handover list, agreement, start: in this order and no other (S3.2).

use super::command::{
    AgreementCommand, CommandKind, IdentityProof, PaperOnRequest, Side, SignatureInput, SignatureMethod,
};
use super::event::{DocumentEvent, Event};
use super::paper::{Document, DocumentKind, Signature, Signer};
use super::refusal::{Code, Refusal};
use super::state::{Case, Status};
use super::{Facts, file, in_status, receiving, still_open};
use crate::access::{Grant, Relation};
use crate::catalogue::Mode;
use crate::custody::FileRef;
use crate::ids::MatterCode;

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    match kind {
        CommandKind::SignHandover => {
            receiving(case)?;
            is_agency(case)?;
            if case.status == Status::Preparing && case.handover_signed_at.is_none() {
                materials_complete(case)?;
            }
            on_offer(case, DocumentKind::HandoverList)
        }
        CommandKind::SignAgreement => {
            in_status(case, &[Status::Preparing, Status::Running])?;
            is_agency(case)?;
            if case.agreement_signed_at.is_some() && case.uncommissioned().is_empty() {
                return Err(Code::AlreadySigned.into());
            }
            if case.status == Status::Preparing {
                materials_complete(case)?;
                handover_signed(case)?;
            }
            on_offer(case, DocumentKind::Agreement)
        }
        CommandKind::SignTakeover => {
            if !case.is_leaving() {
                still_open(case)?;
            }
            // The pieces may have gone on meanwhile, so that there is nothing left to hand over.
            case.takeover().ok_or(Code::NothingToSign)?;
            on_offer(case, DocumentKind::TakeoverList)
        }
        CommandKind::SignPaper => {
            let is_open = |kind: &DocumentKind| kind.is_signed_alone() && on_offer(case, *kind).is_ok();
            let any = DocumentKind::ALL.iter().any(is_open);
            if any { Ok(()) } else { Err(Code::NothingToSign.into()) }
        }
        CommandKind::IssuePaper => still_open(case),
        _ => can_start(case),
    }
}

/// The newest paper of the kind waits for a signature.
pub(super) fn on_offer(case: &Case, kind: DocumentKind) -> Result<(), Refusal> {
    match case.newest(kind) {
        Some(paper) if !paper.is_signed() => Ok(()),
        _ => Err(Code::NothingToSign.into()),
    }
}

fn can_start(case: &Case) -> Result<(), Refusal> {
    if case.started_at.is_some() && case.status != Status::Suspended {
        return Err(Code::AlreadyStarted.into());
    }
    in_status(case, &[Status::Preparing])?;
    is_agency(case)?;
    if case.agent.is_none() {
        return Err(Code::NoAgent.into());
    }
    materials_complete(case)?;
    handover_signed(case)?;
    // A matter that came into the scope after the signing stands on no agreement yet.
    let is_open = case.beginning().any(|matter| !case.is_commissioned(&matter.scope.code));
    if case.agreement_signed_at.is_none() || is_open { Err(Code::AgreementNotSigned.into()) } else { Ok(()) }
}

fn is_agency(case: &Case) -> Result<(), Refusal> {
    if case.mode == Mode::Agency { Ok(()) } else { Err(Code::ModeIsAssistance.into()) }
}

/// The required materials of every matter that may begin now are there.
fn materials_complete(case: &Case) -> Result<(), Refusal> {
    let lacking = case.lacking_to_start();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Code::MaterialsIncomplete).naming("materials", lacking.iter().map(|m| m.spec.name.as_str())))
}

/// The handover list is signed by both, and so is every further piece that a matter which may begin now needs.
fn handover_signed(case: &Case) -> Result<(), Refusal> {
    let open = case.beginning().any(|matter| {
        case.needed(&matter.scope.code)
            .any(|material| case.items_for(&material.spec.id).any(|item| item.handed_over.is_none()))
    });
    if case.handover_signed_at.is_none() || open { Err(Code::HandoverNotSigned.into()) } else { Ok(()) }
}

pub(super) fn decide(
    case: &Case,
    command: &AgreementCommand,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let input = command.signature();
    match (command, &input) {
        (AgreementCommand::SignHandover { .. }, Some(input)) => sign_handover(case, input, grant, facts),
        (AgreementCommand::SignAgreement { .. }, Some(input)) => sign_agreement(case, input, grant, facts),
        (AgreementCommand::SignTakeover { .. }, Some(input)) => sign_takeover(case, input, grant, facts),
        (AgreementCommand::SignPaper { .. }, Some(input)) => sign_paper(case, input, grant, facts),
        (AgreementCommand::IssuePaper { kind, matter }, _) => issue(case, *kind, matter.as_ref()),
        (AgreementCommand::Start {}, _) => Ok(vec![DocumentEvent::AgencyStarted {}.into()]),
        (_, None) => Err(Code::NothingToSign.into()),
    }
}

fn sign_handover(case: &Case, input: &SignatureInput, grant: &Grant, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let (list, signed) = sign(case, DocumentKind::HandoverList, input, grant, facts)?;
    let mut events = vec![signed];
    if list.signature(other(input.side)).is_some() {
        let to = case.agent.clone().ok_or_else(|| Refusal::new(Code::NoAgent))?;
        let items = list.about.items.clone();
        events.push(DocumentEvent::HandoverCompleted { document: list.id.clone(), items, to }.into());
    }
    Ok(events)
}

/// A former agent, or the head in its stead, hands what it still holds to the present agent.
fn sign_takeover(case: &Case, input: &SignatureInput, grant: &Grant, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let (list, signed) = sign(case, DocumentKind::TakeoverList, input, grant, facts)?;
    let mut events = vec![signed];
    if let (Some(_), Some((from, to))) = (list.signature(other(input.side)), list.about.takeover.clone()) {
        let items = list.about.items.clone();
        events.push(DocumentEvent::TakeoverCompleted { document: list.id.clone(), items, from, to }.into());
    }
    Ok(events)
}

fn sign_agreement(
    case: &Case,
    input: &SignatureInput,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (agreement, signed) = sign(case, DocumentKind::Agreement, input, grant, facts)?;
    let mut events = vec![signed];
    if agreement.signature(other(input.side)).is_some() {
        events.push(DocumentEvent::AgreementConcluded { document: agreement.id.clone() }.into());
    }
    Ok(events)
}

/// Signs a paper from whose signature nothing else follows, or the promise that a material comes later.
fn sign_paper(case: &Case, input: &SignatureInput, grant: &Grant, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let kind = case.document(&input.document).map(|document| document.kind).filter(|kind| kind.is_signed_alone());
    let (paper, signed) = sign(case, kind.ok_or(Code::NothingToSign)?, input, grant, facts)?;
    let promised = (paper.kind == DocumentKind::DeferralPromise)
        .then(|| DocumentEvent::DeferralPromised { document: paper.id.clone() }.into());
    Ok(std::iter::once(signed).chain(promised).collect())
}

/// Asks for a paper. One that is there and after which nothing has happened would say the same.
fn issue(case: &Case, kind: PaperOnRequest, matter: Option<&MatterCode>) -> Result<Vec<Event>, Refusal> {
    let named = matter
        .map(|code| case.matter(code).ok_or_else(|| Refusal::new(Code::MatterNotInCase).with("matter", code.as_str())));
    let named = named.transpose()?;
    match kind {
        PaperOnRequest::Application => {}
        PaperOnRequest::PowerOfAttorney => {
            is_agency(case)?;
            case.agent.as_ref().ok_or(Code::NoAgent)?;
        }
        PaperOnRequest::TaskSlip => {
            named.ok_or(Code::NoMatters)?.offered_at.ok_or(Code::MatterNotOffered)?;
        }
        PaperOnRequest::CourierRecord => {
            let is_posted = case.shipment.as_ref().is_some_and(|shipment| shipment.carrier.is_some());
            if !is_posted && case.lost_parcels.is_empty() {
                return Err(Code::NothingSent.into());
            }
        }
    }
    let matter = matter.filter(|_| kind == PaperOnRequest::TaskSlip);
    let is_same = |paper: &&Document| paper.kind == kind.document() && paper.about.matters.first() == matter;
    match case.documents.iter().rev().find(is_same) {
        Some(paper) if paper.at >= case.changed_at => {
            Err(Refusal::new(Code::PaperThere).with("document", paper.number.as_str()))
        }
        _ => Ok(vec![DocumentEvent::PaperRequested { kind, matter: matter.cloned() }.into()]),
    }
}

fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Agent,
        Side::Agent => Side::Client,
        Side::Giver => Side::Taker,
        Side::Taker => Side::Giver,
    }
}

/// Signs the newest document of a kind: the very version that was shown, once a side, by who may sign for that side.
pub(super) fn sign<'a>(
    case: &'a Case,
    kind: DocumentKind,
    input: &SignatureInput,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<(&'a Document, Event), Refusal> {
    let newest = case.newest(kind).ok_or(Code::NothingToSign)?;
    if newest.id != input.document {
        let is_known = case.document(&input.document).is_some_and(|document| document.kind == kind);
        let code = if is_known { Code::DocumentSuperseded } else { Code::NothingToSign };
        return Err(Refusal::new(code).with("document", newest.number.as_str()));
    }
    if !newest.hash.eq_ignore_ascii_case(&input.hash) {
        return Err(Refusal::new(Code::HashMismatch).with("document", newest.number.as_str()));
    }
    if newest.signature(input.side).is_some() {
        return Err(Code::AlreadySigned.into());
    }
    if !kind.sides().contains(&input.side) || !may_sign(input.side, grant.relation()) {
        return Err(Code::NotYourSignature.into());
    }
    let picture = file(facts, &input.file)?;
    is_signature(&picture, input.method)?;
    let signature = Signature {
        side: input.side,
        method: input.method,
        hash: newest.hash.clone(),
        file: picture,
        by: grant.actor().clone(),
        at: facts.now,
        signer: signer(input, grant.relation(), facts)?,
    };
    Ok((newest, DocumentEvent::DocumentSigned { document: newest.id.clone(), signature: Box::new(signature) }.into()))
}

/// Who signs. Whoever signs in its own account is known by it, whatever it says; a delegate is known by its letter.
fn signer(input: &SignatureInput, relation: Relation, facts: &Facts<'_>) -> Result<Option<Signer>, Refusal> {
    let is_own = input.side != Side::Client || relation == Relation::OwnEnterprise;
    let Some(given) = &input.signer else {
        let own = Signer { name: None, proof: IdentityProof::Account, strokes: None, letter: None };
        return Ok(is_own.then_some(own));
    };
    if given.proof == IdentityProof::Letter && given.letter.is_none() {
        return Err(Code::LetterNeeded.into());
    }
    let find = |id: &Option<_>| id.as_ref().map(|id| file(facts, id)).transpose();
    Ok(Some(Signer {
        name: given.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned),
        proof: if is_own { IdentityProof::Account } else { given.proof },
        strokes: find(&given.strokes)?,
        letter: find(&given.letter)?,
    }))
}

/// The client signs in its own account or before the eyes of staff; the agent's side is signed by the agent. What a former
/// agent leaves behind the lead office's head may hand over, since that person may be gone.
fn may_sign(side: Side, relation: Relation) -> bool {
    let is_agent = matches!(relation, Relation::Agent | Relation::ActingStandIn);
    match side {
        Side::Client => true,
        Side::Agent | Side::Taker => is_agent,
        Side::Giver => matches!(relation, Relation::FormerAgent | Relation::LeadHead),
    }
}

/// A drawn signature is a picture; a paper one comes back as a picture or a PDF.
fn is_signature(file: &FileRef, method: SignatureMethod) -> Result<(), Refusal> {
    let is_picture = file.media_type == "image/png" || file.media_type == "image/jpeg";
    let is_right = match method {
        SignatureMethod::Drawn => is_picture,
        SignatureMethod::Scan => is_picture || file.media_type == "application/pdf",
    };
    if is_right {
        Ok(())
    } else {
        Err(Refusal::new(Code::FileNotSignature).with("media_type", file.media_type.as_str()))
    }
}
