//! Outside text is data: it acts neither on a terminal nor on a shell, can't forge lines, and is
//! read once, within limits.

mod support;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use support::{data, finished, qemu_caps, run, text};

/// A variant that a terminal would obey, and a line break that would forge a line.
const VARIANT: &str = "+\u{1b}[31mred\u{9b}2J\n'a' OK";

/// A directory with control characters in file names and in QEMU's answers.
struct Hostile {
    dir: tempfile::TempDir,
    file: PathBuf,
}

impl Hostile {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let capture = fs::read_to_string(data().join("caps_11.1.3_riscv64.replies")).expect("it");
        let evil = r"\u001b[31mevil\u009b2J\nforged\u202e";
        let doctored = capture
            .replacen("\"package\": \"", &format!("\"package\": \"{evil}"), 1)
            .replacen("\"name\": \"virt\"", &format!("\"name\": \"virt{evil}\""), 1)
            .replacen("\"desc\": \"", &format!("\"desc\": \"{evil}"), 1)
            .replace(
                "\"name\": \"virtio-blk-pci\"",
                &format!("\"name\": \"virtio-blk-pci{evil}\""),
            );
        assert_ne!(doctored, capture);
        let file = dir.path().join(format!("caps_11.1.3_riscv64{VARIANT}.replies"));
        fs::write(&file, doctored).expect("a file");
        fs::write(dir.path().join("odd\u{1b}[31m\nforged.replies"), "{}").expect("a file");
        Self { dir, file }
    }

    /// The arguments of every subcommand that reads the capture.
    fn commands(&self) -> Vec<Vec<&str>> {
        let (dir, file) = (text(self.dir.path()), text(&self.file));
        vec![
            vec!["list", dir],
            vec!["list", dir, "--format", "json"],
            vec!["show", file, "--list", "machines", "--list", "cpus"],
            vec!["show", file, "--format", "json"],
            vec!["derive", file],
            vec!["check", dir],
            vec!["check", dir, "--xml", "--format", "json"],
            vec!["dump", "--all", "--machine-types", "--prefix", file],
            vec!["query", "query-status", file],
            vec!["query", "query-status", file, "--format", "md"],
            vec!["diff", file, "11.1.3_riscv64"],
            vec!["diff", file, "11.1.3_riscv64", "--format", "md"],
            vec!["edit", "--dry-run", "--drop", "query-version", file],
            vec!["probe", "--recorded", file, "--summary"],
            vec!["show", "\u{1b}[31mnosuch\nforged"],
            vec!["list", "--arch=\u{1b}[31mnosuch\nforged"],
            vec!["query", "x/\u{1b}[31m"],
            vec!["flags", "\u{1b}[31m\nforged"],
        ]
    }
}

fn acts(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{202e}'
}

#[test]
fn nothing_from_outside_acts_on_a_terminal() {
    let hostile = Hostile::new();
    for arguments in hostile.commands() {
        // `script` runs the program on its own terminal.
        let words: Vec<_> = [env!("CARGO_BIN_EXE_qemu-caps")]
            .iter()
            .chain(&arguments)
            .map(|word| caps_core::escape::shell(word).into_owned())
            .collect();
        let output = Command::new("script")
            .args(["-qec", &words.join(" "), "/dev/null"])
            .env("SHELL", "/bin/bash")
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env_remove("QEMU_CAPS_DIR")
            .stdin(Stdio::null())
            .output();
        let output = match output {
            Ok(output) => String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"),
            Err(error) => {
                eprintln!("NOT RUN: on a terminal, `script` can't be started: {error}");
                return;
            }
        };
        assert!(!output.is_empty(), "{arguments:?}");
        assert!(!output.contains(acts), "{arguments:?}: {:?}", output.chars().find(|c| acts(*c)));
    }
}

#[test]
fn no_name_forges_a_line() {
    let hostile = Hostile::new();
    for arguments in hostile.commands() {
        // A document is printed byte for byte.
        if ["derive", "dump", "edit"].contains(&arguments[0]) {
            continue;
        }
        let (_, out, errors) = run(arguments.iter().copied());
        for line in out.lines().chain(errors.lines()) {
            let forged = line.starts_with("forged") || line.starts_with("'a' OK");
            assert!(!forged, "{arguments:?}: {line}");
            assert!(!line.contains(acts), "{arguments:?}: {line:?}");
        }
    }
}

