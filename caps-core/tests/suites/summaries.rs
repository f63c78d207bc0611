//! The summary of golden files that a run writes: of a process, or of all processes of nextest.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use crate::child::Package;

/// The changes of two runs that write the same file: text, then other text.
const RUNS: &str = r#"
"$PROGRAM" --exact --ignored goldens::compares
echo other >actual
"$PROGRAM" --exact --ignored goldens::compares
echo end >&2
"#;

/// Copies this program: what nextest's processes share is beside it. Another process writes the copy,
/// because a program that a parallel test starts could keep it open, and it could not be run.
fn copy_of_this_program(package: &Package) -> PathBuf {
    let program = package.path("bin/program");
    fs::create_dir(package.path("bin")).expect("a directory");
    let mut copy = Command::new("cp");
    copy.arg(env::current_exe().expect("this program")).arg(&program);
    assert!(copy.status().expect("cp").success());
    program
}

/// What the processes of a script print, and the name of the file.
fn printed(script: &str, variables: &[(&str, &str)]) -> (String, String) {
    let package = Package::new();
    package.write("actual", "one");
    let program = copy_of_this_program(&package);
    let mut command = package.command("/bin/sh".as_ref());
    command.args(["-c", script]).env("PROGRAM", &program).env("KIND", "txt");
    command.env("VIR_TEST_REGENERATE_OUTPUT", "1").envs(variables.iter().copied());
    let output = command.output().expect("a shell");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(package.read("golden.txt"), "other\n");
    // The summary removes the list that it is made of.
    let beside: Vec<_> = fs::read_dir(package.path("bin")).expect("a directory").collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
    let file = package.path("golden.txt").display().to_string();
    (String::from_utf8_lossy(&output.stderr).into_owned(), file)
}

/// The same without a place for the summary: the runner has no stderr.
const WITHOUT_SUMMARY: &str = r#"
exec 3>&2 2>&-
(exec "$PROGRAM" --exact --ignored goldens::compares 2>&3)
(exec "$PROGRAM" --exact --ignored goldens::compares 2>&3)
echo other >actual
(exec "$PROGRAM" --exact --ignored goldens::compares 2>&3)
echo end >&3
"#;

fn counts(created: usize, changed: usize) -> String {
    format!("golden files: {created} created, {changed} changed, 0 unchanged\n")
}

#[test]
fn a_process_prints_its_own_summary() {
    for variables in [
        &[][..],
        &[("NEXTEST_RUN_ID", "a-1")],
        &[("NEXTEST_RUN_ID", "a-1"), ("NEXTEST_EXECUTION_MODE", "other")],
        &[("NEXTEST_RUN_ID", "../a"), ("NEXTEST_EXECUTION_MODE", "process-per-test")],
        &[("NEXTEST_RUN_ID", "a.b"), ("NEXTEST_EXECUTION_MODE", "process-per-test")],
        &[("NEXTEST_EXECUTION_MODE", "process-per-test")],
    ] {
        let (printed, file) = printed(RUNS, variables);
        // The shell that prints a summary can outlive the process.
        let printed = printed.replace("end\n", "");
        let first = format!("created {file}\n{}", counts(1, 0));
        let second = format!("changed {file}\n{}", counts(0, 1));
        for part in [first, second] {
            assert!(printed.contains(&part), "{variables:?}: expected {part} in {printed}");
        }
    }
}

#[test]
fn the_processes_of_a_run_share_a_summary() {
    let run = [("NEXTEST_RUN_ID", "0f-1"), ("NEXTEST_EXECUTION_MODE", "process-per-test")];
    let (printed, file) = printed(RUNS, &run);
    // Of several changes of a file the first counts. It comes when the runner has ended.
    let expected = format!("end\ncreated {file}\n{}", counts(1, 0));
    assert_eq!(printed, expected);
}

#[test]
fn without_a_summary_each_change_is_printed_at_once() {
    let run = [("NEXTEST_RUN_ID", "0f-1"), ("NEXTEST_EXECUTION_MODE", "process-per-test")];
    let (printed, file) = printed(WITHOUT_SUMMARY, &run);
    assert_eq!(printed, format!("created {file}\nchanged {file}\nend\n"));
}
