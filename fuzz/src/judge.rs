//! Judging queries, commands and command lines with a real QEMU's data.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use caps_core::command_line::CommandLine;
use caps_core::json::Document;
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;
use caps_core::survey::Survey;
use caps_core::validate::{Policy, Validator};

pub(crate) static CONVERSATION: LazyLock<Conversation> = LazyLock::new(|| {
    let bytes = fs::read(data("caps_7.2.22_loongarch64.replies")).expect("a capture");
    Conversation::from_bytes(&bytes).expect("a conversation")
});

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::from_conversation(&CONVERSATION).expect("a schema"));

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let bytes = fs::read(data("caps_7.2.22_x86_64.survey")).expect("a survey");
    let survey = Survey::from_bytes(&bytes).expect("a survey");
    Validator::from_conversation(survey.conversation()).expect("a validator")
});

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata").join(name)
}

pub(crate) fn query(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(query) = text.parse::<Query>() else { return false };
    assert_eq!(query.to_string().parse::<Query>().as_ref(), Ok(&query));
    let holds = SCHEMA.holds(&query);
    assert!(!holds || query.evaluate(&SCHEMA).is_ok());
    true
}

pub(crate) fn validate(data: &[u8]) -> bool {
    str::from_utf8(data).is_ok_and(command)
}

/// Checks a command; the same command has the same verdict, wherever it stands.
fn command(text: &str) -> bool {
    let Ok(document) = Document::parse(text) else { return false };
    let policy = Policy::default();
    let report = VALIDATOR.check(document.root(), &policy);
    let spaced = Document::parse(format!("\n {text} \n")).expect("JSON");
    let again = VALIDATOR.check(spaced.root(), &policy);
    assert_eq!(report.verdict(), again.verdict(), "{text}");
    let _: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    true
}

pub(crate) fn device(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    command(&format!("{{\"execute\": \"device_add\", \"arguments\": {text}}}"))
}

/// The lines are the arguments.
pub(crate) fn command_line(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let argv: Vec<&str> = text.lines().collect();
    let Ok(line) = CommandLine::parse(&argv) else { return false };
    let printed = line.to_argv();
    let again = CommandLine::parse(&printed).expect("what is printed reads back");
    assert_eq!(again.to_argv(), printed, "{text}");
    let _ = VALIDATOR.explain(&line);
    if let Err(violations) = VALIDATOR.command_line(&argv) {
        let _ = violations.to_string();
    }
    true
}
