use super::mark::{PROVENANCE, quoted, strings};
use crate::json::{Node, quote};
use crate::qmp::Command;

/// The origin of a survey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provenance {
    /// The recording program, with its version.
    pub program: Option<String>,
    /// The date, such as `2026-11-25`.
    pub recorded: Option<String>,
    /// The package string that QEMU reports.
    pub package: Option<String>,
    /// The accelerator of the first session.
    pub accelerator: Option<String>,
    /// The host's architecture.
    pub host_arch: Option<String>,
    /// The host's CPU, as the kernel names it.
    pub host_cpu: Option<String>,
    /// The host's kernel.
    pub kernel: Option<String>,
    /// What was omitted because it identifies the host.
    pub left_out: Vec<String>,
}

impl Provenance {
    pub(super) fn command() -> Command {
        Command::new(PROVENANCE)
    }

    /// The members with their values, in the order of the file.
    pub fn members(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("program", self.program.as_deref()),
            ("recorded", self.recorded.as_deref()),
            ("package", self.package.as_deref()),
            ("accelerator", self.accelerator.as_deref()),
            ("host-arch", self.host_arch.as_deref()),
            ("host-cpu", self.host_cpu.as_deref()),
            ("kernel", self.kernel.as_deref()),
        ]
    }

    pub(super) fn reply(&self) -> String {
        let mut members: Vec<String> = self
            .members()
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{}:{}", quote(key), quote(value?))))
            .collect();
        if !self.left_out.is_empty() {
            members.push(format!("\"left-out\":{}", quoted(&self.left_out)));
        }
        format!("{{\"return\":{{{}}}}}", members.join(","))
    }

    pub(super) fn read(answer: Node<'_>) -> Self {
        let text = |key| answer.get_str(key).map(std::borrow::Cow::into_owned);
        Self {
            program: text("program"),
            recorded: text("recorded"),
            package: text("package"),
            accelerator: text("accelerator"),
            host_arch: text("host-arch"),
            host_cpu: text("host-cpu"),
            kernel: text("kernel"),
            left_out: answer.get("left-out").map(strings).unwrap_or_default(),
        }
    }
}
