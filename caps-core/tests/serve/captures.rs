//! Probing the server reproduces the capture, byte for byte.

use std::path::Path;

use caps_core::Baseline;
use caps_core::capture::Captures;
use caps_core::probe::connect::Connected;
use caps_core::probe::{self, Recorder};
use caps_core::qmp::client::ClientOptions;
use caps_core::replies::Conversation;
use caps_core::serve::{Server, SessionChoice};
use caps_test_support::conformance_dirs;

use crate::support::{Peer, capture, data};

/// The recording of a probe of the server.
fn probed(server: &Server, hvf: bool, baseline: Baseline) -> String {
    let host = Connected::new(server.socket(), ClientOptions::default()).with_hvf(hvf);
    let mut recorder = Recorder::new(host);
    probe::run(baseline, &mut recorder).expect("a server that can be probed");
    recorder.into_parts().1
}

fn check_all(dir: &Path) -> usize {
    let captures = Captures::discover(dir).expect("well-named captures");
    let mut sessions = 0;
    for found in &captures {
        let Some(path) = &found.replies else { continue };
        let text = std::fs::read_to_string(path).expect("a capture");
        let conversation = Conversation::parse(&text).expect("a good capture");
        let server = Server::builder(&conversation).start().expect("a server");
        let hvf = probe::is_hvf(&found.id.variant);
        let baseline = probe::detect(&conversation, &found.id);
        for round in 1..=2 {
            let recorded = probed(&server, hvf, baseline);
            assert!(recorded == text, "{}, round {round}: not what was served", path.display());
        }
        server.stop().expect("a server that stops");
        sessions += conversation.sessions().len();
    }
    sessions
}

#[test]
fn of_the_project_are_given_back() {
    assert!(check_all(&data()) > 0);
}

#[test]
fn of_the_conformance_directory_are_given_back() {
    for dir in conformance_dirs("serve") {
        assert!(check_all(&dir) > 0, "no captures in `{}`", dir.display());
    }
}

#[test]
fn a_doctored_one_is_not_given_back() {
    let text = capture("10.0.13_x86_64").text().to_owned();
    let original = capture("7.2.22_x86_64");
    let baseline = probe::detect(&original, &"7.2.22_x86_64".parse().expect("a name"));
    let server = Server::builder(&original).start().expect("a server");
    assert_ne!(probed(&server, false, baseline), text);
}

/// A question that the two sessions answer differently.
fn sessions_differ(peer: &mut Peer) -> String {
    peer.ask(r#"{"execute":"query-cpu-definitions"}"#)
}

#[test]
fn sessions_are_original_in_turn() {
    let conversation = two_sessions();
    let server = Server::builder(&conversation).start().expect("a server");
    let mut seen = Vec::new();
    for _ in 0..4 {
        // A client that leaves before negotiating does not use up a session.
        drop(Peer::greeted(server.socket()));
        let mut peer = Peer::negotiated(server.socket());
        seen.push(sessions_differ(&mut peer));
    }
    assert_eq!(seen, ["{\"return\": 1}", "{\"return\": 2}", "{\"return\": 1}", "{\"return\": 2}"]);
}

#[test]
fn one_session_can_be_chosen() {
    let conversation = two_sessions();
    let start = |choice| Server::builder(&conversation).sessions(choice).start();
    let server = start(SessionChoice::Only(2)).expect("a server");
    for _ in 0..2 {
        let mut peer = Peer::negotiated(server.socket());
        assert_eq!(sessions_differ(&mut peer), "{\"return\": 2}");
        // A question recorded only in the other session is answered from there.
        assert!(peer.ask(r#"{"execute":"query-qmp-schema"}"#).contains("query-cpu-definitions"));
    }
    let error = start(SessionChoice::Only(3)).expect_err("there is no third session");
    assert_eq!(error.to_string(), "expected a session from 1 to 2, found 3");
}

fn two_sessions() -> Conversation {
    let schema = r#"[{"name":"query-cpu-definitions","meta-type":"command","arg-type":"0","ret-type":"0"},
        {"name":"0","meta-type":"object","members":[]}]"#;
    let version = r#"{"qemu":{"micro":0,"minor":2,"major":9},"package":""}"#;
    let exchange = |execute: &str, value: &str| {
        format!(
            "{{\"execute\":\"{execute}\",\"id\":\"x\"}}\n\n{{\"return\":{value},\"id\":\"x\"}}\n\n"
        )
    };
    let text = [
        exchange("qmp_capabilities", "{}"),
        exchange("query-version", version),
        exchange("query-qmp-schema", schema),
        exchange("query-cpu-definitions", "1"),
        exchange("qmp_capabilities", "{}"),
        exchange("query-cpu-definitions", "2"),
    ]
    .concat();
    Conversation::parse(text.trim_end()).expect("a good capture")
}
