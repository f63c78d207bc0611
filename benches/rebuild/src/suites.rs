//! The same tests in five forms.

use std::fmt::Write as _;

/// A form of the tests.
pub struct Suite {
    pub name: &'static str,
    /// The dependencies of the package besides qemu-caps.
    pub dependency: &'static str,
    /// Generates the source from the names of the captures and the number of functions.
    pub source: fn(&[String], usize) -> String,
}

pub const SUITES: [Suite; 5] = [
    Suite { name: "by-hand", dependency: "", source: by_hand },
    Suite { name: "by-hand-bare", dependency: "", source: by_hand_bare },
    Suite { name: "caps_test", dependency: "", source: caps_test },
    Suite { name: "rstest", dependency: "rstest = \"0.28\"\n", source: rstest },
    Suite { name: "dir-test", dependency: "dir-test = \"0.4\"\n", source: dir_test },
];

/// The features of `caps_test`: finds the directory at run time, loads each capture once per
/// process, can strip aliases, and reports what can't be loaded.
const FIND: &str = r#"
use qemu_caps::capture::{Captures, SearchDir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

static CAPTURES: LazyLock<Captures> = LazyLock::new(|| {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let dir = SearchDir::of_package(&package)
        .fallback(Path::new(qemu_caps::data::DIR))
        .find()
        .unwrap_or_else(|error| panic!("{error}"));
    Captures::discover(dir).unwrap_or_else(|error| panic!("{error}"))
});

static LOADED: Mutex<BTreeMap<String, Arc<Capabilities>>> = Mutex::new(BTreeMap::new());

fn find(name: &str) -> Arc<Capabilities> {
    if let Some(loaded) = LOADED.lock().unwrap().get(name) {
        return loaded.clone();
    }
    let id: CaptureId = name.parse().unwrap_or_else(|error| panic!("{error}"));
    let capture = CAPTURES.get(&id).unwrap_or_else(|| panic!("there is no capture {id}"));
    let path = capture.xml.as_ref().unwrap_or_else(|| panic!("{id} has no .xml"));
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("can't read {}: {error}", path.display()));
    let caps = qemu_caps::xml::read(&text)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    LOADED.lock().unwrap().entry(name.to_owned()).or_insert(Arc::new(caps)).clone()
}
"#;

/// The minimal version.
const LOAD: &str = "
fn load(path: &std::path::Path) -> Capabilities {
    qemu_caps::xml::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}
";

const HEAD: &str = "use qemu_caps::prelude::*;\n";

/// Each function tests something different, as in a real suite.
fn body(number: usize) -> String {
    format!(
        "{{\n    assert!(caps.has(Flag::Vnc), \"{number}\");\n    \
         assert_eq!(caps.arch.name().len(), 6, \"{number}\");\n    \
         assert!(caps.tcg.machines.len() > {number});\n}}\n"
    )
}

fn by_hand(names: &[String], functions: usize) -> String {
    let run = "let caps = super::find(name);\n        super::check_{number}(&caps);";
    written(&format!("{HEAD}{FIND}"), run, names, functions)
}

fn by_hand_bare(names: &[String], functions: usize) -> String {
    let run = "let dir = std::path::Path::new(env!(\"CARGO_MANIFEST_DIR\")).join(\"qemucapabilitiesdata\");\n        \
               super::check_{number}(&super::load(&dir.join(format!(\"caps_{name}.xml\"))));";
    written(&format!("{HEAD}{LOAD}"), run, names, functions)
}

fn written(head: &str, run: &str, names: &[String], functions: usize) -> String {
    let mut source = head.to_owned();
    for number in 0..functions {
        let _ = write!(source, "\nfn check_{number}(caps: &Capabilities) {}", body(number));
        let run = run.replace("{number}", &number.to_string());
        let _ = write!(
            source,
            "\nmod check_{number} {{\n    fn run(name: &str) {{\n        {run}\n    }}\n\n    mod x86_64 {{\n"
        );
        for name in names {
            let version = name.trim_end_matches("_x86_64").replace('.', "_");
            let _ = write!(
                source,
                "        #[test]\n        fn v{version}() {{\n            super::run(\"{name}\")\n        }}\n\n"
            );
        }
        source.push_str("    }\n}\n");
    }
    source
}

fn caps_test(_: &[String], functions: usize) -> String {
    let mut source = HEAD.to_owned();
    for number in 0..functions {
        let body = body(number);
        let _ = write!(
            source,
            "\n#[caps_test(all, \"x86_64\")]\nfn check_{number}(caps: &Capabilities) {body}"
        );
    }
    source
}

fn rstest(_: &[String], functions: usize) -> String {
    let mut source = format!("{HEAD}use rstest::rstest;\nuse std::path::PathBuf;\n{LOAD}");
    for number in 0..functions {
        let body = body(number).replacen("{\n", "{\n    let caps = load(&path);\n", 1);
        let _ = write!(
            source,
            "\n#[rstest]\nfn check_{number}(#[files(\"qemucapabilitiesdata/*.xml\")] path: PathBuf) {body}"
        );
    }
    source
}

fn dir_test(_: &[String], functions: usize) -> String {
    let mut source = format!(
        "{HEAD}use dir_test::{{Fixture, dir_test}};\n{LOAD}\n\
         fn by_path(path: &'static str) -> Capabilities {{\n    load(path.as_ref())\n}}\n"
    );
    for number in 0..functions {
        let body = body(number).replacen("{\n", "{\n    let caps = fixture.content();\n", 1);
        let _ = write!(
            source,
            "\n#[dir_test(dir: \"$CARGO_MANIFEST_DIR/qemucapabilitiesdata\", glob: \"*.xml\", loader: by_path)]\n\
             fn check_{number}(fixture: Fixture<Capabilities>) {body}"
        );
    }
    source
}
