use caps_core::serve::{CannedAnswer, CannedAnswers, Server};

use crate::support::{Peer, capture, timeless};

fn serve(answers: &str) -> Server {
    let answers = CannedAnswers::parse(answers).expect("good answers");
    Server::builder(&capture("10.0.13_x86_64")).answers(answers).start().expect("a server")
}

#[test]
fn a_rule_with_an_unknown_member_is_refused() {
    let answer = r#"{"execute": "stop", "return": {}"#;
    CannedAnswers::parse(&format!("{answer}}}")).expect("an answer");
    let error = CannedAnswers::parse(&format!("{answer}, \"retrun\": {{}}}}")).expect_err("a slip");
    assert!(error.to_string().contains("retrun"), "{error}");
}

#[test]
fn rules_answer_in_order_with_events() {
    let server = serve(
        r#"
# A guest that is started, once.
{"execute": "query-status", "return": {"running":false,"status":"paused"}, "times": 1}
{"execute": "query-status", "return": {"running":true,"status":"running"}}
{"execute": "cont", "before": [{"event": "RESUME"}]}
{"execute": "device_del", "arguments": {"id": "a"}, "after": [{"event": "DEVICE_DELETED", "data": {"device":"a","path":"/a"}}]}
{"execute": "device_del", "error": {"class": "DeviceNotFound", "desc": "Device not found"}}
{"execute": "__com.redhat_drive_del", "return": {}}
{"execute": "query-kvm", "return": {"enabled": false, "present": false}}
{"execute": "system_powerdown", "close": true}
"#,
    );
    let mut peer = Peer::negotiated(server.socket());
    for (command, answers) in [
        (
            r#"{"execute":"query-status"}"#,
            vec![r#"{"return": {"running": false, "status": "paused"}}"#],
        ),
        (
            r#"{"execute":"cont","id":1}"#,
            vec![r#"{"event": "RESUME"}"#, r#"{"return": {}, "id": 1}"#],
        ),
        (
            r#"{"execute":"query-status"}"#,
            vec![r#"{"return": {"running": true, "status": "running"}}"#],
        ),
        (
            r#"{"execute":"device_del","arguments":{"id":"a"}}"#,
            vec![
                r#"{"return": {}}"#,
                r#"{"event": "DEVICE_DELETED", "data": {"device": "a", "path": "/a"}}"#,
            ],
        ),
        (
            r#"{"execute":"device_del","arguments":{"id":"b"}}"#,
            vec![r#"{"error": {"class": "DeviceNotFound", "desc": "Device not found"}}"#],
        ),
        // What the schema rejects is rejected, and what it does not know is accepted.
        (
            r#"{"execute":"device_del","arguments":{"id":"a","x":1}}"#,
            vec![r#"{"error": {"class": "GenericError", "desc": "Parameter 'x' is unexpected"}}"#],
        ),
        (r#"{"execute":"__com.redhat_drive_del"}"#, vec![r#"{"return": {}}"#]),
        // A canned answer takes precedence over a recorded one.
        (r#"{"execute":"query-kvm"}"#, vec![r#"{"return": {"enabled": false, "present": false}}"#]),
        (r#"{"execute":"system_powerdown"}"#, vec![r#"{"return": {}}"#, ""]),
    ] {
        peer.send(command);
        for answer in answers {
            assert_eq!(timeless(&peer.line()), answer, "{command}");
        }
    }
}

#[test]
fn events_can_be_sent_at_any_time_after_negotiation() {
    let server = serve("");
    let send = || server.send_event("POWERDOWN", None).expect("an event without data");
    assert!(!send(), "nobody is there");
    let (mut peer, _) = Peer::greeted(server.socket());
    assert!(!send(), "nobody has negotiated");
    assert!(peer.ask(r#"{"execute":"query-name"}"#).contains("Expecting capabilities negotiation"));
    assert!(!send(), "an answer is no negotiation");
    peer.ask(r#"{"execute":"qmp_capabilities"}"#);
    assert!(send());
    assert_eq!(timeless(&peer.line()), r#"{"event": "POWERDOWN"}"#);
    assert!(server.send_event("X", Some("{")).is_err());
}

#[test]
fn rules_can_be_built() {
    let mut answers = CannedAnswers::default();
    let stop = CannedAnswer::new("stop").returns(r#"{"a":[1]}"#).expect("JSON").times(1);
    answers.push(stop.event_before("STOP", Some("{\"x\":1}")).expect("JSON"));
    answers.push(CannedAnswer::new("stop").fails("stopped already"));
    let server =
        Server::builder(&capture("10.0.13_x86_64")).answers(answers).start().expect("a server");
    let mut peer = Peer::negotiated(server.socket());
    let event = peer.ask(r#"{"execute":"stop"}"#);
    assert_eq!(timeless(&event), r#"{"event": "STOP", "data": {"x": 1}}"#);
    assert_eq!(peer.line(), r#"{"return": {"a": [1]}}"#);
    assert_eq!(
        peer.ask(r#"{"execute":"stop"}"#),
        r#"{"error": {"class": "GenericError", "desc": "stopped already"}}"#
    );
}

#[test]
fn malformed_answers_are_refused_where_it_is_wrong() {
    for (answers, error) in [
        ("{}", "line 1: expected an object with the string `execute`, found `{}`"),
        ("\n# x\n[1]", "line 3: expected an object with the string `execute`, found `[1]`"),
        (
            "{",
            "line 1: malformed JSON at column 2: expected a string as key or `}`, found the end of the text",
        ),
        (
            r#"{"execute":"x","retrun":{}}"#,
            "line 1: `retrun` is not a member of a canned answer, did you mean `return`?",
        ),
        (
            r#"{"execute":"x","return":{},"error":{}}"#,
            "line 1: expected one of `return` and `error`, found both",
        ),
        (
            r#"{"execute":"x","arguments":[]}"#,
            "line 1: expected an object as `arguments`, found `[]`",
        ),
        (
            r#"{"execute":"x","error":{"class":"GenericError"}}"#,
            "line 1: expected an object with the strings `class` and `desc` as `error`, found `{\"class\":\"GenericError\"}`",
        ),
        (r#"{"execute":"x","before":{}}"#, "line 1: expected an array of events, found `{}`"),
        (
            r#"{"execute":"x","after":[{"event":"E","date":{}}]}"#,
            "line 1: `date` is not a member of an event, did you mean `data`?",
        ),
        (
            r#"{"execute":"x","times":-1}"#,
            "line 1: expected a number that is not negative as `times`, found `-1`",
        ),
        // Of several mistakes, the first one is told.
        (
            r#"{"execute":"x","times":-1,"retrun":{}}"#,
            "line 1: expected a number that is not negative as `times`, found `-1`",
        ),
        (r#"{"execute":"x","close":1}"#, "line 1: expected a boolean as `close`, found `1`"),
    ] {
        assert_eq!(CannedAnswers::parse(answers).expect_err(answers).to_string(), error);
    }
}
