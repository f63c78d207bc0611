//! The subcommands that read captures: `derive`, `check`, `list`, `show`, `flags`, `plan`, and
//! `probe --recorded`.

mod support;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use caps_core::capture::Captures;
use caps_core::testing::Golden;
use support::{copies, data, finished, qemu_caps, run};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The program with the project's captures as data directory.
fn on_data(arguments: &[&str]) -> (i32, String, String) {
    let data = data();
    run(["--data", text(&data)].into_iter().chain(arguments.iter().copied()))
}

/// A copy of a capture under the same name, changed.
fn doctored(
    capture: &str,
    change: impl FnOnce(String) -> String,
) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let name = format!("caps_{capture}.replies");
    let original = fs::read_to_string(data().join(&name)).expect("a capture");
    let path = dir.path().join(name);
    fs::write(&path, change(original)).expect("a writable directory");
    (dir, path)
}

#[test]
fn derive_prints_the_xml_beside_the_capture() {
    for selector in ["11.1.3_riscv64", "caps_11.1.3_riscv64", "latest:riscv64"] {
        let (exit, xml, warnings) = on_data(&["derive", selector, "--strict"]);
        let expected = fs::read_to_string(data().join("caps_11.1.3_riscv64.xml")).expect("it");
        assert_eq!((exit, xml, warnings), (0, expected, String::new()));
    }
}

#[test]
fn derive_reports_what_a_capture_of_another_libvirt_lacks_or_adds() {
    let (_dir, path) = doctored("11.1.3_riscv64", |text| {
        text.replacen(
            "\"execute\": \"query-command-line-options\"",
            "\"execute\": \"query-news\"",
            1,
        )
    });
    let (exit, xml, warnings) = run(["derive", text(&path)]);
    assert_eq!(exit, 0);
    assert!(xml.starts_with("<qemuCaps>\n"));
    let lines: Vec<&str> = warnings.lines().collect();
    assert_eq!(lines[0], "warning: the capture differs from the conversation of libvirt 12.8.0");
    assert_eq!(
        lines[1],
        "warning: the capture has no answer to `query-command-line-options`, taken as not supported"
    );
    assert!(lines[2].starts_with("warning: nothing asks for `query-news` (line "), "{warnings}");
    let (exit, _, errors) = run(["derive", text(&path), "--strict"]);
    assert_eq!(exit, 3);
    assert!(errors.contains("query-news") && errors.contains("caused by: line "), "{errors}");
}

#[test]
fn an_answer_that_can_not_be_used_is_named_with_its_line() {
    let (_dir, path) = doctored("11.1.3_riscv64", |text| {
        text.replacen("\"arch\": \"riscv64\"", "\"arch\": \"riscy64\"", 1)
    });
    let (exit, _, errors) = run(["derive", text(&path)]);
    assert_eq!(exit, 3);
    assert_eq!(
        errors.lines().skip(1).collect::<Vec<_>>(),
        [
            "caused by: can't use the answer to `query-target` at line 33",
            "caused by: QEMU's target `riscy64` is not an architecture that libvirt knows"
        ]
    );
}

#[test]
fn what_is_not_a_capture_is_an_error_that_says_so() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let empty = dir.path().join("caps_9.0.0_x86_64.replies");
    fs::write(&empty, "").expect("a writable directory");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["derive", "10.0.12_x86_64"], 2, "error: no capture `10.0.12_x86_64` in `"),
        (
            &["derive", "latest:x68_64"],
            2,
            "error: `x68_64` is not an architecture that libvirt knows, did you mean `x86_64`?",
        ),
        (&["derive", "latest:sparc"], 2, "error: no capture `latest:sparc` in `"),
        (
            &["derive", "newest"],
            2,
            "error: `newest` is not a capture, expected a path, VERSION_ARCH[+VARIANT] or latest[:ARCH[+VARIANT]]\ncaused by: expected VERSION_ARCH[+VARIANT], found no `_` in `newest`",
        ),
        (
            &["derive", "./absent.replies"],
            3,
            "error: can't read the capture `./absent.replies`\ncaused by: No such file or directory",
        ),
        (&["derive", text(dir.path())], 3, "found an empty file"),
        (
            &["derive", text(&empty)],
            3,
            "caused by: line 1: expected a QMP conversation, found an empty file",
        ),
        (&["derive"], 2, "required arguments were not provided"),
        (&["drive"], 2, "derive"),
    ];
    for (arguments, expected, message) in cases {
        let (exit, out, errors) = on_data(arguments);
        assert_eq!(exit, *expected, "{arguments:?}: {errors}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
        assert_eq!(out, "", "{arguments:?}");
    }
}

