//! A QMP server that answers from a capture, for testing QMP clients without QEMU.
//!
//! It greets with the capture's version, negotiates capabilities, and answers
//!
//! 1. what QEMU would refuse, in QEMU's words: malformed JSON, what is no command, an unknown command,
//!    and arguments that the capture's schema doesn't allow;
//! 2. what a [`CannedAnswers`] has an answer for;
//! 3. what the capture has an answer for: the same command with the same arguments. If it was asked
//!    more than once, the answers come in the order of the recording, and the last one is repeated;
//! 4. `query-version` and `query-commands`, which follow from the capture, unknown device and object
//!    types, and `quit`, which ends the connection.
//!
//! To everything else, a command that would be valid but was never recorded, the answer is a
//! `GenericError` that says so. That is where the server departs from QEMU.
//!
//! A capture of an accelerated QEMU has two sessions, which answer some questions differently. Which
//! one a connection gets is told by [`SessionChoice`]. A question that isn't recorded in it is answered
//! from another session.
//!
//! As with QEMU, clients are served one after another; one that connects while another is served
//! waits for its greeting.

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
#[expect(clippy::disallowed_methods, reason = "listens at the socket, and removes it")]
mod socket;
mod stream;
mod value;
#[expect(clippy::disallowed_methods, reason = "events carry the time at which they are sent")]
mod wire;

pub use canned::{CannedAnswer, CannedAnswers, CannedError, CannedErrorKind};
pub use error::ServeError;
pub use recording::SessionChoice;
pub use server::{Server, ServerBuilder, StopHandle};
