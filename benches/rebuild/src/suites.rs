//! The same tests, four times.

use std::fmt::Write as _;

/// A way to write the tests.
pub struct Suite {
    pub name: &'static str,
    /// What the package depends on besides qemu-caps.
    pub dependency: &'static str,
    /// The source, given the names of the captures and the number of functions.
    pub source: fn(&[String], usize) -> String,
}

pub const SUITES: [Suite; 4] = [
    Suite { name: "by-hand", dependency: "", source: by_hand },
    Suite { name: "caps_test", dependency: "", source: caps_test },
    Suite { name: "rstest", dependency: "rstest = \"0.28\"\n", source: rstest },
    Suite { name: "dir-test", dependency: "dir-test = \"0.4\"\n", source: dir_test },
];

/// How those who have no `caps_test` come by the capabilities.
const LOAD: &str = "
fn load(path: &std::path::Path) -> Capabilities {
    qemu_caps::xml::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}
";

const HEAD: &str = "use qemu_caps::prelude::*;\n";

/// Each function asks something else, as those of a real suite.
fn body(number: usize) -> String {
    format!(
        "{{\n    assert!(caps.has(Flag::Vnc), \"{number}\");\n    \
         assert_eq!(caps.arch.name().len(), 6, \"{number}\");\n    \
         assert!(caps.tcg.machines.len() > {number});\n}}\n"
    )
}

fn by_hand(names: &[String], functions: usize) -> String {
    let mut source = format!("{HEAD}{LOAD}");
    for number in 0..functions {
        let _ = write!(source, "\nfn check_{number}(caps: &Capabilities) {}", body(number));
        let _ = write!(
            source,
            "\nmod check_{number} {{\n    fn run(name: &str) {{\n        \
             let dir = std::path::Path::new(env!(\"CARGO_MANIFEST_DIR\")).join(\"qemucapabilitiesdata\");\n        \
             super::check_{number}(&super::load(&dir.join(format!(\"caps_{{name}}.xml\"))));\n    }}\n\n    mod x86_64 {{\n"
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
