use std::collections::HashMap;

use caps_core::json::Document;
use caps_core::probe::{Answer, Host, HostError, Launch, run};
use caps_core::qmp::{Command, Reply};
use caps_core::{Baseline, Capabilities, xml};

pub(crate) const EXPANSION: &str = "query-cpu-model-expansion";

/// The XML's lines that contain a text.
pub(crate) fn lines(caps: &Capabilities, part: &str) -> Vec<String> {
    xml::write(caps).lines().filter(|l| l.contains(part)).map(|l| l.trim().to_owned()).collect()
}

/// A QEMU that gives scripted answers and records the questions.
pub(crate) struct Scripted {
    baseline: Baseline,
    answers: HashMap<String, String>,
    asked: Vec<String>,
    pub(crate) hvf: bool,
    pub(crate) tdx: bool,
}

impl Scripted {
    /// The minimal answers of a QEMU for this target.
    pub(crate) fn new(target: &str) -> Self {
        let answers = [
            ("qmp_capabilities", "{}".to_owned()),
            (
                "query-version",
                r#"{"qemu":{"major":9,"minor":1,"micro":0},"package":"a<b"}"#.to_owned(),
            ),
            ("query-target", format!(r#"{{"arch":"{target}"}}"#)),
            ("query-qmp-schema", "[]".to_owned()),
            ("query-kvm", r#"{"enabled":false,"present":false}"#.to_owned()),
            ("qom-list-types", "[]".to_owned()),
            ("device-list-properties", "[]".to_owned()),
            ("qom-list-properties", "[]".to_owned()),
            ("query-machines", "[]".to_owned()),
            ("query-tpm-models", "[]".to_owned()),
            ("query-tpm-types", "[]".to_owned()),
            ("query-command-line-options", "[]".to_owned()),
            ("query-migrate-capabilities", "[]".to_owned()),
            ("query-gic-capabilities", "[]".to_owned()),
        ];
        let answers = answers.map(|(name, value)| (name.to_owned(), returns(&value)));
        let baseline = Baseline::Libvirt11_3;
        Self { baseline, answers: answers.into(), asked: Vec::new(), hvf: false, tdx: true }
    }

    /// Probes for this release of libvirt.
    pub(crate) fn for_baseline(self, baseline: Baseline) -> Self {
        Self { baseline, ..self }
    }

    /// Sets the return value of a command; commands with different arguments are separate.
    pub(crate) fn with(mut self, command: &str, value: &str) -> Self {
        self.answers.insert(command.to_owned(), returns(value));
        self
    }

    pub(crate) fn failing(mut self, command: &str, class: &str) -> Self {
        let error = format!(r#"{{"error":{{"class":"{class}","desc":"no"}}}}"#);
        self.answers.insert(command.to_owned(), error);
        self
    }

    /// The QAPI schema: commands of these names.
    pub(crate) fn with_commands(self, names: &[&str]) -> Self {
        let entries: Vec<String> = names
            .iter()
            .map(|name| format!(r#"{{"name":"{name}","meta-type":"command"}}"#))
            .collect();
        self.with("query-qmp-schema", &format!("[{}]", entries.join(",")))
    }

    pub(crate) fn with_types(self, names: &[&str]) -> Self {
        let types: Vec<String> = names.iter().map(|n| format!(r#"{{"name":"{n}"}}"#)).collect();
        self.with("qom-list-types", &format!("[{}]", types.join(",")))
    }

    pub(crate) fn with_kvm(self) -> Self {
        self.with("query-kvm", r#"{"enabled":true,"present":true}"#)
    }

    pub(crate) fn probe(mut self) -> (Capabilities, Vec<String>) {
        let caps = run(self.baseline, &mut self).expect("a probe that succeeds");
        (caps, self.asked)
    }

    /// The innermost message of the error.
    pub(crate) fn error(mut self) -> String {
        let error = run(self.baseline, &mut self).expect_err("a probe that fails");
        format!("{error}: {}", error.kind)
    }
}

fn returns(value: &str) -> String {
    format!(r#"{{"return":{value}}}"#)
}

impl Host for Scripted {
    type Error = HostError;

    fn start(&mut self, _: Launch) -> Result<(), HostError> {
        Ok(())
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        let text = command.to_string();
        let answer = self.answers.get(&text).or_else(|| self.answers.get(command.execute()));
        let answer = answer.cloned().unwrap_or_else(|| {
            r#"{"error":{"class":"CommandNotFound","desc":"no such command"}}"#.to_owned()
        });
        self.asked.push(text);
        Ok(Answer::Reply(Reply::from_document(Document::parse(answer)?)?))
    }

    fn has_hvf(&mut self, _: caps_core::Arch) -> bool {
        self.hvf
    }

    fn has_tdx(&mut self) -> bool {
        self.tdx
    }
}
