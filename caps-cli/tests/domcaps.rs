//! The subcommand `domcaps`, and `diff --domcaps`.

mod support;

use std::fs;
use std::path::Path;

use caps_test_support::require_qemu;
use serde_json::Value;
use support::{data, finished, qemu_caps, run, text};

/// The program with the project's captures as data directory.
fn on_data(arguments: &[&str]) -> (i32, String, String) {
    let data = data();
    run(["--data", text(&data)].into_iter().chain(arguments.iter().copied()))
}

fn xml_of(capture: &str) -> String {
    text(&data().join(format!("caps_{capture}.xml"))).to_owned()
}

#[test]
fn a_capture_and_its_xml_have_the_same_document() {
    for capture in ["10.0.13_x86_64", "11.1.3_s390x"] {
        let of_replies = on_data(&["domcaps", capture]);
        assert_eq!((of_replies.0, of_replies.2.as_str()), (0, ""));
        assert_eq!(on_data(&["domcaps", &xml_of(capture)]), of_replies);
        assert!(of_replies.1.starts_with("<domainCapabilities>\n  <path>/usr/bin/qemu-system-"));
    }
}

#[test]
fn defaults_are_those_of_libvirts_test() {
    let head = |arguments: &[&str]| {
        let (exit, out, _) = on_data(&[&["domcaps", "--format", "json"], arguments].concat());
        assert_eq!(exit, 0, "{arguments:?}");
        let value: Value = serde_json::from_str(&out).expect("JSON");
        let text = |key: &str| value[key].as_str().unwrap_or("none").to_owned();
        (text("domain_type"), text("machine"), text("arch"))
    };
    let found = |domain: &str, machine: &str, arch: &str| {
        (domain.to_owned(), machine.to_owned(), arch.to_owned())
    };
    assert_eq!(head(&["10.0.13_x86_64"]), found("kvm", "pc-i440fx-10.0", "x86_64"));
    let q35 = ["10.0.13_x86_64", "--machine", "q35", "--virttype", "qemu"];
    assert_eq!(head(&q35), found("qemu", "pc-q35-10.0", "x86_64"));
    let i686 = ["10.0.13_x86_64", "--arch", "i686"];
    assert_eq!(head(&i686), found("kvm", "pc-i440fx-10.0", "i686"));
    assert_eq!(head(&["10.0.13_riscv64"]), found("kvm", "virt", "riscv64"));
}

#[test]
fn this_host_is_asked_as_virsh_does() {
    let (exit, out, errors) =
        on_data(&["domcaps", "10.0.13_aarch64", "--host", "this", "--machine", "virt"]);
    assert_eq!(exit, 0, "{errors}");
    assert!(out.contains("  <domain>qemu</domain>\n  <machine>virt-10.0</machine>\n"), "{out}");
    assert!(!out.contains("/obviously/fake/"), "{out}");
}

#[test]
fn a_binary_has_the_document_of_this_host() {
    let Some(binary) = require_qemu("a_binary_has_the_document_of_this_host", "qemu-system-x86_64")
    else {
        return;
    };
    let (exit, out, errors) = run(["domcaps", text(&binary), "--virttype", "qemu"]);
    assert_eq!(exit, 0, "{errors}");
    assert!(out.contains(&format!("  <path>{}</path>\n", binary.display())), "{out}");
    assert!(!out.contains("/obviously/fake/"), "{out}");
    let (exit, _, errors) = run(["domcaps", text(&binary), "--machine", "no-machine"]);
    assert_eq!(exit, 2);
    assert!(
        errors.starts_with("error: this QEMU has no machine type `no-machine` for `"),
        "{errors}"
    );
}

