use std::ffi::OsString;
use std::io::Write as _;

use caps_core::dump::{Part, dump, dump_blocks};
use caps_core::escape;
use serde_json::{Value, json};

use super::Context;
use crate::choose::Filter;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use crate::parallel::{self, Piece};
use crate::source::Source;

/// Print the contents of captures as lines that diff and grep can work on.
///
/// The first three options, and `--all`, print the same lines as libvirt's tool. With several
/// captures, every line starts with the capture's name.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "qemu-caps dump [OPTIONS] <--all|--PART...> CAPTURE...",
    group(clap::ArgGroup::new("parts").required(true).multiple(true)),
    after_help = "\
Examples:
  qemu-caps dump --all latest:x86_64
  qemu-caps dump --qmp-query-strings qemucapabilitiesdata | grep io_uring
"
)]
pub(crate) struct Args {
    /// The captures: paths, directories, names.
    #[arg(value_name = "CAPTURE", required_unless_present = "repliesdir", add = complete::captures())]
    captures: Vec<OsString>,

    /// A directory, spelled as in libvirt's tool.
    #[arg(long, value_name = "DIR", hide = true)]
    repliesdir: Vec<OsString>,

    #[command(flatten)]
    parts: Parts,

    /// Start every line with the capture's name even if there is only one.
    #[arg(long)]
    prefix: bool,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "one option for each part")]
struct Parts {
    /// The three parts of libvirt's tool: query strings, QOM types, device properties.
    #[arg(long, group = "parts", alias = "dump-all")]
    all: bool,

    /// Every path through the QAPI schema, as `(qmp) PATH`.
    #[arg(long, group = "parts", alias = "dump-qmp-query-strings")]
    qmp_query_strings: bool,

    /// Every QOM type, as `(qom) TYPE`.
    #[arg(long, group = "parts", alias = "dump-qom-list-types")]
    qom_list_types: bool,

    /// The properties of device types, as `(dev) TYPE PROPERTY VALUE-TYPE (DEFAULT)`.
    #[arg(long, group = "parts", alias = "dump-device-list-properties")]
    device_list_properties: bool,

    /// The properties of other types, as `(obj) TYPE PROPERTY VALUE-TYPE`.
    #[arg(long, group = "parts")]
    qom_list_properties: bool,

    /// Machine types, as `(machine) NAME` and `(machine alias) ALIAS -> NAME`.
    #[arg(long, group = "parts")]
    machine_types: bool,

    /// CPU models, as `(cpu) NAME` and `(cpu alias) ALIAS -> NAME`.
    #[arg(long, group = "parts")]
    cpu_models: bool,

    /// Command line options, as `(option) OPTION PARAMETER VALUE-TYPE`.
    #[arg(long, group = "parts")]
    command_line_options: bool,

    /// Migration capabilities, as `(migration) CAPABILITY`.
    #[arg(long, group = "parts")]
    migration_capabilities: bool,
}

impl Parts {
    fn list(&self) -> Vec<Part> {
        let given = |part: &Part| match part {
            Part::QmpQueryStrings => self.qmp_query_strings || self.all,
            Part::QomListTypes => self.qom_list_types || self.all,
            Part::DeviceListProperties => self.device_list_properties || self.all,
            Part::QomListProperties => self.qom_list_properties,
            Part::MachineTypes => self.machine_types,
            Part::CpuModels => self.cpu_models,
            Part::CommandLineOptions => self.command_line_options,
            Part::MigrationCapabilities => self.migration_capabilities,
            _ => false,
        };
        Part::ALL.iter().copied().filter(given).collect()
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let parts = args.parts.list();
    let captures = [args.captures.as_slice(), args.repliesdir.as_slice()].concat();
    let sources = context.sources.choose(&captures, &args.filter)?;
    let mut list = Vec::new();
    let dump = Dump {
        parts,
        prefixed: args.prefix || sources.len() > 1,
        is_json: args.format == Format::Json,
    };
    let out = &mut context.out;
    let work = |source, emit: &mut dyn FnMut(&[u8])| dump.lines(source, emit);
    let ended = parallel::in_turn(sources, work, |piece| {
        match piece {
            Piece::Text(text) => out.write_all(text).map_err(CliError::from).map_err(Some)?,
            Piece::End(dumped) => {
                list.extend(dumped.map_err(Some)?);
                // Nobody reads the rest.
                if out.is_closed() {
                    return Err(None);
                }
            }
        }
        Ok(())
    });
    if let Err(Some(error)) = ended {
        return Err(error);
    }
    if args.format == Format::Json {
        json(&mut context.out, &json!({"captures": list}))?;
    }
    Ok(Exit::Ok)
}

/// What to dump.
struct Dump {
    parts: Vec<Part>,
    /// Whether lines start with the capture's name.
    prefixed: bool,
    is_json: bool,
}

impl Dump {
    /// Passes on the lines of a capture in blocks, or returns them as JSON.
    fn lines(&self, source: Source, emit: impl FnMut(&[u8])) -> Result<Option<Value>, CliError> {
        let loaded = source.load()?;
        let name = &loaded.source.name;
        let mut lines = Vec::new();
        let dumped = if self.is_json {
            dump(&loaded.conversation, &self.parts, |line| lines.push(line.to_owned()))
        } else {
            let prefix = if self.prefixed { escape::line(name) + ": " } else { "".into() };
            dump_blocks(&loaded.conversation, &self.parts, &prefix, emit)
        };
        let path = loaded.source.replies.display();
        let any = dumped
            .map_err(|error| CliError::input(error).context(format!("can't dump `{path}`")))?;
        if !any {
            return Err(CliError::input(format!("`{path}` has no `query-qmp-schema`")));
        }
        Ok(self.is_json.then(|| json!({"capture": name, "lines": lines})))
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    #[test]
    fn each_part_has_an_option_and_libvirts_three_have_one_together() {
        use Part::{
            CommandLineOptions, CpuModels, DeviceListProperties, MachineTypes,
            MigrationCapabilities, QmpQueryStrings, QomListProperties, QomListTypes,
        };
        let command = Args::augment_args(clap::Command::new("dump"));
        let of_libvirt = [QmpQueryStrings, QomListTypes, DeviceListProperties];
        let rows: &[(&[&str], &[Part])] = &[
            (&["--all"], &of_libvirt),
            (&["--all", "--qom-list-types"], &of_libvirt),
            (&["--qmp-query-strings"], &[QmpQueryStrings]),
            (&["--qom-list-types"], &[QomListTypes]),
            (&["--device-list-properties"], &[DeviceListProperties]),
            (&["--qom-list-properties"], &[QomListProperties]),
            (&["--machine-types"], &[MachineTypes]),
            (&["--cpu-models"], &[CpuModels]),
            (&["--command-line-options"], &[CommandLineOptions]),
            (&["--migration-capabilities"], &[MigrationCapabilities]),
            (&["--cpu-models", "--machine-types"], &[MachineTypes, CpuModels]),
        ];
        for (options, expected) in rows {
            let words = ["dump"].iter().chain(*options).chain(&["latest"]);
            let matches = command.clone().try_get_matches_from(words).expect("arguments");
            let parts = Args::from_arg_matches(&matches).expect("arguments").parts;
            assert_eq!(&parts.list(), expected, "{options:?}");
        }
        let listed: Vec<Part> =
            rows[2..10].iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
        assert!(Part::ALL.iter().all(|part| listed.contains(part)));
    }
}
