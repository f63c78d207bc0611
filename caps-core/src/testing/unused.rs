use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use thiserror::Error;

use super::golden::Golden;
use super::suite::package_dir;

/// With this variable every `caps_test` writes the name of its golden file into the file that the
/// variable names, and does nothing else.
const RECORD: &str = "QEMU_CAPS_RECORD_GOLDEN_FILES";

/// Why the check for unused golden files can't be made.
#[derive(Debug, Error)]
enum UnusedError {
    #[error("can't list the golden files in `{}`: {source}", .dir.display())]
    List { dir: PathBuf, source: io::Error },
    #[error("can't ask the test program for its tests: {0}")]
    Run(#[from] io::Error),
    #[error("no `caps_test` of this test program has a golden file")]
    NoTests,
}

/// Is the test program asked for its golden files?
pub(super) fn is_recording() -> bool {
    env::var_os(RECORD).is_some()
}

/// Notes the golden file of a test, and ends the test.
pub(super) fn record(golden: Option<&Golden>) -> ! {
    if let (Some(golden), Some(file)) = (golden, env::var_os(RECORD)) {
        let line = format!("{}\n", golden.stem().display());
        // One write of a short line to a file opened for appending: tests run side by side.
        let noted = fs::OpenOptions::new()
            .append(true)
            .open(file)
            .and_then(|mut file| file.write_all(line.as_bytes()));
        if let Err(error) = noted {
            panic!("can't note the golden file: {error}");
        }
    }
    panic!("the test only noted its golden file, because {RECORD} is set");
}

/// Fails when a file in a directory of golden files is not that of any `caps_test` of the test program
/// that this runs in. Files of one test may differ in their extension.
///
/// The program is run again, and each of its tests only tells its golden file. So the directory must
/// belong to one test program, and to golden files alone; names with a leading dot are left alone.
///
/// # Panics
///
/// When there are unused files, naming them; when the check can't be made.
#[track_caller]
pub fn assert_no_unused_golden_files(package: &str, dir: &str) {
    let dir = package_dir(package).join(dir);
    match unused(&dir) {
        Ok(unused) if unused.is_empty() => {}
        Ok(unused) => {
            let lines: Vec<String> =
                unused.iter().map(|path| format!("unused file: {}", path.display())).collect();
            panic!("no test has these golden files any more, remove them\n{}", lines.join("\n"));
        }
        Err(error) => panic!("{error}"),
    }
}

fn unused(dir: &Path) -> Result<Vec<PathBuf>, UnusedError> {
    // Nothing has been written yet, or another test is about to.
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut files = BTreeSet::new();
    list(dir, &mut files).map_err(|source| UnusedError::List { dir: dir.to_owned(), source })?;
    let used = stems_of_tests()?;
    Ok(files.into_iter().filter(|file| !is_used(file, &used)).collect())
}

/// The extension of a golden file may be absent or any; the rest is the test's.
fn is_used(file: &Path, stems: &BTreeSet<PathBuf>) -> bool {
    stems.contains(file) || stems.contains(&file.with_extension(""))
}

fn list(dir: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.insert(entry.path());
        }
    }
    Ok(())
}

fn stems_of_tests() -> Result<BTreeSet<PathBuf>, UnusedError> {
    let program = env::current_exe()?;
    let list = Command::new(&program).args(["--list", "--format", "terse"]).output()?;
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let names = list.lines().filter_map(|line| line.strip_suffix(": test")).filter(is_caps_test);
    let record = tempfile::NamedTempFile::new()?;
    Command::new(&program)
        .args(["--include-ignored", "--exact"])
        .args(names)
        .env(RECORD, record.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let stems: BTreeSet<PathBuf> =
        fs::read_to_string(record.path())?.lines().map(PathBuf::from).collect();
    if stems.is_empty() { Err(UnusedError::NoTests) } else { Ok(stems) }
}

/// `NAME::ARCH::LABEL`, as `caps_test` names its tests. Others are not run.
fn is_caps_test(name: &&str) -> bool {
    let mut parts = name.rsplit("::");
    let label = parts.next().unwrap_or_default();
    let is_label = label == "latest"
        || label == "oldest"
        || label.starts_with("latest_minus_")
        || label.strip_prefix('v').is_some_and(|rest| {
            rest.split('_').count() == 3 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        });
    is_label && parts.next().is_some() && parts.next().is_some()
}