#[test]
fn what_is_missing_is_reported() {
    let literal = "; libvirt's test makes the document regardless\n";
    let cases: [(&[&str], i32, &str); 8] = [
        (&["10.0.13_x86_64", "--machine", "no-machine"], 0, literal),
        (&["10.0.13_x86_64", "--virttype", "hvf"], 0, literal),
        (
            &["10.0.13_x86_64", "--host", "this", "--machine", "q36", "--virttype", "qemu"],
            2,
            "error: this QEMU has no machine type `q36` for `qemu` domains, did you mean `q35`?\n",
        ),
        (
            &["10.0.13_x86_64", "--host", "this", "--virttype", "hvf"],
            2,
            "error: this QEMU has no `hvf`, expected `kvm` or `qemu`\n",
        ),
        (
            &["10.0.13_x86_64", "--arch", "s390x"],
            2,
            "error: this QEMU runs guests of x86_64, found a request for s390x\n",
        ),
        (&["10.0.13_x86_64", "--virttype", "xen"], 2, "`xen` is not a domain type, expected"),
        (&["10.0.13_x86_64", "latest"], 2, "error: several captures, expected one;"),
        (&["no/such.xml"], 3, "error: can't read `no/such.xml`\ncaused by: No such file"),
    ];
    for (arguments, expected, message) in cases {
        let (exit, _, errors) = on_data(&[&["domcaps"], arguments].concat());
        assert_eq!(exit, expected, "{arguments:?}: {errors}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
    }
}

/// The CPU of a capability XML, with the property `vendor` changed.
#[test]
fn a_host_model_that_cannot_be_is_explained() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("caps_10.0.13_x86_64.xml");
    let xml = fs::read_to_string(xml_of("10.0.13_x86_64")).expect("a capability XML");
    let vendor = "<property name='vendor' type='string' value='";
    let at = xml.find(vendor).expect("a vendor") + vendor.len();
    fs::write(&path, format!("{}GenuineInte{}", &xml[..at], &xml[at + 12..])).expect("a file");
    let (exit, out, errors) = run(["domcaps", text(&path)]);
    assert_eq!(exit, 0);
    assert_eq!(
        errors,
        "warning: no host model: the property `vendor` is `GenuineInte`, expected 12 bytes, found 11\n"
    );
    assert!(out.contains("    <mode name='host-model' supported='no'/>\n"), "{out}");
}

fn golden(dir: &Path, captures: &[&str], regenerate: bool) -> (i32, String, String) {
    let data = data();
    let arguments = ["--data", text(&data), "domcaps", "--golden", text(dir)];
    let mut command = qemu_caps(arguments.into_iter().chain(captures.iter().copied()));
    if regenerate {
        command.env("VIR_TEST_REGENERATE_OUTPUT", "1");
    }
    finished(command.output().expect("the program starts"))
}

#[test]
fn golden_files_are_checked_and_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let captures = ["10.0.13_x86_64", &xml_of("10.0.13_aarch64")];
    let (exit, out, _) = golden(dir.path(), &captures, false);
    assert_eq!(exit, 1);
    assert!(out.contains("qemu_10.0.13-q35.x86_64.xml`; run the test with VIR_TEST"), "{out}");
    assert!(out.ends_with("5 documents, 5 not as expected\n"), "{out}");

    let (exit, out, errors) = golden(dir.path(), &captures, true);
    assert_eq!((exit, out.as_str()), (0, "5 documents, 0 not as expected\n"));
    assert_eq!(errors.lines().filter(|line| line.starts_with("wrote ")).count(), 5, "{errors}");
    let (exit, ..) = golden(dir.path(), &captures, false);
    assert_eq!(exit, 0);

    let path = dir.path().join("qemu_10.0.13-tcg.x86_64.xml");
    let document = fs::read_to_string(&path).expect("a document");
    fs::write(&path, document.replace("<value>sata</value>", "<value>sada</value>"))
        .expect("a file");
    let (exit, out, _) = golden(dir.path(), &captures, false);
    assert_eq!(exit, 1);
    assert!(out.contains("-        <value>sada</value>\n+        <value>sata</value>\n"), "{out}");
}

#[test]
fn the_documents_of_the_projects_captures_are_fresh() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domaincapsdata");
    let (exit, out, _) = golden(&dir, &[], false);
    assert_eq!(exit, 0, "{out}");
}

#[test]
fn a_directory_may_hold_captures_and_documents() {
    let dir = tempfile::tempdir().expect("a directory");
    let name = "caps_10.0.13_s390x.xml";
    fs::copy(data().join(name), dir.path().join(name)).expect("a copy");
    let here = text(dir.path());
    assert_eq!(golden(dir.path(), &[here], true).0, 0);
    let (exit, out, _) = golden(dir.path(), &[here], false);
    assert_eq!((exit, out.as_str()), (0, "1 documents, 0 not as expected\n"));
}

#[test]
fn documents_are_compared() {
    let dir = tempfile::tempdir().expect("a directory");
    let (_, document, _) = on_data(&["domcaps", "10.0.13_x86_64"]);
    let changed = document
        .replace("        <value>virtiofs</value>\n", "")
        .replace(
            "usable='no' vendor='unknown'>qemu64-v1<",
            "usable='yes' vendor='unknown'>qemu64-v1<",
        )
        .replace("<genid supported='yes'/>", "<genid supported='no'/>");
    let path = dir.path().join("here.xml");
    fs::write(&path, changed).expect("a file");
    let (exit, out, errors) =
        on_data(&["diff", "--domcaps", "10.0.13_x86_64", text(&path), "--exit-code"]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    let lines: Vec<&str> = out.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(
        lines,
        [
            "  ~ qemu64-v1: usable no -> yes [host]",
            "  - filesystem/driverType/virtiofs",
            "  ~ genid: yes -> no"
        ]
    );
    let same = on_data(&["diff", "--domcaps", "10.0.13_x86_64", &xml_of("10.0.13_x86_64")]);
    assert_eq!(same, (0, String::new(), String::new()));
    let other = ["diff", "--domcaps", "10.0.13_x86_64", "10.0.13_s390x", "--format", "json"];
    let value: Value = serde_json::from_str(&on_data(&other).1).expect("JSON");
    let kinds: Vec<&str> = value["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|difference| difference["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"cpu-model") && kinds.contains(&"host-model"), "{kinds:?}");
    assert!(!kinds.contains(&"cpu-blocker"), "the models of the blockers are news already");
}

