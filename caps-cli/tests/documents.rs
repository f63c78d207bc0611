//! The commands that documents show print what the documents say.
//!
//! Each `$ COMMAND` of a block marked `console` runs in a shell, all of a document's in one directory, with the lines that
//! follow as its expected output; a line `...` stands for any number of lines. The first `cat FILE` creates the file.
//! `trycmd` reads the same form but runs no shell, and these commands have pipes.
//!
//! Documents that show no output, such as workflows of CI services, must show commands that succeed. Of a command that
//! needs a QEMU or does not end, the arguments are parsed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use saphyr::{LoadableYamlNode as _, Yaml};

/// Commands that don't run here, with the reason.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo ", "builds the project"),
    (".ci/", "runs everything"),
    ("my-client", "stands for the reader's program"),
    ("/qemu-system-", "needs a QEMU"),
    ("virsh ", "needs libvirt"),
    ("apt-get ", "changes the system"),
    ("serve ", "does not end by itself"),
];

fn is_run(command: &str) -> bool {
    !NOT_RUN.iter().any(|(part, _)| command.contains(part))
}

/// Checks that a command which does not run here could: its options exist, or its files.
fn check_words(command: &str) {
    let command = command.split(" #").next().unwrap_or_default().trim_end_matches(" &");
    if command.starts_with("qemu-caps ") {
        // Everything before `--help` is parsed.
        let output = run(&format!("{command} --help; echo exit $?"), Path::new("/"));
        assert!(output.contains("Usage: ") && output.ends_with("exit 0\n"), "{command}: {output}");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let words: Vec<&str> = command.split_whitespace().collect();
    for pair in words.windows(2) {
        let candidates = match pair {
            ["--manifest-path", path] => vec![root.join(path)],
            ["--test", name] => targets(&root, "tests", name),
            ["--bench", name] => targets(&root, "benches", name),
            ["-p", name] => vec![root.join(name), root.join(name.trim_start_matches("caps-"))],
            _ => continue,
        };
        assert!(candidates.iter().any(|path| path.exists()), "{command}: no {pair:?}");
    }
    if words[0].starts_with(".ci/") {
        assert!(root.join(words[0]).is_file(), "{command}");
    }
}

/// The files that a test or benchmark of this name can be.
fn targets(root: &Path, dir: &str, name: &str) -> Vec<PathBuf> {
    let crates =
        [".", "caps-core", "caps-cli", "caps-macros", "test-support", "examples/downstream"];
    let dirs = crates.map(|package| root.join(package).join(dir));
    dirs.iter()
        .flat_map(|dir| [dir.join(format!("{name}.rs")), dir.join(name).join("main.rs")])
        .collect()
}

#[test]
fn the_tour_shows_what_happens() {
    check("docs/tour.md");
}

#[test]
fn the_readme_shows_what_happens() {
    check("README.md");
}

/// A document without output.
struct Shown {
    name: &'static str,
    /// The commands that exit with another code than 0.
    exits: &'static [(&'static str, i32)],
    /// The files that its commands read.
    files: &'static [(&'static str, &'static str)],
}

const fn shown(name: &'static str) -> Shown {
    Shown { name, exits: &[], files: &[] }
}

const WITHOUT_OUTPUT: &[Shown] = &[
    Shown {
        files: &[
            ("tests/golden/hotplug.jsonl", "{\"execute\":\"query-status\"}\n"),
            ("captures/caps_11.1.3_x86_64.survey", ""),
            // Without a directory of data, all captures in the program take part.
            ("qemucapabilitiesdata/caps_10.0.13_x86_64.replies", ""),
        ],
        ..shown("docs/ci.md")
    },
    shown("docs/correctness.md"),
    shown("docs/comparison.md"),
    shown("docs/formats.md"),
    shown("docs/json.md"),
    Shown {
        files: &[
            ("libvirt/tests/qemucapabilitiesdata/caps_10.0.13_riscv64.replies", ""),
            ("libvirt/tests/qemucapabilitiesdata/caps_10.0.13_riscv64.xml", ""),
            ("caps_11.2.0_x86_64.survey", "caps_11.1.3_x86_64.survey"),
        ],
        ..shown("docs/libvirt-developers.md")
    },
    shown("docs/orchestrators.md"),
    Shown {
        exits: &[("--exit-code", 1)],
        files: &[("old/caps_10.0.13_riscv64.survey", ""), ("new/caps_11.1.3_riscv64.survey", "")],
        ..shown("docs/packagers.md")
    },
    shown("docs/reliability.md"),
    Shown {
        files: &[
            ("qemucapabilitiesdata/caps_10.0.13_x86_64.replies", ""),
            ("upstream/caps_10.0.13_x86_64.replies", ""),
            ("mine/caps_11.1.3_x86_64.replies", ""),
            ("hotplug.jsonl", "{\"execute\":\"query-status\"}\n"),
        ],
        ..shown("docs/report.md")
    },
    shown("docs/survey-format.md"),
    shown("CONTRIBUTING.md"),
    shown("SECURITY.md"),
    shown("qemucapabilitiesdata/README.md"),
];

