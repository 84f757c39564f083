//! Signing on the client's own device, without an account: a link for one document and a code that is told by voice.
//!
//! The link's secret stands only in its address, the code only on the screen of whoever made it; the store has hashes. The
//! signature is given in the name of whoever made the link, whose right to it is asked for again at that moment.

use super::{SignerForm, Signing, check_name, command, signing_command};
use crate::accounts::User;
use crate::app::App;
use crate::once::Once;
use crate::reading::OpenCase;
use crate::secrets::{new_secret, random_bytes, secret_hash};
use crate::uploads::FileContent;
use crate::{Answer, AppError, FieldError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use documents::Form;
use domain::access::Action;
use domain::case::{Case, Code, Document, IdentityProof, Refusal, Side, SignerInput};
use domain::ids::{CaseId, DocumentId};
use std::sync::Arc;
use store::SignLinkRecord;

/// How long a link can be signed by, in minutes.
const MINUTES: i64 = 30;
/// How many wrong codes end a link.
const MOST_TRIES: i32 = 5;
/// How long what was signed can be fetched by its link, in hours.
const KEPT_HOURS: i64 = 24;

/// A link as it is given out, once.
#[derive(Clone, Debug)]
pub struct MadeLink {
    /// The address.
    pub url: String,
    /// The code, to be told by voice.
    pub code: String,
    /// Until when it can be signed by.
    pub expires_at: DateTime<Utc>,
}

/// How far a link has come.
#[derive(Clone, Debug)]
pub enum LinkStage {
    /// This device has not given the code.
    Code,
    /// It may sign.
    Sign(Box<LinkPaper>),
    /// It was signed by this link.
    Signed(Box<LinkSigned>),
}

/// What a link shows to be signed: one document, as whoever made the link sees it.
#[derive(Clone, Debug)]
pub struct LinkPaper {
    /// In whose name it is signed.
    pub by: User,
    /// The case, of which nothing but the document is to be shown.
    pub open: OpenCase,
    /// The document.
    pub document: Document,
    /// Its typed input.
    pub form: Form,
    /// Why it cannot be signed now.
    pub refusal: Option<Refusal>,
}

/// What was signed by a link.
#[derive(Clone, Debug)]
pub struct LinkSigned {
    /// The document.
    pub document: Document,
    /// Whether its signature sheet is there: everybody has signed.
    pub has_sheet: bool,
    /// Until when it can be fetched.
    pub until: DateTime<Utc>,
}

/// What is signed by a link.
#[derive(Clone, Debug)]
pub struct LinkSigning {
    /// The hash of the document that was shown.
    pub hash: String,
    /// The version of the case at that moment.
    pub version: Option<u64>,
    /// Who signs.
    pub name: String,
    /// What was written.
    pub ink: super::Ink,
}

impl App {
    /// Makes a link for the client's signature under a document. An earlier one for the same document holds no longer.
    ///
    /// # Errors
    /// Not found, forbidden, or why the document cannot be signed now.
    pub async fn make_sign_link(&self, user: &User, id: &CaseId, document: &DocumentId) -> Result<MadeLink, AppError> {
        let open = self.open_case(user, id).await?;
        let document = open.case.document(document).cloned().ok_or(AppError::NotFound)?;
        let kind = signing_command(document.kind).ok_or(Code::NothingToSign)?;
        self.granted(user, &open.case, Action::Command(kind))?;
        if open.is_own_enterprise() {
            return Err(AppError::Forbidden);
        }
        open.may_sign(&document, Side::Client)?;
        let token = URL_SAFE_NO_PAD.encode(random_bytes::<16>());
        let code = format!("{:06}", u64::from_be_bytes(random_bytes::<8>()) % 1_000_000);
        let now = self.now();
        let record = SignLinkRecord {
            hash: secret_hash(&token),
            case: id.clone(),
            document: document.id,
            document_hash: document.hash,
            made_by: user.actor.username.clone(),
            made_at: now,
            expires_at: now + TimeDelta::minutes(MINUTES),
            code_hash: code_hash(&token, &code),
            tries: 0,
            opened_hash: None,
            signed_at: None,
        };
        let expires_at = record.expires_at;
        self.inner.store.write(move |tx| Box::pin(async move { tx.insert_sign_link(&record).await })).await?;
        Ok(MadeLink { url: format!("{}/sign/{token}", self.inner.public_url), code, expires_at })
    }

    /// How far a link has come, for the device that has the secret `opened`.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is not there, has expired, or whose maker may not sign here any more.
    pub async fn sign_link(&self, token: &str, opened: &str) -> Result<LinkStage, AppError> {
        let link = self.known_link(token).await?;
        if !is_opened(&link, opened) {
            return if link.tries < MOST_TRIES { Ok(LinkStage::Code) } else { Err(AppError::NotFound) };
        }
        match link.signed_at {
            Some(_) => Ok(LinkStage::Signed(Box::new(self.signed_by(&link).await?))),
            None => Ok(LinkStage::Sign(Box::new(self.paper_of(&link).await?))),
        }
    }

    /// Opens a link with its code and answers the secret for this device; another device that had it open has it no more.
    ///
    /// # Errors
    /// `/code` if it is wrong; [`AppError::NotFound`] as [`App::sign_link`], and after too many wrong codes.
    pub async fn open_sign_link(&self, token: &str, code: &str) -> Result<String, AppError> {
        let link = self.known_link(token).await?;
        let hash = link.hash.clone();
        let taken = self
            .inner
            .store
            .write(move |tx| Box::pin(async move { tx.take_sign_try(&hash, MOST_TRIES).await }))
            .await?;
        if !taken {
            return Err(AppError::NotFound);
        }
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        if code_hash(token, &digits) != link.code_hash {
            let left = MOST_TRIES - link.tries - 1;
            return match left {
                1.. => Err(FieldError::new("/code", "link_code").with("left", left.to_string()).into()),
                _ => Err(AppError::NotFound),
            };
        }
        let (hash, secret) = (link.hash, new_secret());
        let opened = secret_hash(&secret);
        self.inner.store.write(move |tx| Box::pin(async move { tx.open_sign_link(&hash, &opened).await })).await?;
        Ok(secret)
    }

    /// Signs by a link, once. Sent again, it changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] for a device that has not given the code; fields that are not right; not found; why the
    /// document cannot be signed any more.
    pub async fn sign_by_link(&self, token: &str, opened: &str, signing: LinkSigning) -> Result<(), AppError> {
        let link = self.known_link(token).await?;
        if !is_opened(&link, opened) {
            return Err(AppError::NotLoggedIn);
        }
        if link.signed_at.is_some() {
            return Ok(());
        }
        let LinkPaper { by, open, document, refusal, .. } = self.paper_of(&link).await?;
        let once = once_of(&link);
        let is_done = self.is_answered(Some(&once)).await?;
        if let Some(refusal) = refusal.filter(|_| !is_done) {
            return Err(refusal.into());
        }
        if let Some(error) = check_name(&signing.name) {
            return Err(error.into());
        }
        if !is_done {
            let (file, method, strokes) = self.take_ink(&by, &signing.ink).await?;
            let name = Some(signing.name.trim().to_owned());
            let signer = SignerInput { name, proof: IdentityProof::LinkAndCode, strokes, letter: None };
            let whole = Signing {
                document: document.id.clone(),
                hash: signing.hash,
                side: Side::Client,
                ink: signing.ink,
                signer: Some(SignerForm::default()),
                results: document.about.results.clone(),
                items: document.about.items.clone(),
                collector: signing.name.trim().to_owned(),
            };
            let kind = signing_command(document.kind).ok_or(Code::NothingToSign)?;
            let command = command(kind, whole, file, method, Some(signer));
            let work = self.carry_out(&by, &open.case.id, command, signing.version, Some(once.clone()));
            self.once(Some(&once), work).await?;
        }
        let (hash, now) = (link.hash, self.now());
        let until = now + TimeDelta::hours(KEPT_HOURS);
        self.inner.store.write(move |tx| Box::pin(async move { tx.finish_sign_link(&hash, now, until).await })).await?;
        Ok(())
    }

    /// The document of a link as a file; once signed, also its signature sheet.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a device that has not given the code.
    pub async fn sign_link_pdf(&self, token: &str, opened: &str, sheet: bool) -> Result<FileContent, AppError> {
        let link = self.known_link(token).await?;
        if !is_opened(&link, opened) {
            return Err(AppError::NotFound);
        }
        let document = match link.signed_at {
            None => self.paper_of(&link).await?.document,
            Some(_) => {
                let (_, case) = self.load(&link.case).await?;
                case.document(&link.document).cloned().ok_or(AppError::NotFound)?
            }
        };
        let paper = match sheet {
            false => document,
            true if link.signed_at.is_none() => return Err(AppError::NotFound),
            true => {
                let (_, case) = self.load(&link.case).await?;
                sheet_of(&case, &document.id).cloned().ok_or(AppError::NotFound)?
            }
        };
        let bytes = self.inner.files.get(&paper.hash).await?;
        Ok(FileContent { name: format!("{}.pdf", paper.number), media_type: "application/pdf".to_owned(), bytes })
    }

    /// Forgets the links that have expired and answers how many those were.
    ///
    /// # Errors
    /// What the store says.
    pub async fn forget_old_sign_links(&self) -> Result<u64, AppError> {
        let now = self.now();
        Ok(self.inner.store.write(move |tx| Box::pin(async move { tx.prune_sign_links(now).await })).await?)
    }

    async fn known_link(&self, token: &str) -> Result<SignLinkRecord, AppError> {
        self.inner.store.sign_link(&secret_hash(token), self.now()).await?.ok_or(AppError::NotFound)
    }

    async fn paper_of(&self, link: &SignLinkRecord) -> Result<LinkPaper, AppError> {
        let by = self.user(&link.made_by, None).ok_or(AppError::NotFound)?;
        let open = self.open_case(&by, &link.case).await?;
        let document = open.case.document(&link.document).cloned().ok_or(AppError::NotFound)?;
        let kind = signing_command(document.kind).ok_or(AppError::NotFound)?;
        // Somebody else may be the agent by now: to the holder of the link that is a link which holds no longer.
        self.granted(&by, &open.case, Action::Command(kind)).map_err(|_| AppError::NotFound)?;
        let form = serde_json::from_slice(&self.inner.files.get(&document.input).await?)?;
        let is_same = document.hash == link.document_hash;
        let refusal = match open.may_sign(&document, Side::Client) {
            Err(refusal) => Some(refusal),
            Ok(()) if is_same => None,
            Ok(()) => Some(Refusal::new(Code::HashMismatch).with("document", document.number.as_str())),
        };
        Ok(LinkPaper { by, open, document, form, refusal })
    }

    async fn signed_by(&self, link: &SignLinkRecord) -> Result<LinkSigned, AppError> {
        let (_, case) = self.load(&link.case).await?;
        let document = case.document(&link.document).cloned().ok_or(AppError::NotFound)?;
        Ok(LinkSigned { has_sheet: sheet_of(&case, &document.id).is_some(), document, until: link.expires_at })
    }
}

/// The signature sheet of a document.
fn sheet_of<'a>(case: &'a Case, document: &DocumentId) -> Option<&'a Document> {
    case.documents.iter().find(|sheet| sheet.about.document.as_ref() == Some(document))
}

fn code_hash(token: &str, code: &str) -> String {
    secret_hash(&format!("{token} {code}"))
}

fn is_opened(link: &SignLinkRecord, opened: &str) -> bool {
    link.opened_hash.as_deref() == Some(secret_hash(opened).as_str())
}

/// A link signs once, whatever happens between the command and the note of it.
fn once_of(link: &SignLinkRecord) -> Once {
    Once {
        key: format!("sign-link:{}", link.hash),
        who: link.made_by.to_string(),
        body_hash: link.hash.clone(),
        answer: Arc::new(|_| Answer { status: 200, headers: Vec::new(), body: Vec::new() }),
    }
}
