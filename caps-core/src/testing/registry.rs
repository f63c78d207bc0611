//! The golden files of all tests in this test program.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use thiserror::Error;

use crate::fs::{PRIVATE, Temporary};
use crate::json::{self, Document};

/// Makes the test `listing` of each `caps_test` write the names of its golden files into the file
/// that this variable names, and do nothing else.
const RECORD: &str = "QEMU_CAPS_RECORD_GOLDEN_FILES";

/// A golden file of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The path within the package.
    pub(super) path: String,
    /// The path without the extension.
    pub(super) stem: String,
    /// The name of the test.
    pub(super) test: String,
}

/// The reason why the golden files can't be determined.
#[derive(Debug, Error)]
pub(super) enum RegistryError {
    #[error("can't ask the test program for its tests: {0}")]
    Run(#[from] io::Error),
    #[error("the test program printed no valid list of golden files: `{0}`")]
    Line(String),
}

/// Returns whether this process only records golden files.
pub(super) fn is_recording() -> bool {
    env::var_os(RECORD).is_some()
}

/// Records golden files for the parent process.
pub(super) fn record(entries: &[Entry]) {
    let Some(file) = env::var_os(RECORD) else { return };
    let line = |entry: &Entry| {
        let texts = [&entry.path, &entry.stem, &entry.test].map(|text| json::quote(text));
        format!("[{}]\n", texts.join(","))
    };
    let lines: String = entries.iter().map(line).collect();
    // Tests run in parallel; a single write to a file in append mode is not interleaved.
    let noted = fs::OpenOptions::new()
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(lines.as_bytes()));
    if let Err(error) = noted {
        panic!("can't note the golden files: {error}");
    }
}

/// The golden files of all tests. Runs the test program again, once per process.
pub(super) fn entries() -> Result<&'static [Entry], &'static RegistryError> {
    static ENTRIES: OnceLock<Result<Vec<Entry>, RegistryError>> = OnceLock::new();
    ENTRIES.get_or_init(ask).as_deref()
}

fn ask() -> Result<Vec<Entry>, RegistryError> {
    let program = env::current_exe()?;
    let list = Command::new(&program).args(["--list", "--format", "terse"]).output()?;
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let listings = list
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|name| name.ends_with("::listing"));
    let record = Temporary::new(&env::temp_dir(), "qemu-caps-", "", PRIVATE)?;
    Command::new(&program)
        .args(["--include-ignored", "--exact"])
        .args(listings)
        .env(RECORD, record.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let mut entries = Vec::new();
    for line in fs::read_to_string(record.path())?.lines() {
        entries.push(entry(line).ok_or_else(|| RegistryError::Line(line.to_owned()))?);
    }
    Ok(entries)
}

/// The entry in a line of the list.
fn entry(line: &str) -> Option<Entry> {
    let line = Document::parse(line).ok()?;
    let mut texts = line.root().elements().map(|text| text.as_str().map(Cow::into_owned));
    Some(Entry { path: texts.next()??, stem: texts.next()??, test: texts.next()?? })
}
