//! Will QEMU accept it? Commands, command line options, events and replies, checked against the schema
//! and the devices of a capture as QEMU's own input visitor would check them, but completely: every
//! problem is told, with its path, what was found, what is allowed, and the nearest name.

mod assert;
mod command;
mod lexical;
mod libvirt;
mod path;
mod policy;
mod report;
mod semantics;
mod validator;
mod violation;
mod visitor;
mod width;

pub use policy::{Exception, Level, ParseExceptionError, Policy, Rules};
pub use report::{Report, Unchecked, Verdict, Violations};
pub use validator::{JsonOption, Validator, ValidatorError};
pub use violation::{Violation, ViolationKind};
pub use width::Width;

pub(crate) use semantics::is_identifier;
pub(crate) use violation::describe;
pub(crate) use width::{ANONYMOUS, NoInteger, Widths};
