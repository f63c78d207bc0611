//! QMP messages (commands, replies, errors, events, the greeting) without I/O, and a [`client`] for
//! Unix sockets.
//!
//! ```
//! use caps_core::json::Document;
//! use caps_core::qmp::{Command, ErrorClass, Message, Reply};
//!
//! let command = Command::new("query-fdsets");
//! assert_eq!(command.to_json(None), r#"{"execute":"query-fdsets"}"#);
//! let error = r#"{"error": {"class": "CommandNotFound", "desc": "no such command"}}"#;
//! let reply = Reply::from_document(Document::parse(error)?)?;
//! assert_eq!(reply.result().expect_err("an error").class, ErrorClass::CommandNotFound);
//! let event = r#"{"event": "STOP", "timestamp": {"seconds": 1, "microseconds": 0}}"#;
//! assert!(matches!(Message::from_document(Document::parse(event)?)?, Message::Event(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(any(feature = "live", feature = "serve"))]
pub mod client;
mod command;
mod message;

pub use command::Command;
pub use message::{
    CommandError, ErrorClass, Event, Greeting, Message, MessageError, Reply, ReplyError,
};
