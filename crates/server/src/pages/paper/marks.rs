//! Signatures under a paper: who signed, when, with the picture; or who has not yet.

use super::form::Form;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::pages::words;
use app::{App, OpenCase, User};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::case::{Document, DocumentKind, IdentityProof, Side, Signature};

/// The place of one signature.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// `交出人（委托方）签字：`
    pub(super) label: String,
    pub(super) name: String,
    pub(super) at: String,
    /// How it was made sure who signed; empty where nobody wrote it down.
    pub(super) how: String,
    /// The picture as a data address; none for a scan in PDF or while it is not signed.
    pub(super) picture: Option<String>,
    pub(super) signed: bool,
    /// The pad is here.
    pub(super) pad: bool,
}

fn label(kind: DocumentKind, side: Side) -> &'static str {
    match (kind, side) {
        (DocumentKind::HandoverList, Side::Client) => "交出人（委托方）签字：",
        (DocumentKind::HandoverList, Side::Agent) => "接收人（代办员）：",
        (DocumentKind::ReturnList, Side::Client) => "接收人（委托方）签字：",
        (DocumentKind::DeliveryNotice, Side::Client) => "委托人签字：",
        (_, Side::Client) => "委托方签字：",
        (_, Side::Agent) => "代办方签字：",
        (_, Side::Giver) => "移交人（原代办员）签字：",
        (_, Side::Taker) => "接收人（现代办员）签字：",
    }
}

/// Who signs for a side, by name.
pub(super) fn signer(open: &OpenCase, document: &Document, side: Side) -> String {
    let takeover = document.about.takeover.as_ref();
    let person = match side {
        Side::Client => return open.party.contact_name.clone(),
        Side::Agent => open.case.agent.as_ref(),
        Side::Giver => takeover.map(|(from, _)| from),
        Side::Taker => takeover.map(|(_, to)| to),
    };
    person.map(|person| open.reference.directory.person_name(person).to_owned()).unwrap_or_default()
}

/// How it was made sure who signed, in words.
fn how(l: Lang, open: &OpenCase, signature: &Signature) -> String {
    let Some(signer) = &signature.signer else { return String::new() };
    let key = match signer.proof {
        IdentityProof::Account => "account",
        IdentityProof::IdCard => "id_card",
        IdentityProof::Licence => "licence",
        IdentityProof::Letter => "letter",
        IdentityProof::LinkAndCode => "link_and_code",
    };
    let by = open.reference.directory.person_name(&signature.by);
    l.tr(&format!("paper.known_by.{key}"), &[("by", by)])
}

/// Every signature of a paper, with the pad at `pad`, as `user` may see it.
pub(super) async fn marks(
    (app, user, l): (&App, &User, Lang),
    open: &OpenCase,
    document: &Document,
    pad: Option<Side>,
) -> Result<Vec<Mark>, Fault> {
    let mut marks = Vec::new();
    for side in document.kind.sides() {
        let signature = document.signature(*side);
        let at = match signature {
            Some(signature) => words::paper_moment(signature.at),
            None if pad == Some(*side) => words::paper_day(domain::calendar::today(open.now)),
            None => String::new(),
        };
        let picture = match signature {
            Some(signature) => picture(app, user, open, signature).await?,
            None => None,
        };
        let written = signature.and_then(|signature| signature.signer.as_ref()).and_then(|signer| signer.name.clone());
        marks.push(Mark {
            label: label(document.kind, *side).to_owned(),
            name: written.unwrap_or_else(|| signer(open, document, *side)),
            at,
            how: signature.map(|signature| how(l, open, signature)).unwrap_or_default(),
            picture,
            signed: signature.is_some(),
            pad: signature.is_none() && pad == Some(*side),
        });
    }
    // Whoever is about to sign writes last, at the right.
    marks.sort_by_key(|mark| mark.pad);
    Ok(marks)
}

/// A signature's picture as an address that a page can show. Its type was found in its bytes when it was taken in.
async fn picture(app: &App, user: &User, open: &OpenCase, signature: &Signature) -> Result<Option<String>, Fault> {
    let kind = signature.file.media_type.as_str();
    if !matches!(kind, "image/png" | "image/jpeg") {
        return Ok(None);
    }
    let content = app.case_file(user, &open.case.id, &signature.file.id).await?;
    Ok(Some(format!("data:{kind};base64,{}", STANDARD.encode(content.bytes))))
}

/// What stands below a paper: how to hold it against the file, and against the bureau's record.
#[derive(Clone, Debug, Default)]
pub(super) struct Proof {
    pub(super) code: String,
    pub(super) check: String,
    pub(super) hash: String,
    pub(super) pages: u32,
}

impl Proof {
    pub(super) fn of(document: &Document, form: &Form) -> Self {
        // The printed address may belong to another name of this site, so the page links to itself.
        let _printed = form.check_url();
        Self {
            code: document.code.clone(),
            check: format!("/check/{}", document.code),
            hash: document.hash.clone(),
            pages: document.pages,
        }
    }
}
