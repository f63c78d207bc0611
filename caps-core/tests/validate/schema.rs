//! How values are visited along a schema, and what is said about those that do not fit.

use std::fmt::Write as _;

use caps_core::json::Document;
use caps_core::validate::{JsonOption, Policy, Verdict};

use crate::small::{BUILTINS, qemu, sent};
use crate::told;

const ENTRIES: &str = r#"
    {"name": "take", "meta-type": "command", "arg-type": "1", "ret-type": "2"},
    {"name": "take-2", "meta-type": "command", "arg-type": "2", "ret-type": "[2]",
        "allow-oob": true},
    {"name": "HAPPENED", "meta-type": "event", "arg-type": "2"},
    {"name": "1", "meta-type": "object", "members": [
        {"name": "text", "type": "str", "default": null},
        {"name": "whole", "type": "int", "default": null},
        {"name": "real", "type": "number", "default": null},
        {"name": "flag", "type": "bool", "default": null},
        {"name": "nil", "type": "null", "default": null},
        {"name": "all", "type": "any", "default": null},
        {"name": "items", "type": "items", "default": null},
        {"name": "table", "type": "table", "default": null},
        {"name": "color", "type": "3", "default": null},
        {"name": "list", "type": "[2]", "default": null},
        {"name": "either", "type": "4", "default": null},
        {"name": "self", "type": "1", "default": null},
        {"name": "needs", "type": "5", "default": null}]},
    {"name": "items", "meta-type": "builtin", "json-type": "array"},
    {"name": "table", "meta-type": "builtin", "json-type": "object"},
    {"name": "2", "meta-type": "object", "members": [{"name": "n", "type": "int"}]},
    {"name": "[2]", "meta-type": "array", "element-type": "2"},
    {"name": "3", "meta-type": "enum", "values": ["red", "green"],
        "members": [{"name": "red"}, {"name": "green"}]},
    {"name": "4", "meta-type": "alternate",
        "members": [{"type": "null"}, {"type": "3"}, {"type": "[2]"}, {"type": "int"}]},
    {"name": "5", "meta-type": "object", "members": [
        {"name": "a", "type": "str"}, {"name": "b", "type": "int"}, {"name": "c", "type": "number"},
        {"name": "d", "type": "bool"}, {"name": "e", "type": "null"}, {"name": "f", "type": "any"},
        {"name": "g", "type": "3"}, {"name": "h", "type": "[2]"}, {"name": "i", "type": "4"},
        {"name": "j", "type": "2"}]}"#;

