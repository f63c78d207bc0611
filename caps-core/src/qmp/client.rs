//! A QMP client over a unix socket.
//!
//! It speaks as libvirt's does: nothing is sent before the greeting, the ids are `libvirt-1`,
//! `libvirt-2` and so on from the first command of the connection, a line ends with CR LF, and one
//! command is under way at a time. Every wait is bounded, and can be interrupted.

mod error;
mod lines;
pub(crate) mod wait;

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use crate::json::Document;
use crate::qmp::{Command, Event, Greeting, Message, Reply};
use error::excerpt;
use lines::Lines;
use wait::{Woken, wait};

pub use error::{Awaited, ClientError};

/// The most bytes that a server may send until a reply is complete: 10 MiB, as libvirt allows.
/// QEMU's largest reply, that to `query-qmp-schema`, has about half a megabyte.
pub const MAX_REPLY: usize = 10 * 1024 * 1024;

/// How a [`Client`] waits.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The longest silence; 30 seconds by default.
    pub timeout: Duration,
    /// A descriptor that becomes readable when the user interrupts; nothing is read from it.
    pub interrupt: Option<Arc<OwnedFd>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), interrupt: None }
    }
}

/// A connection to a QMP server.
///
/// ```no_run
/// use std::os::unix::net::UnixStream;
///
/// use caps_core::qmp::Command;
/// use caps_core::qmp::client::{Client, ClientOptions};
///
/// let stream = UnixStream::connect("/tmp/qmp.sock")?;
/// let mut client = Client::new(stream, ClientOptions::default())?;
/// client.execute(&Command::new("qmp_capabilities"))?;
/// let reply = client.execute(&Command::new("query-version"))?;
/// println!("{:?}", reply.result()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Client {
    wire: Wire,
    greeting: Greeting,
    events: Vec<Event>,
    sent: u64,
}

impl Client {
    /// Waits for the greeting of a server that was just connected to.
    ///
    /// # Errors
    ///
    /// When anything but a greeting comes, or nothing in time.
    pub fn new(stream: UnixStream, options: ClientOptions) -> Result<Self, ClientError> {
        let awaited = Awaited::Greeting;
        stream
            .set_nonblocking(true)
            .map_err(|source| ClientError::Io { awaited: awaited.clone(), source })?;
        let chunk = vec![0; 64 * 1024].into_boxed_slice();
        let mut wire = Wire { stream, options, chunk, lines: Lines::default(), received: 0 };
        let mut events = Vec::new();
        let greeting = loop {
            match wire.receive(&awaited)? {
                Message::Greeting(greeting) => break greeting,
                Message::Event(event) => events.push(event),
                Message::Reply(reply) => return Err(unasked(&reply, &awaited)),
            }
        };
        Ok(Self { wire, greeting, events, sent: 0 })
    }

    /// Sends a command and waits for its reply, which may be an error reply: see [`Reply::result`].
    /// Events that come before it are set aside for [`Client::take_events`].
    ///
    /// # Errors
    ///
    /// When no reply comes, or something that is not one.
    pub fn execute(&mut self, command: &Command) -> Result<Reply, ClientError> {
        let awaited = Awaited::reply_to(command);
        self.sent += 1;
        let id = format!("libvirt-{}", self.sent);
        self.wire.send(&format!("{}\r\n", command.to_json(Some(&id))), &awaited)?;
        loop {
            match self.wire.receive(&awaited)? {
                // Without an id QEMU answers what it could not read as a command.
                Message::Reply(reply) => match reply.document().root().get("id") {
                    Some(found) if !found.is_str(&id) => return Err(unasked(&reply, &awaited)),
                    _ => return Ok(reply),
                },
                Message::Event(event) => self.events.push(event),
                // libvirt takes a greeting at any time.
                Message::Greeting(_) => {}
            }
        }
    }

    /// What the server said first.
    pub fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// The events that have come since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

fn unasked(reply: &Reply, awaited: &Awaited) -> ClientError {
    let line = excerpt(reply.document().root().text().as_bytes(), LINE_SHOWN);
    ClientError::Unasked { awaited: awaited.clone(), line }
}

/// Characters of a wrong line that an error shows.
const LINE_SHOWN: usize = 80;

/// The connection as a stream of messages.
#[derive(Debug)]
struct Wire {
    stream: UnixStream,
    options: ClientOptions,
    /// Takes what one read gives.
    chunk: Box<[u8]>,
    lines: Lines,
    /// Bytes since the last command was sent.
    received: usize,
}

impl Wire {
    fn send(&mut self, line: &str, awaited: &Awaited) -> Result<(), ClientError> {
        self.received = 0;
        let mut rest = line.as_bytes();
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => self.recover(error, PollFlags::OUT, awaited)?,
            }
        }
        Ok(())
    }

    fn receive(&mut self, awaited: &Awaited) -> Result<Message, ClientError> {
        loop {
            if let Some(line) = self.lines.next_line() {
                return parse(line, awaited);
            }
            self.wait(PollFlags::IN, awaited)?;
            match self.stream.read(&mut self.chunk) {
                Ok(0) => return Err(self.closed(awaited)),
                Ok(length) => {
                    self.received += length;
                    if self.received > MAX_REPLY {
                        return Err(ClientError::TooLarge { awaited: awaited.clone() });
                    }
                    self.lines.push(&self.chunk[..length]);
                }
                Err(error) => self.recover(error, PollFlags::IN, awaited)?,
            }
        }
    }

    /// Waits if that is all that an error of the socket asks for.
    fn recover(
        &self,
        error: io::Error,
        flags: PollFlags,
        awaited: &Awaited,
    ) -> Result<(), ClientError> {
        match error.kind() {
            io::ErrorKind::WouldBlock => self.wait(flags, awaited),
            io::ErrorKind::Interrupted => Ok(()),
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Err(self.closed(awaited)),
            _ => Err(ClientError::Io { awaited: awaited.clone(), source: error }),
        }
    }

    fn wait(&self, flags: PollFlags, awaited: &Awaited) -> Result<(), ClientError> {
        let ClientOptions { timeout, interrupt } = &self.options;
        let interrupt = interrupt.as_ref().map(AsFd::as_fd);
        let until = Instant::now().checked_add(*timeout);
        match wait(&[(self.stream.as_fd(), flags)], until, interrupt) {
            Ok(Woken::Ready) => Ok(()),
            Ok(Woken::TimedOut) => {
                Err(ClientError::Timeout { awaited: awaited.clone(), after: *timeout })
            }
            Ok(Woken::Interrupted) => Err(ClientError::Interrupted { awaited: awaited.clone() }),
            Err(source) => Err(ClientError::Io { awaited: awaited.clone(), source }),
        }
    }

    fn closed(&self, awaited: &Awaited) -> ClientError {
        let awaited = awaited.clone();
        match self.lines.pending() {
            0 => ClientError::Closed { awaited },
            received => ClientError::Truncated { awaited, received },
        }
    }
}

fn parse(line: &[u8], awaited: &Awaited) -> Result<Message, ClientError> {
    let shown = || excerpt(line, LINE_SHOWN);
    let text = std::str::from_utf8(line).map_err(|source| ClientError::NotUtf8 {
        awaited: awaited.clone(),
        line: shown(),
        source,
    })?;
    let document = Document::parse(text).map_err(|source| ClientError::NotJson {
        awaited: awaited.clone(),
        line: shown(),
        source,
    })?;
    Message::from_document(document).map_err(|source| ClientError::NotQmp {
        awaited: awaited.clone(),
        line: shown(),
        source,
    })
}
