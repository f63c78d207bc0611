//! QEMU capability captures as libvirt makes them: recording, reading and writing conversations,
//! probing, deriving the capability description, and the QAPI schema.

#![warn(clippy::disallowed_methods, clippy::print_stderr)]

pub mod accel;
pub mod arch;
pub mod baseline;
pub mod caps;
pub mod capture;
pub mod check;
pub mod command_line;
pub mod diff;
pub mod domcaps;
pub mod dump;
pub mod edit;
pub mod escape;
pub mod flag;
#[expect(clippy::disallowed_methods, reason = "the one module that writes files")]
pub mod fs;
pub mod inputs;
pub mod json;
pub mod located;
pub mod names;
pub mod nearest;
mod order;
pub mod probe;
pub mod qapi;
pub mod qmp;
pub mod replies;
pub mod serve;
pub mod survey;
#[expect(clippy::disallowed_methods, reason = "test expansions find, read and write files")]
pub mod testing;
pub mod validate;
pub mod version;
pub mod xml;

pub use accel::Accel;
pub use arch::Arch;
pub use baseline::{Baseline, BaselineChoice};
pub use caps::Capabilities;
pub use flag::{Flag, FlagSet};
pub use version::Version;
