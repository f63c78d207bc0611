use caps_core::capture::{CaptureId, Captures};
use caps_core::replies::Conversation;
use caps_test_support::conformance_dirs;

/// The captures to test, from the first directory; `None`, after printing that, if there are none.
pub(crate) fn captures(test: &str) -> Option<Captures> {
    let dir = conformance_dirs(test).into_iter().next()?;
    let captures = Captures::discover(&dir).expect("the directory of QEMU_CAPS_CONFORMANCE_DIR");
    assert!(!captures.is_empty(), "{}: no captures", dir.display());
    Some(captures)
}

/// All conversations of the directory.
pub(crate) fn conversations(captures: &Captures) -> Vec<(CaptureId, Conversation)> {
    captures
        .iter()
        .filter_map(|capture| Some((capture.id.clone(), capture.replies.as_ref()?)))
        .map(|(id, path)| {
            let bytes = std::fs::read(path).expect("a readable capture");
            (id, Conversation::from_bytes(&bytes).expect("a conversation"))
        })
        .collect()
}

/// A conversation of the given commands and replies, numbered and formatted.
pub(crate) fn conversation(exchanges: &[(&str, &str)]) -> Conversation {
    let mut builder = caps_core::replies::ConversationBuilder::default();
    for (command, reply) in exchanges {
        builder.push(command, reply).expect(command);
    }
    Conversation::parse(builder.text()).expect("a conversation")
}
