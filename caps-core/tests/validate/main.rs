//! Commands against the project's own captures: verdicts, messages, and policy.

mod clients;
mod devices;
mod libvirt;
mod limits;
mod malformed;
mod names;
mod policy;
mod schema;
mod small;
mod things;
mod values;

use std::fs;
use std::path::{Path, PathBuf};

use caps_core::assert_qmp_valid;
use caps_core::capture::CaptureId;
use caps_core::json::Document;
use caps_core::qmp;
use caps_core::replies::Conversation;
use caps_core::survey::Survey;
use caps_core::validate::Validator;
use caps_core::validate::{Exception, Level, Policy, Report, Rules, Verdict, Violation};
use serde_json::json;

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata")
}

fn validator(path: &Path) -> Validator {
    let text = fs::read_to_string(path).expect("a capture");
    let conversation = Conversation::parse(&text).expect("a conversation");
    let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    let id = CaptureId::from_file_stem(stem).expect("a name of a capture");
    Validator::from_conversation(&conversation).expect("a schema").named(&id)
}

fn x86(version: &str) -> Validator {
    validator(&captures().join(format!("caps_{version}_x86_64.replies")))
}

/// A validator for the survey beside the capture.
fn surveyed(version: &str) -> Validator {
    let bytes =
        fs::read(captures().join(format!("caps_{version}_x86_64.survey"))).expect("a survey");
    let survey = Survey::from_bytes(&bytes).expect("a survey");
    Validator::from_conversation(survey.conversation()).expect("a schema")
}

fn check(validator: &Validator, command: &str, policy: &Policy) -> Report {
    validator.check(Document::parse(command).expect(command).root(), policy)
}

/// The verdict with the messages of all problems.
fn told(report: &Report) -> String {
    let problems: Vec<String> = report.problems.iter().map(Violation::message).collect();
    format!("{}: {}", report.verdict(), problems.join("; "))
}

const OLD: &str = "7.2.22";
const NEW: &str = "11.1.3";

