//! Every way in which a file can be wrong, with the resulting message.

use caps_core::Baseline;
use caps_core::check::check;
use caps_core::json::Document;
use caps_core::probe::{Matching, derive};
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;

/// A valid conversation.
const GOOD: &str = r#"{
  "execute": "qmp_capabilities",
  "id": "libvirt-1"
}

{
  "return": {},
  "id": "libvirt-1"
}

{
  "execute": "query-qmp-schema",
  "id": "libvirt-2"
}

{
  "return": [
    {
      "name": "stop",
      "meta-type": "command",
      "arg-type": "0",
      "ret-type": "0"
    }
  ],
  "id": "libvirt-2"
}
"#;

/// The message of `check` for the valid conversation after one change.
fn checked(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "nothing to change: {from}");
    let text = GOOD.replacen(from, to, 1);
    check(text.as_bytes()).expect_err("a doctored file").to_string()
}

#[test]
fn the_good_conversation_is_good() {
    assert_eq!(check(GOOD.as_bytes()), Ok(()));
    assert_eq!(check(GOOD.replace('\n', "\r\n").as_bytes()), Ok(()), "CR LF counts as LF");
}

#[test]
fn pairing() {
    let reply = "{\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}\n\n";
    assert_eq!(checked(reply, ""), "line 1: command `qmp_capabilities` has no reply");
    let command = "{\n  \"execute\": \"query-qmp-schema\",\n  \"id\": \"libvirt-2\"\n}\n\n";
    assert_eq!(
        checked(command, ""),
        "line 11: expected a command with `execute`, found a reply (an object with `return`)"
    );
    assert_eq!(
        checked("\"execute\": \"query-qmp-schema\"", "\"exec\": \"query-qmp-schema\""),
        "line 11: expected a command with `execute`, found an object with `exec`"
    );
    assert_eq!(
        checked("\"return\": {}", "\"returns\": {}"),
        "line 6: expected the reply to `qmp_capabilities` with `return` or `error`, found an object with `returns`"
    );
    assert_eq!(
        checked("{\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}", "{}"),
        "line 6: expected the reply to `qmp_capabilities` with `return` or `error`, found an empty object"
    );
    assert_eq!(
        checked("{\n  \"return\": {},\n  \"id\": \"libvirt-1\"\n}", "[\n  1\n]"),
        "line 6: expected the reply to `qmp_capabilities` with `return` or `error`, found a JSON array"
    );
    let last = GOOD.rfind("{\n  \"return\"").expect("a reply");
    let error = check(&GOOD.as_bytes()[..last]).expect_err("no last reply");
    assert_eq!(error.to_string(), "line 11: command `query-qmp-schema` has no reply");
}

#[test]
fn numbering_and_formatting() {
    assert_eq!(
        checked("\"libvirt-2\"", "\"libvirt-3\""),
        "line 13: expected `  \"id\": \"libvirt-2\"`, found `  \"id\": \"libvirt-3\"`"
    );
    assert_eq!(
        checked("\"return\": {}", "\"return\": { }"),
        "line 7: expected `  \"return\": {},`, found `  \"return\": { },`"
    );
    assert_eq!(
        checked("  \"id\": \"libvirt-2\"\n}\n\n", "  \"id\": \"libvirt-2\"}\n\n"),
        "line 13: expected `  \"id\": \"libvirt-2\"`, found `  \"id\": \"libvirt-2\"}`"
    );
    let error = check(GOOD.trim_end().as_bytes()).expect_err("no newline at the end");
    assert_eq!(error.to_string(), "line 27: expected ``, found the end of the file");
    let second = GOOD.find("{\n  \"execute\": \"query").expect("the second command");
    let error = check(&GOOD.as_bytes()[second..]);
    assert_eq!(
        error.expect_err("no session").to_string(),
        "line 3: expected `  \"id\": \"libvirt-9999\"`, found `  \"id\": \"libvirt-2\"`"
    );
}

#[test]
fn text() {
    assert_eq!(
        checked("\"arg-type\": \"0\",", "\"arg-type\": \"0\""),
        "line 22: malformed JSON at column 7: expected `,` or `}`, found `\"`"
    );
    assert_eq!(
        checked("}\n\n{", "}\n\n\n{"),
        "line 6: expected a JSON object, found an empty line"
    );
    let error = check(b"").expect_err("nothing");
    assert_eq!(error.to_string(), "line 1: expected a QMP conversation, found an empty file");
    let error = check(b"{\n\"execute\": \"\xff\"}").expect_err("no text");
    assert_eq!(error.to_string(), "line 2: expected UTF-8, found the byte 0xff");
    let deep = format!("{{\"execute\": {}", "[".repeat(1 << 20));
    assert!(check(deep.as_bytes()).expect_err("too deep").to_string().contains("1024 levels"));
}

