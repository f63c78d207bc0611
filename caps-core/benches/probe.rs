//! The time of a probe and of a survey, as ratios to QEMU's own time: startup plus the answers to the
//! same commands, sent by a minimal client that parses nothing. Also the peak memory of this program
//! until the end of its first probe, if the system reports it.
//!
//! `cargo bench -p caps-core --bench probe -- [BINARY]`, with `qemu-system-x86_64` as default.

use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZero;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use caps_core::Baseline;
use caps_core::probe::live::{Live, Options};
use caps_core::probe::{Recorder, run};
use caps_core::replies::Conversation;
use caps_core::survey::{RecordOptions, Survey, record};
use tempfile::TempDir;

/// The number of runs of each kind, alternating, so that both see the same load.
const RUNS: usize = 15;
/// As [`RUNS`], for surveys.
const SURVEYS: usize = 5;

fn main() {
    let binary = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let binary = PathBuf::from(binary.unwrap_or_else(|| "qemu-system-x86_64".to_owned()));
    let (_, text) = probe(&binary);
    let memory = peak_memory();
    let conversation = Conversation::parse(&text).expect("a recorded conversation");
    compare(&binary, "probe", times(RUNS), || probe(&binary).0, || minimal(&binary, &conversation));
    if let Some(memory) = memory {
        eprintln!("peak memory of a probe, without QEMU: {memory}, with the recording");
    }
    let (_, recorded) = survey(&binary);
    let questions = recorded.conversation().exchanges().count();
    let what = format!("survey of {questions} questions");
    let minimal = || minimal(&binary, recorded.conversation()) + runs(&binary, &recorded);
    compare(&binary, &what, times(SURVEYS), || survey(&binary).0, minimal);
}

fn compare(
    binary: &Path,
    what: &str,
    runs: usize,
    ours: impl Fn() -> Duration,
    minimal: impl Fn() -> Duration,
) {
    let (ours, raw): (Vec<_>, Vec<_>) = (0..runs).map(|_| (ours(), minimal())).unzip();
    let (ours, raw) = (median(ours), median(raw));
    eprintln!(
        "{}: {what} {ours:.0?}, the same commands by a minimal client {raw:.0?}, ratio {:.2}",
        binary.display(),
        ours.as_secs_f64() / raw.as_secs_f64()
    );
}

/// For this process alone, as Linux reports it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}

fn probe(binary: &Path) -> (Duration, String) {
    let start = Instant::now();
    let mut recorder = Recorder::new(Live::new(binary, Options::default()));
    run(Baseline::Libvirt11_3, &mut recorder).expect("a QEMU that can be probed");
    (start.elapsed(), recorder.into_parts().1)
}

/// With one QEMU at a time, as the minimal client.
fn survey(binary: &Path) -> (Duration, Survey) {
    let mut options = RecordOptions::default();
    options.jobs = NonZero::<usize>::MIN;
    let start = Instant::now();
    let survey = record(binary, &options, &|_| {}).expect("a QEMU that can be recorded");
    (start.elapsed(), survey)
}

/// Launches QEMU for each session, sends the recorded commands, and reads the answers. A question that
/// ends QEMU makes it start again. Excludes the time that QEMU takes to quit.
fn minimal(binary: &Path, conversation: &Conversation) -> Duration {
    let mut total = Duration::ZERO;
    for (session, accel) in conversation.sessions().iter().zip(["kvm:tcg", "tcg"]) {
        let start = Instant::now();
        let mut qemu = Qemu::launch(binary, accel);
        for exchange in session.exchanges() {
            // What a survey has besides questions to QEMU.
            if exchange.command().execute().contains(':') {
                continue;
            }
            let command = exchange.command().to_json(exchange.id()) + "\r\n";
            if !qemu.ask(&command) {
                qemu = Qemu::launch(binary, accel);
                assert!(qemu.ask("{\"execute\":\"qmp_capabilities\"}\r\n"));
            }
        }
        total += start.elapsed();
        qemu.quit();
    }
    total
}

/// Runs QEMU as often as a survey does for what it prints.
fn runs(binary: &Path, survey: &Survey) -> Duration {
    let start = Instant::now();
    for printed in survey.all_printed() {
        Command::new(binary).args(&printed.arguments).output().expect("a QEMU that starts");
    }
    start.elapsed()
}

struct Qemu {
    stream: UnixStream,
    lines: BufReader<UnixStream>,
    line: Vec<u8>,
    _dir: TempDir,
}

impl Qemu {
    fn launch(binary: &Path, accel: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (socket, pid) = (dir.path().join("qmp"), dir.path().join("pid"));
        let status = Command::new(binary)
            .args(["-S", "-no-user-config", "-nodefaults", "-nographic", "-machine"])
            .arg(format!("none,accel={accel}"))
            .arg("-qmp")
            .arg(format!("unix:{},server=on,wait=off", socket.display()))
            .arg("-pidfile")
            .arg(&pid)
            .arg("-daemonize")
            .status()
            .expect("a QEMU that starts");
        assert!(status.success());
        let stream = UnixStream::connect(&socket).expect("a socket");
        let lines = BufReader::new(stream.try_clone().expect("a descriptor"));
        let mut qemu = Self { stream, lines, line: Vec::new(), _dir: dir };
        assert!(qemu.read(), "a greeting");
        qemu
    }

    /// Returns whether there was an answer.
    fn ask(&mut self, command: &str) -> bool {
        self.stream.write_all(command.as_bytes()).is_ok() && self.read()
    }

    fn read(&mut self) -> bool {
        self.line.clear();
        self.lines.read_until(b'\n', &mut self.line).is_ok_and(|length| length > 0)
    }

    fn quit(mut self) {
        // QEMU can have ended before.
        let mut more = self.ask("{\"execute\":\"quit\"}\r\n");
        while more {
            more = self.read();
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// As often as `cargo bench` wants it; `cargo test` only tries whether it works.
fn times(runs: usize) -> usize {
    if std::env::args().any(|argument| argument == "--bench") { runs } else { 1 }
}
