use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 签署页: the signatures under one paper, bound to it by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureSheet {
    /// What stands on every page.
    pub head: Head,
    /// Title of the signed paper.
    pub document_title: String,
    /// Number of the signed paper.
    pub document_number: String,
    /// SHA-256 of the signed paper's bytes, lower-case hex.
    pub document_hash: String,
    /// Pages of the signed paper.
    pub document_pages: u32,
    /// Every signature, in order of time.
    pub signatures: Vec<SignatureEntry>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureEntry {
    /// For which side, such as `委托方` or `代办方`, with its name if wanted.
    pub side: String,
    /// Who signed.
    pub name: String,
    /// How it was signed.
    pub method: SignatureMethod,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// How the signer's identity was checked, in words.
    pub identity: String,
    /// The written name.
    pub picture: Option<Picture>,
}

/// How a paper was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureMethod {
    /// 屏幕手写
    Screen,
    /// 纸质签字扫描
    PaperScan,
}

impl SignatureMethod {
    /// The words printed for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Screen => "屏幕手写",
            Self::PaperScan => "纸质签字扫描",
        }
    }
}

/// The bytes of a PNG or JPEG picture; base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture(pub Vec<u8>);

impl Picture {
    /// Whether the bytes begin as a PNG or JPEG file does.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.starts_with(b"\x89PNG\r\n\x1a\n") || self.0.starts_with(b"\xff\xd8\xff")
    }
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Picture {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Paper for SignatureSheet {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "签署页"
    }

    fn view(&self) -> Value {
        let mut next = 0;
        let signatures: Vec<Value> = self
            .signatures
            .iter()
            .map(|entry| {
                let picture = entry.picture.as_ref().map(|_| {
                    next += 1;
                    format!("/pictures/{}", next - 1)
                });
                json!({
                    "side": entry.side,
                    "name": entry.name,
                    "method": entry.method.label(),
                    "signed_at": zh::moment_exact(entry.signed_at),
                    "identity": entry.identity,
                    "picture": picture,
                })
            })
            .collect();
        json!({
            "document_title": self.document_title,
            "document_number": self.document_number,
            "document_hash": self.document_hash,
            "document_pages": self.document_pages,
            "signatures": signatures,
        })
    }

    fn pictures(&self) -> Vec<&Picture> {
        self.signatures.iter().filter_map(|entry| entry.picture.as_ref()).collect()
    }
}