#[test]
fn schema_coverage() {
    let cases = [
        (
            "\"command\"",
            "\"order\"",
            "line 18: schema entry `stop`: unknown meta-type `order`, expected command, event, object, array, enum, alternate or builtin",
        ),
        (
            "      \"arg-type\": \"0\",\n",
            "",
            "line 18: schema entry `stop`: expected the key `arg-type`",
        ),
        (
            "\"arg-type\": \"0\"",
            "\"arg-type\": 0",
            "line 21: schema entry `stop`: expected `arg-type` to be a JSON string, found a JSON number",
        ),
        (
            "\"meta-type\": \"command\",",
            "\"meta-type\": \"command\",\n      \"colour\": 1,",
            "line 18: schema entry `stop`: unknown key `colour`",
        ),
        (
            "\"meta-type\": \"command\",",
            "\"meta-type\": \"command\",\n      \"features\": [\n        1\n      ],",
            "line 22: schema entry `stop`: expected `features` to be a JSON string, found a JSON number",
        ),
        (
            "      \"meta-type\": \"command\",\n",
            "",
            "line 18: schema entry `stop`: expected the string `meta-type`",
        ),
    ];
    for (from, to, message) in cases {
        assert_eq!(checked(from, to), message);
    }
    let object = |members: &str| {
        let entry = format!(r#"{{"name":"o","meta-type":"object","members":[{members}]}}"#);
        let text = format!("{{\"execute\":\"query-qmp-schema\"}}\n\n{{\"return\":[{entry}]}}\n");
        check(text.as_bytes()).expect_err("not formatted, at least").to_string()
    };
    assert_eq!(
        object(r#"{"name":"m"}"#),
        "line 3: schema entry `o`, members: expected the key `type`"
    );
    assert_eq!(
        object(r#"{"name":"m","type":"str","default":1}"#),
        "line 3: schema entry `o`, members: expected `default` to be a JSON null, found a JSON number"
    );
    assert!(object(r#"{"name":"m","type":"str","default":null}"#).starts_with("line 1: expected"));
}

#[test]
fn schemas_that_can_not_be_used() {
    let schema = |value: &str| {
        let text = format!("{{\"execute\":\"query-qmp-schema\"}}\n\n{{{value}}}\n");
        let conversation = Conversation::parse(&text).expect("a conversation");
        Schema::from_conversation(&conversation).expect_err("no schema").to_string()
    };
    assert_eq!(
        schema(r#""news":1"#),
        "line 3: expected the reply to `query-qmp-schema` with `return` or `error`, found an object with `news`"
    );
    assert_eq!(
        schema(r#""return":{}"#),
        "line 3: expected the array of schema entries, found a JSON object"
    );
    assert_eq!(schema(r#""return":[{}]"#), "line 3: schema entry without the string `name`");
    assert_eq!(
        schema("\"return\":[{\"name\":\"a\"},\n{\"name\":\"a\"}]"),
        "line 4: schema entry `a` is there twice"
    );
    assert_eq!(
        schema(r#""error":{"class":"CommandNotFound","desc":"no"}"#),
        "`query-qmp-schema` failed: CommandNotFound: no"
    );
}

#[test]
fn strict_and_by_content() {
    let conversation = Conversation::parse(GOOD).expect("a conversation");
    let id = "9.1.0_x86_64".parse().expect("a name");
    let strict = derive(&conversation, &id, Matching::Strict, Baseline::Libvirt11_3)
        .expect_err("another conversation");
    assert_eq!(
        strict.kind.to_string(),
        "line 11: expected the recorded command `{\"execute\":\"query-qmp-schema\",\"id\":\"libvirt-2\"}`, got the question `{\"execute\":\"query-version\",\"id\":\"libvirt-2\"}`"
    );
    let loose = derive(&conversation, &id, Matching::ByContent, Baseline::Libvirt11_3)
        .expect_err("no version");
    assert_eq!(loose.to_string(), "can't use the answer to `query-version`");
    assert_eq!(loose.kind.to_string(), "the recording has no such exchange");
}

#[test]
fn the_first_component_of_a_query_is_a_name() {
    let schema = Document::parse(r#"[{"name":"*","meta-type":"command"}]"#).expect("JSON");
    let schema = Schema::from_document(schema).expect("a schema");
    for (name, is_known) in [("*", true), ("^", false), ("$x", false)] {
        let query: Query = name.parse().expect(name);
        assert_eq!(schema.holds(&query), is_known, "{name}");
    }
}

/// A command has neither values nor variants, and its arguments are never optional.
#[test]
fn what_only_types_have_is_not_found_in_commands() {
    let entries = r#"[{"name":"go","meta-type":"command","arg-type":"0","ret-type":"0"},
        {"name":"WENT","meta-type":"event","arg-type":"0"},
        {"name":"0","meta-type":"object","members":[]}]"#;
    let schema = Document::parse(entries).expect("JSON");
    let schema = Schema::from_document(schema).expect("a schema");
    for (query, expected) in [
        ("go/arg-type", true),
        ("WENT/arg-type", true),
        ("go/*arg-type", false),
        ("go/+arg-type", false),
        ("go/^arg-type", false),
        ("go/!object", false),
        ("WENT/+arg-type", false),
    ] {
        let query: Query = query.parse().expect(query);
        assert_eq!(schema.holds(&query), expected, "{query}");
    }
    assert_eq!([schema.has_event("WENT"), schema.has_event("go")], [true, false]);
}

#[test]
fn malformed_queries_are_named() {
    for (query, expected) in [
        ("", "component 1 of the query is empty"),
        ("a//b", "component 2 of the query is empty"),
        ("a/", "component 2 of the query is empty"),
        ("a/*/b", "component 2 of the query is empty"),
        ("a/!string/$c", "nothing may follow the test `!string`"),
        ("a/$b/$c", "nothing may follow the test `$b`"),
        ("a/^b/c", "nothing may follow the test `^b` but one `$feature`"),
        ("a/!string/c", "nothing may follow the test `!string`"),
        ("a/$b/c", "nothing may follow the test `$b`"),
    ] {
        let error = query.parse::<Query>().expect_err(query);
        assert_eq!(error.to_string(), expected, "{query}");
    }
}

/// What `check` reads in one pass must be as strict as reading it piece by piece.
#[test]
fn a_schema_is_whole_and_in_its_place() {
    let id = "  \"id\": \"libvirt-2\"\n";
    let start = GOOD.rfind("{\n  \"return\"").expect("the schema");
    let end = GOOD.rfind("\n  ],").expect("the end of the schema");
    let first = format!("{}{{\n{},\n  \"return\"", &GOOD[..start], id.trim_end());
    let cut = format!("{first}{}\n", &GOOD[start + "{\n  \"return\"".len()..end]);
    let error = check(cut.as_bytes()).expect_err("cut off").to_string();
    assert!(error.contains("malformed JSON"), "{error}");
    let news = "  ],\n  \"news\": [\n    {\n      \"name\": \"x\"\n    }\n  ],\n";
    let other = GOOD.replace(&format!("  ],\n{id}"), &format!("{news}{id}"));
    assert_ne!(other, GOOD);
    assert_eq!(check(other.as_bytes()), Ok(()), "another member is no schema");
    let none = format!("{}{{\n  \"return\": {{}},\n{id}}}\n", &GOOD[..start]);
    let error = check(none.as_bytes()).expect_err("no schema").to_string();
    assert_eq!(error, "line 17: the schema: expected an array, found a JSON object");
    let raw = checked("\"stop\"", "\"st\u{f6}p\"");
    assert!(raw.starts_with("line 19: expected `      \"name\": \"st\\u00f6p\""), "{raw}");
}

/// In a recording, a malformed answer has a line; a live answer is one line.
#[test]
fn a_malformed_answer_is_named_with_its_line() {
    let start = "{\"execute\": \"qmp_capabilities\"}\n\n{\"return\": {}}\n";
    for (answer, line, expected) in [
        (
            "{\n\"return\": {\n\"qemu\": 1,\n\"package\": \"\"}}",
            7,
            "line 9: expected the unsigned 32-bit integer `major`, found nothing",
        ),
        (
            "{\n\"return\": {\n\"package\": \"\"}}",
            7,
            "line 8: expected the object `qemu`, found nothing",
        ),
    ] {
        let text = format!("{start}\n{{\"execute\": \"query-version\"}}\n\n{answer}\n");
        let conversation = Conversation::parse(&text).expect("a conversation");
        let id = "9.1.0_x86_64".parse().expect("a name");
        let error = derive(&conversation, &id, Matching::ByContent, Baseline::Libvirt11_3)
            .expect_err("a malformed answer");
        assert_eq!((error.line, error.kind.to_string().as_str()), (Some(line), expected));
    }
}
