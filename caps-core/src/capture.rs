//! Captures: their file names, the directory they stand in, and which of them is the newest.
//!
//! A capture is `caps_VERSION_ARCH[+VARIANT].replies`, the recorded conversation, with the
//! capability description `.xml` of the same name. The version is a label of the file: QEMU itself
//! may have reported another (a development build, say).

#[expect(clippy::disallowed_methods, reason = "lists the directory")]
mod dir;
mod id;
mod label;
mod locate;
mod pick;
#[expect(clippy::disallowed_methods, reason = "looks for the directory")]
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
