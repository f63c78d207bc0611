//! Follows the steps of CONTRIBUTING.md literally in a copy of the project: adds a capability flag,
//! a baseline, a capture, a diagnostic and a subcommand, regenerates, and everything passes.
//!
//! Compiling the copy takes minutes, so this runs only with `QEMU_CAPS_TEST_CONTRIBUTING=1`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VARIABLE: &str = "QEMU_CAPS_TEST_CONTRIBUTING";

/// The tests that such additions can break. Each row names all packages whose dependencies differ in
/// features, so that the library is compiled once for all; no name of a test is in two of them.
const TESTS: [&str; 4] = [
    "-p caps-core -p qemu-caps -p qemu-caps-cli --test plan --test rules",
    "-p caps-core -p qemu-caps -p qemu-caps-cli --test capabilities --test diagnostics \
     --test domain_capabilities --test provenance --test tidy",
    "-p qemu-caps -p qemu-caps-cli --bins --test editing --test probing --test reading \
     --test tools --test validate",
    "-p qemu-caps -p qemu-caps-cli --test documents readme",
];

#[test]
fn its_steps_work() {
    if std::env::var_os(VARIABLE).is_none_or(|value| value != "1") {
        caps_test_support::not_run("contributing", &format!("{VARIABLE} is not 1"));
        return;
    }
    let copy = Copy::new();
    copy.add_flag();
    copy.add_baseline();
    copy.add_capture();
    copy.add_diagnostic();
    copy.add_subcommand();
    for tests in TESTS {
        copy.test(tests, Some(("VIR_TEST_REGENERATE_OUTPUT", "1")));
    }
    for tests in TESTS {
        copy.test(tests, None);
    }
    for (file, text) in [
        ("qemucapabilitiesdata/caps_10.0.13_x86_64+again.xml", "name='flag-of-a-test'"),
        ("qemucapabilitiesdata/README.md", "| 10.0.13_x86_64+again |"),
        ("README.md", "| `nothing` | Print nothing of interest |"),
        ("caps-cli/tests/golden/flags.txt", "flag-of-a-test"),
        ("caps-cli/tests/golden/flags.txt", "flag-of-a-release"),
        ("tests/diagnostics/99_of_a_test.stderr", "unknown selector `latset`, expected `latest`"),
    ] {
        let found = fs::read_to_string(copy.path(file)).expect(file);
        assert!(found.contains(text), "{file} lacks {text}:\n{found}");
    }
}

/// A copy of the project below the target directory.
struct Copy {
    dir: PathBuf,
}

