//! The signature sheet: who signed which paper, how and when.

use super::{Paper, PaperError, document_title};
use documents::{Picture, SignatureEntry, SignatureMethod, SignatureSheet};
use domain::case::{self, Document, IdentityProof, Side, Signature};

impl Paper<'_> {
    pub(super) fn signature_sheet(&self) -> Result<SignatureSheet, PaperError> {
        let id = self.due.about.document.as_ref();
        let document = id.and_then(|id| self.case.document(id));
        let document = document.ok_or_else(|| PaperError::Unknown(id.map_or_else(String::new, ToString::to_string)))?;
        let mut signatures: Vec<&Signature> = document.signatures.iter().collect();
        signatures.sort_by_key(|signature| signature.at);
        Ok(SignatureSheet {
            head: self.head(),
            document_title: document_title(document.kind).to_owned(),
            document_number: document.number.clone(),
            document_hash: document.hash.clone(),
            document_pages: document.pages,
            signatures: signatures.into_iter().map(|signature| self.entry(document, signature)).collect(),
        })
    }

    fn entry(&self, document: &Document, signature: &Signature) -> SignatureEntry {
        let by = self.context.directory.person_name(&signature.by);
        let (side, name) = match signature.side {
            Side::Client => {
                let named = signature.signer.as_ref().and_then(|signer| signer.name.as_deref());
                let name = named.or_else(|| self.client_signer()).unwrap_or_default();
                (format!("委托方（{}）", self.context.party.name), name)
            }
            Side::Agent => (format!("代办方（{}）", self.agent_office()), by),
            Side::Giver => ("移交人（原代办员）".to_owned(), by),
            Side::Taker => ("接收人（现代办员）".to_owned(), by),
        };
        SignatureEntry {
            side,
            name: name.to_owned(),
            method: match signature.method {
                case::SignatureMethod::Drawn => SignatureMethod::Screen,
                case::SignatureMethod::Scan => SignatureMethod::PaperScan,
            },
            signed_at: signature.at,
            identity: self.identity(document, signature),
            picture: self.picture(signature),
        }
    }

    /// How the signer's identity was checked.
    fn identity(&self, document: &Document, signature: &Signature) -> String {
        let directory = self.context.directory;
        if let Some(checked) = signature.signer.as_ref().and_then(|signer| self.checked(signature, signer.proof)) {
            return checked;
        }
        // Whoever belongs to an office of the hall is staff; an enterprise's account belongs to none.
        let by_staff = directory.person(&signature.by).is_some_and(|person| person.office.is_some());
        let how = match (signature.method, signature.side) {
            (case::SignatureMethod::Scan, _) => "纸质原件扫描",
            (case::SignatureMethod::Drawn, Side::Client) if by_staff => "代办员在场核对身份",
            (case::SignatureMethod::Drawn, _) => "本人账号登录",
        };
        let former = document.about.takeover.as_ref().map(|(from, _)| from).filter(|_| signature.side == Side::Giver);
        if let Some(former) = former.filter(|former| **former != signature.by) {
            return format!("{how}（牵头科室负责人，代原代办员{}移交）", directory.person_name(former));
        }
        let stood_in = signature.side == Side::Agent
            && self.case.stand_in.as_ref() == Some(&signature.by)
            && self.case.agent.as_ref() != Some(&signature.by);
        match &self.case.agent {
            Some(agent) if stood_in => format!("{how}（B角，在代办员{}缺席期间代行）", directory.person_name(agent)),
            _ => how.to_owned(),
        }
    }

    /// How staff made sure who signed, as it was written down; none for who signed in its own account.
    fn checked(&self, signature: &Signature, proof: IdentityProof) -> Option<String> {
        let by = self.context.directory.person_name(&signature.by);
        let how = match proof {
            IdentityProof::Account => return None,
            IdentityProof::LinkAndCode => {
                return Some(format!("凭{by}发出的签署链接和当面或电话告知的验证码，在本人设备上签署"));
            }
            IdentityProof::IdCard => "身份证件",
            IdentityProof::Licence => "营业执照和法定代表人身份证件",
            IdentityProof::Letter => "授权委托书和受托人身份证件",
        };
        Some(format!("{how}，由{by}核验"))
    }

    /// The written name; none for a scan that came as a PDF, which stays beside the paper in the file.
    fn picture(&self, signature: &Signature) -> Option<Picture> {
        let bytes = self.context.pictures.get(&signature.file.hash)?;
        Some(Picture(bytes.clone())).filter(Picture::is_known)
    }
}
