use caps_core::replies::{Conversation, ConversationBuilder};
use caps_test_support::qemu::Qemu;
use caps_test_support::require_qemu;
use serde_json::json;

/// The bus to add devices to.
pub(crate) const BUS: &str = "rp0";
const MACHINE: [&str; 8] = [
    "-machine",
    "q35,accel=tcg",
    "-S",
    "-nodefaults",
    "-display",
    "none",
    "-device",
    "pcie-root-port,id=rp0,chassis=1",
];

/// A QEMU with a stopped machine.
pub(crate) fn start(test: &str) -> Option<Qemu> {
    let binary = require_qemu(test, "qemu-system-x86_64")?;
    Some(Qemu::start(&binary, &MACHINE, &std::env::temp_dir()))
}

/// A conversation with the schema, the types and the properties of some devices.
pub(crate) fn conversation(qemu: &mut Qemu, types: &[&str]) -> Conversation {
    let mut commands = vec![
        json!({"execute": "query-version"}),
        json!({"execute": "query-qmp-schema"}),
        json!({"execute": "qom-list-types"}),
    ];
    commands.extend(
        types.iter().map(
            |name| json!({"execute": "device-list-properties", "arguments": {"typename": name}}),
        ),
    );
    let mut builder = ConversationBuilder::default();
    for command in commands {
        let reply = qemu.reply(&command).expect("QEMU answers");
        builder.push(&command.to_string(), &reply.to_string()).expect("JSON objects");
    }
    Conversation::parse(builder.text()).expect("a conversation")
}
