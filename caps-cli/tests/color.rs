//! Colors mean something, and are there only for people.

mod support;

use std::fs;
use std::process::{Command, Stdio};

use support::{copies, data, finished, qemu_caps, run, text};

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const BOLD: &str = "\u{1b}[1m";
const FAINT: &str = "\u{1b}[2m";
const END: &str = "\u{1b}[0m";

/// Removes the control sequences of colors.
fn plain(colored: &str) -> String {
    let mut parts = colored.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (codes, rest) = part.split_once('m').expect("the end of a control sequence");
        assert!(codes.chars().all(|c| c.is_ascii_digit() || c == ';'), "{codes}");
        text + rest
    })
}

fn forced(arguments: &[&str]) -> (i32, String, String) {
    let mut command = qemu_caps(arguments.iter().copied());
    finished(command.env("CLICOLOR_FORCE", "1").output().expect("the program starts"))
}

/// Checks what is in color, and that nothing but color is added.
fn check(arguments: &[&str], expected: &[String]) {
    let (exit, out, errors) = run(arguments.iter().copied());
    assert!(!out.contains('\u{1b}') && !errors.contains('\u{1b}'), "{arguments:?}: {out}{errors}");
    let (colored_exit, colored, colored_errors) = forced(arguments);
    assert_eq!((plain(&colored), plain(&colored_errors)), (out, errors), "{arguments:?}");
    assert_eq!(exit, colored_exit, "{arguments:?}");
    let all = colored + &colored_errors;
    for expected in expected {
        assert!(all.contains(expected), "{arguments:?}: {expected:?} is not in {all:?}");
    }
    assert_eq!(all.contains('\u{1b}'), !expected.is_empty(), "{arguments:?}: {all:?}");
}

#[test]
fn colors_mean_something() {
    let dir = copies("10.0.13_riscv64");
    let capture = dir.path().join("caps_10.0.13_riscv64.replies");
    let good = fs::read_to_string(&capture).expect("a capture");
    fs::write(dir.path().join("caps_10.0.13_riscv64+bad.replies"), good.replacen("  ", " ", 1))
        .expect("a file");
    let commands = dir.path().join("commands.jsonl");
    let lines = "{\"execute\":\"stop\"}\n{\"execute\":\"no-such\"}\n";
    fs::write(&commands, lines).expect("a file");
    let (dir, capture, commands) = (text(dir.path()), text(&capture), text(&commands));
    let list = data();
    for (arguments, expected) in [
        (
            vec!["diff", "10.0.13_riscv64", "11.1.3_riscv64"],
            vec![
                format!("{BOLD}--- 10.0.13_riscv64{END}\n"),
                format!("{BOLD}commands{END} ("),
                format!("{RED}  - x-query-opcount (unstable){END}\n"),
                format!("{GREEN}  + "),
                format!("{YELLOW}  ~ "),
            ],
        ),
        (vec!["list", text(&list)], vec![format!("  {GREEN}latest{END}\n")]),
        (
            vec!["check", "--xml", dir],
            vec![
                format!("' ... {GREEN}OK{END}\n"),
                format!("' ... {BOLD}{RED}FAIL{END}\n"),
                format!("{BOLD}{RED}replies file error:{END} "),
                format!("{BOLD}{RED}xml error:{END} "),
            ],
        ),
        (
            vec!["edit", "--dry-run", "--drop", "query-version", capture],
            vec![
                format!("{BOLD}+++ "),
                format!("{FAINT}@@ "),
                format!("{RED}-  \"execute\": \"query-version\",{END}\n"),
            ],
        ),
        (
            vec!["validate", commands, "--captures", "10.0.13_x86_64"],
            vec![
                format!("{GREEN}ok{END}\n"),
                format!("{BOLD}{RED}FAIL{END}\n"),
                format!(":2: {BOLD}{RED}error:{END} "),
                format!("{BOLD}{RED}1 invalid{END}, 0 unknown\n"),
            ],
        ),
        (
            vec![
                "query",
                "netdev_add/arg-type/+stream/reconnect",
                "stop",
                "10.0.13_x86_64",
                "11.1.3_x86_64",
            ],
            vec![
                format!("{GREEN}yes{END}"),
                format!("{RED}no{END}"),
                format!("{BOLD}{YELLOW}deprecated{END}"),
            ],
        ),
        (
            vec!["show", "11.1.3_x86_64", "--list", "cpus", "--list", "machines"],
            vec![
                format!("{RED}  not usable on this host{END}"),
                format!("{BOLD}{YELLOW}  deprecated{END}\n"),
                format!("{BOLD}machine types (kvm){END}\n"),
            ],
        ),
        (vec!["flags", "--since", "11.3"], vec![format!("{GREEN}                  + ")]),
        (vec!["plan", "--since", "11.3"], vec![format!("{GREEN}+"), format!("{RED}-")]),
        (
            vec!["explain", "--captures", "11.1.3_x86_64", "--", "-no-hpet", "-bogus"],
            vec![
                format!("{BOLD}-no-hpet{END}: "),
                format!("; {BOLD}{YELLOW}removed in QEMU 9.0"),
                format!("{BOLD}{RED}not an option of any QEMU{END}"),
            ],
        ),
        (vec!["show", "nosuch"], vec![format!("{BOLD}{RED}error:{END} ")]),
        (
            vec!["derive", "11.1.3_x86_64", "--baseline", "nosuch"],
            vec![format!("{BOLD}{RED}error:{END} ")],
        ),
        (
            vec!["check", "--dump-all"],
            vec![format!("\n  {GREEN}tip:{END} use qemu-caps dump --all\n")],
        ),
        // Documents and what programs read have no colors.
        (vec!["derive", "11.1.3_x86_64"], vec![]),
        (vec!["dump", "--all", "11.1.3_x86_64"], vec![]),
        (vec!["flags", "--format", "json"], vec![]),
        (vec!["diff", "10.0.13_riscv64", "11.1.3_riscv64", "--format", "md"], vec![]),
        (vec!["query", "stop", "11.1.3_x86_64", "--format", "md"], vec![]),
        (vec!["validate", commands, "--captures", "10.0.13_x86_64", "--format", "md"], vec![]),
        (vec!["validate", commands, "--captures", "10.0.13_x86_64", "--format", "junit"], vec![]),
    ] {
        check(&arguments, &expected);
    }
}

