//! A QEMU with a machine that does not run, asked over QMP.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A QEMU that is asked; it ends when this is dropped.
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
    /// When QEMU does not start.
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

    /// Ends QEMU and starts it anew.
    pub fn restart(&mut self) {
        *self = Self::launch(self.binary.clone(), self.argv.clone(), self.dir.clone());
    }

    /// What a dying QEMU prints between the lines is passed over.
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

    /// The reply to a command; `None` when QEMU ended instead. Events are passed over.
    pub fn reply(&mut self, command: &Value) -> Option<Value> {
        writeln!(self.input, "{command}").ok()?;
        loop {
            let line = self.line()?;
            if line.get("event").is_none() {
                return Some(line);
            }
        }
    }

    /// The error that a command ends with, with its class; empty when it succeeds; `None` when QEMU ended.
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
        // A process that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
