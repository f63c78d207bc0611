use super::answers::flags::Asked;
use super::answers::{self, cpu, host, machine};
use super::error::{Malformed, ProbeError, ProbeErrorKind};
use super::host::{Answer, Host, Launch};
use super::plan;
use super::question::{Ask, Condition, Expansion};
use crate::accel::Accel;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::{Capabilities, HostCpu};
use crate::flag::Flag;
use crate::json::{Node, quote};
use crate::qapi::Schema;
use crate::qmp::{Command, ErrorClass, Reply};
use crate::version::Version;

/// Walks the plan of a baseline: asks the host each question and collects the results.
///
/// The caller must add what a live probe knows besides the answers: times, the host's CPU, and the
/// kernel.
///
/// # Errors
///
/// Fails if the host has no answer, QEMU refuses an indispensable one, or an answer is invalid.
pub fn run<H: Host>(baseline: Baseline, host: &mut H) -> Result<Capabilities, ProbeError> {
    walk(baseline, host).map(|(capabilities, _)| capabilities)
}

/// As [`run`], with the questions that were answered.
pub(super) fn walk<H: Host>(
    baseline: Baseline,
    host: &mut H,
) -> Result<(Capabilities, Vec<Ask>), ProbeError> {
    let mut walker = Walker {
        baseline,
        host,
        // A placeholder until the target is known; nothing depends on it before.
        caps: Capabilities::new(Arch::X86_64),
        accel: None,
        announced: false,
        tpm_models_known: false,
        answered: Vec::new(),
    };
    walker.session(Launch::Accelerated)?;
    if walker.has_second_session() {
        walker.accel = Some(Accel::Tcg);
        walker.session(Launch::Tcg)?;
    }
    walker.host.finish().map_err(|error| fail(None, ProbeErrorKind::Host(error.into())))?;
    Ok((walker.caps, walker.answered))
}

struct Walker<'h, H> {
    baseline: Baseline,
    host: &'h mut H,
    caps: Capabilities,
    /// The accelerator of the session; `None` if no acceleration was found.
    accel: Option<Accel>,
    announced: bool,
    tpm_models_known: bool,
    /// The questions that were answered, be it by an error.
    answered: Vec<Ask>,
}

fn fail(command: Option<&Command>, kind: impl Into<ProbeErrorKind>) -> ProbeError {
    ProbeError { command: command.map(ToString::to_string), line: None, kind: kind.into() }
}

/// The error for an unusable answer. A live answer is entirely on line 1, where a recorded one
/// can't be.
fn unusable(command: &Command, reply: &Reply, kind: impl Into<ProbeErrorKind>) -> ProbeError {
    let line = Some(reply.document().root().line()).filter(|&line| line > 1);
    ProbeError { line, ..fail(Some(command), kind) }
}

