//! From a filled form to the bytes of its PDF.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Timelike, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::json;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::clean::{Seen, clean};
use crate::fonts::Fonts;
use crate::forms::Form;
use crate::wording::{Wording, WordingError};
use crate::world::PaperWorld;

/// After so many further papers, what Typst remembered of a paper is forgotten; keeps memory level.
const REMEMBERED_RENDERS: usize = 5;

/// Why a paper could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The folder of the fonts, or a file in it, cannot be read.
    #[error("the fonts in {} cannot be read ({source}); run `make fonts`", dir.display())]
    FontFolder {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A font without which names could not be printed is not there.
    #[error("{} lacks these fonts: {families}; run `make fonts`", dir.display())]
    FontsMissing {
        /// The folder.
        dir: PathBuf,
        /// The families that are not there.
        families: String,
    },
    /// A picture on the paper is neither PNG nor JPEG.
    #[error("picture {0} of the paper is neither PNG nor JPEG")]
    Picture(usize),
    /// An address on the paper, such as that of the page that checks it, does not fit a QR code.
    #[error("an address does not fit a QR code: {0}")]
    CheckUrl(String),
    /// The wording is for another form.
    #[error(transparent)]
    Wording(#[from] WordingError),
    /// The paper cannot be set: a fault in a template or a broken picture.
    #[error("the paper cannot be typeset: {0}")]
    Typeset(String),
}

/// A finished paper.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The bytes of the PDF (PDF/A-2a).
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
    /// Characters no font has; each stands on the paper as 〓. Empty for all but the oddest input.
    pub replaced: Vec<char>,
}

/// Makes papers. Holds the fonts (about 75 MB of files), read once; a clone shares them.
#[derive(Clone)]
pub struct Renderer {
    inner: Arc<Inner>,
}

struct Inner {
    library: LazyHash<Library>,
    fonts: Fonts,
}

impl Renderer {
    /// Reads the fonts of a folder.
    ///
    /// # Errors
    /// If the folder cannot be read, or a font is missing without which names could not be printed.
    pub fn new(font_dir: &Path) -> Result<Self, DocumentsError> {
        let fonts = Fonts::read(font_dir)?;
        let library = LazyHash::new(<Library as LibraryExt>::default());
        Ok(Self { inner: Arc::new(Inner { library, fonts }) })
    }

    /// Makes the PDF. The same form at the same `made_at` gives the same bytes.
    ///
    /// It is work for the processor, some milliseconds long: call it where blocking is allowed.
    ///
    /// # Errors
    /// If a picture is broken or the check address is too long for a QR code.
    pub fn render(&self, doc: &Form, made_at: DateTime<Utc>) -> Result<Rendered, DocumentsError> {
        self.render_worded(doc, &Wording::default_of(doc.kind()), made_at)
    }

    /// Makes the PDF with a wording of the office's own.
    ///
    /// # Errors
    /// As [`Self::render`]; also if the wording is for another form.
    pub fn render_worded(
        &self,
        doc: &Form,
        wording: &Wording,
        made_at: DateTime<Utc>,
    ) -> Result<Rendered, DocumentsError> {
        wording.is_for(doc.kind())?;
        let result = self.inner.render(doc, wording, made_at);
        comemo::evict(REMEMBERED_RENDERS);
        result
    }
}

impl Inner {
    fn render(&self, doc: &Form, wording: &Wording, made_at: DateTime<Utc>) -> Result<Rendered, DocumentsError> {
        let mut seen = Seen::default();
        let files = self.files(doc, wording, &mut seen)?;
        let world = PaperWorld::new(&self.library, &self.fonts, doc.kind().template(), files)?;
        let compiled = typst::compile::<PagedDocument>(&world);
        for warning in &compiled.warnings {
            tracing::warn!(title = doc.title(), message = %warning.message, "typst");
        }
        let paper = compiled.output.map_err(|errors| typeset(&errors))?;
        let pdf = typst_pdf::pdf(&paper, &options(doc, made_at)?).map_err(|errors| typeset(&errors))?;
        let pages = u32::try_from(paper.pages().len()).unwrap_or(u32::MAX);
        Ok(Rendered { pdf, pages, replaced: seen.replaced.into_iter().collect() })
    }

    /// Everything the template reads: the data, the QR codes, the pictures.
    fn files(&self, doc: &Form, wording: &Wording, seen: &mut Seen) -> Result<Vec<(String, Vec<u8>)>, DocumentsError> {
        let mut data = json!({"title": doc.title(), "head": doc.head(), "form": doc.view()});
        clean(&mut data, &self.fonts, seen);
        data["wording"] = wording.view(&self.fonts, seen);
        let printed: String = seen.printed.iter().collect();
        data["fonts"] = self.fonts.view(&printed);
        let mut files = vec![
            ("/data.json".to_owned(), data.to_string().into_bytes()),
            ("/qr.svg".to_owned(), qr(&doc.head().check_url)?.into_bytes()),
        ];
        for (index, picture) in doc.pictures().into_iter().enumerate() {
            if !picture.is_known() {
                return Err(DocumentsError::Picture(index));
            }
            files.push((format!("/pictures/{index}"), picture.0.clone()));
        }
        for (index, code) in doc.codes().into_iter().enumerate() {
            files.push((format!("/codes/{index}.svg"), qr(code)?.into_bytes()));
        }
        Ok(files)
    }
}

fn qr(url: &str) -> Result<String, DocumentsError> {
    let code = QrCode::new(url).map_err(|error| DocumentsError::CheckUrl(error.to_string()))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(false).build())
}

fn options(doc: &Form, made_at: DateTime<Utc>) -> Result<PdfOptions, DocumentsError> {
    let head = doc.head();
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| DocumentsError::Typeset(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{} {} {} {}", doc.title(), head.number, head.version, head.code)),
        creator: Smart::Custom(Some("Bangban".to_owned())),
        timestamp: timestamp(made_at),
        standards,
        ..PdfOptions::default()
    })
}

fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let part = |value: u32| u8::try_from(value).ok();
    Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .map(Timestamp::new_utc)
}

fn typeset(errors: &[SourceDiagnostic]) -> DocumentsError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    DocumentsError::Typeset(messages.join("; "))
}
