use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use caps_core::replies::{Conversation, ConversationBuilder};
use caps_test_support::require_qemu;
use serde_json::{Value, json};

/// The bus that devices are added to.
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
pub(crate) struct Qemu {
    binary: PathBuf,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Qemu {
    pub(crate) fn start(test: &str) -> Option<Self> {
        let binary = require_qemu(test, "qemu-system-x86_64")?;
        Some(Self::launch(binary))
    }

    fn launch(binary: PathBuf) -> Self {
        let mut child = Command::new(&binary)
            .args(MACHINE)
            .args(["-qmp", "stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("QEMU starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut qemu = Self { binary, child, input, output };
        assert!(qemu.line().get("QMP").is_some());
        qemu.reply(&json!({"execute": "qmp_capabilities"}));
        qemu
    }

    pub(crate) fn restart(&mut self) {
        *self = Self::launch(self.binary.clone());
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("QEMU answers");
        serde_json::from_str(&line).expect("QEMU answers JSON")
    }

    /// The reply to a command; events are passed over.
    pub(crate) fn reply(&mut self, command: &Value) -> Value {
        writeln!(self.input, "{command}").expect("QEMU listens");
        loop {
            let line = self.line();
            if line.get("event").is_none() {
                return line;
            }
        }
    }

    /// The error that a command ends with, with its class; empty when it succeeds.
    pub(crate) fn ask(&mut self, command: &Value) -> String {
        let reply = self.reply(command);
        let text = |key: &str| reply["error"][key].as_str().unwrap_or_default().to_owned();
        match reply.get("error") {
            Some(_) => format!("{}: {}", text("class"), text("desc")),
            None => String::new(),
        }
    }

    /// A conversation that tells the schema, the types and the properties of some devices.
    pub(crate) fn conversation(&mut self, types: &[&str]) -> Conversation {
        let mut commands = vec![
            json!({"execute": "query-version"}),
            json!({"execute": "query-qmp-schema"}),
            json!({"execute": "qom-list-types"}),
        ];
        commands.extend(types.iter().map(
            |name| json!({"execute": "device-list-properties", "arguments": {"typename": name}}),
        ));
        let mut builder = ConversationBuilder::default();
        for command in commands {
            let reply = self.reply(&command);
            builder.push(&command.to_string(), &reply.to_string()).expect("JSON objects");
        }
        Conversation::parse(builder.text()).expect("a conversation")
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // A process that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
