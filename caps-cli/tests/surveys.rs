//! Surveys as captures, and refreshing them.

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use caps_test_support::require_qemu;
use support::{data, run, text, write_qemu};

const NAME: &str = "caps_11.1.3_loongarch64";

/// A survey with only the content of a capture's recording, as unpacked text.
fn survey() -> String {
    let replies = fs::read_to_string(data().join(format!("{NAME}.replies"))).expect("a capture");
    let origin = r#"{"execute": "qemu-caps:provenance"}"#;
    format!("{replies}\n{origin}\n\n{{\"return\": {{\"program\": \"a test\"}}}}\n")
}

fn dir_with(name: &str, content: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join(name), content).expect("a file");
    dir
}

#[test]
fn a_survey_alone_is_a_capture() {
    let dir = dir_with(&format!("{NAME}.survey"), survey().as_bytes());
    let of = |ending: &str| {
        fs::read_to_string(data().join(format!("{NAME}.{ending}"))).expect("a capture")
    };
    let dir = text(dir.path());
    let path = format!("{dir}/{NAME}.survey");
    for capture in [path.as_str(), "latest:loongarch64"] {
        let arguments = ["--data", dir, "probe", "--recorded", capture];
        assert_eq!(run(arguments), (0, of("replies"), String::new()));
        assert_eq!(run(["--data", dir, "derive", capture]), (0, of("xml"), String::new()));
        let (code, out, err) = run(["--data", dir, "domcaps", capture]);
        assert!(code == 0 && out.starts_with("<domainCapabilities>"), "{code} {err}");
        assert_eq!(err, "", "nothing of the survey is too much");
    }
    for (arguments, part) in [
        (&["list", dir][..], "11.1.3_loongarch64"),
        (&["show", &path], "11.1.3"),
        (&["query", "device_add"], "loongarch64"),
        (&["dump", "--qom-list-types", &path], "loongarch"),
    ] {
        let (code, out, err) = run(["--data", dir].iter().chain(arguments).copied());
        assert!(code == 0 && out.contains(part), "{arguments:?}: {code} {err}");
    }
    let (code, _, err) = run(["edit", "--drop", "query-version", &path]);
    assert!(code == 2 && err.contains("is a survey"), "{err}");
}

/// A QEMU that can't be executed any more has not answered; a survey would keep that as its answer.
#[test]
fn faults_of_the_host_are_no_answers() {
    let dir = tempfile::tempdir().expect("a directory");
    let (qemu, out) = (dir.path().join("qemu"), dir.path().join("out"));
    write_qemu(&qemu, "exit 1");
    let (code, _, err) = run(["survey", text(&qemu), "--dir", text(&out)]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(fs::read_dir(&out).expect("a directory").count(), 1);
    fs::remove_dir_all(&out).expect("a directory");
    write_qemu(&qemu, "chmod a-x \"$0\"; exit 1");
    let (code, _, err) = run(["survey", text(&qemu), "--dir", text(&out)]);
    assert!(code == 4 && err.contains("is not executable"), "{code} {err}");
    assert_eq!(fs::read_dir(&out).map_or(0, Iterator::count), 0);
}

/// The captures that the project ships, with their surveys.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata")
}

/// A `.replies` file that is named is what is compared; captures that are named are compared by their surveys.
#[test]
fn captures_are_compared_by_their_surveys() {
    let shipped = shipped();
    let differences = |names: [&str; 2]| {
        let only = ["--only", "device-property", "--format", "json"];
        let (code, out, err) =
            run(["--data", text(&shipped), "diff"].into_iter().chain(names).chain(only));
        assert_eq!(code, 0, "{err}");
        let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        let list = value["differences"].as_array().expect("a list").clone();
        let name = |one: &serde_json::Value| one["name"].as_str().expect("a name").to_owned();
        list.iter().map(name).collect::<BTreeSet<_>>()
    };
    let names = ["10.0.13_loongarch64", "11.1.3_loongarch64"];
    let paths = names.map(|name| text(&shipped.join(format!("caps_{name}.replies"))).to_owned());
    let by_surveys = differences(names);
    let by_replies = differences([&paths[0], &paths[1]]);
    let mixed = differences([names[0], &paths[1]]);
    assert_eq!(mixed, by_replies);
    assert!(by_replies.is_subset(&by_surveys), "{:?}", by_replies.difference(&by_surveys));
    assert!(by_surveys.len() > 2 * by_replies.len(), "{} {}", by_surveys.len(), by_replies.len());
}

