//! Typst templates with typed input, PDF out.
//!
//! One template per form. What a user typed reaches a template as data and never as markup, so no text can change how a
//! paper is laid out. The same form made at the same time gives the same bytes, in PDF/A-2a, with tags for readers.

pub mod forms;

mod clean;
mod fonts;
mod outline;
mod render;
mod wording;
mod world;
mod zh;

pub use forms::*;
pub use outline::{Outline, OutlineFact};
pub use render::{DocumentsError, Rendered, Renderer};
pub use wording::{Block, WORDING_MAX_CHARS, Wording, WordingError, wording_blocks};
