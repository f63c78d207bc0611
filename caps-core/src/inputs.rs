//! Input files of tests: the patterns that select them, their names, and the captures they apply
//! to. The macros and the tests they generate share these definitions.

mod only;
#[expect(clippy::disallowed_methods, reason = "patterns list files")]
mod pattern;

pub use only::{Only, ParseOnlyError};
pub use pattern::{FilePattern, InputPath, ListFilesError, ParseFilePatternError, discover};
