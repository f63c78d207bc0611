//! What the program prints, as a user sees it: `transcripts/NAME.txt` has commands after `$`, each with its output.
//!
//! Lines of standard error start with `! `; an exit code other than 0 stands in brackets at the end. `PROJECT` is the
//! directory of the project, `VERSION` the version of the program.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use caps_core::testing::Golden;
use support::{finished, qemu_caps};

macro_rules! transcripts {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                replays(stringify!($name));
            }
        )+

        #[test]
        fn every_transcript_is_a_test() {
            let mut names: Vec<String> = fs::read_dir(dir())
                .expect("a directory")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
                .filter_map(|name| name.strip_suffix(".txt").map(str::to_owned))
                .collect();
            names.sort_unstable();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

transcripts!(
    captures,
    differences,
    domain_capabilities,
    dumps,
    explanations,
    mistakes,
    queries,
    validation,
);

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts")
}

/// Runs the commands of a transcript, and compares what they print.
fn replays(name: &str) {
    let path = dir().join(name).with_extension("txt");
    let text = fs::read_to_string(&path).expect("a transcript");
    let mut all = String::new();
    for line in text.lines().filter(|line| line.starts_with("$ ")) {
        let command = line.strip_prefix("$ qemu-caps").expect("a command of the program");
        let mut words = words(command);
        // Without a file, standard input is empty.
        let input = words.iter().position(|word| word == "<").map(|at| {
            let file = words.remove(at + 1);
            words.remove(at);
            fs::File::open(dir().join(file)).expect("the input")
        });
        let mut program = qemu_caps(words.iter().map(String::as_str));
        program.current_dir(dir()).env_remove("COLUMNS");
        if let Some(input) = input {
            program.stdin(input);
        }
        let (exit, out, errors) = finished(program.output().expect("the program runs"));
        all.push_str(line);
        all.push('\n');
        all.push_str(&out);
        if !out.is_empty() && !out.ends_with('\n') {
            all.push('\n');
        }
        for error in errors.lines() {
            all.push_str(format!("! {error}").trim_end());
            all.push('\n');
        }
        if exit != 0 {
            writeln!(all, "[{exit}]").expect("a string");
        }
        all.push('\n');
    }
    let project = fs::canonicalize(dir().join("../../..")).expect("the project");
    let all = all.replace(project.to_str().expect("UTF-8"), "PROJECT");
    let version = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    Golden::at(path).assert(&all.replace(version, "\"VERSION\""));
}

/// Splits what follows the name of the program at spaces outside of single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_quoted = false;
    for c in command.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().expect("a space before the first word").push(c),
        }
    }
    words
}
