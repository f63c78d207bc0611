//! The report: what each QEMU has, as one document, and the page that shows it.
//!
//! `docs/report.md` describes the document.

mod build;
mod capture;
mod devices;
mod domcaps;
mod flags;
mod machines;
mod options;
mod page;
mod schema;
mod table;
mod validation;

pub(crate) use build::Builder;
pub(crate) use page::write as write_page;