#[test]
fn the_survey_of_a_capture_is_shown_with_its_origin() {
    let show = |more: &[&str]| {
        let data = shipped();
        let show = ["--data", text(&data), "show", "11.1.3_x86_64"];
        let (code, out, err) = run(show.iter().chain(more).copied());
        assert_eq!(code, 0, "{err}");
        out
    };
    let out = show(&[]);
    for part in ["caps_11.1.3_x86_64.survey\n", "  program     qemu-caps ", "  accelerator kvm\n"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let value: serde_json::Value =
        serde_json::from_str(&show(&["--format", "json"])).expect("JSON");
    assert_eq!(value["survey"]["accelerator"], "kvm");
    let path = shipped().join("caps_11.1.3_x86_64.replies");
    let (_, out, _) = run(["show", text(&path), "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert!(value["survey"].is_null());
}

/// The shipped conversations are those of the newest release; the surveys beside them have the
/// answers for the others.
#[test]
fn the_survey_of_a_capture_answers_for_another_release() {
    let name = "11.1.3_loongarch64";
    let shipped = shipped();
    let [replies, survey] =
        ["replies", "survey"].map(|ending| shipped.join(format!("caps_{name}.{ending}")));
    let of = |arguments: &[&str]| {
        let all = ["--data", text(&shipped)].into_iter().chain(arguments.iter().copied());
        run(all.chain(["--baseline", "11.3"]))
    };
    let (code, conversation, _) = of(&["probe", "--recorded", text(&survey)]);
    assert_eq!(code, 0);
    assert!(conversation != fs::read_to_string(&replies).expect("a capture"));
    for arguments in [
        &["probe", "--recorded", name][..],
        &["convert", name],
        &["convert", text(&survey)],
        &["convert", text(&replies)],
    ] {
        assert_eq!(of(arguments), (0, conversation.clone(), String::new()), "{arguments:?}");
    }
    let (code, xml, _) = of(&["derive", text(&survey)]);
    assert_eq!(code, 0);
    assert_eq!(of(&["derive", "--strict", name]), (0, xml.clone(), String::new()));
    assert_eq!(of(&["show", "--xml", name]), (0, xml, String::new()));
    let (code, out, err) = of(&["domcaps", name]);
    assert!(code == 0 && err.is_empty() && out == of(&["domcaps", text(&survey)]).1, "{err}");
    // Only what is checked is the file alone.
    let (code, out, _) = of(&["check", "--xml", name]);
    assert!(code == 1 && out.contains("\n-  <flag name='tpm-passthrough'/>\n"), "{out}");
    let (code, out, _) = of(&["list", "--arch", "loongarch64", "--has", "tpm-passthrough"]);
    assert!(code == 0 && out.contains(name), "{out}");
    // A conversation alone lacks answers; each question is named once.
    let alone = tempfile::tempdir().expect("a directory");
    let path = alone.path().join(replies.file_name().expect("a name"));
    fs::copy(&replies, &path).expect("a copy");
    let (code, out, err) = of(&["convert", text(&path)]);
    assert!(code == 3 && out.is_empty(), "{code} {err}");
    assert_eq!(err.matches("`query-kvm`").count(), 1, "{err}");
    // A survey that is named supplies them; other files have to be a QEMU.
    let with = |other: &Path| of(&["convert", text(&path), "--with", text(other)]);
    assert_eq!(with(&survey), (0, conversation.clone(), String::new()));
    let renamed = alone.path().join("qemu");
    fs::copy(&survey, &renamed).expect("a copy");
    let (code, out, err) = with(&renamed);
    assert!(code == 3 && out.is_empty() && err.contains("qemu"), "{code} {err}");
    let output = alone.path().join("output");
    for (to, printed) in [("-", conversation.as_str()), (text(&output), "")] {
        let arguments = ["convert", name, "--output", to];
        assert_eq!(of(&arguments), (0, printed.to_owned(), String::new()));
    }
    assert_eq!(fs::read_to_string(&output).expect("the output"), conversation);
}

#[test]
fn a_damaged_survey_is_refused() {
    let dir = dir_with(&format!("{NAME}.survey"), b"\x28\xb5\x2f\xfd\x20\x05");
    let path = format!("{}/{NAME}.survey", dir.path().display());
    for command in [&["derive"][..], &["show"], &["dump", "--all"], &["check"]] {
        let (code, _, err) = run(command.iter().copied().chain([path.as_str()]));
        assert_eq!(code, 3, "{err}");
        assert!(err.contains(&path) && err.contains("expected a packed survey"), "{err}");
    }
}

/// Staged surveys no longer need a QEMU.
#[test]
fn a_refresh_says_what_changes_and_writes_all_or_nothing() {
    let stage = dir_with("%nowhere%qemu.survey", survey().as_bytes());
    let dir = tempfile::tempdir().expect("a directory");
    let refresh = |more: &[&str]| {
        let common = ["refresh", "--dir", text(dir.path()), "--stage", text(stage.path())];
        let (code, out, err) = run(common.iter().chain(more).copied().chain(["/nowhere/qemu"]));
        assert_eq!(code, 0, "{err}");
        out
    };
    let files = || fs::read_dir(dir.path()).expect("a directory").count();
    let new = "11.1.3_loongarch64: new\n11.1.3_loongarch64: `.replies` changes\n\
               11.1.3_loongarch64: `.xml` changes\n";
    assert_eq!((refresh(&["--dry-run"]).as_str(), files()), (new, 0));
    assert_eq!(
        (refresh(&["--replies", "s390x"]).as_str(), files()),
        ("11.1.3_loongarch64: new\n", 1)
    );
    fs::remove_file(dir.path().join(format!("{NAME}.survey"))).expect("a file");
    assert_eq!((refresh(&[]).as_str(), files()), (new, 3));
    for ending in ["replies", "xml"] {
        let name = format!("{NAME}.{ending}");
        let [made, shipped] = [dir.path(), &data()].map(|dir| fs::read(dir.join(&name)));
        assert_eq!(made.expect("a file"), shipped.expect("a capture"), "{name}");
    }
    let written = || fs::read(dir.path().join(format!("{NAME}.survey"))).expect("the survey");
    let before = written();
    let stage = |survey: &str| fs::write(stage.path().join("%nowhere%qemu.survey"), survey);
    stage(&survey().replace("a test", "another test")).expect("a file");
    assert_eq!(refresh(&[]), "11.1.3_loongarch64: unchanged\n");
    assert!(written() == before, "a survey with the same answers is left alone");
    let altered =
        survey().replacen("\"name\": \"virtio-net-pci\"", "\"name\": \"virtio-net-new\"", 1);
    stage(&altered).expect("a file");
    let out = refresh(&["--replies", "s390x"]);
    assert_eq!(out, "11.1.3_loongarch64: changed: 2 QOM types\n");
    assert!(written() != before, "one with other answers is replaced");
}

#[test]
fn a_capture_of_one_byte_order_has_a_variant_and_one_without_a_name_is_refused() {
    let of_target = |target: &str, binary: &str| {
        let arch = |name: &str| format!("\"arch\": \"{name}\"");
        let survey = survey().replace(&arch("loongarch64"), &arch(target));
        let stage = dir_with(&format!("%nowhere%{binary}.survey"), survey.as_bytes());
        let dir = tempfile::tempdir().expect("a directory");
        let common = ["refresh", "--dir", text(dir.path()), "--stage", text(stage.path())];
        run(common.into_iter().chain([format!("/nowhere/{binary}").as_str()]))
    };
    let (code, out, err) = of_target("mips", "qemu-system-mipsel");
    assert_eq!((code, out.as_str()), (0, "11.1.3_mips+mipsel: new\n"), "{err}");
    let (code, _, err) = of_target("avr", "qemu-system-avr");
    assert_eq!(code, 4, "{err}");
    let parts = ["`/nowhere/qemu-system-avr`", "libvirt has no name for QEMU's target `avr`"];
    assert!(parts.iter().all(|part| err.contains(part)), "{err}");
}

/// Neither the old file nor a half of the new one is lost or left.
#[test]
fn a_disk_that_is_full_changes_nothing() {
    let stage = dir_with("%nowhere%qemu.survey", survey().as_bytes());
    let dir = dir_with(&format!("{NAME}.xml"), b"old");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let refresh = Command::new("/bin/sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_qemu-caps")])
        .args(["refresh", "--dir"])
        .arg(dir.path())
        .arg("--stage")
        .arg(stage.path())
        .arg("/nowhere/qemu")
        .output()
        .expect("a shell");
    let errors = String::from_utf8_lossy(&refresh.stderr);
    assert_eq!(refresh.status.code(), Some(5), "{errors}");
    assert!(errors.contains("can't write") && errors.contains(NAME), "{errors}");
    let names: Vec<_> = fs::read_dir(dir.path())
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, [format!("{NAME}.xml").as_str()]);
    assert_eq!(fs::read(dir.path().join(&names[0])).expect("a file"), b"old");
}

