use caps_core::edit::Script;

use crate::corpus::conversation;
use crate::edit::{EXCHANGES, apply};

/// Each line of a script with a mistake, and its error message.
const MISTAKES: &[(&str, &str)] = &[
    (
        r#"{"edit": [{"action": "drop", "command": }]}"#,
        "column 41: expected a JSON value, found `}`",
    ),
    (r#"{"edits": []}"#, "unknown key `edits`, did you mean `edit`?"),
    ("{}", "`edit` is missing"),
    (r#"{"edit": {}}"#, "`edit`: expected a sequence, found a table"),
    (r#"{"edit": ["drop"]}"#, "`edit`: expected a table, found the string `drop`"),
    ("[]", "expected at least one edit"),
    (r#"[{"command": "x"}]"#, "`action` is missing"),
    (r#"[{"action": ["drop"], "command": "x"}]"#, "`action`: expected a string, found a list"),
    (
        r#"[{"action": "drop", "command": "x", "xyz": 1}]"#,
        "unknown key `xyz`, expected `action`, `command`, `arguments`, `session`, `occurrence`, \
         `new`, `reply`, `pointer`, `value`, `value-json`, `when`, `allow-no-match` or `comment`",
    ),
    (r#"[{"action": "drop"}]"#, "`command` is missing"),
    (r#"[{"action": "dorp", "command": "x"}]"#, "`dorp` is not an action, did you mean `drop`?"),
    (r#"[{"action": "drop", "command": "x", "command": "y"}]"#, "`command` is given twice"),
    (
        r#"[{"action": "drop", "command": "x", "pointer": "/return"}]"#,
        "`pointer` has no meaning for `drop`",
    ),
    (
        r#"[{"action": "set", "command": "x", "pointer": "/retrun/x", "value": 1}]"#,
        "`/retrun/x` is not a pointer into a reply, expected one that begins with `/return` or `/error`",
    ),
    (
        r#"[{"action": "set", "command": "x", "pointer": "/return/~2", "value": 1}]"#,
        "`/return/~2` is not a pointer into a reply, expected `0` or `1` after `~`",
    ),
    (r#"[{"action": "set", "command": "x", "pointer": "/return/x"}]"#, "`value` is missing"),
    (
        r#"[{"action": "set", "command": "x", "pointer": "/return/x", "value-json": "{"}]"#,
        "the value is not JSON: line 1, column 2: expected a string as key or `}`, found the end of the text",
    ),
    (
        r#"[{"action": "replace", "command": "x", "reply": {"retrun": {}}}]"#,
        "expected a reply with either `return` or `error`, found `{\"retrun\":{}}`",
    ),
    (
        r#"[{"action": "insert-after", "command": "x", "reply": {"return": {}}}]"#,
        "`new` is missing",
    ),
    (
        r#"[{"action": "insert-after", "command": "x", "new": {"exec": "y"}, "reply": {"return": {}}}]"#,
        "expected a command with `execute` and optionally `arguments`, found `{\"exec\":\"y\"}`",
    ),
    (
        r#"[{"action": "drop", "command": "x", "session": 0}]"#,
        "`session`: expected a number from 1 on, found `0`",
    ),
    (
        r#"[{"action": "drop", "command": "x", "occurrence": "frist"}]"#,
        "`frist` is not an occurrence, did you mean `first`?",
    ),
    (
        r#"[{"action": "drop", "command": "x", "when": {"version": "9.2"}}]"#,
        "`9.2` can be a version or a range, write \"9.2.0\" or \">=9.2, <9.3\"",
    ),
    (
        r#"[{"action": "drop", "command": "x", "when": {"arch": ["x68_64"]}}]"#,
        "`x68_64` is not an architecture that libvirt knows, did you mean `x86_64`?",
    ),
    (
        r#"[{"action": "drop", "command": "x", "when": {"variant": "hvf"}}]"#,
        "`hvf` is not a capture variant, expected `+` and a name without dots",
    ),
    (
        r#"[{"action": "drop", "command": "x", "when": {"schema": "x/%y"}}]"#,
        "component `%y` begins with an unknown operator, expected one of `^`, `!`, `$`, `+` and \
         `*`, or a blank before a name that begins with no letter",
    ),
    (
        r#"[{"action": "drop", "command": "x", "allow-no-match": "yes"}]"#,
        "`allow-no-match`: expected a boolean, found the string `yes`",
    ),
];

#[test]
fn a_mistake_in_a_script_is_reported_with_its_line() {
    for (script, expected) in MISTAKES {
        let error = Script::from_json(&format!("\n\n{script}")).expect_err(script);
        assert_eq!(error.to_string(), format!("line 3: {expected}"), "{script}");
    }
}

#[test]
fn null_is_a_value() {
    let script =
        r#"[{"action": "set", "command": "query-kvm", "pointer": "/return/x", "value": null}]"#;
    let script = Script::from_json(script).expect("a script");
    let edited = apply(&script, &conversation(EXCHANGES)).expect("an edit");
    assert!(edited.text.is_some_and(|text| text.contains("\"x\": null")));
}

#[cfg(feature = "toml")]
#[test]
fn a_toml_script_says_the_same_as_a_json_script() {
    let toml = r#"
        [[edit]]
        action = "insert-before"
        command = "query-machines"
        occurrence = "last"
        comment = "A table keeps the order of its keys."
        new = { execute = "query-news", arguments = { z = 0x10, a = [1.5, true] } }
        reply = '{"error": {"class": "GenericError", "desc": "none"}}'

        [[edit]]
        action = "set"
        command = "query-kvm"
        pointer = "/return/enabled"
        value = false
    "#;
    let json = r#"{"edit": [
        {"action": "insert-before", "command": "query-machines", "occurrence": "last",
         "new": {"execute": "query-news", "arguments": {"z": 16, "a": [1.5, true]}},
         "reply": {"error": {"class": "GenericError", "desc": "none"}}},
        {"action": "set", "command": "query-kvm", "pointer": "/return/enabled", "value-json": "false"}
    ]}"#;
    let conversation = conversation(EXCHANGES);
    let [toml, json] = [Script::from_toml(toml), Script::from_json(json)]
        .map(|script| apply(&script.expect("a script"), &conversation).expect("edits"));
    assert_eq!(toml, json);
    let text = toml.text.expect("a change");
    assert!(text.contains("\"arguments\": {\n    \"z\": 16,\n    \"a\": [\n      1.5,"), "{text}");
    assert!(text.contains("{\n  \"id\": \"libvirt-2\",\n  \"error\": {"), "{text}");

    for (script, expected) in [
        ("\n[[edit]]\naction = drop", "line 3: "),
        (
            "\n\n[[edit]]\naction = \"drop\"\ncomand = \"x\"",
            "line 5: unknown key `comand`, did you mean `command`?",
        ),
        ("[[edit]]\n\naction = \"drop\"", "line 1: `command` is missing"),
        (
            "[[edit]]\naction = \"set\"\ncommand = \"x\"\npointer = \"/return\"\nvalue = 1979-05-27",
            "line 5: a date can't be written as JSON",
        ),
        (
            "[[edit]]\naction = \"set\"\ncommand = \"x\"\npointer = \"/return\"\nvalue = inf",
            "line 5: this number can't be written as JSON",
        ),
        (
            "[[edit]]\naction = \"drop\"\ncommand = \"x\"\n[edit.when]\nversion = \"10\"",
            "line 5: `10` can be a version or a range",
        ),
    ] {
        let error = Script::from_toml(script).expect_err(script).to_string();
        assert!(error.starts_with(expected), "{script}: {error}");
    }
}

#[test]
fn an_edit_describes_itself() {
    for (action, expected) in [
        (r#""action": "drop""#, "drop `query-kvm` of session 2"),
        (
            r#""action": "insert-before", "new": {"execute": "x"}, "reply": {"return": 1}"#,
            "insert `x` before `query-kvm` of session 2",
        ),
        (
            r#""action": "insert-after", "new": {"execute": "x"}, "reply": {"return": 1}"#,
            "insert `x` after `query-kvm` of session 2",
        ),
        (
            r#""action": "replace", "new": {"execute": "x"}, "reply": {"return": 1}"#,
            "replace `query-kvm` of session 2 by `x`",
        ),
        (
            r#""action": "replace", "reply": {"return": 1}"#,
            "replace the reply to `query-kvm` of session 2",
        ),
        (
            r#""action": "set", "pointer": "/return/x", "value": 1"#,
            "set `/return/x` in the reply to `query-kvm` of session 2",
        ),
        (
            r#""action": "remove", "pointer": "/return/x""#,
            "remove `/return/x` from the reply to `query-kvm` of session 2",
        ),
    ] {
        let script = format!(r#"[{{"command": "query-kvm", "session": 2, {action}}}]"#);
        let script = Script::from_json(&script).expect("a script");
        assert_eq!(script.edits()[0].to_string(), expected);
    }
}

/// The names of the exchanges after an edit.
fn names_after(edit: &str) -> Vec<String> {
    let script = Script::from_json(&format!("[{{{edit}}}]")).expect("a script");
    let text = apply(&script, &conversation(EXCHANGES)).expect("an edit").text.expect("a change");
    let conversation = caps_core::replies::Conversation::parse(&text).expect("a conversation");
    conversation.exchanges().map(|e| e.command().execute().to_owned()).collect()
}

#[test]
fn an_exchange_is_inserted_on_its_side() {
    for (action, around) in [
        ("insert-before", ["qmp_capabilities", "x", "query-kvm"]),
        ("insert-after", ["query-kvm", "x", "device-list-properties"]),
    ] {
        let new = r#""new": {"execute": "x"}, "reply": {"return": 1}"#;
        let names = names_after(&format!(r#""action": "{action}", "command": "query-kvm", {new}"#));
        assert!(names.windows(3).any(|names| names == around), "{action}: {names:?}");
        assert_eq!(names.len(), EXCHANGES.len() + 1);
    }
}

#[test]
fn an_edit_can_be_for_one_session() {
    for (session, left) in [(1, [0, 1]), (2, [1, 0])] {
        let names = names_after(&format!(
            r#""action": "drop", "command": "query-machines", "session": {session}"#
        ));
        let second = names.iter().rposition(|name| name == "qmp_capabilities").expect("a session");
        let (one, two) = names.split_at(second);
        let count =
            |names: &[String]| names.iter().filter(|name| *name == "query-machines").count();
        assert_eq!([count(one), count(two)], left, "{session}");
    }
}

#[test]
fn what_an_edit_does_not_change_stays_as_it_was() {
    for pointer in ["/return/2", "/return/x", "/return/[name=none]"] {
        let script = format!(
            r#"[{{"action": "remove", "command": "device-list-properties", "pointer": "{pointer}"}}]"#
        );
        let script = Script::from_json(&script).expect("a script");
        let conversation = conversation(EXCHANGES);
        let subject = caps_core::edit::Subject::new(&conversation);
        assert_eq!(script.apply(&subject).expect("no edit").text, None, "{pointer}");
        apply(&script, &conversation).expect_err(pointer);
    }
    for (reply, expected) in [
        (r#"{"return": 1}"#, "{\n  \"return\": 1,\n  \"id\": \"libvirt-2\"\n}"),
        (r#"{"id": "a", "return": 1}"#, "{\n  \"id\": \"libvirt-2\",\n  \"return\": 1\n}"),
        (r#"{"error": {}}"#, "{\n  \"id\": \"libvirt-2\",\n  \"error\": {}\n}"),
        (r#"{"error": {}, "id": "a"}"#, "{\n  \"error\": {},\n  \"id\": \"libvirt-2\"\n}"),
    ] {
        let script =
            format!(r#"[{{"action": "replace", "command": "query-kvm", "reply": {reply}}}]"#);
        let script = Script::from_json(&script).expect("a script");
        let text = apply(&script, &conversation(EXCHANGES)).expect("an edit").text;
        assert!(text.is_some_and(|text| text.contains(expected)), "{reply}");
    }
}

/// Each part of an edit can be on a line of its own.
#[test]
fn a_mistake_is_reported_with_the_line_of_its_part() {
    for (script, expected) in [
        (
            "[{\"action\": \"set\", \"command\": \"x\",\n\"pointer\": \"/return/x\",\n\"value-json\": \"{\"}]",
            "line 3: the value is not JSON",
        ),
        (
            "[{\"action\": \"set\", \"command\": \"x\",\n\"pointer\": \"/x\",\n\"value-json\": \"1\"}]",
            "line 2: `/x` is not a pointer",
        ),
        (
            "[{\"action\": \"replace\", \"command\": \"x\",\n\"new\": {\"exec\": \"y\"},\n\"reply\": {\"return\": 1}}]",
            "line 2: expected a command",
        ),
        (
            "[{\"action\": \"replace\", \"command\": \"x\",\n\"new\": {\"execute\": \"y\"},\n\"reply\": {\"returns\": 1}}]",
            "line 3: expected a reply",
        ),
    ] {
        let error = Script::from_json(script).expect_err(script).to_string();
        assert!(error.starts_with(expected), "{script}: {error}");
    }
}
