use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use super::monitor::Monitor;
use super::recording::Recording;
use crate::qmp::client::wait::{Woken, wait};

/// The current client.
#[derive(Debug, Default)]
pub(super) struct Connection {
    client: Mutex<Option<Client>>,
}

#[derive(Debug)]
struct Client {
    stream: UnixStream,
    wants_events: bool,
}

/// What ends the waits of a connection.
#[derive(Debug)]
pub(super) struct Limits<'s> {
    /// Becomes readable when the server is asked to stop.
    pub(super) stop: &'s UnixStream,
    /// How long a client may leave its answers unread.
    pub(super) write_timeout: Duration,
    /// How long a client may send no complete message while another one waits.
    pub(super) idle_timeout: Duration,
}

impl Connection {
    fn client(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Talks to a client until it leaves, is disconnected, or the server stops. The outcome does
    /// not matter for the next client, which waits at `door`.
    pub(super) fn serve(
        &self,
        stream: UnixStream,
        door: &UnixListener,
        recording: Arc<Recording>,
        limits: &Limits<'_>,
    ) {
        let mut monitor = Monitor::new(recording);
        let _ = self.converse(stream, door, &mut monitor, limits);
        *self.client() = None;
    }

    fn converse(
        &self,
        mut stream: UnixStream,
        door: &UnixListener,
        monitor: &mut Monitor,
        limits: &Limits<'_>,
    ) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        *self.client() = Some(Client { stream: stream.try_clone()?, wants_events: false });
        self.send(&monitor.greeting(), false, limits)?;
        let mut chunk = vec![0; 64 << 10];
        let mut heard = Instant::now();
        loop {
            let (client, other) = ((stream.as_fd(), PollFlags::IN), (door.as_fd(), PollFlags::IN));
            let is_idle = heard.elapsed() >= limits.idle_timeout;
            if is_idle && wait(&[other], Some(Instant::now()), None)? == Woken::Ready {
                return Ok(());
            }
            // Check for a stop even if the client never falls silent.
            let stop = Some(limits.stop.as_fd());
            let woken = if is_idle {
                wait(&[client, other], None, stop)?
            } else {
                wait(&[client], heard.checked_add(limits.idle_timeout), stop)?
            };
            match woken {
                Woken::Ready => {}
                Woken::TimedOut => continue,
                Woken::Interrupted => return Ok(()),
            }
            // Fails if only the next client woke an idle one, which then has to go.
            let length = stream.read(&mut chunk)?;
            if length == 0 {
                return Ok(());
            }
            for &byte in &chunk[..length] {
                let Some(reaction) = monitor.feed(byte) else { continue };
                heard = Instant::now();
                self.send(&reaction.lines, monitor.is_negotiated(), limits)?;
                if reaction.close {
                    return Ok(());
                }
            }
        }
    }

    /// Sends lines to the client, and sets whether it gets events from now on.
    fn send(&self, lines: &str, wants_events: bool, limits: &Limits<'_>) -> io::Result<()> {
        let mut client = self.client();
        let Some(client) = &mut *client else { return Ok(()) };
        client.send(lines, limits)?;
        client.wants_events = wants_events;
        Ok(())
    }

    /// Sends lines to the client, if there is one that gets events.
    pub(super) fn send_event(&self, lines: &str, limits: &Limits<'_>) -> bool {
        match &mut *self.client() {
            Some(client) if client.wants_events => client.send(lines, limits).is_ok(),
            _ => false,
        }
    }
}

impl Client {
    fn send(&mut self, lines: &str, limits: &Limits<'_>) -> io::Result<()> {
        let mut rest = lines.as_bytes();
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if would_wait(&error) => {
                    let until = Instant::now().checked_add(limits.write_timeout);
                    let writable = [(self.stream.as_fd(), PollFlags::OUT)];
                    if wait(&writable, until, Some(limits.stop.as_fd()))? != Woken::Ready {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn would_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
