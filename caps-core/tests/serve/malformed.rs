//! The answers of QEMU 7.2.22, 10.0.13 and 11.1.3 to malformed input, byte for byte. The first two
//! are the same. Each input is followed by `\xff`, which terminates anything unfinished.

use caps_core::json::Document;
use caps_core::serve::{CannedAnswer, CannedAnswers, Server};

use crate::support::{Peer, assert_none, capture};

const CASES: &str = include_str!("malformed.jsonl");

/// The bytes of an input, and the lines that one version answered.
pub(crate) fn cases(version: &str) -> impl Iterator<Item = (Vec<u8>, Vec<String>)> {
    CASES.lines().map(move |line| {
        let document = Document::parse(line).expect("a case");
        let input = document.root().get_str("input").expect("an input");
        let bytes = input.chars().map(|c| u8::try_from(u32::from(c)).expect("a byte")).collect();
        let lines = document.root().get(version).expect("answers");
        let lines = lines.elements().map(|line| line.as_str().expect("a line").into_owned());
        (bytes, lines.collect())
    })
}

fn check(capture_name: &str, recorded: &str) {
    let mut answers = CannedAnswers::default();
    answers.push(CannedAnswer::new("query-name"));
    let server =
        Server::builder(&capture(capture_name)).answers(answers).start().expect("a server");
    let mut failures = Vec::new();
    let mut count = 0;
    for (input, expected) in cases(recorded) {
        let mut peer = Peer::negotiated(server.socket());
        let lines = peer.lines_for(&input);
        if lines != expected {
            let input = input.escape_ascii();
            failures.push(format!("{input}:\n  expected {expected:#?}\n  found {lines:#?}"));
        }
        count += 1;
    }
    assert_none(&failures);
    assert!(count > 200, "only {count} cases");
}

#[test]
fn is_refused_as_by_qemu_7_2() {
    check("7.2.22_x86_64", "10.0.13");
}

#[test]
fn is_refused_as_by_qemu_10_0() {
    check("10.0.13_x86_64", "10.0.13");
}

#[test]
fn is_refused_as_by_qemu_11_1() {
    check("11.1.3_x86_64", "11.1.3");
}