#[test]
fn commands_are_judged_as_qemu_judges_them() {
    let (old, new) = (x86(OLD), x86(NEW));
    for (command, in_old, in_new) in [
        (r#"{"execute":"query-status"}"#, "valid: ", "valid: "),
        (r#"{"execute":"query-status","arguments":{}}"#, "valid: ", "valid: "),
        (
            r#"{"execute":"stop","arguments":{"now":null}}"#,
            "invalid: `now` is unexpected, no member is due here",
            "invalid: `now` is unexpected, no member is due here",
        ),
        (
            r#"{"execute":"query-cpus"}"#,
            "invalid: the schema has no command `query-cpus`, did you mean `query-cpus-fast`?",
            "invalid: the schema has no command `query-cpus`, did you mean `query-cpus-fast`?",
        ),
        // No float for an integer, not even a whole one; but an integer for a number.
        (
            r#"{"execute":"balloon","arguments":{"value":1.0}}"#,
            "invalid: `value` is an integer, got number 1.0",
            "invalid: `value` is an integer, got number 1.0",
        ),
        // Widths that are not in the schema.
        (
            r#"{"execute":"migrate-set-parameters","arguments":{"multifd-channels":256}}"#,
            "invalid: `multifd-channels` is uint8 (0 to 255), got 256",
            "invalid: `multifd-channels` is uint8 (0 to 255), got 256",
        ),
        (
            r#"{"execute":"set-numa-node","arguments":{"type":"node","cpus":[1,70000]}}"#,
            "invalid: `cpus[1]` is uint16 (0 to 65535), got 70000",
            "invalid: `cpus[1]` is uint16 (0 to 65535), got 70000",
        ),
        // Nested variants, with all problems in QEMU's order.
        (
            r#"{"execute":"migrate","arguments":{"channels":[{"channel-type":"main",
                "addr":{"transport":"socket","type":"inet","host":5,"x":1}}]}}"#,
            "invalid: `uri` is missing, expected a string; `channels` is unexpected, expected `uri`, `blk`, \
             `inc`, `detach` or `resume`",
            "invalid: `channels[0].addr.host` is a string, got number 5; `channels[0].addr.port` is missing, \
             expected a string; `channels[0].addr.x` is unexpected, expected `port`, `numeric`, `to`, `ipv4`, \
             `ipv6`, `keep-alive`, `keep-alive-count`, `keep-alive-idle` or 2 more",
        ),
        // The JSON type selects the branch of an alternate; problems within it are reported.
        (
            r#"{"execute":"blockdev-add","arguments":{"driver":"qcow2","file":{"driver":"file"}}}"#,
            "invalid: `file.filename` is missing, expected a string",
            "invalid: `file.filename` is missing, expected a string",
        ),
        (
            r#"{"execute":"blockdev-add","arguments":{"driver":"qcow2","file":5,"backing":null}}"#,
            "invalid: `file` is an object or a string, got number 5",
            "invalid: `file` is an object or a string, got number 5",
        ),
        // A union without its tag.
        (
            r#"{"execute":"blockdev-add","arguments":{"filename":"/x","node-nme":"n"}}"#,
            "invalid: `driver` is missing, expected `blkdebug`, `blklogwrites`, `blkreplay`, `blkverify`, \
             `bochs`, `cloop`, `compress`, `copy-before-write` or 34 more; `node-nme` is unexpected, did you \
             mean `node-name`?",
            "invalid: `driver` is missing, expected `blkdebug`, `blklogwrites`, `blkreplay`, `blkverify`, \
             `bochs`, `cloop`, `compress`, `copy-before-write` or 38 more; `node-nme` is unexpected, did you \
             mean `node-name`?",
        ),
        (
            r#"{"execute":"blockdev-add","arguments":{"driver":"file","filename":"/x","aio":"io_urin"}}"#,
            "invalid: `aio` does not accept string \"io_urin\", expected `threads`, `native` or `io_uring`, did \
             you mean `io_uring`?",
            "invalid: `aio` does not accept string \"io_urin\", expected `threads`, `native` or `io_uring`, did \
             you mean `io_uring`?",
        ),
        (
            r#"{"execute":"set_link","arguments":{"name":"n","up":true,"up":false}}"#,
            "invalid: `arguments.up` is there twice",
            "invalid: `arguments.up` is there twice",
        ),
        // An object type that is in the schema but not in this build.
        (
            r#"{"execute":"object-add","arguments":{"qom-type":"s390-pv-guest","id":"x"}}"#,
            "invalid: this QEMU has no object type `s390-pv-guest`",
            "invalid: this QEMU has no object type `s390-pv-guest`",
        ),
        (
            r#"{"execute":"object-add","arguments":{"qom-type":"iothread","id":"1x"}}"#,
            "invalid: `id` is an identifier, got string \"1x\"",
            "invalid: `id` is an identifier, got string \"1x\"",
        ),
        (
            r#"{"execute":5}"#,
            "invalid: `execute` is the name of a command, got number 5",
            "invalid: `execute` is the name of a command, got number 5",
        ),
        (
            "[1]",
            "invalid: expected a QMP command, an object with `execute`, found an array",
            "invalid: expected a QMP command, an object with `execute`, found an array",
        ),
    ] {
        for (validator, expected) in [(&old, in_old), (&new, in_new)] {
            let told = told(&check(validator, command, &Policy::default()));
            let told = told.replace("`arguments.up`", "`up`");
            assert_eq!(told, expected.replace("`arguments.up`", "`up`"), "{command}");
        }
    }
}

#[test]
fn messages_name_the_command_and_the_capture() {
    let hotplug = json!({"execute": "device_add",
        "arguments": {"driver": "vfio-pci", "multifunction": "off"}});
    let new = x86(NEW);
    assert_qmp_valid!(x86(OLD), &hotplug);
    assert_qmp_valid!(&x86(OLD), hotplug);
    let violations = new.validate(&hotplug).expect_err("typed since 9.2");
    assert_eq!(
        violations.to_string(),
        "device_add vfio-pci: `multifunction` is bool, got string \"off\": tolerated before QEMU 9.2, \
         rejected since (caps_11.1.3_x86_64)"
    );
    assert_eq!(violations.problems()[0].path, "arguments.multifunction");
    let command = qmp::Command::new("device_add")
        .with_arguments(r#"{"driver":"vfio-pci","multifunction":"off"}"#)
        .expect("an object");
    assert_eq!(new.validate(&command), Err(violations.clone()));
    let document = Document::parse(command.to_json(None)).expect("JSON");
    assert_eq!(new.validate(&document), Err(violations.clone()));
    assert!(new.validate(&f64::NAN).is_err() && new.validate("stop").is_err());
    let panic = std::panic::catch_unwind(|| assert_qmp_valid!(new, &hotplug));
    let message = panic.expect_err("typed since 9.2");
    assert_eq!(message.downcast_ref::<String>(), Some(&violations.to_string()));
}

#[test]
fn policy_decides_about_deprecated_and_unstable_things() {
    let command = r#"{"execute":"migrate-set-capabilities","arguments":
        {"capabilities":[{"capability":"x-ignore-shared","state":true}]}}"#;
    let new = x86(NEW);
    let mut policy = Policy::default();
    let report = check(&new, command, &policy);
    assert_eq!((report.verdict(), report.warnings.len()), (Verdict::Valid, 1));
    policy.unstable = Level::Allow;
    assert!(check(&new, command, &policy).warnings.is_empty());
    policy.unstable = Level::Deny;
    let report = check(&new, command, &policy);
    assert_eq!(told(&report), "invalid: value `x-ignore-shared` is unstable");
    assert_eq!(report.problems[0].path, "arguments.capabilities[0].capability");
    for (place, verdict) in [
        ("migrate-set-capabilities", Verdict::Valid),
        ("migrate-set-capabilities:arguments.capabilities", Verdict::Valid),
        ("*:arguments.capabilities[0]", Verdict::Valid),
        ("*:arguments.capa", Verdict::Invalid),
        ("migrate", Verdict::Invalid),
    ] {
        policy.exceptions = vec![Exception::new(place, "as a test").expect(place)];
        assert_eq!(check(&new, command, &policy).verdict(), verdict, "{place}");
    }
    assert!(Exception::new("migrate", " ").is_err() && Exception::new(":x", "y").is_err());
    policy = Policy::default();
    let vendor = r#"{"execute":"__com.redhat_drive_del"}"#;
    assert_eq!(check(&new, vendor, &policy).verdict(), Verdict::Invalid);
    policy.vendor.insert("__com.redhat_drive_del".to_owned());
    assert_eq!(check(&new, vendor, &policy).verdict(), Verdict::Unknown);
}

