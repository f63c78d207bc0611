//! Directories of captures: verifying, regenerating, searching, comparing; and consistency between
//! subcommands.

mod choosing;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use caps_test_support::conformance_dirs;
use serde_json::Value;
use support::{copies, data, finished, qemu_caps, run, text};

fn parse(out: &str) -> Value {
    serde_json::from_str(out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

/// Copies of the project's captures whose names contain `part`, with their descriptions.
fn described(part: &str) -> tempfile::TempDir {
    let dir = copies(part);
    for entry in fs::read_dir(dir.path()).expect("a directory") {
        let name = entry.expect("an entry").path().with_extension("xml");
        let name = name.file_name().expect("a name");
        fs::copy(data().join(name), dir.path().join(name)).expect("a description");
    }
    dir
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn one_command_verifies_a_directory_and_another_regenerates_it() {
    let dir = described("_riscv64");
    let path = text(dir.path());
    let (exit, out, errors) = run(["check", "--xml", path]);
    assert_eq!((exit, errors.as_str()), (0, ""), "{out}");
    assert!(out.ends_with("3 of 3 captures derive their .xml\n"), "{out}");

    let xml = dir.path().join("caps_11.1.3_riscv64.xml");
    let good = fs::read_to_string(&xml).expect("a description");
    fs::write(&xml, good.replacen("<flag name='vnc'/>\n", "", 1)).expect("a writable directory");
    fs::remove_file(dir.path().join("caps_7.2.22_riscv64.xml")).expect("a description");
    let (exit, out, _) = run(["check", "--xml", path]);
    assert_eq!(exit, 1);
    assert!(out.contains("\n+  <flag name='vnc'/>\n"), "{out}");
    assert!(out.contains("caps_7.2.22_riscv64.xml' ... FAIL\nxml error: there is no such file\n"));
    assert!(out.ends_with("1 of 3 captures derive their .xml\n"), "{out}");
    let (exit, out, _) = run(["check", "--xml", path, "--format", "json"]);
    assert_eq!(exit, 1);
    let verdict = |value: &Value| value["xml"]["verdict"].as_str().map(str::to_owned);
    let verdicts: Vec<_> =
        parse(&out)["files"].as_array().expect("files").iter().filter_map(verdict).collect();
    assert_eq!(verdicts, ["missing", "ok", "differs"]);

    let (exit, out, _) = run(["check", "--xml", "--regenerate", path]);
    assert_eq!((exit, out.matches(".xml' ... OK (written)\n").count()), (0, 2), "{out}");
    assert_eq!(fs::read_to_string(&xml).expect("a description"), good);
    assert_eq!(run(["check", "--xml", path]).0, 0);
}

#[test]
fn what_is_regenerated_is_all_written_or_nothing_is_and_each_file_is_named() {
    let dir = copies("_riscv64");
    let path = text(dir.path());
    for name in names(dir.path()) {
        let file = dir.path().join(name);
        let broken =
            fs::read_to_string(&file).expect("a capture").replacen("libvirt-7\"", "x\"", 2);
        fs::write(file, broken).expect("a writable directory");
    }
    // One of the descriptions can't be written: a directory is in its place.
    fs::create_dir(dir.path().join("caps_11.1.3_riscv64.xml")).expect("a directory");
    let before = names(dir.path());
    let (exit, out, errors) = run(["check", "--regenerate", path]);
    assert_eq!((exit, errors.as_str()), (0, ""), "{out}");
    let original = fs::read(data().join("caps_10.0.13_riscv64.replies")).expect("a capture");
    assert_eq!(fs::read(dir.path().join("caps_10.0.13_riscv64.replies")).expect("it"), original);
    let (exit, _, errors) = run(["check", "--regenerate", "--xml", path]);
    assert_eq!(exit, 3, "{errors}");
    assert_eq!(names(dir.path()), before);

    // A disk that is too small for the files.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    fs::remove_dir(dir.path().join("caps_11.1.3_riscv64.xml")).expect("a directory");
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            script,
            env!("CARGO_BIN_EXE_qemu-caps"),
            "check",
            "--regenerate",
            "--xml",
            path,
        ])
        .output()
        .expect("a shell");
    let (exit, out, errors) = finished(output);
    assert_eq!(exit, 5, "{errors}");
    assert_eq!(out.matches(".xml' ... FAIL (could be written, nothing was)\n").count(), 3, "{out}");
    assert!(errors.starts_with("error: can't write `"), "{errors}");
    assert_eq!(names(dir.path()).len(), 3);
}

#[test]
fn the_descriptions_of_many_captures_are_written_to_a_directory() {
    let target = tempfile::tempdir().expect("a temporary directory");
    let into = target.path().join("new/xml");
    let data = data();
    let on_data = ["--data", text(&data), "derive", "--dir", text(&into)];
    let (exit, out, errors) = run(on_data.into_iter().chain(["latest:riscv64", "10.0.13_s390x"]));
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert_eq!(out.lines().count(), 2);
    assert_eq!(names(&into), ["caps_10.0.13_s390x.xml", "caps_11.1.3_riscv64.xml"]);
    for name in names(&into) {
        assert_eq!(
            fs::read(into.join(&name)).expect("it"),
            fs::read(data.join(&name)).expect("it")
        );
    }
    let dir = copies("_riscv64");
    let (exit, _, errors) = run(["derive", text(dir.path())]);
    assert_eq!(exit, 2);
    assert!(errors.contains("3 captures, expected one, or a directory with `--dir"), "{errors}");
    let (exit, out, _) =
        run(["derive", text(dir.path()), "--dir", text(&into), "--format", "json"]);
    assert_eq!((exit, parse(&out)["files"].as_array().map(Vec::len)), (0, Some(3)));
    // Warnings name the capture where there are several.
    let one = dir.path().join("caps_7.2.22_riscv64.replies");
    assert_eq!(run(["edit", "--drop", "query-command-line-options", text(&one)]).0, 0);
    let warning = "the capture has no answer to `query-command-line-options`";
    for (captures, prefix) in [
        (vec![text(&one)], String::new()),
        (vec![text(&one), "10.0.13_riscv64"], format!("`{}`: ", one.display())),
    ] {
        let derive = ["--data", text(&data), "derive", "--dir", text(&into)];
        let (exit, _, errors) = run(derive.into_iter().chain(captures));
        assert_eq!(exit, 0, "{errors}");
        assert!(errors.contains(&format!("warning: {prefix}{warning}")), "{errors}");
    }
}

#[test]
fn an_edit_names_stale_descriptions_or_writes_them_too() {
    let dir = described("_riscv64");
    let path = text(dir.path());
    let drop = ["edit", "--drop", "query-command-line-options", path];
    let (exit, _, errors) = run(drop);
    assert_eq!((exit, errors.matches("is out of date after the edit").count()), (0, 3));
    assert_eq!(run(["check", "--xml", path]).0, 1);
    let (exit, _, errors) = run(["check", "--xml", "--regenerate", path]);
    assert_eq!((exit, errors.as_str()), (0, ""));

    let set = ["--set", "query-machines", "--pointer", "/return/[name=virt]/deprecated"];
    let change = ["edit", "--value", "true", "--regenerate", path];
    let (exit, out, errors) = run(change.into_iter().chain(set));
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(out.contains("caps_11.1.3_riscv64.xml: written\n"), "{out}");
    let (exit, out, _) = run(["check", "--xml", path]);
    assert_eq!(exit, 0, "{out}");
}

#[test]
fn xml_that_is_not_well_formed_is_reported_and_strict_refuses_what_can_not_be_read() {
    let dir = copies("11.1.3_x86_64");
    let file = dir.path().join("caps_11.1.3_x86_64.replies");
    let capture = fs::read_to_string(&file).expect("a capture");
    let at = capture.find("\"package\": \"").expect("a package") + "\"package\": \"".len();
    let end = at + capture[at..].find('"').expect("an end");
    let package = format!("{}a <b> & c{}", &capture[..at], &capture[end..]);
    let property = capture.replace("\"avx\": ", "\"a<v&x\": ");
    let (path, dir) = (text(&file), text(dir.path()));
    let target = tempfile::tempdir().expect("a temporary directory");
    for (capture, place, readable) in [
        (&package, "the package `a <b> & c`", true),
        (&property, "the host CPU property `a<v&x`", false),
    ] {
        fs::write(&file, capture).expect("a writable directory");
        let warning =
            format!("{place} is written as libvirt writes it, which is not well-formed XML");
        let (exit, out, errors) = run(["derive", path]);
        assert_eq!((exit, errors.contains(&warning)), (0, true), "{errors}");
        assert_eq!(caps_core::xml::read(&out).is_ok(), readable, "{out}");
        let strict = if readable { 0 } else { 3 };
        let (exit, _, errors) = run(["derive", path, "--strict"]);
        assert_eq!((exit, errors.contains(&warning)), (strict, true), "{errors}");
        for arguments in [&["check", dir][..], &["check", dir, "--xml", "--regenerate"]] {
            let (exit, _, errors) = run(arguments.iter().copied());
            assert_eq!((exit, errors.contains(&warning)), (0, true), "{errors}");
            let (exit, _, _) = run(arguments.iter().copied().chain(["--strict"]));
            assert_eq!(exit, i32::from(!readable), "{arguments:?}");
        }
        let to = ["probe", "--recorded", path, "--dir"];
        let made = target.path().join(format!("{readable}/made by the probe"));
        let (exit, _, errors) = run(to.into_iter().chain([text(&made), "--strict"]));
        assert_eq!((exit, errors.contains(&warning)), (strict, true), "{errors}");
        assert_eq!(made.exists(), readable);
        let (exit, _, errors) = run(to.into_iter().chain([text(&made)]));
        assert_eq!((exit, errors.contains(&warning)), (0, true), "{errors}");
        assert_eq!(names(&made), ["caps_11.1.3_x86_64.replies", "caps_11.1.3_x86_64.xml"]);
    }
}

#[test]
fn a_closed_pipe_does_not_change_the_answer() {
    let data = data();
    for (arguments, expected) in [
        (&["query", "nosuch"][..], 1),
        (&["diff", "7.2.22_x86_64", "11.1.3_x86_64", "--exit-code"], 1),
        (&["--help"], 0),
    ] {
        let mut child = qemu_caps(["--data", text(&data)].iter().chain(arguments).copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let (exit, _, errors) = finished(child.wait_with_output().expect("an end"));
        assert_eq!((exit, errors.as_str()), (expected, ""), "{arguments:?}");
    }
    let full = fs::File::options().write(true).open("/dev/full").expect("a full device");
    let output = qemu_caps(["derive", "latest:x86_64"]).stdout(full).output().expect("it starts");
    let (exit, _, errors) = finished(output);
    assert_eq!(exit, 5);
    assert!(
        errors.starts_with("error: can't write the output\ncaused by: No space left"),
        "{errors}"
    );
    // Help is output; what can't be said on standard error is not said.
    for (arguments, expected) in [(&["--help"][..], 5), (&["list", "--help"], 5), (&["none"], 2)] {
        let full = || fs::File::options().write(true).open("/dev/full").expect("a full device");
        let mut program = qemu_caps(arguments.iter().copied());
        let status = program.stdout(full()).stderr(full()).status().expect("it starts");
        assert_eq!(status.code(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn conformance_the_corpus_derives_its_descriptions() {
    for dir in conformance_dirs("check --xml") {
        let (exit, out, errors) = run(["check", "--xml", text(&dir)]);
        assert_eq!((exit, errors.as_str()), (0, ""), "{out}");
        let last = out.lines().last().expect("a line");
        let (good, all) = last.split_once(" of ").expect("a count");
        assert!(all.starts_with(good), "{last}");
    }
}
