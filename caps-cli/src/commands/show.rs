use std::ffi::OsString;
use std::io::Write as _;

use caps_core::accel::Accel;
use caps_core::probe::{self, Matching};
use caps_core::qapi::{MetaType, Schema};
use caps_core::replies::Conversation;
use caps_core::{Baseline, Capabilities, xml};
use serde_json::{Value, json};

use super::Context;
use crate::color::{Meaning, Piece};
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json, line, pieces};

/// Summarize a capture: version, package, accelerators, flags, machine types, CPU models.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps show latest:aarch64
  qemu-caps show 10.0.13_x86_64 --list flags --list machines")]
pub(crate) struct Args {
    /// The capture.
    #[arg(add = complete::captures())]
    capture: OsString,

    /// Print the capability XML instead.
    #[arg(long, conflicts_with_all = ["list", "format"])]
    xml: bool,

    /// List these in full; repeatable.
    #[arg(long, value_enum, value_name = "WHAT")]
    list: Vec<Part>,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A part of a capture that can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The capability flags.
    Flags,
    /// The machine types.
    Machines,
    /// The CPU models.
    Cpus,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let baseline = context.sources.baseline;
    let loaded = context.sources.load(&args.capture)?.for_baseline(baseline)?;
    let path = loaded.source.replies.display();
    let failed = |error: CliError| error.context(format!("can't interpret `{path}`"));
    let derived = probe::derive(&loaded.conversation, &loaded.id()?, Matching::ByContent, baseline)
        .map_err(|error| failed(CliError::input(error)))?;
    let caps = derived.capabilities;
    if args.xml {
        context.out.write_all(xml::write(&caps).as_bytes())?;
        return Ok(Exit::Ok);
    }
    let survey = loaded.source.clone().load_survey()?;
    let summary = Summary::new(&loaded.conversation, &caps, derived.baseline)
        .map_err(|error| failed(CliError::input(error)))?;
    let origin = survey.as_ref().and_then(|(path, survey)| Some((path, survey.provenance()?)));
    match args.format {
        Format::Json => {
            let mut value = summary.json(&loaded.source.name);
            value["survey"] = origin.map_or(Value::Null, |(path, origin)| {
                let members = origin.members().map(|(name, text)| (name.replace('-', "_"), text));
                let mut object: serde_json::Map<String, Value> =
                    members.into_iter().map(|(name, text)| (name, json!(text))).collect();
                object.insert("file".to_owned(), json!(path.display().to_string()));
                Value::Object(object)
            });
            json(&mut context.out, &value)?;
        }
        Format::Text => {
            let out = &mut context.out;
            summary.print(&loaded.source.name, out)?;
            if let Some((path, origin)) = origin {
                line!(out, "survey        {}", path.display())?;
                for (name, text) in origin.members() {
                    // The summary already has them.
                    let text = text.filter(|_| !["package", "host-arch"].contains(&name));
                    if let Some(text) = text {
                        line!(out, "  {name:<11} {text}")?;
                    }
                }
            }
            if args.list.contains(&Part::Flags) {
                line!(out)?;
                pieces!(out, Heading "flags")?;
                for flag in caps.flags.iter() {
                    line!(out, "  {flag}")?;
                }
            }
            for accel in caps.blocks() {
                let data = caps.acceleration(accel);
                if args.list.contains(&Part::Machines) {
                    line!(out)?;
                    pieces!(out, Heading "machine types ({accel})")?;
                    for machine in &data.machines {
                        let alias = machine.alias.as_ref().map(|a| format!(" ({a})"));
                        let alias = alias.unwrap_or_default();
                        let name = &machine.name;
                        let name = (Meaning::Plain, format!("  {name}{alias}"));
                        out.pieces(&[name, deprecated(machine.deprecated)])?;
                    }
                }
                if args.list.contains(&Part::Cpus) {
                    line!(out)?;
                    pieces!(out, Heading "CPU models ({accel})")?;
                    for cpu in data.cpus.iter().flatten() {
                        let usable = match cpu.usable {
                            Some(true) => (Meaning::Plain, ""),
                            Some(false) => (Meaning::Removed, "  not usable on this host"),
                            None => (Meaning::Faint, "  usability unknown"),
                        };
                        let name = (Meaning::Plain, format!("  {}", cpu.name));
                        out.pieces(&[
                            name,
                            (usable.0, usable.1.to_owned()),
                            deprecated(cpu.deprecated),
                        ])?;
                    }
                }
            }
        }
    }
    Ok(Exit::Ok)
}

