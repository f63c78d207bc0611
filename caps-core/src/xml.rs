//! The capability XML (`caps_*.xml`, libvirt's capability cache), written and read as libvirt does.

mod attributes;
pub(crate) mod document;
pub(crate) mod element;
mod error;
pub(crate) mod expect;
mod node;
mod plain;
mod raw;
mod read;
mod scan;
pub(crate) mod sgx;
mod well_formed;
mod write;
pub(crate) mod writer;

pub use error::{XmlError, XmlErrorKind};
pub use raw::{RawText, raw_texts};
pub use read::{read, read_lenient};
pub use write::write;
