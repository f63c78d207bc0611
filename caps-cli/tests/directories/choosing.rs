//! Which captures the arguments name and the filters choose, in every subcommand.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::{copies, data, finished, qemu_caps, run, text};
use crate::{names, parse};

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
fn a_file_is_taken_once_whatever_the_paths_to_it() {
    let dir = copies("11.1.3_riscv64");
    let inner = dir.path().join("inner");
    fs::create_dir(&inner).expect("a directory");
    let file = dir.path().join("caps_11.1.3_riscv64.replies");
    let name = "caps_1.2.0_riscv64.replies";
    // A link to the file, a second name of it, and a link to the directory.
    symlink(&file, inner.join("caps_1.1.0_riscv64.replies")).expect("a link");
    fs::hard_link(&file, inner.join(name)).expect("a link");
    symlink(dir.path(), inner.join("up")).expect("a link");
    let here = ".".to_owned();
    let path = |path: &Path| text(path).to_owned();
    for (arguments, expected) in [
        (vec![path(&file), path(dir.path())], 1),
        (vec![path(dir.path()), path(&inner)], 2),
        (vec![path(&inner), path(&inner.join("up"))], 2),
        (vec![path(&inner.join("up/caps_11.1.3_riscv64.replies")), path(&file)], 1),
        (vec![format!("./{name}"), name.to_owned(), path(&inner.join(name))], 1),
        (vec![here, "up/inner".to_owned()], 2),
        (vec!["none.replies".to_owned(), "none.replies".to_owned(), name.to_owned()], 2),
    ] {
        let checked = qemu_caps(["check"]).args(&arguments).current_dir(&inner).output();
        let checked = finished(checked.expect("the program runs"));
        let (_, out, errors) = checked;
        let lines = out.lines().count() + errors.matches("error:").count();
        assert_eq!(lines, expected, "{arguments:?}: {out}{errors}");
    }
}
