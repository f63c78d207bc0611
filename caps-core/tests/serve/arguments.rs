//! QEMU's answers to commands with valid and invalid arguments, without a machine.

use caps_core::json::Document;
use caps_core::serve::Server;

use crate::support::{Peer, assert_none, capture};

const CASES: &str = include_str!("arguments.jsonl");

/// The commands with what one version answered.
pub(crate) fn cases(version: &str) -> impl Iterator<Item = (String, String)> {
    CASES.lines().map(move |line| {
        let document = Document::parse(line).expect("a case");
        let root = document.root();
        let command = root.get("command").expect("a command").text().to_owned();
        (command, root.get_str(version).expect("an answer").into_owned())
    })
}

/// Returns whether QEMU rejects a command because of its form.
pub(crate) fn is_about_form(answer: &str) -> bool {
    [
        "\"Invalid parameter type for ",
        "' is unexpected\"",
        "' is missing\"",
        "' does not accept value '",
        "\"CommandNotFound\"",
        "' expects ",
        "' is not a valid device model name",
        "\"QMP input ",
        "\"invalid object type: ",
        "\"DeviceNotFound\"",
        "\"CPU model '",
        "\"Property '",
    ]
    .iter()
    .any(|words| answer.contains(words))
}

/// Where the server and QEMU may differ: old QEMUs took any driver of `device_add` for a string, and
/// `val` of `memsave` has another width in old QEMUs than in new ones, so that it is taken as unknown.
pub(crate) fn is_known_difference(qemu: &str, server: &str) -> bool {
    let driver = "'5' is not a valid device model name";
    (qemu.contains(driver) && server.contains("'driver' is missing"))
        || (qemu.contains("'val' expects uint64") && server.contains("'val', expected: integer"))
}

/// The difference between the answers to a command, if any.
pub(crate) fn difference(command: &str, qemu: &str, server: &str) -> Option<String> {
    let same = if is_about_form(qemu) {
        qemu == server || is_known_difference(qemu, server)
    } else {
        !is_about_form(server)
    };
    (!same).then(|| format!("{command}\n  QEMU:   {qemu}\n  server: {server}"))
}

fn check(version: &str) {
    let conversation = capture(&format!("{version}_x86_64"));
    let server = Server::builder(&conversation).start().expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    let failures: Vec<String> = cases(version)
        .filter_map(|(command, qemu)| difference(&command, &qemu, &peer.ask(&command)))
        .collect();
    assert_none(&failures);
}

#[test]
fn are_judged_as_by_qemu_7_2() {
    check("7.2.22");
}

#[test]
fn are_judged_as_by_qemu_10_0() {
    check("10.0.13");
}

#[test]
fn are_judged_as_by_qemu_11_1() {
    check("11.1.3");
}

#[test]
fn the_comparison_finds_differences() {
    let refused = r#"{"error": {"class": "GenericError", "desc": "Parameter 'a' is missing"}}"#;
    let other = r#"{"error": {"class": "GenericError", "desc": "Parameter 'b' is missing"}}"#;
    assert!(difference("x", refused, refused).is_none());
    assert!(difference("x", refused, other).is_some());
    assert!(difference("x", refused, r#"{"return": {}}"#).is_some());
    assert!(difference("x", r#"{"return": {}}"#, refused).is_some());
}
