//! The server next to a real QEMU: both get the same bytes and give the same answers.
//! `QEMU_CAPS_REQUIRE_QEMU=1` requires the QEMU.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use caps_core::Baseline;
use caps_core::probe::live::{Accelerators, Live, Options};
use caps_core::probe::{self, Recorder};
use caps_core::replies::Conversation;
use caps_core::serve::{CannedAnswer, CannedAnswers, Server};
use caps_test_support::require_qemu;
use tempfile::TempDir;

use crate::support::{Peer, assert_none};
use crate::{arguments, malformed};

/// A QEMU without a machine, connected to our socket; it exits with the test.
struct Qemu {
    child: Child,
    peer: Peer,
    _dir: TempDir,
}

impl Qemu {
    fn start(binary: &Path) -> (Self, String) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("qmp");
        let listener = UnixListener::bind(&path).expect("a socket");
        let child = Command::new(binary)
            .args(["-S", "-no-user-config", "-nodefaults", "-nographic"])
            .args(["-machine", "none,accel=tcg", "-qmp"])
            .arg(format!("unix:{},server=off", path.display()))
            .stdin(Stdio::null())
            .spawn()
            .expect("a QEMU that starts");
        let (stream, _) = listener.accept().expect("a QEMU that connects");
        let mut peer = Peer::new(stream);
        let greeting = peer.line();
        (Self { child, peer, _dir: dir }, greeting)
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(binary: &Path) -> Server {
    let mut options = Options::default();
    options.accelerators = Accelerators::Tcg;
    let mut recorder = Recorder::new(Live::new(binary, options));
    probe::run(Baseline::Libvirt11_3, &mut recorder).expect("a QEMU that can be probed");
    let (_, text) = recorder.into_parts();
    let conversation = Conversation::parse(&text).expect("a good capture");
    let mut answers = CannedAnswers::default();
    answers.push(CannedAnswer::new("query-name"));
    Server::builder(&conversation).answers(answers).start().expect("a server")
}

#[test]
fn qemu_and_the_server_say_the_same() {
    let Some(binary) = require_qemu("serve", "qemu-system-x86_64") else { return };
    let server = serve(&binary);
    let (mut qemu, greeting) = Qemu::start(&binary);
    let (mut peer, found) = Peer::greeted(server.socket());
    assert_eq!(found, greeting);
    let mut failures = Vec::new();
    for command in [
        r#"{"execute":"query-name","id":1}"#,
        r#"{"execute":"qmp_capabilities","arguments":{"enable":["x"]}}"#,
        r#"{"execute":"qmp_capabilities","arguments":{"enable":["oob"]},"id":"a"}"#,
        r#"{"execute":"qmp_capabilities"}"#,
        r#"{"execute":"query-version","id":[]}"#,
        r#"{"execute":"query-commands","id":[]}"#,
        r#"{"execute":"query-qmp-schema","id":{"b":1,"a":1}}"#,
        r#"{"exec-oob":"query-name"}"#,
        r#"{"exec-oob":"x-no","id":0.3}"#,
    ] {
        let (expected, found) = (qemu.peer.ask(command), peer.ask(command));
        if expected != found {
            failures.push(format!("{command}\n  QEMU:   {expected}\n  server: {found}"));
        }
    }
    // Newer QEMUs report the position in the connection.
    for (input, _) in malformed::cases("10.0.13") {
        let (expected, found) = (qemu.peer.lines_for(&input), peer.lines_for(&input));
        if expected != found {
            let input = input.escape_ascii();
            failures.push(format!("{input}\n  QEMU:   {expected:#?}\n  server: {found:#?}"));
        }
    }
    for (command, _) in arguments::cases("10.0.13") {
        let (expected, found) = (qemu.peer.ask(&command), peer.ask(&command));
        failures.extend(arguments::difference(&command, &expected, &found));
    }
    assert_none(&failures);
}
