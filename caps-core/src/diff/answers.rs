use std::collections::BTreeMap;

use super::normal::normal;
use super::schema::{in_both, one_sided};
use super::sessions::{labelled, session_pairs};
use super::{DiffError, DiffErrorKind, DifferenceKind, Differences, tables};
use crate::json::{Document, Node};
use crate::qmp::Reply;
use crate::replies::{Conversation, Exchange};
use crate::survey::is_about_recording;

/// Questions whose answers depend on the host.
const OF_THE_HOST: &[&str] = &[
    "query-kvm",
    "query-accelerators",
    "query-gic-capabilities",
    "query-sev-capabilities",
    "query-sgx-capabilities",
];
const EXPANSION: &str = "query-cpu-model-expansion";
const VERSION: &str = "query-version";

pub(super) fn diff(
    first: &Conversation,
    second: &Conversation,
    differences: &mut Differences,
) -> Result<(), DiffError> {
    version(first, second, differences)?;
    let [old, new] = [labelled(first), labelled(second)];
    // Which accelerators there are is up to the host.
    differences.host = true;
    for (accel, _, added) in one_sided(&old, &new) {
        differences.one_sided(DifferenceKind::Answer, &format!("session with {accel}"), added, "");
    }
    let all = [answers(first.exchanges(), false)?, answers(second.exchanges(), true)?];
    compare(&all, |question| !is_expansion(question), differences);
    // The same model expands differently under each accelerator.
    for (_, [a, b]) in session_pairs(first, second) {
        let expansions =
            [answers(a.exchanges().iter(), false)?, answers(b.exchanges().iter(), true)?];
        compare(&expansions, is_expansion, differences);
    }
    differences.host = false;
    Ok(())
}

fn compare(answers: &[Answers; 2], wanted: impl Fn(&str) -> bool, differences: &mut Differences) {
    let [a, b] = answers;
    for (question, _, added) in one_sided(a, b).filter(|(question, ..)| wanted(question)) {
        differences.host = of_the_host(question);
        differences.one_sided(kind(question), question, added, "");
    }
    for (question, a, b) in in_both(a, b).filter(|(question, ..)| wanted(question)) {
        differences.host = of_the_host(question);
        for (what, value, added) in one_sided(a, b) {
            differences.one_sided(kind(question), &join(question, what), added, value);
        }
        for (what, from, to) in in_both(a, b).filter(|(_, a, b)| a != b) {
            differences.changed(kind(question), question, what, from, to);
        }
    }
}

fn is_expansion(question: &str) -> bool {
    question.starts_with(EXPANSION)
}

fn join(question: &str, what: &str) -> String {
    if what.is_empty() { question.to_owned() } else { format!("{question} {what}") }
}

fn kind(question: &str) -> DifferenceKind {
    if is_expansion(question) { DifferenceKind::CpuExpansion } else { DifferenceKind::Answer }
}

fn of_the_host(question: &str) -> bool {
    let command = question.split(' ').next().unwrap_or_default();
    command == EXPANSION || OF_THE_HOST.contains(&command)
}

fn version(
    first: &Conversation,
    second: &Conversation,
    differences: &mut Differences,
) -> Result<(), DiffError> {
    let read = |conversation: &Conversation, second| -> Result<_, DiffError> {
        let Some(exchange) = conversation.find(VERSION) else { return Ok(None) };
        let reply = reply(exchange, second)?;
        let Ok(result) = reply.result() else { return Ok(None) };
        let numbers = ["major", "minor", "micro"].map(|key| {
            let number = result.get("qemu").and_then(|qemu| qemu.get(key));
            number.map_or("?", Node::text).to_owned()
        });
        Ok(Some((numbers.join("."), result.get_str("package").unwrap_or_default().into_owned())))
    };
    let (Some(old), Some(new)) = (read(first, false)?, read(second, true)?) else { return Ok(()) };
    if old.0 != new.0 {
        differences.changed(DifferenceKind::Version, "qemu", "", &old.0, &new.0);
    }
    differences.host = true;
    if old.1 != new.1 {
        differences.changed(DifferenceKind::Version, "package", "", &old.1, &new.1);
    }
    differences.host = false;
    Ok(())
}

/// Values by question and subject. Each property of an expanded CPU model is a value of its own;
/// any other answer is a single value.
type Answers = BTreeMap<String, BTreeMap<String, String>>;

/// The first answers to the questions that no other part compares.
fn answers<'c>(
    exchanges: impl Iterator<Item = &'c Exchange>,
    second: bool,
) -> Result<Answers, DiffError> {
    let mut answers = Answers::new();
    for exchange in exchanges {
        let command = exchange.command().execute();
        let elsewhere = [VERSION, "qmp_capabilities", "query-qmp-schema"];
        let is_compared = elsewhere.contains(&command) || tables::compares(command);
        if is_compared || is_about_recording(exchange.command()) {
            continue;
        }
        let reply = reply(exchange, second)?;
        let mut values = BTreeMap::new();
        match reply.result() {
            Err(error) => {
                values.insert(String::new(), error.to_string());
            }
            Ok(result) if command == EXPANSION => expansion(result, &mut values),
            Ok(result) => {
                values.insert(String::new(), normal(result));
            }
        }
        answers.entry(question(exchange)).or_insert(values);
    }
    Ok(answers)
}

/// The command with its arguments in a normalized order.
fn question(exchange: &Exchange) -> String {
    let command = exchange.command();
    let arguments = command.arguments().and_then(|text| Document::parse(text).ok());
    match arguments {
        Some(arguments) => format!("{} {}", command.execute(), normal(arguments.root())),
        None => command.to_string(),
    }
}

fn expansion(result: Node<'_>, values: &mut BTreeMap<String, String>) {
    for (key, value) in result.members().filter(|(key, _)| key != "model") {
        values.insert(key.into_owned(), normal(value));
    }
    let model = result.get("model");
    if let Some(name) = model.and_then(|model| model.get("name")) {
        values.insert("model".to_owned(), normal(name));
    }
    for (name, value) in model.and_then(|m| m.get("props")).into_iter().flat_map(Node::members) {
        values.insert(format!("property {name}"), normal(value));
    }
}

fn reply(exchange: &Exchange, second: bool) -> Result<Reply, DiffError> {
    exchange.reply().map_err(|error| DiffError {
        second,
        line: error.line,
        kind: DiffErrorKind::Replies(error),
    })
}
