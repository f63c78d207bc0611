//! A QEMU with a stopped machine, for tests over QMP.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A running QEMU, which ends when dropped.
#[derive(Debug)]
pub struct Qemu {
    binary: PathBuf,
    argv: Vec<String>,
    dir: PathBuf,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Qemu {
    /// Starts QEMU in a directory.
    ///
    /// # Panics
    ///
    /// Panics if QEMU does not start.
    pub fn start(binary: &Path, argv: &[impl AsRef<str>], dir: &Path) -> Self {
        let argv = argv.iter().map(|word| word.as_ref().to_owned()).collect();
        Self::launch(binary.to_owned(), argv, dir.to_owned())
    }

    fn launch(binary: PathBuf, argv: Vec<String>, dir: PathBuf) -> Self {
        let mut child = Command::new(&binary)
            .args(&argv)
            .args(["-qmp", "stdio"])
            .current_dir(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("QEMU starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut qemu = Self { binary, argv, dir, child, input, output };
        let greeting = qemu.line();
        let binary = qemu.binary.display();
        assert!(greeting.is_some_and(|line| line.get("QMP").is_some()), "{binary} does not start");
        qemu.reply(&json!({"execute": "qmp_capabilities"})).expect("QEMU answers");
        qemu
    }

    /// Stops QEMU and starts another one.
    pub fn restart(&mut self) {
        *self = Self::launch(self.binary.clone(), self.argv.clone(), self.dir.clone());
    }

    /// Reads a message, skipping the output of a dying QEMU.
    fn line(&mut self) -> Option<Value> {
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Ok(line) = serde_json::from_str(&line) {
                return Some(line);
            }
        }
    }

    /// The reply to a command, skipping events; `None` if QEMU died instead.
    pub fn reply(&mut self, command: &Value) -> Option<Value> {
        writeln!(self.input, "{command}").ok()?;
        loop {
            let line = self.line()?;
            if line.get("event").is_none() {
                return Some(line);
            }
        }
    }

    /// The error of a command, with its class; empty on success; `None` if QEMU died.
    pub fn ask(&mut self, command: &Value) -> Option<String> {
        let reply = self.reply(command)?;
        let text = |key: &str| reply["error"][key].as_str().unwrap_or_default().to_owned();
        Some(match reply.get("error") {
            Some(_) => format!("{}: {}", text("class"), text("desc")),
            None => String::new(),
        })
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // Killing fails if the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts QEMU in a directory and ends it over QMP.
///
/// # Errors
///
/// Fails with the first line that QEMU writes to standard error, warnings aside, if it does not
/// start; with nothing if a signal kills it.
///
/// # Panics
///
/// Panics if the program does not exist.
pub fn starts(binary: &Path, argv: &[&str], dir: &Path) -> Result<(), Option<String>> {
    let mut child = Command::new(binary)
        .args(argv)
        .args(["-qmp", "stdio"])
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("QEMU");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may have ended already.
    let _ = stdin.write_all(b"{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"quit\"}\n");
    drop(stdin);
    let output = child.wait_with_output().expect("its end");
    if output.status.success() {
        return Ok(());
    }
    output.status.code().ok_or(None)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let mut errors = errors.lines().filter(|line| !line.contains("warning: "));
    Err(Some(errors.next().unwrap_or("it ended without a word").to_owned()))
}
