use crate::support::{Peer, server, timeless};

#[test]
fn the_greeting_has_the_version_of_the_capture() {
    let server = server();
    let (_, greeting) = Peer::greeted(server.socket());
    let version = r#"{"qemu": {"micro": 13, "minor": 0, "major": 10}, "package": "#;
    assert!(greeting.starts_with(&format!("{{\"QMP\": {{\"version\": {version}")), "{greeting}");
    assert!(greeting.ends_with(r#", "capabilities": ["oob"]}}"#), "{greeting}");
}

/// The commands of a connection with the answers of QEMU 10.0.
#[test]
fn negotiation_comes_first_and_once() {
    let server = server();
    let (mut peer, _) = Peer::greeted(server.socket());
    let not_yet = r#"{"id": 1, "error": {"class": "CommandNotFound", "desc": "Expecting capabilities negotiation with 'qmp_capabilities'"}}"#;
    for (command, answer) in [
        (r#"{"execute":"query-name","id":1}"#, not_yet),
        (r#"{"execute":"no-such-command","id":1}"#, not_yet),
        (
            r#"{"exec-oob":"query-name"}"#,
            r#"{"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","arguments":{"enable":["foo"]}}"#,
            r#"{"error": {"class": "GenericError", "desc": "Parameter 'null' does not accept value 'foo'"}}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","arguments":{"enable":5}}"#,
            r#"{"error": {"class": "GenericError", "desc": "Invalid parameter type for 'enable', expected: array"}}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","arguments":{"x":1}}"#,
            r#"{"error": {"class": "GenericError", "desc": "Parameter 'x' is unexpected"}}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","arguments":{"enable":["oob"]},"id":null}"#,
            r#"{"return": {}, "id": null}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","id":"z"}"#,
            r#"{"id": "z", "error": {"class": "CommandNotFound", "desc": "Capabilities negotiation is already complete, command ignored"}}"#,
        ),
        (
            r#"{"execute":"qmp_capabilities","arguments":{"enable":5}}"#,
            r#"{"error": {"class": "GenericError", "desc": "Invalid parameter type for 'enable', expected: array"}}"#,
        ),
        (
            r#"{"exec-oob":"query-name"}"#,
            r#"{"error": {"class": "GenericError", "desc": "The command query-name does not support OOB"}}"#,
        ),
        (
            r#"{"exec-oob":"query-name","arguments":{"a":1}}"#,
            r#"{"error": {"class": "GenericError", "desc": "The command query-name does not support OOB"}}"#,
        ),
        (
            r#"{"exec-oob":"nope","id":7}"#,
            r#"{"id": 7, "error": {"class": "CommandNotFound", "desc": "The command nope has not been found"}}"#,
        ),
        (
            r#"{"exec-oob":"migrate-pause","execute":"stop"}"#,
            r#"{"error": {"class": "GenericError", "desc": "QMP input member 'execute' clashes with 'exec-oob'"}}"#,
        ),
        (
            r#"{"exec-oob":5}"#,
            r#"{"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' must be a string"}}"#,
        ),
        (
            r#"{"exec-oob":"migrate-recover","arguments":{}}"#,
            r#"{"error": {"class": "GenericError", "desc": "Parameter 'uri' is missing"}}"#,
        ),
    ] {
        assert_eq!(peer.ask(command), answer, "{command}");
    }
}

#[test]
fn without_being_enabled_out_of_band_is_unknown() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    assert_eq!(
        peer.ask(r#"{"exec-oob":"migrate-pause"}"#),
        r#"{"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}"#
    );
}

#[test]
fn ids_come_back_as_qemu_prints_them() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    for (id, printed) in [
        ("1", "1"),
        ("1.0", "1"),
        ("0.1", "0.10000000000000001"),
        ("18446744073709551615", "18446744073709551615"),
        ("99999999999999999999999", "9.9999999999999992e+22"),
        (r#""\u00e9/é\u007f""#, r#""\u00E9/\u00E9\u007F""#),
        (r#""€a😀b€""#, r#""\u20ACa\uD83D\uDE00b\u20AC""#),
        (r#"{"b":1,"a":2,"zeta":3,"id":4}"#, r#"{"zeta": 3, "a": 2, "b": 1, "id": 4}"#),
        ("[]", "[]"),
        ("null", "null"),
    ] {
        let answer = peer.ask(format!("{{\"execute\":\"query-target\",\"id\":{id}}}"));
        assert_eq!(answer, format!("{{\"return\": {{\"arch\": \"x86_64\"}}, \"id\": {printed}}}"));
    }
}

#[test]
fn every_command_of_the_capture_is_listed() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    let commands = peer.ask(r#"{"execute":"query-commands"}"#);
    // The first and last commands in QEMU 10.0's list.
    let begin = r#"{"return": [{"name": "device_add"}, {"name": "cxl-release-dynamic-capacity"}, "#;
    assert!(commands.starts_with(begin), "{commands}");
    assert!(commands.ends_with(r#"{"name": "watchdog-set-action"}, {"name": "query-status"}]}"#));
    assert_eq!(commands.matches("\"name\"").count(), 233);
}

#[test]
fn what_was_not_recorded_is_reported() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    for (command, error) in [
        (r#"{"execute":"query-status"}"#, "the capture has no answer to 'query-status'"),
        (
            r#"{"execute":"qom-list","arguments":{"path":"/"}}"#,
            "the capture has no answer to 'qom-list' with these arguments",
        ),
        (
            r#"{"execute":"device_add","arguments":{"driver":"nvme"}}"#,
            "the capture has no answer to 'device_add' with these arguments",
        ),
        (
            r#"{"execute":"qom-list-properties","arguments":{"typename":"nvme"}}"#,
            "the capture has no answer to 'qom-list-properties' with these arguments",
        ),
    ] {
        let expected =
            format!("{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"{error}\"}}}}");
        assert_eq!(peer.ask(command), expected);
    }
}

#[test]
fn unknown_types_are_refused_as_by_qemu() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    for (execute, key, error) in [
        (
            "device-list-properties",
            "typename",
            r#""DeviceNotFound", "desc": "Device 'nope' not found""#,
        ),
        (
            "qom-list-properties",
            "typename",
            r#""DeviceNotFound", "desc": "Class 'nope' not found""#,
        ),
        (
            "device_add",
            "driver",
            r#""GenericError", "desc": "'nope' is not a valid device model name""#,
        ),
    ] {
        let command = format!("{{\"execute\":\"{execute}\",\"arguments\":{{\"{key}\":\"nope\"}}}}");
        assert_eq!(peer.ask(command), format!("{{\"error\": {{\"class\": {error}}}}}"));
    }
}

#[test]
fn arguments_match_in_any_order() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    let model = r#""model":{"props":{"migratable":false},"name":"host"}"#;
    let ask = |arguments: String| {
        format!("{{\"execute\":\"query-cpu-model-expansion\",\"arguments\":{{{arguments}}}}}")
    };
    let one = peer.ask(ask(format!("{model},\"type\":\"static\"")));
    assert!(one.starts_with(r#"{"return": {"model": {"#), "{one}");
    assert_eq!(peer.ask(ask(format!("\"type\":\"static\",{model}"))), one);
}

#[test]
fn commands_may_share_lines_and_span_them() {
    let server = server();
    let mut peer = Peer::negotiated(server.socket());
    let target = r#"{"return": {"arch": "x86_64"}, "id": "#;
    peer.send("{\"execute\"\n:\n\"query-target\",\"id\":1}{\"execute\":\"query-target\",\"id\":2} {'execute':'query-");
    assert_eq!(peer.line(), format!("{target}1}}"));
    assert_eq!(peer.line(), format!("{target}2}}"));
    assert_eq!(peer.ask("target','id':3}"), format!("{target}3}}"));
}

#[test]
fn quit_ends_the_connection_but_not_the_server() {
    let server = server();
    for _ in 0..2 {
        let mut peer = Peer::negotiated(server.socket());
        let event = peer.ask(r#"{"execute":"quit","id":3}"#);
        assert_eq!(
            timeless(&event),
            r#"{"event": "SHUTDOWN", "data": {"guest": false, "reason": "host-qmp-quit"}}"#
        );
        assert_eq!(peer.line(), r#"{"return": {}, "id": 3}"#);
        assert_eq!(peer.line(), "");
    }
}

#[test]
fn repeated_questions_get_the_recorded_answers_in_order() {
    use caps_core::replies::Conversation;
    use caps_core::serve::Server;

    let text = crate::support::capture("10.0.13_x86_64").text().to_owned();
    let kvm = |enabled: bool| {
        format!(
            "\n{{\"execute\": \"query-kvm\", \"id\": \"x\"}}\n\n\
             {{\"return\": {{\"enabled\": {enabled}, \"present\": true}}, \"id\": \"x\"}}\n"
        )
    };
    let first = text.find("\n{\n  \"execute\": \"query-kvm\"").expect("a question");
    let text = format!("{}{}{}{}", &text[..first], kvm(false), kvm(true), &text[first..]);
    let conversation = Conversation::parse(&text).expect("a good capture");
    let server = Server::builder(&conversation).start().expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    let mut enabled = || peer.ask(r#"{"execute":"query-kvm"}"#).contains("\"enabled\": true");
    assert_eq!([enabled(), enabled(), enabled(), enabled()], [false, true, true, true]);
}