#[test]
fn flags_from_the_future_are_accepted_leniently() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let plain = xml_of("11.1.3_s390x");
    let future = dir.path().join("caps_11.1.3_s390x.xml");
    let xml = fs::read_to_string(&plain).expect("an .xml");
    let at = xml.find("  <version>").expect("a version");
    let line = xml[..at].lines().count() + 1;
    let doctored = format!("{}  <flag name='vncc'/>\n{}", &xml[..at], &xml[at..]);
    fs::write(&future, doctored).expect("a file");
    let message = "`vncc` is not a capability flag, did you mean `vnc`?";

    let (exit, out, errors) = on_data(&["domcaps", text(&future)]);
    assert_eq!((exit, out.as_str()), (3, ""));
    assert!(errors.contains(&format!("line {line}, column 3: {message}")), "{errors}");

    let expected = on_data(&["domcaps", &plain]).1;
    let (exit, out, errors) = on_data(&["domcaps", "--lenient", text(&future)]);
    assert_eq!((exit, out), (0, expected), "{errors}");
    assert_eq!(errors, format!("warning: `{}`: {message}\n", text(&future)));

    let diff = ["diff", "--domcaps", "--exit-code", &plain, text(&future)];
    assert_eq!(on_data(&diff).0, 3);
    let (exit, out, _) = on_data(&[&diff[..], &["--lenient"]].concat());
    assert_eq!(exit, 0, "{out}");

    let golden = dir.path().join("golden");
    fs::create_dir(&golden).expect("a directory");
    let check = ["domcaps", "--golden", text(&golden), text(dir.path())];
    assert_eq!(on_data(&check).0, 3);
    let (exit, out, _) = on_data(&[&check[..], &["--lenient"]].concat());
    assert_eq!(exit, 1, "{out}");
    assert!(out.contains("documents, "), "{out}");
}

#[test]
fn the_cpu_models_of_json_are_those_of_the_xml() {
    let (exit, xml, _) = on_data(&["domcaps", "11.1.3_x86_64"]);
    assert_eq!(exit, 0);
    let (exit, json, _) = on_data(&["domcaps", "11.1.3_x86_64", "--format", "json"]);
    assert_eq!(exit, 0);
    let cpu = &serde_json::from_str::<Value>(&json).expect("JSON")["cpu"];
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut lines = Vec::new();
    let host = &cpu["host_model"];
    lines.push(format!(
        "<model fallback='{}'>{}</model>",
        text(&host["fallback"]),
        text(&host["model"])
    ));
    lines.push(format!("<vendor>{}</vendor>", text(&host["vendor"])));
    lines.push(format!("<maxphysaddr mode='passthrough' limit='{}'/>", host["max_phys_address"]));
    for feature in list(&host["features"]) {
        let [policy, name] = ["policy", "name"].map(|member| text(&feature[member]));
        lines.push(format!("<feature policy='{policy}' name='{name}'/>"));
    }
    lines.push("</mode>".to_owned());
    lines.push("<mode name='custom' supported='yes'>".to_owned());
    for model in list(&cpu["custom"]) {
        let name = text(&model["name"]);
        let usable = if model["usable"] == true { "yes" } else { "no" };
        let deprecated = if model["deprecated"] == true { " deprecated='yes'" } else { "" };
        let canonical = model["canonical"].as_str().map(|name| format!(" canonical='{name}'"));
        lines.push(format!(
            "<model usable='{usable}'{deprecated} vendor='{}'{}>{name}</model>",
            text(&model["vendor"]),
            canonical.unwrap_or_default()
        ));
        let blockers = list(&model["blockers"]);
        if !blockers.is_empty() {
            lines.push(format!("<blockers model='{name}'>"));
            lines.extend(blockers.iter().map(|name| format!("<feature name='{}'/>", text(name))));
            lines.push("</blockers>".to_owned());
        }
    }
    let mut of_xml = xml.lines().map(str::trim).skip_while(|line| *line != lines[0]);
    for line in &lines {
        assert_eq!(of_xml.next(), Some(line.as_str()));
    }
    assert_eq!(of_xml.next(), Some("</mode>"), "the XML lists no more models");
}
