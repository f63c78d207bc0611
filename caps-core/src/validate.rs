//! Validation: will QEMU accept it? Checks commands, command lines, events and replies against the
//! schema and the devices of a capture. The checks follow QEMU's own input visitor, but report
//! every problem with its path, what was found, what is allowed, and the nearest name.
//!
//! The schema declares `device_add` with only the driver, the bus and an id; everything else is a
//! property of the device type, which `device-list-properties` lists.
//!
//! ```
//! use caps_core::json::Document;
//! use caps_core::qapi::Schema;
//! use caps_core::validate::{Exception, JsonOption, Policy, Strictness, Validator, Verdict};
//!
//! let schema = Schema::from_document(Document::parse(
//!     r#"[{"name": "quit", "meta-type": "command", "arg-type": "0", "ret-type": "0",
//!          "features": ["deprecated"]},
//!         {"name": "0", "meta-type": "object", "members": []}]"#,
//! )?)?;
//! let validator = Validator::from_schema(schema);
//! let command = Document::parse(r#"{"execute": "quit"}"#)?;
//! let mut policy = Policy::default();
//! policy.deprecated = caps_core::validate::Level::Deny;
//! assert_eq!(validator.check(command.root(), &policy).verdict(), Verdict::Invalid);
//! policy.exceptions.push(Exception::new("quit", "until QEMU 12 is out")?);
//! assert_eq!(validator.check(command.root(), &policy).verdict(), Verdict::Valid);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aliases;
mod allowed;
mod arguments;
mod assert;
mod by_type;
mod command;
#[cfg(feature = "command-lines")]
mod command_line;
mod device;
mod devices;
mod elements;
mod finding;
mod form;
mod from_text;
mod lexical;
mod libvirt;
mod lookup;
mod needed;
mod path;
mod plugging;
mod policy;
mod property;
pub(crate) mod qemu_order;
mod report;
mod setters;
mod stage;
mod target;
mod types;
mod validator;
mod violation;
mod visitor;
mod width;
mod words;

#[cfg(feature = "command-lines")]
pub use command_line::{Explanation, KeyExplanation};
pub(crate) use devices::DeviceAnswers;
pub use devices::{Devices, Strictness};
pub use policy::{Exception, Level, ParseExceptionError, Policy, Rules};
pub use property::{Property, PropertyType};
pub use qemu_order::sort_as_qemu;
pub use report::{Report, Unchecked, Verdict, Violations};
pub use stage::Stage;
pub use validator::{JsonOption, Validator, ValidatorError};
pub use violation::{Violation, ViolationKind};
pub use width::Width;

#[cfg(feature = "serve")]
pub(crate) use arguments::visit;
#[cfg(feature = "serve")]
pub(crate) use finding::{Finding, NameOf, Voice};
#[cfg(feature = "serve")]
pub(crate) use path::Path;
pub(crate) use validator::Extract;
#[cfg(feature = "serve")]
pub(crate) use width::NoInteger;
