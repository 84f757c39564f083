//! Signing as people do it: a picture from the pad or a scan, who signs, how that was made sure, and the command that it is.

mod ink;
mod link;

pub use link::{LinkPaper, LinkSigned, LinkSigning, LinkStage, MadeLink};

use crate::accounts::User;
use crate::app::App;
use crate::cases::Performed;
use crate::once::Once;
use crate::reading::OpenCase;
use crate::{AppError, FieldError};
use domain::case::{
    AgreementCommand, Code, Command, CommandKind, DeliveryCommand, Document, DocumentKind, IdentityProof, Refusal,
    Side, SignatureInput, SignatureMethod, SignerInput,
};
use domain::custody::FileRef;
use domain::identity::is_printable;
use domain::ids::{CaseId, DocumentId, FileId, ItemId, ResultId};
use std::collections::BTreeMap;

/// How long a signer's name may be.
const LONGEST_NAME: usize = 40;

/// What somebody hands over who signs.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The document that was shown.
    pub document: DocumentId,
    /// Its hash.
    pub hash: String,
    /// For which side.
    pub side: Side,
    /// What was written.
    pub ink: Ink,
    /// Who signs, where that is not plain from the account.
    pub signer: Option<SignerForm>,
    /// Results that are handed over with it.
    pub results: Vec<ResultId>,
    /// Pieces that are handed over with it.
    pub items: Vec<ItemId>,
    /// Who collects; empty: who signs.
    pub collector: String,
}

/// What was written, and how it came here.
#[derive(Clone, Debug)]
pub enum Ink {
    /// On the pad.
    Drawn {
        /// The picture as PNG.
        picture: Vec<u8>,
        /// The strokes as JSON; empty where the pad sent none.
        strokes: String,
    },
    /// On paper.
    Scan {
        /// The file's name.
        name: String,
        /// The file.
        bytes: Vec<u8>,
    },
}

/// Who signs before the eyes of staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerForm {
    /// The name.
    pub name: String,
    /// How the identity was checked; none: nothing was chosen.
    pub proof: Option<IdentityProof>,
    /// The letter of a delegate: its name and bytes.
    pub letter: Option<(String, Vec<u8>)>,
}

impl SignerForm {
    /// How staff can make sure who somebody is that stands before it.
    pub const SEEN: [IdentityProof; 3] = [IdentityProof::IdCard, IdentityProof::Licence, IdentityProof::Letter];
}

/// The command that a signature under a kind of paper is.
#[must_use]
pub fn signing_command(kind: DocumentKind) -> Option<CommandKind> {
    match kind {
        DocumentKind::HandoverList => Some(CommandKind::SignHandover),
        DocumentKind::Agreement => Some(CommandKind::SignAgreement),
        DocumentKind::DeliveryNotice => Some(CommandKind::HandOverResult),
        DocumentKind::ReturnList => Some(CommandKind::ReturnMaterials),
        DocumentKind::TakeoverList => Some(CommandKind::SignTakeover),
        kind if kind.is_signed_alone() => Some(CommandKind::SignPaper),
        _ => None,
    }
}

impl OpenCase {
    /// Whether this paper can be signed now for a side: what the rules say of the command, and whether this side's signature is
    /// there or another paper has taken this one's place.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn may_sign(&self, document: &Document, side: Side) -> Result<(), Refusal> {
        let kind = signing_command(document.kind).ok_or(Code::NothingToSign)?;
        if document.signature(side).is_some() {
            return Err(Code::AlreadySigned.into());
        }
        if self.case.newest(document.kind).is_some_and(|newest| newest.id != document.id) {
            return Err(Refusal::new(Code::DocumentSuperseded).with("document", document.number.as_str()));
        }
        let refusal = self.actions().into_iter().find(|action| action.kind == kind).and_then(|action| action.refusal);
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if document.kind.sides().contains(&side) { Ok(()) } else { Err(Code::NotYourSignature.into()) }
    }

    /// Whether a signature for a side would be given before the eyes of staff, which then says who signs and how it knows.
    #[must_use]
    pub fn is_witnessed(&self, side: Side) -> bool {
        side == Side::Client && !self.is_own_enterprise()
    }
}

impl App {
    /// Signs a document: looks at what was typed, stores picture, strokes and letter, gives the command.
    ///
    /// # Errors
    /// Fields that are not right (`/signer`, `/proof`, `/letter`, `/file`), what is wrong with a file, else as [`App::perform`].
    pub async fn sign(
        &self,
        user: &User,
        id: &CaseId,
        signing: Signing,
        version: Option<u64>,
        once: Option<Once>,
    ) -> Result<Performed, AppError> {
        let open = self.open_case(user, id).await?;
        let kind = open.case.document(&signing.document).and_then(|document| signing_command(document.kind));
        let kind = kind.ok_or(Code::NothingToSign)?;
        let form = signing.signer.clone().filter(|_| open.is_witnessed(signing.side));
        if open.is_witnessed(signing.side) {
            check_signer(&open, kind, form.as_ref())?;
        }
        let (file, method, strokes) = self.take_ink(user, &signing.ink).await?;
        let letter = match form.as_ref().and_then(|form| form.letter.as_ref()) {
            Some((name, bytes)) => Some(self.upload(user, name, bytes.clone()).await?.id),
            None => None,
        };
        let signer = match form {
            Some(SignerForm { name, proof: Some(proof), .. }) => {
                let name = Some(name.trim().to_owned());
                Some(SignerInput { name, proof, strokes, letter })
            }
            _ => strokes.is_some().then_some(SignerInput {
                name: None,
                proof: IdentityProof::Account,
                strokes,
                letter: None,
            }),
        };
        let command = command(kind, signing, file, method, signer);
        self.perform(user, id, command, version, once).await
    }

