//! What a policy makes of deprecated and unstable things, and where it makes exceptions.

use caps_core::validate::{Exception, Level, Policy, Rules, Verdict, Violation};

use crate::small::{BUILTINS, qemu, sent};
use crate::told;

const ENTRIES: &str = r#"
    {"name": "old", "meta-type": "command", "arg-type": "1", "ret-type": "0", "features": ["deprecated"]},
    {"name": "new", "meta-type": "command", "arg-type": "1", "ret-type": "0", "features": ["unstable", "savevm-monitor-nodes"]},
    {"name": "1", "meta-type": "object", "members": [
        {"name": "a", "type": "[2]", "default": null},
        {"name": "aa", "type": "int", "default": null, "features": ["deprecated"]},
        {"name": "d", "type": "4", "default": null},
        {"name": "e", "type": "5", "default": null}]},
    {"name": "2", "meta-type": "object", "members": [
        {"name": "b", "type": "int", "default": null, "features": ["deprecated"]},
        {"name": "c", "type": "3", "default": null}]},
    {"name": "[2]", "meta-type": "array", "element-type": "2"},
    {"name": "3", "meta-type": "enum", "values": ["x", "y"],
        "members": [{"name": "x", "features": ["unstable"]}, {"name": "y"}]},
    {"name": "4", "meta-type": "alternate", "members": [{"type": "int"}, {"type": "str"}]},
    {"name": "5", "meta-type": "object", "members": [], "features": ["unstable"]}"#;

fn messages(violations: &[Violation]) -> String {
    violations.iter().map(Violation::message).collect::<Vec<_>>().join("; ")
}

#[test]
fn each_feature_has_its_own_level() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    let deprecated = "command `old` is deprecated; `a[0].b` is deprecated";
    let unstable = "value `x` is unstable; the type of this value is unstable";
    let command = r#"old {"a": [{"b": 1, "c": "x"}, {"c": "y"}], "d": 1, "e": {}}"#;
    for (of_deprecated, of_unstable, problems, warnings) in [
        (Level::Allow, Level::Allow, "", ""),
        (Level::Deny, Level::Allow, deprecated, ""),
        (Level::Allow, Level::Deny, unstable, ""),
        (Level::Warn, Level::Allow, "", deprecated),
        (Level::Allow, Level::Warn, "", unstable),
        (Level::Deny, Level::Warn, deprecated, unstable),
        (Level::Warn, Level::Deny, unstable, deprecated),
    ] {
        let mut policy = Policy::default();
        (policy.deprecated, policy.unstable) = (of_deprecated, of_unstable);
        let report = sent(&qemu, command, &policy);
        let found = (messages(&report.problems), messages(&report.warnings));
        assert_eq!(
            found,
            (problems.to_owned(), warnings.to_owned()),
            "{of_deprecated:?} {of_unstable:?}"
        );
    }
    let mut policy = Policy::default();
    policy.unstable = Level::Deny;
    assert_eq!(told(&sent(&qemu, "new", &policy)), "invalid: command `new` is unstable");
    // As strict with the rules of QEMU.
    let mut policy = Policy::libvirt();
    policy.rules = Rules::Qemu;
    assert_eq!(told(&sent(&qemu, "new", &policy)), "invalid: command `new` is unstable");
    assert_eq!(told(&sent(&qemu, "old", &policy)), "invalid: command `old` is deprecated");
}

#[test]
fn an_exception_covers_its_place_and_what_is_below() {
    let qemu = qemu(&format!("{ENTRIES}, {BUILTINS}"), &[]);
    let command = r#"new {"a": [{"b": 1}], "aa": 1}"#;
    let (b, aa) = ("`a[0].b` is deprecated", "`aa` is deprecated");
    for (place, denied) in [
        ("new", vec![]),
        ("old", vec![b, aa]),
        ("*:arguments", vec![]),
        ("new:arguments", vec![]),
        ("old:arguments", vec![b, aa]),
        ("new:a", vec![aa]),
        ("old:a", vec![b, aa]),
        ("*:a", vec![aa]),
        ("*:aa", vec![b]),
        ("*:arguments.a[0]", vec![aa]),
        ("*:a[0].b", vec![aa]),
        ("*:a[1]", vec![b, aa]),
        ("*:b", vec![b, aa]),
        ("*:a[0].b.c", vec![b, aa]),
    ] {
        let mut policy = Policy::default();
        (policy.deprecated, policy.unstable) = (Level::Deny, Level::Allow);
        policy.exceptions.push(Exception::new(place, "hosts of 2019 need it").expect(place));
        let report = sent(&qemu, command, &policy);
        assert_eq!(messages(&report.problems), denied.join("; "), "{place}");
        // The reason is told with what it allows.
        let allowed: Vec<String> = [b, aa]
            .iter()
            .filter(|message| !denied.contains(message))
            .map(|message| format!("{message}: allowed, hosts of 2019 need it"))
            .collect();
        assert_eq!(messages(&report.warnings), allowed.join("; "), "{place}");
        assert_eq!(report.verdict() == Verdict::Valid, denied.is_empty(), "{place}");
    }
}

#[test]
fn exceptions_are_read_and_written() {
    for (text, reason) in [
        ("new=why", "why"),
        ("new:arguments.a=why not=that", "why not=that"),
        ("*:a[0].b=for a test", "for a test"),
    ] {
        let exception: Exception = text.parse().expect(text);
        assert_eq!((exception.to_string().as_str(), exception.reason()), (text, reason));
    }
    for (text, expected) in [
        (
            "=why",
            "`` is not a place, expected COMMAND, COMMAND:PATH or *:PATH with a PATH such as `arguments.file.aio`",
        ),
        (
            "*=why",
            "`*` is not a place, expected COMMAND, COMMAND:PATH or *:PATH with a PATH such as `arguments.file.aio`",
        ),
        (
            "new:=why",
            "`new:` is not a place, expected COMMAND, COMMAND:PATH or *:PATH with a PATH such as `arguments.file.aio`",
        ),
        ("new", "the exception for `new` has no reason"),
        ("new= ", "the exception for `new` has no reason"),
    ] {
        let error = text.parse::<Exception>().expect_err(text);
        assert_eq!(error.to_string(), expected);
    }
}
