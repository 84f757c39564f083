//! Making the papers that a case is due: typed input, PDF, both stored by their hash before anything points to them.

use crate::AppError;
use crate::app::App;
use crate::papers::{PaperContext, form_for, plain, verification_code};
use crate::reference::Reference;
use crate::secrets::new_id;
use chrono::{DateTime, Utc};
use documents::{DocumentsError, Form, Rendered, Renderer, SignatureSheet};
use domain::case::{Case, DocumentDue, DocumentKind, DocumentMade, record};
use domain::chain::Envelope;
use domain::ids::{CaseId, FileId, Username};
use files::MediaType;
use std::collections::BTreeMap;
use store::{FileRecord, PartyRecord};

/// How papers look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Papers {
    /// As they are to be signed and kept.
    #[default]
    Full,
    /// One page with kind and number: setting ten thousand cases' papers would take hours.
    Plain,
}

/// The making of a case's papers within one command.
pub(crate) struct Making<'a> {
    pub(crate) app: &'a App,
    pub(crate) reference: &'a Reference,
    pub(crate) party: &'a PartyRecord,
    pub(crate) address: Option<&'a str>,
    pub(crate) head: &'a str,
    pub(crate) now: DateTime<Utc>,
}

impl Making<'_> {
    /// Makes every paper that is due and offers it. A paper is rendered once, here; from then on it is its bytes.
    pub(crate) async fn papers(
        &mut self,
        case: &mut Case,
        envelopes: &mut Vec<Envelope>,
    ) -> Result<Vec<FileRecord>, AppError> {
        let mut files = Vec::new();
        while let Some(due) = case.document_due() {
            let (made, file) = self.make(case, &due).await?;
            files.push(file);
            let event = due.offered(made, self.now);
            envelopes.extend(record(case, [event], &Username::from("bangban"), None, self.now));
        }
        Ok(files)
    }

    async fn make(&self, case: &Case, due: &DocumentDue) -> Result<(DocumentMade, FileRecord), AppError> {
        let app = self.app;
        let code = verification_code(app.inner.keys.code_key(), &case.id, &due.id, &due.number);
        let pictures = self.pictures(case, due).await?;
        let party = app.party_full(self.party)?;
        let context = PaperContext {
            directory: &self.reference.directory,
            catalogue: &self.reference.catalogue,
            party: &party,
            calendar: &self.reference.calendar,
            policy: &self.reference.policy,
            today: domain::calendar::today(self.now),
            code: code.clone(),
            check_url: format!("{}/check/{code}", app.inner.public_url),
            record_head: Some(self.head.to_owned()),
            pictures: &pictures,
            address: self.address,
        };
        let form = form_for(case, due, &context).map_err(|error| AppError::internal("paper", &error))?;
        let (form, rendered) = match app.inner.papers {
            Papers::Full => app.render(form, self.now).await?,
            Papers::Plain => {
                let page = plain(&form);
                (form, page)
            }
        };
        let input = serde_json::to_vec(&form)?;
        let input = app.inner.files.put_made(&input, MediaType::Text).await?;
        let pdf = app.inner.files.put_made(&rendered.pdf, MediaType::Pdf).await?;
        let file = FileRecord {
            // A document's row is named by its verification code: that is what a reader of the paper looks it up by.
            id: FileId(code.clone()),
            hash: pdf.hash.clone(),
            media_type: MediaType::Pdf.as_str().to_owned(),
            size: i64::try_from(pdf.size).unwrap_or(i64::MAX),
            name: format!("{} {}.pdf", due.kind.name(), due.number),
            owner: Username::from("bangban"),
            case: Some(case.id.clone()),
            at: self.now,
        };
        let seal = Some(app.sign_hash(&pdf.hash)?);
        Ok((DocumentMade { hash: pdf.hash, input: input.hash, code, pages: rendered.pages, seal }, file))
    }

    /// The pictures of the signatures that a signature sheet shows.
    async fn pictures(&self, case: &Case, due: &DocumentDue) -> Result<BTreeMap<String, Vec<u8>>, AppError> {
        let mut pictures = BTreeMap::new();
        if due.kind != DocumentKind::SignatureSheet {
            return Ok(pictures);
        }
        let document = due.about.document.as_ref().and_then(|id| case.document(id));
        for signature in document.map(|document| document.signatures.as_slice()).unwrap_or_default() {
            if signature.file.media_type.starts_with("image/") {
                let bytes = self.app.inner.files.get(&signature.file.hash).await?;
                pictures.insert(signature.file.hash.clone(), bytes);
            }
        }
        Ok(pictures)
    }
}

