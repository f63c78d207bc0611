//! JSON in the spelling of captures.

use caps_core::json::{Document, pretty};
use caps_core::replies::{Conversation, ConversationBuilder, canonical};

#[test]
fn a_node_is_found_again_by_its_index() {
    let document = Document::parse(r#"{"a": [1, {"b": "x"}], "c": null}"#).expect("JSON");
    let list = document.root().get("a").expect("a list");
    for node in list.elements().chain(document.root().get("c")) {
        let again = document.node(node.index()).expect("a node");
        assert_eq!((again.text(), again.range()), (node.text(), node.range()));
    }
}

#[test]
fn keys_are_compared_decoded() {
    let document = Document::parse(r#"{"b": 1, "\u0061": 2, "\n": 3}"#).expect("JSON");
    let get = |key: &str| document.root().get(key).map(caps_core::json::Node::text);
    assert_eq!([get("a"), get("b"), get("\n"), get("n")], [Some("2"), Some("1"), Some("3"), None]);
}

/// As in Python: the last value wins, in the place of the first.
#[test]
fn a_repeated_key_keeps_its_first_place_and_its_last_value() {
    for count in 1..40 {
        for repeated in 0..count {
            let mut members: Vec<String> = (0..count).map(|n| format!("\"k{n}\": {n}")).collect();
            let expected = {
                let mut members = members.clone();
                members[repeated] = format!("\"k{repeated}\": true");
                format!("{{\n  {}\n}}", members.join(",\n  "))
            };
            members.push(format!("\"k{repeated}\": true"));
            let text = format!("{{{}}}", members.join(","));
            assert_eq!(pretty(&text).as_deref(), Ok(expected.as_str()));
        }
    }
}

#[test]
fn malformed_text_is_described_on_one_line() {
    for (text, expected) in [
        ("1, 2", "line 1, column 2: expected the end of the JSON text, found `,`"),
        ("\u{1b}[0m", "line 1, column 1: expected a JSON value, found `\\u{1b}`"),
        ("[\n1\u{7f}", "line 2, column 2: expected `,` or `]`, found `\\u{7f}`"),
        ("é", "line 1, column 1: expected a JSON value, found `é`"),
        ("]", "line 1, column 1: expected a JSON value, found `]`"),
    ] {
        let error = Document::parse(text).expect_err(text);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn an_exchange_is_numbered_whatever_its_ids_are() {
    for id in ["7", "\"x\"", "null", r#"{"id": {"id": 1}, "x": [2]}"#, "[[], {}]"] {
        let mut builder = ConversationBuilder::default();
        let command = format!(r#"{{"id": {id}, "execute": "qmp_capabilities"}}"#);
        builder.push(&command, &format!(r#"{{"return": {{"id": 5}}, "id": {id}}}"#)).expect(id);
        assert_eq!(
            builder.text(),
            "{\n  \"id\": \"libvirt-1\",\n  \"execute\": \"qmp_capabilities\"\n}\n\n\
             {\n  \"return\": {\n    \"id\": 5\n  },\n  \"id\": \"libvirt-1\"\n}\n"
        );
    }
}

#[test]
fn a_value_that_reads_id_is_a_value() {
    let mut builder = ConversationBuilder::default();
    builder.push(r#"{"execute": "id"}"#, r#"{"return": "id"}"#).expect("an exchange");
    assert_eq!(
        builder.text(),
        "{\n  \"execute\": \"id\",\n  \"id\": \"libvirt-9999\"\n}\n\n\
         {\n  \"return\": \"id\",\n  \"id\": \"libvirt-9999\"\n}\n"
    );
}

#[test]
fn containers_can_be_nested_in_any_order() {
    for text in [r#"[{"a":[1]},[[1],2]]"#, r#"{"a":[{"b":1},{"c":2}],"d":{"e":[{}],"f":3}}"#] {
        let document = Document::parse(text).expect(text);
        assert_eq!(document.root().compact(), text);
    }
}

#[test]
fn what_is_no_exchange_leaves_the_text_as_it_was() {
    let mut builder = ConversationBuilder::default();
    builder.document("{\"a\":1}").expect("JSON");
    assert_eq!(builder.text(), "{\n  \"a\": 1\n}\n");
    builder.document("{").expect_err("cut off");
    let command = r#"{"execute": "stop"}"#;
    for (command, reply) in
        [(command, "[1]"), (command, "{"), ("[1]", r#"{"return": {}}"#), ("1", "2"), ("", "")]
    {
        builder.push(command, reply).expect_err(reply);
        assert_eq!(builder.text(), "{\n  \"a\": 1\n}\n", "{command} {reply}");
    }
}

#[test]
fn a_reply_that_is_no_object_is_refused_at_once() {
    for reply in ["[\"return\": {}}", "{}", "{\n\"return\" 1}", "{return: 1}", "\"return\": 1"] {
        let text = format!("{{\"execute\": \"stop\"}}\n\n{reply}\n");
        Conversation::parse(&text).expect_err(reply);
    }
}

#[test]
fn a_reply_has_a_result_or_an_error() {
    for (reply, is_one) in [
        (r#"{"return": {}}"#, true),
        (r#"{"error": {"class": "GenericError", "desc": "no"}}"#, true),
        (r#"{"return": {}, "error": {"class": "GenericError", "desc": "no"}}"#, false),
        (r#"{"news": 1}"#, false),
    ] {
        for execute in ["query-qmp-schema", "query-kvm"] {
            let text = format!("{{\"execute\": \"{execute}\"}}\n\n{reply}\n");
            let conversation = Conversation::parse(&text).expect("a conversation");
            let exchange = conversation.find(execute).expect("an exchange");
            assert_eq!(exchange.reply().is_ok(), is_one, "{text}");
            assert_eq!(canonical(&conversation).is_ok(), is_one, "{text}");
        }
    }
}

#[test]
fn values_are_compared_by_their_meaning() {
    for (a, b, is_same) in [
        (r#"{"a":1,"b":[2]}"#, r#"{"b":[2],"a":1}"#, true),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        ("[1,2]", "[2,1]", false),
        ("[1,2]", "[1]", false),
        ("[1]", "[1,2]", false),
        ("1.5", "15e-1", true),
        (r#""a""#, r#""\u0061""#, true),
        ("null", "null", true),
        ("null", "false", false),
        ("true", "false", false),
    ] {
        let [first, second] = [a, b].map(|text| Document::parse(text).expect(text));
        assert_eq!(first.root().same_value(second.root()), is_same, "{a} {b}");
        assert_eq!(first.root().is_null(), a == "null");
    }
}

#[test]
fn a_document_has_no_node_behind_its_last() {
    let document = Document::parse(r#"{"a": [1]}"#).expect("JSON");
    let nodes = (0..9).map_while(|at| document.node(at));
    let nodes: Vec<&str> = nodes.map(caps_core::json::Node::text).collect();
    assert_eq!(nodes, [r#"{"a": [1]}"#, r#""a""#, "[1]", "1"]);
    assert!(document.node(usize::MAX).is_none());
    assert_eq!(format!("{:?}", document.root()), r#"Node("{\"a\": [1]}")"#);
}
