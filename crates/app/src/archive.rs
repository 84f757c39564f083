//! What the sealed package of a case holds (S6.5): metadata, list of contents, papers, signatures, pieces, results.
//!
//! The contents are named by their place in the store and read from there only when the package is written, so that memory
//! stays bounded. The same case and events always give the same input.

use crate::papers::{PartyFull, document_title, matter_name};
use crate::reference::Reference;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::calendar::today;
use domain::case::{
    Case, DeliveryEvent, Document, DocumentKind, EndingEvent, Event, LateDocument, ResultItem, Side, Signature,
    SignatureMethod,
};
use domain::catalogue::Catalogue;
use domain::chain::Envelope;
use domain::custody::{FileRef, Item, PieceForm, Place};
use domain::people::Directory;
use files::package::{CatalogueRow, Content, PackageInput, PackedDocument, PackedEvent, Sealing, metadata_xml};
use files::{Files, FilesError};
use metadata::{LaterVolume, Metadata, ROOT};
use std::borrow::Cow;

mod metadata;
#[cfg(test)]
mod tests;

/// Why a package cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A hash in the case is none.
    #[error("the place of a file is not known: {0}")]
    File(#[from] FilesError),
    /// The metadata cannot be written.
    #[error("the metadata cannot be written: {0}")]
    Metadata(String),
}

/// Everything that goes into the package of a case's next volume, sealed at `at`. The first holds the whole file; a further
/// one holds what came in after the sealing before, with the whole chain again, and names the first by its hash (`first`).
///
/// # Errors
/// If a hash that the case names is none.
pub(crate) fn package_input(
    case: &Case,
    events: Vec<PackedEvent>,
    party: &PartyFull,
    reference: &Reference,
    files: &Files,
    at: DateTime<Utc>,
    first: Option<String>,
) -> Result<PackageInput, ArchiveError> {
    let volume = case.volumes + 1;
    let content = match sealed_last(&events) {
        Some(until) => later_contents(case, &events[..until], files)?,
        None => contents(case, &events, &reference.catalogue, &reference.directory, files)?,
    };
    let mut metadata = Metadata::of(case, &events, party, reference, &content);
    metadata.later = first.map(|first| LaterVolume { volume, first });
    let metadata = metadata_xml(ROOT, &metadata).map_err(|error| ArchiveError::Metadata(error.to_string()))?;
    let sealing =
        Sealing { hall: reference.directory.bureau.clone(), at: at.to_rfc3339_opts(SecondsFormat::Secs, true), volume };
    Ok(PackageInput {
        case_id: case.id.to_string(),
        number: case.number.clone(),
        metadata,
        sealing,
        events,
        documents: content.documents,
        catalogue: content.rows,
    })
}

/// Documents and the list of them.
#[derive(Default)]
struct Contents {
    documents: Vec<PackedDocument>,
    rows: Vec<CatalogueRow>,
}

/// One thing on the list of contents.
struct Entry<'a> {
    /// What it is, in a word of the program.
    kind: &'a str,
    title: String,
    /// The end of its name in the package, before the extension.
    name: String,
    file: Option<(&'a str, &'a str)>,
    at: Option<DateTime<Utc>>,
    pages: Option<u32>,
    remark: Option<String>,
}

impl Contents {
    fn add(&mut self, entry: Entry<'_>, files: &Files) -> Result<(), FilesError> {
        let item = u32::try_from(self.rows.len() + 1).unwrap_or(u32::MAX);
        let document = match entry.file {
            Some((hash, media_type)) => {
                let name = format!("{item:03}-{}-{}.{}", entry.kind, safe(&entry.name), extension(media_type));
                self.documents.push(PackedDocument {
                    name: name.clone(),
                    kind: entry.kind.to_owned(),
                    hash: hash.to_owned(),
                    content: Content::Path(files.path(hash)?),
                });
                Some(name)
            }
            None => None,
        };
        self.rows.push(CatalogueRow {
            item,
            title: entry.title,
            kind: entry.kind.to_owned(),
            document,
            date: entry.at.map(|at| today(at).to_string()),
            pages: entry.pages,
            remark: entry.remark,
        });
        Ok(())
    }
}

