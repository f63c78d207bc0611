//! The names of types in messages, for types that few commands have.

use caps_core::Version;
use caps_core::replies::Conversation;
use caps_core::serve::Server;

use crate::support::Peer;

const SCHEMA: &str = r#"[
    {"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "query-version", "meta-type": "command", "arg-type": "0", "ret-type": "table"},
    {"name": "0", "meta-type": "object", "members": []},
    {"name": "1", "meta-type": "object", "members": [
        {"name": "real", "type": "number", "default": null},
        {"name": "list", "type": "list", "default": null},
        {"name": "table", "type": "table", "default": null},
        {"name": "nil", "type": "null", "default": null},
        {"name": "threads", "type": "2", "default": null},
        {"name": "count", "type": "3", "default": null},
        {"name": "either", "type": "4", "default": null},
        {"name": "node", "type": "5", "default": null},
        {"name": "nothing", "type": "6", "default": null},
        {"name": "name", "type": "7", "default": null}]},
    {"name": "2", "meta-type": "alternate", "members": [{"type": "[str]"}, {"type": "str"}]},
    {"name": "3", "meta-type": "alternate", "members": [{"type": "int"}, {"type": "bool"}]},
    {"name": "4", "meta-type": "alternate", "members": [{"type": "list"}, {"type": "table"}]},
    {"name": "5", "meta-type": "alternate", "members": [{"type": "8"}, {"type": "str"}]},
    {"name": "6", "meta-type": "alternate",
        "members": [{"type": "9"}, {"type": "null"}, {"type": "str"}]},
    {"name": "7", "meta-type": "alternate", "members": [{"type": "9"}, {"type": "str"}]},
    {"name": "8", "meta-type": "object", "members": [{"name": "node", "type": "str"}]},
    {"name": "9", "meta-type": "object", "members": [{"name": "name", "type": "str"}]},
    {"name": "[str]", "meta-type": "array", "element-type": "str"},
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
    {"name": "int", "meta-type": "builtin", "json-type": "int"},
    {"name": "number", "meta-type": "builtin", "json-type": "number"},
    {"name": "bool", "meta-type": "builtin", "json-type": "boolean"},
    {"name": "null", "meta-type": "builtin", "json-type": "null"},
    {"name": "list", "meta-type": "builtin", "json-type": "array"},
    {"name": "table", "meta-type": "builtin", "json-type": "object"}]"#;

#[test]
fn types_have_the_names_of_qemu() {
    let text = format!(
        "{{\"execute\": \"qmp_capabilities\"}}\n\n{{\"return\": {{}}}}\n\n\
         {{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": {SCHEMA}}}\n"
    );
    let conversation = Conversation::parse(&text).expect("a conversation");
    let version = Version::new(10, 1, 2).expect("a version");
    let server = Server::builder(&conversation).version(version).start().expect("a server");
    let (mut peer, greeting) = Peer::greeted(server.socket());
    let spelled = r#""version": {"qemu": {"micro": 2, "minor": 1, "major": 10}, "package": ""}"#;
    assert!(greeting.contains(spelled), "{greeting}");
    peer.ask(r#"{"execute": "qmp_capabilities"}"#);
    // The version that was given is also the answer to the question that the capture lacks.
    let answer = peer.ask(r#"{"execute": "query-version"}"#);
    assert_eq!(
        answer,
        r#"{"return": {"qemu": {"micro": 2, "minor": 1, "major": 10}, "package": ""}}"#
    );
    for (arguments, expected) in [
        (r#""real": "x""#, "'real', expected: number"),
        (r#""list": 1"#, "'list', expected: array"),
        (r#""table": []"#, "'table', expected: object"),
        (r#""nil": 0"#, "'nil', expected: null"),
        (r#""threads": 1"#, "'threads', expected: BlockExportIothreads"),
        (r#""count": "x""#, "'count', expected: boolean or integer"),
        (r#""either": 1"#, "'either', expected: array or object"),
        // Like alternates of QEMU, but not the same.
        (r#""node": 1"#, "'node', expected: object or string"),
        (r#""nothing": 1"#, "'nothing', expected: null or object or string"),
        (r#""name": 1"#, "'name', expected: object or string"),
    ] {
        let command = format!(r#"{{"execute": "go", "arguments": {{{arguments}}}}}"#);
        let desc = format!("Invalid parameter type for {expected}");
        let answer = format!(r#"{{"error": {{"class": "GenericError", "desc": "{desc}"}}}}"#);
        assert_eq!(peer.ask(command), answer);
    }
    for arguments in
        [r#""list": [1], "table": {"a": 1}, "either": []"#, r#""either": {}, "threads": ["a"]"#]
    {
        let answer = peer.ask(format!(r#"{{"execute": "go", "arguments": {{{arguments}}}}}"#));
        assert!(answer.contains("no answer to 'go' with these arguments"), "{answer}");
    }
}
