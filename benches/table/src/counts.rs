//! Instruction counts, which a busy machine does not affect, against a committed baseline.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::works::COUNTED;
use crate::{Failure, root};

/// A count above the baseline by more than this share fails.
const LIMIT: f64 = 0.10;
const CAPTURE: &str = "qemucapabilitiesdata/caps_10.0.13_x86_64.replies";

/// Counts the instructions of each work, prints them beside the baseline, and fails if one needs many
/// more with the same compiler. With `VIR_TEST_REGENERATE_OUTPUT=1`, writes the baseline.
pub fn compare() -> Result<(), Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.txt");
    let baseline = fs::read_to_string(&file).unwrap_or_default();
    let capture = root().join(CAPTURE).canonicalize()?;
    let compiler = compiler()?;
    let mut lines = format!("{compiler}\n");
    let mut slower = Vec::new();
    println!("{:<12} {:>12} {:>12} {:>8}", "work", "baseline", "now", "change");
    for (name, _) in COUNTED {
        let own = std::env::current_exe()?;
        let now = count(&own, &["work".as_ref(), name.as_ref(), capture.as_os_str()])?;
        let before = baseline.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        let change = before.map(|before: u64| now as f64 / before as f64 - 1.0);
        let before = before.map_or_else(|| "none".to_owned(), |before| before.to_string());
        let percent = change.map_or_else(String::new, |change| format!("{:+.1} %", change * 100.0));
        println!("{name:<12} {before:>12} {now:>12} {percent:>8}");
        lines.push_str(&format!("{name} {now}\n"));
        if change.is_none_or(|change| change > LIMIT) {
            slower.push(name);
        }
    }
    if std::env::var("VIR_TEST_REGENERATE_OUTPUT").as_deref() == Ok("1") {
        fs::write(&file, lines)?;
        return Ok(());
    }
    if baseline.lines().next() != Some(&compiler) {
        println!("the baseline is of another compiler, expected {compiler}");
        return Ok(());
    }
    if slower.is_empty() {
        return Ok(());
    }
    let (slower, percent) = (slower.join(", "), LIMIT * 100.0);
    let what = format!("{slower}: more than {percent} % above the baseline");
    Err(format!("{what}; VIR_TEST_REGENERATE_OUTPUT=1 writes a new one").into())
}

fn compiler() -> Result<String, Failure> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The instructions of a program. Exit code 1 is an answer, too.
pub fn count(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("can't run valgrind: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    let count = count.filter(|_| output.status.code().is_some_and(|code| code < 2));
    count.ok_or_else(|| format!("callgrind has no count of {}:\n{log}", program.display()).into())
}
