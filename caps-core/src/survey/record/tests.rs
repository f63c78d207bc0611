use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use super::{Both, Meter, Progress, Walk};
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::probe::live::{Ended, LiveError};
use crate::probe::{Answer, Host as _, Launch};
use crate::qmp::Command;
use crate::survey::scripted::Scripted;
use crate::survey::session::Session;

fn both(host: &dyn Fn() -> Scripted) -> Both<'_, Scripted> {
    let (first, error) = Session::start(host, Launch::Accelerated);
    assert!(error.is_none());
    Both { host, first, second: None, hvf: false }
}

fn walk<'w, 'h>(sessions: &'w mut Both<'h, Scripted>) -> Walk<'w, 'h, Scripted> {
    Walk { sessions, launch: None, asked: HashMap::new(), error: None }
}

/// What a QEMU without TCG says.
fn refused() -> LiveError {
    let (ended, output) = (Ended::Exited(1), "invalid accelerator tcg".to_owned());
    LiveError::Failed { binary: "qemu".into(), ended, output }
}

#[test]
fn an_accelerated_qemu_has_two_sessions() {
    const KVM: &str = r#"{"return":{"present":true,"enabled":true}}"#;
    for (is_kvm, hvf, has_two) in
        [(false, false, false), (true, false, true), (false, true, true), (true, true, true)]
    {
        let replies = if is_kvm { vec![("query-kvm", KVM)] } else { Vec::new() };
        let qemu = Scripted { replies, ..Scripted::default() };
        let host = || qemu.clone();
        let mut both = both(&host);
        both.hvf = hvf;
        both.first.ask(&Command::new("query-kvm")).expect("an answer");
        qemu.take_told();
        both.complete().expect("sessions");
        let started = ["start Tcg", "qmp_capabilities"];
        assert_eq!(qemu.take_told(), started[..if has_two { 2 } else { 0 }], "{is_kvm} {hvf}");
        // It is started only once.
        both.complete().expect("sessions");
        assert!(qemu.take_told().is_empty());
    }
}

#[test]
fn a_qemu_may_refuse_the_second_session_and_the_host_may_not() {
    let qemu = Scripted::failing("start Tcg", refused());
    let host = || qemu.clone();
    assert!(both(&host).start_second().expect("a session that is recorded as failed").failed);
    let qemu = Scripted::failing("start Tcg", LiveError::Interrupted);
    let host = || qemu.clone();
    assert!(matches!(both(&host).start_second().err(), Some(LiveError::Interrupted)));
}

#[test]
fn a_walk_fails_with_its_qemu_and_not_with_the_plan() {
    let qemu =
        Scripted { replies: vec![("query-version", r#"{"return":[]}"#)], ..Scripted::default() };
    let host = || qemu.clone();
    both(&host).walk(Baseline::NEWEST).expect("an answer that the plan rejects");
    let qemu = Scripted::failing("query-version", LiveError::Interrupted);
    let host = || qemu.clone();
    let walked = both(&host).walk(Baseline::NEWEST);
    assert!(matches!(walked, Err(LiveError::Interrupted)), "{walked:?}");
}

#[test]
fn a_walk_gets_the_answers_of_its_session() {
    let qemu = Scripted::default();
    let host = || qemu.clone();
    let mut both = both(&host);
    both.start_second().expect("a session");
    let command = Command::new("query-name");
    both.first.log.push(command.clone(), r#"{"return":1}"#.to_owned());
    let second = both.second.as_mut().expect("a session");
    second.log.push(command.clone(), r#"{"return":2}"#.to_owned());
    let mut walk = walk(&mut both);
    for (launch, expected) in [(Launch::Accelerated, 1), (Launch::Tcg, 2)] {
        walk.start(launch).expect("a session");
        let answer = walk.ask(&command).expect("an answer");
        let Answer::Reply(reply) = answer else { panic!("no answer") };
        assert_eq!(reply.result().expect("a result").as_i64(), Some(expected));
    }
}

#[test]
fn a_walk_starts_the_second_session_when_it_gets_there() {
    let qemu = Scripted::failing("start Tcg", LiveError::Interrupted);
    let host = || qemu.clone();
    let mut both = both(&host);
    let mut walk = walk(&mut both);
    qemu.take_told();
    walk.start(Launch::Accelerated).expect("a session");
    assert!(qemu.take_told().is_empty(), "it is there already");
    walk.start(Launch::Tcg).expect_err("an interrupt");
    assert!(matches!(walk.error.take(), Some(LiveError::Interrupted)));
    walk.start(Launch::Tcg).expect("a session");
    assert!(walk.sessions.second.is_some());

    let qemu = Scripted::failing("start Tcg", refused());
    let host = || qemu.clone();
    let mut both = self::both(&host);
    let mut walk = self::walk(&mut both);
    walk.start(Launch::Tcg).expect_err("no session");
    assert!(walk.error.is_none(), "that is for the survey to say");
}

#[test]
fn the_framework_is_remembered() {
    for hvf in [true, false] {
        let host = || Scripted { hvf, ..Scripted::default() };
        let mut both = both(&host);
        assert_eq!(walk(&mut both).has_hvf(Arch::Aarch64), hvf);
        assert_eq!(both.hvf, hvf);
    }
}

#[test]
fn progress_counts_what_is_done() {
    let seen = Mutex::new(Vec::new());
    let note = |progress: Progress| seen.lock().expect("no panic").push(progress);
    let meter = Meter { done: AtomicUsize::new(0), total: AtomicUsize::new(0), progress: &note };
    meter.expect(2);
    meter.advance();
    meter.expect(1);
    meter.advance();
    let expected = [Progress { done: 1, total: 2 }, Progress { done: 2, total: 3 }];
    assert_eq!(*seen.lock().expect("no panic"), expected);
}
