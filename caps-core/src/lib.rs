//! QEMU capability captures as libvirt makes them: recording, reading and writing conversations,
//! probing, deriving the capability description, and the QAPI schema.
//!
//! Programs that maintain captures use this crate; test suites use the facade `qemu-caps`.
//!
//! ```no_run
//! use caps_core::capture::Captures;
//! use caps_core::replies::Conversation;
//! use caps_core::{BaselineChoice, Flag, probe};
//!
//! for capture in &Captures::discover("tests/qemucapabilitiesdata")? {
//!     let Some(replies) = &capture.replies else { continue };
//!     let conversation = Conversation::parse(&std::fs::read_to_string(replies)?)?;
//!     let matching = probe::Matching::ByContent;
//!     let derived = probe::derive(&conversation, &capture.id, matching, BaselineChoice::Auto)?;
//!     println!("{} has VNC: {}", capture.id, derived.capabilities.has(Flag::Vnc));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! On by default:
//!
//! * `command-lines`: check and explain command lines.
//! * `domcaps`: domain capabilities.
//! * `json`: parse input files, compare golden files as JSON, serialize commands and documents.
//! * `live`: probe QEMUs and record surveys; the QMP client.
//! * `serve`: the QMP server that answers from a capture.
//! * `tools`: compare, print and edit captures.
//! * `validate`: check QMP commands, replies, events and devices.
//!
//! Off by default:
//!
//! * `host`: read of the host what probes and domain capabilities depend on.
//! * `pack`: pack surveys; reading them needs no feature.
//! * `serde`: serialize and deserialize the model of capabilities.
//! * `toml`: read scripts of edits, expectations and input files that are written as TOML.

#![warn(clippy::disallowed_methods, clippy::print_stderr)]
#![cfg_attr(
    not(all(
        feature = "command-lines",
        feature = "domcaps",
        feature = "live",
        feature = "serve",
        feature = "tools",
        feature = "validate"
    )),
    allow(dead_code, reason = "some functions serve optional modules only")
)]

pub mod accel;
pub mod arch;
pub mod baseline;
pub mod caps;
pub mod capture;
pub mod check;
pub mod command_line;
#[cfg(feature = "tools")]
pub mod diff;
#[cfg(feature = "domcaps")]
pub mod domcaps;
#[cfg(feature = "tools")]
pub mod dump;
#[cfg(feature = "tools")]
pub mod edit;
pub mod escape;
pub mod flag;
#[expect(clippy::disallowed_methods, reason = "the one module that writes files")]
pub mod fs;
mod hash;
pub mod inputs;
pub mod json;
#[cfg(feature = "tools")]
pub mod located;
pub mod names;
pub mod nearest;
mod order;
pub mod probe;
pub mod qapi;
pub mod qmp;
pub mod replies;
#[cfg(feature = "serve")]
pub mod serve;
pub mod survey;
#[expect(clippy::disallowed_methods, reason = "test expansions find, read and write files")]
pub mod testing;
#[cfg(feature = "validate")]
pub mod validate;
pub mod version;
pub mod xml;

pub use accel::Accel;
pub use arch::Arch;
pub use baseline::{Baseline, BaselineChoice};
pub use caps::Capabilities;
pub use flag::{Flag, FlagSet};
pub use version::Version;
