//! QMP messages (commands, replies, errors, events, the greeting) without I/O, and a [`client`] for
//! Unix sockets.

pub mod client;
mod command;
mod message;

pub use command::Command;
pub use message::{
    CommandError, ErrorClass, Event, Greeting, Message, MessageError, Reply, ReplyError,
};
