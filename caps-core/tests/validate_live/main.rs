//! Generated commands, valid and broken, sent to a real QEMU and to the validator.

mod qemu;

use std::collections::BTreeMap;

use caps_core::json::Document;
use caps_core::qapi::{Entry, MetaType, Schema};
use caps_core::validate::{Policy, Validator, Verdict};
use caps_test_support::generate::Generator;
use caps_test_support::qemu::Qemu;
use serde_json::{Value, json};

/// A member that no command has. QEMU checks it after all others and rejects the command because of
/// it, so nothing is ever executed, and every other problem is reported first.
const SENTINEL: &str = "zz-no-such-member";
const COMMANDS: usize = 900;
/// A device property, to be broken in every way.
const DEVICE_COMMANDS: usize = 300;

/// Known differences, recognized by QEMU's message, with the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    // Not in the schema, and different in versions that have the member: `memsave` and `pmemsave` took
    // signed integers once, the flags of CXL events had 8 bits.
    ("Invalid parameter type for 'val', expected: integer", "the width changed"),
    ("Invalid parameter type for 'size', expected: integer", "the width changed"),
    ("Parameter 'flags' expects uint8_t", "the width changed"),
    // What a device detects on creation, after it accepted its properties.
    ("Parameter 'chardev' is missing", "a device that can't do without a property"),
    ("doesn't take value", "a value that the property's type does not tell"),
];

fn is_known(answer: &str) -> bool {
    DIFFERENCES.iter().any(|(words, _)| answer.contains(words))
}

#[test]
fn verdicts_on_generated_commands_agree() {
    let Some(mut qemu) = qemu::start("validate_live") else { return };
    let validator = Validator::from_schema(schema(&mut qemu));
    let schema = validator.schema();
    let mut generator = Generator::new(schema, 20);
    let commands: Vec<Entry<'_>> = schema
        .entries()
        .filter(|entry| entry.meta_type() == Some(MetaType::Command))
        .filter(|entry| !["device_add", "qmp_capabilities"].contains(&entry.name().as_ref()))
        .collect();
    let mut counts = BTreeMap::new();
    let mut differences = Vec::new();
    for number in 0..COMMANDS {
        let entry = generator.pick(&commands);
        let mut arguments = generator.arguments(entry);
        for _ in 0..number % 3 {
            generator.mutate(&mut arguments);
        }
        let command = json!({"execute": entry.name(), "arguments": arguments});
        let mut sent = command.clone();
        sent["arguments"][SENTINEL] = json!(1);
        let mut answer = qemu.ask(&sent).expect("QEMU answers");
        let verdict = verdict(&validator, &command);
        if answer.contains(SENTINEL)
            && verdict == Verdict::Invalid
            && !is_later(&validator, &command)
        {
            // Of several unexpected members, QEMU reports an arbitrary one.
            answer = qemu.ask(&command).expect("QEMU answers");
        }
        let accepted = !answer.contains("is unexpected") || answer.contains(SENTINEL);
        let accepted = accepted && !is_refused(&answer);
        *counts.entry((accepted, verdict)).or_insert(0) += 1;
        let agrees = if accepted { verdict == Verdict::Valid } else { verdict == Verdict::Invalid };
        if !agrees && !is_known(&answer) && !is_later(&validator, &command) {
            differences.push(format!("{command}\n  QEMU: {answer}\n  verdict: {verdict}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    // The test has tried both kinds, many of each.
    for kind in [(true, Verdict::Valid), (false, Verdict::Invalid)] {
        assert!(counts.get(&kind).is_some_and(|&count| count > COMMANDS / 5), "{counts:?}");
    }
}

#[test]
fn verdicts_on_generated_devices_agree() {
    let Some(mut qemu) = qemu::start("validate_live") else { return };
    let types = ["virtio-net-pci", "virtio-blk-pci", "virtio-balloon-pci", "pcie-root-port"];
    let conversation = qemu::conversation(&mut qemu, &types);
    let validator = Validator::from_conversation(&conversation).expect("a schema");
    let mut generator = Generator::new(validator.schema(), 21);
    let devices = validator.devices().expect("device types");
    let mut counts = BTreeMap::new();
    let mut differences = Vec::new();
    for _ in 0..DEVICE_COMMANDS {
        let driver = *generator.pick(&types);
        let properties = devices.properties(driver).expect(driver);
        let name = generator.pick(properties).name.clone();
        let mut arguments = json!({"driver": driver, "bus": qemu::BUS});
        arguments[generator.misspell(&name)] = generator.odd_value();
        let command = json!({"execute": "device_add", "arguments": arguments});
        let answer = qemu.ask(&command).expect("QEMU answers");
        if answer.is_empty() {
            // The bus is taken now.
            qemu.restart();
        }
        // A link to something that does not exist is of the right form.
        let accepted = answer.starts_with("DeviceNotFound") || !is_refused(&answer);
        let verdict = verdict(&validator, &command);
        *counts.entry((accepted, verdict)).or_insert(0) += 1;
        let agrees = match verdict {
            Verdict::Valid => accepted,
            Verdict::Invalid => !accepted,
            _ => true,
        };
        if !agrees && !is_known(&answer) && !answer.contains("must be a power of 2") {
            differences.push(format!("{command}\n  QEMU: {answer}\n  verdict: {verdict}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    for kind in [(true, Verdict::Valid), (false, Verdict::Invalid)] {
        assert!(counts.get(&kind).is_some_and(|&count| count > DEVICE_COMMANDS / 10), "{counts:?}");
    }
}

/// Returns whether QEMU's message says that the form of a command is wrong.
fn is_refused(answer: &str) -> bool {
    [
        "Invalid parameter type",
        "does not accept value",
        "is missing",
        "expects",
        "not found",
        "is not writable",
        "doesn't take value",
    ]
    .iter()
    .any(|words| answer.contains(words))
}

fn schema(qemu: &mut Qemu) -> Schema {
    let reply = qemu.reply(&json!({"execute": "query-qmp-schema"})).expect("QEMU answers");
    let text = reply["return"].to_string();
    Schema::from_document(Document::parse(text).expect("JSON")).expect("a schema")
}

fn verdict(validator: &Validator, command: &Value) -> Verdict {
    let document = Document::parse(command.to_string()).expect("JSON");
    validator.check(document.root(), &Policy::default()).verdict()
}

/// Returns whether the only problem is one that QEMU checks after those in the schema.
fn is_later(validator: &Validator, command: &Value) -> bool {
    let document = Document::parse(command.to_string()).expect("JSON");
    let report = validator.check(document.root(), &Policy::default());
    let later = |path: &str| path == "arguments.id" || path == "arguments.qom-type";
    !report.problems.is_empty() && report.problems.iter().all(|problem| later(&problem.path))
}
