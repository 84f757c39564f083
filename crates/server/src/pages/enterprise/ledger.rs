//! The same facts as the map, in words: every matter, every paper, every original, every fee.

use super::map::{MapFacts, matter_name};
use super::matter_state::{due_words, stands};
use domain::calendar::today;
use domain::case::{Case, Document, DocumentKind, Event, MaterialStatus, MatterStatus, RecordEvent, Side};
use domain::catalogue::MaterialSource;
use domain::chain::Envelope;
use domain::custody::{Item, PieceForm, Place};

/// A matter as a row of the text version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MatterRow {
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) phone: String,
    pub(crate) who: String,
    pub(crate) word: String,
    pub(crate) class: &'static str,
    pub(crate) date: String,
}

/// Every matter: finished first, then under way, then to come; each in list order.
pub(crate) fn matter_rows(facts: MapFacts<'_>) -> Vec<MatterRow> {
    let mut rows: Vec<(u8, MatterRow)> = facts
        .case
        .matters
        .iter()
        .map(|matter| {
            let state = stands(facts, matter);
            let office = facts.directory.office(&matter.office);
            let finished = matter.finished_at.map(|at| {
                facts.l.tr("enterprise.ledger.finished", &[("date", &facts.l.date_seen(today(at), today(facts.now)))])
            });
            let row = MatterRow {
                name: matter_name(facts, matter),
                office: facts.directory.office_name(&matter.office).to_owned(),
                phone: office.map(|office| office.phone.clone()).unwrap_or_default(),
                who: matter
                    .claimed_by
                    .as_ref()
                    .map(|who| facts.directory.person_name(who).to_owned())
                    .unwrap_or_default(),
                class: chip(state.class),
                date: finished.unwrap_or_else(|| due_words(facts, &state)),
                word: state.word,
            };
            let rank = match matter.status {
                MatterStatus::Submitted | MatterStatus::Stopped => 0,
                MatterStatus::Finished => 2,
                _ => 1,
            };
            (rank, row)
        })
        .collect();
    rows.sort_by_key(|(rank, _)| *rank);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The class of a state's word, from that of its shape.
fn chip(class: &'static str) -> &'static str {
    match class {
        "done" => "ok",
        "" | "key" => "idle",
        other => other,
    }
}

/// A paper in the list of papers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaperRow {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) sub: String,
    pub(crate) word: String,
    pub(crate) class: &'static str,
}

/// Papers to read and sign, newest first; what was replaced before anybody signed it is left out.
pub(crate) fn paper_rows(facts: MapFacts<'_>) -> Vec<PaperRow> {
    let case = facts.case;
    let is_shown = |document: &&Document| {
        let is_own = !matches!(
            document.kind,
            DocumentKind::SignatureSheet | DocumentKind::TransferList | DocumentKind::TakeoverList
        );
        let is_replaced = !document.kind.sides().is_empty()
            && document.signatures.is_empty()
            && case.newest(document.kind).is_some_and(|newest| newest.id != document.id);
        is_own && !is_replaced
    };
    case.documents.iter().rev().filter(is_shown).map(|document| paper_row(facts, document)).collect()
}

fn paper_row(facts: MapFacts<'_>, document: &Document) -> PaperRow {
    let l = facts.l;
    let title = l.t(&format!("paper.kind.{}", document.kind.name())).into_owned();
    let client = document.signature(Side::Client);
    let agent = document.signature(Side::Agent);
    let needs_agent = matches!(document.kind, DocumentKind::HandoverList | DocumentKind::Agreement);
    let (class, key) = match (document.kind, client, agent) {
        (DocumentKind::DeliveryNotice, None, _) if facts.case.delivered.is_some() => ("ok", "enterprise.papers.given"),
        (kind, ..) if kind.sides().is_empty() => ("now", "enterprise.papers.given"),
        (_, Some(_), None) if needs_agent => ("now", "enterprise.papers.waits_agent"),
        (_, Some(_), _) => ("ok", "enterprise.papers.signed"),
        (DocumentKind::DeliveryNotice | DocumentKind::ReturnList, None, _) => ("now", "enterprise.papers.to_read"),
        (_, None, _) => ("wait", "enterprise.papers.waits_you"),
    };
    PaperRow {
        href: format!("/cases/{}/papers/{}", facts.case.id, document.id),
        title,
        sub: paper_sub(facts, document),
        word: l.t(key).into_owned(),
        class,
    }
}

/// What a paper is about, in one line.
fn paper_sub(facts: MapFacts<'_>, document: &Document) -> String {
    let (case, l) = (facts.case, facts.l);
    if let Some(signature) = document.signature(Side::Client).filter(|_| document.kind != DocumentKind::OneTimeNotice) {
        return l.tr(
            "enterprise.papers.sub_signed",
            &[("date", &l.day(today(signature.at))), ("number", &document.number)],
        );
    }
    if let Some(number) = document.about.notice {
        let notice = case.notices.iter().find(|notice| notice.number == number);
        let params = notice.map(|n| (n.entries.len().to_string(), l.day(n.due))).unwrap_or_default();
        return l.tr("enterprise.papers.sub_notice", &[("count", &params.0), ("date", &params.1)]);
    }
    if document.kind.sides().is_empty() {
        let date = l.day(today(document.at));
        return l.tr("enterprise.papers.sub_decision", &[("date", &date), ("number", &document.number)]);
    }
    let count = document.about.items.len().max(document.about.results.len()).to_string();
    let date = l.time(document.at, facts.now);
    if document.kind == DocumentKind::DeliveryNotice {
        let count = document.about.results.len().to_string();
        return l.tr("enterprise.papers.sub_delivery", &[("count", &count), ("date", &date)]);
    }
    l.tr("enterprise.papers.sub_items", &[("count", &count), ("date", &date)])
}

/// A material of the client with what is known of it and where its pieces are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MaterialRow {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) word: String,
    pub(crate) class: &'static str,
}

