//! Results to the client: in person, by courier, electronically; the case ends by itself, and not before (S6.3).

use super::agreement::{on_offer, sign};
use super::command::{CommandKind, DeliveryCommand, ParcelState, Side, SignatureInput};
use super::event::{DeliveryEvent, Event};
use super::paper::DocumentKind;
use super::refusal::{Code, Refusal};
use super::state::{Case, DeliveryWay, Shipment, Status};
use super::{Facts, file, in_status, reason_given};
use crate::access::Grant;
use crate::ids::{ItemId, ResultId};
use chrono::{DateTime, Utc};

pub(super) fn guard(case: &Case, kind: CommandKind) -> Result<(), Refusal> {
    if kind == CommandKind::ReturnMaterials && case.is_leaving() {
        return on_offer(case, DocumentKind::ReturnList);
    }
    if case.status == Status::Running {
        let open = case.matters.iter().filter(|m| m.outcome.is_none()).count();
        return Err(Refusal::new(Code::MattersOpen).with("count", open.to_string()));
    }
    in_status(case, &[Status::Delivering])?;
    if matches!(kind, CommandKind::HandOverResult | CommandKind::SendResult | CommandKind::ConfirmReceipt) {
        nothing_withheld(case)?;
    }
    match kind {
        CommandKind::RecordParcel if !case.is_posted() => Err(Code::NothingSent.into()),
        // The client has its results; only originals may still have to go back.
        CommandKind::HandOverResult | CommandKind::SendResult | CommandKind::ConfirmReceipt
            if case.delivered.is_some() =>
        {
            Err(Code::AlreadySent.into())
        }
        CommandKind::ReturnMaterials => on_offer(case, DocumentKind::ReturnList),
        CommandKind::SendResult if case.shipment.is_some() => Err(Code::AlreadySent.into()),
        CommandKind::ConfirmReceipt if case.shipment.is_none() && case.delivery != DeliveryWay::Electronic => {
            Err(Code::NothingSent.into())
        }
        _ => Ok(()),
    }
}

pub(super) fn decide(
    case: &Case,
    command: &DeliveryCommand,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        DeliveryCommand::HandOverResult { results, items, collector, side, method, document, hash, file, signer } => {
            let input = SignatureInput {
                side: *side,
                method: *method,
                document: document.clone(),
                hash: hash.clone(),
                file: file.clone(),
                signer: signer.clone(),
            };
            hand_over(case, results, items, collector, &input, grant, facts)
        }
        DeliveryCommand::SendResult { results, items, carrier, number, address } => {
            let way = [carrier, number, address].map(|text| text.as_deref().map(str::trim).filter(|t| !t.is_empty()));
            send(case, results, items, way, facts)
        }
        DeliveryCommand::ConfirmReceipt { signed_by, at, file: proof } => {
            reason_given(signed_by)?;
            let sent_at = case.shipment.as_ref().map_or(case.created_at, |shipment| shipment.at);
            is_between(*at, sent_at, facts.now)?;
            let proof = proof.as_ref().map(|id| file(facts, id)).transpose()?;
            Ok(vec![DeliveryEvent::ReceiptConfirmed { signed_by: signed_by.clone(), at: *at, file: proof }.into()])
        }
        DeliveryCommand::ReturnMaterials { items, side, method, document, hash, file, signer } => {
            let input = SignatureInput {
                side: *side,
                method: *method,
                document: document.clone(),
                hash: hash.clone(),
                file: file.clone(),
                signer: signer.clone(),
            };
            give_back(case, items, &input, grant, facts)
        }
        DeliveryCommand::RecordParcel { state, note, at } => report(case, *state, note.as_deref(), *at, facts),
    }
}

/// A result is not released before what was deferred for its matter is here (容缺).
fn nothing_withheld(case: &Case) -> Result<(), Refusal> {
    let owed = case.open_deferrals().filter_map(|deferral| case.material(&deferral.material));
    let owed: Vec<&str> = owed.map(|material| material.spec.name.as_str()).collect();
    if owed.is_empty() { Ok(()) } else { Err(Refusal::new(Code::DeferralOpen).naming("materials", owed)) }
}

/// What the carrier says. That a parcel is back or lost needs a word, since it is sent no more.
fn report(
    case: &Case,
    state: ParcelState,
    note: Option<&str>,
    at: Option<DateTime<Utc>>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if state == ParcelState::Lost && note.is_none() {
        return Err(Code::ReasonNeeded.into());
    }
    if let Some(at) = at {
        is_between(at, case.shipment.as_ref().map_or(case.created_at, |shipment| shipment.at), facts.now)?;
    }
    let note = note.map(str::to_owned);
    Ok(vec![DeliveryEvent::ParcelReported { state, note, happened_at: at }.into()])
}

