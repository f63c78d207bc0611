//! Captures: file names, data directories, and which capture is the latest.
//!
//! A capture is `caps_VERSION_ARCH[+VARIANT].replies`, the recorded conversation, with the
//! capability description in the `.xml` of the same name. The version labels the file; QEMU itself
//! may have reported another one (a development build, say).
//!
//! ```
//! use std::path::{Path, PathBuf};
//!
//! use caps_core::capture::{Captures, is_document, locate};
//!
//! let files = ["caps_7.2.0_x86_64.replies", "caps_10.0.0_x86_64.replies", "caps_10.0.0_x86_64.xml"];
//! let files = files.map(|name| Path::new("data").join(name));
//! let captures = Captures::from_paths(PathBuf::from("data"), files)?;
//! let latest = locate(&captures, "latest:x86_64")?;
//! assert_eq!(latest.id, "10.0.0_x86_64".parse()?);
//! assert_eq!(latest.xml.as_deref(), Some(Path::new("data/caps_10.0.0_x86_64.xml")));
//! assert!(is_document(Path::new("data/qemu_10.0.0-q35.x86_64.xml")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod versions;

pub use dir::{Capture, Captures, DiscoverError, is_document};
pub use id::{CaptureId, CaptureVariant, ParseCaptureIdError};
pub use label::Label;
pub use locate::{LocateError, locate};
pub use pick::{ParsePickError, Pick};
pub use search::{DataDir, NoDataDir, SearchDir};
pub use seen::Seen;
pub use select::{Arches, Selected, Selection};
pub use versions::{ParseVersionsError, Versions};