#[test]
fn check_reports_and_fixes() {
    let (exit, out, _) = run(["check", text(&data())]);
    assert_eq!(exit, 0);
    let captures = Captures::discover(data()).expect("captures");
    assert_eq!(out.lines().count(), captures.iter().count());
    assert!(out.lines().all(|line| line.starts_with('\'') && line.ends_with("' ... OK")), "{out}");

    let (dir, path) = doctored("7.2.22_riscv64", |text| text.replacen("libvirt-7\"", "x\"", 2));
    let good = fs::read(data().join("caps_7.2.22_riscv64.replies")).expect("a capture");
    let (exit, out, _) = run(["check", text(&path)]);
    assert_eq!(exit, 1);
    assert!(out.contains("' ... FAIL\nreplies file error: line ") && out.contains("libvirt-7"));
    let (exit, out, _) = run(["check", "--regenerate", text(dir.path())]);
    assert_eq!((exit, out.contains("' ... OK (fixed)")), (0, true));
    assert_eq!(fs::read(&path).expect("mended"), good);
    assert_eq!(run(["check", text(&path)]).0, 0);

    let (_dir, broken) = doctored("7.2.22_riscv64", |text| {
        text.replacen("\"meta-type\": \"command\"", "\"meta-type\": \"commands\"", 1)
    });
    let (exit, out, _) = run(["check", text(&broken)]);
    assert_eq!(exit, 1);
    assert!(out.contains("' ... FAIL\nqmp schema error: "), "{out}");

    // Of several errors, the first counts.
    let (exit, _, errors) = run(["dump", "--all", text(&broken), text(&path), text(&broken)]);
    assert_eq!(exit, 3);
    assert!(errors.contains("commands"), "{errors}");

    fs::write(&path, "{}").expect("a writable directory");
    let (exit, out, _) = run(["check", "--regenerate", text(&path)]);
    assert_eq!(exit, 1, "what can't be mended");
    assert!(out.contains("line 1: expected a command with `execute`, found an empty object"));
    assert_eq!(fs::read(&path).expect("untouched"), b"{}");

    fs::remove_file(&path).expect("a file");
    let (exit, _, errors) = run(["check", text(dir.path())]);
    assert_eq!(exit, 3);
    assert!(errors.contains("no `.replies` or `.survey` file in the directory"), "{errors}");
}

#[test]
fn list_shows_names_files_and_the_latest() {
    let (exit, out, _) = on_data(&["list"]);
    assert_eq!(exit, 0);
    let latest: Vec<&str> = out
        .lines()
        .filter(|line| line.ends_with("latest"))
        .map(|line| line.split(' ').next().unwrap_or_default())
        .collect();
    let captures = Captures::discover(data()).expect("captures");
    let newest: Vec<String> = captures
        .iter()
        .filter(|capture| {
            let (arch, variant) = capture.id.group();
            captures.latest(arch, variant) == Some(capture)
        })
        .map(|capture| capture.id.to_string())
        .collect();
    assert_eq!(latest, newest, "one of each group");
    let dir = tempfile::tempdir().expect("a temporary directory");
    fs::write(dir.path().join("caps_9_x86_64.xml"), "").expect("a writable directory");
    let (exit, out, errors) = run(["list", text(dir.path())]);
    assert_eq!((exit, out.as_str()), (1, ""));
    let warning = "caps_9_x86_64.xml` is not named as a capture, ignored: `9` is not a version";
    assert!(errors.contains(warning), "{errors}");
}

#[test]
fn names_that_are_not_utf8_are_read_or_refused_but_not_passed_over() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let inner = dir.path().join(std::ffi::OsStr::from_bytes(b"n\xffu"));
    fs::create_dir(&inner).expect("a directory");
    let name = "caps_7.2.22_riscv64.replies";
    fs::copy(data().join(name), inner.join(name)).expect("a copy");
    for command in [&["check"][..], &["list", "--format", "json"]] {
        let output = qemu_caps(command.iter().copied()).arg(&inner).output().expect("it starts");
        let (exit, out, errors) = finished(output);
        assert_eq!(exit, 0, "{errors}");
        assert!(out.contains(name), "{out}");
    }
    let odd = inner.join(std::ffi::OsStr::from_bytes(b"caps_9.0.0_sparc+\xff.replies"));
    fs::copy(data().join(name), &odd).expect("a copy");
    let (exit, out, errors) =
        finished(qemu_caps(["list"]).arg(&inner).output().expect("it starts"));
    assert_eq!((exit, out.lines().count()), (0, 2), "{out}");
    assert!(errors.contains("identified by its content: expected a name in UTF-8"), "{errors}");
    // Such a path can be named, too.
    for command in [&["check"][..], &["show"], &["derive"], &["dump", "--cpu-models"]] {
        let output = qemu_caps(command.iter().copied()).arg(&odd).output().expect("it starts");
        assert_eq!(finished(output).0, 0, "{command:?}");
    }
}

#[test]
fn a_value_of_the_regeneration_variable_that_is_neither_0_nor_1_is_refused() {
    let mut command = qemu_caps(["check"]);
    let output = command.env("VIR_TEST_REGENERATE_OUTPUT", "2").output().expect("it starts");
    let (exit, _, errors) = finished(output);
    assert_eq!(exit, 2);
    assert!(errors.contains("VIR_TEST_REGENERATE_OUTPUT"), "{errors}");
}

