mod golden;
mod input;
mod render;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use caps_core::domcaps::{
    DomainCapabilities, DomainType, DomcapsError, Host, Options, Request, TestDocument,
    host_model_problem,
};
use caps_core::{Arch, Capabilities};

use super::Context;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json, say};

pub(super) use input::Input;

/// Print the domain capabilities: what a QEMU can offer to guests, as libvirt reports it.
///
/// For a capture, prints the document of libvirt's own test, with the host that the test simulates;
/// for a binary, the one that `virsh domcapabilities` prints on this host.
///
/// `--golden` compares every document that libvirt's test makes of the captures with the file of
/// that name, and exits with 1 if one differs or is missing. With `VIR_TEST_REGENERATE_OUTPUT=1` it
/// writes the files instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps domcaps latest:x86_64 --machine q35
  qemu-caps domcaps /usr/bin/qemu-system-aarch64 --virttype qemu --format json
  qemu-caps domcaps --golden domaincapsdata qemucapabilitiesdata")]
pub(crate) struct Args {
    /// The capture, its capability XML, or a QEMU binary; with --golden, any number of captures and
    /// directories.
    #[arg(value_name = "CAPTURE|BINARY", required_unless_present = "golden", add = complete::captures())]
    inputs: Vec<OsString>,

    /// The domain type: kvm, qemu or hvf.
    ///
    /// Defaults to the first of kvm, hvf and qemu that the QEMU supports for `--host this`, and to
    /// the first one in libvirt's test otherwise.
    #[arg(long, value_name = "TYPE")]
    virttype: Option<DomainType>,

    /// The machine type, by name or alias.
    #[arg(long)]
    machine: Option<String>,

    /// Another architecture that this QEMU runs, such as `i686` for `x86_64`.
    #[arg(long, add = complete::arches())]
    arch: Option<Arch>,

    /// The host that the document describes.
    ///
    /// Defaults to the simulated host for a capture, and to this host for a binary.
    #[arg(long, value_enum)]
    host: Option<HostChoice>,

    /// Disable deprecated CPU features in the host model.
    #[arg(long)]
    disable_deprecated_features: bool,

    /// Compare the documents of the captures with the files in this directory.
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["virttype", "machine", "arch", "host", "disable_deprecated_features", "format"]
    )]
    golden: Option<PathBuf>,

    /// Accept capability XML with flags that no known libvirt release has.
    #[arg(long)]
    lenient: bool,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What the document depends on besides the QEMU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum HostChoice {
    /// The host that libvirt's test simulates.
    Test,
    /// The host that the program runs on.
    This,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    if let Some(dir) = &args.golden {
        return golden::run(dir, args, context);
    }
    let [input] = args.inputs.as_slice() else {
        let message = "several captures, expected one; only --golden takes more";
        return Err(CliError::usage(message));
    };
    let input = Input::load(input, args.lenient, context)?;
    let asked = Asked {
        options: Options {
            domain_type: args.virttype,
            machine: args.machine.clone(),
            arch: args.arch,
        },
        host: args.host,
        disable_deprecated_features: args.disable_deprecated_features,
    };
    let document = make(&input, &asked)?;
    match args.format {
        Format::Text => context.out.write_all(document.to_xml().as_bytes())?,
        Format::Json => json(&mut context.out, &render::value(&document))?,
    }
    Ok(Exit::Ok)
}

/// The document requested of a QEMU.
#[derive(Debug, Default)]
pub(super) struct Asked {
    options: Options,
    host: Option<HostChoice>,
    disable_deprecated_features: bool,
}

/// Makes the document; surprises are reported on standard error.
pub(super) fn make(input: &Input, asked: &Asked) -> Result<DomainCapabilities, CliError> {
    let caps = &input.capabilities;
    let default = if input.is_live { HostChoice::This } else { HostChoice::Test };
    let host = asked.host.unwrap_or(default);
    let resolved = Request::resolved(caps, &asked.options);
    let (request, host) = match host {
        HostChoice::This => (resolved.map_err(failed)?, this_host()?),
        HostChoice::Test => {
            let request = of_test(input, &asked.options).map_err(failed)?;
            warn_of_literal(caps, &request, &asked.options);
            (request, Host::of_test(&input.id).native_for(caps))
        }
    };
    let request = request
        .baseline(input.baseline)
        .disable_deprecated_features(asked.disable_deprecated_features);
    let document = DomainCapabilities::new(caps, &request, &host).map_err(failed)?;
    warn(caps, &request, &document);
    Ok(document)
}

