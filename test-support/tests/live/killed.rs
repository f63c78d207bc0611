use std::process::{Child, Command};

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

#[test]
fn a_program_that_ends_well_has_no_children_left() {
    let fixture = Fixture::new();
    let status = prober(&fixture, "good").wait().expect("a status");
    assert!(status.success(), "{status}");
    fixture.assert_nothing_is_left();
}