#[test]
fn no_color_is_obeyed() {
    let mut command = qemu_caps(["flags", "--since", "11.3"]);
    command.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    let (_, out, _) = finished(command.output().expect("the program starts"));
    assert!(!out.contains('\u{1b}'), "{out}");
}

#[test]
fn names_in_color_do_not_act() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let capture = fs::read(data().join("caps_11.1.3_riscv64.replies")).expect("a capture");
    fs::write(dir.path().join("caps_11.1.3_riscv64+\u{1b}[31mred.replies"), capture)
        .expect("a file");
    let (_, out, _) = forced(&["list", text(dir.path())]);
    assert!(out.contains(r"+\u{1b}[31mred"), "{out}");
    assert!(out.contains(&format!("{GREEN}latest{END}\n")), "{out}");
}

#[test]
fn a_terminal_gets_colors() {
    for (name, value, is_colored) in [
        ("TERM", "xterm", true),
        ("TERM", "dumb", false),
        ("NO_COLOR", "1", false),
        ("CLICOLOR", "0", false),
    ] {
        let program = caps_core::escape::shell(env!("CARGO_BIN_EXE_qemu-caps"));
        // `script` runs the program on its own terminal.
        let mut command = Command::new("script");
        command.args([
            "-qec",
            &format!("{program} plan --since 11.3; {program} show nosuch"),
            "/dev/null",
        ]);
        for other in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "QEMU_CAPS_DIR", "CI"] {
            command.env_remove(other);
        }
        command.env("SHELL", "/bin/sh").env("TERM", "xterm").env(name, value).stdin(Stdio::null());
        let output = match command.output() {
            Ok(output) => String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"),
            Err(error) => {
                eprintln!("NOT RUN: on a terminal, `script` can't be started: {error}");
                return;
            }
        };
        let (bold, red, end) = if is_colored { (BOLD, RED, END) } else { ("", "", "") };
        let error = format!("{bold}{red}error:{end} `nosuch`");
        assert!(output.contains(&error), "{name}={value}: {output:?}");
        assert_eq!(output.contains(GREEN), is_colored, "{name}={value}: {output:?}");
    }
}

/// What the program prints on a terminal of this width.
fn on_terminal(columns: u16, arguments: &str) -> Option<String> {
    let program = caps_core::escape::shell(env!("CARGO_BIN_EXE_qemu-caps"));
    let mut command = Command::new("script");
    let words = format!("stty rows 24 cols {columns}; {program} --data built-in {arguments}");
    command.args(["-qec", &words, "/dev/null"]).env("SHELL", "/bin/sh").env("NO_COLOR", "1");
    match command.stdin(Stdio::null()).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")),
        Err(error) => {
            eprintln!("NOT RUN: on a terminal, `script` can't be started: {error}");
            None
        }
    }
}

#[test]
fn a_matrix_too_wide_for_the_terminal_is_printed_in_parts() {
    let arguments = "query stop 7.2.22_riscv64 10.0.13_riscv64 11.1.3_riscv64";
    let Some(out) = on_terminal(30, arguments) else { return };
    assert!(out.contains("note: captures from `(built in)`\n"), "{out}");
    let expected = "
           7.2.22  10.0.13
  riscv64  yes     yes

           11.1.3
  riscv64  yes
";
    assert!(out.contains(expected), "{out}");
}

#[test]
fn lines_fit_the_terminal() {
    for arguments in [
        "flags --since 11.3",
        "plan",
        "plan --survey",
        "explain --captures 11.1.3_riscv64 -- -M virt -device nvme,id=d",
    ] {
        let Some(wide) = on_terminal(1000, arguments) else { return };
        // What has no blank stays in one piece.
        let can_break = |line: &&str| line.trim().contains(' ') && !line.contains("+ schema ");
        let longest =
            |text: &str| text.lines().filter(can_break).map(|line| line.chars().count()).max();
        let words = |text: &str| {
            text.split_whitespace().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
        };
        let Some(narrow) = on_terminal(80, arguments) else { return };
        assert_eq!(words(&narrow), words(&wide), "{arguments}");
        assert!(longest(&narrow) <= Some(80), "{arguments}: {narrow}");
        assert!(longest(&wide) > Some(80), "{arguments}: {wide}");
    }
}
