//! Captures: file names, data directories, and which capture is the latest.
//!
//! A capture is `caps_VERSION_ARCH[+VARIANT].replies`, the recorded conversation, with the
//! capability description in the `.xml` of the same name. The version labels the file; QEMU itself
//! may have reported another one (a development build, say).

#[expect(clippy::disallowed_methods, reason = "lists data directories")]
mod dir;
mod id;
mod label;
mod locate;
mod pick;
#[expect(clippy::disallowed_methods, reason = "searches for data directories")]
mod search;
mod seen;
mod select;

pub use dir::{Capture, Captures, DiscoverError, is_document};
pub use id::{CaptureId, CaptureVariant, ParseCaptureIdError};
pub use label::Label;
pub use locate::{LocateError, locate};
pub use pick::{ParsePickError, Pick};
pub use search::{DataDir, NoDataDir, SearchDir};
pub use seen::Seen;
pub use select::{Arches, Selected, Selection};