    async fn take_ink(&self, user: &User, ink: &Ink) -> Result<(FileId, SignatureMethod, Option<FileId>), AppError> {
        match ink {
            Ink::Scan { name, bytes } => {
                Ok((self.upload(user, name, bytes.clone()).await?.id, SignatureMethod::Scan, None))
            }
            Ink::Drawn { picture, strokes } => {
                ink::check_picture(picture).map_err(wrong_ink)?;
                let strokes = match strokes.as_str() {
                    "" => None,
                    text => {
                        ink::check_strokes(text.as_bytes()).map_err(wrong_ink)?;
                        Some(self.upload(user, "strokes.txt", text.as_bytes().to_vec()).await?.id)
                    }
                };
                let file = self.upload(user, "signature.png", picture.clone()).await?.id;
                Ok((file, SignatureMethod::Drawn, strokes))
            }
        }
    }

    /// Looks into the files of a drawn signature: their names and kinds alone prove nothing.
    pub(crate) async fn check_ink(&self, command: &Command, files: &BTreeMap<FileId, FileRef>) -> Result<(), AppError> {
        let Some(input) = signature_of(command).filter(|input| input.method == SignatureMethod::Drawn) else {
            return Ok(());
        };
        if let Some(file) = files.get(&input.file).filter(|file| file.media_type.starts_with("image/")) {
            let bytes = self.inner.files.get(&file.hash).await?;
            let checked = tokio::task::spawn_blocking(move || ink::check_picture(&bytes)).await;
            checked.map_err(|error| AppError::internal("picture", &error))?.map_err(wrong_ink)?;
        }
        if let Some(file) = input.signer.and_then(|signer| signer.strokes).and_then(|strokes| files.get(&strokes)) {
            ink::check_strokes(&self.inner.files.get(&file.hash).await?).map_err(wrong_ink)?;
        }
        Ok(())
    }
}

/// The signature that a command gives, whatever else it does.
pub(crate) fn signature_of(command: &Command) -> Option<SignatureInput> {
    let (side, method, document, hash, file, signer) = match command {
        Command::Agreement(command) => return command.signature(),
        Command::Delivery(
            DeliveryCommand::HandOverResult { side, method, document, hash, file, signer, .. }
            | DeliveryCommand::ReturnMaterials { side, method, document, hash, file, signer, .. },
        ) => (side, method, document, hash, file, signer),
        _ => return None,
    };
    Some(SignatureInput {
        side: *side,
        method: *method,
        document: document.clone(),
        hash: hash.clone(),
        file: file.clone(),
        signer: signer.clone(),
    })
}

fn wrong_ink(code: &'static str) -> AppError {
    FieldError::new("/file", code).into()
}

/// A name that can stand on a paper.
fn check_name(name: &str) -> Option<FieldError> {
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(is_printable);
    (!is_name).then(|| FieldError::new("/signer", "signer_name"))
}

/// Whoever lets a client sign before its eyes says who that is and how it knows; a delegate who collects brings a letter.
fn check_signer(open: &OpenCase, kind: CommandKind, form: Option<&SignerForm>) -> Result<(), AppError> {
    let nobody = SignerForm::default();
    let form = form.unwrap_or(&nobody);
    let mut errors: Vec<FieldError> = check_name(&form.name).into_iter().collect();
    let name = form.name.trim();
    let is_known =
        name == open.party.contact_name.trim() || open.party.founder_name.as_deref().map(str::trim) == Some(name);
    let collects = matches!(kind, CommandKind::HandOverResult | CommandKind::ReturnMaterials);
    match form.proof.filter(|proof| SignerForm::SEEN.contains(proof)) {
        None => errors.push(FieldError::new("/proof", "signer_proof")),
        Some(IdentityProof::IdCard) if collects && !is_known && errors.is_empty() => {
            errors.push(FieldError::new("/proof", "collector_letter").with("name", name));
        }
        Some(IdentityProof::Letter) if form.letter.is_none() => {
            errors.push(FieldError::new("/letter", "signer_letter"));
        }
        Some(_) => {}
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

fn command(
    kind: CommandKind,
    signing: Signing,
    file: FileId,
    method: SignatureMethod,
    signer: Option<SignerInput>,
) -> Command {
    let Signing { document, hash, side, results, items, collector, .. } = signing;
    match kind {
        CommandKind::SignAgreement => {
            AgreementCommand::SignAgreement { side, method, document, hash, file, signer }.into()
        }
        CommandKind::SignTakeover => {
            AgreementCommand::SignTakeover { side, method, document, hash, file, signer }.into()
        }
        CommandKind::SignPaper => AgreementCommand::SignPaper { side, method, document, hash, file, signer }.into(),
        CommandKind::HandOverResult => {
            let signed_by = signer.as_ref().and_then(|signer| signer.name.clone());
            let collector = Some(collector).filter(|name| !name.trim().is_empty()).or(signed_by).unwrap_or_default();
            DeliveryCommand::HandOverResult { results, items, collector, side, method, document, hash, file, signer }
                .into()
        }
        CommandKind::ReturnMaterials => {
            DeliveryCommand::ReturnMaterials { items, side, method, document, hash, file, signer }.into()
        }
        _ => AgreementCommand::SignHandover { side, method, document, hash, file, signer }.into(),
    }
}
