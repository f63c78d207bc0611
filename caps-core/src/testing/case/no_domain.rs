//! What remains of domain capabilities in tests without the feature `domcaps`.

use super::Case;

#[derive(Debug, Default)]
pub(super) struct Domain {
    has_run: bool,
}

impl Case {
    /// Moves to the next run of the test: true once. With the feature `domcaps`, a test of domain capabilities
    /// runs for each document.
    #[track_caller]
    pub fn next_document(&mut self) -> bool {
        !std::mem::replace(&mut self.domain.has_run, true)
    }

    #[expect(clippy::unused_self, reason = "the feature `domcaps` names the document of the run")]
    pub(super) fn document_in_words(&self) -> Option<String> {
        None
    }
}
