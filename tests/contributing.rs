//! Follows the steps of CONTRIBUTING.md literally in a copy of the project: adds a capability flag,
//! a capture, a diagnostic and a subcommand, regenerates, and everything passes.
//!
//! Compiling the copy takes minutes, so this runs only with `QEMU_CAPS_TEST_CONTRIBUTING=1`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VARIABLE: &str = "QEMU_CAPS_TEST_CONTRIBUTING";

/// The tests that such additions can break.
const TESTS: &str = "test --no-fail-fast -p caps-core -p qemu-caps -p qemu-caps-cli --lib --bins \
                     --test plan --test rules --test capabilities --test tidy --test diagnostics \
                     --test editing --test probing --test reading --test tools --test validate";

#[test]
fn its_steps_work() {
    if std::env::var_os(VARIABLE).is_none_or(|value| value != "1") {
        caps_test_support::not_run("contributing", &format!("{VARIABLE} is not 1"));
        return;
    }
    let copy = Copy::new();
    copy.add_flag();
    copy.add_capture();
    copy.add_diagnostic();
    copy.add_subcommand();
    copy.cargo(TESTS, Some(("VIR_TEST_REGENERATE_OUTPUT", "1")));
    copy.cargo(TESTS, None);
    for (file, text) in [
        ("qemucapabilitiesdata/caps_10.0.13_x86_64+again.xml", "name='flag-of-a-test'"),
        ("tests/diagnostics/99_of_a_test.stderr", "unknown word `latset`, did you mean `latest`?"),
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
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.join("tree").join(file)
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

    fn add_capture(&self) {
        self.cargo(
            "run -- probe --recorded 10.0.13_x86_64 --dir qemucapabilitiesdata --variant again",
            None,
        );
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
        self.insert("caps-cli/src/commands.rs", "    Man: man,\n", "    Nothing: nothing,\n");
        self.insert("README.md", "| `completions", "| `nothing` | prints nothing of interest |\n");
    }

    /// Runs cargo in the copy, with its own target directory: programs used by other tests must not
    /// change.
    fn cargo(&self, arguments: &str, variable: Option<(&str, &str)>) {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments.split_whitespace())
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
            "`cargo {arguments}`, with {variable:?}: {failures:#?}\n{errors}\n{out}"
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
