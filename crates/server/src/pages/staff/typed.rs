//! What was typed into a form: fields in order, files with their bytes.

use crate::fault::Fault;
use crate::state::ServerState;
use axum::extract::{FromRequest, Multipart, RawForm, Request};
use axum::http::header;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The fields of a form, plain or with files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    fields: Vec<(String, String)>,
    pub(crate) files: Vec<Sent>,
}

impl Typed {
    /// The fields of a query or a plain form.
    pub(crate) fn read(encoded: &str) -> Self {
        let fields = encoded.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        Self { fields: fields.collect(), files: Vec::new() }
    }

    /// What was typed into a field, without the blanks around it; empty if it was not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// What was typed into a field, or nothing where it is empty.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Every value of a field that may be ticked several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.trim()).collect()
    }

    /// Whether the field was there at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    /// Sets a field: what a page proposes, or a quick button answers.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    /// Adds a value of a field that may have several.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Everything but the names of the form's own machinery, to be carried to the next step in hidden fields.
    pub(crate) fn carried(&self) -> Vec<(String, String)> {
        let own = ["csrf", "once", "version", "step"];
        self.fields.iter().filter(|(name, value)| !own.contains(&name.as_str()) && !value.is_empty()).cloned().collect()
    }

    /// SHA-256 over everything that was sent, but the forgery token.
    pub(crate) fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, value) in self.fields.iter().filter(|(name, _)| name != "csrf") {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            hasher.update(value.as_bytes());
            hasher.update([0]);
        }
        for file in &self.files {
            hasher.update(file.field.as_bytes());
            hasher.update([0]);
            hasher.update(&file.bytes);
            hasher.update([0]);
        }
        hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// `%E5%B8%AE+x` as text; what is not UTF-8 becomes a mark that the rules then refuse.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| digit.and_then(|d| char::from(d).to_digit(16)));
                match digits {
                    [Some(high), Some(low)] => u8::try_from(high * 16 + low).unwrap_or(b'?'),
                    _ => b'?',
                }
            }
            other => other,
        };
        bytes.push(byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl FromRequest<ServerState> for Typed {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &ServerState) -> Result<Self, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.unwrap_or_default().to_ascii_lowercase().starts_with("multipart/form-data") {
            let RawForm(bytes) =
                RawForm::from_request(request, state).await.map_err(|_| Fault::bad_request("unreadable"))?;
            return Ok(Self::read(&String::from_utf8_lossy(&bytes)));
        }
        let unreadable = |_| Fault::bad_request("unreadable");
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| Fault::bad_request("unreadable"))?;
        let mut typed = Self::default();
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
                    // A browser sends an empty part where no file was chosen.
                    if !bytes.is_empty() {
                        typed.files.push(Sent { field, name, bytes });
                    }
                }
                None => typed.fields.push((field, part.text().await.map_err(unreadable)?)),
            }
        }
        Ok(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let typed = Typed::read("q=%E5%B8%AE%E5%8A%9E+1&tick=a&tick=b&empty=&bad=%zz");
        assert_eq!(typed.get("q"), "帮办 1");
        assert_eq!(typed.all("tick"), ["a", "b"]);
        assert_eq!(typed.given("empty"), None);
        assert!(typed.has("empty") && !typed.has("gone"));
        assert_eq!(typed.get("bad"), "?");
    }

    #[test]
    fn the_same_form_has_the_same_hash_whatever_its_token() {
        let hash = |text: &str| Typed::read(text).hash();
        assert_eq!(hash("a=1&csrf=x"), hash("a=1&csrf=y"));
        assert_ne!(hash("a=1"), hash("a=2"));
    }
}