#[test]
fn two_refreshes_do_not_mix() {
    let dir = tempfile::tempdir().expect("a directory");
    let lock = File::open(dir.path()).expect("a directory");
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).expect("a lock");
    let (code, _, err) = run(["refresh", "--dir", text(dir.path()), "/nowhere/qemu"]);
    assert!(code == 5 && err.contains("another refresh is at work"), "{err}");
}

#[test]
fn a_survey_of_another_qemu_is_not_replaced_unasked() {
    let Some(binary) = require_qemu("surveys", "qemu-system-x86_64") else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let survey = |more: &[&str]| {
        let common = ["survey", text(&binary), "--dir", text(dir.path())];
        run(common.iter().chain(more).copied())
    };
    let (code, out, err) = survey(&["--anonymize"]);
    assert!(code == 0 && err.contains("omitted: kernel"), "{err}");
    let path = Path::new(out.trim_end());
    let (_, recorded, _) = run(["survey", "--text", text(path)]);
    assert!(recorded.contains("\"left-out\"") && !recorded.contains("\"kernel\":"));
    fs::write(path, self::survey()).expect("a file");
    let (code, _, err) = survey(&[]);
    assert!(code == 5 && err.contains("has different answers"), "{err}");
    assert_eq!(fs::read_to_string(path).expect("a file"), self::survey());
}