/// The first document that libvirt's test requests of the capture, with the user's choices applied.
fn of_test(input: &Input, options: &Options) -> Result<Request, DomcapsError> {
    let first = TestDocument::of(&input.id).first().copied();
    let mut request = Request::new(
        options
            .domain_type
            .unwrap_or_else(|| first.map_or(DomainType::Kvm, |document| document.domain_type)),
    );
    // Without choices of the user, all of the first document applies.
    let is_default = options.domain_type.is_none() && options.machine.is_none();
    let default = first.filter(|_| is_default).and_then(|document| document.machine);
    request.machine = options.machine.clone().or_else(|| default.map(str::to_owned));
    request.for_capture(&input.id).arch(&input.capabilities, options.arch)
}

/// Warns about choices that the QEMU lacks: libvirt's test makes the document regardless.
fn warn_of_literal(caps: &Capabilities, request: &Request, options: &Options) {
    let domain_type = Some(request.domain_type);
    match Request::resolved(caps, &Options { domain_type, ..options.clone() }) {
        Err(DomcapsError::DomainType { .. }) if options.domain_type.is_none() => {}
        Err(error) => {
            say!(Warning: "{error}; libvirt's test makes the document regardless");
        }
        Ok(_) => {}
    }
}

fn this_host() -> Result<Host, CliError> {
    let host = Host::this()
        .map_err(|error| CliError::input(error).context("can't determine what this host adds"))?;
    for error in &host.unusable_firmware {
        say!(Warning: "{error}");
    }
    Ok(host)
}

fn warn(caps: &Capabilities, request: &Request, document: &DomainCapabilities) {
    if document.cpu.host_model.is_none()
        && let Some(problem) = host_model_problem(caps, request)
    {
        say!(Warning: "no host model: {problem}");
    }
}

/// A choice that doesn't exist is wrong usage; anything else is the host's fault.
fn failed(error: DomcapsError) -> CliError {
    match error {
        DomcapsError::NoKvm | DomcapsError::HostCpu { .. } => CliError::qemu(error),
        _ => CliError::usage(error),
    }
}

#[cfg(test)]
mod tests {
    use caps_core::domcaps::{DomainType, DomcapsError, Options};
    use caps_core::{Arch, Baseline, Capabilities};

    use super::{Input, failed, of_test};

    #[test]
    fn the_machine_type_of_libvirts_test_is_for_requests_without_choices() {
        let input = Input {
            name: "10.0.13_riscv64".to_owned(),
            id: "10.0.13_riscv64".parse().expect("a name"),
            capabilities: Capabilities::new(Arch::Riscv64),
            baseline: Baseline::NEWEST,
            is_live: false,
        };
        let made = |domain_type, machine: Option<&str>| {
            let machine = machine.map(str::to_owned);
            let request = of_test(&input, &Options { domain_type, machine, arch: None });
            let request = request.expect("choices that exist");
            (request.domain_type, request.machine)
        };
        let virt = Some("virt".to_owned());
        assert_eq!(made(None, None), (DomainType::Kvm, virt.clone()));
        assert_eq!(made(Some(DomainType::Qemu), None), (DomainType::Qemu, None));
        assert_eq!(made(Some(DomainType::Qemu), Some("virt")), (DomainType::Qemu, virt));
        let spike = Some("spike".to_owned());
        assert_eq!(made(None, Some("spike")), (DomainType::Kvm, spike));
    }

    #[test]
    fn what_the_host_lacks_is_no_wrong_usage() {
        let is = |error, exit| format!("{:?}", failed(error)).contains(exit);
        for error in [DomcapsError::NoKvm, DomcapsError::HostCpu { arch: Arch::X86_64 }] {
            assert!(is(error, "exit: Qemu"));
        }
        let other = DomcapsError::Arch { asked: Arch::S390x, arch: Arch::X86_64 };
        assert!(is(other, "exit: Usage"));
    }
}
