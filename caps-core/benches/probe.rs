//! The time of a probe, as a ratio to QEMU's own time: startup plus the answers to the same
//! commands, sent by a minimal client that parses nothing. Also the peak memory of this program
//! until the end of its first probe, if the system reports it.
//!
//! `cargo bench -p caps-core --bench probe -- [BINARY]`, with `qemu-system-x86_64` as default.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use caps_core::Baseline;
use caps_core::probe::live::{Live, Options};
use caps_core::probe::{Recorder, run};
use caps_core::replies::Conversation;

/// The number of runs of each kind, alternating, so that both see the same load.
const RUNS: usize = 15;

fn main() {
    let binary = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let binary = PathBuf::from(binary.unwrap_or_else(|| "qemu-system-x86_64".to_owned()));
    let (_, text) = probe(&binary);
    let memory = peak_memory();
    let conversation = Conversation::parse(&text).expect("a recorded conversation");
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(probe(&binary).0);
        raw.push(minimal(&binary, &conversation));
    }
    let (ours, raw) = (median(ours), median(raw));
    eprintln!(
        "{}: probe {ours:.0?}, the same commands by a minimal client {raw:.0?}, ratio {:.2}",
        binary.display(),
        ours.as_secs_f64() / raw.as_secs_f64()
    );
    if let Some(memory) = memory {
        eprintln!("peak memory of a probe, without QEMU: {memory}, with the recording");
    }
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

/// Launches QEMU for each session, sends the recorded commands, and reads the answers. Excludes the
/// time that QEMU takes to quit.
fn minimal(binary: &Path, conversation: &Conversation) -> Duration {
    let mut total = Duration::ZERO;
    for (session, accel) in conversation.sessions().iter().zip(["kvm:tcg", "tcg"]) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (socket, pid) = (dir.path().join("qmp"), dir.path().join("pid"));
        let start = Instant::now();
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
        let mut stream = UnixStream::connect(&socket).expect("a socket");
        let mut lines = BufReader::new(stream.try_clone().expect("a descriptor"));
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).expect("a greeting");
        for exchange in session.exchanges() {
            let command = exchange.command().to_json(exchange.id()) + "\r\n";
            stream.write_all(command.as_bytes()).expect("a listener");
            line.clear();
            lines.read_until(b'\n', &mut line).expect("an answer");
        }
        total += start.elapsed();
        stream.write_all(b"{\"execute\":\"quit\"}\r\n").expect("a listener");
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {}
    }
    total
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