fn deprecated(is_deprecated: bool) -> Piece {
    (Meaning::Warning, if is_deprecated { "  deprecated" } else { "" }.to_owned())
}

/// A capture in numbers.
pub(crate) struct Summary<'c> {
    caps: &'c Capabilities,
    baseline: Baseline,
    sessions: usize,
    exchanges: usize,
    commands: usize,
    events: usize,
}

impl<'c> Summary<'c> {
    pub(crate) fn new(
        conversation: &Conversation,
        caps: &'c Capabilities,
        baseline: Baseline,
    ) -> Result<Self, caps_core::qapi::SchemaError> {
        let schema = Schema::from_conversation(conversation)?;
        let count = |kind| schema.entries().filter(|e| e.meta_type() == Some(kind)).count();
        Ok(Self {
            caps,
            baseline,
            sessions: conversation.sessions().len(),
            exchanges: conversation.exchanges().count(),
            commands: count(MetaType::Command),
            events: count(MetaType::Event),
        })
    }

    pub(crate) fn print(&self, name: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let caps = self.caps;
        let package = caps.package.as_deref().filter(|package| !package.is_empty());
        let accels: Vec<&str> = caps.accels().map(Accel::name).collect();
        line!(out, "capture       {name}")?;
        line!(out, "version       {}", caps.version)?;
        line!(out, "package       {}", package.unwrap_or("-"))?;
        line!(out, "arch          {}", caps.arch)?;
        line!(out, "accelerators  {}", accels.join(", "))?;
        line!(out, "baseline      {}", self.baseline)?;
        let s = if self.sessions == 1 { "" } else { "s" };
        line!(out, "conversation  {} session{s}, {} exchanges", self.sessions, self.exchanges)?;
        line!(out, "schema        {} commands, {} events", self.commands, self.events)?;
        line!(out, "flags         {}", caps.flags.len())?;
        for accel in caps.blocks() {
            let data = caps.acceleration(accel);
            let machines = data.machines.len();
            let cpus = data.cpus.as_deref().unwrap_or_default();
            let usable = cpus.iter().filter(|cpu| cpu.usable == Some(true)).count();
            let host = data.host_cpu.as_ref().map_or("-", |cpu| cpu.model.as_str());
            line!(
                out,
                "{accel:<13} {machines} machine types, {} CPU models ({usable} usable), host CPU {host}",
                cpus.len()
            )?;
        }
        Ok(())
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        let caps = self.caps;
        let flags: Vec<&str> = caps.flags.iter().map(caps_core::Flag::name).collect();
        let accelerators: serde_json::Map<String, Value> = caps
            .blocks()
            .map(|accel| {
                let data = caps.acceleration(accel);
                let machines: Vec<_> = data
                    .machines
                    .iter()
                    .map(|m| json!({"name": m.name, "alias": m.alias, "deprecated": m.deprecated}))
                    .collect();
                let cpus: Vec<_> = data
                    .cpus
                    .iter()
                    .flatten()
                    .map(
                        |c| json!({"name": c.name, "usable": c.usable, "deprecated": c.deprecated}),
                    )
                    .collect();
                let host = data.host_cpu.as_ref().map(|cpu| &cpu.model);
                let value = json!({"machines": machines, "cpus": cpus, "host_cpu": host});
                (accel.name().to_owned(), value)
            })
            .collect();
        json!({
            "capture": name,
            "version": caps.version.to_string(),
            "package": caps.package,
            "arch": caps.arch.name(),
            "baseline": self.baseline.name(),
            "sessions": self.sessions,
            "exchanges": self.exchanges,
            "commands": self.commands,
            "events": self.events,
            "flags": flags,
            "accelerators": accelerators,
        })
    }
}