/// A name that any system takes: letters, digits and hyphens; the document numbers have Chinese letters among them.
fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(60).collect()
}

/// The usual extension of a media type.
fn extension(media_type: &str) -> String {
    let known: Option<files::MediaType> = serde_json::from_value(media_type.into()).ok();
    known.map_or("bin", files::MediaType::extension).to_owned()
}

fn file_of(file: &FileRef) -> (&str, &str) {
    (&file.hash, &file.media_type)
}

/// Papers with their signatures, then pieces handed in, then results, then the proof of receipt.
fn contents(
    case: &Case,
    events: &[PackedEvent],
    catalogue: &Catalogue,
    directory: &Directory,
    files: &Files,
) -> Result<Contents, FilesError> {
    let mut contents = Contents::default();
    for document in &case.documents {
        contents.add(paper(document), files)?;
        for signature in &document.signatures {
            contents.add(signature_entry(document, signature), files)?;
        }
    }
    for item in &case.items {
        contents.add(piece(case, item, directory), files)?;
    }
    for result in &case.results {
        contents.add(result_entry(case, result, catalogue), files)?;
    }
    for (seq, at, proof) in receipts(events) {
        let entry = Entry {
            kind: "receipt",
            title: "签收凭证".to_owned(),
            name: format!("E{seq}"),
            file: Some(file_of(&proof)),
            at: Some(at),
            pages: None,
            remark: None,
        };
        contents.add(entry, files)?;
    }
    Ok(contents)
}

/// How many events there were when a volume was last sealed.
fn sealed_last(events: &[PackedEvent]) -> Option<usize> {
    let is_sealing = |event: &PackedEvent| {
        let envelope: Option<Envelope> = serde_json::from_slice(&event.body).ok();
        envelope.is_some_and(|envelope| matches!(envelope.event, Event::Ending(EndingEvent::CaseArchived { .. })))
    };
    events.iter().rposition(is_sealing)
}

/// What is in no volume yet: late documents, and papers and signatures that no event before the last sealing names.
fn later_contents(case: &Case, sealed: &[PackedEvent], files: &Files) -> Result<Contents, FilesError> {
    let bodies: Vec<Cow<'_, str>> = sealed.iter().map(|event| String::from_utf8_lossy(&event.body)).collect();
    let is_new = |hash: &str| !bodies.iter().any(|body| body.contains(hash));
    let mut contents = Contents::default();
    for document in &case.documents {
        if is_new(&document.hash) {
            contents.add(paper(document), files)?;
        }
        for signature in document.signatures.iter().filter(|signature| is_new(&signature.file.hash)) {
            contents.add(signature_entry(document, signature), files)?;
        }
    }
    let waiting = case.late_documents.iter().zip(1..).filter(|(late, _)| late.volume.is_none());
    for (late, number) in waiting {
        contents.add(late_entry(late, number), files)?;
    }
    Ok(contents)
}

fn late_entry(late: &LateDocument, number: u32) -> Entry<'_> {
    Entry {
        kind: "late-document",
        title: late.title.clone(),
        name: format!("L{number}"),
        file: Some(file_of(&late.file)),
        at: Some(late.at),
        pages: None,
        remark: Some(late.reason.clone()),
    }
}

