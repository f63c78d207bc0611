mod connect;
mod interrupt;
mod progress;
mod warnings;

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caps_core::capture::{CaptureId, CaptureVariant};
use caps_core::probe::live::{Accelerators, Live, Options, find_binary};
use caps_core::probe::{self, Host, Launch, Matching, ProbeError, Recorder, Replay};
use caps_core::replies::Conversation;
use caps_core::{Arch, Baseline, BaselineChoice, Capabilities};
use clap::ValueEnum;

use super::Context;
use super::show::Summary;
use crate::complete;
use crate::description::Derived;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::output::{line, say};
use crate::source::parse_variant;
pub(super) use interrupt::Interrupt;
use progress::Progress;

/// Probe a QEMU as libvirt does, and print the conversation.
///
/// The conversation is the one that libvirt's recorder prints for the same binary on the same host.
/// QEMU runs without a machine, with the caller's privileges, in a private directory, and is always
/// shut down.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps probe --summary
  qemu-caps probe /usr/bin/qemu-system-aarch64 --dir tests/qemucapabilitiesdata
  qemu-caps probe --recorded latest --summary")]
pub(crate) struct Args {
    /// The QEMU binary. Defaults to the host's `qemu-system-ARCH` on PATH.
    #[arg(conflicts_with_all = ["recorded", "connect"])]
    binary: Option<PathBuf>,

    /// Write the conversation to a file instead; `-` is standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    output: Option<PathBuf>,

    /// Write `caps_VERSION_ARCH[+VARIANT].replies` and `.xml` to this directory, creating it if
    /// needed.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,

    /// The variant in the file names, with or without its `+`.
    #[arg(long, value_name = "NAME", requires = "dir", value_parser = parse_variant)]
    variant: Option<CaptureVariant>,

    /// The accelerators to offer to QEMU.
    #[arg(long, value_enum, default_value_t, conflicts_with_all = ["recorded", "connect"])]
    accel: AccelChoice,

    /// How long QEMU may be silent, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "recorded")]
    timeout: u64,

    /// How long the whole probe may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "recorded")]
    deadline: u64,

    /// Fail if the XML is unreadable.
    #[arg(long, requires = "dir")]
    strict: bool,

    /// Print a summary of the capabilities instead of the conversation.
    #[arg(long)]
    summary: bool,

    /// Walk a recorded capture instead of a live QEMU.
    #[arg(long, value_name = "CAPTURE", add = complete::captures())]
    recorded: Option<OsString>,

    /// Probe the QMP server that listens on a Unix socket, such as `qemu-caps serve`, with one
    /// connection per session.
    #[arg(long, value_name = "SOCKET", conflicts_with = "recorded")]
    connect: Option<PathBuf>,