#[test]
fn every_other_command_succeeds() {
    for Shown { name, exits, files } in WITHOUT_OUTPUT {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for (file, content) in *files {
            provide(&dir.path().join(file), content);
        }
        let text = document(name);
        for command in commands(&text) {
            if !is_run(command) {
                check_words(command);
                continue;
            }
            let expected = exits.iter().find(|(part, _)| command.contains(part));
            let output = run(&format!("{command}\necho exit $?"), dir.path());
            let exit = format!("exit {}\n", expected.map_or(0, |(_, exit)| *exit));
            assert!(output.ends_with(&exit), "{name}: {command}\n{output}");
        }
    }
}

/// Creates a file with this content; a file of a capture is that of the project under the same name, or under the other
/// name given as its content.
fn provide(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    if !name.starts_with("caps_") {
        fs::write(path, content).expect("a file");
        return;
    }
    let name = if content.is_empty() { &name } else { content };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    fs::copy(data.join(name), path).expect("a copy of a capture");
}

#[test]
fn every_document_is_checked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for entry in fs::read_dir(root.join("docs")).expect("the documents") {
        let path = entry.expect("an entry").path();
        let name = format!("docs/{}", path.file_name().expect("a name").to_string_lossy());
        let is_checked = WITHOUT_OUTPUT.iter().any(|known| known.name == name);
        assert!(path.is_dir() || is_checked || name == "docs/tour.md", "{name}");
    }
}

/// The commands of a document: in blocks of a console, and the steps of workflows.
fn commands(text: &str) -> Vec<&str> {
    let mut language = "";
    let mut commands = Vec::new();
    for line in text.lines() {
        let command = match language {
            "console" => line.strip_prefix("$ "),
            "yaml" => {
                let step = line.trim_start().strip_prefix("- ");
                step.and_then(|step| {
                    step.strip_prefix("run: ").or(Some(step).filter(|s| s.starts_with("qemu-caps")))
                })
            }
            _ => None,
        };
        commands.extend(command);
        if let Some(rest) = line.strip_prefix("```") {
            language = if language.is_empty() { rest } else { "" };
        }
    }
    commands
}

#[test]
fn workflows_are_yaml() {
    let text = document("docs/ci.md");
    let mut blocks = text.split("```yaml\n").skip(1).peekable();
    assert!(blocks.peek().is_some());
    for block in blocks {
        let yaml = block.split("```").next().unwrap_or_default();
        Yaml::load_from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    }
}

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(path).expect("a document")
}

fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let text = document(name);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut written = String::new();
    let mut differences = Vec::new();
    for part in parts(&text) {
        let Part::Command { command, expected } = part else {
            written += part.text();
            continue;
        };
        written.extend(["$ ", command, "\n"]);
        if !is_run(command) {
            check_words(command);
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
    let listed = list_subcommands(&written);
    if listed != written {
        differences.push("the table of subcommands is not that of `qemu-caps --help`".to_owned());
        written = listed;
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

const TABLE: &str = "| subcommand | |\n|---|---|\n";

/// Fills the table of subcommands, if the document has one, from the help.
fn list_subcommands(text: &str) -> String {
    let Some((before, rest)) = text.split_once(TABLE) else { return text.to_owned() };
    let (_, after) = rest.split_once("\n\n").expect("text after the table");
    let help = run("qemu-caps --help", Path::new("/"));
    let (_, list) = help.split_once("Commands:\n").expect("a list of subcommands");
    let mut rows = String::new();
    for line in list.lines().take_while(|line| !line.is_empty()) {
        let (name, about) = line.trim().split_once("  ").unwrap_or(("", line.trim()));
        match name {
            "help" => break,
            // The text continues.
            "" => rows.extend([" ", about]),
            name => rows.extend([" |\n| `", name, "` | ", about.trim()]),
        }
    }
    format!("{before}{TABLE}{} |\n\n{after}", rows.trim_start_matches(" |\n"))
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
        .env("HOME", dir)
        // As in a workflow.
        .env("GITHUB_STEP_SUMMARY", dir.join("summary.md"))
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