fn paper(document: &Document) -> Entry<'_> {
    let sides = [(Side::Client, "委托方"), (Side::Agent, "代办方")];
    let signed: Vec<&str> =
        sides.into_iter().filter(|(side, _)| document.signature(*side).is_some()).map(|(_, name)| name).collect();
    let is_signed_at_all = !matches!(
        document.kind,
        DocumentKind::OneTimeNotice | DocumentKind::SignatureSheet | DocumentKind::TransferList
    );
    let remark = match (is_signed_at_all, signed.is_empty()) {
        (false, _) => None,
        (true, true) => Some("未签署".to_owned()),
        (true, false) => Some(format!("{}已签署", signed.join("、"))),
    };
    Entry {
        kind: document.kind.name(),
        title: format!("{}（{}）", document_title(document.kind), document.number),
        name: document.number.clone(),
        file: Some((&document.hash, "application/pdf")),
        at: Some(document.at),
        pages: Some(document.pages),
        remark,
    }
}

fn signature_entry<'a>(document: &Document, signature: &'a Signature) -> Entry<'a> {
    let (side, side_name) = match signature.side {
        Side::Client => ("委托方", "client"),
        Side::Agent => ("代办方", "agent"),
        Side::Giver => ("移交人", "giver"),
        Side::Taker => ("接收人", "taker"),
    };
    let what = match signature.method {
        SignatureMethod::Drawn => "签字图像",
        SignatureMethod::Scan => "签字扫描件",
    };
    Entry {
        kind: "signature",
        title: format!("{}（{}）{side}{what}", document_title(document.kind), document.number),
        name: format!("{}-{side_name}", document.id),
        file: Some(file_of(&signature.file)),
        at: Some(signature.at),
        pages: None,
        remark: None,
    }
}

fn piece<'a>(case: &'a Case, item: &'a Item, directory: &Directory) -> Entry<'a> {
    let name = case.material(&item.material).map_or(item.material.as_str(), |material| material.spec.name.as_str());
    Entry {
        kind: "material",
        title: format!("{name}（{}）", form_name(item.form)),
        name: item.id.to_string(),
        file: item.file.as_ref().map(file_of),
        at: Some(item.received_at),
        pages: Some(item.pages.saturating_mul(item.copies)),
        remark: whereabouts(item, directory),
    }
}

/// Where a paper piece has gone. An electronic one lies in the package itself.
fn whereabouts(item: &Item, directory: &Directory) -> Option<String> {
    if item.form == PieceForm::Electronic {
        return None;
    }
    Some(match &item.place {
        Place::Client if item.handed_over.is_some() => "已退还委托方".to_owned(),
        Place::Client => "未交接，仍由委托方保管".to_owned(),
        Place::Kept { office, reason } => format!("由{}留存：{reason}", directory.office_name(office)),
        Place::Person(person) => format!("由{}保管", directory.person_name(person)),
        Place::Office(office) => format!("由{}保管", directory.office_name(office)),
        Place::Window(window) => format!("在{window}"),
        Place::Courier { carrier, number } => format!("{carrier}寄递中，邮件号 {number}"),
    })
}

fn result_entry<'a>(case: &Case, result: &'a ResultItem, catalogue: &Catalogue) -> Entry<'a> {
    let matter = matter_name(catalogue, &result.matter);
    Entry {
        kind: "result",
        title: format!("{}（{}）", result.name, form_name(result.form)),
        name: result.id.to_string(),
        file: result.file.as_ref().map(file_of),
        at: case.matter(&result.matter).and_then(|matter| matter.finished_at),
        pages: None,
        remark: Some(match result.delivered_at {
            Some(at) => format!("{matter}；{}送达委托方", today(at)),
            None => format!("{matter}；未送达"),
        }),
    }
}

fn form_name(form: PieceForm) -> &'static str {
    crate::papers::form_of(form).label()
}

/// Proofs of receipt stand in the events alone.
fn receipts(events: &[PackedEvent]) -> Vec<(u64, DateTime<Utc>, FileRef)> {
    let proof = |event: &PackedEvent| {
        let envelope: Envelope = serde_json::from_slice(&event.body).ok()?;
        match envelope.event {
            Event::Delivery(DeliveryEvent::ReceiptConfirmed { at, file: Some(file), .. }) => {
                Some((event.seq, at, file))
            }
            _ => None,
        }
    };
    events.iter().filter_map(proof).collect()
}