#[test]
fn events_and_replies_are_validated() {
    let new = x86(NEW);
    let policy = Policy::default();
    for (event, expected) in [
        (r#"{"event":"SHUTDOWN","data":{"guest":true,"reason":"guest-shutdown"}}"#, "valid: "),
        (
            r#"{"event":"SHUTDOWN","data":{"guest":1}}"#,
            "invalid: `data.guest` is a boolean, got number 1; `data.reason` is missing, expected `none`, \
             `host-error`, `host-qmp-quit`, `host-qmp-system-reset`, `host-signal`, `host-ui`, \
             `guest-shutdown`, `guest-reset` or 3 more",
        ),
        (
            r#"{"event":"SHUTDWN"}"#,
            "invalid: the schema has no event `SHUTDWN`, did you mean `SHUTDOWN`?",
        ),
        (r#"{"event":"STOP"}"#, "valid: "),
    ] {
        let document = Document::parse(event).expect(event);
        assert_eq!(told(&new.check_event(document.root(), &policy)), expected, "{event}");
    }
    // Every reply in a capture conforms to the capture's own schema.
    for version in [OLD, NEW] {
        let path = captures().join(format!("caps_{version}_x86_64.replies"));
        let validator = validator(&path);
        let text = fs::read_to_string(&path).expect("a capture");
        let conversation = Conversation::parse(&text).expect("a conversation");
        for exchange in conversation.exchanges() {
            let reply = exchange.reply().expect("a reply");
            let execute = exchange.command().execute();
            let report = validator.check_reply(execute, reply.document().root(), &policy);
            assert_eq!(told(&report), "valid: ", "{execute}");
        }
    }
    let reply = Document::parse(r#"{"return":{"running":"yes"}}"#).expect("JSON");
    let report = new.check_reply("query-status", reply.root(), &policy);
    assert_eq!(report.problems[0].path, "return.running");
}

#[test]
fn libvirts_rules_are_looser_and_stricter() {
    let new = x86(NEW);
    let qemu = Policy::default();
    let mut libvirt = Policy::libvirt();
    assert_eq!(libvirt.rules, Rules::Libvirt);
    for (command, by_qemu, by_libvirt) in [
        (r#"{"execute":"balloon","arguments":{"value":1.5}}"#, Verdict::Invalid, Verdict::Valid),
        (
            r#"{"execute":"trace-event-get-state","arguments":{"name":"test"}}"#,
            Verdict::Valid,
            Verdict::Valid,
        ),
        (
            r#"{"execute":"trace-event-get-state","arguments":{"name":123}}"#,
            Verdict::Invalid,
            Verdict::Invalid,
        ),
        (
            r#"{"execute":"trace-event-get-state","arguments":{}}"#,
            Verdict::Invalid,
            Verdict::Invalid,
        ),
        (r#"{"execute":"trace-event-get-state"}"#, Verdict::Invalid, Verdict::Invalid),
        (
            r#"{"execute":"trace-event-get-state","arguments":{"name":"test","blah":123}}"#,
            Verdict::Invalid,
            Verdict::Invalid,
        ),
        (
            r#"{"execute":"blockdev-add","arguments":{"driver":"qcow2","file":"node"}}"#,
            Verdict::Valid,
            Verdict::Valid,
        ),
        (
            r#"{"execute":"blockdev-add","arguments":{"driver":"qcow2","file":1234}}"#,
            Verdict::Invalid,
            Verdict::Invalid,
        ),
        (
            r#"{"execute":"blockdev-add","arguments":{"filename":"/x"}}"#,
            Verdict::Invalid,
            Verdict::Invalid,
        ),
        (
            r#"{"execute":"device_add","arguments":{"driver":"nonsense","x":1}}"#,
            Verdict::Invalid,
            Verdict::Valid,
        ),
        (r#"{"execute":"qom-list","arguments":{"path":"/"}}"#, Verdict::Valid, Verdict::Valid),
        (r#"{"execute":"x-query-jit"}"#, Verdict::Valid, Verdict::Invalid),
        (r#"{"execute":"query-cpus"}"#, Verdict::Invalid, Verdict::Invalid),
        // A variant in a variant.
        (
            r#"{"execute":"migrate","arguments":{"channels":[{"channel-type":"main",
                "addr":{"transport":"socket","type":"unix","path":"/x"}}]}}"#,
            Verdict::Valid,
            Verdict::Invalid,
        ),
    ] {
        assert_eq!(check(&new, command, &qemu).verdict(), by_qemu, "{command}");
        assert_eq!(check(&new, command, &libvirt).verdict(), by_libvirt, "{command}");
    }
    libvirt.allow_removed = true;
    let removed = check(&new, r#"{"execute":"query-cpus"}"#, &libvirt);
    assert_eq!(removed.verdict(), Verdict::Valid);
    libvirt.allow_incomplete = true;
    let command = r#"{"execute":"trace-event-get-state","arguments":{"name":"test","blah":1}}"#;
    assert_eq!(check(&new, command, &libvirt).verdict(), Verdict::Valid);
    let deprecated = r#"{"execute":"query-kvm"}"#;
    assert_eq!(check(&new, deprecated, &libvirt).verdict(), Verdict::Invalid);
    libvirt.deprecated = Level::Warn;
    assert_eq!(check(&new, deprecated, &libvirt).verdict(), Verdict::Valid);
}

#[test]
fn deep_and_wide_values_end_in_a_verdict() {
    let new = x86(NEW);
    for depth in [10, 100, 150, 300] {
        let open = r#"{"driver":"raw","file":"#.repeat(depth);
        let command =
            format!(r#"{{"execute":"blockdev-add","arguments":{open}"x"{}}}"#, "}".repeat(depth));
        let verdict = check(&new, &command, &Policy::default()).verdict();
        let expected = if depth <= 150 { Verdict::Valid } else { Verdict::Unknown };
        assert_eq!(verdict, expected, "{depth}");
        let policy = Policy::libvirt();
        assert_eq!(check(&new, &command, &policy).verdict() == Verdict::Valid, depth <= 150);
    }
    let members: Vec<String> = (0..3000).map(|n| format!("\"m{n}\":{n}")).collect();
    let command = format!(r#"{{"execute":"stop","arguments":{{{}}}}}"#, members.join(","));
    assert_eq!(check(&new, &command, &Policy::default()).problems.len(), 3000);
}

#[test]
fn an_exception_names_a_place_as_messages_do() {
    let command = r#"{"execute": "chardev-add", "arguments": {"id": "c", "backend": {"type": "socket", "data":
        {"addr": {"type": "unix", "data": {"path": "/p"}}, "reconnect": 1}}}}"#;
    let validator = x86("10.0.13");
    for (place, covered) in [
        ("chardev-add:backend.data.reconnect", true),
        ("chardev-add:arguments.backend.data.reconnect", true),
        ("*:arguments", true),
        ("chardev-add:backend.data.reconn", false),
        ("chardev-change:backend.data.reconnect", false),
    ] {
        let mut policy = Policy::default();
        policy.deprecated = Level::Deny;
        policy.exceptions.push(Exception::new(place, "a reason").expect("a place"));
        let verdict = check(&validator, command, &policy).verdict();
        assert_eq!(verdict == Verdict::Valid, covered, "{place}");
    }
}

#[test]
fn a_test_that_returns_violations_prints_them_in_words() {
    let error = x86(NEW)
        .validate(&json!({"execute": "balloon", "arguments": {"value": u64::MAX}}))
        .expect_err("more than the signed integer takes");
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(error.to_string().starts_with("balloon: "), "{error}");
}
