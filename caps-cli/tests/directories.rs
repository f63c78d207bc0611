//! Directories of captures: verifying, regenerating, searching, comparing; and consistency between
//! subcommands.

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
fn subcommands_agree_on_the_same_file() {
    let dir = copies("11.1.3_riscv64");
    let path = text(dir.path());
    // A description alone is not a capture, even with the highest version.
    fs::copy(data().join("caps_11.1.3_riscv64.xml"), dir.path().join("caps_12.0.0_riscv64.xml"))
        .expect("a copy");
    // A conversation with an unexpected name is still a conversation.
    fs::copy(data().join("caps_7.2.22_riscv64.replies"), dir.path().join("odd.replies"))
        .expect("a copy");
    let warning = "odd.replies` is not named as a capture, identified by its content: expected a name that begins with `caps_`\n";
    for arguments in [
        &["list", path][..],
        &["--data", path, "list"],
        &["check", path],
        &["--data", path, "check"],
        &["dump", "--machine-types", path],
        &["query", "query-status", path],
        &["--data", path, "query", "query-status"],
        &["edit", "--dry-run", "--drop", "query-kvm", path],
    ] {
        let (exit, out, errors) = run(arguments.iter().copied());
        assert_eq!(exit, 0, "{arguments:?}: {errors}");
        assert_eq!(errors.matches(warning).count(), 1, "{arguments:?}: {errors}");
        let expected = if arguments.contains(&"query") { "7.2.22" } else { "odd.replies" };
        assert!(out.contains(expected), "{arguments:?}: {out}");
    }
    let (_, out, _) = run(["list", path]);
    let latest: Vec<&str> = out.lines().filter(|line| line.ends_with("latest")).collect();
    assert_eq!(latest.len(), 1);
    assert!(latest[0].starts_with("11.1.3_riscv64 "), "{out}");
    assert!(out.contains("12.0.0_riscv64               xml           no capture\n"), "{out}");
    let (exit, out, _) = run(["--data", path, "show", "latest:riscv64"]);
    assert!(exit == 0 && out.starts_with("capture       11.1.3_riscv64\n"), "{out}");
    let (exit, _, errors) = run(["--data", path, "show", "12.0.0_riscv64"]);
    assert_eq!(exit, 2);
    assert!(errors.contains("has no `caps_12.0.0_riscv64.replies` beside it"), "{errors}");

    // A description does not select the capture beside it, either.
    let xml = data().join("caps_11.1.3_riscv64.xml");
    for command in [&["derive"][..], &["show"], &["check"], &["dump", "--all"]] {
        let (exit, _, errors) = run(command.iter().copied().chain([text(&xml)]));
        assert_eq!(exit, 3, "{command:?}");
        assert!(errors.contains("is a capability description, expected a `.replies` file"));
    }
}

#[test]
fn captures_are_looked_for_where_the_macros_look() {
    let root = tempfile::tempdir().expect("a temporary directory");
    let below = root.path().join("a/b");
    let tests = root.path().join("a/tests/qemucapabilitiesdata");
    fs::create_dir_all(&below).expect("a directory");
    fs::create_dir_all(&tests).expect("a directory");
    let copy = |name: &str, to: &Path| {
        let name = format!("caps_{name}.replies");
        fs::copy(data().join(&name), to.join(&name)).expect("a copy");
    };
    copy("7.2.22_riscv64", &tests);
    let list = |arguments: &[&str], variable: &str| {
        let mut command = qemu_caps(["list", "--format", "json"].iter().chain(arguments).copied());
        let output = command.current_dir(&below).env("QEMU_CAPS_DIR", variable).output();
        let (exit, out, errors) = finished(output.expect("it starts"));
        assert_eq!(exit, 0, "{errors}");
        let value = parse(&out);
        let names: Vec<String> = value["captures"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|capture| capture["capture"].as_str().expect("a name").to_owned())
            .collect();
        (names, value["dirs"].clone())
    };
    let canonical = tests.canonicalize().expect("a path");
    let (names, dirs) = list(&[], "");
    assert_eq!(
        (names.as_slice(), &dirs),
        (&["7.2.22_riscv64".to_owned()][..], &serde_json::json!([canonical]))
    );
    // The nearer directory takes precedence, and the variable over both.
    let near = root.path().join("a/b/qemucapabilitiesdata");
    fs::create_dir(&near).expect("a directory");
    copy("10.0.13_riscv64", &near);
    assert_eq!(list(&[], "").0, ["10.0.13_riscv64"]);
    assert_eq!(list(&[], text(&tests)).0, ["7.2.22_riscv64"]);
    // Named directories take precedence over the variable, and earlier over later ones.
    let dirs = ["--data", text(&near), "--data", text(&tests)];
    assert_eq!(list(&dirs, "/nonexistent").0, ["7.2.22_riscv64", "10.0.13_riscv64"]);
    copy("10.0.13_s390x", &tests);
    fs::rename(
        tests.join("caps_10.0.13_s390x.replies"),
        tests.join("caps_10.0.13_riscv64.replies"),
    )
    .expect("a rename");
    let show = ["show", "10.0.13_riscv64", "--data", text(&near), "--data", text(&tests)];
    assert!(run(show).1.contains("arch          riscv64\n"));
    // Own captures and those in the program, together.
    let both = list(&["--data", text(&tests), "--data", "built-in", "--arch", "riscv64"], "");
    assert!(both.0.len() >= 3, "{both:?}");
    assert_eq!(both.1[1], "(built in)");

    let output =
        qemu_caps(["list"]).env("QEMU_CAPS_DIR", "/nonexistent").output().expect("it starts");
    let (exit, _, errors) = finished(output);
    assert_eq!(exit, 3);
    assert!(errors.contains("can't list the captures in `/nonexistent`"), "{errors}");
}

