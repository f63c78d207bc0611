//! `serve`, and probing the server.

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use support::{data, qemu_caps, run};
use tempfile::TempDir;

/// The program while it serves.
struct Serving {
    child: Child,
    socket: PathBuf,
    _dir: TempDir,
}

impl Serving {
    /// Serves a capture of the project; returns when clients can connect.
    fn start(capture: &str, arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let socket = dir.path().join("qmp");
        let (path, captures) = (text(&socket), text(&data()));
        let mut child = qemu_caps(["--data", &captures, "serve", capture, "--socket", &path])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let errors = child.stderr.take().expect("standard error");
        BufReader::new(errors).read_line(&mut line).expect("a line");
        assert_eq!(line, format!("serving {capture} at {path}\n"));
        Self { child, socket, _dir: dir }
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("a process");
    }

    /// Waits for the program to exit; returns its exit code.
    fn end(mut self) -> Option<i32> {
        let status = self.child.wait().expect("an end");
        assert!(!self.socket.exists(), "the socket is gone");
        status.code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn what_is_served_can_be_probed() {
    let capture = "10.0.13_x86_64";
    let serving = Serving::start(capture, &[]);
    let socket = text(&serving.socket);
    let recorded = fs::read_to_string(data().join(format!("caps_{capture}.replies")));
    let recorded = recorded.expect("a capture");
    for _ in 0..2 {
        let (exit, out, errors) = run(["probe", "--connect", &socket]);
        assert_eq!((exit, errors.as_str()), (0, ""));
        assert!(out == recorded, "the conversation is not that of the capture");
    }
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (exit, _, _) = run(["probe", "--connect", &socket, "--dir", &text(dir.path())]);
    assert_eq!(exit, 0);
    let name = format!("caps_{capture}.xml");
    let xml = |dir: &Path| fs::read_to_string(dir.join(&name)).expect("an XML file");
    assert_eq!(xml(dir.path()), xml(&data()));
}

#[test]
fn signals_end_it_in_good_order() {
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let serving = Serving::start("7.2.22_x86_64", &[]);
        let client = UnixStream::connect(&serving.socket).expect("a server");
        serving.signal(signal);
        assert_eq!(serving.end(), Some(0));
        drop(client);
    }
}

#[test]
fn a_number_of_clients_ends_it() {
    for (arguments, clients) in [(&["--once"][..], 1), (&["--connections", "3"], 3)] {
        let serving = Serving::start("7.2.22_x86_64", arguments);
        for _ in 0..clients {
            drop(UnixStream::connect(&serving.socket).expect("a server"));
        }
        assert_eq!(serving.end(), Some(0));
    }
}

#[test]
fn canned_answers_are_given() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let answers = dir.path().join("answers");
    let answer = r#"{"execute": "query-kvm", "return": {"enabled": false, "present": false}}"#;
    fs::write(&answers, answer).expect("answers");
    let arguments = ["--answers", &text(&answers), "--session", "1"];
    let serving = Serving::start("10.0.13_x86_64", &arguments);
    let (exit, out, _) = run(["probe", "--connect", &text(&serving.socket), "--summary"]);
    assert_eq!(exit, 0);
    assert!(out.contains("accelerators  tcg\n"), "{out}");
}

#[test]
fn bad_input_is_reported() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str| text(&dir.path().join(name));
    let captures = text(&data());
    let serve = |arguments: &[&str]| {
        let all = ["--data", &captures, "serve"].into_iter().chain(arguments.iter().copied());
        let (exit, out, errors) = run(all);
        assert_eq!(out, "");
        (exit, errors)
    };
    let capture = "7.2.22_x86_64";
    fs::write(path("file"), "precious").expect("a file");
    let (exit, errors) = serve(&[capture, "--socket", &path("file")]);
    let expected = format!("error: `{}` exists and is not a socket\n", path("file"));
    assert_eq!((exit, errors), (2, expected));

    let (exit, errors) = serve(&[capture, "--socket", &path(&"x".repeat(200))]);
    assert_eq!(exit, 2);
    assert!(errors.ends_with(" bytes, expected at most 107\n"), "{errors}");

    let (exit, errors) = serve(&[capture, "--socket", &path("no/where")]);
    let expected = format!(
        "error: can't listen on the socket `{}`\ncaused by: No such file or directory (os error 2)\n",
        path("no/where")
    );
    assert_eq!((exit, errors), (2, expected));

    fs::write(path("answers"), "\n{\"execute\": 1}\n").expect("answers");
    let (exit, errors) = serve(&[capture, "--socket", &path("qmp"), "--answers", &path("answers")]);
    let expected = format!(
        "error: can't read the answers `{}`\ncaused by: line 2: expected an object with the string \
         `execute`, found `{{\"execute\":1}}`\n",
        path("answers")
    );
    assert_eq!((exit, errors), (3, expected));

    let (exit, errors) = serve(&[capture, "--socket", &path("qmp"), "--session", "9"]);
    assert_eq!(exit, 2);
    assert!(errors.starts_with("error: expected a session from 1 to "), "{errors}");

    fs::write(path("empty.replies"), "{\"execute\": \"x\"}\n\n{\"return\": 1}\n").expect("a file");
    let (exit, errors) = serve(&[&path("empty.replies"), "--socket", &path("qmp")]);
    assert_eq!(exit, 3);
    assert!(errors.starts_with("error: can't serve the capture `"), "{errors}");

    let (exit, _, errors) = run(["probe", "--connect", &path("qmp")]);
    assert_eq!(exit, 4);
    assert!(errors.contains("can't connect to the QMP socket `"), "{errors}");
}
