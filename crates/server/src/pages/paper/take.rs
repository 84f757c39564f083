//! Takes a signature: the picture from the pad or the scan of the paper, then the command that it is.

use super::sign::command_of;
use crate::auth::Signed;
use crate::fault::Fault;
use crate::page::{Flash, see};
use crate::pages::enterprise::once;
use app::{Answered, AppError, Uploaded};
use axum::extract::{Multipart, Path};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::case::{AgreementCommand, Code, Command, CommandKind, DeliveryCommand, Side, SignatureMethod, SignerInput};
use domain::ids::{CaseId, DocumentId, ItemId, ResultId};

/// What the signing form brings.
#[derive(Clone, Debug, Default)]
struct Typed {
    fields: Vec<(String, String)>,
    /// The scan: its name and bytes.
    scan: Option<(String, Vec<u8>)>,
}

impl Typed {
    async fn read(mut form: Multipart) -> Result<Self, Fault> {
        let mut typed = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| Fault::bad_request("unreadable"))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "scan" {
                let file = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| Fault::bad_request("unreadable"))?;
                if !bytes.is_empty() {
                    typed.scan = Some((file, bytes.to_vec()));
                }
            } else {
                let value = field.text().await.map_err(|_| Fault::bad_request("unreadable"))?;
                typed.fields.push((name, value));
            }
        }
        Ok(typed)
    }

    fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.trim()).collect()
    }

    fn side(&self) -> Side {
        match self.get("side") {
            "agent" => Side::Agent,
            "giver" => Side::Giver,
            "taker" => Side::Taker,
            _ => Side::Client,
        }
    }

    /// Who signs before the eyes of staff, and how that was made sure.
    fn signer(&self) -> Option<SignerInput> {
        let proof = serde_json::from_value(self.get("proof").into()).ok()?;
        let name = Some(self.get("signer").to_owned()).filter(|name| !name.is_empty());
        Some(SignerInput { name, proof, strokes: None, letter: None })
    }

    /// The picture of the pad, from its data address.
    fn drawn(&self) -> Option<Vec<u8>> {
        let base64 = self.get("image").strip_prefix("data:image/png;base64,")?;
        STANDARD.decode(base64).ok().filter(|bytes| !bytes.is_empty())
    }
}

pub(super) async fn sign(
    visit: Signed,
    Path((id, document)): Path<(String, String)>,
    form: Multipart,
) -> Result<Response, Fault> {
    let typed = Typed::read(form).await?;
    let id = CaseId(id);
    let app = &visit.state.app;
    let open = app.open_case(&visit.user, &id).await?;
    let document = open.case.document(&DocumentId(document)).cloned().ok_or_else(Fault::not_found)?;
    let again =
        format!("/cases/{id}/sign/{}{}", document.id, if typed.get("side") == "client" { "?side=client" } else { "" });
    let Some(kind) = command_of(document.kind) else {
        return visit.refused(&again, AppError::Refused(Code::NothingToSign.into()));
    };
    let to = if open.is_own_enterprise() { format!("/my/{id}") } else { format!("/cases/{id}") };
    let target = to.clone();
    let what = (typed.get("side"), typed.get("hash"), typed.get("version"), document.id.as_str());
    let form = once::Form::new(&visit, typed.get("once"), &what, move |_| target.clone());
    if let Some(answered) = form.first(&visit).await? {
        return Ok(answered);
    }
    let (uploaded, method) = match take_in(&visit, &typed).await {
        Ok(Some(taken)) => taken,
        Ok(None) => return Ok(see(&again, &Flash::bad(visit.l.t("paper.sign.nothing")))),
        Err(error) => return visit.refused(&again, error),
    };
    let command = command(kind, &typed, &document.id, uploaded, method);
    let version = typed.get("version").parse().ok();
    let once = form.once();
    match app.once(once.as_ref(), app.perform(&visit.user, &id, command, version, once.clone())).await {
        Ok(Answered::Before(first)) => Ok(once::led(first)),
        Ok(Answered::Now(_)) => Ok(see(&to, &Flash::good(visit.l.t("paper.sign.done")))),
        Err(error) => visit.refused(&again, error),
    }
}

/// Stores the scan, if there is one, else the picture of the pad.
async fn take_in(visit: &Signed, typed: &Typed) -> Result<Option<(Uploaded, SignatureMethod)>, AppError> {
    let app = &visit.state.app;
    if let Some((name, bytes)) = &typed.scan {
        let uploaded = app.upload(&visit.user, name, bytes.clone()).await?;
        return Ok(Some((uploaded, SignatureMethod::Scan)));
    }
    match typed.drawn() {
        Some(bytes) => {
            let uploaded = app.upload(&visit.user, "signature.png", bytes).await?;
            Ok(Some((uploaded, SignatureMethod::Drawn)))
        }
        None => Ok(None),
    }
}

fn command(
    kind: CommandKind,
    typed: &Typed,
    document: &DocumentId,
    taken: Uploaded,
    method: SignatureMethod,
) -> Command {
    let (side, document, hash, file) = (typed.side(), document.clone(), typed.get("hash").to_owned(), taken.id);
    let signer = typed.signer();
    let items = || typed.all("items").into_iter().map(ItemId::from).collect();
    let results = || typed.all("results").into_iter().map(ResultId::from).collect();
    match kind {
        CommandKind::SignAgreement => {
            AgreementCommand::SignAgreement { side, method, document, hash, file, signer }.into()
        }
        CommandKind::SignTakeover => {
            AgreementCommand::SignTakeover { side, method, document, hash, file, signer }.into()
        }
        CommandKind::HandOverResult => {
            let collector = typed.get("collector").to_owned();
            DeliveryCommand::HandOverResult {
                results: results(),
                items: items(),
                collector,
                side,
                method,
                document,
                hash,
                file,
                signer,
            }
            .into()
        }
        CommandKind::ReturnMaterials => {
            DeliveryCommand::ReturnMaterials { items: items(), side, method, document, hash, file, signer }.into()
        }
        CommandKind::SignPaper => AgreementCommand::SignPaper { side, method, document, hash, file, signer }.into(),
        _ => AgreementCommand::SignHandover { side, method, document, hash, file, signer }.into(),
    }
}