#[test]
fn values_are_of_the_types_in_the_schema() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (arguments, expected) in [
        (r#"{"text": "", "whole": -1, "real": 1, "flag": false, "nil": null}"#, "valid: "),
        (r#"{"real": 1.5, "all": [{"x": 1}], "color": "red", "list": []}"#, "valid: "),
        (r#"{"text": null}"#, "invalid: `text` is a string, got null"),
        (r#"{"whole": "1"}"#, "invalid: `whole` is an integer, got string \"1\""),
        (r#"{"whole": 1.5}"#, "invalid: `whole` is an integer, got number 1.5"),
        (
            r#"{"whole": 18446744073709551616}"#,
            "invalid: `whole` is an integer of 64 bits, got 18446744073709551616",
        ),
        (r#"{"whole": -9223372036854775808}"#, "valid: "),
        (
            r#"{"whole": -9223372036854775809}"#,
            "invalid: `whole` is an integer of 64 bits, got -9223372036854775809",
        ),
        (r#"{"real": "1"}"#, "invalid: `real` is a number, got string \"1\""),
        (r#"{"flag": 1}"#, "invalid: `flag` is a boolean, got number 1"),
        (r#"{"nil": 0}"#, "invalid: `nil` is null, got number 0"),
        (r#"{"items": [1, {}], "table": {"a": 1}}"#, "valid: "),
        (r#"{"items": {}}"#, "invalid: `items` is an array, got an object"),
        (r#"{"table": []}"#, "invalid: `table` is an object, got an array"),
        (r#"{"color": true}"#, "invalid: `color` is a string, got boolean true"),
        (r#"{"list": {}}"#, "invalid: `list` is an array, got an object"),
        (r#"{"self": []}"#, "invalid: `self` is an object, got an array"),
        (r#"{"list": [{"n": 1}, {"n": []}]}"#, "invalid: `list[1].n` is an integer, got an array"),
        (r#"{"either": null}"#, "valid: "),
        (r#"{"either": 5}"#, "valid: "),
        (r#"{"either": [{"n": 1}]}"#, "valid: "),
        (
            r#"{"either": "blue"}"#,
            "invalid: `either` does not accept string \"blue\", expected `red` or `green`",
        ),
        (
            r#"{"either": {}}"#,
            "invalid: `either` is null or a string or an array or an integer, got an object",
        ),
        (
            r#"{"needs": {}}"#,
            "invalid: `needs.a` is missing, expected a string; `needs.b` is missing, expected an integer; \
             `needs.c` is missing, expected a number; `needs.d` is missing, expected a boolean; \
             `needs.e` is missing, expected null; `needs.f` is missing, expected a value; \
             `needs.g` is missing, expected `red` or `green`; `needs.h` is missing, expected an array; \
             `needs.i` is missing, expected null or a string or an array or an integer; \
             `needs.j` is missing, expected an object",
        ),
        (r#"{"self": {"txt": ""}}"#, "invalid: `self.txt` is unexpected, did you mean `text`?"),
        (
            r#"{"list": [{"n": 1, "zzzzzz": 1}]}"#,
            "invalid: `list[0].zzzzzz` is unexpected, no member is due here",
        ),
        (r#"{"self": {"text": "a", "text": "b"}}"#, "invalid: `self.text` is there twice"),
        (r#"{"all": {"a": [{"b": 1, "b": 2}]}}"#, "invalid: `all.a[0].b` is there twice"),
        (r#"{"real": NaN}"#, "invalid: `real` is a number that JSON has, got NaN"),
    ] {
        let found = told(&sent(&qemu, &format!("take {arguments}"), &Policy::default()));
        assert_eq!(found, expected, "{arguments}");
    }
}

#[test]
fn long_strings_are_shortened_in_messages() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (length, end) in [(48, "a\""), (49, "a…\"")] {
        let command = format!(r#"take {{"whole": "{}"}}"#, "a".repeat(length));
        let found = told(&sent(&qemu, &command, &Policy::default()));
        let start = "invalid: `whole` is an integer, got string \"";
        assert_eq!(found, format!("{start}{}{end}", "a".repeat(47)), "{length}");
    }
}

#[test]
fn levels_are_bounded() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (levels, verdict) in [(1, Verdict::Valid), (160, Verdict::Valid), (161, Verdict::Unknown)] {
        let open = r#"{"self": "#.repeat(levels - 1);
        let command = format!("take {open}{{}}{}", "}".repeat(levels - 1));
        let report = sent(&qemu, &command, &Policy::default());
        assert_eq!(report.verdict(), verdict, "{levels}: {}", told(&report));
    }
}

#[test]
fn a_command_has_a_name_arguments_and_an_id() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (command, subject, expected) in [
        (r#"{"execute": "take"}"#, "take", "valid: "),
        (r#"{"execute": "take", "arguments": {}, "id": [1]}"#, "take", "valid: "),
        (
            r#"{"execute": "take", "argument": {}}"#,
            "take",
            "invalid: `argument` is unexpected, did you mean `arguments`?",
        ),
        (
            r#"{"execute": "take", "xyzzy": 1, "id": 2}"#,
            "take",
            "invalid: `xyzzy` is unexpected, expected `execute`, `arguments` or `id`",
        ),
        (
            r#"{"execute": "take", "arguments": []}"#,
            "take",
            "invalid: `arguments` is an object, got an array",
        ),
        (
            r#"{"arguments": {}}"#,
            "",
            "invalid: `execute` is missing, expected the name of a command",
        ),
        (
            r#"{"execute": "take", "id": {"a": 1, "a": 2}}"#,
            "take",
            "invalid: `id.a` is there twice",
        ),
        (r#"{"exec-oob": "take-2", "arguments": {"n": 1}}"#, "take-2", "valid: "),
        (
            r#"{"exec-oob": "take"}"#,
            "take",
            "invalid: `exec-oob` is a command that can be executed out of band, got `take`",
        ),
    ] {
        let document = Document::parse(command).expect(command);
        let report = qemu.check(document.root(), &Policy::default());
        let found = (report.subject.as_str(), told(&report));
        assert_eq!(found, (subject, expected.to_owned()), "{command}");
    }
    let document = Document::parse("{}").expect("JSON");
    let report = qemu.check_option(JsonOption::Netdev, document.root(), &Policy::default());
    assert_eq!(report.subject, "netdev_add");
}

#[test]
fn a_name_is_that_of_a_command_or_of_an_event() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (command, expected) in [
        ("tale", "invalid: the schema has no command `tale`, did you mean `take`?"),
        ("HAPPENEM", "invalid: the schema has no command `HAPPENEM`"),
        ("nul", "invalid: the schema has no command `nul`"),
        ("HAPPENED", "invalid: the schema has no command `HAPPENED`"),
        ("str", "invalid: the schema has no command `str`"),
    ] {
        assert_eq!(told(&sent(&qemu, command, &Policy::default())), expected);
    }
    for (event, expected) in [
        (r#"{"event": "HAPPENED", "data": {"n": 1}}"#, "valid: "),
        (
            r#"{"event": "HAPPENED", "data": {"n": ""}}"#,
            "invalid: `data.n` is an integer, got string \"\"",
        ),
        (r#"{"event": "HAPPENED"}"#, "invalid: `data.n` is missing, expected an integer"),
        (r#"{"event": "take"}"#, "invalid: the schema has no event `take`"),
        (
            r#"{"event": "HAPPENEM"}"#,
            "invalid: the schema has no event `HAPPENEM`, did you mean `HAPPENED`?",
        ),
        (r#"{"data": {"n": 1}}"#, "invalid: `event` is missing, expected the name of an event"),
    ] {
        let document = Document::parse(event).expect(event);
        let report = qemu.check_event(document.root(), &Policy::default());
        assert_eq!(told(&report), expected, "{event}");
        let subject = document.root().get_str("event").unwrap_or_default();
        assert_eq!(report.subject, subject);
    }
}

#[test]
fn replies_are_of_the_type_that_the_command_returns() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (execute, reply, expected) in [
        ("take", r#"{"return": {"n": 1}}"#, "valid: "),
        ("take", r#"{"return": {}}"#, "invalid: `return.n` is missing, expected an integer"),
        (
            "take-2",
            r#"{"return": [{"n": 1}, {"n": null}]}"#,
            "invalid: `return[1].n` is an integer, got null",
        ),
        ("take-2", r#"{"return": [{"n": 1, "n": 1}]}"#, "invalid: `return[0].n` is there twice"),
        ("take", r#"{"error": {"class": "GenericError", "desc": ""}}"#, "valid: "),
        ("take", "{}", "invalid: `return` is missing, expected what was returned"),
        (
            "taken",
            r#"{"return": {}}"#,
            "invalid: the schema has no command `taken`, did you mean `take`?",
        ),
    ] {
        let document = Document::parse(reply).expect(reply);
        let report = qemu.check_reply(execute, document.root(), &Policy::default());
        assert_eq!(told(&report), expected, "{execute} {reply}");
        assert_eq!(report.subject, execute);
    }
}

/// `pick` takes a union whose tag is mandatory, `pick-2` one whose tag is optional.
const UNIONS: &str = r#"
    {"name": "pick", "meta-type": "command", "arg-type": "10", "ret-type": "0"},
    {"name": "pick-2", "meta-type": "command", "arg-type": "11", "ret-type": "0"},
    {"name": "10", "meta-type": "object", "tag": "kind", "members": [{"name": "kind", "type": "12"}],
        "variants": [{"case": "one", "type": "13"}, {"case": "two", "type": "14"}]},
    {"name": "11", "meta-type": "object", "tag": "kind",
        "members": [{"name": "kind", "type": "12", "default": null}],
        "variants": [{"case": "one", "type": "13"}]},
    {"name": "12", "meta-type": "enum", "values": ["one", "two", "none"],
        "members": [{"name": "one"}, {"name": "two"}, {"name": "none"}]},
    {"name": "13", "meta-type": "object", "members": [{"name": "first", "type": "int", "default": null}]},
    {"name": "14", "meta-type": "object", "members": [{"name": "second", "type": "int"}]}"#;

#[test]
fn the_tag_decides_about_members() {
    let qemu = qemu(&format!("{UNIONS}, {BUILTINS}"), &[]);
    for (command, expected) in [
        (r#"pick {"kind": "one", "first": 1}"#, "valid: "),
        (r#"pick {"kind": "one"}"#, "valid: "),
        (r#"pick {"kind": "none"}"#, "valid: "),
        (r#"pick {"kind": "two"}"#, "invalid: `second` is missing, expected an integer"),
        (
            r#"pick {"kind": "one", "second": 1}"#,
            "invalid: `second` is unexpected, expected `first`",
        ),
        (
            r#"pick {"kind": "none", "first": 1}"#,
            "invalid: `first` is unexpected, no member is due here",
        ),
        // Which variant was meant is unknown, so a member of any is in order, and no other.
        (
            r#"pick {"first": 1, "second": 1, "third": 1}"#,
            "invalid: `kind` is missing, expected `one`, `two` or `none`; `third` is unexpected, expected `kind`",
        ),
        (
            r#"pick {"kind": "ten", "first": 1}"#,
            "invalid: `kind` does not accept string \"ten\", expected `one`, `two` or `none`, did you mean `one`?",
        ),
        (r#"pick {"kind": 1, "second": 1}"#, "invalid: `kind` is a string, got number 1"),
        (r#"pick-2 {"kind": "none"}"#, "valid: "),
        (r#"pick-2 {"kind": "one", "first": 1}"#, "valid: "),
        (r#"pick-2 {"first": 1}"#, "unknown: "),
        (
            r#"pick-2 {"kind": "none", "first": 1}"#,
            "invalid: `first` is unexpected, no member is due here",
        ),
    ] {
        let report = sent(&qemu, command, &Policy::default());
        let found = told(&report);
        assert_eq!(
            found.split(", did you").next(),
            expected.split(", did you").next(),
            "{command}"
        );
        let is_open = command == r#"pick-2 {"first": 1}"#;
        assert_eq!(report.unchecked.len(), usize::from(is_open), "{command}");
    }
}

/// Types 100, 101... of which each is the variant of the one before.
fn variants(last: usize, of_last: &str) -> String {
    let mut entries = String::from(
        r#"{"name": "nest", "meta-type": "command", "arg-type": "100", "ret-type": "0"}"#,
    );
    for depth in 0..=last {
        let variant = if depth == last { of_last.to_owned() } else { (depth + 101).to_string() };
        write!(
            entries,
            r#", {{"name": "{}", "meta-type": "object", "tag": "t{depth}",
                "members": [{{"name": "t{depth}", "type": "str"}}],
                "variants": [{{"case": "x", "type": "{variant}"}}]}}"#,
            depth + 100
        )
        .expect("a string");
    }
    format!("{entries}, {BUILTINS}")
}

#[test]
fn variants_nest_but_do_not_form_loops() {
    let tags = |last: usize| {
        let tags: Vec<String> = (0..=last).map(|depth| format!(r#""t{depth}": "x""#)).collect();
        format!("nest {{{}}}", tags.join(", "))
    };
    for (last, of_last, expected) in [
        (2, "0", "valid: "),
        (32, "0", "valid: "),
        (1, "100", "invalid: the variants of `101` form a loop"),
        (1, "999", "invalid: the schema has no type `999`"),
    ] {
        let report = sent(&qemu(&variants(last, of_last), &[]), &tags(last), &Policy::default());
        assert_eq!(told(&report), expected, "{last} {of_last}");
    }
}

/// QEMU reports one problem, and which one depends on all members that the command has; the results are
/// from QEMU 7.2, 10.0 and 11.1.
#[test]
fn of_several_unexpected_members_qemu_reports_the_first() {
    let parameters = "announce-max announce-rounds announce-step throttle-trigger-threshold cpu-throttle-initial \
        cpu-throttle-increment tls-authz avail-switchover-bandwidth downtime-limit x-checkpoint-delay \
        multifd-channels xbzrle-cache-size max-cpu-throttle multifd-zstd-level vcpu-dirty-limit";
    for (known, sent_members, first) in [
        ("", "one red eta blue pi", "pi"),
        ("", "black qux five iota foo alpha", "iota"),
        ("", "mu foo nu one upsilon beta omega", "omega"),
        (
            parameters,
            "cpu-throttle-initial rho max-cpu-throttle cpu-throttle-increment multifd-zstd-level nu south \
             vcpu-dirty-limit x-checkpoint-delay announce-max announce-rounds xbzrle-cache-size \
             multifd-channels tls-authz downtime-limit tau throttle-trigger-threshold announce-step \
             avail-switchover-bandwidth",
            "south",
        ),
    ] {
        let member =
            |name: &str| format!(r#"{{"name": "{name}", "type": "any", "default": null}}"#);
        let members: Vec<String> = known.split_whitespace().map(member).collect();
        let entries = format!(
            r#"{{"name": "set", "meta-type": "command", "arg-type": "1", "ret-type": "0"}},
               {{"name": "1", "meta-type": "object", "members": [{}]}}, {BUILTINS}"#,
            members.join(", ")
        );
        let given: Vec<String> =
            sent_members.split_whitespace().map(|name| format!(r#""{name}": 1"#)).collect();
        let command = format!("set {{{}}}", given.join(", "));
        let report = sent(&qemu(&entries, &[]), &command, &Policy::default());
        assert_eq!(report.problems[0].member(), first, "{sent_members}");
    }
}

#[test]
fn repeated_members_are_told_in_their_order() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for others in [0, 20] {
        let others: Vec<String> =
            (0..others).map(|number| format!(r#", "o{number}": 1"#)).collect();
        let others = others.concat();
        let command = format!(r#"take {{"all": {{"b": 1, "b": 2, "a": 3, "a": 4{others}}}}}"#);
        let found = told(&sent(&qemu, &command, &Policy::default()));
        assert_eq!(found, "invalid: `all.b` is there twice; `all.a` is there twice");
    }
}
