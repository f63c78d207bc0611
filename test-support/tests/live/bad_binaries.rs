use std::fs;
use std::path::Path;
use std::time::Duration;

use caps_core::probe::live::Live;

use crate::fixture::{Fixture, short_probe};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn what_is_no_program_is_refused() {
    let fixture = Fixture::new();
    fs::write(fixture.path("text"), "Hello, World!\n").expect("a file");
    let script = fixture.program("script", "#!/bin/sh");
    for (binary, message) in [
        (fixture.path("nothing"), "`nothing` does not exist, expected a QEMU binary"),
        (fixture.path("tmp"), "`tmp` is a directory, expected a QEMU binary"),
        (fixture.path("text"), "`text` is not executable, expected a QEMU binary"),
        ("/dev/null".into(), "`/dev/null` is a device, expected a QEMU binary"),
        (
            "qemu-system-pdp11".into(),
            "`qemu-system-pdp11` is in no directory of `PATH`, expected a QEMU binary",
        ),
        (script.join("qemu"), "`script/qemu` can't be executed <- Not a directory (os error 20)"),
    ] {
        assert_eq!(fixture.error(&binary, LONG), message);
    }
}

#[test]
fn what_only_looks_like_a_program_is_refused() {
    let fixture = Fixture::new();
    for (text, reason) in [
        ("Hello, World!", "Exec format error (os error 8)"),
        ("#!/no/such/shell", "No such file or directory (os error 2)"),
    ] {
        let binary = fixture.program("program", text);
        let message = format!("`program` can't be executed <- {reason}");
        assert_eq!(fixture.error(&binary, LONG), message);
    }
}

/// Programs that exit instead of starting.
#[test]
fn programs_that_end_at_once() {
    let fixture = Fixture::new();
    for (binary, message) in [
        (
            Path::new("/bin/true").to_owned(),
            "`/bin/true` is not a QEMU: it exited with status 0 and opened no QMP socket",
        ),
        (Path::new("/bin/false").to_owned(), "`/bin/false` exited with status 1"),
        (
            fixture.fake("prints-garbage"),
            "`prints-garbage` is not a QEMU: it exited with status 0 and opened no QMP socket: \
             \u{fffd}Hello, World!; good bye",
        ),
        (
            fixture.fake("fails"),
            "`fails` exited with status 3: qemu: warning: this one; qemu: can't; ...; qemu: no; \
             qemu: yes",
        ),
        (fixture.fake("kills-itself"), "`kills-itself` was killed by signal 9 (SIGKILL)"),
        (fixture.fake("forks-and-fails"), "`forks-and-fails` exited with status 1"),
        (
            fixture.fake("opens-a-file"),
            "can't connect to the QMP socket of `opens-a-file` <- Connection refused (os error 111)",
        ),
    ] {
        assert_eq!(fixture.error(&binary, LONG), message);
    }
}

#[test]
fn programs_that_do_not_finish_their_start() {
    let fixture = Fixture::new();
    for (mode, printed) in [("hangs", ": one moment"), ("prints-without-end", ": again")] {
        let error = fixture.error(&fixture.fake(mode), Duration::from_millis(300));
        let message = format!("`{mode}` did not finish its start-up within 300ms");
        let rest = error.strip_prefix(&message).unwrap_or_else(|| panic!("{error}"));
        // On a slow machine nothing may have been printed by then.
        assert!(rest.is_empty() || rest.starts_with(printed), "{error}");
    }
    assert_eq!(
        fixture.error(&fixture.fake("forks-and-hangs"), Duration::from_millis(300)),
        "`forks-and-hangs` did not finish its start-up within 300ms"
    );
}

#[test]
fn a_qemu_without_a_greeting() {
    let fixture = Fixture::new();
    let error = fixture.error(&fixture.fake("hangs-before-greeting"), Duration::from_secs(1));
    assert_eq!(error, "no QMP greeting within 1s");
}

#[test]
fn a_qemu_that_hangs_after_a_command() {
    let fixture = Fixture::new();
    let error = fixture.error(&fixture.fake("hangs-after-command"), Duration::from_secs(1));
    assert_eq!(error, "no reply to `query-version` within 1s");
}

#[test]
fn qemus_that_break_off() {
    let fixture = Fixture::new();
    for (mode, message) in [
        (
            "closes-within-reply",
            "QEMU closed the connection in the middle of its reply to `query-version`, after 17 bytes",
        ),
        (
            "dies",
            "QEMU ended while it was asked, it has probably crashed <- \
             QEMU closed the connection before its reply to `query-version`",
        ),
        (
            "dies-late",
            "QEMU ended while it was asked, it has probably crashed <- \
             QEMU closed the connection before its reply to `query-version`",
        ),
    ] {
        assert_eq!(fixture.error(&fixture.fake(mode), LONG), message);
    }
    let mut options = fixture.options();
    options.foreground = true;
    let mut live = Live::new(fixture.path("dies-late"), options);
    let error = short_probe(&mut live).expect_err("no answer").to_string();
    assert_eq!(error, "QEMU exited with status 1 while it was asked: ready");
}

#[test]
fn qemus_that_talk_nonsense() {
    let fixture = Fixture::new();
    for (mode, message) in [
        ("sends-100-mb", "expected a reply to `query-version` of at most 10 MiB, found more"),
        (
            "sends-no-json",
            "expected a reply to `query-version`, found the line `What do you mean?`, which is not \
             JSON <- line 1, column 1: expected a JSON value, found `W`",
        ),
        (
            "sends-no-utf8",
            "expected a reply to `query-version`, found the line `{\"return\": \"\u{fffd}\"}`, which \
             is not UTF-8 <- invalid utf-8 sequence of 1 bytes from index 12",
        ),
        (
            "sends-no-message",
            "expected a reply to `query-version`, found the line `[\"return\"]`, which is not a QMP \
             message <- expected a JSON object with one of the members `QMP`, `event`, `return` and \
             `error`, found a JSON array",
        ),
    ] {
        assert_eq!(fixture.error(&fixture.fake(mode), LONG), message);
    }
}
