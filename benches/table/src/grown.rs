//! Inputs of any size, and work over them, that once took quadratic time.

use caps_core::Flag;
use caps_core::diff::{Side, diff};
use caps_core::edit::{Script, Subject};
use caps_core::json::Document;
use caps_core::nearest::nearest;
use caps_core::replies::{Conversation, ConversationBuilder};
use caps_core::validate::{Policy, Validator};

use crate::Failure;
use crate::works::{Input, Work};

/// The work over inputs that are made here.
pub const GROWN: [(&str, Work); 7] = [
    ("edit-script", edit_script),
    ("edit-insert", |input| edit(input, INSERT)),
    ("edit-pointer", |input| edit(input, SET)),
    ("diff", diff_with_others),
    ("qom-chain", qom_chain),
    ("nearest", nearest_flag),
    ("same-value", same_value),
];

const INSERT: &str = r#"[{"action": "insert-after", "command": "x", "occurrence": "all",
    "new": {"execute": "y"}, "reply": {"return": {}}}]"#;
const SET: &str =
    r#"[{"action": "set", "command": "x", "pointer": "/return/*/value", "value": 1}]"#;
/// The command whose answer has the properties of the host's CPU.
const EXPANSION: &str = "query-cpu-model-expansion";

fn conversation(input: &Input) -> Conversation {
    Conversation::parse(input.replies.clone()).expect("a capture")
}

/// The reply to the last command with this name.
fn reply(conversation: &Conversation, command: &str) -> Document {
    let exchange = conversation.exchanges().filter(|one| one.command().execute() == command).last();
    let reply = exchange.expect("an exchange").reply_text();
    Document::parse(reply).expect("JSON")
}

fn edit_script(input: &Input) -> usize {
    let reply = reply(&conversation(input), "x");
    let edits = reply.root().get("return").into_iter().flat_map(|list| list.elements());
    let edits: Vec<String> = edits
        .map(|element| format!("[[edit]]\naction = \"drop\"\ncommand = \"c{}\"\n", element.text()))
        .collect();
    Script::from_toml(&edits.concat()).expect("a script").edits().len()
}

fn edit(input: &Input, script: &str) -> usize {
    let script = Script::from_json(script).expect("a script");
    let edited = script.apply(&Subject::new(&conversation(input))).expect("an edit");
    edited.text.expect("something changes").len()
}

/// Compares a capture with one in which all properties differ.
fn diff_with_others(input: &Input) -> usize {
    let other = Conversation::parse(&*input.replies.replace("true", "false")).expect("a capture");
    diff(&Side::new(&conversation(input)), &Side::new(&other)).expect("captures").len()
}

/// Validates a device of the last type.
fn qom_chain(input: &Input) -> usize {
    let conversation = conversation(input);
    let types = reply(&conversation, "qom-list-types");
    let last = types.root().get("return").and_then(|list| list.elements().last());
    let driver = last.and_then(|last| last.get_str("name").map(|name| name.into_owned()));
    let command = format!(
        r#"{{"execute": "device_add", "arguments": {{"driver": "{}", "x": 1}}}}"#,
        driver.expect("a type")
    );
    let validator = Validator::from_conversation(&conversation).expect("a schema");
    let command = Document::parse(command).expect("JSON");
    validator.check(command.root(), &Policy::default()).problems.len()
}

fn nearest_flag(input: &Input) -> usize {
    let reply = reply(&conversation(input), "x");
    let name = reply.root().get_str("return").expect("a string");
    nearest(&name, Flag::ALL.iter().map(|flag| flag.name())).map_or(0, str::len)
}

/// Compares an object with the same members in reverse.
fn same_value(input: &Input) -> usize {
    let reply = reply(&conversation(input), "x");
    let object = reply.root().get("return").expect("an object");
    let mut members: Vec<String> =
        object.members().map(|(key, value)| format!("\"{key}\":{}", value.text())).collect();
    members.reverse();
    let other = Document::parse(format!("{{{}}}", members.join(","))).expect("JSON");
    usize::from(object.same_value(other.root()))
}

/// A capture with an unknown command that has this reply.
pub fn with_answer(base: &Input, answer: &str) -> Input {
    with_answers(base, answer, 1)
}

fn with_answers(base: &Input, answer: &str, times: usize) -> Input {
    let mut replies = "{\"execute\": \"qmp_capabilities\"}\n\n{\"return\": {}}\n".to_owned();
    for _ in 0..times {
        replies += &format!("\n{{\"execute\": \"x\"}}\n\n{{\"return\": {answer}}}\n");
    }
    Input { id: base.id.clone(), replies: replies.into(), xml: String::new() }
}

pub fn exchanges(base: &Input, times: usize) -> Result<Input, Failure> {
    Ok(with_answers(base, "{}", 1_000 * times))
}

fn list(count: usize, element: impl Fn(usize) -> String) -> String {
    (0..count).map(element).collect::<Vec<_>>().join(",")
}

pub fn numbers(base: &Input, times: usize) -> Result<Input, Failure> {
    Ok(with_answer(base, &format!("[{}]", list(1_000 * times, |n| n.to_string()))))
}

pub fn objects(base: &Input, times: usize) -> Result<Input, Failure> {
    let element = |n| format!("{{\"name\": \"n{n}\", \"value\": 0}}");
    Ok(with_answer(base, &format!("[{}]", list(2_000 * times, element))))
}

pub fn members(base: &Input, times: usize) -> Result<Input, Failure> {
    let member = |n| format!("\"key{n}\": {n}");
    Ok(with_answer(base, &format!("{{{}}}", list(5_000 * times, member))))
}

pub fn long_name(base: &Input, times: usize) -> Result<Input, Failure> {
    Ok(with_answer(base, &format!("\"{}\"", "virtio-".repeat(3_000 * times))))
}

/// A capture in which the host's CPU has more properties.
pub fn cpu_properties(base: &Input, times: usize) -> Result<Input, Failure> {
    let properties = list(2_000 * times, |n| format!("\"property-{n}\": true"));
    replaced(base, |command, reply| {
        let is_expansion = command == EXPANSION && reply.contains("\"props\": {");
        let props = format!("\"props\": {{{properties},");
        is_expansion.then(|| reply.replacen("\"props\": {", &props, 1))
    })
}

/// A capture in which each of many types is the parent of the next one.
pub fn types(base: &Input, times: usize) -> Result<Input, Failure> {
    let parent = |n: usize| n.checked_sub(1).map_or("device".to_owned(), |n| format!("chain-{n}"));
    let element = |n| format!("{{\"name\": \"chain-{n}\", \"parent\": \"{}\"}}", parent(n));
    let chain = list(2_000 * times, element);
    replaced(base, |command, reply| {
        let end = reply.rfind(']').filter(|_| command == "qom-list-types")?;
        Some(format!("{}, {chain}{}", &reply[..end], &reply[end..]))
    })
}

/// A capture with other replies to some commands.
fn replaced(base: &Input, new: impl Fn(&str, &str) -> Option<String>) -> Result<Input, Failure> {
    let mut builder = ConversationBuilder::default();
    let mut count = 0;
    for exchange in Conversation::parse(base.replies.clone())?.exchanges() {
        let reply = new(exchange.command().execute(), exchange.reply_text());
        count += usize::from(reply.is_some());
        builder.push(exchange.command_text(), reply.as_deref().unwrap_or(exchange.reply_text()))?;
    }
    if count == 0 {
        return Err("the capture lacks the command".into());
    }
    Ok(Input { id: base.id.clone(), replies: builder.into_text().into(), xml: String::new() })
}
