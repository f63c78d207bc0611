//! A small orchestrator: it turns the description of a virtual machine into the command line of a QEMU,
//! and changes of it into QMP commands.
//!
//! What a QEMU can do comes in as an [`Emulator`], so that nothing here needs a QEMU to be tested.

mod command_line;
mod emulator;
mod hotplug;
mod vm;

pub use command_line::{command_line, shell};
pub use emulator::Emulator;
pub use hotplug::{attach_disk, detach_disk};
pub use vm::{Channel, Disk, Vm};

use std::fmt;

/// The QEMU can't do what the virtual machine needs.
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
