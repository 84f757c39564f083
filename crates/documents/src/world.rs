//! What Typst may see while it sets one paper: the templates, the data, the pictures and the fonts, and nothing else.
//! There is no file system and no clock behind it.

use std::path::PathBuf;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::DocumentsError;
use crate::fonts::Fonts;

pub(crate) struct PaperWorld<'a> {
    library: &'a LazyHash<Library>,
    fonts: &'a Fonts,
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(FileId, Bytes)>,
}

impl<'a> PaperWorld<'a> {
    /// `template` is the main source; it can import `/base.typ` and `/official.typ`, and read the files by their names.
    pub(crate) fn new(
        library: &'a LazyHash<Library>,
        fonts: &'a Fonts,
        template: &str,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<Self, DocumentsError> {
        let main = file_id("/main.typ")?;
        let sources = vec![
            Source::new(main, template.to_owned()),
            Source::new(file_id("/base.typ")?, include_str!("../templates/base.typ").to_owned()),
            Source::new(file_id("/official.typ")?, include_str!("../templates/official.typ").to_owned()),
        ];
        let files = files
            .into_iter()
            .map(|(name, bytes)| Ok((file_id(&name)?, Bytes::new(bytes))))
            .collect::<Result<_, DocumentsError>>()?;
        Ok(Self { library, fonts, main, sources, files })
    }
}

fn file_id(name: &str) -> Result<FileId, DocumentsError> {
    let path = VirtualPath::new(name).map_err(|error| DocumentsError::Typeset(format!("{name}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.get().vpath().get_with_slash()))
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|source| source.id() == id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.iter().find(|(file, _)| *file == id).map(|(_, bytes)| bytes.clone()).ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
