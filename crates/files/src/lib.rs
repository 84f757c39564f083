//! Uploads and packages, stored by their hash.
//!
//! Four things live here: [`Files`], the store of contents named by their SHA-256; [`sniff`] with [`Scanner`], which
//! decide whether an upload may come in; [`package`], the sealed archive package of a case (S6.5) that anybody can
//! verify without the database and without a network; and [`seal`], the hall's signature under papers and packages.

mod error;
pub mod hash;
mod media;
pub mod package;
mod scan;
pub mod seal;
mod sniff;
mod store;
mod text;

pub use error::FilesError;
pub use media::{Limits, MediaType};
pub use scan::{ScanError, Scanner, Verdict};
pub use sniff::{check_upload, sniff};
pub use store::{Checked, Files, Stored};
