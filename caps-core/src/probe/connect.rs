//! Probing a running QMP server, such as one that answers from a capture.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::arch::Arch;
use crate::probe::{Answer, Host, Launch};
use crate::qmp::Command;
use crate::qmp::client::{Client, ClientError, ClientOptions};

/// A host whose sessions are consecutive connections to a QMP server. All of its errors are
/// [`ConnectError`]s.
///
/// A QEMU behind the socket is the same in every session, however it was started; a
/// [`Server`](crate::serve::Server) answers each session from the matching one of its capture.
///
/// ```no_run
/// use caps_core::probe::connect::Connected;
/// use caps_core::Baseline;
/// use caps_core::probe::{self, Recorder};
///
/// let mut host = Recorder::new(Connected::new("/tmp/qmp.sock", Default::default()));
/// let capabilities = probe::run(Baseline::NEWEST, &mut host)?;
/// println!("{}", host.into_parts().1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Connected {
    socket: PathBuf,
    options: ClientOptions,
    hvf: bool,
    client: Option<Client>,
}

/// The conversation with a QMP server failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Nothing listens on the socket.
    #[error("can't connect to the QMP socket `{}`", path.display())]
    Connect {
        /// The socket.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The server does not answer, or does not speak QMP.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A question was asked before a session started.
    #[error("expected a session to be started before the first question")]
    NoSession,
}

impl Connected {
    /// Creates a host that will connect to `socket`.
    pub fn new(socket: impl AsRef<Path>, options: ClientOptions) -> Self {
        Self { socket: socket.as_ref().to_owned(), options, hvf: false, client: None }
    }

    /// Declares that guests can use macOS's Hypervisor.framework, which QMP does not report.
    #[must_use]
    pub fn with_hvf(mut self, hvf: bool) -> Self {
        self.hvf = hvf;
        self
    }
}

impl Host for Connected {
    type Error = ConnectError;

    fn start(&mut self, _: Launch) -> Result<(), ConnectError> {
        // A server accepts one client at a time, so close the last session first.
        self.client = None;
        let stream = UnixStream::connect(&self.socket)
            .map_err(|source| ConnectError::Connect { path: self.socket.clone(), source })?;
        self.client = Some(Client::new(stream, self.options.clone())?);
        Ok(())
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, ConnectError> {
        let client = self.client.as_mut().ok_or(ConnectError::NoSession)?;
        Ok(Answer::Reply(client.execute(command)?))
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        self.hvf
    }

    fn finish(&mut self) -> Result<(), ConnectError> {
        self.client = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::{ClientOptions, Connected};
    use crate::arch::Arch;
    use crate::probe::{Host as _, Launch};

    #[test]
    fn the_framework_is_what_the_user_says() {
        for hvf in [true, false] {
            let mut host = Connected::new("socket", ClientOptions::default()).with_hvf(hvf);
            assert_eq!(host.has_hvf(Arch::Aarch64), hvf);
        }
    }

    #[test]
    fn the_end_closes_the_connection() {
        let dir = tempfile::tempdir().expect("a directory");
        let socket = dir.path().join("socket");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let (started, both) = std::sync::mpsc::channel();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.write_all(b"{\"QMP\": {}}\r\n").expect("a client");
            both.recv().expect("a client");
            stream.set_nonblocking(true).expect("a socket");
            stream.read(&mut [0]).expect("the end of the connection")
        });
        let mut host = Connected::new(&socket, ClientOptions::default());
        host.start(Launch::Tcg).expect("a session");
        host.finish().expect("an end");
        started.send(()).expect("a server");
        assert_eq!(server.join().expect("a server"), 0);
    }
}