/// Materials that the client provides: what is missing first.
pub(crate) fn material_rows(facts: MapFacts<'_>) -> Vec<MaterialRow> {
    let case = facts.case;
    let mut rows: Vec<(u8, MaterialRow)> = case
        .materials
        .iter()
        .filter(|material| material.spec.source == MaterialSource::Applicant)
        .filter(|material| {
            material.spec.needed_by.iter().any(|need| need.required)
                || case.items_for(&material.spec.id).next().is_some()
        })
        .map(|material| {
            let status = case.material_status(material);
            let (rank, class) = match status {
                MaterialStatus::Missing | MaterialStatus::Wrong => (0, "wait"),
                MaterialStatus::Unchecked => (1, "idle"),
                MaterialStatus::Received | MaterialStatus::Ok => (2, "now"),
                _ => (3, "ok"),
            };
            let places: Vec<String> = case.items_for(&material.spec.id).map(|item| piece_words(facts, item)).collect();
            let text = if places.is_empty() { material.spec.how_to_get.clone() } else { facts.l.list(&places) };
            let word = facts.l.t(&format!("enterprise.material.{}", status.name())).into_owned();
            (rank, MaterialRow { name: material.spec.name.clone(), text, word, class })
        })
        .collect();
    rows.sort_by_key(|(rank, _)| *rank);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// `原件 1 份，在乌云·其木格手上，用完退还`
fn piece_words(facts: MapFacts<'_>, item: &Item) -> String {
    let l = facts.l;
    let form = match item.form {
        PieceForm::Original => "public.form.original",
        PieceForm::Copy => "public.form.copy",
        PieceForm::Electronic => "public.form.electronic",
    };
    let mut place = place_words(facts, &item.place);
    if item.handed_over.is_some() {
        let day = l.day(domain::calendar::today(item.since));
        place = l.tr("enterprise.ledger.since", &[("place", &place), ("day", &day)]);
    }
    let key = if item.to_return && !item.place.is_final() {
        "enterprise.ledger.piece_back"
    } else {
        "enterprise.ledger.piece"
    };
    l.tr(key, &[("form", &*l.t(form)), ("copies", &item.copies.to_string()), ("place", &place)])
}

fn place_words(facts: MapFacts<'_>, place: &Place) -> String {
    let l = facts.l;
    match place {
        Place::Client => l.t("enterprise.ledger.with_you").into_owned(),
        Place::Person(person) => {
            l.tr("enterprise.ledger.with_person", &[("person", facts.directory.person_name(person))])
        }
        Place::Office(office) => {
            l.tr("enterprise.ledger.with_office", &[("office", facts.directory.office_name(office))])
        }
        Place::Window(window) => l.tr("enterprise.ledger.with_office", &[("office", window)]),
        Place::Courier { carrier, number } => {
            l.tr("enterprise.ledger.on_way", &[("carrier", carrier), ("number", number)])
        }
        Place::Kept { office, reason } => {
            l.tr("enterprise.ledger.kept", &[("office", facts.directory.office_name(office)), ("reason", reason)])
        }
    }
}

/// A statutory fee that was noted (S2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FeeRow {
    pub(crate) name: String,
    pub(crate) amount: String,
    pub(crate) text: String,
}

/// Every fee noted on the case, from its events.
pub(crate) fn fee_rows(facts: MapFacts<'_>, events: &[Envelope]) -> Vec<FeeRow> {
    let fee = |envelope: &Envelope| match &envelope.event {
        Event::Record(RecordEvent::FeeNoted { fee, legal_basis, payee, amount_fen, receipt, .. }) => Some(FeeRow {
            name: fee.clone(),
            amount: facts.l.money(*amount_fen),
            text: facts.l.tr("enterprise.fees.line", &[("payee", payee), ("basis", legal_basis), ("receipt", receipt)]),
        }),
        _ => None,
    };
    events.iter().filter_map(fee).collect()
}

/// How many originals are out of the client's hands.
pub(crate) fn originals_out(case: &Case) -> usize {
    case.outstanding_items().len()
}
