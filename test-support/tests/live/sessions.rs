use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use caps_core::probe::live::{Accelerators, Live};
use caps_core::probe::{Host, Launch};

use crate::fixture::{Fixture, ask, short_probe};

/// The arguments and the environment of the current session's QEMU.
fn arguments(live: &mut Live) -> (Vec<String>, Vec<(String, String)>) {
    let reply = ask(live, "query-environment").expect("a reply");
    let seen = reply.result().expect("a result");
    let args = seen.get("args").expect("args").elements();
    let env = seen.get("env").expect("env").members();
    (
        args.map(|arg| arg.as_str().expect("a string").into_owned()).collect(),
        env.map(|(name, value)| (name.into_owned(), value.as_str().expect("text").into_owned()))
            .collect(),
    )
}

fn private_dir(args: &[String]) -> PathBuf {
    Path::new(&args[9]).parent().expect("a directory").to_owned()
}

#[test]
fn qemu_is_started_as_libvirt_starts_it() {
    let fixture = Fixture::new();
    let mut live = Live::new(fixture.fake("good"), fixture.options());
    for (launch, accel) in [(Launch::Accelerated, "kvm:tcg"), (Launch::Tcg, "tcg")] {
        live.start(launch).expect("a session");
        let (args, env) = arguments(&mut live);
        let dir = private_dir(&args);
        assert_eq!(dir.parent(), Some(fixture.path("tmp").as_path()));
        let machine = format!("none,accel={accel}");
        let monitor = format!("unix:{}/qmp.monitor,server=on,wait=off", dir.display());
        let pid_file = format!("{}/qmp.pid", dir.display());
        let expected = [
            "-S",
            "-no-user-config",
            "-nodefaults",
            "-nographic",
            "-machine",
            &machine,
            "-qmp",
            &monitor,
            "-pidfile",
            &pid_file,
            "-daemonize",
        ];
        assert_eq!(args, expected);
        let mode = fs::metadata(&dir).expect("a directory").permissions().mode();
        assert_eq!(mode & 0o7777, 0o700);

        // What identifies the programs that QEMU starts.
        let own = ("QEMU_CAPS_PRIVATE_DIR".to_owned(), dir.display().to_string());
        let env: Vec<_> = env.into_iter().filter(|variable| *variable != own).collect();
        assert!(env.contains(&("LC_ALL".to_owned(), "C".to_owned())));
        let passed = ["LD_PRELOAD", "LD_LIBRARY_PATH", "PATH", "HOME", "USER", "LOGNAME", "TMPDIR"];
        for (name, value) in &env {
            let expected =
                passed.contains(&name.as_str()).then(|| std::env::var(name).ok()).flatten();
            let expected = if name == "LC_ALL" { Some("C".to_owned()) } else { expected };
            assert_eq!(Some(value), expected.as_ref(), "{name}");
        }
        for name in passed {
            let seen = env.iter().any(|(seen, _)| seen == name);
            assert_eq!(seen, std::env::var_os(name).is_some(), "{name}");
        }
    }
    live.finish().expect("an end");
    fixture.assert_nothing_is_left();
}

#[test]
fn an_announced_qemu_runs_beside_the_present_one() {
    let fixture = Fixture::new();
    let mut live = Live::new(fixture.fake("good"), fixture.options());
    live.start(Launch::Accelerated).expect("a session");
    assert_eq!(fixture.processes().len(), 1);
    live.announce(Launch::Tcg);
    live.announce(Launch::Tcg);
    let dirs = || fs::read_dir(fixture.path("tmp")).expect("a directory").count();
    assert_eq!(dirs(), 2);
    fixture.await_process("none,accel=tcg ");
    live.start(Launch::Tcg).expect("a session");
    assert_eq!(dirs(), 2);
    let (args, _) = arguments(&mut live);
    assert_eq!(args[5], "none,accel=tcg");
    live.finish().expect("an end");
    fixture.assert_nothing_is_left();
    live.finish().expect("nothing to do");
}

#[test]
fn a_qemu_in_the_foreground_may_listen_a_moment_late() {
    let fixture = Fixture::new();
    let mut options = fixture.options();
    options.foreground = true;
    short_probe(&mut Live::new(fixture.fake("listens-late"), options)).expect("a probe");
    fixture.assert_nothing_is_left();
}

#[test]
fn acceleration_can_be_left_out() {
    let fixture = Fixture::new();
    let mut options = fixture.options();
    options.accelerators = Accelerators::Tcg;
    let mut live = Live::new(fixture.fake("good"), options);
    live.start(Launch::Accelerated).expect("a session");
    assert_eq!(arguments(&mut live).0[5], "none,accel=tcg");
}

#[test]
fn a_path_too_long_for_a_socket_is_avoided() {
    let fixture = Fixture::new();
    let mut options = fixture.options();
    let deep = fixture.path("tmp").join("deep".repeat(30));
    fs::create_dir(&deep).expect("a directory");
    options.temp_dir = Some(deep.clone());
    let mut live = Live::new(fixture.fake("good"), options);
    live.start(Launch::Tcg).expect("a session");
    let dir = private_dir(&arguments(&mut live).0);
    assert_eq!(dir.parent(), Some(Path::new("/tmp")));
    assert!(dir.is_dir());
    assert_eq!(fs::read_dir(&deep).expect("a directory").count(), 0);
    live.finish().expect("an end");
    assert!(!dir.exists());
}

#[test]
fn a_missing_temporary_directory_is_named() {
    let fixture = Fixture::new();
    let mut options = fixture.options();
    options.temp_dir = Some(fixture.path("nothing"));
    let mut live = Live::new(fixture.fake("good"), options);
    let error = live.start(Launch::Tcg).expect_err("no directory");
    let error = fixture.chain(&error);
    assert!(
        error.starts_with("can't make a private directory in `nothing` <- No such file"),
        "{error}"
    );
}

#[test]
fn nothing_is_asked_outside_of_a_session() {
    let fixture = Fixture::new();
    let mut live = Live::new(fixture.fake("sends-no-json"), fixture.options());
    let message = "no session with a QEMU is open";
    assert_eq!(ask(&mut live, "query-version").expect_err("early").to_string(), message);
    live.start(Launch::Tcg).expect("a session");
    ask(&mut live, "query-version").expect_err("nonsense");
    assert_eq!(ask(&mut live, "query-version").expect_err("broken").to_string(), message);
}