#[test]
fn suggested_commands_can_be_pasted() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("caps_9.0.0_x86_64+it's; touch pwned.replies");
    let capture = fs::read_to_string(data().join("caps_11.1.3_riscv64.replies")).expect("it");
    fs::write(&file, capture.replacen("libvirt-7\"", "x\"", 2)).expect("a file");
    let (exit, out, _) = run(["check", text(&file)]);
    assert_eq!(exit, 1);
    let suggested = out.lines().find_map(|line| line.strip_prefix("fix it with: qemu-caps "));
    let script = format!("{} {}", env!("CARGO_BIN_EXE_qemu-caps"), suggested.expect("a command"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(dir.path()).output();
    assert_eq!(finished(output.expect("a shell")).0, 0, "{script}");
    assert_eq!(run(["check", text(&file)]).0, 0);
    assert!(!dir.path().join("pwned").exists());
}

/// Runs the program with this text as standard input.
fn fed(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child = qemu_caps(arguments.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("an end");
    // A program that does not read leaves a broken pipe.
    let _ = writer.join().expect("a writer");
    finished(output)
}

#[test]
fn standard_input_is_read_wherever_a_file_is() {
    let path = data().join("caps_11.1.3_riscv64.replies");
    let capture = fs::read(&path).expect("a capture");
    let path = text(&path);
    let other = data().join("caps_7.2.22_riscv64.replies");
    let commands = tempfile::NamedTempFile::new().expect("a file");
    fs::write(commands.path(), "{\"execute\": \"query-status\"}\n").expect("a file");
    let commands = text(commands.path());
    for arguments in [
        &["derive", "-"][..],
        &["show", "-"],
        &["check", "-"],
        &["list", "-"],
        &["dump", "--all", "-"],
        &["query", "query-status", "-"],
        &["diff", "-", text(&other)],
        &["validate", commands, "--captures", "-"],
        &["probe", "--recorded", "-"],
    ] {
        let (exit, out, errors) = fed(arguments, &capture);
        assert_eq!(exit, 0, "{arguments:?}: {errors}");
        let named: Vec<&str> =
            arguments.iter().map(|word| if *word == "-" { path } else { word }).collect();
        let (_, expected, _) = run(named);
        // Only the name can differ.
        assert_eq!(out.lines().count(), expected.lines().count(), "{arguments:?}: {out}");
    }
    let filter = ["edit", "--drop", "query-command-line-options", "-"];
    let (exit, out, errors) = fed(&filter, &capture);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(
        !out.contains("\"execute\": \"query-command-line-options\"")
            && fed(&["check", "-"], out.as_bytes()).0 == 0
    );
    let script = b"[[edit]]\naction = \"drop\"\ncommand = \"query-command-line-options\"\n";
    assert_eq!(fed(&["edit", "--dry-run", "--script", "-", path], script).0, 0);
    let reply =
        ["edit", "--dry-run", "--replace", "query-command-line-options", "--reply", "@-", path];
    assert_eq!(fed(&reply, br#"{"return": []}"#).0, 0);
    let expect = ["validate", commands, "--captures", path, "--expect", "-"];
    assert_eq!(fed(&expect, b"vendor = []\n").0, 0);
    let (exit, _, errors) = fed(&["diff", "-", "-"], &capture);
    assert_eq!(exit, 3);
    assert!(errors.contains("standard input was already read"), "{errors}");
    let (exit, _, errors) = fed(&["check", "--regenerate", "-"], b"{}{}");
    assert!(exit == 1 || exit == 2, "{errors}");
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let pipe = dir.path().join("caps_9.0.0_x86_64.replies");
    let mode = rustix::fs::Mode::from_bits_truncate(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0)
        .expect("a pipe");
    for file in [text(&pipe), "/dev/zero", "/dev/full"] {
        for command in [&["check"][..], &["derive"], &["dump", "--all"], &["query", "x"]] {
            let (exit, _, errors) = run(command.iter().copied().chain([file]));
            assert_eq!(exit, 3, "{command:?} {file}");
            assert!(errors.contains("caused by: not a regular file"), "{errors}");
        }
    }
    let large = dir.path().join("caps_9.1.0_x86_64.replies");
    let file = fs::File::create(&large).expect("a file");
    file.set_len(caps_core::fs::MAX_SIZE + 1).expect("a sparse file");
    let (exit, _, errors) = run(["check", text(&large)]);
    assert_eq!((exit, errors.contains("caused by: larger than 256 MiB")), (3, true), "{errors}");
}

#[test]
fn the_options_of_libvirts_tool_work_or_say_what_to_use() {
    let data = data();
    let dir = text(&data);
    assert_eq!(run(["check", "--repliesdir", dir]), run(["check", dir]));
    for (theirs, ours) in [
        ("--dump-all", "--all"),
        ("--dump-qmp-query-strings", "--qmp-query-strings"),
        ("--dump-qom-list-types", "--qom-list-types"),
        ("--dump-device-list-properties", "--device-list-properties"),
    ] {
        let dump = |option| run(["--data", dir, "dump", option, "latest:riscv64"]);
        assert_eq!(dump(theirs), dump(ours));
        let (exit, _, errors) = run(["check", theirs, dir]);
        assert_eq!(exit, 2);
        assert!(errors.contains(&format!("tip: use qemu-caps dump {ours}\n")), "{errors}");
    }
    let (exit, _, errors) = run(["dump", "--all", "--repliesdr", dir]);
    assert!(exit == 2 && errors.contains("--repliesdir"), "{errors}");
    // No tip suggests an option unlike the one given.
    let (exit, _, errors) = run(["check", "--xyzzy"]);
    assert_eq!((exit, errors.contains("tip:")), (2, false), "{errors}");
}
