//! Files that come in, files and documents that go out.

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::once::{Once, Outcome};
use crate::secrets::{new_id, sha256};
use chrono::{DateTime, Utc};
use documents::Form;
use domain::access::{Action, On, may};
use domain::case::{Case, Document, DocumentKind, Seal, Side};
use domain::identity::is_printable;
use domain::ids::{CaseId, DocumentId, FileId};
use files::Limits;
use store::FileRecord;

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Its id.
    pub id: FileId,
    /// SHA-256.
    pub hash: String,
    /// The media type found in its bytes.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

/// A file's content. It is always handed out as a download, never as a page of our own.
#[derive(Clone, Debug)]
pub struct FileContent {
    /// The name to save it under.
    pub name: String,
    /// The media type.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a verification code tells anybody who holds the paper: nothing private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCheck {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of the file.
    pub hash: String,
    /// Pages.
    pub pages: u32,
    /// The bureau that made it.
    pub bureau: String,
    /// Whether a newer one of its kind has taken its place.
    pub superseded: bool,
    /// Who has to sign it, and when each side did.
    pub sides: Vec<(Side, Option<DateTime<Utc>>)>,
    /// The hall's own signature.
    pub seal: Option<Seal>,
}

impl CodeCheck {
    /// Whether a file is this document, byte for byte. It is looked at and not kept.
    #[must_use]
    pub fn is_same(&self, file: &[u8]) -> bool {
        sha256(file) == self.hash
    }
}

impl App {
    /// Takes a file in: typed by its content, bounded, stored by its hash.
    ///
    /// # Errors
    /// Forbidden, or what is wrong with the file.
    pub async fn upload(&self, user: &User, name: &str, bytes: Vec<u8>) -> Result<Uploaded, AppError> {
        self.upload_once(user, name, bytes, None).await
    }

    /// Takes a file in as [`App::upload`] does and keeps the answer with its row. The bytes are stored before: after a crash
    /// there may be bytes without a row, never a row without its bytes.
    ///
    /// # Errors
    /// As [`App::upload`].
    pub async fn upload_once(
        &self,
        user: &User,
        name: &str,
        bytes: Vec<u8>,
        once: Option<Once>,
    ) -> Result<Uploaded, AppError> {
        may(&user.actor, Action::Upload, On::Hall)?;
        let stored = self.inner.files.put(&bytes, name, &Limits::default()).await?;
        let row = FileRecord {
            id: FileId(new_id()),
            hash: stored.hash,
            media_type: stored.media_type.as_str().to_owned(),
            size: i64::try_from(stored.size).unwrap_or(i64::MAX),
            name: safe_name(name),
            owner: user.actor.username.clone(),
            case: None,
            at: self.now(),
        };
        let uploaded = Uploaded {
            id: row.id.clone(),
            hash: row.hash.clone(),
            media_type: row.media_type.clone(),
            size: stored.size,
        };
        let answer = once.map(|once| once.answered(&Outcome::Uploaded(uploaded.clone()), self.now()));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_file(&row).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(uploaded)
    }

    /// A file of a case.
    ///
    /// # Errors
    /// Not found, also for a file of another case.
    pub async fn case_file(&self, user: &User, id: &CaseId, file: &FileId) -> Result<FileContent, AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeCase)?;
        let row = self.inner.store.file(file).await?.filter(|row| row.case.as_ref() == Some(id));
        let row = row.ok_or(AppError::NotFound)?;
        let bytes = self.inner.files.get(&row.hash).await?;
        Ok(FileContent { name: row.name, media_type: row.media_type, bytes })
    }

    async fn seen_document(&self, user: &User, id: &CaseId, document: &DocumentId) -> Result<Document, AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeCase)?;
        case.document(document).cloned().ok_or(AppError::NotFound)
    }

    /// A document's file, as it was offered.
    ///
    /// # Errors
    /// Not found.
    pub async fn document_pdf(&self, user: &User, id: &CaseId, document: &DocumentId) -> Result<Vec<u8>, AppError> {
        let document = self.seen_document(user, id, document).await?;
        Ok(self.inner.files.get(&document.hash).await?)
    }

    /// The typed input that a document was made from, for the paper on the screen.
    ///
    /// # Errors
    /// Not found.
    pub async fn document_form(&self, user: &User, id: &CaseId, document: &DocumentId) -> Result<Form, AppError> {
        let document = self.seen_document(user, id, document).await?;
        Ok(serde_json::from_slice(&self.inner.files.get(&document.input).await?)?)
    }

    /// What a verification code says, for anybody.
    ///
    /// # Errors
    /// What the store says.
    pub async fn check_code(&self, code: &str) -> Result<Option<CodeCheck>, AppError> {
        let code = normal_code(code);
        let Some(row) = self.inner.store.file(&FileId(code.clone())).await? else {
            return Ok(None);
        };
        let Some(case) = row.case else { return Ok(None) };
        let (_, case): (_, Case) = self.load(&case).await?;
        let Some(document) = case.documents.iter().find(|document| document.code == code) else {
            return Ok(None);
        };
        let is_newest = case.newest(document.kind).is_some_and(|newest| newest.id == document.id);
        let replaceable = matches!(document.kind, DocumentKind::Agreement | DocumentKind::DeliveryNotice);
        Ok(Some(CodeCheck {
            kind: document.kind,
            number: document.number.clone(),
            made_at: document.at,
            hash: document.hash.clone(),
            pages: document.pages,
            bureau: self.reference().directory.bureau.clone(),
            superseded: replaceable && !is_newest && document.signatures.is_empty(),
            sides: document.kind.sides().iter().map(|side| (*side, document.signature(*side).map(|s| s.at))).collect(),
            seal: document.seal.clone(),
        }))
    }
}

/// A code as it is printed, from however somebody types it.
fn normal_code(typed: &str) -> String {
    let letters: Vec<char> =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A name that can be shown and saved under: no path, no control characters, not endless.
fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !c.is_control() && is_printable(*c)).take(120).collect();
    if clean.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { clean }
}
