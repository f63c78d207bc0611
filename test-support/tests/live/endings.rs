use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use caps_core::probe::live::{Live, LiveError, Options};
use caps_core::probe::{Host, Launch};
use caps_core::survey::{RecordOptions, record};

use crate::fixture::{Fixture, ask, short_probe};

/// Options with an interrupt, and what triggers it.
fn interruptible(fixture: &Fixture) -> (Options, UnixStream) {
    let (trigger, interrupt) = UnixStream::pair().expect("a pair");
    let mut options = fixture.options();
    options.interrupt = Some(Arc::new(OwnedFd::from(interrupt)));
    (options, trigger)
}

#[test]
fn a_panic_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let result = catch_unwind(AssertUnwindSafe(|| {
        let mut live = Live::new(fixture.fake("good"), fixture.options());
        live.start(Launch::Accelerated).expect("a session");
        live.announce(Launch::Tcg);
        fixture.await_process("none,accel=tcg ");
        std::panic::resume_unwind(Box::new("on purpose"));
    }));
    assert!(result.is_err());
    fixture.assert_nothing_is_left();
}

#[test]
fn an_announced_qemu_that_is_not_needed_is_ended() {
    let fixture = Fixture::new();
    for mode in ["good", "hangs", "forks-and-hangs"] {
        let mut live = Live::new(fixture.fake(mode), fixture.options());
        live.announce(Launch::Tcg);
        fixture.await_process(mode);
        live.finish().expect("an end");
        fixture.assert_nothing_is_left();
    }
}

#[test]
fn a_qemu_that_ignores_sigterm_is_killed() {
    let fixture = Fixture::new();
    let mut options = fixture.options();
    options.grace = Duration::from_millis(50);
    let mut live = Live::new(fixture.script("trap '' TERM\nexec \"$fake\" \"$@\""), options);
    short_probe(&mut live).expect("a probe");
    fixture.assert_nothing_is_left();
}

#[test]
fn the_children_of_a_script_are_ended() {
    // One has the private directory in its arguments, one is in the same process group, and one is
    // in a group of its own but still has the pipe. The environment has the directory as well, unless
    // the script clears it.
    let fixture = Fixture::new();
    let child = format!("'{}'", fixture.fake("hangs").display());
    for text in [
        format!("{child} \"$@\" &\nexec \"$fake\" \"$@\""),
        format!("{child} &\nexec \"$fake\" \"$@\""),
        format!("setsid {child} &\nexec \"$fake\" \"$@\""),
        format!("setsid {child} \"$@\" >/dev/null 2>&1 &\nexec \"$fake\" \"$@\""),
        format!("setsid env -i {child} &\nexec \"$fake\" \"$@\""),
        format!("setsid env -i {child} \"$@\" >/dev/null 2>&1 &\nexec \"$fake\" \"$@\""),
        format!("\"$fake\" \"$@\" &\n{child} &\nexit 1"),
        // Runs another program, in a session of its own, without arguments or output.
        format!("setsid {child} >/dev/null 2>&1 </dev/null &\nexec \"$fake\" \"$@\""),
    ] {
        let fixture = Fixture::new();
        let mut live = Live::new(fixture.script(&text), fixture.options());
        let result = short_probe(&mut live);
        assert_eq!(result.is_ok(), text.contains("exec"), "{result:?} of {text}");
        drop(live);
        fixture.assert_nothing_is_left();
    }
    fixture.assert_nothing_is_left();
}

#[test]
fn what_a_script_leaves_behind_after_a_run_is_ended() {
    let fixture = Fixture::new();
    let hangs = fixture.fake("hangs");
    let script = "case \"$*\" in *-qmp*) exec \"$fake\" \"$@\" ;; esac";
    let script = fixture.script(&format!("{script}\nsetsid '{}' &", hangs.display()));
    let mut options = RecordOptions::default();
    options.live = fixture.options();
    record(&script, &options, &|_| {}).expect("a survey");
    fixture.assert_nothing_is_left();
}

#[test]
fn every_wait_ends_at_the_deadline() {
    for (foreground, mode, expected) in [
        (false, "hangs", "the deadline passed before `hangs` had started up"),
        (true, "hangs", "the deadline passed before `hangs` had started up"),
        (false, "forks-and-hangs", "the deadline passed before `forks-and-hangs` had started up"),
        (false, "hangs-before-greeting", "the deadline passed before the QMP greeting"),
        (false, "hangs-after-command", "the deadline passed before the reply to `query-version`"),
    ] {
        let fixture = Fixture::new();
        let mut options = fixture.options();
        options.foreground = foreground;
        options.deadline = Some(Instant::now() + Duration::from_millis(300));
        let mut live = Live::new(fixture.fake(mode), options);
        let error = short_probe(&mut live).expect_err("no end");
        drop(live);
        assert!(fixture.chain(&error).contains(expected), "{mode}: {error}");
        fixture.assert_nothing_is_left();
    }
}

#[test]
fn an_interrupt_ends_every_wait() {
    for (mode, foreground) in [("hangs", false), ("hangs", true), ("hangs-before-greeting", false)]
    {
        let fixture = Fixture::new();
        let (mut options, mut trigger) = interruptible(&fixture);
        options.foreground = foreground;
        let mut live = Live::new(fixture.fake(mode), options);
        trigger.write_all(b"x").expect("a trigger");
        let error = live.start(Launch::Accelerated).expect_err("interrupted");
        assert!(matches!(error, LiveError::Interrupted), "{error}");
        drop(live);
        fixture.assert_nothing_is_left();
    }
    let fixture = Fixture::new();
    let (options, mut trigger) = interruptible(&fixture);
    let mut live = Live::new(fixture.script("trap '' TERM\nexec \"$fake\" \"$@\""), options);
    live.start(Launch::Accelerated).expect("a session");
    trigger.write_all(b"x").expect("a trigger");
    let error = live.finish().expect_err("interrupted");
    assert!(matches!(error, LiveError::Interrupted), "{error}");
    drop(live);
    fixture.assert_nothing_is_left();
}

#[test]
fn an_interrupt_may_come_while_a_reply_is_awaited() {
    let fixture = Fixture::new();
    let (options, mut trigger) = interruptible(&fixture);
    let asked = UnixListener::bind(fixture.path("asked")).expect("a socket");
    let user = std::thread::spawn(move || {
        asked.accept().expect("a connection");
        trigger.write_all(b"x").expect("a trigger");
        trigger
    });
    let mut live = Live::new(fixture.fake("hangs-after-command"), options);
    live.start(Launch::Accelerated).expect("a session");
    let error = ask(&mut live, "query-version").expect_err("interrupted");
    assert!(matches!(error, LiveError::Interrupted), "{error}");
    drop(live);
    fixture.assert_nothing_is_left();
    user.join().expect("a thread");
}