    /// Assume that macOS's Hypervisor.framework is usable, which QMP doesn't report. Implied by
    /// `--variant hvf`.
    #[arg(long, requires = "connect")]
    hvf: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum AccelChoice {
    /// The host's acceleration if it works, as in libvirt.
    #[default]
    Auto,
    /// The host's acceleration alone, for a QEMU whose TCG can't start, such as one without the module.
    Kvm,
    /// Emulation only.
    Tcg,
}

impl AccelChoice {
    fn needs_kvm(self) -> bool {
        !matches!(self, Self::Tcg)
    }
}

impl Args {
    /// Returns whether the server's host has macOS's Hypervisor.framework.
    fn has_hvf(&self) -> bool {
        self.hvf || self.variant.as_ref().is_some_and(probe::is_hvf)
    }
}

/// The result of a probe.
pub(super) struct Probed {
    name: String,
    pub(super) baseline: Baseline,
    pub(super) text: String,
    pub(super) capabilities: Capabilities,
    variant: CaptureVariant,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut probed = match (&args.recorded, &args.connect) {
        (Some(selector), _) => recorded(selector, context)?,
        (None, Some(socket)) => connect::connected(socket, args, context.sources.baseline)?,
        (None, None) => live(args, context.sources.baseline)?,
    };
    probed.variant = args.variant.clone().unwrap_or(probed.variant);
    if let Some(dir) = &args.dir {
        write_capture(dir, &probed, args, context)?;
    } else if let Some(file) = args.output.as_ref().filter(|file| file.as_os_str() != "-") {
        files::write_output(file, probed.text.as_bytes())?;
    } else if !args.summary || args.output.is_some() {
        context.out.write_all(probed.text.as_bytes())?;
    }
    if args.summary {
        let conversation = Conversation::parse(&probed.text).map_err(CliError::qemu)?;
        let summary = Summary::new(&conversation, &probed.capabilities, probed.baseline)
            .map_err(CliError::qemu)?;
        summary.print(&probed.name, &mut context.out)?;
    }
    Ok(Exit::Ok)
}

fn recorded(selector: &OsStr, context: &Context) -> Result<Probed, CliError> {
    let loaded = context.sources.load(selector)?.into_replies(context.sources.baseline)?;
    let id = loaded.id()?;
    let hvf = probe::is_hvf(&id.variant);
    let replay = Replay::new(&loaded.conversation, Matching::ByContent).with_hvf(hvf);
    let baseline = match context.sources.baseline {
        BaselineChoice::Auto => probe::detect(&loaded.conversation, &id),
        BaselineChoice::Only(baseline) => baseline,
    };
    let (result, replay, text) = walk(baseline, replay);
    let capabilities = result.map_err(|error| {
        let path = loaded.source.replies.display();
        CliError::input(error).context(format!("can't probe the capture `{path}`"))
    })?;
    crate::description::warn("", baseline, replay.missing(), &replay.unused());
    Ok(Probed { name: loaded.source.name, baseline, text, capabilities, variant: id.variant })
}

fn live(args: &Args, baseline: BaselineChoice) -> Result<Probed, CliError> {
    let binary = match &args.binary {
        Some(binary) => binary.clone(),
        None => default_binary()?,
    };
    if args.accel.needs_kvm() {
        warnings::kvm_access();
    }
    let mut options = Options::default();
    options.timeout = Duration::from_secs(args.timeout);
    options.deadline = Instant::now().checked_add(Duration::from_secs(args.deadline));
    options.accelerators = match args.accel {
        AccelChoice::Auto => Accelerators::All,
        AccelChoice::Kvm => Accelerators::Host,
        AccelChoice::Tcg => Accelerators::Tcg,
    };
    let probed = live_binary(&binary, options, baseline)?;
    warnings::foreign_arch(probed.capabilities.arch);
    Ok(probed)
}

/// Probes a binary and handles signals.
pub(super) fn live_binary(
    binary: &Path,
    mut options: Options,
    baseline: BaselineChoice,
) -> Result<Probed, CliError> {
    let baseline = baseline.or_newest();
    let interrupt = Interrupt::install()
        .map_err(|error| CliError::qemu(error).context("can't set up the handling of signals"))?;
    options.interrupt = Some(interrupt.descriptor());
    let (result, live, text) = walk(baseline, Progress::new(Live::new(binary, options)));
    let failed = live.failed;
    // All processes have exited and all files are gone before the signal ends the program, if there
    // was one.
    drop(live);
    drop(interrupt);
    let capabilities = result.map_err(|error| {
        let what = format!("can't probe `{}`", binary.display());
        CliError::qemu(error).context(match failed {
            Some(Launch::Tcg) => what + " with TCG; `--accel kvm` records without it",
            _ => what,
        })
    })?;
    let name = binary.display().to_string();
    Ok(Probed { name, baseline, text, capabilities, variant: CaptureVariant::default() })
}

fn walk<H: Host>(baseline: Baseline, host: H) -> (Result<Capabilities, ProbeError>, H, String) {
    let mut recorder = Recorder::new(host);
    let result = probe::run(baseline, &mut recorder);
    let (host, text) = recorder.into_parts();
    (result, host, text)
}

fn default_binary() -> Result<PathBuf, CliError> {
    let arch = Arch::host()
        .ok_or_else(|| CliError::usage("the host's architecture is unknown, name a BINARY"))?;
    let name = format!("qemu-system-{}", arch.qemu_target());
    find_binary(Path::new(&name)).map_err(|error| {
        CliError::qemu(error)
            .context("no QEMU to probe, name a BINARY or walk a capture with `--recorded latest`")
    })
}

/// Writes the conversation and the derived XML, both or none.
fn write_capture(
    dir: &Path,
    probed: &Probed,
    args: &Args,
    context: &mut Context,
) -> Result<(), CliError> {
    let id = CaptureId {
        version: probed.capabilities.version,
        arch: probed.capabilities.arch,
        variant: probed.variant.clone(),
    };
    let conversation = Conversation::parse(&probed.text).map_err(CliError::qemu)?;
    // A recording without a session lacks that.
    let matching =
        if args.accel == AccelChoice::Kvm { Matching::ByContent } else { Matching::Strict };
    let derived = Derived::new(&conversation, &id, matching, probed.baseline).map_err(|error| {
        let what = format!("the recorded conversation of `{}` is no capture", probed.name);
        CliError::qemu(error.into_inner()).context(what)
    })?;
    if args.strict {
        derived.check_readable()?;
    }
    let path = |ending: &str| dir.join(format!("{}.{ending}", id.file_stem()));
    derived.warn_of_raw(&format!("`{}`: ", path("xml").display()));
    for note in host_notes(&derived.capabilities, &probed.capabilities) {
        say!(Note: "{note}");
    }
    files::create_dir(dir)?;
    let [replies, xml] = ["replies", "xml"].map(path);
    files::write([(&replies, probed.text.as_bytes()), (&xml, derived.xml.as_bytes())])?;
    if !args.summary {
        line!(&mut context.out, "{}", replies.display())?;
        line!(&mut context.out, "{}", xml.display())?;
    }
    Ok(())
}

/// What a description lists although the probed host lacks it: a recording does not contain what was
/// asked of the host itself.
fn host_notes(described: &Capabilities, probed: &Capabilities) -> Vec<String> {
    let missing = described.flags.iter().filter(|flag| !probed.has(*flag));
    let note = |flag| {
        format!(
            "the description lists `{flag}`, as in libvirt's tests; this host does not support it"
        )
    };
    missing.map(note).collect()
}

#[cfg(test)]
mod tests {
    use caps_core::Flag;
    use clap::{Args as _, FromArgMatches as _};