impl<H: Host> Walker<'_, H> {
    fn session(&mut self, launch: Launch) -> Result<(), ProbeError> {
        self.host.start(launch).map_err(|error| fail(None, ProbeErrorKind::Host(error.into())))?;
        for step in plan::steps(self.baseline, launch) {
            if step.when.iter().all(|&condition| self.holds(condition)) {
                self.step(step.ask)?;
            }
            // Accelerators are known long before the session ends, so the second QEMU can start up
            // meanwhile.
            if !self.announced && self.has_second_session() {
                self.announced = true;
                self.host.announce(Launch::Tcg);
            }
        }
        Ok(())
    }

    fn has_second_session(&mut self) -> bool {
        // Without acceleration, the first session has already described TCG.
        let has_both = self.caps.is_accelerated() && self.caps.has(Flag::Tcg);
        has_both && self.host.has_session(Launch::Tcg)
    }

    fn holds(&self, condition: Condition) -> bool {
        let arch = self.caps.arch;
        match condition {
            Condition::Flag(flag) => self.caps.has(flag),
            Condition::NoFlag(flag) => !self.caps.has(flag),
            Condition::EitherFlag(one, other) => self.caps.has(one) || self.caps.has(other),
            Condition::Machine(name) => self.knows_machine(name),
            Condition::MachineOrX86(name) => arch.is_x86() || self.knows_machine(name),
            Condition::X86 => arch.is_x86(),
            Condition::X86OrArm => arch.is_x86() || arch.is_arm(),
            Condition::HasGic => arch.has_gic(),
            Condition::TpmModelsKnown => self.tpm_models_known,
            Condition::Accelerated => self.is_accelerated(),
            Condition::CpuExpanded => self.slot().host_cpu.is_some(),
        }
    }

    fn is_accelerated(&self) -> bool {
        self.accel != Some(Accel::Tcg)
    }

    /// The destination of the session's data: TCG's, if there is no accelerator.
    fn slot(&self) -> &crate::caps::Acceleration {
        self.caps.acceleration(self.accel.unwrap_or(Accel::Tcg))
    }

    fn slot_mut(&mut self) -> &mut crate::caps::Acceleration {
        self.caps.acceleration_mut(self.accel.unwrap_or(Accel::Tcg))
    }

    /// The name of the first machine type with this alias, or else the given name.
    fn resolve_machine<'a>(&'a self, name: &'a str) -> &'a str {
        let machines = &self.slot().machines;
        let aliased = machines.iter().find(|machine| machine.alias.as_deref() == Some(name));
        aliased.map_or(name, |machine| &machine.name)
    }

    fn knows_machine(&self, name: &str) -> bool {
        let name = self.resolve_machine(name);
        self.slot().machines.iter().any(|machine| machine.name == name)
    }

    fn asked(&self, ask: Ask) -> Asked {
        Asked { baseline: self.baseline, ask, accel: self.accel }
    }

    fn step(&mut self, ask: Ask) -> Result<(), ProbeError> {
        match ask {
            Ask::Hvf => {
                self.answered.push(ask);
                if self.host.has_hvf(self.caps.arch) {
                    self.asked(ask).accelerator(&mut self.caps.flags, Accel::Hvf.name());
                }
            }
            Ask::Accelerator => {
                let mut accels = Accel::ALL.iter().copied();
                self.accel = accels.find(|&accel| self.caps.has(Flag::of_accel(accel)));
            }
            Ask::Tdx => {
                self.answered.push(ask);
                if !self.host.has_tdx() {
                    self.asked(ask).take_back(&mut self.caps.flags);
                }
            }
            Ask::Implications => {
                self.answered.push(ask);
                self.asked(ask).implications(&mut self.caps.flags, self.caps.arch);
            }
            Ask::ExpandCpu(expansion) => self.expand_cpu(expansion)?,
            Ask::MachineProperties(name) => {
                let type_name = format!("{}-machine", self.resolve_machine(name));
                let command =
                    Command::new("qom-list-properties").with_strings(&[("typename", &type_name)]);
                self.question(ask, &command)?;
            }
            _ => {
                if let Some(command) = ask.command() {
                    self.question(ask, &command)?;
                }
            }
        }
        Ok(())
    }

    fn question(&mut self, ask: Ask, command: &Command) -> Result<(), ProbeError> {
        match self.reply(command)? {
            None => self.unanswered(ask).map_err(|kind| fail(Some(command), kind)),
            Some(reply) => {
                self.answered.push(ask);
                self.settle(ask, &reply).map_err(|kind| unusable(command, &reply, kind))
            }
        }
    }

    fn reply(&mut self, command: &Command) -> Result<Option<Reply>, ProbeError> {
        match self.host.ask(command) {
            Ok(Answer::Reply(reply)) => Ok(Some(reply)),
            Ok(Answer::Missing) => Ok(None),
            Err(error) => Err(fail(Some(command), ProbeErrorKind::Host(error.into()))),
        }
    }

    /// Handles a missing answer: indispensable ones are an error, anything else counts as not
    /// supported.
    fn unanswered(&mut self, ask: Ask) -> Result<(), ProbeErrorKind> {
        match ask {
            // Only the first session is indispensable; a recording may lack the second.
            Ask::Negotiation if self.caps.version != Version::UNKNOWN => {}
            Ask::Negotiation | Ask::Version | Ask::Target | Ask::Schema => {
                return Err(ProbeErrorKind::Missing);
            }
            Ask::Sev | Ask::Sgx => self.asked(ask).take_back(&mut self.caps.flags),
            _ => {}
        }
        Ok(())
    }

    fn settle(&mut self, ask: Ask, reply: &Reply) -> Result<(), ProbeErrorKind> {
        let arch = self.caps.arch;
        let asked = self.asked(ask);
        let answer = match reply.error() {
            Some(error) if ask.accepts(&error.class) => return self.unanswered(ask),
            Some(error) => return Err(error.into()),
            // Few entries of the schema are looked at.
            None if ask == Ask::Schema => {
                asked.schema(&mut self.caps.flags, &Schema::from_reply(reply)?);
                return Ok(());
            }
            None => reply.result()?,
        };
        let set = &mut self.caps.flags;
        match ask {
            Ask::Version => self.version(answer)?,
            Ask::Target => self.target(answer)?,
            Ask::Kvm => asked.kvm(set, answer)?,
            Ask::Accelerators => asked.accelerators(set, answer)?,
            Ask::QomTypes => asked.list_of_objects(set, answer, "name")?,
            Ask::DeviceProperties(_) => asked.device_properties(set, answer)?,
            Ask::ObjectProperties(_) | Ask::MachineProperties(_) => {
                asked.list_of_objects(set, answer, "name")?;
            }
            Ask::Machines => self.slot_mut().machines = machine::machines(answer, arch)?,
            Ask::CpuDefinitions => {
                let models = cpu::models(answer, arch, self.baseline)?;
                asked.cpu_models(set, &models);
                self.slot_mut().cpus = Some(models);
            }
            Ask::TpmModels => {
                asked.list(set, answer)?;
                self.tpm_models_known = true;
            }
            Ask::TpmTypes => asked.list(set, answer)?,
            Ask::CommandLineOptions => asked.command_line_options(set, answer)?,
            Ask::MigrationCapabilities => asked.list_of_objects(set, answer, "capability")?,
            Ask::Gic => self.caps.gic = host::gic(answer)?,
            Ask::Sev => self.caps.sev = Some(host::sev(answer)?),
            Ask::Sgx => match host::sgx(answer)? {
                Some(sgx) => self.caps.sgx = Some(sgx),
                None => return self.unanswered(ask),
            },
            Ask::Negotiation => {
                let is_empty = answers::object(answer)?.members().next().is_none();
                if !is_empty {
                    return Err(Malformed::value(answer, "an object without members").into());
                }
            }
            // The other questions are not for QEMU, or handled elsewhere.
            Ask::Schema
            | Ask::Hvf
            | Ask::Accelerator
            | Ask::Tdx
            | Ask::Implications
            | Ask::ExpandCpu(_) => {}
        }
        Ok(())
    }

    fn version(&mut self, answer: Node<'_>) -> Result<(), ProbeErrorKind> {
        let answer = answers::object(answer)?;
        let numbers =
            answer.get("qemu").ok_or_else(|| Malformed::member(answer, "qemu", "the object"))?;
        let [major, minor, micro] =
            ["major", "minor", "micro"].map(|key| answers::uint(numbers, key));
        let found = Version::new(major?, minor?, micro?)
            .ok_or_else(|| Malformed::value(numbers, "a version with numbers of at most 999"))?;
        let minimum = self.baseline.minimum();
        // Development builds have micro versions such as 50, so compare the release only.
        if (found.major(), found.minor()) < (minimum.major(), minimum.minor()) {
            return Err(ProbeErrorKind::TooOld { found, minimum });
        }
        self.caps.package = Some(answers::string(answer, "package")?.into_owned());
        self.caps.version = found;
        Ok(())
    }

    fn target(&mut self, answer: Node<'_>) -> Result<(), ProbeErrorKind> {
        let target = answers::string(answers::object(answer)?, "arch")?;
        self.caps.arch = Arch::from_qemu_target(&target)
            .ok_or_else(|| ProbeErrorKind::UnknownTarget(target.into_owned()))?;
        // A recording does not contain the path; libvirt's tests use this one.
        self.caps.emulator = format!("/usr/bin/qemu-system-{}", self.caps.arch);
        Ok(())
    }

    fn expand_cpu(&mut self, expansion: Expansion) -> Result<(), ProbeError> {
        let Some(expanded) = self.expansion(expansion)? else { return Ok(()) };
        match expansion {
            Expansion::Base => {
                let expanded = cpu::keep_deprecated(expanded, self.baseline);
                self.slot_mut().host_cpu = Some(expanded);
            }
            Expansion::NonMigratable => {
                if let Some(cpu) = &mut self.slot_mut().host_cpu {
                    cpu::mark_migratable(cpu, &expanded);
                }
            }
            Expansion::Deprecated => {
                if let (Some(cpu), Some(deprecated)) =
                    (&mut self.slot_mut().host_cpu, expanded.deprecated_features)
                {
                    cpu.deprecated_features = Some(deprecated);
                }
            }
            Expansion::HyperV => {
                if let Some(found) = cpu::hyper_v(&expanded, self.baseline) {
                    self.caps.hyperv = Some(found);
                }
            }
        }
        Ok(())
    }

    /// Performs an expansion. On x86 without canonical feature names that takes two commands, the
    /// second of which expands the result of the first.
    fn expansion(&mut self, expansion: Expansion) -> Result<Option<HostCpu>, ProbeError> {
        let arch = self.caps.arch;
        let name = if self.is_accelerated() { "host" } else { "max" };
        let properties: Vec<String> = expansion
            .properties()
            .iter()
            .map(|(name, value)| format!("{}:{value}", quote(name)))
            .collect();
        let model = if properties.is_empty() {
            format!("{{\"name\":\"{name}\"}}")
        } else {
            format!("{{\"name\":\"{name}\",\"props\":{{{}}}}}", properties.join(","))
        };
        let twice =
            !expansion.is_full() && arch.is_x86() && !self.caps.has(Flag::CanonicalCpuFeatures);
        if !twice {
            // Arm supports only full expansions.
            let full = expansion.is_full() || arch.is_arm();
            let kind = if full { "full" } else { "static" };
            return Ok(self.expand(expansion, kind, &model)?.map(|(cpu, _)| cpu));
        }
        let Some((_, reply)) = self.expand(expansion, "static", &model)? else { return Ok(None) };
        // libvirt passes the model of the first reply back verbatim.
        let expanded = reply.result().ok().and_then(|answer| answer.get("model"));
        let model = expanded.map(Node::compact).unwrap_or(model);
        Ok(self.expand(expansion, "full", &model)?.map(|(cpu, _)| cpu))
    }

    fn expand(
        &mut self,
        expansion: Expansion,
        kind: &str,
        model: &str,
    ) -> Result<Option<(HostCpu, Reply)>, ProbeError> {
        let arguments = format!("{{\"type\":\"{kind}\",\"model\":{model}}}");
        let command = Command::new("query-cpu-model-expansion");
        let command = match command.clone().with_arguments(&arguments) {
            Ok(command) => command,
            Err(error) => return Err(fail(Some(&command), ProbeErrorKind::Host(error.into()))),
        };
        let Some(reply) = self.reply(&command)? else { return Ok(None) };
        let props_needed = match expansion {
            Expansion::Base | Expansion::NonMigratable => !self.caps.arch.is_s390(),
            Expansion::Deprecated => false,
            Expansion::HyperV => true,
        };
        let cpu = match reply.result() {
            Ok(answer) => cpu::expansion(answer, props_needed),
            // QEMU can't expand this model, which libvirt accepts as an answer.
            Err(error) if error.class == ErrorClass::GenericError => return Ok(None),
            Err(error) => return Err(unusable(&command, &reply, error)),
        };
        match cpu {
            Ok(cpu) => Ok(Some((cpu, reply))),
            Err(malformed) => Err(unusable(&command, &reply, malformed)),
        }
    }
}
