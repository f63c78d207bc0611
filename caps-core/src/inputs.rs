//! Input files of tests: the patterns that select them, what they are called, and which captures they
//! go with. The macros and the tests that they make share these definitions.

mod only;
#[expect(clippy::disallowed_methods, reason = "patterns look for files")]
mod pattern;

pub use only::{Only, ParseOnlyError};
pub use pattern::{FilePattern, InputPath, ListFilesError, ParseFilePatternError, discover};
