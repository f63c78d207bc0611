//! A QMP server that answers from a capture, for testing QMP clients without QEMU.
//!
//! It greets with the capture's version, negotiates capabilities, and answers in this order:
//!
//! 1. Whatever QEMU would reject gets QEMU's error: malformed JSON, invalid requests, unknown
//!    commands, and arguments that the capture's schema does not allow.
//! 2. A matching answer in [`CannedAnswers`].
//! 3. The capture's answer to the same command with the same arguments. If it was asked several
//!    times, the answers are given in recorded order, and the last one repeats.
//! 4. `query-version` and `query-commands` (both derived from the capture), unknown device and
//!    object types, and `quit`, which closes the connection.
//!
//! Any other command, which would be valid but was never recorded, fails with a `GenericError` that
//! says so. This is where the server deviates from QEMU.
//!
//! A capture of an accelerated QEMU has two sessions, which answer some questions differently.
//! [`SessionChoice`] determines the session for each connection. A question missing from that
//! session is answered from another one.
//!
//! Like QEMU, the server handles one client at a time; another client that connects meanwhile waits
//! for its greeting.

mod canned;
mod connection;
mod error;
mod input;
mod json_errors;
mod lexer;
mod literal;
mod monitor;
mod parser;
mod recording;
mod refusal;
mod request;
mod server;
#[expect(clippy::disallowed_methods, reason = "listens on the socket and removes it")]
mod socket;
mod stream;
mod value;
#[expect(clippy::disallowed_methods, reason = "events carry the time of sending")]
mod wire;

pub use canned::{CannedAnswer, CannedAnswers, CannedError, CannedErrorKind};
pub use error::ServeError;
pub use recording::SessionChoice;
pub use server::{Server, ServerBuilder, StopHandle};