impl Copy {
    fn new() -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contributing");
        // Remove what an earlier run left, except for cargo's build products.
        let _ = fs::remove_dir_all(dir.join("tree"));
        let copy = Self { dir };
        copy_dir(Path::new(env!("CARGO_MANIFEST_DIR")), &copy.dir.join("tree"));
        copy.link_dependencies();
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.join("tree").join(file)
    }

    /// Takes the dependencies over that this build has compiled. The copy can't share the target
    /// directory as a whole, because programs that other tests run must not change.
    fn link_dependencies(&self) {
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug");
        let ours = |name: &str| {
            let name = name.trim_start_matches("lib").replace('_', "-");
            ["caps-", "qemu-caps"].iter().any(|prefix| name.starts_with(prefix))
        };
        for part in [".fingerprint", "build", "deps"] {
            let to = self.dir.join("target/debug").join(part);
            let entries = fs::read_dir(profile.join(part)).into_iter().flatten();
            for entry in entries.map(|entry| entry.expect("an entry")) {
                let name = entry.file_name();
                if !ours(&name.to_string_lossy()) {
                    link(&entry.path(), &to.join(name));
                }
            }
        }
    }

    /// Inserts `new` before the last occurrence of `before` in a file.
    fn insert(&self, file: &str, before: &str, new: &str) {
        let path = self.path(file);
        let mut text = fs::read_to_string(&path).expect(file);
        let at = text.rfind(before).unwrap_or_else(|| panic!("{file} has no {before:?}"));
        text.insert_str(at, new);
        fs::write(path, text).expect(file);
    }

    fn add_flag(&self) {
        let row = "    /// The type `virtio-balloon-pci` exists, once more.\n    \
                   FlagOfATest = \"flag-of-a-test\", live [qom_type(\"virtio-balloon-pci\")];\n";
        self.insert("caps-core/src/flag/table.rs", "        }\n    };\n}\n", row);
    }

    /// Adds a release that asks one question more, which shows one flag more.
    fn add_baseline(&self) {
        let baseline = "caps-core/src/baseline.rs";
        for (before, row) in [
            (
                "    }\n}\n\n/// libvirt keeps two lists",
                "        /// libvirt 99.0.0.\n        Libvirt99 = \"99.0\",\n",
            ),
            (
                "        }\n    }\n\n    /// The oldest QEMU",
                "            Self::Libvirt99 => \"libvirt 99.0.0\",\n",
            ),
            (
                "        }\n    }\n}\n\n/// The range of baselines",
                "            Self::Libvirt99 => Version::from_number(7_002_000),\n",
            ),
        ] {
            self.insert(baseline, before, row);
        }
        let row = "            /// A flag of a release.\n            \
                   FlagOfARelease = \"flag-of-a-release\", live since Libvirt99 [device(\"pvpanic-pci\", \"events\")];\n";
        self.insert("caps-core/src/flag/table.rs", "        }\n    };\n}\n", row);
        let step = "    device(\"pvpanic-pci\").since(Baseline::Libvirt99),\n";
        self.insert(
            "caps-core/src/probe/plan.rs",
            "    device(\"scsi-block\").since(V12_8),\n",
            step,
        );
    }

    /// Adds the files that `refresh` writes; the `.xml` lacks the new flag until it is regenerated.
    fn add_capture(&self) {
        for extension in ["replies", "survey", "xml"] {
            let file = |variant: &str| {
                let name = format!("caps_10.0.13_x86_64{variant}.{extension}");
                self.path("qemucapabilitiesdata").join(name)
            };
            fs::copy(file(""), file("+again")).expect("a capture of 10.0.13");
        }
    }

    fn add_diagnostic(&self) {
        let text = "use qemu_caps::prelude::*;\n\n\
                    #[caps_test(latset, \"x86_64\")]\nfn mistyped(caps: &Capabilities) {}\n";
        fs::write(self.path("tests/diagnostics/99_of_a_test.rs"), text).expect("a diagnostic");
    }

    fn add_subcommand(&self) {
        let text = "use super::Context;\n\
                    use crate::exit::{Exit, Outcome};\nuse crate::output::line;\n\n\
                    /// Print nothing of interest.\n#[derive(Debug, clap::Args)]\n\
                    #[command(after_help = \"Example:\\n  qemu-caps nothing\")]\n\
                    pub(crate) struct Args {}\n\n\
                    pub(crate) fn run(_args: &Args, context: &mut Context) -> Outcome {\n    \
                    line!(&mut context.out, \"nothing\")?;\n    Ok(Exit::Ok)\n}\n";
        fs::write(self.path("caps-cli/src/commands/nothing.rs"), text).expect("a subcommand");
        self.insert("caps-cli/src/commands.rs", "mod validate;\n", "mod nothing;\n");
        self.insert("caps-cli/src/commands.rs", "    man,\n", "    nothing,\n");
    }

    fn test(&self, tests: &str, variable: Option<(&str, &str)>) {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["test", "--no-fail-fast"])
            .args(tests.split_whitespace())
            .current_dir(self.dir.join("tree"))
            .env("CARGO_TARGET_DIR", self.dir.join("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove(VARIABLE)
            .env_remove("QEMU_CAPS_DIR")
            .env_remove("VIR_TEST_REGENERATE_OUTPUT");
        // Other directories of captures are unaware of the new flag.
        for name in ["QEMU_CAPS_CONFORMANCE_DIR", "QEMU_CAPS_DOMCAPS_DIR", "QEMU_CAPS_CASES_DIR"] {
            command.env_remove(name);
        }
        let output = command.envs(variable).output().expect("cargo runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, errors) = (text(&output.stdout), text(&output.stderr));
        let failures: Vec<&str> = out.lines().filter(|line| line.ends_with("FAILED")).collect();
        assert!(
            output.status.success(),
            "`cargo test {tests}`, with {variable:?}: {failures:#?}\n{errors}\n{out}"
        );
    }
}

/// Copies a directory without the output of builds and version control.
fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        let to = to.join(&name);
        if entry.file_type().expect("a type").is_dir() {
            copy_dir(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

/// Links a file, or all files of a directory, unless they are there.
fn link(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).expect("a directory") {
            let entry = entry.expect("an entry");
            link(&entry.path(), &to.join(entry.file_name()));
        }
    } else if !to.exists() {
        fs::create_dir_all(to.parent().expect("a directory")).expect("a directory");
        fs::hard_link(from, to).expect("a file of the same file system");
    }
}
