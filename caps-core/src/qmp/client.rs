//! A QMP client for Unix sockets.
//!
//! It behaves like libvirt's: it sends nothing before the greeting, numbers the commands of a
//! connection `libvirt-1`, `libvirt-2` and so on, ends lines with CR LF, and waits for each reply
//! before sending the next command. Every wait and every whole reply has a time limit, and waits can
//! be interrupted.

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
use wait::{Aside, Nothing, Woken, wait};

pub use error::{Awaited, ClientError};

/// The most bytes that a server may send before a reply is complete: 10 MiB, libvirt's limit.
/// QEMU's largest reply, to `query-qmp-schema`, has about half a megabyte.
pub const MAX_REPLY: usize = 10 << 20;

/// Time limit and interruption of a [`Client`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// How long the server may be silent; 30 seconds by default.
    pub timeout: Duration,
    /// How long a whole reply or greeting may take, even if the server keeps sending; 5 minutes by
    /// default.
    pub reply_timeout: Duration,
    /// The deadline for everything; none by default.
    pub deadline: Option<Instant>,
    /// A descriptor that becomes readable when the user interrupts; the client never reads from it.
    pub interrupt: Option<Arc<OwnedFd>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            reply_timeout: Duration::from_secs(5 * 60),
            deadline: None,
            interrupt: None,
        }
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
    /// The last answered command, with its id.
    answered: Option<(String, Command)>,
}

impl Client {
    /// Waits for the greeting on a new connection.
    ///
    /// # Errors
    ///
    /// Fails if something other than a greeting arrives, or nothing in time.
    pub fn new(stream: UnixStream, options: ClientOptions) -> Result<Self, ClientError> {
        Self::new_beside(stream, options, &mut Nothing)
    }

    /// Like [`Client::new`], while `aside` is kept empty.
    pub(crate) fn new_beside(
        stream: UnixStream,
        options: ClientOptions,
        aside: &mut impl Aside,
    ) -> Result<Self, ClientError> {
        let awaited = Awaited::Greeting;
        stream
            .set_nonblocking(true)
            .map_err(|source| ClientError::Io { awaited: awaited.clone(), source })?;
        let chunk = vec![0; 64 << 10].into_boxed_slice();
        let started = Instant::now();
        let mut wire =
            Wire { stream, options, chunk, lines: Lines::default(), received: 0, started };
        let mut events = Vec::new();
        let greeting = loop {
            match wire.receive(&awaited, aside)? {
                Message::Greeting(greeting) => break greeting,
                Message::Event(event) => events.push(event),
                Message::Reply(reply) => return Err(unasked(&reply, &awaited, None)),
            }
        };
        Ok(Self { wire, greeting, events, sent: 0, answered: None })
    }

    /// Sends a command and waits for its reply, which can be an error: see [`Reply::result`].
    /// Stores events that arrive meanwhile for [`Client::take_events`].
    ///
    /// # Errors
    ///
    /// Fails if no reply arrives, or something invalid does.
    pub fn execute(&mut self, command: &Command) -> Result<Reply, ClientError> {
        self.execute_beside(command, &mut Nothing)
    }

    /// Like [`Client::execute`], while `aside` is kept empty.
    pub(crate) fn execute_beside(
        &mut self,
        command: &Command,
        aside: &mut impl Aside,
    ) -> Result<Reply, ClientError> {
        let awaited = Awaited::reply_to(command);
        self.sent += 1;
        let id = format!("libvirt-{}", self.sent);
        self.wire.send(&format!("{}\r\n", command.to_json(Some(&id))), &awaited, aside)?;
        loop {
            match self.wire.receive(&awaited, aside)? {
                // QEMU omits the id when it rejects something that is not a command.
                Message::Reply(reply) => match reply.document().root().get("id") {
                    Some(found) if !found.is_str(&id) => {
                        let again = self.answered.as_ref().filter(|(id, _)| found.is_str(id));
                        return Err(unasked(&reply, &awaited, again.map(|(_, command)| command)));
                    }
                    _ => {
                        self.answered = Some((id, command.clone()));
                        return Ok(reply);
                    }
                },
                Message::Event(event) => self.events.push(event),
                // Like libvirt, accept a greeting at any time.
                Message::Greeting(_) => {}
            }
        }
    }