    use super::*;
    use crate::args;
    use crate::output::Kept;
    use crate::source::Sources;

    fn parsed(words: &[&str]) -> Args {
        let command = Args::augment_args(clap::Command::new("probe"));
        let words = ["probe"].iter().chain(words);
        let matches = command.try_get_matches_from(words).expect("arguments");
        Args::from_arg_matches(&matches).expect("arguments")
    }

    #[test]
    fn an_option_or_the_variant_says_that_there_is_hvf() {
        for (words, expected) in [
            (&["--connect", "s"][..], false),
            (&["--connect", "s", "--hvf"], true),
            (&["--connect", "s", "--dir", "d", "--variant", "hvf"], true),
            (&["--connect", "s", "--dir", "d", "--variant", "mine"], false),
            (&["--connect", "s", "--dir", "d", "--variant", "mine", "--hvf"], true),
        ] {
            assert_eq!(parsed(words).has_hvf(), expected, "{words:?}");
        }
    }

    #[test]
    fn only_emulation_needs_no_kvm() {
        for (words, expected) in
            [(&[][..], true), (&["--accel", "kvm"], true), (&["--accel", "tcg"], false)]
        {
            assert_eq!(parsed(words).accel.needs_kvm(), expected, "{words:?}");
        }
    }

    #[test]
    fn a_recording_lacks_a_session_only_if_kvm_alone_was_asked_for() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../qemucapabilitiesdata/caps_7.2.22_x86_64.replies"
        );
        let text = caps_core::fs::read_text(path).expect("a capture");
        let begin = "{\n  \"execute\": \"qmp_capabilities\",";
        let (second, _) = text.match_indices(begin).nth(1).expect("a second session");
        let text = text[..second].trim_end().to_owned() + "\n";
        let id = "7.2.22_x86_64".parse().expect("a name");
        let conversation = Conversation::parse(&text).expect("a session");
        let baseline = Baseline::NEWEST;
        let derived = Derived::new(&conversation, &id, Matching::ByContent, baseline);
        let probed = Probed {
            name: "a test".to_owned(),
            baseline,
            text,
            capabilities: derived.expect("its capabilities").capabilities,
            variant: CaptureVariant::default(),
        };
        let dir = tempfile::tempdir().expect("a directory");
        for (accel, is_written) in [("auto", false), ("kvm", true)] {
            let kept = Kept::default();
            let out = kept.out(None);
            let mut context =
                Context { sources: Sources::new(Vec::new()), out, command: args::command };
            let args = parsed(&["--accel", accel]);
            let written = write_capture(dir.path(), &probed, &args, &mut context);
            assert_eq!(written.is_ok(), is_written, "{accel}: {written:?}");
            assert_eq!(kept.text().lines().count(), if is_written { 2 } else { 0 });
        }
    }

    #[test]
    fn what_only_the_description_lists_is_noted() {
        let mut probed = Capabilities::new(Arch::X86_64);
        probed.flags.insert(Flag::Kvm);
        let mut described = probed.clone();
        assert_eq!(host_notes(&described, &probed), [""; 0]);
        described.flags.insert(Flag::TdxGuest);
        let notes = host_notes(&described, &probed);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("`tdx-guest`"), "{notes:?}");
    }
}
