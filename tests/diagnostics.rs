//! The macros' error messages: each file in `tests/diagnostics` is compiled as a test, and the
//! compiler's output is compared with the golden file beside it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use qemu_caps::json::{Document, Node};
use qemu_caps::testing::Golden;
use support::Package;

mod support;

/// Captures by directory; only the names matter.
const CAPTURES: [(&str, &[&str]); 4] = [
    (
        "captures",
        &[
            "caps_7.1.0_ppc64.replies",
            "caps_7.1.0_ppc64.xml",
            "caps_7.2.0_x86_64+hvf.replies",
            "caps_7.2.0_x86_64+hvf.xml",
            "caps_8.2.0_aarch64.replies",
            "caps_8.2.0_aarch64.xml",
            "caps_9.2.0_x86_64.replies",
            "caps_9.2.0_x86_64.xml",
            "caps_10.0.0_x86_64.replies",
            "caps_10.0.0_x86_64.xml",
        ],
    ),
    ("malformed", &["caps_10.0_x86_64.replies"]),
    ("colliding", &["caps_9.2.0_x86_64+a-b.xml", "caps_10.0.0_x86_64+a_b.xml"]),
    ("incomplete", &["caps_10.0.0_x86_64.replies", "caps_10.0.0_s390x.xml"]),
];

/// Input files; only the names matter.
const INPUTS: [&str; 6] = [
    "vms/disk.json",
    "vms/net.json",
    "vms/.hidden.json",
    "colliding/a-b.json",
    "colliding/a_b.toml",
    "empty/README",
];

#[test]
fn every_mistake_is_reported_at_its_token() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let messages = compile(&package(&sources));
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in rust_files(&sources) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = messages.get(&name).map(String::as_str).unwrap_or_default();
        if text.is_empty() {
            wrong.push(format!("{name} compiles, expected errors"));
        } else if let Err(error) = Golden::at(path.with_extension("stderr")).check(text) {
            wrong.push(error.to_string());
        }
        count += 1;
    }
    assert!(count >= 30, "there are thirty kinds of mistakes, found {count} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rust_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).expect("the directory of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "rs")).collect();
    files.sort();
    files
}

fn package(sources: &Path) -> Package {
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let package = Package::new("diagnostics", "qemu-caps", tokio);
    for (dir, files) in CAPTURES {
        for file in files {
            package.write(&format!("{dir}/{file}"), "");
        }
    }
    for file in INPUTS {
        package.write(file, "{}");
    }
    // Not a name in UTF-8.
    let name = OsStr::from_bytes(b"vm-\xff.json");
    fs::create_dir_all(package.path("undecodable")).expect("a directory");
    fs::write(package.path("undecodable").join(name), "{}").expect("a file");
    for path in rust_files(sources) {
        let name = path.file_name().expect("a name").to_string_lossy();
        let source = fs::read_to_string(&path).expect("a source");
        package.write(&format!("tests/{name}"), &source);
    }
    package
}

/// The errors of each test, as the compiler prints them.
fn compile(package: &Package) -> BTreeMap<String, String> {
    let run = package.cargo(
        &["check", "--tests", "--keep-going", "--message-format=json"],
        &[("QEMU_CAPS_DIR", "captures")],
    );
    let mut messages = BTreeMap::<String, String>::new();
    for line in run.stdout.lines() {
        let document = Document::parse(line).expect("a message of cargo");
        let root = document.root();
        let text = |node: Option<Node<'_>>, key| {
            node.and_then(|node| node.get_str(key)).unwrap_or_default().into_owned()
        };
        let message = root.get("message");
        if text(Some(root), "reason") == "compiler-message"
            && text(message, "level") == "error"
            && message
                .and_then(|m| m.get("spans"))
                .is_some_and(|spans| spans.as_array().is_some_and(|mut s| s.next().is_some()))
        {
            let name = text(root.get("target"), "name");
            let rendered = text(message, "rendered");
            // The compiler's lists of implementations and locations are out of our control.
            let own = [
                "= help: the following",
                "help: the following",
                "help: the trait",
                "note: required by a bound",
            ];
            let is_own = |line: &str| own.iter().any(|own| line.trim_start().starts_with(own));
            let shown: Vec<&str> = rendered.lines().take_while(|line| !is_own(line)).collect();
            let shown = shown.join("\n") + "\n";
            let shown = shown.replace(&package.path("").display().to_string(), "$DIR/");
            messages.entry(name).or_default().push_str(&shown);
        }
    }
    assert!(!messages.is_empty(), "cargo does not compile the tests: {}", run.stderr);
    messages
}

/// The dependency's own name is known only to the manifest.
#[test]
fn a_renamed_dependency_is_suggested_by_its_name() {
    let package = Package::new("renamed", "tested-with", "");
    package.add_capture("captures", "10.0.13_x86_64", "10.0.13_x86_64");
    let attribute = |last: &str| {
        format!(
            "use tested_with::prelude::*;\n#[caps_test(latest, \"x86_64\", dir = \"captures\"{last})]\n\
             fn is_there(caps: &Capabilities) {{\n    assert!(caps.has(Flag::Vnc));\n}}\n"
        )
    };
    package.write("tests/named.rs", &attribute(", crate = ::tested_with"));
    let run = package.cargo(&["check", "--tests"], &[]);
    assert!(run.success, "{}", run.stderr);
    package.write("tests/named.rs", &attribute(""));
    let run = package.cargo(&["check", "--tests"], &[]);
    let hint = "`qemu-caps` is called `tested_with` in Cargo.toml, write `crate = ::tested_with`";
    assert!(!run.success && run.stderr.contains(hint), "{}", run.stderr);
}
