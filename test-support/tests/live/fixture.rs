use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use caps_core::probe::live::{Live, LiveError, Options};
use caps_core::probe::{Answer, Host, Launch};
use caps_core::qmp::{self, Reply};
use tempfile::TempDir;

/// The directory of a test, which contains everything it does.
pub(crate) struct Fixture {
    root: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join("tmp")).expect("a directory");
        Self { root }
    }

    /// The fake QEMU with the behavior named `mode`.
    pub(crate) fn fake(&self, mode: &str) -> PathBuf {
        let binary = self.path(mode);
        symlink(env!("CARGO_BIN_EXE_fake-qemu"), &binary).expect("a link");
        binary
    }

    /// An executable file.
    pub(crate) fn program(&self, name: &str, text: &str) -> PathBuf {
        let program = self.path(name);
        // Written by another process: otherwise a child started by a parallel test could keep it
        // open for writing, and it could not be executed.
        let status = Command::new("/bin/sh")
            .args(["-c", r#"printf '%s\n' "$1" >"$2" && chmod 755 "$2""#, "sh", text])
            .arg(&program)
            .status()
            .expect("a shell");
        assert!(status.success());
        program
    }

    /// A shell script in which `$fake` is a well-behaved fake QEMU.
    pub(crate) fn script(&self, text: &str) -> PathBuf {
        let fake = self.fake("good");
        self.program("script", &format!("#!/bin/sh\nfake='{}'\n{text}", fake.display()))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn options(&self) -> Options {
        let mut options = Options::default();
        options.temp_dir = Some(self.path("tmp"));
        options
    }

    /// Probes and returns the error with its causes, without the paths of the test.
    pub(crate) fn error(&self, binary: &Path, timeout: Duration) -> String {
        let mut options = self.options();
        options.timeout = timeout;
        let mut live = Live::new(binary, options);
        let error = short_probe(&mut live).expect_err("this can't be probed");
        drop(live);
        self.assert_nothing_is_left();
        self.chain(&error)
    }

    pub(crate) fn chain(&self, error: &(dyn std::error::Error + 'static)) -> String {
        let causes = std::iter::successors(Some(error), |error| error.source());
        let text: Vec<String> = causes.map(ToString::to_string).collect();
        text.join(" <- ").replace(&format!("{}/", self.root.path().display()), "")
    }

    /// The processes that have the directory of the test in their arguments.
    pub(crate) fn processes(&self) -> Vec<String> {
        let root = self.root.path().to_string_lossy();
        fs::read_dir("/proc")
            .expect("processes")
            .flatten()
            .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .filter(|line| line.contains(&*root))
            .collect()
    }

    /// Waits until a process with this in its arguments appears: it has none at the moment when a
    /// program starts.
    pub(crate) fn await_process(&self, text: &str) {
        let begin = Instant::now();
        while !self.processes().iter().any(|line| line.contains(text)) {
            assert!(begin.elapsed() < Duration::from_secs(60), "no process with `{text}`");
            std::thread::yield_now();
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("tmp")).expect("a directory");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }

    /// Waits until others have cleaned up.
    pub(crate) fn await_nothing_left(&self) {
        let begin = Instant::now();
        loop {
            let (processes, files) = (self.processes(), self.files());
            if processes.is_empty() && files.is_empty() {
                break;
            }
            let is_early = begin.elapsed() < Duration::from_secs(60);
            assert!(is_early, "processes or files are left: {processes:#?} {files:?}");
            std::thread::yield_now();
        }
    }

    pub(crate) fn assert_nothing_is_left(&self) {
        assert_eq!(self.processes(), Vec::<String>::new(), "processes are left");
        assert_eq!(self.files(), Vec::<PathBuf>::new(), "files are left");
    }
}

pub(crate) fn ask(live: &mut Live, command: &'static str) -> Result<Reply, LiveError> {
    match live.ask(&qmp::Command::new(command))? {
        Answer::Reply(reply) => Ok(reply),
        Answer::Missing => panic!("a live host always has a reply"),
    }
}

pub(crate) fn short_probe(live: &mut Live) -> Result<(), LiveError> {
    live.start(Launch::Accelerated)?;
    ask(live, "qmp_capabilities")?;
    ask(live, "query-version")?;
    live.finish()
}
