//! Answers that no command has asked for yet are judged when a validator is made.

use caps_core::replies::{Conversation, RepliesError};
use caps_core::validate::{Validator, ValidatorError};

const SCHEMA: &str = r#"{"execute": "query-qmp-schema"}

{"return": [{"name": "stop", "meta-type": "command", "arg-type": "0", "ret-type": "0"},
 {"name": "0", "meta-type": "object", "members": []}]}"#;

/// A conversation with the schema and an answer, and the error that reading the answer gives.
fn conversation(command: &str, answer: &str) -> (Conversation, Option<RepliesError>) {
    let text = format!("{SCHEMA}\n\n{command}\n\n{answer}\n");
    let conversation = Conversation::parse(&text).expect("a conversation");
    let error = conversation.exchanges().last().expect("an answer").reply().err();
    (conversation, error)
}

#[test]
fn a_malformed_answer_is_an_error_before_something_asks_for_it() {
    let commands = [
        r#"{"execute": "query-version"}"#,
        r#"{"execute": "query-target"}"#,
        r#"{"execute": "qom-list-types"}"#,
        r#"{"execute": "query-cpu-definitions"}"#,
        r#"{"execute": "human-monitor-command", "arguments": {"command-line": "info qdm"}}"#,
        r#"{"execute": "device-list-properties", "arguments": {"typename": "VGA"}}"#,
        r#"{"execute": "qom-list-properties", "arguments": {"typename": "VGA"}}"#,
    ];
    let malformed = [
        "{\"return\": [\n{\"name\": \"a\", \"type\": \"b\",}]}",
        "{\"return\": [\n{\"name\": \"a\"\n]}",
        "{\"return\": [{\"name\": \"\\x\"}]}",
        "{\"return\": [], \"id\": 01}",
        "{\"return\": [], \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}",
        "{\"id\": \"libvirt-7\"}",
    ];
    for command in commands {
        for answer in malformed {
            let (conversation, expected) = conversation(command, answer);
            let error = Validator::from_conversation(&conversation).expect_err(answer);
            let expected = ValidatorError::Replies(expected.expect(answer));
            assert_eq!(error, expected, "{command} {answer}");
        }
        for answer in
            ["{\"return\": []}", "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}"]
        {
            let (conversation, error) = conversation(command, answer);
            assert_eq!(error, None, "{command} {answer}");
            let validator = Validator::from_conversation(&conversation);
            assert!(validator.is_ok(), "{command} {answer}");
        }
    }
    // Nothing needs this one.
    let (conversation, error) = conversation(r#"{"execute": "query-status"}"#, malformed[0]);
    assert!(error.is_some() && Validator::from_conversation(&conversation).is_ok());
}