#[test]
fn one_group_of_arguments_chooses_captures_everywhere() {
    let data = data();
    let dir = text(&data);
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), "{\"execute\": \"query-status\"}\n").expect("a file");
    let commands = text(file.path());
    let subcommands: &[&[&str]] = &[
        &["list", dir],
        &["check", dir],
        &["dump", "--machine-types", dir],
        &["query", "query-status", dir],
        &["edit", "--dry-run", "--drop", "query-kvm", dir],
        &["validate", commands, "--captures", dir],
        &["diff", dir, dir],
        &["derive", dir, "--dir", "/tmp"],
    ];
    let filters: &[&str] = &[
        "--versions=>=8, <11",
        "--arch=x86_64",
        "--has=netdev.stream.reconnect",
        "--lacks=query-cpu-model-comparison",
        "--schema=query-status",
        "--without-schema=nosuch",
        "--variant=",
    ];
    for subcommand in subcommands.iter().filter(|subcommand| subcommand[0] != "derive") {
        let (exit, out, errors) =
            run(subcommand.iter().chain(filters).copied().chain(["--format", "json"]));
        assert_eq!(exit, 0, "{subcommand:?}: {errors}");
        let mentioned: Vec<&str> = ["7.2.22_", "10.0.13_x86_64", "10.0.13_aarch64", "11.1.3_"]
            .into_iter()
            .filter(|name| out.contains(name))
            .collect();
        assert_eq!(mentioned, ["10.0.13_x86_64"], "{subcommand:?}");
    }
    for subcommand in subcommands {
        let (exit, _, errors) = run(subcommand.iter().copied().chain(["--versions", ">=99"]));
        let expected = if subcommand[0] == "list" { 1 } else { 2 };
        assert_eq!(exit, expected, "{subcommand:?}: {errors}");
    }
}

#[test]
fn two_directories_are_compared_capture_by_capture() {
    let [old, new] = [copies("7.2.22_"), copies("11.1.3_")];
    let extra = new.path().join("caps_12.0.0_x86_64+mine.replies");
    fs::copy(data().join("caps_7.2.22_x86_64.replies"), extra).expect("a copy");
    let sides = ["diff", text(old.path()), text(new.path())];
    let (exit, out, errors) = run(sides.into_iter().chain(["--only", "flag", "--only-removed"]));
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(out.contains("  - virtio-blk-pci.scsi\n") && !out.contains("\n  + "), "{out}");
    assert!(out.contains("+mine.replies (not compared)\n"), "{out}");
    let (exit, out, _) =
        run(sides.into_iter().chain(["--only", "flag", "--only-added", "--format", "json"]));
    assert_eq!(exit, 0);
    let value = parse(&out);
    let pairs = value["pairs"].as_array().expect("pairs");
    assert_eq!(pairs.len(), names(old.path()).len());
    let changes = pairs.iter().flat_map(|pair| pair["differences"].as_array().expect("a list"));
    let mut count = 0;
    for change in changes {
        assert_eq!(change["change"], "added");
        count += 1;
    }
    assert!(count > 0 && value["only_in_b"].as_array().map(Vec::len) == Some(1), "{value}");
    let (exit, out, _) = run(sides.into_iter().chain(["--only", "event", "--format", "md"]));
    assert!(exit == 0 && out.contains("\n### events (") && out.contains("\n## Not compared\n"));
    let (exit, _, errors) = run(["diff", text(old.path()), "latest:x86_64"]);
    assert_eq!((exit, errors.contains("expected two directories or two captures")), (2, true));
}

#[test]
fn a_mistyped_capture_is_not_taken_for_a_query() {
    let data = data();
    let on_data = |arguments: &[&str]| {
        run(["--data", text(&data), "query"].into_iter().chain(arguments.iter().copied()))
    };
    let (exit, _, errors) = on_data(&["query-status", "nosuch"]);
    assert_eq!(exit, 2);
    assert!(
        errors.contains("`nosuch` is no capture, and no capture has such a command or event"),
        "{errors}"
    );
    let (exit, _, errors) = on_data(&["query-status", "latst:x86_64"]);
    assert_eq!(exit, 2, "{errors}");
    let (exit, _, errors) = on_data(&["query-status", "qury-block"]);
    assert!(exit == 2 && errors.contains("did you mean `query-block`?"), "{errors}");
    // An argument that can only be a query is one.
    assert_eq!(on_data(&["nosuch"]).0, 1);
    assert_eq!(on_data(&["--query", "nosuch", "latest:x86_64"]).0, 1);
    assert_eq!(on_data(&["query-status", "--query", "stop", "latest:x86_64"]).0, 0);
}

#[test]
fn a_closed_pipe_does_not_change_the_answer() {
    let data = data();
    for arguments in
        [&["query", "nosuch"][..], &["diff", "7.2.22_x86_64", "11.1.3_x86_64", "--exit-code"]]
    {
        let mut child = qemu_caps(["--data", text(&data)].iter().chain(arguments).copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let (exit, _, errors) = finished(child.wait_with_output().expect("an end"));
        assert_eq!((exit, errors.as_str()), (1, ""), "{arguments:?}");
    }
    let full = fs::File::options().write(true).open("/dev/full").expect("a full device");
    let output = qemu_caps(["derive", "latest:x86_64"]).stdout(full).output().expect("it starts");
    let (exit, _, errors) = finished(output);
    assert_eq!(exit, 5);
    assert!(
        errors.starts_with("error: can't write the output\ncaused by: No space left"),
        "{errors}"
    );
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
