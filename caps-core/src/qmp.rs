//! The vocabulary of QMP, without I/O: commands, replies, errors, events and the greeting.

mod command;
mod message;

pub use command::Command;
pub use message::{
    CommandError, ErrorClass, Event, Greeting, Message, MessageError, Reply, ReplyError,
};
