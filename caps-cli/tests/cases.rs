//! Situations from public bug reports: each subdirectory of `QEMU_CAPS_CASES_DIR` has a program
//! `run` that exits with 0 if this program behaves correctly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use caps_test_support::{cases_dir, figure, on_threads};

/// The number of parallel runs, most of which wait for a QEMU or for cargo.
const AT_ONCE: usize = 2;

#[test]
fn every_case_is_right() {
    let Some(dir) = cases_dir("cases") else { return };
    let mut cases: Vec<PathBuf> = fs::read_dir(&dir)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path().join("run"))
        .filter(|run| run.is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case in `{}`", dir.display());
    let results = on_threads(AT_ONCE, &cases, |case| run(case));
    let wrong: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    figure("cases", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn run(case: &Path) -> Result<(), String> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("bash")
        .arg(case)
        .args([Path::new(env!("CARGO_BIN_EXE_qemu-caps")), &checkout])
        .env_remove("NO_COLOR")
        // Cases with a crate of their own share its dependencies.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases"))
        .stdin(Stdio::null())
        .output()
        .expect("a bash");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    if text.starts_with("skipped:") {
        caps_test_support::not_run(&case.display().to_string(), text.trim_end());
    }
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}\n{text}", case.display(), output.status))
}
