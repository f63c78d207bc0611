//! Refusals of CPU models and their properties, in the words of their architecture.

use caps_core::serve::Server;
use caps_core::survey::Survey;

use crate::support::{Peer, capture, data};

const UNKNOWN: &str = r#"{"name":"nope"}"#;
const LACKING: &str = r#"{"name":"max","props":{"nosuch":true}}"#;

fn refusal(peer: &mut Peer, model: &str) -> String {
    let arguments = format!(r#"{{"type":"full","model":{model}}}"#);
    let answer =
        peer.ask(format!(r#"{{"execute":"query-cpu-model-expansion","arguments":{arguments}}}"#));
    let desc = answer.strip_prefix(r#"{"error": {"class": "GenericError", "desc": ""#);
    desc.and_then(|desc| desc.strip_suffix("\"}}")).unwrap_or(&answer).to_owned()
}

#[test]
fn unknown_models() {
    for (name, error) in [
        ("11.1.3_x86_64", "CPU model 'nope' not found"),
        ("11.1.3_s390x", "The CPU definition 'nope' is unknown."),
        ("11.1.3_aarch64", "The CPU type 'nope' is not a recognized ARM CPU type"),
        ("11.1.3_riscv64", "The CPU type 'nope' is not a known RISC-V CPU type"),
    ] {
        let server = Server::builder(&capture(name)).start().expect("a server");
        assert_eq!(refusal(&mut Peer::negotiated(server.socket()), UNKNOWN), error, "{name}");
    }
}

/// As the QEMUs of the surveys answered.
#[test]
fn properties() {
    let wrong = |name: &str| format!(r#"{{"name":"max","props":{{"{name}":5}}}}"#);
    for (name, model, error) in [
        ("7.2.22_aarch64", LACKING, "Parameter 'nosuch' is unexpected"),
        (
            "7.2.22_aarch64",
            &wrong("aarch64"),
            "Invalid parameter type for 'aarch64', expected: boolean",
        ),
        ("11.1.3_aarch64", LACKING, "Parameter 'model.props.nosuch' is unexpected"),
        (
            "11.1.3_aarch64",
            &wrong("aarch64"),
            "Invalid parameter type for 'model.props.aarch64', expected: boolean",
        ),
        ("11.1.3_loongarch64", LACKING, "Parameter 'model.props.nosuch' is unexpected"),
        ("11.1.3_riscv64", LACKING, "Property 'max-riscv-cpu.nosuch' not found"),
        ("11.1.3_s390x", LACKING, "Property 'max-s390x-cpu.nosuch' not found"),
        (
            "11.1.3_s390x",
            &wrong("hotpluggable"),
            "Property 'max-s390x-cpu.hotpluggable' is not writable",
        ),
        (
            "11.1.3_s390x",
            &wrong("vx"),
            "Invalid parameter type for 'model.props.vx', expected: boolean",
        ),
    ] {
        let bytes = std::fs::read(data().join(format!("caps_{name}.survey"))).expect(name);
        let survey = Survey::from_bytes(&bytes).expect(name);
        let server = Server::builder(survey.conversation()).start().expect(name);
        assert_eq!(refusal(&mut Peer::negotiated(server.socket()), model), error, "{name}");
    }
}
