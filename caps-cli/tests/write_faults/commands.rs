//! The commands that write files, and the files they begin with.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::trace::Threads;
use crate::support::{data, qemu_caps, text, write_qemu};

/// A command that writes files.
pub(crate) struct Writing {
    pub(crate) name: &'static str,
    /// The arguments, in which `DIR` is the workspace and `DATA` the directory of captures.
    arguments: &'static str,
    /// How many of its faults an ordinary run tries: fewer of slow commands.
    pub(crate) sample: usize,
}

const fn writing(name: &'static str, arguments: &'static str, sample: usize) -> Writing {
    Writing { name, arguments, sample }
}

#[rustfmt::skip]
pub(crate) const WRITING: &[Writing] = &[
    writing("check --regenerate", "check --regenerate DIR/in", 60),
    writing("edit", "edit --drop query-version DIR/in", 60),
    writing("derive --dir", "derive DATA/caps_7.2.22_loongarch64.replies DATA/caps_10.0.13_loongarch64.replies --dir DIR/out", 12),
    writing("man --dir", "man --dir DIR/out", 25),
    writing("convert", "convert DATA/caps_7.2.22_loongarch64.replies --baseline 12.8 --output DIR/out.replies", 10),
    writing("probe --dir", "probe --recorded DATA/caps_7.2.22_loongarch64.replies --dir DIR/out", 12),
    writing("probe --output", "probe --recorded DATA/caps_7.2.22_loongarch64.replies --output DIR/out.replies", 10),
    writing("domcaps --golden", "domcaps DATA/caps_7.2.22_riscv64.replies DATA/caps_7.2.22_aarch64.replies --golden DIR/out", 10),
    writing("report", "report DATA/caps_7.2.22_loongarch64.replies --output DIR/out.html", 6),
    writing("survey", "survey DIR/qemu --dir DIR/out", 6),
    writing("refresh", "refresh DIR/qemu --dir DIR/out", 6),
];

/// A capture with a wrong number.
const CAPTURE: &str = r#"{
  "execute": "qmp_capabilities",
  "id": "libvirt-1"
}

{
  "return": {},
  "id": "libvirt-1"
}

{
  "execute": "query-version",
  "id": "libvirt-7"
}

{
  "return": {
    "qemu": {
      "micro": 0,
      "minor": 0,
      "major": 10
    },
    "package": ""
  },
  "id": "libvirt-7"
}
"#;

/// A directory in which the commands can run.
pub(crate) fn workspace() -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    for name in ["in", "elsewhere"] {
        fs::create_dir(dir.path().join(name)).expect("a directory");
    }
    for name in ["in/caps_10.0.0_x86_64", "in/caps_10.0.1_x86_64", "elsewhere/capture"] {
        fs::write(dir.path().join(format!("{name}.replies")), CAPTURE).expect("a file");
    }
    symlink("../elsewhere/capture.replies", dir.path().join("in/caps_10.0.2_x86_64.replies"))
        .expect("a link");
    write_qemu(&dir.path().join("qemu"), "exit 1");
    dir
}

impl Writing {
    /// The command in a workspace.
    pub(crate) fn command(&self, dir: &Path) -> Command {
        let data = data();
        let arguments: Vec<String> = self
            .arguments
            .split(' ')
            .map(|argument| argument.replace("DIR", text(dir)).replace("DATA", text(&data)))
            .collect();
        let mut command = qemu_caps(arguments.iter().map(String::as_str));
        if self.name == "domcaps --golden" {
            command.env("VIR_TEST_REGENERATE_OUTPUT", "1");
        }
        command
    }

    fn has_qemu(&self) -> bool {
        self.arguments.contains("DIR/qemu")
    }

    /// The threads that are disturbed: those of QEMU are not.
    pub(crate) fn threads(&self) -> Threads {
        if self.has_qemu() { Threads::First } else { Threads::All }
    }

    /// What the first disturbed call concerns: the first new file after the answers of a QEMU.
    pub(crate) fn disturbed(&self, dir: &Path) -> PathBuf {
        if self.has_qemu() { dir.join("out/.caps_") } else { dir.to_owned() }
    }
}
