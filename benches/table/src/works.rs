//! What is measured: work over captures, by name.

use caps_core::BaselineChoice;
use caps_core::capture::CaptureId;
use caps_core::check::check_conversation;
use caps_core::dump::{Part, dump_blocks};
use caps_core::json::{Document, Text};
use caps_core::probe::{Matching, derive};
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;
use caps_core::validate::{Policy, Validator, Verdict};
use caps_core::{Capabilities, xml};

use crate::grown::GROWN;

/// A capture: its name and the contents of its files.
pub struct Input {
    pub id: CaptureId,
    pub replies: Text,
    pub xml: String,
}

/// Some work over a capture; the result depends on all of it.
pub type Work = fn(&Input) -> usize;

/// The work whose instructions are counted.
pub const COUNTED: [(&str, Work); 6] = [
    ("derive", |input| derive_xml(input).len()),
    ("check", |input| usize::from(check_conversation(&conversation(input)).is_ok())),
    ("dump", dump_all),
    ("load-xml", |input| load_xml(input).flags.iter().count()),
    ("validate", validate_all),
    ("query", query),
];

/// The work of processes that are measured as a whole.
pub const OTHER: [(&str, Work); 4] = [
    ("read-xml", |input| input.xml.len()),
    ("read-replies", |input| input.replies.len()),
    ("load-replies", |input| derive_caps(input).flags.iter().count()),
    ("schema", schema),
];

/// The work with this name.
pub fn named(name: &str) -> Option<Work> {
    COUNTED
        .iter()
        .chain(&OTHER)
        .chain(&GROWN)
        .find(|(known, _)| *known == name)
        .map(|(_, work)| *work)
}

fn conversation(input: &Input) -> Conversation {
    Conversation::parse(input.replies.clone()).expect("a capture")
}

/// From the text of a `.replies` to capabilities.
pub fn derive_caps(input: &Input) -> Capabilities {
    derive(&conversation(input), &input.id, Matching::ByContent, BaselineChoice::Auto)
        .expect("a whole capture")
        .capabilities
}

/// From the text of a `.replies` to the text of the `.xml`.
pub fn derive_xml(input: &Input) -> String {
    xml::write(&derive_caps(input))
}

/// From the text of an `.xml` to capabilities.
pub fn load_xml(input: &Input) -> Capabilities {
    xml::read(&input.xml).expect("a capability XML")
}

fn dump_all(input: &Input) -> usize {
    let mut bytes = 0;
    let emit = |block: &[u8]| bytes += block.len();
    dump_blocks(&conversation(input), Part::LIBVIRT, "", emit).expect("a capture");
    bytes
}

fn query(input: &Input) -> usize {
    let query: Query = "blockdev-add/arg-type/+file/aio/^io_uring".parse().expect("a query");
    let schema = Schema::from_conversation(&conversation(input)).expect("a schema");
    usize::from(schema.holds(&query))
}

fn schema(input: &Input) -> usize {
    Schema::from_conversation(&conversation(input)).expect("a schema").entries().count()
}

/// Validates a hundred commands.
pub fn validate_all(input: &Input) -> usize {
    let validator = Validator::from_conversation(&conversation(input)).expect("a schema");
    let policy = Policy::default();
    let invalid =
        |command: &Document| validator.check(command.root(), &policy).verdict() == Verdict::Invalid;
    commands().iter().filter(|command| invalid(command)).count()
}

/// A hundred commands, as a program that manages QEMUs sends them.
fn commands() -> Vec<Document> {
    const KINDS: [&str; 10] = [
        r#"{"execute": "query-status"}"#,
        r#"{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "netN", "netdev": "hostN", "mac": "52:54:00:00:00:0N"}}"#,
        r#"{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "node-name": "diskN", "file": {"driver": "file", "filename": "/N.qcow2", "aio": "native", "cache": {"direct": true}}}}"#,
        r#"{"execute": "netdev_add", "arguments": {"type": "tap", "id": "hostN", "vhost": true, "queues": N}}"#,
        r#"{"execute": "migrate-set-parameters", "arguments": {"downtime-limit": N00, "max-bandwidth": N0000, "multifd-channels": N}}"#,
        r#"{"execute": "chardev-add", "arguments": {"id": "serialN", "backend": {"type": "socket", "data": {"addr": {"type": "unix", "data": {"path": "/N"}}, "server": true, "wait": false}}}}"#,
        r#"{"execute": "object-add", "arguments": {"qom-type": "memory-backend-memfd", "id": "ramN", "size": N000, "share": true}}"#,
        r#"{"execute": "device_del", "arguments": {"id": "netN"}}"#,
        r#"{"execute": "blockdev-mirror", "arguments": {"job-id": "jobN", "device": "diskN", "target": "copyN", "sync": "full", "speed": "N"}}"#,
        r#"{"execute": "human-monitor-command", "arguments": {"command-line": "info N"}}"#,
    ];
    let numbered = (1..=10).flat_map(|n| KINDS.map(|kind| kind.replace('N', &n.to_string())));
    numbered.map(|text| Document::parse(text).expect("JSON")).collect()
}
