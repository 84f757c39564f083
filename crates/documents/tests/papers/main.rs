//! Every form, filled in, made into a PDF and read back with poppler's tools (Debian package `poppler-utils`).

mod annexes;
mod every;
mod further;
mod hostile;
mod ledger;
mod pdf;
mod process;
mod samples;
mod wording;
