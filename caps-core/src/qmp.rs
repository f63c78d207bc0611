//! QMP: commands, replies, errors, events and the greeting as a vocabulary without I/O, and a
//! [`client`] that speaks it over a unix socket.

pub mod client;
mod command;
mod message;

pub use command::Command;
pub use message::{
    CommandError, ErrorClass, Event, Greeting, Message, MessageError, Reply, ReplyError,
};