    /// The server's greeting.
    pub fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// Returns the events received since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

/// The error for a reply to nothing, or a repeated reply to the command `again`.
fn unasked(reply: &Reply, awaited: &Awaited, again: Option<&Command>) -> ClientError {
    let line = excerpt(reply.document().root().text().as_bytes(), LINE_SHOWN);
    match again {
        Some(command) => ClientError::Repeated {
            awaited: awaited.clone(),
            line,
            repeated: Awaited::reply_to(command),
        },
        None => ClientError::Unasked { awaited: awaited.clone(), line },
    }
}

/// The number of characters of an invalid line to quote in an error.
const LINE_SHOWN: usize = 80;

#[derive(Debug)]
struct Wire {
    stream: UnixStream,
    options: ClientOptions,
    /// The buffer for a single read.
    chunk: Box<[u8]>,
    lines: Lines,
    /// Bytes received since the last command was sent.
    received: usize,
    /// When it was sent.
    started: Instant,
}

impl Wire {
    fn send(
        &mut self,
        line: &str,
        awaited: &Awaited,
        aside: &mut impl Aside,
    ) -> Result<(), ClientError> {
        self.received = 0;
        self.started = Instant::now();
        let mut rest = line.as_bytes();
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => self.recover(error, PollFlags::OUT, awaited, aside)?,
            }
        }
        Ok(())
    }

    fn receive(
        &mut self,
        awaited: &Awaited,
        aside: &mut impl Aside,
    ) -> Result<Message, ClientError> {
        loop {
            if let Some(line) = self.lines.next_line() {
                return parse(line, awaited);
            }
            self.wait(PollFlags::IN, awaited, aside)?;
            match self.stream.read(&mut self.chunk) {
                Ok(0) => return Err(self.closed(awaited)),
                Ok(length) => {
                    self.received += length;
                    if self.received > MAX_REPLY {
                        return Err(ClientError::TooLarge { awaited: awaited.clone() });
                    }
                    self.lines.push(&self.chunk[..length]);
                }
                Err(error) => self.recover(error, PollFlags::IN, awaited, aside)?,
            }
        }
    }

    /// Waits if the socket's error only asks to try again later.
    fn recover(
        &self,
        error: io::Error,
        flags: PollFlags,
        awaited: &Awaited,
        aside: &mut impl Aside,
    ) -> Result<(), ClientError> {
        match error.kind() {
            io::ErrorKind::WouldBlock => self.wait(flags, awaited, aside),
            io::ErrorKind::Interrupted => Ok(()),
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Err(self.closed(awaited)),
            _ => Err(ClientError::Io { awaited: awaited.clone(), source: error }),
        }
    }

    fn wait(
        &self,
        flags: PollFlags,
        awaited: &Awaited,
        aside: &mut impl Aside,
    ) -> Result<(), ClientError> {
        let ClientOptions { timeout, reply_timeout, deadline, interrupt } = &self.options;
        let interrupt = interrupt.as_ref().map(AsFd::as_fd);
        let begin = Instant::now();
        let silent = begin.checked_add(*timeout);
        let whole = self.started.checked_add(*reply_timeout);
        let until = [silent, whole, *deadline].into_iter().flatten().min();
        let stream = (self.stream.as_fd(), flags);
        let woken = loop {
            // A server that never stops sending is always ready.
            let now = Instant::now();
            if until.is_some_and(|until| until <= now) {
                break Ok(Woken::TimedOut);
            }
            let Some(other) = aside.source() else { break wait(&[stream], until, interrupt) };
            match wait(&[stream, other], until, interrupt) {
                Ok(Woken::Ready) => aside.drain(),
                woken => break woken,
            }
            if let Ok(Woken::Ready) = wait(&[stream], Some(now), None) {
                break Ok(Woken::Ready);
            }
        };
        match woken {
            Ok(Woken::Ready) => Ok(()),
            Ok(Woken::TimedOut) => {
                let awaited = awaited.clone();
                Err(if until == *deadline {
                    ClientError::Deadline { awaited }
                } else if until == whole {
                    ClientError::Unfinished { awaited, after: *reply_timeout }
                } else {
                    ClientError::Timeout { awaited, after: *timeout }
                })
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

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};
    use std::os::unix::net::UnixStream;
    use std::time::Instant;

    use rustix::event::PollFlags;

    use super::{Awaited, ClientError, ClientOptions, Lines, Nothing, Wire};

    #[test]
    fn errors_that_pass_are_waited_for() {
        let (stream, _server) = UnixStream::pair().expect("a pair");
        let wire = Wire {
            stream,
            options: ClientOptions::default(),
            chunk: Box::default(),
            lines: Lines::default(),
            received: 0,
            started: Instant::now(),
        };
        let recover = |kind: ErrorKind| {
            let error = io::Error::from(kind);
            wire.recover(error, PollFlags::OUT, &Awaited::Greeting, &mut Nothing)
        };
        for kind in [ErrorKind::WouldBlock, ErrorKind::Interrupted] {
            recover(kind).expect("an error that passes");
        }
        for kind in [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset] {
            assert!(matches!(recover(kind), Err(ClientError::Closed { .. })), "{kind}");
        }
        let other = recover(ErrorKind::OutOfMemory);
        assert!(matches!(other, Err(ClientError::Io { .. })), "{other:?}");
    }
}