#[test]
fn an_unreadable_file_does_not_keep_others_from_being_checked() {
    let good = data().join("caps_7.2.22_riscv64.replies");
    let (exit, out, errors) = run(["check", "./absent.replies", text(&good)]);
    assert_eq!(exit, 3);
    assert!(out.ends_with("caps_7.2.22_riscv64.replies' ... OK\n"), "{out}");
    assert!(errors.starts_with("error: can't read the capture `./absent.replies`"), "{errors}");
}

#[test]
fn every_json_output_is_json() {
    for arguments in [
        &["list", "--format", "json"][..],
        &["show", "latest:s390x", "--format", "json"],
        &["flags", "--all", "--format", "json"],
        &["flags", "--since", "11.3", "--format", "json"],
        &["flags", "--lint", "--format", "json"],
        &["plan", "--format", "json"],
        &["plan", "--since", "11.3", "--format", "json"],
        &["check", "--format", "json"],
    ] {
        let (exit, out, errors) = on_data(arguments);
        assert_eq!(exit, 0, "{errors}");
        let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert!(value.is_object(), "{arguments:?}");
    }
}

#[test]
fn the_tables_are_printed_whole() {
    for (name, arguments) in [
        ("plan.txt", &["plan"][..]),
        ("plan-since-11.3.txt", &["plan", "--since", "11.3"]),
        ("flags.txt", &["flags", "--all"]),
        ("flags-since-11.3.txt", &["flags", "--since", "11.3"]),
    ] {
        let (exit, out, _) = on_data(arguments);
        assert_eq!(exit, 0);
        Golden::at(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name))
            .assert(&out);
    }
}

#[test]
fn a_recorded_probe_prints_the_recording_and_its_summary() {
    let (exit, out, _) = on_data(&["probe", "--recorded", "7.2.22_s390x"]);
    assert_eq!(exit, 0);
    let recorded = fs::read_to_string(data().join("caps_7.2.22_s390x.replies")).expect("it");
    assert_eq!(out, recorded);
    let (exit, out, _) = on_data(&["probe", "--recorded", "latest:x86_64", "--summary"]);
    assert_eq!(exit, 0);
    assert!(out.contains("version       11.1.3\n") && out.contains("accelerators  kvm, tcg\n"));
    let dir = tempfile::tempdir().expect("a temporary directory");
    let to = ["probe", "--recorded", "7.2.22_s390x", "--variant", "mine", "--dir"];
    let (exit, out, errors) = on_data(&[&to[..], &[text(dir.path())]].concat());
    assert_eq!((exit, errors.as_str()), (0, ""), "{out}");
    let copy = fs::read_to_string(dir.path().join("caps_7.2.22_s390x+mine.replies"));
    assert_eq!(copy.expect("written"), recorded);
    assert!(dir.path().join("caps_7.2.22_s390x+mine.xml").exists());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let data = data();
    let mut child = qemu_caps(["--data", text(&data), "derive", "latest:x86_64"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 10];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("some output");
    drop(out);
    let (exit, _, errors) = finished(child.wait_with_output().expect("an end"));
    assert_eq!((exit, errors.as_str()), (0, ""));
}

#[test]
fn every_subcommand_has_help_with_an_example() {
    let (_, help, _) = run(["--help"]);
    let commands = help.split("Commands:\n").nth(1).expect("a list of subcommands");
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().expect("a name");
        let continued = line.starts_with("   ");
        if name != "help" && !continued {
            let (exit, help, _) = run([name, "--help"]);
            assert_eq!(exit, 0);
            assert!(help.contains("qemu-caps "), "{name} has no example");
            assert!(help.contains("Example"), "{name} has no example");
        }
    }
}

#[test]
fn import_names_the_first_element_that_differs() {
    let dir = copies("10.0.13_s390x");
    let name = "caps_10.0.13_s390x.xml";
    let (project, path) = (data().join(name), dir.path().join(name));
    fs::copy(&project, &path).expect("a copy");
    // Surveys are no captures of libvirt's.
    let survey = "caps_7.2.22_sparc.survey";
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    fs::copy(shipped.join(survey), dir.path().join(survey)).expect("a copy");
    let import = || run(["import", text(dir.path())]);
    let (exit, out, _) = import();
    assert!(exit == 0 && out.ends_with("1 of 1\n"), "{out}");

    let xml = fs::read_to_string(&project).expect("an .xml");
    let at = xml.find("<machine type='tcg'").expect("a machine type");
    let name = xml[at..].split("name='").nth(1).and_then(|rest| rest.split('\'').next());
    let element = format!("/qemuCaps/machine[@type='tcg'][@name='{}']", name.expect("a name"));
    let line = xml[..at].lines().count();
    let doctored = format!("{}{}", &xml[..at], xml[at..].replacen("maxCpus='", "maxCpus='9", 1));
    fs::write(&path, doctored).expect("a file");
    let (exit, out, _) = import();
    assert_eq!(exit, 1);
    assert!(out.contains(&format!("line {line}, {element}: expected `<machine ")), "{out}");

    let (_, out, _) = run(["import", text(dir.path()), "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let difference = &value["captures"][0]["difference"];
    assert_eq!((&difference["element"], &difference["line"]), (&element.into(), &line.into()));
}
