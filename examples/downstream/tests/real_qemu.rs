//! A real QEMU accepts the golden files for its own release and for older ones: the command line, and
//! hotplugging a disk. With `QEMU_CAPS_REQUIRE_QEMU=1`, a missing QEMU is a failure.

mod support;

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};

use orchestrator::{Disk, attach_disk};
use qemu_caps::prelude::*;
use serde_json::Value;
use support::Captured;

const PROGRAM: &str = "qemu-system-x86_64";

/// The version of the installed QEMU.
fn installed() -> Option<Version> {
    let Ok(output) = Command::new(PROGRAM).arg("--version").output() else {
        let required = env::var_os("QEMU_CAPS_REQUIRE_QEMU").is_some_and(|value| value == "1");
        assert!(!required, "{PROGRAM} is required, but not installed");
        eprintln!("not tested: {PROGRAM} is not installed");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.strip_prefix("QEMU emulator version ").expect(&text);
    Some(version.split_whitespace().next().expect(&text).parse().expect(&text))
}

/// The words of a golden command line.
fn words(text: &str) -> Vec<String> {
    let joined = text.replace(" \\\n", " ");
    let words = joined.trim().split(' ').map(|word| word.trim_matches('\'').to_owned());
    words.collect()
}

#[caps_test(all, "x86_64")]
fn takes_the_golden_command_line(Captured(emulator): Captured, id: &CaptureId) {
    let Some(installed) = installed() else { return };
    // What is written for a newer QEMU may use what this one lacks.
    if id.version > installed {
        eprintln!("not tested: QEMU {installed} is older than {}", id.version);
        return;
    }
    let path =
        format!("{}/tests/golden/plain/x86_64-{}.args", env!("CARGO_MANIFEST_DIR"), id.version);
    let line = words(&fs::read_to_string(&path).expect(&path));
    assert!(line[0].ends_with(PROGRAM), "{line:?}");

    let mut commands = vec![serde_json::json!({"execute": "qmp_capabilities"})];
    commands
        .extend(attach_disk(1, &Disk { threads: 1, ..Disk::empty() }, &emulator).expect("a disk"));
    commands.push(serde_json::json!({"execute": "quit"}));

    let mut qemu = Command::new(PROGRAM)
        .args(&line[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was there a moment ago");
    let mut input = qemu.stdin.take().expect("a pipe");
    for command in &commands {
        // A QEMU that rejects its command line reads no input; its output shows the reason.
        let _ = writeln!(input, "{command}");
    }
    let (mut output, (sender, receiver)) = (qemu.stdout.take().expect("a pipe"), mpsc::channel());
    thread::spawn(move || {
        let mut text = String::new();
        let read = output.read_to_string(&mut text).map(|_| text);
        sender.send(read)
    });
    let answer = receiver.recv_timeout(Duration::from_secs(60));
    drop(input);
    // It has quit, or never will.
    let _ = qemu.kill();
    let ended = qemu.wait_with_output().expect("it was started here");
    let complaint = String::from_utf8_lossy(&ended.stderr);
    let text = answer.expect("an end within a minute").expect("UTF-8");
    let messages: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let replies = messages.iter().filter(|message| message.get("event").is_none());
    // The greeting, and a success for each command.
    let good = replies.filter(|r| r.get("QMP").is_some() || r.get("return").is_some()).count();
    assert_eq!(good, 1 + commands.len(), "{text}{complaint}");
}
