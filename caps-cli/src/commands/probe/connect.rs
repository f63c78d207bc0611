use std::path::Path;
use std::time::{Duration, Instant};

use caps_core::BaselineChoice;
use caps_core::capture::CaptureVariant;
use caps_core::probe::connect::Connected;
use caps_core::qmp::client::ClientOptions;

use super::interrupt::Interrupt;
use super::progress::Progress;
use super::{Args, Probed, walk};
use crate::exit::CliError;

/// Probes the QMP server that listens on a socket.
pub(super) fn connected(
    socket: &Path,
    args: &Args,
    baseline: BaselineChoice,
) -> Result<Probed, CliError> {
    let baseline = baseline.or_newest();
    let interrupt = Interrupt::install()
        .map_err(|error| CliError::qemu(error).context("can't set up the handling of signals"))?;
    let mut options = ClientOptions::default();
    options.timeout = Duration::from_secs(args.timeout.max(1));
    options.deadline = Instant::now().checked_add(Duration::from_secs(args.deadline));
    options.interrupt = Some(interrupt.descriptor());
    let host = Connected::new(socket, options).with_hvf(args.has_hvf());
    let (result, host, text) = walk(baseline, Progress::new(host));
    drop(host);
    drop(interrupt);
    let name = socket.display().to_string();
    let capabilities = result.map_err(|error| {
        CliError::qemu(error).context(format!("can't probe the QMP server at `{name}`"))
    })?;
    Ok(Probed { name, baseline, text, capabilities, variant: CaptureVariant::default() })
}
