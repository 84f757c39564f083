//! What the sealed package of a case holds (S6.5): metadata, list of contents, papers, signatures, pieces, results.
//!
//! The contents are named by their place in the store and read from there only when the package is written, so that memory
//! stays bounded. The same case and events always give the same input.

use crate::papers::{PartyFull, document_title, matter_name, outcome_words, retention};
use crate::reference::Reference;
use chrono::{DateTime, Utc};
use domain::calendar::today;
use domain::case::{Case, DeliveryEvent, Document, DocumentKind, Event, ResultItem, Side, Signature, SignatureMethod};
use domain::catalogue::{Catalogue, Mode};
use domain::chain::Envelope;
use domain::custody::{FileRef, Item, PieceForm, Place};
use domain::people::Directory;
use files::package::{CatalogueRow, Content, PackageInput, PackedDocument, PackedEvent};
use files::{Files, FilesError};
use serde::Serialize;

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
    Json(#[from] serde_json::Error),
}

/// Everything that goes into the package of a case.
///
/// # Errors
/// If a hash that the case names is none.
pub(crate) fn package_input(
    case: &Case,
    events: Vec<PackedEvent>,
    party: &PartyFull,
    reference: &Reference,
    files: &Files,
) -> Result<PackageInput, ArchiveError> {
    let content = contents(case, &events, &reference.catalogue, &reference.directory, files)?;
    let metadata = Metadata::of(case, &events, party, &reference.catalogue, &reference.directory, &content);
    Ok(PackageInput {
        case_id: case.id.to_string(),
        number: case.number.clone(),
        meta_json: serde_json::to_vec(&metadata)?,
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

/// The metadata of the package, in this order of fields.
#[derive(Serialize)]
struct Metadata<'a> {
    number: &'a str,
    title: String,
    mode: Mode,
    applicant: Applicant<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    matters: Vec<MatterLine<'a>>,
    lead_office: Option<OfficeLine<'a>>,
    agent: Option<PersonLine<'a>>,
    bureau: &'a str,
    dates: Dates,
    retention: &'static str,
    contents: Counts,
}

#[derive(Serialize)]
struct Applicant<'a> {
    name: &'a str,
    uscc: Option<&'a str>,
}

#[derive(Serialize)]
struct MatterLine<'a> {
    code: &'a str,
    name: &'a str,
    office: OfficeLine<'a>,
    outcome: &'static str,
}

#[derive(Serialize)]
struct OfficeLine<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct PersonLine<'a> {
    username: &'a str,
    name: &'a str,
}

/// Days in the hall, `YYYY-MM-DD`.
#[derive(Serialize)]
struct Dates {
    applied_on: String,
    handover_signed_on: Option<String>,
    agreement_signed_on: Option<String>,
    started_on: Option<String>,
    ended_on: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    events: usize,
    items: usize,
    documents: usize,
    pages: u64,
}

impl<'a> Metadata<'a> {
    fn of(
        case: &'a Case,
        events: &[PackedEvent],
        party: &'a PartyFull,
        catalogue: &'a Catalogue,
        directory: &'a Directory,
        contents: &Contents,
    ) -> Self {
        let office =
            |code| OfficeLine { code: domain::ids::OfficeCode::as_str(code), name: directory.office_name(code) };
        let project = case.project.as_ref().map(|project| project.name.as_str());
        let service = match case.mode {
            Mode::Agency => "代办案卷",
            Mode::Assistance => "帮办案卷",
        };
        let matter = |matter: &'a domain::case::CaseMatter| MatterLine {
            code: matter.scope.code.as_str(),
            name: matter_name(catalogue, &matter.scope.code),
            office: office(&matter.office),
            outcome: if matter.outcome.is_none() && matter.accepted_at_window.is_some() {
                "窗口已受理"
            } else {
                outcome_words(catalogue, &matter.scope.code, matter.outcome)
            },
        };
        Self {
            number: &case.number,
            title: format!("{} {}{service}", party.name, project.map(|name| format!("{name} ")).unwrap_or_default()),
            mode: case.mode,
            applicant: Applicant { name: &party.name, uscc: party.uscc.as_deref() },
            project,
            matters: case.matters.iter().map(matter).collect(),
            lead_office: case.lead_office.as_ref().map(office),
            agent: case
                .agent
                .as_ref()
                .map(|agent| PersonLine { username: agent.as_str(), name: directory.person_name(agent) }),
            bureau: &directory.bureau,
            dates: Dates::of(case),
            retention: retention(case.mode),
            contents: Counts {
                events: events.len(),
                items: contents.rows.len(),
                documents: contents.documents.len(),
                pages: contents.rows.iter().filter_map(|row| row.pages).map(u64::from).sum(),
            },
        }
    }
}

impl Dates {
    fn of(case: &Case) -> Self {
        let day = |at: DateTime<Utc>| today(at).to_string();
        Self {
            applied_on: day(case.created_at),
            handover_signed_on: case.handover_signed_at.map(day),
            agreement_signed_on: case.agreement_signed_at.map(day),
            started_on: case.started_at.map(day),
            ended_on: case.ended.map(|(at, _)| day(at)),
        }
    }
}
