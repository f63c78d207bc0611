use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::Fixture;

/// A program that probes the fake QEMU with the behavior named `mode`.
fn prober(fixture: &Fixture, mode: &str) -> Child {
    Command::new(fixture.fake("prober"))
        .arg(fixture.fake(mode))
        .env("TMPDIR", fixture.path("tmp"))
        .spawn()
        .expect("a program")
}

#[test]
fn a_program_that_is_killed_leaves_nothing_behind() {
    for mode in ["hangs", "forks-and-hangs", "hangs-before-greeting", "hangs-after-command"] {
        for signal in [Signal::KILL, Signal::HUP, Signal::TERM] {
            let fixture = Fixture::new();
            let mut prober = prober(&fixture, mode);
            fixture.await_process("none,accel=kvm:tcg ");
            fixture.await_process("none,accel=tcg ");
            kill_process(Pid::from_child(&prober), signal).expect("a process");
            prober.wait().expect("a status");
            fixture.await_nothing_left();
        }
    }
}

/// Whatever the number of descriptors, a probe works or fails at once, and leaves nothing.
#[test]
fn a_program_without_descriptors_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let (prober, fake) = (fixture.fake("prober"), fixture.fake("good"));
    let mut succeeded = 0;
    for limit in 4..40 {
        let started = Instant::now();
        let output = Command::new("/bin/sh")
            .args(["-c", "ulimit -n \"$1\"; exec \"$2\" \"$3\"", "sh", &limit.to_string()])
            .args([&prober, &fake])
            .env("TMPDIR", fixture.path("tmp"))
            .output()
            .expect("a shell");
        succeeded += u32::from(output.status.success());
        assert!(started.elapsed() < Duration::from_secs(4), "{limit}: {:?}", started.elapsed());
        fixture.assert_nothing_is_left();
    }
    assert!((1..36).contains(&succeeded), "{succeeded}");
}

/// As for a shell, an empty variable is none.
#[test]
fn an_empty_directory_for_temporary_files_is_the_default_one() {
    let fixture = Fixture::new();
    let mut prober = Command::new(fixture.fake("prober"))
        .arg(fixture.fake("hangs-before-greeting"))
        .env("TMPDIR", "")
        .current_dir(fixture.path("tmp"))
        .spawn()
        .expect("a program");
    fixture.await_process("unix:/tmp/qmp-");
    kill_process(Pid::from_child(&prober), Signal::KILL).expect("a process");
    prober.wait().expect("a status");
    fixture.await_nothing_left();
}

#[test]
fn a_program_that_ends_well_has_no_children_left() {
    let fixture = Fixture::new();
    let status = prober(&fixture, "good").wait().expect("a status");
    assert!(status.success(), "{status}");
    fixture.assert_nothing_is_left();
}
