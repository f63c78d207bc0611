//! A small orchestrator: it turns descriptions of virtual machines into QEMU command lines, and
//! changes to them into QMP commands.
//!
//! An [`Emulator`] provides the features of a QEMU, so nothing here needs a QEMU for tests.

mod command_line;
mod emulator;
mod hotplug;
mod vm;

pub use command_line::{command_line, shell};
pub use emulator::Emulator;
pub use hotplug::{attach_disk, detach_disk};
pub use vm::{Channel, Disk, Vm};

use std::fmt;

/// The QEMU lacks something that the virtual machine needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    what: &'static str,
    binary: String,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has no {}", self.binary, self.what)
    }
}

impl std::error::Error for Unsupported {}
