//! Conversations with a few answers, made for one rule each.

use std::fmt::Write as _;

use caps_core::json::Document;
use caps_core::replies::Conversation;
use caps_core::validate::{Policy, Report, Validator};

/// A validator for a QEMU with these entries in its schema and these further answers.
pub(crate) fn qemu(entries: &str, answers: &[(&str, &str)]) -> Validator {
    let mut text =
        format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": [{entries}]}}\n");
    for (command, answer) in answers {
        write!(text, "\n{command}\n\n{{\"return\": {answer}}}\n").expect("a string");
    }
    let conversation = Conversation::parse(&text).expect(&text);
    Validator::from_conversation(&conversation).expect(&text)
}

/// Checks a command given as its name and arguments.
pub(crate) fn sent(validator: &Validator, command: &str, policy: &Policy) -> Report {
    let (execute, arguments) = command.split_once(' ').unwrap_or((command, "{}"));
    let text = format!(r#"{{"execute": "{execute}", "arguments": {arguments}}}"#);
    validator.check(Document::parse(text.as_str()).expect(&text).root(), policy)
}

/// The entries of the types that schemas always have.
pub(crate) const BUILTINS: &str = r#"
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
    {"name": "int", "meta-type": "builtin", "json-type": "int"},
    {"name": "number", "meta-type": "builtin", "json-type": "number"},
    {"name": "bool", "meta-type": "builtin", "json-type": "boolean"},
    {"name": "null", "meta-type": "builtin", "json-type": "null"},
    {"name": "any", "meta-type": "builtin", "json-type": "value"},
    {"name": "0", "meta-type": "object", "members": []}"#;

/// An answer to `query-version`.
pub(crate) fn version(version: &str) -> (&'static str, String) {
    let numbers: Vec<&str> = version.split('.').collect();
    let [major, minor, micro] = numbers[..] else { panic!("{version}") };
    let qemu = format!(r#"{{"major": {major}, "minor": {minor}, "micro": {micro}}}"#);
    (r#"{"execute": "query-version"}"#, format!(r#"{{"qemu": {qemu}, "package": ""}}"#))
}
