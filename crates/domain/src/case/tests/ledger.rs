//! Keeps books on a case beside it, from its events alone, and compares: where each piece is, and what papers say.

use super::fixture::Play;
use crate::case::*;
use crate::chain::Envelope;
use crate::custody::Place;
use crate::ids::{DocumentId, ItemId};
use std::collections::BTreeMap;

/// The books.
#[derive(Default)]
pub(super) struct Ledger {
    read: usize,
    places: BTreeMap<ItemId, Place>,
    papers: BTreeMap<DocumentId, Document>,
    agent_named: bool,
}

impl Ledger {
    /// Reads what happened since the last time and compares the case with the books.
    pub(super) fn follow(&mut self, play: &Play) {
        for envelope in &play.log[self.read..] {
            self.enter(envelope, &play.case);
        }
        self.read = play.log.len();
        let places: BTreeMap<ItemId, Place> =
            play.case.items.iter().map(|item| (item.id.clone(), item.place.clone())).collect();
        assert_eq!(places.len(), play.case.items.len(), "two pieces have one id");
        assert_eq!(places, self.places, "a piece is not where its history put it");
        assert_eq!(self.agent_named, play.case.agent.is_some(), "from the naming on there is an agent");
        self.compare_papers(play);
    }

    fn enter(&mut self, envelope: &Envelope, case: &Case) {
        match &envelope.event {
            Event::Materials(event) => self.enter_materials(event),
            Event::Document(event) => self.enter_document(event, case),
            Event::Matter(event) => self.enter_matter(event, case),
            Event::Delivery(event) => self.enter_delivery(case, event),
            Event::Assignment(AssignmentEvent::AgentAssigned { .. }) => self.agent_named = true,
            _ => {}
        }
    }

    fn enter_materials(&mut self, event: &MaterialsEvent) {
        match event {
            MaterialsEvent::MaterialsReceived { items } => {
                for item in items {
                    let before = self.places.insert(item.id.clone(), Place::Client);
                    assert_eq!((before, &item.place), (None, &Place::Client));
                }
            }
            MaterialsEvent::MaterialMoved { item, from, to } => {
                assert_eq!(self.places.insert(item.clone(), to.clone()).as_ref(), Some(from));
                assert_ne!(*to, Place::Client, "only a signature brings a piece back to the client");
            }
            _ => {}
        }
    }

    fn enter_document(&mut self, event: &DocumentEvent, case: &Case) {
        match event {
            DocumentEvent::DocumentOffered { document } => {
                assert_eq!(document.signatures, []);
                assert_eq!(
                    self.papers.insert(document.id.clone(), (**document).clone()),
                    None,
                    "an id was given twice"
                );
            }
            DocumentEvent::DocumentSigned { document, signature } => {
                let paper = self.papers.get_mut(document).expect("only what was offered is signed");
                assert_eq!(paper.hash, signature.hash, "a signature binds to the hash of its paper");
                assert_eq!(paper.signature(signature.side), None, "a side signs once");
                paper.signatures.push((**signature).clone());
            }
            DocumentEvent::HandoverCompleted { document, items, to } => {
                let paper = &self.papers[document];
                assert!(paper.is_signed() && paper.about.items == *items);
                for item in items {
                    let before = self.places.insert(item.clone(), Place::Person(to.clone()));
                    assert_eq!(before, Some(Place::Client));
                    assert_eq!(case.item(item).and_then(|i| i.handed_over.as_ref()), Some(document));
                }
            }
            DocumentEvent::TakeoverCompleted { document, items, from, to } => {
                let paper = &self.papers[document];
                assert!(paper.is_signed() && paper.about.items == *items);
                for item in items {
                    let before = self.places.insert(item.clone(), Place::Person(to.clone()));
                    assert_eq!(before, Some(Place::Person(from.clone())));
                }
            }
            _ => {}
        }
    }

    fn enter_matter(&mut self, event: &MatterEvent, case: &Case) {
        match event {
            MatterEvent::MatterSubmitted { matter, items, .. } => {
                let office = case.matter(matter).expect("a submitted matter stays").office.clone();
                for item in items {
                    let before = self.places.insert(item.clone(), Place::Office(office.clone()));
                    assert!(matches!(before, Some(Place::Person(_))), "{before:?}");
                }
            }
            MatterEvent::MatterFinished { matter, moves, .. } => {
                let office = case.matter(matter).expect("a finished matter stays").office.clone();
                for (item, to) in moves {
                    let before = self.places.insert(item.clone(), to.clone());
                    assert_eq!(before, Some(Place::Office(office.clone())), "an office gives only what it has");
                    assert!(matches!(to, Place::Person(_) | Place::Kept { .. }), "{to:?}");
                }
            }
            _ => {}
        }
    }

    fn enter_delivery(&mut self, case: &Case, event: &DeliveryEvent) {
        match event {
            DeliveryEvent::ResultHandedOver { items, document, .. }
            | DeliveryEvent::MaterialsReturned { items, document, .. } => {
                let paper = &self.papers[document];
                assert!(paper.signature(Side::Client).is_some(), "nothing goes back without the client's signature");
                for item in items {
                    assert!(paper.about.items.contains(item), "the paper does not name {item}");
                    self.places.insert(item.clone(), Place::Client);
                }
            }
            DeliveryEvent::ResultSent { items, shipment, .. } => {
                if let (Some(carrier), Some(number)) = (shipment.carrier.clone(), shipment.number.clone()) {
                    let parcel = Place::Courier { carrier, number };
                    items.iter().for_each(|item| drop(self.places.insert(item.clone(), parcel.clone())));
                }
            }
            DeliveryEvent::ReceiptConfirmed { .. } => {
                let parcels = self.places.values_mut().filter(|place| matches!(place, Place::Courier { .. }));
                parcels.for_each(|place| *place = Place::Client);
            }
            DeliveryEvent::ParcelReported { state: ParcelState::Returned, .. } => {
                let agent = case.agent.clone().expect("a parcel is sent by the agent");
                let parcels = self.places.values_mut().filter(|place| matches!(place, Place::Courier { .. }));
                parcels.for_each(|place| *place = Place::Person(agent.clone()));
            }
            DeliveryEvent::ParcelReported { .. } | DeliveryEvent::DeliveryDue {} => {}
        }
    }

    /// What was offered stays as it was, whatever happens later.
    fn compare_papers(&self, play: &Play) {
        let now: BTreeMap<DocumentId, Document> =
            play.case.documents.iter().map(|document| (document.id.clone(), document.clone())).collect();
        assert_eq!(now, self.papers);
    }
}
