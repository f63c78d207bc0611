//! The server and the validator agree: they walk the schema with the same code and report the same
//! problem first.

use caps_core::json::Document;
use caps_core::qapi::{Entry, MetaType};
use caps_core::serve::Server;
use caps_core::validate::{Policy, Report, Validator, Verdict, ViolationKind};
use caps_test_support::generate::Generator;
use serde_json::json;

use crate::support::{Peer, assert_none, capture};
use crate::{arguments, malformed};

const VERSIONS: [&str; 3] = ["7.2.22", "10.0.13", "11.1.3"];
/// Broken commands for each version.
const GENERATED: usize = 300;

/// A server and a validator of the same capture.
struct Pair {
    validator: Validator,
    peer: Peer,
    _server: Server,
}

impl Pair {
    fn new(version: &str) -> Self {
        let conversation = capture(&format!("{version}_x86_64"));
        let validator = Validator::from_conversation(&conversation).expect("a validator");
        let server = Server::builder(&conversation).start().expect("a server");
        let peer = Peer::negotiated(server.socket());
        Self { validator, peer, _server: server }
    }

    /// The disagreement of the two about a command, if any.
    fn difference(&mut self, command: &str) -> Option<String> {
        let document = Document::parse(command).expect("JSON");
        let report = self.validator.check(document.root(), &Policy::default());
        let answer = self.peer.ask(command);
        let refused = arguments::is_about_form(&answer);
        let agrees = match report.verdict() {
            Verdict::Invalid => refused && names_the_first(&answer, &report),
            Verdict::Valid => !refused,
            _ => true,
        };
        (!agrees).then(|| {
            format!("{command}\n  server: {answer}\n  validator: {:?}", report.problems.first())
        })
    }
}

/// Returns whether a rejection is about the report's first problem. QEMU names the member, only the
/// last part of its path, none within an array, or a name that it looked up without success.
fn names_the_first(answer: &str, report: &Report) -> bool {
    let Some(first) = report.problems.first() else { return false };
    let is_name =
        [ViolationKind::UnknownDevice, ViolationKind::UnknownType, ViolationKind::UnknownCpu];
    if is_name.contains(&first.kind) {
        return answer.contains(" not found");
    }
    let leaf = first.member().rsplit('.').next().unwrap_or_default();
    let leaf = if leaf.ends_with(']') { "null" } else { leaf };
    [first.member(), leaf].iter().any(|name| answer.contains(&format!("'{name}'")))
        // A property of a type.
        || answer.contains(&format!(".{leaf}' "))
}

#[test]
fn about_what_real_clients_got_wrong() {
    for version in VERSIONS {
        let mut pair = Pair::new(version);
        let mut failures = Vec::new();
        for (command, _) in arguments::cases(version) {
            // The server does not know the properties of devices.
            if command.contains("\"device_add\"") {
                continue;
            }
            failures.extend(pair.difference(&command));
        }
        assert_none(&failures);
    }
}

#[test]
fn about_what_is_no_command() {
    for version in ["10.0.13", "11.1.3"] {
        let mut pair = Pair::new(version);
        let mut count = 0;
        let mut failures = Vec::new();
        for (input, lines) in malformed::cases(version) {
            // What is one JSON text for both, and what needs a capability that was not negotiated.
            let Ok(text) = String::from_utf8(input) else { continue };
            if text.contains("exec-oob") || lines.len() < 2 {
                continue;
            }
            let Ok(document) = Document::parse(text.as_str()) else { continue };
            let report = pair.validator.check(document.root(), &Policy::default());
            let answer = pair.peer.lines_for(text.as_bytes()).swap_remove(0);
            let refused = answer.contains("\"error\": ") && !answer.contains("has no answer to");
            if refused != (report.verdict() == Verdict::Invalid) {
                failures.push(format!("{text}\n  {answer}\n  {:?}", report.problems));
            }
            count += 1;
        }
        assert_none(&failures);
        assert!(count > 30, "only {count} inputs");
    }
}

#[test]
fn about_broken_commands() {
    for (seed, version) in (40..).zip(VERSIONS) {
        let mut pair = Pair::new(version);
        let commands = generated(&pair.validator, seed);
        let mut failures = Vec::new();
        let mut refused = 0;
        for command in &commands {
            let document = Document::parse(command.as_str()).expect("JSON");
            let report = pair.validator.check(document.root(), &Policy::default());
            refused += usize::from(report.verdict() == Verdict::Invalid);
            failures.extend(pair.difference(command));
        }
        assert_none(&failures);
        assert!((GENERATED / 4..GENERATED).contains(&refused), "{refused} are refused");
    }
}

fn generated(validator: &Validator, seed: u64) -> Vec<String> {
    let schema = validator.schema();
    let commands: Vec<Entry<'_>> = schema
        .entries()
        .filter(|entry| entry.meta_type() == Some(MetaType::Command))
        .filter(|entry| !["device_add", "qmp_capabilities", "quit"].contains(&&*entry.name()))
        .collect();
    let mut generator = Generator::new(schema, seed);
    (0..GENERATED)
        .map(|number| {
            let entry = generator.pick(&commands);
            let mut arguments = generator.arguments(entry);
            for _ in 0..number % 3 {
                generator.mutate(&mut arguments);
            }
            json!({"execute": entry.name(), "arguments": arguments}).to_string()
        })
        .collect()
}
