use caps_core::diff::{Change, DiffError, Difference, DifferenceKind, Side, diff};
use caps_core::replies::{Conversation, ConversationBuilder};
use serde_json::Value;

use crate::corpus::{captures, conversation, conversations};

/// A difference in one line.
pub(crate) fn line(difference: &Difference) -> String {
    let Difference { kind, name, change, host, .. } = difference;
    let host = if *host { " (host)" } else { "" };
    match change {
        Change::Added { detail } => format!("{kind} +{name} [{detail}]{host}"),
        Change::Removed { detail } => format!("{kind} -{name} [{detail}]{host}"),
        Change::Changed { what, from, to } => {
            format!("{kind} {name} [{what}] {from} -> {to}{host}")
        }
        _ => unreachable!("all changes are known"),
    }
}

pub(crate) fn compare(
    first: &[(&str, &str)],
    second: &[(&str, &str)],
) -> Result<Vec<String>, DiffError> {
    let [first, second] = [first, second].map(conversation);
    let differences = diff(&Side::new(&first), &Side::new(&second))?;
    // The reverse comparison is the mirror image.
    let back = diff(&Side::new(&second), &Side::new(&first))?;
    assert_eq!(back.len(), differences.len());
    Ok(differences.iter().map(line).collect())
}

fn schemas(first: &str, second: &str) -> Result<Vec<String>, DiffError> {
    let command = r#"{"execute": "query-qmp-schema"}"#;
    let [first, second] = [first, second].map(|entries| format!(r#"{{"return": [{entries}]}}"#));
    compare(&[(command, &first)], &[(command, &second)])
}

#[test]
fn members_values_variants_and_features_are_named_by_their_paths() {
    let old = r#"
        {"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "2"},
        {"name": "GONE", "meta-type": "event", "arg-type": "1"},
        {"name": "1", "meta-type": "object", "tag": "kind", "members": [
            {"name": "kind", "type": "3"}, {"name": "old", "type": "str"},
            {"name": "soft", "type": "str"}, {"name": "number", "type": "int"},
            {"name": "many", "type": "str"}, {"name": "either", "type": "5"}],
         "variants": [{"case": "a", "type": "2"}]},
        {"name": "2", "meta-type": "object", "members": []},
        {"name": "3", "meta-type": "enum", "members": [{"name": "a"}, {"name": "b"}]},
        {"name": "5", "meta-type": "alternate", "members": [{"type": "str"}]},
        {"name": "str", "meta-type": "builtin", "json-type": "string"},
        {"name": "int", "meta-type": "builtin", "json-type": "int"}"#;
    let new = r#"
        {"name": "int", "meta-type": "builtin", "json-type": "int"},
        {"name": "str", "meta-type": "builtin", "json-type": "string"},
        {"name": "null", "meta-type": "builtin", "json-type": "null"},
        {"name": "go", "meta-type": "command", "arg-type": "11", "ret-type": "12",
         "features": ["deprecated"], "allow-oob": true},
        {"name": "go-on", "meta-type": "command", "arg-type": "12", "ret-type": "12"},
        {"name": "[str]", "meta-type": "array", "element-type": "str"},
        {"name": "15", "meta-type": "alternate", "members": [{"type": "null"}, {"type": "str"}]},
        {"name": "13", "meta-type": "enum", "members": [
            {"name": "c"}, {"name": "a", "features": ["unstable"]}]},
        {"name": "12", "meta-type": "object", "members": []},
        {"name": "11", "meta-type": "object", "tag": "kind", "members": [
            {"name": "many", "type": "[str]"}, {"name": "number", "type": "str"},
            {"name": "soft", "type": "str", "default": null, "features": ["deprecated"]},
            {"name": "_new", "type": "[str]", "default": null, "features": ["unstable"]},
            {"name": "kind", "type": "13"}, {"name": "either", "type": "15"}],
         "variants": [{"case": "a", "type": "12"}, {"case": "c", "type": "12"}]}"#;
    assert_eq!(
        schemas(old, new).expect("two schemas"),
        [
            "command go [allow-oob] false -> true",
            "command +go-on []",
            "event -GONE []",
            "member +go/arg-type/ _new [optional, array of str, unstable]",
            "member -go/arg-type/old [mandatory, str]",
            "member go/arg-type/soft [] mandatory -> optional",
            "variant +go/arg-type/+c []",
            "type +go/arg-type/either [accepts a JSON null]",
            "type go/arg-type/many [] str -> array of str",
            "type go/arg-type/number [] int -> str",
            "enum-value -go/arg-type/kind/^b []",
            "enum-value +go/arg-type/kind/^c []",
            "feature +go/$deprecated []",
            "feature +go/arg-type/kind/^a/$unstable []",
            "feature +go/arg-type/soft/$deprecated []",
        ]
    );
}

#[test]
fn the_branches_of_an_alternate_are_told_by_their_json_types() {
    let schema = |either: &str| {
        format!(
            r#"{{"name": "go", "meta-type": "event", "arg-type": "1"}},
               {{"name": "1", "meta-type": "object", "members": [{{"name": "m", "type": "2"}}]}},
               {{"name": "2", "meta-type": "alternate", "members": [{either}]}},
               {{"name": "3", "meta-type": "enum", "members": [{{"name": "a"}}]}},
               {{"name": "4", "meta-type": "enum", "members": [{{"name": "b"}}]}},
               {{"name": "str", "meta-type": "builtin", "json-type": "string"}}"#
        )
    };
    let [text, letter, other, object] =
        [r#"{"type": "str"}"#, r#"{"type": "3"}"#, r#"{"type": "4"}"#, r#"{"type": "1"}"#]
            .map(schema);
    let compared = [(&text, &letter), (&letter, &other), (&letter, &object)]
        .map(|(old, new)| schemas(old, new).expect("two schemas"));
    let expected = [
        &["type go/arg-type/m [] str -> enum"][..],
        &["enum-value -go/arg-type/m/^a []", "enum-value +go/arg-type/m/^b []"],
        &[
            "type -go/arg-type/m [accepts a JSON string]",
            "type +go/arg-type/m [accepts a JSON object]",
        ],
    ];
    assert_eq!(compared, expected);
}

#[test]
fn a_shared_type_is_compared_once_at_its_shortest_path_and_recursion_ends() {
    let schema = |extra: &str| {
        format!(
            r#"{{"name": "b", "meta-type": "command", "arg-type": "1"}},
               {{"name": "a", "meta-type": "command", "arg-type": "2"}},
               {{"name": "loop", "meta-type": "command", "arg-type": "[9]"}},
               {{"name": "[9]", "meta-type": "array", "element-type": "[9]"}},
               {{"name": "1", "meta-type": "object",
                 "members": [{{"name": "self", "type": "1"}}{extra}]}},
               {{"name": "2", "meta-type": "object", "members": [{{"name": "of", "type": "1"}}]}}"#
        )
    };
    let new = schema(r#", {"name": "more", "type": "2"}"#);
    assert_eq!(
        schemas(&schema(""), &new).expect("two schemas"),
        ["member +b/arg-type/more [mandatory, object]"]
    );
    let error = schemas(&schema(""), r#"{"name": "b", "meta-type": "command", "arg-type": "7"}"#)
        .expect_err("a dangling type");
    assert_eq!(
        error.to_string(),
        "second capture, line 6: the schema has no type `7`, which `b/arg-type` refers to"
    );
}

#[test]
fn a_malformed_reply_is_an_error_that_names_the_capture() {
    let command = r#"{"execute": "query-machines"}"#;
    let good = [(command, r#"{"return": []}"#)];
    let bad = [(command, r#"{"return": [{"alias": "pc"}]}"#)];
    let message =
        |first: &[_], second: &[_]| compare(first, second).expect_err("no name").to_string();
    assert_eq!(
        message(&good, &bad),
        "second capture, line 8: expected elements with a string as name in the reply to `query-machines`"
    );
    assert!(message(&bad, &good).starts_with("first capture, line 8: "));
}

/// The same value with other type numbers, and with the elements of all lists in another order.
fn shuffled(mut value: Value) -> Value {
    match &mut value {
        Value::Array(elements) => {
            elements.reverse();
            *elements = std::mem::take(elements).into_iter().map(shuffled).collect();
        }
        Value::Object(members) => {
            let entry = members.contains_key("meta-type");
            for (key, member) in members {
                let of_type = key.ends_with("type") && key != "meta-type" || entry && key == "name";
                *member = match shuffled(member.take()) {
                    Value::String(name) if of_type => Value::String(renumbered(&name)),
                    other => other,
                };
            }
        }
        _ => {}
    }
    value
}

/// Types are named by their numbers, arrays by the numbers of their elements in brackets.
fn renumbered(name: &str) -> String {
    let inner = name.trim_start_matches('[').trim_end_matches(']');
    match inner.parse::<u32>() {
        Ok(number) => name.replace(inner, &(number + 1000).to_string()),
        Err(_) => name.to_owned(),
    }
}

#[test]
fn conformance_renumbered_types_and_reordered_replies_are_no_difference() {
    let Some(captures) = captures("diff of shuffled captures") else { return };
    for (id, conversation) in conversations(&captures) {
        let mut builder = ConversationBuilder::default();
        for exchange in conversation.exchanges() {
            let reply = serde_json::from_str(exchange.reply_text()).expect("JSON");
            builder.push(exchange.command_text(), &shuffled(reply).to_string()).expect("JSON");
        }
        let other = Conversation::parse(builder.text()).expect("a conversation");
        assert_ne!(other.text(), conversation.text());
        let differences = diff(&Side::new(&conversation), &Side::new(&other)).expect("captures");
        let lines: Vec<String> = differences.iter().map(line).collect();
        assert!(lines.is_empty(), "{id}: {lines:#?}");
    }
}

#[test]
fn conformance_what_9_2_and_10_0_differ_in_on_x86_64() {
    let Some(captures) = captures("diff of 9.2.0 and 10.0.0") else { return };
    let conversations = conversations(&captures);
    let [old, new] = ["9.2.0_x86_64", "10.0.0_x86_64"].map(|name| {
        let found = conversations.iter().find(|(id, _)| id.to_string() == name);
        Side::new(&found.expect(name).1)
    });
    let differences = diff(&old, &new).expect("captures");
    let lines: Vec<String> = differences.iter().filter(|d| !d.host).map(line).collect();
    for expected in [
        "version qemu [] 9.2.0 -> 10.0.0",
        "command +blockdev-set-active []",
        "event +NETDEV_VHOST_USER_CONNECTED []",
        "member +blockdev-add/arg-type/active [optional, bool]",
        "variant +chardev-add/arg-type/backend/+hub []",
        "enum-value +migrate/arg-type/channels/channel-type/^cpr []",
        "qom-type -sysbus-ahci []",
        "device-property intel-iommu.aw-bits [default-value] 39 -> 48",
        "device-property VGA.addr [type] int32 -> str",
        "machine-type q35 [stands for] pc-q35-9.2 -> pc-q35-10.0",
        "cpu-model +YongFeng [alias-of YongFeng-v1]",
        "option overcommit.mem-lock [type] boolean -> string",
    ] {
        assert!(lines.contains(&expected.to_owned()), "{expected} is not among {lines:#?}");
    }
    assert!(differences.iter().all(|d| d.kind != DifferenceKind::Feature), "{lines:#?}");
}
