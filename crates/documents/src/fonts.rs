//! The fonts of a folder, read once.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::DocumentsError;

/// Faces in order of preference. An office that puts its own licensed fonts into the folder gets them first.
const FANG: [&str; 4] = ["FZFangSong-Z02S", "FangSong_GB2312", "FangSong", "FandolFang R"];
const TITLE: [&str; 2] = ["FZXiaoBiaoSong-B05S", SONG];
const HEI: [&str; 3] = ["FZHei-B01S", "SimHei", "Noto Sans SC"];
const SONG: &str = "Noto Serif SC";
const KAI: &str = "LXGW WenKai";

/// Without these some names could not be printed at all.
const NEEDED: [&str; 3] = [SONG, "Noto Sans SC", KAI];

pub(crate) struct Fonts {
    pub(crate) all: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

impl Fonts {
    /// Reads every TTF, OTF and TTC file of the folder, in order of name.
    pub(crate) fn read(dir: &Path) -> Result<Self, DocumentsError> {
        let folder = |source| DocumentsError::FontFolder { dir: dir.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(folder)? {
            let path = entry.map_err(folder)?.path();
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            if matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc")) {
                paths.push(path);
            }
        }
        paths.sort();
        let mut all = Vec::new();
        for path in paths {
            all.extend(Font::iter(Bytes::new(fs::read(&path).map_err(folder)?)));
        }
        let fonts = Self { book: LazyHash::new(FontBook::from_fonts(&all)), all };
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !fonts.has(name)).collect();
        if missing.is_empty() {
            Ok(fonts)
        } else {
            Err(DocumentsError::FontsMissing { dir: dir.to_owned(), families: missing.join(", ") })
        }
    }

    fn has(&self, family: &str) -> bool {
        self.book.contains_family(&family.to_lowercase())
    }

    /// Whether any font has the character; Typst finds it there by itself.
    pub(crate) fn covers(&self, c: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(u32::from(c)))
    }

    fn family_covers(&self, family: &str, c: char) -> bool {
        self.all.iter().any(|font| font.info().family == family && font.info().coverage.contains(u32::from(c)))
    }

    /// The first face of the list that is there.
    fn first<'a>(&self, faces: &[&'a str]) -> &'a str {
        faces.iter().copied().find(|face| self.has(face)).unwrap_or(SONG)
    }

    /// What templates need to know: the faces of each style, and which characters the body face and Song lack, so that
    /// a name with one of these is set in one face instead of two.
    pub(crate) fn view(&self, text: &str) -> Value {
        let body = self.first(&FANG);
        let lacking = |family| text.chars().filter(|c| !self.family_covers(family, *c)).collect::<String>();
        json!({
            "body": [body, SONG, KAI],
            "song": [SONG, KAI],
            "kai": [KAI, SONG],
            "hei": [self.first(&HEI), "Noto Sans SC", KAI],
            "title": [self.first(&TITLE), SONG, KAI],
            "not_in_body": lacking(body),
            "not_in_song": lacking(SONG),
        })
    }
}
