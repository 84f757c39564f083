//! What a signing form brings.

use crate::fault::Fault;
use app::{Ink, SignerForm, Signing};
use axum::extract::Multipart;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::case::{IdentityProof, Side};
use domain::ids::{DocumentId, ItemId, ResultId};

/// The fields and files of a signing form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    fields: Vec<(String, String)>,
    /// The scan: its name and bytes.
    scan: Option<(String, Vec<u8>)>,
    /// The letter of a delegate: its name and bytes.
    letter: Option<(String, Vec<u8>)>,
}

impl Typed {
    pub(super) async fn read(mut form: Multipart) -> Result<Self, Fault> {
        let mut typed = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| Fault::bad_request("unreadable"))? {
            let name = field.name().unwrap_or_default().to_owned();
            if matches!(name.as_str(), "scan" | "letter") {
                let file = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| Fault::bad_request("unreadable"))?;
                let taken = Some((file, bytes.to_vec())).filter(|(_, bytes)| !bytes.is_empty());
                if name == "scan" { typed.scan = taken } else { typed.letter = taken }
            } else {
                let value = field.text().await.map_err(|_| Fault::bad_request("unreadable"))?;
                typed.fields.push((name, value));
            }
        }
        Ok(typed)
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Results and pieces that are ticked off.
    pub(super) fn ticked(&self) -> Vec<String> {
        self.all("results").chain(self.all("items")).map(str::to_owned).collect()
    }

    /// What was drawn, as the pad writes it.
    pub(super) fn strokes(&self) -> &str {
        self.get("strokes")
    }

    pub(super) fn side(&self) -> Side {
        match self.get("side") {
            "agent" => Side::Agent,
            "giver" => Side::Giver,
            "taker" => Side::Taker,
            _ => Side::Client,
        }
    }

    fn signer(&self) -> SignerForm {
        let chosen: Option<IdentityProof> = serde_json::from_value(self.get("proof").into()).ok();
        let letter = self.letter.clone().filter(|_| chosen == Some(IdentityProof::Letter));
        SignerForm { name: self.get("signer").to_owned(), proof: chosen, letter }
    }

    /// The scan, if there is one, else what was drawn; none: nothing was written.
    pub(super) fn ink(&self) -> Option<Ink> {
        if let Some((name, bytes)) = &self.scan {
            return Some(Ink::Scan { name: name.clone(), bytes: bytes.clone() });
        }
        let image = self.get("image");
        // What is no picture at all is told as one that cannot be read.
        let base64 = image.strip_prefix("data:image/png;base64,").unwrap_or(image);
        let picture = STANDARD.decode(base64).unwrap_or_else(|_| base64.as_bytes().to_vec());
        (!picture.is_empty()).then(|| Ink::Drawn { picture, strokes: self.strokes().to_owned() })
    }

    /// The signature that the form gives under a document.
    pub(super) fn signing(&self, document: &DocumentId, ink: Ink) -> Signing {
        Signing {
            document: document.clone(),
            hash: self.get("hash").to_owned(),
            side: self.side(),
            ink,
            signer: Some(self.signer()),
            results: self.all("results").map(ResultId::from).collect(),
            items: self.all("items").map(ItemId::from).collect(),
            collector: self.get("collector").to_owned(),
        }
    }
}