/// A receipt given in whole minutes may name the very minute of the sending.
fn is_between(at: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(), Refusal> {
    let slack = chrono::Duration::minutes(1);
    if at + slack < from || at > to + slack { Err(Code::TimeInvalid.into()) } else { Ok(()) }
}

fn hand_over(
    case: &Case,
    results: &[ResultId],
    items: &[ItemId],
    collector: &str,
    input: &SignatureInput,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    reason_given(collector)?;
    whole_list(case, results, items, true)?;
    if input.side != Side::Client {
        return Err(Code::NotYourSignature.into());
    }
    let (notice, signed) = sign(case, DocumentKind::DeliveryNotice, input, grant, facts)?;
    // The client signs for what the notice names and for nothing else.
    let is_named = |item: &ItemId| notice.about.items.contains(item);
    if case.outstanding_items().iter().any(|item| items.contains(item) && !is_named(item)) {
        return Err(Code::ReturnNeedsSignature.into());
    }
    let delivered = DeliveryEvent::ResultHandedOver {
        results: results.to_vec(),
        items: items.to_vec(),
        collector: collector.trim().to_owned(),
        document: notice.id.clone(),
    };
    Ok(vec![signed, delivered.into()])
}

/// Everything still owed must be on the list: the delivery notice names it all, and the service ends with it.
fn whole_list(case: &Case, results: &[ResultId], items: &[ItemId], with_originals: bool) -> Result<(), Refusal> {
    if let Some(id) = results.iter().find(|id| case.result(id).is_none_or(|result| result.delivered_at.is_some())) {
        return Err(Refusal::new(Code::UnknownResult).with("result", id.as_str()));
    }
    if let Some(id) = items.iter().find(|id| case.item(id).is_none_or(|item| item.place.is_final())) {
        return Err(Refusal::new(Code::UnknownItem).with("item", id.as_str()));
    }
    let left: Vec<&str> = case
        .results
        .iter()
        .filter(|r| r.delivered_at.is_none() && !results.contains(&r.id))
        .map(|r| r.name.as_str())
        .collect();
    if !left.is_empty() {
        return Err(Refusal::new(Code::ResultsOutstanding).naming("results", left));
    }
    let out: Vec<&str> = case
        .items
        .iter()
        .filter(|item| item.is_outstanding() && !items.contains(&item.id))
        .filter_map(|item| case.material(&item.material).map(|material| material.spec.name.as_str()))
        .collect();
    if with_originals && !out.is_empty() {
        return Err(Refusal::new(Code::OriginalsOutstanding).naming("materials", out));
    }
    Ok(())
}

/// By courier with carrier, number and address; electronically without. The address is used for the parcel and not kept
/// in the event.
fn send(
    case: &Case,
    results: &[ResultId],
    items: &[ItemId],
    [carrier, number, address]: [Option<&str>; 3],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let is_electronic = case.delivery == DeliveryWay::Electronic && carrier.is_none() && number.is_none();
    if !is_electronic && (carrier.is_none() || number.is_none() || address.is_none()) {
        return Err(Code::CourierNeeded.into());
    }
    if is_electronic && !items.is_empty() {
        return Err(Code::ReturnNeedsSignature.into());
    }
    whole_list(case, results, items, !is_electronic)?;
    let shipment =
        Shipment { carrier: carrier.map(str::to_owned), number: number.map(str::to_owned), at: facts.now, last: None };
    Ok(vec![DeliveryEvent::ResultSent { results: results.to_vec(), items: items.to_vec(), shipment }.into()])
}

fn give_back(
    case: &Case,
    items: &[ItemId],
    input: &SignatureInput,
    grant: &Grant,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if items.is_empty() && !case.outstanding_items().is_empty() {
        return Err(Code::NothingGiven.into());
    }
    if input.side != Side::Client {
        return Err(Code::NotYourSignature.into());
    }
    let (list, signed) = sign(case, DocumentKind::ReturnList, input, grant, facts)?;
    if let Some(id) = items.iter().find(|id| !list.about.items.contains(id)) {
        return Err(Refusal::new(Code::UnknownItem).with("item", id.as_str()));
    }
    let left: Vec<&str> = list.about.items.iter().filter(|id| !items.contains(id)).map(ItemId::as_str).collect();
    if !left.is_empty() {
        return Err(Refusal::new(Code::OriginalsOutstanding).naming("materials", left));
    }
    let (results, document) = (list.about.results.clone(), list.id.clone());
    let returned = DeliveryEvent::MaterialsReturned { items: items.to_vec(), results, document };
    Ok(vec![signed, returned.into()])
}
