//! What libvirt's rules say of each form of value.

use caps_core::validate::{Level, Policy};

use crate::small::{BUILTINS, qemu, sent};
use crate::told;

const ENTRIES: &str = r#"
    {"name": "take", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "1", "meta-type": "object", "members": [
        {"name": "text", "type": "str", "default": null},
        {"name": "real", "type": "number", "default": null},
        {"name": "flag", "type": "bool", "default": null},
        {"name": "nil", "type": "null", "default": null},
        {"name": "all", "type": "any", "default": null},
        {"name": "color", "type": "3", "default": null},
        {"name": "list", "type": "[2]", "default": null},
        {"name": "either", "type": "4", "default": null},
        {"name": "either-2", "type": "5", "default": null},
        {"name": "union", "type": "6", "default": null},
        {"name": "self", "type": "1", "default": null}]},
    {"name": "2", "meta-type": "object", "members": [{"name": "n", "type": "int"}]},
    {"name": "[2]", "meta-type": "array", "element-type": "2"},
    {"name": "3", "meta-type": "enum", "values": ["red", "green", "grey"], "members":
        [{"name": "red"}, {"name": "green", "features": ["unstable"]}, {"name": "grey", "features": ["deprecated"]}]},
    {"name": "4", "meta-type": "alternate", "members": [{"type": "2"}, {"type": "str"}, {"type": "bool"}]},
    {"name": "5", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "2"}]},
    {"name": "6", "meta-type": "object", "tag": "kind", "members": [{"name": "kind", "type": "3"}],
        "variants": [{"case": "red", "type": "2"}]}"#;

#[test]
fn values_are_judged_as_libvirt_judges_them() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    let deny = Policy::libvirt();
    let mut warn = Policy::libvirt();
    warn.deprecated = Level::Warn;
    for (arguments, policy, expected) in [
        (r#"{"text": "", "real": 1, "flag": true, "nil": null, "all": []}"#, &deny, "valid: "),
        (r#"{"text": 1}"#, &deny, "invalid: `text` is string, got number 1"),
        (r#"{"flag": null}"#, &deny, "invalid: `flag` is boolean, got null"),
        (r#"{"nil": []}"#, &deny, "invalid: `nil` is null, got an array"),
        (r#"{"real": "1"}"#, &deny, "invalid: `real` is number, got string \"1\""),
        (r#"{"color": "red"}"#, &deny, "valid: "),
        (r#"{"color": 1}"#, &deny, "invalid: `color` is a string, got number 1"),
        (
            r#"{"color": "rad"}"#,
            &deny,
            "invalid: `color` does not accept string \"rad\", expected `red`, `green` or `grey`, did you mean `red`?",
        ),
        (r#"{"color": "green"}"#, &warn, "invalid: `color` is unstable"),
        (r#"{"color": "grey"}"#, &deny, "invalid: `color` is deprecated"),
        (r#"{"color": "grey"}"#, &warn, "valid: "),
        (r#"{"list": {}}"#, &deny, "invalid: `list` is an array, got an object"),
        (
            r#"{"list": [{"n": 1}, {"n": true}]}"#,
            &deny,
            "invalid: `list[1].n` is int, got boolean true",
        ),
        // Of the forms of a value, the first that fits counts, or else the one that fits furthest.
        (r#"{"either": {"n": 1}}"#, &deny, "valid: "),
        (r#"{"either": "a"}"#, &deny, "valid: "),
        (r#"{"either": true}"#, &deny, "valid: "),
        (r#"{"either": {"n": ""}}"#, &deny, "invalid: `either.n` is int, got string \"\""),
        (r#"{"either-2": {"n": ""}}"#, &deny, "invalid: `either-2.n` is int, got string \"\""),
        (r#"{"either": 5}"#, &deny, "invalid: `either` is an object, got number 5"),
        (r#"{"either-2": 5}"#, &deny, "invalid: `either-2` is string, got number 5"),
        (r#"{"union": {"kind": "red", "n": 1}}"#, &deny, "valid: "),
        (
            r#"{"union": {"kind": "red"}}"#,
            &deny,
            "invalid: `union.n` is missing, expected a mandatory member",
        ),
        (
            r#"{"union": {"n": 1}}"#,
            &deny,
            "invalid: `union.kind` does not accept nothing, expected `red`",
        ),
        (
            r#"{"list": [{"m": 1, "n": 1}]}"#,
            &deny,
            "invalid: `list[0].m` is unexpected, no member is due here",
        ),
    ] {
        let found = told(&sent(&qemu, &format!("take {arguments}"), policy));
        assert_eq!(found, expected, "{arguments}");
    }
}

#[test]
fn levels_are_bounded() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    for (levels, is_valid) in [(160, true), (161, false), (300, false)] {
        let open = r#"{"self": "#.repeat(levels - 1);
        let command = format!("take {open}{{}}{}", "}".repeat(levels - 1));
        let found = told(&sent(&qemu, &command, &Policy::libvirt()));
        assert_eq!(
            found,
            if is_valid { "valid: " } else { "invalid: too deep a value" },
            "{levels}"
        );
    }
}