impl App {
    /// Renders a form on a thread of its own; no more at once than there are cores. A picture that cannot be read is left out
    /// of a signature sheet: its file stays in the case, and the form that is answered says what was printed.
    pub(crate) async fn render(&self, form: Form, at: DateTime<Utc>) -> Result<(Form, Rendered), AppError> {
        let _place = self.inner.rendering.acquire().await.map_err(|error| AppError::internal("rendering", &error))?;
        let renderer = self.inner.renderer.clone();
        tokio::task::spawn_blocking(move || render_readable(&renderer, form, at))
            .await
            .map_err(|error| AppError::internal("rendering", &error))?
            .map_err(|error| AppError::internal("rendering", &error))
    }

    /// Seals what is in no volume of the case's file yet into a package and stores it (S6.5); packages from before stay.
    pub(crate) async fn seal(&self, case: &Case, reference: &Reference) -> Result<FileRecord, AppError> {
        let party = self.party_full(&self.party_record(&case.applicant).await?)?;
        let events = self.inner.store.events(&case.id, 0).await?;
        let packed = events
            .into_iter()
            .map(|event| files::package::PackedEvent {
                seq: u64::try_from(event.seq).unwrap_or(0),
                body: event.body,
                prev_hash: event.prev_hash,
                hash: event.hash,
            })
            .collect();
        let first = self.inner.store.file(&archive_file(&case.id, 1)).await?.map(|row| row.hash);
        let volume = case.volumes + 1;
        let input =
            crate::archive::package_input(case, packed, &party, reference, &self.inner.files, self.now(), first)
                .map_err(|error| AppError::internal("archive", &error))?;
        // Two may seal at once: each has a file of its own, in the folder that is cleared of what a crash leaves behind.
        let path = self.inner.data_dir.join("files/unfinished").join(format!("sealing-{}.zip", new_id()));
        let (target, key) = (path.clone(), self.inner.keys.seal().clone());
        let sealed = tokio::task::spawn_blocking(move || {
            let mut file = std::io::BufWriter::new(std::fs::File::create(&target)?);
            let sealed = files::package::write_package(&input, &key, &mut file).map_err(std::io::Error::other)?;
            std::io::Write::flush(&mut file)?;
            Ok::<_, std::io::Error>(sealed)
        })
        .await
        .map_err(|error| AppError::internal("archive", &error))?
        .map_err(|error| AppError::internal("archive", &error))?;
        let stored = self.inner.files.put_file(&path, MediaType::Zip).await;
        let _ = std::fs::remove_file(&path);
        let stored = stored?;
        let row = FileRecord {
            id: archive_file(&case.id, volume),
            hash: stored.hash,
            media_type: MediaType::Zip.as_str().to_owned(),
            size: i64::try_from(sealed.size).unwrap_or(i64::MAX),
            name: volume_name(&case.number, volume),
            owner: Username::from("bangban"),
            case: Some(case.id.clone()),
            at: self.now(),
        };
        Ok(row)
    }
}

fn render_readable(renderer: &Renderer, mut form: Form, at: DateTime<Utc>) -> Result<(Form, Rendered), DocumentsError> {
    match renderer.render(&form, at) {
        Ok(rendered) => return Ok((form, rendered)),
        Err(error) => match &mut form {
            Form::SignatureSheet(sheet) if sheet.signatures.iter().any(|entry| entry.picture.is_some()) => {
                leave_out_unreadable(renderer, sheet, at);
            }
            _ => return Err(error),
        },
    }
    renderer.render(&form, at).map(|rendered| (form, rendered))
}

/// Leaves out each picture with which alone the sheet cannot be set.
fn leave_out_unreadable(renderer: &Renderer, sheet: &mut SignatureSheet, at: DateTime<Utc>) {
    for index in 0..sheet.signatures.len() {
        let mut alone = sheet.clone();
        for (other, entry) in alone.signatures.iter_mut().enumerate() {
            if other != index {
                entry.picture = None;
            }
        }
        if renderer.render(&Form::SignatureSheet(alone), at).is_err() {
            sheet.signatures[index].picture = None;
        }
    }
}

/// The row of the package of a volume, from 1.
pub(crate) fn archive_file(case: &CaseId, volume: u32) -> FileId {
    FileId(if volume <= 1 { format!("archive-{case}") } else { format!("archive-{case}-{volume}") })
}

/// What the package of a volume is called.
fn volume_name(number: &str, volume: u32) -> String {
    if volume <= 1 { format!("{number}.zip") } else { format!("{number}-{volume}.zip") }
}
