//! The commands that documents show print what the documents say.
//!
//! Each `$ COMMAND` of a block marked `console` runs in a shell, all of a document's in one directory, with the lines that
//! follow as its expected output; a line `...` stands for any number of lines. The first `cat FILE` creates the file.
//! `trycmd` reads the same form but runs no shell, and these commands have pipes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a document shows of other programs, of a QEMU, and of the project itself.
const NOT_RUN: &[&str] =
    &["cargo ", ".ci/", "my-client", "/usr/bin/qemu-system", "serve ", "report "];

#[test]
fn the_tour_shows_what_happens() {
    check("docs/tour.md");
}

#[test]
fn the_readme_shows_what_happens() {
    check("README.md");
}

fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let text = fs::read_to_string(&path).expect("a document");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut written = String::new();
    let mut differences = Vec::new();
    for part in parts(&text) {
        let Part::Command { command, expected } = part else {
            written += part.text();
            continue;
        };
        written.extend(["$ ", command, "\n"]);
        if NOT_RUN.iter().any(|other| command.contains(other)) {
            written += expected;
            continue;
        }
        create_shown(command, expected, dir.path());
        let found = run(command, dir.path());
        if matches(expected, &found) {
            written += expected;
        } else {
            differences.push(format!("$ {command}\nexpected:\n{expected}found:\n{found}"));
            written += &found;
        }
    }
    if std::env::var_os("VIR_TEST_REGENERATE_OUTPUT").is_some_and(|value| value == "1") {
        fs::write(&path, written).expect("a document");
        return;
    }
    assert!(
        differences.is_empty(),
        "{name} is out of date; VIR_TEST_REGENERATE_OUTPUT=1 writes it again\n{}",
        differences.join("\n")
    );
}

/// A document in pieces.
enum Part<'t> {
    Text(&'t str),
    Command { command: &'t str, expected: &'t str },
}

impl<'t> Part<'t> {
    fn text(&self) -> &'t str {
        match self {
            Self::Text(text) => text,
            Self::Command { .. } => "",
        }
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut is_console = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            is_console = line == "```console\n";
            parts.push(Part::Text(line));
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| is_console) {
            // The expected output begins where the line of the command ends.
            let end = line.as_ptr() as usize - text.as_ptr() as usize + line.len();
            parts.push(Part::Command { command: command.trim_end(), expected: &text[end..end] });
        } else if let Some(Part::Command { expected, .. }) = parts.last_mut().filter(|_| is_console)
        {
            let start = expected.as_ptr() as usize - text.as_ptr() as usize;
            *expected = &text[start..start + expected.len() + line.len()];
        } else {
            parts.push(Part::Text(line));
        }
    }
    parts
}

/// Creates the file of a `cat FILE` that does not exist, with the content shown.
fn create_shown(command: &str, expected: &str, dir: &Path) {
    let Some(file) = command.strip_prefix("cat ") else { return };
    let path = dir.join(file);
    if !path.exists() {
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, expected).expect("a file");
    }
}

/// Runs a command with the program on PATH: its output and errors.
fn run(command: &str, dir: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_qemu-caps"));
    let mut path = program.parent().expect("a directory").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(dir)
        .env("PATH", path)
        .env_remove("QEMU_CAPS_DIR")
        .env_remove("VIR_TEST_REGENERATE_OUTPUT")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Compares line by line; `...` stands for any number of lines.
fn matches(expected: &str, found: &str) -> bool {
    fn rest(expected: &[&str], found: &[&str]) -> bool {
        match expected.split_first() {
            None => found.is_empty(),
            Some((&"...", expected)) => {
                (0..=found.len()).any(|skipped| rest(expected, &found[skipped..]))
            }
            Some((line, expected)) => found.first() == Some(line) && rest(expected, &found[1..]),
        }
    }
    rest(&expected.lines().collect::<Vec<_>>(), &found.lines().collect::<Vec<_>>())
}

#[test]
fn a_wrong_output_is_noticed() {
    assert!(matches("a\n...\nc\n", "a\nb\nb\nc\n"));
    assert!(matches("a\n...\n", "a\n"));
    assert!(!matches("a\n...\nc\n", "a\nb\n"));
    assert!(!matches("a\n", "a\nb\n"));
    assert!(!matches("", "a\n"));
}
