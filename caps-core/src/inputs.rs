//! Input files of tests: the patterns that select them, their names, and the captures they apply
//! to. The macros and the tests they generate share these definitions.
//!
//! ```no_run
//! use caps_core::inputs::{Only, discover};
//!
//! let files = discover(&["vms/*.json".parse()?], "/path/to/the/package".as_ref())?;
//! let only = Only::parse("vms/tdx*.json", &["x86_64", ">=10.1"])?;
//! let id = "11.1.3_x86_64".parse()?;
//! println!("{} of {} files go with it", files.iter().filter(|file| only.allows(file, &id)).count(), files.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod only;
#[expect(clippy::disallowed_methods, reason = "patterns list files")]
mod pattern;

pub use only::{Only, ParseOnlyError};
pub use pattern::{FilePattern, InputPath, ListFilesError, ParseFilePatternError, discover};
